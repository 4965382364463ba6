"""
Time and memory of loading a folder of GB18030 text tables, beside DuckDB's own read of them.

The rows are synthetic: invented companies and links between them, drawn with a seed. DuckDB
reads the same files where its extension `encodings` is installed
(`pip install "duckdb==1.5.5" duckdb-extension-encodings==1.5.5`), and in any case the same tables
written in UTF-8, which is another, easier task.
"""

import argparse
import csv
import importlib.util
import random
import resource
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
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


def engine() -> tuple[duckdb.DuckDBPyConnection, bool]:
    """Return DuckDB, and whether it reads GB18030 by itself."""
    found = importlib.util.find_spec("duckdb_extension_encodings")
    if found is None or found.origin is None:
        return duckdb.connect(), False
    files = sorted(Path(found.origin).parent.rglob("*.duckdb_extension"))
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    try:
        connection.load_extension(str(files[0]))
    except (duckdb.Error, IndexError):
        return connection, False
    return connection, True


def own_read(connection: duckdb.DuckDBPyConnection, folder: Path, encoding: str) -> str:
    """Return the seconds in which DuckDB reads the folder, and the rows that it cannot read."""
    start, lost = time.perf_counter(), 0
    for file in ("companies.csv", "links.csv"):
        options = f"all_varchar = true, encoding = '{encoding}', ignore_errors = true"
        connection.sql(f"CREATE OR REPLACE TABLE t AS FROM read_csv('{folder / file}', {options})")
        with (folder / file).open("rb") as rows:
            whole = sum(1 for _ in rows) - 1
        found = connection.sql("SELECT count(*) FROM t").fetchone()
        lost += whole - (found[0] if found else 0)
    seconds = time.perf_counter() - start
    return f"{seconds:.1f}" + (f" ({lost:,} rows lost)" if lost else "")


def load(folder: Path) -> tuple[float, float, dict[str, str]]:
    """Return the seconds of a load, its peak in MiB, and what became of the rows."""
    start = time.perf_counter()
    tables = cg.load(folder)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seconds, peak, {name: str(count) for name, count in tables.ledger.items()}


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
        connection, has_encodings = engine()
        utf8 = own_read(connection, plain, "utf-8")
        same = own_read(connection, own, "gb18030") if has_encodings else "-"
        connection.close()
        # A process of its own, so that the peak is that of the load alone.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            ours, peak, ledger = pool.submit(load, own).result()
    print("| companies | links | DuckDB, same files, s | DuckDB, UTF-8, s | load, s | peak MiB |")
    print("|---:|---:|---:|---:|---:|---:|")
    counts = f"{asked.companies:,} | {asked.links:,}"
    print(f"| {counts} | {same} | {utf8} | {ours:.1f} | {peak:,.0f} |")
    print(ledger)


if __name__ == "__main__":
    main()
