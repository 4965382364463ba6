"""Where everything stands on the page: computed once, the same every time."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

from cluster_graph.text.cells import as_text
from cluster_graph.views.crossings import untangled
from cluster_graph.views.tiers import feedback, ordered, tiers

if TYPE_CHECKING:
    import networkx as nx

BOX: Final = (148.0, 46.0)  # width and height of a product's box
SECTOR_BOX: Final = (228.0, 64.0)  # of a sector's
COMPANY_BOX: Final = (196.0, 46.0)  # and of a company's
_CELL: Final = (164.0, 56.0)  # a box and the air around it
_SECTOR_CELL: Final = (300.0, 96.0)
_TIER_GAP: Final = 26.0  # more air between tiers, where the lines run
_BAND_GAP: Final = 46.0  # and between chains, where the band's name stands
_SCREEN: Final = 2.3  # width over height of the drawing area on an office screen
_RING_CELL: Final = (224.0, 78.0)
Band: TypeAlias = dict[int, list[str]]  # a chain: tier -> its products from top to bottom
_APART: Final = math.sqrt(2.0)  # two points this far apart never share a box


def positions(products: nx.DiGraph[str]) -> dict[str, tuple[float, float]]:
    """
    Place of every product on the chain map: tiers from left to right, chains as bands.

    A tier that is tall gets several columns; the width is chosen so that the whole map fills
    an office screen best, and each chain is as tall as that width makes it. A chain's tiers
    keep their order from left to right; across chains equal tiers stand near each other. Then
    products change places while fewer lines cross and every input stays left of its users.

    Parameters
    ----------
    products
        Products (attribute `chain`) and inputs, an edge from input to user.

    Returns
    -------
    positions
        Product -> centre of its box, in pixels at full size, y downwards; around 0, 0.
    """
    if len(products) == 0:
        return {}
    tier = tiers(products)
    columns: dict[tuple[str, int], list[str]] = defaultdict(list)
    for node in sorted(products):
        columns[as_text(products.nodes[node].get("chain")), tier[node]].append(node)
    current = ordered(columns, products.edges())
    chains: dict[str, Band] = defaultdict(dict)
    for (chain, level), nodes in current.items():
        chains[chain][level] = nodes
    places = _grid(chains, _best_width(chains))
    return _centred(_untangled(products, places, set(feedback(products))))


def _untangled(
    products: nx.DiGraph[str],
    places: dict[str, tuple[float, float]],
    aside: set[tuple[str, str]],
) -> dict[str, tuple[float, float]]:
    """Let fewer lines cross: within its chain's rectangle, a product right of its inputs."""
    chain = {node: as_text(products.nodes[node].get("chain")) for node in products}
    columns: dict[str, set[float]] = defaultdict(set)
    rows: dict[str, set[float]] = defaultdict(set)
    for node, (x, y) in places.items():
        columns[chain[node]].add(x)
        rows[chain[node]].add(y)
    cells = {
        name: [(x, y) for x in sorted(columns[name]) for y in sorted(rows[name])] for name in rows
    }
    lines = sorted({(a, b) for a, b in products.edges() if a != b})
    return untangled(
        places,
        lines,
        {node: cells[chain[node]] for node in products},
        [line for line in lines if line not in aside and chain[line[0]] == chain[line[1]]],
    )


def sector_positions(sectors: nx.DiGraph[str]) -> dict[str, tuple[float, float]]:
    """
    Place of every sector on the overview: in columns, those that others live on at the left.

    Sectors stand in the order of their tiers, as many in a column as fill an office screen
    best; within a column beside what they trade with.

    Parameters
    ----------
    sectors
        Sectors, an edge from the one that mostly delivers to the one that mostly takes.

    Returns
    -------
    positions
        Sector -> centre of its box, in pixels at full size, y downwards; around 0, 0.
    """
    if len(sectors) == 0:
        return {}
    tier = tiers(sectors)
    rows = math.ceil(math.sqrt(len(sectors) * _SECTOR_CELL[0] / _SECTOR_CELL[1] / _SCREEN))
    columns: dict[tuple[str, int], list[str]] = defaultdict(list)
    for place, node in enumerate(sorted(sectors, key=lambda node: (tier[node], node))):
        columns["", place // rows].append(node)
    return _centred(
        {
            node: (column * _SECTOR_CELL[0], (row - len(nodes) / 2) * _SECTOR_CELL[1])
            for (_, column), nodes in ordered(columns, sectors.edges()).items()
            for row, node in enumerate(nodes)
        }
    )


def bands(
    products: nx.DiGraph[str], places: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float, float, float]]:
    """
    The rectangle around each chain's products.

    Parameters
    ----------
    products
        Products with their `chain`.
    places
        Their centres, as from `positions`.

    Returns
    -------
    bands
        Chain -> left, top, right, bottom.
    """
    inside: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for node in sorted(places):
        inside[as_text(products.nodes[node].get("chain"))].append(places[node])
    half = BOX[0] / 2 + 12, BOX[1] / 2 + 6
    return {
        chain: (
            min(x for x, _ in points) - half[0],
            min(y for _, y in points) - half[1] - 24,
            max(x for x, _ in points) + half[0],
            max(y for _, y in points) + half[1],
        )
        for chain, points in sorted(inside.items())
    }


def company_positions(companies: nx.MultiDiGraph[str]) -> dict[str, tuple[float, float]]:
    """
    Place of every company: the anchor in the middle, local ones around it, others outside.

    Companies that trade with the anchor stand in the first ring. Rings and the places on
    them are further apart than a box is wide or high, so that no two boxes meet.

    Parameters
    ----------
    companies
        Companies (attributes `place`, `is_anchor`) and links.

    Returns
    -------
    positions
        Company -> centre of its box; the middle is 0, 0.
    """
    anchors = [node for node in sorted(companies) if companies.nodes[node].get("is_anchor") is True]
    middle = anchors[:1]
    near: set[str] = set()
    for anchor in middle:
        near.update(companies.successors(anchor), companies.predecessors(anchor))
    local: list[str] = []
    rim: list[str] = []
    for node in sorted(companies):
        if node not in middle:
            (local if companies.nodes[node].get("place") == "local" else rim).append(node)
    places = dict.fromkeys(middle, (0.0, 0.0))
    local.sort(key=lambda node: (node not in near, -companies.degree(node), node))
    radius = _rings(local, _APART if middle else 0.0, places)
    rim.sort(key=lambda node: (_angle(node, companies, places), node))
    _rings(rim, radius + (0.6 if rim and places else 0.0), places)
    return places


def _rings(nodes: list[str], radius: float, places: dict[str, tuple[float, float]]) -> float:
    """Put companies on ring after ring from a radius on; return the radius behind the last."""
    left = list(nodes)
    while left:
        room = 1 if radius == 0 else max(1, int(math.pi / math.asin(min(1, _APART / 2 / radius))))
        ring, left = left[:room], left[room:]
        for place, node in enumerate(ring):
            turn = 2 * math.pi * place / len(ring) - math.pi / 2
            places[node] = (
                round(radius * math.cos(turn) * _RING_CELL[0], 1),
                round(radius * math.sin(turn) * _RING_CELL[1], 1),
            )
        radius += _APART
    return radius


def _angle(
    node: str, companies: nx.MultiDiGraph[str], places: dict[str, tuple[float, float]]
) -> float:
    """Direction in which a company's local partners stand, clockwise from the top."""
    near = [
        places[other]
        for other in sorted({*companies.successors(node), *companies.predecessors(node)})
        if other in places
    ]
    if not near:
        return 2 * math.pi
    x = sum(point[0] for point in near) / _RING_CELL[0]
    y = sum(point[1] for point in near) / _RING_CELL[1]
    return (math.atan2(y, x) + math.pi / 2) % (2 * math.pi)


def _widths(band: Band, rows: int) -> dict[int, int]:
    """How many columns each tier of a chain needs when none is taller than `rows`."""
    return {level: math.ceil(len(nodes) / rows) for level, nodes in sorted(band.items())}


def _span(widths: dict[int, int]) -> float:
    """How wide a chain is drawn when its tiers stand close together."""
    return sum(widths.values()) * _CELL[0] + (len(widths) - 1) * _TIER_GAP


def _rows(band: Band, width: float) -> int:
    """The fewest rows with which a chain fits a width; all of them where it never does."""
    tallest = max(len(nodes) for nodes in band.values())
    fits = (rows for rows in range(1, tallest) if _span(_widths(band, rows)) <= width)
    return next(fits, tallest)


def _best_width(chains: dict[str, Band]) -> float:
    """The width with which the whole map can be drawn largest on an office screen."""
    widths = {
        _span(_widths(band, rows))
        for band in chains.values()
        for rows in range(1, 1 + max(len(nodes) for nodes in band.values()))
    }
    narrowest = max(
        _span(_widths(band, max(len(nodes) for nodes in band.values()))) for band in chains.values()
    )

    def size(width: float) -> float:
        height = sum(_rows(band, width) * _CELL[1] + _BAND_GAP for band in chains.values())
        return min(_SCREEN / width, 1 / height)

    return max(sorted(width for width in widths if width >= narrowest), key=size)


def _grid(chains: dict[str, Band], width: float) -> dict[str, tuple[float, float]]:
    """Centres of all boxes, the map's left upper corner at 0, 0."""
    last = max(level for band in chains.values() for level in band) or 1
    places: dict[str, tuple[float, float]] = {}
    top = 0.0
    for _, band in sorted(chains.items()):
        rows = _rows(band, width)
        widths = _widths(band, rows)
        tall = max(math.ceil(len(nodes) / widths[level]) for level, nodes in band.items())
        left, rest = 0.0, _span(widths)
        for level, nodes in sorted(band.items()):
            wide = widths[level]
            # as far right as the tier wants to be, as long as the later ones still fit
            left = max(left, min(level / last * (width - _CELL[0]), width - rest))
            down = (tall - math.ceil(len(nodes) / wide)) // 2 * _CELL[1]
            for place, node in enumerate(nodes):
                places[node] = (
                    left + place % wide * _CELL[0],
                    top + down + place // wide * _CELL[1],
                )
            taken = wide * _CELL[0] + _TIER_GAP
            left += taken
            rest -= taken
        top += tall * _CELL[1] + _BAND_GAP
    return places


def _centred(places: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The same places with the middle of the map at 0, 0."""
    xs = [x for x, _ in places.values()]
    ys = [y for _, y in places.values()]
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return {
        node: (round(x - middle[0], 1), round(y - middle[1], 1)) for node, (x, y) in places.items()
    }
