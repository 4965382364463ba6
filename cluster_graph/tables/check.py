"""Checks a small table against its schema: types its cells, sets aside what cannot count."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cluster_graph.tables.clean import figure
from cluster_graph.tables.codes import uscc_details, uscc_problem
from cluster_graph.tables.problems import CELL, ROW, TABLE, Count, Problem
from cluster_graph.tables.regions import is_region
from cluster_graph.tables.repeats import unrepeated
from cluster_graph.tables.schema import COMPANIES, Column, Kind, TableSchema

FLAGS: Final[dict[str, bool | None]] = {
    "": None,
    **dict.fromkeys(("true", "1", "y", "yes", "是", "t"), True),
    **dict.fromkeys(("false", "0", "n", "no", "否", "f"), False),
}


@dataclass(frozen=True)
class Raw:
    """
    A table as it came: texts only.

    Parameters
    ----------
    schema
        What it should be.
    file
        What the user calls it.
    cells
        All columns as stripped texts, blank for nothing, indexed by the row number.
    problems
        What was wrong before any cell was looked at, such as rows with too many cells.
    rejected
        How many rows those problems set aside already.
    original
        The cells under the user's own headings; None where they are the same.
    """

    schema: TableSchema
    file: str
    cells: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    rejected: int = 0
    original: pd.DataFrame | None = None

    @property
    def has_own_ids(self) -> bool:
        """Whether the user gave the ids; ids that a list was given here name firms, not rows."""
        return self.original is None or self.schema.key[0] in self.original

    def as_it_came(self, row: int) -> dict[str, str]:
        """Return the cells of a row under the user's own headings, blanks left out."""
        cells = self.cells if self.original is None else self.original
        return {str(name): str(text) for name, text in cells.loc[row].items() if text != ""}


@dataclass(frozen=True)
class Checked:
    """
    A table after its checks.

    Parameters
    ----------
    frame
        The accepted rows, typed, with every column of the schema, `file` and `row`.
    count
        read = accepted + merged + rejected.
    problems
        One for each row or cell set aside.
    """

    frame: pd.DataFrame
    count: Count
    problems: tuple[Problem, ...]


def _numbers(cells: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    values = pd.to_numeric(cells.where(cells != "", np.nan), errors="coerce")
    values = values.astype("float64")
    infinite = np.isinf(values)
    values = values.mask(infinite)
    strange = (cells != "") & values.isna()
    with_unit = pd.Series(data=False, index=cells.index)
    with_unit[strange] = cells[strange].map(_has_unit).astype(bool)
    return values, {
        "unknown_unit": with_unit,
        "not_a_number": strange & ~with_unit,
        "negative": values < 0,
    }


def _has_unit(cell: str) -> bool:
    found = figure(cell)
    return found is not None and bool(found.unit) and not any(map(str.isdigit, found.unit))


def _shares(cells: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    values, faults = _numbers(cells)
    return values, {**faults, "above_one": values > 1}


def _degrees(cells: pd.Series, most: float) -> tuple[pd.Series, dict[str, pd.Series]]:
    values, faults = _numbers(cells)
    del faults["negative"]
    return values, {**faults, "not_degrees": values.abs() > most}


def _flags(cells: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    words = cells.str.lower()
    values = pd.Series([FLAGS.get(word) for word in words], index=cells.index, dtype=object)
    return values, {"not_a_flag": ~words.isin(FLAGS)}


def _lists(cells: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    values = [
        tuple(part.strip() for part in cell.replace("；", ";").split(";") if part.strip())
        for cell in cells
    ]
    return pd.Series(values, index=cells.index, dtype=object), {}


def _codes(cells: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    # Left to infer a type, pandas would make the missing problems of good codes numbers.
    found = pd.Series([uscc_problem(cell) for cell in cells], index=cells.index, dtype=object)
    keys = sorted({key for key in found if key})
    return cells, {key: found == key for key in keys}


def _regions(cells: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    known = {code: is_region(code) for code in cells.unique()}
    return cells, {"unknown_region": (cells != "") & ~cells.map(known).astype(bool)}


_TYPED: Final[dict[Kind, Callable[[pd.Series], tuple[pd.Series, dict[str, pd.Series]]]]] = {
    Kind.NUMBER: _numbers,
    Kind.FLAG: _flags,
    Kind.LIST: _lists,
    Kind.REGION: _regions,
    Kind.USCC: _codes,
}


_DEGREES: Final = {"degrees_north": 90.0, "degrees_east": 180.0}


def _typed(column: Column, cells: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    """Type the cells of a column; for each kind of fault, which cells have it."""
    if column.kind is Kind.CHOICE:
        words = cells.str.lower()
        return words, {"not_a_choice": (words != "") & ~words.isin(column.choices)}
    if column.unit == "share":
        return _shares(cells)
    if column.unit in _DEGREES:
        return _degrees(cells, _DEGREES[column.unit])
    if column.kind in _TYPED:
        return _TYPED[column.kind](cells)
    return cells, {}


def _blanked(column: Column, values: pd.Series, wrong: pd.Series) -> pd.Series:
    if column.kind is Kind.NUMBER:
        return values.mask(wrong)
    blank = None if column.kind is Kind.FLAG else ""
    return pd.Series(
        [blank if bad else value for value, bad in zip(values, wrong, strict=True)],
        index=values.index,
        dtype=object,
    )


def _named(column: Column, value: str) -> dict[str, object]:
    """What the text of a problem names beside the value."""
    if column.kind is Kind.USCC:
        return uscc_details(value)
    return {"choices": ", ".join(column.choices)}


class _Table:
    """A table while it is being checked: what still counts, and what does not and why."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.problems = list(raw.problems)
        self.counts = pd.Series(data=True, index=raw.cells.index)

    def note(self, rows: Iterable[int], key: str, column: Column) -> None:
        """Record a problem for each of the rows, and set them aside if it is a grave one."""
        aside = column.strict or key == "blank_required"
        for row in rows:
            value = str(self.raw.cells.loc[row, column.name])
            self.problems.append(
                Problem(
                    table=self.raw.schema.name,
                    file=self.raw.file,
                    key=key,
                    row=row,
                    column=column.name,
                    value=value,
                    scope=ROW if aside else CELL,
                    details=_named(column, value),
                    cells=self.raw.as_it_came(row) if aside else {},
                )
            )
            if aside:
                self.counts[row] = False


def check(raw: Raw) -> Checked:
    """
    Type a sheet of a table and account for each of its rows.

    Parameters
    ----------
    raw
        The sheet as it came, its required columns present.

    Returns
    -------
    checked
        The accepted rows, what became of the others, and why.
    """
    table, cells = _Table(raw), raw.cells
    typed: dict[str, pd.Series] = {}
    for column in raw.schema.columns:
        if column.name not in cells:
            blank = pd.Series("", index=cells.index, dtype=object)
            typed[column.name] = _typed(column, blank)[0]
            continue
        values, faults = _typed(column, cells[column.name])
        if column.filled:
            blank_cells: pd.Series = cells[column.name] == ""
            faults = {"blank_required": blank_cells, **faults}
        for key, wrong in faults.items():
            table.note(_rows(wrong & table.counts), key, column)
            if wrong.any():
                values = _blanked(column, values, wrong)
        typed[column.name] = values
    further = [name for name in cells if name not in typed]
    frame = pd.concat([pd.DataFrame(typed, index=cells.index), cells[further]], axis=1)
    frame = frame[table.counts].assign(file=raw.file).rename_axis("row").reset_index()
    read = len(cells) + raw.rejected
    count = Count(read, len(frame), 0, read - len(frame))
    return Checked(frame, count, tuple(table.problems))


def join(parts: Sequence[tuple[Raw, Checked]]) -> Checked:
    """
    Put the sheets of one table together, each row once.

    Firms that stand in several sheets are united by the caller, their figures set side by
    side. Rows whose key holds a product wait until products and units are known.

    Parameters
    ----------
    parts
        Each sheet of the table, with what `check` made of it.

    Returns
    -------
    checked
        All accepted rows, in the order of the sheets.
    """
    schema = parts[0][0].schema
    raws = {raw.file: raw for raw, _ in parts}
    problems = [problem for _, checked in parts for problem in checked.problems]
    frame = pd.concat([checked.frame for _, checked in parts], ignore_index=True)
    count = Count(0, 0, 0, 0)
    for _, checked in parts:
        count = count.plus(checked.count)
    if schema.is_about_products:
        return Checked(frame, count, tuple(problems))
    sheets = [(frame, False)]
    if schema is COMPANIES:
        sheets = [(checked.frame, not raw.has_own_ids) for raw, checked in parts]
    once = [
        unrepeated(
            rows, schema, lambda file, row: raws[file].as_it_came(row), contradicting=several
        )
        for rows, several in sheets
    ]
    for part in once:
        problems += part.problems
        count = count.united(part.merged).aside(len(part.problems))
    return Checked(
        pd.concat([part.frame for part in once], ignore_index=True), count, tuple(problems)
    )


def _rows(mask: pd.Series) -> list[int]:
    return [int(row) for row in mask.index[mask]]


def empty_problem(raw: Raw) -> Problem:
    """Say that a table has a heading and nothing below."""
    return Problem(table=raw.schema.name, file=raw.file, key="empty_table", scope=TABLE)
