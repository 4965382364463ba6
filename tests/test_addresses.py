"""Tables at the address of a store: the same as here, on every engine; all data are synthetic."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import FIRMS, LINKS, Run, company, cut, same, write_folder

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.flows.cutting import WHOLE, Around
from cluster_graph.tables.address_errors import told_at
from cluster_graph.tables.cache import is_settled
from cluster_graph.tables.engine import Engine, connect
from cluster_graph.tables.model import Tables, collected
from cluster_graph.tables.schema import SMALL_TABLES
from cluster_graph.tables.sheet import File
from cluster_graph.tables.urls import STORES, below, steps_below, without_password

AROUND = Around(region=("211382",), hops=1)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is cached away from the user's own."""
    monkeypatch.setenv("CLUSTER_GRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def parts(nation: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the nation with links in one folder a year, and outputs as Spark writes a table."""
    folder = tmp_path_factory.mktemp("分区 parts")
    shutil.copy(nation / "companies.parquet", folder)
    source = f"(FROM '{nation / 'links.parquet'}')"
    duckdb.sql(f"COPY {source} TO '{folder / 'links'}' (FORMAT parquet, PARTITION_BY year)")
    outputs = folder / "outputs.parquet"
    outputs.mkdir()
    (outputs / "_SUCCESS").touch()
    shutil.copy(nation / "outputs.parquet", outputs / "part-00000.parquet")
    return folder


def equal(one: Tables, other: Tables) -> None:
    """Compare what was loaded, cell by cell; of a part, rows are in an engine's own order."""
    left = ["file", "row"] if one.parts else ["file"]
    for name in SMALL_TABLES:
        same(one.small(name).drop(columns=left), other.small(name).drop(columns=left))
    assert one.ledger == other.ledger
    assert one.parts == other.parts
    assert one.links is not None
    assert other.links is not None
    columns = ["supplier_id", "customer_id", "product_id", "quantity", "value", "supplier_name"]
    same(
        *(collected(tables.links.frame.select(columns)) for tables in (one, other) if tables.links)
    )


def small(folder: Path, **more: object) -> Path:
    """Write a few tables as CSV, with cells that a careless reader would spoil."""
    companies = [
        company("001", name='凌源"甲"，厂'),
        company("B", name="乙\n厂", region_code="110000", **more),
        company("C", region_code="120000"),
    ]
    links = [
        {
            "supplier_id": "B",
            "customer_id": "001",
            "product_id": "S_REFRAC",
            "quantity": "1,200.50",
        },
        {"supplier_id": "C", "customer_id": "B", "product_id": "S_LIME", "quantity": ""},
    ]
    outputs = [{"company_id": "001", "product_id": "S_REFRAC", "output": 3}]
    return write_folder(folder, companies=companies, links=links, outputs=outputs)


# ---- the same as here


@pytest.mark.parametrize("hops", [1, WHOLE])
def test_an_address_says_what_the_path_says(
    nation: Path, parts: Path, region: str, hops: int
) -> None:
    """Files, partitions and a table as Spark writes it, cut and whole."""
    here = cut(nation, region, hops)
    for folder in (nation, parts):
        there = cut(f"file://{folder}", region, hops)
        equal(there.tables, here.tables)
        same(cg.gaps(there), cg.gaps(here))


def test_an_address_on_spark(nation: Path, parts: Path, region: str, spark: Engine) -> None:
    """Spark finds, cuts and brings the same."""
    here = cut(nation, region)
    for folder in (nation, parts):
        there = cut(f"file://{folder}", region, engine=spark)
        equal(there.tables, here.tables)
        same(cg.gaps(there), cg.gaps(here))
    around = Around(region=(region,), hops=WHOLE, engine=spark)
    equal(cg.load(f"file://{parts}", around=around), cg.load(nation))


def test_the_network_at_an_address(nation: Path, parts: Path, region: str) -> None:
    """Every figure is equal."""
    around = Around(region=(region,), hops=1)
    here = cg.network(nation, around)
    assert here.equals(cg.network(f"file://{parts}", around))


@pytest.mark.parametrize("hops", [1, WHOLE])
def test_a_database_at_an_address(tmp_path: Path, nation: Path, region: str, hops: int) -> None:
    """A DuckDB file is as good as a folder."""
    path = tmp_path / "nation.duckdb"
    with duckdb.connect(str(path)) as connection:
        for name in ("companies", "outputs", "links"):
            connection.execute(f"CREATE TABLE {name} AS FROM '{nation / name}.parquet'")
    equal(cut(f"file://{path}", region, hops).tables, cut(nation, region, hops).tables)


def test_text_tables_at_an_address(tmp_path: Path) -> None:
    """Quotes, line breaks, leading zeros, another delimiter: every cell is the same."""
    folder = small(tmp_path / "data")
    text = (folder / "outputs.csv").read_text(encoding="utf-8")
    (folder / "outputs.csv").write_text(text.replace(",", ";"), encoding="utf-8-sig")
    (folder / "companies_old.csv").write_text("nothing,of,ours\n", encoding="utf-8")
    for around in (None, AROUND):
        equal(cg.load(f"file://{folder}", around=around), cg.load(folder, around=around))
    assert cg.load(f"file://{folder}").companies["company_id"].tolist() == ["001", "B", "C"]


def test_text_tables_on_spark(tmp_path: Path, spark: Engine) -> None:
    """Spark reads the same cells."""
    folder = small(tmp_path / "data")
    for hops in (1, WHOLE):
        around = Around(region=("211382",), hops=hops, engine=spark)
        here = cg.load(folder, around=Around(region=("211382",), hops=hops))
        equal(cg.load(f"file://{folder}", around=around), here)


def test_the_command_takes_an_address(run: Run, nation: Path, region: str) -> None:
    """Large tables are cut as those of a path are, and the screen says so."""
    options = ["--region", region, "--hops", "1", "--format", "json", "--lang", "en"]
    here = run("gaps", nation, *options)
    there = run("gaps", f"file://{nation}", *options)
    assert there.returncode == 0
    assert json.loads(there.stdout) == json.loads(here.stdout)
    assert there.stderr == here.stderr.replace(str(nation), f"file://{nation}")


def test_large_tables_are_cut_unasked(
    nation: Path, region: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows at an address are counted, and many are too many to bring."""
    address, around = f"file://{nation}", Around(region=(region,))
    assert cg.load(address, around=around).parts == {}
    monkeypatch.setattr("cluster_graph.flows.cutting.LARGE", FIRMS + LINKS)
    assert cg.load(address, around=around).parts["links"][1] == LINKS


# ---- what is kept


def aged(folder: Path, seconds: float) -> Path:
    """Let files have changed some time ago."""
    then = time.time() - seconds
    for path in folder.rglob("*.csv"):
        os.utime(path, (then, then))
    return folder


def test_unchanged_files_are_not_cut_again(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run answers from the cache; a changed, added or other file is cut anew."""
    folder = aged(small(tmp_path / "data"), 3600)
    address = f"file://{folder}"
    first = cg.load(address, around=AROUND)
    assert len(list(cache.iterdir())) == 1
    with monkeypatch.context() as patch:
        patch.setattr("cluster_graph.flows.cutting.cut", None)
        equal(cg.load(address, around=AROUND), first)
    aged(small(folder, alias="丙"), 1800)
    assert list(cg.load(address, around=AROUND).companies["alias"]) == [(), ("丙",)]
    assert len(list(cache.iterdir())) == 2
    # The same names, sizes and times in another folder are other files.
    other = shutil.copytree(folder, tmp_path / "other")
    cg.load(f"file://{other}", around=AROUND)
    assert len(list(cache.iterdir())) == 3


def test_what_changed_just_now_is_not_kept(tmp_path: Path, cache: Path) -> None:
    """A store that counts in seconds could not tell the next change from the last."""
    folder = small(tmp_path / "data")
    cg.load(f"file://{folder}", around=AROUND)
    assert not cache.exists()


def test_nothing_whole_is_kept(tmp_path: Path, cache: Path) -> None:
    """Copies of whole tables go when they have been read."""
    cg.load(f"file://{aged(small(tmp_path / 'data'), 3600)}")
    assert not cache.exists()


@pytest.mark.parametrize(("age", "kept"), [(3600, True), (1, False), (-3600, False)])
def test_when_a_listing_tells_enough(age: float, *, kept: bool) -> None:
    """Old enough by the clock; and a time that nobody knows is never enough."""
    old = File("s3://b/a", 1, time.time() - 7200)
    assert is_settled([old, File("s3://b/b", 1, time.time() - age)]) is kept
    assert not is_settled([old, File("s3://b/b", 1, 0)])


# ---- what the engine is handed


@pytest.mark.parametrize(
    "address",
    [
        "s3://bucket/a folder/中",
        "s3a://bucket",
        "gs://bucket/x/",
        "az://container/x",
        "abfss://container@account.dfs.core.windows.net/x",
    ],
)
def test_the_engine_gets_the_address_as_it_is(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What DuckDB is asked for begins with the user's own words."""
    asked: list[str] = []

    def found(_: object, patterns: list[str]) -> list[File]:
        asked.extend(patterns)
        return []

    monkeypatch.setattr("cluster_graph.tables.engine.DuckDBScanner._found", found)
    with pytest.raises(InputError) as caught:
        cg.load(address)
    assert caught.value.key == "empty_address"
    folder = address.rstrip("/")
    assert f"{folder}/companies*" in asked
    assert f"{folder}/links*/**/*.parquet" in asked
    assert all(pattern.startswith(f"{folder}/") for pattern in asked)


def test_a_server_is_asked_file_by_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """It lists nothing; a signature goes with every file, and is shown nowhere."""
    asked: list[str] = []

    def found(_: object, patterns: list[str]) -> list[File]:
        asked.extend(patterns)
        return []

    monkeypatch.setattr("cluster_graph.tables.engine.DuckDBScanner._found", found)
    with pytest.raises(InputError) as caught:
        cg.load("https://u:geheim@host/x?sig=geheim")
    assert "https://u:geheim@host/x/companies.parquet?sig=geheim" in asked
    assert "https://u:geheim@host/x/links.csv?sig=geheim" in asked
    assert "https://host/x" in str(caught.value)
    assert "geheim" not in str(caught.value) + caught.value.text("zh")


@pytest.mark.parametrize(
    ("place", "folder", "steps"),
    [
        ("s3://b/x/links/year=1/a.parquet", "s3://b/x/", ["links", "year=1", "a.parquet"]),
        ("s3://b/links.parquet", "s3://b", ["links.parquet"]),
        ("/srv/x/links.csv", "file:///srv/x", ["links.csv"]),
        ("file:/srv/x/links.csv", "file:///srv/x", ["links.csv"]),
        ("/srv/x/links.csv", "file://localhost/srv/x", ["links.csv"]),
        ("https://h/x/links.csv?a=/b", "https://h/x?a=/b", ["links.csv"]),
        ("abfss://c@a/x/links.csv", "abfss://c@a/x", ["links.csv"]),
    ],
)
def test_the_way_from_a_folder_to_a_file(place: str, folder: str, steps: list[str]) -> None:
    """Engines write addresses in ways of their own."""
    assert steps_below(place, folder) == steps


def test_what_an_address_shows() -> None:
    """Neither users nor signatures; a container is no user."""
    assert without_password("https://u:p@h:1/x?sig=a@b#c") == "https://h:1/x"
    assert without_password("abfss://c@a.net/x") == "abfss://c@a.net/x"
    assert below("https://h/x/?sig=1", "a.csv") == "https://h/x/a.csv?sig=1"


# ---- a server of web pages


@pytest.fixture
def served(nation: Path) -> Iterator[str]:
    """Serve the nation by HTTP, if DuckDB has its extension for that."""
    try:
        connect().execute("LOAD httpfs")
    except duckdb.Error:
        pytest.skip("DuckDB's extension httpfs is not installed: nothing was read by HTTP")
    # A process of its own: DuckDB may wait for an answer without letting others run in this one.
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        command, cwd=nation, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        port = re.search(r"port ([0-9]+)", process.stdout.readline())
        assert port is not None
        yield f"http://127.0.0.1:{port[1]}"
        process.terminate()


def test_tables_by_http(served: str, nation: Path, region: str) -> None:
    """Every cell is that of the file."""
    equal(cut(served, region).tables, cut(nation, region).tables)
    equal(cg.load(f"{served}/?signature=1"), cg.load(nation))


def test_a_server_without_tables(served: str) -> None:
    """Each file is asked for, and none is there."""
    with pytest.raises(InputError) as caught:
        cg.load(f"{served}/none")
    assert caught.value.key == "empty_address"


def test_a_server_that_does_not_answer(served: str) -> None:
    """It is named, with what to check."""
    with pytest.raises(InputError) as caught:
        cg.load(served.rpartition(":")[0] + ":9/x")
    assert caught.value.key == "address_silent"


# ---- what cannot be


@pytest.mark.parametrize(
    ("address", "zh", "en"),
    [
        ("s3://b/x", "INSTALL httpfs", "INSTALL httpfs"),
        ("az://c/x", "INSTALL azure", "INSTALL azure"),
        ("hdfs://host/x", "请加上 --engine spark", "Add --engine spark"),
        ("file:///nowhere/x", "没有找到数据表", "no table is found"),
        ("swift://b/x", "不认识这种数据库地址", "s3://"),
    ],
)
def test_addresses_that_do_not_work(
    run: Run, tmp_path: Path, address: str, zh: str, en: str
) -> None:
    """One line in either language, exit 2, without asking the network for an extension."""
    env = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    for lang, said in (("zh", zh), ("en", en)):
        done = run("gaps", address, "--lang", lang, env=env)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert address in done.stderr
        assert said in done.stderr


def test_duckdb_installs_nothing_unasked() -> None:
    """It would fetch a program, or wait for a network that is not there."""
    with connect() as connection:
        found = connection.execute("SELECT current_setting('autoinstall_known_extensions')")
        assert found.fetchall() == [(False,)]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("s3a://b/x", ("s3a://", "S3AFileSystem", "hadoop-aws", "SPARK_CONF_DIR")),
        ("s3://b/x", ("No FileSystem", "hadoop-aws", "s3a://")),
        ("oss://b/x", ("hadoop-aliyun",)),
        ("https://host/x", ("Leave out --engine spark",)),
    ],
)
def test_what_spark_lacks(address: str, words: tuple[str, ...], spark: Engine) -> None:
    """The jar to add is named, and where to."""
    with pytest.raises(InputError) as caught:
        cg.load(address, around=Around(region=("211382",), engine=spark))
    for word in words:
        assert word in str(caught.value)


def test_spark_finds_nothing(tmp_path: Path, spark: Engine) -> None:
    """A folder without tables, and none at all, are empty; a database is not for Spark."""
    for place, key in (("none", "empty_address"), ("x.duckdb", "engine_cannot_read")):
        with pytest.raises(InputError) as caught:
            cg.load(f"file://{tmp_path}/{place}", around=Around(region=(), engine=spark))
        assert caught.value.key == key


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Missing 'x'. Install it first using \"INSTALL azure\".", "no_extension"),
        ("HTTP GET error on 'https://h/403/a' (HTTP 403 Forbidden)", "address_refused_by_duckdb"),
        ("HTTP GET error on 'https://h/403/a' (HTTP 0 Internal)", "address_refused_by_duckdb"),
        ("Could not resolve hostname error for HTTP GET to 'x'", "address_silent"),
        ("HTTP GET error reading 'x' (HTTP 404 Not Found)", "address_missing"),
        ("something in https://h/403?sig=geheim is wrong", "address_failed"),
    ],
)
def test_what_an_engine_says_of_an_address(said: str, key: str) -> None:
    """Each complaint has its own advice; what is secret, or only looks like a status, stays out."""
    address = "https://h/403?sig=geheim"
    with pytest.raises(InputError) as caught, told_at(address, "duckdb"):
        raise duckdb.IOException(said)
    assert caught.value.key == key
    assert "geheim" not in str(caught.value)
    assert "https://h/403" in str(caught.value)


def test_faults_of_ours_stay_faults() -> None:
    """Whatever no engine said is no advice for users."""
    with pytest.raises(ZeroDivisionError), told_at("s3://b", "duckdb"):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("company_id,name\nA,甲厂\n".encode("gb18030"), "address_encoding"),
        (b"list of firms,,\ncompany_id,name,note\n", "address_headings"),
        (b"company_id,name,name\n", "address_headings"),
        (b"", "no_heading"),
    ],
)
def test_text_that_engines_cannot_read(tmp_path: Path, content: bytes, key: str) -> None:
    """The file is named."""
    folder = small(tmp_path / "data")
    (folder / "companies.csv").write_bytes(content)
    with pytest.raises(InputError) as caught:
        cg.load(f"file://{folder}")
    assert caught.value.key == key


def mixed(folder: Path) -> str:
    """Write a table of which one year lacks a column, and return its address."""
    small(folder)
    (folder / "links.csv").unlink()
    for year, more in ((2022, ", 1.0 AS quantity"), (2023, ", 1.0 AS quantity"), (2024, "")):
        part = folder / "links" / f"year={year}"
        part.mkdir(parents=True)
        duckdb.sql(f"COPY (SELECT 'B' AS supplier_id{more}) TO '{part / 'a.parquet'}'")
    return f"file://{folder}"


def test_years_with_other_columns(tmp_path: Path) -> None:
    """The file and the column are named."""
    with pytest.raises(InputError, match=r"year=2024.*quantity"):
        cg.load(mixed(tmp_path / "data"))


def test_years_with_other_columns_on_spark(tmp_path: Path, spark: Engine) -> None:
    """Spark would fill the gap, or pass over what is more."""
    with pytest.raises(InputError, match=r"year=2024.*quantity"):
        cg.load(mixed(tmp_path / "data"), around=Around(region=(), hops=WHOLE, engine=spark))


def test_text_that_spark_would_spoil(tmp_path: Path, spark: Engine) -> None:
    """Spark puts signs of its own in the place of bytes that are not UTF-8."""
    folder = small(tmp_path / "data")
    (folder / "companies.csv").write_bytes("company_id,name\nA,甲厂\n".encode("gb18030"))
    with pytest.raises(InputError) as caught:
        cg.load(f"file://{folder}", around=Around(region=("211382",), engine=spark))
    assert caught.value.key == "address_encoding"


def test_a_region_is_needed_to_cut(nation: Path) -> None:
    """Links away of nowhere are none."""
    for place in (nation, f"file://{nation}"):
        with pytest.raises(InputError) as caught:
            cg.load(place, around=Around(region=(), hops=1))
        assert caught.value.key == "region_needed"


def test_which_engine_reads_which_store() -> None:
    """What only one of them reads is offered by that one alone."""
    assert {"file", "s3", "s3a", "gs", "abfss"} <= set(STORES["duckdb"]) & set(STORES["spark"])
    assert {"http", "https", "az", "r2"} <= set(STORES["duckdb"]) - set(STORES["spark"])
    assert {"hdfs", "oss"} <= set(STORES["spark"]) - set(STORES["duckdb"])
