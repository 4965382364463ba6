"""The two graphs: companies with their links, products with their inputs."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import networkx as nx

from cluster_graph.chain.model import Chain
from cluster_graph.flows.aggregate import LOCAL, OUTSIDE
from cluster_graph.text.cells import as_dicts

if TYPE_CHECKING:
    import pandas as pd

    from cluster_graph.cluster.model import Cluster

_PRODUCT_ATTRIBUTES = (
    "name_zh",
    "name_en",
    "chain",
    "stage",
    "sector_code",
    "unit",
    "price",
    "recruit_gate",
    "standard_plant_fit",
    "outer_boundary",
    "source",
    "evidence",
)
_INPUT_ATTRIBUTES = (
    "kind",
    "low",
    "typical",
    "high",
    "value_share",
    "essential",
    "evidence",
    "source",
)


def _value(value: Any) -> Any:  # noqa: ANN401  an attribute of any type
    return None if isinstance(value, float) and math.isnan(value) else value


def _lists(frame: "pd.DataFrame", by: str, of: str) -> dict[str, list[str]]:
    return {str(key): list(values) for key, values in frame.groupby(by)[of]}


def product_graph(chain: Chain) -> "nx.DiGraph[Any]":
    """
    The chain as a graph.

    Parameters
    ----------
    chain
        A reference chain.

    Returns
    -------
    graph
        A node a product; an edge u -> v says that u is an input of v, or, with kind
        `by_product`, that making u gives v. Unknown numbers are None.
    """
    graph: nx.DiGraph[Any] = nx.DiGraph()
    for record in as_dicts(chain.products):
        attributes = {name: _value(record[name]) for name in _PRODUCT_ATTRIBUTES}
        graph.add_node(record["product_id"], **attributes)
    for record in as_dicts(chain.inputs):
        attributes = {name: _value(record[name]) for name in _INPUT_ATTRIBUTES}
        graph.add_edge(record["input_id"], record["output_id"], **attributes)
    return graph


def company_graph(cluster: "Cluster") -> "nx.MultiDiGraph[Any]":
    """
    The companies that have something to do with the region, and their links.

    Parameters
    ----------
    cluster
        A built cluster.

    Returns
    -------
    graph
        A node a company: every local one, and every other that trades with one of them.
        An edge supplier -> customer, keyed by product: `evidence` is the link's own
        (`reported` where its row says nothing else), `inferred` where a local company makes
        what another local company needs and no link between them is reported.
    """
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    made = _lists(cluster.makers, "company_id", "product_id")
    frame = cluster.companies_frame
    for record in as_dicts(frame[frame["place"] == LOCAL]):
        _add_company(graph, record, made)
    known = {record["company_id"]: record for record in as_dicts(frame)}
    if cluster.trade is not None:
        for tie in as_dicts(cluster.trade.ties):
            _add_tie(graph, tie, known, made)
    _infer(graph, cluster)
    return graph


def reach(graph: "nx.DiGraph[Any]", members: Iterable[str]) -> "nx.DiGraph[Any]":
    """
    The part of a graph from which some nodes can be reached, or that they reach.

    Parameters
    ----------
    graph
        Companies or products.
    members
        Nodes; those that the graph does not have are passed over.

    Returns
    -------
    part
        The members, all that lies before and behind them, any number of steps away, and the
        edges between these.
    """
    own = {node for node in members if node in graph}
    ways = [nx.ancestors(graph, node) | nx.descendants(graph, node) for node in own]
    return graph.subgraph(own.union(*ways))


def _add_company(
    graph: "nx.MultiDiGraph[Any]", record: dict[Any, Any], made: dict[str, list[str]]
) -> None:
    graph.add_node(
        record["company_id"],
        name=record["name"],
        name_en=record["name_en"],
        status=record["status"] or "operating",
        region_code=record["region_code"],
        place=record["place"],
        is_anchor=record["is_anchor"] is True,
        chain=record["chain"],
        makes=made.get(record["company_id"], []),
    )


def _add_tie(
    graph: "nx.MultiDiGraph[Any]",
    tie: dict[Any, Any],
    known: dict[str, dict[Any, Any]],
    made: dict[str, list[str]],
) -> None:
    for end in ("supplier", "customer"):
        company = tie[f"{end}_id"]
        if company in graph:
            continue
        if company in known:
            _add_company(graph, known[company], made)
        else:
            graph.add_node(
                company,
                name=tie[f"{end}_name"],
                name_en="",
                status="",
                region_code=tie[f"{end}_region"],
                place=OUTSIDE,
                is_anchor=False,
                chain="",
                makes=[],
            )
    graph.add_edge(
        tie["supplier_id"],
        tie["customer_id"],
        key=tie["product_id"],
        product_id=tie["product_id"] or None,
        quantity=_value(tie["quantity"]),
        value=_value(tie["value"]),
        evidence=tie["evidence"],
        source=tie["source"],
    )


def _infer(graph: "nx.MultiDiGraph[Any]", cluster: "Cluster") -> None:
    makers = cluster.makers
    local = makers[(makers["place"] == LOCAL) & (makers["role"] == "operating")]
    who = _lists(local, "product_id", "company_id")
    for record in as_dicts(cluster.chain.needs):
        product = record["input_id"]
        for supplier in who.get(product, ()):
            for customer in who.get(record["output_id"], ()):
                if supplier == customer or graph.has_edge(supplier, customer, key=product):
                    continue
                graph.add_edge(
                    supplier,
                    customer,
                    key=product,
                    product_id=product,
                    quantity=None,
                    value=None,
                    evidence="inferred",
                    source=record["source"],
                )
