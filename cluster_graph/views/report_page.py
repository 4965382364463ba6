"""`report.html`: everything for a planner on one page that prints and needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cluster_graph.text import Lang, say, texts
from cluster_graph.views import report_doubt as doubt
from cluster_graph.views import report_firms as firms
from cluster_graph.views import report_sections as sections
from cluster_graph.views.assets import asset, environment
from cluster_graph.views.columns import weights_line
from cluster_graph.views.details import Detail, Index, product_detail
from cluster_graph.views.pen import drawing
from cluster_graph.views.report_charts import charts
from cluster_graph.views.words import word

if TYPE_CHECKING:
    from cluster_graph.views.findings import Findings

_CONTENTS: Final = (
    "headline",
    "chains",
    "flows",
    "upstream",
    "downstream",
    "anchor",
    "trade",
    "content",
    "questions",
    "targets",
    "pipeline",
    "facts",
    "unknown",
    "explanations",
    "ledger",
    "sources",
    "method",
)
_METHOD: Final = (
    "demand",
    "implied",
    "supply",
    "shortage",
    "state",
    "headroom",
    "value_step",
    "score",
    "planned",
)


def method_lines(findings: Findings, lang: Lang) -> list[str]:
    """
    How the figures are made, in words.

    Parameters
    ----------
    findings
        Their weights are named.
    lang
        `zh` or `en`.

    Returns
    -------
    lines
        One sentence or more for each step.
    """
    weights = weights_line(findings.weights, findings.targets, lang)
    return [say(f"view.method_{part}", lang, weights=weights) for part in _METHOD]


def explanations(index: Index, lang: Lang) -> dict[str, Detail]:
    """
    What the figures of the gaps and targets come from.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    explanations
        product_id -> its figures, users, makers, coefficients and sources, by name.
    """
    shown = {*index.upstream, *index.downstream, *index.targets} & set(index.findings.products)
    found = {node: product_detail(index, node, lang) for node in sorted(shown)}
    return dict(sorted(found.items(), key=lambda item: (item[1]["title"], item[0])))


def report_page(findings: Findings, lang: Lang) -> str:
    """
    The report as one HTML file without any script.

    Parameters
    ----------
    findings
        What to show.
    lang
        Language of names, words and the page itself.

    Returns
    -------
    html
        The whole page.
    """
    index = Index(findings)
    with drawing():
        drawn = charts(index, lang)
    why = explanations(index, lang)
    beside = {
        "anchor": firms.anchor(index, lang),
        "trade": firms.trade(index, lang),
        "content": [doubt.content(index, lang)],
        "questions": [doubt.questions(index, lang)],
    }
    return (
        environment()
        .get_template("report.html.jinja")
        .render(
            lang="zh-CN" if lang == "zh" else "en",
            t=lambda key, **values: say(f"view.{key}", lang, **values),
            word=lambda kind, value: word(kind, value, lang),
            heading=texts("column", lang),
            unknown=texts("word", lang)["unknown"],
            style=asset("report.css"),
            contents=[part for part in _CONTENTS if beside.get(part) != []],
            beside=beside,
            likely=doubt.likely_line(findings, lang),
            method=method_lines(findings, lang),
            findings=findings,
            chain_names=[word("chain", chain, lang) for chain in findings.chains],
            anchor=findings.company_name(findings.anchor, lang) if findings.anchor else "",
            headline=sections.headline(findings, lang),
            chains=sections.chains(index, lang),
            charts=drawn,
            explanations=why,
            # An id may hold anything; a number is an address everywhere.
            address={node: f"why-{place}" for place, node in enumerate(why)},
            groups=sections.GROUPS,
            upstream=sections.upstream(index, lang),
            downstream=sections.downstream(index, lang),
            targets=sections.targets(index, lang),
            occupancy=sections.occupancy(findings, lang),
            projects=sections.projects(index, lang),
            facts=sections.facts(findings, lang),
            notes=[say(key, lang, **values) for key, values in findings.notes],
            unsized=sections.unsized(index, lang),
            ledger=sections.ledger(findings, lang),
            sources=sections.sources(findings, lang),
        )
    )
