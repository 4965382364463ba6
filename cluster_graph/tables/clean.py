"""Cells as people write them, turned into what a schema expects: blanks, figures, dates."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from cluster_graph.tables.names import simplified
from cluster_graph.tables.places import region_code
from cluster_graph.tables.schema import WAN_YUAN, Column, Kind
from cluster_graph.tables.units import factor, is_unit

BLANK_WORDS: Final = frozenset(
    [
        "-",
        "--",
        "—",
        "——",
        "/",
        "//",
        "\\",
        ".",
        "…",
        "无",
        "无。",
        "没有",
        "不详",
        "未知",
        "暂无",
        "未填",
        "空",
        "n/a",
        "na",
        "n.a.",
        "nil",
        "null",
        "none",
        "nan",
        "#n/a",
    ]
)
TOTAL_WORDS: Final = frozenset(
    ["合计", "总计", "小计", "累计", "共计", "汇总", "total", "subtotal", "sum", "grandtotal"]
)
_ABOUT: Final = ("约", "近", "大约", "~", "≈", "about ", "approx. ", "ca. ")
_FIGURE: Final = re.compile(
    r"([+-]?[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?|[+-]?\.[0-9]+)(.*)", re.IGNORECASE
)
# Behind a first number: 300-400 and 300~400 are no single one.
_SECOND: Final = re.compile(r"\s*(?:[-~～–—至到]|to )\s*[0-9.]")
_THOUSANDS: Final = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?:[^0-9]|$))")
_YEAR: Final = re.compile(r"((?:19|20)[0-9]{2})(?:年|年度)?")
_DATE: Final = re.compile(
    r"((?:19|20)[0-9]{2})[年./-]([0-9]{1,2})(?:[月./-](?:([0-9]{1,2})日?)?)?(?:[ t].*)?",
    re.IGNORECASE,
)
_SERIAL_BEGIN: Final = date(1899, 12, 30)  # Excel's day 0, with its leap year of 1900
_SERIALS: Final = (20_000, 80_000)  # 1954 to 2119: five digits that are a day, not a year
_LONGEST_BLANK: Final = max(map(len, BLANK_WORDS))
_PERCENT: Final = 100.0
_WHOLE: Final = 1e15  # a larger float no longer holds every whole number
_DATES: Final = ("date", "deadline", "as_of", "year")
_CODES: Final = ("uscc", "sector_code")


@dataclass(frozen=True)
class Figure:
    """
    A number and the unit that stood behind it.

    Parameters
    ----------
    number
        As a text that `float` reads.
    unit
        Blank where none stood there.
    """

    number: str
    unit: str


def plain(cell: object) -> str:
    """
    A cell of any type as the text that a person would read in it.

    Parameters
    ----------
    cell
        A text, a number, a date, a flag or nothing.

    Returns
    -------
    text
        Stripped; dates in ISO 8601, whole numbers without a point.
    """
    # Most cells are texts.
    if cell is None or isinstance(cell, str):
        return (cell or "").strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _WHOLE else repr(cell)
    if isinstance(cell, datetime):
        at_midnight = not (cell.hour or cell.minute or cell.second)
        return cell.date().isoformat() if at_midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def is_blank(text: str) -> bool:
    """Say whether a cell says that there is nothing to say: `-`, `无`, `n/a`."""
    # Letters and digits stay as many when they are simplified.
    if len(text) > _LONGEST_BLANK and text.isalnum():
        return False
    word = simplified(unicodedata.normalize("NFKC", text).strip()).casefold()
    return not word or word in BLANK_WORDS


def is_total(text: str) -> bool:
    """Say whether a cell begins a row of totals."""
    word = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return re.split(r"[:(]", word, maxsplit=1)[0] in TOTAL_WORDS


def figure(text: str) -> Figure | None:
    """
    The number in a cell, with its unit.

    Parameters
    ----------
    text
        `1,200`, `１２００`, `约5.3万吨/年`, `85%`.

    Returns
    -------
    figure
        None if the cell holds no single number: `300-400`, `若干`.
    """
    cleaned = unicodedata.normalize("NFKC", text).strip()
    for word in _ABOUT:
        cleaned = cleaned.removeprefix(word)
    cleaned = _THOUSANDS.sub("", cleaned).strip()
    found = _FIGURE.fullmatch(cleaned)
    if found is None or _SECOND.match(found[2]):
        return None
    return Figure(found[1], simplified(found[2].strip()))


def iso_date(text: str) -> str:
    """
    A date or a part of one in ISO 8601.

    Parameters
    ----------
    text
        `2023年6月1日`, `2023.6`, `2023/06/01`, `45078` (an Excel serial), `2023年`.

    Returns
    -------
    date
        `2023-06-01`, `2023-06` or `2023`; the text itself where it is no date.
    """
    cleaned = unicodedata.normalize("NFKC", text).strip()
    if found := _YEAR.fullmatch(cleaned):
        return found[1]
    if found := _DATE.fullmatch(cleaned):
        year, month, day = found.groups()
        parts = [year, f"{int(month):02d}", *([f"{int(day):02d}"] if day else [])]
        return "-".join(parts)
    if cleaned.isascii() and cleaned.isdigit() and _SERIALS[0] <= int(cleaned) <= _SERIALS[1]:
        return (_SERIAL_BEGIN + timedelta(days=int(cleaned))).isoformat()
    return text


def cell_text(column: Column, text: str, unit: str) -> tuple[str, str]:
    """
    A cell as its column wants it, and the unit that it brought along.

    Parameters
    ----------
    column
        The column of the schema.
    text
        The cell as it came.
    unit
        The unit in the heading; blank if there is none.

    Returns
    -------
    text
        Converted where the column has a unit of its own (10,000 yuan, m2, a share);
        unchanged where it cannot be read, so that the check can show what it was.
    unit
        For quantities whose unit stands in a column of its own: the unit found in the
        cell or the heading.
    """
    if is_blank(text):
        return "", ""
    if column.kind is not Kind.NUMBER:
        return _word(column, text), ""
    found = figure(text)
    if found is None:
        return text, ""
    own = found.unit or unit
    if column.unit == "share" and own in ("%", "％"):
        return repr(float(found.number) / _PERCENT), ""
    if column.unit and column.unit != "share":
        return _converted(found, own, column.unit), ""
    return found.number, "" if column.unit else own


def _word(column: Column, text: str) -> str:
    if column.kind is Kind.REGION:
        return region_code(text) or text
    if column.name in _DATES:
        return iso_date(text)
    if column.name in _CODES:
        return unicodedata.normalize("NFKC", text).strip()
    return text


def _converted(found: Figure, unit: str, into: str) -> str:
    if not unit:
        return found.number
    scale = factor(unit, "万元" if into == WAN_YUAN else into) if is_unit(unit) else None
    if scale is None:
        # The check will say that this is no number, with the unit that it could not use.
        return f"{found.number}{unit}"
    return found.number if scale == 1 else repr(float(found.number) * scale)
