"""Brings a link table to an engine: CSV into DuckDB, frames to Narwhals, never to objects."""

import tempfile
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

import duckdb
import narwhals as nw
import pandas as pd

from cluster_graph.tables.model import Lazy, LinkTable
from cluster_graph.tables.problems import Problem
from cluster_graph.tables.rows import csv_records, filled_rows, headings
from cluster_graph.tables.schema import LINKS

_BATCH: Final = 50_000
_TABLE: Final = "links"
_REQUIRED: Final = [column.name for column in LINKS.columns if column.required]
_GLOB: Final = frozenset("*?[")
_CHUNK: Final = 1 << 20


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def connect() -> duckdb.DuckDBPyConnection:
    """
    Open a DuckDB inside the process that spills to the system's folder for such files.

    Returns
    -------
    connection
        Empty, in memory, quiet.
    """
    connection = duckdb.connect()
    spill = Path(tempfile.gettempdir()) / "cluster_graph_spill"
    connection.execute(f"SET temp_directory = {_literal(str(spill))}")
    connection.execute("SET enable_progress_bar = false")
    return connection


def _inner_names(names: list[str]) -> dict[str, str]:
    """Return inner name -> heading: the schema's names, and neutral ones for the user's own."""
    known = set(LINKS.names)
    return {
        name if name in known else f"further_{number}": name for number, name in enumerate(names)
    }


def _further(inner: Mapping[str, str]) -> dict[str, str]:
    return {name: heading for name, heading in inner.items() if name != heading}


def links_from_csv(path: Path) -> tuple[LinkTable, list[Problem]]:
    """
    Parse a link file once, into DuckDB, and hand it on as a lazy frame.

    Parameters
    ----------
    path
        A CSV file, UTF-8 with or without BOM.

    Returns
    -------
    links
        All texts, with `row`.
    problems
        A row each that has too many cells; those rows are not in `links`.

    Raises
    ------
    InputError
        If the file is not UTF-8, cannot be read, or lacks a required column.
    """
    names = headings(next(csv_records(path), []), _REQUIRED, path.name)
    inner = _inner_names(names)
    connection = connect()
    columns = ", ".join(f'"{name}" VARCHAR' for name in inner)
    connection.execute(f'CREATE TABLE {_TABLE} ("row" BIGINT, {columns})')
    problems: list[Problem] = []
    # DuckDB reads a clean file many times faster; the csv module can say which row is not.
    if not _parsed_fast(connection, path, list(inner)):
        connection.execute(f"TRUNCATE {_TABLE}")
        problems = _parse_carefully(connection, path, names, list(inner))

    def lift(small: pd.DataFrame) -> Lazy:
        return nw.from_native(connection.from_df(small))

    frame = nw.from_native(connection.table(_TABLE))
    return LinkTable(frame, lift, _further(inner)), problems


def _is_plain(path: Path) -> bool:
    """
    Say whether DuckDB would read just this file, and count its rows as a spreadsheet does.

    It takes some signs in a path for patterns, cannot open a path that the system's
    encoding has no characters for, and skips blank lines without counting them.
    """
    text = str(path)
    if _GLOB & set(text) or any("\ud800" <= sign <= "\udfff" for sign in text):
        return False
    last = b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            window = (last + chunk).replace(b"\r", b"")
            if b"\n\n" in window:
                return False
            last = chunk[-2:]
    return True


def _parsed_fast(connection: duckdb.DuckDBPyConnection, path: Path, names: list[str]) -> bool:
    if not _is_plain(path):
        return False
    columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in names)
    source = (
        f"read_csv({_literal(str(path))}, header = true, auto_detect = false, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    holds = " OR ".join(f"trim(\"{name}\") <> ''" for name in names)
    # The path is quoted above and the names are ours; DuckDB takes neither as a parameter.
    statement = f"""
        INSERT INTO {_TABLE}
        SELECT * FROM (SELECT row_number() OVER () + 1 AS "row", * FROM {source})
        WHERE {holds}
    """  # noqa: S608
    try:
        connection.execute(statement)
    except duckdb.Error:
        return False
    return True


def _parse_carefully(
    connection: duckdb.DuckDBPyConnection, path: Path, names: list[str], inner: list[str]
) -> list[Problem]:
    problems: list[Problem] = []
    records = csv_records(path)
    next(records)
    rows = filled_rows(records, names, LINKS.name, path.name, problems)
    while batch := list(islice(rows, _BATCH)):
        cells = [(row, *record) for row, record in batch]
        connection.append(_TABLE, pd.DataFrame(cells, columns=["row", *inner]))
    return problems


def links_from_frame(frame: Any) -> LinkTable:  # noqa: ANN401  any frame Narwhals knows
    """
    Take a link frame as it is, to be worked on by the engine that holds it.

    Parameters
    ----------
    frame
        A frame of any kind Narwhals knows: pandas, Polars, PyArrow, DuckDB, PySpark.

    Returns
    -------
    links
        Lazy, with `row` counted as in a spreadsheet; null where the engine keeps no order.

    Raises
    ------
    InputError
        If a required column is missing.
    """
    native = nw.from_native(frame)
    names = [str(name) for name in native.collect_schema().names()]
    inner = _inner_names(headings(names, _REQUIRED, LINKS.name))
    native = native.select(
        *(nw.col(name).alias(own) for own, name in zip(inner, names, strict=True))
    )
    further = _further(inner)
    if isinstance(native, nw.DataFrame):
        return LinkTable(
            _numbered(native.with_row_index("row")).lazy(), _lift_eager(native), further
        )
    if native.implementation.is_polars():
        counted = _numbered(native.with_row_index("row", order_by=None))
    else:
        # A made-up number would send the user to the wrong row.
        counted = native.with_columns(nw.lit(None, dtype=nw.Int64).alias("row"))
    return LinkTable(counted, _lift_lazy(native.to_native(), native.implementation), further)


def _numbered(frame: Any) -> Any:  # noqa: ANN401  eager or lazy
    return frame.with_columns(nw.col("row").cast(nw.Int64) + 2)


def _lift_eager(frame: "nw.DataFrame[Any]") -> Any:  # noqa: ANN401  a function
    backend = frame.implementation

    def lift(small: pd.DataFrame) -> Lazy:
        columns = {str(name): small[name].tolist() for name in small}
        schema = {
            str(name): nw.Float64 if pd.api.types.is_float_dtype(small[name]) else nw.String
            for name in small
        }
        return nw.from_dict(columns, schema=schema, backend=backend).lazy()

    return lift


def _lift_lazy(relation: Any, implementation: nw.Implementation) -> Any:  # noqa: ANN401  a function
    def lift(small: pd.DataFrame) -> Lazy:
        if implementation.is_duckdb():
            # The user's relation lives on the user's connection; DuckDB finds `small` by name.
            joined = relation.query("cluster_graph_links", "SELECT * FROM small")
            return cast("Lazy", nw.from_native(joined))
        if implementation.is_pyspark():
            return cast("Lazy", nw.from_native(relation.sparkSession.createDataFrame(small)))
        columns = {str(name): small[name].tolist() for name in small}
        return nw.from_dict(columns, backend=cast("Any", implementation)).lazy()

    return lift
