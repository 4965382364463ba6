"""One page for each target: why here, who, where, what it needs that we lack, risks, sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import as_list, as_names, as_number, as_text, known
from cluster_graph.views.assets import asset, environment
from cluster_graph.views.columns import component_line
from cluster_graph.views.details import company_names, product_names
from cluster_graph.views.findings import named
from cluster_graph.views.report_sections import leads as lead_rows
from cluster_graph.views.report_sections import sites as site_rows
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cluster_graph.views.details import Index

_LEADS: Final = 3
_SOURCES: Final = 6
_NEAR: Final = 5  # inputs and users in the picture
_NAMES: Final = 5
_SPREAD: Final = 20  # places between the best and the worst rank from which a rank is unsure


@dataclass(frozen=True)
class Near:
    """An input or a user of the product: its name, its state, and the word for it."""

    name: str
    state: str
    word: str


@dataclass(frozen=True)
class Bar:
    """
    Local demand with its interval, beside supply and the smallest viable plant.

    Parameters
    ----------
    text
        The figures in words.
    low, typical, high
        Where they stand, 0 to 1 of the whole width.
    supply, smallest
        The same; None if unknown.
    """

    text: str
    low: float
    typical: float
    high: float
    supply: float | None
    smallest: float | None


@dataclass(frozen=True)
class Brief:
    """
    What a brief says, in one language.

    Parameters
    ----------
    title, under
        The product; where it stands in the chain and in the list.
    bar
        Local demand; None if nobody knows it.
    inputs, users
        The product's neighbourhood in the chain.
    sections
        Heading and lines of each part, in order.
    """

    title: str
    under: str
    bar: Bar | None
    inputs: tuple[Near, ...]
    users: tuple[Near, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]


def brief(index: Index, row: Mapping[str, Any], lang: Lang) -> Brief:
    """
    Put together what is known of one target.

    Parameters
    ----------
    index
        The findings.
    row
        A row of the targets.
    lang
        `zh` or `en`.

    Returns
    -------
    brief
        Its page, as data.
    """
    product_id = as_text(row["product_id"])
    rank = as_text(row.get("rank"))
    under = listing(
        [
            word("chain", row.get("chain"), lang),
            as_text(row.get("sector_code")),
            word("direction", row.get("direction"), lang),
            say("brief.rank", lang, rank=rank) if rank else word("listed", "apart", lang),
        ],
        lang,
    )
    sections = (
        ("why", _why(index, row, lang)),
        ("who", _who(index, row, lang)),
        ("where", _where(row, lang)),
        ("needs", _needs(index, row, lang)),
        ("risks", _risks(row, lang)),
        ("sources", _sources(index, row, lang)),
    )
    graph = index.findings.products
    inside = product_id in graph
    return Brief(
        title=named(row, lang) or product_id,
        under=under,
        bar=_bar(row, lang),
        inputs=_near(index, list(graph.predecessors(product_id)) if inside else [], lang),
        users=_near(index, list(graph.successors(product_id)) if inside else [], lang),
        sections=tuple((say(f"brief.{name}", lang), tuple(lines)) for name, lines in sections),
    )


def brief_page(found: Brief, lang: Lang) -> str:
    """
    A brief as a page that prints on one sheet of A4.

    Parameters
    ----------
    found
        From `brief`.
    lang
        `zh` or `en`.

    Returns
    -------
    html
        The whole page, without any script.
    """
    return (
        environment()
        .get_template("brief.html.jinja")
        .render(
            lang="zh-CN" if lang == "zh" else "en",
            t=lambda key, **values: say(f"brief.{key}", lang, **values),
            style=asset("print.css"),
            brief=found,
        )
    )


def _why(index: Index, row: Mapping[str, Any], lang: Lang) -> list[str]:
    lines = as_names(row.get("reasons"))
    users = as_names(row.get("users"))
    if users:
        names = company_names(index, users, lang, most=_NAMES)
        lines.append(say("brief.anchors", lang, names=names))
    links = [as_number(row.get(f"{side}_linkage")) for side in ("backward", "forward")]
    if None not in links:
        backward, forward = (numbers.ratio(value, lang) for value in links)
        lines.append(say("brief.linkages", lang, backward=backward, forward=forward))
    return lines


def _who(index: Index, row: Mapping[str, Any], lang: Lang) -> list[str]:
    lines = []
    for lead in lead_rows(index, row.get("leads"), lang)[:_LEADS]:
        parts = [lead["name"], lead["region"], lead["way"], lead["reason"]]
        lines.append(say("word.clause", lang).join(as_text(part) for part in parts if part))
        if lead["path"]:
            lines.append(say("brief.path", lang, path=lead["path"]))
    return lines or [say("brief.nobody", lang)]


def _where(row: Mapping[str, Any], lang: Lang) -> list[str]:
    lines = []
    for site in site_rows(row.get("sites"), lang):
        parts = [site["name"], site["kind"], site["distance"], site["reason"]]
        lines.append(say("word.clause", lang).join(as_text(part) for part in parts if part))
    return lines or [say("brief.nowhere", lang)]


def _needs(index: Index, row: Mapping[str, Any], lang: Lang) -> list[str]:
    missing = as_names(row.get("missing_inputs"))
    if not missing:
        return [say("brief.nothing_missing", lang)]
    return [say("brief.missing", lang, names=product_names(index, missing, lang, most=_NAMES))]


def _risks(row: Mapping[str, Any], lang: Lang) -> list[str]:
    lines = []
    if row.get("two_high") is True:
        lines.append(say("brief.two_high", lang))
    low, high = as_number(row.get("rank_low")), as_number(row.get("rank_high"))
    if low is not None and high is not None:
        key = "rank_unsure" if high - low >= _SPREAD else "rank_range"
        lines.append(say(f"brief.{key}", lang, low=int(low), high=int(high)))
    if as_number(row.get("scale")) is None:
        lines.append(say("brief.scale_unknown", lang))
    parts = row.get("components")
    if isinstance(parts, dict):
        blank = [word("component", name, lang) for name, value in parts.items() if not known(value)]
        if blank:
            share = numbers.percent(row.get("coverage"), lang)
            names = listing(blank, lang)
            lines.append(say("brief.unknown", lang, names=names, share=share))
        lines.append(say("brief.parts", lang, parts=component_line(parts, lang)))
    flagged = [
        say("brief.flag", lang, name=as_text(lead.get("name")), flags=listing(flags, lang))
        for lead in as_list(row.get("leads"))[:_LEADS]
        if isinstance(lead, dict) and (flags := as_names(lead.get("flags")))
    ]
    return lines + flagged


def _sources(index: Index, row: Mapping[str, Any], lang: Lang) -> list[str]:
    product = index.findings.products.nodes.get(as_text(row["product_id"]), {})
    rows = [product, *as_list(row.get("leads"))[:_LEADS], *as_list(row.get("sites"))]
    found: dict[str, None] = {}
    for one in rows:
        if isinstance(one, dict) and known(one.get("source")):
            kind = word("evidence", one.get("evidence"), lang)
            line = say("brief.source", lang, source=as_text(one["source"]), evidence=kind)
            found.setdefault(line)
    lines = list(found)[:_SOURCES]
    as_of = index.findings.as_of
    return [*lines, say("brief.as_of", lang, as_of=as_of or texts("word", lang)["unknown"])]


def _near(index: Index, ids: list[str], lang: Lang) -> tuple[Near, ...]:
    """The neighbours that matter most: those that somebody here makes, then the others."""
    rows = [index.balance[name] for name in ids if name in index.balance]
    rows.sort(key=lambda row: not as_names(row.get("producers")))
    return tuple(
        Near(
            named(row, lang) or as_text(row["product_id"]),
            as_text(row.get("state")),
            word("state", row.get("state"), lang),
        )
        for row in rows[:_NEAR]
    )


def _bar(row: Mapping[str, Any], lang: Lang) -> Bar | None:
    names = ("demand_low", "demand", "demand_high")
    low, typical, high = (as_number(row.get(name)) for name in names)
    if low is None or typical is None or high is None or high <= 0:
        return None
    short, scale = as_number(row.get("shortage")), as_number(row.get("scale"))
    supply = None if short is None else max(typical - short, 0.0)
    smallest = typical / scale if scale else None
    whole = max(high, smallest or 0.0)
    unit = row.get("unit")
    parts = [
        say("brief.bar_demand", lang, amount=numbers.estimate(typical, low, high, unit, lang)),
        say("brief.bar_supply", lang, amount=numbers.quantity(supply, unit, lang)),
    ]
    if smallest:
        amount = numbers.quantity(smallest, unit, lang)
        parts.append(say("brief.bar_smallest", lang, amount=amount))
    return Bar(
        say("word.clause", lang).join(parts),
        low / whole,
        typical / whole,
        high / whole,
        None if supply is None else supply / whole,
        smallest / whole if smallest else None,
    )
