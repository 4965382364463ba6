"""Local content: how much of what local producers buy, local producers can supply."""

from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

from cluster_graph.chain.linkages import Vector, leontief_solve
from cluster_graph.chain.model import Chain
from cluster_graph.cluster.build import group, root_of
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.gaps.activity import Activity, activity
from cluster_graph.gaps.downstream import supplied

COLUMNS: Final = (
    "level",
    "id",
    "inputs_value",
    "direct",
    "direct_low",
    "direct_high",
    "recursive",
    "recursive_low",
    "recursive_high",
    "missing",
    "unweighed",
)
# A product whose inputs cost more than it brings still takes some work of its own; without
# it a ring of such products would have no solution.
_LEAST_ADDED: Final = 1e-6


def local_content(cluster: Cluster, balance: pd.DataFrame) -> pd.DataFrame:
    """
    Local content of each product made here, of each anchor company and of each chain.

    direct_k = sum_i c_ik s_i / sum_i c_ik, where c_ik = a_ik p_i is what input i costs and
    s_i is the share of its local need that local makers can supply. recursive_k weighs each
    local input by its own local content: sum_i c_ik s_i l_i / sum_i c_ik, where a yuan of
    product i made here is local by l_i = v_i + sum_j c_ji s_j l_j / p_i, v_i being what is
    left of its price after its inputs. Companies and chains add up the inputs of what they
    make.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.

    Returns
    -------
    content
        Columns `COLUMNS`: `level` (`product`, `company` or `chain`), `id`, `inputs_value`
        (yuan/year; NaN where the activity is unknown), the shares 0 to 1, `missing` (objects
        `product_id`, `share`: the part of the input value that local makers cannot supply,
        the largest first; they add up to 1 - direct) and `unweighed` (inputs without a price
        or a quantity, which are in no share). An input made here by makers of unknown size
        counts as here, in the columns `_low` as not here; there the users need as much of
        each input as the high coefficients say, in the columns `_high` as the low ones do.
    """
    act, chain = activity(cluster), cluster.chain
    ids = chain.products.index
    cost = _costs(chain)
    shares = {}
    for end, share in _supplied(balance).items():
        shares[f"direct{end}"] = share
        shares[f"recursive{end}"] = share * _own_content(chain, cost, share)
    here = shares["direct"]
    records = []
    for level, name, weights, sized in _makers(act, balance):
        inputs = cost @ weights
        whole = float(inputs.sum())
        made = weights > 0
        if whole <= 0:
            continue
        lost = inputs * (1.0 - here) / whole
        order = np.argsort(-lost, kind="stable")[: int((lost > 0).sum())]
        records.append(
            {
                "level": level,
                "id": name,
                "inputs_value": whole if sized else np.nan,
                **{key: float((inputs * share).sum() / whole) for key, share in shares.items()},
                "missing": [
                    {"product_id": str(ids[place]), "share": float(lost[place])}
                    for place in order.tolist()
                ],
                "unweighed": _unweighed(chain, set(ids[made])),
            }
        )
    return pd.DataFrame(records, columns=list(COLUMNS))


def _supplied(balance: pd.DataFrame) -> dict[str, Vector]:
    """The share of its need that local makers can supply of each product: as is, low, high."""
    typical = supplied(balance).to_numpy(dtype=float)
    known = balance["self_sufficiency"].notna().to_numpy()
    found = {"": typical}
    for end, other in (("_low", "demand_high"), ("_high", "demand_low")):
        need = balance[other].to_numpy(dtype=float)
        supply = balance[f"supply{end}"].to_numpy(dtype=float)
        covers = np.minimum(supply / np.where(need > 0, need, np.nan), 1.0)
        covers = np.where(balance["implied"] | np.isnan(covers), 1.0, covers)
        unknown = 0.0 if end == "_low" else 1.0
        found[end] = np.where(typical > 0, np.where(known, covers, unknown), 0.0)
    return found


def _costs(chain: Chain) -> sparse.csr_array:
    """What each input costs per unit of each product, yuan; nothing where that is unknown."""
    price = chain.products["price"].fillna(0.0).to_numpy(dtype=float)
    return sparse.csr_array(sparse.diags_array(price) @ chain.coefficients())


def _own_content(chain: Chain, cost: sparse.csr_array, here: Vector) -> Vector:
    """How local a yuan of each product made here is, 0 to 1."""
    price = chain.products["price"].to_numpy(dtype=float)
    inputs = np.asarray(cost.sum(axis=0), dtype=float)
    added = np.nan_to_num(price - inputs, nan=0.0)
    added = np.maximum(added, _LEAST_ADDED * np.where(inputs > 0, inputs, 1.0))
    whole = inputs + added
    onward = sparse.csr_array((sparse.diags_array(here) @ cost @ sparse.diags_array(1 / whole)).T)
    return leontief_solve(onward, added / whole)


def _makers(act: Activity, balance: pd.DataFrame) -> list[tuple[str, str, Vector, bool]]:
    """Each product, anchor company and chain: what it makes of each product, and if known."""
    ids = act.chain.products.index
    level = act.level()
    made = balance["producers"].map(bool).to_numpy()
    found: list[tuple[str, str, Vector, bool]] = []
    for product, place, run, here in zip(ids, range(len(ids)), level, made, strict=True):
        if here:
            one = np.zeros(len(ids))
            one[place] = run if run > 0 else 1.0
            found.append(("product", str(product), one, bool(run > 0)))
    for company, sizes in _anchors(act.cluster):
        amounts = sizes.reindex(ids).fillna(0.0).to_numpy(dtype=float)
        found.append(("company", company, amounts, bool(sizes.notna().all())))
    for name in act.chain.names:
        of_chain = (act.chain.products["chain"] == name).to_numpy()
        found.append(("chain", name, np.where(of_chain, level, 0.0), True))
    return found


def _anchors(cluster: Cluster) -> list[tuple[str, pd.Series]]:
    """The anchor companies, and what each makes here with its subsidiaries."""
    frame, makers = cluster.companies_frame, cluster.makers
    makers = makers[(makers["role"] == "operating") & (makers["place"] == LOCAL)]
    roots = [
        company
        for company, flag in zip(frame["company_id"], frame["is_anchor"], strict=True)
        if flag is True
    ]
    groups = {str(root): group(frame, root) for root in roots}
    if cluster.anchor and cluster.anchor not in groups.values():
        groups[root_of(frame, cluster.anchor)] = cluster.anchor
    return [
        (
            root,
            makers[makers["company_id"].isin(firms)].groupby("product_id")["size"].sum(min_count=1),
        )
        for root, firms in groups.items()
    ]


def _unweighed(chain: Chain, made: set[str]) -> list[str]:
    """The inputs of these products that no price or no quantity gives a weight."""
    rows = chain.needs[chain.needs["output_id"].isin(made)]
    price = chain.products["price"].reindex(rows["input_id"]).to_numpy(dtype=float)
    blank = np.isnan(rows["typical"].to_numpy(dtype=float)) | np.isnan(price)
    return sorted(set(rows["input_id"][blank]))
