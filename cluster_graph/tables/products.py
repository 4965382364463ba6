"""Names of products -> their ids: whole, in part, by alias, then by a high similarity."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from cluster_graph.text.cells import as_dicts, as_text

if TYPE_CHECKING:
    import pandas as pd

How = Literal["id", "name", "alias", "fuzzy", "tie", "none"]

SURE: Final = 100.0
# The names of two different products of the shipped chains are at most 86 alike.
THRESHOLD: Final = 90.0
_MARGIN: Final = 3.0  # two products this close to each other are a tie
_WORTH_SHOWING: Final = 45.0
_SHOWN: Final = 3
_LOOKED_AT: Final = 24  # names, of which a product may have several

_LABEL: Final = re.compile(r"^(?P<name>.*?)\s*\[(?P<product>[^\[\]]+)\]$")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_BETWEEN: Final = re.compile(r"[/、,;]")
_NO_WORD: Final = re.compile(r"[\W_]+")
_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")
_LEAST: Final = 2  # signs of a name's part
_LEAST_ALIKE: Final = 4  # signs of a name that may be misspelt
_CLOSE_WORD: Final = 75.0  # bar and bars are one word misspelt, hot and cold are two
# One of these more, less or instead makes another product: 冷轧 is not 热轧.
_TELLING: Final = frozenset(
    "冷热上下前后左右高中低轻重大小内外粗精细长短薄厚干湿生熟软硬新旧主副原再不无非未"
    "乘商客货单双黑有纯混固液气油电钢铁铜铝锌镁钛铬锰硅钒镍锡铅钨钼金银碳氮氧氢氯氟硫磷"
)


@dataclass(frozen=True)
class Match:
    """
    Which product a text means.

    Parameters
    ----------
    product_id
        None where no product, or more than one, is meant: never a guess.
    how
        `id`, `name` (whole or one of its parts), `alias`, `fuzzy`; `tie` where several
        products fit equally well; `none`.
    score
        How alike the text and the best name are, 0 to 100.
    candidates
        The best products with their scores, the best one first. Where nothing was chosen,
        the ones to ask about.
    """

    product_id: str | None
    how: How
    score: float = 0.0
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ProductNames:
    """
    The names of a chain's products, ready to be looked up.

    Parameters
    ----------
    ids
        Folded id -> product.
    exact
        For each kind of name, the strongest one first: packed name -> products.
    described
        Products whose name says more in brackets.
    spoken
        Every name as it is compared, its product, and whether it may decide or only hint.
    """

    ids: Mapping[str, str]
    exact: tuple[tuple[How, Mapping[str, frozenset[str]]], ...]
    described: frozenset[str]
    spoken: tuple[tuple[str, str, bool], ...]


def product_label(product_id: str, name: str) -> str:
    """A product as drop-down lists show it: 铁水/生铁 [S_IRON]; `match_product` reads it back."""
    return f"{name} [{product_id}]"


def product_names(products: "pd.DataFrame") -> ProductNames:
    """
    Prepare the names of a chain's products.

    A name counts whole, without its brackets, and in its parts: 铁精矿 and 成品铁矿石 of
    铁精矿/成品铁矿石. What stands in brackets describes (柴油 in 轻型载货汽车(柴油)) and so
    only hints.

    Parameters
    ----------
    products
        `product_id`, and of `name_zh`, `name_en`, `alias` (`;` separated) what there is.

    Returns
    -------
    names
        For `match_product`.
    """
    ids: dict[str, str] = {}
    kinds: dict[str, dict[str, set[str]]] = {"whole": {}, "alias": {}, "part": {}, "hint": {}}
    described = set()
    spoken: dict[tuple[str, str], bool] = {}

    def add(kind: str, names: Iterable[str], product: str) -> None:
        for name in names:
            if len(_packed(name)) >= _LEAST:
                kinds[kind].setdefault(_packed(name), set()).add(product)
                spoken.setdefault((_spoken(name), product), kind != "hint")

    for record in as_dicts(products):
        product = as_text(record["product_id"])
        ids[product.casefold()] = product
        for column in ("name_zh", "name_en"):
            name = _plain(as_text(record.get(column)))
            bare = _BRACKETS.sub("", name)
            add("whole", [name], product)
            add("part", [bare, *_BETWEEN.split(bare)], product)
            if bare != name:
                described.add(product)
                inside = _BRACKETS.findall(name)
                add("hint", [part for text in inside for part in _BETWEEN.split(text)], product)
        add("alias", _plain(as_text(record.get("alias"))).split(";"), product)
    # 格栅 is a part of one product's name and describes another: neither is sure.
    for name, bearers in kinds["part"].items():
        bearers.update(kinds["hint"].get(name, ()))
    exact: list[tuple[How, Mapping[str, frozenset[str]]]] = []
    order: tuple[tuple[How, str], ...] = (("name", "whole"), ("alias", "alias"), ("name", "part"))
    for how, kind in order:
        exact.append((how, {name: frozenset(those) for name, those in kinds[kind].items()}))
    return ProductNames(
        ids,
        tuple(exact),
        frozenset(described),
        tuple((name, product, decides) for (name, product), decides in spoken.items()),
    )


def match_product(
    text: str, products: "pd.DataFrame | ProductNames", *, threshold: float = THRESHOLD
) -> Match:
    """
    Which product of a chain a text means.

    Parameters
    ----------
    text
        An id, a name, a label of a drop-down list, or several names for one product.
    products
        The chain's products, or their names from `product_names`.
    threshold
        The least similarity, 0 to 100, at which a misspelt name is taken.

    Returns
    -------
    match
        Without a product where none is alike enough, where two are equally so, or where the
        names in the text mean different products.

    References
    ----------
    RapidFuzz, `fuzz.ratio`: the normalised Indel similarity.
    """
    names = products if isinstance(products, ProductNames) else product_names(products)
    plain = _plain(text)
    label = _LABEL.match(plain)
    if label:
        known = names.ids.get(label["product"].strip().casefold())
        if known:
            return _found(known, "id")
        plain = label["name"]
    words = plain.split()
    for key in (plain, *words[:1]):
        known = names.ids.get(key.strip("()").casefold())
        if known:
            return _found(known, "id")
    found = _exact(plain, names)
    if found.how == "none":
        found = _in_parts(plain, names)
    return found if found.how != "none" else _alike(plain, names, threshold)


def _plain(text: str) -> str:
    """Half width; every bracket but the square one round."""
    plain = unicodedata.normalize("NFKC", text).translate(str.maketrans("〔【{〕】}", "[[(]])"))
    return " ".join(plain.split())


def _spoken(name: str) -> str:
    """A name as it is compared: lower case, words apart, no signs."""
    return _NO_WORD.sub(" ", name).strip().casefold()


def _packed(name: str) -> str:
    """A name as it is looked up: lower case, letters and digits only."""
    return _NO_WORD.sub("", name).casefold()


def _found(product: str, how: How) -> Match:
    return Match(product, how, SURE, ((product, SURE),))


def _undecided(products: Iterable[str]) -> Match:
    return Match(None, "tie", SURE, tuple((product, SURE) for product in sorted(products)))


def _exact(name: str, names: ProductNames) -> Match:
    packed = _packed(name)
    for how, table in names.exact:
        bearers = table.get(packed, frozenset())
        if bearers:
            return _found(next(iter(bearers)), how) if len(bearers) == 1 else _undecided(bearers)
    return Match(None, "none")


def _in_parts(plain: str, names: ProductNames) -> Match:
    """Look up what the text names beside or between; all of it has to mean one product."""
    bare = _BRACKETS.sub("", plain)
    parts = [part for part in _BETWEEN.split(bare) if _packed(part)]
    if not parts or (len(parts) == 1 and bare == plain):
        return Match(None, "none")
    matches = [_exact(bare, names)]
    if matches[0].how == "none" and len(parts) > 1:
        matches = [_exact(part, names) for part in parts]
    meant = {product for match in matches for product, _ in match.candidates}
    if not meant or any(match.how == "none" for match in matches):
        return Match(None, "none")
    # 轻型载货汽车(电动) is not the product 轻型载货汽车(柴油).
    if bare != plain and meant & names.described:
        return Match(None, "none", SURE, _undecided(meant).candidates)
    if len(meant) > 1:
        return _undecided(meant)
    return _found(next(iter(meant)), matches[0].how)


def _alike(plain: str, names: ProductNames, threshold: float) -> Match:
    """Find the product whose name is most alike, if it is alike enough and the only one."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  only for what is not found by name

    said = _spoken(plain)
    found = process.extract(
        said,
        [name for name, _, _ in names.spoken],
        scorer=fuzz.ratio,
        limit=_LOOKED_AT,
        score_cutoff=_WORTH_SHOWING,
    )
    best: dict[str, float] = {}
    safe: set[str] = set()
    for name, score, place in found:
        _, product, decides = names.spoken[place]
        if product not in best:
            best[product] = round(score, 1)
        if decides and score >= threshold and _same_but_misspelt(said, name):
            safe.add(product)
    order = sorted(best.items(), key=lambda item: -item[1])
    candidates = tuple(order[:_SHOWN])
    if not candidates:
        return Match(None, "none")
    first, score = candidates[0]
    if first not in safe or len(_packed(plain)) < _LEAST_ALIKE:
        return Match(None, "none", score, candidates)
    if len(candidates) > 1 and candidates[1][1] > score - _MARGIN:
        return Match(None, "tie", score, candidates)
    return Match(first, "fuzzy", score, candidates)


def _same_but_misspelt(said: str, name: str) -> bool:
    """Whether two alike names differ in nothing that makes another product."""
    from rapidfuzz import fuzz  # noqa: PLC0415  only for what is not found by name

    if Counter(_DIGITS.findall(said)) != Counter(_DIGITS.findall(name)):
        return False
    one, other = Counter(said), Counter(name)
    if not _TELLING.isdisjoint({*(one - other), *(other - one)}):
        return False
    words = said.split(), name.split()
    return all(
        max(fuzz.ratio(word, near) for near in across) >= _CLOSE_WORD
        for these, across in (words, words[::-1])
        for word in these
    )
