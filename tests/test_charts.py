"""The report's charts: their figures on paper, their drawings as data, their words when empty."""

import dataclasses
import re
import shutil
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from conftest import company, needs, product, write_folder
from findings_sample import ATTACK, LONG, sample

import cluster_graph as cg
from cluster_graph import _report
from cluster_graph.gaps.main_flows import FLOW_COLUMNS, MainFlows, main_flows
from cluster_graph.targets.weights import read_weights
from cluster_graph.text import LANGS, Lang, say
from cluster_graph.views.charts import short, stacked_bars
from cluster_graph.views.details import Index
from cluster_graph.views.pen import draw, drawing
from cluster_graph.views.report_charts import charts
from cluster_graph.views.report_page import report_page
from cluster_graph.views.sankey import Flow, sankey


def texts_of(svg: str) -> list[str]:
    """All text of a drawing; it has to be well-formed."""
    return [text for text in ET.fromstring(svg).itertext() if text.strip()]  # noqa: S314


def test_flows_on_paper(tmp_path: Path) -> None:
    """
    Metal 100 t from ore that nobody makes and 10 t of parts; parts 40 t from 20 t of metal.

    Ore 1.5 x 100 x 100 yuan from outside; metal 0.5 x 40 x 400 and parts 0.1 x 100 x 900 from
    here; metal (100 - 20) x 400 and parts (40 - 10) x 900 are left; paint has no price; of the
    30 t of gas that the metal needs 12 are made here, 10 yuan each; two firms make glue, nobody
    knows how much, so as much as is used here: 40 x 1 x 5.
    """
    chain = write_folder(
        tmp_path / "chain",
        products=[
            product("ORE", price=100),
            product("METAL", price=400),
            product("PART", price=900),
            product("PAINT"),
            product("GAS", price=10),
            product("GLUE", price=5),
        ],
        inputs=[
            needs("ORE", "METAL", 1.5),
            needs("METAL", "PART", 0.5),
            needs("PART", "METAL", 0.1),
            needs("PAINT", "PART", 0.2),
            needs("GAS", "METAL", 0.3),
            needs("GLUE", "PART", 1.0),
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company(name) for name in "ABCDE"],
        outputs=[
            {"company_id": name, "product_id": made, "output": size, "evidence": "reported"}
            for name, made, size in (
                ("A", "METAL", 100), ("B", "PART", 40), ("C", "GAS", 12), ("D", "GLUE", ""),
                ("E", "GLUE", ""),
            )
        ],
    )  # fmt: skip
    cluster = cg.build(cg.load(data), cg.chains(chain))
    found = main_flows(cluster, cg.balance(cluster))
    flows = {
        (row["input_id"], row["output_id"], row["kind"]): row["value"]
        for row in found.flows.to_dict("records")
    }
    assert flows == pytest.approx(
        {
            ("ORE", "METAL", "outside"): 15_000,
            ("METAL", "PART", "local"): 8_000,
            ("PART", "METAL", "local"): 9_000,
            ("METAL", "", "left"): 32_000,
            ("PART", "", "left"): 27_000,
            ("GAS", "METAL", "local"): 120,
            ("GAS", "METAL", "outside"): 180,
            ("GLUE", "PART", "local"): 200,
        }
    )
    assert found.left_out == 1
    assert found.flows["value"].is_monotonic_decreasing


def test_flows_add_up_on_the_shipped_data() -> None:
    """What goes into the users of a product is its demand, at its price."""
    cluster = cg.build(cg.load(), cg.chains())
    balance = cg.balance(cluster).set_index("product_id")
    flows = main_flows(cluster, balance.reset_index()).flows
    used = flows[flows["output_id"] != ""].groupby("input_id")["amount"].sum()
    assert len(used) > 20
    for name, amount in used.items():
        assert amount == pytest.approx(balance.loc[name, "demand"])
    outside = flows[flows["kind"] == "outside"].groupby("input_id")["amount"].sum()
    for name, amount in outside.items():
        assert amount == pytest.approx(balance.loc[name, "shortage"])


def test_a_sankey_keeps_widths_and_names() -> None:
    """Ribbons are as wide as their flows are worth; names are text, however nasty."""
    flows = [Flow("a", "b", 30.0, "x"), Flow("c", "b", 10.0, "y"), Flow("b", "d", 20.0, "x")]
    labels = {"a": [ATTACK], "b": [LONG], "c": ["\x00\ud800坏"], "d": ["末端", "20"]}
    drawn = sankey(flows, labels, {"x": "#111111", "y": "#222222"})
    assert "<img" not in drawn
    said = texts_of(drawn)
    assert short(ATTACK) in said
    assert "坏" in said
    paths = [
        element.get("d") or ""
        for element in ET.fromstring(drawn).iter()  # noqa: S314
        if element.get("fill") in {"#111111", "#222222"}
    ]
    wide = sorted(
        float(numbers[-1]) - float(numbers[1])
        for path in paths
        for numbers in [re.findall(r"-?\d+(?:\.\d+)?", path)]
    )
    assert [b / a for a, b in pairwise(wide)] == pytest.approx([2.0, 1.5], rel=0.02)


def test_a_circle_is_drawn_all_the_same() -> None:
    """Flows that run back, and a single one, are no error."""
    ring = [Flow("a", "b", 1.0, "x"), Flow("b", "a", 2.0, "x")]
    assert "甲" in texts_of(sankey(ring, {"a": ["甲"], "b": ["乙"]}, {"x": "#111111"}))
    one = [Flow("a", "b", 1.0, "x")]
    assert "乙" in texts_of(sankey(one, {"a": ["甲"], "b": ["乙"]}, {"x": "#111111"}))


def test_bars_say_their_figures() -> None:
    """A row for each, its text behind it, no markup out of a name."""
    rows = [
        {"name": ATTACK, "parts": {"a": 1.0, "b": 2.0}, "low": 2.5, "high": 3.5, "text": ATTACK},
        {"name": "same", "parts": {"a": 0.0}, "low": None, "high": None, "text": "nothing"},
        {"name": "same", "parts": {"a": 5.0}, "low": None, "high": None, "text": "five"},
    ]
    drawn = stacked_bars(rows, {"a": "#111111", "b": "#222222"}, "t")
    said = texts_of(drawn)
    assert "<img" not in drawn
    assert {ATTACK, short(ATTACK), "nothing", "five"} <= set(said)
    assert said.count("same") == 2
    assert drawn.count('fill="#111111"') == 2


@pytest.mark.parametrize("lang", LANGS)
def test_charts_of_the_shipped_data(lang: Lang) -> None:
    """All four are drawn; the figures of the arrival are those of what-if."""
    cluster = cg.build(cg.load(), cg.chains())
    found = charts(Index(_report.find(cluster, lang, read_weights())), lang)
    assert all(chart.svg and chart.note for chart in found.values())
    upstream = texts_of(found["upstream"].svg)
    assert any(("废钢" if lang == "zh" else "scrap") in text for text in upstream)
    flows = texts_of(found["flows"].svg)
    assert ("外购 49.16 亿元" if lang == "zh" else "4.916 bn yuan, bought outside") in flows
    table = found["flows"].table
    assert table is not None
    assert len(table.rows) > 30


@pytest.mark.parametrize("lang", LANGS)
def test_charts_of_nothing_are_sentences(lang: Lang) -> None:
    """No gap, no flow, no project: one sentence each, and no empty drawing."""
    nothing = dataclasses.replace(
        sample(lang),
        gaps=sample(lang).gaps.iloc[:0],
        flows=MainFlows(pd.DataFrame(columns=list(FLOW_COLUMNS)), 2),
        funnel=pd.DataFrame(),
        arrival=None,
    )
    found = charts(Index(nothing), lang)
    assert all(not chart.svg and chart.note for chart in found.values())
    page = report_page(nothing, lang)
    assert "<figure" not in page
    assert say("chart.funnel_none", lang) in page


def test_figures_lead_to_their_explanation() -> None:
    """Every address in the tables is one of the page, and holds the product's figures."""
    page = report_page(sample("zh"), "zh")
    asked = set(re.findall(r'<a class="why" href="#(why-\d+)">', page))
    given = set(re.findall(r'id="(why-\d+)"', page))
    assert asked
    assert asked <= given
    coal = re.search(r'示例精煤.{0,900}?href="#(why-\d+)">351 万吨', page, re.DOTALL)
    assert coal is not None
    body = page.split(f'id="{coal[1]}"')[1][:1500]
    assert "P_COAL" in body
    assert "351 万吨" in body


def test_a_wrong_chart_is_an_error_and_stops_no_other() -> None:
    """The process that draws says what is wrong, and draws on."""
    with drawing():
        with pytest.raises(ValueError, match="SVG conversion failed"):
            draw("vegalite", {"mark": "no such mark"})
        right = {"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
        assert draw("vegalite", right).startswith("<svg")


def test_without_its_process_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends at once is an error, not a wait without end."""
    monkeypatch.setattr("sys.executable", shutil.which("true"))
    with pytest.raises(RuntimeError):
        draw("vega", {})
