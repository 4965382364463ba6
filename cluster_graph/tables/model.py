"""The typed tables that cross this room's door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import pandas as pd

from cluster_graph.tables.check import Raw
from cluster_graph.tables.engine_errors import told
from cluster_graph.tables.merge import Merged
from cluster_graph.tables.problems import Count, Problem
from cluster_graph.tables.products import Match
from cluster_graph.tables.schema import LINKS
from cluster_graph.tables.take import Understood

Lazy = nw.LazyFrame[Any]


def collected(frame: Lazy) -> pd.DataFrame:
    """
    A small lazy frame as a pandas frame.

    Parameters
    ----------
    frame
        On any engine; small enough for memory.

    Returns
    -------
    frame
        The same rows and columns.

    Raises
    ------
    InputError
        If the engine complains about files, memory or disks.
    """
    with told():
        if frame.implementation.is_polars():
            # Its own way to pandas needs PyArrow, which not everybody has.
            return pd.DataFrame(frame.collect().to_dict(as_series=False))
        if frame.implementation.is_pyspark():
            return _from_spark(frame)
        small: pd.DataFrame = frame.collect("pandas").to_native()
        return small


def _from_spark(frame: Lazy) -> pd.DataFrame:
    """Rows of Spark without its own way to pandas, which lags behind the versions of pandas."""
    schema = frame.collect_schema()
    rows = [tuple(row) for row in frame.to_native().collect()]
    small = pd.DataFrame(rows, columns=list(schema), dtype=object)
    floats = [name for name, kind in schema.items() if kind.is_float()]
    whole = [
        name for name, kind in schema.items() if kind.is_integer() and small[name].notna().all()
    ]
    return small.astype({**dict.fromkeys(floats, float), **dict.fromkeys(whole, "int64")})


def _left_lazy(frame: Lazy) -> Lazy:
    return frame


@dataclass(frozen=True)
class LinkTable:
    """
    The supplier-customer links, lazy, on whatever engine holds them.

    Parameters
    ----------
    frame
        One row a link, with the columns of `schema.LINKS` (numbers as float, texts never
        null), `sheet`, and `row`, the row in that sheet. Never collected whole.
    lift
        Brings a small frame to the engine of `frame`, so that the two can be joined.
    hold
        Works a frame on that engine out once, where it would otherwise be worked out anew
        each time it is asked something; on engines that are not ours, it leaves it as it is.
    further
        Name in `frame` -> the user's own heading, for columns that the schema lacks. They
        are kept for the rows set aside.
    files
        What the user calls the sheets; the column `sheet` of `frame` counts them from 0.
    """

    frame: Lazy
    lift: Callable[[pd.DataFrame], Lazy]
    hold: Callable[[Lazy], Lazy] = _left_lazy
    further: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = (LINKS.name,)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """
    What a user sent, checked and typed.

    In the small frames a blank text is `""`, an unknown number NaN, an unknown flag None,
    and a list a tuple of texts. Each has the columns of its schema, the user's further
    columns, and `row`.

    Parameters
    ----------
    companies, outputs, projects, prospects, sites, absences, wishes, facts
        The tables of the contract, and what companies wish for; empty where the user sent none.
    links
        The links, lazy; None where the user sent none.
    problems
        Every problem found so far.
    ledger
        Table name -> what became of its rows.
    sheets
        The sheets that were read, with their rows as they came, for rows set aside later.
    merged
        Which company rows were one firm, and the figures that contradicted each other.
    named
        Text that stood for a product -> what it was taken for, or what to ask about.
    understood
        What each sheet was taken for; empty for data frames.
    """

    companies: pd.DataFrame
    outputs: pd.DataFrame
    projects: pd.DataFrame
    prospects: pd.DataFrame
    sites: pd.DataFrame
    absences: pd.DataFrame
    wishes: pd.DataFrame
    facts: pd.DataFrame
    links: LinkTable | None
    problems: tuple[Problem, ...]
    ledger: dict[str, Count]
    sheets: tuple[Raw, ...]
    merged: Merged | None = None
    named: Mapping[str, Match] = field(default_factory=dict)
    understood: tuple[Understood, ...] = ()

    @property
    def parts(self) -> dict[str, tuple[int, int]]:
        """Table -> rows taken and rows there are, of tables that were cut."""
        whole: dict[str, int] = {}
        for seen in self.understood:
            if seen.sheet.whole and seen.recognised is not None:
                for name in seen.recognised.tables:
                    whole[name] = whole.get(name, 0) + seen.sheet.whole
        return {name: (self.ledger[name].read, rows) for name, rows in whole.items()}

    def small(self, name: str) -> pd.DataFrame:
        """Return the small table of that name."""
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def original(self, table: str, file: str, row: int) -> dict[str, str]:
        """Return the cells of a row of a small table as they came, blanks left out."""
        raw = next(r for r in self.sheets if r.schema.name == table and r.file == file)
        return raw.as_it_came(row)
