"""How sure the gaps are: draws, likely ranges and levers, worked out on paper."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import company, needs, product, write_folder
from scipy import stats

import cluster_graph as cg
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.activity import activity
from cluster_graph.gaps.draws import Model, triangular
from cluster_graph.gaps.likely import levers, likely


@pytest.fixture
def mill(tmp_path: Path) -> Cluster:
    """A mill of 10 t that buys 2 (1 to 4) t of ore at 100 (80 to 150) yuan and 1 t of coal."""
    chain = write_folder(
        tmp_path / "chain",
        products=[
            product("ORE", price=100, price_low=80, price_high=150, min_efficient_scale=25),
            product("COAL", price=50),
            product("METAL", price=400),
        ],
        inputs=[
            needs("ORE", "METAL", 2, low=1, high=4, source="炉前记录"),
            needs("COAL", "METAL", 1, low=1, high=1),
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A")],
        outputs=[{"company_id": "A", "product_id": "METAL", "output": 10}],
    )
    return cg.build(cg.load(data), cg.chains(chain))


@pytest.mark.parametrize("ends", [(1.0, 2.0, 4.0), (0.0, 0.0, 3.0), (1.0, 5.0, 5.0)])
def test_triangular_is_the_textbook_distribution(ends: tuple[float, float, float]) -> None:
    """Against scipy's own quantile function."""
    low, mode, high = ends
    chance = np.linspace(0.001, 0.999, 41)[None, :]
    own = triangular(np.array([ends]), chance)[0]
    theirs = stats.triang.ppf(chance[0], (mode - low) / (high - low), low, high - low)
    np.testing.assert_allclose(own, theirs, atol=1e-12)


def test_a_range_of_nothing_gives_its_value() -> None:
    """Where low and high are equal there is nothing to draw."""
    assert triangular(np.full((1, 3), 7.0), np.array([[0.1, 0.9]])).tolist() == [[7.0, 7.0]]


def test_model_is_the_balance(lingyuan: Cluster) -> None:
    """Side by side or one by one, low, typical and high coefficients give the same demand."""
    model, balance = Model(activity(lingyuan)), cg.balance(lingyuan)
    demand, supply = model.solve(model.needs.ends(), model.falls.ends(), model.outputs)
    for place, name in enumerate(("demand_low", "demand", "demand_high")):
        known = balance[name].notna()
        np.testing.assert_allclose(demand[known, place], balance.loc[known, name], rtol=1e-9)
    known = balance["supply"].notna()
    np.testing.assert_allclose(supply[known, 1], balance.loc[known, "supply"], rtol=1e-9)


def test_likely_range_of_one_coefficient(mill: Cluster) -> None:
    """
    Ore: 10 t of metal times a triangular (1, 2, 4) coefficient.

    The 5 and 95 percent points of that distribution are 1 + sqrt(0.05 x 3 x 1) = 1.3873 and
    4 - sqrt(0.05 x 3 x 2) = 3.4523; a plant of 25 t is carried when the coefficient exceeds
    2.5, (4 - 2.5)^2 / (3 x 2) = 0.375 of the time. Draws come close, not exactly.
    """
    found = likely(mill, cg.balance(mill), draws=20_000).products
    assert found.loc["ORE", "shortage_5"] == pytest.approx(13.873, rel=0.01)
    assert found.loc["ORE", "shortage_95"] == pytest.approx(34.523, rel=0.01)
    assert found.loc["ORE", "p_plant"] == pytest.approx(0.375, abs=0.015)
    assert found.loc["ORE", "p_short"] == 1.0
    assert found.loc["COAL", ["shortage_5", "shortage_95"]].tolist() == [10.0, 10.0]
    assert found.loc["COAL", ["value_5", "value_95"]].tolist() == [500.0, 500.0]
    assert np.isnan(found.loc["COAL", "p_plant"])


def test_equal_data_give_equal_draws(mill: Cluster) -> None:
    """The seed is fixed: a report of today is the report of tomorrow."""
    balance = cg.balance(mill)
    one, other = likely(mill, balance), likely(mill, balance)
    pd.testing.assert_frame_equal(one.products, other.products)
    assert one.value == other.value
    assert one.draws == 1_000


def test_levers_of_a_product(mill: Cluster) -> None:
    """Only the ore per tonne moves the shortage of ore: 10 to 40 t."""
    found = levers(mill, cg.balance(mill), "ORE")
    assert found[["kind", "input_id", "output_id"]].to_numpy().tolist() == [
        ["input", "ORE", "METAL"]
    ]
    assert found.loc[0, ["at_low", "at_high", "swing"]].tolist() == [10.0, 40.0, 30.0]
    assert found.loc[0, "companies"] == ["A"]
    assert found.loc[0, "source"] == "炉前记录"


def test_levers_of_the_whole(mill: Cluster) -> None:
    """
    Value of all shortages, 10 x (2 x 100 + 1 x 50) = 2500 yuan, at either end.

    The coefficient of ore: 10 x (1 x 100 + 50) = 1500 to 10 x (4 x 100 + 50) = 4500. Its
    price: 10 x (2 x 80 + 50) = 2100 to 10 x (2 x 150 + 50) = 3500.
    """
    found = levers(mill, cg.balance(mill))
    told = found[["kind", "input_id", "at_low", "at_high", "swing"]].to_numpy().tolist()
    assert told == [
        ["input", "ORE", 1500.0, 4500.0, 3000.0],
        ["price", "ORE", 2100.0, 3500.0, 1400.0],
    ]


def test_what_hangs_on_an_implied_maker(tmp_path: Path) -> None:
    """
    Coke is made here, nobody knows how much: its coal hangs on the coke per tonne of iron.

    Iron 100 t takes 0.5 (0.4 to 0.6) t of coke, coke takes 1.4 t of coal: 70 t, 56 to 84.
    """
    chain = write_folder(
        tmp_path / "chain",
        products=[product("COAL"), product("COKE"), product("IRON")],
        inputs=[
            needs("COAL", "COKE", 1.4, low=1.4, high=1.4),
            needs("COKE", "IRON", 0.5, low=0.4, high=0.6),
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A"), company("B")],
        outputs=[
            {"company_id": "A", "product_id": "IRON", "output": 100},
            {"company_id": "B", "product_id": "COKE"},
        ],
    )
    cluster = cg.build(cg.load(data), cg.chains(chain))
    found = levers(cluster, cg.balance(cluster), "COAL")
    assert found[["input_id", "output_id"]].to_numpy().tolist() == [["COKE", "IRON"]]
    assert found.loc[0, ["at_low", "at_high"]].tolist() == pytest.approx([56.0, 84.0])


def test_draws_stay_between_the_ends(lingyuan: Cluster) -> None:
    """A likely range lies inside the range of all coefficients at one end."""
    balance = cg.balance(lingyuan).set_index("product_id")
    found = likely(lingyuan, cg.balance(lingyuan)).products
    ends = balance.loc[found.index]
    certain = ends["unsized_producers"].map(len) == 0
    assert (found["shortage_5"] >= ends["shortage_low"] - 1e-6)[certain].all()
    assert (found["shortage_95"] <= ends["shortage_high"] * (1 + 1e-9) + 1e-6).all()


def test_nothing_short_is_no_error(tmp_path: Path) -> None:
    """A cluster that needs nothing has no range and no lever."""
    chain = write_folder(
        tmp_path / "chain", products=[product("METAL")], inputs=[needs("METAL", "METAL", 0.1)]
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A")],
        outputs=[{"company_id": "A", "product_id": "METAL", "output": 10}],
    )
    cluster = cg.build(cg.load(data), cg.chains(chain))
    found = likely(cluster, cg.balance(cluster))
    assert found.products.loc["METAL", "p_short"] == 0.0
    assert all(np.isnan(found.value))
    assert levers(cluster, cg.balance(cluster)).empty


def test_outputs_with_a_range(tmp_path: Path) -> None:
    """
    The mill makes 10 kt (8 to 12 kt), 2 (1 to 4) t of ore a tonne; a mine makes 5 kt (4 to 6).

    Need of ore: 20 kt, 8 x 1 = 8 to 12 x 4 = 48. Shortage: 20 - 5 = 15, 8 - 6 = 2 to 48 - 4 =
    44. With all else typical the mill's output moves it from 16 - 5 = 11 to 24 - 5 = 19, the
    mine's from 20 - 4 = 16 to 20 - 6 = 14. A range that does not hold its output is not used.
    """
    chain = write_folder(
        tmp_path / "chain",
        products=[product("ORE", price=100), product("METAL"), product("SLAG")],
        inputs=[
            needs("ORE", "METAL", 2, low=1, high=4),
            needs("METAL", "SLAG", 0.1, kind="by_product", low=0.05, high=0.2),
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A"), company("B"), company("C")],
        outputs=[
            {
                "company_id": "A",
                "product_id": "METAL",
                "output": 10,
                "output_low": 8,
                "output_high": 12,
                "unit": "kt",
            },
            {
                "company_id": "B",
                "product_id": "ORE",
                "output": "5千吨",
                "output_low": "4000吨",
                "output_high": "6千吨",
                "unit": "",
            },
            {"company_id": "C", "product_id": "SLAG", "output": 7, "output_low": 9, "unit": "t"},
        ],
    )
    cluster = cg.build(cg.load(data), cg.chains(chain))
    assert [(p.key, p.row) for p in cluster.tables.problems] == [("output_order", 4)]
    balance = cg.balance(cluster)
    table = balance.set_index("product_id")
    ends = ["demand_low", "demand", "demand_high"]
    assert table.loc["ORE", ends].tolist() == [8000, 20000, 48000]
    assert table.loc["ORE", ["supply_low", "supply", "supply_high"]].tolist() == [4000, 5000, 6000]
    short = ["shortage_low", "shortage", "shortage_high"]
    assert table.loc["ORE", short].tolist() == [2000, 15000, 44000]
    # Slag falls: 0.05 x 8 = 0.4 kt to 0.2 x 12 = 2.4 kt, and C makes 7 t.
    assert table.loc["SLAG", ["supply_low", "supply", "supply_high"]].tolist() == [407, 1007, 2407]
    found = levers(cluster, balance, "ORE").set_index(["kind", "input_id"])
    told = found[["at_low", "at_high"]].astype(int)
    assert told.loc[("output", "METAL")].tolist() == [11000, 19000]
    assert told.loc[("output", "ORE")].tolist() == [16000, 14000]
    assert told.loc[("input", "ORE")].tolist() == [5000, 35000]
    likely_range = likely(cluster, balance).products.loc["ORE"]
    assert 2000 < likely_range["shortage_5"] < 15000 < likely_range["shortage_95"] < 44000
