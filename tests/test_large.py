"""Large tables: cut on an engine, the same on every engine, kept; all data are synthetic."""

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import national
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from conftest import FIRMS, LINKS, Run, company, cut, needs, product, same, write_folder

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.flows import aggregate
from cluster_graph.flows.cutting import WHOLE, Around
from cluster_graph.flows.neighbourhood import Table, touching
from cluster_graph.tables.engine import Engine, bytes_of, running
from cluster_graph.tables.handles import folded
from cluster_graph.tables.model import collected
from cluster_graph.tables.parquet import parquet


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep what is cached away from the user's own."""
    monkeypatch.setenv("CLUSTER_GRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


# ---- the part and the whole


def test_the_part_says_of_the_region_what_the_whole_says(nation: Path, region: str) -> None:
    """Balance, gaps and trade of the region are the same, cut or not."""
    part = cut(nation, region)
    whole = cut(nation, region, WHOLE)
    assert len(part.tables.companies) < len(whole.tables.companies) / 2
    for name in ("purchases", "sales"):
        assert part.trade is not None
        assert whole.trade is not None
        same(getattr(part.trade, name), getattr(whole.trade, name))
    names = ["supplier_id", "customer_id", "product_id", "quantity", "value", "links"]
    places = ["supplier_place", "customer_place"]
    same(part.trade.ties[names + places], whole.trade.ties[names + places])
    same(cg.balance(part), cg.balance(whole))
    same(cg.gaps(part), cg.gaps(whole))


def test_leads_two_links_away_are_in_the_part(nation: Path, region: str) -> None:
    """Whoever supplies a partner is known by name and place, though it is left behind."""
    part, whole = cut(nation, region), cut(nation, region, WHOLE)
    assert part.links is not None
    assert whole.links is not None
    assert part.trade is not None
    ties = part.trade.ties
    here = set(part.companies_frame.query("place == 'local'")["company_id"])
    partners = sorted({*ties["supplier_id"], *ties["customer_id"]} - here)
    products = sorted(cg.chains().products.index)
    near, far = (aggregate.beyond(each.links, partners, products) for each in (part, whole))
    keys = ["supplier_id", "customer_id", "product_id"]
    known = set(far[keys].itertuples(index=False, name=None))
    found = set(near[keys].itertuples(index=False, name=None))
    # A link without a product takes the only one of its supplier, whose outputs are left behind.
    assert found <= known
    assert len(found) > 0.99 * len(known) > 100
    assert (near["supplier_name"] != "").all()


def test_a_look_at_a_part_of_the_links_changes_nothing(
    tmp_path: Path, nation: Path, region: str, spark: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which links are the largest is the same, whatever was looked at first, text or number."""
    links = pd.read_parquet(nation / "links.parquet")
    odd = [np.nan, np.inf, -np.inf, -1.0, -5.0, 0.0]
    links.loc[::50, "quantity"] = np.resize(odd, len(links.loc[::50]))
    numbers, texts = tmp_path / "numbers", tmp_path / "texts"
    for folder in (numbers, texts):
        shutil.copytree(nation, folder)
    links.to_parquet(numbers / "links.parquet")
    links.assign(quantity=links["quantity"].map(str)).to_parquet(texts / "links.parquet")
    monkeypatch.setattr("cluster_graph.flows.cut._LARGEST", 5)

    def taken(folder: Path, engine: Engine) -> pd.DataFrame:
        around = Around(region=(region,), hops=1, engine=engine, cache=False)
        table = cg.load(folder, around=around).links
        assert table is not None
        return collected(table.frame.select(list(links)))

    whole = taken(numbers, Engine())
    assert len(whole) < len(links) / 2
    same(taken(texts, Engine()), whole)
    monkeypatch.setattr("cluster_graph.flows.cut._MANY", 1)
    monkeypatch.setattr("cluster_graph.flows.cut._PART", 2)
    same(taken(numbers, Engine()), whole)
    same(taken(texts, Engine()), whole)
    same(taken(numbers, spark), whole)


def test_more_hops_take_more(nation: Path, region: str) -> None:
    """Two links away there are more companies than one, and the ledger knows of how many."""
    one, two = cut(nation, region, 1).tables, cut(nation, region, 2).tables
    assert set(one.companies["company_id"]) < set(two.companies["company_id"])
    taken, whole = two.parts["companies"]
    assert taken == len(two.companies)
    assert whole == FIRMS
    assert two.parts["links"][1] == LINKS
    assert cut(nation, region, WHOLE).tables.parts == {}


def test_firms_are_followed_by_id_name_and_code(tmp_path: Path) -> None:
    """A link may call its ends by anything that names a company, tidy or not."""
    products = [product("M"), product("N")]
    chain = cg.chains(write_folder(tmp_path / "c", products=products, inputs=[needs("N", "M", 2)]))
    companies = [
        company("A", name="凌源甲（集团）有限公司"),
        company("B", region_code="110000", name="北京乙有限公司"),
        company("C", region_code="110000", name="北京丙有限公司"),
        company("D", region_code="120000", name="天津丁有限公司"),
        company("E", region_code="120000", name="天津戊有限公司"),
    ]
    links = [
        {"supplier_id": "北京乙有限公司", "customer_id": " a", "product_id": "N", "quantity": 2},
        {"supplier_id": "凌源甲(集团) 有限公司", "customer_id": "C", "product_id": "M"},
        {"supplier_id": "D", "customer_id": "b\u3000", "product_id": "N"},
        {"supplier_id": "C", "customer_id": "E", "product_id": "N"},
    ]
    outputs = [{"company_id": "A", "product_id": "M", "output": 3}]
    folder = write_folder(tmp_path / "d", companies=companies, outputs=outputs, links=links)
    tables = cg.load(folder, around=Around(region=("211382",), hops=1))
    assert sorted(tables.companies["company_id"]) == ["A", "B", "C"]
    assert tables.problems == ()
    assert tables.links is not None
    found = collected(tables.links.frame)
    ends = sorted(zip(found["supplier_id"], found["customer_id"], strict=True))
    assert ends == [("A", "C"), ("B", "A"), ("D", "B")]
    assert found.set_index("supplier_id")["supplier_name"]["D"] == "天津丁有限公司"
    assert len(cg.gaps(cg.build(tables, chain))) > 0


LINK_COLUMNS = {name: name for name in ("product_id", "supplier_id", "customer_id")}
SPELLINGS = ("{}", " {}", "{}\u3000", "\u00a0{} ")


@pytest.mark.parametrize(
    "ids",
    [("q7", "r8"), ("ab7", "cd8"), ("abcdef7", "x"), ("abcdef7", "ghijkl8"), ("凌源厂", "乙厂")],
    ids=["one letter", "two", "of two lengths", "many", "no capitals"],
)
def test_ids_are_found_however_they_are_typed(tmp_path: Path, ids: tuple[str, str]) -> None:
    """In capitals, small letters and any mixture, with blanks at the ends, short or long."""
    mixtures = {
        "".join(signs)
        for name in ids
        for signs in itertools.product(*({sign, sign.upper()} for sign in name))
    }
    typed = sorted(form.format(mixture) for form in SPELLINGS for mixture in mixtures)
    others = [f"0{ids[0]}", ids[0][:-1], f"{ids[1]}0", ids[0][::-1] + "9"]
    rows = list(enumerate([*typed, *others]))
    frame = pd.DataFrame(rows, columns=["product_id", "supplier_id"]).astype(str)
    frame = pd.concat([frame, frame.set_axis(["product_id", "customer_id"], axis=1)])
    frame.fillna("elsewhere").to_parquet(tmp_path / "links.parquet", index=False)
    with running(Engine()) as scanner:
        links = Table(scanner.scan(parquet(tmp_path / "links.parquet")), LINK_COLUMNS)
        found = collected(touching(links, frozenset(map(folded, ids)), scanner).frame)
    assert sorted(found["product_id"].map(int)) == sorted([*range(len(typed))] * 2)


def test_headings_of_a_bureau_are_cut_too(tmp_path: Path) -> None:
    """Chinese headings, a unit in one of them, and places by name."""
    folder = tmp_path / "data"
    folder.mkdir()
    frame = pd.DataFrame(
        [("甲厂", "凌源市"), ("乙厂", "北京市"), ("丙厂", "北京市")],
        columns=["企业名称", "所在地区"],
    )
    frame.to_csv(folder / "companies.csv", index=False)
    links = [("乙厂", "甲厂", "耐火材料", "3"), ("丙厂", "乙厂", "耐火材料", "1")]
    headings = ["供应商名称", "客户名称", "产品", "数量（万吨）"]
    pd.DataFrame(links, columns=headings).to_csv(folder / "links.csv", index=False)
    tables = cg.load(folder, around=Around(region=("211382",), hops=1))
    assert sorted(tables.companies["name"]) == ["乙厂", "甲厂"]
    assert tables.problems == ()
    built = cg.build(tables, cg.chains())
    assert built.trade is not None
    bought = built.trade.purchases
    assert bought["quantity"].tolist() == [30_000]


# ---- engines


def test_spark_cuts_the_same_and_reports_the_same(nation: Path, region: str, spark: Engine) -> None:
    """Every aggregate and every figure is equal, whichever engine worked them out."""
    here, there = cut(nation, region), cut(nation, region, engine=spark)
    assert there.links is not None
    assert there.links.frame.implementation.is_pyspark()
    assert here.tables.ledger == there.tables.ledger
    assert here.trade is not None
    assert there.trade is not None
    # Lists follow the order of the rows, which no engine keeps unasked.
    pd.testing.assert_frame_equal(here.companies_frame, there.companies_frame)
    same(here.makers, there.makers)
    for name in ("purchases", "sales", "ties"):
        same(getattr(here.trade, name), getattr(there.trade, name))
    same(cg.balance(here), cg.balance(there))
    same(cg.gaps(here), cg.gaps(there))
    columns = ["product_id", "score", "rank", "rank_low", "rank_high", "reasons"]
    same(cg.targets(here)[columns], cg.targets(there)[columns])


def test_partitions_are_one_table_on_every_engine(
    tmp_path: Path, nation: Path, region: str, spark: Engine
) -> None:
    """Links in one folder a year are the links of one file."""
    folder = tmp_path / "parts"
    national.write(folder, FIRMS, LINKS, partitioned=True)
    assert {path.name for path in (folder / "links").iterdir()} == {"year=2023", "year=2024"}
    expected = cg.gaps(cut(nation, region))
    same(cg.gaps(cut(folder, region)), expected)
    same(cg.gaps(cut(folder, region, WHOLE)), expected)
    same(cg.gaps(cut(folder, region, engine=spark)), expected)


def test_the_command_on_spark(run: Run, nation: Path, region: str, spark: Engine) -> None:
    """Spark says nothing on the screen, and the table is the one that DuckDB gives."""
    options = ["gaps", nation, "--region", region, "--hops", "1", "--format", "json"]
    options += ["--quiet", "--no-cache"]
    here = run(*options)
    there = run(*options, "--engine", spark.name, "--spark-master", spark.master)
    assert (there.returncode, there.stderr) == (0, "")
    same(*(pd.DataFrame(json.loads(done.stdout)) for done in (here, there)))


def test_a_database_is_cut(tmp_path: Path, nation: Path, region: str) -> None:
    """A DuckDB file of tables is as good as Parquet."""
    path = tmp_path / "nation.duckdb"
    with duckdb.connect(str(path)) as connection:
        for name in ("companies", "outputs", "links"):
            connection.execute(f"CREATE TABLE {name} AS FROM '{nation / name}.parquet'")
    same(cg.gaps(cut(path, region)), cg.gaps(cut(nation, region)))


def test_limits_of_memory_hold(tmp_path: Path, nation: Path, region: str) -> None:
    """A run within 128 MB that spills to a folder of the user's says the same."""
    engine = Engine(memory=bytes_of("128MB"), spill=tmp_path / "spill")
    same(cg.gaps(cut(nation, region, engine=engine)), cg.gaps(cut(nation, region)))


@pytest.mark.parametrize(
    ("text", "size"),
    [("4GB", 4 << 30), ("500 MiB", 500 << 20), ("1.5g", 3 << 29), ("65536k", 64 << 20)],
)
def test_amounts_of_memory(text: str, size: int) -> None:
    """Units are powers of 1024, however they are written."""
    assert bytes_of(text) == size


# ---- what is kept


def test_a_rerun_answers_from_the_cache(
    nation: Path, region: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unchanged inputs are not cut again; the figures are the same."""
    first = cut(nation, region)
    entries = list(cache.iterdir())
    assert len(entries) == 1

    def refuse(*_: object) -> None:
        pytest.fail("cut again")

    monkeypatch.setattr("cluster_graph.flows.cutting.cut", refuse)
    again = cut(nation, region)
    same(cg.gaps(again), cg.gaps(first))
    assert again.tables.parts == first.tables.parts
    assert list(cache.iterdir()) == entries


def test_a_changed_input_is_cut_again(tmp_path: Path, region: str, cache: Path) -> None:
    """One changed cell, another region or another number of links is another entry."""
    folder = tmp_path / "nation"
    national.write(folder, FIRMS, LINKS)
    cut(folder, region)
    cut(folder, region, 2)
    cut(folder, region[:2])
    assert len(list(cache.iterdir())) == 3
    national.write(folder, FIRMS, LINKS, seed=1)
    cut(folder, region)
    assert len(list(cache.iterdir())) == 4


def test_without_the_cache_nothing_is_kept(
    run: Run, nation: Path, region: str, cache: Path, tmp_path: Path
) -> None:
    """`--no-cache` leaves no entry and no file, and neither does a cache that cannot be made."""
    options = ["gaps", nation, "--region", region, "--hops", "1", "--format", "json", "--quiet"]
    own = tmp_path / "own"
    own.mkdir()
    env = {"CLUSTER_GRAPH_CACHE": str(cache), "TMPDIR": str(own)}
    once = run(*options, "--no-cache", env=env)
    assert (once.returncode, once.stderr) == (0, "")
    assert not cache.exists()
    cache.write_text("no folder", encoding="utf-8")
    assert run(*options, env=env).stdout == once.stdout
    assert list(own.iterdir()) == []


def test_two_processes_share_the_cache(nation: Path, region: str, cache: Path) -> None:
    """Both answer, and one entry stays."""
    command = [sys.executable, "-m", "cluster_graph", "gaps", str(nation), "--region", region]
    command += ["--hops", "1", "--format", "json", "--quiet"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert said[0] == said[1]
    assert len(list(cache.iterdir())) == 1


# ---- what cannot be


def refused(run: Run, *arguments: str | Path) -> str:
    """Return the one line that a refused command says, in English."""
    done = run(*arguments, "--lang", "en", "--quiet")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--memory", "much"], ("--memory", "much", "4GB")),
        (["--memory", "1MB"], ("--memory", "1 MiB", "at least 64 MiB")),
        (["--hops", "none"], ("--hops", "none", "all")),
        (["--hops", "0"], ("--hops", "0")),
        (["--spark-master", "local[1]"], ("--spark-master", "--engine spark")),
        (["--engine", "spark", "--memory", "100MB"], ("at least 512 MiB",)),
        (["--engine", "spark", "--spark-master", "elsewhere"], ("elsewhere", "spark://")),
    ],
)
def test_options_that_cannot_be(
    run: Run, nation: Path, options: list[str], words: tuple[str, ...]
) -> None:
    """One line names the option, the value and what would do."""
    if "elsewhere" in options and shutil.which("java") is None:
        pytest.skip("no Java on this machine")
    text = refused(run, "gaps", nation, *options)
    for word in words:
        assert word in text


def test_a_spark_master_that_does_not_answer(run: Run, nation: Path, spark: Engine) -> None:
    """It is told at once, not after Spark has tried for a minute."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        master = f"spark://127.0.0.1:{free.getsockname()[1]}"
    text = refused(run, "gaps", nation, "--engine", spark.name, "--spark-master", master)
    assert master in text


def test_no_java(run: Run, nation: Path, tmp_path: Path) -> None:
    """Without Java the line says which to install."""
    pytest.importorskip("pyspark")
    env = {"PATH": str(tmp_path), "JAVA_HOME": ""}
    done = run("gaps", nation, "--engine", "spark", "--hops", "1", "--lang", "en", env=env)
    assert done.returncode == 2
    assert "Java 17" in done.stderr
    assert "default-jre-headless" in done.stderr


def test_a_file_cut_short(run: Run, nation: Path, tmp_path: Path) -> None:
    """A Parquet file without its end is named."""
    folder = shutil.copytree(nation, tmp_path / "torn")
    content = (folder / "links.parquet").read_bytes()
    (folder / "links.parquet").write_bytes(content[: len(content) // 2])
    text = refused(run, "report", folder, "-o", tmp_path / "out")
    assert "links.parquet" in text
    assert "not whole" in text
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("statement", ["'x' AS quantity", "2.0 AS amount"])
def test_a_partition_with_another_schema(
    run: Run, nation: Path, tmp_path: Path, statement: str
) -> None:
    """The partition is named, with the columns that differ."""
    folder = shutil.copytree(nation, tmp_path / "mixed")
    (folder / "links.parquet").unlink()
    for year, column in ((2023, "1.0 AS quantity"), (2024, statement)):
        part = folder / "links" / f"year={year}"
        part.mkdir(parents=True)
        select = f"SELECT 'F1' AS supplier_id, 'F2' AS customer_id, {column}"
        duckdb.sql(f"COPY ({select}) TO '{part / 'a.parquet'}'")
    text = refused(run, "gaps", folder)
    assert "year=2024" in text
    assert "quantity" in text


def test_a_folder_that_cannot_be_spilt_to(run: Run, nation: Path, tmp_path: Path) -> None:
    """It is told before anything begins."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    text = refused(run, "gaps", nation, "--hops", "1", "--spill", tmp_path / "file" / "below")
    assert "--spill" in text


def test_tables_that_cannot_be_cut(run: Run, tmp_path: Path) -> None:
    """Whoever asks for links away of a table in GB18030 is told what an engine reads."""
    folder = write_folder(tmp_path / "data", companies=[company("A"), company("B")], links=[])
    text = "supplier_id,customer_id,product_id,note\nA,B,S_REFRAC,合同\n"
    (folder / "links.csv").write_bytes(text.encode("gb18030"))
    assert "Parquet" in refused(run, "gaps", folder, "--hops", "1")


def test_a_region_without_companies(run: Run, nation: Path) -> None:
    """The regions that there are, are named."""
    assert "820000" in refused(run, "gaps", nation, "--hops", "1", "--region", "820000")


def test_interrupted_within_a_second(tmp_path: Path, cache: Path) -> None:
    """Ctrl-C ends a cut at once, with the interrupt's own code, and leaves nothing behind."""
    folder = tmp_path / "nation"
    national.write(folder, 200_000, 3_000_000)
    own = tmp_path / "own"
    own.mkdir()
    command = [sys.executable, "-m", "cluster_graph", "gaps", str(folder), "--hops", "3"]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(own)},
    )
    while not cache.exists() or not list(cache.iterdir()):
        time.sleep(0.05)
        assert process.poll() is None
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Traceback" not in said[1]
    assert list(cache.iterdir()) == []
    assert list(own.iterdir()) == []


# ---- the network as a whole


def drawn(seed: int) -> list[tuple[str, str]]:
    """Draw links between few firms, so that some components stay apart."""
    chance = np.random.default_rng(seed)
    ends = chance.integers(60, size=(35, 2))
    return [(f"F{one}", f"F{other}") for one, other in ends.tolist()]


@pytest.mark.parametrize("seed", range(8))
def test_components_are_those_of_networkx(tmp_path: Path, seed: int) -> None:
    """Sizes of components, firms, links and hubs, against the graph library."""
    links = drawn(seed)
    companies = [company(f"F{number}") for number in range(60)]
    rows = [{"supplier_id": one, "customer_id": other} for one, other in links]
    folder = write_folder(tmp_path / "data", companies=companies, links=rows)
    found = cg.network(folder, Around(region=("211382",), hops=1))
    graph = nx.DiGraph([link for link in links if link[0] != link[1]])
    sizes = sorted((len(part) for part in nx.weakly_connected_components(graph)), reverse=True)
    part = found.set_index("part")
    named = list(part.loc[["component"], "firms"])
    assert named[:10] == sizes[:10]
    assert sum(named) == graph.number_of_nodes() == part.loc["whole", "firms"]
    assert part.loc["whole", "links"] == sum(one != other for one, other in links)
    assert part.loc[["customers"], "firms"].sum() == sum(d > 0 for _, d in graph.out_degree())
    assert part.loc[["suppliers"], "firms"].sum() == sum(d > 0 for _, d in graph.in_degree())
    most = max(d for _, d in graph.to_undirected().degree())
    assert part.loc[["hub"], "links"].iloc[0] == most
    # Every firm is local, so the first step reaches everything.
    assert part.loc["within", "firms"] == graph.number_of_nodes()


def test_a_long_chain_is_one_component(tmp_path: Path) -> None:
    """A chain of 300 firms in any order, and a ring apart from it."""
    order = np.random.default_rng(0).permutation(300)
    links = [(f"A{one}", f"A{other}") for one, other in itertools.pairwise(order.tolist())]
    links += [(f"B{number}", f"B{(number + 1) % 50}") for number in range(50)]
    rows = [{"supplier_id": one, "customer_id": other} for one, other in links]
    folder = write_folder(tmp_path / "data", companies=[company("A0")], links=rows)
    found = cg.network(folder, Around(region=("211382",), hops=2))
    sizes = found[found["part"] == "component"]["firms"].tolist()
    assert sizes == [300, 50]
    within = found[found["part"] == "within"]
    assert within["firms"].tolist() == [3, 5]
    assert within["links"].tolist() == [2, 4]


@pytest.mark.parametrize("engine_name", ["duckdb", "spark"])
def test_the_network_knows_firms_by_all_their_names(
    tmp_path: Path, spark: Engine, engine_name: str
) -> None:
    """Whoever is reached by its id is followed under its name, in any brackets, and its alias."""
    companies = [
        company("A", name="凌源甲有限公司"),
        company("B", region_code="110000", name="北京乙（集团）有限公司", alias="乙集团；乙厂"),
        company("C", region_code="110000", name="北京丙有限公司"),
        company("D", region_code="120000", name="天津丁有限公司"),
        company("E", region_code="120000", name="天津戊有限公司"),
    ]
    links = [
        {"supplier_id": "a", "customer_id": "B"},
        {"supplier_id": "北京乙(集团) 有限公司", "customer_id": "C"},
        {"supplier_id": "D", "customer_id": "乙厂"},
        {"supplier_id": "E", "customer_id": "丙厂"},
    ]
    folder = write_folder(tmp_path / "data", companies=companies, links=links)
    engine = spark if engine_name == "spark" else Engine()
    found = cg.network(folder, Around(region=("211382",), hops=2, engine=engine))
    within = found[found["part"] == "within"]
    # B counts under each of the three names that the links call it by.
    assert within["firms"].tolist() == [2, 6]
    assert within["links"].tolist() == [1, 3]


def test_the_network_on_spark(nation: Path, region: str, spark: Engine) -> None:
    """Every figure is equal."""
    here = cg.network(nation, Around(region=(region,), hops=2))
    there = cg.network(nation, Around(region=(region,), hops=2, engine=spark))
    pd.testing.assert_frame_equal(here, there)


@pytest.mark.parametrize(("lang", "words"), [("zh", "客户"), ("en", "customers")])
def test_the_network_command(run: Run, nation: Path, lang: str, words: str) -> None:
    """It prints firms and links in either language."""
    done = run("network", nation, "--lang", lang, "--hops", "1", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert words in done.stdout


# ---- text tables, which an engine may stumble over


def texts(folder: Path, *, ragged: bool) -> Path:
    """Write a small nation as CSV; one of its links may have a cell too many."""
    companies = [company(f"C{number}") for number in range(3)]
    companies += [company(f"D{number}", region_code="110000") for number in range(40)]
    links = [
        {"supplier_id": f"D{number}", "customer_id": f"C{number % 3}", "product_id": "S_REFRAC"}
        for number in range(20)
    ]
    links += [
        {"supplier_id": f"D{number + 20}", "customer_id": f"D{number}", "product_id": "S_LIME"}
        for number in range(20)
    ]
    write_folder(folder, companies=companies, links=links)
    if ragged:
        with (folder / "links.csv").open("a", encoding="utf-8") as file:
            file.write("D1,C1,S_REFRAC,spare\n")
    return folder


def test_a_row_with_too_many_cells_is_set_aside_in_large_tables_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large text table that an engine refuses is read as any other, and one row goes aside."""
    monkeypatch.setattr("cluster_graph.flows.cutting.LARGE", 1)
    folder = texts(tmp_path / "ragged", ragged=True)
    tables = cg.load(folder, around=Around(region=("211382",)))
    assert [problem.key for problem in tables.problems] == ["too_many_cells"]
    assert tables.ledger["links"].accepted == 40
    assert tables.parts == {}
    with pytest.raises(InputError) as caught:
        cg.load(folder, around=Around(region=("211382",), hops=1))
    assert caught.value.key == "engine_failed"


def test_spark_drops_no_cell(tmp_path: Path, spark: Engine) -> None:
    """What Spark would cut off by itself is an error."""
    folder = texts(tmp_path / "ragged", ragged=True)
    with pytest.raises(InputError) as caught:
        cg.load(folder, around=Around(region=("211382",), hops=1, engine=spark))
    assert caught.value.key == "engine_failed"


@pytest.mark.parametrize("name", ["plain", "[2024] plan", "who's"])
def test_how_many_rows_there_are_is_counted(tmp_path: Path, name: str) -> None:
    """The whole is what the file holds, not what its size suggests, in a folder of any name."""
    tables = cg.load(
        texts(tmp_path / name, ragged=False), around=Around(region=("211382",), hops=1)
    )
    assert tables.parts["companies"] == (23, 43)
    assert tables.parts["links"][1] == 40


def test_a_part_of_a_database_is_said_to_be_one(
    run: Run, tmp_path: Path, nation: Path, region: str
) -> None:
    """Rows taken and rows there are stand on the screen, for a DuckDB file too."""
    path = tmp_path / "nation.duckdb"
    with duckdb.connect(str(path)) as connection:
        for name in ("companies", "outputs", "links"):
            connection.execute(f"CREATE TABLE {name} AS FROM '{nation / name}.parquet'")
    done = run("gaps", path, "--region", region, "--hops", "1", "--lang", "en")
    assert f"of {LINKS:,} rows taken" in done.stderr
    assert f"of {FIRMS:,} rows taken" in done.stderr


# ---- options that mean something


@pytest.mark.parametrize(
    ("command", "option"), [("check", "--hops"), ("check", "--no-cache"), ("network", "--no-cache")]
)
def test_no_option_does_nothing(run: Run, nation: Path, command: str, option: str) -> None:
    """A command offers no option that it would pass over."""
    assert option not in run(command, "--help").stdout
    assert option in refused(run, command, nation, option)


def test_the_network_to_its_end(nation: Path, region: str) -> None:
    """All hops end where nothing more is reached, at the size of the region's component."""
    found = cg.network(nation, Around(region=(region,), hops=WHOLE))
    within = found[found["part"] == "within"]
    assert within["firms"].is_monotonic_increasing
    assert within["firms"].iloc[-1] == found[found["part"] == "component"]["firms"].iloc[0]
    assert within["links"].iloc[-1] <= LINKS


def test_nothing_is_unknown_about_a_blank(run: Run, nation: Path) -> None:
    """Where a line has no number, it has none."""
    done = run("network", nation, "--lang", "en", "--hops", "1", "--quiet")
    assert "unknown" not in done.stdout


def test_an_interrupted_network_leaves_nothing(tmp_path: Path) -> None:
    """What is kept between two rounds goes, even when the process is ended from outside."""
    folder = tmp_path / "nation"
    national.write(folder, 200_000, 3_000_000)
    own = tmp_path / "own"
    own.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "cluster_graph", "network", str(folder), "--quiet"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(own)},
    )
    while not list(own.glob("*/kept_*")):
        time.sleep(0.02)
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert list(own.iterdir()) == []
