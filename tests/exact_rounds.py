"""Systemic risk in rounds of 160 bits, each rounded down: never above the exact index."""

from fractions import Fraction

import numpy as np

from cluster_graph.cluster.risk import Network

BITS = 160
ONE = 1 << BITS
MOVED = 1 << (BITS - 120)  # what moves less than 2^-120 in a round is taken to be at rest
ALMOST = Fraction(1, 10**12)  # what a group may lack of a whole and be read as one

Parts = tuple[list[tuple[int, int]], bool]


class ExactRounds:
    """The paper's rounds in whole numbers, read straight from the arrays of a network."""

    def __init__(self, net: Network) -> None:
        self.net = net
        weight = [Fraction(amount) for amount in net.weight.tolist()]
        ends = (net.supplier.tolist(), net.customer.tolist(), net.product.tolist())
        place = dict(
            zip(
                zip(net.maker.tolist(), net.made.tolist(), strict=True),
                range(len(net.made)),
                strict=True,
            )
        )
        self.maker_of = [place.get((s, k), -1) for s, k in zip(ends[0], ends[2], strict=True)]
        groups: dict[tuple[int, int], list[int]] = {}
        sold: dict[int, dict[int, Fraction]] = {}
        for link, (s, c, k) in enumerate(zip(*ends, strict=True)):
            groups.setdefault((c, k if net.essential[link] else -1), []).append(link)
            to = sold.setdefault(s, {})
            to[c] = to.get(c, Fraction(0)) + weight[link]
        self.down = [
            (
                c,
                *parts(
                    [(x, weight[x]) for x in of],
                    float(net.need[of[0]] if k >= 0 else net.inputs[c]),
                ),
            )
            for (c, k), of in groups.items()
        ]
        self.up = [(s, *parts(list(to.items()), float(net.sales[s]))) for s, to in sold.items()]
        supply = [Fraction(amount) for amount in net.supply.tolist()]
        unit = max((amount.denominator for amount in supply), default=1)
        self.supply = [int(amount * unit) for amount in supply]
        output = [Fraction(amount) for amount in net.output.tolist()]
        self.weight = [amount / sum(output) if any(output) else Fraction(0) for amount in output]

    def index(self, failing: int, rounds: int) -> tuple[Fraction, bool]:
        """Index of a firm, never above the exact one, and whether all has come to rest."""
        down, rests = self._settle(self.down, failing, rounds, market=True)
        up, rests_too = self._settle(self.up, failing, rounds, market=False)
        lost = [Fraction(max(pair), ONE) for pair in zip(down, up, strict=True)]
        index = sum((w * x for w, x in zip(self.weight, lost, strict=True)), Fraction(0))
        return index, rests and rests_too

    def _settle(
        self,
        groups: list[tuple[int, list[tuple[int, int]], bool]],
        failing: int,
        rounds: int,
        *,
        market: bool,
    ) -> tuple[list[int], bool]:
        lost = [0] * self.net.size
        lost[failing] = ONE
        for _ in range(rounds):
            offered = self._offered(lost) if market else lost
            after = lost.copy()
            for owner, shares, full in groups:
                parts_lost = [offered[at] for at, _ in shares]
                lack = sum(
                    (share * x) >> BITS for (_, share), x in zip(shares, parts_lost, strict=True)
                )
                if full and all(x == ONE for x in parts_lost):
                    lack = ONE
                after[owner] = max(after[owner], min(lack, ONE))
            moved = max(new - old for new, old in zip(after, lost, strict=True))
            lost = after
            if moved <= MOVED:
                return lost, True
        return lost, False

    def _offered(self, lost: list[int]) -> list[int]:
        """What is lost of each link, counted by the share of the market that still makes."""
        net = self.net
        left: dict[int, int] = {}
        pairs = list(zip(net.maker.tolist(), net.made.tolist(), self.supply, strict=True))
        for maker, kind, supply in pairs:
            left[kind] = left.get(kind, 0) + supply * (ONE - lost[maker])
        sigma = [
            ONE if left[kind] <= supply * ONE else supply * ONE * ONE // left[kind]
            for _, kind, supply in pairs
        ]
        return [
            lost[s] if maker < 0 else (sigma[maker] * lost[s]) >> BITS
            for s, maker in zip(net.supplier.tolist(), self.maker_of, strict=True)
        ]


def parts(amounts: list[tuple[int, Fraction]], whole: float) -> Parts:
    """Shares of a whole, rounded down, and whether they are all of it."""
    if whole <= 0:
        return [], False
    total, everything = sum((amount for _, amount in amounts), Fraction(0)), Fraction(whole)
    full = total >= everything * (1 - ALMOST)
    if full:
        everything = total
    return [(at, int(amount * ONE / everything)) for at, amount in amounts if amount > 0], full


def awkward(seed: int) -> Network:
    """
    Draw a small network of a kind that rounding or a jump could upset.

    By turns: sizes of nothing or next to nothing, wholes a little above the sum of their links,
    volumes over twelve orders of magnitude, equal volumes, makers unknown, firms that supply
    themselves, several links between two firms.
    """
    chance = np.random.default_rng([7, seed])
    kind = KINDS[seed % len(KINDS)]
    firms, products = int(chance.integers(2, 9)), int(chance.integers(1, 4))
    essential = chance.random((firms, products)) < (0.9 if "wide" in kind else 0.6)
    pairs = [
        (s, c)
        for s in range(firms)
        for c in range(firms)
        for _ in range(2 if "parallel" in kind else 1)
        if (s != c or "self" in kind) and chance.random() < 0.3
    ] or [(0, 1)]
    supplier, customer = np.array(pairs, dtype=np.int64).T
    product = chance.integers(products, size=len(pairs))
    weight = {
        "wide": 10.0 ** chance.integers(-6, 7, len(pairs)),
        "equal": chance.integers(1, 3, len(pairs)).astype(float),
        "lognormal": chance.lognormal(size=len(pairs)),
    }.get(kind.split()[0], chance.integers(1, 20, len(pairs)).astype(float))
    above = 1.0 + 10.0 ** -chance.integers(1, 9) if "fade" in kind else 1.0
    need = np.zeros((firms, products))
    np.add.at(need, (customer, product), weight)
    need *= np.where(chance.random(need.shape) < 0.5, above, 1.0)
    makes = np.zeros((firms, products))
    np.add.at(makes, (supplier, product), weight)
    maker, made = np.nonzero(makes)
    supply = makes[maker, made]
    some = chance.random(len(maker)) < 0.3
    if "nothing" in kind:
        supply = np.where(some, 0.0, supply)
    if "tiny" in kind:
        supply = np.where(some, supply * 10.0 ** -chance.integers(3, 17, len(maker)), supply)
    known = chance.random(len(maker)) < (0.8 if "unknown" in kind else 2.0)
    sold = np.bincount(supplier, weights=weight, minlength=firms)
    return Network(
        supplier=supplier,
        customer=customer,
        product=product,
        weight=weight,
        essential=essential[customer, product],
        need=need[customer, product],
        inputs=np.bincount(customer, weights=weight, minlength=firms) * above,
        sales=sold * np.where(chance.random(firms) < 0.5, above, 1.0),
        output=np.where(chance.random(firms) < 0.3, 0.0, sold) if "nothing" in kind else sold,
        maker=maker[known].astype(np.int64),
        made=made[known].astype(np.int64),
        supply=supply[known],
    )


KINDS = (
    "plain",
    "nothing",
    "tiny",
    "fade",
    "nothing fade",
    "tiny fade",
    "nothing tiny",
    "unknown",
    "self",
    "parallel self nothing",
    "wide",
    "wide fade",
    "wide tiny nothing fade",
    "lognormal",
    "lognormal fade",
    "equal",
    "equal fade",
)
