"""A chain as frames and as sparse matrices of technical coefficients."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from cluster_graph.chain.schema import BY_PRODUCT, CAPITAL

End = Literal["low", "typical", "high"]
ENDS: Final[tuple[End, ...]] = ("low", "typical", "high")


@dataclass(frozen=True)
class Chain:
    """
    A reference value chain, or the union of several.

    Parameters
    ----------
    products
        One row a product, indexed by `product_id`; columns of `chain.schema`.
    inputs
        One row an input: so many units of `input_id` per unit of `output_id`. With kind
        `by_product`: so many units of the by-product `output_id` per unit of the main
        product `input_id`.
    names
        The chains that were asked for.
    elsewhere
        Products that other shipped chains have: no fault in a table, only outside this chain.
    """

    products: pd.DataFrame
    inputs: pd.DataFrame
    names: tuple[str, ...]
    elsewhere: frozenset[str] = frozenset()

    @cached_property
    def position(self) -> pd.Series:
        """The row of each product in the matrices, indexed by product_id."""
        return pd.Series(np.arange(len(self.products)), index=self.products.index)

    @cached_property
    def sized_inputs(self) -> pd.DataFrame:
        """The inputs that enter demand: all with a quantity but by-products and capital."""
        rows = self.inputs
        return rows[rows["typical"].notna() & ~rows["kind"].isin([BY_PRODUCT, CAPITAL])]

    @cached_property
    def by_products(self) -> pd.DataFrame:
        """The by-products that have a quantity: main product `input_id`, gives `output_id`."""
        rows = self.inputs
        return rows[rows["typical"].notna() & (rows["kind"] == BY_PRODUCT)]

    @cached_property
    def needs(self) -> pd.DataFrame:
        """The inputs that a producer needs, sized or not: all but by-products and capital."""
        rows = self.inputs
        return rows[~rows["kind"].isin([BY_PRODUCT, CAPITAL])]

    @cached_property
    def _needs_by_output(self) -> dict[str, pd.DataFrame]:
        return {str(name): rows for name, rows in self.needs.groupby("output_id")}

    def needs_of(self, product_id: str) -> pd.DataFrame:
        """What a producer of one product needs: its rows of `needs`."""
        return self._needs_by_output.get(product_id, self.needs.iloc[:0])

    def coefficients(self, end: End = "typical") -> sparse.csr_array:
        """
        The matrix A of technical coefficients.

        Parameters
        ----------
        end
            Which end of each coefficient's range.

        Returns
        -------
        coefficients
            a_ij = units of i per unit of j, products x products in the order of `products`.
        """
        return self._coefficients[end]

    def by_product_coefficients(self, end: End = "typical") -> sparse.csr_array:
        """
        The matrix B of by-products.

        Parameters
        ----------
        end
            Which end of each coefficient's range.

        Returns
        -------
        coefficients
            b_ij = units of by-product i per unit of the main product j, same order.
        """
        return self._by_product_coefficients[end]

    @cached_property
    def _coefficients(self) -> dict[End, sparse.csr_array]:
        return {end: self._matrix(self.sized_inputs, "input_id", "output_id", end) for end in ENDS}

    @cached_property
    def _by_product_coefficients(self) -> dict[End, sparse.csr_array]:
        return {end: self._matrix(self.by_products, "output_id", "input_id", end) for end in ENDS}

    def _matrix(self, rows: pd.DataFrame, row: str, column: str, end: End) -> sparse.csr_array:
        values = rows[end].fillna(rows["typical"]).to_numpy(dtype=float)
        size = len(self.products)
        where = (
            self.position.loc[rows[row]].to_numpy(),
            self.position.loc[rows[column]].to_numpy(),
        )
        return sparse.csr_array(sparse.coo_array((values, where), shape=(size, size)))

    def name(self, product_id: str, lang: str) -> str:
        """The name of a product in a language, or its other name, or its id."""
        row = self.products.loc[product_id]
        other = "en" if lang == "zh" else "zh"
        return str(row[f"name_{lang}"] or row[f"name_{other}"] or product_id)
