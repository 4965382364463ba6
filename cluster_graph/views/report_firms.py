"""The report on firms: what links say beside the balance, and the cluster from one firm's desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import as_dicts, as_number, as_text
from cluster_graph.views.block import Block
from cluster_graph.views.details import company_names, product_names
from cluster_graph.views.words import word

if TYPE_CHECKING:
    import pandas as pd

    from cluster_graph.views.details import Index

_MOST: Final = 30
_NAMES: Final = 3


def trade(index: Index, lang: Lang) -> list[Block]:
    """
    What the reported links say beside the balance.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    blocks
        Those that have rows: who could trade, concentration, single sources, how much the
        links explain, and what cannot be.
    """
    found = index.findings.trade
    t, heading = texts("view", lang), texts("column", lang)
    product, amount = heading["product"], heading["quantity"]

    def named(row: dict[str, Any], column: str) -> str:
        return index.findings.company_name(as_text(row[column]), lang)

    def of(row: dict[str, Any]) -> str:
        return index.findings.product_name(as_text(row["product_id"]), lang)

    def much(row: dict[str, Any], column: str) -> str:
        return numbers.quantity(row[column], index.findings.product_unit(row["product_id"]), lang)

    blocks = [
        Block(
            t["trade_pairs"],
            [
                product,
                heading["supplier"],
                heading["customer"],
                amount,
                t["pair_buys_from"],
                t["pair_doubt"],
            ],
            [
                [
                    of(row),
                    named(row, "supplier_id"),
                    named(row, "customer_id"),
                    much(row, "quantity"),
                    company_names(index, row["buys_outside_from"], lang, most=_NAMES),
                    t[f"doubt_{row['doubt']}"],
                ]
                for row in _rows(found.pairs)
            ],
            frozenset({3}),
        ),
        Block(
            t["trade_concentration"],
            [product, heading["suppliers"], "HHI", t["largest_supplier"], t["largest_share"]],
            [
                [
                    of(row),
                    numbers.quantity(row["suppliers"], "", lang),
                    _plain(row["hhi"], lang),
                    named(row, "largest_id"),
                    numbers.percent(row["largest_share"], lang),
                ]
                for row in _rows(found.concentration)
            ],
            frozenset({1, 2, 4}),
        ),
        Block(
            t["trade_single"],
            [
                heading["customer"],
                product,
                heading["supplier"],
                heading["place"],
                heading["essential"],
            ],
            [
                [
                    named(row, "customer_id"),
                    of(row),
                    named(row, "supplier_id"),
                    word("place", row["supplier_place"], lang),
                    _yes(row["essential"], lang),
                ]
                for row in _rows(found.single_source)
            ],
        ),
        Block(
            t["trade_coverage"],
            [product, heading["evidence"], amount, heading["demand"], heading["link_coverage"]],
            [
                [
                    of(row),
                    word("evidence", row["evidence"], lang),
                    much(row, "quantity"),
                    much(row, "demand"),
                    numbers.percent(row["share"], lang),
                ]
                for row in _rows(found.coverage)
            ],
            frozenset({2, 3, 4}),
        ),
        Block(
            t["trade_contradictions"],
            [
                heading["company"],
                product,
                t["contradiction"],
                t["reported"],
                t["at_most_expected"],
                t["times"],
            ],
            [
                [
                    named(row, "company_id"),
                    of(row),
                    t[f"contradiction_{row['kind']}"],
                    much(row, "reported"),
                    much(row, "expected_high"),
                    numbers.ratio(row["times"], lang),
                ]
                for row in _rows(found.contradictions)
            ],
            frozenset({3, 4, 5}),
        ),
    ]
    return [block for block in blocks if block.rows]


def anchor(index: Index, lang: Lang) -> list[Block]:
    """
    The cluster from the anchor's desk.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    blocks
        What it buys, what it sells, who stands around it; none without an anchor.
    """
    view = index.findings.anchor_view
    if view is None:
        return []
    t, heading = texts("view", lang), texts("column", lang)
    product = heading["product"]

    def of(row: dict[str, Any]) -> str:
        return index.findings.product_name(as_text(row["product_id"]), lang)

    def much(row: dict[str, Any], column: str) -> str:
        return numbers.quantity(row[column], index.findings.product_unit(row["product_id"]), lang)

    def named(row: dict[str, Any], column: str) -> str:
        return index.findings.company_name(as_text(row[column]), lang)

    def firms(row: dict[str, Any], column: str) -> str:
        return company_names(index, row[column], lang, most=_NAMES)

    def need(row: dict[str, Any]) -> str:
        unit = index.findings.product_unit(row["product_id"])
        ends = row["need"], row["need_low"], row["need_high"]
        text = numbers.estimate(*ends, unit, lang)
        floor = not row["whole"] and as_number(row["need"]) is not None
        return texts("word", lang)["at_least"].format(figure=text) if floor else text

    def linked(cells: list[str]) -> list[str]:
        return cells if view.purchases["bought_here"].notna().any() else []

    return [
        Block(
            t["anchor_buys"],
            [
                product,
                heading["need"],
                t["anchor_own"],
                t["makers_here"],
                *linked([t["bought_here"], t["bought_outside"], t["suppliers_outside"]]),
                heading["single_source"],
            ],
            [
                [
                    of(row),
                    need(row),
                    much(row, "own"),
                    firms(row, "makers_here"),
                    *linked(
                        [
                            much(row, "bought_here"),
                            much(row, "bought_outside"),
                            firms(row, "suppliers_outside"),
                        ]
                    ),
                    _yes(row["single_source"], lang),
                ]
                for row in as_dicts(view.purchases)
            ],
            frozenset({1, 2}),
        ),
        Block(
            t["anchor_sells"],
            [
                product,
                heading["output"],
                t["own_use"],
                t["left"],
                t["users_here"],
                t["customers_outside"],
            ],
            [
                [
                    of(row),
                    much(row, "output"),
                    much(row, "own_use"),
                    much(row, "left"),
                    firms(row, "users_here"),
                    firms(row, "customers_outside"),
                ]
                for row in as_dicts(view.sales)
            ],
            frozenset({1, 2, 3}),
        ),
        Block(
            t["anchor_around"],
            [
                t["side"],
                t["tier"],
                heading["company"],
                heading["place"],
                product,
                t["over"],
                heading["evidence"],
            ],
            [
                [
                    t[f"side_{row['side']}"],
                    say("view.tier_number", lang, number=row["tier"]),
                    named(row, "company_id"),
                    word("place", row["place"], lang),
                    product_names(index, row["products"], lang, most=_NAMES),
                    named(row, "via"),
                    word("evidence", row["evidence"], lang),
                ]
                for row in as_dicts(view.around)
            ],
        ),
    ]


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return as_dicts(frame.head(_MOST))


def _plain(value: object, lang: Lang) -> str:
    number = as_number(value)
    return texts("word", lang)["unknown"] if number is None else numbers.digits(number)


def _yes(flag: object, lang: Lang) -> str:
    return texts("word", lang)["yes" if flag is True else "no"]
