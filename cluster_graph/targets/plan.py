"""The plan: the best set of projects and plants under land, workshops, energy and money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import sparse

from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.balance import balance as find_balance
from cluster_graph.gaps.changes import changes as find_changes
from cluster_graph.gaps.gaps import gaps as find_gaps
from cluster_graph.gaps.upstream import upstream_gaps
from cluster_graph.tables.clean import figure
from cluster_graph.tables.regions import local_rows
from cluster_graph.tables.schema import OPERATING, WAN_YUAN
from cluster_graph.tables.units import factor
from cluster_graph.targets.intensity import per_unit
from cluster_graph.targets.portfolio import Choice, Chosen, front, solve
from cluster_graph.targets.scenario import find_project, scenario

# Option -> the column of the projects that it limits, and its unit.
RESOURCES: Final = {
    "land": ("land_m2", "m2"),
    "workshop": ("workshop_m2", "m2"),
    "energy": ("energy", "tce"),
    "budget": ("investment", WAN_YUAN),
    "count": ("plants", "piece"),
}
FRONTS: Final = ("land", "energy")
_POINTS: Final = 8
PROJECT: Final = "project"
PLANT: Final = "plant"
CHOSEN_COLUMNS: Final = (
    "candidate",
    "kind",
    "name_zh",
    "name_en",
    "product_id",
    "stage",
    "gate",
    "plants",
    "quantity",
    "land_m2",
    "workshop_m2",
    "energy",
    "investment",
)
LEFT_COLUMNS: Final = (*CHOSEN_COLUMNS[:7], "why", "unknown")
LIMIT_COLUMNS: Final = ("resource", "limit", "used", "unknown", "value_without", "smallest")
FRONT_COLUMNS: Final = ("resource", "used", "value")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """
    The best set of projects and plants.

    Parameters
    ----------
    chosen
        Columns `CHOSEN_COLUMNS`: projects of the pipeline (`candidate` is the project's id) and
        plants of the smallest viable size for open targets (the product's id). `quantity`
        (units/year) and the resources are those of all its plants; NaN if unknown.
    left_out
        Columns `LEFT_COLUMNS`: candidates that were not chosen. `why`: `no_gain` (closes less
        than it opens, beside what was chosen), `no_room` (would close more, but a limit keeps
        it out), `unknown` (what it takes of a limited resource is unknown: `unknown` names the
        resources), `no_size`.
    limits
        Columns `LIMIT_COLUMNS`, one row for each limit given: used (same unit), value_without
        (yuan/year of the best set without this limit alone), smallest (what the least needy
        candidate takes).
    front
        Columns `FRONT_COLUMNS`: value (yuan/year) that the best set reaches for how much land
        (m2) and energy (tce), the other limits holding; empty where no candidate's is known.
    changes
        From `gaps.changes.changes`: the balance before, and after the chosen set runs.
    closed, processed
        Yuan/year: gaps closed less gaps opened, at prices; local surplus processed here.
    checked
        Yuan/year: the same closed value from the whole balance worked out anew.
    gap
        How far the optimum may lie above the value found, as a share; 0 where it is proven.
    """

    chosen: pd.DataFrame
    left_out: pd.DataFrame
    limits: pd.DataFrame
    front: pd.DataFrame
    changes: pd.DataFrame
    balance_before: pd.DataFrame
    balance_after: pd.DataFrame
    closed: float
    processed: float
    checked: float
    gap: float


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
        if not amount >= 0 or (name == "count" and amount % 1):
            raise InputError("bad_limit", option=f"--{name}", value=value, unit=unit)
        found[name] = amount
    return found


def _spelt(said: str, unit: str) -> str:
    """A unit in full: of money, 3亿 is what people write for 3亿元."""
    return f"{said}元" if unit == WAN_YUAN and said in ("万", "亿") else said


def plan(
    cluster: Cluster, limits: Mapping[str, float], required: Iterable[str], targets: pd.DataFrame
) -> Plan:
    """
    Choose the projects and plants that close most under the limits.

    Candidates are the local projects of the chain that do not operate and have a capacity, and
    plants of the smallest viable size for the targets that no gate holds back, as many as fit
    into the gap. What a plant takes of land, workshop, energy and money is the median of what
    projects of the same product take for each unit of capacity; without one it is unknown, and
    a candidate competes only under limits on what is known of it. What one closes and another
    opens counts together: every candidate brings the needs of its product along. Products of
    which makers of unknown size are taken to make what is needed here stay covered; coefficients
    are typical ones.

    Parameters
    ----------
    cluster
        A built cluster.
    limits
        From `asked_limits`.
    required
        Projects, by id or name, that come in any case.
    targets
        From `targets.targets.targets`.

    Returns
    -------
    plan
        What to take, and what that brings.

    Raises
    ------
    InputError
        If a project is unknown or not open, or those required exceed a limit: it says which.
    """
    before = find_balance(cluster)
    rows = _candidates(cluster, targets)
    projects = cluster.tables.projects
    places = [find_project(cluster, projects, name) for name in required]
    must = set(projects["project_id"].iloc[places])
    unfit = must - set(rows.loc[rows["why"] == "", "candidate"])
    if unfit:
        raise InputError("plan_not_open", value=", ".join(sorted(unfit)))
    rows["plants"] = 1.0
    rows["least"] = rows["candidate"].isin(must).astype(float)
    lacking = _unknown(rows, limits)
    rows["unknown"] = lacking
    rows.loc[(rows["why"] == "") & lacking.map(bool), "why"] = "unknown"
    blind = rows[(rows["least"] > 0) & (rows["why"] == "unknown")]
    if len(blind):
        names = ", ".join(blind["candidate"])
        resources = ", ".join(dict.fromkeys(name for row in blind["unknown"] for name in row))
        raise InputError("plan_blind", value=names, resources=resources)
    able = rows[rows["why"] == ""].reset_index(drop=True)
    _affordable(able, limits)
    choice = _choice(cluster, before, able, limits)
    best = solve(choice)
    taken = able.assign(plants=best.plants)
    chosen = taken[taken["plants"] > 0].copy()
    for column in ("quantity", *(column for column, _ in RESOURCES.values() if column != "plants")):
        chosen[column] *= chosen["plants"]
    after = _after(cluster, chosen)
    free = solve(_unlimited(choice))
    left = able[best.plants == 0].copy()
    left["why"] = np.where(free.plants[best.plants == 0] > 0, "no_room", "no_gain")
    left = pd.concat([left, rows[rows["why"] != ""]])
    return Plan(
        chosen=chosen[list(CHOSEN_COLUMNS)].reset_index(drop=True),
        left_out=left[list(LEFT_COLUMNS)].reset_index(drop=True),
        limits=_limits(choice, best, rows, limits),
        front=_front(choice),
        changes=find_changes(before, after),
        balance_before=before,
        balance_after=after,
        closed=best.closed,
        processed=best.processed,
        checked=_gap_value(before) - _gap_value(after),
        gap=best.gap,
    )


def _gap_value(balance: pd.DataFrame) -> float:
    return float(upstream_gaps(balance)["value"].sum())


def _candidates(cluster: Cluster, targets: pd.DataFrame) -> pd.DataFrame:
    """Open projects, then plants for open targets, with what is known of each."""
    products = cluster.chain.products
    projects = cluster.tables.projects
    local = local_rows(projects, cluster.region)
    open_ones = local[(local["stage"] != OPERATING) & local["product_id"].isin(products.index)]
    columns = [column for column, _ in RESOURCES.values() if column != "plants"]
    rows = open_ones.assign(
        candidate=open_ones["project_id"],
        kind=PROJECT,
        name_zh=open_ones["name"],
        quantity=open_ones["capacity"].astype(float),
        most=1.0,
    )
    listed = targets[targets["listed"] == "recruit"]
    smallest = products["min_efficient_scale"].reindex(listed["product_id"]).to_numpy(dtype=float)
    room = np.fmax(listed["shortage"].astype(float), listed["headroom"].astype(float)) / smallest
    plants = pd.DataFrame(
        {
            "candidate": listed["product_id"],
            "kind": PLANT,
            "name_zh": listed["name_zh"],
            "name_en": listed["name_en"],
            "product_id": listed["product_id"],
            "stage": "",
            "quantity": smallest,
            "most": np.maximum(np.floor(np.nan_to_num(room)), 1.0),
        }
    )
    for column in columns:
        each = listed["product_id"].map(per_unit(projects, column)).astype(float)
        plants[column] = each.to_numpy() * smallest
    keep = ["candidate", "kind", "name_zh", "name_en", "product_id", "stage", "quantity", "most"]
    both = pd.concat([rows[[*keep, *columns]], plants[[*keep, *columns]]], ignore_index=True)
    both["gate"] = both["product_id"].map(products["recruit_gate"])
    both["why"] = np.where(both["quantity"] > 0, "", "no_size")
    return both


def _unknown(rows: pd.DataFrame, limits: Mapping[str, float]) -> pd.Series:
    """The limited resources of which nobody knows what a candidate takes."""
    names = [name for name in limits if name != "count"]
    return pd.Series(
        [
            [name for name in names if np.isnan(row[RESOURCES[name][0]])]
            for row in rows.to_dict("records")
        ],
        index=rows.index,
        dtype=object,
    )


def _affordable(able: pd.DataFrame, limits: Mapping[str, float]) -> None:
    """Say which limits the required projects exceed together."""
    over = []
    for name, limit in limits.items():
        column, unit = RESOURCES[name]
        need = float((able[column] * able["least"]).sum())
        if need > limit:
            over.append(f"--{name} {limit:g} {unit} < {need:g}")
    if over:
        raise InputError("plan_infeasible", limits="; ".join(over))


def _choice(
    cluster: Cluster, balance: pd.DataFrame, able: pd.DataFrame, limits: Mapping[str, float]
) -> Choice:
    chain = cluster.chain
    table = balance.set_index("product_id")
    size, count = len(chain.products), len(able)
    made = chain.position.loc[able["product_id"]].to_numpy(dtype=np.int64)
    output = able["quantity"].to_numpy(dtype=float)
    run = sparse.csr_array((output, (made, np.arange(count))), shape=(size, count))
    net = chain.coefficients() - chain.by_product_coefficients() - sparse.eye_array(size)
    price = chain.products["price"].fillna(0.0).to_numpy(dtype=float)
    supply = table["supply"].to_numpy(dtype=float)
    feed, gain = _processing(cluster, balance, price)
    needs = [able[column].fillna(0.0).to_numpy(dtype=float) for column, _ in RESOURCES.values()]
    return Choice(
        price=price,
        missing=table["demand"].fillna(0.0).to_numpy(dtype=float) - np.nan_to_num(supply),
        counts=(
            (table["state"] != "outer").to_numpy()
            & ~table["implied"].to_numpy(dtype=bool)
            & ~np.isnan(supply)
        ),
        use=sparse.csr_array(net @ run),
        made=made,
        output=output,
        gain=gain,
        feed=feed,
        most=able["most"].to_numpy(dtype=float),
        least=able["least"].to_numpy(dtype=float),
        needs=np.array(needs),
        limits=np.array([limits.get(name, np.inf) for name in RESOURCES]),
    )


def _processing(
    cluster: Cluster, balance: pd.DataFrame, price: np.ndarray[Any, np.dtype[np.float64]]
) -> tuple["sparse.csr_array[Any, Any]", np.ndarray[Any, np.dtype[np.float64]]]:
    """What local surplus could be made into: how much it takes, and the gain on each unit."""
    chain = cluster.chain
    size = len(chain.products)
    feed = sparse.lil_array((size, size))
    gain = np.zeros(size)
    use = chain.coefficients().tocsc()
    rows = find_gaps(cluster, balance, "downstream")
    surplus = balance.set_index("product_id")["surplus"]
    for row in rows[(rows["steps"] == 1) & (rows["headroom"] > 0)].to_dict("records"):
        user = int(chain.position[row["product_id"]])
        fed = [int(chain.position[name]) for name in row["fed_by"] if surplus[name] > 0]
        takes = np.array([use[source, user] for source in fed])
        if price[user] <= 0 or not fed or (price[fed] <= 0).any():
            continue
        gain[user] = max(price[user] - float(takes @ price[fed]), 0.0)
        for source, amount in zip(fed, takes, strict=True):
            feed[source, user] = amount
    return feed.tocsr(), gain


def _unlimited(choice: Choice) -> Choice:
    for place in range(len(choice.limits)):
        choice = choice.limited(place, np.inf)
    return choice


def _limits(
    choice: Choice, best: Chosen, rows: pd.DataFrame, limits: Mapping[str, float]
) -> pd.DataFrame:
    records = []
    for place, (name, (column, _)) in enumerate(RESOURCES.items()):
        if name not in limits:
            continue
        without = solve(choice.limited(place, np.inf)).value
        known = rows.loc[(rows["why"] != "no_size") & (rows[column] > 0), column]
        records.append(
            (
                name,
                limits[name],
                float(choice.needs[place] @ best.plants),
                int(sum(name in row for row in rows["unknown"])),
                without,
                float(known.min()),
            )
        )
    return pd.DataFrame(records, columns=list(LIMIT_COLUMNS))


def _front(choice: Choice) -> pd.DataFrame:
    records = [
        (name, used, value)
        for place, name in enumerate(RESOURCES)
        if name in FRONTS
        for used, value in front(choice, place, _POINTS)
        if used > 0
    ]
    return pd.DataFrame(records, columns=list(FRONT_COLUMNS))


def _after(cluster: Cluster, chosen: pd.DataFrame) -> pd.DataFrame:
    """The whole balance with the chosen set running."""
    if chosen.empty:
        return find_balance(cluster)
    plants = chosen[chosen["kind"] == PLANT]
    new = scenario(
        cluster,
        add=[(row["product_id"], row["quantity"]) for row in plants.to_dict("records")],
        projects=chosen.loc[chosen["kind"] == PROJECT, "candidate"],
    )
    return find_balance(new.cluster)
