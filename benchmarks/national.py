"""
A synthetic firm network of national size: companies, outputs and links as Parquet.

Nothing in it is real. Firms have invented Chinese names and lie in the counties of GB/T 2260;
each makes one product of the shipped chains; links follow the inputs of these chains, and a few
firms have most of them, as in real firm networks. Dirt is put in at known rates. A seed gives
the same rows with the same version of DuckDB, however many threads draw them.
"""

import argparse
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd
from stdnum import numdb

import cluster_graph as cg

SEED: Final = 20241124
# Of rank k among n makers of a product the share of links falls like k^(1/power - 1): the
# numbers of links of suppliers then have a tail with exponent 2.5, those of customers with 3.
SUPPLIER_POWER: Final = 3
CUSTOMER_POWER: Final = 2
SIZED: Final = 0.3  # of the firms, that report an output
# Share of rows with each kind of dirt.
DIRT: Final = {
    "blank_supplier": 0.0005,
    "self_link": 0.0005,
    "unknown_firm": 0.001,  # and no name given
    "unknown_product": 0.001,
    "negative": 0.0005,
    "untidy_id": 0.005,  # small letters and a blank before it: still the same firm
    "no_quantity": 0.1,
    "no_product": 0.01,
}
NOWHERE: Final = 0.01  # of the firms, without a region
_PARTS: Final = "鑫宏恒盛泰瑞华隆昌茂源通达"
_FORMS: Final = ("有限公司", "有限责任公司", "股份有限公司")


def drawn(row: str, purpose: int, seed: int) -> str:
    """Return SQL of a number from 0 to 1 that depends on the row, the purpose and the seed."""
    return f"((hash({row}, {purpose}, {seed}) >> 11) / 9007199254740992.0)"


def normal(row: str, purpose: int, seed: int) -> str:
    """Return SQL of a standard normal number (Box and Muller)."""
    radius = f"sqrt(-2 * ln(greatest({drawn(row, purpose, seed)}, 1e-12)))"
    return f"({radius} * cos(2 * pi() * {drawn(row, purpose + 1, seed)}))"


def counties() -> pd.DataFrame:
    """Return the codes and names of the counties of GB/T 2260."""
    records = []
    for _, province, _, _, below in numdb.get("cn/loc").prefixes:
        for _, rest, _, properties, _ in below:
            name = properties["county"].split(",")[-1].rpartition("]")[2]
            if not rest.endswith("00") and not name.startswith("市辖区"):
                records.append((f"{province}{rest}", name))
    return pd.DataFrame(records, columns=["region_code", "county"])


class Network:
    """
    Draws the tables.

    Parameters
    ----------
    firms
        How many firms.
    seed
        Of all draws.
    """

    def __init__(self, firms: int, seed: int = SEED) -> None:
        self.firms, self.seed = firms, seed
        self._sql = duckdb.connect()
        self._sql.execute("SET preserve_insertion_order = false")
        self._sql.execute("SET enable_progress_bar = false")
        chain = cg.chains()
        products = chain.products.reset_index()
        # Every product has makers, the first ones as many again.
        share = 1.0 + 1.0 / (1 + pd.Series(range(len(products))))
        count = (firms * share / share.sum()).astype(int).clip(lower=1)
        count.iloc[0] += firms - int(count.sum())
        products = products.assign(count=count, first=count.cumsum() - count)
        self._sql.register("products", products[_OF_PRODUCT])
        inputs = chain.inputs.reset_index()[["input_id", "output_id"]]
        known = set(products["product_id"])
        inputs = inputs[inputs["input_id"].isin(known) & inputs["output_id"].isin(known)]
        self._sql.register("inputs", inputs.reset_index(drop=True).reset_index(names="edge"))
        self._edges = len(inputs)
        places = counties()
        self._sql.register("counties", places.reset_index(names="place"))
        self._counties = len(places)

    def companies(self, path: Path) -> None:
        """Write the firms; the number in a firm's id grows with its rank inside its product."""
        seed = self.seed
        syllables = " || ".join(
            f"substr('{_PARTS}', (i // {len(_PARTS) ** n}) % {len(_PARTS)} + 1, 1)"
            for n in range(6)
        )
        forms = ", ".join(f"'{form}'" for form in _FORMS)
        self._write(
            f"""
            SELECT 'F' || lpad(i::VARCHAR, 8, '0') AS company_id,
                county || {syllables} || name_zh || [{forms}][i % 3 + 1] AS name,
                CASE WHEN {drawn("i", 2, seed)} < {NOWHERE} THEN '' ELSE region_code END
                    AS region_code,
                sector_code,
                round(exp(8 + 1.5 * {normal("i", 3, seed)}), 1) AS revenue,
                'synthetic' AS source
            FROM (SELECT range AS i, floor({drawn("range", 1, seed)} * {self._counties}) AS place
                FROM range({self.firms}))
            JOIN counties USING (place)
            ASOF JOIN products ON i >= first
            """,
            path,
        )

    def outputs(self, path: Path) -> None:
        """Write the outputs of some of the firms."""
        seed = self.seed
        self._write(
            f"""
            SELECT 'F' || lpad(i::VARCHAR, 8, '0') AS company_id, product_id,
                round(exp(6 + 1.5 * {normal("i", 5, seed)}), 2) AS output, unit,
                '2024' AS year, 'synthetic' AS source
            FROM (SELECT range AS i FROM range({self.firms}) WHERE
                {drawn("range", 7, seed)} < {SIZED})
            ASOF JOIN products ON i >= first
            """,
            path,
        )

    def links(self, path: Path, count: int, *, partitioned: bool = False) -> None:
        """Write the links; partitioned by year as Hive does, or one file."""
        seed, rates = self.seed, iter(_cumulative(list(DIRT.values())))
        is_dirty = {
            name: f"dirt >= {low} AND dirt < {high}"
            for name, (low, high) in zip(DIRT, rates, strict=True)
        }
        self._write(
            f"""
            SELECT CASE WHEN {is_dirty["blank_supplier"]} THEN ''
                    WHEN {is_dirty["untidy_id"]} THEN ' f' || lpad(s::VARCHAR, 8, '0')
                    ELSE 'F' || lpad(s::VARCHAR, 8, '0') END AS supplier_id,
                CASE WHEN {is_dirty["self_link"]} THEN 'F' || lpad(s::VARCHAR, 8, '0')
                    WHEN {is_dirty["unknown_firm"]} THEN 'X' || lpad(c::VARCHAR, 8, '0')
                    ELSE 'F' || lpad(c::VARCHAR, 8, '0') END AS customer_id,
                CASE WHEN {is_dirty["no_product"]} THEN ''
                    WHEN {is_dirty["unknown_product"]} THEN 'NO_SUCH_PRODUCT'
                    ELSE input_id END AS product_id,
                CASE WHEN {is_dirty["no_quantity"]} THEN NULL
                    WHEN {is_dirty["negative"]} THEN -1.0
                    ELSE quantity END AS quantity,
                unit,
                round(100 * exp(1.2 * {normal("l", 13, seed)}), 2) AS value,
                year
            FROM (
                SELECT l, input_id, a.unit AS unit, dirt, year,
                    round(exp(3 + 1.2 * {normal("l", 15, seed)}), 2) AS quantity,
                    a.first + floor(a.count * pow({drawn("l", 9, seed)}, {SUPPLIER_POWER}))::BIGINT
                        AS s,
                    b.first + floor(b.count * pow({drawn("l", 10, seed)}, {CUSTOMER_POWER}))::BIGINT
                        AS c
                FROM (SELECT range AS l, floor({drawn("range", 8, seed)} * {self._edges}) AS edge,
                        {drawn("range", 11, seed)} AS dirt,
                        2023 + ({drawn("range", 12, seed)} < 0.8)::INTEGER AS year
                    FROM range({count}))
                JOIN inputs USING (edge)
                JOIN products a ON a.product_id = input_id
                JOIN products b ON b.product_id = output_id
            )
            """,
            path,
            "PARTITION_BY (year)" if partitioned else "",
        )

    def _write(self, query: str, path: Path, *more: str) -> None:
        options = ", ".join(["FORMAT parquet", *filter(None, more)])
        self._sql.execute(f"COPY ({query}) TO '{path}' ({options})")


_OF_PRODUCT: Final = ["product_id", "name_zh", "sector_code", "unit", "count", "first"]


def _cumulative(shares: list[float]) -> list[tuple[float, float]]:
    """Return where each share begins and ends between 0 and 1."""
    ends = [sum(shares[: place + 1]) for place in range(len(shares))]
    return list(zip([0.0, *ends], ends, strict=False))


def write(
    folder: Path, firms: int, links: int, seed: int = SEED, *, partitioned: bool = False
) -> None:
    """Write the three tables into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    network = Network(firms, seed)
    network.companies(folder / "companies.parquet")
    network.outputs(folder / "outputs.parquet")
    name = "links" if partitioned else "links.parquet"
    network.links(folder / name, links, partitioned=partitioned)


def main() -> None:
    """Write a data folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument("--links", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--partitioned", action="store_true", help="links in one folder a year")
    asked = parser.parse_args()
    write(asked.folder, asked.firms, asked.links, asked.seed, partitioned=asked.partitioned)
    print(f"{asked.firms:,} firms, {asked.links:,} links in {asked.folder}")


if __name__ == "__main__":
    main()
