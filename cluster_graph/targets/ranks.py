"""How sure a rank is: the ranking drawn many times over."""

from typing import Final

import numpy as np
import pandas as pd

from cluster_graph.gaps.draws import LIKELY, SEED, Matrix
from cluster_graph.gaps.likely import Drawn
from cluster_graph.targets.recruitability import HALF_VALUE, market, saturating
from cluster_graph.targets.score import COMPONENTS

# How firmly the weights are held: a weight of 0.3 then mostly lies between 0.2 and 0.4.
FIRMNESS: Final = 60.0
_TOP: Final = 10


def drawn_components(
    rows: pd.DataFrame, components: pd.DataFrame, drawn: Drawn
) -> dict[str, Matrix]:
    """
    The components of every target under each draw.

    Need follows the drawn shortage at the drawn price, scale and market the drawn demand,
    momentum the drawn shortage; what one viable plant adds, and the other components, stay as
    they are.

    Parameters
    ----------
    rows
        The targets: `added`, `headroom`, `headroom_high`, `smallest`, `users`,
        `planned_producers`, `planned_supply`.
    components
        Their components, 0 to 1, NaN if unknown.
    drawn
        The same products under each draw, in the same order.

    Returns
    -------
    components
        Component -> targets x draws.
    """
    shape = drawn.demand.shape
    found = {
        name: np.repeat(components[[name]].to_numpy(dtype=float), shape[1], axis=1)
        for name in COMPONENTS
    }

    def column(name: str) -> Matrix:
        return rows[[name]].to_numpy(dtype=float)

    worth = np.fmax(drawn.shortage * drawn.price, column("added"))
    found["need"] = np.where(np.isnan(worth), found["need"], saturating(worth, HALF_VALUE))
    size = np.fmax(np.where(drawn.demand > 0, drawn.demand, np.nan), column("headroom"))
    scale = np.minimum(size / column("smallest"), 1.0)
    found["scale"] = np.where(np.isnan(scale), found["scale"], scale)
    has_users = rows["users"].map(bool).to_numpy()[:, None]
    bought = market(drawn.demand, column("smallest"), has_users)
    found["market"] = np.where(np.isnan(bought), found["market"], bought)
    planned = rows["planned_producers"].map(len).to_numpy()[:, None]
    short = np.where(drawn.shortage > 0, drawn.shortage, np.nan)
    left = np.maximum(1.0 - column("planned_supply") / short, 0.0)
    found["momentum"] = np.where((planned > 0) & ~np.isnan(left), left, found["momentum"])
    return found


def rank_ranges(
    components: dict[str, Matrix], weights: dict[str, float], listed: pd.Series
) -> pd.DataFrame:
    """
    The ranks that a target takes when figures, prices and weights vary together.

    Parameters
    ----------
    components
        From `drawn_components`.
    weights
        Component -> weight, summing to 1; drawn from a Dirichlet distribution around them.
    listed
        Which targets are ranked, indexed as they are.

    Returns
    -------
    ranges
        Same index: rank_low and rank_high (best and worst rank in nine draws of ten) and
        p_top10 (share of the draws among the first ten); NaN for targets that are not
        ranked.
    """
    blank = pd.DataFrame(np.nan, index=listed.index, columns=["rank_low", "rank_high", "p_top10"])
    ranked = listed.to_numpy(dtype=bool)
    if not ranked.any():
        return blank
    draws = next(iter(components.values())).shape[1]
    centre = np.array([weights[name] for name in COMPONENTS])
    # A weight of nothing stays nothing.
    chance = np.random.default_rng(SEED)
    weight = chance.gamma(np.maximum(centre * FIRMNESS, 1e-12), size=(draws, len(centre)))
    weight = (weight * (centre > 0)).T
    points, known = np.zeros((int(ranked.sum()), draws)), np.zeros((int(ranked.sum()), draws))
    for name, share in zip(COMPONENTS, weight, strict=True):
        values = components[name][ranked]
        has = ~np.isnan(values)
        points += np.where(has, values, 0.0) * share
        known += has * share
    score = np.divide(points, known, out=np.full_like(points, -np.inf), where=known > 0)
    order = np.argsort(-score, axis=0, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, len(order) + 1)[:, None], axis=0)
    low, high = np.quantile(ranks, LIKELY, axis=1, method="nearest")
    blank.loc[ranked, "rank_low"] = low
    blank.loc[ranked, "rank_high"] = high
    blank.loc[ranked, "p_top10"] = (ranks <= _TOP).mean(axis=1)
    return blank
