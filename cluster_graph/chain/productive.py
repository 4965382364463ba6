"""Can the chain live? Its spectral radius, and the cycle to blame when it cannot."""

import math
from typing import Any, Final

import networkx as nx
import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import eigs

from cluster_graph._errors import ChainError

_LARGE: Final = 1_000  # products of a strongly connected part


def spectral_radius(coefficients: sparse.csr_array) -> float:
    """
    The largest absolute eigenvalue of a matrix of technical coefficients.

    Below 1, everything that the chain makes can be made from finite inputs: the Neumann
    series I + A + A^2 + ... converges. Only cycles count, so each strongly connected
    component is solved by itself.

    Parameters
    ----------
    coefficients
        Non-negative square matrix A.

    Returns
    -------
    radius
        rho(A); 0 for a chain without cycles.

    References
    ----------
    Miller & Blair (2009), Input-Output Analysis, section 2.4.
    """
    coefficients = sparse.csr_array(coefficients, copy=True)
    # A stored zero is no link, but the graph algorithms would walk along it.
    coefficients.eliminate_zeros()
    count, labels = csgraph.connected_components(coefficients, connection="strong")
    sizes = np.bincount(labels, minlength=count)
    radius = float(np.max(coefficients.diagonal(), initial=0.0))
    for label in np.flatnonzero(sizes > 1):
        inside = np.flatnonzero(labels == label)
        block = coefficients[inside][:, inside]
        radius = max(radius, _perron(sparse.csr_array(block)))
    return radius


def _perron(block: sparse.csr_array) -> float:
    """
    The Perron root of an irreducible block, by the Collatz-Wielandt bounds.

    Iterating with I + A keeps a periodic block from oscillating.
    """
    vector = np.ones(block.shape[0])
    if len(vector) > _LARGE:
        # The bounds close in slowly on a large block; ARPACK finds the same root.
        root = eigs(block, k=1, which="LR", v0=vector, tol=1e-12, return_eigenvectors=False)
        return float(root[0].real)
    high = math.inf
    for _ in range(100_000):
        image = block @ vector + vector
        ratios = image / vector
        low, high = float(ratios.min()), float(ratios.max())
        if high - low <= 1e-12 * high:
            break
        vector = image / image.max()
    return high - 1.0


def check_productive(coefficients: sparse.csr_array, ids: pd.Index) -> float:
    """
    Make sure that a chain's coefficients can be solved.

    Parameters
    ----------
    coefficients
        The matrix A.
    ids
        The product ids, in its order.

    Returns
    -------
    radius
        rho(A), below 1.

    Raises
    ------
    ChainError
        If rho(A) >= 1; names the cycle with the largest product of coefficients.
    """
    radius = spectral_radius(coefficients)
    if radius < 1.0:
        return radius
    cycle, values = heaviest_cycle(coefficients, ids)
    raise ChainError(
        "unproductive",
        radius=f"{radius:.3f}",
        cycle=" -> ".join([*cycle, cycle[0]]),
        coefficients=" x ".join(f"{value:g}" for value in values),
        product=f"{math.prod(values):.4g}",
    )


def heaviest_cycle(coefficients: sparse.csr_array, ids: pd.Index) -> tuple[list[str], list[float]]:
    """
    The cycle whose coefficients have the largest geometric mean.

    Parameters
    ----------
    coefficients
        The matrix A, with at least one cycle.
    ids
        The product ids, in its order.

    Returns
    -------
    cycle
        Product ids; each is an input of the next, the last of the first.
    values
        The coefficient of each step.
    """
    entries = sparse.coo_array(coefficients)
    graph: nx.DiGraph[Any] = nx.DiGraph()
    rows, columns = entries.coords
    for i, j, value in zip(rows, columns, entries.data, strict=True):
        if value > 0:
            graph.add_edge(int(i), int(j), log=math.log(value))
    # Shift the logarithms until the last cycle turns harmless: that one is the heaviest.
    logs = [data["log"] for _, _, data in graph.edges(data=True)]
    low, high = min(logs) - 1.0, max(logs) + 1.0
    found = _cycle(graph, low)
    for _ in range(60):
        middle = (low + high) / 2
        cycle = _cycle(graph, middle)
        if cycle:
            found, low = cycle, middle
        else:
            high = middle
    steps = list(zip(found, [*found[1:], found[0]], strict=True))
    values = [math.exp(graph.edges[step]["log"]) for step in steps]
    return [str(ids[node]) for node in found], values


def _cycle(graph: "nx.DiGraph[Any]", level: float) -> list[int]:
    """Find a cycle whose mean logarithm exceeds a level; empty if there is none."""
    for nodes in nx.strongly_connected_components(graph):
        inside = graph.subgraph(nodes)
        loops = [node for node in nodes if inside.has_edge(node, node)]
        heaviest = max(loops, key=lambda node: inside.edges[node, node]["log"], default=None)
        if heaviest is not None and inside.edges[heaviest, heaviest]["log"] > level:
            return [heaviest]
        if inside.number_of_edges() == 0:
            continue
        weighted: nx.DiGraph[Any] = nx.DiGraph()
        weighted.add_weighted_edges_from(
            (u, v, level - data["log"]) for u, v, data in inside.edges(data=True) if u != v
        )
        if weighted.number_of_edges() == 0:
            continue
        try:
            return list(nx.find_negative_cycle(weighted, next(iter(nodes)))[:-1])
        except nx.NetworkXError:
            continue
    return []
