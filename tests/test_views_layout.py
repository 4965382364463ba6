"""The map's layout: the same every time, inputs left of users, no two boxes on each other."""

import itertools
import math
import random

import networkx as nx
import pytest
from findings_sample import sample

import cluster_graph as cg
from cluster_graph.views.crossings import crossings, untangled
from cluster_graph.views.layout import (
    BOX,
    COMPANY_BOX,
    SECTOR_BOX,
    company_positions,
    positions,
    sector_positions,
)
from cluster_graph.views.tiers import feedback, tiers


def overlaps(places: dict[str, tuple[float, float]], box: tuple[float, float]) -> list[object]:
    """Pairs of nodes whose boxes meet."""
    return [
        (first, second)
        for (first, a), (second, b) in itertools.combinations(places.items(), 2)
        if abs(a[0] - b[0]) < box[0] and abs(a[1] - b[1]) < box[1]
    ]


def tangle(count: int, edges: int) -> "nx.DiGraph[str]":
    """A chain with many cycles, in three bands; the same for the same arguments."""
    dice = random.Random(7)  # noqa: S311
    graph: nx.DiGraph[str] = nx.DiGraph()
    for number in range(count):
        graph.add_node(f"P{number:03}", chain=f"band {number % 3}")
    names = sorted(graph)
    while graph.number_of_edges() < edges:
        source, target = dice.sample(names, 2)
        graph.add_edge(source, target, kind="material", value_share=dice.random())
    return graph


def test_no_two_sectors_share_a_place() -> None:
    """The boxes of the overview never meet, and a lone one stands in the middle."""
    sectors = nx.DiGraph([(f"{a:02}", f"{b:02}") for a, b in itertools.combinations(range(31), 2)])
    assert overlaps(sector_positions(sectors), SECTOR_BOX) == []
    alone: nx.DiGraph[str] = nx.DiGraph()
    assert sector_positions(alone) == {}
    alone.add_node("31")
    assert sector_positions(alone) == {"31": (0.0, 0.0)}


@pytest.mark.parametrize("count", [1, 2, 25, 295])
def test_no_two_products_share_a_place(count: int) -> None:
    """Boxes never meet, however tangled the chain."""
    graph = tangle(count, 2 * count if count > 2 else 0)
    places = positions(graph)
    assert set(places) == set(graph)
    assert overlaps(places, BOX) == []


def test_layout_does_not_depend_on_order() -> None:
    """The same chain told in another order stands in the same places."""
    graph = tangle(120, 300)
    other: nx.DiGraph[str] = nx.DiGraph()
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    other.add_edges_from(reversed(list(graph.edges(data=True))))
    assert positions(graph) == positions(other)
    assert positions(graph) == positions(graph)


def test_inputs_stand_left_of_their_users() -> None:
    """In a chain without cycles no input points backwards."""
    products = sample().products
    chain = nx.DiGraph([edge for edge in products.edges() if edge != ("P_TRUCK", "P_BAR")])
    level = tiers(chain)
    assert all(level[source] < level[target] for source, target in chain.edges())
    places = positions(chain)
    assert all(places[source][0] < places[target][0] for source, target in chain.edges())


def test_crossings_are_counted() -> None:
    """An X crosses once; lines that meet in a node, or only would if they were longer, do not."""
    square = {"a": (0.0, 0.0), "b": (1.0, 1.0), "c": (0.0, 1.0), "d": (1.0, 0.0)}
    assert crossings(square, [("a", "b"), ("c", "d")]) == 1
    assert crossings(square, [("a", "b"), ("a", "d"), ("c", "b")]) == 0
    assert crossings({**square, "d": (0.4, 0.6)}, [("a", "b"), ("c", "d")]) == 0
    assert crossings({}, []) == 0


@pytest.mark.parametrize("count", [12, 60, 150])
def test_untangling_never_tangles(count: int) -> None:
    """Fewer lines cross, every cell holds one node, and nobody overtakes a user."""
    graph = tangle(count, 2 * count)
    edges = sorted(graph.edges())
    side = math.ceil(math.sqrt(count))
    cells = [(float(number % side), float(number // side)) for number in range(side * side)]
    before = dict(zip(sorted(graph), cells, strict=False))
    ahead = [(a, b) for a, b in edges if before[a][0] < before[b][0]]
    after = untangled(before, edges, dict.fromkeys(graph, cells), ahead)
    assert crossings(after, edges) < crossings(before, edges)
    assert set(after.values()) <= set(cells)
    assert len(set(after.values())) == count
    assert all(after[a][0] < after[b][0] for a, b in ahead)


def test_the_shipped_map_has_half_the_crossings_of_a_spring_layout() -> None:
    """What is shown at first, against networkx's spring layout of the same products."""
    cluster = cg.build(cg.load(), cg.chains())
    balance = cg.balance(cluster)
    here = balance.loc[balance["state"] != "off_map", "product_id"]
    products = cluster.products.subgraph(here)
    lines = sorted({(a, b) for a, b in products.edges() if a != b})
    spring = {
        node: (float(x), float(y)) for node, (x, y) in nx.spring_layout(products, seed=7).items()
    }
    assert crossings(positions(products), lines) <= crossings(spring, lines) / 2


def test_cycles_are_opened() -> None:
    """Without its feedback no product needs itself, and tiers stay few."""
    graph = tangle(60, 200)
    left = graph.copy()
    left.remove_edges_from(feedback(graph))
    assert nx.is_directed_acyclic_graph(left)
    ring = nx.DiGraph([("a", "b"), ("b", "c"), ("c", "a")])
    assert len(feedback(ring)) == 1
    assert sorted(tiers(ring).values()) == [0, 1, 2]


def test_a_light_input_yields() -> None:
    """In a circle the energy that runs back is set aside, not the main stream."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("gas", "lime", kind="energy")
    graph.add_edge("lime", "iron", kind="material", value_share=0.1)
    graph.add_edge("iron", "gas", kind="by_product")
    graph.add_edge("iron", "steel", kind="material", value_share=0.7)
    level = tiers(graph)
    assert level["lime"] < level["iron"] < level["steel"]


@pytest.mark.parametrize("count", [0, 1, 8, 60, 400])
def test_companies_stand_apart_with_the_anchor_in_the_middle(count: int) -> None:
    """Rings of companies around the anchor; outside ones further out than local ones."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number in range(count):
        place = "local" if number % 3 else "outside"
        graph.add_node(f"C{number:03}", place=place, is_anchor=number == 1)
    for number in range(2, count):
        graph.add_edge(f"C{number:03}", f"C{number // 2:03}", evidence="reported")
    places = company_positions(graph)
    assert set(places) == set(graph)
    assert overlaps(places, COMPANY_BOX) == []
    assert places == company_positions(graph)
    if count > 1:
        assert places["C001"] == (0, 0)
