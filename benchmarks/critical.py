"""
Time of the systemic risk index, beside the plain loops of the tests, on synthetic networks.

The networks are synthetic: suppliers drawn by a power law, as in firm networks, so that a few
firms supply many.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np

from cluster_graph.cluster.risk import Network, Spread
from cluster_graph.cluster.stops import TOLERANCE, Stops, stops

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from test_critical import Link, network, reference

SEED = 20241124
KINDS = 60
ESSENTIAL = 0.5  # share of a firm's inputs that it cannot do without
SETTLED = 1e-9
PLAIN = 60  # firms that plain loops can do in a few seconds


def links_of(firms: int, count: int) -> list[Link]:
    """Draw links; the chance of being a supplier falls with the rank of the firm."""
    chance = np.random.default_rng(SEED)
    weight = 1.0 / np.arange(1, firms + 1)
    suppliers = chance.choice(firms, size=count, p=weight / weight.sum())
    customers = chance.integers(firms, size=count)
    kinds = suppliers % KINDS
    essential = chance.random((firms, KINDS)) < ESSENTIAL
    amounts = chance.lognormal(0.0, 1.0, size=count)
    return [
        (int(s), int(c), int(k), float(a), bool(essential[c, k]))
        for s, c, k, a in zip(suppliers, customers, kinds, amounts, strict=True)
        if s != c
    ]


def timed(made: Network, tolerance: float) -> tuple[Stops, float]:
    """Seconds for the index of all firms."""
    start = time.perf_counter()
    found = stops(made, tolerance=tolerance)
    return found, time.perf_counter() - start


def batched(made: Network, sample: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Index of a sample of firms by whole rounds of all firms, and seconds for all firms."""
    failing = np.random.default_rng(SEED).choice(made.size, min(sample, made.size), replace=False)
    start = time.perf_counter()
    spread, places = Spread(made), np.arange(len(failing))
    down = np.ones((made.size, len(failing)))
    down[failing, places] = 0.0
    up = down.copy()
    while len(places):
        down[:, places], up[:, places], moved = spread.round(down[:, places], up[:, places])
        places = places[moved > SETTLED]
    seconds = (time.perf_counter() - start) * made.size / len(failing)
    return failing, made.output @ (1.0 - np.minimum(down, up)) / made.output.sum(), seconds


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=10_000)
    parser.add_argument("--links", type=int, default=60_000)
    parser.add_argument("--tolerance", type=float, default=TOLERANCE)
    parser.add_argument("--sample", type=int, default=8, help="firms for the batched rounds")
    asked = parser.parse_args()
    links = links_of(PLAIN, 6 * PLAIN)
    _, own = timed(network(PLAIN, links), asked.tolerance)
    start = time.perf_counter()
    reference(PLAIN, links)
    plain = time.perf_counter() - start
    print("| firms | links | seconds | plain loops, seconds | times |")
    print("|---:|---:|---:|---:|---:|")
    print(f"| {PLAIN:,} | {len(links):,} | {own:.3f} | {plain:.1f} | {plain / own:.0f} |\n")
    made = network(asked.firms, links_of(asked.firms, asked.links))
    found, own = timed(made, asked.tolerance)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    failing, other, rounds = batched(made, asked.sample)
    print("| firms | links | seconds | batched rounds, seconds (from a sample) | times |")
    print("|---:|---:|---:|---:|---:|")
    size = f"{asked.firms:,} | {len(made.weight):,}"
    print(f"| {size} | {own:.1f} | {rounds:,.0f} | {rounds / own:.1f} |")
    away = np.abs(other - found.index[failing]).max()
    print(f"\nPeak memory {peak:,.0f} MiB. Index short of the exact one by at most:")
    print(f"median {np.median(found.short):.1e}, largest {found.short.max():.1e};")
    print(f"seen in the sample {away:.1e}. Median index {np.median(found.index):.1e}.")


if __name__ == "__main__":
    main()
