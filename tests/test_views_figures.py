"""Figures say what they rest on: implied, at least, at most, unknown."""

import pytest

from cluster_graph.text import LANGS, Lang, texts
from cluster_graph.text.cells import in_language
from cluster_graph.views.columns import cell_text
from cluster_graph.views.figures import amount, grounds, headroom, scale

ROW = {
    "unit": "t",
    "demand": 1000.0,
    "demand_low": 800.0,
    "demand_high": 1200.0,
    "supply": 400.0,
    "shortage": 600.0,
    "self_sufficiency": 0.4,
    "value": 6e6,
    "implied_by": [],
    "unsized_users": [],
    "unsized_producers": [],
}


def test_recorded_figures_stand_alone() -> None:
    """A figure that is recorded and whole has no word beside it."""
    assert amount(ROW, "demand", "en") == "1 kt (0.8 to 1.2)"
    assert amount(ROW, "shortage", "en") == "600 t"
    assert amount({**ROW, "shortage": None}, "shortage", "zh") == "不详"
    assert grounds(ROW, "en") == ""


def test_implied_figures_say_so() -> None:
    """All that rests on an implied output says so; the recorded supply does not."""
    row = {**ROW, "implied_by": ["X"]}
    assert amount(row, "demand", "en") == "1 kt (0.8 to 1.2), implied"
    assert amount(row, "value", "zh") == "600 万元，推算"
    assert amount(row, "self_sufficiency", "zh") == "40%，推算"
    assert amount(row, "supply", "en") == "400 t"
    assert amount({**row, "supply_implied": True}, "supply", "en") == "400 t, implied"
    assert amount({**ROW, "implied": True, "evidence": "derived"}, "shortage", "en") == (
        "600 t, implied"
    )
    assert cell_text("shortage", row, "zh") == "600 吨，推算"


def test_users_of_unknown_size_make_ends() -> None:
    """Demand and shortage are then lower ends, what is left over is an upper end."""
    row = {**ROW, "unsized_users": ["C"], "implied_by": ["X"], "surplus": 5.0}
    assert amount(row, "demand", "zh", span=False) == "至少 1,000 吨，推算"
    assert amount(row, "shortage", "en") == "at least 600 t, implied"
    assert amount(row, "value", "en") == "at least 6 million yuan, implied"
    assert amount(row, "surplus", "en") == "at most 5 t, implied"
    assert amount({**row, "surplus": 0.0}, "surplus", "en") == "0 t, implied"
    assert amount(row, "supply", "en") == "400 t"
    assert grounds(row, "zh") == "推算、需求、缺口为下限"


def test_makers_of_unknown_size_make_ends() -> None:
    """Supply is then a lower end and the shortage an upper one; both sides open, neither."""
    row = {**ROW, "unsized_producers": ["C"]}
    assert amount(row, "supply", "en") == "at least 400 t"
    assert amount(row, "shortage", "en") == "at most 600 t"
    assert amount({**row, "unsized_users": ["D"]}, "shortage", "en") == "600 t"


@pytest.mark.parametrize("lang", LANGS)
def test_headroom(lang: Lang) -> None:
    """Unknown is unknown, an upper end alone says so, and so does a surplus that is one."""
    unknown = texts("word", lang)["unknown"]
    assert headroom({"unit": "t", "headroom": float("nan")}, lang) == unknown
    assert cell_text("headroom", {"unit": "t", "headroom": None}, lang) == unknown
    most = {"zh": "至多 900 吨", "en": "at most 900 t"}[lang]
    assert headroom({"unit": "t", "headroom": None, "headroom_high": 900.0}, lang) == most
    row = {"unit": "t", "headroom": 500.0, "headroom_high": 900.0}
    assert headroom(row, lang) == {"zh": "500 至 900 吨", "en": "500 to 900 t"}[lang]
    assert headroom(row, lang, [{**ROW, "unsized_users": ["C"], "surplus": 5.0}]) == most
    implied = [{**ROW, "implied_by": ["X"], "surplus": 5.0}]
    assert (
        headroom(row, lang, implied, span=False)
        == {"zh": "500 吨，推算", "en": "500 t, implied"}[lang]
    )


def test_scale_rests_on_what_it_is_made_of() -> None:
    """A ratio of the demand is implied as the demand is; one of an upper end is at most."""
    row = {**ROW, "implied_by": ["X"]}
    assert scale(2.5, row, {}, "en") == "×2.5, implied"
    assert scale(None, row, {}, "zh") == "不详"
    assert scale(0.5, {}, {"headroom_high": 900.0}, "en") == "at most ×0.5"


def test_half_of_a_text_in_both_languages() -> None:
    """Only a Chinese half before a half without Chinese is a pair."""
    both = "财务困难(专家判断) / financial distress (expert judgement)"
    assert in_language(both, "zh") == "财务困难(专家判断)"
    assert in_language(both, "en") == "financial distress (expert judgement)"
    for whole in ("河北 / 北京", "A / B", "热轧/冷轧", ""):
        assert in_language(whole, "en") == in_language(whole, "zh") == whole


def test_no_rank_is_blank() -> None:
    """A target listed apart has no rank; that is not an unknown one."""
    assert cell_text("rank", {"rank": None}, "zh") == ""
    assert cell_text("rank", {"rank": 3}, "zh") == "3"
