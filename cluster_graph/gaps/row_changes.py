"""Which rows of a data folder differ between two snapshots, and which products they move."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.chain.model import Chain
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.text.cells import as_dicts

COLUMNS: Final = (
    "table",
    "change",
    "company_id",
    "customer_id",
    "product_id",
    "column",
    "before",
    "after",
)
_Row = dict[str, Any]


def row_changes(old: Cluster, new: Cluster, same: Mapping[str, str]) -> pd.DataFrame:
    """
    Compare the rows that figures come from.

    Parameters
    ----------
    old, new
        Two clusters on one chain and one region.
    same
        company_id in the old one -> company_id of the same firm in the new one.

    Returns
    -------
    rows
        Columns `COLUMNS`. `table` is `companies` (column `status` or `place`), `outputs` (of
        local companies: column `output` in units/year, or `role`: operating, planned, none) or
        `links` (column `quantity`; from `company_id` to `customer_id`). `change` is `added`,
        `removed` or `changed`. NaN: unknown, or not there, as `change` says.
    """
    records = [*_companies(old, new, same), *_outputs(old, new, same), *_links(old, new, same)]
    frame = pd.DataFrame(records, columns=list(COLUMNS)).astype(object)
    texts = ["company_id", "customer_id", "product_id"]
    frame[texts] = frame[texts].fillna("")
    return frame


def _companies(old: Cluster, new: Cluster, same: Mapping[str, str]) -> Iterable[_Row]:
    before = {
        same.get(row["company_id"], row["company_id"]): row for row in as_dicts(old.companies_frame)
    }
    after = {row["company_id"]: row for row in as_dicts(new.companies_frame)}
    for company in {**before, **after}:
        was, now = before.get(company), after.get(company)
        record = {"table": "companies", "company_id": company}
        if was is None or now is None:
            place = (now or was or {})["place"]
            change = "added" if was is None else "removed"
            if place == LOCAL:
                yield {**record, "change": change, "column": "place"}
            continue
        for column in ("status", "place"):
            if was[column] != now[column] and LOCAL in (was["place"], now["place"]):
                values = {"before": was[column], "after": now[column]}
                yield {**record, "change": "changed", "column": column, **values}


def _outputs(old: Cluster, new: Cluster, same: Mapping[str, str]) -> Iterable[_Row]:
    sides = []
    for cluster, names in ((old, same), (new, {})):
        makers = cluster.makers[cluster.makers["place"] == LOCAL]
        sides.append(
            {
                (names.get(row["company_id"], row["company_id"]), row["product_id"]): row
                for row in as_dicts(makers)
            }
        )
    before, after = sides
    for pair in {**before, **after}:
        was, now = before.get(pair), after.get(pair)
        record = {"table": "outputs", "company_id": pair[0], "product_id": pair[1]}
        if was is not None and now is not None:
            if was["role"] != now["role"]:
                values = {"before": was["role"], "after": now["role"]}
                yield {**record, "change": "changed", "column": "role", **values}
            if not np.isclose(was["size"], now["size"], equal_nan=True):
                values = {"before": was["size"], "after": now["size"]}
                yield {**record, "change": "changed", "column": "output", **values}
        else:
            change = "added" if was is None else "removed"
            values = {
                "before": None if was is None else was["size"],
                "after": None if now is None else now["size"],
            }
            yield {**record, "change": change, "column": "output", **values}


def _links(old: Cluster, new: Cluster, same: Mapping[str, str]) -> Iterable[_Row]:
    sides = []
    for cluster, names in ((old, same), (new, {})):
        ties = [] if cluster.trade is None else as_dicts(cluster.trade.ties)
        sides.append(
            {
                (
                    names.get(row["supplier_id"], row["supplier_id"]),
                    names.get(row["customer_id"], row["customer_id"]),
                    row["product_id"],
                ): row["quantity"]
                for row in ties
            }
        )
    before, after = sides
    for key in {**before, **after}:
        was, now = before.get(key), after.get(key)
        change = "changed"
        if key not in before or key not in after:
            change = "added" if key not in before else "removed"
        elif np.isclose(was or 0.0, now or 0.0, equal_nan=True):
            continue
        yield {
            "table": "links",
            "company_id": key[0],
            "customer_id": key[1],
            "product_id": key[2],
            "change": change,
            "column": "quantity",
            "before": was,
            "after": now,
        }


def causes(rows: pd.DataFrame, chain: Chain, implied: frozenset[str]) -> dict[str, list[int]]:
    """
    Which changed rows stand behind the figures of each product.

    The rows of the product itself, of the products that use it or give it as a by-product, and,
    where one of these runs at an implied level, of what its own level hangs on.

    Parameters
    ----------
    rows
        From `row_changes`.
    chain
        The chain of both snapshots.
    implied
        Products at an implied level before or after.

    Returns
    -------
    causes
        product_id -> places in `rows`, its own first; products that no row touches are left
        out.
    """
    own: dict[str, list[int]] = {}
    for place, product in enumerate(rows["product_id"]):
        if product:
            own.setdefault(product, []).append(place)
    runners: dict[str, list[str]] = {}
    inputs, falls = chain.sized_inputs, chain.by_products
    for product, user in zip(inputs["input_id"], inputs["output_id"], strict=True):
        runners.setdefault(product, []).append(user)
    for product, main in zip(falls["output_id"], falls["input_id"], strict=True):
        runners.setdefault(product, []).append(main)
    made = [place for place in range(len(rows)) if rows["table"].iloc[place] == "outputs"]
    moves = frozenset(made)
    found = {}
    for product in chain.products.index:
        places = list(own.get(product, ()))
        seen, queue = {product}, list(runners.get(product, ()))
        while queue:
            runner = queue.pop(0)
            if runner in seen:
                continue
            seen.add(runner)
            places += [place for place in own.get(runner, ()) if place in moves]
            if runner in implied:
                queue += runners.get(runner, ())
        if places:
            found[str(product)] = list(dict.fromkeys(places))
    return found
