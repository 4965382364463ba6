"""
Time and memory of the balance on a large synthetic chain, beside plain sparse LU on a small one.

The chain is synthetic: each product takes ten inputs from products near it in a random order,
upstream mostly, downstream sometimes, so that there are cycles.
"""

import argparse
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.linalg import splu

import cluster_graph as cg
from cluster_graph.chain import schema
from cluster_graph.chain.linkages import leontief_solve
from cluster_graph.chain.model import Chain
from cluster_graph.chain.productive import spectral_radius
from cluster_graph.gaps.demand import direct_demand, total_demand

SEED = 20241124
INPUTS = 10  # of each product
NEAR = 2_000  # how far away an input stands in the order
BACK = 0.05  # share of inputs that come from further down, which makes cycles
SMALL = 5_000  # products that a sparse LU can still do
PER_COMPANY = 5
ESSENTIAL = 0.5  # share of the inputs
OUTSIDE = 0.1  # share of the companies
BLANK = 0.1  # share of the outputs without a figure


def chain_of(products: int) -> Chain:
    """Make a synthetic chain."""
    chance = np.random.default_rng(SEED)
    user = np.repeat(np.arange(products), INPUTS)
    step = chance.integers(1, NEAR, size=len(user))
    made = np.where(chance.random(len(user)) < BACK, user + step, user - step) % products
    pairs = pd.DataFrame({"input_id": made, "output_id": user}).drop_duplicates()
    typical = chance.uniform(0.01, 0.08, size=len(pairs))
    ids = pd.Series([f"P{number}" for number in range(products)], dtype=object)
    frame = pd.DataFrame(
        {
            **dict.fromkeys(schema.PRODUCT_TEXTS, ""),
            "product_id": ids,
            "name_zh": ids,
            "name_en": ids,
            "chain": "synthetic",
            "stage": "intermediate",
            "unit": "t",
            **dict.fromkeys(schema.PRODUCT_NUMBERS, np.nan),
            "price": chance.uniform(10, 1000, size=products),
        }
    ).astype(dict.fromkeys(schema.PRODUCT_TEXTS, object))
    for name in schema.PRODUCT_FLAGS:
        frame[name] = pd.Series([None] * products, dtype=object)
    frame.index = pd.Index(ids)
    inputs = pd.DataFrame(
        {
            **dict.fromkeys(schema.INPUT_TEXTS, ""),
            "input_id": ids.to_numpy()[pairs["input_id"]],
            "output_id": ids.to_numpy()[pairs["output_id"]],
            "kind": "material",
            "low": typical * 0.8,
            "typical": typical,
            "high": typical * 1.2,
            "value_share": np.nan,
            "essential": chance.random(len(pairs)) < ESSENTIAL,
            "evidence": "expert",
        }
    ).astype(dict.fromkeys(schema.INPUT_TEXTS, object))
    return Chain(frame, inputs, ("synthetic",))


def tables_of(products: int, outputs: int) -> dict[str, pd.DataFrame]:
    """Make synthetic companies and their outputs; a tenth have no figure."""
    chance = np.random.default_rng(SEED + 1)
    firms = [f"C{number}" for number in range(max(outputs // PER_COMPANY, 1))]
    outside = chance.random(len(firms)) < OUTSIDE
    companies = pd.DataFrame(
        {
            "company_id": firms,
            "name": [f"合成企业{number}号" for number in range(len(firms))],
            "region_code": np.where(outside, "110000", "211382"),
        }
    )
    rows = pd.DataFrame(
        {
            "company_id": chance.choice(firms, size=outputs),
            "product_id": [f"P{n}" for n in chance.integers(products, size=outputs)],
            "output": chance.lognormal(5, 1, size=outputs).round(1).astype(str),
        }
    ).drop_duplicates(["company_id", "product_id"])
    rows.loc[chance.random(len(rows)) < BLANK, "output"] = ""
    return {"companies": companies, "outputs": rows}


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print a row of the table."""
    start = time.perf_counter()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {what} | {time.perf_counter() - start:.1f} | {peak:,.0f} |", flush=True)


def main() -> None:
    """Print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--outputs", type=int, default=1_000_000)
    asked = parser.parse_args()
    print("| step | seconds | peak MiB so far |\n|---|---:|---:|")
    with timed(f"plain sparse LU, {SMALL:,} products"):
        small = sparse.csc_array(sparse.eye_array(SMALL) - chain_of(SMALL).coefficients())
        splu(small).solve(np.ones(SMALL))
    with timed(f"its iterative solve, {asked.products:,} products"):
        chain = chain_of(asked.products)
        matrix = chain.coefficients()
        leontief_solve(matrix, np.ones(asked.products))
    with timed("spectral radius"):
        spectral_radius(matrix)
    activity = np.ones(asked.products)
    with timed("direct and total demand"):
        direct_demand(matrix, activity)
        total_demand(matrix, activity)
    with timed(f"load {asked.outputs:,} outputs from frames"):
        tables = cg.load(tables_of(asked.products, asked.outputs))
    with timed("build the cluster"):
        cluster = cg.build(tables, chain)
    with timed("balance and states"):
        cg.balance(cluster)


if __name__ == "__main__":
    main()
