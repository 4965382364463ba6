"""Which tier of the map a product stands in: inputs left of their users, cycles opened."""

from __future__ import annotations

import heapq
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from cluster_graph.text.cells import as_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

_LIGHT_KINDS: Final = frozenset({"energy", "service", "by_product", "capital_or_indirect"})
_LIGHT_SHARE: Final = 0.03  # an input of less of its user's cost bends to the others
_ESSENTIAL: Final = 2  # an essential input pulls twice
_SHARE_PULL: Final = 30  # and one of a tenth of the cost four times as hard as one of none
_SWEEPS: Final = 12


def tiers(products: nx.DiGraph[str]) -> dict[str, int]:
    """
    Tier of every product, counted from the left.

    The inputs that run against the stream are set aside (`feedback`); what is left has no
    cycle, and a product stands one tier right of its rightmost input (longest path). A
    product with more users than inputs then moves right, next to its first user, so that
    lines stay short.

    Parameters
    ----------
    products
        Products and inputs, an edge from input to user.

    Returns
    -------
    tiers
        Product -> tier, 0 on the left.
    """
    aside = set(feedback(products))
    before: dict[str, list[str]] = {node: [] for node in sorted(products)}
    after: dict[str, list[str]] = {node: [] for node in before}
    for source, target in sorted(products.edges()):
        if source != target and (source, target) not in aside:
            before[target].append(source)
            after[source].append(target)
    order = _topological(before, after)
    tier: dict[str, int] = {}
    for node in order:
        tier[node] = max((tier[source] + 1 for source in before[node]), default=0)
    for node in reversed(order):
        if after[node] and len(after[node]) > len(before[node]):
            tier[node] = max(tier[node], min(tier[target] for target in after[node]) - 1)
    return tier


def feedback(products: nx.DiGraph[str]) -> list[tuple[str, str]]:
    """
    The inputs that do not decide where their user stands: without them no product needs itself.

    In each strongly connected part the light inputs go first: energy, services, by-products,
    and whatever is less than 3 % of its user's cost. Where a circle is left, the products are
    put in the order of Eades, Lin and Smyth, and the inputs that point backwards in it go too.

    Parameters
    ----------
    products
        Products and inputs, with `kind`, `value_share` and `essential`.

    Returns
    -------
    feedback
        Edges, sorted; a self-loop is none, for it moves nothing.

    References
    ----------
    Eades, Lin & Smyth (1993), A fast and effective heuristic for the feedback arc set problem.
    """
    import networkx as nx  # noqa: PLC0415 (heavy)

    found: list[tuple[str, str]] = []
    heavy: nx.DiGraph[str] = nx.DiGraph()
    for part in nx.strongly_connected_components(products):
        for source, target, data in products.edges(sorted(part), data=True):
            if target not in part or source == target:
                continue
            if _is_light(data):
                found.append((source, target))
            else:
                heavy.add_edge(source, target, pull=_pull(data))
    for part in nx.strongly_connected_components(heavy):
        if len(part) > 1:
            pulls = {
                (source, target): float(data["pull"])
                for source, target, data in heavy.edges(sorted(part), data=True)
                if target in part
            }
            place = {node: at for at, node in enumerate(_greedy_order(sorted(part), pulls))}
            found += [edge for edge in pulls if place[edge[0]] > place[edge[1]]]
    return sorted(found)


def _is_light(data: dict[str, object]) -> bool:
    """Whether an input inside a circle bends to the others."""
    share = as_number(data.get("value_share"))
    return data.get("kind") in _LIGHT_KINDS or (share is not None and share < _LIGHT_SHARE)


def _pull(data: dict[str, object]) -> float:
    """How much it costs the picture to draw an input against the stream."""
    share = as_number(data.get("value_share")) or 0.0
    return (1 + _SHARE_PULL * share) * (_ESSENTIAL if data.get("essential") is True else 1)


def _greedy_order(part: list[str], weight: dict[tuple[str, str], float]) -> list[str]:
    """Order of Eades, Lin and Smyth: sinks last, sources first, else the most giving one."""
    out: dict[str, dict[str, float]] = {node: {} for node in part}
    into: dict[str, dict[str, float]] = {node: {} for node in part}
    for (source, target), pull in weight.items():
        out[source][target] = pull
        into[target][source] = pull
    first: list[str] = []
    last: list[str] = []
    left = dict.fromkeys(part)

    def take(node: str) -> None:
        del left[node]
        for target in out.pop(node):
            into[target].pop(node, None)
        for source in into.pop(node):
            out[source].pop(node, None)

    while left:
        sink = next((node for node in left if not out[node]), None)
        if sink is not None:
            last.append(sink)
            take(sink)
            continue
        giving = next((node for node in left if not into[node]), None) or max(
            left, key=lambda node: (sum(out[node].values()) - sum(into[node].values()), node)
        )
        first.append(giving)
        take(giving)
    return first + last[::-1]


def _topological(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """Every product after all its inputs, ties by id."""
    waiting = {node: len(sources) for node, sources in before.items()}
    ready = [node for node, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        node = heapq.heappop(ready)
        order.append(node)
        for target in after[node]:
            waiting[target] -= 1
            if waiting[target] == 0:
                heapq.heappush(ready, target)
    return order


def ordered(
    columns: dict[tuple[str, int], list[str]], edges: Iterable[tuple[str, str]]
) -> dict[tuple[str, int], list[str]]:
    """
    The products of every band and tier, put beside what they trade with (barycentres).

    Parameters
    ----------
    columns
        (band, tier) -> its products.
    edges
        All inputs, both ends drawn.

    Returns
    -------
    columns
        The same products, each column in the order to draw it from top to bottom.
    """
    beside: dict[str, list[str]] = defaultdict(list)
    for source, target in sorted(edges):
        beside[source].append(target)
        beside[target].append(source)
    current = {key: sorted(nodes) for key, nodes in sorted(columns.items())}
    band_of = {node: key[0] for key, nodes in current.items() for node in nodes}
    bands = {band: place for place, band in enumerate(sorted(set(band_of.values())))}
    height: dict[str, float] = {}

    def note(key: tuple[str, int]) -> None:
        nodes = current[key]
        for place, node in enumerate(nodes):
            height[node] = bands[key[0]] + (place + 0.5) / len(nodes)

    for key in current:
        note(key)
    for sweep in range(_SWEEPS):
        keys = sorted(current, key=lambda key: (key[1], key[0]), reverse=bool(sweep % 2))
        for key in keys:
            heights = {
                node: sum(height[other] for other in beside[node]) / len(beside[node])
                if beside[node]
                else height[node]
                for node in current[key]
            }
            current[key].sort(key=lambda node, at=heights: (at[node], node))  # type: ignore[misc]
            note(key)
    return current
