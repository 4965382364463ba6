"""Brings a link table to an engine: CSV into DuckDB, frames to Narwhals, never to objects."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

import duckdb
import narwhals as nw
import pandas as pd

from cluster_graph.tables.model import Lazy, LinkTable
from cluster_graph.tables.problems import Problem
from cluster_graph.tables.read import ROW_1, csv_records, headings
from cluster_graph.tables.schema import LINKS

_BATCH: Final = 50_000
_TABLE: Final = "links"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


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
    names = headings(next(csv_records(path), []), LINKS, path.name)
    connection = connect()
    columns = ", ".join(f"{_quoted(name)} VARCHAR" for name in names)
    connection.execute(f"CREATE TABLE {_TABLE} ({_quoted('row')} BIGINT, {columns})")
    problems: list[Problem] = []
    # DuckDB reads a clean file many times faster; the csv module can say which row is not.
    try:
        _parse_fast(connection, path, names)
    except duckdb.Error:
        connection.execute(f"TRUNCATE {_TABLE}")
        problems = _parse_carefully(connection, path, names)
    frame = nw.from_native(connection.table(_TABLE))

    def lift(small: pd.DataFrame) -> Lazy:
        return nw.from_native(connection.from_df(small))

    return LinkTable(frame, lift), problems


def _parse_fast(connection: duckdb.DuckDBPyConnection, path: Path, names: list[str]) -> None:
    columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in names)
    source = (
        f"read_csv({_literal(str(path))}, header = true, auto_detect = false, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    # Names and path are quoted above; DuckDB takes neither as a parameter here.
    connection.execute(
        f"INSERT INTO {_TABLE} SELECT row_number() OVER () + {ROW_1 - 1}, * FROM {source}"  # noqa: S608
    )


def _parse_carefully(
    connection: duckdb.DuckDBPyConnection, path: Path, names: list[str]
) -> list[Problem]:
    problems: list[Problem] = []
    records = enumerate(csv_records(path), 1)
    next(records)
    width = len(names)

    def good() -> Iterator[list[object]]:
        for row, record in records:
            if not any(cell.strip() for cell in record):
                continue
            if any(cell.strip() for cell in record[width:]):
                spare = [f"+{n}" for n in range(len(record))]
                problems.append(
                    Problem(
                        table=LINKS.name,
                        file=path.name,
                        key="too_many_cells",
                        row=row,
                        details={"expected": width, "found": len(record)},
                        cells=dict(zip([*names, *spare], record, strict=False)),
                    )
                )
                continue
            yield [row, *record[:width], *[None] * (width - len(record))]

    rows = good()
    while batch := list(islice(rows, _BATCH)):
        frame = pd.DataFrame(batch, columns=["row", *names])
        connection.append(_TABLE, frame)
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
        Lazy, with `row` counted as in a spreadsheet.

    Raises
    ------
    InputError
        If a required column is missing.
    """
    native = nw.from_native(frame)
    names = list(native.collect_schema().names())
    headings(names, LINKS, LINKS.name)
    if isinstance(native, nw.DataFrame):
        backend = native.implementation
        counted = native.drop("row", strict=False).with_row_index("row")
        counted = counted.with_columns(nw.col("row").cast(nw.Int64) + ROW_1)

        def lift(small: pd.DataFrame) -> Lazy:
            columns = {str(name): small[name].tolist() for name in small}
            schema = {str(name): _dtype(small[name]) for name in small}
            return nw.from_dict(columns, schema=schema, backend=backend).lazy()

        return LinkTable(counted.lazy(), lift)
    lazy = cast("Lazy", native)
    if "row" not in names:
        with suppress(TypeError):
            lazy = lazy.with_row_index("row", order_by=[LINKS.columns[0].name, *names[1:2]])
            lazy = lazy.with_columns(nw.col("row").cast(nw.Int64) + ROW_1)
    relation = native.to_native()

    def lift_lazy(small: pd.DataFrame) -> Lazy:
        if isinstance(relation, duckdb.DuckDBPyRelation):
            return nw.from_native(duckdb.from_df(small))
        session = getattr(relation, "sparkSession", None)
        if session is not None:
            return cast("Lazy", nw.from_native(session.createDataFrame(small)))
        return nw.from_native(small).lazy(backend=lazy.implementation)

    return LinkTable(lazy, lift_lazy)


def _dtype(column: "pd.Series[Any]") -> Any:  # noqa: ANN401  Narwhals' own types
    return nw.Float64 if pd.api.types.is_float_dtype(column) else nw.String
