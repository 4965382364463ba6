"""What the stop of one firm costs all others: the systemic risk index and its cascade."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Places = NDArray[np.int64]

_SETTLED: Final = 1e-9
_ROUNDS: Final = 10_000


@dataclass(frozen=True)
class Network:
    """
    Who supplies what to whom, as arrays.

    Parameters
    ----------
    supplier, customer, product
        Of each link, as positions.
    weight
        Volume of each link, all in one unit (yuan/year).
    essential
        Whether the customer cannot do without the product.
    need
        Volume of each link's product that its customer takes in all, links or not; at least
        the sum of the links, the same for all links of a customer and product.
    inputs
        Volume of everything that each firm takes; at least the sum of its needs.
    sales
        Volume of everything that each firm sells; at least the sum of its links.
    output
        What each firm counts for, such as its output in yuan/year; 0 counts for nothing.
    maker, made, supply
        Who makes which product and how much of it, for market shares.
    """

    supplier: Places
    customer: Places
    product: Places
    weight: Vector
    essential: NDArray[np.bool_]
    need: Vector
    inputs: Vector
    sales: Vector
    output: Vector
    maker: Places
    made: Places
    supply: Vector

    @property
    def size(self) -> int:
        """How many firms there are."""
        return len(self.output)


class Spread:
    """
    One round of the shock, for many failing firms side by side.

    Downstream: of an essential product a firm lacks the largest lost share over its
    products, of the non-essential ones the lost share of all its inputs; a lost supplier
    counts by its share sigma of what the market of its product still makes. Upstream: a
    firm loses the share of its sales that its customers lose.

    Parameters
    ----------
    network
        The links.

    References
    ----------
    Diem, Borsos, Reisch, Kertesz, Thurner (2022), Quantifying firm-level economic systemic
    risk from nation-wide supply networks, Scientific Reports 12:7719, Methods.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        links, firms = len(network.weight), network.size
        places = np.arange(links)
        every = np.where(network.essential, network.need, network.inputs[network.customer])
        self.share = np.divide(network.weight, every, out=np.zeros(links), where=every > 0)
        # A group is a customer with one essential product, or with all others together.
        kind = np.where(network.essential, network.product, -1)
        keys = np.stack([network.customer, kind])
        groups, self.group = np.unique(keys, axis=1, return_inverse=True)
        self.group = self.group.reshape(-1)
        self._onto_group = _ones(self.group, places, (groups.shape[1], links))
        self.owner = groups[0]
        self._first = np.flatnonzero(np.diff(self.owner, prepend=-1))
        out = np.divide(
            network.weight,
            network.sales[network.supplier],
            out=np.zeros(links),
            where=network.sales[network.supplier] > 0,
        )
        self.sold = sparse.csr_array(
            sparse.coo_array((out, (network.supplier, network.customer)), shape=(firms, firms))
        )
        kinds = int(max(network.made.max(initial=-1), network.product.max(initial=-1))) + 1
        makers = np.arange(len(network.maker))
        self._onto_product = _ones(network.made, makers, (kinds, len(makers)))
        self.of_link = _makers_of_links(network)

    def lost(self, down: Matrix) -> Matrix:
        """What each link fails to bring, as a share of the need: links x failing firms."""
        net = self.network
        market = np.asarray(self._onto_product @ (net.supply[:, None] * down[net.maker]))
        left = market[net.made]
        sigma = np.divide(
            net.supply[:, None], left, out=np.ones_like(left), where=left > net.supply[:, None]
        )
        replaceable = np.ones((len(net.weight), down.shape[1]))
        known = self.of_link >= 0
        replaceable[known] = sigma[self.of_link[known]]
        return np.asarray(self.share[:, None] * replaceable * (1.0 - down[net.supplier]))

    def downstream(self, down: Matrix) -> Matrix:
        """What each firm can still make, given what its suppliers still make."""
        if not len(self._first):
            return np.ones_like(down)
        lacking = np.asarray(self._onto_group @ self.lost(down))
        following = np.ones_like(down)
        worst = np.maximum.reduceat(lacking, self._first, axis=0)
        following[self.owner[self._first]] = np.clip(1.0 - worst, 0.0, 1.0)
        return following

    def upstream(self, up: Matrix) -> Matrix:
        """What each firm can still sell, given what its customers still take."""
        return np.clip(1.0 - np.asarray(self.sold @ (1.0 - up)), 0.0, 1.0)

    def round(self, down: Matrix, up: Matrix) -> tuple[Matrix, Matrix, Vector]:
        """The levels one round later, and how far each failing firm's moved at most."""
        # A level never recovers within a cascade, so that who stopped stays at 0.
        new_down = np.minimum(self.downstream(down), down)
        new_up = np.minimum(self.upstream(up), up)
        moved = np.maximum((down - new_down).max(axis=0), (up - new_up).max(axis=0))
        return new_down, new_up, moved


def _ones(rows: Places, columns: Places, shape: tuple[int, int]) -> "sparse.csr_array[Any]":
    return sparse.csr_array(sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=shape))


def _makers_of_links(network: Network) -> Places:
    """The place of each link's supplier and product among the makers; -1 where unknown."""
    kinds = int(max(network.made.max(initial=-1), network.product.max(initial=-1))) + 1
    keys = network.maker * kinds + network.made
    order = np.argsort(keys, kind="stable")
    wanted = network.supplier * kinds + network.product
    if not len(keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][found] == wanted, order[found], -1)


@dataclass(frozen=True)
class Fall:
    """
    One firm that falls in one round of a cascade.

    Parameters
    ----------
    step
        The round; 0 is the stop itself.
    firm
        Its position.
    kind
        `stopped`, `input` (it lacks a product) or `sales` (its customers take less).
    before, after
        Its level in the round before, and now, 0 to 1.
    link
        The position of the link that did most; None for the stop itself.
    """

    step: int
    firm: int
    kind: str
    before: float
    after: float
    link: int | None


def cascade(network: Network, failing: int, least: float = 1e-3) -> list[Fall]:
    """
    The stop of one firm, round by round.

    Parameters
    ----------
    network
        The links.
    failing
        The firm that stops.
    least
        Falls smaller than this are left out.

    Returns
    -------
    falls
        In the order in which they happen.
    """
    spread = Spread(network)
    falls = [Fall(0, failing, "stopped", 1.0, 0.0, None)]
    down = np.ones((network.size, 1))
    down[failing] = 0.0
    up = down.copy()
    for step in range(1, _ROUNDS):
        new_down, new_up, moved = spread.round(down, up)
        before, after = np.minimum(down, up)[:, 0], np.minimum(new_down, new_up)[:, 0]
        lost = spread.lost(down)[:, 0]
        for firm in np.flatnonzero(before - after > least).tolist():
            if new_down[firm, 0] <= new_up[firm, 0]:
                kind, link = "input", _worst_input(spread, lost, firm)
            else:
                kind, link = "sales", _worst_customer(network, up[:, 0], firm)
            falls.append(Fall(step, firm, kind, float(before[firm]), float(after[firm]), link))
        down, up = new_down, new_up
        if moved[0] <= _SETTLED:
            break
    return falls


def _worst_input(spread: Spread, lost: Vector, firm: int) -> int:
    own = np.flatnonzero(spread.network.customer == firm)
    groups = spread.group[own]
    sums = np.bincount(groups, weights=lost[own])
    binding = own[groups == sums.argmax()]
    return int(binding[lost[binding].argmax()])


def _worst_customer(network: Network, up: Vector, firm: int) -> int:
    own = np.flatnonzero(network.supplier == firm)
    return int(own[(network.weight[own] * (1.0 - up[network.customer[own]])).argmax()])
