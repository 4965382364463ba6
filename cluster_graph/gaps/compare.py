"""Two snapshots of one cluster: what closed or opened, why, and which projects moved."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.balance import balance as find_balance
from cluster_graph.gaps.changes import changes as find_changes
from cluster_graph.gaps.row_changes import causes, row_changes
from cluster_graph.tables.merge import merge_companies
from cluster_graph.tables.regions import inside
from cluster_graph.tables.schema import OPERATING, STAGES
from cluster_graph.text.cells import as_dicts

PROJECT_COLUMNS: Final = (
    "project_id",
    "name",
    "name_en",
    "township",
    "product_id",
    "stage_before",
    "stage_after",
    "moved",
    "date",
    "days",
)
MATCH_COLUMNS: Final = (
    "old_id",
    "new_id",
    "old_name",
    "old_name_en",
    "new_name",
    "new_name_en",
    "reason",
)
_WHOLE_DATE: Final = 10  # signs of YYYY-MM-DD


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """
    What differs between two snapshots.

    Parameters
    ----------
    old, new
        The two clusters.
    balance_before, balance_after
        Their balances.
    changes
        From `gaps.changes.changes`, and `why`: places in `rows`.
    rows
        From `gaps.row_changes.row_changes`.
    projects
        Columns `PROJECT_COLUMNS`, one row a local project: `moved` is `forward`, `back`,
        `stalled` (the same stage, not yet operating), `operating` (then and now), `new`,
        `dropped` or `unknown` (no stage on one side); `days` since its date, NaN where that is
        no whole date.
    matched
        Columns `MATCH_COLUMNS`: firms that have another id in each snapshot and are one by
        `reason` (`uscc`, `name`, `former_name`, `alias`), and projects by `project_name`.
    doubtful
        The same columns: firms of which one is gone, one is new and the names are alike
        (`reason` says how; they count as two), and ids whose credit code is another one now
        (`code_changed`; they count as one).
    """

    old: Cluster
    new: Cluster
    balance_before: pd.DataFrame
    balance_after: pd.DataFrame
    changes: pd.DataFrame
    rows: pd.DataFrame
    projects: pd.DataFrame
    matched: pd.DataFrame
    doubtful: pd.DataFrame


def compare(old: Cluster, new: Cluster, today: date | None = None) -> Comparison:
    """
    Compare two snapshots of a cluster.

    Parameters
    ----------
    old, new
        Built on the same chain and region.
    today
        The day from which the days since a project's date are counted; None leaves them out.

    Returns
    -------
    comparison
        Gaps, rows, projects and firms side by side.

    Raises
    ------
    InputError
        If the chains or the regions differ.
    """
    if not old.chain.products.index.equals(new.chain.products.index) or old.region != new.region:
        raise InputError("not_comparable")
    matched, doubtful = _same_firms(old, new)
    same = dict(zip(matched["old_id"], matched["new_id"], strict=True))
    projects, renamed = _projects(old, new, today)
    before, after = find_balance(old), find_balance(new)
    rows = row_changes(old, new, same)
    implied = frozenset(before.loc[before["implied"], "product_id"])
    implied |= frozenset(after.loc[after["implied"], "product_id"])
    why = causes(rows, new.chain, implied)
    found = find_changes(before, after)
    lists = [why.get(product, []) for product in found["product_id"]]
    return Comparison(
        old=old,
        new=new,
        balance_before=before,
        balance_after=after,
        changes=found.assign(why=pd.Series(lists, index=found.index, dtype=object)),
        rows=rows,
        projects=projects,
        matched=pd.concat([matched, renamed], ignore_index=True),
        doubtful=doubtful,
    )


def _same_firms(old: Cluster, new: Cluster) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Firms with another id in each snapshot: surely one, and perhaps one."""
    here, now = old.tables.companies, new.tables.companies
    gone = here[~here["company_id"].isin(now["company_id"])]
    fresh = set(now["company_id"]) - set(here["company_id"])
    shared = [name for name in now.columns if name in gone]
    both = pd.concat([now[shared], gone[shared]], ignore_index=True) if len(gone) else now
    merged = merge_companies(both)
    sure = {
        merge.gone: (merge.gone, merge.kept, merge.reason)
        for merge in merged.merges
        if merge.gone in set(gone["company_id"]) and merge.kept in fresh
    }
    # Two firms that are gone and now look like one new firm: nobody can say which it is.
    taken = [kept for _, kept, _ in sure.values()]
    doubtful = [row for row in sure.values() if taken.count(row[1]) > 1]
    certain = [row for row in sure.values() if taken.count(row[1]) == 1]
    codes = dict(zip(here["company_id"], here["uscc"], strict=True))
    for company, code in zip(now["company_id"], now["uscc"], strict=True):
        if code and codes.get(company) and codes[company] != code:
            doubtful.append((company, company, "code_changed"))
    left = set(gone["company_id"]) - set(sure)
    for pair in merged.review:
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if one in left and other in fresh and other not in taken:
                doubtful.append((one, other, pair.reason))
    names = [_names(here, "company_id"), _names(now, "company_id")]
    return _matches(certain, names), _matches(doubtful, names)


def _names(frame: pd.DataFrame, key: str) -> dict[str, tuple[str, str]]:
    rows = zip(frame[key], frame["name"], frame["name_en"], strict=True)
    return {one: (name, english or name) for one, name, english in rows}


def _matches(
    found: list[tuple[str, str, str]], names: list[dict[str, tuple[str, str]]]
) -> pd.DataFrame:
    records = [
        (one, other, *names[0][one], *names[1][other], reason) for one, other, reason in found
    ]
    return pd.DataFrame(records, columns=list(MATCH_COLUMNS))


def _projects(old: Cluster, new: Cluster, today: date | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of the monthly meeting, and the projects known by their name alone."""
    before, after = _local(old), _local(new)
    by_name = {row["name"]: key for key, row in after.items() if key not in before}
    renamed = {
        key: by_name[row["name"]]
        for key, row in before.items()
        if key not in after and row["name"] in by_name
    }
    then = {renamed.get(key, key): row for key, row in before.items()}
    records = []
    for key in {**after, **then}:
        was, now = then.get(key), after.get(key)
        row = now or was or {}
        records.append(
            {
                **{name: row[name] for name in ("name", "name_en", "township", "product_id")},
                "project_id": key,
                "stage_before": None if was is None else was["stage"],
                "stage_after": None if now is None else now["stage"],
                "moved": _moved(was, now),
                "date": row["date"],
                "days": _days(row["date"], today),
            }
        )
    frame = pd.DataFrame(records, columns=list(PROJECT_COLUMNS)).astype({"days": float})
    found = [(one, other, "project_name") for one, other in renamed.items()]
    names = [_names(cluster.tables.projects, "project_id") for cluster in (old, new)]
    return frame, _matches(found, names)


def _local(cluster: Cluster) -> dict[str, dict[Any, Any]]:
    return {
        row["project_id"]: row
        for row in as_dicts(cluster.tables.projects)
        if row["region_code"] and inside(row["region_code"], cluster.region)
    }


def _moved(was: dict[Any, Any] | None, now: dict[Any, Any] | None) -> str:
    if was is None or now is None:
        return "new" if was is None else "dropped"
    if not (was["stage"] and now["stage"]):
        return "unknown"
    step = STAGES.index(now["stage"]) - STAGES.index(was["stage"])
    if step:
        return "forward" if step > 0 else "back"
    return "operating" if now["stage"] == OPERATING else "stalled"


def _days(text: str, today: date | None) -> float:
    if today is None or len(text) < _WHOLE_DATE:
        return float("nan")
    try:
        return float((today - date.fromisoformat(text[:_WHOLE_DATE])).days)
    except ValueError:
        return float("nan")
