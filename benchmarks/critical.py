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

from cluster_graph.cluster.stops import stops

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from test_critical import Link, network, reference

SEED = 20241124
KINDS = 60
ESSENTIAL = 0.5  # share of a firm's inputs that it cannot do without
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


def timed(firms: int, links: list[Link], tolerance: float) -> tuple[float, float]:
    """Return the seconds for the index of all firms, and how far it may be off."""
    made = network(firms, links)
    start = time.perf_counter()
    found = stops(made, tolerance=tolerance)
    return time.perf_counter() - start, float(found.short.max())


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=10_000)
    parser.add_argument("--links", type=int, default=60_000)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    asked = parser.parse_args()
    print("| firms | links | seconds | off by at most | plain loops, seconds | times |")
    print("|---:|---:|---:|---:|---:|---:|")
    links = links_of(PLAIN, 6 * PLAIN)
    own, off = timed(PLAIN, links, asked.tolerance)
    start = time.perf_counter()
    reference(PLAIN, links)
    plain = time.perf_counter() - start
    print(
        f"| {PLAIN:,} | {len(links):,} | {own:.3f} | {off:.0e} | {plain:.1f} | {plain / own:.0f} |"
    )
    links = links_of(asked.firms, asked.links)
    own, off = timed(asked.firms, links, asked.tolerance)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {asked.firms:,} | {len(links):,} | {own:.1f} | {off:.0e} | - | - |")
    print(f"\nPeak memory {peak:,.0f} MiB.")


if __name__ == "__main__":
    main()
