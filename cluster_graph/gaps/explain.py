"""Where a figure comes from: the rows, coefficients and formulas behind a product's balance."""

import difflib
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.chain.model import Chain
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.gaps.activity import Activity, activity
from cluster_graph.gaps.content import local_content
from cluster_graph.gaps.likely import levers, likely
from cluster_graph.gaps.reach import reach
from cluster_graph.tables.products import match_product
from cluster_graph.text.cells import as_dicts

_NEAR: Final = 3  # close names that a message shows
_LEVERS: Final = 8
FIGURES: Final = (
    "product_id",
    "name_zh",
    "name_en",
    "chain",
    "unit",
    "state",
    "use_state",
    "presence",
    "absence",
    "demand",
    "demand_low",
    "demand_high",
    "total_demand",
    "supply",
    "planned_supply",
    "shortage",
    "shortage_low",
    "shortage_high",
    "surplus",
    "self_sufficiency",
    "local_purchases",
    "outside_purchases",
    "latent_match",
    "price",
    "price_low",
    "price_high",
    "value",
    "value_low",
    "value_high",
    "evidence",
    "implied_by",
    "unsized_users",
)


@dataclass(frozen=True)
class Explanation:
    """
    What stands behind the figures of one product.

    Parameters
    ----------
    figures
        The product's row of the balance, with its reference price.
    demand
        One row for each local user product: user, coefficient (low, typical, high), activity
        (units/year of the user), basis (`sized`, `implied`, `unsized`), amount = coefficient
        x activity, companies, evidence, source. The amounts add up to the demand.
    supply
        One row for each local maker: company_id, amount, basis (`output`, `capacity`,
        `links`, `by_product`, `implied`, `none`), capacity, utilisation, role, from (the main
        product of a by-product), evidence, source, as_of, note.
    inputs
        What making one unit takes: input, coefficient, evidence, source.
    likely
        `shortage_5`, `shortage_95`, `value_5`, `value_95`, `p_short`, `p_plant` and the number
        of `draws`, as `gaps.likely` gives them; empty where the shortage is unknown.
    levers
        The coefficients that its shortage hangs on, as `gaps.likely.levers` gives them.
    content
        Its local content, as `gaps.content` gives it; empty where it is not made here.
    links
        The reported ties that its purchases and sales add up: supplier_id, customer_id,
        supplier_place, customer_place, quantity (units/year), value (10,000 yuan/year), links
        (how many rows), evidence, source.
    reach
        The product from the region outwards, as `gaps.reach` gives it.
    wishes
        What companies ask for that has to do with it: company_id, kind, content, quantity
        (units of the product), date, as_of, source.
    """

    figures: dict[str, Any]
    demand: pd.DataFrame
    supply: pd.DataFrame
    inputs: pd.DataFrame
    likely: dict[str, float]
    levers: pd.DataFrame
    content: dict[str, Any]
    links: pd.DataFrame
    reach: pd.DataFrame
    wishes: pd.DataFrame


def find_product(chain: Chain, name: str) -> str:
    """
    Find a product as the tables do: by id, name, part of a name, alias or a near spelling.

    Parameters
    ----------
    chain
        The reference chain.
    name
        What the user wrote.

    Returns
    -------
    product_id
        The only product that fits.

    Raises
    ------
    InputError
        If none or several fit; the message names close ones.
    """
    products = chain.products
    found = match_product(name, products)
    if found.product_id is not None:
        return found.product_id
    # Whoever writes Chinese reads it; who writes an id or English may not.
    lang = "en" if name.isascii() else "zh"
    labels = {
        product: f"{product} {chain.name(product, lang)}" for product in products["product_id"]
    }
    if found.how == "tie":
        several = ", ".join(labels[product] for product, _ in found.candidates)
        raise InputError("product_twice", value=name, found=several)
    wanted = name.strip().casefold()
    within = [product for product, label in labels.items() if wanted and wanted in label.casefold()]
    spelt = difflib.get_close_matches(name.strip().upper(), list(labels), n=_NEAR)
    alike = [product for product, _ in found.candidates]
    near = list(dict.fromkeys([*within, *spelt, *alike]))[:_NEAR]
    if near:
        names = ", ".join(labels[product] for product in near)
        raise InputError("unknown_product_near", value=name, names=names)
    raise InputError("unknown_product_name", value=name)


def explain(cluster: Cluster, balance: pd.DataFrame, product_id: str) -> Explanation:
    """
    Take a product's balance apart into the rows that made it.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.
    product_id
        The product.

    Returns
    -------
    explanation
        Figures, and the rows behind demand, supply and inputs.
    """
    act = activity(cluster)
    row = balance.set_index("product_id", drop=False).loc[product_id]
    prices = cluster.chain.products.loc[product_id]
    figures = {name: prices[name] if name.startswith("price") else row[name] for name in FIGURES}
    ranges = likely(cluster, balance)
    sure = {}
    if product_id in ranges.products.index:
        sure = {**ranges.products.loc[product_id].to_dict(), "draws": ranges.draws}
    content = local_content(cluster, balance)
    own = content[(content["level"] == "product") & (content["id"] == product_id)]
    return Explanation(
        figures=figures,
        demand=_demand(act, product_id),
        supply=_supply(act, product_id),
        inputs=_inputs(cluster.chain, product_id),
        likely={str(name): float(figure) for name, figure in sure.items()},
        levers=levers(cluster, balance, product_id).head(_LEVERS),
        content={str(name): cell for name, cell in own.iloc[0].items()} if len(own) else {},
        links=_links(cluster, product_id),
        reach=reach(cluster, product_id),
        wishes=_wishes(cluster, product_id),
    )


def _demand(act: Activity, product_id: str) -> pd.DataFrame:
    ids = act.chain.products.index
    level = pd.Series(act.level(), index=ids)
    implied = set(ids[act.is_implied])
    rows = act.chain.needs[act.chain.needs["input_id"] == product_id]
    records = []
    for record in as_dicts(rows):
        user = record["output_id"]
        if user not in act.operating:
            continue
        known = level[user] > 0
        basis = "implied" if user in implied else "sized" if known else "unsized"
        run = level[user] if known else None
        records.append(
            {
                "user": user,
                "kind": record["kind"],
                "essential": record["essential"],
                "low": record["low"],
                "typical": record["typical"],
                "high": record["high"],
                "activity": run,
                "basis": basis,
                "amount": record["typical"] * level[user] if known else None,
                "companies": act.operating[user],
                "evidence": record["evidence"],
                "source": record["source"],
                "note": record["note"],
            }
        )
    columns = [
        "user",
        "kind",
        "essential",
        "low",
        "typical",
        "high",
        "activity",
        "basis",
        "amount",
        "companies",
        "evidence",
        "source",
        "note",
    ]
    frame = pd.DataFrame(records, columns=columns)
    numbers = dict.fromkeys(("low", "typical", "high", "activity", "amount"), float)
    frame = frame.astype(numbers)
    return frame.sort_values("amount", ascending=False, kind="stable").reset_index(drop=True)


def _supply(act: Activity, product_id: str) -> pd.DataFrame:
    makers = act.cluster.makers
    rows = makers[(makers["place"] == LOCAL) & (makers["product_id"] == product_id)]
    ids = act.chain.products.index
    level = pd.Series(act.level(), index=ids)
    implied = bool(act.is_implied[ids.get_loc(product_id)])
    records = []
    for row in as_dicts(rows):
        counts = row["role"] == "operating"
        records.append(
            {
                "company_id": row["company_id"],
                "role": row["role"],
                "amount": row["size"] if counts else 0.0,
                "basis": row["basis"],
                "capacity": row["capacity"],
                "utilisation": row["utilisation"],
                "from": "",
                **{name: row[name] for name in ("evidence", "source", "as_of", "note")},
            }
        )
    if implied:
        records.append(
            {
                "company_id": "",
                "role": "operating",
                "amount": level[product_id],
                "basis": "implied",
                "from": ", ".join(act.implied_by[product_id]),
                "evidence": "derived",
            }
        )
    falls = act.chain.by_products
    for record in as_dicts(falls[falls["output_id"] == product_id]):
        main = record["input_id"]
        if level[main] > 0:
            records.append(
                {
                    "company_id": ", ".join(act.operating[main]),
                    "role": "operating",
                    "amount": record["typical"] * level[main],
                    "basis": "by_product",
                    "from": main,
                    **{name: record[name] for name in ("evidence", "source", "note")},
                }
            )
    columns = [
        "company_id",
        "role",
        "amount",
        "basis",
        "capacity",
        "utilisation",
        "from",
        "evidence",
        "source",
        "as_of",
        "note",
    ]
    frame = pd.DataFrame(records, columns=columns)
    numbers = dict.fromkeys(("amount", "capacity", "utilisation"), float)
    texts = [name for name in columns if name not in numbers]
    return frame.astype({**numbers, **dict.fromkeys(texts, object)}).fillna(
        dict.fromkeys(texts, "")
    )


def _inputs(chain: Chain, product_id: str) -> pd.DataFrame:
    rows = chain.needs_of(product_id)
    columns = [
        "input_id",
        "kind",
        "essential",
        "low",
        "typical",
        "high",
        "unit",
        "value_share",
        "evidence",
        "source",
        "note",
    ]
    return rows[columns].rename(columns={"input_id": "input"}).reset_index(drop=True)


def _wishes(cluster: Cluster, product_id: str) -> pd.DataFrame:
    rows = cluster.tables.wishes
    columns = ["company_id", "kind", "content", "quantity", "date", "as_of", "source"]
    return rows.loc[rows["product_id"] == product_id, columns].reset_index(drop=True)


def _links(cluster: Cluster, product_id: str) -> pd.DataFrame:
    columns = [f"{end}_{what}" for what in ("id", "place") for end in ("supplier", "customer")]
    columns += ["quantity", "value", "links", "evidence", "source"]
    if cluster.trade is None:
        return pd.DataFrame(columns=columns)
    ties = cluster.trade.ties
    return ties.loc[ties["product_id"] == product_id, columns].reset_index(drop=True)
