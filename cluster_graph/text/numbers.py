"""Figures as people write them: a number and its unit, in either language the same amount."""

import math
from typing import Final

from cluster_graph.text import Lang, texts
from cluster_graph.text.cells import as_number, as_text

_DIGITS: Final = 4  # significant digits: a planner's figure carries no more
_TENTHS_FROM: Final = 0.0001  # smaller amounts are printed as powers of ten
_HUNDRED: Final = 100.0

# the factor of the larger and of the largest unit; Chinese counts in ten thousands
_CHINESE: Final = (1e4, 1e8)
_METRIC: Final = (1e3, 1e6)
_ENGLISH: Final = (1e6, 1e9)
_STEPS: Final[dict[str, tuple[float, float]]] = {"t": _METRIC, "g": _METRIC, "MW": (1e3, 1e6)}


def quantity(value: object, unit: object, lang: Lang) -> str:
    """
    An amount with its unit, four significant digits.

    Parameters
    ----------
    value
        The amount; None or NaN where unknown.
    unit
        Its unit as the tables spell it: `t`, `m3`, `vehicle`. Units of the user's own stay.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        `351 万吨` or `3.51 Mt`; the word for unknown where there is no amount.
    """
    number = as_number(value)
    words = texts("word", lang)
    if number is None:
        return words["unknown"]
    factor, name = _scale(number, as_text(unit), lang)
    if not name:
        return digits(number / factor)
    return words["figure"].format(number=digits(number / factor), unit=name)


def interval(low: object, high: object, unit: object, lang: Lang) -> str:
    """
    A range with its unit, both ends in the same one.

    Parameters
    ----------
    low, high
        The ends; one of them may be unknown.
    unit
        Their unit as the tables spell it.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        `320 至 380 万吨` or `3.2 to 3.8 Mt`; one figure where both ends are the same.
    """
    words = texts("word", lang)
    first, last = as_number(low), as_number(high)
    if first is None and last is None:
        return words["unknown"]
    if first is None:
        return words["at_most"].format(figure=quantity(last, unit, lang))
    if last is None:
        return words["at_least"].format(figure=quantity(first, unit, lang))
    factor, name = _scale(max(abs(first), abs(last)), as_text(unit), lang)
    ends = digits(first / factor), digits(last / factor)
    if ends[0] == ends[1]:
        return quantity(first, unit, lang)
    return words["range"].format(low=ends[0], high=ends[1], unit=name).strip()


def estimate(value: object, low: object, high: object, unit: object, lang: Lang) -> str:
    """
    An amount and, in brackets, its interval in the same unit.

    Parameters
    ----------
    value, low, high
        The amount and the ends; any of them may be unknown.
    unit
        Their unit as the tables spell it.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        `67.5 万吨（27 至 135）` or `675 kt (270 to 1,350)`; only what is known of it.
    """
    number, first, last = as_number(value), as_number(low), as_number(high)
    if number is None:
        return interval(low, high, unit, lang)
    figure = quantity(number, unit, lang)
    if first is None or last is None or first == last:
        return figure
    # an amount of nothing has no unit of its own: its upper end lends it one
    factor, name = _scale(number or last, as_text(unit), lang)
    words = texts("word", lang)
    span = words["range_bare"].format(low=digits(first / factor), high=digits(last / factor))
    if not number:
        figure = words["figure"].format(number="0", unit=name).strip()
    return words["with_range"].format(figure=figure, range=span)


def money(yuan: object, lang: Lang) -> str:
    """
    An amount of money, four significant digits.

    Parameters
    ----------
    yuan
        The amount in yuan; None or NaN where unknown.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        `8,532 万元`, `12.4 亿元`; `85.32 million yuan`, `1.24 bn yuan`.
    """
    return quantity(yuan, "yuan", lang)


def price(yuan: object, unit: object, lang: Lang) -> str:
    """
    Yuan for one unit.

    Parameters
    ----------
    yuan
        The price; None or NaN where unknown.
    unit
        What it buys, as the tables spell the unit.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        `3,500 元/吨` or `3,500 yuan per t`, or the word for unknown.
    """
    number = as_number(yuan)
    words = texts("word", lang)
    if number is None:
        return words["unknown"]
    per = words["per_unit"].format(unit=unit_word(unit, lang))
    return words["figure"].format(number=digits(number), unit=per)


def percent(share: object, lang: Lang) -> str:
    """
    A share as a percentage, three significant digits at most.

    Parameters
    ----------
    share
        1 is all of it; None or NaN where unknown.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        `37.5%`, or the word for unknown.
    """
    number = as_number(share)
    if number is None:
        return texts("word", lang)["unknown"]
    return f"{digits(number * _HUNDRED, 3)}%"


def score(value: object, lang: Lang) -> str:
    """A score between 0 and 1 with two decimals, or the word for unknown."""
    number = as_number(value)
    return texts("word", lang)["unknown"] if number is None else f"{number:.2f}"


def ratio(value: object, lang: Lang) -> str:
    """How many times, three significant digits and a sign for times, or the word for unknown."""
    number = as_number(value)
    return texts("word", lang)["unknown"] if number is None else f"×{digits(number, 3)}"


def unit_word(unit: object, lang: Lang) -> str:
    """The plain unit in a language; a unit of the user's own stays as it is."""
    name = as_text(unit)
    return texts("word", lang).get(f"unit_{name}", name)


def digits(number: float, significant: int = _DIGITS) -> str:
    """
    A number with so many significant digits, commas at the thousands, no idle zeros.

    Parameters
    ----------
    number
        Any finite number.
    significant
        How many digits carry meaning.

    Returns
    -------
    text
        `6,752` for 6751.9, `0.0016` for 0.0016, `1.2e-05` for what is smaller.
    """
    if number == 0:
        return "0"
    if abs(number) < _TENTHS_FROM:
        return f"{number:.{significant - 1}g}"
    places = significant - 1 - math.floor(math.log10(abs(number)))
    rounded = round(number, places)
    if places <= 0:
        return f"{rounded:,.0f}"
    return f"{rounded:,.{places}f}".rstrip("0").rstrip(".")


def _scale(number: float, unit: str, lang: Lang) -> tuple[float, str]:
    """The factor and the word of the unit that suits an amount."""
    words = texts("word", lang)
    if f"unit_{unit}" not in words:
        return 1.0, unit
    up, top = _CHINESE if lang == "zh" else _STEPS.get(unit, _ENGLISH)
    size = abs(number)
    if size >= top:
        return top, words[f"unit_{unit}_top"]
    if size >= up:
        return up, words[f"unit_{unit}_up"]
    return 1.0, words[f"unit_{unit}"]
