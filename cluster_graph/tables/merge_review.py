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
_CHARACTER_BITS: Final = 21


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
    if not len(first):
        return first, second, np.zeros(0)
    one = [names[i] for i in first]
    other = [names[i] for i in second]
    scores = np.asarray(process.cpdist(one, other, scorer=fuzz.ratio, workers=1), dtype=np.float64)
    begins = np.fromiter(
        (a.startswith(b) or b.startswith(a) for a, b in zip(one, other, strict=True)),
        dtype=bool,
        count=len(one),
    )
    scores = np.where(begins, np.maximum(scores, BEGINNING_SCORE), scores)
    near = scores >= LOWEST_SCORE
    return first[near], second[near], scores[near].round(1)


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
    points = np.frombuffer(text, dtype="<u4").astype(np.int64)
    owner = np.repeat(np.arange(len(names), dtype=np.int32), lengths)
    inside = owner[1:] == owner[:-1]
    token = ((points[:-1] << _CHARACTER_BITS) | points[1:])[inside]
    del points, text
    owner = owner[:-1][inside]
    _, region = np.unique(np.asarray(places, dtype=object).astype(str), return_inverse=True)
    if len(region):
        token |= region[owner] << 2 * _CHARACTER_BITS
    _, token, counts = np.unique(token, return_inverse=True, return_counts=True)
    # A name may have the same two characters several times.
    most = largest * int(lengths.max(initial=0))
    kept = ((counts > 1) & (counts <= most))[token]
    return owner[kept].astype(np.int64), token[kept]
