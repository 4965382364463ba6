"""Opens tables at the address of a store (S3, HDFS, HTTP ...), which only an engine reads."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

import narwhals as nw

from cluster_graph._errors import InputError
from cluster_graph.tables.address_errors import told_at
from cluster_graph.tables.engine import Engine, Scanner, running
from cluster_graph.tables.model import collected
from cluster_graph.tables.parquet import BYTES_A_ROW, SUFFIX
from cluster_graph.tables.recognise import DEPTH
from cluster_graph.tables.schema import SCHEMAS
from cluster_graph.tables.sheet import File, Sheet
from cluster_graph.tables.sources import DATABASE_SUFFIXES, UTF8, again, delimiter_of
from cluster_graph.tables.urls import STORES, bare, below, scheme_of, steps_below, without_password

_TEXT: Final = ".csv"
_LINES: Final = 50  # that tell the delimiter
_UNREADABLE: Final = "\ufffd"  # what Spark writes for bytes that are not UTF-8


def open_address(address: str, engine: Engine) -> Iterator[Sheet]:
    """
    Open the tables that lie at an address.

    The engine gets the address as it is, and finds the tables itself: below a folder
    `companies.parquet`, `companies.csv` or Parquet files in a folder `companies`, and so for
    every table; or those of a DuckDB file. A server of web pages lists nothing, so that there
    only files of these names are found.

    Parameters
    ----------
    address
        With one of the schemes that the engine reads; a query, such as a signature, goes to
        every file.
    engine
        What reads it.

    Yields
    ------
    sheet
        One a table, in the order of the contract. It has a place, but no path, and of its rows
        only the head.

    Raises
    ------
    InputError
        If the engine does not read such addresses, lacks an extension or a jar for it, is not
        allowed to, finds no table there, or finds one whose files differ in their columns.
    """
    shown = without_password(address)
    if scheme_of(address) not in STORES[engine.name]:
        known = ", ".join(f"{scheme}://" for scheme in STORES[engine.name])
        key = f"store_not_of_{engine.name}"
        raise InputError(key, address=shown, known=known)
    with running(engine) as scanner, told_at(address, engine.name):
        sheets = list(_sheets(address, scanner))
    if not sheets:
        raise InputError("empty_address", address=shown, names=", ".join(SCHEMAS))
    yield from sheets


def _sheets(address: str, scanner: Scanner) -> Iterator[Sheet]:
    if bare(address).endswith(DATABASE_SUFFIXES):
        yield from _database(address, scanner)
        return
    found: dict[str, list[File]] = {}
    for file in sorted(scanner.files(address, tuple(SCHEMAS)), key=lambda file: file.place):
        steps = steps_below(file.place, address)
        if _is_of_a_table(steps):
            found.setdefault(steps[0] if len(steps) == 1 else f"{steps[0]}/", []).append(file)
    order = {table: number for number, table in enumerate(SCHEMAS)}
    for name, files in sorted(found.items(), key=lambda item: order[PurePosixPath(item[0]).stem]):
        path = PurePosixPath(name)
        sheet = Sheet(
            path.name, path.stem, again([]), place=below(address, name), files=tuple(files)
        )
        if len(files) > 1:
            scanner.refuse_mixed(sheet)
        yield _with_head(sheet if path.suffix != _TEXT else _text(sheet, scanner), scanner)


def _database(address: str, scanner: Scanner) -> Iterator[Sheet]:
    tables = scanner.tables(address)
    files = tuple(scanner.files(address, ()))
    name = steps_below(address, "")[-1]
    for table in tables:
        sheet = Sheet(f"{name} › {table}", table, again([]), place=address, files=files)
        yield _with_head(sheet, scanner)


def _is_of_a_table(steps: Sequence[str]) -> bool:
    first, last = PurePosixPath(steps[0]), PurePosixPath(steps[-1])
    if first.stem not in SCHEMAS:
        return False
    if len(steps) == 1:
        return first.suffix in (SUFFIX, _TEXT)
    return first.suffix in ("", SUFFIX) and last.suffix == SUFFIX


def _text(sheet: Sheet, scanner: Scanner) -> Sheet:
    """Find out what separates the cells of a text table, and its headings."""
    lines = scanner.lines(sheet.place, _LINES)
    if any(_UNREADABLE in line for line in lines):
        raise InputError("address_encoding", file=sheet.file)
    delimiter = delimiter_of("\n".join(lines))
    names = [cell.strip("\ufeff ") for cell in next(csv.reader(lines, delimiter=delimiter), [])]
    if not all(names) or len(set(names)) < len(names):
        raise InputError("address_headings", file=sheet.file, found=", ".join(names))
    return replace(
        sheet, encoding=UTF8[0], delimiter=delimiter, rows=again([names] if names else [])
    )


def _with_head(sheet: Sheet, scanner: Scanner) -> Sheet:
    if sheet.delimiter and not next(sheet.rows(), None):
        return sheet
    return replace(sheet, rows=again(scanner.head(sheet, DEPTH)))


def about_rows_at(sheets: Sequence[Sheet], engine: Engine) -> int:
    """
    About how many rows tables at an address have, to tell whether they are large.

    Parameters
    ----------
    sheets
        From `open_address`.
    engine
        What reads them.

    Returns
    -------
    rows
        Of text tables as many as their size suggests, of others as many as there are.
    """
    with running(engine) as scanner:
        return sum(_about(sheet, scanner) for sheet in sheets)


def _about(sheet: Sheet, scanner: Scanner) -> int:
    if sheet.delimiter:
        return sum(file.size for file in sheet.files) // BYTES_A_ROW
    counted = collected(scanner.scan(sheet).select(nw.len()))
    return int(counted.to_numpy()[0, 0])
