"""Reads a folder of CSV files, or frames in memory, into texts by table."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.check import Raw
from cluster_graph.tables.rows import csv_records, filled_rows, headings
from cluster_graph.tables.schema import LINKS, SCHEMAS, SMALL_TABLES, TableSchema

if TYPE_CHECKING:
    from cluster_graph.tables.problems import Problem


def table_files(folder: Path) -> dict[str, Path]:
    """
    Find the tables of a data folder.

    Parameters
    ----------
    folder
        A folder of CSV files named after the contract's tables.

    Returns
    -------
    files
        Table name -> file.

    Raises
    ------
    InputError
        If the folder is not there, or holds neither companies nor outputs nor links.
    """
    if not folder.exists():
        raise InputError("missing_folder", path=folder)
    if not folder.is_dir():
        raise InputError("not_a_folder", path=folder)
    files = {path.stem.lower(): path for path in sorted(folder.glob("*.[cC][sS][vV]"))}
    found = {name: files[name] for name in SCHEMAS if name in files}
    if "companies" not in found:
        raise InputError("missing_table", path=folder, table="companies.csv")
    if "outputs" not in found and "links" not in found:
        raise InputError("missing_table", path=folder, table="outputs.csv / links.csv")
    return found


def read_csv(path: Path, schema: TableSchema) -> Raw:
    """
    Read one small CSV file as texts.

    Parameters
    ----------
    path
        A CSV file, UTF-8 with or without BOM.
    schema
        What it should hold.

    Returns
    -------
    raw
        Its cells, stripped; rows with too many cells are set aside.

    Raises
    ------
    InputError
        If it is not UTF-8, cannot be read, is wholly empty, or lacks a required column.
    """
    return _raw(csv_records(path), schema, path.name)


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
    eager = native.collect("pandas") if isinstance(native, nw.LazyFrame) else native
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


def read_all(source: Path | Mapping[str, Any]) -> dict[str, Raw]:
    """
    Read every small table of a source.

    Parameters
    ----------
    source
        A data folder, or table name -> data frame.

    Returns
    -------
    raws
        Table name -> its cells.

    Raises
    ------
    InputError
        If the source is no data set, or a name in it is no table of the contract.
    """
    if isinstance(source, Path):
        files = table_files(source)
        return {
            name: read_csv(files[name], SCHEMAS[name]) for name in SMALL_TABLES if name in files
        }
    unknown = sorted(set(source) - set(SCHEMAS))
    if unknown:
        raise InputError("unknown_table", table=", ".join(unknown), known=", ".join(SCHEMAS))
    if "companies" not in source or not {"outputs", LINKS.name} & set(source):
        raise InputError("missing_table", path="data", table="companies, outputs / links")
    return {
        name: read_frame(source[name], SCHEMAS[name]) for name in SMALL_TABLES if name in source
    }
