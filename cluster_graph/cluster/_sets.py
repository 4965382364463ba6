"""Sets within which each takes all from, or sells everything to, others of the set."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cluster_graph.cluster.risk import Places


def as_one(
    nodes: int, origin: Places, group: Places, owner: Places, full: NDArray[np.bool_]
) -> tuple[Places, NDArray[np.bool_]]:
    """
    Find the sets of nodes that lose as one.

    Parameters
    ----------
    nodes
        How many there are.
    origin, group
        Of each link, from which node and into which group.
    owner
        Whose each group is.
    full
        Whether each group passes on in full what is lost.

    Returns
    -------
    unit, dropped
        The set of each node, and whether each group is one by which a set hangs together.
    """
    # Of the groups that pass a loss on in full those stay that lie within one set; the sets
    # fall apart as others go (maximal end components of a Markov decision process).
    alive = full.copy()
    while True:
        kept = alive[group]
        edges = sparse.coo_array(
            (np.ones(int(kept.sum())), (owner[group[kept]], origin[kept])), shape=(nodes, nodes)
        )
        _, unit = sparse.csgraph.connected_components(edges, directed=True, connection="strong")
        out = group[kept & (unit[owner[group]] != unit[origin])]
        if not len(out):
            return unit.astype(np.int64), alive
        alive[out] = False
