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
    "value",
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
    wishes
        What companies ask for that has to do with it: company_id, kind, content, quantity
        (units of the product), date, as_of, source.
    """

    figures: dict[str, Any]
    demand: pd.DataFrame
    supply: pd.DataFrame
    inputs: pd.DataFrame
    wishes: pd.DataFrame


def find_product(chain: Chain, name: str) -> str:
    """
    Find a product by id, Chinese name or English name.

    Parameters
    ----------
    chain
        The reference chain.
    name
        What the user wrote; case and outer blanks do not matter.

    Returns
    -------
    product_id
        The only product that fits.

    Raises
    ------
    InputError
        If none or several fit; the message names close ones.
    """
    wanted = name.strip().casefold()
    products = chain.products
    for column in ("product_id", "name_zh", "name_en"):
        fits = products[products[column].str.casefold() == wanted]
        if len(fits) > 1:
            raise InputError("product_twice", value=name, found=", ".join(fits["product_id"]))
        if len(fits) == 1:
            return str(fits["product_id"].iloc[0])
    names = [*products["product_id"], *products["name_zh"], *products["name_en"]]
    inside = [known for known in names if wanted and wanted in known.casefold()]
    close = inside or difflib.get_close_matches(name, names, n=3, cutoff=0.6)
    if close:
        raise InputError("unknown_product_near", value=name, names=", ".join(close[:3]))
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
    price = cluster.chain.products["price"][product_id]
    figures = {name: price if name == "price" else row[name] for name in FIGURES}
    return Explanation(
        figures=figures,
        demand=_demand(act, product_id),
        supply=_supply(act, product_id),
        inputs=_inputs(cluster.chain, product_id),
        wishes=_wishes(cluster, product_id),
    )


def _demand(act: Activity, product_id: str) -> pd.DataFrame:
    ids = act.chain.products.index
    level = pd.Series(act.level(), index=ids)
    implied = set(ids[act.is_implied])
    rows = act.chain.needs[act.chain.needs["input_id"] == product_id]
    records = []
    for record in rows.to_dict("records"):
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
    for row in rows.to_dict("records"):
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
    for record in falls[falls["output_id"] == product_id].to_dict("records"):
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
    rows = chain.needs[chain.needs["output_id"] == product_id]
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
