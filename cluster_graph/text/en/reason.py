"""Reasons: why a target is listed, why a lead is worth a call, what was assumed."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "and_more": "{names} and others, {count} in all",
    "country": "the whole country",
    # reasons of a target
    "needed": "{users} need it: about {demand} a year; {shortage} are missing.",
    "needed_implied": "{users} need it: about {demand} a year, implied by the output of "
    "{causes}; {shortage} are missing.",
    "needed_at_least": "{users} need it: at least {demand} a year (what {blind} use is unknown and "
    "left out); at least {shortage} are missing.",
    "needed_implied_at_least": "{users} need it: at least {demand} a year, implied by the output of "
    "{causes} (what {blind} use is unknown and left out); at least {shortage} are missing.",
    "gate_unknown": "No gate is recorded; check first.",
    "needed_unsized": "{users} need it; how much is unknown.",
    "wished": "{who} asked to buy it locally.",
    "wished_sized": "{who} asked to buy it locally: {amount} a year.",
    "value": "At the reference price the gap is worth {value} a year.",
    "no_value": "The gap has no value in money; it is weighed by its share of its users' cost.",
    "added": "One plant of the smallest viable size would add about {value} a year.",
    "fed": "It would process local {feed}; the local surplus can feed {room} a year.",
    "fed_at_most": "It would process local {feed}; their output is unknown, and what feeds them "
    "allows {room} a year at most (other products share the same feed; the figures do not add up).",
    "fed_unsized": "It would process local {feed}; the local surplus is unknown.",
    "fed_over": "It would process local {feed} by way of {via}, which is missing here too.",
    "scale_unknown": "The smallest viable plant is not known.",
    "scale_unsized": "The smallest viable plant makes {smallest}; the size of the need is unknown, "
    "so nobody can say yet whether it carries one.",
    "scale_here": "It carries {plants} plants of the smallest viable size ({smallest}).",
    "scale_wider": "It carries only {plants} of the smallest viable plant ({smallest}) here; "
    "{where} carries one.",
    "scale_nowhere": "It carries only {plants} of the smallest viable plant ({smallest}) here, and "
    "no wider region in the data carries one.",
    "ready": "All essential inputs are made here ({share} by value).",
    "not_ready": "{share} of the essential inputs by value are made here; {missing} are missing.",
    "gate_policy_restricted": "Policy gate: a restricted sector, or one that needs capacity or "
    "energy quotas; clear the approval first.",
    "gate_scale_gated": "Scale gate: plants of normal size are far beyond a county; a long-term "
    "direction.",
    "gate_resource_bound": "Resource gate: geology decides, not recruiting; secure purchases or "
    "explore.",
    "gate_public_utility": "Public utility: it comes from the grid or the pipeline; no target.",
    "gate_by_product": "By-product: it comes with its main product and is not recruited alone.",
    "gate_other": "This product has a gate; check it first.",
    "planned": "{count} are under construction, signed or in talks and would make {more} together "
    "(a plan, not supply).",
    "planned_unsized": "{count} are under construction, signed or in talks, size unknown (a plan, "
    "not supply).",
    # leads
    "lead_supplies": "already supplies {product} to {customer}",
    "lead_makes": "makes {product}",
    "lead_takes": "already buys {product} from {supplier}; could process it here",
    "lead_beyond": "already supplies {product} to {partner}, which trades with a local firm",
    "lead_input": "makes {product}, an input of {target}; could take the next step",
    "lead_buys": "makes {product}, which takes {target}; can name its suppliers",
    "path_buys_from": "(buys {product} from)",
    "path_sells_to": "(sells {product} to)",
    "path_trades": "(trades with)",
    "path_makes": "(needs {product}, made by)",
    "path_takes": "(can supply what {product} is made of, made by)",
    "path_input": "({product}, an input of {target}, made by)",
    "path_buys": "({target} also goes into {product}, made by)",
    "flag_paid_in": "only {share:.0%} of the registered capital is paid in",
    "flag_young": "founded only in {year}",
    "flag_staff": "only {count} employees",
    "flag_abnormal": "listed for abnormal operation",
    "flag_project": "stands behind the project '{project}' already ({stage}): one project counts once",
    # sites
    "site_idle": "plant of a firm that stands idle",
    "site_closed": "plant of a firm that has closed",
    "site_same": "made the same kind of product",
    "site_planned": "aimed at, not built yet",
    "site_no_area": "area unknown",
    "site_use_unknown": "{free} in all; how much of it is taken is unknown",
    "site_no_need": "{free} free; area needed unknown",
    "site_fits": "{free} free, enough for the smallest viable plant ({needed})",
    "site_too_small": "{free} free, too small for the smallest viable plant ({needed})",
    "site_plant_unknown": "fit with a standard workshop unknown",
    "site_standard": "fits a standard workshop",
    "lead_flag": "{reason}; mind: {flag}",
    # assumptions and unknowns
    "note_capacity": "{company} has no output of {product}; its capacity {capacity} times a "
    "utilisation of {utilisation} stands in.",
    "note_unsized": "{products} products of {count} local companies have neither output nor "
    "capacity: they count as made here and add no tonnes.",
    "note_no_links": "There is no table of links: who supplies whom is inferred from who makes "
    "what and who needs what, and the graph says so.",
    "note_unplaced": "{count} companies have no location; they are neither local nor outside.",
    "note_implied": "The output of {products} is unknown and assumed to be just what local users "
    "need; every figure that rests on it says implied.",
    "note_unpriced": "{count} upstream gaps have no value in money (no price or no quantity) and "
    "stand behind those that have one.",
    "note_unclear_users": "In {count} gaps the size of users is unknown, so demand is unknown or "
    "a lower bound.",
    "note_planned": "{product}: plans add up to {more} ({names}). They are at different stages and "
    "may replace each other, so the sum may count twice.",
    "note_rejected": "{count} rows were set aside; cluster-graph check says why.",
    "note_expert": "Of {count} technical coefficients {expert} are expert knowledge; ask the "
    "companies about those that matter most.",
    "note_no_absence": "No record is not absence: nobody has checked the missing products yet; "
    "write what was checked into the absences table.",
    "note_part": "Only a part of a large table was taken: {taken} of {whole} rows of {table}, the local companies and their partners. Demand and output of wider regions count only the companies taken, and so are too low.",
}
