"""Makes one row of several about the same firm: fills blanks, and lists what contradicts."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.tables.names import former_names
from cluster_graph.tables.regions import prefix

CONFLICT_COLUMNS: Final = ("company_id", "column", "kept_value", "other_value", "rule", "rows")
_EVIDENCE_ORDER: Final = ("reported", "derived", "expert", "inferred", "planned", "")
_DATE: Final = re.compile(r"(\d{4})(?:\D+(\d{1,2})(?!\d))?(?:\D+(\d{1,2})(?!\d))?")
_UNITED: Final = ("source", "note")
_NAMES: Final = ("name", "name_en", "alias")
_OWN: Final = ("company_id", "row", *_NAMES)

Record = dict[str, Any]
# From the records that hold a value: the one that counts, and the rule that chose it.
Choice = tuple[Record, str]


def is_blank(value: object) -> bool:
    """Say whether a cell holds nothing."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    if isinstance(value, float):
        return value != value  # noqa: PLR0124  only NaN differs from itself
    return isinstance(value, (str, tuple, list)) and not value


def _date(record: Record) -> tuple[int, ...]:
    found = _DATE.search(str(record.get("as_of") or ""))
    return tuple(int(part) for part in found.groups() if part) if found else ()


def _newest(records: list[Record]) -> list[Record]:
    """Keep the newest; 2024 and 2024-04 cannot be told apart, a date beats none."""
    dates = [_date(record) for record in records]
    alive = list(range(len(records)))
    for part in range(3):
        values = [dates[i][part] if len(dates[i]) > part else -1 for i in alive]
        if part and -1 in values:
            break
        alive = [i for i, value in zip(alive, values, strict=True) if value == max(values)]
    return [records[i] for i in alive]


def _best_evidence(records: list[Record]) -> list[Record]:
    ranks = [
        _EVIDENCE_ORDER.index(word) if word in _EVIDENCE_ORDER else len(_EVIDENCE_ORDER)
        for word in (str(record.get("evidence") or "") for record in records)
    ]
    return [record for record, rank in zip(records, ranks, strict=True) if rank == min(ranks)]


def choose(records: list[Record], column: str) -> Choice:
    """
    Choose between contradicting cells: newest, else best evidence, else first row.

    Parameters
    ----------
    records
        The rows whose cell is not blank, in the order of the table.
    column
        Which cell.

    Returns
    -------
    record, rule
        The row whose cell counts, and `newest`, `evidence` or `first`.
    """
    for rule, best in (("newest", _newest), ("evidence", _best_evidence)):
        records = best(records)
        if all(record[column] == records[0][column] for record in records):
            return records[0], rule
    return records[0], "first"


def _choose_region(records: list[Record], column: str) -> Choice:
    """A place inside the other's is the same place said more exactly."""
    finest = max(records, key=lambda record: len(prefix(record[column])))
    if all(prefix(finest[column]).startswith(prefix(record[column])) for record in records):
        return finest, "finer"
    return choose(records, column)


def united_names(records: Sequence[Record]) -> tuple[str, ...]:
    """
    Every name under which the rows know a firm, but for the name that is kept.

    Parameters
    ----------
    records
        Rows with `name`, and `name_en` and `alias` where there are any; the first is kept.

    Returns
    -------
    alias
        In the order in which they stand, each once.
    """
    first = records[0]
    names: dict[str, None] = {}
    for record in records:
        alias = record.get("alias") or ()
        names.update(dict.fromkeys((alias,) if isinstance(alias, str) else alias))
        names[record["name"]] = None
        names.update(dict.fromkeys(former_names(record["name"])))
        names[record.get("name_en") or ""] = None
    own = (first["name"], "", kept_english(records))
    return tuple(name for name in names if name not in own)


def kept_english(records: Sequence[Record]) -> str:
    """Return the first English name."""
    return next((name for record in records if (name := record.get("name_en") or "")), "")


def _united_texts(records: Sequence[Record], column: str) -> str:
    texts = dict.fromkeys(str(record[column]) for record in records)
    return "; ".join(texts)


def unite(
    records: Sequence[Record], is_code: Callable[[str], bool]
) -> tuple[dict[str, Any], list[tuple[object, ...]]]:
    """
    One row of several, and what of them contradicts.

    Parameters
    ----------
    records
        The rows of one firm, in the order of the table; the first keeps its id and name.
        Each with `row`, its number in the user's file.
    is_code
        Says whether a unified social credit code is valid.

    Returns
    -------
    united
        Column -> cell.
    conflicts
        The records of `CONFLICT_COLUMNS`, one for each other value.
    """
    first = records[0]
    united: dict[str, Any] = dict(first)
    if "alias" in first:
        united["alias"] = united_names(records)
    if "name_en" in first:
        united["name_en"] = kept_english(records)
    conflicts: list[tuple[object, ...]] = []
    for column in first:
        if column in _OWN:
            continue
        filled = [record for record in records if not is_blank(record[column])]
        if not filled:
            continue
        if column in _UNITED:
            united[column] = _united_texts(filled, column)
            continue
        chosen, rule = _chosen(filled, column, is_code)
        value = united[column] = chosen[column]
        others = _others(filled, column, value)
        blanks = [record["row"] for record in records if is_blank(record[column])]
        # A blank status means operating: something else to say than "signed".
        if column == "status" and value != "operating" and blanks:
            others.setdefault("", []).extend(blanks)
            rule = rule or "stated"
        conflicts += [
            (first["company_id"], column, value, other, rule, (chosen["row"], *rows))
            for other, rows in others.items()
        ]
    return united, conflicts


def _chosen(filled: list[Record], column: str, is_code: Callable[[str], bool]) -> Choice:
    if all(record[column] == filled[0][column] for record in filled[1:]):
        return filled[0], ""
    if column == "region_code":
        return _choose_region(filled, column)
    if column == "uscc":
        valid = [record for record in filled if is_code(record[column])]
        if valid and all(record[column] == valid[0][column] for record in valid):
            return valid[0], "valid_code"
        return choose(valid or filled, column)
    return choose(filled, column)


def _others(filled: list[Record], column: str, value: object) -> dict[Any, list[int]]:
    others: dict[Any, list[int]] = {}
    for record in filled:
        if record[column] != value:
            others.setdefault(record[column], []).append(record["row"])
    return others


def united_frame(
    companies: pd.DataFrame,
    rows: Sequence[int],
    firms: Sequence[Sequence[int]],
    parents: Mapping[str, str],
    is_code: Callable[[str], bool],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    One row a firm, in the order of the table.

    Parameters
    ----------
    companies
        The typed companies.
    rows
        The number in the user's file of each row.
    firms
        The positions of the rows of each firm that has several, ascending.
    parents
        Old company id -> kept id, for `parent_id`.
    is_code
        Says whether a unified social credit code is valid.

    Returns
    -------
    united
        The same columns and types.
    conflicts
        The columns of `CONFLICT_COLUMNS`.
    """
    if "parent_id" in companies:
        own = companies["company_id"].map(parents)
        moved = companies["parent_id"].map(lambda parent: parents.get(parent, parent))
        moved = moved.mask(moved == own, "").astype(companies["parent_id"].dtype)
        companies = companies.assign(parent_id=moved)
    columns = list(companies.columns)
    touched = [position for firm in firms for position in firm]
    cells = {column: companies[column].iloc[touched].tolist() for column in columns}
    cells["row"] = [rows[position] for position in touched]
    conflicts: list[tuple[object, ...]] = []
    changes: dict[str, dict[int, Any]] = {column: {} for column in columns}
    start = 0
    for firm in firms:
        records = [
            {column: cells[column][i] for column in cells} for i in range(start, start + len(firm))
        ]
        start += len(firm)
        united, found = unite(records, is_code)
        conflicts += found
        for column in columns:
            if united[column] is not records[0][column]:
                changes[column][firm[0]] = united[column]
    keep = np.ones(len(companies), dtype=bool)
    keep[[position for firm in firms for position in firm[1:]]] = False
    frame = companies.copy(deep=False)  # only whole columns are replaced
    for column, cell_of in changes.items():
        if cell_of:
            values = frame[column].astype(object).to_numpy(copy=True)
            for position, cell in cell_of.items():
                values[position] = cell
            frame[column] = pd.Series(values, frame.index, dtype=companies[column].dtype)
    united_rows = frame if keep.all() else frame[keep].reset_index(drop=True)
    return united_rows, pd.DataFrame(conflicts, columns=list(CONFLICT_COLUMNS), dtype=object)
