"""The units that quantities come in, and how to turn one into another."""

import unicodedata
from typing import Final

# unit -> (base unit of its dimension, how many of the base it holds)
_UNITS: Final[dict[str, tuple[str, float]]] = {
    "t": ("t", 1.0),
    "kg": ("t", 1e-3),
    "g": ("t", 1e-6),
    "kt": ("t", 1e3),
    "mt": ("t", 1e6),
    "吨": ("t", 1.0),
    "千克": ("t", 1e-3),
    "公斤": ("t", 1e-3),
    "克": ("t", 1e-6),
    "千吨": ("t", 1e3),
    "万吨": ("t", 1e4),
    "万t": ("t", 1e4),
    "m3": ("m3", 1.0),
    "nm3": ("m3", 1.0),
    "立方米": ("m3", 1.0),
    "万立方米": ("m3", 1e4),
    "亿立方米": ("m3", 1e8),
    "m2": ("m2", 1.0),
    "平方米": ("m2", 1.0),
    "亩": ("m2", 2000 / 3),
    "mu": ("m2", 2000 / 3),
    "公顷": ("m2", 1e4),
    "ha": ("m2", 1e4),
    "万平方米": ("m2", 1e4),
    "kwh": ("kWh", 1.0),
    "mwh": ("kWh", 1e3),
    "gwh": ("kWh", 1e6),
    "千瓦时": ("kWh", 1.0),
    "度": ("kWh", 1.0),
    "万千瓦时": ("kWh", 1e4),
    "亿千瓦时": ("kWh", 1e8),
    "mw": ("MW", 1.0),
    "kw": ("MW", 1e-3),
    "gw": ("MW", 1e3),
    "兆瓦": ("MW", 1.0),
    "tce": ("tce", 1.0),
    "吨标准煤": ("tce", 1.0),
    "吨标煤": ("tce", 1.0),
    "万吨标准煤": ("tce", 1e4),
    "万吨标煤": ("tce", 1e4),
    "人": ("persons", 1.0),
    "名": ("persons", 1.0),
    "人次": ("persons", 1.0),
    "persons": ("persons", 1.0),
    "people": ("persons", 1.0),
    "vehicle": ("vehicle", 1.0),
    "辆": ("vehicle", 1.0),
    "万辆": ("vehicle", 1e4),
    "set": ("set", 1.0),
    "套": ("set", 1.0),
    "台": ("set", 1.0),
    "台套": ("set", 1.0),
    "万套": ("set", 1e4),
    "piece": ("piece", 1.0),
    "件": ("piece", 1.0),
    "只": ("piece", 1.0),
    "万件": ("piece", 1e4),
    "yuan": ("yuan", 1.0),
    "元": ("yuan", 1.0),
    "千元": ("yuan", 1e3),
    "万元": ("yuan", 1e4),
    "10,000yuan": ("yuan", 1e4),
    "百万元": ("yuan", 1e6),
    "亿元": ("yuan", 1e8),
}


def normal_unit(unit: str) -> str:
    """
    A unit as this module spells it: no blanks, lower case, no `per year`.

    Parameters
    ----------
    unit
        As written in a cell: `Mt`, `万吨/年`, ` t/a `.

    Returns
    -------
    unit
        A key of the units table where it is known; otherwise the cleaned text.
    """
    text = unicodedata.normalize("NFKC", unit).strip().replace(" ", "")
    for suffix in ("/年", "/a", "/yr", "/year"):
        text = text.removesuffix(suffix)
    # MT is a metric ton to some and a million tonnes to others: it stays unknown.
    return text if text == "MT" else text.lower()


def is_unit(unit: str) -> bool:
    """Say whether a unit is in the units table."""
    return normal_unit(unit) in _UNITS


def factor(unit: str, into: str) -> float | None:
    """
    How many `into` one `unit` holds.

    Parameters
    ----------
    unit
        The unit of a quantity; blank means that it already is in `into`.
    into
        The product's own unit. One that the table does not know equals only itself.

    Returns
    -------
    factor
        Multiply a quantity by it; None if the two measure different things.
    """
    if not unit.strip() or normal_unit(unit) == normal_unit(into):
        return 1.0
    have = _UNITS.get(normal_unit(unit))
    want = _UNITS.get(normal_unit(into))
    if have is None or want is None or have[0] != want[0]:
        return None
    return have[1] / want[1]
