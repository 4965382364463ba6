"""The mathematics of demand: direct, implied and total, on sparse matrices."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cluster_graph.chain.linkages import Vector, leontief_solve


def direct_demand(coefficients: sparse.csr_array, activity: Vector) -> Vector:
    """
    What the producers need to keep running.

    D_i = sum_j a_ij x_j

    Parameters
    ----------
    coefficients
        The matrix A.
    activity
        x, the local activity of each product, units/year; 0 where there is none.

    Returns
    -------
    demand
        D, units/year by product.
    """
    return np.asarray(coefficients @ activity, dtype=np.float64)


def implied_activity(
    coefficients: sparse.csr_array, sized: Vector, unsized: NDArray[np.bool_]
) -> Vector:
    """
    Activity of the unsized producers, if they make what their local users need, no more.

    x_U = (I - A_UU)^-1 A_US x_S

    Parameters
    ----------
    coefficients
        The matrix A.
    sized
        x_S, the sized local output, units/year; 0 elsewhere.
    unsized
        Which products have operating local producers and no sized one (U).

    Returns
    -------
    activity
        x_U in the places of U, 0 elsewhere. 0 inside U means: nothing sized needs it, so
        its size stays unknown.
    """
    places = np.flatnonzero(unsized)
    activity = np.zeros(len(sized))
    if len(places):
        inner = sparse.csr_array(coefficients[places])
        activity[places] = leontief_solve(
            sparse.csr_array(inner[:, places]), np.asarray(inner @ sized, dtype=np.float64)
        )
    return activity


def total_demand(coefficients: sparse.csr_array, output: Vector) -> Vector:
    """
    Everything that making the output needs, along the whole chain.

    z = A (I - A)^-1 x, the direct demand A x and all that lies behind it. By-products are
    supply and stay out. Where one local output feeds another, what lies behind the first
    is counted for both: z says what is needed if nothing were made yet.

    Parameters
    ----------
    coefficients
        The matrix A.
    output
        x, the sized local output, units/year by product.

    Returns
    -------
    total
        z, units/year by product.

    References
    ----------
    Miller & Blair (2009), Input-Output Analysis, ch. 2.
    """
    total = direct_demand(coefficients, leontief_solve(coefficients, output))
    # A solver leaves rounding errors where nothing is needed at all.
    return np.where(_reached(coefficients, output > 0), total, 0.0)


def _reached(coefficients: sparse.csr_array, start: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which products are inputs of the start, directly or further up the chain."""
    weight = (coefficients.data > 0).astype(np.int64)
    parts = (weight, coefficients.indices, coefficients.indptr)
    links = sparse.csr_array(parts, shape=coefficients.shape)
    found = np.zeros(len(start), dtype=bool)
    layer = start
    while layer.any():
        layer = np.asarray(links @ layer.astype(np.int64) > 0) & ~found
        found |= layer
    return found


def forward_bound(inputs: pd.DataFrame, cap: pd.Series, bounded: pd.Index) -> pd.Series:
    """
    The most that unsized products can be, given what their local inputs allow.

    bound_k = min over essential local inputs j of (bound_j / a_jk). An upper end only: the
    same feed stands behind every product that takes it.

    Parameters
    ----------
    inputs
        The chain's sized inputs; the low end of each coefficient makes the widest bound.
    cap
        Local supply in units/year of the products whose size is known.
    bounded
        The products to bound: made here, size unknown.

    Returns
    -------
    bound
        Units/year, indexed by `bounded`; infinite where no known input limits a product.
    """
    rows = inputs[inputs["essential"] & inputs["output_id"].isin(bounded)]
    rows = rows[rows["low"] > 0]
    known = cap.reindex(cap.index.union(bounded)).astype(float)
    known[bounded] = np.inf
    for _ in range(len(bounded)):
        feed = rows["input_id"].map(known).fillna(np.inf) / rows["low"]
        bound = feed.groupby(rows["output_id"]).min()
        following = known[bounded].clip(upper=bound.reindex(bounded).fillna(np.inf))
        if following.equals(known[bounded]):
            break
        known[bounded] = following
    return known[bounded]
