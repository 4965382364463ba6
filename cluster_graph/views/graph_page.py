"""`graph.html`: the chain map and the companies, one file that opens without any network."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.tables.schema import EVIDENCES, STATUSES
from cluster_graph.text import Lang, numbers, say
from cluster_graph.text.cells import as_names, as_number, as_text
from cluster_graph.text.regions import region_name
from cluster_graph.views.assets import asset, environment, inert_json, script_hash, vis_network
from cluster_graph.views.details import Index, company_detail, product_detail
from cluster_graph.views.figures import amount, headroom
from cluster_graph.views.layout import BOX, COMPANY_BOX, bands, company_positions, positions
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from cluster_graph.views.findings import Findings

STATES: Final = ("strong", "weak", "broken", "missing", "planned", "outer", "off_map")
PLACES: Final = ("local", "outside", "unknown")
_SCRIPTS: Final = ("draw", "views", "panel", "tools", "start")
# Yuan a year: the bands in which the article counts projects, and a fifth of the lowest.
_VALUES: Final = (10_000_000, 50_000_000, 100_000_000, 1_000_000_000)
_ALL: Final = 99  # steps that reach everything there is
_REACHES: Final = (
    ("both", 1),
    *((way, steps) for way in ("up", "down") for steps in (1, 2, 3, _ALL)),
)
USE_STATES: Final = ("absorbed", "partial", "short", "final", "unknown")
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_HIDDEN_FIRST: Final = frozenset({"off_map"})  # a map of what is here starts without the rest
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
_UI: Final = (
    "map_empty",
    "companies_empty",
    "no_match",
    "matches",
    "close",
    "shown",
    "table_headings",
    "copied",
    "file_name",
    "drawing_label",
)


def graph_page(findings: Findings, lang: Lang) -> str:
    """
    The interactive graph as one HTML file.

    The data goes through pyvis; the page around it is ours: nothing is fetched, no name is
    ever read as markup, every box stands where Python put it.

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
    script, style = vis_network()
    app = _app()
    data = {
        "ui": {key: say(f"view.{key}", lang) for key in _UI},
        "states": {state: word("state", state, lang) for state in STATES},
        "uses": {state: word("use_state", state, lang) for state in USE_STATES},
        "places": {place: word("place", place, lang) for place in PLACES},
        "chains": {chain: word("chain", chain, lang) for chain in findings.chains},
        "box": BOX,
        "company_box": COMPANY_BOX,
        "options": _OPTIONS,
        "map": _map(index, lang),
        "firms": _firms(index, lang),
        "details": {
            **{f"p:{node}": product_detail(index, node, lang) for node in findings.products},
            **{f"c:{node}": company_detail(index, node, lang) for node in findings.companies},
        },
    }
    present = {as_text(row.get("state")) for row in index.balance.values()}
    return (
        environment()
        .get_template("graph.html.jinja")
        .render(
            lang="zh-CN" if lang == "zh" else "en",
            t=lambda key, **values: say(f"view.{key}", lang, **values),
            word=lambda kind, value: word(kind, value, lang),
            findings=findings,
            chains=sorted(
                {as_text(data.get("chain")) for _, data in findings.products.nodes(data=True)}
            ),
            states=[state for state in STATES if state in present],
            hidden_first=_HIDDEN_FIRST,
            uses=USE_STATES,
            reaches=_REACHES,
            evidences=EVIDENCES,
            values=_VALUES,
            money=lambda yuan: numbers.money(yuan, lang),
            statuses=sorted(
                {
                    as_text(row.get("status")) or "operating"
                    for _, row in findings.companies.nodes(data=True)
                },
                key=STATUSES.index,
            ),
            regions=_regions(findings, lang),
            csp=f"{script_hash(script)} {script_hash(app)}",
            data=inert_json(data),
            vis_script=script,
            vis_style=style,
            app=app,
            style=asset("graph.css"),
        )
    )


def _regions(findings: Findings, lang: Lang) -> list[tuple[str, str]]:
    """The places of the companies, with their names."""
    codes = {as_text(row.get("region_code")) for _, row in findings.companies.nodes(data=True)}
    return [(code, region_name(code, lang)) for code in sorted(codes - {""})]


def _app() -> str:
    """The page's own script: its parts in one, so that they share what none else may see."""
    parts = "\n".join(asset(f"graph_{part}.js") for part in _SCRIPTS)
    return f'"use strict";\n(function () {{\n{parts}}})();\n'


def _map(index: Index, lang: Lang) -> dict[str, object]:
    """Products and inputs, where they stand, and the bands of the chains."""
    from pyvis.network import Network  # noqa: PLC0415 (heavy)

    products = index.findings.products
    shown = [
        node
        for node in products
        if as_text(index.balance.get(node, {}).get("state")) not in _HIDDEN_FIRST
    ]
    nearby = products.subgraph(shown or list(products))
    few, every = positions(nearby), positions(products)
    net = Network(directed=True)
    for node in sorted(products):
        row = {**products.nodes[node], **index.balance.get(node, {})}
        name = index.findings.product_name(node, lang)
        x, y = few.get(node, every[node])
        net.add_node(
            f"p:{node}",
            label=name,
            shape="custom",
            x=x,
            y=y,
            all=every[node],
            state=as_text(row.get("state")) or "off_map",
            use=as_text(row.get("use_state")),
            chain=as_text(row.get("chain")),
            evidence=as_text(row.get("evidence")),
            worth=_worth(index, node, row),  # `value` would make vis-network size the box
            mark=_mark(index, row, lang),
            met=as_number(row.get("self_sufficiency")),
            find=_find(node, row, name),
        )
    for source, target, data in sorted(products.edges(data=True), key=lambda edge: edge[:2]):
        if source != target:
            net.add_edge(f"p:{source}", f"p:{target}", kind=as_text(data.get("kind")))
    return {
        **_drawn(net),
        "bands": [[word("chain", chain, lang), *box] for chain, box in bands(nearby, few).items()],
        "bands_all": [
            [word("chain", chain, lang), *box] for chain, box in bands(products, every).items()
        ],
    }


def _mark(index: Index, row: dict[str, Any], lang: Lang) -> str:
    """The second line of a product's box: its state and the size of the gap."""
    state = word("state", row.get("state"), lang)
    if as_number(row.get("shortage")):
        figure = amount(row, "shortage", lang, span=False)
        return say("view.mark_short", lang, state=state, figure=figure)
    down = index.downstream.get(as_text(row.get("product_id")))
    if down and any(as_number(down.get(name)) for name in ("headroom", "headroom_high")):
        room = headroom(down, lang, index.feeds(down), span=False)
        return say("view.mark_headroom", lang, state=state, figure=room)
    if row.get("use_state") in {"short", "partial"}:
        use = word("use_state", row["use_state"], lang)
        return say("view.mark_use", lang, state=state, use=use)
    return state


def _worth(index: Index, product_id: str, row: dict[str, Any]) -> float | None:
    """Yuan a year of a product's gap: what is missing, or what a plant fed from here adds."""
    added = index.targets.get(product_id, {}).get("added")
    found = [amount for amount in map(as_number, (row.get("value"), added)) if amount is not None]
    return max(found, default=None)


def _firms(index: Index, lang: Lang) -> dict[str, object]:
    """Companies and links, where they stand."""
    from pyvis.network import Network  # noqa: PLC0415 (heavy)

    companies = index.findings.companies
    places = company_positions(companies)
    net = Network(directed=True)
    for node in sorted(companies):
        row = companies.nodes[node]
        name = index.findings.company_name(node, lang)
        makes = [index.findings.product_name(item, lang) for item in as_names(row.get("makes"))]
        mark = listing(makes, lang, most=2) or word("place", row.get("place"), lang)
        status = as_text(row.get("status")) or "operating"
        if status != "operating":
            mark = say("view.firm_mark", lang, status=word("status", status, lang), makes=mark)
        net.add_node(
            f"c:{node}",
            label=name,
            shape="custom",
            x=places[node][0],
            y=places[node][1],
            place=as_text(row.get("place")) or "unknown",
            anchor=row.get("is_anchor") is True,
            chain=as_text(row.get("chain")),
            built=status == "operating",
            status=status,
            where=as_text(row.get("region_code")),
            mark=mark,
            find=_find(node, row, name),
        )
    pairs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for supplier, customer, data in companies.edges(data=True):
        pairs[supplier, customer].add(as_text(data.get("evidence")))
    for supplier, customer in sorted(pairs):
        reported = bool(pairs[supplier, customer] - {"inferred", "derived", "expert", ""})
        net.add_edge(f"c:{supplier}", f"c:{customer}", reported=reported, dashes=not reported)
    return _drawn(net)


def _drawn(net: Any) -> dict[str, object]:  # noqa: ANN401 (pyvis has no types)
    """Nodes and edges as pyvis hands them to a template."""
    nodes, edges, *_ = net.get_network_data()
    return {"nodes": nodes, "edges": [edge for edge in edges if edge.pop("arrows", True)]}


def _find(node: str, row: dict[str, Any], name: str) -> str:
    """What the search box looks through."""
    parts = [node, name] + [
        as_text(row.get(key)) for key in ("name", "name_zh", "name_en", "alias", "sector_code")
    ]
    chinese = [part for part in dict.fromkeys(parts) if _CHINESE.search(part)]
    parts += [spelt for part in chinese for spelt in _pinyin(part)]
    return " ".join(dict.fromkeys(part for part in parts if part)).lower()


def _pinyin(name: str) -> tuple[str, str]:
    """A Chinese name by the initials of its syllables, and spelt out without tones."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (heavy)

    syllables = lazy_pinyin(name)
    return "".join(syllable[0] for syllable in syllables if syllable), "".join(syllables)
