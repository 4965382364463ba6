"""
How long the best set of a synthetic pool of candidates takes, beside taking the best first.

    python benchmarks/plan.py --candidates 500
"""

import argparse
import time

import numpy as np
from scipy import sparse

from cluster_graph.targets.portfolio import Choice, Vector, shortage_value, solve

SHORT = 0.6  # share of the products that are short


def synthetic(candidates: int, products: int, chance: np.random.Generator) -> Choice:
    """Return a synthetic pool: each candidate makes one product and takes three others."""
    made = chance.integers(0, products, candidates)
    output = chance.lognormal(8, 1, candidates)
    price = chance.lognormal(7, 1, products)
    use = np.zeros((products, candidates))
    for place in range(candidates):
        inputs = chance.choice(products, 3, replace=False)
        spent = chance.dirichlet(np.ones(3)) * 0.6 * price[made[place]] * output[place]
        use[inputs, place] += spent / price[inputs]
        use[made[place], place] -= output[place]
    needs = np.vstack([chance.lognormal(9, 1, (4, candidates)), np.ones(candidates)])
    return Choice(
        price=price,
        missing=chance.lognormal(9, 1, products) * (chance.random(products) < SHORT),
        counts=np.ones(products, dtype=bool),
        use=sparse.csr_array(use),
        made=made,
        output=output,
        gain=np.zeros(products),
        feed=sparse.csr_array((products, products)),
        most=np.ones(candidates),
        least=np.zeros(candidates),
        needs=needs,
        limits=np.array([*(needs[:4].sum(axis=1) * 0.15), candidates // 5]),
    )


def best_first(choice: Choice) -> float:
    """Take the candidate that closes most until nothing fits: what is done by hand."""
    size = len(choice.price)
    plants, left = np.zeros(len(choice.made)), choice.limits.copy()

    def value(of: Vector) -> float:
        return shortage_value(choice, np.zeros_like(of), np.zeros(size)) - shortage_value(
            choice, of, np.zeros(size)
        )

    reached = 0.0
    while True:
        steps = []
        for place in np.flatnonzero((plants == 0) & (choice.needs <= left[:, None]).all(axis=0)):
            plants[place] = 1
            steps.append((value(plants), int(place)))
            plants[place] = 0
        best, place = max(steps, default=(reached, -1))
        if best <= reached:
            return reached
        reached, plants[place], left = best, 1, left - choice.needs[:, place]


def main() -> None:
    """Print seconds, value and the gap to the optimum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--candidates", type=int, default=500)
    parser.add_argument("--products", type=int, default=295)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    print("| seed | seconds | closed, m yuan | gap | best first: seconds | closed, m yuan |")
    print("|---:|---:|---:|---:|---:|---:|")
    for seed in range(asked.runs):
        choice = synthetic(asked.candidates, asked.products, np.random.default_rng(seed))
        start = time.perf_counter()
        chosen = solve(choice)
        middle = time.perf_counter()
        by_hand = best_first(choice)
        end = time.perf_counter()
        print(
            f"| {seed} | {middle - start:.2f} | {chosen.value / 1e6:.2f} | {chosen.gap:.1e} "
            f"| {end - middle:.2f} | {by_hand / 1e6:.2f} |"
        )


if __name__ == "__main__":
    main()
