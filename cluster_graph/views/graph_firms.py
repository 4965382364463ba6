"""The companies of `graph.html` as columns: small enough for a nation's, read as they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.tables.schema import EVIDENCES, STATUSES
from cluster_graph.text import LANGS, numbers
from cluster_graph.text.cells import as_names, as_number, as_text
from cluster_graph.text.regions import region_name
from cluster_graph.views.graph_search import find
from cluster_graph.views.layout import company_positions

if TYPE_CHECKING:
    from collections.abc import Hashable

    from cluster_graph.text import Lang
    from cluster_graph.views.details import Index

PLACES: Final = ("local", "outside", "unknown")
# More boxes than this are no picture: beyond, the page draws a neighbourhood at a time.
MOST: Final = 3000
_UNREPORTED: Final = frozenset({"inferred", "derived", "expert", ""})


@dataclass
class _Numbered:
    """Things by number, in the order in which they came."""

    numbers: dict[Hashable, int] = field(default_factory=dict)

    def __call__(self, thing: Hashable) -> int:
        """Return its number, a new one for a new thing."""
        return self.numbers.setdefault(thing, len(self.numbers))


def firm_columns(index: Index) -> dict[str, object]:
    """
    Companies and links, one list a column; a link names its companies by their place in these.

    Parameters
    ----------
    index
        The findings.

    Returns
    -------
    columns
        `id`, `names` (one list a language, null where it has the name of the first), `place`,
        `status`, `where` and `chain` (numbers into `PLACES`, `STATUSES`, `wheres`, `chains`;
        -1 if unknown), `anchor` (numbers of companies), `makes` (numbers into `goods`),
        `find` (what a search looks through beside the names), `x` and `y` (null beyond `MOST`
        companies); of links `from`, `to`, `good`, `amount` (a number into the texts of
        `amounts`), `evidence` (into `EVIDENCES`) and `reported` (whether anybody reports that
        the two trade at all).
    """
    graph = index.findings.companies
    ids = sorted(graph)
    number = {node: place for place, node in enumerate(ids)}
    goods, wheres, chains = _Numbered(), _Numbered(), _Numbered()
    rows = [graph.nodes[node] for node in ids]
    places = company_positions(graph) if len(ids) <= MOST else None
    first, *others = LANGS
    names = {
        first: [index.findings.company_name(node, first) for node in ids],
        **{
            lang: [
                None if name == index.findings.company_name(node, first) else name
                for node in ids
                for name in (index.findings.company_name(node, lang),)
            ]
            for lang in others
        },
    }
    return {
        "id": ids,
        "names": names,
        "place": [_at(PLACES, row.get("place"), "unknown") for row in rows],
        "status": [_at(STATUSES, row.get("status"), "operating") for row in rows],
        "where": [_number(wheres, row.get("region_code")) for row in rows],
        "chain": [_number(chains, row.get("chain")) for row in rows],
        "anchor": [place for place, row in enumerate(rows) if row.get("is_anchor") is True],
        "makes": [[goods(product) for product in as_names(row.get("makes"))] for row in rows],
        "find": [find(row, ("alias",)) for row in rows],
        "x": places and [places[node][0] for node in ids],
        "y": places and [places[node][1] for node in ids],
        **_links(index, number, goods),
        "goods": list(goods.numbers),
        "wheres": list(wheres.numbers),
        "chains": list(chains.numbers),
    }


def _links(index: Index, number: dict[str, int], goods: _Numbered) -> dict[str, object]:
    graph = index.findings.companies
    links = sorted(
        graph.edges(data=True), key=lambda link: (*link[:2], as_text(link[2].get("product_id")))
    )
    evidence = [as_text(data.get("evidence")) for _, _, data in links]
    pairs = {
        (source, target)
        for (source, target, _), kind in zip(links, evidence, strict=True)
        if kind not in _UNREPORTED
    }
    amounts = _Numbered()
    texts: dict[Lang, list[str]] = {lang: [] for lang in LANGS}
    amount = []
    for _, _, data in links:
        quantity = as_number(data.get("quantity"))
        unit = as_text(data.get("unit")) or index.findings.product_unit(
            as_text(data.get("product_id"))
        )
        place = -1 if quantity is None else amounts((quantity, unit))
        if place == len(texts[LANGS[0]]):
            for lang in LANGS:
                texts[lang].append(numbers.quantity(quantity, unit, lang))
        amount.append(place)
    return {
        "from": [number[source] for source, _, _ in links],
        "to": [number[target] for _, target, _ in links],
        "good": [_number(goods, data.get("product_id")) for _, _, data in links],
        "amount": amount,
        "amounts": texts,
        "evidence": [_at(EVIDENCES, kind, "") for kind in evidence],
        "reported": [int(link[:2] in pairs) for link in links],
    }


def _at(words: tuple[str, ...], value: object, usual: str) -> int:
    """The place of a word; of the usual one where there is none, -1 where neither is known."""
    text = as_text(value) or usual
    return words.index(text) if text in words else -1


def _number(numbered: _Numbered, value: object) -> int:
    text = as_text(value)
    return numbered(text) if text else -1


def statuses(index: Index) -> list[str]:
    """
    The statuses that the companies have.

    Parameters
    ----------
    index
        The findings.

    Returns
    -------
    statuses
        In the order of the vocabulary.
    """
    found = {
        as_text(row.get("status")) or "operating"
        for _, row in index.findings.companies.nodes(data=True)
    }
    return sorted(found, key=STATUSES.index)


def regions(index: Index, lang: Lang) -> dict[str, str]:
    """
    The places of the companies.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    regions
        Code -> name, by code.
    """
    rows: list[dict[str, Any]] = [row for _, row in index.findings.companies.nodes(data=True)]
    codes = {as_text(row.get("region_code")) for row in rows}
    return {code: region_name(code, lang) for code in sorted(codes - {""})}
