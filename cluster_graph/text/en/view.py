"""Texts of the pages, the workbook and the screen in English."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "firm_mark": "{status} · {makes}",
    # figures and lines shared by the pages
    "coefficient": "{typical} {unit_in} per {unit_out} ({low} to {high})",
    "coefficient_only": "{typical} {unit_in} per {unit_out}",
    "project_line": "{stage}, capacity {capacity}",
    "implied_by": "implied by {names}",
    "as_of": "data as of {date}",
    "anchor": "anchor company",
    "buys_from": "Buys from",
    "sells_to": "Sells to",
    "inputs_of": "Inputs",
    "used_in": "Used in",
    "why": "Why",
    "prospects": "Prospects",
    "projects": "Projects",
    "value_step": "Value step",
    "investment": "Investment",
    "would_add": "Would add",
    "col_product": "Product",
    "comma": ", ",
    # the graph
    "graph_title": "Value chains of {region}",
    "views": "Views",
    "chain_map": "Chain map",
    "companies": "Companies",
    "search_hint": "Search products, companies, codes",
    "filter_chain": "Chain",
    "filter_use": "Use",
    "all": "All",
    "fit": "Fit",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "panel": "Details",
    "close": "Close",
    "drawing_label": (
        "Drawing: arrow keys move between boxes, plus and minus zoom, 0 fits, Enter goes to "
        "the details, Esc closes"
    ),
    "shown": "{count} of {total} shown",
    "no_match": "Nothing found",
    "matches": "{count} found",
    "map_empty": "There are no products to show.",
    "companies_empty": "There are no companies to show.",
    "noscript": "This drawing needs scripts enabled in the browser; report.html does not.",
    "mark_short": "{state} · short {figure}",
    "mark_headroom": "{state} · room for {figure}",
    "mark_use": "{state} · {use}",
    "key_bar": "local demand met",
    "key_short": "leaves unprocessed",
    "key_input": "input → user",
    "key_by_product": "by-product",
    "key_reported": "reported link",
    "key_inferred": "inferred link",
    # the report
    "report_title": "Value-chain gaps and recruiting targets of {region}",
    "report_under": "Region code {region}; chains: {chains}; data as of {date}.",
    "report_anchor": "Anchor company: {name}.",
    "anchor_note": "The figures are those of the whole cluster; gaps and targets are only what the anchor needs (upstream) or feeds (downstream).",
    "contents": "Contents",
    "section_headline": "Headline figures",
    "section_chains": "Chain by chain: strong, weak, broken, missing, short, planned",
    "section_upstream": "Upstream gaps",
    "section_downstream": "Downstream gaps",
    "section_targets": "Targets",
    "section_pipeline": "Projects in the pipeline",
    "section_facts": "Figures of the survey",
    "section_unknown": "What we do not know",
    "section_ledger": "Data ledger",
    "section_sources": "Sources",
    "section_method": "How the figures are made",
    "read_me_first": "Unknown is not zero: a product whose makers are here without a known output adds no tonnes and is not missing. The interval in brackets comes from the low and high coefficients. Figures marked implied rest on an output that is implied, not recorded; at least and at most mean that companies of unknown size are left out.",
    "short_or_partial": "short or partial",
    "chain_supply": "makes {figure}",
    "chain_planned_supply": "would add {figure}",
    "chain_shortage": "short {figure}",
    "chain_surplus": "surplus {figure}",
    "show_names": "Show the names",
    "nothing_here": "None.",
    "more_rows": "{count} more",
    "upstream_intro": (
        "Products that local producers need and that are missing or short locally, a year."
    ),
    "group_open": "No gate stands before these.",
    "group_gated": "A policy or a very large plant stands before these: first the approval or the scale, then the talks.",
    "group_nature": "Minerals, utilities and by-products are nothing that recruiting can settle; they are listed for the record.",
    "downstream_intro": (
        "Local products leave unprocessed although their users are missing, weak or planned here."
    ),
    "bound_by": "bound by {name}",
    "targets_intro": (
        "The score is a weighted mean of its components; an unknown one leaves the "
        "denominator and shows as missing coverage. A gate is hard: no points outvote it."
    ),
    "target_line": "Score {score} (coverage {coverage}); gate: {gate}; scale ratio: {scale}.",
    "scale_radius": "Reaches the minimum efficient scale within {radius}.",
    "still_missing": "Inputs still missing: {names}",
    "via": "{name} can introduce",
    "targets_apart": "{count} listed apart: {group}",
    "outside_chains": "outside the chosen chains",
    "pipeline_intro": (
        "Signed or under construction is not capacity: these projects show what they would "
        "add and never count as supply."
    ),
    "facts_intro": "As the source gives them, in English units where these are known; no calculation uses them.",
    "fact": "{value} {unit}",
    "unknown_intro": "These weigh on the figures above; add the data and run again.",
    "unsized_list": "Products with makers or users of unknown size",
    "ledger_intro": "Read = counted + merged + set aside; run cluster-graph check to see the rows set aside and to write rejects.csv.",
    "method_demand": (
        "Local demand = output of each local user × its coefficient, summed; low, typical "
        "and high coefficients give the interval."
    ),
    "method_implied": (
        "Implied: makers of unknown size are taken to make what their local users need and "
        "no more; such figures are marked implied, and are never short and never in surplus."
    ),
    "method_supply": (
        "Local supply = output of operating companies, summed, plus by-products; capacity "
        "times utilisation stands in only where output is blank, and says so."
    ),
    "method_shortage": (
        "Shortage = local demand − local supply, never below zero; self-sufficiency = the "
        "smaller of supply and demand / demand; value a year = shortage × reference price."
    ),
    "method_state": (
        "Strong: supply suffices, or two makers or more; weak: it does not, or one maker; "
        "broken: none here, though an operating local producer cannot do without; missing: "
        "none here, an optional input or a user of something made here; planned: only "
        "planned makers; outer: the chain does not look behind it."
    ),
    "method_headroom": (
        "Headroom = local surplus / coefficient: how much of the user product the surplus "
        "could feed."
    ),
    "method_value_step": (
        "Value step = price − sum of coefficients × prices of the inputs; value multiplier = "
        "price / (coefficient × price of the local product); readiness = value share of "
        "essential inputs that local producers can supply."
    ),
    "method_score": (
        "Score = weighted mean of need, leverage, readiness, scale, fit and momentum; the "
        "weights can be replaced."
    ),
    "method_planned": "Planned is not built: only operating output is supply.",
    # headline figures
    "headline_companies_local": "Local companies",
    "headline_companies_sized": "Companies with recorded output or capacity",
    "headline_products_made": "Products made here",
    "headline_products_sized": "Products with recorded output or capacity",
    "headline_gaps_upstream": "Upstream gaps",
    "headline_gaps_downstream": "Downstream gaps",
    "headline_recruitable_gaps": "Recruitable gaps (gated ones included)",
    "headline_targets": "Targets",
    "headline_projects_planned": "Local projects in the pipeline (in these chains)",
    "headline_value_upstream": "Upstream gaps, value a year",
    "headline_value_upstream_of": "Upstream gaps, value a year ({priced} of {all} have one)",
    "headline_value_recruitable": "Recruitable gaps (gated ones included), value a year",
    # the workbook
    "source_line": "{source} ({evidence}, {rows} rows)",
    "sheet_links": "Chain",
    "sheet_companies": "Companies",
    "sheet_projects": "Projects",
    "sheet_gaps": "Gaps",
    "sheet_prospects": "Prospects",
    "sheet_follow_up": "Follow-up",
    "sheet_method": "Method",
    "number": "No.",
    "product_unit": "Unit",
    "local_makers": "Local makers",
    "makers": "Makers",
    "inputs_from": "Inputs",
    "users_to": "Users",
    "grounds": "Grounds",
    "figures_are": "Nature of the figures",
    "recruiting": "Recruiting",
    "gap_kind": "Kind of gap",
    "needed_by": "Needed by",
    "demand_year": "Demand a year",
    "supply_year": "Supply a year",
    "shortage_year": "Shortage a year",
    "shortage_low_year": "Shortage, low",
    "shortage_high_year": "Shortage, high",
    "headroom_year": "Headroom a year",
    "headroom_high_year": "Headroom a year, at most",
    "value_10k": "Shortage value a year (10,000 yuan)",
    "step_yuan": "Value step (yuan)",
    "readiness_pct": "Readiness (%)",
    "priority": "Priority",
    "parts": "Components",
    "matching_gap": "Gap it would fill",
    "match_reason": "Why it matches",
    "introduced_by": "Introduced by",
    "where": "Location",
    "in_capital_region": "Beijing-Tianjin-Hebei",
    "flags": "Red flags",
    "contact_way": "How to approach",
    "contact_unit": "Unit in charge",
    "person": "Person in charge",
    "progress": "Progress",
    "main_products": "Main products",
    "demands": "Requests",
    "contact": "Contact",
    "is_head": "Anchor",
    "content": "Content and scale",
    "next_step": "Next step",
    "deadline": "Deadline",
    "difficulty": "Problems",
    "follow_date": "Date",
    "follow_company": "Company",
    "follow_person": "Who",
    "follow_form": "Form",
    "follow_result": "Result",
    "item": "Item",
    "meaning": "Meaning",
    "method_intro": "Made by cluster-graph; the figures are made as follows. Blank means unknown.",
    # the screen
    "summary_title": "{region}: {chains}",
    "summary_upstream": "Upstream gaps (recruitable, gated ones included, first {count})",
    "summary_downstream": "Downstream gaps (first {count})",
    "summary_targets": "Targets (first {count})",
    "headline_table": "Headline figures",
}
