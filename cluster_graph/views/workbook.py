"""The recruiters' workbook: the lists that a county's recruiting desk keeps, ready to print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import (
    as_list,
    as_names,
    as_number,
    as_text,
    in_language,
    known,
    records,
)
from cluster_graph.text.regions import region_name
from cluster_graph.views.columns import component_line
from cluster_graph.views.details import Index, company_names, product_names
from cluster_graph.views.figures import grounds
from cluster_graph.views.findings import named
from cluster_graph.views.report_page import method_lines
from cluster_graph.views.report_sections import group
from cluster_graph.views.sheets import Column, Workbook
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cluster_graph.views.findings import Findings

Row = list[object]
_TEN_THOUSAND: Final = 10_000
_CAPITAL_REGION: Final = ("11", "12", "13")  # Beijing, Tianjin, Hebei
_SHOWN: Final = 8  # names in one cell before the rest is only counted


def recruiting_workbook(findings: Findings, lang: Lang) -> bytes:
    """
    All lists in one Excel file.

    Sheets: the chain, companies, projects, gaps, prospects, a follow-up list to be filled
    in, and how the figures are made. Unknown is blank; states stand in words and colour.

    Parameters
    ----------
    findings
        What to list.
    lang
        Language of sheets, headings and words.

    Returns
    -------
    content
        The file.
    """
    index = Index(findings)
    book = Workbook()
    for add in (_chain, _companies, _projects, _gaps, _prospects, _follow_up, _method):
        add(book, index, lang)
    return book.content()


def _columns(lang: Lang, *specs: str) -> list[Column]:
    """
    Columns by the keys of their headings.

    A key may begin with `#` (figures) or `!` (states); `view.` marks a text of the views.
    """
    columns = []
    for spec in specs:
        key = spec.lstrip("#!")
        text = say(key, lang) if key.startswith("view.") else texts("column", lang)[key]
        columns.append(Column(text, "number" if spec[0] == "#" else "text", state=spec[0] == "!"))
    return columns


def _chain(book: Workbook, index: Index, lang: Lang) -> None:
    """Every product of the chain with its state."""
    columns = _columns(
        lang,
        "product_id",
        "view.col_product",
        "chain",
        "stage",
        "sector_code",
        "#view.local_makers",
        "view.makers",
        "!state",
        "use_state",
        "view.inputs_from",
        "view.users_to",
        "recruit_gate",
        "view.grounds",
    )
    graph = index.findings.products
    rows: list[Row] = []
    states: list[str] = []
    for product_id, row in index.balance.items():
        makers = list(
            dict.fromkeys(as_names(row.get("producers")) + as_names(row.get("unsized_producers")))
        )
        inside = product_id in graph
        rows.append(
            [
                product_id,
                named(row, lang) or product_id,
                word("chain", row.get("chain"), lang),
                word("stage", row.get("stage"), lang),
                as_text(row.get("sector_code")),
                len(makers),
                company_names(index, makers, lang, most=_SHOWN) if makers else None,
                word("state", row.get("state"), lang),
                _word_or_blank("use_state", row.get("use_state"), lang),
                _names(index, sorted(graph.predecessors(product_id)) if inside else [], lang),
                _names(index, sorted(graph.successors(product_id)) if inside else [], lang),
                _word_or_blank("gate", row.get("recruit_gate"), lang),
                _grounds(row, lang),
            ]
        )
        states.append(as_text(row.get("state")))
    book.add(say("view.sheet_links", lang), columns, rows, states=states, frozen=2)


def _companies(book: Workbook, index: Index, lang: Lang) -> None:
    """Local companies with what they make, buy and sell."""
    columns = _columns(
        lang,
        "#view.number",
        "name",
        "uscc",
        "view.where",
        "chain",
        "view.main_products",
        "#revenue",
        "#tax",
        "#employees",
        "view.buys_from",
        "view.sells_to",
        "view.is_head",
        "status",
        "view.demands",
        "view.contact",
        "source",
        "as_of",
    )
    graph = index.findings.companies
    words = texts("word", lang)
    rows: list[Row] = []
    for number, row in enumerate(records(index.findings.local_companies), start=1):
        company_id = as_text(row.get("company_id"))
        inside = company_id in graph
        rows.append(
            [
                number,
                named(row, lang) or company_id,
                as_text(row.get("uscc")),
                region_name(as_text(row.get("region_code")), lang),
                _word_or_blank("chain", row.get("chain"), lang),
                _names(index, as_names(row.get("makes")), lang),
                row.get("revenue"),
                row.get("tax"),
                row.get("employees"),
                _partners(index, sorted(graph.predecessors(company_id)) if inside else [], lang),
                _partners(index, sorted(graph.successors(company_id)) if inside else [], lang),
                words["yes"] if _is_true(row.get("is_anchor")) else None,
                word("status", row.get("status") or "operating", lang),
                None,
                None,
                as_text(row.get("source")),
                as_text(row.get("as_of")),
            ]
        )
    book.add(say("view.sheet_companies", lang), columns, rows, frozen=2)


def _projects(book: Workbook, index: Index, lang: Lang) -> None:
    """Recruited investments by stage."""
    columns = _columns(
        lang,
        "#view.number",
        "view.projects",
        "investor",
        "view.content",
        "#capacity",
        "view.product_unit",
        "#investment",
        "#land_m2",
        "#workshop_m2",
        "stage",
        "township",
        "date",
        "view.person",
        "view.contact_unit",
        "view.next_step",
        "view.deadline",
        "view.difficulty",
        "source",
    )
    rows: list[Row] = []
    for number, row in enumerate(records(index.findings.projects), start=1):
        rows.append(
            [
                number,
                named(row, lang) or as_text(row.get("project_id")),
                as_text(row.get("investor")),
                _names(index, as_names(row.get("product_id")), lang),
                row.get("capacity"),
                numbers.unit_word(row.get("unit"), lang),
                row.get("investment"),
                row.get("land_m2"),
                row.get("workshop_m2"),
                _word_or_blank("stage", row.get("stage"), lang),
                as_text(row.get("township")),
                as_text(row.get("date")),
                None,
                None,
                None,
                None,
                None,
                as_text(row.get("source")),
            ]
        )
    book.add(say("view.sheet_projects", lang), columns, rows, frozen=2)


def _gaps(book: Workbook, index: Index, lang: Lang) -> None:
    """Upstream and downstream gaps with their figures, each in its own unit."""
    columns = _columns(
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
        "view.product_unit",
        "#view.demand_year",
        "#view.supply_year",
        "#view.shortage_year",
        "#view.shortage_low_year",
        "#view.shortage_high_year",
        "#view.value_10k",
        "fed_by",
        "#view.headroom_year",
        "#view.headroom_high_year",
        "#view.step_yuan",
        "#view.readiness_pct",
        "missing_inputs",
        "view.figures_are",
        "implied_by",
        "#view.priority",
        "#score",
        "view.parts",
        "evidence",
    )
    rows: list[Row] = []
    states: list[str] = []
    for number, row in enumerate([*index.upstream.values(), *index.downstream.values()], start=1):
        product_id = as_text(row.get("product_id"))
        target = index.targets.get(product_id, {})
        parts = target.get("components")
        rows.append(
            [
                number,
                word("chain", row.get("chain"), lang),
                named(row, lang) or product_id,
                as_text(row.get("sector_code")),
                word("direction", row.get("direction"), lang),
                word("state", row.get("state"), lang),
                _word_or_blank("absence", row.get("absence"), lang),
                word("group", group(row.get("recruit_gate")), lang),
                _word_or_blank("gate", row.get("recruit_gate"), lang),
                _partners(index, as_names(row.get("users")), lang),
                numbers.unit_word(row.get("unit"), lang),
                row.get("demand"),
                row.get("supply"),
                row.get("shortage"),
                row.get("shortage_low"),
                row.get("shortage_high"),
                _scaled(row.get("value"), 1 / _TEN_THOUSAND),
                _names(index, as_names(row.get("fed_by")), lang),
                row.get("headroom"),
                row.get("headroom_high"),
                row.get("value_step"),
                _scaled(row.get("readiness"), 100),
                _names(index, as_names(row.get("missing_inputs")), lang),
                grounds(row, lang, index.feeds(row)),
                _names(index, as_names(row.get("implied_by")), lang),
                target.get("rank"),
                target.get("score"),
                component_line(parts, lang) if isinstance(parts, dict) else None,
                _word_or_blank("evidence", row.get("evidence"), lang),
            ]
        )
        states.append(as_text(row.get("state")))
    book.add(say("view.sheet_gaps", lang), columns, rows, states=states, frozen=3)


def _prospects(book: Workbook, index: Index, lang: Lang) -> None:
    """Outside companies to call on: the prospects, then the leads that are none of them."""
    columns = _columns(
        lang,
        "#view.number",
        "view.follow_company",
        "view.where",
        "view.in_capital_region",
        "view.main_products",
        "view.matching_gap",
        "view.match_reason",
        "#revenue",
        "high_tech",
        "listed_code",
        "view.introduced_by",
        "view.flags",
        "view.contact_way",
        "view.contact_unit",
        "view.person",
        "view.progress",
        "source",
        "evidence",
    )
    leads = _leads(index)
    rows: list[Row] = []
    seen: set[str] = set()
    for row in records(index.findings.prospects):
        prospect_id = as_text(row.get("prospect_id"))
        seen.add(prospect_id)
        makes = [name.strip() for name in as_names(row.get("product_id"))]
        rows.append(_prospect(index, row, makes, leads.get(prospect_id, []), lang))
    rows += [
        _prospect(index, found[0][1], [], found, lang)
        for lead_id, found in leads.items()
        if lead_id not in seen
    ]
    for number, cells in enumerate(rows, start=1):
        cells.insert(0, number)
    book.add(say("view.sheet_prospects", lang), columns, rows, frozen=2)


def _prospect(
    index: Index,
    row: Mapping[str, Any],
    makes: list[str],
    leads: list[tuple[str, dict[str, Any]]],
    lang: Lang,
) -> Row:
    """The cells of one prospect; without known products its leads say what it would fill."""
    wanted = [name for name in makes if name in index.targets or name in index.upstream]
    wanted = wanted or list(dict.fromkeys(product_id for product_id, _ in leads))
    region = as_text(row.get("region_code"))
    words = texts("word", lang)
    near = words["yes" if region.startswith(_CAPITAL_REGION) else "no"] if region else None
    reasons = dict.fromkeys(as_text(lead.get("reason")) for _, lead in leads)
    via = dict.fromkeys(as_text(lead.get("via")) for _, lead in leads if known(lead.get("via")))
    return [
        named(row, lang) or as_text(row.get("prospect_id") or row.get("company_id")),
        region_name(region, lang) if region else None,
        near,
        _names(index, makes, lang),
        _names(index, wanted, lang),
        "\n".join(reason for reason in reasons if reason),
        row.get("revenue"),
        words["yes"] if _is_true(row.get("high_tech")) else None,
        as_text(row.get("listed_code")),
        _partners(index, list(via), lang),
        in_language(as_text(row.get("red_flags")), lang),
        None,
        None,
        None,
        None,
        as_text(row.get("source")),
        _word_or_blank("evidence", row.get("evidence"), lang),
    ]


def _follow_up(book: Workbook, index: Index, lang: Lang) -> None:  # noqa: ARG001 (as the others)
    """Headings of the list that the desk fills in."""
    columns = _columns(
        lang,
        "view.follow_date",
        "view.follow_company",
        "view.follow_person",
        "view.follow_form",
        "view.follow_result",
        "view.next_step",
        "view.deadline",
    )
    book.add(say("view.sheet_follow_up", lang), columns, [])


def _method(book: Workbook, index: Index, lang: Lang) -> None:
    """How the figures are made, what was assumed, where the rows come from."""
    findings = index.findings
    heading = texts("column", lang)
    chains = listing([word("chain", chain, lang) for chain in findings.chains], lang)
    rows: list[Row] = [
        [say("view.sheet_method", lang), say("view.method_intro", lang)],
        [heading["region_code"], findings.region],
        [heading["chain"], chains],
        [heading["as_of"], findings.as_of],
    ]
    if findings.anchor:
        name = findings.company_name(findings.anchor, lang)
        rows += [
            [say("view.anchor", lang), name],
            [say("view.anchor", lang), say("view.anchor_note", lang)],
        ]
    rows += [[say("view.section_method", lang), line] for line in method_lines(findings, lang)]
    rows += [
        [say("view.section_unknown", lang), say(key, lang, **values)]
        for key, values in findings.notes
    ]
    rows += [
        [
            say("view.section_sources", lang),
            say(
                "view.source_line",
                lang,
                source=as_text(row.get("source")) or texts("word", lang)["unknown"],
                evidence=word("evidence", row.get("evidence"), lang),
                rows=numbers.quantity(row.get("rows"), "", lang),
            ),
        ]
        for row in records(findings.sources)
    ]
    book.add(
        say("view.sheet_method", lang),
        [Column(say("view.item", lang)), Column(say("view.meaning", lang), wide=True)],
        rows,
    )


def _leads(index: Index) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Leads by prospect or company: the product each would fill, and the lead."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for row in records(index.findings.targets):
        for lead in as_list(row.get("leads")):
            if isinstance(lead, dict):
                key = as_text(lead.get("prospect_id")) or as_text(lead.get("company_id"))
                found.setdefault(key, []).append((as_text(row.get("product_id")), lead))
    return found


def _names(index: Index, ids: list[str], lang: Lang) -> str | None:
    """Names of products, or a blank."""
    return product_names(index, ids, lang, most=_SHOWN) if ids else None


def _partners(index: Index, ids: list[str], lang: Lang) -> str | None:
    """Names of companies, or a blank."""
    return company_names(index, ids, lang, most=_SHOWN) if ids else None


def _word_or_blank(kind: str, value: object, lang: Lang) -> str | None:
    """The word for a value, or a blank where there is none."""
    return word(kind, value, lang) if known(value) else None


def _grounds(row: Mapping[str, Any], lang: Lang) -> str:
    """What the state rests on."""
    parts = [word("presence", row.get("presence"), lang)]
    if known(row.get("evidence")):
        parts.append(word("evidence", row["evidence"], lang))
    if _is_true(row.get("single_source")):
        parts.append(texts("column", lang)["single_source"])
    return listing(dict.fromkeys(parts), lang)


def _scaled(value: object, factor: float) -> float | None:
    """A figure in the heading's unit."""
    number = as_number(value)
    return None if number is None else round(number * factor, 4)


def _is_true(value: object) -> bool:
    """Whether a cell says yes."""
    return known(value) and str(value).lower() in {"true", "1", "1.0", "yes"}
