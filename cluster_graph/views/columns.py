"""How the cells of each column are written: heading, words, figures with their unit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import (
    as_list,
    as_names,
    as_number,
    as_text,
    in_language,
    known,
    plain,
)
from cluster_graph.views.figures import BALANCED, amount, headroom
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cluster_graph.targets.weights import Weights

_WHEN: Final = ("before", "after")


def _both(*names: str) -> frozenset[str]:
    """The two columns of each figure in a table of changes."""
    return frozenset(f"{name}_{when}" for name in names for when in _WHEN)


QUANTITIES: Final = frozenset(
    {
        "demand",
        "demand_low",
        "demand_high",
        "total_demand",
        "supply",
        "supply_low",
        "supply_high",
        "planned_supply",
        "shortage",
        "shortage_low",
        "shortage_high",
        "total_shortage",
        "surplus",
        "local_purchases",
        "outside_purchases",
        "unplaced_purchases",
        "outside_sales",
        "latent_match",
        "headroom",
        "headroom_high",
        "capacity",
    }
) | _both(
    "demand",
    "demand_low",
    "demand_high",
    "supply",
    "shortage",
    "shortage_low",
    "shortage_high",
    "surplus",
)
MONEY: Final = frozenset({"value", "value_low", "value_high", "added"}) | _both("value")  # yuan
PRICES: Final = frozenset({"price", "value_step"})  # yuan a unit
SHARES: Final = frozenset(
    {"self_sufficiency", "readiness", "coverage", "leakage", "link_coverage", "p_top10"}
) | _both("self_sufficiency")
SCORES: Final = frozenset({"score"})
RATIOS: Final = frozenset({"scale", "value_multiplier", "backward_linkage", "forward_linkage"})
_WORDS: Final[dict[str, str]] = {
    "state": "state",
    "use_state": "use_state",
    "state_before": "state",
    "state_after": "state",
    "use_state_before": "use_state",
    "use_state_after": "use_state",
    "presence": "presence",
    "absence": "absence",
    "direction": "direction",
    "gate": "gate",
    "recruit_gate": "gate",
    "stage": "stage",
    "status": "status",
    "evidence": "evidence",
    "kind": "kind",
    "place": "place",
    "chain": "chain",
    "listed": "listed",
    "table": "table",
}
_PLAIN_COUNTS: Final = frozenset(
    {
        "rank",
        "rank_low",
        "rank_high",
        "depth",
        "steps",
        "read",
        "accepted",
        "merged",
        "rejected",
        "employees",
        "revenue",
        "tax",
        "investment",
        "land_m2",
        "workshop_m2",
    }
)
NUMBERS: Final = QUANTITIES | MONEY | PRICES | SHARES | SCORES | RATIOS | _PLAIN_COUNTS


def heading(column: str, lang: Lang) -> str:
    """Heading of a column in a language; a column of the user's own keeps its name."""
    return texts("column", lang).get(column, column)


def cell_text(column: str, row: Mapping[str, object], lang: Lang) -> str:
    """
    A cell as people read it.

    Parameters
    ----------
    column
        The column's name in the contract.
    row
        The whole row, for the unit stands in another cell.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        Figures with their unit, words in the language, lists in one line; the word for
        unknown where a figure is wanted and nobody knows it, nothing where text is blank.
    """
    value = row.get(column)
    if column == "rank" and not known(value):
        return ""  # listed apart, and so without a rank
    if column in NUMBERS and (as_number(value) is not None or not known(value)):
        return _figure(column, value, row, lang)
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return texts("word", lang)["yes" if value else "no"]
    if column in _WORDS:
        return word(_WORDS[column], value, lang) if known(value) else ""
    if column == "unit":
        return numbers.unit_word(value, lang)
    return _other(column, value, lang)


def _other(column: str, value: object, lang: Lang) -> str:
    """Lists, objects and plain text."""
    if column == "change":
        words = texts("change", lang)
        return listing([words[f"kind_{kind}"] for kind in as_names(value)], lang)
    if column == "components" and isinstance(value, dict):
        return component_line(value, lang)
    if isinstance(value, dict):
        return json.dumps(plain(value), ensure_ascii=False)
    if isinstance(value, (list, tuple)) or hasattr(value, "__array__"):
        return listing([_item_text(item) for item in as_list(value)], lang)
    return in_language(as_text(value), lang)


def component_line(components: Mapping[str, object], lang: Lang) -> str:
    """The parts of a score in one line."""
    pair = texts("word", lang)["pair"]
    return listing(
        [
            pair.format(word=word("component", name, lang), figure=numbers.score(value, lang))
            for name, value in components.items()
        ],
        lang,
    )


def weights_line(weights: Weights, targets: pd.DataFrame, lang: Lang) -> str:
    """
    What the components of a target's score weigh.

    Parameters
    ----------
    weights
        The weights.
    targets
        What they ranked.
    lang
        `zh` or `en`.

    Returns
    -------
    line
        Their name and each component with its share; those that weigh nothing are left out.
        Components that are unknown for every target are named: they decide nothing.
    """
    pair = texts("word", lang)["pair"]
    parts = [
        pair.format(word=word("component", name, lang), figure=numbers.percent(share, lang))
        for name, share in weights.target.items()
        if share > 0
    ]
    name = word("weights", weights.name, lang)
    line = say("view.weights", lang, name=name, parts=listing(parts, lang))
    ranked = targets["components"] if len(targets) else ()
    blank = [
        word("component", name, lang)
        for name, share in weights.target.items()
        if share > 0 and not any(known(parts.get(name)) for parts in ranked)
    ]
    if len(targets) and blank:
        line += say("view.weights_unknown", lang, parts=listing(blank, lang))
    return line


def _figure(column: str, value: object, row: Mapping[str, object], lang: Lang) -> str:
    """A figure, written as its column wants."""
    unit = row.get("unit")
    if column == "headroom":
        return headroom(row, lang)
    if column in BALANCED:
        return amount(row, column, lang, span=False)
    if column in QUANTITIES:
        return numbers.quantity(value, unit, lang)
    if column in PRICES:
        return numbers.price(value, unit, lang)
    for columns, write in (
        (MONEY, numbers.money),
        (SHARES, numbers.percent),
        (SCORES, numbers.score),
        (RATIOS, numbers.ratio),
    ):
        if column in columns:
            return write(value, lang)
    return numbers.quantity(value, "", lang)


def _item_text(item: object) -> str:
    """One item of a list: its name where it is an object, else itself."""
    if isinstance(item, dict):
        return as_text(item.get("name")) or json.dumps(plain(item), ensure_ascii=False)
    return as_text(item)
