"""What becomes of the cells and rows of a table; all data here are synthetic."""

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import company, needs, product, write_folder
from hypothesis import given, settings
from hypothesis import strategies as st

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.chain.model import Chain
from cluster_graph.tables.clean import figure
from cluster_graph.tables.match import match_products
from cluster_graph.tables.model import Tables
from cluster_graph.tables.problems import Count, Problem, rejects_frame
from cluster_graph.tables.regions import inside, is_region, prefix
from cluster_graph.tables.units import factor, is_unit

COMPANIES = "company_id,name,region_code\nA,甲,211382\nB,乙,211382\n"
OUTPUTS = "company_id,product_id,output\nA,M,1\n"


def load(
    folder: Path, companies: str | bytes = COMPANIES, outputs: str | bytes = OUTPUTS
) -> Tables:
    """Load a folder of two files given as they would stand on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {"companies": companies, "outputs": outputs}.items():
        content = text if isinstance(text, bytes) else text.encode()
        (folder / f"{name}.csv").write_bytes(content)
    return cg.load(folder)


def lines(tables: Tables, lang: str = "en") -> list[str]:
    """Every problem as the user reads it."""
    return [problem.text("zh" if lang == "zh" else "en") for problem in tables.problems]


def only(tables: Tables) -> Problem:
    """Return the only problem found."""
    assert len(tables.problems) == 1, lines(tables)
    return tables.problems[0]


@pytest.fixture
def toy(tmp_path: Path) -> Chain:
    """Return a synthetic chain: M takes N; G is a gas in m3; R is counted in rings."""
    products = [product("M"), product("N"), product("G", unit="m3"), product("R", unit="ring")]
    return cg.chains(
        write_folder(tmp_path / "chain", products=products, inputs=[needs("N", "M", 2)])
    )


def matched(tables: Tables, chain: Chain) -> Tables:
    """Match tables to a chain."""
    return match_products(tables, chain.products[["product_id", "unit"]].reset_index(drop=True))


# ---- files


@pytest.mark.parametrize(
    "content",
    [
        COMPANIES.encode(),
        b"\xef\xbb\xbf" + COMPANIES.encode(),
        COMPANIES.replace("\n", "\r\n").encode(),
        COMPANIES.replace("\n", "\r").encode(),
        COMPANIES.replace("甲", '"甲"').encode(),
        COMPANIES.replace("A,", " A ,").encode(),
        COMPANIES.rstrip("\n").encode(),
        ("\n" + COMPANIES).encode().lstrip(b"\n") + b"\n\n,,\n   \n",
    ],
    ids=["plain", "bom", "crlf", "cr", "quoted", "blanks", "no end", "blank lines"],
)
def test_files_of_every_editor(tmp_path: Path, content: bytes) -> None:
    """Byte order mark, line ends, quotation marks and blank lines change nothing."""
    tables = load(tmp_path, content)
    assert tables.companies["company_id"].tolist() == ["A", "B"]
    assert tables.companies["name"].tolist() == ["甲", "乙"]
    assert tables.companies["row"].tolist() == [2, 3]
    assert tables.ledger["companies"] == Count(2, 2, 0, 0)
    assert not tables.problems


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    """A blank line and a line end inside a cell do not shift the row that a problem names."""
    text = 'company_id,name,employees\nA,"甲\n乙",1\n\nB,丙,-5\n'
    tables = load(tmp_path, text)
    assert tables.companies["name"].tolist() == ["甲\n乙", "丙"]
    assert tables.companies["row"].tolist() == [2, 4]
    assert only(tables).row == 4


def test_file_names_in_any_case(tmp_path: Path) -> None:
    """Companies.CSV is the companies table."""
    load(tmp_path)
    (tmp_path / "companies.csv").rename(tmp_path / "Companies.CSV")
    tables = cg.load(tmp_path)
    assert len(tables.companies) == 2
    assert tables.companies["file"].tolist() == ["Companies.CSV"] * len(tables.companies)


def test_further_columns_are_kept(tmp_path: Path) -> None:
    """A user's own columns stay, with their texts, and so does one without a heading."""
    text = "company_id,name,联系人,\nA,甲,张三,x\nB,乙,,\n"
    frame = load(tmp_path, text).companies
    assert frame["联系人"].tolist() == ["张三", ""]
    assert frame["column_4"].tolist() == ["x", ""]


@pytest.mark.parametrize("own", ["row", "place", "size", "file", "table"])
def test_own_column_called_row(tmp_path: Path, own: str) -> None:
    """A user's own column may be called like one of the program's."""
    tables = load(tmp_path, f"company_id,name,{own}\nA,甲,x\nB,乙,y\n")
    assert tables.companies["company_id"].tolist() == ["A", "B"]
    assert tables.ledger["companies"] == Count(2, 2, 0, 0)
    assert any(tables.companies[name].tolist() == ["x", "y"] for name in tables.companies)


def test_unclosed_quotation_mark_loses_no_row_silently(tmp_path: Path) -> None:
    """A quotation mark that is never closed would hide every row behind it."""
    with pytest.raises(InputError) as caught:
        load(tmp_path, 'company_id,name\nA,"甲\nB,乙\nC,丙\n')
    assert "companies.csv" in caught.value.text("en")


def test_rows_with_other_numbers_of_cells(tmp_path: Path) -> None:
    """A short row is filled with blanks; a long one is set aside with all its cells."""
    tables = load(tmp_path, "company_id,name,note\nA,甲\nB,乙,x,y,z\nC,丙,x,,\n")
    assert tables.companies["company_id"].tolist() == ["A", "C"]
    assert tables.ledger["companies"] == Count(3, 2, 0, 1)
    problem = only(tables)
    assert (problem.key, problem.row) == ("too_many_cells", 3)
    assert "5 cells (expected 3)" in problem.text("en")
    assert list(problem.cells.values()) == ["B", "乙", "x", "y", "z"]


# ---- cells


def test_numbers(tmp_path: Path) -> None:
    """Only finite numbers that are not negative count; 1e3 and 1,200 do, inf and 12吨 do not."""
    cells = ["1e3", "0.5", " 7 ", "", "inf", "nan", "-1", "12吨", '"1,200"', "0x10", "1e999", "-0"]
    rows = "".join(f"C{n},企业{n},{cell}\n" for n, cell in enumerate(cells))
    tables = load(tmp_path, "company_id,name,employees\n" + rows, OUTPUTS.replace("A,", "C0,"))
    expected = [1000, 0.5, 7, *[math.nan] * 5, 1200, *[math.nan] * 2, 0]
    np.testing.assert_array_equal(tables.companies["employees"], expected)
    assert tables.companies["employees"].dtype == "float64"
    keys = {problem.row: problem.key for problem in tables.problems}
    bad = {**dict.fromkeys((6, 11, 12), "not_a_number"), 9: "unknown_unit"}
    assert keys == {**bad, 8: "negative"}
    assert {problem.scope for problem in tables.problems} == {"cell"}
    assert tables.ledger["companies"] == Count(12, 12, 0, 0)


def test_flags_lists_choices_and_regions(tmp_path: Path) -> None:
    """Each kind of cell has its value; a wrong one is blanked, and the row stays."""
    text = (
        "company_id,name,is_anchor,alias,evidence,region_code\n"
        "A,甲,TRUE,甲厂; 甲公司 ;,Reported,211382\n"
        "B,乙,否,,inferred,21\n"
        "C,丙,,x；y,,2113\n"
        "D,丁,maybe,z,gossip,991382\n"
        "E,戊,1,,,21138\n"
    )
    tables = load(tmp_path, text)
    frame = tables.companies.set_index("company_id")
    assert frame["is_anchor"].tolist() == [True, False, None, None, True]
    assert frame["alias"].tolist() == [("甲厂", "甲公司"), (), ("x", "y"), ("z",), ()]
    assert frame["evidence"].tolist() == ["reported", "inferred", "", "", ""]
    assert frame["region_code"].tolist() == ["211382", "21", "2113", "", ""]
    found = {(problem.row, problem.column, problem.value) for problem in tables.problems}
    assert found == {
        (5, "is_anchor", "maybe"),
        (5, "evidence", "gossip"),
        (5, "region_code", "991382"),
        (6, "region_code", "21138"),
    }


def test_status_is_never_guessed(tmp_path: Path) -> None:
    """A wrong status sets the row aside: read as blank it would make supply."""
    tables = load(tmp_path, "company_id,name,status\nA,甲,Operating\nB,乙,running\n")
    assert tables.companies["company_id"].tolist() == ["A"]
    problem = only(tables)
    assert (problem.row, problem.column, problem.value) == (3, "status", "running")
    assert problem.scope == "row"
    for word in ("companies.csv", "row 3", "status", "'running'", "operating", "construction"):
        assert word in problem.text("en")
    for word in ("companies.csv", "第 3 行", "status", "“running”", "operating"):
        assert word in problem.text("zh")


@pytest.mark.parametrize(
    ("cell", "key"),
    [("x", "not_a_number"), ("-1", "negative"), ("inf", "not_a_number")],
)
@pytest.mark.parametrize("column", ["output", "capacity"])
def test_bad_quantities_set_the_row_aside(tmp_path: Path, column: str, cell: str, key: str) -> None:
    """A row without its quantity would say something else than what was sent."""
    tables = load(tmp_path, outputs=f"company_id,product_id,{column}\nA,M,{cell}\nB,M,2\n")
    assert tables.outputs["company_id"].tolist() == ["B"]
    problem = only(tables)
    assert (problem.key, problem.row, problem.column) == (key, 2, column)
    assert problem.cells == {"company_id": "A", "product_id": "M", column: cell}


def test_blank_ids_set_the_row_aside(tmp_path: Path) -> None:
    """An output of nobody, or of nothing, does not count and is told."""
    tables = load(tmp_path, outputs="company_id,product_id,output\n,M,1\nA,,2\nA,M,3\n")
    assert tables.outputs["output"].tolist() == [3]
    named = [(problem.row, problem.column, problem.key) for problem in tables.problems]
    assert named == [(2, "company_id", "blank_required"), (3, "product_id", "blank_required")]


def test_outputs_of_unknown_companies(tmp_path: Path) -> None:
    """An output of a company that is not in the companies table is set aside."""
    tables = load(tmp_path, outputs="company_id,product_id,output\nA,M,1\nZ,M,2\n")
    assert only(tables).text("en").startswith("outputs.csv › row 3 › company_id: company 'Z'")
    assert tables.ledger["outputs"] == Count(2, 1, 0, 1)


def test_unknown_parent_is_blanked(tmp_path: Path) -> None:
    """A parent that is not in the table leaves the cell, not the company."""
    tables = load(tmp_path, "company_id,name,parent_id\nA,甲,B\nB,乙,Z\n")
    assert tables.companies["parent_id"].tolist() == ["B", ""]
    assert (only(tables).row, only(tables).value) == (3, "Z")


# ---- rows that say the same, or something else


def test_equal_rows_merge_and_different_ones_are_told(tmp_path: Path) -> None:
    """The same row again is merged; another row of the same id is set aside."""
    text = "company_id,name,employees\nA,甲,5\nB,乙,1\nA,甲,5\nA,甲厂,5\nB,乙,1\n"
    tables = load(tmp_path, text)
    assert tables.companies[["company_id", "name"]].to_numpy().tolist() == [
        ["A", "甲"],
        ["B", "乙"],
    ]
    assert tables.ledger["companies"] == Count(5, 2, 2, 1)
    problem = only(tables)
    assert (problem.key, problem.row) == ("duplicate", 5)
    assert "'A' stands in row 2 already" in problem.text("en")
    assert "“A”在第 2 行已经出现" in problem.text("zh")


def test_other_years_are_other_rows(tmp_path: Path, toy: Chain) -> None:
    """Outputs of two years are no duplicates; the latest counts."""
    text = "company_id,product_id,output,year\nA,M,5,2022\nA,M,7,2024\nA,M,6,2023\n"
    tables = load(tmp_path / "data", outputs=text)
    assert tables.ledger["outputs"] == Count(3, 3, 0, 0)
    supply = cg.balance(cg.build(tables, toy)).set_index("product_id")["supply"]
    assert supply["M"] == 7


TWICE = "company_id,product_id,output,unit,year\n"


@pytest.mark.parametrize(
    ("rows", "count", "found", "supply"),
    [
        ("A,M,1,m3,2024\nA,M,7,t,2024\n", Count(2, 1, 0, 1), [("wrong_unit", 2)], 7),
        ("A,M,1,blorb,2024\nA,M,7,t,2024\n", Count(2, 1, 0, 1), [("unknown_unit", 2)], 7),
        ("A,M,7000,t,2024\nA,产品M,7,kt,2024\n", Count(2, 1, 1, 0), [], 7000),
        ("A,M,7,t,2024\nA,产品M,8,t,2024\n", Count(2, 1, 0, 1), [("duplicate", 3)], 7),
        ("A,M,7,t,2024\nA2,M,8,t,2024\n", Count(2, 1, 0, 1), [("duplicate", 3)], 7),
        ("A,M,7,t,2024\nA2,M,7,t,2024\n", Count(2, 1, 1, 0), [], 7),
    ],
    ids=["wrong unit", "unknown unit", "equal by name", "other by name", "other firm", "same firm"],
)
def test_rows_of_one_product_are_told_apart_when_it_is_known(
    tmp_path: Path,
    rows: str,
    count: Count,
    found: list[tuple[str, int]],
    supply: float,
) -> None:
    """One figure for a firm, product and year, by whatever name and unit; the rest is told."""
    named = product("M", name_zh="产品M")
    chain = cg.chains(
        write_folder(
            tmp_path / "chain", products=[named, product("N")], inputs=[needs("N", "M", 2)]
        )
    )
    firms = (
        "company_id,name,region_code\nA,凌源甲铸造有限公司,211382\nA2,凌源甲铸造有限公司,211382\n"
    )
    cluster = cg.build(load(tmp_path / "data", firms, outputs=TWICE + rows), chain)
    assert cluster.tables.ledger["outputs"] == count
    problems = [(p.key, p.row) for p in cluster.tables.problems if p.table == "outputs"]
    assert problems == found
    assert cg.balance(cluster).set_index("product_id")["supply"]["M"] == supply


# ---- units


@pytest.mark.parametrize(
    ("amount", "unit", "product_id", "expected"),
    [
        ("3", "", "M", 3),
        ("3", "t", "M", 3),
        ("3", "t/a", "M", 3),
        ("3", " 万吨 ", "M", 30_000),
        ("3", "万吨/年", "M", 30_000),
        ("3", "kt", "M", 3_000),
        ("3", "Mt", "M", 3e6),
        ("3", "千克", "M", 0.003),
        ("3", "亿立方米", "G", 3e8),
        ("3", "Nm3", "G", 3),
    ],
)
def test_units_are_converted(  # noqa: PLR0913, PLR0917  the case, and the two fixtures
    tmp_path: Path, toy: Chain, amount: str, unit: str, product_id: str, expected: float
) -> None:
    """Quantities come out in the product's own unit, whatever the user wrote."""
    text = f"company_id,product_id,output,capacity,unit\nA,{product_id},{amount},{amount},{unit}\n"
    tables = matched(load(tmp_path / "data", outputs=text), toy)
    assert tables.outputs["output"].tolist() == pytest.approx([expected])
    assert tables.outputs["capacity"].tolist() == pytest.approx([expected])
    assert tables.outputs["unit"].tolist() == [toy.products["unit"][product_id]]


def test_units_that_do_not_fit(tmp_path: Path, toy: Chain) -> None:
    """A gas in tonnes and a word that is no unit are set aside, each with its hint."""
    text = "company_id,product_id,output,unit\nA,G,1,t\nA,M,1,斤两\nB,M,2,t\n"
    tables = matched(load(tmp_path / "data", outputs=text), toy)
    assert tables.outputs["company_id"].tolist() == ["B"]
    assert tables.ledger["outputs"] == Count(3, 1, 0, 2)
    found = {problem.row: (problem.column, problem.value) for problem in tables.problems}
    assert found == {2: ("unit", "t"), 3: ("unit", "斤两")}


def test_unit_of_the_users_own_chain(tmp_path: Path, toy: Chain) -> None:
    """A chain may count in a unit of its own; then a table may write it."""
    text = "company_id,product_id,output,unit\nA,R,5,ring\n"
    tables = matched(load(tmp_path / "data", outputs=text), toy)
    assert tables.outputs["output"].tolist() == [5], lines(tables)


@given(
    st.sampled_from(
        ["t", "kt", "万吨", "kg", "m3", "亿立方米", "kWh", "MWh", "辆", "万辆", "万元"]
    ),
    st.sampled_from(["t", "Mt", "吨", "m3", "kWh", "vehicle", "yuan"]),
)
def test_conversion_there_and_back(one: str, other: str) -> None:
    """Converting there and back gives the same; both ways work or neither does."""
    there, back = factor(one, other), factor(other, one)
    assert is_unit(one)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there * back == pytest.approx(1)


def test_unknown_products(tmp_path: Path, toy: Chain) -> None:
    """A product that no chain has sets an output aside, and leaves a prospect's others."""
    write_folder(
        tmp_path / "data",
        companies=[company("A")],
        outputs=[{"company_id": "A", "product_id": "ZZ", "output": 1}],
        prospects=[
            {"prospect_id": "P", "name": "外企", "product_id": "M;ZZ"},
            {"prospect_id": "Q", "name": "外企二", "product_id": ""},
        ],
        projects=[
            {"project_id": "H", "name": "酒店", "product_id": ""},
            {"project_id": "K", "name": "项目", "product_id": "ZZ"},
        ],
    )
    tables = matched(cg.load(tmp_path / "data"), toy)
    assert tables.outputs.empty
    assert tables.prospects["product_id"].tolist() == [("M",), ()]
    assert tables.projects["project_id"].tolist() == ["H"]
    found = {(problem.table, problem.row, problem.key) for problem in tables.problems}
    assert found == {
        ("outputs", 2, "unknown_product"),
        ("projects", 3, "unknown_product"),
        ("prospects", 2, "unknown_product"),
        ("prospects", 3, "no_product"),
    }
    assert tables.ledger["prospects"] == Count(2, 2, 0, 0)
    assert tables.ledger["projects"] == Count(2, 1, 0, 1)


# ---- regions


def test_regions_by_prefix() -> None:
    """A code holds everything that begins with it; zeros that only fill it up do not count."""
    assert [prefix(code) for code in ("210000", "211300", "211382", "2113", "21")] == [
        "21",
        "2113",
        "211382",
        "2113",
        "21",
    ]
    assert inside("211382", ("210000",))
    assert inside("211382", ("110000", "2113"))
    assert not inside("211382", ("211381",))
    assert not inside("21", ("211382",))
    good = ("21", "2113", "211382", "110000")
    bad = ("", "2", "211", "21138", "2113820", "991382", "21138a", " 21")
    assert all(is_region(code) for code in good)
    assert not any(is_region(code) for code in bad)


# ---- rejects


def test_rejects_keep_the_cells_as_they_came(tmp_path: Path, toy: Chain) -> None:
    """What was set aside can be put right and sent again: place, reason, fix, original cells."""
    companies = "company_id,name,status,备注\nA,甲,,\nB,乙,running,老板说\n"
    outputs = "company_id,product_id,output,unit\nA,M,x,t\nA,ZZ,1e3,万吨\nZ,M,007,kt\n"
    tables = matched(load(tmp_path / "data", companies, outputs), toy)
    frame = rejects_frame(tables.problems, "en").set_index(["table", "row"])
    assert set(frame.index) == {("companies", 3), ("outputs", 2), ("outputs", 3), ("outputs", 4)}
    row = frame.loc[("companies", 3)]
    assert (row["column"], row["value"], row["scope"]) == ("status", "running", "row")
    assert row["cell_备注"] == "老板说"
    assert row["reason"]
    assert row["fix"]
    cells = frame.loc["outputs"]
    assert cells["cell_output"].tolist() == ["x", "1e3", "007"]
    assert cells["cell_unit"].tolist() == ["t", "万吨", "kt"]
    assert cells["cell_product_id"].tolist() == ["M", "ZZ", "M"]


def test_rejects_of_clean_data_are_empty() -> None:
    """Without problems the rejects have their columns and no row."""
    frame = rejects_frame((), "zh")
    assert frame.empty
    assert list(frame)[:3] == ["table", "file", "row"]


def test_ledger_refuses_a_lost_row() -> None:
    """A ledger that does not add up cannot be made."""
    with pytest.raises(ValueError, match="rows lost"):
        Count(3, 1, 0, 1)


CODES = ["A", "B", "C", "M", "N", "P", "ZZ", "甲", "乙", "211382", "99", "2024"]
FIGURES = ["-1", "0", "5", "5.0", "1e3", "inf", "x", "t", "万吨", "m3", "kg"]
WORDS = ["operating", "signed", "running", "reported", "gossip", "true", "maybe"]
SIGNS = ["", "a,b", 'say "hi"', "two\nlines", " A "]
CELL = st.sampled_from([*SIGNS, *CODES, *FIGURES, *WORDS])
HEADINGS = {
    "companies": ["company_id", "name", "status", "region_code", "employees", "own"],
    "outputs": ["company_id", "product_id", "output", "capacity", "unit", "year"],
    "projects": ["project_id", "name", "product_id", "capacity", "unit", "stage", "region_code"],
    "prospects": ["prospect_id", "name", "product_id", "revenue"],
    "sites": ["site_id", "name", "kind", "area_m2"],
    "absences": ["product_id", "region_code"],
    "links": ["supplier_id", "customer_id", "product_id", "quantity", "unit", "customer_name"],
}


@st.composite
def dirty(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    """Draw tables full of wrong, blank, repeated and too many cells."""
    tables = {}
    for name, headings in HEADINGS.items():
        width = len(headings)
        row = st.lists(CELL, min_size=width - 1, max_size=width + 1) | st.just([""] * width)
        rows = draw(st.lists(row, max_size=8))
        tables[name] = [
            *rows,
            *draw(st.lists(st.sampled_from(rows), max_size=2) if rows else st.just([])),
        ]
    tables["companies"].append(["A", "甲", "", "211382", "", ""])
    return tables


@settings(max_examples=25, deadline=None)
@given(dirty())
def test_every_row_is_accounted_for(tables: dict[str, list[list[str]]]) -> None:
    """Over any dirty data: read = accepted + merged + rejected, before and after matching."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for table, rows in tables.items():
            frame = [HEADINGS[table], *rows]
            text = "\n".join(",".join(map(_quoted, row)) for row in frame) + "\n"
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        loaded = cg.load(folder)
        known = pd.DataFrame({"product_id": ["M", "N"], "unit": ["t", "m3"]})
        after = match_products(loaded, known)
        for table, rows in tables.items():
            given_rows = [row for row in rows if any(cell.strip() for cell in row)]
            # A row of nothing but units below the headings is no data, and `check` lists it.
            skipped = sum(
                len(numbers)
                for seen in loaded.understood
                if seen.sheet.name == table
                for numbers in seen.skipped.values()
            )
            for stage in (loaded, after):
                count = stage.ledger[table]
                assert count.read + skipped == len(given_rows), table
                assert count.read == count.accepted + count.merged + count.rejected
                set_aside = {p.row for p in stage.problems if p.table == table and p.scope == "row"}
                assert count.rejected == len(set_aside), (table, lines(stage))
                if table != "links":
                    assert count.accepted == len(stage.small(table)), table
        assert all(line for lang in ("zh", "en") for line in lines(after, lang))
        rejects = rejects_frame(after.problems, "en")
        assert len(rejects) == len(after.problems)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


# ---- frames instead of files


def frames(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a folder as pandas frames with the types pandas finds."""
    return {path.stem: pd.read_csv(path) for path in folder.glob("*.csv")}


def sample(folder: Path) -> Path:
    """Write a synthetic folder with every table that frames could trip over."""
    return write_folder(
        folder,
        companies=[
            company("A", alias="甲;乙", is_anchor="true", employees=12),
            company("B", alias="", is_anchor="", employees=""),
            company("C", region_code="", is_anchor="false", employees=3.5, status="signed"),
        ],
        outputs=[
            {"company_id": "A", "product_id": "M", "output": 10, "unit": "kt", "year": 2024},
            {"company_id": "A", "product_id": "M", "output": 4, "unit": "kt", "year": 2021},
            {"company_id": "B", "product_id": "N", "output": "", "unit": "", "year": 2024},
            {"company_id": "C", "product_id": "N", "output": "", "unit": "", "year": 2024},
        ],
        links=[
            {
                "supplier_id": "X",
                "customer_id": "A",
                "product_id": "N",
                "supplier_name": "外地",
                "quantity": 2.5,
            },
            {
                "supplier_id": "B",
                "customer_id": "A",
                "product_id": "N",
                "supplier_name": "",
                "quantity": 7,
            },
            {
                "supplier_id": "A",
                "customer_id": "A",
                "product_id": "M",
                "supplier_name": "",
                "quantity": 1,
            },
            {
                "supplier_id": "B",
                "customer_id": "A",
                "product_id": "",
                "supplier_name": "",
                "quantity": "",
            },
        ],
    )


def as_pandas(frame: pd.DataFrame) -> object:
    """Return the frame with an index of its own."""
    return frame.set_index(pd.Index(range(7, 7 + len(frame))))


def as_polars(frame: pd.DataFrame) -> object:
    """Return the frame as Polars has it."""
    return pytest.importorskip("polars").from_dicts(
        frame.astype(object).where(frame.notna(), None).to_dict("records"), infer_schema_length=None
    )


def as_lazy_polars(frame: pd.DataFrame) -> object:
    """Return the frame as a plan of Polars."""
    eager: Any = as_polars(frame)
    return eager.lazy()


def as_arrow(frame: pd.DataFrame) -> object:
    """Return the frame as PyArrow has it."""
    return pytest.importorskip("pyarrow").Table.from_pandas(frame)


OWN = duckdb.connect()


def as_duckdb(frame: pd.DataFrame) -> object:
    """Return the frame as a relation of the user's own connection."""
    return OWN.from_df(frame)


def as_default_duckdb(frame: pd.DataFrame) -> object:
    """Return the frame as a relation of DuckDB's default connection."""
    return duckdb.from_df(frame)


@pytest.mark.parametrize(
    "kind",
    [as_pandas, as_polars, as_lazy_polars, as_arrow, as_duckdb, as_default_duckdb],
    ids=["pandas", "polars", "polars lazy", "arrow", "duckdb", "duckdb default"],
)
def test_frames_of_any_kind(
    tmp_path: Path, toy: Chain, kind: Callable[[pd.DataFrame], object]
) -> None:
    """A dict of frames gives the tables and the balance that the CSV folder gives."""
    folder = sample(tmp_path / "data")
    from_files = cg.load(folder)
    from_frames = cg.load({name: kind(frame) for name, frame in frames(folder).items()})
    assert from_frames.ledger == from_files.ledger
    for name in ("companies", "outputs"):
        one_way, other_way = (t.small(name).drop(columns="file") for t in (from_frames, from_files))
        pd.testing.assert_frame_equal(one_way, other_way)
    keys = [problem.key for problem in from_files.problems]
    assert keys == ["self_link"]
    assert [problem.key for problem in from_frames.problems] == keys
    one, other = cg.build(from_files, toy), cg.build(from_frames, toy)
    pd.testing.assert_frame_equal(cg.balance(other), cg.balance(one))
    assert one.trade is not None
    assert other.trade is not None
    for part in ("purchases", "sales", "ties"):
        pd.testing.assert_frame_equal(
            getattr(other.trade, part), getattr(one.trade, part), check_dtype=False
        )


def test_relations_need_no_pyarrow() -> None:
    """DuckDB relations are read without PyArrow, which is no dependency."""
    code = """
import sys
sys.modules["pyarrow"] = None
import duckdb
import cluster_graph as cg
companies = duckdb.sql("SELECT 'A' AS company_id, 'x' AS name")
outputs = duckdb.sql("SELECT 'A' AS company_id, 'M' AS product_id, 5 AS output")
links = duckdb.sql("SELECT 'A' AS supplier_id, 'A' AS customer_id")
tables = cg.load({"companies": companies, "outputs": outputs, "links": links})
print(tables.companies["company_id"].tolist(), tables.ledger["links"].rejected)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, encoding="utf-8", timeout=60
    )
    assert (done.stdout, done.stderr) == ("['A'] 1\n", "")


def test_lists_held_as_arrays() -> None:
    """Lists in cells may be tuples, lists or arrays, as Parquet files give them."""
    frame = pd.DataFrame([company("A"), company("B"), company("C")])
    cells = [np.array(["甲", "乙"], dtype=object), ["丙"], ("丁",)]
    frame["alias"] = pd.Series(cells, dtype=object)
    outputs = pd.DataFrame([{"company_id": "A", "product_id": "M"}])
    tables = cg.load({"companies": frame, "outputs": outputs})
    assert tables.companies["alias"].tolist() == [("甲", "乙"), ("丙",), ("丁",)]


def test_numbers_and_flags_held_as_such() -> None:
    """Integers, floats, booleans and missing values of pandas read like their texts."""
    frame = pd.DataFrame(
        {
            "company_id": [1, 2],
            "name": ["甲", "乙"],
            "region_code": [211382.0, np.nan],
            "is_anchor": pd.array([True, pd.NA], dtype="boolean"),
            "employees": [10.0, np.nan],
        }
    )
    outputs = pd.DataFrame({"company_id": [1.0], "product_id": ["M"], "output": [1e6]})
    tables = cg.load({"companies": frame, "outputs": outputs})
    assert tables.companies["company_id"].tolist() == ["1", "2"]
    assert tables.companies["region_code"].tolist() == ["211382", ""]
    assert tables.companies["is_anchor"].tolist() == [True, None]
    assert tables.outputs["output"].tolist() == [1e6]
    assert not tables.problems


def test_frames_with_unknown_or_missing_names() -> None:
    """A table of another name is told, and so is a missing one."""
    frame = pd.DataFrame([company("A")])
    with pytest.raises(InputError, match="companys"):
        cg.load({"companys": frame})
    with pytest.raises(InputError, match="outputs / links"):
        cg.load({"companies": frame})


@pytest.mark.parametrize("cell", ["300-400", "300~400", "300 - 400吨", "3至4", "5–6万吨", "3 to 4"])
def test_two_numbers_are_no_figure(cell: str) -> None:
    """A range is never read as its first number with an odd unit."""
    assert figure(cell) is None


@pytest.mark.parametrize(
    ("cell", "number", "unit"),
    [("12m3", "12", "m3"), ("5 t/a", "5", "t/a"), ("1,200吨", "1200", "吨")],
)
def test_a_number_with_its_unit_is_one(cell: str, number: str, unit: str) -> None:
    """Digits of a unit do not make a second number."""
    found = figure(cell)
    assert found is not None
    assert (found.number, found.unit) == (number, unit)
