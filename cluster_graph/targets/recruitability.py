"""Is a gap recruitable: scale, gates, readiness, leverage, momentum, each by its own rule."""

from collections import deque
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cluster_graph.chain.linkages import leontief_solve, mean_one
from cluster_graph.chain.model import Chain
from cluster_graph.chain.schema import OPEN_GATE

# Sectors that the newspaper survey's criteria table calls high in energy use and emissions,
# GB/T 4754-2017; 2613 means carbide alone.
_TWO_HIGH: Final = ("2521", "311", "312", "313", "314", "3011", "3041", "3216")
_CARBIDE: Final = "N_CARBIDE"

# Half of a component is reached at: a gap worth 100 million yuan a year, the band from which
# the survey counts projects; an input that is a tenth of its user's cost; three companies or
# products served; ten products unlocked.
HALF_VALUE: Final = 1e8
_HALF_SHARE: Final = 0.1
_HALF_SERVED: Final = 3.0
_HALF_UNLOCKED: Final = 10.0


Amount = TypeVar("Amount", "pd.Series[Any]", NDArray[np.float64])


def saturating(amount: Amount, half: float) -> Amount:
    """
    Squeeze an amount into 0 to 1, more for more, one half at `half`.

    a / (a + half)

    Parameters
    ----------
    amount
        Non-negative; NaN if unknown.
    half
        The amount that counts one half, in the same unit.

    Returns
    -------
    share
        0 to 1, NaN where the amount is unknown.
    """
    return amount / (amount + half)


def linkages(chain: Chain) -> pd.DataFrame:
    """
    Backward and forward linkage of every product, normalised to a mean of 1.

    Column and row sums of (I - A)^-1, each weighed by price so that tonnes and pieces can
    be added; products without a price are left out of the sums.

    Parameters
    ----------
    chain
        A reference chain.

    Returns
    -------
    linkages
        Indexed by product_id: backward, forward.

    References
    ----------
    Rasmussen (1956), Studies in Inter-sectoral Relations.
    """
    price = chain.products["price"].fillna(0.0).to_numpy(dtype=float)
    coefficients = chain.coefficients()
    safe = np.where(price > 0, price, np.inf)
    # In money, a_ij becomes a_ij p_i / p_j; sums of its Leontief inverse follow from two
    # solves: columns with the transposed matrix, rows with the matrix itself.
    backward = leontief_solve(coefficients.T.tocsr(), price) / safe
    forward = price * leontief_solve(coefficients, 1.0 / safe)
    frame = pd.DataFrame(
        {"backward": mean_one(backward), "forward": mean_one(forward)},
        index=chain.products.index,
    )
    return frame.where(chain.products["price"].notna(), np.nan)


def unlocked(chain: Chain, made: set[str]) -> pd.Series:
    """
    How many products made here cannot be made without this one, directly or further on.

    Parameters
    ----------
    chain
        A reference chain.
    made
        The products that have a local maker.

    Returns
    -------
    count
        Users over essential inputs that are reached through products made here, indexed by
        product_id.
    """
    rows = chain.needs[chain.needs["essential"] & chain.needs["output_id"].isin(made)]
    users: dict[str, list[str]] = {}
    for input_id, user in zip(rows["input_id"], rows["output_id"], strict=True):
        users.setdefault(input_id, []).append(user)
    counts = {}
    for product in chain.products.index:
        seen, queue = {product}, deque([product])
        while queue:
            for user in users.get(queue.popleft(), ()):
                if user not in seen:
                    seen.add(user)
                    queue.append(user)
        counts[product] = len(seen) - 1
    return pd.Series(counts, dtype=float).reindex(chain.products.index)


def market(demand: Amount, smallest: Amount, has_users: NDArray[np.bool_]) -> NDArray[np.float64]:
    """
    How much of one smallest viable plant's output buyers here are known to take.

    min(D / minimum efficient scale, 1). A plant that is fed from here but sells elsewhere has
    a market that nobody has looked at; one with buyers here has a market from its first day.

    Parameters
    ----------
    demand
        Local demand, units/year, targets (by draws).
    smallest
        Smallest viable plant, units/year, same shape or broadcast.
    has_users
        Whether any local company uses the product, same shape or broadcast.

    Returns
    -------
    market
        0 to 1: 0 where nobody here uses it, NaN where users or the plant have no figure.
    """
    wanted = np.asarray(demand, dtype=float)
    share = np.minimum(np.where(wanted > 0, wanted, np.nan) / np.asarray(smallest), 1.0)
    return np.where(has_users, share, 0.0)


def is_two_high(product_id: str, sector_code: str) -> bool:
    """Say whether a product belongs to a sector high in energy use and emissions."""
    return sector_code.startswith(_TWO_HIGH) or product_id == _CARBIDE


def fit(products: pd.DataFrame) -> pd.Series:
    """
    How well a product suits the county: its gate and the standard plant.

    The mean of two marks: gate open, works in a standard plant. An unknown mark leaves the
    mean; what is green is a component of its own.

    Parameters
    ----------
    products
        The chain's products.

    Returns
    -------
    fit
        0 to 1, same index.
    """
    marks = pd.DataFrame(
        {
            "gate": (products["recruit_gate"] == OPEN_GATE)
            .astype(float)
            .where(products["recruit_gate"] != ""),
            "plant": [
                np.nan if flag is None else float(flag) for flag in products["standard_plant_fit"]
            ],
        },
        index=products.index,
    )
    return marks.mean(axis=1)


def served(
    companies: pd.Series, products: pd.Series, reach: pd.Series, forward: pd.Series
) -> pd.Series:
    """
    Leverage: how much of the cluster hangs on a product.

    The mean of three parts, each saturating: local companies and products served; local
    products unlocked; forward linkage (1 is the average product).

    Parameters
    ----------
    companies, products
        How many local companies, and how many of their products, it serves or takes from.
    reach
        From `unlocked`.
    forward
        From `linkages`; NaN leaves the mean.

    Returns
    -------
    leverage
        0 to 1, same index.
    """
    parts = pd.DataFrame(
        {
            "served": saturating(companies + products, _HALF_SERVED),
            "unlocked": saturating(reach, _HALF_UNLOCKED),
            "forward": saturating(forward, 1.0),
        }
    )
    return parts.mean(axis=1)


def need(value: pd.Series, share: pd.Series) -> pd.Series:
    """
    Size of the gap: by value where a price makes one, otherwise by the users' cost share.

    Parameters
    ----------
    value
        Yuan/year: the shortage at its price, or what one viable plant would add.
    share
        The largest share of a local user's cost that this input makes up; used where the
        value is unknown.

    Returns
    -------
    need
        0 to 1; NaN where neither is known.
    """
    return saturating(value, HALF_VALUE).fillna(saturating(share, _HALF_SHARE))


def momentum(planned: pd.Series, supply: pd.Series, shortage: pd.Series) -> pd.Series:
    """
    What the pipeline leaves open: 1 if nobody is about to fill the gap, 0 if it is filled.

    Parameters
    ----------
    planned
        How many planned producers there are.
    supply
        What they would add, units/year; NaN if no plan has a figure.
    shortage
        Units/year; NaN if unknown.

    Returns
    -------
    momentum
        0 to 1; one half where plans exist and a figure is missing.
    """
    left = (1.0 - supply / shortage.where(shortage > 0)).clip(lower=0.0)
    return left.fillna(0.5).where(planned > 0, 1.0)


def largest_share(chain_inputs: pd.DataFrame, operating: set[str]) -> pd.Series:
    """
    The largest share of a local producer's cost that each input makes up.

    Parameters
    ----------
    chain_inputs
        The chain's inputs.
    operating
        Products with an operating local maker.

    Returns
    -------
    share
        0 to 1, indexed by input product; products without a known share are absent.
    """
    rows = chain_inputs[chain_inputs["output_id"].isin(operating)]
    return rows.groupby("input_id")["value_share"].max().dropna()
