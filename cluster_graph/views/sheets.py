"""Sheets of an Excel file: headings, filters, widths that fit Chinese, one page wide on A4."""

from __future__ import annotations

import io
import math
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from cluster_graph.text.cells import as_number, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CELL_MOST: Final = 32_767  # characters that Excel takes in one cell
_SHEET_NAME_MOST: Final = 31
_NARROW, _WIDE = 7, 42
_LINE: Final = 15.0  # points
_LINES_MOST: Final = 27  # Excel shows no higher row
_SENTENCE: Final = 110
_PAGE: Final = 230  # narrow signs beside each other that are still readable on A4
_A4: Final = 9
_DIGITS: Final = 10  # more would only show how computers count
_SAMPLE: Final = 300  # rows that decide the widths
_FIRST: Final = 1e-4  # the smallest figure that four decimals still show
_STATE_LOOKS: Final[dict[str, dict[str, object]]] = {
    "strong": {"bg_color": "#E3F3EC", "font_color": "#17694D"},
    "weak": {"bg_color": "#FDF0D9", "font_color": "#8A5100"},
    "broken": {"bg_color": "#FDE6E4", "font_color": "#A61C1C"},
    "missing": {"bg_color": "#ECEEF0", "font_color": "#3F4851"},
    "planned": {"bg_color": "#EFE9FB", "font_color": "#5A3A9C"},
}


@dataclass(frozen=True)
class Column:
    """
    A column of a sheet.

    Parameters
    ----------
    heading
        What stands above it.
    kind
        `number`: digits as Excel's numbers; `text`: text as it is, never a formula.
    words
        Word -> the state whose colour stands behind it, also where somebody writes it later.
    wide
        Whether the cells hold whole sentences.
    total
        Whether a sum of the rows that a filter leaves stands below.
    bar
        Whether a bar in the cell shows how large it is.
    choices
        The words that a drop-down list offers; others can be written all the same.
    """

    heading: str
    kind: Literal["text", "number"] = "text"
    words: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False
    total: bool = False
    bar: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """
    A cell that leads to a row of another sheet.

    Parameters
    ----------
    text
        What the cell says.
    sheet
        Title of the other sheet.
    row
        Its row, counted from 0 below the headings.
    """

    text: str
    sheet: str
    row: int

    def __str__(self) -> str:
        """Return what the cell says."""
        return self.text


class Workbook:
    """An Excel file in memory; no text in it is ever read as a formula or a link."""

    def __init__(self) -> None:
        from xlsxwriter import Workbook as Book  # noqa: PLC0415 (heavy)

        self._buffer = io.BytesIO()
        self._book: Any = Book(
            self._buffer,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        base = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#C9CED4"}
        self._text = self._book.add_format(base)
        self._number = self._book.add_format({**base, "num_format": "#,##0.####"})
        self._whole = self._book.add_format({**base, "num_format": "#,##0"})
        self._tiny = self._book.add_format({**base, "num_format": "0.00E+00"})
        self._head = self._book.add_format(
            {**base, "bold": True, "bg_color": "#DCE6F0", "valign": "vcenter"}
        )
        self._total = self._book.add_format(
            {**base, "bold": True, "bg_color": "#F2F4F6", "num_format": "#,##0.####"}
        )
        self._link = self._book.add_format({**base, "font_color": "#0B4A85", "underline": 1})
        # Where the states stand the cell says the word; the colour only comes on top.
        self._states = {
            state: self._book.add_format({"bold": True, **look})
            for state, look in _STATE_LOOKS.items()
        }
        # Excel takes a name once, whatever its case.
        self._names: set[str] = set()
        self._sheet_of: dict[str, str] = {}

    def add(  # noqa: PLR0913  each is one thing that a sheet may have
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[object]],
        *,
        frozen: int = 1,
        spare: int = 0,
        total: str = "",
    ) -> None:
        """
        Add a sheet.

        Parameters
        ----------
        title
            Its name; signs that Excel forbids are left out.
        columns
            Its columns.
        rows
            The cells, row by row: texts, figures, a `Link`; unknown ones stay blank.
        frozen
            How many columns stay in sight.
        spare
            How many blank rows follow, to be filled in.
        total
            The word in front of the sums, where a column has one.
        """
        self._sheet_of[title] = self._sheet_name(title)
        sheet = self._book.add_worksheet(self._sheet_of[title])
        widths = self._headings(sheet, columns, rows)
        self._cells(sheet, columns, [*rows, *[[None] * len(columns)] * spare], widths)
        last = len(rows) + spare
        if last:
            sheet.autofilter(0, 0, last, len(columns) - 1)
        if rows and any(column.total for column in columns):
            last += 1
            self._sum(sheet, columns, rows, total)
        kept = min(frozen, len(columns))
        sheet.freeze_panes(1, kept)
        sheet.print_area(0, 0, last, len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        # What is wider than a page can show in readable size goes on over several.
        sheet.fit_to_pages(max(1, math.ceil(sum(widths) / _PAGE)), 0)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, max(0, kept - 1))
        sheet.set_footer("&L&A&R&P / &N")

    def _headings(
        self,
        sheet: Any,  # noqa: ANN401 (XlsxWriter has no types)
        columns: Sequence[Column],
        rows: Sequence[Sequence[object]],
    ) -> list[float]:
        """The headings; returns how wide each column is."""
        widths = []
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading[:_CELL_MOST], self._head)
            cells = [as_text(row[place]) for row in rows[:_SAMPLE]]
            width = _SENTENCE if column.wide else _width(column.heading, cells)
            sheet.set_column(place, place, width)
            widths.append(width)
        return widths

    def _cells(
        self,
        sheet: Any,  # noqa: ANN401 (XlsxWriter has no types)
        columns: Sequence[Column],
        rows: Sequence[Sequence[object]],
        widths: Sequence[float],
    ) -> None:
        for line, row in enumerate(rows, start=1):
            texts = [as_text(value) for value in row]
            # Not every program fits the height to wrapped text on its own.
            lines = max(map(_lines, texts, widths), default=1)
            if lines > 1:
                sheet.set_row(line, _LINE * min(lines, _LINES_MOST))
            for place, cell in enumerate(zip(row, texts, strict=True)):
                self._write(sheet, (line, place), columns[place], cell)
        for place, column in enumerate(columns):
            if rows:
                self._dress(sheet, place, column, len(rows))

    def content(self) -> bytes:
        """Close the file and return it."""
        self._book.close()
        return self._buffer.getvalue()

    def _write(
        self,
        sheet: Any,  # noqa: ANN401 (XlsxWriter has no types)
        place: tuple[int, int],
        column: Column,
        cell: tuple[object, str],
    ) -> None:
        """One cell, given as it is and as text: a number, a text, a link or a blank."""
        value, text = cell
        number = as_number(value) if text and column.kind == "number" else None
        if number is not None:
            look = self._number
            if number.is_integer():
                look = self._whole
            elif abs(number) < _FIRST:
                look = self._tiny
            sheet.write_number(*place, float(f"{number:.{_DIGITS}g}"), look)
        elif isinstance(value, Link):
            name = self._sheet_of.get(value.sheet, value.sheet)
            sheet.write_url(
                *place, f"internal:'{name}'!A{value.row + 2}", self._link, value.text[:_CELL_MOST]
            )
        elif text:
            sheet.write_string(*place, text[:_CELL_MOST], self._text)
        else:
            sheet.write_blank(*place, None, self._text)

    def _dress(self, sheet: Any, place: int, column: Column, last: int) -> None:  # noqa: ANN401
        """What Excel draws over a column: colours by word, bars, drop-down lists."""
        area = (1, place, last, place)
        for word, state in column.words.items():
            if state in self._states:
                rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
                sheet.conditional_format(*area, {**rule, "format": self._states[state]})
        if column.bar:
            look = {"bar_color": "#9DB8D2", "min_type": "num", "min_value": 0}
            sheet.conditional_format(*area, {"type": "data_bar", **look})
        if column.choices:
            offered = {"validate": "list", "source": list(column.choices)}
            sheet.data_validation(*area, {**offered, "error_type": "information"})

    def _sum(
        self,
        sheet: Any,  # noqa: ANN401 (XlsxWriter has no types)
        columns: Sequence[Column],
        rows: Sequence[Sequence[object]],
        word: str,
    ) -> None:
        """The sums below a table; they follow its filter."""
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 (heavy)

        line = len(rows) + 1
        for place, column in enumerate(columns):
            if not column.total:
                sheet.write_string(line, place, word if place == 0 else "", self._total)
                continue
            found = [number for row in rows if (number := as_number(row[place])) is not None]
            name = xl_col_to_name(place)
            formula = f"=SUBTOTAL(109,{name}2:{name}{line})"
            sheet.write_formula(line, place, formula, self._total, sum(found))

    def _sheet_name(self, title: str) -> str:
        """A name that Excel takes and that no other sheet has."""
        clean = "".join(sign for sign in title if sign not in "[]:*?/\\").strip("' ")
        clean = clean[:_SHEET_NAME_MOST] or "1"
        name, count = clean, 1
        while name.lower() in self._names:
            count += 1
            name = f"{clean[: _SHEET_NAME_MOST - 4]} {count}"
        self._names.add(name.lower())
        return name


def _width(heading: str, cells: Sequence[str]) -> float:
    """Width of a column, a Chinese sign counted twice."""
    longest = max([_cells_wide(cell) for cell in cells], default=0)
    return max(_NARROW, min(_WIDE, max(_cells_wide(heading) + 3, longest + 1)))


def _lines(text: str, width: float) -> int:
    """How many lines a wrapped text takes in a column."""
    # Most cells are blank.
    if not text:
        return 1
    room = max(width - 1, 1)
    # Most texts are short enough whatever their signs.
    return sum(
        1 if 2 * len(part) <= room else math.ceil(_cells_wide(part, len(part)) / room)
        for part in text.splitlines() or [""]
    )


def _cells_wide(text: str, most: int = _WIDE) -> int:
    """How many narrow signs a text is wide."""
    if text.isascii():
        return min(len(text), most)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text[:most])
