"""The cluster from one firm's desk, worked out on paper."""

from pathlib import Path

import pandas as pd
import pytest
from conftest import company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph.gaps.anchor import AnchorView, anchor_view


def view(tmp_path: Path, links: list[dict[str, object]]) -> AnchorView:
    """
    A mill M with a subsidiary S, seen by its alias.

    M makes 100 t of steel from 50 t of iron, of which S makes 20, and 10 t of lime; slag
    falls beside it, 0.3 t a tonne. L makes lime here, F forges 40 t of parts out of 1 t of
    steel each, W welds parts.
    """
    chain = write_folder(
        tmp_path / "chain",
        products=[
            product("LIME", price=10),
            product("IRON", price=100),
            product("STEEL", price=200),
            product("SLAG", stage="by_product"),
            product("PART"),
            product("FRAME"),
        ],
        inputs=[
            needs("IRON", "STEEL", 0.5),
            needs("LIME", "STEEL", 0.1),
            needs("STEEL", "SLAG", 0.3, kind="by_product"),
            needs("STEEL", "PART", 1),
            needs("PART", "FRAME", 2),
        ],
    )
    tables: dict[str, list[dict[str, object]]] = {
        "companies": [
            company("M", alias="老钢厂"),
            company("S", parent_id="M"),
            company("L"),
            company("F"),
            company("W"),
        ],
        "outputs": [
            {"company_id": "M", "product_id": "STEEL", "output": 100},
            {"company_id": "S", "product_id": "IRON", "output": 20},
            {"company_id": "L", "product_id": "LIME", "output": 6},
            {"company_id": "F", "product_id": "PART", "output": 40},
            {"company_id": "W", "product_id": "FRAME"},
        ],
    }
    if links:
        tables["links"] = links
    data = write_folder(tmp_path / "data", **tables)
    cluster = cg.build(cg.load(data), cg.chains(chain), anchor="老钢厂")
    return anchor_view(cluster, cg.balance(cluster))


def link(supplier: str, customer: str, what: str, quantity: float) -> dict[str, object]:
    """Return a reported link."""
    return {
        "supplier_id": supplier,
        "customer_id": customer,
        "product_id": what,
        "quantity": quantity,
        "supplier_name": supplier,
        "customer_name": customer,
    }


def test_purchases_and_sales_without_links(tmp_path: Path) -> None:
    """
    It needs 50 t of iron and makes 20; it needs 10 t of lime, which L alone makes here.

    Of 100 t of steel F takes 40, so 60 leave; nobody here takes its 30 t of slag.
    """
    found = view(tmp_path, [])
    bought = found.purchases.set_index("product_id")
    assert list(bought.index) == ["IRON", "LIME"]
    assert bought.loc["IRON", ["need", "own"]].tolist() == [50.0, 20.0]
    assert bought.loc["IRON", "makers_here"] == []
    assert bought.loc["LIME", ["need", "need_low", "need_high"]].tolist() == pytest.approx(
        [10.0, 9.0, 11.0]
    )
    assert bought.loc["LIME", "makers_here"] == ["L"]
    assert bought["single_source"].tolist() == [False, True]
    assert bought["bought_here"].isna().all()
    sold = found.sales.set_index("product_id")
    assert sold.loc["STEEL", ["output", "own_use", "left"]].tolist() == [100.0, 0.0, 60.0]
    assert sold.loc["STEEL", "users_here"] == ["F"]
    assert sold.loc["SLAG", "output"] == pytest.approx(30.0)
    assert "IRON" not in sold.index


def test_tiers_are_inferred_where_nothing_is_reported(tmp_path: Path) -> None:
    """L feeds it; F takes from it, W from F."""
    around = view(tmp_path, []).around
    told = around[["side", "tier", "company_id", "via", "evidence"]].to_numpy().tolist()
    assert told == [
        ["up", 1, "L", "", "inferred"],
        ["down", 1, "F", "", "inferred"],
        ["down", 2, "W", "F", "inferred"],
    ]
    assert around.loc[0, "products"] == ["LIME"]


def test_reported_ties_speak_alone(tmp_path: Path) -> None:
    """With links of its own, only they count: lime from outside X, which buys from Y."""
    rows = [link("X", "M", "LIME", 8), link("Y", "S", "IRON", 5), link("M", "F", "STEEL", 30)]
    found = view(tmp_path, rows)
    lime = found.purchases.set_index("product_id").loc["LIME"]
    assert lime[["bought_here", "bought_outside", "single_source"]].tolist() == [0.0, 8.0, True]
    assert lime["suppliers_outside"] == ["X"]
    steel = found.sales.set_index("product_id").loc["STEEL"]
    assert (steel["customers_here"], steel["customers_outside"]) == (["F"], [])
    told = found.around[["side", "tier", "company_id", "place"]].to_numpy().tolist()
    assert told == [
        ["up", 1, "X", "outside"],
        ["up", 1, "Y", "outside"],
        ["down", 1, "F", "local"],
    ]


def test_content_of_each_of_its_products(tmp_path: Path) -> None:
    """Steel: 50 yuan of iron, of which 20 of 50 t here, and 1 of lime, 6 of 10 t here."""
    content = view(tmp_path, []).content.set_index("id")
    assert content.loc["STEEL", "direct"] == pytest.approx((50 * 0.4 + 1 * 0.6) / 51)


def test_an_unknown_need_is_a_lower_bound(tmp_path: Path) -> None:
    """A second product of unknown size that takes lime too makes the need of lime a floor."""
    chain = write_folder(
        tmp_path / "c",
        products=[product("LIME"), product("STEEL"), product("GLASS")],
        inputs=[needs("LIME", "STEEL", 0.1), needs("LIME", "GLASS", 0.2)],
    )
    data = write_folder(
        tmp_path / "d",
        companies=[company("M")],
        outputs=[
            {"company_id": "M", "product_id": "STEEL", "output": 100},
            {"company_id": "M", "product_id": "GLASS"},
        ],
    )
    cluster = cg.build(cg.load(data), cg.chains(chain), anchor="M")
    row = anchor_view(cluster, cg.balance(cluster)).purchases.iloc[0]
    assert row[["need", "whole"]].tolist() == [10.0, False]
    assert pd.isna(row["bought_here"])
