"""Reads frames in memory into texts by table."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.check import Raw
from cluster_graph.tables.model import collected
from cluster_graph.tables.rows import filled_rows, headings
from cluster_graph.tables.schema import LINKS, SCHEMAS, SMALL_TABLES, TableSchema

if TYPE_CHECKING:
    from cluster_graph.tables.problems import Problem


def read_frame(frame: Any, schema: TableSchema) -> Raw:  # noqa: ANN401  any frame Narwhals knows
    """
    Read a small data frame as texts.

    Parameters
    ----------
    frame
        A frame of any kind Narwhals knows, eager or lazy.
    schema
        What it should hold.

    Returns
    -------
    raw
        Its cells as texts, so that they pass the same checks as a file's.
    """
    native = nw.from_native(frame)
    eager: Any = nw.from_native(collected(native)) if isinstance(native, nw.LazyFrame) else native
    names = [str(name) for name in eager.columns]
    records = ([_cell(value) for value in row] for row in eager.iter_rows())
    return _raw(_chained(names, records), schema, schema.name)


def _cell(value: object) -> str:
    if isinstance(value, tuple | list | np.ndarray):
        return ";".join(map(str, value))
    if value is None or (not isinstance(value, str) and pd.isna(value)):  # type: ignore[call-overload]
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _chained(names: list[str], records: Iterator[list[str]]) -> Iterator[list[str]]:
    yield names
    yield from records


def _raw(records: Iterator[list[str]], schema: TableSchema, file: str) -> Raw:
    required = [column.name for column in schema.columns if column.required]
    names = headings(next(records, []), required, file)
    # The frames of this room keep the row number under this name.
    names = ["row_" if name == "row" else name for name in names]
    problems: list[Problem] = []
    rows = dict(filled_rows(records, names, schema.name, file, problems))
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=names, dtype=object)
    return Raw(schema, file, frame, tuple(problems), len(problems))


def read_frames(source: Mapping[str, Any]) -> list[Raw]:
    """
    Read every small table of a set of data frames.

    Parameters
    ----------
    source
        Table name -> data frame.

    Returns
    -------
    raws
        One a table.

    Raises
    ------
    InputError
        If a name is no table of the contract, or too few tables are there.
    """
    unknown = sorted(set(source) - set(SCHEMAS))
    if unknown:
        raise InputError("unknown_table", table=", ".join(unknown), known=", ".join(SCHEMAS))
    if "companies" not in source or not {"outputs", LINKS.name} & set(source):
        raise InputError("missing_table", path="data", table="companies, outputs / links")
    return [read_frame(source[name], SCHEMAS[name]) for name in SMALL_TABLES if name in source]
