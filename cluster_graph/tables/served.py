"""Brings tables of a database server here, so that an engine can cut them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from cluster_graph.tables.engine import Engine, connect
from cluster_graph.tables.engine_errors import told
from cluster_graph.tables.leftovers import temporary_folder
from cluster_graph.tables.parquet import SUFFIX, parquet
from cluster_graph.tables.sheet import Sheet, literal
from cluster_graph.tables.take import Understood, look


@contextmanager
def brought(
    sheets: Sequence[Understood], headings: Mapping[str, str], engine: Engine
) -> Iterator[list[Understood]]:
    """
    Put Parquet files in the place of tables of a server.

    Parameters
    ----------
    sheets
        Any; those that no server has, or that nobody recognised, stay as they are.
    headings
        Heading -> contract column, where the user knows better.
    engine
        With the folder to spill to: the files are there for as long as this lasts.

    Yields
    ------
    sheets
        In the same order, every cell a text.

    Raises
    ------
    InputError
        If the server fails, or the disk is full.
    """
    with temporary_folder(engine.spill) as folder:
        with told(), connect(engine) as connection:
            found = [
                look(_brought(seen.sheet, folder / str(number), connection), headings)
                if seen.sheet.served and seen.recognised
                else seen
                for number, seen in enumerate(sheets)
            ]
        yield found


def _brought(sheet: Sheet, stem: Path, connection: duckdb.DuckDBPyConnection) -> Sheet:
    text, path = stem.with_suffix(".csv"), stem.with_suffix(SUFFIX)
    if sheet.served is not None:
        sheet.served.bring(text)
    names = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in next(sheet.rows()))
    source = (
        f"read_csv({literal(str(text))}, header = false, auto_detect = false, delim = ',', "
        f"quote = '\"', escape = '\"', columns = {{{names}}})"
    )
    connection.execute(f"COPY (FROM {source}) TO {literal(str(path))} (FORMAT parquet)")
    text.unlink()
    return replace(parquet(path), file=sheet.file, name=sheet.name)
