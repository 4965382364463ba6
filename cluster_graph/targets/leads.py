"""Leads: outside companies that could come, and the local company that can introduce them."""

from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.tables.regions import BEIJING_TIANJIN_HEBEI, inside
from cluster_graph.text import Lang, say
from cluster_graph.text.cells import in_language

_FAR: Final = 9  # sorts behind every distance that the links know


def leads(cluster: Cluster, product_id: str, hosts: list[str], lang: Lang) -> list[dict[str, Any]]:
    """
    Whom to call about a product.

    First outside companies that already sell it to a local company (distance 1), then
    companies elsewhere that make it, then prospects that make it; within each, Beijing,
    Tianjin and Hebei first.

    Parameters
    ----------
    cluster
        A built cluster.
    product_id
        The product to recruit.
    hosts
        The local companies that need it or would feed it, the anchor first: the first of
        them can introduce whoever has no link of their own.
    lang
        The language of the reasons.

    Returns
    -------
    leads
        Dicts with prospect_id or company_id (the other None), name, region_code, via (the
        local company's id), distance (1 where a trade is reported, else None), reason, source.
    """
    host = hosts[0] if hosts else None
    found = _traders(cluster, product_id, lang)
    taken = {lead["company_id"] for lead in found}
    found += [
        lead for lead in _makers(cluster, product_id, host, lang) if lead["company_id"] not in taken
    ]
    found += _prospects(cluster, product_id, host, lang)
    return sorted(found, key=_order)


def _order(lead: dict[str, Any]) -> tuple[int, bool, bool]:
    near = inside(lead["region_code"], BEIJING_TIANJIN_HEBEI) if lead["region_code"] else False
    return lead["distance"] or _FAR, lead["prospect_id"] is not None, not near


def _traders(cluster: Cluster, product_id: str, lang: Lang) -> list[dict[str, Any]]:
    if cluster.trade is None:
        return []
    ties = cluster.trade.ties
    ties = ties[
        (ties["product_id"] == product_id)
        & (ties["customer_place"] == LOCAL)
        & (ties["supplier_place"] != LOCAL)
    ]
    ties = ties.sort_values(["quantity", "value"], ascending=False, na_position="last")
    regions = cluster.companies_frame.set_index("company_id")["region_code"]
    found = []
    for tie in ties.drop_duplicates("supplier_id").to_dict("records"):
        supplier, customer = tie["supplier_id"], tie["customer_id"]
        found.append(
            {
                "prospect_id": None,
                "company_id": supplier,
                "name": cluster.company_name(supplier, lang),
                "region_code": regions.get(supplier, tie["supplier_region"]),
                "via": customer,
                "distance": 1,
                "reason": say(
                    "reason.lead_supplies",
                    lang,
                    customer=cluster.company_name(customer, lang),
                    product=cluster.chain.name(product_id, lang),
                ),
                "source": tie["source"],
            }
        )
    return found


def _makers(
    cluster: Cluster, product_id: str, host: str | None, lang: Lang
) -> list[dict[str, Any]]:
    makers = cluster.makers
    rows = makers[
        (makers["product_id"] == product_id)
        & (makers["place"] != LOCAL)
        & (makers["role"] == "operating")
    ]
    regions = cluster.companies_frame.set_index("company_id")["region_code"]
    product = cluster.chain.name(product_id, lang)
    return [
        {
            "prospect_id": None,
            "company_id": row["company_id"],
            "name": cluster.company_name(row["company_id"], lang),
            "region_code": regions[row["company_id"]],
            "via": host,
            "distance": None,
            "reason": say("reason.lead_makes", lang, product=product),
            "source": row["source"],
        }
        for row in rows.to_dict("records")
    ]


def _prospects(
    cluster: Cluster, product_id: str, host: str | None, lang: Lang
) -> list[dict[str, Any]]:
    frame = cluster.tables.prospects
    rows = frame[[product_id in products for products in frame["product_id"]]]
    product = cluster.chain.name(product_id, lang)
    found = []
    for row in rows.to_dict("records"):
        reason = say("reason.lead_makes", lang, product=product)
        if row["red_flags"]:
            reason = say(
                "reason.lead_flag", lang, reason=reason, flag=in_language(row["red_flags"], lang)
            )
        english = row["name_en"] if lang == "en" else ""
        found.append(
            {
                "prospect_id": row["prospect_id"],
                "company_id": None,
                "name": english or row["name"],
                "region_code": row["region_code"],
                "via": host,
                "distance": None,
                "reason": reason,
                "source": row["source"],
            }
        )
    return found


def hosts(cluster: Cluster, companies: list[str]) -> list[str]:
    """
    Put the companies that can open doors first: anchors, then the order given.

    Parameters
    ----------
    cluster
        A built cluster.
    companies
        Ids of local companies.

    Returns
    -------
    hosts
        The same ids.
    """
    frame = cluster.companies_frame.set_index("company_id")
    anchors = set(frame.index[np.array([flag is True for flag in frame["is_anchor"]], dtype=bool)])
    near = anchors | set(frame.index[frame["parent_id"].isin(anchors)])
    return sorted(companies, key=lambda company: (company not in anchors, company not in near))


def largest_share(chain_inputs: pd.DataFrame, operating: set[str]) -> pd.Series:
    """
    The largest share of a local producer's cost that each input makes up.

    Parameters
    ----------
    chain_inputs
        The chain's inputs.
    operating
        Products with an operating local maker.

    Returns
    -------
    share
        0 to 1, indexed by input product; products without a known share are absent.
    """
    rows = chain_inputs[chain_inputs["output_id"].isin(operating)]
    return rows.groupby("input_id")["value_share"].max().dropna()
