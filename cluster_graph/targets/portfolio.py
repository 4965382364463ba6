"""The best set of projects as a mixed-integer linear program, solved by HiGHS."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cluster_graph._errors import InputError

Vector = NDArray[np.float64]
Places = NDArray[np.intp]
_MILLION: Final = 1e6
_TRIFLE: Final = 1.0  # yuan a year
_SAME: Final = 1e-9  # what two sums of the same amounts may differ by
SECONDS: Final = 60.0  # HiGHS stops then, with what it has found and how far that may be off


@dataclass(frozen=True, kw_only=True)
class Choice:
    """
    What may be chosen, what it does to the balance, and what it may use up.

    Parameters
    ----------
    price
        Yuan a unit of each product; products without one have 0 and count nothing.
    missing
        Demand less supply of each product today, units/year; below 0 there is a surplus.
    counts
        Which products can be short: outer products and those of which local makers of unknown
        size make what is needed cannot.
    use
        Products x candidates, units/year: what one plant takes more than it gives, of each
        product; its own output stands there with a minus sign.
    made
        The product that each candidate makes, and `output` how much, units/year.
    gain
        Yuan a unit of each product made of what is in surplus here and sold elsewhere; 0 for
        products that are not.
    feed
        Products x products: how much of i, in surplus, one unit of k takes.
    most
        How many plants of each candidate may come, and `least` how many must.
    needs
        Resources x candidates, and `limits` of each resource; infinite where there is none.
    """

    price: Vector
    missing: Vector
    counts: NDArray[np.bool_]
    use: "sparse.csr_array[Any, Any]"
    made: NDArray[np.int64]
    output: Vector
    gain: Vector
    feed: "sparse.csr_array[Any, Any]"
    most: Vector
    least: Vector
    needs: Vector
    limits: Vector

    def limited(self, place: int, limit: float) -> "Choice":
        """Return the same choice under another limit of one resource."""
        limits = self.limits.copy()
        limits[place] = limit
        return replace(self, limits=limits)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """
    A solution.

    Parameters
    ----------
    plants
        How many plants of each candidate.
    closed
        Yuan/year: shortage that is gone less shortage that is new, at prices.
    processed
        Yuan/year: what is made of local surplus and sold elsewhere, less the surplus it takes.
    sold
        Units/year of each product so made.
    gap
        How far this may lie below the optimum, as a share of that; 0 where it is the optimum.
    """

    plants: Vector
    closed: float
    processed: float
    sold: Vector
    gap: float

    @property
    def value(self) -> float:
        """Yuan/year, both together."""
        return self.closed + self.processed


def shortage_value(choice: Choice, plants: Vector, sold: Vector) -> float:
    """
    What is short with these plants, at prices.

    sum_i p_i max(D_i + use_i - S_i + sold_i, 0)

    Parameters
    ----------
    choice
        What may be chosen.
    plants, sold
        How many plants of each candidate; what is sold elsewhere of what they make.

    Returns
    -------
    value
        Yuan/year.
    """
    short = np.maximum(choice.missing + choice.use @ plants + sold, 0.0)
    return float((choice.price * short)[choice.counts].sum())


def solve(choice: Choice) -> Chosen:
    """
    Choose the plants that close most, net of what they open.

    maximise sum_i p_i (short_i(before) - short_i) + sum_k g_k sold_k over whole numbers of
    plants x, with short_i >= D_i - S_i + sum_c use_ic x_c + sold_i and >= 0, sold_k <= what
    the plants make of k, sum_k f_ik sold_k <= surplus_i, and each resource within its limit.

    Parameters
    ----------
    choice
        What may be chosen.

    Returns
    -------
    chosen
        The best set found, and how far it may be from the optimum.

    Raises
    ------
    InputError
        If the solver finds nothing in time, or no set meets the limits.

    References
    ----------
    Huangfu & Hall (2018), Parallelizing the dual revised simplex method, Mathematical
    Programming Computation 10: 119-142 (HiGHS).
    """
    from scipy import optimize  # noqa: PLC0415  slow to import, and only plans need it

    products, candidates = choice.use.shape
    priced = np.flatnonzero(choice.counts & (choice.price > 0))
    sold = np.flatnonzero(choice.gain > 0)
    # Variables: plants, shortages and what is sold, both in millions of yuan: tonnes of ore and
    # single vehicles in one program would be beyond the solver's tolerances.
    sizes = (candidates, len(priced), len(sold))
    money = choice.price[priced] / _MILLION
    amount = _MILLION / choice.gain[sold]
    made = sparse.csr_array(
        (choice.output, (choice.made, np.arange(candidates))), shape=(products, candidates)
    )
    pick = sparse.csr_array((amount, (sold, np.arange(len(sold)))), shape=(products, len(sold)))
    fed = np.flatnonzero(np.diff(choice.feed.indptr))
    surplus = np.maximum(-choice.missing[fed], 0.0)
    finite = np.flatnonzero(np.isfinite(choice.limits))
    rows: list[tuple[list[Any], Any, Any]] = [
        # short_i - use x - sold_i >= D_i - S_i
        (
            [
                _scaled(-choice.use[priced], money),
                sparse.eye_array(len(priced)),
                _scaled(-pick[priced], money),
            ],
            choice.missing[priced] * money,
            np.inf,
        ),
        # sold_k - made_k x <= 0
        ([_scaled(-made[sold], 1 / amount), None, sparse.eye_array(len(sold))], -np.inf, 0.0),
        # sum_k f_ik sold_k <= surplus_i
        (
            [None, None, _scaled(choice.feed[fed] @ pick, 1 / np.maximum(surplus, 1.0))],
            -np.inf,
            surplus / np.maximum(surplus, 1.0),
        ),
        # resources
        (
            [
                sparse.csr_array(
                    choice.needs[finite] / np.maximum(choice.limits[finite], 1.0)[:, None]
                ),
                None,
                None,
            ],
            -np.inf,
            choice.limits[finite] / np.maximum(choice.limits[finite], 1.0),
        ),
    ]
    constraints = [
        optimize.LinearConstraint(sparse.csc_array(_row(blocks, sizes)), low, high)
        for blocks, low, high in rows
        if next(block for block in blocks if block is not None).shape[0]
    ]
    free = np.full(sum(sizes[1:]), np.inf)
    answer = optimize.milp(
        np.concatenate([np.zeros(candidates), np.ones(len(priced)), -np.ones(len(sold))]),
        integrality=np.concatenate([np.ones(candidates), np.zeros(len(free))]),
        bounds=optimize.Bounds(
            np.concatenate([choice.least, np.zeros(len(free))]),
            np.concatenate([choice.most, free]),
        ),
        constraints=constraints,
        options={"mip_rel_gap": 0.0, "time_limit": SECONDS},
    )
    if answer.x is None:
        raise InputError("plan_unsolved", reason=answer.message)
    plants = np.round(answer.x[:candidates])
    amounts = np.zeros(products)
    amounts[sold] = answer.x[candidates + len(priced) :] * amount
    _drop_idle(choice, plants, amounts)
    before = shortage_value(choice, np.zeros(candidates), np.zeros(products))
    closed = before - shortage_value(choice, plants, amounts)
    processed = float(choice.gain @ amounts)
    return Chosen(
        plants=plants,
        closed=closed,
        processed=processed,
        sold=amounts,
        gap=_gap(closed + processed, answer.fun, answer.mip_dual_bound),
    )


def _gap(value: float, found: float, bound: float | None) -> float:
    """
    The share of the optimum that may be missing.

    The solver's own gap is a share of its objective, which is what stays short, not what closes;
    and rounding leaves a trifle of it where the optimum is proven.
    """
    # Where nobody can be chosen there is no bound, and nothing to miss.
    more = 0.0 if bound is None else (found - bound) * _MILLION
    optimum = value + more
    return more / abs(optimum) if more > max(_TRIFLE, _SAME * abs(optimum)) else 0.0


def _drop_idle(choice: Choice, plants: Vector, sold: Vector) -> None:
    """Take out plants that close nothing: to the program they are as good as none."""
    short = shortage_value(choice, plants, sold)
    made = np.zeros(len(sold))
    np.add.at(made, choice.made, choice.output * plants)
    for place in np.flatnonzero(plants)[::-1]:
        while plants[place] > choice.least[place]:
            product, output = choice.made[place], choice.output[place]
            plants[place] -= 1
            if made[product] - output < sold[product] or (
                shortage_value(choice, plants, sold) > short + _TRIFLE
            ):
                plants[place] += 1
                break
            made[product] -= output


def would_close(choice: Choice, chosen: Chosen) -> NDArray[np.bool_]:
    """
    Whether one more plant of a candidate would close more than it opens, limits aside.

    Parameters
    ----------
    choice
        What may be chosen.
    chosen
        A solution.

    Returns
    -------
    would_close
        One flag for each candidate.
    """
    short = shortage_value(choice, chosen.plants, chosen.sold)
    return np.array(
        [
            shortage_value(choice, chosen.plants + one, chosen.sold) < short - _TRIFLE
            for one in np.eye(len(chosen.plants))
        ],
        dtype=bool,
    )


def effects(choice: Choice, chosen: Chosen, place: int) -> tuple[Places, Places, Places]:
    """
    What a candidate does beside the others: what would be otherwise without its plants.

    Parameters
    ----------
    choice
        What may be chosen.
    chosen
        A solution.
    place
        The candidate, one that was chosen.

    Returns
    -------
    closes, opens, processes
        The places of the products of which more, or less, would be short without it, and of
        those whose surplus it makes into something sold elsewhere.
    """
    product, plants = choice.made[place], chosen.plants[place]
    net = choice.missing + choice.use @ chosen.plants + chosen.sold
    others = float((choice.output * chosen.plants)[choice.made == product].sum())
    others -= float(choice.output[place] * plants)
    unsold = max(float(chosen.sold[product]) - others, 0.0)
    without = net - choice.use[:, [place]].toarray()[:, 0] * plants
    without[product] -= unsold
    more = np.maximum(without, 0.0) - np.maximum(net, 0.0)
    changed = choice.counts & ~np.isclose(without, net, rtol=_SAME, atol=0.0)
    fed = choice.feed[:, [product]].toarray()[:, 0] > 0
    return (
        np.flatnonzero(changed & (more > 0)),
        np.flatnonzero(changed & (more < 0)),
        np.flatnonzero(fed & (unsold > 0)),
    )


def _scaled(matrix: Any, factors: Vector) -> Any:  # noqa: ANN401  sparse matrices
    return sparse.diags_array(factors) @ matrix


def _row(blocks: list[Any], sizes: tuple[int, ...]) -> Any:  # noqa: ANN401  a sparse matrix
    height = next(block for block in blocks if block is not None).shape[0]
    return sparse.hstack(
        [
            sparse.csr_array((height, size)) if block is None else block
            for block, size in zip(blocks, sizes, strict=True)
        ],
        format="csr",
    )


def front(choice: Choice, place: int, points: int) -> list[tuple[float, float]]:
    """
    What closes for how much of one resource: the Pareto front, by limits on the resource.

    Parameters
    ----------
    choice
        What may be chosen.
    place
        The resource that is limited step by step, evenly from nothing to what the best set
        under the other limits takes.
    points
        How many steps.

    Returns
    -------
    front
        Pairs of what is used and the value, rising in both; sets that another beats in both
        are left out.

    References
    ----------
    Haimes, Lasdon & Wismer (1971), IEEE Transactions on Systems, Man, and Cybernetics 1:
    296-297 (the epsilon-constraint method).
    """
    use = choice.needs[place]
    best = solve(choice)
    most, least = float(use @ best.plants), float(use @ choice.least)
    found = [(most, best.value)]
    for limit in np.linspace(least, most, points, endpoint=False)[::-1]:
        chosen = solve(choice.limited(place, float(limit)))
        used, value = float(use @ chosen.plants), chosen.value
        if value >= found[-1][1]:
            found.pop()  # as much for less
        if not found or used < found[-1][0]:
            found.append((used, value))
    return found[::-1]
