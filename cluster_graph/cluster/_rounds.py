"""Whole rounds of all firms: for the few stops that following the losses leaves far apart."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cluster_graph.cluster._base import FINEST
from cluster_graph.cluster._sets import as_one
from cluster_graph.cluster.risk import Network, Places, Vector

if TYPE_CHECKING:
    from cluster_graph.cluster.stops import Layers

_ROUNDS: Final = 2_000  # until losses that still grow are left at that


@dataclass(frozen=True)
class Closer:
    """
    What one stop costs.

    Parameters
    ----------
    index
        What it costs at least.
    short
        How much more it may cost; 1 where that did not settle.
    hit
        How many other firms are hit.
    exposed
        The products exposed and the lost share of their supply, largest first.
    links
        How many links were followed.
    """

    index: float
    short: float
    hit: int
    exposed: list[tuple[int, float]]
    links: int


class Rounds:
    """
    The map of `cluster_graph.cluster.stops`, for all units at once and rounded to one side.

    Parameters
    ----------
    layers
        The graph.
    network
        The same, for what is exposed.
    """

    def __init__(self, layers: "Layers", network: Network) -> None:
        self.layers = layers
        self.network = network
        owner = layers.links.owner
        self._order = np.argsort(owner, kind="stable")
        self._first = np.flatnonzero(np.diff(owner[self._order], prepend=-1))
        self._into = owner[self._order][self._first]
        self._slack = max(FINEST, 16.0 * float(layers.reserve.max(initial=0.0)))

    def closer(self, failing: int, hit: float, exposed: float, budget: int) -> Closer:
        """
        Bring what a stop costs at least and at most as close together as whole rounds do.

        At least: every round is rounded down, so that it never comes to more than the exact
        one. At most: a slack is added in each, until y grows by half a slack or less; then
        F(y) <= y, and nothing exact is above y.

        Parameters
        ----------
        failing
            The firm that stops.
        hit
            Share of its output from which a firm counts as hit.
        exposed
            Share of a product's supply from which it counts as exposed.
        budget
            Links to follow at most.

        Returns
        -------
        closer
            What was found.
        """
        layers, firms = self.layers, self.network.size
        loss = np.zeros(len(layers.base))
        loss[layers.unit[[failing, failing + firms]]] = 1.0
        rounds = min(_ROUNDS, budget // (2 * len(layers.links.share) + 1))
        loss, first = self._least(loss, rounds)
        most, settled, second = self._most(loss, rounds)
        lost, above = (
            np.maximum(x[layers.unit[:firms]], x[layers.unit[firms:]]) for x in (loss, most)
        )
        index = float(layers.weight @ lost)
        short = float(layers.weight @ above) - index if settled else 1.0
        hits = lost >= hit
        hits[failing] = False
        net = self.network
        gone = np.bincount(net.made, weights=net.supply * lost[net.maker])
        whole = np.bincount(net.made, weights=net.supply)
        some = np.flatnonzero((whole > 0) & (gone > 0) & (gone >= exposed * whole))
        pairs = [(int(kind), float(gone[kind] / whole[kind])) for kind in some]
        return Closer(
            index,
            max(short, 0.0) + firms * 3e-16,
            int(hits.sum()),
            sorted(pairs, key=lambda pair: (-pair[1], pair[0])),
            (first + second + 1) * (len(layers.links.share) + 1),
        )

    def _least(self, loss: Vector, rounds: int) -> tuple[Vector, int]:
        for done in range(rounds):
            after = np.maximum(loss, self._owned(self._lack(self._offered(loss))))
            if (after == loss).all():
                return loss, done + 1
            loss = after
        return loss, rounds

    def _most(self, loss: Vector, rounds: int) -> tuple[Vector, bool, int]:
        links = self.layers.links
        # Where a market has one maker left, more sets may lose as one than from the start. Any
        # sets would do: where all of one lose the same, no group within it asks for more.
        whole = self._offered(loss, sure=True)[links.origin] == 1.0
        full = np.bincount(links.group[whole], minlength=len(links.owner)) == self.layers.degree
        origin = self.layers.offer_unit[links.origin]
        unit, dropped = as_one(len(loss), origin, links.group, links.owner, full)
        loss = _together(unit, loss)
        for done in range(rounds):
            lack = self._lack(self._offered(loss, upper=True), upper=True)
            lack[dropped] = 0.0
            after = self._owned(lack)
            after[self._into] += self._slack
            after = _together(unit, np.maximum(loss, np.minimum(after, 1.0)))
            if (after - loss).max(initial=0.0) <= 0.5 * self._slack:
                return loss, True, done + 1
            loss = after
        return loss, False, rounds

    def _offered(self, loss: Vector, *, upper: bool = False, sure: bool = False) -> Vector:
        """What is lost of each offer; its sigma where `sure`."""
        layers, many = self.layers, len(self.layers.market)
        part, lost = layers.part, loss[layers.offer_unit]
        left = 1.0 - np.bincount(layers.product, weights=part * lost, minlength=many)
        if upper:
            left -= layers.slop
        else:
            fallen = (part > 0) & (lost == 1.0)
            none = np.bincount(layers.product[fallen], minlength=many) == layers.makers
            left = np.where(none, 0.0, left + layers.slop)
        here = left[layers.product]
        shrunk = layers.market[layers.product] & (here > part)
        sigma = np.divide(part, here, out=np.ones_like(here), where=shrunk)
        return np.asarray(sigma if sure else sigma * lost)

    def _lack(self, offered: Vector, *, upper: bool = False) -> Vector:
        """What each group lacks; what rounding takes is in the slack where `upper`."""
        layers, links = self.layers, self.layers.links
        from_each, many = offered[links.origin], len(links.owner)
        weights = links.share * from_each
        lack = np.bincount(links.group, weights=weights, minlength=many).astype(float)
        if upper:
            return lack
        wholly = np.bincount(links.group[from_each == 1.0], minlength=many)
        return np.asarray(np.where(wholly == layers.degree, 1.0, lack - layers.reserve))

    def _owned(self, lack: Vector) -> Vector:
        """The largest lack of each unit."""
        found = np.zeros(len(self.layers.base))
        if len(self._first):
            found[self._into] = np.maximum.reduceat(lack[self._order], self._first)
        return found


def _together(unit: Places, loss: Vector) -> Vector:
    """The largest loss of each set, for all of it."""
    largest = np.zeros(int(unit.max(initial=-1)) + 1)
    np.maximum.at(largest, unit, loss)
    return largest[unit]
