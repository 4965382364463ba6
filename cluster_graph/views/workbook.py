"""The recruiters' workbook: the lists that a county's recruiting desk keeps, ready to print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cluster_graph.text import Lang, numbers, say, texts
from cluster_graph.text.cells import as_dicts, as_names, as_number, as_text, known
from cluster_graph.text.regions import region_name
from cluster_graph.views.desk_lists import follow_up, gaps, prospects
from cluster_graph.views.details import Index
from cluster_graph.views.findings import named
from cluster_graph.views.lists import TEN_THOUSAND, Desk, Row, columns, is_true, scaled, text_of
from cluster_graph.views.report_page import method_lines
from cluster_graph.views.sheets import Column, Link, Workbook
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cluster_graph.views.findings import Findings

# The bands in which the article counts projects, 10,000 yuan.
_BANDS: Final = ((100_000, "band_billion"), (10_000, "band_hundred_million"), (5_000, "band_fifty"))
_SHEETS: Final = ("links", "companies", "projects", "gaps", "prospects", "follow_up", "method")


def recruiting_workbook(findings: Findings, lang: Lang) -> bytes:
    """
    All lists in one Excel file.

    Sheets: the chain, companies, projects, gaps, companies to recruit, the follow-up list that
    reads back as projects, and how the figures are made. Unknown is blank; states stand in
    words, with a colour on top; sums follow the filters; names lead from sheet to sheet.

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
    desk = Desk(Index(findings), lang)
    book = Workbook()
    for add in (_chain, _companies, _projects, gaps, prospects, follow_up, _method):
        add(book, desk)
    return book.content()


def _chain(book: Workbook, desk: Desk) -> None:
    """Every product of the chain with its state."""
    lang, index = desk.lang, desk.index
    heads = columns(
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
    for product_id, row in index.balance.items():
        makers = list(
            dict.fromkeys(as_names(row.get("producers")) + as_names(row.get("unsized_producers")))
        )
        inside = product_id in graph
        name = named(row, lang) or product_id
        rows.append(
            [
                product_id,
                desk.gap([product_id]) if product_id in desk.gap_rows else name,
                word("chain", row.get("chain"), lang),
                word("stage", row.get("stage"), lang),
                as_text(row.get("sector_code")),
                len(makers),
                desk.local(makers),
                word("state", row.get("state"), lang),
                desk.word("use_state", row.get("use_state")),
                desk.products(sorted(graph.predecessors(product_id)) if inside else []),
                desk.products(sorted(graph.successors(product_id)) if inside else []),
                desk.word("gate", row.get("recruit_gate")),
                _grounds(row, lang),
            ]
        )
    book.add(desk.links_sheet, heads, rows, frozen=2)


def _companies(book: Workbook, desk: Desk) -> None:
    """Local companies with what they make, buy, sell and ask for."""
    lang, index = desk.lang, desk.index
    heads = columns(
        lang,
        "#view.number",
        "name",
        "uscc",
        "view.where",
        "chain",
        "view.main_products",
        "+revenue",
        "+tax",
        "+employees",
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
    wishes: dict[str, list[dict[str, Any]]] = {}
    for row in as_dicts(index.findings.wishes):
        wishes.setdefault(as_text(row.get("company_id")), []).append(row)
    rows: list[Row] = []
    for number, row in enumerate(as_dicts(index.findings.local_companies), start=1):
        company_id = as_text(row.get("company_id"))
        inside = company_id in graph
        asked = wishes.get(company_id, [])
        rows.append(
            [
                number,
                named(row, lang) or company_id,
                as_text(row.get("uscc")),
                region_name(as_text(row.get("region_code")), lang),
                desk.word("chain", row.get("chain")),
                _made(desk, row),
                row.get("revenue"),
                row.get("tax"),
                row.get("employees"),
                desk.companies(sorted(graph.predecessors(company_id)) if inside else []),
                desk.companies(sorted(graph.successors(company_id)) if inside else []),
                texts("word", lang)["yes"] if is_true(row.get("is_anchor")) else None,
                word("status", row.get("status") or "operating", lang),
                listing([_wish(desk, wish) for wish in asked], lang) or None,
                listing(dict.fromkeys(filter(None, (text_of(w, "contact") for w in asked))), lang),
                as_text(row.get("source")),
                as_text(row.get("as_of")),
            ]
        )
    total = say("view.total", lang)
    book.add(desk.companies_sheet, heads, rows, frozen=2, total=total)


def _made(desk: Desk, row: Mapping[str, Any]) -> str | None:
    """A company's products, each with its output or capacity where known."""
    sizes = row.get("sizes")
    parts = []
    for product_id in as_names(row.get("makes")):
        name = desk.findings.product_name(product_id, desk.lang)
        size = as_number(sizes.get(product_id)) if isinstance(sizes, dict) else None
        if size is not None:
            amount = numbers.quantity(size, desk.findings.product_unit(product_id), desk.lang)
            name = f"{name} {amount}"
        parts.append(name)
    return listing(parts, desk.lang) or None


def _wish(desk: Desk, wish: Mapping[str, Any]) -> str:
    """What a company asks for."""
    product = as_text(wish.get("product_id"))
    said = as_text(wish.get("content"))
    kind = say(f"template.wish_{wish['kind']}", desk.lang)
    name = desk.findings.product_name(product, desk.lang) if product else ""
    return " ".join(part for part in (kind, name, said) if part)


def _projects(book: Workbook, desk: Desk) -> None:
    """Recruited investments by stage, with the band of their investment."""
    lang = desk.lang
    heads = columns(
        lang,
        "#view.number",
        "view.projects",
        "investor",
        "view.content",
        "#capacity",
        "view.product_unit",
        "+investment",
        "view.band",
        "+land_m2",
        "+workshop_m2",
        "+view.expected_output",
        "view.follow_stage",
        "township",
        "enclave",
        "view.tax_split",
        "date",
        "responsible",
        "contact_unit",
        "next_step",
        "deadline",
        "difficulty",
        "source",
    )
    rows: list[Row] = []
    for number, row in enumerate(as_dicts(desk.findings.projects), start=1):
        product_id = as_text(row.get("product_id"))
        name = desk.products([product_id]) if product_id else None
        rows.append(
            [
                number,
                named(row, lang) or as_text(row.get("project_id")),
                text_of(row, "investor"),
                desk.product(product_id, name) if name else None,
                row.get("capacity"),
                numbers.unit_word(row.get("unit"), lang),
                row.get("investment"),
                _band(row.get("investment"), lang),
                row.get("land_m2"),
                row.get("workshop_m2"),
                _worth(desk, row),
                desk.word("stage", row.get("stage")),
                text_of(row, "township"),
                desk.yes_no(row.get("enclave")),
                say("view.tax_half", lang) if is_true(row.get("enclave")) else None,
                text_of(row, "date"),
                text_of(row, "responsible"),
                text_of(row, "contact_unit"),
                text_of(row, "next_step"),
                text_of(row, "deadline"),
                text_of(row, "difficulty"),
                text_of(row, "source"),
            ]
        )
    total = say("view.total", lang)
    book.add(say("view.sheet_projects", lang), heads, rows, frozen=2, total=total)


def _band(investment: object, lang: Lang) -> str | None:
    """The band that the article would count a project in."""
    amount = as_number(investment)
    if amount is None:
        return None
    key = next((key for least, key in _BANDS if amount >= least), "band_below")
    return say(f"view.{key}", lang)


def _worth(desk: Desk, row: Mapping[str, Any]) -> float | None:
    """A project's yearly output at its price, 10,000 yuan."""
    product_id, graph = as_text(row.get("product_id")), desk.findings.products
    price = as_number(graph.nodes[product_id].get("price")) if product_id in graph else None
    amount = as_number(row.get("capacity"))
    return None if price is None or amount is None else scaled(amount * price, 1 / TEN_THOUSAND)


def _method(book: Workbook, desk: Desk) -> None:
    """How the figures are made, what was assumed, where the rows come from."""
    findings, lang = desk.findings, desk.lang
    heading = texts("column", lang)
    chains = listing([word("chain", chain, lang) for chain in findings.chains], lang)
    rows: list[Row] = [
        [say("view.sheet_method", lang), say("view.method_intro", lang)],
        *(
            [say("view.contents", lang), Link(title, title, -1)]
            for title in (say(f"view.sheet_{name}", lang) for name in _SHEETS[:-1])
        ),
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
        for row in as_dicts(findings.sources)
    ]
    book.add(
        say("view.sheet_method", lang),
        [Column(say("view.item", lang)), Column(say("view.meaning", lang), wide=True)],
        rows,
    )


def _grounds(row: Mapping[str, Any], lang: Lang) -> str:
    """What the state rests on."""
    parts = [word("presence", row.get("presence"), lang)]
    if known(row.get("evidence")):
        parts.append(word("evidence", row["evidence"], lang))
    if is_true(row.get("single_source")):
        parts.append(texts("column", lang)["single_source"])
    return listing(dict.fromkeys(parts), lang)
