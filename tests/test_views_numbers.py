"""Figures read the same in both languages, and unknown is never a number."""

import math

import numpy as np
import pandas as pd
import pytest

from cluster_graph.text import numbers
from cluster_graph.text.cells import as_list, as_number, known, plain

UNITS = {"吨": 1.0, "万吨": 1e4, "亿吨": 1e8, "t": 1.0, "kt": 1e3, "Mt": 1e6}


@pytest.mark.parametrize(
    ("value", "unit", "chinese", "english"),
    [
        (3_510_000, "t", "351 万吨", "3.51 Mt"),
        (75_600, "t", "7.56 万吨", "75.6 kt"),
        (6_751_949, "t", "675.2 万吨", "6.752 Mt"),
        (0.0016, "t", "0.0016 吨", "0.0016 t"),
        (0, "t", "0 吨", "0 t"),
        (1.1e9, "m3", "11 亿立方米", "1.1 bn m3"),
        (100_000, "vehicle", "10 万辆", "100,000 vehicles"),
        (1_500, "MW", "1,500 兆瓦", "1.5 GW"),
        (12.5, "furlong", "12.5 furlong", "12.5 furlong"),
        (None, "t", "不详", "unknown"),
        (math.nan, "t", "不详", "unknown"),
        (math.inf, "t", "不详", "unknown"),
    ],
)
def test_quantity(value: float | None, unit: str, chinese: str, english: str) -> None:
    """Each language uses its own larger units for the same amount."""
    assert numbers.quantity(value, unit, "zh") == chinese
    assert numbers.quantity(value, unit, "en") == english


@pytest.mark.parametrize("exponent", range(-2, 12))
@pytest.mark.parametrize("lead", [1.0, 2.345, 9.9996, 5.4321])
def test_both_languages_show_the_same_amount(lead: float, exponent: int) -> None:
    """Read back, the two texts are the same number, within half a unit of the fourth digit."""
    amount = lead * 10.0**exponent
    read = []
    for lang in ("zh", "en"):
        figure, unit = numbers.quantity(amount, "t", lang).split(" ")  # type: ignore[arg-type]
        read.append(float(figure.replace(",", "")) * UNITS[unit])
    assert read[0] == pytest.approx(read[1], rel=1e-12)
    assert read[0] == pytest.approx(amount, rel=5e-4)


def test_money_and_prices() -> None:
    """Chinese counts in ten thousands, English in millions."""
    assert numbers.money(302_400_000, "zh") == "3.024 亿元"
    assert numbers.money(302_400_000, "en") == "302.4 million yuan"
    assert numbers.money(85_320_000, "zh") == "8,532 万元"
    assert numbers.money(None, "en") == "unknown"
    assert numbers.price(3500, "t", "zh") == "3,500 元/吨"
    assert numbers.price(3500, "t", "en") == "3,500 yuan per t"


def test_intervals_keep_one_unit() -> None:
    """Both ends stand in the unit of the figure; an unknown end says so."""
    assert numbers.interval(3.2e6, 3.72e6, "t", "en") == "3.2 to 3.72 Mt"
    assert numbers.interval(3.2e6, 3.72e6, "t", "zh") == "320 至 372 万吨"
    assert numbers.interval(5, 5, "t", "en") == "5 t"
    assert numbers.interval(None, 2e6, "t", "en") == "at most 2 Mt"
    assert numbers.interval(2e6, None, "t", "en") == "at least 2 Mt"
    assert numbers.interval(None, math.nan, "t", "zh") == "不详"
    assert numbers.estimate(675_000, 270_000, 1_350_000, "t", "en") == "675 kt (270 to 1,350)"
    assert numbers.estimate(675_000, 270_000, 1_350_000, "t", "zh") == "67.5 万吨（27 至 135）"
    assert numbers.estimate(0, 0, 5_400, "t", "en") == "0 kt (0 to 5.4)"
    assert numbers.estimate(None, 1, 2, "t", "en") == "1 to 2 t"


def test_shares_scores_and_ratios() -> None:
    """Short forms for what has no unit."""
    assert numbers.percent(0.375, "zh") == "37.5%"
    assert numbers.percent(None, "zh") == "不详"
    assert numbers.score(0.823, "en") == "0.82"
    assert numbers.ratio(26.71, "en") == "×26.7"


@pytest.mark.parametrize("value", [None, math.nan, pd.NA, pd.NaT, "", "  ", np.float64("nan")])
def test_unknown_cells(value: object) -> None:
    """Every way in which a frame says nothing counts as unknown, and is null in JSON."""
    assert not known(value)
    assert as_number(value) is None
    assert as_list(value) == []
    if not isinstance(value, str):
        assert plain(value) is None


def test_plain_values() -> None:
    """Whole numbers stay whole, arrays become lists, unknown is null at any depth."""
    assert plain(np.int64(3)) == 3
    assert isinstance(plain(np.float64(3.0)), int)
    assert plain(np.array([1.5, np.nan])) == [1.5, None]
    assert plain({"a": pd.NA, "b": [True, np.array([0]).any()]}) == {"a": None, "b": [True, False]}
    assert as_list("a;b; ") == ["a", "b"]
