"""How sure a rank is, against draws that are worked out on paper."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import needs, product, write_folder

import cluster_graph as cg
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.likely import Drawn, drawn
from cluster_graph.targets import ranks
from cluster_graph.targets.ranks import drawn_components, rank_ranges
from cluster_graph.targets.recruitability import market, unlocked
from cluster_graph.targets.score import COMPONENTS, score
from cluster_graph.targets.weights import read_weights

NEED = {**dict.fromkeys(COMPONENTS, 0.0), "need": 1.0}


def rows(**columns: list[object]) -> pd.DataFrame:
    """Return targets that nothing is known of but what is given."""
    size = len(next(iter(columns.values())))
    blank = {
        **dict.fromkeys(("added", "headroom", "smallest", "planned_supply"), [np.nan] * size),
        "planned_producers": [[]] * size,
        "users": [["U"]] * size,
    }
    return pd.DataFrame({**blank, **columns})


def need_of(*values: float) -> pd.DataFrame:
    """Return components of targets of which only the need is known."""
    frame = pd.DataFrame(np.nan, index=range(len(values)), columns=list(COMPONENTS))
    return frame.assign(need=list(values))


def test_components_follow_the_draws() -> None:
    """
    A gap of 1 or 3 t at 100 million yuan a tonne; a plant takes 2 t; 1 t is planned.

    Need: v / (v + 100 million) = 1/2 and 3/4. Scale and market: 1/2 and, capped, 1. Momentum:
    all of the first gap is planned, a third of the second.
    """
    one = rows(smallest=[2.0], planned_producers=[["A"]], planned_supply=[1.0])
    found = drawn_components(
        one,
        need_of(0.1),
        Drawn(np.array([[1.0, 3.0]]), np.array([[1.0, 3.0]]), np.full((1, 2), 1e8)),
    )
    assert found["need"].tolist() == [[0.5, 0.75]]
    assert found["scale"].tolist() == [[0.5, 1.0]]
    assert found["market"].tolist() == [[0.5, 1.0]]
    assert found["momentum"][0] == pytest.approx([0.0, 2 / 3])
    assert np.isnan(found["fit"]).all()


def test_unknown_figures_keep_their_component() -> None:
    """Without a price or a demand nothing is drawn: what the target has stays."""
    nothing = np.full((1, 3), np.nan)
    found = drawn_components(rows(added=[np.nan]), need_of(0.4), Drawn(nothing, nothing, nothing))
    assert found["need"].tolist() == [[0.4] * 3]
    assert np.isnan(found["scale"]).all()
    assert np.isnan(found["market"]).all()


def test_a_market_is_what_buyers_here_take() -> None:
    """Known to be none without a user, unknown with users or a plant of unknown size."""
    nan = np.nan
    demand = np.array([5.0, 50.0, 0.0, 0.0, 5.0, nan])
    smallest = np.array([10.0, 10.0, 10.0, 10.0, nan, 10.0])
    users = np.array([True, True, False, True, True, True])
    assert market(demand, smallest, users) == pytest.approx([0.5, 1, 0, nan, nan, nan], nan_ok=True)


def test_only_what_is_made_here_is_unlocked(tmp_path: Path) -> None:
    """A reaches B and C in the chain; with nobody here who makes B, it unlocks nothing."""
    folder = write_folder(
        tmp_path / "own",
        products=[product(name) for name in "ABC"],
        inputs=[needs("A", "B", 1.0), needs("B", "C", 1.0)],
    )
    chain = cg.chains(folder)
    assert unlocked(chain, {"B", "C"}).to_dict() == {"A": 2, "B": 1, "C": 0}
    assert unlocked(chain, {"C"}).to_dict() == {"A": 0, "B": 1, "C": 0}


def test_ranks_by_hand() -> None:
    """
    Needs of 0.9, of 0.2 or 0.8 (half of the draws each), and of 0.5; the fourth is gated.

    The first is always first; the second is third or second, and so is the third the other
    way round.
    """
    draws = 100
    need = np.array(
        [
            [0.9] * draws,
            [0.2, 0.8] * (draws // 2),
            [0.5] * draws,
            [1.0] * draws,
        ]
    )
    components = {name: np.full(need.shape, np.nan) for name in COMPONENTS} | {"need": need}
    listed = pd.Series([True, True, True, False], index=list("abcd"))
    found = rank_ranges(components, NEED, listed)
    assert found.loc["a"].tolist() == [1.0, 1.0, 1.0]
    assert found.loc["b"].tolist() == [2.0, 3.0, 1.0]
    assert found.loc["c"].tolist() == [2.0, 3.0, 1.0]
    assert found.loc["d"].isna().all()


def test_weights_are_drawn_too() -> None:
    """One target is all need, the other all fit: weighed alike, either comes first."""
    draws = 1_000
    components = {name: np.full((2, draws), np.nan) for name in COMPONENTS}
    components["need"] = np.repeat([[1.0], [0.0]], draws, axis=1)
    components["fit"] = np.repeat([[0.0], [1.0]], draws, axis=1)
    even = {**dict.fromkeys(COMPONENTS, 0.0), "need": 0.5, "fit": 0.5}
    found = rank_ranges(components, even, pd.Series([True, True]))
    assert found[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    firm = {**even, "need": 0.9, "fit": 0.1}
    found = rank_ranges(components, firm, pd.Series([True, True]))
    assert found[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [2, 2]]


def test_typical_values_give_the_rank_itself(
    lingyuan: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One draw at the typical values, with firm weights, is the ranking of the list."""
    targets = cg.targets(lingyuan).set_index("product_id", drop=False)
    components = pd.DataFrame(list(targets["components"]), index=targets.index).astype(float)
    typical = {name: components[[name]].to_numpy() for name in COMPONENTS}
    monkeypatch.setattr(ranks, "FIRMNESS", 1e12)
    found = rank_ranges(typical, read_weights().target, targets["listed"] == "recruit")
    ranked = targets["listed"] == "recruit"
    # Equal scores may change places; the list breaks ties by value.
    points = score(components, read_weights().target)["score"][ranked]
    clear = ~points.round(9).duplicated(keep=False)
    same = found["rank_low"][ranked][clear].astype(int)
    assert same.tolist() == targets["rank"][ranked][clear].astype(int).tolist()


def test_ranges_of_the_shipped_targets(lingyuan: Cluster) -> None:
    """Ten places are shared out; gated targets have none; equal data give equal ranges."""
    targets = cg.targets(lingyuan)
    ranked = targets[targets["listed"] == "recruit"]
    assert ranked["p_top10"].sum() == pytest.approx(10)
    assert (ranked["rank_low"] <= ranked["rank_high"]).all()
    assert targets[targets["listed"] != "recruit"]["rank_low"].isna().all()
    again = cg.targets(lingyuan)
    pd.testing.assert_series_equal(targets["p_top10"], again["p_top10"])


def test_draws_of_some_products_are_those_of_all(lingyuan: Cluster) -> None:
    """Asking for fewer products changes no figure of theirs."""
    balance = cg.balance(lingyuan)
    every = np.ones(len(balance), dtype=bool)
    some = (balance["shortage"] > 0).to_numpy()
    one, other = drawn(lingyuan, balance, every, 20), drawn(lingyuan, balance, some, 20)
    np.testing.assert_array_equal(one.shortage[some], other.shortage)
    np.testing.assert_array_equal(one.price[some], other.price)
