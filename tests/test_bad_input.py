"""Bad input: one clear line each, the right exit code, and all the rest still counts."""

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from conftest import Rows, Run, company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph.chain.model import Chain
from cluster_graph.cli.app import run as run_here
from cluster_graph.text import LANGS, Lang
from cluster_graph.text import say as say_text

PROBLEMS, UNUSABLE = 1, 2
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Say:
    """Run a command inside this process: its exit code, output and error output."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        own = tmp_path / "chain"
        if own.is_dir() and "--chain" not in arguments:
            arguments = (*arguments, "--chain", own)
        capsys.readouterr()
        code = run_here([str(argument) for argument in arguments])
        caught = capsys.readouterr()
        assert "Traceback" not in caught.err
        return code, caught.out, caught.err.strip("\n")

    return call


GOOD: dict[str, Rows] = {
    "companies": [company("A", is_anchor="true"), company("B"), company("C", alias="B厂")],
    "outputs": [
        {"company_id": "A", "product_id": "S_CRUDE", "output": 1000, "unit": "t"},
        {"company_id": "B", "product_id": "S_SCRAP", "output": 20, "unit": "t"},
    ],
    "links": [{"supplier_id": "B", "customer_id": "A", "product_id": "S_SCRAP", "quantity": 20}],
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Return a synthetic folder without a fault, beside a small chain that is used for it."""
    products = [
        product("S_CRUDE"),
        product("S_SCRAP"),
        product("S_REFRAC", name_zh="耐火材料", name_en="Refractories"),
    ]
    inputs = [needs("S_SCRAP", "S_CRUDE", 0.125), needs("S_REFRAC", "S_CRUDE", 0.012)]
    write_folder(tmp_path / "chain", products=products, inputs=inputs)
    return write_folder(tmp_path / "data", **GOOD)


def told(say: Say, words: tuple[str, ...], *arguments: str | Path) -> None:
    """Hold that a command refuses its input in one line of either language that names it."""
    lines = []
    for lang in LANGS:
        code, out, err = say("--lang", lang, *arguments)
        assert code == UNUSABLE, err
        assert out == ""
        assert len(err.splitlines()) == 1, err
        for word in words:
            assert word in err
        lines.append(err)
    assert lines[0] != lines[1]
    assert lines[1].isascii() or any(not word.isascii() for word in words) or "›" in lines[1]


# ---- a source that cannot be used


def test_missing_folder(say: Say) -> None:
    """A path where nothing is."""
    for command in ("gaps", "check", "report", "graph"):
        told(say, ("nowhere",), command, "nowhere")
    told(say, ("nowhere",), "explain", "S_SCRAP", "nowhere")


def test_missing_companies(say: Say, good: Path) -> None:
    """A folder without companies says which table it lacks."""
    (good / "companies.csv").unlink()
    told(say, ("data", "companies"), "check", good)


def test_missing_outputs_and_links(say: Say, good: Path) -> None:
    """Companies alone are no data set; with either of the two others they are."""
    (good / "outputs.csv").unlink()
    assert say("check", good)[0] == 0
    (good / "links.csv").unlink()
    told(say, ("data", "outputs", "links"), "check", good)


def test_empty_folder(say: Say, tmp_path: Path) -> None:
    """A folder without any table."""
    (tmp_path / "empty").mkdir()
    told(say, ("empty",), "gaps", tmp_path / "empty")


@pytest.mark.parametrize("name", ["companies", "outputs", "links"])
def test_file_of_no_bytes(say: Say, good: Path, name: str) -> None:
    """A file without even a heading."""
    (good / f"{name}.csv").write_bytes(b"")
    told(say, (f"{name}.csv",), "check", good)


def test_companies_without_rows(say: Say, good: Path) -> None:
    """A heading without companies leaves nobody to look at."""
    (good / "companies.csv").write_text("company_id,name\n", encoding="utf-8")
    for lang in LANGS:
        code, out, err = say("--lang", lang, "check", good)
        assert (code, out) == (UNUSABLE, "")
        assert "companies.csv" in err.splitlines()[0]


@pytest.mark.parametrize("name", ["outputs", "links"])
def test_other_tables_without_rows(say: Say, good: Path, name: str) -> None:
    """An empty table is a problem that `check` tells; everything else goes on."""
    heading = (good / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    (good / f"{name}.csv").write_text(heading + "\n", encoding="utf-8")
    for lang in LANGS:
        code, _, err = say("--lang", lang, "check", good)
        assert code == PROBLEMS
        assert err.startswith(f"{name}.csv")
        assert say("--lang", lang, "gaps", good)[0] == 0


def test_no_company_counts_and_check_says_why(say: Say, good: Path) -> None:
    """Where every company row is at fault, the user still learns what is wrong with each."""
    text = "company_id,name,status\nA,甲,running\n,乙,\n"
    (good / "companies.csv").write_text(text, encoding="utf-8")
    for lang in LANGS:
        code, _, err = say("--lang", lang, "check", good)
        assert code == UNUSABLE
        for word in ("companies.csv", "running", "status", "company_id", "2", "3"):
            assert word in err


@pytest.mark.parametrize("name", ["companies", "outputs", "links"])
def test_bytes_that_are_no_text(say: Say, good: Path, name: str) -> None:
    """A picture called companies.csv is refused, not guessed at."""
    picture = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4
    (good / f"{name}.csv").write_bytes(picture)
    told(say, (f"{name}.csv",), "check", good)


@pytest.mark.parametrize("name", ["companies", "outputs", "links"])
def test_gbk_is_read_or_refused_never_garbled(
    say: Say, good: Path, name: str, shipped_chain: Chain
) -> None:
    """Bytes of GBK give the same as UTF-8, or an error that says GBK; never other names."""
    path = good / f"{name}.csv"
    before = cg.balance(cg.build(cg.load(good), shipped_chain))
    text = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{text[0]},note", *(f"{line},凌源市的企业，已核实" for line in text[1:])]
    path.write_bytes("\n".join(lines).encode("gbk"))
    code, _, err = say("check", good)
    if code == UNUSABLE:
        assert "GBK" in err
        return
    assert code == 0
    tables = cg.load(good)
    assert tables.companies["name"].tolist() == ["企业A", "企业B", "企业C"]
    after = cg.balance(cg.build(tables, shipped_chain))
    assert after["supply"].tolist() == pytest.approx(before["supply"].tolist(), nan_ok=True)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("companies", "company_id"),
        ("companies", "name"),
        ("outputs", "company_id"),
        ("outputs", "product_id"),
        ("links", "supplier_id"),
        ("links", "customer_id"),
    ],
)
def test_missing_required_column(say: Say, good: Path, name: str, column: str) -> None:
    """A required column that is not there is named, beside those that are."""
    path = good / f"{name}.csv"
    text = path.read_text(encoding="utf-8").replace(column, "whatever", 1)
    path.write_text(text, encoding="utf-8")
    told(say, (f"{name}.csv", column), "check", good)


def test_quotation_mark_that_is_not_closed(say: Say, good: Path) -> None:
    """It would swallow the rest of the file."""
    path = good / "companies.csv"
    path.write_text(path.read_text(encoding="utf-8") + 'D,"丁\nE,戊\n', encoding="utf-8")
    told(say, ("companies.csv",), "check", good)


def test_files_that_are_no_data(say: Say, tmp_path: Path) -> None:
    """A letter and a broken workbook are refused by name."""
    (tmp_path / "letter.docx").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04 nothing")
    told(say, ("letter.docx",), "check", tmp_path / "letter.docx")
    told(say, ("book.xlsx",), "check", tmp_path / "book.xlsx")


# ---- rows that cannot count

# table -> rows that are added to the good ones, at row 5 of companies, 4 of outputs, 3 of links
ROWS: dict[str, tuple[str, dict[str, object], str, str]] = {
    "duplicated id": ("companies", company("B", name="另一家"), "", "B"),
    "no id": ("companies", company("", name="无编号"), "company_id", ""),
    "no name": ("companies", company("D", name=""), "name", ""),
    "status": ("companies", company("D", status="营业着"), "status", "营业着"),
    "output of nobody": (
        "outputs",
        {"company_id": "Z", "product_id": "S_SCRAP", "output": 5},
        "company_id",
        "Z",
    ),
    "unknown product": (
        "outputs",
        {"company_id": "C", "product_id": "S_NOTHING", "output": 5},
        "product_id",
        "S_NOTHING",
    ),
    "negative output": (
        "outputs",
        {"company_id": "C", "product_id": "S_SCRAP", "output": "-5"},
        "output",
        "-5",
    ),
    "output in words": (
        "outputs",
        {"company_id": "C", "product_id": "S_SCRAP", "output": "很多"},
        "output",
        "很多",
    ),
    "infinite output": (
        "outputs",
        {"company_id": "C", "product_id": "S_SCRAP", "output": "inf"},
        "output",
        "inf",
    ),
    "unknown unit": (
        "outputs",
        {"company_id": "C", "product_id": "S_SCRAP", "output": 5, "unit": "车皮"},
        "unit",
        "车皮",
    ),
    "unit that does not fit": (
        "outputs",
        {"company_id": "C", "product_id": "S_COKE", "output": 5, "unit": "m3"},
        "unit",
        "m3",
    ),
    "link to nobody": (
        "links",
        {"supplier_id": "B", "customer_id": "Z", "product_id": "S_SCRAP"},
        "customer_id",
        "Z",
    ),
    "self-link": (
        "links",
        {"supplier_id": "B", "customer_id": "B", "product_id": "S_SCRAP"},
        "customer_id",
        "B",
    ),
    "negative link": (
        "links",
        {"supplier_id": "B", "customer_id": "A", "product_id": "S_SCRAP", "quantity": "-2"},
        "quantity",
        "-2",
    ),
    "link in words": (
        "links",
        {"supplier_id": "B", "customer_id": "A", "product_id": "S_SCRAP", "quantity": "若干"},
        "quantity",
        "若干",
    ),
    "link of an unknown product": (
        "links",
        {"supplier_id": "B", "customer_id": "A", "product_id": "S_NOTHING"},
        "product_id",
        "S_NOTHING",
    ),
}


def with_row(good: Path, table: str, row: dict[str, object]) -> None:
    """Add a row to one table of the good folder."""
    text = (good / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    names = text[0].split(",")
    names += [name for name in row if name not in names]
    rows: Rows = [dict(zip(names, line.split(","), strict=False)) for line in text[1:]]
    write_folder(good, **{table: [dict.fromkeys(names, "") | dict(r) for r in [*rows, row]]})


CELLS: dict[str, tuple[dict[str, object], str, str]] = {
    "long region": (company("D1", region_code="211399999"), "region_code", "211399999"),
    "no such region": (company("D2", region_code="990000"), "region_code", "990000"),
    "negative employees": (company("D3", employees="-3"), "employees", "-3"),
    "revenue in words": (company("D4", revenue="很高"), "revenue", "很高"),
    "anchor, perhaps": (company("D5", is_anchor="perhaps"), "is_anchor", "perhaps"),
    "parent unknown": (company("D6", parent_id="Z"), "parent_id", "Z"),
}


@dataclass(frozen=True)
class Checked:
    """A folder with every fault at once, and what `check` says about it."""

    folder: Path
    rows: dict[str, int]
    lines: dict[Lang, list[str]]
    codes: dict[Lang, int]
    ledger: list[list[str]]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Check the good folder with every row and cell at fault added to it."""
    folder = tmp_path_factory.mktemp("faults")
    tables = {name: list(rows) for name, rows in GOOD.items()}
    rows = {}
    cells = {name: ("companies", *case) for name, case in CELLS.items()}
    for name, (table, row, *_) in {**ROWS, **cells}.items():
        tables[table].append(row)
        rows[name] = len(tables[table]) + 1
    write_folder(folder / "data", **tables)
    codes, lines = {}, {}
    for lang in LANGS:
        out, err = io.StringIO(), io.StringIO()
        arguments = ["--lang", lang, "check", str(folder / "data"), "--format", "csv"]
        with redirect_stdout(out), redirect_stderr(err):
            codes[lang] = run_here([*arguments, "-o", str(folder / "rejects.csv")])
        # A stream without an encoding gets the plain arrow.
        text = err.getvalue().replace(" > ", " › ")
        lines[lang] = text.strip("\n").splitlines()
    ledger = [line.split(",") for line in out.getvalue().splitlines()[1:]]
    return Checked(folder / "data", rows, lines, codes, ledger)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ROWS)
def test_rows_at_fault(checked: Checked, name: str, lang: Lang) -> None:
    """A row that cannot count has one line that names file, row, column and value."""
    table, _, column, value = ROWS[name]
    place = say_text("problem.at_row", lang, row=checked.rows[name])
    found = [line for line in checked.lines[lang] if f"{table}.csv › {place}" in line]
    assert len(found) == 1, checked.lines[lang]
    assert column in found[0]
    assert value in found[0]
    aside = {"zh": "该行已搁置", "en": "The row was set aside"}
    assert aside[lang] in found[0]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", CELLS)
def test_cells_at_fault(checked: Checked, name: str, lang: Lang) -> None:
    """A wrong cell beside the point is blanked and told; its company counts."""
    row, column, value = CELLS[name]
    place = say_text("problem.at_row", lang, row=checked.rows[name])
    found = [line for line in checked.lines[lang] if f"companies.csv › {place}" in line]
    assert len(found) == 1, checked.lines[lang]
    assert column in found[0]
    assert value in found[0]
    assert row["company_id"] in cg.load(checked.folder).companies["company_id"].tolist()


def test_nothing_is_dropped_silently(checked: Checked, shipped_chain: Chain) -> None:
    """As many lines as faults, a ledger that adds up, and the good rows count as before."""
    assert set(checked.codes.values()) == {PROBLEMS}
    for lang in LANGS:
        assert len(checked.lines[lang]) == len(ROWS) + len(CELLS) + 1
        assert "rejects.csv" in checked.lines[lang][-1]
    sums = dict.fromkeys(("read", "accepted", "merged", "rejected"), 0)
    for row in checked.ledger:
        counts = dict(zip(sums, map(int, row[1:]), strict=True))
        assert counts["read"] == counts["accepted"] + counts["merged"] + counts["rejected"]
        for key, count in counts.items():
            sums[key] += count
    assert sums["rejected"] == len(ROWS)
    assert sums["read"] == sum(map(len, GOOD.values())) + len(ROWS) + len(CELLS)
    frames = {name: pd.DataFrame(rows) for name, rows in GOOD.items()}
    before = cg.balance(cg.build(cg.load(frames), shipped_chain))
    after = cg.balance(cg.build(cg.load(checked.folder), shipped_chain))
    for figure in ("supply", "demand", "shortage", "local_purchases"):
        assert after[figure].tolist() == pytest.approx(before[figure].tolist(), nan_ok=True)


# ---- options that name nothing


def test_unknown_region(say: Say, good: Path) -> None:
    """A code that is none, and one where no company lies, which says where there are some."""
    told(say, ("99", "--region"), "gaps", good, "--region", "99")
    told(say, ("lingyuan", "--region"), "gaps", good, "--region", "lingyuan")
    told(say, ("110000", "211382"), "gaps", good, "--region", "110000")


def test_unknown_chain(say: Say, good: Path, tmp_path: Path) -> None:
    """A chain that is neither shipped nor a folder; a folder that holds no chain."""
    told(say, ("stel", "steel", "new_materials"), "gaps", good, "--chain", "stel")
    (tmp_path / "mine").mkdir()
    told(say, ("products.csv",), "gaps", good, "--chain", tmp_path / "mine")


def test_unproductive_chain(say: Say, good: Path, tmp_path: Path) -> None:
    """A chain that eats more than it makes is refused with the cycle to blame."""
    folder = write_folder(
        tmp_path / "mine",
        products=[product("M"), product("N")],
        inputs=[needs("M", "N", 2), needs("N", "M", 1)],
    )
    told(say, ("M", "N", "->", "inputs.csv"), "gaps", good, "--chain", folder)


def test_broken_chain_names_its_rows(say: Say, good: Path, tmp_path: Path) -> None:
    """A chain with faults is refused, one line a fault."""
    folder = write_folder(
        tmp_path / "mine", products=[product("M")], inputs=[needs("M", "ZZ", 2, unit="kg/t")]
    )
    for lang in LANGS:
        code, out, err = say("--lang", lang, "gaps", good, "--chain", folder)
        assert (code, out) == (UNUSABLE, "")
        assert "inputs.csv" in err
        assert "ZZ" in err
        assert "2" in err


def test_unknown_anchor(say: Say, good: Path) -> None:
    """A name that no company has, one that two have, and a company from elsewhere."""
    told(say, ("某某",), "gaps", good, "--anchor", "某某")
    with_row(good, "companies", company("D", alias="B厂"))
    told(say, ("B厂", "C", "D"), "gaps", good, "--anchor", "B厂")
    with_row(good, "companies", company("E", region_code="110000"))
    told(say, ("企业E", "211382"), "gaps", good, "--anchor", "企业E")


def test_unknown_product_to_explain(say: Say, good: Path) -> None:
    """A near miss is answered with what could be meant, nonsense without."""
    told(say, ("S_REFRACT", "S_REFRAC"), "explain", "S_REFRACT", good)
    told(say, ("耐火", "耐火材料"), "explain", "耐火", good)
    told(say, ("qwxyz",), "explain", "qwxyz", good)


def test_a_name_of_two_products(say: Say, good: Path, tmp_path: Path) -> None:
    """A name that two products share asks for the id, and the id works."""
    same = [product("M", name_zh="合金"), product("N", name_zh="合金")]
    folder = write_folder(tmp_path / "mine", products=same, inputs=[needs("M", "N", 2)])
    told(say, ("合金", "M", "N"), "explain", "合金", good, "--chain", folder)
    assert say("explain", "M", good, "--chain", folder)[0] == 0


# ---- output that cannot be written


def test_unwritable_output(say: Say, good: Path, tmp_path: Path) -> None:
    """A file in the way of a folder, or a folder in the way of a file; nothing is left half."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    told(say, ("file",), "gaps", good, "-o", "file/gaps.csv")
    told(say, ("folder",), "gaps", good, "-o", "folder")
    for arguments in (["report", good, "-o", "file"], ["graph", good, "-o", "file/graph.html"]):
        code, out, err = say(*arguments, "--quiet")
        assert (code, out) == (UNUSABLE, "")
        assert "file" in err
    told(say, ("-o",), "gaps", good, "--format", "xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert list((tmp_path / "folder").iterdir()) == []


def test_the_real_process_shows_no_traceback(run: Run, good: Path) -> None:
    """From the shell too: exit code 2 or 1, one line, no traceback."""
    done = run("gaps", "nowhere")
    assert done.returncode == UNUSABLE
    assert len(done.stderr.strip().splitlines()) == 1
    with_row(good, "outputs", {"company_id": "Z", "product_id": "S_SCRAP", "output": "x"})
    done = run("--lang", "en", "check", good)
    assert done.returncode == PROBLEMS
    assert "Traceback" not in done.stderr
