"""A graph for other tools: GraphML, GEXF, JSON (node-link), Parquet; chosen by the file's name."""

from __future__ import annotations

import io
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from cluster_graph._errors import InputError
from cluster_graph.text.cells import as_names, as_number, as_text, known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

    from cluster_graph.text import Lang

    Drawn: TypeAlias = nx.DiGraph[Any] | nx.MultiDiGraph[Any]

Which = Literal["companies", "products"]
Written: TypeAlias = "bool | float | str | list[str] | None"
SUFFIXES: Final = (".graphml", ".gexf", ".json", ".parquet")
# What networkx, pandas, Gephi call the ends of an edge; where a row comes from moves aside.
ENDS: Final = ("source", "target")
RENAMED: Final = {"source": "data_source"}
NODES: Final = "nodes.parquet"
EDGES: Final = "edges.parquet"
# Attribute -> its type in every file, whatever is known of it; a list is joined where it must.
NODE_TYPES: Final[Mapping[Which, Mapping[str, type]]] = {
    "companies": {
        "name": str,
        "name_en": str,
        "status": str,
        "region_code": str,
        "place": str,
        "is_anchor": bool,
        "chain": str,
        "makes": list,
    },
    "products": {
        "name_zh": str,
        "name_en": str,
        "chain": str,
        "stage": str,
        "sector_code": str,
        "unit": str,
        "price": float,
        "recruit_gate": str,
        "standard_plant_fit": bool,
        "outer_boundary": bool,
        "source": str,
        "evidence": str,
    },
}
EDGE_TYPES: Final[Mapping[Which, Mapping[str, type]]] = {
    "companies": {
        "product_id": str,
        "quantity": float,
        "value": float,
        "evidence": str,
        "source": str,
    },
    "products": {
        "kind": str,
        "low": float,
        "typical": float,
        "high": float,
        "value_share": float,
        "essential": bool,
        "evidence": str,
        "source": str,
    },
}
_LABELS: Final[Mapping[Lang, tuple[str, ...]]] = {
    "zh": ("name", "name_zh", "name_en"),
    "en": ("name_en", "name", "name_zh"),
}
_SQL: Final = {str: "VARCHAR", list: "VARCHAR", float: "DOUBLE", bool: "BOOLEAN"}
# Everything that XML 1.0 has no place for, halves of a surrogate pair among them.
_UNWRITABLE: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graph_suffix(path: Path) -> str:
    """
    Which kind of graph file a name asks for.

    Parameters
    ----------
    path
        The file to write.

    Returns
    -------
    suffix
        One of `SUFFIXES`.

    Raises
    ------
    InputError
        If it is none of them.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError("unknown_graph_file", path=path, expected=", ".join(SUFFIXES))
    return suffix


def graph_files(graph: Drawn, which: Which, path: Path, lang: Lang) -> dict[Path, bytes]:
    """
    A graph as files.

    Parameters
    ----------
    graph
        The graph of companies or of products, as the cluster room draws it.
    which
        Which of the two; says what its attributes are.
    path
        Where to; its suffix chooses the kind. Parquet is a folder of that name with a file
        of nodes and one of edges.
    lang
        The language of the label that GraphML and GEXF give each node.

    Returns
    -------
    files
        Path -> content. The attribute `source` is called `data_source`. JSON and Parquet have
        every attribute, null where unknown; GraphML and GEXF leave out what is unknown. Lists
        stay lists in JSON and are joined by `;` elsewhere. Signs that XML does not know are
        dropped.

    Raises
    ------
    InputError
        If the suffix is unknown, or an id holds a sign that XML does not know.
    """
    suffix = graph_suffix(path)
    drawn = _typed(graph, which)
    if suffix == ".json":
        return {path: _json(drawn)}
    if suffix == ".parquet":
        return {
            path / NODES: _parquet(_nodes(drawn), ("id",), NODE_TYPES[which]),
            path / EDGES: _parquet(_edges(drawn), ENDS, EDGE_TYPES[which]),
        }
    flat = _flat(drawn, lang)
    return {path: _graphml(flat) if suffix == ".graphml" else _gexf(flat)}


def _typed(graph: Drawn, which: Which) -> Drawn:
    """The same graph with attributes of one type each, None where unknown."""
    import networkx as nx  # noqa: PLC0415 (heavy)

    ids = [node for node in graph if _UNWRITABLE.search(node)]
    if ids:
        raise InputError("unwritable_id", value=ascii(ids[0]))
    nodes = [(node, _attributes(data, NODE_TYPES[which])) for node, data in graph.nodes(data=True)]
    if isinstance(graph, nx.MultiDiGraph):
        links: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        links.add_nodes_from(nodes)
        for one, other, key, data in graph.edges(keys=True, data=True):
            links.add_edge(one, other, key=_clean(key), **_attributes(data, EDGE_TYPES[which]))
        return links
    inputs: nx.DiGraph[str] = nx.DiGraph()
    inputs.add_nodes_from(nodes)
    for one, other, data in graph.edges(data=True):
        inputs.add_edge(one, other, **_attributes(data, EDGE_TYPES[which]))
    return inputs


def _attributes(data: Mapping[str, object], types: Mapping[str, type]) -> dict[str, Written]:
    return {_named(name): _cell(data[name], kind) for name, kind in types.items()}


def _named(name: str) -> str:
    return RENAMED.get(name, name)


def _cell(value: object, kind: type) -> Written:
    if kind is list:
        return [_clean(name) for name in as_names(value)]
    if not known(value):
        return None
    if kind is float:
        return as_number(value)
    return bool(value) if kind is bool else _clean(as_text(value)) or None


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _json(graph: Drawn) -> bytes:
    import networkx as nx  # noqa: PLC0415 (heavy)

    # The name of the list is the default of networkx 3.6; before, it was `links`.
    data = nx.node_link_data(graph, edges="edges")
    return (json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _flat(graph: Drawn, lang: Lang) -> Drawn:
    """What is known, as one value each, and a label for every node."""
    flat = graph.copy()
    for node, data in flat.nodes(data=True):
        names = [data[name] for name in _LABELS[lang] if data.get(name)]
        data["label"] = names[0] if names else node
        _join(data)
    for _, _, data in flat.edges(data=True):
        _join(data)
    return flat


def _join(data: dict[str, Any]) -> None:
    for name, value in list(data.items()):
        if isinstance(value, list):
            data[name] = ";".join(value)
        if data[name] in (None, ""):
            del data[name]


def _graphml(graph: Drawn) -> bytes:
    import networkx as nx  # noqa: PLC0415 (heavy)

    if isinstance(graph, nx.MultiDiGraph):
        # A key becomes the id of the edge, which no other edge of the file may have.
        numbered: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        numbered.add_nodes_from(graph.nodes(data=True))
        for number, (one, other, data) in enumerate(graph.edges(data=True)):
            numbered.add_edge(one, other, key=f"e{number}", **data)
        graph = numbered
    out = io.BytesIO()
    nx.write_graphml(graph, out)
    return out.getvalue()


def _gexf(graph: Drawn) -> bytes:
    import networkx as nx  # noqa: PLC0415 (heavy)

    out = io.BytesIO()
    nx.write_gexf(graph, out)
    return out.getvalue()


def _nodes(graph: Drawn) -> list[dict[str, Any]]:
    return [{"id": node, **data} for node, data in graph.nodes(data=True)]


def _edges(graph: Drawn) -> list[dict[str, Any]]:
    return [{"source": one, "target": other, **data} for one, other, data in graph.edges(data=True)]


def _parquet(rows: list[dict[str, Any]], ends: Iterable[str], types: Mapping[str, type]) -> bytes:
    """Rows as a file of one schema, whatever is known of them."""
    import duckdb  # noqa: PLC0415 (heavy)
    import pandas as pd  # noqa: PLC0415 (heavy)

    columns = dict.fromkeys(ends, str) | {_named(name): kind for name, kind in types.items()}
    for row in rows:
        row.update({name: ";".join(row[name]) or None for name in row if columns[name] is list})
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    cells = ", ".join(
        f'CAST("{name}" AS {_SQL[kind]}) AS "{name}"' for name, kind in columns.items()
    )
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        file = Path(folder, NODES)
        connection.register("rows", frame)
        connection.sql(f"SELECT {cells} FROM rows").write_parquet(str(file))  # noqa: S608  our own
        return file.read_bytes()
