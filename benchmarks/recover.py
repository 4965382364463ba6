"""
Mask and recover: hide every maker of one product, and see at which place it comes back.

    python benchmarks/recover.py                # a seeded sample in every variant
    python benchmarks/recover.py --hidden 1000  # every product of every cluster

Clusters are synthetic: everything that the chains need to make some final products, as much as
is needed and a margin, so that nothing is short before something is hidden. Variants: all
products, one chain, or what stands behind a few final products; and a share of the other
makers absent from the start. Sizes are lognormal (`--spread 0`: smallest viable plants).

Everybody ranks the same candidates: the products that nobody makes here once the makers are
hidden, the hidden one among them. What the list does not name shares its last places. Ties are
in random order for everybody (expected values, worked out). Nobody is told what was hidden.

`all products` is the first baseline as it is usually described: by chain users among everything
that the chains could make, without a look at what is made here.

Absent makers are drawn as the hidden one is, so that no ranking whatever can tell them apart:
where the candidates are such products alone, every ranking does as well as chance. `best` is
what a ranking reaches that puts all of them, and nothing else, first.

ranked  products that may be recruited, among themselves.
needed  the same, among those that a product made here takes: the list also names what could be
        made of local products, which is another question and no mistake.
full    all of them, those that a gate holds back at the end, as the list has them.
"""

import argparse
import time
from dataclasses import dataclass
from functools import cache
from itertools import product as pairs
from multiprocessing import Pool

import numpy as np
import pandas as pd

import cluster_graph as cg
from cluster_graph.chain.linkages import leontief_solve
from cluster_graph.chain.model import Chain
from cluster_graph.chain.schema import FINAL_STAGE, OPEN_GATE
from cluster_graph.cluster.model import Cluster

SEED = 20261127
HITS = (5, 10)
REGION = "211382"
MARGIN = 0.05  # share of each output that is made beyond the needs of the others
WORTH = 5e8  # yuan a year of a final product whose smallest viable plant is unknown
# What a cluster makes: everything, one chain, or what stands behind so many final products.
MAKES: tuple[int | str, ...] = ("all", "steel", "auto", "new_materials", 12, 4)
ABSENT = (0.0, 0.25, 0.5)
RANKINGS = ("list", "all products", "chain users", "local users", "chance", "best")
COMPARED = tuple(title for title in RANKINGS if title != "all products")


@dataclass(frozen=True)
class Masked:
    """A cluster by its number and kind, and what is hidden in it."""

    product_id: str
    makes: int | str
    absent: float
    spread: float
    draw: int


@dataclass(frozen=True)
class Place:
    """What each ranking gives a hidden product: reciprocal rank and hits, expected over ties."""

    asked: Masked
    is_open: bool
    named: bool
    candidates: dict[str, int]
    found: dict[str, dict[str, tuple[float, ...]]]


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
    # No one maker proves enough where nobody knows how much is needed; two do.
    unknown = set(chain.needs.loc[chain.needs["typical"].isna(), "input_id"])
    rows = [
        {"company_id": f"M{maker}_{name}", "product_id": name, "output": amount / makers}
        for name, amount in zip(table.index, output, strict=True)
        for makers in [2 if name in unknown else 1]
        for maker in range(makers)
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


@cache
def shipped() -> Chain:
    """Load the shipped chains once a process."""
    return cg.chains()


def maskable(chain: Chain, chains: tuple[str, ...]) -> list[str]:
    """Return the products that a cluster can make: no outer boundary."""
    table = chain.products[chain.products["chain"].isin(chains)]
    return [name for name, flag in table["outer_boundary"].items() if flag is not True]


def behind(chain: Chain, finals: list[str]) -> list[str]:
    """Return these products and all that the chains need to make them."""
    needs = chain.needs.groupby("output_id")["input_id"].agg(list)
    found, waiting = set(finals), list(finals)
    while waiting:
        new = set(needs.get(waiting.pop(), [])) - found
        found |= new
        waiting += sorted(new)
    return [name for name in maskable(chain, chain.names) if name in found]


@cache
def whole(makes: int | str, draw: int) -> tuple[str, ...]:
    """Return the products of a complete cluster, the draw deciding on its final ones."""
    chain = shipped()
    if isinstance(makes, str):
        return tuple(maskable(chain, chain.names if makes == "all" else (makes,)))
    last = chain.products.loc[maskable(chain, chain.names)]
    last = last.index[last["stage"] == FINAL_STAGE].to_numpy()
    chance = np.random.default_rng([SEED, makes, draw])
    return tuple(behind(chain, list(chance.choice(last, makes, replace=False))))


def hideable(chain: Chain, products: tuple[str, ...]) -> list[str]:
    """Leave out what falls beside another product: nobody can hide it."""
    falls = set(chain.by_products["output_id"])
    return [name for name in products if name not in falls]


def left(chain: Chain, asked: Masked) -> pd.DataFrame:
    """Return the outputs once the hidden product and the absent ones have no maker."""
    products = whole(asked.makes, asked.draw)
    outputs = complete(chain, list(products), asked.spread)
    others = [name for name in hideable(chain, products) if name != asked.product_id]
    number = list(chain.products.index).index(asked.product_id)
    chance = np.random.default_rng([SEED, asked.draw, number])
    gone = chance.permutation(others)[: round(asked.absent * len(others))]
    return outputs[~outputs["product_id"].isin([asked.product_id, *gone])]


def recovered(asked: Masked) -> Place:
    """Hide one product and say what every ranking makes of it."""
    chain, name = shipped(), asked.product_id
    outputs = left(chain, asked)
    targets = cg.targets(built(chain, outputs)).set_index("product_id")
    made = set(outputs["product_id"])
    falls = chain.by_products
    made |= set(falls.loc[falls["input_id"].isin(made), "output_id"])
    pool = pd.Index([each for each in maskable(chain, chain.names) if each not in made])
    gates = chain.products.loc[pool, "recruit_gate"]
    is_open = gates.isin(["", OPEN_GATE]).to_numpy()
    score = targets["score"].reindex(pool).fillna(-np.inf).to_numpy()
    # The list has those apart after the ranked ones; what it does not name comes last.
    full = score + np.where(is_open, 2.0, 0.0)
    needs = chain.needs
    local = needs[needs["output_id"].isin(made)]
    users, near = (
        rows.groupby("input_id")["output_id"].nunique().reindex(pool).fillna(0).to_numpy()
        for rows in (needs, local)
    )
    belonged = pool.isin(list(whole(asked.makes, asked.draw))).astype(float)
    rankings = (score, users, near, np.zeros(len(pool)), belonged)
    every = maskable(chain, chain.names)
    anywhere = needs.groupby("input_id")["output_id"].nunique().reindex(every).fillna(0).to_numpy()
    blind = expected(anywhere, float(anywhere[every.index(name)]))
    at = pool.get_loc(name)
    kinds = {"full": (np.ones(len(pool), dtype=bool), (full, *rankings[1:]))}
    if is_open[at]:
        kinds["ranked"] = (is_open, rankings)
        if near[at]:
            kinds["needed"] = (is_open & (near > 0), rankings)
    return Place(
        asked=asked,
        is_open=bool(is_open[at]),
        named=name in targets.index,
        candidates={kind: int(inside.sum()) for kind, (inside, _) in kinds.items()},
        found={
            kind: {
                "all products": blind,
                **{
                    title: expected(values[inside], float(values[at]))
                    for title, values in zip(COMPARED, columns, strict=True)
                },
            }
            for kind, (inside, columns) in kinds.items()
        },
    )


def report(title: str, places: list[Place]) -> None:
    """Print mean reciprocal rank and hits of every ranking."""
    for kind in ("ranked", "needed", "full"):
        some = [place for place in places if kind in place.found]
        if not some:
            continue
        means = {
            ranking: np.mean([place.found[kind][ranking] for place in some], axis=0)
            for ranking in RANKINGS
        }
        pool = np.mean([place.candidates[kind] for place in some])
        cells = " | ".join(f"{m:.3f}, {five:.2f}, {ten:.2f}" for m, five, ten in means.values())
        times = means["list"][0] / max(means["chain users"][0], means["chance"][0])
        unnamed = sum(not place.named for place in some)
        print(
            f"| {title}, {kind} | {len(some)} | {pool:.0f} | {unnamed} | {cells} | {times:.1f} |",
            flush=True,
        )


def open_before(makes: int | str, spread: float, draws: int) -> list[int]:
    """Count the upstream gaps of the complete clusters, before anything is hidden."""
    chain = shipped()
    return [
        len(cg.gaps(built(chain, complete(chain, list(whole(makes, draw)), spread)), "upstream"))
        for draw in range(draws)
    ]


def main() -> None:
    """Run every variant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--hidden", type=int, default=8, help="products hidden in a cluster")
    parser.add_argument("--clusters", type=int, default=4, help="clusters of a variant")
    parser.add_argument("--spread", type=float, default=1.0, help="of the lognormal sizes")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    chain = shipped()
    start = time.perf_counter()
    print("MRR, hit@5, hit@10:\n")
    print(f"| cluster | hidden | candidates | unnamed | {' | '.join(RANKINGS)} | times |")
    print(f"|---|{'---:|' * (4 + len(RANKINGS))}")
    with Pool(asked.processes) as pool:
        for makes, absent in pairs(MAKES, ABSENT):
            # There is one cluster that makes a whole chain: hide as many in it as in the others.
            draws = 1 if isinstance(makes, str) else asked.clusters
            most = asked.hidden * asked.clusters // draws
            work = []
            for draw in range(draws):
                names = hideable(chain, whole(makes, draw))
                chance = np.random.default_rng([SEED, draw])
                names = sorted(chance.permutation(names)[:most])
                work += [Masked(str(name), makes, absent, asked.spread, draw) for name in names]
            title = f"{makes} made, {absent:.0%} absent"
            report(title, pool.map(recovered, work, chunksize=2))
    for makes in MAKES:
        draws = 1 if isinstance(makes, str) else asked.clusters
        print(f"open before hiding, {makes} made: {open_before(makes, asked.spread, draws)}")
    print(f"seed {SEED}, spread {asked.spread:g}; {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
