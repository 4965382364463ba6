"""Local content, worked out on paper."""

from pathlib import Path

import pandas as pd
import pytest
from conftest import company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph.gaps.content import local_content


def content(tmp_path: Path, outputs: list[dict[str, object]], **firms: object) -> pd.DataFrame:
    """
    A car (100 yuan) of one A (10) and one B (30); A of half a C (10); B of nothing known.

    Indexed by level and id.
    """
    chain = write_folder(
        tmp_path / "chain",
        products=[
            product("C", price=10),
            product("A", price=10),
            product("B", price=30),
            product("D"),
            product("CAR", price=100, stage="final"),
        ],
        inputs=[
            needs("C", "A", 0.5),
            needs("A", "CAR", 1, low=0.5, high=2),
            needs("B", "CAR", 1),
            needs("D", "CAR", 1),
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[
            company("K", is_anchor="true"),
            company("L", **firms),
        ],
        outputs=outputs,
    )
    cluster = cg.build(cg.load(data), cg.chains(chain))
    return local_content(cluster, cg.balance(cluster)).set_index(["level", "id"])


def test_shares_add_up(tmp_path: Path) -> None:
    """
    Ten cars and ten A are made here.

    A car's inputs cost 10 + 30 = 40 yuan, of which A, 10, is made here: direct 0.25, and B,
    30 of 40, is missing. A yuan of A is local but for its C: (10 - 5) / 10 = 0.5, so that
    recursively 10 x 0.5 / 40 = 0.125. A itself buys 5 yuan of C and none of it here. The
    chain buys 10 x 40 + 10 x 5 = 450 yuan, of which 100 here. D has no price.
    """
    rows = [
        {"company_id": "K", "product_id": "CAR", "output": 10},
        {"company_id": "L", "product_id": "A", "output": 10},
    ]
    found = content(tmp_path, rows)
    car = found.loc[("product", "CAR")]
    assert car[["inputs_value", "direct", "recursive"]].tolist() == [400.0, 0.25, 0.125]
    assert car["missing"] == [{"product_id": "B", "share": 0.75}]
    assert car["unweighed"] == ["D"]
    assert found.loc[("product", "A"), "direct"] == 0.0
    assert found.loc[("company", "K"), "direct"] == 0.25
    chain = found.loc[("chain", "toy")]
    assert chain[["inputs_value", "direct"]].tolist() == [450.0, pytest.approx(100 / 450)]
    lost = {part["product_id"]: part["share"] for part in chain["missing"]}
    assert lost == pytest.approx({"B": 300 / 450, "C": 50 / 450})
    assert sum(lost.values()) == pytest.approx(1 - chain["direct"])


def test_ends_of_the_coefficient(tmp_path: Path) -> None:
    """Ten cars need 5 to 20 A; of ten made here, 50 to 100 percent of the need is covered."""
    rows = [
        {"company_id": "K", "product_id": "CAR", "output": 10},
        {"company_id": "L", "product_id": "A", "output": 10},
    ]
    car = content(tmp_path, rows).loc[("product", "CAR")]
    assert car[["direct_low", "direct", "direct_high"]].tolist() == [0.125, 0.25, 0.25]


def test_short_supply_counts_by_its_part(tmp_path: Path) -> None:
    """Four A for ten cars: A covers 0.4 of the need, 4 of 40 yuan."""
    rows = [
        {"company_id": "K", "product_id": "CAR", "output": 10},
        {"company_id": "L", "product_id": "A", "output": 4},
    ]
    car = content(tmp_path, rows).loc[("product", "CAR")]
    assert car["direct"] == pytest.approx(0.1)
    lost = {part["product_id"]: part["share"] for part in car["missing"]}
    assert lost == pytest.approx({"B": 0.75, "A": 0.15})


def test_unknown_size_is_a_range(tmp_path: Path) -> None:
    """Cars and A of unknown size: A may be all here or not at all; no yuan a year is known."""
    rows = [
        {"company_id": "K", "product_id": "CAR", "output": ""},
        {"company_id": "L", "product_id": "A", "output": ""},
    ]
    car = content(tmp_path, rows).loc[("product", "CAR")]
    assert car[["direct_low", "direct", "direct_high"]].tolist() == [0.0, 0.25, 0.25]
    assert pd.isna(car["inputs_value"])


def test_a_subsidiary_makes_for_its_anchor(tmp_path: Path) -> None:
    """What L makes counts for K, which owns it: (100 + 0) of (400 + 50) yuan."""
    rows = [
        {"company_id": "K", "product_id": "CAR", "output": 10},
        {"company_id": "L", "product_id": "A", "output": 10},
    ]
    found = content(tmp_path, rows, parent_id="K")
    assert found.loc[("company", "K"), "direct"] == pytest.approx(100 / 450)


def test_inputs_dearer_than_the_product(tmp_path: Path) -> None:
    """A product that costs more than it brings is no error, and neither is a ring of them."""
    chain = write_folder(
        tmp_path / "chain",
        products=[product("P", price=1), product("Q", price=10)],
        inputs=[needs("P", "Q", 0.9), needs("Q", "P", 0.9)],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("K")],
        outputs=[
            {"company_id": "K", "product_id": "P", "output": 1000},
            {"company_id": "K", "product_id": "Q", "output": 1000},
        ],
    )
    cluster = cg.build(cg.load(data), cg.chains(chain))
    found = local_content(cluster, cg.balance(cluster)).set_index(["level", "id"])
    assert found.loc[("chain", "toy"), ["direct", "recursive"]].tolist() == pytest.approx([1, 1])
