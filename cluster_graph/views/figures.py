"""Figures with what they rest on: implied, at least, at most. Every view writes them here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from cluster_graph.text import Lang, numbers, texts
from cluster_graph.text.cells import as_names, as_number, as_text
from cluster_graph.views.words import listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, object]

Bound = Literal["at_least", "at_most", ""]

_RANGED: Final = frozenset({"demand", "supply", "shortage"})
# figures that grow with local demand, with local supply: the side that is counted in part
# makes them a lower or an upper end
_GROW_WITH_DEMAND: Final = frozenset(
    {
        "demand",
        "demand_low",
        "demand_high",
        "shortage",
        "shortage_low",
        "shortage_high",
        "value",
        "value_low",
        "value_high",
        "latent_match",
    }
)
_GROW_WITH_SUPPLY: Final = frozenset({"supply", "surplus", "self_sufficiency", "latent_match"})
_SHRINK_WITH_DEMAND: Final = frozenset({"surplus", "self_sufficiency"})
_SHRINK_WITH_SUPPLY: Final = frozenset(
    {"shortage", "shortage_low", "shortage_high", "value", "value_low", "value_high"}
)
BALANCED: Final = _GROW_WITH_DEMAND | _GROW_WITH_SUPPLY


def is_implied(row: Row) -> bool:
    """Whether the figures of a row rest on an output that is implied, not recorded."""
    derived = row.get("implied") is True and as_text(row.get("evidence")) == "derived"
    return derived or bool(as_names(row.get("implied_by")))


def amount(row: Row, column: str, lang: Lang, *, span: bool = True) -> str:
    """
    A figure of the balance as people read it.

    Parameters
    ----------
    row
        A row of the balance or of the gaps, with its `unit`.
    column
        One of `BALANCED`, or any other column of quantities.
    lang
        `zh` or `en`.
    span
        Whether the interval stands behind the figure.

    Returns
    -------
    text
        `at least 3.51 Mt (3.2 to 3.72), implied`; the word for unknown where nobody knows.
    """
    value, unit = row.get(column), row.get("unit")
    if column == "value":
        ends = (row.get("value_low"), row.get("value_high")) if span else (None, None)
        text = numbers.estimate(value, *ends, "yuan", lang)
    elif column == "self_sufficiency":
        text = numbers.percent(value, lang)
    elif span and column in _RANGED:
        ends = row.get(f"{column}_low"), row.get(f"{column}_high")
        text = numbers.estimate(value, *ends, unit, lang)
    else:
        text = numbers.quantity(value, unit, lang)
    if as_number(value) is None:
        return text
    return qualified(text, _bound(row, column), lang, implied=_rests(row, column))


def headroom(row: Row, lang: Lang, feeds: Sequence[Row] = (), *, span: bool = True) -> str:
    """
    How much of a user product the local surplus could feed.

    Parameters
    ----------
    row
        A downstream gap.
    lang
        `zh` or `en`.
    feeds
        Balance rows of the local products whose surplus it is.
    span
        Whether a range is printed where the upper end is higher.

    Returns
    -------
    text
        The figure; where only an upper end is known, or the surplus is one, it says so.
    """
    unit = row.get("unit")
    figure, end = as_number(row.get("headroom")), as_number(row.get("headroom_high"))
    if figure is None and end is None:
        return texts("word", lang)["unknown"]
    bound = _headroom_bound(row, feeds)
    if figure is None or (bound == "at_most" and end is not None):
        text = numbers.quantity(end, unit, lang)
    elif span and not bound and end is not None and end > figure:
        text = numbers.interval(figure, end, unit, lang)
    else:
        text = numbers.quantity(figure, unit, lang)
    return qualified(text, bound, lang, implied=any(is_implied(feed) for feed in feeds))


def scale(ratio: object, row: Row, down: Row, lang: Lang, feeds: Sequence[Row] = ()) -> str:
    """
    A gap in smallest viable plants, with what its size rests on.

    Parameters
    ----------
    ratio
        How many plants.
    row, down
        The balance of the product, and its downstream gap or nothing.
    lang
        `zh` or `en`.
    feeds
        Balance rows of the local products that feed it.

    Returns
    -------
    text
        `×2.52, implied`; the word for unknown where nobody knows.
    """
    text = numbers.ratio(ratio, lang)
    if as_number(ratio) is None:
        return text
    demand, room = as_number(row.get("demand")) or 0.0, as_number(down.get("headroom")) or 0.0
    if demand and demand >= room:
        return qualified(text, _bound(row, "demand"), lang, implied=is_implied(row))
    implied = any(is_implied(feed) for feed in feeds)
    return qualified(text, _headroom_bound(down, feeds), lang, implied=implied)


def grounds(row: Row, lang: Lang, feeds: Sequence[Row] = ()) -> str:
    """
    What the figures of a gap rest on, in words, for sheets whose cells are bare numbers.

    Parameters
    ----------
    row
        A gap.
    lang
        `zh` or `en`.
    feeds
        Balance rows of the local products that feed it.

    Returns
    -------
    text
        Nothing where the figures are recorded and whole.
    """
    words = texts("word", lang)
    down = as_text(row.get("direction")) == "downstream"
    found = []
    if is_implied(row) or any(is_implied(feed) for feed in feeds):
        found.append(words["implied"])
    if _bound(row, "demand") and as_number(row.get("demand")) is not None:
        found.append(words["floor_demand"])
    if down and _headroom_bound(row, feeds) == "at_most" and headroom_known(row):
        found.append(words["ceiling_headroom"])
    return listing(found, lang)


def headroom_known(row: Row) -> bool:
    """Whether anything is known of a row's headroom."""
    ends = row.get("headroom"), row.get("headroom_high")
    return any(as_number(end) is not None for end in ends)


def share_range(row: Row, name: str, lang: Lang) -> str:
    """
    A share with its ends.

    Parameters
    ----------
    row
        A row of the local content.
    name
        `direct` or `recursive`.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        `64% (63% to 65%)`; one figure where the ends print alike.
    """
    figure, low, high = (
        numbers.percent(row.get(f"{name}{end}"), lang) for end in ("", "_low", "_high")
    )
    if low == high:
        return figure
    words = texts("word", lang)
    span = words["range_bare"].format(low=low, high=high)
    return words["with_range"].format(figure=figure, range=span)


def qualified(text: str, bound: Bound, lang: Lang, *, implied: bool) -> str:
    """A figure with the words for what it is: a lower or an upper end, implied."""
    words = texts("word", lang)
    if bound:
        text = words[bound].format(figure=text)
    return words["implied_figure"].format(figure=text) if implied else text


def _rests(row: Row, column: str) -> bool:
    """Whether a figure of the balance rests on implied output."""
    if column == "supply":
        return _is_supply_implied(row)
    return column in BALANCED and is_implied(row)


def _is_supply_implied(row: Row) -> bool:
    """Whether the local supply is implied, or falls from a main product that is."""
    if "supply_implied" in row:
        return row["supply_implied"] is True
    falls = "by_product" in (as_text(row.get("stage")), as_text(row.get("recruit_gate")))
    return row.get("implied") is True or (falls and is_implied(row))


def _bound(row: Row, column: str) -> Bound:
    """Whether a figure is an end only, for users or makers of unknown size are left out."""
    users = bool(as_names(row.get("unsized_users")))
    makers = bool(as_names(row.get("unsized_producers"))) and not _is_supply_implied(row)
    more = (users and column in _GROW_WITH_DEMAND) or (makers and column in _GROW_WITH_SUPPLY)
    less = (users and column in _SHRINK_WITH_DEMAND) or (makers and column in _SHRINK_WITH_SUPPLY)
    if less and not more and as_number(row.get(column)):  # no figure falls below nothing
        return "at_most"
    return "at_least" if more and not less else ""


def _headroom_bound(row: Row, feeds: Sequence[Row]) -> Bound:
    """Whether a headroom is an upper or a lower end: of its own, or as the surplus is one."""
    if as_number(row.get("headroom")) is None:
        return "at_most"
    bounds = {_bound(feed, "surplus") for feed in feeds} - {""}
    return next(iter(bounds)) if len(bounds) == 1 else ""
