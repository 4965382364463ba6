"""What the tests share: small synthetic chains and data folders, and the command itself."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pytest

import cluster_graph as cg
from cluster_graph.chain.model import Chain
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.cutting import Around
from cluster_graph.tables.engine import Engine

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import national

FIRMS = 3_000
LINKS = 20_000

Rows = Sequence[Mapping[str, object]]
Run = Callable[..., subprocess.CompletedProcess[str]]


def write_csv(path: Path, rows: Rows) -> None:
    """Write rows as UTF-8 CSV; the columns are those of all rows together."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_folder(folder: Path, **tables: Rows) -> Path:
    """Write a data folder or a chain's folder."""
    for name, rows in tables.items():
        write_csv(folder / f"{name}.csv", rows)
    return folder


def product(product_id: str, **more: object) -> dict[str, object]:
    """Return a synthetic product in tonnes."""
    return {
        "product_id": product_id,
        "name_zh": f"产品{product_id}",
        "name_en": f"Product {product_id}",
        "chain": "toy",
        "stage": "intermediate",
        "unit": "t",
        "recruit_gate": "open",
        **more,
    }


def needs(input_id: str, output_id: str, typical: float, **more: object) -> dict[str, object]:
    """Return a synthetic input with a range of one tenth either way."""
    return {
        "input_id": input_id,
        "output_id": output_id,
        "kind": "material",
        "low": round(typical * 0.9, 6),
        "typical": typical,
        "high": round(typical * 1.1, 6),
        "essential": "true",
        "evidence": "expert",
        **more,
    }


def company(company_id: str, **more: object) -> dict[str, object]:
    """Return a synthetic company in Lingyuan."""
    return {"company_id": company_id, "name": f"企业{company_id}", "region_code": "211382", **more}


@pytest.fixture(scope="session")
def shipped_chain() -> Chain:
    """Return the three shipped chains as one."""
    return cg.chains()


@pytest.fixture(scope="session")
def lingyuan(shipped_chain: Chain) -> Cluster:
    """Return the shipped cluster."""
    return cg.build(cg.load(), shipped_chain)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run `cluster-graph` in an empty folder, as a user would."""

    def call(
        *arguments: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        settings = {**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})}
        encoding = settings["PYTHONIOENCODING"] or "utf-8"
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "cluster_graph", *map(str, arguments)],
            capture_output=True,
            check=False,
            cwd=cwd or tmp_path,
            encoding=encoding,
            env=settings,
            timeout=120,
        )

    return call


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a small synthetic nation."""
    folder = tmp_path_factory.mktemp("nation")
    national.write(folder, FIRMS, LINKS)
    return folder


@pytest.fixture(scope="session")
def region(nation: Path) -> str:
    """Name the prefecture with most firms."""
    query = f"""
        SELECT region_code[:4] FROM '{nation / "companies.parquet"}'
        WHERE region_code <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
    """  # noqa: S608  a path of ours
    return str(duckdb.sql(query).fetchall()[0][0])


@pytest.fixture(scope="session")
def spark() -> Engine:
    """Name Spark, if this machine has Java and PySpark."""
    if shutil.which("java") is None:
        if os.environ.get("CLUSTER_GRAPH_NEED_SPARK"):
            pytest.fail("no Java on this machine")
        pytest.skip("no Java on this machine: nothing ran on Spark")
    pytest.importorskip("pyspark")
    return Engine("spark", master="local[2]")


def cut(folder: str | Path, region: str, hops: int = 1, engine: Engine | None = None) -> Cluster:
    """Build a cluster of what is about a region."""
    around = Around(region=(region,), hops=hops, engine=engine or Engine())
    return cg.build(cg.load(folder, around=around), cg.chains(), region)


def rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in an order of its own."""
    texts = frame.map(str)
    return frame.loc[texts.sort_values(list(texts)).index].reset_index(drop=True)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Compare cell by cell, but for the last digit of sums, whose order is an engine's own."""
    pd.testing.assert_frame_equal(rows(one), rows(other), check_dtype=False, rtol=1e-9)
