"""Parquet files and folders of them, as rows of texts for Python and as a place for engines."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cluster_graph._errors import InputError
from cluster_graph.tables.engine_errors import first_words
from cluster_graph.tables.sheet import Sheet, flat, literal
from cluster_graph.tables.urls import bare

if TYPE_CHECKING:
    import duckdb

SUFFIX: Final = ".parquet"
_BATCH: Final = 10_000  # rows fetched at a time
BYTES_A_ROW: Final = 60  # of a text table, about
_MAGIC: Final = b"PAR1"  # a whole file begins and ends with it


def is_partitioned(path: Path) -> bool:
    """Say whether a folder holds the Parquet files of one table, as Hive or Spark write them."""
    return path.is_dir() and next(path.rglob(f"*{SUFFIX}"), None) is not None


def files_of(place: str) -> str:
    """
    The pattern of the Parquet files of a table.

    Parameters
    ----------
    place
        A file, or a folder of files, here or at an address.

    Returns
    -------
    pattern
        The file itself, or all files below the folder.
    """
    is_file = bare(place).lower().endswith(SUFFIX) and not Path(place).is_dir()
    return place if is_file else f"{place.rstrip('/')}/**/*{SUFFIX}"


def parquet(path: Path) -> Sheet:
    """
    Open a Parquet file, or a folder of them that is one table.

    Parameters
    ----------
    path
        The file, or the folder.

    Returns
    -------
    sheet
        Named after it; read a batch at a time.

    Raises
    ------
    InputError
        If a file was cut short, or the files of a folder have different columns.
    """
    files = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    for file in files:
        _refuse_cut_short(file)
    if path.is_dir():
        _refuse_mixed_here(path)
    source = f"read_parquet({literal(files_of(str(path)))})"
    rows = rows_of(_opened, f"SELECT * FROM {source}", path)  # noqa: S608  quoted
    return Sheet(path.name, path.stem, rows, path=path, place=str(path))


def _opened() -> "duckdb.DuckDBPyConnection":
    import duckdb  # noqa: PLC0415  only where there is such a file

    return duckdb.connect()


def _is_parquet(place: str) -> bool:
    return place.lower().endswith(SUFFIX) or (bool(place) and Path(place).is_dir())


def _refuse_cut_short(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
            size = file.seek(0, 2)
            file.seek(max(0, size - len(_MAGIC)))
            tail = file.read()
    except OSError as error:
        raise InputError("cannot_read", path=path, reason=error) from error
    if head == _MAGIC and tail != _MAGIC:
        raise InputError("cut_short", path=path, size=f"{size:,}")


def _refuse_mixed_here(folder: Path) -> None:
    import duckdb  # noqa: PLC0415  only where there is such a folder

    try:
        with duckdb.connect() as connection:
            refuse_mixed(connection, str(folder))
    except duckdb.Error as error:
        raise InputError("cannot_read", path=folder, reason=first_words(str(error))) from error


def refuse_mixed(connection: "duckdb.DuckDBPyConnection", folder: str) -> None:
    """
    Refuse a folder in which a column is missing from a file, or a text in one and not others.

    Parameters
    ----------
    connection
        Any that reads it.
    folder
        Of Parquet files, here or at an address.

    Raises
    ------
    InputError
        If so: names the file and the columns.
    """
    query = f"""
        SELECT file_name, list(name ORDER BY name), list(name ORDER BY name)
            FILTER (type = 'BYTE_ARRAY')
        FROM parquet_schema({literal(files_of(folder))})
        WHERE type IS NOT NULL GROUP BY file_name ORDER BY file_name
    """  # noqa: S608  quoted
    found = connection.execute(query).fetchall()
    first, columns, texts = found[0]
    for file, own, own_texts in found[1:]:
        strange = set(own) ^ set(columns) or set(own_texts or ()) ^ set(texts or ())
        if strange:
            raise InputError(
                "mixed_partitions",
                path=file,
                first=first,
                columns=", ".join(sorted(strange)),
                count=len(found),
            )


def rows_of(
    opened: "Callable[[], duckdb.DuckDBPyConnection]", query: str, path: Path
) -> Callable[[], Iterator[list[str]]]:
    """
    The rows of a query as texts, a batch at a time.

    Parameters
    ----------
    opened
        Opens what the query asks.
    query
        SQL.
    path
        What to name where it fails.

    Returns
    -------
    rows
        Begins anew each time it is called: the columns' names, then the rows.
    """

    def rows() -> Iterator[list[str]]:
        import duckdb  # noqa: PLC0415  only where there is such a file

        try:
            with opened() as connection:
                result = connection.execute(query)
                yield [part[0] for part in result.description or ()]
                while batch := result.fetchmany(_BATCH):
                    for row in batch:
                        yield [flat(cell) for cell in row]
        except duckdb.Error as error:
            raise InputError("cannot_read", path=path, reason=first_words(str(error))) from error

    return rows


def rows_at(sheet: Sheet, wanted: set[int]) -> Iterator[tuple[int, list[str]]]:
    """
    Some rows of a sheet as they came.

    Parameters
    ----------
    sheet
        Any sheet.
    wanted
        Rows as a spreadsheet counts them, the headings being row 1.

    Yields
    ------
    row, cells
        In order.
    """
    if sheet.path is None or not _is_parquet(sheet.place):
        found = enumerate(sheet.rows(), 1)
        yield from ((row, cells) for row, cells in found if row in wanted)
        return
    places = ", ".join(str(row) for row in sorted(wanted))
    numbered = f"""
        SELECT row_number() OVER () + 1 AS row_of_cluster_graph, *
        FROM read_parquet({literal(files_of(sheet.place))})
    """  # noqa: S608  quoted
    query = f"""
        SELECT * FROM ({numbered}) WHERE row_of_cluster_graph IN ({places})
        ORDER BY row_of_cluster_graph
    """  # noqa: S608  quoted, and numbers of ours
    rows = rows_of(_opened, query, sheet.path)()
    next(rows)
    yield from ((int(row), cells) for row, *cells in rows)


def about_rows(sheet: Sheet) -> int:
    """
    About how many rows a table has, without reading them, to tell whether it is a large one.

    Parameters
    ----------
    sheet
        Any sheet.

    Returns
    -------
    rows
        Exact for Parquet; for a text file as many as its size suggests; else 0. For nobody
        to see.
    """
    if sheet.path is None or not sheet.place:
        return 0
    if sheet.delimiter:
        return sheet.path.stat().st_size // BYTES_A_ROW
    if not _is_parquet(sheet.place):
        return 0
    import duckdb  # noqa: PLC0415  only where there is such a file

    with duckdb.connect() as connection:
        query = "SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata(?)"
        found = connection.execute(query, [files_of(sheet.place)]).fetchall()
    return int(found[0][0])
