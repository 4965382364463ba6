"""Finds names that look alike within a region, for people to look at; merges nothing."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Two in eight characters typed wrong, or one in four.
LOWEST_SCORE: Final = 75.0
# A short name and the long one that begins with it: 炜盛, 炜盛新型复合材料.
BEGINNING_SCORE: Final = 80.0
_CHARACTERS: Final = 0x110000  # of Unicode
_BATCH: Final = 1_000_000


def alike(
    names: Sequence[str],
    places: Sequence[str],
    *,
    largest: int = 40,
    pairs_a_name: int = 8,
) -> tuple[Ints, Ints, Floats]:
    """
    Pairs of names within one region that share a rare pair of characters and look alike.

    No name is compared to all others: only those that share two characters in a row, which
    at most `largest` names of that region have. The rarest pairs of characters come first,
    until there are `pairs_a_name` comparisons for each name, so that time grows with the
    number of names and not with its square.

    Parameters
    ----------
    names
        Normal names without their form.
    places
        The region of each; only equal ones are compared.
    largest
        How many names may share a pair of characters before it says nothing.
    pairs_a_name
        How many comparisons there may be for each name, on average.

    Returns
    -------
    first, second
        Positions, first < second, each pair once, in order.
    score
        0 to 100, the share of characters in common (RapidFuzz's `ratio`), at least
        `LOWEST_SCORE`; `BEGINNING_SCORE` at least where one name begins with the other.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415  most tables need no look at it

    first, second = _sharing(names, places, largest, pairs_a_name * max(len(names), 1000))
    kept: list[tuple[Ints, Ints, Floats]] = []
    for start in range(0, len(first), _BATCH):
        pair = first[start : start + _BATCH], second[start : start + _BATCH]
        one, other = ([names[i] for i in side] for side in pair)
        scores = np.asarray(
            process.cpdist(one, other, scorer=fuzz.ratio, workers=1), dtype=np.float64
        )
        begins = np.fromiter(
            (a.startswith(b) or b.startswith(a) for a, b in zip(one, other, strict=True)),
            dtype=bool,
            count=len(one),
        )
        scores = np.where(begins, np.maximum(scores, BEGINNING_SCORE), scores)
        near = scores >= LOWEST_SCORE
        kept.append((pair[0][near], pair[1][near], scores[near].round(1)))
    if not kept:
        return first, second, np.zeros(0)
    return (
        np.concatenate([part[0] for part in kept]),
        np.concatenate([part[1] for part in kept]),
        np.concatenate([part[2] for part in kept]),
    )


def _sharing(
    names: Sequence[str], places: Sequence[str], largest: int, budget: int
) -> tuple[Ints, Ints]:
    """Pairs of positions that share a rare pair of characters, the rarest first."""
    owner, token = _tokens(names, places, largest)
    nothing = np.zeros(0, dtype=np.int64)
    if not len(owner):
        return nothing, nothing
    order = np.lexsort((owner, token))
    owner, token = owner[order], token[order]
    once = np.ones(len(owner), dtype=bool)
    once[1:] = (owner[1:] != owner[:-1]) | (token[1:] != token[:-1])
    owner, token = owner[once], token[once]
    starts = np.flatnonzero(np.concatenate([[True], token[1:] != token[:-1]]))
    sizes = np.diff(np.append(starts, len(token)))
    useful = np.flatnonzero((sizes > 1) & (sizes <= largest))
    useful = useful[np.argsort(sizes[useful], kind="stable")]
    costs = np.cumsum(sizes[useful] * (sizes[useful] - 1) // 2)
    useful = useful[: int(np.searchsorted(costs, budget, side="right"))]
    found: list[Ints] = []
    for size in np.unique(sizes[useful]):
        block = owner[starts[useful[sizes[useful] == size]][:, None] + np.arange(size)]
        left, right = np.triu_indices(int(size), k=1)
        found.append(block[:, left].ravel() * len(names) + block[:, right].ravel())
    if not found:
        return nothing, nothing
    pairs = np.unique(np.concatenate(found))
    return pairs // len(names), pairs % len(names)


def _tokens(names: Sequence[str], places: Sequence[str], largest: int) -> tuple[Ints, Ints]:
    """
    Who has which two characters in a row, as a number that also holds the region.

    Left out are those that one name alone has, or certainly more than `largest` names.
    """
    lengths = np.fromiter(map(len, names), dtype=np.int32, count=len(names))
    text = "".join(names).encode("utf-32-le", errors="surrogatepass")
    points = np.frombuffer(text, dtype="<u4")
    # Few characters occur at all, so that two of them and a region mostly fit 32 bits.
    number = np.zeros(_CHARACTERS, dtype=np.uint32)
    number[points] = 1
    number = np.cumsum(number, dtype=np.uint32)
    signs = int(number[-1]) + 1
    _, region = np.unique(np.asarray(places, dtype=object).astype(str), return_inverse=True)
    regions = int(region.max(initial=0)) + 1
    kind = np.uint32 if signs * signs * regions < 2**32 else np.uint64
    owner = np.repeat(np.arange(len(names), dtype=np.int32), lengths)
    inside = owner[1:] == owner[:-1]
    owner = owner[:-1][inside]
    token = number[points[:-1]][inside].astype(kind)
    token *= kind(signs)
    token += number[points[1:]][inside].astype(kind)
    del points, text, inside
    token *= kind(regions)
    token += region.astype(kind)[owner]
    values, counts = np.unique(token, return_counts=True)
    # A name may have the same two characters several times.
    most = largest * int(lengths.max(initial=0))
    values = values[(counts > 1) & (counts <= most)]
    if not len(values):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    found = [
        np.searchsorted(values, token[start : start + _BATCH])
        for start in range(0, len(token), _BATCH)
    ]
    place = np.minimum(np.concatenate(found).astype(np.int32), len(values) - 1)
    kept = values[place] == token
    return owner[kept].astype(np.int64), place[kept].astype(np.int64)
