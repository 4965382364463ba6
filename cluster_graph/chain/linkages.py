"""Input-output mathematics under its textbook names, on dense or sparse matrices."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from cluster_graph._errors import ChainError

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

DELTA: Final = 0.3
_DIRECT_LIMIT: Final = 5_000  # products up to which an LU factorisation stays small
_TOLERANCE: Final = 1e-12
_ROUNDS: Final = 20_000


def technical_coefficients(flows: Matrix, output: Vector) -> Matrix:
    """
    Inputs per unit of output.

    A = Z x^-1, a_ij = z_ij / x_j

    Parameters
    ----------
    flows
        Z, what sector j buys from sector i, in money.
    output
        x, the total output of each sector, the same money.

    Returns
    -------
    coefficients
        A; a sector without output has none.

    References
    ----------
    Miller & Blair (2009), Input-Output Analysis, section 2.2.
    """
    return np.divide(flows, output, out=np.zeros_like(flows), where=output != 0)


def leontief_inverse(coefficients: Matrix) -> Matrix:
    """
    What each sector must make in all for a unit of final demand of each other.

    L = (I - A)^-1. For small tables; `leontief_solve` needs no inverse.

    Parameters
    ----------
    coefficients
        A, spectral radius below 1.

    Returns
    -------
    inverse
        L, square as A.

    References
    ----------
    Miller & Blair (2009), section 2.2.
    """
    return np.asarray(np.linalg.inv(np.eye(len(coefficients)) - coefficients))


def leontief_solve(coefficients: sparse.csr_array, right: Vector) -> Vector:
    """
    Outputs that deliver `right` beyond what they use up among themselves.

    x = (I - A)^-1 y

    Parameters
    ----------
    coefficients
        The matrix A, units of i per unit of j, spectral radius below 1.
    right
        y, units/year by product.

    Returns
    -------
    outputs
        x, units/year by product.

    Raises
    ------
    ChainError
        If an iterative solve does not settle, which a spectral radius of 1 or more causes.

    References
    ----------
    Miller & Blair (2009), Input-Output Analysis, sections 2.2 and 2.4.
    """
    size = coefficients.shape[0]
    if size == 0 or not right.any():
        return np.zeros(size)
    if size <= _DIRECT_LIMIT:
        system = sparse.csc_array(sparse.eye_array(size) - coefficients)
        return np.asarray(splu(system).solve(right), dtype=np.float64)
    # The Neumann series: each round adds what lies one step further up the chain.
    outputs = right.copy()
    for _ in range(_ROUNDS):
        following = right + coefficients @ outputs
        if np.abs(following - outputs).max() <= _TOLERANCE * np.abs(following).max():
            return np.asarray(following, dtype=np.float64)
        outputs = following
    raise ChainError("not_settled", rounds=_ROUNDS)


def ghosh_inverse(flows: Matrix, output: Vector) -> Matrix:
    """
    Where a unit of the primary inputs of each sector ends up.

    G = (I - B)^-1 with the allocation coefficients B = x^-1 Z, b_ij = z_ij / x_i

    Parameters
    ----------
    flows
        Z, in money.
    output
        x, the total output of each sector; none of them 0.

    Returns
    -------
    inverse
        G, square as Z.

    References
    ----------
    Miller & Blair (2009), section 12.1; Ghosh (1958).
    """
    return leontief_inverse(flows / output[:, None])


def backward_linkages(coefficients: sparse.csr_array) -> Vector:
    """
    How much each sector pulls on all others, the average sector being 1.

    Column sums of L = (I - A)^-1, over their mean.

    Parameters
    ----------
    coefficients
        A, in money.

    Returns
    -------
    linkages
        One for each sector.

    References
    ----------
    Rasmussen (1956), Studies in Inter-sectoral Relations; Miller & Blair (2009), section 12.2.
    """
    ones = np.ones(coefficients.shape[0])
    return mean_one(leontief_solve(sparse.csr_array(coefficients.T), ones))


def forward_linkages(coefficients: sparse.csr_array) -> Vector:
    """
    How much all others pull on each sector, the average sector being 1.

    Row sums of L = (I - A)^-1, over their mean.

    Parameters
    ----------
    coefficients
        A, in money.

    Returns
    -------
    linkages
        One for each sector.

    References
    ----------
    Rasmussen (1956), Studies in Inter-sectoral Relations.
    """
    return mean_one(leontief_solve(coefficients, np.ones(coefficients.shape[0])))


def mean_one(values: Vector) -> Vector:
    """Scale figures so that the mean of the positive ones is 1."""
    mean = values[values > 0].mean() if (values > 0).any() else 1.0
    return np.asarray(values / mean, dtype=np.float64)


def location_quotients(region: Vector, nation: Vector) -> Vector:
    """
    How much more a region is given to a sector than the nation.

    LQ_i = (e_ir / e_r) / (e_i / e)

    Parameters
    ----------
    region, nation
        Employment of each sector; NaN where unknown.

    Returns
    -------
    quotients
        NaN where either is unknown or the nation has none; unknown sectors leave the sums
        of both sides.

    References
    ----------
    Miller & Blair (2009), section 8.2.
    """
    known = ~(np.isnan(region) | np.isnan(nation))
    own, all_ = np.where(known, region, 0.0), np.where(known, nation, 0.0)
    share = np.divide(own, own.sum(), out=np.full_like(own, np.nan), where=own.sum() > 0)
    usual = np.divide(all_, all_.sum(), out=np.full_like(own, np.nan), where=all_ > 0)
    return np.where(known, share / usual, np.nan)


def cross_industry_quotients(quotients: Vector) -> Matrix:
    """
    How strong each selling sector is here beside each buying one.

    CILQ_ij = LQ_i / LQ_j; on the diagonal LQ_i itself.

    Parameters
    ----------
    quotients
        From `location_quotients`.

    Returns
    -------
    quotients
        Square; NaN where a side is unknown or the buying sector is not here.

    References
    ----------
    Flegg, Webber & Elliott (1995), Regional Studies 29(6).
    """
    across = np.where(quotients > 0, quotients, np.nan)
    cross = quotients[:, None] / across[None, :]
    np.fill_diagonal(cross, quotients)
    return np.asarray(cross)


def flegg_quotients(region: Vector, nation: Vector, delta: float = DELTA) -> Matrix:
    """
    The share of each national input that the region can be expected to supply.

    FLQ_ij = CILQ_ij lambda, lambda = [log2(1 + e_r / e)]^delta

    Parameters
    ----------
    region, nation
        Employment of each sector; NaN where unknown.
    delta
        How fast imports grow as the region gets smaller; Flegg & Tohmo (2013) find about
        0.25.

    Returns
    -------
    quotients
        Square; NaN where a side is unknown. Above 1 means that nothing need be imported.

    References
    ----------
    Flegg & Webber (1997), Regional Studies 31(8); Flegg & Tohmo (2013), Regional Studies 47(5).
    """
    known = ~(np.isnan(region) | np.isnan(nation))
    size = float(np.log2(1.0 + region[known].sum() / nation[known].sum())) ** delta
    return np.asarray(cross_industry_quotients(location_quotients(region, nation)) * size)


def regional_coefficients(coefficients: Matrix, quotients: Matrix) -> Matrix:
    """
    What each sector buys inside the region, per unit of output.

    r_ij = a_ij min(FLQ_ij, 1); the rest, a_ij - r_ij, comes from outside.

    Parameters
    ----------
    coefficients
        A of the nation.
    quotients
        From `flegg_quotients`.

    Returns
    -------
    coefficients
        Square as A; NaN where the quotient is unknown.
    """
    return np.asarray(coefficients * np.minimum(quotients, 1.0))
