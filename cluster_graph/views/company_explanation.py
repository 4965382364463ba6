"""The explanation of a company as tables for the screen, as Markdown, or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import as_dicts, as_number, as_text, plain
from cluster_graph.views.block import Block
from cluster_graph.views.words import word

if TYPE_CHECKING:
    from cluster_graph.cluster.model import Cluster
    from cluster_graph.gaps.explain_company import CompanyExplanation


def company_json(found: CompanyExplanation) -> str:
    """
    The explanation of a company for programs.

    Parameters
    ----------
    found
        From `gaps.explain_company`.

    Returns
    -------
    text
        An object with `company`, `makes`, `needs`, `links` and `risk`; unknown is `null`.
    """
    parts = {
        "company": plain(found.company),
        "makes": [plain(row) for row in as_dicts(found.makes)],
        "needs": [plain(row) for row in as_dicts(found.needs)],
        "links": [plain(row) for row in as_dicts(found.links)],
        "risk": plain(found.risk),
    }
    return json.dumps(parts, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def company_title(found: CompanyExplanation, lang: Lang) -> str:
    """Name and id of the company."""
    company = found.company
    name = as_text(company["name_en" if lang == "en" else "name"]) or as_text(company["name"])
    return say("explanation.title", lang, name=name, product_id=company["company_id"])


def company_blocks(found: CompanyExplanation, cluster: Cluster, lang: Lang) -> list[Block]:
    """
    The tables of a company's explanation, every cell text in a language.

    Parameters
    ----------
    found
        From `gaps.explain_company`.
    cluster
        The cluster it explains, for names.
    lang
        `zh` or `en`.

    Returns
    -------
    blocks
        Those that have rows: what it makes, needs, trades, and its systemic risk.
    """
    t = texts("explanation", lang)
    blocks = [
        Block(
            t["company_makes"],
            [t[f"col_{name}"] for name in ("product", "amount", "basis", "role")]
            + [t["col_evidence"], t["col_source"]],
            [_make(row, cluster, lang) for row in as_dicts(found.makes)],
        ),
        Block(
            t["company_needs"],
            [t[f"col_{name}"] for name in ("product", "made", "coefficient", "activity")]
            + [t[f"col_{name}"] for name in ("amount", "essential", "evidence", "source")],
            [_need(row, cluster, lang) for row in as_dicts(found.needs)],
        ),
        Block(
            t["links"],
            [t[f"col_{name}"] for name in ("supplier", "customer", "product", "amount")]
            + [t[f"col_{name}"] for name in ("rows", "evidence", "source")],
            [_link(row, cluster, lang) for row in as_dicts(found.links)],
        ),
        Block(t["company_risk"], [t["figure"], t["amount"], t["how"]], _risk(found, lang)),
    ]
    return [block for block in blocks if block.rows]


def _product(cluster: Cluster, product_id: str, lang: Lang) -> str:
    return cluster.chain.name(product_id, lang) if product_id else ""


def _quantity(cluster: Cluster, product_id: str, amount: object, lang: Lang) -> str:
    unit = cluster.chain.products["unit"][product_id] if product_id else ""
    return numbers.quantity(amount, unit, lang)


def _make(row: dict[str, Any], cluster: Cluster, lang: Lang) -> list[str]:
    t, product = texts("explanation", lang), row["product_id"]
    unit = cluster.chain.products["unit"][product]
    return [
        _product(cluster, product, lang),
        numbers.estimate(row["size"], row["size_low"], row["size_high"], unit, lang),
        t[f"basis_{row['basis']}"],
        t[f"role_{row['role']}"],
        word("evidence", row["evidence"] or "reported", lang),
        as_text(row["source"]),
    ]


def _need(row: dict[str, Any], cluster: Cluster, lang: Lang) -> list[str]:
    ends = [as_number(row[name]) for name in ("low", "typical", "high")]
    words = texts("word", lang)
    coefficient = " / ".join("-" if end is None else numbers.digits(end) for end in ends)
    return [
        _product(cluster, row["product_id"], lang),
        _product(cluster, row["made"], lang),
        words["unknown"] if ends[1] is None else coefficient,
        _quantity(cluster, row["made"], row["size"], lang),
        _quantity(cluster, row["product_id"], row["amount"], lang),
        words["yes" if row["essential"] else "no"],
        word("evidence", row["evidence"], lang),
        as_text(row["source"]),
    ]


def _link(row: dict[str, Any], cluster: Cluster, lang: Lang) -> list[str]:
    return [
        cluster.company_name(row["supplier_id"], lang),
        cluster.company_name(row["customer_id"], lang),
        _product(cluster, row["product_id"], lang),
        _quantity(cluster, row["product_id"], row["quantity"], lang),
        numbers.quantity(row["links"], "", lang),
        word("evidence", row["evidence"], lang),
        as_text(row["source"]),
    ]


def _risk(found: CompanyExplanation, lang: Lang) -> list[list[str]]:
    row, headings = found.risk, texts("column", lang)
    if not row:
        return []
    t = texts("critical", lang)
    return [
        [headings["esri"], numbers.percent(row["esri"], lang), t["note_index"]],
        [headings["own_share"], numbers.percent(row["own_share"], lang), ""],
        [
            headings["output_value"],
            numbers.money(row["output_value"], lang),
            t[f"basis_{row['basis']}"],
        ],
        [
            headings["evidence"],
            word("evidence", row["evidence"], lang),
            t["note_inferred"] if row["evidence"] == "inferred" else "",
        ],
    ]
