"""The report on how sure it is: what the answer hangs on, and how much is made locally."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import as_dicts, as_names, as_number, as_text
from cluster_graph.views.block import Block
from cluster_graph.views.details import company_names, product_names
from cluster_graph.views.figures import share_range
from cluster_graph.views.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cluster_graph.views.details import Index
    from cluster_graph.views.findings import Findings

_ASKED: Final = 10  # the few figures that the answer hangs on
_LOST: Final = 5
_NAMES: Final = 3


def likely_line(findings: Findings, lang: Lang) -> str:
    """
    How far the value of all upstream gaps may be from its point value.

    Parameters
    ----------
    findings
        What to show.
    lang
        `zh` or `en`.

    Returns
    -------
    sentence
        Nothing where no gap has a price.
    """
    low, high = findings.likely.value
    if as_number(low) is None:
        return ""
    span = numbers.interval(low, high, "yuan", lang)
    return say("view.likely_value", lang, draws=findings.likely.draws, range=span)


def questions(index: Index, lang: Lang) -> Block:
    """
    The coefficients and prices to ask about first.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    block
        The weightiest first; the answer is the value of all priced upstream gaps.
    """
    t = texts("view", lang)
    heading = texts("column", lang)
    rows = as_dicts(index.findings.levers.head(_ASKED))
    return Block(
        title=t["section_questions"],
        headings=[
            t["lever"],
            t["lever_range"],
            t["lever_answer"],
            t["lever_ask"],
            heading["evidence"],
        ],
        rows=[
            [
                lever(index, row, lang),
                lever_range(index, row, lang),
                numbers.interval(row["at_low"], row["at_high"], "yuan", lang),
                company_names(index, row.get("companies"), lang, most=_NAMES),
                word("evidence", row.get("evidence"), lang),
            ]
            for row in rows
        ],
        numbers=frozenset({1, 2}),
    )


def lever(index: Index, row: Mapping[str, Any], lang: Lang) -> str:
    """
    What a coefficient or price is, in words.

    Parameters
    ----------
    index
        The findings.
    row
        A row of the levers.
    lang
        `zh` or `en`.

    Returns
    -------
    name
        `coke per tonne of pig iron`, `price of coking coal`.
    """
    names = {
        end: index.findings.product_name(as_text(row[f"{end}_id"]), lang)
        for end in ("input", "output")
    }
    return say(f"view.lever_{row['kind']}", lang, **names)


def lever_range(index: Index, row: Mapping[str, Any], lang: Lang) -> str:
    """
    The low, typical and high value of a coefficient or price.

    Parameters
    ----------
    index
        The findings.
    row
        A row of the levers.
    lang
        `zh` or `en`.

    Returns
    -------
    range
        `0.35 / 0.45 / 0.5 t/t`, or a price with its unit.
    """
    ends = " / ".join(numbers.digits(row[end]) for end in ("low", "typical", "high"))
    unit_of = index.findings.product_unit
    own = numbers.unit_word(unit_of(as_text(row["input_id"])), lang)
    if row["kind"] in ("price", "output"):
        return say(f"view.lever_{row['kind']}_range", lang, range=ends, unit=own)
    per = numbers.unit_word(unit_of(as_text(row["output_id"])), lang)
    if row["kind"] == "by_product":
        own, per = per, own
    return say("view.lever_input_range", lang, range=ends, unit=own, per=per)


def content(index: Index, lang: Lang) -> Block:
    """
    Local content of chains, anchor companies and products.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    block
        Chains first, then anchors, then the products that are made here.
    """
    t, heading = texts("view", lang), texts("column", lang)
    rows = as_dicts(index.findings.content)
    order = {"chain": 0, "company": 1, "product": 2}
    rows.sort(
        key=lambda row: (order[as_text(row["level"])], -(as_number(row["inputs_value"]) or 0.0))
    )
    return Block(
        title=t["section_content"],
        headings=[
            t["content_whose"],
            t["content_inputs"],
            heading["local_content"],
            heading["local_content_recursive"],
            t["content_missing"],
        ],
        rows=[
            [
                _whose(index, row, lang),
                numbers.money(row["inputs_value"], lang),
                share_range(row, "direct", lang),
                share_range(row, "recursive", lang),
                missing(index, row, lang),
            ]
            for row in rows
        ],
        numbers=frozenset({1, 2, 3}),
    )


def missing(index: Index, row: Mapping[str, Any], lang: Lang) -> str:
    """
    What the share that is not local consists of.

    Parameters
    ----------
    index
        The findings.
    row
        A row of the local content.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        The largest parts, each with its share.
    """
    parts = [
        say(
            "view.content_part",
            lang,
            name=index.findings.product_name(part["product_id"], lang),
            share=numbers.percent(part["share"], lang),
        )
        for part in row["missing"][:_LOST]
    ]
    line = texts("word", lang)["join"].join(parts)
    if as_names(row.get("unweighed")):
        names = product_names(index, row["unweighed"], lang, most=_NAMES)
        line = say("view.content_unweighed", lang, parts=line, names=names)
    return line


def _whose(index: Index, row: Mapping[str, Any], lang: Lang) -> str:
    name = as_text(row["id"])
    if row["level"] == "chain":
        return say("view.content_chain", lang, name=word("chain", name, lang))
    if row["level"] == "company":
        return index.findings.company_name(name, lang)
    return index.findings.product_name(name, lang)
