"""What was assumed and what is not known: the sentences below every report."""

from typing import Any

import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL, UNKNOWN
from cluster_graph.text import Lang, say
from cluster_graph.text.cells import as_dicts
from cluster_graph.text.numbers import digits, quantity

Note = tuple[str, dict[str, object]]


def notes(cluster: Cluster, balance: pd.DataFrame, gaps: pd.DataFrame, lang: Lang) -> list[Note]:
    """
    List the assumptions and the unknowns of an analysis, the weightiest first.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.
    gaps
        Its gaps, both directions.
    lang
        The language of the names inside the notes.

    Returns
    -------
    notes
        Key of a text and what it names.
    """
    return [
        *_assumed(cluster, balance, lang),
        *_unknown(cluster, gaps),
        *_doubled_plans(cluster, balance, lang),
        *_unchecked(cluster),
    ]


def _products(cluster: Cluster, ids: list[str], lang: Lang) -> str:
    return say("word.join", lang).join(cluster.chain.name(product, lang) for product in ids)


def _assumed(cluster: Cluster, balance: pd.DataFrame, lang: Lang) -> list[Note]:
    found: list[Note] = []
    if cluster.trade is None:
        found.append(("reason.note_no_links", {}))
    implied = list(balance.loc[balance["implied"], "product_id"])
    if implied:
        found.append(("reason.note_implied", {"products": _products(cluster, implied, lang)}))
    found += [
        (
            "reason.note_capacity",
            {
                "company": cluster.company_name(row["company_id"], lang),
                "product": cluster.chain.name(row["product_id"], lang),
                "capacity": quantity(row["capacity"], row["unit"], lang),
                "utilisation": digits(row["utilisation"]),
            },
        )
        for row in as_dicts(_running(cluster))
        if row["basis"] == "capacity"
    ]
    return found


def _running(cluster: Cluster) -> pd.DataFrame:
    makers = cluster.makers
    return makers[(makers["place"] == LOCAL) & (makers["role"] == "operating")]


def _unknown(cluster: Cluster, gaps: pd.DataFrame) -> list[Note]:
    unsized = _running(cluster)
    unsized = unsized[unsized["size"].isna()]
    upstream = gaps[gaps["direction"] == "upstream"]
    counts = {
        "note_unclear_users": int(upstream["unsized_users"].map(bool).sum()),
        "note_unpriced": int(upstream["value"].isna().sum()),
        "note_unplaced": int((cluster.companies_frame["place"] == UNKNOWN).sum()),
        "note_rejected": sum(count.rejected for count in cluster.tables.ledger.values()),
    }
    found: list[Note] = [
        (f"reason.{key}", {"count": count}) for key, count in counts.items() if count
    ]
    if len(unsized):
        sizes = {
            "count": int(unsized["company_id"].nunique()),
            "products": int(unsized["product_id"].nunique()),
        }
        found.insert(0, ("reason.note_unsized", dict(sizes)))
    for name, (taken, whole) in cluster.tables.parts.items():
        part = {"table": name, "taken": f"{taken:,}", "whole": f"{whole:,}"}
        found.insert(0, ("reason.note_part", dict(part)))
    return found


def _doubled_plans(cluster: Cluster, balance: pd.DataFrame, lang: Lang) -> list[Note]:
    rows = as_dicts(balance[balance["planned_supply"].notna()])
    return [
        (
            "reason.note_planned",
            {
                "product": cluster.chain.name(row["product_id"], lang),
                "more": quantity(row["planned_supply"], row["unit"], lang),
                "names": say("word.join", lang).join(_planned_names(cluster, row, lang)),
            },
        )
        for row in rows
        if len(row["planned_producers"]) > 1
    ]


def _planned_names(cluster: Cluster, row: dict[Any, Any], lang: Lang) -> list[str]:
    projects = cluster.tables.projects.set_index("project_id")
    column = "name" if lang == "zh" else "name_en"
    return [
        str(projects[column][name] or projects["name"][name])
        if name in projects.index
        else cluster.company_name(name, lang)
        for name in row["planned_producers"]
    ]


def _unchecked(cluster: Cluster) -> list[Note]:
    rows = cluster.chain.sized_inputs
    expert = int((rows["evidence"] == "expert").sum())
    found: list[Note] = [("reason.note_expert", {"count": len(rows), "expert": expert})]
    if cluster.tables.absences.empty:
        found.append(("reason.note_no_absence", {}))
    return found
