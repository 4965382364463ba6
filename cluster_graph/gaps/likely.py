"""How sure the gaps are: likely ranges from draws, and the few figures that they hang on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cluster_graph.chain.model import ENDS
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.activity import Activity, activity
from cluster_graph.gaps.draws import DRAWS, LIKELY, SEED, Mask, Matrix, Model, triangular
from cluster_graph.text.cells import as_dicts

_SCREENED: Final = 1_000  # coefficients that are tried one by one
_MOST_CELLS: Final = 200_000_000  # coefficients times draws
_NOISE: Final = 1e-9  # of the answer; what a solve leaves by rounding
LEVERS: Final = (
    "kind",
    "input_id",
    "output_id",
    "low",
    "typical",
    "high",
    "at_low",
    "at_high",
    "swing",
    "companies",
    "evidence",
    "source",
)


@dataclass(frozen=True)
class Likely:
    """
    How sure the gaps are.

    Parameters
    ----------
    products
        Indexed by product_id, for products whose shortage is known: `shortage_5` and
        `shortage_95` (units/year, the range of nine draws in ten), `value_5` and `value_95`
        (yuan/year, NaN without a price), `p_short` (share of the draws with a shortage) and
        `p_plant` (share of the draws in which it carries a smallest viable plant, NaN where
        that size is unknown).
    value
        The same range of the value of all upstream shortages that have a price, yuan/year;
        NaN where there is none.
    draws
        How many draws there were.
    """

    products: pd.DataFrame
    value: tuple[float, float]
    draws: int


@dataclass(frozen=True)
class Drawn:
    """
    Some products under each of many sets of coefficients, outputs and prices.

    Parameters
    ----------
    demand, shortage
        Units/year, products x draws; NaN where the balance knows none.
    price
        Yuan per unit, the same shape.
    """

    demand: Matrix
    shortage: Matrix
    price: Matrix


def drawn(cluster: Cluster, balance: pd.DataFrame, rows: Mask, draws: int = DRAWS) -> Drawn:
    """
    Draw each coefficient, output and price within its range, and solve the balance again.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.
    rows
        Which products are wanted, in the order of the balance.
    draws
        How many; fewer where the chain is so large that it would take minutes.

    Returns
    -------
    drawn
        The same for the same data: the seed is fixed.
    """
    model, products = Model(activity(cluster)), cluster.chain.products
    edges = len(model.needs.row) + len(model.falls.row)
    draws = max(min(draws, _MOST_CELLS // max(edges, 1)), 1)
    chance = np.random.default_rng(SEED)
    prices = triangular(_price_ends(products), chance.random((len(products), draws)))[rows]
    unknown = balance["demand"].isna().to_numpy()
    needed, short = [], []
    for part in model.blocks(draws):
        wide = part.stop - part.start
        needs = triangular(model.needs.ends(), chance.random((len(model.needs.row), wide)))
        falls = triangular(model.falls.ends(), chance.random((len(model.falls.row), wide)))
        outputs = triangular(model.outputs, chance.random((len(products), wide)))
        demand, supply = model.solve(needs, falls, outputs)
        short.append(_short(balance, demand, supply)[rows])
        needed.append(np.where(unknown[:, None], np.nan, demand)[rows])
    return Drawn(np.concatenate(needed, axis=1), np.concatenate(short, axis=1), prices)


def likely(cluster: Cluster, balance: pd.DataFrame, draws: int = DRAWS) -> Likely:
    """
    Likely ranges of the shortages when coefficients, outputs and prices vary in their ranges.

    Each coefficient, output and price is drawn from a triangular distribution over its low, typical
    and high value, independently of the others, with a fixed seed; the balance is solved for
    each draw. The ends of `shortage_low` and `shortage_high` in the balance are reached only
    where all coefficients stand at the same end at once.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.
    draws
        How many; fewer where the chain is so large that it would take minutes.

    Returns
    -------
    likely
        Ranges and shares. What makers of unknown size add is not in them.
    """
    rows = _known(balance)
    products = cluster.chain.products
    found = drawn(cluster, balance, rows, draws)
    short, prices = found.shortage, found.price
    worth = short * prices
    smallest = products["min_efficient_scale"].to_numpy(dtype=float)[rows]
    frame = {"p_short": (short > 0).mean(axis=1)}
    for name, amounts in (("shortage", short), ("value", worth)):
        for end in LIKELY:
            frame[f"{name}_{end * 100:.0f}"] = np.quantile(amounts, end, axis=1)
    carried = (short >= smallest[:, None]).mean(axis=1)
    frame["p_plant"] = np.where(np.isnan(smallest), np.nan, carried)
    gap = _is_gap(balance)[rows] & ~np.isnan(worth).any(axis=1)
    whole = np.quantile(worth[gap].sum(axis=0), LIKELY) if gap.any() else [np.nan, np.nan]
    return Likely(
        pd.DataFrame(frame, index=products.index[rows]),
        (float(whole[0]), float(whole[1])),
        short.shape[1],
    )


def levers(cluster: Cluster, balance: pd.DataFrame, product_id: str | None = None) -> pd.DataFrame:
    """
    The coefficients, outputs and prices that the answer hangs on, the weightiest first.

    Each is set to its low and to its high end while all others stay typical (a tornado
    list): what to go and ask about first.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.
    product_id
        The product whose shortage is asked about; None asks about the value of all
        upstream shortages that have a price.

    Returns
    -------
    levers
        Columns `LEVERS`: kind (`input`, `by_product`, `output` or `price`), what and of what, the
        three values, what the answer is at each end (units/year of the product, or
        yuan/year), the swing between the two, the local companies that know, evidence and
        source. Only those that move the answer.
    """
    act = activity(cluster)
    model = Model(act)
    products = cluster.chain.products
    gap = _is_gap(balance)
    price = products["price"].to_numpy(dtype=float)
    ids = products.index

    def answer(needs: Matrix, falls: Matrix, outputs: Matrix) -> Matrix:
        short = _short(balance, *model.solve(needs, falls, outputs))
        if product_id is not None:
            return np.asarray(short[ids.get_loc(product_id)])
        return np.asarray(np.nansum(short[gap] * price[gap, None], axis=0))

    records = _moved(act, model, answer)
    if product_id is None:
        records += _prices(act, balance, gap)
    frame = pd.DataFrame(records, columns=list(LEVERS))
    frame["swing"] = (frame["at_high"] - frame["at_low"]).abs().astype(float)
    least = _NOISE * float(frame[["at_low", "at_high"]].max().max()) if len(frame) else 0.0
    frame = frame[frame["swing"] > least]
    return frame.sort_values("swing", ascending=False, kind="stable").reset_index(drop=True)


def _moved(
    act: Activity, model: Model, answer: Callable[[Matrix, Matrix, Matrix], Matrix]
) -> list[dict[str, Any]]:
    """The answer with each coefficient and output at either end and all others typical."""
    ends = {
        "input": model.needs.ends(),
        "by_product": model.falls.ends(),
        "output": model.outputs,
    }
    names = {
        "input": _named(model.needs.frame, act, "output_id"),
        "by_product": _named(model.falls.frame, act, "input_id"),
        "output": _outputs(act),
    }
    price = act.chain.products["price"].fillna(0.0).to_numpy(dtype=float)
    level = act.level()
    weights = {
        "input": price[model.needs.row] * level[model.needs.column],
        "by_product": price[model.falls.row] * level[model.falls.column],
        "output": price,
    }
    records = []
    for kind, own in ends.items():
        loose = _widest(own, weights[kind])
        found: dict[str, list[Matrix]] = {"low": [], "high": []}
        for part in model.blocks(len(loose)):
            places = loose[part]
            wide = len(places)
            for end, column in (("low", 0), ("high", 2)):
                amounts = {
                    name: np.repeat(values[:, [1]], wide, axis=1) for name, values in ends.items()
                }
                amounts[kind][places, np.arange(wide)] = own[places, column]
                found[end].append(answer(*amounts.values()))
        for number, place in enumerate(loose.tolist()):
            records.append(
                {
                    **names[kind][place],
                    "kind": kind,
                    "at_low": float(np.concatenate(found["low"])[number]),
                    "at_high": float(np.concatenate(found["high"])[number]),
                }
            )
    return records


def _widest(ends: Matrix, weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """The places that have a range; of very many those that move most by themselves."""
    loose = np.flatnonzero(ends[:, 0] < ends[:, 2])
    if len(loose) <= _SCREENED:
        return loose
    moves = (ends[loose, 2] - ends[loose, 0]) * np.maximum(weight[loose], 1.0)
    return np.sort(loose[np.argsort(-moves, kind="stable")[:_SCREENED]])


def _named(frame: pd.DataFrame, act: Activity, runner: str) -> list[dict[str, Any]]:
    """What each coefficient is, and which local companies know it."""
    return [
        {
            **{str(name): cell for name, cell in record.items()},
            "companies": act.operating.get(record[runner], []),
        }
        for record in as_dicts(frame)
    ]


def _outputs(act: Activity) -> list[dict[str, Any]]:
    """What each recorded output is, and whose."""
    return [
        {
            "input_id": product,
            "output_id": "",
            **{end: float(act.sized_ends[end][place]) for end in ENDS},
            "companies": act.operating.get(product, []),
            "evidence": act.evidence[product],
            "source": "",
        }
        for place, product in enumerate(act.chain.products.index)
    ]


def _prices(act: Activity, balance: pd.DataFrame, gap: Mask) -> list[dict[str, Any]]:
    """The value of all shortages with each price at either end."""
    products = act.chain.products
    whole = float(balance["value"][gap].sum())
    records = []
    ends = _price_ends(products)
    for place, amount in enumerate(balance["shortage"]):
        low, typical, high = ends[place]
        if not (gap[place] and amount > 0 and low < high):
            continue
        records.append(
            {
                "kind": "price",
                "input_id": products.index[place],
                "output_id": "",
                "low": low,
                "typical": typical,
                "high": high,
                "at_low": whole - amount * (typical - low),
                "at_high": whole + amount * (high - typical),
                "companies": balance["users"].iloc[place],
                "evidence": "expert",
                "source": products["price_source"].iloc[place],
            }
        )
    return records


def _is_gap(balance: pd.DataFrame) -> Mask:
    needed = (balance["state"] != "outer") & balance["users"].map(bool)
    return np.asarray(needed, dtype=bool)


def _known(balance: pd.DataFrame) -> Mask:
    return balance["shortage"].notna().to_numpy()


def _short(balance: pd.DataFrame, demand: Matrix, supply: Matrix) -> Matrix:
    """Shortage under each set of coefficients, where the balance knows one at all."""
    implied = balance["implied"].to_numpy(dtype=bool)
    short = np.where(implied[:, None], 0.0, np.maximum(demand - supply, 0.0))
    return np.where(_known(balance)[:, None], short, np.nan)


def _price_ends(products: pd.DataFrame) -> Matrix:
    ends = products[["price_low", "price", "price_high"]].to_numpy(dtype=float)
    return np.where(np.isnan(ends), ends[:, [1]], ends)
