"""A frame for other programs and other people: CSV, JSON, Markdown, one Excel sheet."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Final, Literal

from cluster_graph.text.cells import Plain, as_dicts, as_number, plain
from cluster_graph.views.columns import NUMBERS, cell_text, heading
from cluster_graph.views.words import state_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from cluster_graph.text import Lang

TextFormat = Literal["csv", "json", "md"]
_SIGNS: Final = {"\\": "\\\\", "|": "\\|", "<": "&lt;", ">": "&gt;", "\r": " ", "\n": " "}


def frame_text(frame: pd.DataFrame, form: TextFormat, lang: Lang) -> str:
    """
    A frame as text.

    Parameters
    ----------
    frame
        Any frame with the contract's columns.
    form
        `csv`: the contract's column names, lists joined by `;`, objects as JSON, unknown
        blank. `json`: a list of objects, unknown `null`. `md`: a table of GitHub's for
        people, in their language.
    lang
        `zh` or `en`; only `md` depends on it.

    Returns
    -------
    text
        With a line end at the end; no byte order mark.
    """
    if form == "json":
        rows = [plain(row) for row in as_dicts(frame)]
        return json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if form == "csv":
        return _csv(frame)
    return _markdown(frame, lang)


def frame_xlsx(frame: pd.DataFrame, lang: Lang, title: str) -> bytes:
    """
    A frame as an Excel file with one sheet.

    Parameters
    ----------
    frame
        Any frame with the contract's columns.
    lang
        Language of headings and words.
    title
        Name of the sheet.

    Returns
    -------
    content
        The file; text in it is text, whatever it begins with.
    """
    from cluster_graph.views.sheets import Column, Workbook  # noqa: PLC0415 (heavy)

    columns = [
        Column(
            heading(str(name), lang),
            kind="number" if str(name) in NUMBERS else "text",
            words=state_words(lang) if str(name) == "state" else {},
        )
        for name in frame.columns
    ]
    book = Workbook()
    rows: list[list[object]] = []
    for row in as_dicts(frame):
        cells: list[object] = []
        for name in row:
            number = as_number(row[name]) if name in NUMBERS else None
            cells.append(cell_text(name, row, lang) if name not in NUMBERS else number)
        rows.append(cells)
    book.add(title, columns, rows)
    return book.content()


def _csv(frame: pd.DataFrame) -> str:
    """CSV with the contract's column names."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([str(name) for name in frame.columns])
    for row in as_dicts(frame):
        writer.writerow([_csv_cell(plain(value)) for value in row.values()])
    return out.getvalue()


def _csv_cell(value: Plain) -> str:
    """One cell of a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value)
    ):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return ";".join(_csv_cell(item) for item in value)
    return repr(value) if isinstance(value, float) else str(value)


def markdown(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[bool] = ()
) -> str:
    """
    Text cells as a table of GitHub's Markdown.

    Parameters
    ----------
    headings
        What stands above the columns.
    rows
        The cells, row by row; no sign in them is taken for markup.
    right
        For each column whether it is aligned to the right; none of them unless told.

    Returns
    -------
    text
        The table, a line end at its end.
    """
    sides = right or [False] * len(headings)
    lines = [_line(headings), _line(["---:" if side else "---" for side in sides], raw=True)]
    return "\n".join(lines + [_line(row) for row in rows]) + "\n"


def _markdown(frame: pd.DataFrame, lang: Lang) -> str:
    """Table of GitHub's Markdown, headings and words in a language."""
    names = [str(name) for name in frame.columns]
    return markdown(
        [heading(name, lang) for name in names],
        [[cell_text(name, row, lang) for name in names] for row in as_dicts(frame)],
        right=[name in NUMBERS for name in names],
    )


def _line(cells: Sequence[str], *, raw: bool = False) -> str:
    """One line of a Markdown table; in cells no sign is markup."""
    table = str.maketrans({} if raw else _SIGNS)
    return "| " + " | ".join(cell.translate(table) for cell in cells) + " |"
