"""What the figures would be if the coefficients and prices were others within their ranges."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from cluster_graph._errors import ChainError
from cluster_graph.chain.model import ENDS
from cluster_graph.gaps.activity import Activity

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

DRAWS: Final = 1_000
SEED: Final = 20_220_513
LIKELY: Final = (0.05, 0.95)
_TOLERANCE: Final = 1e-10
_ROUNDS: Final = 20_000
_CELLS: Final = 8_000_000  # coefficients held at once


@dataclass(frozen=True)
class Edges:
    """
    Inputs that take part in a solve: row, column and amount of each entry of a matrix.

    Parameters
    ----------
    row, column
        Positions of what is needed (or falls as a by-product) and of what runs.
    frame
        The rows of the chain that they are, with `low`, `typical`, `high`.
    size
        How many products the chain has.
    """

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    frame: pd.DataFrame
    size: int

    def ends(self) -> Matrix:
        """Low, typical and high amount of each, three columns; a blank end is the typical."""
        values = self.frame[list(ENDS)].to_numpy(dtype=float)
        return np.where(np.isnan(values), values[:, [1]], values)

    def spread(self, amounts: Matrix, level: Matrix) -> Matrix:
        """
        Add up amount times level over the edges of each row.

        Parameters
        ----------
        amounts
            Units of the row's product per unit of the column's, edges x draws.
        level
            Units/year, products x draws.

        Returns
        -------
        needed
            Units/year, products x draws.
        """
        places = np.arange(len(self.row))
        onto = sparse.csr_array(
            (np.ones(len(self.row)), (self.row, places)), shape=(self.size, len(self.row))
        )
        return np.asarray(onto @ (amounts * level[self.column]))


def edges(act: Activity, frame: pd.DataFrame, row: str, column: str) -> Edges:
    """
    Keep the inputs whose user runs here: no other enters a demand.

    Parameters
    ----------
    act
        The local activity.
    frame
        `chain.sized_inputs` or `chain.by_products`.
    row, column
        The column of what is needed or falls, and of what runs.

    Returns
    -------
    edges
        One for each row kept.
    """
    ids = act.chain.products.index
    runs = set(ids[act.level() > 0])
    kept = frame[frame[column].isin(runs)].reset_index(drop=True)
    position = act.chain.position
    return Edges(
        position.loc[kept[row]].to_numpy(dtype=np.int64),
        position.loc[kept[column]].to_numpy(dtype=np.int64),
        kept,
        len(ids),
    )


def triangular(ends: Matrix, chance: Matrix) -> Matrix:
    """
    Values of triangular distributions at given probabilities.

    Parameters
    ----------
    ends
        Low, typical (the mode) and high, three columns.
    chance
        Probabilities, rows x draws.

    Returns
    -------
    values
        rows x draws; the typical value where low and high are equal.
    """
    low, mode, high = (ends[:, [place]] for place in range(3))
    width = high - low
    safe = np.where(width > 0, width, 1.0)
    turn = (mode - low) / safe
    rising = low + np.sqrt(chance * safe * (mode - low))
    falling = high - np.sqrt((1.0 - chance) * safe * (high - mode))
    values = np.where(chance < turn, rising, falling)
    return np.where(width > 0, values, mode)


class Model:
    """
    Demand and supply of every product as a function of all coefficients and outputs at once.

    `outputs` holds the low, typical and high recorded output of each product.

    The same equations as the balance, solved for many sets of coefficients side by side.

    Parameters
    ----------
    act
        The local activity.
    """

    def __init__(self, act: Activity) -> None:
        chain = act.chain
        self.needs = edges(act, chain.sized_inputs, "input_id", "output_id")
        self.falls = edges(act, chain.by_products, "output_id", "input_id")
        self.outputs = np.stack([act.sized_ends[end] for end in ENDS], axis=1)
        self._implied = act.is_implied[:, None]
        falls = np.asarray(chain.by_product_coefficients() @ act.level()) > 0
        # These come as their main product runs; their own makers make only the rest.
        self._both = self._implied & falls[:, None]

    def solve(self, needs: Matrix, falls: Matrix, outputs: Matrix) -> tuple[Matrix, Matrix]:
        """
        Demand and supply under given coefficients and outputs.

        Parameters
        ----------
        needs
            Amount of each of `needs`, edges x draws.
        falls
            Amount of each of `falls`, edges x draws.
        outputs
            Recorded output of each product, units/year, products x draws.

        Returns
        -------
        demand, supply
            Units/year, products x draws.

        Raises
        ------
        ChainError
            If a solve does not settle, which a spectral radius of 1 or more causes.
        """
        whole = self._settled(needs, outputs, self._implied)
        if self._both.any():
            rest = np.maximum(whole - self.falls.spread(falls, whole + outputs), 0.0)
            rest = np.where(self._both, rest, 0.0)
            whole = rest + self._settled(needs, outputs + rest, self._implied & ~self._both)
        level = whole + outputs
        return self.needs.spread(needs, level), level + self.falls.spread(falls, level)

    def _settled(self, needs: Matrix, given: Matrix, implied: Mask) -> Matrix:
        """x_U = A_U (given + x_U), by the Neumann series."""
        level = np.zeros_like(given)
        for _ in range(_ROUNDS):
            following = np.where(implied, self.needs.spread(needs, given + level), 0.0)
            if np.abs(following - level).max(initial=0.0) <= _TOLERANCE * following.max(
                initial=0.0
            ):
                return following
            level = following
        raise ChainError("not_settled", rounds=_ROUNDS)

    def blocks(self, draws: int) -> Iterator[slice]:
        """Cut draws into parts that fit in memory."""
        step = max(1, _CELLS // max(len(self.needs.row), self.needs.size, 1))
        for start in range(0, draws, step):
            yield slice(start, min(start + step, draws))
