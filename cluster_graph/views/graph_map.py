"""The products of `graph.html`: the chain map, and the sectors that it adds up to."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.text import LANGS, numbers, say, texts
from cluster_graph.text.cells import as_names, as_number, as_text
from cluster_graph.views.details import Detail, Group, Item, product_item
from cluster_graph.views.figures import amount, headroom
from cluster_graph.views.graph_search import find
from cluster_graph.views.layout import bands, positions, sector_positions
from cluster_graph.views.words import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from cluster_graph.text import Lang
    from cluster_graph.views.details import Index

STATES: Final = ("strong", "weak", "broken", "missing", "planned", "outer", "off_map")
HIDDEN_FIRST: Final = frozenset({"off_map"})  # a map of what is here starts without the rest
_GAPS: Final = frozenset({"weak", "broken", "missing", "planned"})
_DIVISION: Final = 2  # digits of a sector's code that name its division
_NO_DIVISION: Final = "none"


def chain_map(index: Index) -> dict[str, object]:
    """
    Products and inputs, where they stand, and the bands of the chains.

    Parameters
    ----------
    index
        The findings.

    Returns
    -------
    map
        `nodes` and `edges` as pyvis hands them on, `bands` around what is shown at first and
        `bands_all` around all. A node's `names` and `marks` are in the order of `LANGS`;
        `makers` and `users` are numbers of companies by their sorted ids.
    """
    from pyvis.network import Network  # noqa: PLC0415 (heavy)

    products = index.findings.products
    shown = [node for node in products if _state(index, node) not in HIDDEN_FIRST]
    nearby = products.subgraph(shown or list(products))
    few, every = positions(nearby), positions(products)
    number = {node: place for place, node in enumerate(sorted(index.findings.companies))}
    net = Network(directed=True)
    for node in sorted(products):
        row = {**products.nodes[node], **index.balance.get(node, {})}
        x, y = few.get(node, every[node])
        names = _each(partial(index.findings.product_name, node))
        net.add_node(
            f"p:{node}",
            label=names[0],
            shape="custom",
            x=x,
            y=y,
            all=every[node],
            names=names,
            marks=_each(partial(_mark, index, row)),
            state=_state(index, node),
            use=as_text(row.get("use_state")),
            chain=as_text(row.get("chain")),
            sector=division(row),
            evidence=as_text(row.get("evidence")),
            worth=_worth(index, node, row),  # `value` would make vis-network size the box
            met=as_number(row.get("self_sufficiency")),
            makers=_numbers(number, row, ("producers", "planned_producers")),
            users=_numbers(number, row, ("users",)),
            find=find(row, ("product_id", "alias", "sector_code")),
        )
    for source, target, data in sorted(products.edges(data=True), key=lambda edge: edge[:2]):
        if source != target:
            net.add_edge(f"p:{source}", f"p:{target}", kind=as_text(data.get("kind")))
    return {
        **_drawn(net),
        "bands": [[chain, *box] for chain, box in bands(nearby, few).items()],
        "bands_all": [[chain, *box] for chain, box in bands(products, every).items()],
    }


def division(row: dict[str, Any]) -> str:
    """
    The division of a product's sector.

    Parameters
    ----------
    row
        A product.

    Returns
    -------
    division
        The first two digits of its code of GB/T 4754, or the word for none.
    """
    return as_text(row.get("sector_code"))[:_DIVISION] or _NO_DIVISION


def division_name(code: str, lang: Lang) -> str:
    """
    What a division is called.

    Parameters
    ----------
    code
        From `division`.
    lang
        `zh` or `en`.

    Returns
    -------
    name
        Its code and name; the code alone where the catalogue does not know it.
    """
    if code == _NO_DIVISION:
        return say("view.no_sector", lang)
    name = texts("division", lang).get(code)
    return f"{code} {name}" if name else code


def sector_map(index: Index) -> dict[str, object]:
    """
    The divisions of the products' sectors, and what goes from one to the next.

    Parameters
    ----------
    index
        The findings.

    Returns
    -------
    map
        `nodes` and `edges` as pyvis hands them on. `counts` are products by state, in the
        order of `STATES`; `worth` is the value of their gaps, yuan a year; an edge's `inputs`
        counts the inputs of the chain that it stands for.
    """
    import networkx as nx  # noqa: PLC0415 (heavy)
    from pyvis.network import Network  # noqa: PLC0415 (heavy)

    products = index.findings.products
    members = _members(index)
    flows: Counter[tuple[str, str]] = Counter()
    for source, target in products.edges():
        ends = division(products.nodes[source]), division(products.nodes[target])
        if ends[0] != ends[1] and members.keys() >= set(ends):
            flows[ends] += 1
    # The one direction that more inputs take decides which of two stands on the left.
    ahead = [pair for pair, count in flows.items() if count > flows.get(pair[::-1], 0)]
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(members))
    graph.add_edges_from(sorted(ahead))
    places = sector_positions(graph)
    net = Network(directed=True)
    for code in sorted(members):
        worth = _sector_worth(index, members[code])
        names = _each(partial(division_name, code))
        net.add_node(
            f"s:{code}",
            label=names[0],
            shape="custom",
            x=places[code][0],
            y=places[code][1],
            names=names,
            marks=_each(partial(_sector_mark, index, members[code], worth)),
            counts=[
                sum(_state(index, node) == state for node in members[code]) for state in STATES
            ],
            chains=sorted({as_text(products.nodes[node].get("chain")) for node in members[code]}),
            worth=worth,
            find=find({}, ()),
        )
    for (source, target), count in sorted(flows.items()):
        net.add_edge(f"s:{source}", f"s:{target}", inputs=count)
    return _drawn(net)


def sector_details(index: Index, lang: Lang) -> dict[str, Detail]:
    """
    What the panel says about each division.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    details
        Node of the page -> how many products of each state, what their gaps are worth, and
        the products, gaps first.
    """
    heading = texts("column", lang)
    found = {}
    for code, nodes in _members(index).items():
        states = Counter(_state(index, node) for node in nodes)
        order = sorted(nodes, key=lambda node: (STATES.index(_state(index, node)), node))
        order.sort(key=lambda node: _state(index, node) not in _GAPS)
        worth = _sector_worth(index, nodes)
        rows = [[say("view.sector_products", lang), numbers.digits(len(nodes))]]
        rows += [
            [word("state", state, lang), numbers.digits(states[state])]
            for state in STATES
            if states[state]
        ]
        rows.append([heading["value"], numbers.money(worth, lang)])
        items: list[Item] = [
            product_item(index, node, word("state", _state(index, node), lang), lang)
            for node in order
        ]
        found[f"s:{code}"] = Detail(
            title=division_name(code, lang),
            under=say("view.sector_source", lang),
            chips=[],
            rows=rows,
            groups=[Group(heading=say("view.sector_members", lang), items=items)],
        )
    return found


def _members(index: Index) -> dict[str, list[str]]:
    """Division -> its products; without those of which nothing is made or needed here."""
    found: dict[str, list[str]] = defaultdict(list)
    products = index.findings.products
    for node in sorted(products):
        found[division(products.nodes[node])].append(node)
    here = {
        code: nodes
        for code, nodes in found.items()
        if any(_state(index, node) not in HIDDEN_FIRST for node in nodes)
    }
    return here or dict(found)


def _sector_worth(index: Index, nodes: list[str]) -> float | None:
    """Yuan a year of the upstream gaps of some products; None where none has a value."""
    known = [
        value
        for node in nodes
        if (value := as_number(index.upstream.get(node, {}).get("value"))) is not None
    ]
    return sum(known) if known else None


def _sector_mark(index: Index, nodes: list[str], worth: float | None, lang: Lang) -> str:
    gaps = sum(_state(index, node) in _GAPS for node in nodes)
    key = "view.sector_mark" if worth is None else "view.sector_mark_worth"
    return say(key, lang, count=len(nodes), gaps=gaps, worth=numbers.money(worth, lang))


def _state(index: Index, node: str) -> str:
    return as_text(index.balance.get(node, {}).get("state")) or "off_map"


def _each(made: Callable[[Lang], str]) -> list[str]:
    """The same text in every language."""
    return [made(lang) for lang in LANGS]


def _numbers(number: dict[str, int], row: dict[str, Any], columns: tuple[str, ...]) -> list[int]:
    ids = dict.fromkeys(company for column in columns for company in as_names(row.get(column)))
    return [number[company] for company in ids if company in number]


def _mark(index: Index, row: dict[str, Any], lang: Lang) -> str:
    """The second line of a product's box: its state and the size of the gap."""
    state = word("state", row.get("state"), lang)
    if as_number(row.get("shortage")):
        figure = amount(row, "shortage", lang, span=False)
        return say("view.mark_short", lang, state=state, figure=figure)
    down = index.downstream.get(as_text(row.get("product_id")))
    if down and any(as_number(down.get(name)) for name in ("headroom", "headroom_high")):
        room = headroom(down, lang, index.feeds(down), span=False)
        return say("view.mark_headroom", lang, state=state, figure=room)
    if row.get("use_state") in {"short", "partial"}:
        use = word("use_state", row["use_state"], lang)
        return say("view.mark_use", lang, state=state, use=use)
    return state


def _worth(index: Index, product_id: str, row: dict[str, Any]) -> float | None:
    """Yuan a year of a product's gap: what is missing, or what a plant fed from here adds."""
    added = index.targets.get(product_id, {}).get("added")
    found = [amount for amount in map(as_number, (row.get("value"), added)) if amount is not None]
    return max(found, default=None)


def _drawn(net: Any) -> dict[str, object]:  # noqa: ANN401 (pyvis has no types)
    """Nodes and edges as pyvis hands them to a template."""
    nodes, edges, *_ = net.get_network_data()
    return {"nodes": nodes, "edges": [edge for edge in edges if edge.pop("arrows", True)]}
