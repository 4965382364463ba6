"""Who stands beside each product here: its makers, its users, and what nobody knows of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.gaps.activity import Activity, in_lists


@dataclass(frozen=True)
class Neighbours:
    """
    Who makes and who needs each product here, read off the chain's inputs and the links.

    Parameters
    ----------
    producers, unsized_producers
        product_id -> operating local makers, by-products' main makers among them; those
        whose amount nobody knows.
    users, unsized_users
        product_id -> local companies that need it; those of whom nobody knows how much.
    essential
        Products that an operating local maker cannot do without.
    fed
        Products that take something made here.
    chain_users, local_users
        How many products take it in the chain, and here.
    """

    producers: dict[str, list[str]]
    unsized_producers: dict[str, list[str]]
    users: dict[str, list[str]]
    unsized_users: dict[str, list[str]]
    essential: frozenset[str]
    fed: frozenset[str]
    chain_users: pd.Series
    local_users: pd.Series


def _extend(lists: dict[str, list[str]], key: str, ids: Iterable[str]) -> None:
    have = lists.setdefault(key, [])
    have += [company for company in ids if company not in have]


def _buyers(cluster: Cluster) -> list[tuple[str, str]]:
    """Products and the local companies that are reported to buy them."""
    if cluster.trade is None:
        return []
    ties = cluster.trade.ties
    ties = ties[(ties["customer_place"] == LOCAL) & (ties["product_id"] != "")]
    return list(zip(ties["product_id"], ties["customer_id"], strict=True))


def _producers(act: Activity) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    implied = act.implied_by
    level = pd.Series(act.level(), index=act.chain.products.index)
    producers = {product: list(makers) for product, makers in act.operating.items()}
    unsized = {
        product: list(makers)
        for product, makers in act.unsized_makers.items()
        if product not in implied
    }
    rows = act.chain.by_products
    for main, gives in zip(rows["input_id"], rows["output_id"], strict=True):
        if main not in act.operating:
            continue
        _extend(producers, gives, act.operating[main])
        if level[main] > 0:
            # Whoever lists a by-product beside its sized main product is sized by it.
            unsized[gives] = [
                company for company in unsized.get(gives, []) if company not in act.operating[main]
            ]
        else:
            _extend(unsized, gives, act.operating[main])
    return producers, {product: names for product, names in unsized.items() if names}


def neighbours(act: Activity) -> Neighbours:
    """
    Find the makers and users of every product.

    Parameters
    ----------
    act
        The local activity.

    Returns
    -------
    neighbours
        Lists of company ids by product.
    """
    ids, needs = act.chain.products.index, act.chain.needs
    producers, unsized = _producers(act)
    buyers = _buyers(act.cluster)
    local = needs[needs["output_id"].isin(act.operating)]
    known = local["typical"].notna()
    # Of a sized product only its unsized makers take an unknown amount, of an implied none.
    blind = {
        product: makers
        for product, makers in act.unsized_makers.items()
        if product not in act.implied_by
    }
    unknown = [(product, buyer) for product, buyer in buyers if buyer not in act.active]
    feeds = needs["input_id"].isin(producers) & (needs["kind"] != "service")
    chain_users = needs.groupby("input_id")["output_id"].nunique()
    return Neighbours(
        producers=producers,
        unsized_producers=unsized,
        users=_takers(buyers, [(local, act.operating)]),
        unsized_users=_takers(unknown, [(local[~known], act.operating), (local[known], blind)]),
        essential=frozenset(local.loc[local["essential"], "input_id"]),
        fed=frozenset(needs.loc[feeds, "output_id"]),
        chain_users=chain_users.reindex(ids).fillna(0),
        local_users=local.groupby("input_id")["output_id"].nunique().reindex(ids).fillna(0),
    )


def _takers(
    buyers: list[tuple[str, str]], parts: list[tuple[pd.DataFrame, dict[str, list[str]]]]
) -> dict[str, list[str]]:
    """
    Who takes each product: its reported buyers, then the makers of what it goes into.

    Each part has inputs, and the makers of their outputs that count; the companies stand in
    the order of the inputs.
    """
    places, products, companies = [], [], []
    for inputs, makers in parts:
        kept = inputs[inputs["output_id"].isin(makers)]
        lists = [makers[user] for user in kept["output_id"]]
        sizes = [len(names) for names in lists]
        places.append(np.repeat(kept.index.to_numpy(), sizes))
        products.append(np.repeat(kept["input_id"].to_numpy(dtype=object), sizes))
        companies.append(np.array(list(chain.from_iterable(lists)), dtype=object))
    order = np.argsort(np.concatenate(places), kind="stable")
    frame = pd.DataFrame(
        {
            "product": [product for product, _ in buyers] + [*np.concatenate(products)[order]],
            "company": [buyer for _, buyer in buyers] + [*np.concatenate(companies)[order]],
        },
        dtype=object,
    ).drop_duplicates()
    return in_lists(frame["product"].to_numpy(), frame["company"].to_numpy())
