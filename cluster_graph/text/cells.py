"""What a cell of a frame holds: known or unknown, one value or a list, ready for JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

    from cluster_graph.text import Lang

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"
_BETWEEN: Final = " / "
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_WHOLE: Final = 2**53  # beyond this a float no longer holds every whole number


def as_dicts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """
    The rows of a frame.

    Parameters
    ----------
    frame
        Any frame.

    Returns
    -------
    rows
        Column -> cell, as `frame.to_dict("records")` gives them, in a fraction of its time
        where most cells are texts.
    """
    names = [str(name) for name in frame.columns]
    columns = [frame.iloc[:, place].tolist() for place in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def known(value: object) -> bool:
    """Whether a cell says anything: not blank, not None, not NaN, not NA."""
    if value is None:
        return False
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, (bool, int, list, tuple, dict, set)):
        return True
    if isinstance(value, float):
        return math.isfinite(value)
    text = repr(value)
    if text in {"<NA>", "NaT"}:
        return False
    number = as_number(value)
    return number is not None or not hasattr(value, "dtype") or hasattr(value, "__len__")


def as_number(value: object) -> float | None:
    """
    The number in a cell.

    Parameters
    ----------
    value
        Any cell; text is never taken for a number.

    Returns
    -------
    number
        None where the cell holds no finite number.
    """
    if value is None or isinstance(value, (str, bytes, bool)) or hasattr(value, "__len__"):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def as_text(value: object) -> str:
    """The text in a cell; nothing where it is unknown."""
    if isinstance(value, str):
        return value if value.strip() else ""
    # Most cells that are no text are blank.
    if value is None or not known(value):
        return ""
    number = None if isinstance(value, bool) else as_number(value)
    if number is not None and number.is_integer() and abs(number) < _WHOLE:
        return str(int(number))
    return str(value)


def in_language(text: str, lang: Lang) -> str:
    """
    The half of a text written as `中文 / english` that is in a language.

    Parameters
    ----------
    text
        Any text.
    lang
        `zh` or `en`.

    Returns
    -------
    half
        The Chinese or the other half; the whole text where it has no two such halves.
    """
    first, sign, second = text.partition(_BETWEEN)
    if not sign or not _CHINESE.search(first) or _CHINESE.search(second):
        return text
    return (first if lang == "zh" else second).strip()


def as_list(value: object) -> list[object]:
    """The items of a cell: of a list, an array, a tuple; none where it is unknown."""
    if value is None or isinstance(value, float):
        return []
    if isinstance(value, str):
        return [part for part in value.split(";") if part.strip()]
    if isinstance(value, Mapping) or not isinstance(value, Iterable):
        return []
    return list(value)


def as_names(value: object) -> list[str]:
    """The items of a cell as text, in their order."""
    return [as_text(item) for item in as_list(value) if known(item)]


def plain(value: object) -> Plain:
    """
    A cell as JSON knows it.

    Parameters
    ----------
    value
        A cell of a frame or an attribute of a node, of any type.

    Returns
    -------
    plain
        None where unknown; whole numbers whole; lists and objects all the way down.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    # Most others are numbers, and to ask for a kind of mapping is slow.
    if isinstance(value, (int, float)):
        return _plain_scalar(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):  # arrays and scalars of NumPy
        return plain(value.tolist())
    return _plain_scalar(value)


def _plain_scalar(value: object) -> Plain:
    """One value that is neither text nor a collection."""
    if not known(value):
        return None
    number = as_number(value)
    if number is None:
        return str(value)
    if isinstance(value, int) or (number.is_integer() and abs(number) < _WHOLE):
        return int(number)
    return number
