"""Demand and supply of every product side by side: the table everything else reads."""

from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph._errors import UnitError
from cluster_graph.chain.model import ENDS, End
from cluster_graph.chain.schema import BY_PRODUCT
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL, OUTSIDE, UNKNOWN
from cluster_graph.gaps.activity import EVIDENCE_ORDER, Activity, activity, ranks
from cluster_graph.gaps.demand import direct_demand, total_demand
from cluster_graph.gaps.neighbours import Neighbours, neighbours
from cluster_graph.gaps.states import supply_states, use_states
from cluster_graph.tables.regions import inside

_PURCHASES: Final = {
    "local_purchases": LOCAL,
    "outside_purchases": OUTSIDE,
    "unplaced_purchases": UNKNOWN,
}
# Products of decimal fractions meet in no more digits than this.
_SAME: Final = 1e-10

COLUMNS: Final = (
    "product_id",
    "name_zh",
    "name_en",
    "chain",
    "stage",
    "sector_code",
    "unit",
    "recruit_gate",
    "standard_plant_fit",
    "state",
    "use_state",
    "presence",
    "absence",
    "implied",
    "single_source",
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
    "unplaced_purchases",
    "outside_sales",
    "latent_match",
    "leakage",
    "link_coverage",
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
)


def shortage(demand: pd.Series, supply: pd.Series) -> pd.Series:
    """
    Local demand that local supply cannot cover, product by product.

    shortage_i = max(D_i - S_i, 0)

    Parameters
    ----------
    demand
        Yearly local demand, indexed by product_id, in the product's own unit per year.
    supply
        Yearly operating local output, same index and unit.

    Returns
    -------
    shortage
        Same index and unit; never negative, NaN where demand or supply is unknown.

    Raises
    ------
    UnitError
        If the two indexes differ.

    References
    ----------
    Miller & Blair (2009), Input-Output Analysis, ch. 2 and 8.
    """
    return _excess(demand, supply)


def surplus(demand: pd.Series, supply: pd.Series) -> pd.Series:
    """
    Local supply that local demand does not take up, product by product.

    surplus_i = max(S_i - D_i, 0)

    Parameters
    ----------
    demand
        Yearly local demand, indexed by product_id, in the product's own unit per year.
    supply
        Yearly operating local output, same index and unit.

    Returns
    -------
    surplus
        Same index and unit; never negative, NaN where demand or supply is unknown.

    Raises
    ------
    UnitError
        If the two indexes differ.
    """
    return _excess(supply, demand)


def self_sufficiency(demand: pd.Series, supply: pd.Series) -> pd.Series:
    """
    The share of local demand that local supply covers.

    min(S_i, D_i) / D_i

    Parameters
    ----------
    demand
        Yearly local demand, indexed by product_id, in the product's own unit per year.
    supply
        Yearly operating local output, same index and unit.

    Returns
    -------
    share
        0 to 1, same index; NaN where there is no demand or a side is unknown.

    Raises
    ------
    UnitError
        If the two indexes differ.
    """
    _same_index(demand, supply)
    return _least(supply, demand).div(demand.where(demand > 0))


def _excess(more: pd.Series, less: pd.Series) -> pd.Series:
    _same_index(more, less)
    return (more - _settled(less, more)).clip(lower=0.0)


def _settled(amount: pd.Series, other: pd.Series) -> pd.Series:
    """An amount that differs from the other in the tenth digit alone is the same."""
    same = np.isclose(amount.to_numpy(), other.to_numpy(), rtol=_SAME, atol=0.0)
    return amount.mask(same, other)


def _least(one: pd.Series, other: pd.Series) -> pd.Series:
    return pd.Series(np.minimum(one.to_numpy(), other.to_numpy()), index=one.index)


def _same_index(one: pd.Series, other: pd.Series) -> None:
    if not one.index.equals(other.index):
        raise UnitError("index_differs")


def _column(ids: pd.Index, lists: dict[str, list[str]]) -> pd.Series:
    return pd.Series([lists.get(product, []) for product in ids], index=ids, dtype=object)


def balance(cluster: Cluster) -> pd.DataFrame:
    """
    Demand and supply of every product of the chain, and what follows from the two.

    Parameters
    ----------
    cluster
        A built cluster.

    Returns
    -------
    balance
        One row a product, columns `COLUMNS`. Quantities in the product's own unit per
        year, `value` in yuan per year, shares 0 to 1. NaN or None: unknown. Lists hold
        ids. `demand` is what the sized and implied local producers need directly; where
        `unsized_users` is not empty it is a lower bound. `total_shortage` is what the whole
        chain behind the sized output needs beyond the local supply.
    """
    act = activity(cluster)
    chain = cluster.chain
    products = chain.products
    ids = products.index
    near = neighbours(act)
    series = {
        "demand": pd.Series(direct_demand(chain.coefficients(), act.level()), index=ids),
        "demand_low": pd.Series(direct_demand(chain.coefficients("low"), act.level("low")), ids),
        "demand_high": pd.Series(direct_demand(chain.coefficients("high"), act.level("high")), ids),
        "total_demand": pd.Series(total_demand(chain.coefficients(), act.sized), index=ids),
    }
    blind = _column(ids, near.unsized_users).map(bool) & (series["demand"] <= 0)
    # Only what the makers themselves take in-house is no demand that somebody has to meet.
    others = pd.Series(
        [
            bool(set(near.unsized_users.get(product, ())) - set(near.producers.get(product, ())))
            for product in ids
        ],
        index=ids,
    )
    demand = {
        # Whoever needs it in an unknown amount may need it along the whole chain as well.
        name: values.mask(blind & (values <= 0) if name == "total_demand" else blind)
        for name, values in series.items()
    }
    implied = pd.Series(act.is_implied, index=ids)
    supplies, sized = _supply(act, near)
    supply = _settled(supplies["typical"], demand["demand"])
    made = pd.Series([product in near.producers for product in ids], index=ids)
    short = shortage(demand["demand"], supply).mask(implied, 0.0)
    low = shortage(demand["demand_low"], supplies["high"]).mask(implied, 0.0)
    # Makers of unknown size beside the known ones may cover all of it.
    partly = sized & _column(ids, near.unsized_producers).map(bool)
    low = low.mask(partly & low.notna(), 0.0)
    high = shortage(demand["demand_high"], supplies["low"]).mask(implied, 0.0)
    producers = _column(ids, near.producers)
    planned = _column(ids, act.planned)
    facts = pd.DataFrame(
        {
            "outer": [flag is True for flag in products["outer_boundary"]],
            "producers": producers.map(len),
            "planned": planned.map(len),
            "supply": supply,
            "demand": demand["demand"],
            "blind": blind & others,
            "sized": sized,
            "needed": _column(ids, near.users).map(bool),
            "needed_essentially": ids.isin(list(near.essential)),
            "fed": ids.isin(list(near.fed)),
            "stage": products["stage"],
            "chain_users": near.chain_users,
            "local_users": near.local_users,
            "implied": implied,
            "made": made,
        },
        index=ids,
    )
    absent, idle = _absent(cluster), _idle(cluster)
    frame = products[
        [
            "product_id",
            "name_zh",
            "name_en",
            "chain",
            "stage",
            "sector_code",
            "unit",
            "recruit_gate",
            "standard_plant_fit",
        ]
    ].assign(
        state=supply_states(facts),
        use_state=use_states(facts),
        presence=_presence(facts, absent, idle),
        absence=_absence(facts, absent),
        implied=implied,
        **demand,
        supply=supply,
        supply_low=supplies["low"],
        supply_high=supplies["high"],
        planned_supply=act.planned_supply,
        shortage=short,
        shortage_low=low,
        shortage_high=high,
        total_shortage=shortage(demand["total_demand"], supply).mask(implied, 0.0),
        surplus=surplus(demand["demand"].mask(~made & blind, 0.0), supply).mask(implied, 0.0),
        self_sufficiency=self_sufficiency(demand["demand"], supply),
        users=_column(ids, near.users),
        producers=producers,
        planned_producers=planned,
        unsized_users=_column(ids, near.unsized_users),
        unsized_producers=_column(ids, near.unsized_producers),
        value=short * products["price"],
        value_low=low * products["price_low"].fillna(products["price"]),
        value_high=high * products["price_high"].fillna(products["price"]),
        **_trade(cluster, demand["demand"], supply.mask(implied)),
    )
    rests_on = _rests_on(act)
    frame["implied_by"] = _column(ids, rests_on)
    frame["evidence"] = _evidence(act, rests_on, near)
    frame["single_source"] = _single_source(cluster, producers)
    return frame[list(COLUMNS)].reset_index(drop=True)


def _supply(act: Activity, near: Neighbours) -> tuple[dict[End, pd.Series], pd.Series]:
    """
    Supply by product at each end, and whether it is recorded or falls from something that is.

    S_i = recorded output + by-products b_ki x_k + implied output.
    """
    ids = act.chain.products.index
    amounts: dict[End, pd.Series] = {}
    for end in ENDS:
        falls = np.asarray(act.chain.by_product_coefficients(end) @ act.level(end))
        amounts[end] = pd.Series(act.level(end) + falls, index=ids)
    fallen = np.asarray(act.chain.by_product_coefficients() @ act.level()) > 0
    sized = pd.Series(act.is_sized | fallen, index=ids)
    known = sized | act.is_implied | ~ids.isin(list(near.producers))
    return {end: amount.where(known) for end, amount in amounts.items()}, sized


def _rests_on(act: Activity) -> dict[str, list[str]]:
    """Product -> the sized products by which its demand or its supply is implied."""
    implied = act.implied_by
    found: dict[str, set[str]] = {product: set(causes) for product, causes in implied.items()}
    rows = act.chain.sized_inputs
    pairs = list(zip(rows["input_id"], rows["output_id"], strict=True))
    rows = act.chain.by_products
    pairs += list(zip(rows["output_id"], rows["input_id"], strict=True))
    for product, runner in pairs:
        if runner in implied:
            found.setdefault(product, set()).update(implied[runner])
    return {product: sorted(causes) for product, causes in found.items()}


def _evidence(act: Activity, rests_on: dict[str, list[str]], near: Neighbours) -> pd.Series:
    """The weakest evidence among the rows that made a product's figures."""
    ids, inputs = act.chain.products.index, act.chain.inputs
    level = pd.Series(act.level(), index=ids)
    falls = inputs["kind"] == BY_PRODUCT
    product = inputs["output_id"].where(falls, inputs["input_id"])
    runner = inputs["input_id"].where(falls, inputs["output_id"])
    counts = (runner.map(level) > 0) & inputs["typical"].notna()
    product, runner = product[counts], runner[counts]
    # Coefficient times output is a calculation, whoever reported the two.
    calculated = np.maximum.reduce(
        [
            ranks(inputs["evidence"][counts]).to_numpy(),
            ranks(runner.map(act.evidence)).to_numpy(),
            np.full(len(product), EVIDENCE_ORDER.index("derived")),
        ]
    )
    makers = act.cluster.makers
    local = makers[(makers["place"] == LOCAL) & (makers["role"] == "operating")]
    parts = pd.concat(
        [
            pd.Series(calculated, index=product.to_numpy()),
            ranks(local["evidence"]).set_axis(local["product_id"]),
        ]
    )
    weakest = parts.groupby(level=0).max().reindex(ids)
    beside = ids.isin([*near.users, *near.fed])
    rules = {
        # What a scenario assumes stays a plan, whatever else was worked out from it.
        "planned": weakest == EVIDENCE_ORDER.index("planned"),
        "derived": ids.isin(list(rests_on)),
    }
    found = pd.Series(np.where(beside, "inferred", "expert"), index=ids, dtype=object)
    found = found.mask(ids.isin(list(act.planned)), "planned")
    found = weakest.map(dict(enumerate(EVIDENCE_ORDER))).fillna(found)
    words = np.select(list(rules.values()), list(rules), found.to_numpy(dtype=object))
    return pd.Series(words, index=ids, dtype=object)


def _idle(cluster: Cluster) -> list[str]:
    """Products with a local maker that stands still."""
    makers = cluster.makers
    return list(makers.loc[(makers["place"] == LOCAL) & (makers["role"] == "none"), "product_id"])


def _presence(facts: pd.DataFrame, absent: frozenset[str], idle: list[str]) -> pd.Series:
    rules: dict[str, Any] = {
        "sized": facts["made"] & facts["sized"],
        "unsized": facts["made"],
        "planned": facts["planned"] > 0,
        "idle": facts.index.isin(idle),
        "confirmed_absent": facts.index.isin(list(absent)),
    }
    return pd.Series(
        np.select(list(rules.values()), list(rules), "no_record"), index=facts.index, dtype=object
    )


def _absence(facts: pd.DataFrame, absent: frozenset[str]) -> pd.Series:
    words = np.where(facts.index.isin(list(absent)), "confirmed", "no_record")
    return pd.Series(words, index=facts.index, dtype=object).where(~facts["made"], None)


def _absent(cluster: Cluster) -> frozenset[str]:
    """Products that somebody checked for the whole of this region."""
    rows = cluster.tables.absences
    found: dict[str, set[str]] = {}
    for product, checked in zip(rows["product_id"], rows["region_code"], strict=True):
        for code in cluster.region:
            if inside(code, (checked,)):
                found.setdefault(product, set()).add(code)
    return frozenset(product for product, codes in found.items() if codes == set(cluster.region))


def _trade(cluster: Cluster, demand: pd.Series, supply: pd.Series) -> dict[str, pd.Series]:
    """
    What the links say: purchases by place, sales, and trade that could be and is not.

    leakage = M / (L + M); link coverage = (L + M) / D; latent match = min(S, D) - L. Where a
    local link has no quantity, L is unknown and so is all that rests on it.
    """
    ids = demand.index
    if cluster.trade is None:
        names = (*_PURCHASES, "outside_sales", "latent_match", "leakage", "link_coverage")
        return dict.fromkeys(names, pd.Series(np.nan, index=ids))
    bought, sold = cluster.trade.purchases, cluster.trade.sales
    sold = sold[(sold["sized"] > 0) & (sold["place"] == OUTSIDE)].set_index("product_id")
    seen = ids.isin(bought["product_id"])
    parts = {}
    for name, place in _PURCHASES.items():
        rows = bought[bought["place"] == place].set_index("product_id")
        known = rows["sized"].reindex(ids).fillna(0) == rows["links"].reindex(ids).fillna(0)
        amount = rows["quantity"].reindex(ids).astype(float).fillna(0.0)
        parts[name] = amount.where(known.to_numpy() & seen)
    local, outside = parts["local_purchases"], parts["outside_purchases"]
    both = local + outside
    covered = _least(demand, supply)
    traded = local.where(seen, 0.0)
    return {
        **parts,
        "outside_sales": sold["quantity"].reindex(ids).astype(float),
        "latent_match": (covered - traded).clip(lower=0.0).where(covered > 0),
        "leakage": outside.div(both.where(both > 0)),
        "link_coverage": both.div(demand.where(demand > 0)),
    }


def _single_source(cluster: Cluster, producers: pd.Series) -> pd.Series:
    """Say whether all known supply hangs on one company, local or reported outside."""
    names = {product: set(makers) for product, makers in producers.items() if makers}
    if cluster.trade is not None:
        ties = cluster.trade.ties
        ties = ties[ties["customer_place"] == LOCAL]
        for product, supplier in zip(ties["product_id"], ties["supplier_id"], strict=True):
            names.setdefault(product, set()).add(supplier)
    return pd.Series(
        [len(names.get(product, ())) == 1 for product in producers.index], index=producers.index
    )
