"""The follow-up list: what changed, how far projects got, which do not move."""

from typing import Final

TEXT: Final[dict[str, str]] = {
    "title": "Follow-up",
    "changed": "Changes in the list: {count}.",
    "reached": "Local projects: visited {visited}, negotiating {negotiating}, signed {signed}, landed {landed}, built {built} (each with those that got further).",
    "stalled": "Projects that do not move: {count} (past their deadline, or at one stage for more than a quarter); those without a date do not count.",
    "table_changes": "Changes",
    "columns_changes": "Project id|Project|Column|Before|Now",
    "new": "new project",
    "table_funnel": "Funnel",
    "by_month": "Month of the present stage",
    "by_chain": "Chain",
    "by_township": "Township",
    "all": "All",
    "outside": "outside the chains",
    "step_visited": "Visited",
    "step_negotiating": "Negotiating",
    "step_signed": "Signed",
    "step_landed": "Landed",
    "step_built": "Built",
    "to_negotiating": "Negotiating of visited",
    "to_signed": "Signed of negotiating",
    "to_landed": "Landed of signed",
    "to_built": "Built of landed",
    "no_stage": "Stage unknown",
    "table_stalled": "Projects that do not move",
    "columns_stalled": "Project id|Project|Stage|Stage reached|Days at it|Deadline|Days over|Responsible",
}
