"""The gap table: what local producers lack, and what local products could become."""

from typing import Final, Literal

import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.downstream import EXTRA, downstream_gaps
from cluster_graph.gaps.upstream import upstream_gaps

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
    "planned_supply",
    "shortage",
    "shortage_low",
    "shortage_high",
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


def gaps(cluster: Cluster, balance: pd.DataFrame, direction: Direction = "both") -> pd.DataFrame:
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

    Returns
    -------
    gaps
        Columns `COLUMNS`, as the contract names them; downstream columns are unknown in
        upstream rows.
    """
    parts = []
    if direction in ("upstream", "both"):
        parts.append(upstream_gaps(balance))
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
    near = [
        bool(cluster.anchor & set(row["users"]))
        if row["direction"] == "upstream"
        else any(cluster.anchor & set(makers[product]) for product in row["fed_by"])
        for row in rows.to_dict("records")
    ]
    return rows[near].reset_index(drop=True)


NUMBERS: Final = (
    "demand",
    "demand_low",
    "demand_high",
    "total_demand",
    "supply",
    "planned_supply",
    "shortage",
    "shortage_low",
    "shortage_high",
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
