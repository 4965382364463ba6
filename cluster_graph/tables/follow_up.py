"""Reads the follow-up list that recruiters fill in back as projects."""

from dataclasses import dataclass, replace
from math import isclose
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.check import Raw, check
from cluster_graph.tables.problems import Problem
from cluster_graph.tables.schema import PROJECTS, Kind
from cluster_graph.tables.sources import open_path
from cluster_graph.tables.take import look, raw_tables
from cluster_graph.text import LANGS, say
from cluster_graph.text.cells import as_dicts

# The columns of the list, in order; `link`, the name of the product, is only to be read.
COLUMNS: Final = (
    "project_id",
    "name",
    "product_id",
    "link",
    "capacity",
    "unit",
    "investor",
    "investment",
    "stage",
    "region_code",
    "township",
    "enclave",
    "date",
    "responsible",
    "contact_unit",
    "form",
    "result",
    "next_step",
    "deadline",
    "difficulty",
)
CHANGE_COLUMNS: Final = ("project_id", "name", "column", "before", "after")
NEW: Final = "project"  # the column of a change that is a whole new row
_OURS: Final = tuple(name for name in COLUMNS if name not in ("project_id", "link"))


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """
    What a filled-in follow-up list changes.

    Parameters
    ----------
    changes
        Columns `CHANGE_COLUMNS`, one row for each cell that differs, and one for each new
        project, of column `project`; before and after are values of the projects table, None
        where there is none.
    projects
        The projects table with the changes made; what the list does not mention stays.
    problems
        Rows and cells of the list that could not be used, and so change nothing.
    """

    changes: pd.DataFrame
    projects: pd.DataFrame
    problems: tuple[Problem, ...]


def read_follow_up(path: Path, projects: pd.DataFrame, region: str) -> FollowUp:
    """
    Read a follow-up list and set it beside the projects.

    Parameters
    ----------
    path
        The workbook that `report` wrote, filled in; its other sheets are not looked at.
    projects
        The projects of the data.
    region
        Where a new project lies that says nothing of it, GB/T 2260.

    Returns
    -------
    follow_up
        What changes, and the projects with it.

    Raises
    ------
    InputError
        If there is no such sheet, or two of its rows are one project.
    """
    raw = _sheet(path)
    cells = raw.cells.copy()
    for name in ("project_id", "name"):
        if name not in cells:
            raise InputError("no_follow_up_sheet", path=path)
    new = cells["project_id"] == ""
    # A contact of the month has no id yet: its name is one, the same each time it is read.
    cells["project_id"] = cells["project_id"].mask(new, cells["name"])
    _refuse_twice(cells, new, raw.file)
    checked = check(replace(raw, cells=cells))
    old = {row["project_id"]: row for row in as_dicts(projects)}
    # A cell that could not be read says nothing.
    wrong = {(problem.row, problem.column) for problem in checked.problems}
    here = [name for name in _OURS if name in cells]
    changes: list[tuple[object, ...]] = []
    added: list[dict[str, Any]] = []
    for row in as_dicts(checked.frame):
        project_id = row["project_id"]
        before = old.get(project_id)
        if before is None:
            changes.append((project_id, row["name"], NEW, None, row["name"]))
            added.append(_new(row, here, region, raw.file))
            continue
        for name in here:
            if (row["row"], name) not in wrong and not _same(name, before[name], row[name]):
                changes.append(
                    (project_id, before["name"], name, _plain(before[name]), _plain(row[name]))
                )
                before[name] = row[name]
    merged = pd.DataFrame([*old.values(), *added], columns=list(projects.columns), dtype=object)
    for column in PROJECTS.columns:
        if column.kind is Kind.NUMBER:
            merged[column.name] = merged[column.name].astype(float)
        elif column.kind is not Kind.FLAG:
            merged[column.name] = merged[column.name].fillna("")
    frame = pd.DataFrame(changes, columns=list(CHANGE_COLUMNS), dtype=object)
    return FollowUp(changes=frame, projects=merged, problems=checked.problems)


def _sheet(path: Path) -> Raw:
    titles = {say("view.sheet_follow_up", lang) for lang in LANGS}
    for sheet in open_path(path):
        if sheet.name.strip() not in titles:
            continue
        seen = look(sheet, {})
        if seen.recognised is not None and PROJECTS.name in seen.recognised.tables:
            _, raws = raw_tables(seen)
            return next(raw for raw in raws if raw.schema is PROJECTS)
    raise InputError("no_follow_up_sheet", path=path)


def _refuse_twice(cells: pd.DataFrame, new: pd.Series, file: str) -> None:
    first: dict[str, int] = {}
    for row, project_id, name, is_new in zip(
        cells.index, cells["project_id"], cells["name"], new, strict=True
    ):
        for key in {project_id, name} if is_new else {project_id}:
            if key and key in first:
                raise InputError(
                    "follow_up_twice", file=file, value=key, first=first[key], row=int(row)
                )
        first[project_id] = int(row)
        first.setdefault(name, int(row))


def _same(column: str, before: object, after: object) -> bool:
    if PROJECTS.column(column).kind is Kind.NUMBER:
        one, other = float(str(before)), float(str(after))
        # The workbook holds ten digits of a figure.
        return (np.isnan(one) and np.isnan(other)) or isclose(one, other, rel_tol=1e-9)
    return _plain(before) == _plain(after)


def _plain(value: object) -> object:
    """A cell's value, None where there is none."""
    if value is None or value == "" or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.strip() if isinstance(value, str) else value


def _new(row: dict[Any, Any], here: list[str], region: str, file: str) -> dict[str, Any]:
    blank: dict[str, Any] = {
        column.name: np.nan
        if column.kind is Kind.NUMBER
        else None
        if column.kind is Kind.FLAG
        else ""
        for column in PROJECTS.columns
    }
    said = {name: row[name] for name in here}
    return {
        **blank,
        **said,
        "project_id": row["project_id"],
        "region_code": said.get("region_code") or region,
        "source": file,
        "evidence": "reported",
        "file": file,
        "row": row["row"],
    }
