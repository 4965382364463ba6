"""
Time and memory of loading a folder of GB18030 text tables, beside DuckDB's own read of them.

The rows are synthetic: invented companies and links between them, drawn with a seed. DuckDB
cannot read GB18030 by itself, so it reads the same tables written in UTF-8.
"""

import argparse
import csv
import random
import resource
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import duckdb

import cluster_graph as cg

SEED = 20241124
SYLLABLES = "鑫宏恒盛泰瑞华隆昌茂源通达顺丰裕祥兴荣凯"
TRADES = ("机械制造", "商贸", "建筑工程", "冶金材料", "铸造")
FORMS = ("有限公司", "有限责任公司", "股份有限公司")
REGIONS = ("211382", "211321", "110000")


def companies(count: int) -> Iterable[list[object]]:
    """Draw companies, headings first."""
    chance = random.Random(SEED)  # noqa: S311  no secret
    yield ["company_id", "name", "region_code", "sector_code", "employees", "revenue", "as_of"]
    for number in range(count):
        name = "".join(chance.choices(SYLLABLES, k=3))
        words = (str(number), chance.choice(TRADES), chance.choice(FORMS))
        yield [
            f"C{number}",
            f"凌源{name}{''.join(words)}",
            chance.choice(REGIONS),
            "3120",
            chance.randint(1, 900),
            chance.randint(1, 99_999),
            "2024",
        ]


def links(count: int, firms: int) -> Iterable[list[object]]:
    """Draw links, headings first."""
    chance = random.Random(SEED + 1)  # noqa: S311  no secret
    yield ["supplier_id", "customer_id", "product_id", "quantity", "unit", "year", "note"]
    for _ in range(count):
        ends = chance.sample(range(firms), 2)
        quantity = chance.randint(1, 100)
        yield [f"C{ends[0]}", f"C{ends[1]}", "S_CRUDE", quantity, "t", 2024, "合同"]


def write(path: Path, rows: Iterable[list[object]], encoding: str) -> None:
    """Write rows as CSV."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=1_000_000)
    parser.add_argument("--links", type=int, default=5_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        own, plain = Path(name) / "gb18030", Path(name) / "utf8"
        for folder, encoding in ((own, "gb18030"), (plain, "utf-8")):
            folder.mkdir()
            write(folder / "companies.csv", companies(asked.companies), encoding)
            write(folder / "links.csv", links(asked.links, asked.companies), encoding)
        write(own / "outputs.csv", [["company_id", "product_id"], ["C1", "S_CRUDE"]], "utf-8")
        start = time.perf_counter()
        for file in ("companies.csv", "links.csv"):
            duckdb.sql(
                f"CREATE OR REPLACE TABLE t AS FROM read_csv('{plain / file}', all_varchar = true)"
            )
        theirs = time.perf_counter() - start
        start = time.perf_counter()
        tables = cg.load(own)
        ours = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| companies | links | DuckDB, s | load, s | times | peak MiB |")
    print("|---:|---:|---:|---:|---:|---:|")
    counts = f"{asked.companies:,} | {asked.links:,}"
    print(f"| {counts} | {theirs:.1f} | {ours:.1f} | {ours / theirs:.0f} | {peak:,.0f} |")
    print({name: str(count) for name, count in tables.ledger.items()})


if __name__ == "__main__":
    main()
