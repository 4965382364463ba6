"""Takes sheets apart into the tables of the contract, and says what it understood."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, cast

import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.check import Raw
from cluster_graph.tables.clean import TOTAL_WORDS, is_total
from cluster_graph.tables.convert import Converter
from cluster_graph.tables.problems import Problem
from cluster_graph.tables.recognise import DEPTH, Recognised, is_unit_row, key, recognise
from cluster_graph.tables.schema import SCHEMAS
from cluster_graph.tables.sheet import Sheet

_REMARKS: Final = (
    "注",
    "备注",
    "说明",
    "填表",
    "制表",
    "数据来源",
    "来源",
    "note",
    "source",
    "remark",
)
_EXAMPLES: Final = ("示例", "example")
_SIGNED: Final = ("填表", "审核", "制表", "负责人", "联系人", "填报", "单位负责人", "统计负责人")
# A row that begins with one of these may be no data.
OPENINGS: Final = (*TOTAL_WORDS, *_REMARKS, *_EXAMPLES, *_SIGNED)
_NUMBERED: Final = re.compile(r"[0-9]+[.、．]\s*\D{4,}")
_BARE_NUMBER: Final = re.compile(r"[0-9]+[.、]?")
_FIRST: Final = 2  # a total may stand behind a serial number


@dataclass(frozen=True, kw_only=True)
class Understood:
    """
    What a sheet was taken for, row by row and column by column.

    Parameters
    ----------
    sheet
        The sheet.
    recognised
        Its tables and columns; None if it was left out.
    reason
        Why it was left out: `hidden`, `unknown`, `empty`, `ownerless`; blank if it was not.
    skipped
        Kind of row (`title`, `unit`, `total`, `remark`, `heading`, `example`) -> the rows
        that are no data.
    owner
        The company that the sheet is about, where its own rows do not name it.
    """

    sheet: Sheet
    recognised: Recognised | None
    reason: str = ""
    skipped: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    owner: str = ""

    @property
    def book(self) -> str:
        """The file that the sheet stands in."""
        return self.sheet.file.split(" › ")[0]


def look(sheet: Sheet, asked: Mapping[str, str]) -> Understood:
    """
    Recognise a sheet without reading it to its end.

    Parameters
    ----------
    sheet
        A sheet of any source.
    asked
        Heading -> contract column, as the user wants it.

    Returns
    -------
    understood
        Without the rows that are no data; `rows_of` finds those.
    """
    head = list(islice(sheet.rows(), DEPTH))
    table = sheet.name.strip().casefold()
    named = table if table in SCHEMAS else None
    if not any(any(row) for row in head):
        if named or sheet.path is not None:
            raise InputError("no_heading", path=sheet.file)
        return Understood(sheet=sheet, recognised=None, reason="empty")
    if sheet.hidden:
        return Understood(sheet=sheet, recognised=None, reason="hidden")
    found = recognise(head, named, asked)
    if found is None and named:
        # The file says which table it is; its first row must be the heading, then.
        _required(named, head[0], sheet.file)
    return Understood(sheet=sheet, recognised=found, reason="" if found else "unknown")


def _required(table: str, names: list[str], file: str) -> None:
    required = [column.name for column in SCHEMAS[table].columns if column.required]
    missing = [name for name in required if name not in names]
    raise InputError("missing_column", path=file, column=", ".join(missing), found=", ".join(names))


def data_rows(
    understood: Understood,
    table: str,
    found: list[Problem],
    skipped: dict[str, list[int]],
    rows: Iterable[tuple[int, list[str]]] | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """
    Walk through the rows of a sheet that are data.

    Parameters
    ----------
    understood
        A recognised sheet.
    table
        The table whose problems these are.
    found
        Rows with more cells than headings are added here, and left out.
    skipped
        Rows that are no data are added here by kind.
    rows
        Some rows with their numbers; None walks through all.

    Yields
    ------
    row, cells
        The row as a spreadsheet counts it, and one text for each heading.
    """
    recognised = understood.recognised
    if recognised is None:
        return
    names = [heading.text for heading in recognised.headings]
    keys = [key(name) for name in names]
    width = len(names)
    for row, cells in enumerate(understood.sheet.rows(), 1) if rows is None else rows:
        kind = _kind(cells, row, recognised.row, keys)
        if kind:
            if kind != "blank":
                skipped.setdefault(kind, []).append(row)
            continue
        if any(cells[width:]):
            spare = [f"+{number}" for number in range(1, len(cells) - width + 1)]
            found.append(
                Problem(
                    table=table,
                    file=understood.sheet.file,
                    key="too_many_cells",
                    row=row,
                    details={"expected": width, "found": len(cells)},
                    cells=dict(zip([*names, *spare], cells, strict=True)),
                )
            )
            continue
        yield row, [*cells, *[""] * width][:width]


def _kind(cells: list[str], row: int, heading_row: int, keys: list[str]) -> str:
    filled = [cell for cell in cells if cell]
    if row <= heading_row or not filled:
        return "title" if filled and row < heading_row else "blank"
    # Most rows are data, and give themselves away by their first cell.
    pairs = zip(cells, keys, strict=False)
    if len(cells) == len(keys) and all(key(cell) == own for cell, own in pairs):
        return "heading"
    if row == heading_row + 1 and is_unit_row(cells):
        return "unit"
    if filled[0].casefold() in _EXAMPLES:
        return "example"
    word = next((cell for cell in filled[:_FIRST] if not _BARE_NUMBER.fullmatch(cell)), "")
    if word and is_total(word):
        return "total"
    return "remark" if len(keys) > 1 and _is_remark(filled) else ""


def _is_remark(filled: list[str]) -> bool:
    """Say whether a row below a table is about it: a note, or who filled it in."""
    word = filled[0].strip("*＊（( ").casefold()
    if len(filled) == 1 and (word.startswith(_REMARKS) or _NUMBERED.match(word)):
        return True
    return filled[0].startswith(_SIGNED)


def raw_tables(understood: Understood) -> tuple[Understood, list[Raw]]:
    """
    Read a recognised sheet into the tables that it holds.

    Parameters
    ----------
    understood
        A recognised sheet that is small enough for memory; links go another way.

    Returns
    -------
    understood
        With the rows that are no data.
    raws
        One a table, cells as texts under the contract's names, further columns under
        their own.
    """
    recognised = understood.recognised
    if recognised is None:
        return understood, []
    found: list[Problem] = []
    skipped: dict[str, list[int]] = {}
    rows, texts = _columns(data_rows(understood, recognised.tables[0], found, skipped))
    raws = []
    for number, table in enumerate(recognised.tables):
        raw = _raw(understood, table, rows, texts)
        raws.append(replace(raw, problems=tuple(found), rejected=len(found)) if not number else raw)
    kinds = {kind: tuple(numbers) for kind, numbers in skipped.items()}
    return replace(understood, skipped=kinds), raws


def _columns(records: Iterable[tuple[int, list[str]]]) -> tuple[list[int], list[list[str]]]:
    """The numbers of rows, and their cells by column; equal cells of a column are one text."""
    rows: list[int] = []
    texts: list[list[str]] = []
    one: list[dict[str, str]] = []
    for row, cells in records:
        if not rows:
            texts = [[] for _ in cells]
            one = [{} for _ in cells]
        rows.append(row)
        for column, same, cell in zip(texts, one, cells, strict=True):
            column.append(same.setdefault(cell, cell))
    return rows, texts


def refuse_without_owner(understood: Understood) -> None:
    """
    Refuse a sheet that leaves out a company which no other sheet of its workbook gives.

    Parameters
    ----------
    understood
        A recognised sheet.

    Raises
    ------
    InputError
        Names the missing column.
    """
    recognised = understood.recognised
    if recognised is not None and recognised.ends and not understood.owner:
        raise InputError(
            "missing_column",
            path=understood.sheet.file,
            column=", ".join(recognised.ends),
            found=", ".join(heading.text for heading in recognised.headings),
        )


def _raw(understood: Understood, table: str, rows: list[int], texts: list[list[str]]) -> Raw:
    refuse_without_owner(understood)
    schema, sheet = SCHEMAS[table], understood.sheet
    recognised = cast("Recognised", understood.recognised)
    converter = Converter(recognised, table, understood.owner)
    headings = [heading.text for heading in recognised.headings]
    missing = [c.name for c in schema.columns if c.required and c.name not in converter.names]
    if missing:
        raise InputError(
            "missing_column",
            path=sheet.file,
            column=", ".join(missing),
            found=", ".join(headings),
        )
    frame = pd.DataFrame(converter.columns(texts, len(rows)), index=rows, dtype=object)
    came = dict(zip(headings, texts, strict=False))  # without a row there are no cells
    original = pd.DataFrame(came, index=rows, columns=headings, dtype=object)
    return Raw(schema, sheet.file, frame, original=original)
