"""The plan: the best set of projects and plants under land, workshops, energy and money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.activity import activity
from cluster_graph.gaps.balance import balance as find_balance
from cluster_graph.gaps.changes import changes as find_changes
from cluster_graph.gaps.demand import implied_activity
from cluster_graph.gaps.gaps import gaps as find_gaps
from cluster_graph.gaps.upstream import upstream_gaps
from cluster_graph.targets.candidates import (
    PLANT,
    PROJECT,
    RESOURCES,
    TAKEN,
    UNKNOWN,
    candidates,
)
from cluster_graph.targets.portfolio import (
    Choice,
    Chosen,
    Vector,
    effects,
    front,
    solve,
    would_close,
)
from cluster_graph.targets.scenario import find_project, scenario
from cluster_graph.text.cells import as_dicts

FRONTS: Final = ("land", "energy")
_POINTS: Final = 8
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
    "estimated",
    "closes",
    "opens",
    "processes",
)
LEFT_COLUMNS: Final = (*CHOSEN_COLUMNS[:7], "why", "unknown", "exceeds")
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
        (units/year) and the resources are those of all its plants; NaN if unknown. `estimated`
        names the resources known only from projects of the same product. `closes`, `opens` and
        `processes` hold products: whose gap would be wider and narrower without it, the rest of
        the set standing, and of whose local surplus it makes something.
    left_out
        Columns `LEFT_COLUMNS`: candidates that were not chosen. `why`: `no_gain` (closes less
        than it opens, beside what was chosen), `no_room` (would close more, but a limit keeps
        it out), `unknown` (what it takes of a limited resource is unknown: `unknown` names the
        resources), `no_size`. `exceeds` names the limits that it breaks all by itself, beside
        the required projects.
    limits
        Columns `LIMIT_COLUMNS`, one row for each limit given: used (same unit), unknown (how
        many candidates could not compete because of it), value_without (yuan/year of the best
        set without this limit alone), smallest (what the least needy candidate takes).
    front
        Columns `FRONT_COLUMNS`: value (yuan/year) that the best set reaches for how much of the
        resource asked for, the other limits holding; empty if none was.
    changes
        From `gaps.changes.changes`: the balance before, and after the chosen set runs.
    closed, processed
        Yuan/year: gaps closed less gaps opened, at prices; local surplus processed here.
    checked
        Yuan/year: the same closed value from the whole balance worked out anew.
    gap
        How far the value found may lie below the optimum, as a share of that; 0 where it is proven
        to be the optimum.
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


def plan(
    cluster: Cluster,
    limits: Mapping[str, float],
    required: Iterable[str],
    targets: pd.DataFrame,
    along: str | None = None,
) -> Plan:
    """
    Choose the projects and plants that close most under the limits.

    Candidates are the local projects of the chain that do not operate and have a capacity, and
    plants of the smallest viable size for the targets that no gate holds back, as many as fit
    into the gap. What a plant takes of land, workshop, energy and money is the median of what
    projects of the same product take for each unit of capacity; without one it is unknown, and
    a candidate competes only under limits on what is known of it. What one closes and another
    opens counts together: every candidate brings the needs and by-products of its product along,
    and those of the local makers of unknown size, who are taken to make what it needs of them.

    Where every local maker has a size, `closed` is what the balance gives. It differs where a
    candidate makes a product of which all local makers are of unknown size: the program takes
    those to make what is needed here still, while the balance counts recorded output alone once
    there is some. It may differ a little where such a product also falls as a by-product: how
    much its makers add to that is a step, which the program takes for a line. `checked` is the
    balance's figure. Coefficients are typical ones; products without a price count nothing on
    either side.

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
    along
        One of `FRONTS`: work out the front along it. Candidates of which nobody knows what they
        take of it cannot compete then, as under a limit.

    Returns
    -------
    plan
        What to take, and what that brings.

    Raises
    ------
    InputError
        If a project is unknown or not open, those required exceed a limit (it says which), or
        there is no front along such a resource.
    """
    if along not in (None, *FRONTS):
        expected = ", ".join(FRONTS)
        raise InputError("bad_choice", option="--front", value=along, expected=expected)
    before = find_balance(cluster)
    rows = candidates(cluster, targets, [*limits, *([along] if along else [])])
    _require(cluster, rows, required)
    able = rows[rows["why"] == ""].reset_index(drop=True)
    _affordable(able, limits)
    choice = _choice(cluster, before, able, limits)
    best = solve(choice)
    chosen = _chosen(cluster, choice, best, able)
    after = _after(cluster, chosen)
    return Plan(
        chosen=chosen,
        left_out=_left_out(choice, best, able, rows),
        limits=_limits(choice, best, rows, limits),
        front=_front(choice, along),
        changes=find_changes(before, after),
        balance_before=before,
        balance_after=after,
        closed=best.closed,
        processed=best.processed,
        checked=_gap_value(before) - _gap_value(after),
        gap=best.gap,
    )


def _require(cluster: Cluster, rows: pd.DataFrame, required: Iterable[str]) -> None:
    """Mark the candidates that must come; each must be able to."""
    projects = cluster.tables.projects
    places = [find_project(cluster, projects, name) for name in required]
    must = set(projects["project_id"].iloc[places])
    rows["least"] = (rows["candidate"].isin(must) & (rows["kind"] == PROJECT)).astype(float)
    wanted = rows[rows["least"] > 0]
    fit = wanted[wanted["why"] != "no_size"]
    unfit = must - set(fit["candidate"])
    if unfit:
        raise InputError("plan_not_open", value=", ".join(sorted(unfit)))
    blind = fit[fit["why"] == UNKNOWN]
    if len(blind):
        names = ", ".join(blind["candidate"])
        resources = ", ".join(dict.fromkeys(name for row in blind["unknown"] for name in row))
        raise InputError("plan_blind", value=names, resources=resources)


def _chosen(cluster: Cluster, choice: Choice, best: Chosen, able: pd.DataFrame) -> pd.DataFrame:
    products = cluster.chain.products.index
    come = np.flatnonzero(best.plants)
    rows = able.iloc[come].assign(plants=best.plants[come])
    for column in ("quantity", *TAKEN.values()):
        rows[column] *= rows["plants"]
    found = [effects(choice, best, int(place)) for place in come]
    for part, name in enumerate(("closes", "opens", "processes")):
        rows[name] = _lists([list(products[row[part]]) for row in found], rows.index)
    return rows[list(CHOSEN_COLUMNS)].reset_index(drop=True)


def _lists(rows: list[list[str]], index: pd.Index) -> pd.Series:
    return pd.Series(rows, index=index, dtype=object)


def _left_out(choice: Choice, best: Chosen, able: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Why each of the others did not come."""
    left = np.flatnonzero(best.plants == 0)
    free = solve(_unlimited(choice)).plants[left] > 0
    more = would_close(choice, best)[left]
    room = choice.limits - choice.needs @ choice.least
    over = choice.needs[:, left] > room[:, None]
    names = np.array(list(RESOURCES))
    beaten = able.iloc[left].assign(why=np.where(free | more, "no_room", "no_gain"))
    beaten["exceeds"] = _lists([list(names[row]) for row in over.T], beaten.index)
    barred = rows[rows["why"] != ""]
    barred = barred.assign(exceeds=_lists([[] for _ in range(len(barred))], barred.index))
    both = pd.concat([beaten, barred], ignore_index=True)
    return both[list(LEFT_COLUMNS)]


def _gap_value(balance: pd.DataFrame) -> float:
    return float(upstream_gaps(balance)["value"].sum())


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
    unsized, answer = _answer(cluster, made)
    price = chain.products["price"].fillna(0.0).to_numpy(dtype=float)
    supply = table["supply"].to_numpy(dtype=float)
    feed, gain = _processing(cluster, balance, price)
    # What is unknown of a resource only stands for 0 where nothing depends on that resource.
    needs = [able[column].fillna(0.0).to_numpy(dtype=float) for column, _ in RESOURCES.values()]
    return Choice(
        price=price,
        missing=table["demand"].fillna(0.0).to_numpy(dtype=float) - np.nan_to_num(supply),
        counts=((table["state"] != "outer").to_numpy() & ~unsized),
        use=sparse.csr_array(net @ (run + answer @ run)),
        made=made,
        output=output,
        gain=gain,
        feed=feed,
        most=able["most"].to_numpy(dtype=float),
        least=able["least"].to_numpy(dtype=float),
        needs=np.array(needs),
        limits=np.array([limits.get(name, np.inf) for name in RESOURCES]),
    )


def _answer(
    cluster: Cluster, made: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], "sparse.csr_array[Any, Any]"]:
    """
    Which products only makers of unknown size make, and how these answer to one unit of others.

    Where enough of it falls as a by-product, its makers have no need to answer.
    """
    act = activity(cluster)
    chain = act.chain
    needs = chain.coefficients()
    size = len(chain.products)
    unsized = chain.products.index.isin(list(act.operating)) & ~act.is_sized
    falls = np.asarray(chain.by_product_coefficients() @ act.level()) > 0
    answering = unsized & (act.is_implied | ~falls)
    answer = sparse.lil_array((size, size))
    for place in np.unique(made):
        unit = np.zeros(size)
        unit[place] = 1.0
        answer[:, [place]] = implied_activity(needs, unit, answering)[:, None]
    return unsized, answer.tocsr()


def _processing(
    cluster: Cluster, balance: pd.DataFrame, price: Vector
) -> tuple["sparse.csr_array[Any, Any]", Vector]:
    """What local surplus could be made into: how much it takes, and the gain on each unit."""
    chain = cluster.chain
    size = len(chain.products)
    feed = sparse.lil_array((size, size))
    gain = np.zeros(size)
    use = chain.coefficients().tocsc()
    rows = find_gaps(cluster, balance, "downstream")
    surplus = balance.set_index("product_id")["surplus"]
    for row in as_dicts(rows[(rows["steps"] == 1) & (rows["headroom"] > 0)]):
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
    sized = rows[rows["why"] != "no_size"]
    records = []
    for place, (name, (column, _)) in enumerate(RESOURCES.items()):
        if name not in limits:
            continue
        records.append(
            (
                name,
                limits[name],
                float(choice.needs[place] @ best.plants),
                int(sum(name in row for row in sized["unknown"])),
                solve(choice.limited(place, np.inf)).value,
                float(sized.loc[sized[column] > 0, column].min()),
            )
        )
    return pd.DataFrame(records, columns=list(LIMIT_COLUMNS))


def _front(choice: Choice, along: str | None) -> pd.DataFrame:
    if along is None:
        return pd.DataFrame(columns=list(FRONT_COLUMNS))
    points = front(choice, list(RESOURCES).index(along), _POINTS)
    records = [(along, used, value) for used, value in points if used > 0 or value > 0]
    return pd.DataFrame(records, columns=list(FRONT_COLUMNS))


def _after(cluster: Cluster, chosen: pd.DataFrame) -> pd.DataFrame:
    """The whole balance with the chosen set running."""
    if chosen.empty:
        return find_balance(cluster)
    plants = chosen[chosen["kind"] == PLANT]
    new = scenario(
        cluster,
        add=[(row["product_id"], row["quantity"]) for row in as_dicts(plants)],
        projects=chosen.loc[chosen["kind"] == PROJECT, "candidate"],
    )
    return find_balance(new.cluster)
