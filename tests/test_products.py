"""Names of products, as people write them."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_graph.chain.model import Chain
from cluster_graph.tables.products import (
    THRESHOLD,
    match_product,
    product_label,
    product_names,
)

PRODUCTS = pd.DataFrame(
    [
        ("P_ORE", "铁精矿/成品铁矿石", "Iron ore concentrate / usable iron ore", "铁粉;选铁粉"),
        ("P_HOT", "热轧宽带卷板", "Hot-rolled wide coil", ""),
        ("P_COLD", "冷轧薄板", "Cold-rolled sheet", ""),
        ("P_TRUCK", "轻型载货汽车(柴油)", "Light truck (diesel)", ""),
        ("P_GRATE", "拉挤型材/格栅", "Pultruded profiles", ""),
        ("P_BUMPER", "外饰件(保险杠/格栅)", "Exterior plastics", ""),
        ("P_FLOAT", "浮法平板玻璃", "Float glass", ""),
        ("P_A", "电工钢带甲类", "Strip one", ""),
        ("P_B", "电工钢带乙类", "Strip two", ""),
    ],
    columns=["product_id", "name_zh", "name_en", "alias"],
)


@pytest.mark.parametrize(
    ("text", "product", "how"),
    [
        ("P_ORE", "P_ORE", "id"),
        (" p_ore ", "P_ORE", "id"),
        ("P_ORE 铁精矿", "P_ORE", "id"),
        ("铁精矿/成品铁矿石 [P_ORE]", "P_ORE", "id"),
        ("旧名称【P_ORE】", "P_ORE", "id"),
        ("铁精矿/成品铁矿石", "P_ORE", "name"),
        ("铁精矿", "P_ORE", "name"),
        ("成品铁矿石", "P_ORE", "name"),
        ("成品铁矿石、铁精矿", "P_ORE", "name"),
        ("铁精矿（TFe65%）", "P_ORE", "name"),
        ("iron ore CONCENTRATE", "P_ORE", "name"),
        ("浮法平板玻璃", "P_FLOAT", "name"),
        ("浮法 平板玻璃", "P_FLOAT", "name"),
        ("轻型载货汽车（柴油）", "P_TRUCK", "name"),
        ("轻型载货汽车", "P_TRUCK", "name"),
        ("选铁粉", "P_ORE", "alias"),
        ("热轧宽带卷", "P_HOT", "fuzzy"),
        ("Hot-rolled wide coils", "P_HOT", "fuzzy"),
    ],
)
def test_a_product_is_found(text: str, product: str, how: str) -> None:
    """By id, name, part of a name, alias, and then by likeness."""
    match = match_product(text, PRODUCTS)
    assert (match.product_id, match.how) == (product, how)
    assert match.score >= THRESHOLD
    assert match.candidates[0][0] == product


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("冷轧宽带卷板", "P_HOT"),
        ("cold-rolled wide coil", "P_HOT"),
        ("柴油", "P_TRUCK"),
        ("轻型载货汽车(纯电)", "P_TRUCK"),
        ("格栅", "P_GRATE"),
        ("铁精矿、浮法平板玻璃", "P_ORE"),
        ("电工钢带丙类", "P_A"),
        ("平板玻璃", "P_FLOAT"),
    ],
)
def test_what_is_not_sure_is_asked(text: str, hint: str) -> None:
    """No product, but the ones to ask about."""
    match = match_product(text, PRODUCTS)
    assert match.product_id is None
    assert hint in [product for product, _ in match.candidates]


def test_two_products_as_alike_are_a_tie() -> None:
    """Even with a threshold that both pass."""
    match = match_product("电工钢带丙类", PRODUCTS, threshold=70)
    assert match.product_id is None
    assert match.how == "tie"
    assert {product for product, _ in match.candidates[:2]} == {"P_A", "P_B"}


@pytest.mark.parametrize("text", ["", " ", "无", "-", "[]", "()", "[P_NONE]"])
def test_nothing_is_no_product(text: str) -> None:
    """Blank cells match nothing."""
    assert match_product(text, PRODUCTS).product_id is None


def test_every_product_of_the_chains_is_found_by_its_names(shipped_chain: Chain) -> None:
    """By id, by either name, and by the label of the drop-down list."""
    products = shipped_chain.products.reset_index(drop=True)
    names = product_names(products)
    for column in ("product_id", "name_zh", "name_en"):
        found = [match_product(text, names).product_id for text in products[column]]
        assert found == list(products["product_id"])
    labels = [
        product_label(product, name)
        for product, name in zip(products["product_id"], products["name_zh"], strict=True)
    ]
    found = [match_product(label, names).product_id for label in labels]
    assert found == list(products["product_id"])


def test_no_product_is_taken_for_another(shipped_chain: Chain) -> None:
    """Without itself in the chain, a product's name finds none by likeness."""
    products = shipped_chain.products.reset_index(drop=True)
    for place, row in products.iterrows():
        others = product_names(products.drop(index=place))
        for name in (row["name_zh"], row["name_en"]):
            assert match_product(name, others).how != "fuzzy", name


@given(st.text(max_size=40))
def test_any_text_can_be_asked_for_a_product(text: str) -> None:
    """It gives an answer, not an error; without a product there is no false certainty."""
    match = match_product(text, PRODUCTS)
    assert (match.product_id is None) == (match.how in {"tie", "none"})
