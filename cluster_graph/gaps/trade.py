"""What the reported links say beside the balance: who could trade, who depends, what cannot be."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL, OUTSIDE
from cluster_graph.gaps.activity import activity
from cluster_graph.gaps.needs import company_needs, own_sizes
from cluster_graph.text.cells import as_dicts

# A firm may fill its stores or sell on; twice what its output can use asks for a look.
TOO_MUCH: Final = 2.0
PAIRS: Final = (
    "product_id",
    "supplier_id",
    "customer_id",
    "quantity",
    "free",
    "open_need",
    "buys_outside_from",
    "doubt",
)
CONCENTRATION: Final = ("product_id", "suppliers", "hhi", "largest_id", "largest_share", "basis")
SINGLE_SOURCE: Final = ("customer_id", "product_id", "supplier_id", "supplier_place", "essential")
COVERAGE: Final = ("product_id", "evidence", "quantity", "demand", "share")
CONTRADICTIONS: Final = (
    "company_id",
    "product_id",
    "kind",
    "reported",
    "expected_high",
    "times",
    "made",
)


@dataclass(frozen=True)
class TradeFindings:
    """
    What the reported links add to the balance; every frame is empty without links.

    Parameters
    ----------
    pairs
        Latent matches: local maker and local user of a product that are not reported to
        trade it. `quantity` = min(free, open_need), units/year: what the maker sells to
        nobody here and what the user does not buy here yet; NaN where either is unknown.
        `buys_outside_from` lists the user's outside suppliers of it; `doubt` says why they
        may not trade: `size` unknown, or `grade` unknown (a chain knows no grades).
    concentration
        HHI = sum of squared shares of the suppliers in what local companies buy of a
        product, 0 to 1, with the largest one; `basis` is `quantity` or `value`, NaN shares
        where links lack both.
    single_source
        Local customers that report one supplier only for an input they need.
    coverage
        How much of the demand for a product the links explain, by their evidence.
    contradictions
        Links that the coefficients cannot explain. `kind`: `buys` (more than twice what its
        own output can use at the high coefficient) or `sells` (more than twice its output);
        `times` is reported over expected.
    """

    pairs: pd.DataFrame
    concentration: pd.DataFrame
    single_source: pd.DataFrame
    coverage: pd.DataFrame
    contradictions: pd.DataFrame


def trade(cluster: Cluster, balance: pd.DataFrame) -> TradeFindings:
    """
    Read the reported links against the balance.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.

    Returns
    -------
    findings
        Five tables.

    References
    ----------
    Hirschman (1964), The Paternity of an Index, American Economic Review 54(5).
    """
    if cluster.trade is None:
        names = (PAIRS, CONCENTRATION, SINGLE_SOURCE, COVERAGE, CONTRADICTIONS)
        return TradeFindings(*(pd.DataFrame(columns=list(columns)) for columns in names))
    act = activity(cluster)
    ties = cluster.trade.ties[cluster.trade.ties["product_id"] != ""]
    bought = ties[ties["customer_place"] == LOCAL]
    needs, sizes = company_needs(act), own_sizes(act)
    # A lower bound says nothing of what is left to need, or of what is too much.
    ends = ["need", "need_low", "need_high"]
    needs[ends] = needs[ends].where(needs["whole"], np.nan)
    return TradeFindings(
        pairs=_pairs(ties, needs, sizes),
        concentration=concentration(bought),
        single_source=_single_source(bought, needs),
        coverage=_coverage(bought, balance),
        contradictions=_contradictions(ties, needs, sizes),
    )


def concentration(bought: pd.DataFrame) -> pd.DataFrame:
    """
    How few suppliers the local purchases of each product hang on.

    HHI_i = sum_s (share of supplier s in the purchases of i)^2

    Parameters
    ----------
    bought
        Ties with a local customer: product_id, supplier_id, quantity, value.

    Returns
    -------
    concentration
        Columns `CONCENTRATION`, the most concentrated first.
    """
    known = bought[["quantity", "value"]].notna().groupby(bought["product_id"]).all()
    basis = pd.Series(
        np.select([known["quantity"], known["value"]], ["quantity", "value"], ""), known.index
    )
    by_row = bought["product_id"].map(basis)
    amount = bought["quantity"].where(by_row == "quantity", bought["value"].where(by_row != ""))
    sums = amount.groupby([bought["product_id"], bought["supplier_id"]]).sum()
    total = sums.groupby(level=0).sum()
    shares = sums / total.where(total > 0).reindex(sums.index, level=0)
    suppliers = bought.groupby("product_id")["supplier_id"].nunique()
    traded = total > 0
    first = (
        shares.rename("share").reset_index().sort_values("share", ascending=False, kind="stable")
    )
    largest = first.drop_duplicates("product_id").set_index("product_id").reindex(total.index)
    frame = pd.DataFrame(
        {
            "product_id": total.index,
            "suppliers": suppliers.to_numpy(),
            "hhi": (shares**2).groupby(level=0).sum().where(traded).to_numpy(),
            "largest_id": largest["supplier_id"].where(traded, "").to_numpy(),
            "largest_share": largest["share"].to_numpy(),
            "basis": basis.where(traded, "").to_numpy(),
        },
        columns=list(CONCENTRATION),
    )
    return frame.sort_values("hhi", ascending=False, kind="stable").reset_index(drop=True)


def _pairs(ties: pd.DataFrame, needs: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    local = ties[(ties["supplier_place"] == LOCAL) & (ties["customer_place"] == LOCAL)]
    outside = ties[(ties["supplier_place"] == OUTSIDE) & (ties["customer_place"] == LOCAL)]
    sold = local.groupby(["supplier_id", "product_id"])["quantity"].agg(_sum)
    taken = local.groupby(["customer_id", "product_id"])["quantity"].agg(_sum)
    from_outside = outside.groupby(["customer_id", "product_id"])["supplier_id"].agg(list)
    traded = set(zip(local["supplier_id"], local["customer_id"], local["product_id"], strict=True))
    makers = sizes.rename(columns={"company_id": "supplier_id"})
    users = needs.rename(columns={"company_id": "customer_id"})
    records: list[dict[str, Any]] = []
    for row in as_dicts(makers.merge(users, on="product_id")):
        supplier, customer, product = row["supplier_id"], row["customer_id"], row["product_id"]
        if supplier == customer or (supplier, customer, product) in traded:
            continue
        # NumPy's maximum keeps the unknown unknown; Python's own does not.
        free = float(np.maximum(row["size"] - sold.get((supplier, product), 0.0), 0.0))
        open_need = float(np.maximum(row["need"] - taken.get((customer, product), 0.0), 0.0))
        quantity = float(np.minimum(free, open_need))
        if quantity == 0:
            continue
        records.append(
            {
                "product_id": product,
                "supplier_id": supplier,
                "customer_id": customer,
                "quantity": quantity,
                "free": free,
                "open_need": open_need,
                "buys_outside_from": from_outside.get((customer, product), []),
                "doubt": "size" if np.isnan(quantity) else "grade",
            }
        )
    frame = pd.DataFrame(records, columns=list(PAIRS))
    # Who buys it outside already has shown that he needs it: these first.
    order = frame.assign(proven=frame["buys_outside_from"].map(bool))
    order = order.sort_values(["proven", "quantity"], ascending=False, kind="stable")
    return frame.loc[order.index].reset_index(drop=True)


def _sum(amounts: "pd.Series[float]") -> float:
    """A sum that is unknown where a part is."""
    return float(amounts.sum(skipna=False))


def _single_source(bought: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    groups = bought.groupby(["customer_id", "product_id"])["supplier_id"]
    alone = bought[groups.transform("nunique") == 1]
    alone = alone.drop_duplicates(["customer_id", "product_id"])
    known = needs[["company_id", "product_id", "essential"]]
    found = alone.merge(
        known, left_on=["customer_id", "product_id"], right_on=["company_id", "product_id"]
    )
    order = ["essential", "customer_id", "product_id"]
    found = found.sort_values(order, ascending=[False, True, True], kind="stable")
    return found[list(SINGLE_SOURCE)].reset_index(drop=True)


def _coverage(bought: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    grouped = bought.groupby(["product_id", "evidence"])["quantity"].sum(min_count=1).reset_index()
    demand = balance.set_index("product_id")["demand"]
    grouped["demand"] = grouped["product_id"].map(demand).astype(float)
    grouped["share"] = grouped["quantity"] / grouped["demand"].where(grouped["demand"] > 0)
    return grouped[list(COVERAGE)]


def _contradictions(ties: pd.DataFrame, needs: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    bought = ties[ties["customer_place"] == LOCAL].groupby(["customer_id", "product_id"])
    sold = ties[ties["supplier_place"] == LOCAL].groupby(["supplier_id", "product_id"])
    parts = []
    for kind, reported, expected, column in (
        ("buys", bought, needs, "need_high"),
        (
            "sells",
            sold,
            sizes,
            "size",
        ),
    ):
        amounts = reported["quantity"].sum(min_count=1).rename("reported").reset_index()
        amounts = amounts.set_axis(["company_id", "product_id", "reported"], axis=1)
        both = amounts.merge(expected, on=["company_id", "product_id"])
        both = both.assign(kind=kind, expected_high=both[column])
        parts.append(both[both["reported"] > TOO_MUCH * both["expected_high"]])
    found = pd.concat(parts, ignore_index=True)
    found["times"] = found["reported"] / found["expected_high"].where(found["expected_high"] > 0)
    found = found.sort_values("times", ascending=False, na_position="first", kind="stable")
    found = found.reindex(columns=list(CONTRADICTIONS)).reset_index(drop=True)
    found["made"] = [made if isinstance(made, list) else [] for made in found["made"]]
    return found
