"""What was known by a day, and the same data as of two days."""

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from conftest import Run, company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.chain.model import Chain

TIE = {"supplier_id": "B", "customer_id": "A", "product_id": "N"}


@pytest.fixture
def toy(tmp_path: Path) -> Chain:
    """Return a synthetic chain: M takes N."""
    folder = write_folder(
        tmp_path / "chain",
        products=[product("M"), product("N")],
        inputs=[needs("N", "M", 2)],
    )
    return cg.chains(folder)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Outputs of three years and one without, links of two, projects of three dates."""
    return write_folder(
        tmp_path / "data",
        companies=[company("A", as_of="2024"), company("B", as_of="2030")],
        outputs=[
            {"company_id": "A", "product_id": "M", "output": 10, "year": 2022},
            {"company_id": "A", "product_id": "M", "output": 20, "year": 2023},
            {"company_id": "A", "product_id": "M", "output": 30, "year": "2024年"},
            {"company_id": "B", "product_id": "N", "output": 5},
        ],
        links=[
            {
                "supplier_id": "B",
                "customer_id": "A",
                "product_id": "N",
                "quantity": 3,
                "year": 2022,
            },
            {
                "supplier_id": "B",
                "customer_id": "A",
                "product_id": "N",
                "quantity": 4,
                "year": 2024,
            },
        ],
        projects=[
            {
                "project_id": "P1",
                "name": "一",
                "product_id": "N",
                "region_code": "211382",
                "stage": "signed",
                "date": "2023-05-01",
            },
            {
                "project_id": "P2",
                "name": "二",
                "product_id": "N",
                "region_code": "211382",
                "stage": "signed",
                "date": "2023/11",
            },
            {
                "project_id": "P3",
                "name": "三",
                "product_id": "N",
                "region_code": "211382",
                "stage": "signed",
            },
        ],
    )


@pytest.fixture
def shelf(data: Path, toy: Chain) -> tuple[Path, Chain]:
    """Return both."""
    return data, toy


@pytest.mark.parametrize(
    ("day", "supply", "bought", "projects"),
    [
        (None, 30, 4, "P1 P2 P3"),
        ("2024", 30, 4, "P1 P2 P3"),
        ("2023-11", 20, 3, "P1 P2 P3"),
        ("2023-06-30", 20, 3, "P1 P3"),
        ("2022", 10, 3, "P3"),
        ("2021", 0, np.nan, "P3"),
    ],
)
def test_later_rows_are_left_out(
    day: str | None, supply: float, bought: float, projects: str, shelf: tuple[Path, Chain]
) -> None:
    """
    The output of the latest year known by then; undated rows always; companies always.

    In 2021 only the undated output of B is known: A makes nothing that anybody knows of.
    """
    data, toy = shelf
    cluster = cg.build(cg.load(data), toy, as_of=day)
    balance = cg.balance(cluster).set_index("product_id")
    assert balance.loc["M", "supply"] == supply
    assert balance.loc["N", "supply"] == 5
    assert balance.loc["N", "local_purchases"] == pytest.approx(bought, nan_ok=True)
    assert " ".join(cluster.tables.projects["project_id"]) == projects
    assert len(cluster.companies_frame) == 2


def test_links_of_any_engine(data: Path, toy: Chain) -> None:
    """A link frame of Polars is filtered where it lives."""
    tables = {
        name: pl.read_csv(data / f"{name}.csv", infer_schema=False)
        for name in ("companies", "outputs", "links")
    }
    balance = cg.balance(cg.build(cg.load(tables), toy, as_of="2023")).set_index("product_id")
    assert balance.loc["N", "local_purchases"] == 3


@pytest.mark.parametrize("day", ["", "soon", "2024-13", "2024-02-40", "24"])
def test_no_day(day: str, data: Path, toy: Chain) -> None:
    """What is no year, month or day is refused."""
    with pytest.raises(InputError, match="is no date"):
        cg.build(cg.load(data), toy, as_of=day)


@pytest.mark.usefixtures("toy")
def test_one_folder_as_of_two_days(data: Path, tmp_path: Path, run: Run) -> None:
    """Need of N grows from 20 to 60 t with the output of M: the gap widens from 15 to 55."""
    chain = tmp_path / "chain"
    done = run("--lang", "en", "compare", data, data, "--as-of", "2022", "2024", "--chain", chain)
    assert done.returncode == 0, done.stderr
    assert "from 15 t" in done.stdout
    assert "to 55 t" in done.stdout
    rows = run("gaps", data, "--chain", chain, "--as-of", "2022", "--format", "csv")
    (row,) = csv.DictReader(rows.stdout.splitlines())
    assert row["shortage"] == "15"
