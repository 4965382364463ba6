"""`graph.html`: sectors, chain map and companies, one file that opens without any network."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from cluster_graph.tables.schema import EVIDENCES, STATUSES
from cluster_graph.text import LANGS, Lang, numbers, say, texts
from cluster_graph.text.cells import as_text
from cluster_graph.text.regions import region_name
from cluster_graph.views import graph_firms as firms
from cluster_graph.views import graph_map as maps
from cluster_graph.views.assets import asset, environment, inert_json, script_hash, vis_network
from cluster_graph.views.details import MOST_LISTED, Detail, Index, product_detail
from cluster_graph.views.graph_firms import MOST, PLACES
from cluster_graph.views.graph_map import HIDDEN_FIRST, STATES
from cluster_graph.views.layout import BOX, COMPANY_BOX, SECTOR_BOX
from cluster_graph.views.page_text import PageText
from cluster_graph.views.words import word

if TYPE_CHECKING:
    from markupsafe import Markup

    from cluster_graph.views.findings import Findings

_SCRIPTS: Final = ("draw", "store", "views", "steps", "panel", "tools", "start")
# Yuan a year: the bands in which the article counts projects, and a fifth of the lowest.
_VALUES: Final = (10_000_000, 50_000_000, 100_000_000, 1_000_000_000)
_ALL: Final = 99  # steps that reach everything there is
_REACHES: Final = (
    ("both", 1),
    *((way, steps) for way in ("up", "down") for steps in (1, 2, 3, _ALL)),
)
USE_STATES: Final = ("absorbed", "partial", "short", "final", "unknown")
_OPTIONS: Final[dict[str, object]] = {
    "physics": False,
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "dragNodes": False, "tooltipDelay": 250, "keyboard": False},
    "nodes": {"chosen": False},
    "edges": {
        "smooth": False,
        "chosen": False,
        "width": 1,
        "selectionWidth": 0,
        "hoverWidth": 0,
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.45}},
    },
}
# What the page's script says itself.
_UI: Final = (
    "map_empty",
    "companies_empty",
    "no_match",
    "matches",
    "shown",
    "table_headings",
    "copied",
    "file_name",
    "graph_title",
    "firm_mark",
    "where",
    "anchor",
    "buys_from",
    "sells_to",
    "more_listed",
    "overview",
    "companies_of",
    "compare",
    "compare_add",
    "compare_drop",
    "compare_hint",
    "to_sector",
    "to_companies",
)


def graph_page(findings: Findings, lang: Lang) -> str:
    """
    The interactive graph as one HTML file.

    The products go through pyvis, the companies as columns; the page around them is ours:
    nothing is fetched, no name is ever read as markup, every box stands where Python put it.
    Both languages are inside.

    Parameters
    ----------
    findings
        What to show.
    lang
        Language that the page starts in.

    Returns
    -------
    html
        The whole page.
    """
    index = Index(findings)
    script, style = vis_network()
    app = _app()
    text = PageText(lang)
    present = {as_text(row.get("state")) for row in index.balance.values()}
    body = {
        "lang": lang,
        "text": text.texts,  # filled while the template is
        "ui": {each: _ui(findings, each) for each in LANGS},
        "words": {each: _words(index, each) for each in LANGS},
        "orders": {"place": PLACES, "status": STATUSES, "evidence": EVIDENCES, "state": STATES},
        "boxes": {"map": BOX, "firms": COMPANY_BOX, "sectors": SECTOR_BOX},
        "most": {"boxes": MOST, "listed": MOST_LISTED},
        "options": _OPTIONS,
        "map": maps.chain_map(index),
        "sectors": maps.sector_map(index),
        "firms": firms.firm_columns(index),
        "details": {
            each: {
                node: _packed(detail)
                for node, detail in (
                    *maps.sector_details(index, each).items(),
                    *(
                        (f"p:{node}", product_detail(index, node, each))
                        for node in findings.products
                    ),
                )
            }
            for each in LANGS
        },
    }
    template = environment().get_template("graph.html.jinja")
    return template.render(
        lang=_tag(lang),
        t=text,
        title=_title(findings, lang),
        named=text.element(partial(_title, findings)),
        as_of=text("as_of", date=findings.as_of) if findings.as_of else "",
        other_language=text.element(lambda each: say("view.language", _other(each))),
        states=[state for state in STATES if state in present],
        hidden_first=HIDDEN_FIRST,
        choices=_choices(index, text),
        csp=f"{script_hash(script)} {script_hash(app)}",
        data=lambda: inert_json(body),
        vis_script=script,
        vis_style=style,
        app=app,
        style=asset("graph.css"),
    )


def _packed(detail: Detail) -> dict[str, object]:
    """A detail with its lines as lists; the page knows the names of what a line leads to."""
    groups = [
        [
            group["heading"],
            [
                ["" if item["goto"] else item["text"], item["more"], item["goto"]]
                for item in group["items"]
            ],
        ]
        for group in detail["groups"]
    ]
    return {**detail, "groups": groups}


def _title(findings: Findings, lang: Lang) -> str:
    """What the page is called, the region by its name in the language."""
    names = [region_name(code, lang) for code in findings.region.split(",") if code]
    region = say("word.join", lang).join(names) or findings.region_name
    return say("view.graph_title", lang, region=region)


def _other(lang: Lang) -> Lang:
    """The language to change to."""
    return LANGS[(LANGS.index(lang) + 1) % len(LANGS)]


def _tag(lang: Lang) -> str:
    """What HTML calls a language."""
    return "zh-CN" if lang == "zh" else "en"


def _ui(findings: Findings, lang: Lang) -> dict[str, str]:
    """What the page's script says, with its gaps where the script fills them."""
    said = {key: say(f"view.{key}", lang) for key in _UI}
    said["graph_title"] = _title(findings, lang)
    headings = texts("column", lang)
    words = texts("word", lang)
    return {
        **said,
        "tag": _tag(lang),
        **{f"heading_{name}": headings[name] for name in ("status", "chain", "makes")},
        **{key: words[key] for key in ("join", "more", "unknown")},
    }


def _words(index: Index, lang: Lang) -> dict[str, dict[str, str]]:
    """The words of the vocabulary that the page's script needs, by kind."""
    kinds = {
        "state": STATES,
        "use_state": USE_STATES,
        "place": PLACES,
        "chain": _chains(index),
        "status": STATUSES,
        "evidence": EVIDENCES,
    }
    words = {kind: {value: word(kind, value, lang) for value in kinds[kind]} for kind in kinds}
    return {**words, "where": firms.regions(index, lang)}


def _chains(index: Index) -> list[str]:
    """The chains that products and companies belong to."""
    graphs = index.findings.products, index.findings.companies
    found = {as_text(row.get("chain")) for graph in graphs for _, row in graph.nodes(data=True)}
    return sorted(found - {""})


def _choices(index: Index, text: PageText) -> dict[str, list[Markup]]:
    """The choices of each filter, after `all`."""
    of_products = {
        as_text(row.get("chain")) for _, row in index.findings.products.nodes(data=True)
    } - {""}

    def of(kind: str, values: list[str]) -> list[Markup]:
        return [text.option(value, partial(word, kind, value)) for value in values]

    def division(code: str) -> Markup:
        return text.option(code, lambda lang: maps.division_name(code, lang))

    def worth(least: int) -> Markup:
        return text.option(str(least), lambda lang: f"≥ {numbers.money(least, lang)}")

    def place(code: str) -> Markup:
        return text.option(code, lambda lang: names[lang][code])

    def reach(way: str, steps: int) -> Markup:
        key = f"view.reach_{way}" if steps < _ALL else f"view.reach_all_{way}"
        return text.option(
            f"{way}-{steps}",
            lambda lang: say(key, lang, steps=steps),
            chosen=(way, steps) == _REACHES[0],
        )

    products = [row for _, row in index.findings.products.nodes(data=True)]
    names = {lang: firms.regions(index, lang) for lang in LANGS}
    return {
        "chain": of("chain", sorted(of_products)),
        "sector": [division(code) for code in sorted({maps.division(row) for row in products})],
        "use": of("use_state", list(USE_STATES)),
        "evidence": of("evidence", list(EVIDENCES)),
        "value": [worth(least) for least in _VALUES],
        "status": of("status", firms.statuses(index)),
        "where": [place(code) for code in names["zh"]],
        "reach": [reach(way, steps) for way, steps in _REACHES],
    }


def _app() -> str:
    """The page's own script: its parts in one, so that they share what none else may see."""
    parts = "\n".join(asset(f"graph_{part}.js") for part in _SCRIPTS)
    return f'"use strict";\n(function () {{\n{parts}}})();\n'
