"""
What the stop of each firm costs, for all firms of a network of any size.

A stop has two layers, losses of inputs (down) and of sales (up), that do not touch each
other; a firm loses the larger of the two. In both, rounds from the shock lead to the least x with

    x = max(shock, F(x)),   F(x)_j = max over groups g of j of sum over links l in g of
                            share_l sigma_l(x) x_supplier(l)

(upstream a firm has one group, its customers, and sigma is 1). F is monotone: more loss means
more loss and, as markets shrink, a larger sigma. Two things follow (Knaster, Tarski). Whatever
is reached from the shock by raising x_j to F(x)_j or less, in any order, at any time and however
often, is never above x; and every y >= shock with F(y) <= y is never below it. So one of the
first kind and one of the second hold x between them, however they were found. (F jumps in one
place: who makes nothing of a product counts for it where the market is gone. Where the market
only tends to nothing the rounds of the paper never see that, and the upper end does.)

Lower. Losses start from the shock and are handed on along the links of those firms only whose
loss grew by more than an eighth of a slack since it was last handed on; so nothing far away is
ever touched. Who has followed too many links stops there; what is missing is left to the upper
end.

Upper. Let F0 be F with sigma taken where each market k is shrunk to `enough_k`, the whole over
`_WIDEST` or less. The base b of `base_of` fulfils F0(b) <= b - slack. For y = min(1, x + b), as
sigma(y) y <= sigma(y) x + sigma(y) b and sums of shares are 1 at most,

    F(y)_j <= max over g of sum of share (sigma(y) x + max(0, sigma(y) - sigma0) b) + F0(b)_j
           <= (what was handed on to j) + slack / 4 + rounding + b_j - slack:

a firm and an offer hold back an eighth of a slack at most, and what a firm holds back counts as
lost to its market (in `based`, with b). The excess over sigma0 is handed on by all makers of a
market that y shrinks below `enough`; b alone never does so, by its making. So F(y) <= y wherever
what was handed on is at most x_j + 0.6 slack; elsewhere x_j is raised, by a little more each
time so that it ends, and handed on in turn. As soon as x_j + b_j reaches 1 nothing can be above
it. What the raising costs, and the sum of b weighted by the outputs, bound how far the index of
a stop is from the exact one.

Rounding. Every product is rounded to a grid of 2^-52, on which sums of losses are exact; they
change by differences of such products, so that they do not depend on the order or the number of
steps. What a group lacks is then off by `reserve` at most, what is left of a market by `slop`:
constants that grow with the number of links and makers. The lower end subtracts the one and adds
the other; the upper end adds the other, and its slack is 16 times the one at least.

Base. b = slack + F0(b) has a solution where losses fade along every chain. They do not where
firms pass a loss round in full: sets within which each firm takes all of a product from, or
sells everything to, others of the set. Such a set loses as one (a loss that is at least the mean
of losses of which it is one, all round, is the same all round; and if one of them stops, the
others do), so that it is one unit here, and these links drop out of F. Where b does not settle
all the same, it is 1 and the bound says that little is known.

Stops that are not held to within the tolerance by this are looked at again in whole rounds
(`_rounds`), the widest first and as many as are affordable.

A group whose shares sum to 1 but for one part in 10^12 is read as summing to 1. Where x is the
end of a network that changes by leaps as its figures change a little, the two ends lie far
apart. That they hold x between them was tried on random networks against rounds of 160 bits.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import count, pairwise
from queue import SimpleQueue
from threading import Event
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cluster_graph.cluster._base import FINEST, Links, base_of
from cluster_graph.cluster._rounds import Rounds
from cluster_graph.cluster._sets import as_one
from cluster_graph.cluster._settle import UNLISTED, settle
from cluster_graph.cluster.risk import Network, Places, Spread, Vector

TOLERANCE: Final = 1e-6
_WIDEST: Final = 1.001  # how much sigma may grow before the base is looked at anew
_SURE: Final = 1.0 - 1e-12  # from which share on a loss is passed on in full
_GRID: Final = 2.0**-52  # on which sums of losses up to 2 are exact
_ATTEMPTS: Final = 10  # at a base that allows for the markets as it shrinks them itself
_PATIENCE: Final = 100  # times that a stop may follow each link before it is raised instead
_WHOLE: Final = 2_000_000_000  # links that whole rounds may follow in all: about half a minute
_BY_HAND: Final = 400_000  # links that are followed before it pays to compile
_SMALL: Final = 20_000  # links of a network whose first stops are settled by hand
_BUSY: Final = 50  # links, from which a firm waits for its losses to add up
_CHUNK: Final = 256  # stops that a core takes at a time
_AT_ONCE: Final = 30_000_000  # links followed between two looks at signals: about half a second


@dataclass(frozen=True)
class Stops:
    """
    What some stops cost.

    Parameters
    ----------
    index
        The economic systemic risk index: the share of the output that is lost, 0 to 1; at
        least the firm's own share. 0 where nothing has an output. Not above the exact one, but
        for the rounding of the last sum.
    short
        How far the exact index is away, at most; that rounding included.
    hit
        How many other firms are hit.
    exposed
        Of each stop, the products exposed and the lost share of their supply, largest first.
    """

    index: Vector
    short: Vector
    hit: Places
    exposed: list[list[tuple[int, float]]]


def stops(
    network: Network,
    *,
    tolerance: float = TOLERANCE,
    hit: float = 0.01,
    exposed: float = 0.05,
) -> Stops:
    """
    Stop every firm of a network, one at a time.

    ESRI_i = sum_j (s_j / S) (1 - h_j),   h_j = min(h_j downstream, h_j upstream)

    Parameters
    ----------
    network
        The links.
    tolerance
        How far the index may be from the exact one, as a share of the whole output. What is
        reached is in `short`: it is less or equal but where losses go round and hardly fade,
        where a little more would tip them over, or where too many stops are hard.
    hit
        Share of its output from which a firm counts as hit.
    exposed
        Share of a product's supply from which it counts as exposed.

    Returns
    -------
    stops
        In the order of the firms.

    References
    ----------
    Diem, Borsos, Reisch, Kertesz, Thurner (2022), Quantifying firm-level economic systemic
    risk from nation-wide supply networks, Scientific Reports 12:7719.
    """
    layers = Layers(network, tolerance)
    parts = list(_parts(layers, hit, exposed))
    found = Stops(
        np.concatenate([part.index for part in parts]) if parts else np.zeros(0),
        np.concatenate([part.short for part in parts]) if parts else np.zeros(0),
        np.concatenate([part.hit for part in parts]) if parts else np.zeros(0, dtype=np.int64),
        [one for part in parts for one in part.exposed],
    )
    rounds, budget = Rounds(layers, network), _WHOLE
    for failing in np.argsort(-found.short, kind="stable").tolist():
        if found.short[failing] <= tolerance or budget <= 0:
            break
        closer = rounds.closer(failing, hit, exposed, budget)
        budget -= closer.links
        most = min(found.index[failing] + found.short[failing], closer.index + closer.short)
        if closer.index > found.index[failing]:
            found.index[failing] = closer.index
            found.hit[failing], found.exposed[failing] = closer.hit, closer.exposed
        found.short[failing] = max(0.0, most - found.index[failing]) + network.size * 3e-16
    return found


class Layers:
    """
    Both layers as one graph of units and what they offer.

    Firm i is unit i downstream and unit i + firms upstream, before sets that lose as one are
    merged. An offer is what a unit makes of one product, on one market; or all that it passes
    on without a market, on a market of its own that is empty, where sigma is 1.

    Parameters
    ----------
    network
        The links.
    tolerance
        Of the index, half of it for each layer.
    """

    def __init__(self, network: Network, tolerance: float) -> None:
        firms, makers = network.size, len(network.maker)
        spread = Spread(network)
        sold = spread.sold.tocoo()
        kinds = int(max(network.made.max(initial=-1), network.product.max(initial=-1))) + 1
        node = np.concatenate([network.maker, np.arange(2 * firms)])
        self.product = np.concatenate([network.made, kinds + np.arange(2 * firms)])
        self.supply = np.concatenate([network.supply, np.zeros(2 * firms)])
        groups = int(spread.group.max(initial=-1)) + 1
        source = np.concatenate(
            [
                np.where(spread.of_link >= 0, spread.of_link, makers + network.supplier),
                makers + firms + sold.col,
            ]
        )
        group = np.concatenate([spread.group, groups + sold.row])
        share = np.concatenate([spread.share, sold.data])
        owner = np.concatenate([spread.owner, firms + np.arange(firms)])
        whole = np.bincount(self.product, weights=self.supply, minlength=kinds + 2 * firms)
        self.market = whole > 0.0
        self.part = np.divide(
            self.supply,
            whole[self.product],
            out=np.ones(len(node)),
            where=self.market[self.product],
        )
        many = np.bincount(self.product, minlength=len(whole))
        self.makers = np.bincount(self.product[self.supply > 0], minlength=len(whole))
        self.slop = (2 * many + 16) * _GRID
        some = share > 0
        source, group, share = source[some], group[some], share[some]
        total = np.bincount(group, weights=share, minlength=len(owner))
        full = total >= _SURE
        share = np.where(full[group], share / total[group], share)
        links = np.bincount(group, minlength=len(owner))
        self.degree = np.where(full, links, -1)
        self.reserve = (2 * links + many.max(initial=0) + 32) * _GRID
        alone = (self.part >= 1.0)[source]
        in_full = np.bincount(group, weights=share * alone, minlength=len(owner)) >= _SURE
        self.unit, dropped = as_one(2 * firms, node[source], group, owner, in_full)
        source, group, share = (part[~dropped[group]] for part in (source, group, share))
        owner = self.unit[owner]
        self.offer_unit = self.unit[node]
        units = int(self.unit.max(initial=-1)) + 1
        output = network.output.sum()
        self.weight = network.output / output if output > 0 else np.zeros(firms)
        up = np.zeros(units, dtype=bool)
        up[self.unit[firms:]] = True
        self.links = Links(source, group, share, owner)
        self._bounds(Links(self.offer_unit[source], group, share, owner), source, up, tolerance)
        self._arrays(network, source, group, share, owner)

    def _bounds(
        self, links: "Links", source: Places, up: NDArray[np.bool_], tolerance: float
    ) -> None:
        """Base and slack of each unit, what they take of each market, and what they cost."""
        # A market that the base itself shrinks by more than `_WIDEST` is given more room until
        # the base allows for what it does; in the last resort, for makers that nobody replaces.
        self.enough = np.where(self.market, 1.0 / _WIDEST, 0.0)
        for attempt in count(1):
            room = self.enough[self.product]
            self.usual = np.divide(self.part, room, out=np.ones(len(room)), where=self.part < room)
            share = links.share * self.usual[source]
            self._slacken(replace(links, share=share), up, tolerance)
            taken = self.part * (self.base + 0.125 * self.slack)[self.offer_unit]
            self.based = self.slop + np.bincount(
                self.product, weights=taken, minlength=len(self.market)
            )
            tight = (self.enough > 0.0) & (1.0 - self.based < self.enough)
            if not tight.any():
                return
            left = 1.0 - 2.0 * self.based[tight] if attempt < _ATTEMPTS else 0.0
            self.enough[tight] = np.minimum(np.maximum(left, 0.0), self.enough[tight])

    def _slacken(self, links: "Links", up: NDArray[np.bool_], tolerance: float) -> None:
        """Base and slack of each unit, and the sum of the larger base, weighted."""
        firms = len(self.weight)
        finest = max(FINEST, 16.0 * float(self.reserve.max(initial=0.0)))
        first = base_of(links, np.full(len(up), finest)) / finest
        size = np.empty(len(up))
        for side, units in ((~up, self.unit[:firms]), (up, self.unit[firms:])):
            usual = first[units] < 1 / finest
            costs = float(self.weight[usual] @ first[units][usual])
            size[side] = 2 * max(finest, tolerance / 4 / max(costs, 1.0))
        self.base, self.slack = base_of(links, size), size / 2
        larger = np.maximum(self.base[self.unit[:firms]], self.base[self.unit[firms:]])
        self.spare = float(self.weight @ larger) + firms * _GRID

    def _arrays(
        self, network: Network, source: Places, group: Places, share: Vector, owner: Places
    ) -> None:
        """Put down what `settle` wants, each list in one array with where its parts begin."""
        units, kinds = len(self.base), len(self.market)
        products = int(network.made.max(initial=-1)) + 1
        member_from, member = _lists(self.unit, units)
        offer_from, offer = _lists(self.offer_unit, units)
        maker_from, maker = _lists(self.product, kinds)
        link_from, link = _lists(source, len(self.supply))
        made_from, made = _lists(network.maker, network.size)
        self.graph = (
            self.unit,
            member_from,
            member,
            offer_from,
            offer,
            self.offer_unit,
            self.product,
            self.part,
            self.usual,
            self.market,
            self.slop,
            self.based,
            self.enough,
            self.makers,
            maker_from,
            maker,
            link_from,
            group[link],
            share[link],
            owner,
            self.reserve,
            self.degree,
            self.base,
            self.slack,
            np.bincount(self.offer_unit[source], minlength=units) > _BUSY,
            self.weight,
            made_from,
            network.made[made],
            network.supply[made],
            np.bincount(network.made, weights=network.supply, minlength=products).astype(float),
        )

    def at_rest(self) -> tuple[Any, ...]:
        """The working arrays of `settle`, in its order."""
        units, kinds, offers = len(self.base), len(self.market), len(self.supply)
        products, groups = len(self.graph[-1]), len(self.reserve)
        place, flag = np.int64, np.bool_
        return (
            np.zeros(units),
            np.zeros(units),
            self.slack.copy(),
            np.zeros(units, dtype=flag),
            np.zeros(units + 1, dtype=place),
            np.zeros(units, dtype=place),
            np.zeros(units, dtype=place),
            np.zeros(groups),
            np.zeros(groups, dtype=place),
            np.zeros(groups, dtype=place),
            np.zeros(offers),
            np.full(offers, UNLISTED, dtype=place),
            np.full(kinds, -1, dtype=place),
            np.zeros(kinds),
            self.makers.copy(),
            np.zeros(kinds, dtype=flag),
            np.zeros(kinds, dtype=place),
            np.zeros(offers, dtype=place),
            np.zeros(kinds, dtype=place),
            np.zeros(len(self.weight), dtype=flag),
            np.zeros(products),
            np.zeros(products, dtype=place),
        )


def _lists(keys: Places, many: int) -> tuple[Places, Places]:
    """Where the places of each key begin, and the places."""
    start = np.zeros(many + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys, minlength=many), out=start[1:])
    return start, np.argsort(keys, kind="stable").astype(np.int64)


@cache
def _compiled() -> Any:  # noqa: ANN401  numba has no types
    from numba import njit  # noqa: PLC0415  slow to import, and small networks do without

    try:
        return njit(nogil=True, cache=True)(settle)
    except RuntimeError:  # no folder to keep it in
        return njit(nogil=True)(settle)


def _parts(layers: Layers, hit: float, exposed: float) -> Iterator[Stops]:
    """Stops in order: the first ones as they stand, the rest compiled, on every core."""
    every = np.arange(len(layers.weight))
    start = 0
    if len(layers.graph[17]) <= _SMALL:
        # A stop once begun is finished, and one in a large network takes minutes by hand.
        plain = tuple(x.tolist() if isinstance(x, np.ndarray) else x for x in layers.graph)
        state = tuple(x.tolist() for x in layers.at_rest())
        first = _some(settle, every, _BY_HAND, layers, plain, state, hit, exposed)
        yield first
        start = len(first.index)
    if start == len(every):
        return
    run, cores, halted = _compiled(), os.cpu_count() or 1, Event()
    states: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    for _ in range(cores):
        states.put(layers.at_rest())

    def several(failing: Places) -> list[Stops]:
        parts, state = [], states.get()
        while len(failing) and not halted.is_set():
            parts.append(_some(run, failing, _AT_ONCE, layers, layers.graph, state, hit, exposed))
            failing = failing[len(parts[-1].index) :]
        states.put(state)
        return parts

    with ThreadPoolExecutor(cores) as pool:
        try:
            for job in [
                pool.submit(several, every[place : place + _CHUNK])
                for place in range(start, len(every), _CHUNK)
            ]:
                yield from job.result()
        finally:
            halted.set()
            pool.shutdown(cancel_futures=True)


def _some(  # noqa: PLR0913, PLR0917  what `settle` takes
    run: Any,  # noqa: ANN401  `settle`, compiled or not
    failing: Places,
    budget: int,
    layers: Layers,
    graph: tuple[Any, ...],
    state: tuple[Any, ...],
    hit: float,
    exposed: float,
) -> Stops:
    """The stops of the first of some firms, as many as the budget allows."""
    many, products = len(failing), len(layers.graph[-1])
    room = 2 * products + 1_000
    index, short = np.zeros(many), np.zeros(many)
    hits, counts = np.zeros(many, dtype=np.int64), np.zeros(many, dtype=np.int64)
    product, lost = np.zeros(room, dtype=np.int64), np.zeros(room)
    found = (index, short, hits, counts, product, lost)
    sizes = (len(layers.weight), room, _PATIENCE * (len(layers.graph[17]) + 100))
    done = run(failing, budget, sizes, (hit, exposed), graph, state, found)
    listed = []
    for begin, end in pairwise([0, *np.cumsum(counts[:done]).tolist()]):
        pairs = zip(product[begin:end].tolist(), lost[begin:end].tolist(), strict=True)
        listed.append(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
    return Stops(index[:done], short[:done] + layers.spare, hits[:done], listed)
