"""Figures of the survey, written in the reader's language where their unit is known."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import as_text, in_language
from cluster_graph.views.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping

_STEPS: Final = {"": 1.0, "_up": 1e4, "_top": 1e8}  # Chinese counts in ten thousands


def fact(row: Mapping[str, object], lang: Lang) -> str:
    """
    A figure of the survey with its unit.

    Parameters
    ----------
    row
        A fact: its `value` and `unit` as the source writes them.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        In Chinese as it stands; in English the same amount in English units, where the
        catalogue knows the unit.
    """
    value = in_language(as_text(row.get("value")), lang)
    unit = in_language(as_text(row.get("unit")), lang)
    number = _number(value)
    if lang != "zh" and number is not None and unit in _chinese_units():
        factor, name = _chinese_units()[unit]
        return numbers.quantity(number * factor, name, lang)
    measure = word("measure", unit, lang) if unit else ""
    return say("view.fact", lang, value=value, unit=measure).strip()


@cache
def _chinese_units() -> dict[str, tuple[float, str]]:
    """A Chinese unit -> how many of which plain unit it is."""
    words = texts("word", "zh")
    return {
        text: (factor, unit)
        for step, factor in _STEPS.items()
        for key, text in words.items()
        if (unit := key.removeprefix("unit_").removesuffix(step)) and key == f"unit_{unit}{step}"
        if f"unit_{unit}_up" in words
    }


def _number(text: str) -> float | None:
    """The number a text is, or nothing."""
    try:
        return float(text)
    except ValueError:
        return None
