"""The cluster from one firm's desk: what it buys, what it sells on, who stands around it."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL, OUTSIDE
from cluster_graph.gaps.activity import Activity, activity
from cluster_graph.gaps.content import local_content
from cluster_graph.gaps.needs import company_needs, own_sizes

if TYPE_CHECKING:
    import networkx as nx

TIERS: Final = 3
PURCHASES: Final = (
    "product_id",
    "need",
    "need_low",
    "need_high",
    "whole",
    "own",
    "essential",
    "made",
    "bought_here",
    "bought_outside",
    "suppliers_here",
    "suppliers_outside",
    "makers_here",
    "single_source",
)
SALES: Final = (
    "product_id",
    "output",
    "own_use",
    "left",
    "customers_here",
    "customers_outside",
    "users_here",
)
AROUND: Final = ("side", "tier", "company_id", "place", "products", "via", "evidence")


@dataclass(frozen=True)
class AnchorView:
    """
    What a firm and its subsidiaries buy, sell and depend on.

    Parameters
    ----------
    purchases
        Columns `PURCHASES`: what it needs beyond its `own` output, units/year; NaN where
        unknown, a lower bound where not `whole`. Then what links report of it, its
        suppliers, and who else makes it here. `single_source`: one supplier is reported,
        or, without any report, one other maker is here.
    sales
        Columns `SALES`: what it makes beyond its `own_use`, by-products among them. `left`
        is what all local users together do not need: it leaves unprocessed.
    around
        Columns `AROUND`: suppliers (`up`) and customers (`down`) by tier, 1 to 3, each with
        the products that tie it, the company of the tier before it, and the evidence: where
        links of the firm are reported, these alone count; otherwise ties are inferred.
    content
        Local content of each of its products, as `gaps.content` gives it.
    """

    purchases: pd.DataFrame
    sales: pd.DataFrame
    around: pd.DataFrame
    content: pd.DataFrame


def anchor_view(cluster: Cluster, balance: pd.DataFrame) -> AnchorView:
    """
    Rebuild the picture around the cluster's anchor.

    Parameters
    ----------
    cluster
        Built with an anchor.
    balance
        Its balance.

    Returns
    -------
    view
        Four tables.
    """
    act = activity(cluster)
    sizes = own_sizes(act)
    own = sizes[sizes["company_id"].isin(cluster.anchor)]
    output = own.groupby("product_id", sort=False)["size"].agg(_whole)
    falls = _falling(act, output)
    output = output.fillna(falls)
    output = pd.concat([output, falls[~falls.index.isin(output.index)]])
    needs = company_needs(act)
    needs = needs[needs["company_id"].isin(cluster.anchor)]
    content = local_content(cluster, balance)
    return AnchorView(
        purchases=_purchases(cluster, balance, needs, output),
        sales=_sales(cluster, balance, needs, output),
        around=_around(cluster.companies, cluster.anchor),
        content=content[(content["level"] == "product") & content["id"].isin(output.index)],
    )


def _falling(act: Activity, output: pd.Series) -> pd.Series:
    """What falls as by-products of an output, units/year by product."""
    rows = act.chain.by_products
    rows = rows[rows["input_id"].isin(output.index)]
    amounts = rows["typical"] * rows["input_id"].map(output).astype(float)
    return amounts.groupby(rows["output_id"], sort=False).agg(_whole)


def _whole(amounts: "pd.Series[Any]") -> float:
    return float(amounts.astype(float).sum(skipna=False))


def _partners(ties: pd.DataFrame, end: str, place: str) -> list[str]:
    return sorted(set(ties.loc[ties[f"{end}_place"] == place, f"{end}_id"]))


def _ties(cluster: Cluster, end: str) -> pd.DataFrame:
    """What links report of the group's trade, with outsiders of the group, at one end."""
    columns = [f"{side}_{what}" for side in ("supplier", "customer") for what in ("id", "place")]
    if cluster.trade is None:
        return pd.DataFrame(columns=["product_id", "quantity", *columns])
    ties = cluster.trade.ties
    inside = ties["supplier_id"].isin(cluster.anchor) & ties["customer_id"].isin(cluster.anchor)
    return ties[ties[f"{end}_id"].isin(cluster.anchor) & ~inside]


def _purchases(
    cluster: Cluster, balance: pd.DataFrame, needs: pd.DataFrame, output: pd.Series
) -> pd.DataFrame:
    bought = _ties(cluster, "customer")
    makers = dict(zip(balance["product_id"], balance["producers"], strict=True))
    needed = {str(product): rows for product, rows in needs.groupby("product_id", sort=False)}
    records = []
    for product in dict.fromkeys([*needed, *bought["product_id"]]):
        rows = needed.get(product, needs.iloc[:0])
        ties = bought[bought["product_id"] == product]
        need = {
            name: float(rows[name].sum(min_count=1)) for name in ("need", "need_low", "need_high")
        }
        own = float(output.get(product, 0.0))
        in_house = product in output.index and not own < need["need"]
        if in_house and ties.empty:
            continue
        here = [name for name in makers.get(product, []) if name not in cluster.anchor]
        known = {
            place: _whole(ties.loc[ties["supplier_place"] == place, "quantity"])
            for place in (LOCAL, OUTSIDE)
        }
        everybody = set(ties["supplier_id"]) or set(here)
        records.append(
            {
                "product_id": product,
                **need,
                "whole": bool(rows["whole"].all()),
                "own": own,
                "essential": bool(rows["essential"].any()),
                "made": sorted({name for names in rows["made"] for name in names}),
                "bought_here": known[LOCAL] if len(ties) else np.nan,
                "bought_outside": known[OUTSIDE] if len(ties) else np.nan,
                "suppliers_here": _partners(ties, "supplier", LOCAL),
                "suppliers_outside": _partners(ties, "supplier", OUTSIDE),
                "makers_here": here,
                "single_source": len(everybody) == 1,
            }
        )
    frame = pd.DataFrame(records, columns=list(PURCHASES))
    worth = frame["need"] * frame["product_id"].map(cluster.chain.products["price"]).astype(float)
    order = pd.DataFrame({"worth": worth, "essential": frame["essential"]})
    order = order.sort_values(["worth", "essential"], ascending=False, kind="stable")
    return frame.loc[order.index].reset_index(drop=True)


def _sales(
    cluster: Cluster, balance: pd.DataFrame, needs: pd.DataFrame, output: pd.Series
) -> pd.DataFrame:
    sold = _ties(cluster, "supplier")
    table = balance.set_index("product_id")[["surplus", "users"]].to_dict("index")
    used = needs.groupby("product_id")["need"].sum(min_count=1)
    records = []
    for product, made in output.items():
        ties = sold[sold["product_id"] == product]
        row = table[product]
        own_use = float(used.get(product, 0.0))
        if made <= own_use and ties.empty:
            continue
        records.append(
            {
                "product_id": product,
                "output": made,
                "own_use": own_use,
                "left": row["surplus"],
                "customers_here": _partners(ties, "customer", LOCAL),
                "customers_outside": _partners(ties, "customer", OUTSIDE),
                "users_here": [name for name in row["users"] if name not in cluster.anchor],
            }
        )
    frame = pd.DataFrame(records, columns=list(SALES))
    return frame.sort_values("output", ascending=False, kind="stable").reset_index(drop=True)


def _around(graph: "nx.MultiDiGraph[Any]", group: Iterable[str]) -> pd.DataFrame:
    """Companies up to three steps away, over the firm's reported ties where there are any."""
    members = frozenset(company for company in group if company in graph)
    touching = [
        *graph.in_edges(members, data="evidence"),
        *graph.out_edges(members, data="evidence"),
    ]
    reported = any(evidence != "inferred" for _, _, evidence in touching)
    records: list[dict[str, Any]] = []
    for side in ("up", "down"):
        seen = set(members)
        layer = deque(sorted(members))
        for tier in range(1, TIERS + 1):
            found: dict[str, dict[str, Any]] = {}
            for company in layer:
                step = graph.in_edges if side == "up" else graph.out_edges
                for one, other, data in step(company, data=True):
                    partner = one if side == "up" else other
                    if partner in seen or (reported and data["evidence"] == "inferred"):
                        continue
                    row = found.setdefault(
                        partner,
                        {
                            "side": side,
                            "tier": tier,
                            "company_id": partner,
                            "place": graph.nodes[partner]["place"],
                            "products": [],
                            "via": company if tier > 1 else "",
                            "evidence": data["evidence"],
                        },
                    )
                    product = data["product_id"]
                    if product and product not in row["products"]:
                        row["products"].append(product)
            records += [found[company] for company in sorted(found)]
            seen |= set(found)
            layer = deque(sorted(found))
    return pd.DataFrame(records, columns=list(AROUND))
