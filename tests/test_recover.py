"""A hidden product comes back: the synthetic complete cluster of the benchmark, in small."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

import cluster_graph as cg
from cluster_graph.chain.model import Chain


@pytest.fixture(scope="module")
def recover() -> ModuleType:
    """Return `benchmarks/recover.py`, which is no package."""
    path = Path(__file__).parents[1] / "benchmarks" / "recover.py"
    spec = importlib.util.spec_from_file_location("recover", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["recover"] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


def test_nothing_is_short_where_every_need_is_met(recover: ModuleType) -> None:
    """The complete clusters have no upstream gap at all, with or without a figure."""
    assert recover.open_before("all", 1.0, 1) == [0]
    assert recover.open_before(4, 1.0, 2) == [0, 0]


def test_everybody_ranks_the_same_candidates(recover: ModuleType) -> None:
    """The hidden product alone where all else is made; chance and the best agree on it."""
    place = recover.recovered(recover.Masked("A_TYRE", "all", 0.0, 1.0, 0))
    assert place.is_open
    assert place.candidates["ranked"] == 1
    found = place.found["ranked"]
    assert {found[name] for name in found if name != "all products"} == {(1.0, 1.0, 1.0)}
    assert found["all products"][0] < 0.1


def test_nothing_tells_what_was_hidden(recover: ModuleType) -> None:
    """The hidden product and the absent ones leave the outputs alike."""
    asked = recover.Masked("A_TYRE", 12, 0.5, 1.0, 1)
    products = recover.whole(12, 1)
    assert "A_TYRE" in products
    made = set(recover.left(recover.shipped(), asked)["product_id"])
    hideable = recover.hideable(recover.shipped(), products)
    absent = [name for name in hideable if name not in made]
    assert "A_TYRE" in absent
    assert len(absent) == 1 + round(0.5 * (len(hideable) - 1))


@pytest.mark.parametrize("name", ["S_REFRAC", "A_TYRE", "N_SIZING"])
def test_a_hidden_product_comes_back(recover: ModuleType, shipped_chain: Chain, name: str) -> None:
    """Among the first five, with reasons, and with all of what it supplied as its shortage."""
    products = recover.maskable(shipped_chain, shipped_chain.names)
    outputs = recover.complete(shipped_chain, products, 1.0)
    full = cg.balance(recover.built(shipped_chain, outputs)).set_index("product_id")
    rest = recover.built(shipped_chain, outputs[outputs["product_id"] != name])
    targets = cg.targets(rest).set_index("product_id", drop=False)
    row = targets.loc[name]
    assert row["rank"] <= 5
    assert row["reasons"]
    assert row["shortage"] == pytest.approx(full.loc[name, "demand"])


def test_ties_share_their_places(recover: ModuleType) -> None:
    """One score above, two equal: place 2 or 3 on average (1/2 + 1/3) / 2; hit among five."""
    mrr, five, ten = recover.expected(recover.np.array([3.0, 1.0, 1.0, 0.0]), 1.0)
    assert mrr == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert (five, ten) == (1.0, 1.0)
    assert recover.expected(recover.np.zeros(20), 0.0)[1:] == (0.25, 0.5)
