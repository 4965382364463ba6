"""The recruiting desk's own sheets: what is missing, whom to call, and the follow-up list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import networkx as nx

from cluster_graph.gaps.reach import COUNTRY
from cluster_graph.tables.follow_up import COLUMNS
from cluster_graph.tables.schema import STAGES
from cluster_graph.targets.leads import KINDS
from cluster_graph.text import numbers, say, texts
from cluster_graph.text.cells import (
    as_dicts,
    as_list,
    as_names,
    as_number,
    as_text,
    in_language,
    known,
)
from cluster_graph.text.regions import region_name
from cluster_graph.views.columns import component_line
from cluster_graph.views.figures import grounds
from cluster_graph.views.findings import named
from cluster_graph.views.lists import TEN_THOUSAND, Desk, Row, columns, is_true, scaled, text_of
from cluster_graph.views.report_sections import group
from cluster_graph.views.sheets import Column, Link
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cluster_graph.views.sheets import Workbook

_CAPITAL_REGION: Final = ("11", "12", "13")  # Beijing, Tianjin, Hebei
_SPARE: Final = 200  # blank rows for contacts of the month
_SITES: Final = 2
_REASONS: Final = 5


def gaps(book: Workbook, desk: Desk) -> None:
    """Upstream and downstream gaps with their figures, each in its own unit."""
    lang, index = desk.lang, desk.index
    heads = columns(
        lang,
        "#view.number",
        "chain",
        "view.col_product",
        "sector_code",
        "direction",
        "!view.gap_kind",
        "absence",
        "view.recruiting",
        "recruit_gate",
        "view.needed_by",
        "essential",
        "#view.unlocks",
        "view.bought_from",
        "view.product_unit",
        "#view.demand_year",
        "#view.supply_year",
        "#view.shortage_year",
        "#view.shortage_low_year",
        "#view.shortage_high_year",
        "+view.value_10k",
        "fed_by",
        "#view.headroom_year",
        "#view.headroom_high_year",
        "#view.step_yuan",
        "#view.readiness_pct",
        "missing_inputs",
        "view.figures_are",
        "implied_by",
        "#view.priority",
        "#rank_low",
        "#rank_high",
        "|score",
        "#view.coverage_pct",
        "view.parts",
        "#scale",
        "view.scale_where",
        "leads",
        "sites",
        "evidence",
    )
    essential: nx.DiGraph[str] = nx.DiGraph()
    essential.add_edges_from(
        (source, target)
        for source, target, data in index.findings.products.edges(data=True)
        if is_true(data.get("essential"))
    )
    sources = _sources(desk)
    first = _first_rows(desk)
    rows: list[Row] = []
    for number, row in enumerate([*index.upstream.values(), *index.downstream.values()], start=1):
        product_id = as_text(row.get("product_id"))
        target = index.targets.get(product_id, {})
        parts = target.get("components")
        users = essential.successors(product_id) if product_id in essential else ()
        here = [user for user in users if as_names(index.balance.get(user, {}).get("producers"))]
        reach = len(nx.descendants(essential, product_id)) if product_id in essential else 0
        coverage = target.get("coverage")
        rows.append(
            [
                number,
                word("chain", row.get("chain"), lang),
                desk.product(product_id, named(row, lang) or product_id),
                as_text(row.get("sector_code")),
                word("direction", row.get("direction"), lang),
                word("state", row.get("state"), lang),
                desk.word("absence", row.get("absence")),
                word("group", group(row.get("recruit_gate")), lang),
                desk.word("gate", row.get("recruit_gate")),
                desk.local(as_names(row.get("users"))),
                texts("word", lang)["yes"] if here else None,
                reach,
                listing(sources.get(product_id, ()), lang) or None,
                numbers.unit_word(row.get("unit"), lang),
                row.get("demand"),
                row.get("supply"),
                row.get("shortage"),
                row.get("shortage_low"),
                row.get("shortage_high"),
                scaled(row.get("value"), 1 / TEN_THOUSAND),
                desk.products(as_names(row.get("fed_by"))),
                row.get("headroom"),
                row.get("headroom_high"),
                row.get("value_step"),
                scaled(row.get("readiness"), 100),
                desk.products(as_names(row.get("missing_inputs"))),
                grounds(row, lang, index.feeds(row)),
                desk.products(as_names(row.get("implied_by"))),
                target.get("rank"),
                target.get("rank_low"),
                target.get("rank_high"),
                target.get("score"),
                scaled(coverage, 100),
                component_line(parts, lang) if isinstance(parts, dict) else None,
                target.get("scale"),
                _places(target.get("scale_radius"), desk),
                _first_lead(desk, target, first),
                _sites(desk, target),
                desk.word("evidence", row.get("evidence")),
            ]
        )
    total = say("view.total", lang)
    book.add(desk.gaps_sheet, heads, rows, frozen=3, total=total)


def _places(codes: object, desk: Desk) -> str | None:
    """Where the gap carries a plant."""
    if not known(codes):
        return None
    names = [
        say("reason.country", desk.lang) if code == COUNTRY else region_name(code, desk.lang)
        for code in as_text(codes).split(",")
    ]
    return listing(names, desk.lang)


def _sources(desk: Desk) -> dict[str, list[str]]:
    """Product -> the places outside that local companies are reported to buy it from."""
    graph = desk.findings.companies
    found: dict[str, list[str]] = {}
    for supplier, customer, data in graph.edges(data=True):
        product_id = as_text(data.get("product_id"))
        bought = graph.nodes[customer].get("place") == "local" and data["evidence"] == "reported"
        region = as_text(graph.nodes[supplier].get("region_code"))
        if bought and product_id and region and graph.nodes[supplier].get("place") != "local":
            name = region_name(region, desk.lang)
            if name not in found.setdefault(product_id, []):
                found[product_id].append(name)
    return found


def _sites(desk: Desk, target: Mapping[str, Any]) -> str | None:
    """The first sites of a target."""
    names = [
        f"{as_text(site['name'])} ({word('site', site['kind'], desk.lang)})"
        for site in as_list(target.get("sites"))[:_SITES]
        if isinstance(site, dict)
    ]
    return listing(names, desk.lang) or None


def _first_lead(desk: Desk, target: Mapping[str, Any], rows: Mapping[str, int]) -> object:
    """The first company to call, as a link to its row."""
    lead = next((one for one in as_list(target.get("leads")) if isinstance(one, dict)), None)
    if lead is None:
        return None
    row = rows.get(_key(lead))
    name = as_text(lead.get("name"))
    return name if row is None else Link(name, desk.prospects_sheet, row)


def _key(lead: Mapping[str, Any]) -> str:
    return as_text(lead.get("prospect_id")) or as_text(lead.get("company_id"))


def _leads(desk: Desk) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Leads by prospect or company: the product each would fill, and the lead."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for row in as_dicts(desk.findings.targets):
        for lead in as_list(row.get("leads")):
            if isinstance(lead, dict):
                found.setdefault(_key(lead), []).append((as_text(row.get("product_id")), lead))
    order = {kind: place for place, kind in enumerate(KINDS)}
    for some in found.values():
        some.sort(key=lambda pair: order.get(as_text(pair[1].get("kind")), len(order)))
    return found


def _called(desk: Desk) -> dict[str, dict[str, Any]]:
    """Everybody to call, in order: the prospects, then the leads that are none of them."""
    found: dict[str, dict[str, Any]] = {
        as_text(row.get("prospect_id")): row for row in as_dicts(desk.findings.prospects)
    }
    for key, some in _leads(desk).items():
        found.setdefault(key, some[0][1])
    return found


def _first_rows(desk: Desk) -> dict[str, int]:
    return {key: row for row, key in enumerate(_called(desk))}


def prospects(book: Workbook, desk: Desk) -> None:
    """Outside companies to call on, with the article's criteria and the way to them."""
    lang = desk.lang
    heads = columns(
        lang,
        "#view.number",
        "view.follow_company",
        "view.where",
        "view.in_capital_region",
        "view.main_products",
        "sector_code",
        "view.matching_gap",
        "view.tie",
        "view.match_reason",
        "view.standing",
        "+revenue",
        "#registered_capital",
        "listed_code",
        "high_tech",
        "specialised_new",
        "partners",
        "view.introduced_by",
        "view.path",
        "view.contact_way",
        "|view.company_score",
        "#view.coverage_pct",
        *(f"#view.mark_{name}" for name in ("strength", "tax", "technology", "green", "place")),
        "#view.tax_kept",
        "#view.tax_per_mu",
        "#view.energy_per_output",
        "view.flags",
        "view.contact_unit",
        "view.person",
        "view.progress",
        "source",
        "evidence",
        "as_of",
    )
    leads = _leads(desk)
    rows = [
        [number, *_prospect(desk, row, leads.get(key, []))]
        for number, (key, row) in enumerate(_called(desk).items(), start=1)
    ]
    book.add(desk.prospects_sheet, heads, rows, frozen=2, total=say("view.total", lang))


def _prospect(desk: Desk, row: Mapping[str, Any], leads: list[tuple[str, dict[str, Any]]]) -> Row:
    """The cells of one company; without known products its leads say what it would fill."""
    lang = desk.lang
    makes = [name.strip() for name in as_names(row.get("product_id"))]
    index = desk.index
    wanted = [name for name in makes if name in index.targets or name in index.upstream]
    wanted = wanted or list(dict.fromkeys(product_id for product_id, _ in leads))
    region = as_text(row.get("region_code"))
    near = region.startswith(_CAPITAL_REGION) if region else None
    reasons = list(dict.fromkeys(as_text(lead.get("reason")) for _, lead in leads))[:_REASONS]
    via = dict.fromkeys(as_text(lead.get("via")) for _, lead in leads if known(lead.get("via")))
    best: Mapping[str, Any] = leads[0][1] if leads else {}
    flags = best.get("flags") or [in_language(as_text(row.get("red_flags")), lang)]
    return [
        named(row, lang) or _key(row),
        region_name(region, lang) if region else None,
        desk.yes_no(near),
        desk.products(makes),
        text_of(row, "sector_code"),
        desk.gap(wanted),
        desk.word("lead", best.get("kind")),
        "\n".join(reason for reason in reasons if reason),
        text_of(row, "facts"),
        row.get("revenue"),
        row.get("registered_capital"),
        text_of(row, "listed_code"),
        desk.yes_no(row.get("high_tech")),
        desk.yes_no(row.get("specialised_new")),
        text_of(row, "partners"),
        desk.local(list(via)),
        text_of(best, "path"),
        desk.word("way", best.get("way")),
        best.get("score"),
        scaled(best.get("coverage"), 100),
        *(best.get(name) for name in ("strength", "tax", "technology", "green", "place")),
        best.get("tax_kept"),
        best.get("tax_per_mu"),
        best.get("energy_per_output"),
        listing([flag for flag in flags if flag], lang) or None,
        None,
        None,
        None,
        text_of(row, "source"),
        desk.word("evidence", row.get("evidence")),
        text_of(row, "as_of"),
    ]


def follow_up(book: Workbook, desk: Desk) -> None:
    """The projects as the desk follows them up, to be filled in and read back."""
    lang = desk.lang
    words = texts("word", lang)
    offered = {
        "stage": tuple(word("stage", stage, lang) for stage in STAGES),
        "enclave": (words["yes"], words["no"]),
    }
    figures = ("capacity", "investment")
    heads = [
        Column(
            say(f"view.follow_{key}", lang),
            "number" if key in figures else "text",
            choices=offered.get(key, ()),
        )
        for key in COLUMNS
    ]
    rows: list[Row] = []
    for row in as_dicts(desk.findings.projects):
        product_id = as_text(row.get("product_id"))
        cells = {key: text_of(row, key) for key in COLUMNS if key not in figures}
        rows.append(
            [
                {
                    **cells,
                    **{key: as_number(row.get(key)) for key in figures},
                    "link": desk.products([product_id]) if product_id else None,
                    "stage": desk.word("stage", row.get("stage")),
                    "enclave": desk.yes_no(row.get("enclave")),
                }[key]
                for key in COLUMNS
            ]
        )
    book.add(say("view.sheet_follow_up", lang), heads, rows, frozen=2, spare=_SPARE)
