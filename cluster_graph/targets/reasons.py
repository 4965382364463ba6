"""The reasons of a target in words: what each figure beside it says, in the reader's language."""

from typing import Any, Final

import numpy as np

from cluster_graph.chain.schema import OPEN_GATE
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.reach import COUNTRY
from cluster_graph.text import Lang, say, texts
from cluster_graph.text.numbers import estimate, money, percent, quantity
from cluster_graph.text.regions import region_name

_NAMED: Final = 3  # how many companies a sentence names before it counts


def reasons(cluster: Cluster, row: dict[Any, Any], lang: Lang) -> list[str]:
    """
    Say why a product is a target, and what speaks against it.

    Parameters
    ----------
    cluster
        A built cluster.
    row
        A row of the targets, with `smallest`, `planned_producers` and `planned_supply`.
    lang
        The language.

    Returns
    -------
    reasons
        Sentences: who needs it, what it would use, scale, inputs, gate, plans.
    """
    said = [
        _needed(cluster, row, lang),
        _wished(cluster, row, lang),
        _worth(row, lang),
        _fed(cluster, row, lang),
        _scale(row, lang),
        _inputs(cluster, row, lang),
        _gate(row, lang),
        _planned(row, lang),
    ]
    return [sentence for sentence in said if sentence]


def _known(value: Any) -> bool:  # noqa: ANN401  a cell
    return value is not None and not np.isnan(value)


def _companies(cluster: Cluster, ids: list[str], lang: Lang) -> str:
    names = [cluster.company_name(company, lang) for company in ids[:_NAMED]]
    line = say("word.join", lang).join(names)
    return say("reason.and_more", lang, names=line, count=len(ids)) if len(ids) > _NAMED else line


def _products(cluster: Cluster, ids: list[str], lang: Lang) -> str:
    return say("word.join", lang).join(cluster.chain.name(product, lang) for product in ids)


def _needed(cluster: Cluster, row: dict[Any, Any], lang: Lang) -> str:
    if not row["users"]:
        return ""
    users = _companies(cluster, row["users"], lang)
    if not _known(row["demand"]) or row["demand"] <= 0:
        return say("reason.needed_unsized", lang, users=users)
    unit = row["unit"]
    key = "needed" if not row["implied_by"] else "needed_implied"
    if row["unsized_users"]:
        key = f"{key}_at_least"
    return say(
        f"reason.{key}",
        lang,
        blind=_companies(cluster, row["unsized_users"], lang),
        users=users,
        demand=estimate(row["demand"], row["demand_low"], row["demand_high"], unit, lang),
        shortage=quantity(row["shortage"], unit, lang),
        causes=_products(cluster, row["implied_by"], lang),
    )


def _wished(cluster: Cluster, row: dict[Any, Any], lang: Lang) -> str:
    """Name the companies that asked for it themselves, on the sheet that they filled in."""
    wishes = cluster.tables.wishes
    if wishes.empty:
        return ""
    asked = wishes[(wishes["kind"] == "buy") & (wishes["product_id"] == row["product_id"])]
    if asked.empty:
        return ""
    who = _companies(cluster, list(asked["company_id"].unique()), lang)
    amount = float(asked["quantity"].sum(min_count=1))
    if np.isnan(amount):
        return say("reason.wished", lang, who=who)
    return say("reason.wished_sized", lang, who=who, amount=quantity(amount, row["unit"], lang))


def _worth(row: dict[Any, Any], lang: Lang) -> str:
    if _known(row["value"]) and row["value"] > 0:
        return say("reason.value", lang, value=money(row["value"], lang))
    if _known(row["added"]) and row["added"] > 0:
        return say("reason.added", lang, value=money(row["added"], lang))
    return say("reason.no_value", lang) if row["users"] else ""


def _fed(cluster: Cluster, row: dict[Any, Any], lang: Lang) -> str:
    if not row["fed_by"]:
        return ""
    feed = _products(cluster, row["fed_by"], lang)
    unit = row["unit"]
    if row["steps"] > 1:
        return say("reason.fed_over", lang, feed=feed, via=_products(cluster, row["via"], lang))
    if _known(row["headroom"]):
        return say("reason.fed", lang, feed=feed, room=quantity(row["headroom"], unit, lang))
    if _known(row["headroom_high"]):
        most = quantity(row["headroom_high"], unit, lang)
        return say("reason.fed_at_most", lang, feed=feed, room=most)
    return say("reason.fed_unsized", lang, feed=feed)


def _scale(row: dict[Any, Any], lang: Lang) -> str:
    if not _known(row["smallest"]):
        return say("reason.scale_unknown", lang)
    smallest = quantity(row["smallest"], row["unit"], lang)
    if not _known(row["scale"]):
        return say("reason.scale_unsized", lang, smallest=smallest)
    plants = f"{row['scale']:.2g}" if row["scale"] < 1 else f"{row['scale']:,.1f}"
    if row["scale"] >= 1:
        return say("reason.scale_here", lang, plants=plants, smallest=smallest)
    if not row["scale_radius"]:
        return say("reason.scale_nowhere", lang, plants=plants, smallest=smallest)
    radius = row["scale_radius"]
    where = (
        say("reason.country", lang)
        if radius == COUNTRY
        else say("word.join", lang).join(region_name(code, lang) for code in radius.split(","))
    )
    return say("reason.scale_wider", lang, plants=plants, smallest=smallest, where=where)


def _inputs(cluster: Cluster, row: dict[Any, Any], lang: Lang) -> str:
    if not _known(row["readiness"]):
        return ""
    share = percent(row["readiness"], lang)
    if not row["missing_inputs"]:
        return say("reason.ready", lang, share=share)
    missing = _products(cluster, row["missing_inputs"], lang)
    return say("reason.not_ready", lang, share=share, missing=missing)


def _gate(row: dict[Any, Any], lang: Lang) -> str:
    if row["gate"] == OPEN_GATE:
        return ""
    if not row["gate"]:
        return say("reason.gate_unknown", lang)
    known = f"gate_{row['gate']}" in texts("reason", lang)
    return say(f"reason.gate_{row['gate']}" if known else "reason.gate_other", lang)


def _planned(row: dict[Any, Any], lang: Lang) -> str:
    count = len(row["planned_producers"])
    if not count:
        return ""
    if _known(row["planned_supply"]):
        more = quantity(row["planned_supply"], row["unit"], lang)
        return say("reason.planned", lang, count=count, more=more)
    return say("reason.planned_unsized", lang, count=count)
