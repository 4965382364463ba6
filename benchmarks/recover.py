"""
Mask and recover: hide every maker of one product, and see at which place it comes back.

    python benchmarks/recover.py                # every product, about an hour on 2 slow cores
    python benchmarks/recover.py --every 4      # every fourth product

Two tests on a synthetic cluster in which every need is met:

all     every product of the three chains has a maker. The baselines rank all these products, as
        the method's description has it.
chain   only one chain has makers, the other two are absent. What is hidden competes with some
        two hundred products that were never here, and the baselines rank the same products
        without a local maker as the list does: nobody is told more than the other.
needed  the same, among what somebody here needs: the rows of the list that are upstream gaps,
        and for the baselines the products without a local maker that a product made here takes.

Products that a gate holds back are listed apart and have no place in the ranking; they are
counted, and their place is the one among those listed apart.

Baselines: products by the number of their users in the chains, ties in random order (expected
values, worked out), and random order (the same).
"""

import argparse
import sys
import time
from dataclasses import dataclass
from multiprocessing import Pool

import numpy as np
import pandas as pd

import cluster_graph as cg
from cluster_graph.chain.linkages import leontief_solve
from cluster_graph.chain.model import Chain
from cluster_graph.chain.schema import OPEN_GATE
from cluster_graph.cluster.model import Cluster

SEED = 20261127
HITS = (5, 10)
REGION = "211382"
MARGIN = 0.05  # share of each output that is made beyond the needs of the others
WORTH = 5e8  # yuan a year of a final product whose smallest viable plant is unknown


@dataclass(frozen=True)
class Place:
    """At which place a hidden product came back, and what the baselines give it on average."""

    product_id: str
    is_open: bool
    place: int | None
    candidates: int
    by_users: tuple[float, ...]
    by_chance: tuple[float, ...]


def complete(chain: Chain, products: list[str], spread: float) -> pd.DataFrame:
    """
    Return the synthetic outputs of a cluster that meets every need of its own.

    Final products are made at the smallest viable size, or worth `WORTH`, times a lognormal
    factor of this spread; all others in the amounts that the whole chain behind them takes,
    and at least that size, so that nothing is short.
    """
    chance = np.random.default_rng(SEED)
    table = chain.products
    inside = table.index.isin(products)
    price = table["price"].fillna(table["price"].median())
    size = table["min_efficient_scale"].fillna(WORTH / price).to_numpy(dtype=float)
    final = (table["stage"] == "final").to_numpy() & inside
    factor = np.exp(chance.normal(0.0, spread, len(table)))
    demand = np.where(final, size * factor, 0.0)
    behind = leontief_solve(chain.coefficients(), demand)
    # Whoever is needed by nobody is there all the same, and needs the others in turn.
    own = np.where(inside & ~final, np.maximum(size * factor - behind, 0.0), demand)
    output = leontief_solve(chain.coefficients(), own)
    # What is made beyond the needs of the others leaves the cluster.
    output = leontief_solve(chain.coefficients(), own + MARGIN * output)
    rows = [
        {"company_id": f"M_{name}", "product_id": name, "output": amount}
        for name, amount in zip(table.index, output, strict=True)
        if name in set(products) and amount > 0
    ]
    return pd.DataFrame(rows)


def built(chain: Chain, outputs: pd.DataFrame) -> Cluster:
    """Build the synthetic cluster of these makers."""
    companies = pd.DataFrame(
        {
            "company_id": outputs["company_id"],
            "name": outputs["company_id"].map("synthetic {}".format),
            "region_code": REGION,
        }
    )
    tables = cg.load({"companies": companies, "outputs": outputs})
    return cg.build(tables, chain, region=REGION)


def expected(scores: np.ndarray, own: float) -> tuple[float, ...]:
    """Return the expected reciprocal rank and hits of a score, ties in random order."""
    above, same = int((scores > own).sum()), int((scores == own).sum())
    places = np.arange(above + 1, above + same + 1)
    return (float((1 / places).mean()), *(float((places <= most).mean()) for most in HITS))


def recovered(asked: tuple[str, list[str], float, str]) -> Place:
    """Hide one product and say at which place it comes back."""
    name, products, spread, test = asked
    chain = cg.chains()
    outputs = complete(chain, products, spread)
    outputs = outputs[outputs["product_id"] != name]
    targets = cg.targets(built(chain, outputs))
    if test == "needed":
        targets = targets[targets["direction"] != "downstream"]
    own_list = targets[targets["listed"] == listed(chain, name)].reset_index(drop=True)
    found = own_list.index[own_list["product_id"] == name]
    outer = [flag is True for flag in chain.products["outer_boundary"]]
    pool = chain.products.index[~np.array(outer)]
    # The list keeps gates apart, and so does everybody it is compared with.
    pool = pool[[listed(chain, other) == listed(chain, name) for other in pool]]
    if test != "all":
        pool = pool[~pool.isin(outputs["product_id"])]
    if test == "needed":
        here = chain.needs[chain.needs["output_id"].isin(outputs["product_id"])]["input_id"]
        pool = pool[pool.isin(here)]
    users = chain.needs.groupby("input_id")["output_id"].nunique()
    scores = users.reindex(pool).fillna(0).to_numpy()
    own = float(users.get(name, 0))
    return Place(
        product_id=name,
        is_open=listed(chain, name) == "recruit",
        place=int(found[0]) + 1 if len(found) else None,
        candidates=len(pool),
        by_users=expected(scores, own),
        by_chance=expected(np.zeros(len(pool)), 0.0),
    )


def listed(chain: Chain, name: str) -> str:
    """Say whether a product is ranked or listed apart."""
    gate = chain.products.loc[name, "recruit_gate"]
    return "recruit" if gate in ("", OPEN_GATE) else "apart"


def maskable(chain: Chain, chains: tuple[str, ...]) -> list[str]:
    """Return the products that a cluster can make: no outer boundary."""
    table = chain.products[chain.products["chain"].isin(chains)]
    return [name for name, flag in table["outer_boundary"].items() if flag is not True]


def report(title: str, places: list[Place]) -> None:
    """Print hits and mean reciprocal rank beside both baselines."""
    for kind, some in (
        ("ranked", [place for place in places if place.is_open]),
        ("apart", [place for place in places if not place.is_open]),
    ):
        if not some:
            continue
        ours = [
            (1 / place.place, *(float(place.place <= most) for most in HITS))
            if place.place
            else (0.0,) * (1 + len(HITS))
            for place in some
        ]
        columns = (
            np.mean(ours, axis=0),
            np.mean([place.by_users for place in some], axis=0),
            np.mean([place.by_chance for place in some], axis=0),
        )
        pool = np.mean([place.candidates for place in some])
        cells = " | ".join(f"{mrr:.3f}, {five:.2f}, {ten:.2f}" for mrr, five, ten in columns)
        times = columns[0][0] / max(columns[1][0], columns[2][0])
        print(f"| {title}, {kind} | {len(some)} | {pool:.0f} | {cells} | {times:.1f} |")
        sys.stdout.flush()


def main() -> None:
    """Run both tests."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--spread", type=float, default=1.0, help="of the lognormal sizes")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    chain = cg.chains()
    start = time.perf_counter()
    print("MRR, hit@5, hit@10 of the list, of products by chain users, and of chance:\n")
    print("| test | hidden | candidates | list | by users | chance | times the better |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with Pool(asked.processes) as pool:
        for test, chains in (
            ("all", chain.names),
            *(("chain", (name,)) for name in chain.names),
            *(("needed", (name,)) for name in chain.names),
        ):
            title = test if test == "all" else f"{test} {chains[0]}"
            products = maskable(chain, chains)
            falls = set(chain.by_products["output_id"])
            # What falls beside another product cannot be hidden: it goes on falling.
            hidden = [name for name in products if name not in falls][:: asked.every]
            if test == "needed":
                taken = set(chain.needs[chain.needs["output_id"].isin(products)]["input_id"])
                hidden = [name for name in hidden if name in taken]
            work = [(name, products, asked.spread, test) for name in hidden]
            places = pool.map(recovered, work, chunksize=4)
            report(title, places)
            missed = [place.product_id for place in places if place.place is None]
            if missed:
                print(f"\nnot in the list: {', '.join(missed)}\n")
    before = cg.gaps(built(chain, complete(chain, maskable(chain, chain.names), asked.spread)))
    still = before[(before["direction"] == "upstream") & (before["shortage"] > 0)]
    print(f"\nshort before anything is hidden: {len(still)}; seed {SEED}, spread {asked.spread}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
