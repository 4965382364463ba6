"""What every unit may lose where all hold a little back: the base of the bound of stops."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cluster_graph.cluster.risk import Places, Vector

FINEST: Final = 1e-12  # slack, or 16 times what rounding takes where that is more
_ROUNDS: Final = 1_000  # in which a base settles, or is given up where it does not


@dataclass(frozen=True)
class Links:
    """Links from an offer, or from a unit, into a group; their share; whose the groups are."""

    origin: Places
    group: Places
    share: Vector
    owner: Places


def base_of(links: Links, slack: Vector) -> Vector:
    """
    Twice the least b with b = slack + F0(b), or a little less: F0(b) <= b - slack / 2.

    Worked out from below; settled where a round adds half a slack or less.

    Parameters
    ----------
    links
        Links without a market, from units; what is passed on of a loss as their share.
    slack
        Of each unit.

    Returns
    -------
    base
        Of each unit; 1 where it does not settle.
    """
    order = np.argsort(links.owner, kind="stable")
    first = np.flatnonzero(np.diff(links.owner[order], prepend=-1))
    into = links.owner[order][first]
    base = slack.copy()
    while True:
        for _ in range(_ROUNDS):
            sums = np.bincount(
                links.group, weights=links.share * base[links.origin], minlength=len(links.owner)
            )
            after = slack.copy()
            if len(first):
                after[into] += np.maximum.reduceat(sums[order], first)
            after = np.where(base >= 1.0, 1.0, np.minimum(1.0, after))
            rising = after - base > slack / 2
            if not rising.any():
                return base
            base = np.maximum(base, after)
        base[rising] = 1.0
