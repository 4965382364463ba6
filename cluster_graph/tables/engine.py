"""The engines that big tables run on: DuckDB inside the process, Spark when told."""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

import duckdb
import narwhals as nw
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.engine_errors import told
from cluster_graph.tables.leftovers import remove_later
from cluster_graph.tables.model import Lazy
from cluster_graph.tables.parquet import SUFFIX, files_of, refuse_mixed
from cluster_graph.tables.sheet import File, Sheet, flat, literal, quoted
from cluster_graph.tables.sources import DATABASE_SUFFIXES
from cluster_graph.tables.urls import bare, below

_MEMORY: Final = "1GB"
_SIZE: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)i?b?\s*", re.IGNORECASE)
_POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_UNLISTED: Final = ("http://", "https://")  # what lies at such an address, no server lists
_SUFFIXES: Final = (SUFFIX, ".csv")
_NOT_FOUND: Final = re.compile(r"\b(404|410)\b")
_LEAST: Final = 64 << 20  # bytes; DuckDB cannot open a file with less
_LEAST_SPARK: Final = 512 << 20  # bytes; Spark does not start with less


@dataclass(frozen=True)
class Engine:
    """
    What big tables run on.

    Parameters
    ----------
    name
        `duckdb`, inside the process, or `spark`.
    memory
        At most so much for tables, in bytes; DuckDB spills to disk beyond it. None: 1 GB.
    spill
        The folder to spill to; None is the system's for temporary files.
    master
        The address of the Spark master.

    Raises
    ------
    InputError
        If the memory is too little to work with.
    """

    name: Literal["duckdb", "spark"] = "duckdb"
    memory: int | None = None
    spill: Path | None = None
    master: str = "local[*]"

    def __post_init__(self) -> None:
        """Refuse a limit that no table fits into."""
        least = _LEAST_SPARK if self.name == "spark" else _LEAST
        if self.memory is not None and self.memory < least:
            raise InputError("memory_too_small", value=_mib(self.memory), least=_mib(least))


def bytes_of(text: str) -> int:
    """
    Read an amount of memory.

    Parameters
    ----------
    text
        `4GB`, `500 MiB`, `2g`; a unit is a power of 1024.

    Returns
    -------
    bytes
        The amount.

    Raises
    ------
    InputError
        If it is none.
    """
    found = _SIZE.fullmatch(text)
    if found is None or not found[2]:
        raise InputError("bad_memory", value=text)
    return int(float(found[1]) * 1024 ** _POWERS[found[2].lower()])


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"


class Scanner(Protocol):
    """An engine that is running."""

    def scan(self, sheet: Sheet) -> Lazy:
        """
        Open a table without reading it.

        Parameters
        ----------
        sheet
            One with a place: a file, a folder of Parquet files (partitioned as Hive does, or
            not), or an address that only the engine knows how to open.

        Returns
        -------
        frame
            Lazy; every cell of a text file is a text.

        Raises
        ------
        InputError
            If the engine cannot read such a table.
        """

    def lift(self, small: pd.DataFrame) -> Lazy:
        """Bring a small frame, of texts, to the engine."""

    def write(self, frame: Lazy, path: Path) -> int:
        """Run a frame into a Parquet file; return how many rows it has."""

    def files(self, folder: str, names: Sequence[str]) -> list[File]:
        """
        Find what lies at an address, without reading it.

        Parameters
        ----------
        folder
            An address.
        names
            Beginnings of names: what is wanted are files below the folder that begin so, and
            Parquet files below folders that do. None: the address is that of one file.

        Returns
        -------
        files
            In no order; possibly more than was wanted.
        """

    def tables(self, place: str) -> list[str]:
        """Name the tables of a database file; InputError if the engine cannot read any."""

    def lines(self, place: str, count: int) -> list[str]:
        """Read the first lines of a text."""

    def head(self, sheet: Sheet, count: int) -> list[list[str]]:
        """Read the headings of a table and its first rows, as texts."""

    def refuse_mixed(self, sheet: Sheet) -> None:
        """Refuse a table whose files have different columns; InputError names them."""

    def copy(self, sheet: Sheet, path: Path) -> None:
        """Bring a whole table into a Parquet file, in its order."""

    def progress(self) -> float | None:
        """Say which share of the running query is done, 0 to 1; None if it cannot be told."""


@contextmanager
def running(engine: Engine) -> Iterator[Scanner]:
    """
    Start an engine. DuckDB stops in the end; Spark stays, for its Java takes long to start.

    Parameters
    ----------
    engine
        Which, and its limits.

    Yields
    ------
    scanner
        The running engine.

    Raises
    ------
    InputError
        If it cannot be started, or complains about files, memory or disks.
    """
    with told():
        if engine.name == "spark":
            from cluster_graph.tables.spark import spark  # noqa: PLC0415  only where it is asked for

            yield spark(engine)
            return
        scanner = DuckDBScanner(engine)
        try:
            yield scanner
        finally:
            scanner.close()


def connect(engine: Engine | None = None) -> duckdb.DuckDBPyConnection:
    """
    Open a DuckDB inside the process that spills beyond its memory.

    Parameters
    ----------
    engine
        With the memory and the folder to spill to.

    Returns
    -------
    connection
        Empty, in memory, quiet.

    Raises
    ------
    InputError
        If the folder to spill to cannot be written to.
    """
    engine = engine or Engine()
    root = engine.spill or Path(tempfile.gettempdir())
    # Two processes in one folder would take each other's files.
    spill = remove_later(root / f"cluster_graph_spill_{os.getpid()}")
    if engine.spill is not None and not _is_writable(engine.spill):
        raise InputError("spill_unusable", path=engine.spill)
    # The memory of Spark is its own; what DuckDB does beside it stays small.
    limit = engine.memory if engine.name == "duckdb" else None
    connection = duckdb.connect()
    # It would fetch a program from the network unasked, and wait long where there is none.
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute(f"SET temp_directory = {literal(str(spill))}")
    # Without the bar there would be no progress to ask for.
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute(f"SET memory_limit = '{f'{limit // 2**20}MiB' if limit else _MEMORY}'")
    return connection


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


class DuckDBScanner:
    """
    DuckDB inside the process.

    Parameters
    ----------
    engine
        Its limits.
    """

    def __init__(self, engine: Engine) -> None:
        self._connection = connect(engine)
        # No reader asks for an order of rows, and keeping it takes memory.
        self._connection.execute("SET preserve_insertion_order = false")

    def scan(self, sheet: Sheet) -> Lazy:
        """Open a table; see `Scanner.scan`."""
        return nw.from_native(self._relation(sheet))

    def _relation(self, sheet: Sheet) -> duckdb.DuckDBPyRelation:
        source = f"read_parquet({literal(files_of(sheet.place))})"
        if sheet.delimiter:
            # Left to guess, DuckDB takes a row with too many cells for the headings.
            names = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in next(sheet.rows()))
            source = (
                f"read_csv({literal(sheet.place)}, header = true, auto_detect = false, "
                f"delim = {literal(sheet.delimiter)}, quote = '\"', escape = '\"', "
                f"columns = {{{names}}})"
            )
        elif bare(sheet.place).endswith(DATABASE_SUFFIXES):
            source = f"{self._attached(sheet.place)}.{quoted(sheet.name)}"
        return self._connection.sql(f"SELECT * FROM {source}")  # noqa: S608  quoted

    def _attached(self, place: str) -> str:
        """Open a database file; return what it is called in this connection."""
        base = f"base_{len(self._connection.execute('SHOW DATABASES').fetchall())}"
        self._connection.execute(f"ATTACH {literal(place)} AS {base} (READ_ONLY)")
        return base

    def lift(self, small: pd.DataFrame) -> Lazy:
        """Bring a small frame to the engine; see `Scanner.lift`."""
        return nw.from_native(self._connection.from_df(small))

    def write(self, frame: Lazy, path: Path) -> int:
        """Run a frame into a Parquet file; see `Scanner.write`."""
        frame.sink_parquet(path)
        return rows_in(self._connection, path)

    def files(self, folder: str, names: Sequence[str]) -> list[File]:
        """Find what lies at an address; see `Scanner.files`."""
        if not names:
            return self._found([folder])
        if folder.startswith(_UNLISTED):
            places = [below(folder, f"{name}{suffix}") for name in names for suffix in _SUFFIXES]
            return [file for place in places for file in self._served(place)]
        starts = [below(folder, f"{name}*") for name in names]
        return self._found([*starts, *(below(start, f"**/*{SUFFIX}") for start in starts)])

    def _found(self, patterns: list[str]) -> list[File]:
        # Python would need one more package for a time with a zone. What is not asked for, such
        # as the content, is not read.
        query = "SELECT filename, size, coalesce(epoch(last_modified), 0) FROM read_blob(?)"
        return [File(*row) for row in self._connection.execute(query, [patterns]).fetchall()]

    def _served(self, place: str) -> list[File]:
        """Ask a server for one file: it lists none."""
        try:
            return self._found([place])
        except duckdb.HTTPException as error:
            # Whatever else is wrong, to pass over the table would be to make it up.
            if _NOT_FOUND.search(str(error).replace(place, "")):
                return []
            raise

    def tables(self, place: str) -> list[str]:
        """Name the tables of a database file; see `Scanner.tables`."""
        query = (
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = ? ORDER BY 1"
        )
        found = self._connection.execute(query, [self._attached(place)]).fetchall()
        return [name for (name,) in found]

    def lines(self, place: str, count: int) -> list[str]:
        """Read the first lines of a text; see `Scanner.lines`."""
        source = (
            f"read_csv({literal(place)}, header = false, auto_detect = false, delim = '\x01', "
            "quote = '', escape = '', columns = {'line': 'VARCHAR'})"
        )
        with self._ordered():
            query = f"SELECT line FROM {source} LIMIT {count}"  # noqa: S608  quoted
            return [line or "" for (line,) in self._connection.execute(query).fetchall()]

    def head(self, sheet: Sheet, count: int) -> list[list[str]]:
        """Read the headings and first rows of a table; see `Scanner.head`."""
        with self._ordered():
            first = self._relation(sheet).limit(count)
            return [first.columns, *([flat(cell) for cell in row] for row in first.fetchall())]

    def refuse_mixed(self, sheet: Sheet) -> None:
        """Refuse files with different columns; see `Scanner.refuse_mixed`."""
        refuse_mixed(self._connection, sheet.place)

    def copy(self, sheet: Sheet, path: Path) -> None:
        """Bring a whole table into a Parquet file; see `Scanner.copy`."""
        with self._ordered():
            self.write(self.scan(sheet), path)

    @contextmanager
    def _ordered(self) -> Iterator[None]:
        self._connection.execute("SET preserve_insertion_order = true")
        try:
            yield
        finally:
            self._connection.execute("SET preserve_insertion_order = false")

    def progress(self) -> float | None:
        """Say how far the running query is; see `Scanner.progress`."""
        share = self._connection.query_progress() / 100
        return share if share >= 0 else None

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()


def rows_in(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """
    How many rows a Parquet file has.

    Parameters
    ----------
    connection
        Any.
    path
        The file.

    Returns
    -------
    rows
        As its end says.
    """
    found = connection.execute(
        "SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata(?)", [str(path)]
    ).fetchall()
    return int(found[0][0])
