"""Finds the rows that say again what another row says, and those that contradict one."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from cluster_graph.tables.problems import Problem
from cluster_graph.tables.schema import TableSchema
from cluster_graph.text.cells import as_dicts


@dataclass(frozen=True)
class Unrepeated:
    """
    A table in which every key stands once.

    Parameters
    ----------
    frame
        The rows that stay, in their order.
    merged
        How many rows said again what another row says.
    problems
        One for each row set aside because it contradicts an earlier one.
    """

    frame: pd.DataFrame
    merged: int
    problems: tuple[Problem, ...]


def unrepeated(
    frame: pd.DataFrame,
    schema: TableSchema,
    as_it_came: Callable[[str, int], dict[str, str]],
    *,
    contradicting: bool = False,
) -> Unrepeated:
    """
    Keep the first row of each key.

    Rows equal in every column of the schema merge; a row that differs from an earlier one
    of its key is set aside. What a user adds beside the contract, such as a serial number,
    makes no row another.

    Parameters
    ----------
    frame
        Typed rows, with `file` and `row`.
    schema
        The table; its key names a row.
    as_it_came
        File and row -> the cells as the user wrote them.
    contradicting
        Keep the rows that contradict an earlier one.

    Returns
    -------
    unrepeated
        What stays, and what became of the other rows.
    """
    key = list(schema.key)
    # Only rows of one key can be equal; of most keys there is one.
    several = frame.duplicated(key, keep=False)
    equal = pd.Series(data=False, index=frame.index)
    equal[several] = frame.loc[several, schema.names].astype(str).duplicated()
    clash = frame.duplicated(key) & ~equal & (not contradicting)
    opening = frame[~frame.duplicated(key)]
    names = opening[key].itertuples(index=False, name=None)
    first = dict(zip(names, zip(opening["file"], opening["row"], strict=True), strict=True))
    problems = []
    for record in as_dicts(frame[clash]):
        name = tuple(record[part] for part in key)
        file, row = first[name]
        problems.append(
            Problem(
                table=schema.name,
                file=record["file"],
                key="duplicate" if file == record["file"] else "duplicate_elsewhere",
                row=int(record["row"]),
                details={"id": " / ".join(map(str, name)), "first": row, "other": file},
                cells=as_it_came(record["file"], int(record["row"])),
            )
        )
    kept = frame[~equal & ~clash].reset_index(drop=True)
    return Unrepeated(kept, int(equal.sum()), tuple(problems))
