"""What a plan may choose from: projects under way and plants to recruit, and what they take."""

from collections.abc import Container, Mapping
from typing import Final

import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.tables.clean import figure
from cluster_graph.tables.regions import local_rows
from cluster_graph.tables.schema import OPERATING, WAN_YUAN
from cluster_graph.tables.units import factor
from cluster_graph.targets.intensity import per_unit

COUNT: Final = "count"
# Option -> the column of the projects that it limits, and its unit.
RESOURCES: Final = {
    "land": ("land_m2", "m2"),
    "workshop": ("workshop_m2", "m2"),
    "energy": ("energy", "tce"),
    "budget": ("investment", WAN_YUAN),
    COUNT: ("plants", "piece"),
}
# What projects say they take; a count is known of everything.
TAKEN: Final = {name: column for name, (column, _) in RESOURCES.items() if name != COUNT}
PROJECT: Final = "project"
PLANT: Final = "plant"
UNKNOWN: Final = "unknown"
_NAMES: Final = ("candidate", "kind", "name_zh", "name_en", "product_id", "stage")


def asked_limits(asked: Mapping[str, object]) -> dict[str, float]:
    """
    Read limits as people write them.

    Parameters
    ----------
    asked
        A key of `RESOURCES` -> a number in its unit (budgets in 10,000 yuan), or a text with a
        unit such as `50亩`, `3亿元`; None where there is no limit.

    Returns
    -------
    limits
        In the units of `RESOURCES`.

    Raises
    ------
    InputError
        If one is no number of 0 or more in a fitting unit, or a count no whole number.
    """
    found = {}
    for name, value in asked.items():
        if value is None:
            continue
        unit = RESOURCES[name][1]
        said = figure(str(value))
        scale = None if said is None else factor(_spelt(said.unit, unit), unit)
        amount = np.nan if said is None or scale is None else float(said.number) * scale
        if not amount >= 0 or (name == COUNT and amount % 1):
            raise InputError("bad_limit", option=f"--{name}", value=value, unit=unit)
        found[name] = amount
    return found


def _spelt(said: str, unit: str) -> str:
    """A unit in full: of money, 3亿 is what people write for 3亿元."""
    return f"{said}元" if unit == WAN_YUAN and said in ("万", "亿") else said


def candidates(cluster: Cluster, targets: pd.DataFrame, weighed: Container[str]) -> pd.DataFrame:
    """
    Open projects, then plants for open targets, with what is known of each.

    Parameters
    ----------
    cluster
        A built cluster.
    targets
        From `targets.targets.targets`.
    weighed
        The resources that the choice depends on.

    Returns
    -------
    candidates
        candidate (the project's id, the plant's product), kind, names, product_id, stage, gate;
        plants (1); quantity (units/year) and the columns of `TAKEN`, of one plant, NaN where
        unknown; most (how many of it fit into its gap); unknown (the weighed resources of which
        nobody knows what it takes) and estimated (those known only from projects of the same
        product); why (`no_size` or `unknown` where it cannot compete, otherwise blank).
    """
    products = cluster.chain.products
    rows = pd.concat(
        [_projects(cluster), _plants(cluster, targets)], ignore_index=True, join="outer"
    )
    rows["plants"] = 1.0
    rows["gate"] = rows["product_id"].map(products["recruit_gate"])
    names = [name for name in TAKEN if name in weighed]
    rows["unknown"] = _where(rows[[TAKEN[name] for name in names]].isna(), names)
    plants = (rows["kind"] == PLANT).to_numpy()[:, None]
    rows["estimated"] = _where(rows[list(TAKEN.values())].notna() & plants, list(TAKEN))
    blind = rows["unknown"].map(bool)
    rows["why"] = np.select([~(rows["quantity"] > 0), blind], ["no_size", UNKNOWN], "")
    return rows


def _where(flags: pd.DataFrame, names: list[str]) -> pd.Series:
    """The names whose column holds in each row."""
    return pd.Series(
        [
            [name for name, flag in zip(names, row, strict=True) if flag]
            for row in flags.to_numpy(dtype=bool)
        ],
        index=flags.index,
        dtype=object,
    )


def _projects(cluster: Cluster) -> pd.DataFrame:
    local = local_rows(cluster.tables.projects, cluster.region)
    rows = local[
        (local["stage"] != OPERATING) & local["product_id"].isin(cluster.chain.products.index)
    ]
    rows = rows.assign(
        candidate=rows["project_id"],
        kind=PROJECT,
        name_zh=rows["name"],
        quantity=rows["capacity"].astype(float),
        most=1.0,
    )
    return rows[[*_NAMES, "quantity", "most", *TAKEN.values()]]


def _plants(cluster: Cluster, targets: pd.DataFrame) -> pd.DataFrame:
    """One kind of plant for each target that no gate holds back, of the smallest viable size."""
    listed = targets[targets["listed"] == "recruit"]
    products = listed["product_id"]
    scale = cluster.chain.products["min_efficient_scale"]
    smallest = scale.reindex(products).to_numpy(dtype=float)
    room = np.fmax(listed["shortage"].astype(float), listed["headroom"].astype(float)) / smallest
    rows = listed.assign(
        candidate=products,
        kind=PLANT,
        stage="",
        quantity=smallest,
        most=np.maximum(np.floor(np.nan_to_num(room)), 1.0),
    )
    for column in TAKEN.values():
        each = products.map(per_unit(cluster.tables.projects, column)).astype(float)
        rows[column] = each.to_numpy() * smallest
    return rows[[*_NAMES, "quantity", "most", *TAKEN.values()]]
