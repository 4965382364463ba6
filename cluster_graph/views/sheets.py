"""Sheets of an Excel file: headings, filters, widths that fit Chinese, one page wide on A4."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from cluster_graph.text.cells import as_number, as_text, known

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELL_MOST: Final = 32_767  # characters that Excel takes in one cell
_SHEET_NAME_MOST: Final = 31
_NARROW, _WIDE = 7, 42
_SENTENCE: Final = 110
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
    state
        Whether the cells are states and take the state's colour beside the word.
    wide
        Whether the cells hold whole sentences.
    """

    heading: str
    kind: Literal["text", "number"] = "text"
    state: bool = False
    wide: bool = False


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
        self._states = {
            state: self._book.add_format({**base, "bold": True, **look})
            for state, look in _STATE_LOOKS.items()
        }
        self._names: set[str] = set()

    def add(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[object]],
        *,
        states: Sequence[str] = (),
        frozen: int = 1,
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
            The cells, row by row; unknown ones stay blank.
        states
            For each row the state that colours its state cell.
        frozen
            How many columns stay in sight.
        """
        sheet = self._book.add_worksheet(self._sheet_name(title))
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.heading[:_CELL_MOST], self._head)
            cells = [as_text(row[place]) for row in rows[:_SAMPLE]]
            width = _SENTENCE if column.wide else _width(column.heading, cells)
            sheet.set_column(place, place, width)
        for line, row in enumerate(rows, start=1):
            state = states[line - 1] if states else ""
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._write(sheet, (line, place), column, value, state)
        sheet.freeze_panes(1, min(frozen, len(columns)))
        if rows:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")

    def content(self) -> bytes:
        """Close the file and return it."""
        self._book.close()
        return self._buffer.getvalue()

    def _write(
        self,
        sheet: Any,  # noqa: ANN401 (XlsxWriter has no types)
        place: tuple[int, int],
        column: Column,
        value: object,
        state: str,
    ) -> None:
        """One cell: a number, a text or a blank."""
        number = as_number(value) if column.kind == "number" else None
        if number is not None:
            look = self._number
            if number.is_integer():
                look = self._whole
            elif abs(number) < _FIRST:
                look = self._tiny
            sheet.write_number(*place, float(f"{number:.{_DIGITS}g}"), look)
        elif not known(value):
            sheet.write_blank(*place, None, self._text)
        else:
            look = self._states.get(state, self._text) if column.state else self._text
            sheet.write_string(*place, as_text(value)[:_CELL_MOST], look)

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


def _cells_wide(text: str) -> int:
    """How many narrow signs a text is wide."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text[:_WIDE])
