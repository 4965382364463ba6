"""Tables of a PostgreSQL server: a real one, started here on the loopback and stopped again."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import Run

import cluster_graph as cg
from cluster_graph import _shipped
from cluster_graph._errors import InputError
from cluster_graph.tables.server import open_url
from cluster_graph.tables.urls import without_password

psycopg = pytest.importorskip("psycopg")

SECRET = "geheim"  # noqa: S105  of a server that lives as long as its test


def _programs() -> Path:
    """Find the folder of the server's programs, which Debian keeps off the path."""
    known = shutil.which("initdb")
    found = [Path(known).parent] if known else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if found:
        return found[-1]
    if os.environ.get("CLUSTER_GRAPH_NEED_POSTGRES"):
        pytest.fail("no PostgreSQL on this machine")
    pytest.skip("no PostgreSQL on this machine: no table was read from a server")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Give the address of an empty server, its user `tester` with a password."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="cluster_graph_postgres_"))
    # PostgreSQL refuses to run as root.
    as_user: dict[str, Any] = {"user": "postgres"} if os.geteuid() == 0 else {}
    if as_user:
        shutil.chown(folder, "postgres")
    secret = folder / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    secret.chmod(0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"

    def run(*command: str | Path) -> None:
        subprocess.run(
            list(map(str, command)), check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user
        )

    data = folder / "data"
    run(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "tester",
        "-A",
        "scram-sha-256",
        "--pwfile",
        secret,
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    run(programs / "pg_ctl", "-D", data, "-o", start, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql://tester:{SECRET}@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def fill(server: str, database: str, *statements: str) -> str:
    """Make a database, run statements in it, and return its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}"')
    address = server.rsplit("/", 1)[0] + f"/{database}"
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
    return address


def copied(server: str, database: str, folder: Path) -> str:
    """Copy a data folder into a database, every column text, and return its address."""
    address = fill(server, database)
    with psycopg.connect(address, autocommit=True) as connection:
        for file in sorted(folder.glob("*.csv")):
            frame = pd.read_csv(file, dtype=str, keep_default_na=False)
            columns = ", ".join(f'"{name}" text' for name in frame)
            connection.execute(f'CREATE TABLE "{file.stem}" ({columns})')
            with (
                connection.cursor() as cursor,
                cursor.copy(f'COPY "{file.stem}" FROM STDIN') as copy,
            ):
                for row in frame.itertuples(index=False, name=None):
                    copy.write_row(row)
    return address


def test_the_same_figures_as_from_files(server: str) -> None:
    """The shipped folder, copied to a server, gives the shipped balance."""
    folder = _shipped.data_folder() / _shipped.DEFAULT_DATA
    tables = cg.load(copied(server, "shipped", folder))
    chain = cg.chains()
    assert tables.ledger == cg.load().ledger
    pd.testing.assert_frame_equal(
        cg.balance(cg.build(tables, chain)), cg.balance(cg.build(cg.load(), chain))
    )


def test_types_and_names_of_a_bureau(server: str) -> None:
    """Chinese names, decimals, dates, lists, flags, nulls, a view, another schema."""
    address = fill(
        server,
        "bureau",
        'CREATE TABLE "企业名录" ("企业名称" text, "所在地" text, "营业收入(亿元)" numeric(12,2),'
        ' "别名" text[], "是否链主" boolean, "数据日期" date, "从业人员" int)',
        "INSERT INTO \"企业名录\" VALUES ('凌源甲铸造有限公司', '凌源市', 1.50,"
        " ARRAY['甲铸', '老铸造厂'], true, '2024-12-31', 120),"
        " ('凌源乙机械有限公司', '凌源市', NULL, NULL, NULL, NULL, NULL)",
        'CREATE TABLE raw ("企业名称" text, "产品" text, "产量" numeric, "单位" text, "年份" int)',
        "INSERT INTO raw VALUES ('甲铸', '转炉粗钢', 12.5, '万吨', 2024)",
        'CREATE VIEW "产量表" AS SELECT * FROM raw',
        "CREATE SCHEMA hidden",
        "CREATE TABLE hidden.companies (company_id text)",
    )
    tables = cg.load(address)
    first = tables.companies.iloc[0]
    assert first[["revenue", "employees", "is_anchor", "as_of"]].tolist() == [
        15000.0,
        120.0,
        True,
        "2024-12-31",
    ]
    assert first["alias"] == ("甲铸", "老铸造厂")
    assert tables.companies["revenue"].isna().tolist() == [False, True]
    cluster = cg.build(tables, cg.chains())
    # The view repeats its table row for row, and a row said twice counts once.
    assert cluster.makers[["product_id", "size"]].to_numpy().tolist() == [["S_CRUDE", 125000.0]]
    assert cluster.tables.ledger["outputs"].merged == 1


def test_another_schema_by_the_address(server: str) -> None:
    """What libpq knows may stand behind the address."""
    address = fill(
        server,
        "schemas",
        "CREATE SCHEMA survey",
        "CREATE TABLE survey.companies (company_id text, name text, region_code text)",
        "INSERT INTO survey.companies VALUES ('A', '凌源甲厂', '211382')",
        "CREATE TABLE survey.outputs (company_id text, product_id text, output float)",
        "INSERT INTO survey.outputs VALUES ('A', 'S_CRUDE', 7)",
    )
    with pytest.raises(InputError, match="no table can be seen"):
        cg.load(address)
    tables = cg.load(f"{address}?options=-csearch_path%3Dsurvey")
    assert tables.outputs["output"].tolist() == [7.0]


def test_only_the_first_rows_are_fetched(server: str) -> None:
    """Whoever looks at the head of a large table leaves the rest on the server."""
    address = fill(
        server,
        "large",
        "CREATE TABLE links AS SELECT g AS supplier_id FROM generate_series(1, 3000000) g",
    )
    (sheet,) = open_url(address)
    rows = sheet.rows()
    assert [next(rows) for _ in range(3)] == [["supplier_id"], ["1"], ["2"]]
    rows.close()  # type: ignore[attr-defined]  # a generator behind the iterator
    assert next(sheet.rows()) == ["supplier_id"]


def test_the_password_is_shown_nowhere(server: str, run: Run, tmp_path: Path) -> None:
    """Neither in what was understood, nor in rejects, nor in an error."""
    address = fill(
        server,
        "secret",
        "CREATE TABLE companies (company_id text, name text, region_code text)",
        "INSERT INTO companies VALUES ('A', '凌源甲厂', '211382'), ('B', '', '211382')",
        "CREATE TABLE outputs (company_id text, product_id text, output float)",
        "INSERT INTO outputs VALUES ('A', 'S_CRUDE', 7)",
    )
    done = run("check", address, "-o", "rejects.csv")
    assert done.returncode == 1, done.stderr
    rejects = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert "› companies" in rejects
    wrong = run("gaps", address.replace("/secret", "/nowhere"))
    assert wrong.returncode == 2
    assert "nowhere" in wrong.stderr
    for text in (done.stdout, done.stderr, rejects, wrong.stderr):
        assert SECRET not in text
        assert "Traceback" not in text


@pytest.mark.parametrize(
    ("address", "zh", "en"),
    [
        ("mysql://root@127.0.0.1/x", "不认识这种数据库地址", "database address is not known"),
        ("postgresql://u:p@127.0.0.1:1/x", "连不上数据库", "cannot be reached"),
        ("postgresql://u:p@127.0.0.1:notaport/x", "连不上数据库", "cannot be reached"),
    ],
)
def test_addresses_that_do_not_work(address: str, zh: str, en: str, run: Run) -> None:
    """One line, exit 2, in both languages."""
    for lang, said in (("zh", zh), ("en", en)):
        done = run("--lang", lang, "gaps", address)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_a_wrong_password_is_said(server: str) -> None:
    """The server's own words stand in the message."""
    with pytest.raises(InputError, match="password authentication failed"):
        cg.load(server.replace(SECRET, "falsch"))


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(InputError, match=r"cluster-graph\[postgres\]"):
        cg.load("postgresql://127.0.0.1/x")


def test_what_is_shown_of_an_address() -> None:
    """Host and database; neither user, password nor options."""
    shown = without_password("postgresql://u:p@ss@db.local:5432/survey?sslmode=require")
    assert shown == "postgresql://db.local:5432/survey"
