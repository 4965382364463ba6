"""What the reported links say beside the balance, worked out on paper."""

from pathlib import Path

import pandas as pd
import pytest
from conftest import company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.activity import activity
from cluster_graph.gaps.needs import company_needs
from cluster_graph.gaps.trade import TradeFindings, concentration, trade
from cluster_graph.views.explanation import blocks


def link(supplier: str, customer: str, what: str, quantity: object) -> dict[str, object]:
    """Return a reported link; X and Y are outside."""
    return {
        "supplier_id": supplier,
        "customer_id": customer,
        "product_id": what,
        "quantity": quantity,
        "supplier_name": supplier,
        "evidence": "reported",
    }


@pytest.fixture
def works(tmp_path: Path) -> Cluster:
    """Two ironworks A (100 t) and C (20 t), a coke plant B (40 t), a caster D of unknown size."""
    chain = write_folder(
        tmp_path / "chain",
        products=[product("ORE"), product("COKE"), product("IRON"), product("CAST")],
        inputs=[
            needs("ORE", "IRON", 1.5, low=1.4, high=1.6),
            needs("COKE", "IRON", 0.5, low=0.4, high=0.6),
            needs("IRON", "CAST", 1.0),
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A"), company("B"), company("C"), company("D")],
        outputs=[
            {"company_id": "A", "product_id": "IRON", "output": 100},
            {"company_id": "C", "product_id": "IRON", "output": 20},
            {"company_id": "B", "product_id": "COKE", "output": 40},
            {"company_id": "D", "product_id": "CAST"},
        ],
        links=[
            link("B", "A", "COKE", 30),
            link("X", "C", "COKE", 10),
            link("X", "A", "ORE", 500),
            link("Y", "A", "ORE", 100),
            link("A", "D", "IRON", 250),
        ],
    )
    return cg.build(cg.load(data), cg.chains(chain))


@pytest.fixture
def found(works: Cluster) -> TradeFindings:
    """What the links of the works say."""
    return trade(works, cg.balance(works))


def test_needs_of_each_company(works: Cluster) -> None:
    """A: 150 t of ore (140 to 160) and 50 of coke; D makes castings, nobody knows how many."""
    rows = company_needs(activity(works)).set_index(["company_id", "product_id"])
    assert rows.loc[("A", "ORE"), ["need_low", "need", "need_high"]].tolist() == [140, 150, 160]
    assert rows.loc[("C", "COKE"), "need"] == 10
    assert rows.loc[("A", "COKE"), "made"] == ["IRON"]
    assert pd.isna(rows.loc[("D", "IRON"), "need"])


def test_who_could_trade(found: TradeFindings) -> None:
    """
    B makes 40 t of coke and sells 30 to A; C needs 10 and buys them from X.

    So B has 10 left for C. C has 20 t of iron for D, whose need nobody knows. B and A trade
    already, and so do A and D.
    """
    pairs = found.pairs.set_index(["supplier_id", "customer_id", "product_id"])
    assert list(pairs.index) == [("B", "C", "COKE"), ("C", "D", "IRON")]
    coke = pairs.iloc[0]
    assert coke[["quantity", "free", "open_need", "doubt"]].tolist() == [10.0, 10.0, 10.0, "grade"]
    assert coke["buys_outside_from"] == ["X"]
    iron = pairs.iloc[1]
    assert pd.isna(iron["quantity"])
    assert iron[["free", "doubt"]].tolist() == [20.0, "size"]


def test_concentration_of_suppliers(found: TradeFindings) -> None:
    """Coke: 30 and 10 of 40, 0.75^2 + 0.25^2 = 0.625. Ore: 500 and 100 of 600, 26 of 36."""
    rows = found.concentration.set_index("product_id")
    assert rows.loc["COKE", "hhi"] == pytest.approx(0.625)
    assert rows.loc["ORE", "hhi"] == pytest.approx(26 / 36)
    assert rows.loc["COKE", ["suppliers", "largest_id", "basis"]].tolist() == [2, "B", "quantity"]
    assert rows.loc["COKE", "largest_share"] == 0.75


def test_concentration_needs_whole_amounts() -> None:
    """With one link unsized and all valued, shares go by value; with neither, none is given."""
    ties = pd.DataFrame(
        {
            "product_id": ["P", "P", "Q"],
            "supplier_id": ["A", "B", "A"],
            "quantity": [float("nan"), 5.0, float("nan")],
            "value": [30.0, 10.0, float("nan")],
        }
    )
    rows = concentration(ties).set_index("product_id")
    assert rows.loc["P", ["hhi", "basis"]].tolist() == [0.625, "value"]
    assert pd.isna(rows.loc["Q", "hhi"])


def test_single_sources(found: TradeFindings) -> None:
    """A has one coke supplier and two of ore; C and D one supplier each."""
    told = found.single_source[["customer_id", "product_id", "supplier_id", "supplier_place"]]
    assert told.to_numpy().tolist() == [
        ["A", "COKE", "B", "local"],
        ["C", "COKE", "X", "outside"],
        ["D", "IRON", "A", "local"],
    ]
    assert found.single_source["essential"].all()


def test_coverage_by_evidence(found: TradeFindings) -> None:
    """Links explain 40 of the 60 t of coke that 120 t of iron need."""
    row = found.coverage.set_index("product_id").loc["COKE"]
    assert row[["evidence", "quantity", "demand"]].tolist() == ["reported", 40.0, 60.0]
    assert row["share"] == pytest.approx(2 / 3)


def test_links_that_cannot_be(found: TradeFindings) -> None:
    """A buys 600 t of ore and can use 160; it sells 250 t of iron and makes 100."""
    told = found.contradictions[["company_id", "product_id", "kind", "reported", "times"]]
    assert told.to_numpy().tolist() == [
        ["A", "ORE", "buys", 600.0, 3.75],
        ["A", "IRON", "sells", 250.0, 2.5],
    ]


def test_no_links_no_findings(lingyuan: Cluster) -> None:
    """The shipped data hold no links: every table is there, with its columns, and empty."""
    found = trade(lingyuan, cg.balance(lingyuan))
    assert found.pairs.empty
    assert list(found.concentration.columns)[:3] == ["product_id", "suppliers", "hhi"]


def test_explain_shows_the_links_behind_a_purchase(works: Cluster) -> None:
    """The 40 t of coke that local works are reported to buy are 30 from B and 10 from X."""
    found = cg.explain(works, "COKE").links
    told = found[["supplier_id", "customer_id", "supplier_place", "quantity"]].to_numpy().tolist()
    assert told == [["B", "A", "local", 30.0], ["X", "C", "outside", 10.0]]
    shown = blocks(cg.explain(works, "COKE"), works, "en")
    links = next(block for block in shown if block.title.startswith("Links"))
    assert links.rows[1][:3] == ["X (outside)", "企业C (local)", "10 t"]
