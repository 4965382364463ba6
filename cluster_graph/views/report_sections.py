"""The rows of the report's sections, every cell already text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cluster_graph.chain.schema import NATURE_GATES, OPEN_GATE
from cluster_graph.text import Lang, numbers, say, texts
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
from cluster_graph.views.details import Index, company_names, product_names
from cluster_graph.views.facts import fact
from cluster_graph.views.figures import amount, headroom, is_implied, scale
from cluster_graph.views.findings import named
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cluster_graph.views.findings import Findings

Row = dict[str, Any]
GROUPS: Final = ("open", "gated", "nature")
_SITES_SHOWN: Final = 3
_NAMES_SHOWN: Final = 6
_UNSURE: Final = 10  # places between the best and the worst rank
_MONEY: Final = "value_"
# Where the report says more of each headline figure.
_SECTION: Final = {
    "companies_local": "sources",
    "companies_sized": "unknown",
    "products_made": "chains",
    "products_sized": "unknown",
    "gaps_upstream": "upstream",
    "gaps_downstream": "downstream",
    "recruitable_gaps": "upstream",
    "value_upstream": "upstream",
    "value_recruitable": "upstream",
    "targets": "targets",
    "projects_planned": "pipeline",
}
_PRICED: Final = "upstream_priced"  # how many gaps the value of them all is made of


def headline(findings: Findings, lang: Lang) -> list[Row]:
    """
    The headline figures that are present.

    Parameters
    ----------
    findings
        What to show.
    lang
        `zh` or `en`.

    Returns
    -------
    cards
        `label` and `figure` of each, and the `section` that says more of it.
    """
    catalogue = texts("view", lang)
    given = findings.headline
    gaps = [row for row in as_dicts(findings.gaps) if row.get("direction") == "upstream"]
    implied = any(is_implied(row) for row in gaps if as_number(row.get("value")))
    cards: list[Row] = []
    for key, value in given.items():
        if key == _PRICED:
            continue
        label = catalogue.get(f"headline_{key}", key)
        figure = numbers.quantity(value, "yuan" if key.startswith(_MONEY) else "", lang)
        if key.startswith(_MONEY) and implied and value is not None:
            figure = texts("word", lang)["partly_implied"].format(figure=figure)
        if key == "value_upstream" and given.get(_PRICED) is not None:
            label = say(
                "view.headline_value_upstream_of",
                lang,
                all=numbers.quantity(given.get("gaps_upstream"), "", lang),
                priced=numbers.quantity(given[_PRICED], "", lang),
            )
        cards.append({"label": label, "figure": figure, "section": _SECTION.get(key, "method")})
    return cards


def chains(index: Index, lang: Lang) -> list[Row]:
    """
    Chain by chain which products are in which state.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    chains
        `name` of the chain and its `groups`: `kind`, `word`, `products` with `name` and
        `figure`. A product made here that leaves unprocessed stands under short as well.
    """
    found: dict[str, dict[str, list[Row]]] = {}
    for row in index.balance.values():
        groups = found.setdefault(as_text(row.get("chain")), {})
        state = as_text(row.get("state"))
        groups.setdefault(state, []).append(
            {"name": _name(index, row, lang), "figure": _chain_figure(row, state, lang)}
        )
        if row.get("use_state") in {"short", "partial"}:
            groups.setdefault("short", []).append(
                {"name": _name(index, row, lang), "figure": _surplus(row, lang)}
            )
    order = [name for name in index.findings.chains if name in found]
    order += sorted(set(found) - set(order))
    return [
        {
            "name": word("chain", chain, lang),
            "groups": [
                {
                    "kind": state,
                    "word": say("view.short_or_partial", lang)
                    if state == "short"
                    else word("state", state, lang),
                    "products": found[chain][state],
                    "open": state not in {"outer", "off_map"},
                }
                for state in (
                    "strong",
                    "weak",
                    "broken",
                    "missing",
                    "short",
                    "planned",
                    "outer",
                    "off_map",
                )
                if state in found[chain]
            ],
        }
        for chain in order
    ]


def upstream(index: Index, lang: Lang) -> list[Row]:
    """
    Upstream gaps, each with the group it belongs to.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    gaps
        In the order of the frame; `group` is one of `GROUPS`.
    """
    return [
        {
            **_gap(index, row, lang),
            "group": group(row.get("recruit_gate")),
            "demand": amount(row, "demand", lang),
            "supply": amount(row, "supply", lang, span=False),
            "shortage": amount(row, "shortage", lang),
            "likely": _likely(index, row, lang),
            "total": say(
                "view.total_demand",
                lang,
                demand=amount(row, "total_demand", lang),
                shortage=amount(row, "total_shortage", lang),
            )
            if index.findings.total
            else "",
            "users": company_names(index, row.get("users"), lang, most=_NAMES_SHOWN),
            "implied": _implied(index, row, lang),
        }
        for row in index.upstream.values()
    ]


def group(gate: object) -> str:
    """
    How far recruiting can settle a gap.

    Parameters
    ----------
    gate
        The gate of its product.

    Returns
    -------
    group
        `open`; `gated`: a licence or a very large plant stands before it; `nature`: minerals,
        utilities or a main product decide.
    """
    name = as_text(gate)
    if name == OPEN_GATE:
        return "open"
    return "nature" if name in NATURE_GATES else "gated"


def downstream(index: Index, lang: Lang) -> list[Row]:
    """
    Downstream gaps with what feeds them.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    gaps
        In the order of the frame.
    """
    rows: list[Row] = []
    for row in index.downstream.values():
        binding = as_text(row.get("binding_input"))
        rows.append(
            {
                **_gap(index, row, lang),
                "fed_by": product_names(index, row.get("fed_by"), lang, most=_NAMES_SHOWN),
                "headroom": headroom(row, lang, index.feeds(row)),
                "binding": index.findings.product_name(binding, lang) if binding else "",
                "value_step": numbers.price(row.get("value_step"), row.get("unit"), lang),
                "value_multiplier": numbers.ratio(row.get("value_multiplier"), lang),
                "readiness": numbers.percent(row.get("readiness"), lang),
                "missing": product_names(index, row.get("missing_inputs"), lang, most=_NAMES_SHOWN),
            }
        )
    return rows


def targets(index: Index, lang: Lang) -> list[Row]:
    """
    Targets to recruit, and those listed apart because a gate stands before them.

    Parameters
    ----------
    index
        The findings.
    lang
        `zh` or `en`.

    Returns
    -------
    targets
        Best first as the frame has them; `listed` is `recruit` or `apart`, `group` one of
        `GROUPS`, `rank` blank where there is none.
    """
    found: list[Row] = []
    for row in as_dicts(index.findings.targets):
        product_id = as_text(row.get("product_id"))
        down = index.downstream.get(product_id, {})
        balance = index.balance.get(product_id, {})
        found.append(
            {
                "listed": "apart" if row.get("listed") == "apart" else "recruit",
                "group": group(row.get("gate")),
                "rank": as_text(row.get("rank")),
                "name": _name(index, row, lang),
                "id": product_id,
                "chain": word("chain", row.get("chain"), lang),
                "sector": as_text(row.get("sector_code")),
                "direction": word("direction", row.get("direction"), lang),
                "score": numbers.score(row.get("score"), lang),
                "coverage": numbers.percent(row.get("coverage"), lang),
                "components": components(row.get("components"), lang),
                "gate": word("gate", row.get("gate"), lang),
                "gate_kind": as_text(row.get("gate")),
                "scale": scale(row.get("scale"), balance, down, lang, index.feeds(down)),
                "range": _rank_range(row, lang),
                "scale_radius": _region(row.get("scale_radius"), lang),
                "missing": as_names(row.get("missing_inputs"))
                and product_names(index, row.get("missing_inputs"), lang, most=_NAMES_SHOWN),
                "reasons": as_names(row.get("reasons")),
                "leads": leads(index, row.get("leads"), lang),
                "sites": sites(row.get("sites"), lang),
            }
        )
    return found


def components(cell: object, lang: Lang) -> list[Row]:
    """
    The parts of a score.

    Parameters
    ----------
    cell
        Name of the component -> its value, None where unknown.
    lang
        `zh` or `en`.

    Returns
    -------
    parts
        `word`, `figure` and `width` (0-100) of each; no width where it is unknown.
    """
    parts: list[Row] = []
    for name, value in (cell if isinstance(cell, dict) else {}).items():
        number = as_number(value)
        parts.append(
            {
                "word": word("component", name, lang),
                "figure": numbers.score(number, lang),
                "width": None if number is None else round(100 * min(1.0, max(0.0, number))),
            }
        )
    return parts


def sites(cell: object, lang: Lang) -> list[Row]:
    """
    Where a target could stand.

    Parameters
    ----------
    cell
        The target's `sites`.
    lang
        `zh` or `en`.

    Returns
    -------
    sites
        `name`, `kind` (a word), `distance` (km, or nothing) and `reason` of the first three.
    """
    return [
        {
            "name": as_text(site["name"]),
            "kind": word("site", site["kind"], lang),
            "distance": numbers.quantity(site["distance_km"], "km", lang)
            if known(site["distance_km"])
            else "",
            "reason": as_text(site["reason"]),
        }
        for site in as_list(cell)[:_SITES_SHOWN]
        if isinstance(site, dict)
    ]


def occupancy(findings: Findings, lang: Lang) -> str:
    """How full the standard workshops are, in a sentence."""
    found = findings.occupancy
    areas = {
        name: numbers.quantity(getattr(found, name), "m2", lang)
        for name in ("built", "used", "aimed", "coming")
    }
    return say(
        "view.occupancy",
        lang,
        share=numbers.percent(found.share, lang),
        goal=numbers.percent(found.goal, lang),
        after=numbers.percent(found.share_after, lang),
        **areas,
    )


def leads(index: Index, cell: object, lang: Lang) -> list[Row]:
    """
    The leads to a target.

    Parameters
    ----------
    index
        The findings.
    cell
        Objects with `name`, `region_code`, `via`, `distance`, `reason`.
    lang
        `zh` or `en`.

    Returns
    -------
    leads
        `name`, `region`, `via` (name of the company that can introduce it), `way` (the
        recruiting way it suits, a word), `path` and `reason`.
    """
    return [
        {
            "name": named(lead, lang) or as_text(lead.get("prospect_id") or lead.get("company_id")),
            "region": _region(lead.get("region_code"), lang),
            "via": index.findings.company_name(as_text(lead["via"]), lang)
            if known(lead.get("via"))
            else "",
            "way": word("way", lead["way"], lang) if known(lead.get("way")) else "",
            "path": as_text(lead.get("path")),
            "reason": _warned(lead, lang),
        }
        for lead in as_list(cell)
        if isinstance(lead, dict)
    ]


def _warned(lead: dict[str, Any], lang: Lang) -> str:
    """Why a lead is one, and what speaks against it."""
    reason, flags = as_text(lead.get("reason")), as_names(lead.get("flags"))
    if not flags:
        return reason
    return say("reason.lead_flag", lang, reason=reason, flag=listing(flags, lang))


def projects(index: Index, lang: Lang) -> list[Row]:
    """Recruited investments that do not run yet: their stage and what each would add."""
    return [
        {
            "name": named(row, lang),
            "product": index.findings.product_name(as_text(row.get("product_id")), lang)
            if known(row.get("product_id"))
            else say("view.outside_chains", lang),
            "stage": word("stage", row.get("stage"), lang),
            "capacity": numbers.quantity(row.get("capacity"), row.get("unit"), lang),
            "investment": numbers.money(_times(row.get("investment"), 1e4), lang),
            "investor": as_text(row.get("investor")),
            "date": as_text(row.get("date")),
            "source": as_text(row.get("source")),
        }
        for row in as_dicts(index.findings.projects)
        if row.get("stage") != "operating"
    ]


def facts(findings: Findings, lang: Lang) -> list[Row]:
    """Figures of the survey: in Chinese as the source gives them, in English in known units."""
    return [
        {
            "category": word("category", row.get("category"), lang),
            "name": in_language(named(row, lang), lang),
            "value": fact(row, lang),
            "as_of": as_text(row.get("as_of")),
            "evidence": word("evidence", row.get("evidence"), lang),
        }
        for row in as_dicts(findings.facts)
    ]


def unsized(index: Index, lang: Lang) -> list[Row]:
    """Products whose producers or users are here without a known output."""
    return [
        {
            "name": _name(index, row, lang),
            "producers": company_names(index, row.get("unsized_producers"), lang),
            "users": company_names(index, row.get("unsized_users"), lang),
        }
        for row in index.balance.values()
        if as_names(row.get("unsized_producers")) or as_names(row.get("unsized_users"))
    ]


def ledger(findings: Findings, lang: Lang) -> list[Row]:
    """How many rows of each table were read, accepted, merged, rejected."""
    return [
        {
            "table": word("table", row.get("table"), lang),
            **{
                name: numbers.quantity(row.get(name), "", lang)
                for name in ("read", "accepted", "merged", "rejected")
            },
        }
        for row in as_dicts(findings.ledger)
    ]


def sources(findings: Findings, lang: Lang) -> list[Row]:
    """Where the rows come from."""
    return [
        {
            "source": as_text(row.get("source")) or texts("word", lang)["unknown"],
            "evidence": word("evidence", row.get("evidence"), lang),
            "rows": numbers.quantity(row.get("rows"), "", lang),
        }
        for row in as_dicts(findings.sources)
    ]


def _gap(index: Index, row: Mapping[str, Any], lang: Lang) -> Row:
    """What upstream and downstream gaps have in common."""
    return {
        "id": as_text(row.get("product_id")),
        "name": _name(index, row, lang),
        "chain": word("chain", row.get("chain"), lang),
        "sector": as_text(row.get("sector_code")),
        "state": word("state", row.get("state"), lang),
        "state_kind": as_text(row.get("state")),
        "absence": word("absence", row["absence"], lang) if known(row.get("absence")) else "",
        "single_source": row.get("single_source") is True,
        "gate": word("gate", row.get("recruit_gate"), lang),
        "gate_kind": as_text(row.get("recruit_gate")),
        "value": amount(row, "value", lang),
        "evidence": word("evidence", row.get("evidence"), lang),
    }


def _rank_range(row: Mapping[str, Any], lang: Lang) -> str:
    """The ranks that a target takes in nine draws of ten; nothing where it is not ranked."""
    low, high = as_number(row.get("rank_low")), as_number(row.get("rank_high"))
    if low is None or high is None:
        return ""
    key = "rank_unsure" if high - low >= _UNSURE else "rank_range"
    share = numbers.percent(row.get("p_top10"), lang)
    return say(f"view.{key}", lang, low=f"{low:.0f}", high=f"{high:.0f}", share=share)


def _likely(index: Index, row: Mapping[str, Any], lang: Lang) -> str:
    """The range that holds a shortage in nine draws of ten; nothing where it cannot move."""
    found = index.findings.likely.products
    name = as_text(row.get("product_id"))
    if name not in found.index or not as_number(row.get("shortage")):
        return ""
    low, high = as_number(found["shortage_5"][name]), as_number(found["shortage_95"][name])
    if low == high:
        return ""
    span = numbers.interval(low, high, row.get("unit"), lang)
    return say("view.likely_shortage", lang, range=span)


def _name(index: Index, row: Mapping[str, Any], lang: Lang) -> str:
    """Name of a row's product."""
    return named(row, lang) or index.findings.product_name(as_text(row.get("product_id")), lang)


def _implied(index: Index, row: Mapping[str, Any], lang: Lang) -> str:
    """Which sized products a figure rests on, in words; nothing where it rests on itself."""
    if not as_names(row.get("implied_by")):
        return ""
    return say("view.implied_by", lang, names=product_names(index, row["implied_by"], lang))


def _region(code: object, lang: Lang) -> str:
    """Name of a region, or nothing where no code is known."""
    return region_name(as_text(code), lang) if known(code) else ""


def _chain_figure(row: Mapping[str, Any], state: str, lang: Lang) -> str:
    """The figure that goes with a state: what is made, what is short, what would come."""
    column = {"strong": "supply", "planned": "planned_supply"}.get(state, "shortage")
    if not as_number(row.get(column)):
        return ""
    return say(f"view.chain_{column}", lang, figure=amount(row, column, lang, span=False))


def _surplus(row: Mapping[str, Any], lang: Lang) -> str:
    """What leaves unprocessed."""
    if not as_number(row.get("surplus")):
        return ""
    return say("view.chain_surplus", lang, figure=amount(row, "surplus", lang, span=False))


def _times(value: object, factor: float) -> float | None:
    """A figure in a smaller unit."""
    number = as_number(value)
    return None if number is None else number * factor
