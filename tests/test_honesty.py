"""What must never happen: unknown read as zero, planned as supply, a guess as a report."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Rows, company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph.chain.model import Chain


@pytest.fixture
def line(tmp_path: Path) -> Chain:
    """Return a synthetic chain: 2 ORE -> IRON -> CAR, and SLAG that falls with IRON."""
    write_folder(
        tmp_path / "chain",
        products=[product("ORE"), product("IRON"), product("CAR", stage="final"), product("SLAG")],
        inputs=[
            needs("ORE", "IRON", 2),
            needs("IRON", "CAR", 1),
            needs("SLAG", "CAR", 3),
            needs("IRON", "SLAG", 0.5, kind="by_product"),
        ],
    )
    return cg.chains(tmp_path / "chain")


def table(  # noqa: PLR0913, PLR0917  one parameter a table
    tmp_path: Path,
    chain: Chain,
    companies: Rows,
    outputs: Rows = (),
    links: Rows = (),
    projects: Rows = (),
) -> pd.DataFrame:
    """Return the balance of a synthetic data folder."""
    tables = {"outputs": outputs, "links": links, "projects": projects}
    folder = write_folder(
        tmp_path / "data", companies=companies, **{k: v for k, v in tables.items() if v}
    )
    return cg.balance(cg.build(cg.load(folder), chain)).set_index("product_id")


def made(
    company_id: str, product_id: str, output: object = "", **more: object
) -> dict[str, object]:
    """Return an output row."""
    return {"company_id": company_id, "product_id": product_id, "output": output, **more}


def sold(quantity: object, **more: object) -> dict[str, object]:
    """Return a link of IRON from A to B."""
    ends = {"supplier_id": "A", "customer_id": "B", "product_id": "IRON"}
    return {**ends, "quantity": quantity, **more}


def test_links_of_several_years_are_one_year(tmp_path: Path, line: Chain) -> None:
    """The latest year counts; its rows add up."""
    links = [sold(100, year=2021), sold(90, year=2023), sold(10, year=2023)]
    rows = table(tmp_path, line, [company("A"), company("B")], [made("B", "CAR", 100)], links)
    assert rows.loc["IRON", "local_purchases"] == 100
    assert rows.loc["IRON", "supply"] == 100
    assert rows.loc["ORE", "demand"] == 200


def test_planned_rows_are_no_supply(tmp_path: Path, line: Chain) -> None:
    """Neither a planned link nor a planned output of an operating company supplies."""
    links = [sold(100, evidence="planned")]
    outputs = [made("B", "CAR", 100), made("C", "IRON", 100, evidence="planned")]
    companies = [company("A"), company("B"), company("C")]
    rows = table(tmp_path, line, companies, outputs, links)
    assert rows.loc["IRON", "supply"] == 0
    assert rows.loc["IRON", "state"] == "planned"
    assert rows.loc["IRON", "planned_supply"] == 100


def test_a_by_products_own_maker_makes_the_rest(tmp_path: Path, line: Chain) -> None:
    """Slag falls with iron (50 t); its unsized maker is implied to make what is missing of 300."""
    companies = [company("A"), company("B"), company("S")]
    outputs = [made("A", "IRON", 100), made("B", "CAR", 100), made("S", "SLAG")]
    row = table(tmp_path, line, companies, outputs).loc["SLAG"]
    assert (row["demand"], row["supply"], row["shortage"]) == (300, 300, 0)
    assert row["implied"]


def test_unknown_demand_makes_nobody_strong(tmp_path: Path, line: Chain) -> None:
    """One sized maker beside users of unknown size is weak: nobody knows whether it suffices."""
    rows = table(
        tmp_path, line, [company("A"), company("B")], [made("A", "IRON", 10), made("B", "CAR")]
    )
    assert np.isnan(rows.loc["IRON", "demand"])
    assert rows.loc["IRON", "state"] == "weak"


def test_unsized_makers_may_cover_a_shortage(tmp_path: Path, line: Chain) -> None:
    """Beside a maker of 10 t stands one without a figure: the shortage may be nothing."""
    outputs = [made("A", "IRON", 10), made("D", "IRON"), made("B", "CAR", 100)]
    companies = [company("A"), company("B"), company("D")]
    row = table(tmp_path, line, companies, outputs).loc["IRON"]
    assert (row["shortage"], row["shortage_low"]) == (90, 0)
    assert row["unsized_producers"] == ["D"]


def test_an_unsized_link_is_a_trade(tmp_path: Path, line: Chain) -> None:
    """A local link without a quantity leaves local purchases unknown, not zero."""
    links = [sold(""), {**sold(5), "supplier_id": "X", "supplier_name": "外地"}]
    outputs = [made("A", "IRON", 100), made("B", "CAR", 100)]
    row = table(tmp_path, line, [company("A"), company("B")], outputs, links).loc["IRON"]
    assert np.isnan(row["local_purchases"])
    assert np.isnan(row["latent_match"])
    assert row["outside_purchases"] == 5


def test_a_reported_purchase_is_a_need(tmp_path: Path, line: Chain) -> None:
    """A folder of links alone shows what local firms buy outside as a gap of unknown size."""
    links = [{**sold(500), "supplier_id": "X", "supplier_name": "外地", "product_id": "ORE"}]
    folder = write_folder(tmp_path / "data", companies=[company("B")], links=links)
    gaps = cg.gaps(cg.build(cg.load(folder), line), "upstream")
    row = gaps.set_index("product_id").loc["ORE"]
    assert row["state"] == "missing"
    assert row["users"] == ["B"]
    assert row["outside_purchases"] == 500
    assert np.isnan(row["demand"])


def test_an_operating_project_is_present(tmp_path: Path, line: Chain) -> None:
    """A project that operates makes its product, though nobody wrote how much."""
    projects = [
        {
            "project_id": "P",
            "name": "项目",
            "product_id": "IRON",
            "capacity": 1000,
            "stage": "operating",
            "region_code": "211382",
        }
    ]
    outputs = [made("B", "CAR", 100)]
    row = table(tmp_path, line, [company("B")], outputs, projects=projects).loc["IRON"]
    assert row["producers"] == ["P"]
    assert row["implied"]
    assert row["shortage"] == 0


def test_a_coarser_region_is_unknown(tmp_path: Path, line: Chain) -> None:
    """A firm somewhere in Chaoyang is neither in Lingyuan nor outside it."""
    companies = [company("A", region_code="2113"), company("B")]
    cluster = cg.build(
        cg.load(
            write_folder(tmp_path / "data", companies=companies, outputs=[made("A", "IRON", 1)])
        ),
        line,
    )
    assert cluster.companies_frame["place"].tolist() == ["unknown", "local"]


def test_a_plant_that_stands_still_makes_and_needs_nothing(tmp_path: Path, line: Chain) -> None:
    """An output of 0 is no supply, and its inputs are no gap."""
    outputs = [made("A", "IRON", 0), made("B", "CAR", 10)]
    rows = table(tmp_path, line, [company("A"), company("B")], outputs)
    assert rows.loc["IRON", "producers"] == []
    assert rows.loc["IRON", "presence"] == "idle"
    assert rows.loc["IRON", "state"] == "broken"
    assert rows.loc["ORE", "users"] == []


def test_a_utilisation_above_one_is_told(tmp_path: Path) -> None:
    """85 for 0.85 would make eighty-five times the capacity."""
    outputs = [{"company_id": "A", "product_id": "IRON", "capacity": 100, "utilisation": 85}]
    folder = write_folder(tmp_path / "data", companies=[company("A")], outputs=outputs)
    tables = cg.load(folder)
    assert [problem.key for problem in tables.problems] == ["above_one"]
    assert tables.outputs.empty


def test_calculated_figures_are_derived_at_best(tmp_path: Path, line: Chain) -> None:
    """A reported output times a reported coefficient is a calculation."""
    outputs = [made("B", "CAR", 100, evidence="reported")]
    rows = table(tmp_path, line, [company("B")], outputs)
    assert rows.loc["IRON", "evidence"] == "expert"
    assert rows.loc["CAR", "evidence"] == "reported"


def test_a_chain_without_gates_ranks_its_targets(tmp_path: Path) -> None:
    """A blank gate is unknown, not closed."""
    chain = write_folder(
        tmp_path / "chain",
        products=[product("M", recruit_gate=""), product("N", recruit_gate="")],
        inputs=[needs("N", "M", 1)],
    )
    folder = write_folder(
        tmp_path / "data", companies=[company("A")], outputs=[made("A", "M", 100)]
    )
    targets = cg.targets(cg.build(cg.load(folder), cg.chains(chain)), "en")
    assert targets["rank"].tolist() == [1]
    assert "No gate is recorded; check first." in targets["reasons"][0]


def test_parents_in_a_ring_are_told(tmp_path: Path, line: Chain) -> None:
    """Two firms that are each other's parents are shown as a problem, and the rest works."""
    companies = [company("A", parent_id="B"), company("B", parent_id="A")]
    folder = write_folder(tmp_path / "data", companies=companies, outputs=[made("A", "IRON", 100)])
    tables = cg.load(folder)
    assert [problem.key for problem in tables.problems] == ["parent_cycle", "parent_cycle"]
    cluster = cg.build(tables, line, anchor="A")
    assert cluster.anchor == frozenset({"A"})
    assert cg.report(cluster, tmp_path / "out", "en")


def test_products_of_other_chains_are_no_fault(tmp_path: Path) -> None:
    """Asking for the steel chain alone leaves sound rows about cars out, without a word."""
    cluster = cg.build(cg.load(), cg.chains("steel"))
    assert cluster.tables.problems == ()
    assert "A_HTRUCK" not in set(cluster.makers["product_id"])
    assert cluster.tables.ledger["outputs"].rejected == 0
    assert not list(tmp_path.iterdir())
