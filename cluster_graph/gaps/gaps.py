"""The gap table: what local producers lack, and what local products could become."""

from typing import Final, Literal

import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.downstream import EXTRA, downstream_gaps
from cluster_graph.gaps.upstream import upstream_gaps
from cluster_graph.text.cells import as_dicts

Direction = Literal["upstream", "downstream", "both"]

COLUMNS: Final = (
    "product_id",
    "name_zh",
    "name_en",
    "chain",
    "sector_code",
    "direction",
    "state",
    "absence",
    "single_source",
    "unit",
    "demand",
    "demand_low",
    "demand_high",
    "total_demand",
    "supply",
    "supply_low",
    "supply_high",
    "planned_supply",
    "shortage",
    "shortage_low",
    "shortage_high",
    "total_shortage",
    "surplus",
    "self_sufficiency",
    "local_purchases",
    "outside_purchases",
    "latent_match",
    "users",
    "producers",
    "planned_producers",
    "unsized_users",
    "unsized_producers",
    "implied_by",
    "value",
    "value_low",
    "value_high",
    "evidence",
    "recruit_gate",
    "standard_plant_fit",
    *EXTRA,
)


def gaps(
    cluster: Cluster, balance: pd.DataFrame, direction: Direction = "both", *, total: bool = False
) -> pd.DataFrame:
    """
    Find what is missing, short or unprocessed.

    Parameters
    ----------
    cluster
        A built cluster. With an anchor, only rows that this firm needs or feeds remain.
    balance
        Its balance.
    direction
        `upstream`: inputs that local producers need. `downstream`: products that local
        ones could become. `both`.
    total
        Add the upstream products that only the whole chain behind the local output needs.

    Returns
    -------
    gaps
        Columns `COLUMNS`, as the contract names them; downstream columns are unknown in
        upstream rows.
    """
    parts = []
    if direction in ("upstream", "both"):
        parts.append(upstream_gaps(balance, total=total))
    if direction in ("downstream", "both"):
        parts.append(downstream_gaps(balance, cluster.chain))
    parts = [part.reindex(columns=list(COLUMNS)).astype(object) for part in parts]
    rows = pd.concat(parts, ignore_index=True)
    for name in NUMBERS:
        rows[name] = rows[name].astype(float)
    for name in LISTS:
        rows[name] = [value if isinstance(value, list) else [] for value in rows[name]]
    rows["depth"] = rows["depth"].astype("Int64")
    rows["steps"] = rows["steps"].astype("Int64")
    rows["binding_input"] = rows["binding_input"].where(rows["binding_input"].notna(), None)
    if not cluster.anchor:
        return rows
    makers = balance.set_index("product_id")["producers"]
    behind = _behind(cluster) if total else frozenset()
    near = [
        bool(cluster.anchor & set(row["users"])) or row["product_id"] in behind
        if row["direction"] == "upstream"
        else any(cluster.anchor & set(makers[product]) for product in row["fed_by"])
        for row in as_dicts(rows)
    ]
    return rows[near].reset_index(drop=True)


def _behind(cluster: Cluster) -> frozenset[str]:
    """Return what lies anywhere behind the products that the anchor makes."""
    makers = cluster.makers
    made = set(makers.loc[makers["company_id"].isin(cluster.anchor), "product_id"])
    found: set[str] = set()
    rows = cluster.chain.sized_inputs
    layer = made
    while layer:
        layer = set(rows.loc[rows["output_id"].isin(layer), "input_id"]) - found
        found |= layer
    return frozenset(found)


NUMBERS: Final = (
    "demand",
    "demand_low",
    "demand_high",
    "total_demand",
    "supply",
    "supply_low",
    "supply_high",
    "planned_supply",
    "shortage",
    "shortage_low",
    "shortage_high",
    "total_shortage",
    "surplus",
    "self_sufficiency",
    "local_purchases",
    "outside_purchases",
    "latent_match",
    "value",
    "value_low",
    "value_high",
    "headroom",
    "headroom_high",
    "value_step",
    "value_multiplier",
    "readiness",
)
LISTS: Final = (
    "users",
    "producers",
    "planned_producers",
    "unsized_users",
    "unsized_producers",
    "implied_by",
    "fed_by",
    "via",
    "missing_inputs",
    "best_path",
)
