"""The best set under limits, against every set there is; all data synthetic."""

from itertools import pairwise
from itertools import product as every

import numpy as np
import pytest
from scipy import optimize, sparse

from cluster_graph._errors import InputError
from cluster_graph.targets.portfolio import Choice, Vector, front, solve


def random_choice(chance: np.random.Generator) -> Choice:
    """Return a synthetic instance: up to 12 candidates on up to 8 products, some surpluses."""
    products, candidates = int(chance.integers(2, 9)), int(chance.integers(1, 13))
    made = chance.integers(0, products, candidates)
    output = np.round(chance.uniform(1, 50, candidates), 1)
    use = chance.uniform(0, 30, (products, candidates)) * (
        chance.random((products, candidates)) < 0.3
    )
    use[made, np.arange(candidates)] = -output
    missing = np.round(chance.uniform(-40, 60, products), 1)
    gain = chance.uniform(0, 5, products) * (chance.random(products) < 0.4)
    feed = chance.uniform(0.1, 2, (products, products)) * (missing < 0)[:, None]
    limits = chance.uniform(5, 60, 3)
    limits[chance.random(3) < 0.3] = np.inf
    return Choice(
        price=np.round(chance.uniform(0, 10, products), 2) * 1e4,
        missing=missing,
        counts=chance.random(products) < 0.8,
        use=sparse.csr_array(use),
        made=made,
        output=output,
        gain=gain * 1e4,
        feed=sparse.csr_array(feed * (gain > 0)[None, :]),
        most=np.ones(candidates),
        least=(chance.random(candidates) < 0.05).astype(float),
        needs=chance.uniform(0, 15, (3, candidates)) * (chance.random((3, candidates)) < 0.8),
        limits=limits,
    )


def sold_value(choice: Choice, plants: Vector) -> float:
    """Return the value of one set: what to sell elsewhere is a linear program of its own."""
    size = len(choice.price)
    made = np.zeros(size)
    np.add.at(made, choice.made, choice.output * plants)
    net = choice.missing + choice.use @ plants
    price = np.where(choice.counts, choice.price, 0.0)
    # Variables: sold, short; minimise price short - gain sold.
    answer = optimize.linprog(
        np.concatenate([-choice.gain, price]),
        A_ub=np.block(
            [
                [np.eye(size), -np.eye(size)],
                [choice.feed.toarray(), np.zeros((size, size))],
            ]
        ),
        b_ub=np.concatenate([-net, np.maximum(-choice.missing, 0.0)]),
        bounds=[(0, made[k] if choice.gain[k] > 0 else 0) for k in range(size)]
        + [(0, None)] * size,
    )
    return float(price @ np.maximum(choice.missing, 0.0)) - float(answer.fun)


def best_by_hand(choice: Choice) -> float | None:
    """Return the value of the best of all sets, or None if no set meets the limits."""
    found = None
    for bits in every((0.0, 1.0), repeat=len(choice.made)):
        plants = np.array(bits)
        if (plants < choice.least).any() or (choice.needs @ plants > choice.limits).any():
            continue
        value = sold_value(choice, plants)
        found = value if found is None else max(found, value)
    return found


def test_the_program_finds_what_trying_every_set_finds() -> None:
    """Two hundred random instances of up to twelve candidates."""
    chance = np.random.default_rng(5)
    solved = 0
    while solved < 200:
        choice = random_choice(chance)
        if len(choice.made) > 7 and solved % 40:
            continue  # a few of the largest are enough: each has thousands of sets
        expected = best_by_hand(choice)
        if expected is None:
            with pytest.raises(InputError):
                solve(choice)
            continue
        chosen = solve(choice)
        assert chosen.value == pytest.approx(expected, rel=1e-6, abs=1.0)
        assert chosen.gap <= 1e-9
        assert (choice.needs @ chosen.plants <= choice.limits * (1 + 1e-9)).all()
        solved += 1


def test_the_front_is_the_best_for_each_amount() -> None:
    """Every point is what the best set reaches for that much, and both rise."""
    chance = np.random.default_rng(8)
    for _ in range(4):
        choice = random_choice(chance)
        choice = choice.limited(1, np.inf).limited(2, np.inf)
        if best_by_hand(choice) is None or len(choice.made) > 7:
            continue
        points = front(choice, 0, 5)
        assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(points))
        for used, value in points:
            assert value == pytest.approx(best_by_hand(choice.limited(0, used + 1e-9)), abs=1.0)
