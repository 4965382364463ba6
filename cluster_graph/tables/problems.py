"""What is wrong with a row, where, and what to do: one record for screen and rejects file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from cluster_graph.text import Lang, say

ROW: Final = "row"
CELL: Final = "cell"
TABLE: Final = "table"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """
    One thing that a user has to put right.

    Parameters
    ----------
    table
        The table's name in the contract.
    file
        What the user calls it: the file's name, or the table's name for data frames.
    key
        Key of its text in the catalogue's area `problem`; `KEY_fix` says what to do.
    row
        The row as a spreadsheet counts it: the heading is row 1. None for a whole table.
    column
        The column at fault; blank for a whole row.
    value
        The cell as it came.
    scope
        `row`: the row was set aside. `cell`: the row counts, the cell was blanked.
        `table`: nothing was set aside, but the table wants a look.
    details
        Further values that the text names.
    cells
        The original cells of a row that was set aside.
    """

    table: str
    file: str
    key: str
    row: int | None = None
    column: str = ""
    value: str = ""
    scope: str = ROW
    details: Mapping[str, object] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def where(self, lang: Lang) -> str:
        """Name the place: file › row › column."""
        parts = [self.file]
        if self.row is not None:
            parts.append(say("problem.at_row", lang, row=self.row))
        if self.column:
            parts.append(self.column)
        return " › ".join(parts)

    def reason(self, lang: Lang) -> str:
        """Say what is wrong and what was expected."""
        return say(f"problem.{self.key}", lang, value=self.value, **self.details)

    def fix(self, lang: Lang) -> str:
        """Say what to do about it."""
        return say(f"problem.{self.key}_fix", lang, value=self.value, **self.details)

    def text(self, lang: Lang) -> str:
        """One line: where, what, expected, what became of it, what to do."""
        return say(
            f"problem.line_{self.scope}",
            lang,
            where=self.where(lang),
            reason=self.reason(lang),
            fix=self.fix(lang),
        )


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """
    Problems as a reader goes through the files: table by table, row by row.

    Parameters
    ----------
    problems
        In the order in which they were found.

    Returns
    -------
    sorted
        What concerns a whole table comes before its rows.
    """
    found = list(problems)
    tables = list(dict.fromkeys(problem.table for problem in found))
    return sorted(found, key=lambda problem: (tables.index(problem.table), problem.row or 0))


def rejects_frame(problems: Iterable[Problem], lang: Lang) -> pd.DataFrame:
    """
    The rows and cells that were set aside, as `rejects.csv` holds them.

    Parameters
    ----------
    problems
        Every problem found.
    lang
        The language of the reason and the fix.

    Returns
    -------
    rejects
        table, file, row, column, value, scope, reason, fix, then the original cells.
    """
    own = ["table", "file", "row", "column", "value", "scope", "reason", "fix"]
    records = []
    columns: dict[str, None] = {}
    for problem in in_order(problems):
        columns.update(dict.fromkeys(problem.cells))
        records.append(
            {
                "table": problem.table,
                "file": problem.file,
                "row": problem.row,
                "column": problem.column,
                "value": problem.value,
                "scope": problem.scope,
                "reason": problem.reason(lang),
                "fix": problem.fix(lang),
                **{f"cell_{name}": text for name, text in problem.cells.items()},
            }
        )
    frame = pd.DataFrame.from_records(records)
    frame = frame.reindex(columns=[*own, *(f"cell_{name}" for name in columns)])
    return frame.astype({"row": "Int64"})


@dataclass(frozen=True)
class Count:
    """
    What became of a table's rows: read = accepted + merged + rejected.

    Parameters
    ----------
    read
        Rows in the file, its heading and blank rows left out.
    accepted
        Rows that count.
    merged
        Rows that say again what another row says.
    rejected
        Rows set aside.

    Raises
    ------
    ValueError
        If the numbers do not add up: a row would have been lost.
    """

    read: int
    accepted: int
    merged: int
    rejected: int

    def plus(self, other: "Count") -> "Count":
        """Return the counts of two sheets together."""
        return Count(
            self.read + other.read,
            self.accepted + other.accepted,
            self.merged + other.merged,
            self.rejected + other.rejected,
        )

    def united(self, more: int) -> "Count":
        """Return the count after some accepted rows turned out to be firms met before."""
        return Count(self.read, self.accepted - more, self.merged + more, self.rejected)

    def aside(self, more: int) -> "Count":
        """Return the count after some accepted rows were set aside."""
        return Count(self.read, self.accepted - more, self.merged, self.rejected + more)

    def __post_init__(self) -> None:
        """Refuse a ledger that does not add up."""
        if self.read != self.accepted + self.merged + self.rejected:
            msg = f"rows lost: {self}"
            raise ValueError(msg)


def ledger_frame(ledger: dict[str, Count]) -> pd.DataFrame:
    """
    The ledger as a table.

    Parameters
    ----------
    ledger
        Table name -> what became of its rows.

    Returns
    -------
    frame
        table, read, accepted, merged, rejected.
    """
    rows = [
        (name, count.read, count.accepted, count.merged, count.rejected)
        for name, count in ledger.items()
    ]
    return pd.DataFrame(rows, columns=["table", "read", "accepted", "merged", "rejected"])
