"""Files and tables: whole or not at all, no formula, unknown blank, any console."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from findings_sample import ATTACK, EMOJI, FORMULA, sample
from rich.console import Console

from cluster_graph._errors import InputError
from cluster_graph.text import LANGS, Lang, texts
from cluster_graph.views.terminal import frame_text, frame_xlsx, print_table, shown, summary
from cluster_graph.views.workbook import recruiting_workbook
from cluster_graph.views.write import write_whole


def test_write_whole_makes_folders_and_replaces(tmp_path: Path) -> None:
    """A new folder is made, an old file replaced, line ends are left alone."""
    path = tmp_path / "新 文件夹" / "a.html"
    write_whole(path, "一\n")
    write_whole(path, "二\n")
    assert path.read_bytes() == "二\n".encode()
    write_whole(path, b"\x00\x01")
    assert path.read_bytes() == b"\x00\x01"
    assert [entry.name for entry in path.parent.iterdir()] == ["a.html"]


def test_write_whole_leaves_the_old_file_on_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last step fails, the old file stands and no half file lies about."""
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match="No space left"):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]


def test_write_whole_explains_a_folder_that_is_a_file(tmp_path: Path) -> None:
    """A path that cannot be is one clear error."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="file"):
        write_whole(tmp_path / "file" / "a.csv", "x")


@pytest.mark.skipif(os.name != "posix", reason="rights of files are a matter of POSIX")
def test_write_whole_gives_usual_rights(tmp_path: Path) -> None:
    """The file can be read by whom the user's settings allow, not by the owner alone."""
    write_whole(tmp_path / "a", "x")
    (tmp_path / "b").write_text("x", encoding="utf-8")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


@pytest.mark.parametrize("lang", LANGS)
def test_workbook_leads_from_sheet_to_sheet(lang: Lang) -> None:
    """A gap leads to its product, a product to its gap, a company to its row."""
    book = openpyxl.load_workbook(io.BytesIO(recruiting_workbook(sample(lang), lang)))
    catalogue = texts("view", lang)
    gaps, links = (book[catalogue[f"sheet_{name}"]] for name in ("gaps", "links"))
    for line in range(2, gaps.max_row):
        cell = gaps.cell(line, 3)
        title, place = cell.hyperlink.location.rsplit("!", 1)
        assert title == f"'{links.title}'"
        assert links.cell(links[place].row, 2).value == cell.value
    back = [row[1] for row in links.iter_rows(min_row=2) if row[1].hyperlink]
    assert back
    for cell in back:
        place = cell.hyperlink.location.rsplit("!", 1)[1]
        assert gaps.cell(gaps[place].row, 3).value == cell.value


@pytest.mark.parametrize("lang", LANGS)
def test_workbook_sums_and_bars(lang: Lang) -> None:
    """The sums say what their column adds up to, and follow the filter."""
    content = recruiting_workbook(sample(lang), lang)
    title = texts("view", lang)["sheet_gaps"]
    live, seen = (
        openpyxl.load_workbook(io.BytesIO(content), data_only=values)[title]
        for values in (False, True)
    )
    heads = [cell.value for cell in live[1]]
    place = heads.index(texts("view", lang)["value_10k"]) + 1
    figures = [live.cell(line, place).value for line in range(2, live.max_row)]
    assert seen.cell(seen.max_row, place).value == pytest.approx(sum(filter(None, figures)))
    assert live.auto_filter.ref.endswith(str(live.max_row - 1))
    kinds = {rule.type for rules in live.conditional_formatting for rule in rules.rules}
    assert kinds == {"cellIs", "dataBar"}
    said = [
        rule.formula[0].strip('"')
        for rules in live.conditional_formatting
        for rule in rules.rules
        if rule.type == "cellIs"
    ]
    assert said == [texts("word", lang)[f"state_{state}"] for state in
                    ("strong", "weak", "broken", "missing", "planned")]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_workbook_prints_in_libreoffice(lang: Lang, tmp_path: Path) -> None:
    """Every sheet becomes pages, with its name at their foot."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CLUSTER_GRAPH_NEED_LIBREOFFICE"):
            pytest.fail("soffice is not installed")
        pytest.skip("soffice is not installed")
    book = tmp_path / "recruiting.xlsx"
    book.write_bytes(recruiting_workbook(sample(lang), lang))
    subprocess.run(
        [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, book],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    text = subprocess.run(
        [str(shutil.which("pdftotext")), "-layout", tmp_path / "recruiting.pdf", "-"],
        capture_output=True, check=True, encoding="utf-8",
    ).stdout  # fmt: skip
    feet = {page.strip().splitlines()[-1].split()[0] for page in text.split("\f") if page.strip()}
    catalogue = texts("view", lang)
    for name in ("links", "companies", "projects", "gaps", "prospects", "follow_up", "method"):
        assert catalogue[f"sheet_{name}"].split()[0] in feet


@pytest.mark.parametrize("lang", LANGS)
def test_workbook_reads_back(lang: Lang) -> None:
    """Seven sheets, no formula but the sums, links inside only, blanks, ready for A4."""
    content = recruiting_workbook(sample(lang), lang)
    book = openpyxl.load_workbook(io.BytesIO(content))
    catalogue = texts("view", lang)
    assert book.sheetnames == [
        catalogue[f"sheet_{name}"]
        for name in ("links", "companies", "projects", "gaps", "prospects", "follow_up", "method")
    ]
    values = []
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize in {9, "9"}
        assert sheet.freeze_panes is not None
        assert sheet.print_area
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"} or (
                    cell.data_type == "f" and cell.value.startswith("=SUBTOTAL(109,")
                )
                if cell.hyperlink is not None:
                    assert cell.hyperlink.target is None
                    title, place = cell.hyperlink.location.rsplit("!", 1)
                    assert book[title.strip("'")][place].row >= 1
                values.append(cell.value)
    assert FORMULA in values
    assert ATTACK in values
    assert not {"nan", "NaN", "None", "<NA>", "nat"} & {str(v) for v in values if v is not None}


def test_workbook_has_the_same_figures_in_both_languages() -> None:
    """Numbers stand in the same cells whatever the language."""
    books = [
        openpyxl.load_workbook(io.BytesIO(recruiting_workbook(sample("zh"), lang)))
        for lang in LANGS
    ]
    for mine, other in zip(books[0].worksheets, books[1].worksheets, strict=True):
        figures = [
            [
                (c.coordinate, c.value)
                for row in sheet.iter_rows()
                for c in row
                if c.data_type == "n"
            ]
            for sheet in (mine, other)
        ]
        assert figures[0] == figures[1]


def test_json_is_for_programs() -> None:
    """The contract's names, whole numbers whole, unknown null, lists as lists."""
    rows = json.loads(frame_text(sample().gaps, "json", "zh"))
    first = rows[0]
    assert first["product_id"] == "P_CONC"
    assert first["shortage"] == 6_750_000
    assert first["headroom"] is None
    assert first["users"] == ["C_ANCHOR"]
    assert (
        json.loads(frame_text(sample().targets, "json", "zh"))[0]["components"]["momentum"] is None
    )
    assert "示例精矿" in frame_text(sample().gaps, "json", "en")


def test_csv_is_for_programs() -> None:
    """The contract's names, lists joined, objects as JSON, no mark at the start."""
    text = frame_text(sample().targets, "csv", "en")
    frame = pd.read_csv(io.StringIO(text))
    assert list(frame.columns) == list(sample().targets.columns)
    assert json.loads(frame["components"][0])["need"] == 0.9
    assert json.loads(frame["leads"][0])[0]["via"] == "C_ANCHOR"
    gaps = pd.read_csv(io.StringIO(frame_text(sample().gaps, "csv", "zh")))
    assert gaps["missing_inputs"].tolist()[-1] == "P_SIZING;P_QUARTZ" or "P_SIZING;P_QUARTZ" in set(
        gaps["missing_inputs"]
    )


def test_markdown_is_for_people() -> None:
    """Headings in the language, units beside figures, no sign of a name is markup."""
    text = frame_text(sample("en").gaps[["name_en", "shortage", "unit", "state"]], "md", "en")
    lines = text.splitlines()
    assert lines[0] == "| English name | Shortage | Unit | State |"
    assert lines[1] == "| --- | ---: | --- | --- |"
    assert "| 6.75 Mt |" in text
    assert "<img" not in text
    assert "不详" in frame_text(sample().gaps[["shortage", "unit"]], "md", "zh")


@pytest.mark.parametrize("lang", LANGS)
def test_one_sheet(lang: Lang) -> None:
    """Any frame becomes a sheet with localized headings and no formula."""
    book = openpyxl.load_workbook(io.BytesIO(frame_xlsx(sample(lang).gaps, lang, "缺口: [a/b]")))
    sheet = book.worksheets[0]
    assert sheet.title == "缺口 ab"
    assert sheet["A1"].value == texts("column", lang)["product_id"]
    assert all(cell.data_type in {"s", "n"} for row in sheet.iter_rows() for cell in row)


def shown_on(encoding: str, lang: Lang, *, terminal: bool = False) -> str:
    """What a console of an encoding shows of everything the terminal can print."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", newline="")
    console = Console(file=stream, width=100, force_terminal=terminal, color_system=None)
    findings = sample(lang)
    summary(findings, lang, console)
    print_table(findings.gaps, list(findings.gaps.columns), lang, console=console)
    print_table(shown(findings.targets, "targets", lang), ["product_id"], lang, console=console)
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "ascii", "cp1252"])
def test_any_console(encoding: str, lang: Lang) -> None:
    """No code page breaks a table; other than Unicode's get plain frames."""
    text = shown_on(encoding, lang)
    assert "P_DESULF" in text
    assert ("─" in text) == (encoding == "utf-8")
    if encoding == "gbk" and lang == "zh":
        assert "上游" in text
    assert "nan" not in text.lower().replace("finance", "")


def test_narrow_terminal_keeps_ids_whole() -> None:
    """On eighty columns other cells fold, ids do not."""
    text = shown_on("utf-8", "zh", terminal=True)
    assert "P_ELECTRODE" in text


def test_names_are_no_markup_on_the_screen() -> None:
    """Brackets in a name are brackets."""
    stream = io.StringIO()
    frame = pd.DataFrame({"name": ["[bold red]x[/] \x1b[31m", EMOJI]})
    print_table(frame, ["name"], "zh", console=Console(file=stream, width=80))
    assert "[bold red]x[/]" in stream.getvalue()
    assert "\x1b[31m" not in stream.getvalue()


def test_unknown_is_blank_only_where_it_does_not_apply() -> None:
    """An upstream gap has no headroom; a downstream one of unknown headroom says so."""
    table = shown(sample().gaps, "gaps", "zh")
    upstream = table["direction"] == "上游"
    assert set(table.loc[upstream, "headroom"]) == {""}
    assert "不详" in set(table.loc[~upstream, "shortage"])
    assert sys.getdefaultencoding() == "utf-8"
