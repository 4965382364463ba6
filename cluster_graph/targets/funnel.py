"""The funnel of recruiting: how many projects got how far, and which do not move."""

from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.chain.model import Chain
from cluster_graph.tables.schema import OPERATING, STAGES

# Step of the funnel -> the first stage that counts. "A project has landed only once building
# has begun" (the article), which the stages call landed; in trial it is built.
STEPS: Final = {
    "visited": "contact",
    "negotiating": "negotiating",
    "signed": "signed",
    "landed": "landed",
    "built": "trial",
}
GROUPS: Final = ("month", "chain", "township")
# The article has the city committee look at projects once a quarter.
PATIENCE: Final = 92
_MONTH: Final = 7  # characters of 2024-06
FUNNEL_COLUMNS: Final = (
    "group",
    *STEPS,
    *(f"to_{step}" for step in list(STEPS)[1:]),
    "no_stage",
)
STALLED_COLUMNS: Final = (
    "project_id",
    "name",
    "name_en",
    "stage",
    "date",
    "days",
    "deadline",
    "days_over",
    "responsible",
)


def funnel(projects: pd.DataFrame, chain: Chain, by: str | None = None) -> pd.DataFrame:
    """
    How many projects got to each step, and what share got to the next.

    Parameters
    ----------
    projects
        The projects to count, each once.
    chain
        For the chain of a product.
    by
        `month` (in which the present stage was reached), `chain`, `township`, or None for all
        together.

    Returns
    -------
    funnel
        Columns `FUNNEL_COLUMNS`, one row a group (blank where it is unknown): counts of
        projects that got to a step or beyond, `to_STEP` the share of those at the step before
        (NaN where none was), no_stage the projects whose stage is unknown.
    """
    keys = {
        "month": projects["date"].str.slice(0, _MONTH),
        "chain": projects["product_id"].map(chain.products["chain"]).fillna(""),
        "township": projects["township"],
    }
    groups = keys[by] if by else pd.Series("", index=projects.index)
    rank = projects["stage"].map(lambda stage: STAGES.index(stage) if stage else -1)
    records: list[dict[str, Any]] = []
    for group, places in rank.groupby(groups, sort=True):
        reached = {
            step: int((places >= STAGES.index(stage)).sum()) for step, stage in STEPS.items()
        }
        counts = list(reached.values())
        shares = [after / before if before else np.nan for before, after in pairwise(counts)]
        records.append(
            {
                "group": group,
                **reached,
                **dict(zip(FUNNEL_COLUMNS[len(STEPS) + 1 :], shares, strict=False)),
                "no_stage": int((places < 0).sum()),
            }
        )
    return pd.DataFrame(records, columns=list(FUNNEL_COLUMNS))


def stalled(projects: pd.DataFrame, today: date) -> pd.DataFrame:
    """
    The projects that do not move: past their deadline, or a quarter at the same stage.

    Parameters
    ----------
    projects
        The projects to look at; `date` is the day on which the present stage was reached.
    today
        The day of the look.

    Returns
    -------
    stalled
        Columns `STALLED_COLUMNS`, the longest first: days since the stage was reached and
        days over the deadline, NaN where no full date says so. A project without any date is
        not listed: nobody knows.
    """
    rows = projects[~projects["stage"].isin(["", OPERATING])].copy()
    for column, days in (("date", "days"), ("deadline", "days_over")):
        rows[days] = [_days(text, today) for text in rows[column]]
    rows["days_over"] = rows["days_over"].where(rows["days_over"] > 0)
    slow = (rows["days"] > PATIENCE) | rows["days_over"].notna()
    rows = rows[slow].sort_values(
        ["days", "days_over", "project_id"], ascending=[False, False, True], na_position="last"
    )
    return rows[list(STALLED_COLUMNS)].reset_index(drop=True)


def _days(text: str, today: date) -> float:
    """Days since a date; a month or a year counts from its last day, to accuse nobody early."""
    try:
        if len(text) == _MONTH:
            last = pd.Period(text, freq="M").end_time.date()
        elif text.isdigit():
            last = date(int(text), 12, 31)
        else:
            last = date.fromisoformat(text)
    except ValueError:
        return np.nan
    return float((today - last).days)
