"""The charts of the report: where a look says more than a table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.chain.schema import NATURE_GATES
from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import as_dicts, as_names, as_number, as_text
from cluster_graph.views.block import Block
from cluster_graph.views.charts import stacked_bars
from cluster_graph.views.figures import amount
from cluster_graph.views.sankey import Flow, sankey
from cluster_graph.views.words import word

if TYPE_CHECKING:
    from cluster_graph.views.details import Index

_MOST_BARS: Final = 12
_MOST_FLOWS: Final = 30
_LEFT: Final = "left"
_MET, _GAP = "#17694d", "#a61c1c"
_FLOWS: Final = {
    "local": "#0b62a8",
    "outside": "#a61c1c",
    _LEFT: "#c28a1a",
}
# Yuan that the axes count in, as each language does.
_UNIT: Final[dict[Lang, float]] = {"zh": 1e8, "en": 1e6}


@dataclass(frozen=True)
class Chart:
    """
    A chart and what it says in words.

    Parameters
    ----------
    title
        What it shows.
    svg
        The drawing; nothing where there is nothing to draw.
    note
        How to read it, and what is not in it; in place of a drawing why there is none.
    key
        Colour and word of each part.
    table
        What is drawn, as a table, where no other table of the report has it.
    """

    title: str
    svg: str
    note: str
    key: tuple[tuple[str, str], ...] = ()
    table: Block | None = None


def charts(index: Index, lang: Lang) -> dict[str, Chart]:
    """
    All charts of the report.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    charts
        Section -> its chart.
    """
    return {
        "flows": _flows(index, lang),
        "upstream": _gaps(index, lang),
        "pipeline": _funnel(index, lang),
        "arrival": _arrival(index, lang),
    }


def _gaps(index: Index, lang: Lang) -> Chart:
    """The largest upstream gaps by value: what of the demand is met here, and what is not."""
    title = say("chart.gaps", lang)
    rows = [
        row
        for row in index.upstream.values()
        if as_number(row.get("value")) and as_text(row.get("recruit_gate")) not in NATURE_GATES
    ]
    if not rows:
        return Chart(title, "", say("chart.gaps_none", lang))
    rows.sort(key=lambda row: (-float(row["value"]), as_text(row["product_id"])))
    unit = _UNIT[lang]
    bars = []
    for row in rows[:_MOST_BARS]:
        price = float(row["value"]) / float(row["shortage"]) / unit
        low, high = as_number(row.get("demand_low")), as_number(row.get("demand_high"))
        met = (as_number(row.get("demand")) or 0.0) - float(row["shortage"])
        bars.append(
            {
                "name": index.findings.product_name(as_text(row["product_id"]), lang),
                "parts": {"met": met * price, "gap": float(row["shortage"]) * price},
                "low": None if low is None or high is None else low * price,
                "high": None if low is None or high is None else high * price,
                "text": say("chart.short", lang, figure=amount(row, "shortage", lang, span=False)),
            }
        )
    drawn = stacked_bars(bars, {"met": _MET, "gap": _GAP}, say("chart.axis", lang))
    unpriced = len(index.upstream) - sum(
        as_number(row.get("value")) is not None for row in index.upstream.values()
    )
    note = say("chart.gaps_note", lang, count=len(bars), all=len(rows), unpriced=unpriced)
    key = ((_MET, say("chart.met", lang)), (_GAP, say("chart.gap", lang)))
    return Chart(title, drawn, note, key)


def _flows(index: Index, lang: Lang) -> Chart:
    """The largest flows between products, and how many have no figure."""
    title = say("chart.flows", lang)
    found = index.findings.flows
    rows = as_dicts(found.flows)[:_MOST_FLOWS]
    if not rows:
        return Chart(title, "", say("chart.flows_none", lang, left_out=found.left_out))
    flows = [
        Flow(
            f"p:{row['input_id']}",
            f"p:{row['output_id']}" if row["output_id"] else _LEFT,
            as_number(row["value"]) or 0.0,
            as_text(row["kind"]),
        )
        for row in rows
    ]
    passing: dict[str, float] = defaultdict(float)
    bought: dict[str, float] = defaultdict(float)
    into: dict[str, float] = defaultdict(float)
    for flow in flows:
        passing[flow.source] += flow.value
        into[flow.target] += flow.value
        if flow.kind == "outside":
            bought[flow.source] += flow.value
    labels = {_LEFT: [say("chart.left_over", lang), numbers.money(into[_LEFT], lang)]}
    for node in {*passing, *into} - {_LEFT}:
        figure = numbers.money(max(passing[node], into[node]), lang)
        if bought[node] and bought[node] >= passing[node] * 0.995:
            figure = say("chart.bought", lang, figure=figure)
        elif bought[node]:
            part = numbers.money(bought[node], lang)
            figure = say("chart.partly_bought", lang, figure=figure, part=part)
        labels[node] = [index.findings.product_name(node[2:], lang), figure]
    drawn = sankey(flows, labels, _FLOWS)
    present = {flow.kind for flow in flows}
    key = tuple(
        (_FLOWS[kind], say(f"chart.kind_{kind}", lang)) for kind in _FLOWS if kind in present
    )
    note = say(
        "chart.flows_note", lang, count=len(rows), all=len(found.flows), left_out=found.left_out
    )
    return Chart(title, drawn, note, key, _flow_table(index, lang))


def _flow_table(index: Index, lang: Lang) -> Block:
    heading = texts("column", lang)
    name = index.findings.product_name
    rows = [
        [
            name(as_text(row["input_id"]), lang),
            name(as_text(row["output_id"]), lang)
            if row["output_id"]
            else say("chart.left_over", lang),
            say(f"chart.kind_{row['kind']}", lang),
            numbers.quantity(row["amount"], row["unit"], lang),
            numbers.money(row["value"], lang),
        ]
        for row in as_dicts(index.findings.flows.flows)
    ]
    headings = [say(f"chart.{part}", lang) for part in ("from", "to", "kind")]
    return Block(
        title=say("chart.flows", lang),
        headings=[*headings, heading["quantity"], say("chart.value", lang)],
        rows=rows,
        numbers=frozenset({3, 4}),
    )


def _funnel(index: Index, lang: Lang) -> Chart:
    """How many projects got to each step, and what share of them to the next."""
    title = say("chart.funnel", lang)
    rows = as_dicts(index.findings.funnel)
    steps = ("visited", "negotiating", "signed", "landed", "built")
    if not rows or not as_number(rows[0].get(steps[0])):
        return Chart(title, "", say("chart.funnel_none", lang))
    row = rows[0]
    bars = []
    for step in steps:
        share = as_number(row.get(f"to_{step}"))
        figure = numbers.digits(as_number(row.get(step)) or 0)
        text = figure
        if share is not None:
            text = say("chart.step", lang, figure=figure, share=numbers.percent(share, lang))
        bars.append(
            {
                "name": say(f"follow_up.step_{step}", lang),
                "parts": {"count": as_number(row.get(step)) or 0.0},
                "low": None,
                "high": None,
                "text": text,
            }
        )
    drawn = stacked_bars(bars, {"count": "#0b62a8"}, say("chart.projects", lang))
    blank = as_number(row.get("no_stage")) or 0
    note = say("chart.funnel_note", lang, blank=numbers.digits(blank))
    return Chart(title, drawn, note)


def _arrival(index: Index, lang: Lang) -> Chart:
    """What is made here by chain, before and after the projects under way."""
    title = say("chart.arrival", lang)
    found = index.findings.arrival
    if found is None:
        return Chart(title, "", say("chart.arrival_none", lang))
    unit = _UNIT[lang]
    bars: list[dict[str, Any]] = []
    for row in as_dicts(found.output):
        chain = as_text(row.get("chain"))
        name = word("chain", chain, lang) if chain else say("chart.all_chains", lang)
        for when, colour in (("before", "now"), ("after", "then")):
            value = as_number(row.get(f"gross_{when}")) or 0.0
            bars.append(
                {
                    "name": say(f"chart.{when}", lang, name=name),
                    "parts": {colour: value / unit},
                    "low": None,
                    "high": None,
                    "text": numbers.money(value, lang),
                }
            )
    drawn = stacked_bars(bars, {"now": "#7d8792", "then": "#0b62a8"}, say("chart.axis", lang))
    sized = sum(as_number(step.amount) is not None for step in found.scenario.steps)
    opened, closed = (
        sum(kind in as_names(row["change"]) for row in as_dicts(found.changes))
        for kind in ("opened", "closed")
    )
    note = say(
        "chart.arrival_note",
        lang,
        sized=sized,
        all=len(found.scenario.steps),
        opened=opened,
        closed=closed,
    )
    return Chart(title, drawn, note)
