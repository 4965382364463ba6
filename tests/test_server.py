"""Tables of a PostgreSQL server: a real one, started here on the loopback and stopped again."""

import errno
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
from conftest import Run, cut, same

import cluster_graph as cg
from cluster_graph import _shipped
from cluster_graph._errors import InputError
from cluster_graph.flows.cutting import WHOLE, Around
from cluster_graph.tables.engine import Engine
from cluster_graph.tables.model import collected
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


# ---- large tables


@pytest.fixture(scope="module")
def nation_served(server: str, nation: Path) -> str:
    """Copy the small synthetic nation into a database, its figures as numbers."""
    kinds = {"quantity": "double precision", "value": "double precision", "year": "int"}
    address = fill(server, "nation")
    with psycopg.connect(address, autocommit=True) as connection:
        for file in sorted(nation.glob("*.parquet")):
            frame = pd.read_parquet(file)
            columns = ", ".join(f'"{name}" {kinds.get(str(name), "text")}' for name in frame)
            connection.execute(f'CREATE TABLE "{file.stem}" ({columns})')
            rows = frame.astype(object).where(frame.notna(), None)
            with (
                connection.cursor() as cursor,
                cursor.copy(f'COPY "{file.stem}" FROM STDIN') as copy,
            ):
                for row in rows.itertuples(index=False, name=None):
                    copy.write_row(row)
        connection.execute("ANALYZE")
    return address


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is temporary and what is cached in a folder that the test looks into."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("CLUSTER_GRAPH_CACHE", str(folder / "cache"))
    return folder


def left(own: Path) -> list[Path]:
    """List the files that are left."""
    return [path for path in own.rglob("*") if path.is_file()]


def test_a_part_of_the_tables_of_a_server(
    nation_served: str, nation: Path, region: str, own: Path, spark: Engine
) -> None:
    """The region is cut out as of files, and says what all of the server's tables say."""
    whole = cut(nation_served, region, WHOLE)
    part = cut(nation_served, region)
    assert len(part.tables.companies) < len(whole.tables.companies) / 2
    same(cg.balance(part), cg.balance(whole))
    same(cg.gaps(part), cg.gaps(whole))
    assert all("nation › " in file for file in part.tables.companies["file"])
    # What lies on a server may change without a sign, so that no part of it is kept.
    assert left(own) == []
    shown = ["file", "row"]
    files = cut(nation, region).tables
    for engine in (Engine(), spark):
        tables = cut(nation_served, region, engine=engine).tables
        assert tables.parts == files.parts
        same(tables.companies.drop(columns=shown), files.companies.drop(columns=shown))
        same(tables.outputs.drop(columns=shown), files.outputs.drop(columns=shown))


def test_texts_come_as_they_stand(server: str, own: Path) -> None:
    """Quotes, commas, line ends, tabs, nulls, flags, dates and lists, cut or not."""
    address = fill(
        server,
        "texts",
        "CREATE TABLE companies (company_id text, name text, region_code text, note text,"
        " alias text[], is_anchor boolean, as_of date, employees int, revenue numeric(12,2))",
        "INSERT INTO companies VALUES"
        " ('A', '凌源\"甲\",厂', '211382', E'a\\tb\\nc\\\\d\\r\\ne', ARRAY['甲一', '甲,二'],"
        " true, '2024-12-31', 120, 1.50),"
        " ('B', '北京乙厂', '110000', '', NULL, false, NULL, NULL, NULL),"
        " ('C', '北京丙厂', '110000', '\\.', ARRAY[]::text[], NULL, NULL, 7, -0.00)",
        "CREATE TABLE links (supplier_id text, customer_id text, product_id text,"
        " quantity numeric, unit text, note text)",
        "INSERT INTO links VALUES ('B', 'A', 'S_LIME', 1234567.891, 't', '\"'),"
        " ('A', '北京丙厂', NULL, NULL, NULL, E'x\\n\\ny')",
    )
    part = cg.load(address, around=Around(region=("211382",), hops=1))
    whole = cg.load(address)
    assert part.problems == whole.problems == ()
    shown = ["file", "row"]
    pd.testing.assert_frame_equal(
        part.companies.drop(columns=shown).sort_values("company_id", ignore_index=True),
        whole.companies.drop(columns=shown).sort_values("company_id", ignore_index=True),
    )
    assert part.links is not None
    assert whole.links is not None
    texts = ["supplier_id", "customer_id", "product_id", "quantity", "unit", "note"]
    frames = [collected(tables.links.frame.select(texts)) for tables in (part, whole)]
    same(*frames)
    assert left(own) == []


def test_only_large_tables_are_brought(
    nation_served: str, region: str, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of files: the many are cut without being asked, if a region is named."""
    assert cg.load(nation_served, around=Around(region=(region,))).parts == {}
    monkeypatch.setattr("cluster_graph.flows.cutting.LARGE", 1000)
    assert cg.load(nation_served, around=Around(region=(region,))).parts
    with pytest.raises(InputError, match="none is named"):
        cg.load(nation_served, around=Around(region=()))
    assert [path for path in left(own) if "cache" not in path.parts] == []


def test_rows_that_nobody_has_counted_are_counted(server: str) -> None:
    """The planner knows nothing of a view, nor of a table that it never looked at."""
    address = fill(
        server,
        "uncounted",
        "CREATE TABLE links AS SELECT g AS supplier_id FROM generate_series(1, 3000) g",
        "CREATE VIEW outputs AS SELECT * FROM links",
    )
    counts = [sheet.served.about() for sheet in open_url(address) if sheet.served]
    assert counts == [3000, 3000]


def test_a_table_that_breaks_off(server: str, run: Run, own: Path) -> None:
    """A query that fails half way is one line, and leaves nothing behind."""
    address = fill(
        server,
        "breaking",
        "CREATE TABLE companies AS"
        " SELECT 'C' || g AS company_id, '厂' || g AS name, '211382' AS region_code"
        " FROM generate_series(1, 50000) g",
        "CREATE VIEW links AS SELECT 'C' || g AS supplier_id, 'C' || 100 / (g - 30000)"
        " AS customer_id, 'S_LIME' AS product_id FROM generate_series(1, 50000) g",
    )
    env = {"TMPDIR": str(own), "CLUSTER_GRAPH_CACHE": str(own / "cache")}
    done = run("gaps", address, "--hops", "1", "--lang", "en", env=env)
    assert done.returncode == 2
    assert "division by zero" in done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr
    assert left(own) == []


def test_a_disk_that_fills_while_a_table_comes(
    nation_served: str, region: str, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says where to find room, and what had come is gone."""

    def full(_: object, path: Path) -> None:
        path.write_text("the first rows", encoding="utf-8")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cluster_graph.tables.server._Table.bring", full)
    with pytest.raises(InputError, match="--spill"):
        cut(nation_served, region)
    assert left(own) == []


def test_the_network_of_a_server(nation_served: str, nation: Path, region: str) -> None:
    """Every figure is that of the files."""
    around = Around(region=(region,), hops=1)
    pd.testing.assert_frame_equal(cg.network(nation_served, around), cg.network(nation, around))
