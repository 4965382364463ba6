"""Charts as drawings inside a page: no script, nothing fetched, text that stays text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from cluster_graph.views.pen import draw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Spec: TypeAlias = "dict[str, Any]"
WIDE: Final = 620  # pixels of a chart's middle, before the page scales it
_INK: Final = "#1d2329"
_QUIET: Final = "#4a5560"
_FONT: Final = "'Noto Sans SC','Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif"
_LONG: Final = 24  # signs of a name beside a bar
_ROW: Final = 24  # pixels of a bar and the air around it
_SIZE: Final = re.compile(r'^<svg ([^>]*?)width="[^"]*" height="[^"]*" ')
_CONFIG: Final[Spec] = {
    "font": _FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK,
        "labelFontSize": 13,
        "labelLimit": 260,
        "titleColor": _QUIET,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "#dde1e6",
        "domainColor": "#7d8792",
        "tickColor": "#7d8792",
    },
    "text": {"fontSize": 12, "color": _INK},
}


def short(name: str) -> str:
    """
    A name as it stands beside a bar.

    Parameters
    ----------
    name
        Whatever somebody called it.

    Returns
    -------
    name
        At most so many signs, the rest an ellipsis; signs that no drawing may hold are gone.
    """
    text = " ".join(name.encode("utf-8", "ignore").decode("utf-8").split())
    text = "".join(sign for sign in text if sign.isprintable())
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def svg_lite(spec: Spec) -> str:
    """
    Draw a Vega-Lite chart.

    Parameters
    ----------
    spec
        The chart, its data inside.

    Returns
    -------
    svg
        An element for a page, as wide as the page lets it be.
    """
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": _CONFIG,
        **spec,
    }
    return _scaled(draw("vegalite", whole))


def svg(spec: Spec) -> str:
    """
    Draw a Vega chart.

    Parameters
    ----------
    spec
        The chart, its data inside.

    Returns
    -------
    svg
        An element for a page, as wide as the page lets it be.
    """
    whole = {"$schema": "https://vega.github.io/schema/vega/v5.json", "config": _CONFIG, **spec}
    return _scaled(draw("vega", whole))


def _scaled(drawn: str) -> str:
    """The drawing without a size of its own, hidden from readers who have the table."""
    return _SIZE.sub(r'<svg \1 aria-hidden="true" ', drawn, count=1)


def stacked_bars(rows: Sequence[Mapping[str, Any]], parts: Mapping[str, str], axis: str) -> str:
    """
    Draw bars of parts, an interval and a text behind each.

    Parameters
    ----------
    rows
        `name`, `parts` (a figure for each of `parts`), `low` and `high` of the interval (None
        for none), `text`; from top to bottom.
    parts
        Part -> its colour, from left to right.
    axis
        What the bars measure.

    Returns
    -------
    svg
        An element for a page.
    """
    names = [f"{place}" for place, _ in enumerate(rows)]
    values = [
        {"row": names[place], "part": part, "from": sum(given[:at]), "to": sum(given[: at + 1])}
        for place, row in enumerate(rows)
        for given in [[float(row["parts"].get(part) or 0.0) for part in parts]]
        for at, part in enumerate(parts)
        if given[at] > 0
    ]
    ends = [
        {
            "row": names[place],
            "low": row["low"],
            "high": row["high"],
            "end": max([float(row["high"] or 0.0), sum(row["parts"].values())]),
            "text": row["text"],
        }
        for place, row in enumerate(rows)
    ]
    labels = [short(str(row["name"])) for row in rows]
    y = {
        "field": "row",
        "type": "nominal",
        "sort": names,
        "axis": {
            "title": None,
            "ticks": False,
            "domain": False,
            "labelPadding": 8,
            "labelExpr": f"{_js(labels)}[datum.value]",
        },
        "scale": {"domain": names},
    }
    size = {"type": "quantitative", "axis": {"title": axis, "format": ",~f", "tickCount": 6}}
    # Room at the right for the text behind the longest bar.
    most = max((float(end["end"]) for end in ends), default=1.0) or 1.0
    scale = {"domain": [0, most * 1.45], "nice": False}
    rule = {"y": y, "x": {"field": "low", **size, "scale": scale}, "x2": {"field": "high"}}
    return svg_lite(
        {
            "width": WIDE,
            "height": {"step": _ROW},
            "layer": [
                {
                    "data": {"values": values},
                    "mark": {"type": "bar", "height": 13},
                    "encoding": {
                        "y": y,
                        "x": {"field": "from", **size, "scale": scale},
                        "x2": {"field": "to"},
                        "color": {
                            "field": "part",
                            "scale": {"domain": list(parts), "range": list(parts.values())},
                            "legend": None,
                        },
                    },
                },
                {
                    "data": {"values": [end for end in ends if end["low"] is not None]},
                    "mark": {"type": "rule", "color": _INK, "strokeWidth": 1.5},
                    "encoding": rule,
                },
                *(
                    {
                        "data": {"values": [end for end in ends if end["low"] is not None]},
                        "mark": {"type": "tick", "color": _INK, "thickness": 1.5, "size": 9},
                        "encoding": {"y": y, "x": {"field": side, **size, "scale": scale}},
                    }
                    for side in ("low", "high")
                ),
                {
                    "data": {"values": ends},
                    "mark": {"type": "text", "align": "left", "dx": 6},
                    "encoding": {
                        "y": y,
                        "x": {"field": "end", **size, "scale": scale},
                        "text": {"field": "text"},
                    },
                },
            ],
        }
    )


def _js(texts: Sequence[str]) -> str:
    """A list of texts as an expression of Vega."""
    return json.dumps(list(texts), ensure_ascii=False)
