"""`convert`: what other tools read back is the graph, whole, typed and in its own language."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import pandas as pd
import pytest
from conftest import Run, company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.cli.app import run as run_here
from cluster_graph.cluster.model import Cluster
from cluster_graph.text import LANGS, Lang
from cluster_graph.views.graph_files import EDGE_TYPES, NODE_TYPES, SUFFIXES, Which

WHICH: tuple[Which, ...] = ("companies", "products")
Edge = tuple[str, str, str]
Attributes = dict[str, Any]


def folder(path: Path) -> Path:
    """Write synthetic data: names with markup, two links of one pair, one without a product."""
    return write_folder(
        path,
        companies=[
            company("甲 1", name="甲<钢>&“铁”", name_en="Alpha\u000b & Co", chain="toy"),
            company("B", name="乙厂", status="idle"),
            company("C", name="丙厂", name_en=" "),
        ],
        outputs=[
            {"company_id": "甲 1", "product_id": "P1", "output": "100"},
            {"company_id": "甲 1", "product_id": "P2", "output": ""},
            {"company_id": "B", "product_id": "P3", "output": "7.5"},
        ],
        links=[
            link("甲 1", "B", "P1", quantity="12.5", value="3", source="问卷 2024"),
            link("甲 1", "B", "P2"),
            link("B", "C", "P3", quantity="4"),
            link("甲 1", "C", ""),
            link("X9", "甲 1", "P0", supplier_name="外地甲"),
        ],
    )


def link(supplier: str, customer: str, product_id: str, **more: str) -> dict[str, str]:
    """Return a row of links with every column."""
    blank = dict.fromkeys(("quantity", "value", "source", "supplier_name"), "")
    ends = {"supplier_id": supplier, "customer_id": customer, "product_id": product_id}
    return {**ends, **blank, **more}


def toy_chain(path: Path) -> Path:
    """Write a synthetic chain of four products, one of them without a price."""
    return write_folder(
        path,
        products=[
            product("P0", price=""),
            product("P1", price="10"),
            product("P2", price="20.5"),
            product("P3", price="30"),
            product("Z", price="1"),
        ],
        inputs=[needs("P0", "P1", 2.0), needs("P1", "P3", 0.5), needs("P2", "P3", 0.1)],
    )


@pytest.fixture
def toy(tmp_path: Path) -> Cluster:
    """Build the synthetic cluster."""
    return cg.build(cg.load(folder(tmp_path / "data")), cg.chains(toy_chain(tmp_path / "chain")))


@pytest.fixture(params=["lingyuan", "toy"])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """Return the shipped cluster, then the synthetic one."""
    found: Cluster = request.getfixturevalue(request.param)
    return found


def drawn(cluster: Cluster, which: Which) -> "nx.DiGraph[Any]":
    """Return one of the two graphs."""
    return cluster.companies if which == "companies" else cluster.products


def expected(data: Mapping[str, Any], *, flat: bool) -> Attributes:
    """Return the attributes that must come back: what is known, lists as they are or joined."""
    found: Attributes = {}
    for name, value in data.items():
        cell = value.replace("\u000b", "").strip() if isinstance(value, str) else value
        if isinstance(cell, list) and flat:
            cell = ";".join(cell)
        if not (cell is None or cell == "" or cell != cell):  # noqa: PLR0124  only NaN differs
            found["data_source" if name == "source" else name] = cell
    return found


def whole(graph: "nx.DiGraph[Any]", *, flat: bool) -> tuple[dict[str, Attributes], list[Any]]:
    """Return the nodes and edges that must come back."""
    nodes = {node: expected(data, flat=flat) for node, data in graph.nodes(data=True)}
    edges = [(one, other, expected(data, flat=flat)) for one, other, data in graph.edges(data=True)]
    return nodes, sorted(edges, key=repr)


def without(data: Mapping[str, Any], *names: str) -> Attributes:
    """Return attributes without those that the format itself adds, and what is unknown."""
    return {name: data[name] for name in data if name not in names and data[name] is not None}


def read(path: Path) -> "nx.Graph[Any]":
    """Read a file as another program would."""
    if path.suffix == ".json":
        return nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="edges")
    return nx.read_graphml(path) if path.suffix == ".graphml" else nx.read_gexf(path)


# ---- round trips


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("suffix", [".graphml", ".gexf", ".json"])
def test_graphs_come_back(cluster: Cluster, tmp_path: Path, which: Which, suffix: str) -> None:
    """Nodes, edges and attributes are the same; unknown is left out or null, never zero."""
    path = tmp_path / "new" / f"图{suffix}"
    assert cg.convert(cluster, path, which) == [path]
    back = read(path)
    assert back.is_directed()
    nodes = {node: without(data, "label") for node, data in back.nodes(data=True)}
    edges = [(one, other, without(data, "id")) for one, other, data in back.edges(data=True)]
    flat = suffix != ".json"
    assert (nodes, sorted(edges, key=repr)) == whole(drawn(cluster, which), flat=flat)


@pytest.mark.parametrize("which", WHICH)
def test_parquet_comes_back(cluster: Cluster, tmp_path: Path, which: Which) -> None:
    """A file of nodes and one of edges, their columns typed whatever is known of them."""
    path = tmp_path / "it's a graph.parquet"
    files = cg.convert(cluster, path, which)
    assert files == [path / "nodes.parquet", path / "edges.parquet"]
    with duckdb.connect() as connection:
        nodes, edges = (connection.from_parquet(str(file)) for file in files)
        kinds = {**NODE_TYPES[which], **EDGE_TYPES[which]}
        for table in (nodes, edges):
            for name, kind in zip(table.columns, table.types, strict=True):
                known = kinds.get(name, str).__name__
                assert kind == {"float": "DOUBLE", "bool": "BOOLEAN"}.get(known, "VARCHAR"), name
        records = [
            [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]
            for table in (nodes, edges)
        ]
    found = (
        {row["id"]: without(row, "id") for row in records[0]},
        sorted(
            (
                (row["source"], row["target"], without(row, "source", "target"))
                for row in records[1]
            ),
            key=repr,
        ),
    )
    assert found == whole(drawn(cluster, which), flat=True)


def test_parquet_is_an_edge_list_of_networkx(toy: Cluster, tmp_path: Path) -> None:
    """The columns are those that networkx looks for by itself."""
    _, edges = cg.convert(toy, tmp_path / "g.parquet")
    with duckdb.connect() as connection:
        frame = connection.from_parquet(str(edges)).df()
    back = nx.from_pandas_edgelist(frame, edge_attr=True, create_using=nx.MultiDiGraph)
    assert sorted(back.edges()) == sorted(toy.companies.edges())


@pytest.mark.parametrize("which", WHICH)
def test_types_are_those_of_the_graph(cluster: Cluster, which: Which) -> None:
    """An attribute that the graph has is written, and none that it does not have is named."""
    graph = drawn(cluster, which)
    for types, parts in (
        (NODE_TYPES[which], [data for _, data in graph.nodes(data=True)]),
        (EDGE_TYPES[which], [data for *_, data in graph.edges(data=True)]),
    ):
        for data in parts:
            assert list(data) == list(types)
            for name, value in data.items():
                assert value is None or isinstance(value, types[name]), name


def test_keys_tell_parallel_links_apart(toy: Cluster, tmp_path: Path) -> None:
    """GEXF and JSON keep the product as key; ids of edges are there once in each file."""
    keys = sorted(toy.companies.edges(keys=True))
    assert ("甲 1", "B", "P1") in keys
    assert ("甲 1", "B", "P2") in keys
    assert ("甲 1", "C", "") in keys
    for suffix in (".gexf", ".json"):
        (path,) = cg.convert(toy, tmp_path / f"g{suffix}")
        back = read(path)
        assert isinstance(back, nx.MultiDiGraph)
        assert sorted(back.edges(keys=True)) == keys
    (path,) = cg.convert(toy, tmp_path / "g.graphml")
    back = read(path)
    assert isinstance(back, nx.MultiDiGraph)
    ids = [key for *_, key in back.edges(keys=True)]
    assert len(set(ids)) == len(ids) == len(keys)


def test_unknown_is_not_zero(toy: Cluster, tmp_path: Path) -> None:
    """A quantity that nobody gave is absent in XML and null in JSON; one given is a number."""
    (graphml,) = cg.convert(toy, tmp_path / "g.graphml")
    links = {
        data["product_id"]: data
        for *_, data in read(graphml).edges("甲 1", data=True)
        if "product_id" in data
    }
    assert links["P1"]["quantity"] == 12.5
    assert links["P1"]["value"] == 3.0
    assert links["P1"]["data_source"] == "问卷 2024"
    assert "quantity" not in links["P2"]
    (path,) = cg.convert(toy, tmp_path / "g.json")
    rows = json.loads(path.read_text(encoding="utf-8"))["edges"]
    second = next(row for row in rows if row["key"] == "P2")
    assert second["quantity"] is None
    assert second["source"] == "甲 1"
    assert "NaN" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("suffix", [".graphml", ".gexf"])
def test_labels_are_names(toy: Cluster, tmp_path: Path, lang: Lang, suffix: str) -> None:
    """A node's label is its name in the language asked for, or its other name, or its id."""
    (path,) = cg.convert(toy, tmp_path / f"g{suffix}", lang=lang)
    labels = dict(read(path).nodes(data="label"))
    assert labels["甲 1"] == ("甲<钢>&“铁”" if lang == "zh" else "Alpha & Co")
    assert labels["C"] == "丙厂"
    (path,) = cg.convert(toy, tmp_path / f"p{suffix}", "products", lang)
    assert dict(read(path).nodes(data="label"))["P1"] == (
        "产品P1" if lang == "zh" else "Product P1"
    )


def test_an_empty_graph_keeps_its_columns(tmp_path: Path) -> None:
    """One company and no link: files that can be read, with the columns of any other."""
    frames = {
        "companies": pd.DataFrame([company("A")]),
        "outputs": pd.DataFrame([{"company_id": "A", "product_id": "Z", "output": 1}]),
    }
    cluster = cg.build(cg.load(frames), cg.chains(toy_chain(tmp_path / "chain")))
    _, edges = cg.convert(cluster, tmp_path / "g.parquet")
    with duckdb.connect() as connection:
        table = connection.from_parquet(str(edges))
        names = ["source", "target", *EDGE_TYPES["companies"]]
        assert table.columns == [*names[:-1], "data_source"]
        assert table.fetchall() == []
    for suffix in (".graphml", ".gexf", ".json"):
        (path,) = cg.convert(cluster, tmp_path / f"g{suffix}")
        assert list(read(path)) == ["A"]


# ---- what cannot be written


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_signs_that_xml_does_not_know(toy: Cluster, tmp_path: Path, sign: str, suffix: str) -> None:
    """They are dropped from texts; an id with one is refused, in words that can be printed."""
    toy.companies.nodes["B"]["name"] = f"乙{sign}厂\t𠮷😀"
    files = cg.convert(toy, tmp_path / f"g{suffix}")
    if suffix != ".parquet":
        assert read(files[0]).nodes["B"]["name"] == "乙厂\t𠮷😀"
    toy.companies.add_node(f"D{sign}", **toy.companies.nodes["B"])
    before = [file.read_bytes() for file in files]
    for lang in LANGS:
        with pytest.raises(InputError) as caught:
            cg.convert(toy, tmp_path / f"g{suffix}")
        assert ascii(f"D{sign}") in caught.value.text(lang)
    assert [file.read_bytes() for file in files] == before


@pytest.mark.parametrize("name", ["graph.xlsx", "graph", "graph.graphml.gz", ".gexf"])
def test_suffixes_that_are_not_known(lingyuan: Cluster, tmp_path: Path, name: str) -> None:
    """The error names the suffixes that are, in both languages, and nothing is written."""
    with pytest.raises(InputError) as caught:
        cg.convert(lingyuan, tmp_path / name)
    for lang in LANGS:
        text = caught.value.text(lang)
        assert name in text
        assert all(suffix in text for suffix in SUFFIXES)
    assert list(tmp_path.iterdir()) == []


def test_graphs_that_are_not_known(lingyuan: Cluster, tmp_path: Path) -> None:
    """There are two graphs."""
    with pytest.raises(InputError, match="companies, products"):
        cg.convert(lingyuan, tmp_path / "g.json", "sectors")  # type: ignore[arg-type]


@pytest.mark.parametrize("blocked", ["nodes.parquet", "edges.parquet"])
def test_both_files_or_none(lingyuan: Cluster, tmp_path: Path, blocked: str) -> None:
    """Where one of the two cannot be written, the other is left as it was."""
    path = tmp_path / "g.parquet"
    (path / blocked).mkdir(parents=True)
    other = path / ("edges.parquet" if blocked == "nodes.parquet" else "nodes.parquet")
    other.write_bytes(b"old")
    with pytest.raises(InputError) as caught:
        cg.convert(lingyuan, path)
    assert blocked in caught.value.text("en")
    assert other.read_bytes() == b"old"
    assert sorted(file.name for file in path.iterdir()) == ["edges.parquet", "nodes.parquet"]


# ---- the anchor


def test_an_anchor_keeps_what_lies_before_and_behind(tmp_path: Path) -> None:
    """Suppliers of suppliers and customers of customers stay, others go."""
    data = write_folder(
        tmp_path / "data",
        companies=[company(name) for name in "ABCDE"],
        outputs=[{"company_id": "C", "product_id": "P1", "output": "1"}],
        links=[link(*ends, "Z") for ends in (("A", "B"), ("B", "C"), ("C", "D"), ("A", "E"))],
    )
    chain = cg.chains(toy_chain(tmp_path / "chain"))
    cluster = cg.build(cg.load(data), chain, anchor="C")
    (path,) = cg.convert(cluster, tmp_path / "g.json")
    assert set(read(path)) == {"A", "B", "C", "D"}
    (path,) = cg.convert(cluster, tmp_path / "p.json", "products")
    assert set(read(path)) == {"P0", "P1", "P3"}


# ---- the command


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_command_writes(run: Run, tmp_path: Path, suffix: str) -> None:
    """Nothing on standard output, a line for each file on standard error, exit code 0."""
    chain, data = toy_chain(tmp_path / "chain"), folder(tmp_path / "data")
    done = run("convert", data, f"out/g{suffix}", "--chain", chain, "--lang", "en")
    assert (done.returncode, done.stdout) == (0, "")
    lines = [line for line in done.stderr.splitlines() if line.startswith("Wrote ")]
    assert len(lines) == (2 if suffix == ".parquet" else 1)
    for line in lines:
        assert (tmp_path / line.removeprefix("Wrote ")).stat().st_size > 0
    done = run(
        "convert", data, f"g{suffix.upper()}", "--graph", "products", "--chain", chain, "--quiet"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / f"g{suffix.upper()}").exists()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["data", "graph.svg"], ".graphml"),
        (["data", "graph.json", "--graph", "sectors"], "products"),
        (["data"], "DST"),
        ([], "SRC"),
        (["nowhere", "graph.json"], "nowhere"),
        (["data", "graph.json", "--anchor", "谁"], "谁"),
    ],
)
def test_wrong_command_lines(  # noqa: PLR0913, PLR0917  fixtures
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    word: str,
    lang: str,
) -> None:
    """One line that says what is wrong, exit code 2, no file."""
    folder(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    assert run_here(["--lang", lang, "convert", *arguments]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    assert word in caught.err
    assert len(caught.err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
