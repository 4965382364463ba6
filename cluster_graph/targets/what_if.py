"""What a scenario changes: gaps, local content, output value, and what the newcomers bring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.balance import balance as find_balance
from cluster_graph.gaps.changes import changes as find_changes
from cluster_graph.gaps.changes import output_value
from cluster_graph.gaps.content import local_content
from cluster_graph.gaps.upstream import upstream_gaps
from cluster_graph.targets.pipeline import chances, expected_supply
from cluster_graph.targets.scenario import Scenario, scenario
from cluster_graph.text.cells import as_dicts

NEED_COLUMNS: Final = (
    "product_id",
    "for_product",
    "need",
    "need_low",
    "need_high",
    "essential",
    "is_gap",
)
BY_PRODUCT_COLUMNS: Final = (
    "product_id",
    "from_product",
    "amount",
    "amount_low",
    "amount_high",
    "users_here",
    "users_missing",
)
CONTENT_FIGURES: Final = tuple(
    f"{name}{end}" for name in ("direct", "recursive") for end in ("", "_low", "_high")
)


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """
    A cluster before and after what a scenario assumes.

    Parameters
    ----------
    before
        The cluster as it is.
    scenario
        The cluster as it would be, and what was assumed.
    balance_before, balance_after
        The balance of each.
    changes
        From `gaps.changes.changes`.
    needs
        What the newcomers themselves use: product_id, for_product, need and its ends
        (units/year, NaN where the newcomer's size or the coefficient is unknown), essential,
        is_gap (whether it is missing or short here afterwards).
    by_products
        What falls beside what they make: product_id, from_product, amount and its ends
        (units/year), users_here and users_missing (product ids that take it and that somebody,
        or nobody, makes here).
    content
        Local content of each chain: chain, then direct and recursive with their ends, each
        `_before` and `_after`, 0 to 1.
    output
        From `gaps.changes.output_value`.
    chances, expected
        The pipeline that is left, from `targets.pipeline`.
    """

    before: Cluster
    scenario: Scenario
    balance_before: pd.DataFrame
    balance_after: pd.DataFrame
    changes: pd.DataFrame
    needs: pd.DataFrame
    by_products: pd.DataFrame
    content: pd.DataFrame
    output: pd.DataFrame
    chances: pd.DataFrame
    expected: pd.DataFrame


def what_if(  # noqa: PLR0913  one argument for each thing that may be assumed
    cluster: Cluster,
    *,
    add: Iterable[tuple[str, object]] = (),
    remove: Iterable[str] = (),
    projects: Iterable[str] = (),
    stages: Iterable[str] = (),
    probabilities: Mapping[str, float] | None = None,
) -> WhatIf:
    """
    Work out what changes if makers come, projects run or companies go.

    Parameters
    ----------
    cluster
        A built cluster.
    add, remove, projects, stages
        As `scenario` takes them.
    probabilities
        Stage -> probability that a project of that stage will operate; the rest comes from
        the funnel of the user's own projects.

    Returns
    -------
    found
        Before and after, and what differs.

    Raises
    ------
    InputError
        As `scenario` does.
    """
    new = scenario(cluster, add=add, remove=remove, projects=projects, stages=stages)
    old_balance, new_balance = find_balance(cluster), find_balance(new.cluster)
    likely = chances(cluster, probabilities or {})
    return WhatIf(
        before=cluster,
        scenario=new,
        balance_before=old_balance,
        balance_after=new_balance,
        changes=find_changes(old_balance, new_balance),
        needs=_needs(new, new_balance),
        by_products=_by_products(new, new_balance),
        content=_content(cluster, new.cluster, old_balance, new_balance),
        output=output_value(old_balance, new_balance, cluster.chain),
        chances=likely,
        expected=expected_supply(new.cluster, likely),
    )


def _newcomers(new: Scenario) -> dict[str, float]:
    """Product -> what the newcomers make of it together, NaN where none has a size."""
    found: dict[str, float] = {}
    for step in new.steps:
        if step.kind == "remove":
            continue
        for product in step.products:
            amounts = [found.get(product, np.nan), step.amount]
            known = [amount for amount in amounts if not np.isnan(amount)]
            found[product] = sum(known) if known else np.nan
    return found


def _needs(new: Scenario, after: pd.DataFrame) -> pd.DataFrame:
    gaps = set(upstream_gaps(after)["product_id"])
    rows = new.cluster.chain.needs
    records = [
        {
            "product_id": row["input_id"],
            "for_product": made,
            **_times(row, amount, "need"),
            "essential": row["essential"],
            "is_gap": row["input_id"] in gaps,
        }
        for made, amount in _newcomers(new).items()
        for row in as_dicts(rows[rows["output_id"] == made])
    ]
    return pd.DataFrame(records, columns=list(NEED_COLUMNS))


def _by_products(new: Scenario, after: pd.DataFrame) -> pd.DataFrame:
    made_here = set(after.loc[after["producers"].map(bool), "product_id"])
    chain = new.cluster.chain
    falls = chain.by_products
    records: list[dict[str, Any]] = []
    for made, amount in _newcomers(new).items():
        for row in as_dicts(falls[falls["input_id"] == made]):
            product = row["output_id"]
            takes = chain.needs[chain.needs["input_id"] == product]["output_id"]
            users = list(dict.fromkeys(user for user in takes if user != product))
            records.append(
                {
                    "product_id": product,
                    "from_product": made,
                    **_times(row, amount, "amount"),
                    "users_here": [user for user in users if user in made_here],
                    "users_missing": [user for user in users if user not in made_here],
                }
            )
    return pd.DataFrame(records, columns=list(BY_PRODUCT_COLUMNS))


def _times(row: dict[Any, Any], amount: float, name: str) -> dict[str, float]:
    """Coefficient times amount, at its typical value and at both ends."""
    ends = {"": "typical", "_low": "low", "_high": "high"}
    return {f"{name}{suffix}": float(row[end]) * amount for suffix, end in ends.items()}


def _content(
    old: Cluster, new: Cluster, old_balance: pd.DataFrame, new_balance: pd.DataFrame
) -> pd.DataFrame:
    parts = []
    for when, cluster, balance in (("before", old, old_balance), ("after", new, new_balance)):
        found = local_content(cluster, balance)
        rows = found[found["level"] == "chain"].set_index("id")[list(CONTENT_FIGURES)]
        parts.append(rows.astype(float).add_suffix(f"_{when}"))
    both = pd.concat(parts, axis=1).reindex(list(new.chain.names)).dropna(how="all")
    return both.rename_axis("chain").reset_index()
