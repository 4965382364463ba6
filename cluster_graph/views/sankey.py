"""A Sankey diagram: what flows from whom to whom, as wide as it is worth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cluster_graph.views.charts import Spec, short, svg
from cluster_graph.views.tiers import tiers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WIDE: Final = 1080.0  # pixels, before the page scales the drawing
_BAR: Final = 12.0  # width of a node
_GAP: Final = 22.0  # between two nodes of a column: a label fits
_TALL: Final = 430.0  # height of the tallest column, its gaps left out
_LABEL: Final = 190.0  # room for labels at the right
_LEAST: Final = 1.2  # a flow is never thinner than this
_SWEEPS: Final = 8


@dataclass(frozen=True)
class Flow:
    """
    One flow.

    Parameters
    ----------
    source, target
        Nodes.
    value
        How wide it is, above 0.
    kind
        What it is, a key of the colours.
    """

    source: str
    target: str
    value: float
    kind: str


@dataclass
class _Node:
    """A node: its column, its place in it, how much of it the flows have taken so far."""

    column: int
    high: float = 0.0
    top: float = 0.0
    taken_in: float = 0.0
    taken_out: float = 0.0


def sankey(
    flows: Sequence[Flow], labels: Mapping[str, Sequence[str]], colours: Mapping[str, str]
) -> str:
    """
    Draw flows from left to right.

    A flow that runs back (in a circle) is drawn from right to left; whoever only delivers
    stands beside its first user, whoever only takes at the right.

    Parameters
    ----------
    flows
        Flows, two nodes each.
    labels
        Node -> its name and a figure.
    colours
        Kind -> colour.

    Returns
    -------
    svg
        An element for a page.
    """
    nodes = _placed(flows)
    high = max(node.top + node.high for node in nodes.values()) + _GAP
    step = (_WIDE - _LABEL - _BAR) / max(1, *(node.column for node in nodes.values()))
    left = {name: node.column * step for name, node in nodes.items()}
    scale = _scale(flows, nodes)
    paths = []
    for flow in sorted(flows, key=lambda flow: (nodes[flow.target].top, nodes[flow.source].top)):
        source, target = nodes[flow.source], nodes[flow.target]
        wide = max(flow.value * scale, _LEAST)
        start = left[flow.source] + _BAR, source.top + source.taken_out
        end = left[flow.target], target.top + target.taken_in
        source.taken_out += wide
        target.taken_in += wide
        paths.append({"path": _ribbon(start, end, wide), "colour": colours[flow.kind]})
    boxes = [
        {"x": left[name], "y": node.top, "high": max(node.high, _LEAST)}
        for name, node in nodes.items()
    ]
    texts = [
        {
            "x": left[name] + _BAR + 4,
            "y": node.top + node.high / 2 + (place - (len(labels[name]) - 1) / 2) * 13,
            "text": short(line) if place == 0 else line,
            "bold": place == 0,
        }
        for name, node in nodes.items()
        for place, line in enumerate(labels[name])
    ]
    return svg(_spec(paths, boxes, texts, high))


def _spec(
    paths: Sequence[Mapping[str, object]],
    boxes: Sequence[Mapping[str, object]],
    texts: Sequence[Mapping[str, object]],
    high: float,
) -> Spec:
    return {
        "width": _WIDE,
        "height": high,
        "padding": 4,
        "data": [
            {"name": "flows", "values": paths},
            {"name": "nodes", "values": boxes},
            {"name": "labels", "values": texts},
        ],
        "marks": [
            {
                "type": "path",
                "from": {"data": "flows"},
                "encode": {
                    "enter": {
                        "path": {"field": "path"},
                        "fill": {"field": "colour"},
                        "fillOpacity": {"value": 0.42},
                    }
                },
            },
            {
                "type": "rect",
                "from": {"data": "nodes"},
                "encode": {
                    "enter": {
                        "x": {"field": "x"},
                        "y": {"field": "y"},
                        "width": {"value": _BAR},
                        "height": {"field": "high"},
                        "fill": {"value": "#4a5560"},
                    }
                },
            },
            # White below the letters keeps them legible on a flow.
            _labels({"stroke": {"value": "#fff"}, "strokeWidth": {"value": 3}}),
            _labels({"fill": {"value": "#1d2329"}}),
        ],
    }


def _labels(paint: Spec) -> Spec:
    return {
        "type": "text",
        "from": {"data": "labels"},
        "encode": {
            "enter": {
                "x": {"field": "x"},
                "y": {"field": "y"},
                "text": {"field": "text"},
                "baseline": {"value": "middle"},
                "fontSize": {"signal": "datum.bold ? 13 : 11"},
                "fontWeight": {"signal": "datum.bold ? 600 : 400"},
                **paint,
            }
        },
    }


def _placed(flows: Sequence[Flow]) -> dict[str, _Node]:
    """Every node in its column, beside what it trades with."""
    import networkx as nx  # noqa: PLC0415 (heavy)

    graph: nx.DiGraph[str] = nx.DiGraph()
    for flow in flows:
        graph.add_edge(flow.source, flow.target)
    level = tiers(graph)
    last = max(level.values())
    for name in graph:
        if graph.out_degree(name) == 0:
            level[name] = last
    # Whoever only delivers stands right beside the first that takes.
    for name in graph:
        if graph.in_degree(name) == 0:
            level[name] = min(level[target] for target in graph.successors(name)) - 1
    columns = {value: place for place, value in enumerate(sorted(set(level.values())))}
    nodes = {name: _Node(columns[level[name]]) for name in sorted(graph)}
    scale = _scale(flows, nodes)
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for flow in flows:
        wide = max(flow.value * scale, _LEAST)
        into[flow.target] += wide
        out[flow.source] += wide
    for name, node in nodes.items():
        node.high = max(into[name], out[name])
    _stack(nodes, flows)
    return nodes


def _scale(flows: Sequence[Flow], nodes: Mapping[str, _Node]) -> float:
    """Pixels of a unit of value, so that the fullest column fits."""
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for flow in flows:
        into[flow.target] += flow.value
        out[flow.source] += flow.value
    full: dict[int, float] = defaultdict(float)
    for name, node in nodes.items():
        full[node.column] += max(into[name], out[name])
    return _TALL / max(full.values())


def _stack(nodes: dict[str, _Node], flows: Sequence[Flow]) -> None:
    """Order each column by where its partners stand, and put its nodes below each other."""
    beside: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for flow in flows:
        beside[flow.source].append((flow.target, flow.value))
        beside[flow.target].append((flow.source, flow.value))
    columns: dict[int, list[str]] = defaultdict(list)
    for name in sorted(nodes, key=lambda name: (-nodes[name].high, name)):
        columns[nodes[name].column].append(name)
    for sweep in range(_SWEEPS):
        for column in sorted(columns, reverse=bool(sweep % 2)):
            names = columns[column]
            if sweep:
                names.sort(key=lambda name: (_pull(name, beside, nodes), name))
            total = sum(nodes[name].high for name in names) + _GAP * (len(names) - 1)
            middle = sum(_pull(name, beside, nodes) * nodes[name].high for name in names) / max(
                sum(nodes[name].high for name in names), _LEAST
            )
            top = (middle if sweep else total / 2) - total / 2
            for name in names:
                nodes[name].top = top
                top += nodes[name].high + _GAP
    first = min(node.top for node in nodes.values())
    for node in nodes.values():
        node.top += _GAP / 2 - first


def _pull(
    name: str, beside: Mapping[str, list[tuple[str, float]]], nodes: Mapping[str, _Node]
) -> float:
    """Where a node would stand if it were up to its partners."""
    near = beside[name]
    weight = sum(value for _, value in near)
    heights = ((nodes[other].top + nodes[other].high / 2) * value / weight for other, value in near)
    return sum(heights)


def _ribbon(start: tuple[float, float], end: tuple[float, float], wide: float) -> str:
    """A band from one point to the other, both the upper left of it."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2
    return (
        f"M{x0:.1f},{y0:.1f}C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"
        f"L{x1:.1f},{y1 + wide:.1f}C{middle:.1f},{y1 + wide:.1f} {middle:.1f},{y0 + wide:.1f} "
        f"{x0:.1f},{y0 + wide:.1f}Z"
    )
