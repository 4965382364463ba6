"""The follow-up list: written, filled in as a recruiter would, read back; the funnel by hand."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from conftest import Run
from openpyxl.worksheet.worksheet import Worksheet

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph._report import find
from cluster_graph._shipped import DEFAULT_DATA, data_folder
from cluster_graph.chain.model import Chain
from cluster_graph.cluster.model import Cluster
from cluster_graph.tables.follow_up import COLUMNS
from cluster_graph.targets.funnel import STEPS, funnel, stalled
from cluster_graph.targets.weights import read_weights
from cluster_graph.text import LANGS, Lang, texts
from cluster_graph.views.follow_up import projects_csv
from cluster_graph.views.workbook import recruiting_workbook

TODAY = date(2026, 11, 27)
ATTACK = '=HYPERLINK("http://example.invalid","x")'
Fill = Callable[[Callable[[Worksheet], None], Lang], Path]


@pytest.fixture(scope="module")
def books(lingyuan: Cluster, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the shipped workbook in both languages."""
    folder = tmp_path_factory.mktemp("books")
    for lang in LANGS:
        content = recruiting_workbook(find(lingyuan, lang, read_weights()), lang)
        (folder / f"{lang}.xlsx").write_bytes(content)
    return {lang: folder / f"{lang}.xlsx" for lang in LANGS}


@pytest.fixture
def fill(books: dict[str, Path], tmp_path: Path) -> Fill:
    """Open the list of a language, fill it in and save it."""

    def filled(edit: Callable[[Worksheet], None], lang: Lang) -> Path:
        book = openpyxl.load_workbook(books[lang])
        edit(book[texts("view", lang)["sheet_follow_up"]])
        path = tmp_path / f"filled_{lang}.xlsx"
        book.save(path)
        return path

    return filled


def row_of(sheet: Worksheet, project_id: str) -> int:
    """Return the row of a project, or the first blank row for none."""
    rows = {sheet.cell(line, 1).value: line for line in range(sheet.max_row, 0, -1)}
    return rows[project_id] if project_id else rows[None]


def write(sheet: Worksheet, line: int, **cells: object) -> None:
    """Write cells by the names of their columns."""
    for name, value in cells.items():
        cell = sheet.cell(line, COLUMNS.index(name) + 1)
        cell.value = value
        if value == ATTACK:
            cell.data_type = "s"  # as a cell formatted as text


@pytest.mark.parametrize("lang", LANGS)
def test_twenty_places_are_twenty_changes(lingyuan: Cluster, fill: Fill, lang: Lang) -> None:
    """Eighteen cells of all kinds and two new rows come back, and nothing else."""
    words = texts("word", lang)

    def edit(sheet: Worksheet) -> None:
        stage = {name: words[f"stage_{name}"] for name in ("landed", "operating", "contact")}
        write(
            sheet, row_of(sheet, "SE002"), stage=stage["landed"], date=date(2026, 11, 3),
            responsible="王某", contact_unit="开发区", next_step="办理能评",
            deadline="2026年12月31日",
        )  # fmt: skip
        write(
            sheet, row_of(sheet, "SE004"), investment=12000, township=ATTACK, enclave=words["yes"]
        )
        write(sheet, row_of(sheet, "SE006"), stage=stage["operating"], capacity=110000.0)
        write(sheet, row_of(sheet, "SE010"), difficulty="缺用工", result="已复工", form="电话")
        write(sheet, row_of(sheet, "SE025"), investor=None)
        write(sheet, row_of(sheet, "SE027"), township=None)
        write(sheet, row_of(sheet, "SE005"), name="青怡坊花卉", product_id="N_LIME")
        line = row_of(sheet, "")
        write(sheet, line, name="新耐火材料项目", product_id="S_REFRAC", stage=stage["contact"])
        write(sheet, line + 1, name=ATTACK, stage=stage["contact"])

    found = cg.follow_up(lingyuan, fill(edit, lang), today=TODAY)
    assert found.read.problems == ()
    got = {
        (row["project_id"], row["column"]): row["after"]
        for row in found.read.changes.to_dict("records")
    }
    assert got == {
        ("SE002", "stage"): "landed",
        ("SE002", "date"): "2026-11-03",
        ("SE002", "responsible"): "王某",
        ("SE002", "contact_unit"): "开发区",
        ("SE002", "next_step"): "办理能评",
        ("SE002", "deadline"): "2026-12-31",
        ("SE004", "investment"): 12000,
        ("SE004", "township"): ATTACK,
        ("SE004", "enclave"): True,
        ("SE006", "stage"): "operating",
        ("SE006", "capacity"): 110000,
        ("SE010", "difficulty"): "缺用工",
        ("SE010", "result"): "已复工",
        ("SE010", "form"): "电话",
        ("SE025", "investor"): None,
        ("SE027", "township"): None,
        ("SE005", "name"): "青怡坊花卉",
        ("SE005", "product_id"): "N_LIME",
        ("新耐火材料项目", "project"): "新耐火材料项目",
        (ATTACK, "project"): ATTACK,
    }
    assert len(found.read.changes) == 20
    projects = found.read.projects.set_index("project_id")
    assert len(projects) == len(lingyuan.tables.projects) + 2
    assert projects.loc["新耐火材料项目", "region_code"] == "211382"
    assert projects.loc["新耐火材料项目", "source"].startswith(f"filled_{lang}.xlsx")
    # What the list does not show is as it was.
    assert (
        projects.loc["SE002", "note"]
        == lingyuan.tables.projects.set_index("project_id").loc["SE002", "note"]
    )


@pytest.mark.parametrize("lang", LANGS)
def test_an_untouched_list_changes_nothing(
    lingyuan: Cluster, books: dict[str, Path], fill: Fill, lang: Lang
) -> None:
    """As it was written, and saved again by another program."""
    for path in (books[lang], fill(lambda _: None, lang)):
        found = cg.follow_up(lingyuan, path, today=TODAY)
        assert found.read.changes.empty
        pd.testing.assert_frame_equal(
            found.read.projects, lingyuan.tables.projects.reset_index(drop=True), check_dtype=False
        )


def test_saved_projects_load_again(
    lingyuan: Cluster, shipped_chain: Chain, fill: Fill, tmp_path: Path
) -> None:
    """The saved table takes the place of projects.csv, and the funnel's ratios follow it."""

    def edit(sheet: Worksheet) -> None:
        for project_id in ("SE010", "SE012", "SE013", "SE014"):
            write(sheet, row_of(sheet, project_id), stage=texts("word", "zh")["stage_operating"])

    found = cg.follow_up(lingyuan, fill(edit, "zh"), today=TODAY)
    folder = tmp_path / "data"
    folder.mkdir()
    source = data_folder() / DEFAULT_DATA
    for name in ("companies", "outputs"):
        (folder / f"{name}.csv").write_bytes((source / f"{name}.csv").read_bytes())
    (folder / "projects.csv").write_text(projects_csv(found.read.projects), encoding="utf-8-sig")
    again = cg.build(cg.load(folder), shipped_chain)
    kept = ["project_id", "name", "product_id", "capacity", "stage", "township", "investor"]
    pd.testing.assert_frame_equal(again.tables.projects[kept], found.read.projects[kept])
    before, after = (
        cg.what_if(built, add={"S_REFRAC": 1}).chances.set_index("stage")["probability"]
        for built in (lingyuan, again)
    )
    assert after["signed"] > before["signed"]


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        ({"project_id": "SE002", "name": "又一行"}, "SE002"),
        ({"name": "永清金属制品"}, "永清金属制品"),
    ],
)
def test_two_rows_for_one_project(
    lingyuan: Cluster, fill: Fill, cells: dict[str, str], value: str
) -> None:
    """By id, or a new row under the name of another: both rows are named."""
    path = fill(lambda sheet: write(sheet, row_of(sheet, ""), **cells), "zh")
    with pytest.raises(InputError) as raised:
        cg.follow_up(lingyuan, path, today=TODAY)
    assert raised.value.key == "follow_up_twice"
    assert value in raised.value.text("en")
    assert "第 31 行" in raised.value.text("zh")


def test_cells_that_cannot_be_read_change_nothing(lingyuan: Cluster, fill: Fill) -> None:
    """A figure that is none leaves the old one alone, and is said."""
    path = fill(lambda sheet: write(sheet, row_of(sheet, "KC004"), investment="很多"), "zh")
    found = cg.follow_up(lingyuan, path, today=TODAY)
    assert found.read.changes.empty
    assert [(problem.key, problem.value) for problem in found.read.problems] == [
        ("not_a_number", "很多")
    ]


def test_other_workbooks_are_refused(lingyuan: Cluster, tmp_path: Path) -> None:
    """A workbook without the list: what was expected is said."""
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(InputError) as raised:
        cg.follow_up(lingyuan, path, today=TODAY)
    assert raised.value.key == "no_follow_up_sheet"
    assert "对接台账" in raised.value.text("en")


def synthetic(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return synthetic projects."""
    blank = dict.fromkeys(
        ("name", "name_en", "stage", "date", "township", "product_id", "deadline", "responsible"),
        "",
    )
    return pd.DataFrame(
        [{"project_id": str(place), **blank, **row} for place, row in enumerate(rows)]
    )


def test_the_funnel_by_hand(shipped_chain: Chain) -> None:
    """Eight projects: 7 with a stage, of which 6 negotiated, 4 signed, 3 landed, 1 is built."""
    projects = synthetic(
        {"stage": "contact", "date": "2024-05-02", "township": "甲镇"},
        {"stage": "negotiating", "date": "2024-05"},
        {"stage": "negotiating", "date": "2024-06", "township": "甲镇"},
        {"stage": "signed", "product_id": "S_COKE"},
        {"stage": "landed", "product_id": "S_COKE"},
        {"stage": "construction"},
        {"stage": "trial", "product_id": "N_LIME"},
        {"stage": ""},
    )
    total = funnel(projects, shipped_chain).iloc[0]
    assert [total[step] for step in STEPS] == [7, 6, 4, 3, 1]
    assert total[["to_negotiating", "to_signed", "to_landed", "to_built"]].tolist() == (
        pytest.approx([6 / 7, 4 / 6, 3 / 4, 1 / 3])
    )
    assert total["no_stage"] == 1
    months = funnel(projects, shipped_chain, "month").set_index("group")
    assert months["visited"].to_dict() == {"": 4, "2024-05": 2, "2024-06": 1}
    assert months.loc["2024-06", "to_signed"] == 0
    chains = funnel(projects, shipped_chain, "chain").set_index("group")
    assert chains["signed"].to_dict() == {"": 1, "new_materials": 1, "steel": 2}
    towns = funnel(projects, shipped_chain, "township").set_index("group")
    assert towns.loc["甲镇", "visited"] == 2


def test_stalled_by_hand() -> None:
    """
    Looked at on 31 July: a quarter is 92 days.

    30 April is 92 days ago, 29 April 93; April as a month ends on the 30th. A deadline of
    yesterday is one day over; what operates or has no date does not stall.
    """
    projects = synthetic(
        {"stage": "signed", "date": "2024-04-30"},
        {"stage": "signed", "date": "2024-04-29", "responsible": "李某"},
        {"stage": "landed", "date": "2024-04"},
        {"stage": "landed", "date": "2023"},
        {"stage": "contact", "deadline": "2024-07-30"},
        {"stage": "operating", "date": "2020"},
        {"stage": "signed"},
        {"stage": "signed", "date": "去年"},
    )
    found = stalled(projects, date(2024, 7, 31)).set_index("project_id")
    assert found["days"].dropna().to_dict() == {"3": 213, "1": 93}
    assert found.loc["4", "days_over"] == 1
    assert found.loc["1", "responsible"] == "李某"
    assert len(found) == 3


@pytest.mark.parametrize("lang", LANGS)
def test_the_command(run: Run, books: dict[str, Path], tmp_path: Path, lang: Lang) -> None:
    """Stalled projects by name, the saved table, an object for programs, a day that is none."""
    done = run(
        "--lang", lang, "follow-up", books[lang], "--by", "chain", "--today", "2026-11-27",
        "--save", tmp_path / "projects.csv",
    )  # fmt: skip
    assert done.returncode == 0
    assert "KC004" in done.stdout
    assert (tmp_path / "projects.csv").read_bytes().startswith(b"\xef\xbb\xbfproject_id,name")
    wrong = run("--lang", lang, "follow-up", books[lang], "--today", "tomorrow")
    assert wrong.returncode == 2
    assert "--today" in wrong.stderr
