"""CSV files as rows of cells, each with the row number that a spreadsheet shows."""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from cluster_graph._errors import InputError
from cluster_graph.tables.problems import Problem


def csv_records(path: Path) -> Iterator[list[str]]:
    """
    Walk through the records of a CSV file.

    Parameters
    ----------
    path
        A CSV file, UTF-8 with or without BOM.

    Yields
    ------
    record
        The cells of one row as texts; an empty list for a blank line.

    Raises
    ------
    InputError
        If it is not UTF-8, cannot be read, or a quotation mark is never closed: the rest
        of the file would vanish into one cell.
    """
    # A cell may be longer than the csv module's default of 128 KiB.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            try:
                yield from reader
            except csv.Error as error:
                raise InputError("broken_quotes", path=path, line=reader.line_num) from error
    except UnicodeDecodeError as error:
        raise InputError("wrong_encoding", path=path, byte=error.start) from error
    except OSError as error:
        raise InputError("cannot_read", path=path, reason=error) from error


def headings(record: Iterable[str], required: Iterable[str], file: str) -> list[str]:
    """
    The column names of a table, checked.

    Parameters
    ----------
    record
        Its first row.
    required
        The columns that it cannot do without.
    file
        What the user calls it.

    Returns
    -------
    names
        The names, stripped; a column without one is called after its place.

    Raises
    ------
    InputError
        If there are none, one stands twice, or a required one is missing.
    """
    names = [name.strip() for name in record]
    if not any(names):
        raise InputError("no_heading", path=file)
    names = [name or f"column_{number}" for number, name in enumerate(names, 1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError("column_twice", path=file, column=", ".join(twice))
    missing = [name for name in required if name not in names]
    if missing:
        raise InputError(
            "missing_column", path=file, column=", ".join(missing), found=", ".join(names)
        )
    return names


def filled_rows(
    records: Iterable[list[str]], names: list[str], table: str, file: str, found: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """
    Walk through the rows below the heading that hold anything.

    Parameters
    ----------
    records
        The records below the heading.
    names
        The column names.
    table
        The table's name in the contract.
    file
        What the user calls it.
    found
        Rows with more cells than columns are added here, and left out.

    Yields
    ------
    row, cells
        The row as a spreadsheet counts it (the heading is row 1), and as many stripped
        cells as there are columns.
    """
    width = len(names)
    for row, record in enumerate(records, 2):
        cells = [cell.strip() for cell in record]
        if not any(cells):
            continue
        if any(cells[width:]):
            spare = [f"+{number}" for number in range(1, len(cells) - width + 1)]
            found.append(
                Problem(
                    table=table,
                    file=file,
                    key="too_many_cells",
                    row=row,
                    details={"expected": width, "found": len(cells)},
                    cells=dict(zip([*names, *spare], cells, strict=True)),
                )
            )
            continue
        yield row, [*cells, *[""] * width][:width]
