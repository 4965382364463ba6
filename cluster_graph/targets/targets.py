"""The list of targets: each gap scored once, gates apart, with reasons and leads."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.chain.schema import OPEN_GATE
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.downstream import readiness, supplied
from cluster_graph.gaps.likely import drawn
from cluster_graph.gaps.reach import demand_by_radius, scale_radius
from cluster_graph.targets import recruitability
from cluster_graph.targets.criteria import product_criteria
from cluster_graph.targets.leads import Directory
from cluster_graph.targets.ranks import drawn_components, rank_ranges
from cluster_graph.targets.reasons import reasons
from cluster_graph.targets.score import COMPONENTS, score
from cluster_graph.targets.sites import SiteFinder
from cluster_graph.targets.weights import Weights, read_weights
from cluster_graph.text import Lang
from cluster_graph.text.cells import as_dicts

COLUMNS: Final = (
    "product_id",
    "name_zh",
    "name_en",
    "chain",
    "sector_code",
    "unit",
    "direction",
    "state",
    "score",
    "coverage",
    "components",
    "rank",
    "rank_low",
    "rank_high",
    "p_top10",
    "gate",
    "listed",
    "standard_plant_fit",
    "two_high",
    "demand",
    "demand_low",
    "demand_high",
    "shortage",
    "shortage_low",
    "shortage_high",
    "headroom",
    "headroom_high",
    "value",
    "added",
    "scale",
    "scale_radius",
    "backward_linkage",
    "forward_linkage",
    "users",
    "fed_by",
    "missing_inputs",
    "leads",
    "sites",
    "reasons",
    "evidence",
)


def targets(
    cluster: Cluster,
    balance: pd.DataFrame,
    gaps: pd.DataFrame,
    lang: Lang,
    weights: Weights | None = None,
) -> pd.DataFrame:
    """
    Rank the products worth recruiting.

    Every gap becomes one target, also where it is upstream and downstream at once. What a
    gate holds back (policy, scale, resource, utility, by-product) is listed apart, unranked:
    no points outvote a gate.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.
    gaps
        Its gaps, both directions.
    lang
        The language of the reasons.
    weights
        What the components weigh; None takes the shipped ones.

    Returns
    -------
    targets
        Columns `COLUMNS`: ranked ones by score, then those apart by score. `scale` is the
        gap in smallest viable plants, `scale_radius` the nearest region that carries one,
        `added` what one plant of that size would add in a year, yuan, where it is fed from
        here.
    """
    if gaps.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    weights = weights or read_weights()
    rows = _merged(gaps)
    chain = cluster.chain
    products = chain.products.loc[rows.index]
    rows["gate"] = products["recruit_gate"]
    rows["smallest"] = products["min_efficient_scale"]
    _add_scale(cluster, rows)
    _add_chain_position(cluster, balance, rows)
    directory = Directory(cluster, weights, rows.index, lang)
    criteria = product_criteria(
        cluster,
        rows["smallest"],
        {str(product): directory.makers(str(product)) for product in rows.index},
        directory.criteria,
    )
    components = pd.concat([_components(cluster, balance, rows), criteria], axis=1)
    components = components[list(COMPONENTS)]
    rows[["score", "coverage"]] = score(components, weights.target)
    rows["components"] = _objects(
        {str(name): None if np.isnan(value) else float(value) for name, value in record.items()}
        for record in as_dicts(components)
    )
    # A chain without gates holds nothing back.
    rows["listed"] = np.where(rows["gate"].isin(["", OPEN_GATE]), "recruit", "apart")
    rows = rows.sort_values(
        ["listed", "score", "value", "product_id"],
        ascending=[False, False, False, True],
        na_position="last",
        kind="stable",
    )
    order = pd.Series(np.arange(1, len(rows) + 1), rows.index, dtype="Int64")
    rows["rank"] = order.where(rows["listed"] == "recruit")
    ids = balance["product_id"].to_numpy()
    wanted = np.isin(ids, rows.index.to_numpy())
    # The draws stand in the order of the balance, and so do the rows for a moment.
    inside = rows.loc[ids[wanted]]
    ranges = rank_ranges(
        drawn_components(inside, components.loc[inside.index], drawn(cluster, balance, wanted)),
        weights.target,
        inside["listed"] == "recruit",
    )
    rows[list(ranges.columns)] = ranges.loc[rows.index]
    makers = balance.set_index("product_id")["producers"]
    doors = [
        directory.hosts([*record["users"], *_all(makers, record["fed_by"])])
        for record in as_dicts(rows)
    ]
    rows["leads"] = _objects(
        directory.leads(str(product), door, users, fed_by)
        for product, door, users, fed_by in zip(
            rows.index, doors, rows["users"], rows["fed_by"], strict=True
        )
    )
    finder = SiteFinder(cluster, lang)
    rows["sites"] = _objects(
        finder.sites(str(product), smallest, door)
        for product, smallest, door in zip(rows.index, rows["smallest"], doors, strict=True)
    )
    rows["reasons"] = _objects(reasons_of(cluster, gaps, rows, lang).values())
    return rows[list(COLUMNS)].reset_index(drop=True)


def reasons_of(
    cluster: Cluster, gaps: pd.DataFrame, targets: pd.DataFrame, lang: Lang
) -> dict[str, list[str]]:
    """
    Say the reasons of every target in a language.

    Parameters
    ----------
    cluster
        A built cluster.
    gaps
        Its gaps, both directions, that the targets were made of.
    targets
        From `targets`, in whatever language.
    lang
        The language.

    Returns
    -------
    reasons
        product_id -> sentences, in the order of the targets.
    """
    rows = _merged(gaps)
    rows["smallest"] = cluster.chain.products["min_efficient_scale"]
    figures: dict[Any, dict[Any, Any]] = dict(zip(rows.index, as_dicts(rows), strict=True))
    return {
        str(row["product_id"]): reasons(cluster, {**figures[row["product_id"]], **row}, lang)
        for row in as_dicts(targets)
    }


def _objects(values: Iterable[object]) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return values as a column of objects; pandas would take dicts and lists for frames."""
    cells = list(values)
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def _all(lists: pd.Series, keys: list[str]) -> list[str]:
    return list(dict.fromkeys(company for key in keys for company in lists[key]))


def _merged(gaps: pd.DataFrame) -> pd.DataFrame:
    """One row a product: the upstream figures, beside what its downstream row adds."""
    up = gaps[gaps["direction"] == "upstream"].set_index("product_id", drop=False)
    down = gaps[gaps["direction"] == "downstream"].set_index("product_id", drop=False)
    rows = pd.concat([up, down[~down.index.isin(up.index)]])
    both = rows.index.isin(up.index) & rows.index.isin(down.index)
    rows["direction"] = np.where(both, "both", rows["direction"])
    for name in ("fed_by", "headroom", "headroom_high", "value_step", "steps", "via"):
        rows[name] = down[name].reindex(rows.index)
    rows["fed_by"] = [names if isinstance(names, list) else [] for names in rows["fed_by"]]
    rows.index.name = None
    return rows


def _add_scale(cluster: Cluster, rows: pd.DataFrame) -> None:
    """
    The gap in smallest viable plants: by local demand, or by what the local surplus feeds.

    An upper end of the feed proves that no plant could live on it; it never proves that
    one could.
    """
    wide = demand_by_radius(cluster).loc[rows.index]
    size = np.fmax(rows["demand"].where(rows["demand"] > 0), rows["headroom"].astype(float))
    scale = size / rows["smallest"]
    most = rows["headroom_high"].astype(float) / rows["smallest"]
    rows["scale"] = scale.fillna(most.where(most < 1))
    radius = scale_radius(wide, rows["smallest"])
    rows["scale_radius"] = radius.where(~(rows["scale"] >= 1), wide.columns[0])


def _add_chain_position(cluster: Cluster, balance: pd.DataFrame, rows: pd.DataFrame) -> None:
    links = recruitability.linkages(cluster.chain).loc[rows.index]
    rows["backward_linkage"], rows["forward_linkage"] = links["backward"], links["forward"]
    rows["two_high"] = [
        recruitability.is_two_high(str(product), code)
        for product, code in zip(rows.index, rows["sector_code"], strict=True)
    ]
    ready = readiness(supplied(balance), cluster.chain)
    rows["readiness"] = [ready[str(product)][0] for product in rows.index]
    rows["missing_inputs"] = [ready[str(product)][1] for product in rows.index]


def _components(cluster: Cluster, balance: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    chain = cluster.chain
    producers = balance.set_index("product_id")["producers"]
    operating = set(producers.index[producers.map(bool)])
    room = rows["headroom"].fillna(rows["headroom_high"]).astype(float)
    rows["added"] = rows["value_step"].astype(float).clip(lower=0) * np.fmin(rows["smallest"], room)
    worth = pd.Series(np.fmax(rows["value"].astype(float), rows["added"]), index=rows.index)
    share = recruitability.largest_share(chain.inputs, operating).reindex(rows.index)
    using = chain.needs[chain.needs["output_id"].isin(operating)]
    served = using.groupby("input_id")["output_id"].nunique().reindex(rows.index).fillna(0)
    near = pd.Series(
        [len({*record["users"], *_all(producers, record["fed_by"])}) for record in as_dicts(rows)],
        index=rows.index,
    )
    parts = {
        "need": recruitability.need(worth, share),
        "leverage": recruitability.served(
            near,
            served + rows["fed_by"].map(len),
            recruitability.unlocked(chain, operating).loc[rows.index],
            rows["forward_linkage"],
        ),
        "readiness": rows["readiness"],
        "scale": rows["scale"].clip(upper=1.0),
        "market": recruitability.market(
            rows["demand"], rows["smallest"], rows["users"].map(bool).to_numpy()
        ),
        "fit": recruitability.fit(chain.products.loc[rows.index]),
        "momentum": recruitability.momentum(
            rows["planned_producers"].map(len), rows["planned_supply"], rows["shortage"]
        ),
    }
    return pd.DataFrame(parts).astype(float)
