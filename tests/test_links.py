"""Links: what is set aside, what they add up to, on every engine; all data are synthetic."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from conftest import Rows, company, needs, product, write_folder
from hypothesis import given, settings
from hypothesis import strategies as st

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.chain.model import Chain
from cluster_graph.cluster.model import Cluster, Trade
from cluster_graph.flows.aggregate import prepare, purchases, sales, supplied, ties
from cluster_graph.tables import link_sheets
from cluster_graph.tables.links import check_links, match_links
from cluster_graph.tables.model import LinkTable, Tables, collected
from cluster_graph.tables.problems import Count
from cluster_graph.tables.schema import LINKS
from cluster_graph.tables.sources import open_path
from cluster_graph.tables.take import look

HEADING = "supplier_id,customer_id,product_id,quantity\n"
PRODUCTS = pd.DataFrame({"product_id": ["M", "N", "G"], "unit": ["t", "t", "m3"]})


@pytest.fixture
def toy(tmp_path: Path) -> Chain:
    """Return a synthetic chain: M takes N and the gas G."""
    products = [product("M"), product("N"), product("G", unit="m3")]
    inputs = [needs("N", "M", 2), needs("G", "M", 3)]
    return cg.chains(write_folder(tmp_path / "chain", products=products, inputs=inputs))


def link(supplier: str, customer: str, product_id: str = "N", **more: object) -> dict[str, object]:
    """Return a synthetic link."""
    return {"supplier_id": supplier, "customer_id": customer, "product_id": product_id, **more}


def folder(path: Path, links: Rows, outputs: Rows = ()) -> Path:
    """Write a synthetic data folder: A, B local, F elsewhere, U nowhere, and the links."""
    companies = [
        company("A"),
        company("B"),
        company("F", region_code="110000"),
        company("U", region_code=""),
    ]
    rows = outputs or [{"company_id": "A", "product_id": "M", "output": 10}]
    return write_folder(path, companies=companies, outputs=rows, links=links)


def built(path: Path, chain: Chain, links: Rows, outputs: Rows = ()) -> Cluster:
    """Build a cluster over these links."""
    return cg.build(cg.load(folder(path, links, outputs)), chain)


def trade(cluster: Cluster) -> Trade:
    """Return the aggregates of the links, which must be there."""
    assert cluster.trade is not None
    return cluster.trade


def from_text(path: Path, text: str | bytes) -> Tables:
    """Load a folder whose link file stands as given."""
    folder(path, [link("A", "B")])
    content = text if isinstance(text, bytes) else text.encode()
    (path / "links.csv").write_bytes(content)
    return cg.load(path)


def parsed(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a link file as they come off the parser."""
    table, _, _ = link_sheets.links_from_sheets([look(next(open_path(path)), {})])
    collected: pd.DataFrame = table.frame.sort("row").collect("pandas").to_native()
    texts = collected.drop(columns=["sheet", "row"]).astype(object)
    # One parser strips the cells, the other leaves it to the checks.
    stripped = texts.where(texts.notna(), "").map(str.strip)
    cells = stripped.to_dict("records")
    return [{"row": row, **record} for row, record in zip(collected["row"], cells, strict=True)]


# ---- what is set aside

FAULTS: list[tuple[dict[str, object], str, str, str]] = [
    (link("", "B"), "blank_required", "supplier_id", ""),
    (link("A", ""), "blank_required", "customer_id", ""),
    (link("A", "A"), "self_link", "customer_id", "A"),
    (link("Z", "A"), "link_to_nobody", "supplier_id", "Z"),
    (link("A", "Z", supplier_name="甲"), "link_to_nobody", "customer_id", "Z"),
    (link("A", "B", quantity="x"), "not_a_number", "quantity", "x"),
    (link("A", "B", quantity="300-400"), "not_a_number", "quantity", "300-400"),
    (link("A", "B", quantity="inf"), "not_a_number", "quantity", "inf"),
    (link("A", "B", quantity="若干"), "not_a_number", "quantity", "若干"),
    (link("A", "B", quantity="1e400"), "not_a_number", "quantity", "1e400"),
    (link("A", "B", value="万"), "not_a_number", "value", "万"),
    (link("A", "B", quantity="-3"), "negative", "quantity", "-3"),
    (link("A", "B", value="-0.5"), "negative", "value", "-0.5"),
    (link("A", "B", quantity="3", unit="车"), "unknown_unit", "unit", "车"),
    (link("A", "B", "ZZ"), "unknown_product", "product_id", "ZZ"),
    (link("A", "B", quantity="3", unit="m3"), "wrong_unit", "unit", "m3"),
]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """Build a cluster over one bad link of each kind, each between two good ones."""
    path = tmp_path_factory.mktemp("faulty")
    products = [product("M"), product("N"), product("G", unit="m3")]
    chain = cg.chains(write_folder(path / "chain", products=products, inputs=[needs("N", "M", 2)]))
    rows = [row for fault, *_ in FAULTS for row in (link("B", "A", quantity=1), fault)]
    return built(path / "data", chain, rows)


@pytest.mark.parametrize(
    ("place", "fault"), list(enumerate(FAULTS)), ids=lambda value: str(value)[:60]
)
def test_every_bad_link_is_named(
    faulty: Cluster, place: int, fault: tuple[dict[str, object], str, str, str]
) -> None:
    """Each fault is told with file, row, column, value, hint and original cells, in both."""
    cells, key, column, value = fault
    row = 3 + 2 * place
    found = [problem for problem in faulty.tables.problems if problem.row == row]
    assert [(p.key, p.column, p.value) for p in found] == [(key, column, value)]
    assert (found[0].table, found[0].file, found[0].scope) == ("links", "links.csv", "row")
    given_cells = {name: str(cell) for name, cell in cells.items() if cell != ""}
    assert found[0].cells == given_cells
    for lang, words in {"en": (f"row {row}", column), "zh": (f"第 {row} 行", column)}.items():
        text = found[0].text("zh" if lang == "zh" else "en")
        assert "\n" not in text
        for word in ("links.csv", value, *words):
            assert word in text


def test_the_other_links_still_count(faulty: Cluster) -> None:
    """A bad link takes no good one with it, and the ledger says so."""
    count = len(FAULTS)
    assert faulty.tables.ledger["links"] == Count(2 * count, count, 0, count)
    bought = trade(faulty).purchases
    assert bought.to_dict("records") == [
        {"product_id": "N", "place": "local", "quantity": count, "links": count, "sized": count}
    ]


# ---- who is where


def test_links_by_name_are_outside_companies(tmp_path: Path, toy: Chain) -> None:
    """An end that is known by its name alone is an outside company, on the graph too."""
    rows = [
        link("X", "A", quantity=4, supplier_name="外地", supplier_region="130000"),
        link("A", "Y", "M", quantity=2, customer_name="远方"),
    ]
    cluster = built(tmp_path / "data", toy, rows)
    assert not cluster.tables.problems
    row = cg.balance(cluster).set_index("product_id").loc["N"]
    assert (row["local_purchases"], row["outside_purchases"]) == (0, 4)
    assert cg.balance(cluster).set_index("product_id")["outside_sales"]["M"] == 2
    node = cluster.companies.nodes["X"]
    assert (node["name"], node["place"], node["region_code"]) == ("外地", "outside", "130000")
    assert cluster.companies.edges["A", "Y", "M"]["evidence"] == "reported"
    assert cluster.company_name("Y", "en") == "远方"


def test_companies_without_a_region_are_neither(tmp_path: Path, toy: Chain) -> None:
    """What is bought from a company of unknown place is unplaced, not local, not outside."""
    rows = [link("U", "A", quantity=5), link("F", "A", quantity=3), link("B", "A", quantity=2)]
    cluster = built(tmp_path / "data", toy, rows)
    row = cg.balance(cluster).set_index("product_id").loc["N"]
    bought = row[["local_purchases", "outside_purchases", "unplaced_purchases"]]
    assert bought.tolist() == [2, 3, 5]
    assert cluster.companies.nodes["U"]["place"] == "unknown"
    frame = cluster.companies_frame.set_index("company_id")["place"]
    assert frame.to_dict() == {"A": "local", "B": "local", "F": "outside", "U": "unknown"}
    assert "U" not in row["producers"]


def test_inferred_links_are_no_trade(tmp_path: Path, toy: Chain) -> None:
    """A guess that two firms trade adds no purchase, however it is spelled."""
    guesses = [link("B", "A", quantity=9, evidence=word) for word in ("inferred", " Inferred")]
    rows = [link("B", "A", quantity=1, evidence="reported"), *guesses]
    cluster = built(tmp_path / "data", toy, rows)
    bought = trade(cluster).purchases
    assert bought["quantity"].tolist() == [1]
    assert bought["links"].tolist() == [1]


def test_inferred_links_alone_leave_purchases_unknown(tmp_path: Path, toy: Chain) -> None:
    """With guesses only, what is bought is unknown, not zero."""
    rows = [link("B", "A", quantity=9, evidence="inferred")]
    row = cg.balance(built(tmp_path / "data", toy, rows)).set_index("product_id").loc["N"]
    assert row[["local_purchases", "outside_purchases"]].isna().all()


def test_evidence_of_an_unknown_word_is_told(tmp_path: Path, toy: Chain) -> None:
    """A word outside the evidence vocabulary is a problem in links as in every table."""
    cluster = built(tmp_path / "data", toy, [link("B", "A", quantity=9, evidence="gossip")])
    found = [(problem.row, problem.column, problem.value) for problem in cluster.tables.problems]
    assert found == [(2, "evidence", "gossip")]


# ---- products and units


def test_only_a_suppliers_only_product_is_filled_in(tmp_path: Path, toy: Chain) -> None:
    """A link without product takes it from a supplier that makes one, never from one of two."""
    outputs = [
        {"company_id": "A", "product_id": "M", "output": 10},
        {"company_id": "B", "product_id": "N", "output": 5, "year": 2023},
        {"company_id": "B", "product_id": "N", "output": 6, "year": 2024},
        {"company_id": "F", "product_id": "N"},
        {"company_id": "F", "product_id": "G"},
    ]
    rows = [link("B", "A", "", quantity=1), link("F", "A", "", quantity=2), link("U", "A", "")]
    cluster = built(tmp_path / "data", toy, rows, outputs)
    assert not cluster.tables.problems
    bought = trade(cluster).purchases
    assert bought[["product_id", "place", "quantity"]].to_numpy().tolist() == [["N", "local", 1]]
    pairs = trade(cluster).ties[["supplier_id", "product_id", "links"]].to_numpy().tolist()
    assert pairs == [["B", "N", 1], ["F", "", 1], ["U", "", 1]]


def test_quantities_come_in_the_products_unit(tmp_path: Path, toy: Chain) -> None:
    """Links in kt, 万吨 a year and kg add up in tonnes; a gas in 亿立方米 in cubic metres."""
    rows = [
        link("B", "A", quantity=2, unit="kt"),
        link("B", "A", quantity="1.5", unit=" 万吨 /年"),
        link("B", "A", quantity=500, unit="KG"),
        link("B", "A", quantity=7),
        link("B", "A", "G", quantity=1, unit="亿立方米"),
    ]
    cluster = built(tmp_path / "data", toy, rows)
    assert not cluster.tables.problems
    bought = trade(cluster).purchases.set_index("product_id")["quantity"]
    assert bought["N"] == pytest.approx(2_000 + 15_000 + 0.5 + 7)
    assert bought["G"] == pytest.approx(1e8)


def test_filled_product_converts_its_unit(tmp_path: Path, toy: Chain) -> None:
    """A product filled in from the supplier brings its unit: 2 kt are 2,000 t."""
    outputs = [{"company_id": "B", "product_id": "N", "output": 5000}]
    cluster = built(tmp_path / "data", toy, [link("B", "A", "", quantity=2, unit="kt")], outputs)
    assert trade(cluster).purchases["quantity"].tolist() == [2000]


def test_filled_product_refuses_a_unit_that_does_not_measure_it(tmp_path: Path, toy: Chain) -> None:
    """Cubic metres of a product in tonnes add no tonnes, though the link stays."""
    outputs = [{"company_id": "B", "product_id": "N", "output": 5000}]
    cluster = built(tmp_path / "data", toy, [link("B", "A", "", quantity=2, unit="m3")], outputs)
    assert trade(cluster).purchases["quantity"].sum() == 0


def test_suppliers_without_outputs_are_sized_by_their_links(tmp_path: Path, toy: Chain) -> None:
    """Links size who has no outputs, and never add to who has; an unsized link sizes nobody."""
    outputs = [{"company_id": "A", "product_id": "M", "output": 10}]
    rows = [
        link("B", "A", quantity=3),
        link("B", "Y", quantity=4, customer_name="外地"),
        link("B", "A", "G"),
        link("A", "B", "G", quantity=9),
    ]
    cluster = built(tmp_path / "data", toy, rows, outputs)
    makers = cluster.makers.set_index(["company_id", "product_id"])
    assert makers.loc[("B", "N"), "size"] == 7
    assert makers.loc[("B", "N"), ["basis", "evidence"]].tolist() == ["links", "derived"]
    assert np.isnan(makers.loc[("B", "G"), "size"])
    assert ("A", "G") not in makers.index


# ---- the file


def test_parsers_agree_on_a_clean_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB's parser and the careful one give the same cells under the same rows."""
    text = (
        HEADING.strip() + ',note\n"A",B,N,1,"one, ""two"""\nA,B,,,\n'
        'B,A,N,1e3,"two\nlines"\n X ,A,N,5,中文\nB,A,N,7,\n'
    )
    path = tmp_path / "links.csv"
    for content in (text, "\ufeff" + text, text.replace("\n", "\r\n")):
        path.write_bytes(content.encode())
        fast = parsed(path)
        with monkeypatch.context() as patch:
            patch.setattr(link_sheets, "_parsed_fast", _refuse)
            careful = parsed(path)
        assert fast == careful
        assert [record["row"] for record in fast] == [2, 3, 4, 5, 6]
        assert fast[0]["note"] == 'one, "two"'


def _refuse(*_: object) -> bool:
    return False


@pytest.mark.parametrize(
    "text",
    [
        HEADING + "\nA,B,N,1\n\n\nA,B,N,2\n",
        HEADING + "A,B,N,1\n,,,\nA,B,N,2\n",
        HEADING + "A,B,N,1\n   \nA,B,N,2\n",
        HEADING + 'A,B,N,1\n"",,,\nA,B,N,2\n',
        HEADING + "A,B,N,1\nA,B,N,2\n\n\n",
    ],
    ids=["blank lines", "commas only", "blanks only", "quotes only", "at the end"],
)
def test_parsers_agree_on_blank_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Blank rows count for nobody, but the rows behind them keep their numbers."""
    path = tmp_path / "links.csv"
    path.write_text(text, encoding="utf-8")
    fast = parsed(path)
    monkeypatch.setattr(link_sheets, "_parsed_fast", _refuse)
    careful = parsed(path)
    assert [record["quantity"] for record in careful] == ["1", "2"]
    assert fast == careful


def test_rows_with_other_numbers_of_cells(tmp_path: Path) -> None:
    """A short link is filled with blanks; a long one is set aside; both keep their rows."""
    tables = from_text(tmp_path, HEADING + "A,B,N,1,9\nA,B\nA,A,N,2\n")
    assert [(problem.row, problem.key) for problem in tables.problems] == [
        (2, "too_many_cells"),
        (4, "self_link"),
    ]
    assert tables.ledger["links"] == Count(3, 1, 0, 2)


def test_unclosed_quotation_mark_in_links(tmp_path: Path) -> None:
    """A quotation mark that is never closed hides no link silently."""
    with pytest.raises(InputError, match=r"links\.csv"):
        from_text(tmp_path, HEADING + 'A,"B,N,1\nB,A,N,2\nB,A,N,3\n')


def test_links_in_gbk(tmp_path: Path, toy: Chain) -> None:
    """A GBK file is read as what it is; one that is no text at all is refused."""
    text = "supplier_id,customer_id,product_id,quantity,supplier_name\nX,A,N,5,外地炼焦煤有限公司\n"
    folder(tmp_path / "gbk", [link("A", "B")])
    (tmp_path / "gbk" / "links.csv").write_bytes(text.encode("gbk"))
    cluster = cg.build(cg.load(tmp_path / "gbk"), toy)
    assert trade(cluster).ties["supplier_name"].tolist() == ["外地炼焦煤有限公司"]
    with pytest.raises(InputError) as caught:
        from_text(tmp_path, HEADING.encode() + "A,B,炼焦,1\n".encode() * 40_000 + b"\xff\xff\n")
    assert "utf-8" in caught.value.text("en")


@pytest.mark.parametrize("name", ["g[1]", "g*", "g?", "a'b", '数 据 "x"'])
def test_folder_with_glob_signs(tmp_path: Path, toy: Chain, name: str) -> None:
    """Signs that could be a pattern or a quotation mark name this one folder and no other."""
    folder(tmp_path / "g1", [link("B", "A", quantity=99)])
    cluster = built(tmp_path / name, toy, [link("B", "A", quantity=5)])
    assert trade(cluster).purchases["quantity"].tolist() == [5]
    assert cluster.tables.ledger["links"] == Count(1, 1, 0, 0)


@pytest.mark.parametrize(
    "name",
    [
        "row",
        "Note",
        "fault",
        "factor",
        "unit_name",
        "known_id",
        "known_product",
        "known_unit",
        "product_known",
        "quantity_cell",
        "supplier_known",
        "supplier_place",
        "customer_place",
        "sole_maker",
        "sole_product",
    ],
)
def test_own_columns_with_inner_names(tmp_path: Path, toy: Chain, name: str) -> None:
    """A user's own column may be called like one that the program makes on its way."""
    rows = [link("B", "A", quantity=5, note="", **{name: "x"})]
    cluster = built(tmp_path / "data", toy, rows)
    assert trade(cluster).purchases.to_dict("records") == [
        {"product_id": "N", "place": "local", "quantity": 5, "links": 1, "sized": 1}
    ]


def test_full_width_blank_around_an_id(tmp_path: Path, toy: Chain) -> None:
    """A full-width blank, which Chinese keyboards make, is a blank in links as elsewhere."""
    cluster = built(tmp_path / "data", toy, [link("B　", " A", "　N", quantity="5\u00a0")])
    assert not cluster.tables.problems
    assert trade(cluster).purchases["quantity"].tolist() == [5]


def test_empty_link_table(tmp_path: Path, toy: Chain) -> None:
    """A heading without rows is told; trade is then known to be unreported."""
    tables = from_text(tmp_path / "data", HEADING)
    assert [problem.key for problem in tables.problems] == ["empty_table"]
    assert tables.ledger["links"] == Count(0, 0, 0, 0)
    table = cg.balance(cg.build(tables, toy)).set_index("product_id")
    assert np.isnan(table.loc["N", "local_purchases"])


# ---- engines


def as_pandas(frame: pd.DataFrame) -> object:
    """Return the frame as it is."""
    return frame


def as_polars(frame: pd.DataFrame) -> object:
    """Return the frame as Polars has it."""
    blank = frame.astype(object).where(frame.notna(), None)
    return pytest.importorskip("polars").from_dicts(
        blank.to_dict("records"), infer_schema_length=None
    )


def as_lazy_polars(frame: pd.DataFrame) -> object:
    """Return the frame as a plan of Polars."""
    eager: Any = as_polars(frame)
    return eager.lazy()


def as_duckdb(frame: pd.DataFrame) -> object:
    """Return the frame as a relation of DuckDB."""
    return duckdb.from_df(frame)


ENGINES: dict[str, Callable[[pd.DataFrame], object]] = {
    "pandas": as_pandas,
    "polars": as_polars,
    "lazy polars": as_lazy_polars,
    "duckdb": as_duckdb,
}
INSTALLED = ["pandas", "lazy polars"] if find_spec("polars") else ["pandas"]
PLACES = pd.DataFrame(
    {"company_id": ["A", "B", "F", "U"], "place": ["local", "local", "outside", "unknown"]}
)
KNOWN = {name.lower(): name for name in PLACES["company_id"]}
MAKERS = pd.DataFrame({"company_id": ["A", "A", "B"], "product_id": ["M", "N", "G"]})


def aggregated(frame: pd.DataFrame, kind: Callable[[pd.DataFrame], object]) -> list[pd.DataFrame]:
    """Return what was set aside and every aggregate of the others, on one engine."""
    checked = check_links(link_sheets.links_from_frame(kind(frame)), KNOWN)
    matched = match_links(checked.links, PRODUCTS, MAKERS)
    prepared = prepare(matched.links, PLACES)
    parts = [function(prepared) for function in (purchases, sales, supplied, ties)]
    problems = [*checked.problems, *matched.problems]
    found = pd.DataFrame(
        [(p.key, p.column, p.value) for p in problems], columns=["key", "column", "value"]
    )
    return [found.sort_values([*found]).reset_index(drop=True), *parts]


@st.composite
def link_frames(draw: st.DrawFn) -> pd.DataFrame:
    """Draw link tables with unknown ends, blank cells, units, guesses and bad numbers."""
    ids = st.sampled_from(["A", "B", "F", "U", "X", "Y"])
    row = st.fixed_dictionaries(
        {
            "supplier_id": ids,
            "customer_id": ids,
            "product_id": st.sampled_from(["M", "N", "G", "", "ZZ"]),
            "quantity": st.sampled_from(["1", "2.5", "1e3", "", "-1", "x", "１２", "0"]),
            "unit": st.sampled_from(["", "t", "kt", "万吨/年", "m3", "??"]),
            "value": st.sampled_from(["", "7", "0.25"]),
            "supplier_name": st.sampled_from(["外地", ""]),
            "customer_name": st.sampled_from(["外地", "外地"]),
            "evidence": st.sampled_from(["", "reported", "inferred"]),
            "source": st.sampled_from(["", "甲", "b"]),
        }
    )
    return pd.DataFrame(draw(st.lists(row, min_size=1, max_size=30)), dtype=object)


@settings(max_examples=6, deadline=None)
@given(frame=link_frames())
def test_engines_agree(frame: pd.DataFrame) -> None:
    """Every aggregate is the same on DuckDB, pandas and Polars, cell by cell."""
    expected = aggregated(frame, as_duckdb)
    for name in INSTALLED:
        for one, other in zip(aggregated(frame, ENGINES[name]), expected, strict=True):
            pd.testing.assert_frame_equal(one, other, check_dtype=False, rtol=1e-12, obj=name)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    ("cell", "counts"),
    [
        ("12", True),
        ("+1.5e2", True),
        (".5", True),
        ("5.", True),
        ("-0", True),
        ("１２", False),
        ("1_000", False),
        ("1e400", False),
        ("0x10", False),
        ("Infinity", False),
        ("1 2", False),
    ],
)
def test_engines_agree_on_odd_numbers(name: str, cell: str, counts: bool) -> None:  # noqa: FBT001
    """What is a number does not hang on the engine."""
    frame = pd.DataFrame([link("A", "B", quantity=cell), link("A", "B", quantity="1")])
    checked = check_links(link_sheets.links_from_frame(ENGINES[name](frame)), KNOWN)
    assert [problem.value for problem in checked.problems] == ([] if counts else [cell])


@pytest.mark.parametrize("name", ["pandas", "polars", "lazy polars"])
def test_rows_of_frames(name: str) -> None:
    """A row of a frame is counted as its place in the sheet it may have come from."""
    frame = pd.DataFrame([link("F", "A"), link("B", "A"), link("A", "A"), link("A", "B")])
    checked = check_links(link_sheets.links_from_frame(ENGINES[name](frame)), KNOWN)
    assert [(problem.key, problem.row) for problem in checked.problems] == [("self_link", 4)]


def test_relations_know_no_rows() -> None:
    """A relation of DuckDB has no order: a made-up row would send the user astray."""
    frame = pd.DataFrame([link("F", "A"), link("B", "A"), link("A", "A"), link("A", "B")])
    checked = check_links(link_sheets.links_from_frame(duckdb.from_df(frame)), KNOWN)
    assert [(problem.key, problem.row) for problem in checked.problems] == [("self_link", None)]
    assert checked.problems[0].text("en").startswith("links › customer_id: company 'A'")


def test_relations_beside_tables_of_any_name() -> None:
    """Whatever tables the user's connection holds, none is taken for one of ours."""
    connection = duckdb.connect()
    for name in ("small", "links", "cluster_graph_links"):
        connection.execute(f"CREATE TABLE {name} AS SELECT 'Q' AS known_id, 'x' AS anything")
    frame = pd.DataFrame([link("B", "A", quantity=1), link("Z", "A", quantity=2)])
    checked = check_links(link_sheets.links_from_frame(connection.from_df(frame)), KNOWN)
    assert [problem.value for problem in checked.problems] == ["Z"]
    assert checked.count == Count(2, 1, 0, 1)


def test_ids_held_as_floats() -> None:
    """Ids that pandas holds as 1.0, because another row has none, are the ids 1 and 2."""
    frame = pd.DataFrame({"supplier_id": [1.0, np.nan], "customer_id": [2, 1], "quantity": [3, 4]})
    checked = check_links(link_sheets.links_from_frame(frame), {"1": "1", "2": "2"})
    assert [(problem.key, problem.row) for problem in checked.problems] == [("blank_required", 3)]


# ---- size


def test_large_link_tables_are_never_collected_whole(
    tmp_path: Path, toy: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 20,000 links only small aggregates and what was set aside reach Python."""
    count = 20_000
    rng = np.random.default_rng(1)
    ends = np.array(["A", "B", "F", "U"])
    frame = pd.DataFrame(
        {
            "supplier_id": ends[rng.integers(0, 4, count)],
            "customer_id": "A",
            "product_id": np.where(rng.random(count) < 0.5, "N", "G"),
            "quantity": rng.integers(1, 100, count),
        }
    )
    frame.loc[frame["supplier_id"] == "A", "customer_id"] = "B"
    path = folder(tmp_path / "data", [link("A", "B")])
    frame.to_csv(path / "links.csv", index=False, lineterminator="\n")
    seen: list[int] = []
    collect = nw.LazyFrame.collect

    def spy(self: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401  stands in for Narwhals'
        result = collect(self, *args, **options)
        seen.append(len(result))
        return result

    monkeypatch.setattr(nw.LazyFrame, "collect", spy)
    cluster = cg.build(cg.load(path), toy)
    assert isinstance(cluster.tables.links, LinkTable)
    assert cluster.tables.ledger["links"] == Count(count, count, 0, 0)
    assert len(seen) >= 4
    assert max(seen) <= 50
    local = frame["customer_id"].isin(["A", "B"]) & frame["supplier_id"].isin(["A", "B"])
    expected = frame[local].groupby("product_id")["quantity"].sum()
    bought = trade(cluster).purchases
    found = bought[bought["place"] == "local"].set_index("product_id")["quantity"]
    assert found.to_dict() == pytest.approx(expected.to_dict())


def test_parquet_is_read_the_same_by_engine_and_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typed columns give the same links and the same problems, whoever reads them."""
    place = write_folder(
        tmp_path / "data",
        companies=[company("1"), company("2", name="型号1.0厂")],
        outputs=[{"company_id": "1", "product_id": "M", "output": 5}],
    )
    duckdb.sql(f"""
        COPY (
            SELECT * FROM (VALUES
                (1.0::DOUBLE, '型号1.0厂', 'M', 12.50::DECIMAL(10, 2), 't', TIMESTAMP '2024-01-01',
                 DATE '2024-02-03'),
                (NULL, '2', 'M', 7.00, 't', TIMESTAMP '2023-05-06 07:08:09', NULL),
                (1.0, ' 2 ', 'M', -1.00, 't', NULL, NULL),
                (3.5, '2', 'M', 1.00, 't', NULL, NULL)
            ) AS links (supplier_id, customer_id, product_id, quantity, unit, year, as_of)
        ) TO '{place / "links.parquet"}' (FORMAT parquet)
    """)  # noqa: S608  a path of the test's own
    found = []
    for fast in (True, False):
        if not fast:
            monkeypatch.setattr(link_sheets, "_parsed_fast", lambda *_: False)
        tables = cg.load(place)
        assert tables.links is not None
        frame = collected(tables.links.frame.sort("row").select("row", *LINKS.names))
        problems = [(p.key, p.row, p.cells) for p in tables.problems]
        found.append((frame, problems, tables.ledger["links"]))
    pd.testing.assert_frame_equal(found[0][0], found[1][0])
    assert found[0][1:] == found[1][1:]
    frame, problems, count = found[0]
    (row,) = frame.to_dict("records")
    assert (row["supplier_id"], row["customer_id"], row["quantity"]) == ("1", "2", 12.5)
    assert (row["year"], row["as_of"], row["row"]) == ("2024-01-01", "2024-02-03", 2)
    assert [key for key, _, _ in problems] == ["blank_required", "negative", "link_to_nobody"]
    assert count == Count(4, 1, 0, 3)


UNCLEAN = """supplier_id,customer_id,product_id,quantity,unit,year,evidence,note
t,,,t,t,,,
A,B,N,"1,200",t,2024,reported,
A,B,N,１２,t,2024年,有据,合同
A,B,N,约5.5吨,,2023/6,,
B,A,无,-,t,n/a,,
无名,B,N,1,t,2024,,
A,B,N,7,t,2024,,一般
A,B,N,若干,t,2024,,
合计,,,9,,,,
supplier_id,customer_id,product_id,quantity,unit,year,evidence,note
注：以上为年报数,,,,,,,
A,B,N,1e3,t,2024,reported,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_unclean_rows_are_cleaned_whoever_reads_the_file(
    tmp_path: Path, encoding: str, delimiter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by DuckDB with the odd rows cleaned, or row by row: the same links, the same words."""
    place = folder(tmp_path / "data", [])
    text = UNCLEAN if delimiter == "," else UNCLEAN.replace('"1,200"', "1200").replace(",", ";")
    (place / "links.csv").write_bytes(text.encode(encoding))
    found = []
    for fast in (True, False):
        if not fast:
            monkeypatch.setattr(link_sheets, "_parsed_fast", lambda *_: False)
        tables = cg.load(place)
        assert tables.links is not None
        frame = collected(tables.links.frame.sort("row").select("row", *LINKS.names))
        problems = [(p.key, p.row, p.cells) for p in tables.problems]
        skipped = [seen.skipped for seen in tables.understood if seen.sheet.name == "links"]
        found.append((frame, problems, skipped, tables.ledger["links"]))
    pd.testing.assert_frame_equal(found[0][0], found[1][0])
    assert found[0][1:] == found[1][1:]
    frame, problems, skipped, count = found[0]
    assert frame["quantity"].tolist()[:3] == [1200.0, 12.0, 5.5]
    assert frame["year"].tolist()[:4] == ["2024", "2024", "2023-06", ""]
    assert [key for key, _, _ in problems] == ["link_to_nobody", "not_a_number"]
    assert skipped == [{"unit": (2,), "total": (10,), "heading": (11,), "remark": (12,)}]
    assert count == Count(8, 6, 0, 2)
