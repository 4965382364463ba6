"""Fewer crossing lines: products of a map change places as long as the map gets clearer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

Point: TypeAlias = tuple[float, float]
_ROUNDS: Final = 2  # the first finds nearly all there is
_TRIED: Final = 4  # places that look best, tried exactly
# Work grows with lines x places x products; beyond this many lines the map stays as it is.
_MOST_LINES: Final = 450


def crossings(places: Mapping[str, Point], edges: Sequence[tuple[str, str]]) -> int:
    """
    Count the pairs of lines that cross.

    Parameters
    ----------
    places
        Node -> where it stands.
    edges
        Lines between them, each pair of nodes once.

    Returns
    -------
    count
        Lines with a common end do not cross.
    """
    return int(_Board(places, edges).crossed.sum()) // 2


def untangled(
    places: Mapping[str, Point],
    edges: Sequence[tuple[str, str]],
    cells: Mapping[str, Sequence[Point]],
    ahead: Sequence[tuple[str, str]],
) -> dict[str, Point]:
    """
    Move nodes to other cells, or let two change places, while fewer lines cross.

    Every node in turn takes the cell that saves most; the same input gives the same picture.

    Parameters
    ----------
    places
        Node -> its cell.
    edges
        Lines between the nodes, each pair once.
    cells
        Node -> the cells that it may take.
    ahead
        Edges whose first node must stay left of the second.

    Returns
    -------
    places
        Node -> its cell, no two in one; never more crossings than before.
    """
    if not edges or len(edges) > _MOST_LINES:
        return dict(places)
    board = _Board(places, edges)
    board.order(ahead)
    grids = {node: np.array(cells[node], dtype=float) for node in board.nodes}
    for _ in range(_ROUNDS):
        moved = [board.improve(number, grids[node]) for number, node in enumerate(board.nodes)]
        if not any(moved):
            break
    return {node: (float(x), float(y)) for node, (x, y) in zip(board.nodes, board.at, strict=True)}


class _Board:
    """Nodes by number, where they stand, their lines, and which of them cross."""

    def __init__(self, places: Mapping[str, Point], edges: Sequence[tuple[str, str]]) -> None:
        self.nodes = sorted(places)
        number = {node: place for place, node in enumerate(self.nodes)}
        self.at = np.array([places[node] for node in self.nodes], dtype=float).reshape(-1, 2)
        self.ends = np.array(
            sorted((number[a], number[b]) for a, b in edges if a != b), dtype=int
        ).reshape(-1, 2)
        self.lines: list[NDArray[Any]] = [
            np.flatnonzero((self.ends == node).any(axis=1)) for node in range(len(self.nodes))
        ]
        first, second = self.ends[:, 0], self.ends[:, 1]
        # Lines with a common end meet there and cross nowhere.
        self.apart: Flags = ~(
            (first[:, None] == first)
            | (first[:, None] == second)
            | (second[:, None] == first)
            | (second[:, None] == second)
        )
        self.before: list[NDArray[Any]] = []
        self.after: list[NDArray[Any]] = []
        # Which lines cross which; kept up to date with every move.
        self.crossed = self._rows(np.arange(len(self.ends)))

    def order(self, ahead: Sequence[tuple[str, str]]) -> None:
        """Remember who must stay left of whom."""
        number = {node: place for place, node in enumerate(self.nodes)}
        pairs = np.array([(number[a], number[b]) for a, b in ahead], dtype=int).reshape(-1, 2)
        every = range(len(self.nodes))
        self.before = [pairs[pairs[:, 1] == node, 0] for node in every]
        self.after = [pairs[pairs[:, 0] == node, 1] for node in every]

    def _rows(self, lines: NDArray[Any]) -> Flags:
        """Say which of all lines each of these crosses."""
        start, end = self.at[self.ends[:, 0]], self.at[self.ends[:, 1]]
        rows: Flags = _cross(start[lines, None], end[lines, None], start, end) & self.apart[lines]
        return rows

    def improve(self, node: int, cells: Floats) -> bool:
        """Give a node the cell that saves most; say whether it moved."""
        if not len(self.lines[node]):
            return False
        crossed = self.crossed.sum(axis=1)
        own = crossed[self.lines[node]].sum()
        if own == 0:
            return False
        cells = cells[self._fits(node, cells[:, 0])]
        # Who stands in each cell, -1 for nobody.
        same = (cells[:, None] == self.at).all(axis=2)
        holder = np.where(same.any(axis=1), same.argmax(axis=1), -1)
        here = self._may_swap(node, holder)
        cells, holder = cells[here], holder[here]
        if not len(cells):
            return False
        saved = own - self._crossed_at(node, cells)
        for place in np.flatnonzero(holder >= 0):
            other = holder[place]
            there = self._crossed_at(other, self.at[node][None])[0]
            saved[place] += crossed[self.lines[other]].sum() - there
        for place in np.argsort(-saved, kind="stable")[:_TRIED]:
            if saved[place] > 0 and self._moved(node, cells[place], int(holder[place])):
                return True
        return False

    def _fits(self, node: int, x: Floats) -> Flags:
        left = self.at[self.before[node], 0].max(initial=-np.inf)
        right = self.at[self.after[node], 0].min(initial=np.inf)
        fits: Flags = (x > left) & (x < right)
        return fits

    def _may_swap(self, node: int, holder: NDArray[Any]) -> Flags:
        """Say which cells are free, or held by somebody who may stand where the node is."""
        beside = {*self.before[node], *self.after[node], node}
        x = self.at[node, 0][None]
        return np.array(
            [
                other < 0 or (other not in beside and bool(self._fits(other, x)[0]))
                for other in holder
            ],
            dtype=bool,
        )

    def _crossed_at(self, node: int, cells: Floats) -> NDArray[Any]:
        """Count what the lines of a node would cross from each cell, all others as they are."""
        lines = self.lines[node]
        ends = self.ends[lines]
        far = self.at[np.where(ends[:, 0] == node, ends[:, 1], ends[:, 0])]
        start, end = self.at[self.ends[:, 0]], self.at[self.ends[:, 1]]
        found = _cross(cells[:, None, None], far[None, :, None], start, end)
        count: NDArray[Any] = (found & self.apart[lines]).sum(axis=(1, 2))
        return count

    def _moved(self, node: int, cell: Floats, holder: int) -> bool:
        """Move, and keep it if fewer lines cross in the whole map."""
        old, crossed = self.at.copy(), self.crossed.copy()
        lines = self.lines[node]
        if holder >= 0:
            self.at[holder] = self.at[node]
            lines = np.union1d(lines, self.lines[holder])
        self.at[node] = cell
        self.crossed[lines] = self._rows(lines)
        self.crossed[:, lines] = self.crossed[lines].T
        if self.crossed.sum() < crossed.sum():
            return True
        self.at, self.crossed = old, crossed
        return False


def _cross(a: Floats, b: Floats, c: Floats, d: Floats) -> Flags:
    """Say whether a line from a to b and one from c to d cross; shapes broadcast, last axis xy."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = ((p[..., 0], p[..., 1]) for p in (a, b, c, d))
    # On which side of each line the ends of the other lie.
    abx, aby, cdx, cdy = bx - ax, by - ay, dx - cx, dy - cy
    acx, acy = cx - ax, cy - ay
    c_side = abx * acy - aby * acx
    d_side = abx * (dy - ay) - aby * (dx - ax)
    a_side = cdy * acx - cdx * acy
    b_side = cdx * (by - cy) - cdy * (bx - cx)
    found: Flags = (c_side * d_side < 0) & (a_side * b_side < 0)
    return found
