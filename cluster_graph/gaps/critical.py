"""Which companies can bring the cluster down: the links as a network, and what its risks are."""

from dataclasses import dataclass
from typing import Any, Final, cast

import networkx as nx
import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.cluster.build import find_company
from cluster_graph.cluster.model import Cluster
from cluster_graph.cluster.risk import Network, cascade
from cluster_graph.cluster.stops import stops
from cluster_graph.flows.aggregate import LOCAL, OUTSIDE
from cluster_graph.gaps.activity import activity
from cluster_graph.gaps.downstream import supplied
from cluster_graph.gaps.needs import company_needs, own_sizes

COLUMNS: Final = (
    "rank",
    "company_id",
    "name",
    "name_en",
    "place",
    "esri",
    "esri_within",
    "own_share",
    "firms_hit",
    "products_exposed",
    "is_articulation",
    "bridges",
    "output_value",
    "basis",
    "evidence",
    "unsized_links",
)
STEPS: Final = (
    "step",
    "company_id",
    "kind",
    "before",
    "after",
    "product_id",
    "because_of",
)
_HIT: Final = 0.01  # of its output, from which a firm counts as hit
_EXPOSED: Final = 0.05  # of a product's local supply, from which it counts as exposed
_WAN: Final = 1e4
_FINE: Final = 1e-6  # of the index: what it may be off
_COARSE: Final = 1e-4  # the same for networks of more links than these
_MANY: Final = 50_000


@dataclass(frozen=True)
class Risk:
    """
    The companies of a cluster as a network, ready for what-stops-what.

    Parameters
    ----------
    network
        The links as arrays; firms and products in the order of the two below.
    companies
        company_id, name, name_en, place, output_value (yuan/year, what it makes beyond its
        own use; NaN where unknown), basis (`output`, `part_of_output`, `revenue`, `links` or
        `unknown`).
    products
        product_ids.
    evidence
        `reported` where the links are, `inferred` where none is reported: every local maker
        of a product then supplies every local user of it, in proportion to its size (equal
        parts where a size is unknown).
    unsized
        Of each link, whether its volume is not known and was taken to be the usual one.
    """

    network: Network
    companies: pd.DataFrame
    products: list[str]
    evidence: str
    unsized: np.ndarray[Any, np.dtype[np.bool_]]


def network(cluster: Cluster, balance: pd.DataFrame) -> Risk:
    """
    Turn a cluster's links into a network.

    Volumes are link values; without a value, quantity times reference price; without both,
    the middle volume of the known links. What a firm sells and takes beyond its links goes
    to and comes from outside, and never stops.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.

    Returns
    -------
    risk
        The network of all companies that have a link, and of all local ones.
    """
    act = activity(cluster)
    sizes, needs = own_sizes(act), company_needs(act)
    price = cluster.chain.products["price"]
    links, evidence = _reported(cluster, price), "reported"
    if links.empty:
        links, evidence = _inferred(balance, sizes, needs, price), "inferred"
    links = links[links["supplier_id"] != links["customer_id"]].reset_index(drop=True)
    local = cluster.companies_frame[cluster.companies_frame["place"] == LOCAL]["company_id"]
    firms = list(dict.fromkeys([*local, *links["supplier_id"], *links["customer_id"]]))
    products = list(dict.fromkeys([*links["product_id"], *sizes["product_id"]]))
    firm_at = {name: place for place, name in enumerate(firms)}
    product_at = {name: place for place, name in enumerate(products)}
    unsized = links["volume"].isna()
    usual = links["volume"].median()
    volume = links["volume"].fillna(1.0 if np.isnan(usual) else usual)
    essential = {
        (row[0], row[1])
        for row in needs.loc[needs["essential"], ["company_id", "product_id"]].itertuples(
            index=False
        )
    }
    is_essential = [
        pair in essential for pair in zip(links["customer_id"], links["product_id"], strict=True)
    ]
    customer, supplier = (links[f"{end}_id"].map(firm_at) for end in ("customer", "supplier"))
    need = _at_least(links.assign(volume=volume), needs, price)
    inputs = _sums(customer, volume, len(firms))
    inputs = np.maximum(inputs, _sums(*_needed(needs, price, firm_at), len(firms)))
    sold = _sums(supplier, volume, len(firms))
    # A firm's output is never a guess, though the weight of its links may be.
    known = _sums(supplier, links["volume"].fillna(0.0), len(firms))
    frame = _companies(cluster, firms, _beyond_own_use(sizes, needs), price, known)
    output = frame["output_value"].fillna(0.0).where(frame["place"] == LOCAL, 0.0)
    made = sizes[sizes["company_id"].isin(firm_at)]
    supply = made["size"].fillna(made.groupby("product_id")["size"].transform("median")).fillna(1.0)
    return Risk(
        Network(
            supplier=supplier.to_numpy(dtype=np.int64),
            customer=customer.to_numpy(dtype=np.int64),
            product=links["product_id"].map(product_at).to_numpy(dtype=np.int64),
            weight=volume.to_numpy(dtype=float),
            essential=np.array(is_essential, dtype=bool),
            need=need,
            inputs=inputs,
            sales=np.maximum(sold, frame["output_value"].fillna(0.0).to_numpy(dtype=float)),
            output=output.to_numpy(dtype=float),
            maker=made["company_id"].map(firm_at).to_numpy(dtype=np.int64),
            made=made["product_id"].map(product_at).to_numpy(dtype=np.int64),
            supply=supply.to_numpy(dtype=float),
        ),
        frame,
        products,
        evidence,
        unsized.to_numpy(dtype=bool),
    )


def critical(cluster: Cluster, balance: pd.DataFrame) -> pd.DataFrame:
    """
    Rank the companies by what their stop would cost the cluster.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.

    Returns
    -------
    critical
        Columns `COLUMNS`, one row a company, the most critical first. `esri` is the share of
        the known local output value lost when it stops, its `own_share` included, both NaN
        where its own output is unknown and nothing else falls; `esri_within` how far
        it may be off at most (large where losses hardly fade or are about to tip over);
        `firms_hit` how many others lose a hundredth or more; `products_exposed` objects
        `product_id`, `lost` (share of the local supply), from a twentieth on;
        `is_articulation` if the network falls apart without it; `bridges` the partners on whose
        single tie that hangs;
        `unsized_links` how many of its links have no volume.
    """
    risk = network(cluster, balance)
    net = risk.network
    whole = net.output.sum()
    graph = _undirected(risk)
    articulation = set(nx.articulation_points(graph))
    bridges: dict[int, list[str]] = {}
    ids = risk.companies["company_id"].tolist()
    for one, other in cast("list[tuple[int, int]]", list(nx.bridges(graph))):
        for end, partner in ((one, other), (other, one)):
            bridges.setdefault(end, []).append(ids[partner])
    links = np.bincount(
        np.concatenate([net.supplier[risk.unsized], net.customer[risk.unsized]]),
        minlength=net.size,
    )
    tolerance = _FINE if len(net.weight) <= _MANY else _COARSE
    found = stops(net, tolerance=tolerance, hit=_HIT, exposed=_EXPOSED)
    exposed = [
        [{"product_id": risk.products[place], "lost": lost} for place, lost in products]
        for products in found.exposed
    ]
    frame = risk.companies.assign(
        esri=found.index,
        esri_within=found.short,
        own_share=net.output / whole if whole > 0 else np.nan,
        firms_hit=found.hit,
        products_exposed=pd.Series(exposed, dtype=object),
        is_articulation=[place in articulation for place in range(net.size)],
        bridges=pd.Series(
            [sorted(bridges.get(place, [])) for place in range(net.size)], dtype=object
        ),
        evidence=risk.evidence,
        unsized_links=links,
    )
    unknown = frame["output_value"].isna() & (frame["place"] == LOCAL)
    frame["own_share"] = frame["own_share"].mask(unknown)
    frame["esri"] = frame["esri"].mask(unknown & (frame["esri"] <= 0))
    frame = frame.sort_values(
        ["esri", "firms_hit", "company_id"], ascending=[False, False, True], kind="stable"
    ).reset_index(drop=True)
    frame["rank"] = np.arange(1, len(frame) + 1)
    return frame[list(COLUMNS)]


def stop(cluster: Cluster, balance: pd.DataFrame, company: str) -> pd.DataFrame:
    """
    Follow the stop of one company step by step.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.
    company
        Its id, name, English name, credit code or alias.

    Returns
    -------
    steps
        Columns `STEPS`: the round, the company that falls, why (`stopped`, `input`, `sales`),
        its level before and after (0 to 1), the product that it lacks or cannot sell, and
        the company because of which.

    Raises
    ------
    InputError
        If no company, or more than one, is called that, or it has neither a link nor a place
        here.
    """
    company_id = find_company(cluster.companies_frame, company)
    risk = network(cluster, balance)
    ids = risk.companies["company_id"].tolist()
    if company_id not in ids:
        raise InputError("unlinked_company", value=company)
    net = risk.network
    records = []
    for fall in cascade(net, ids.index(company_id)):
        product = cause = ""
        if fall.link is not None:
            product = risk.products[net.product[fall.link]]
            ends = net.supplier if fall.kind == "input" else net.customer
            cause = ids[ends[fall.link]]
        records.append(
            {
                "step": fall.step,
                "company_id": ids[fall.firm],
                "kind": fall.kind,
                "before": fall.before,
                "after": fall.after,
                "product_id": product,
                "because_of": cause,
            }
        )
    return pd.DataFrame(records, columns=list(STEPS))


def _reported(cluster: Cluster, price: pd.Series) -> pd.DataFrame:
    """The reported ties, their volume in yuan a year."""
    columns = ["supplier_id", "customer_id", "product_id", "volume"]
    if cluster.trade is None:
        return pd.DataFrame(columns=columns)
    ties = cluster.trade.ties
    worth = ties["quantity"] * ties["product_id"].map(price).astype(float)
    return ties.assign(volume=(ties["value"] * _WAN).fillna(worth))[columns]


def _inferred(
    balance: pd.DataFrame, sizes: pd.DataFrame, needs: pd.DataFrame, price: pd.Series
) -> pd.DataFrame:
    """Every local maker to every local user of a product, by size, for what is made here."""
    share = supplied(balance)
    known = sizes.groupby("product_id")["size"].transform("count")
    makers = sizes.groupby("product_id")["size"].transform("size")
    whole = sizes.groupby("product_id")["size"].transform("sum")
    part = (sizes["size"] / whole).where((known == makers) & (whole > 0), 1.0 / makers)
    made = sizes.assign(part=part)[["company_id", "product_id", "part"]]
    pairs = needs.merge(made, on="product_id", suffixes=("", "_supplier"))
    worth = pairs["need"] * pairs["product_id"].map(price).astype(float)
    return pd.DataFrame(
        {
            "supplier_id": pairs["company_id_supplier"],
            "customer_id": pairs["company_id"],
            "product_id": pairs["product_id"],
            "volume": worth * pairs["part"] * pairs["product_id"].map(share).astype(float),
        }
    )


def _needed(
    needs: pd.DataFrame, price: pd.Series, firm_at: dict[str, int]
) -> tuple[pd.Series, pd.Series]:
    worth = (needs["need"] * needs["product_id"].map(price).astype(float)).fillna(0.0)
    return needs["company_id"].map(firm_at), worth


def _at_least(links: pd.DataFrame, needs: pd.DataFrame, price: pd.Series) -> Any:  # noqa: ANN401  an array
    """What each link's customer takes of its product in all, yuan a year."""
    keys = ["customer_id", "product_id"]
    sums = links.groupby(keys)["volume"].transform("sum")
    known = needs.assign(worth=needs["need"] * needs["product_id"].map(price).astype(float))
    known = known.rename(columns={"company_id": "customer_id"})[[*keys, "worth"]]
    worth = links[keys].merge(known, on=keys, how="left")["worth"].fillna(0.0)
    return np.maximum(sums.to_numpy(dtype=float), worth.to_numpy(dtype=float))


def _beyond_own_use(sizes: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """What each firm makes of each product beyond what it takes itself."""
    keys = ["company_id", "product_id"]
    own = sizes[keys].merge(needs[[*keys, "need"]], on=keys, how="left")["need"].fillna(0.0)
    return sizes.assign(size=(sizes["size"] - own.to_numpy()).clip(lower=0.0))


def _sums(firms: pd.Series, amounts: pd.Series, size: int) -> Any:  # noqa: ANN401  an array
    return np.bincount(
        firms.to_numpy(dtype=np.int64), weights=amounts.to_numpy(dtype=float), minlength=size
    )


def _companies(
    cluster: Cluster,
    firms: list[str],
    sizes: pd.DataFrame,
    price: pd.Series,
    sold: Any,  # noqa: ANN401  an array
) -> pd.DataFrame:
    """The firms of the network, with what each makes a year and on what that rests."""
    known = cluster.companies_frame.set_index("company_id")[["place", "revenue"]].to_dict("index")
    worth = sizes.assign(worth=sizes["size"] * sizes["product_id"].map(price).astype(float))
    grouped = worth.groupby("company_id")["worth"]
    value, whole = grouped.sum(min_count=1), grouped.agg("count") == grouped.agg("size")
    records = []
    for place, firm in enumerate(firms):
        row = known.get(firm, {"place": OUTSIDE, "revenue": np.nan})
        revenue = float(row["revenue"]) * _WAN
        made = float(value.get(firm, np.nan))
        options = (
            ("output", made if bool(whole.get(firm, False)) else np.nan),
            ("revenue", revenue),
            ("part_of_output", made),
            ("links", float(sold[place]) or np.nan),
        )
        basis, amount = next(
            ((name, amount) for name, amount in options if not np.isnan(amount)),
            ("unknown", np.nan),
        )
        records.append(
            {
                "company_id": firm,
                "name": cluster.company_name(firm, "zh"),
                "name_en": cluster.company_name(firm, "en"),
                "place": row["place"],
                "output_value": amount,
                "basis": basis,
            }
        )
    return pd.DataFrame(records)


def _undirected(risk: Risk) -> "nx.Graph[int]":
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(risk.network.size))
    pairs = zip(risk.network.supplier.tolist(), risk.network.customer.tolist(), strict=True)
    graph.add_edges_from(pairs)
    return graph
