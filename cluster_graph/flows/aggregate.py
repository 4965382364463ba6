"""
Aggregates of the links, as lazy expressions of Narwhals that any of its engines runs.

Every function takes the links as a lazy frame and returns a small pandas frame. None of
them asks which engine is behind: DuckDB, pandas, Polars and Spark all answer the same.
"""

from dataclasses import replace
from typing import Any, Final

import narwhals as nw
import numpy as np
import pandas as pd

from cluster_graph.tables.model import Lazy, LinkTable, collected

LOCAL: Final = "local"
OUTSIDE: Final = "outside"
UNKNOWN: Final = "unknown"
_NO_TRADE: Final = ("inferred", "planned")
_DIGITS: Final = 12  # that sums keep
_KEYS: Final = ("supplier_id", "customer_id", "product_id")


def _small(frame: Lazy, by: list[str]) -> pd.DataFrame:
    # An order of rows is no engine's promise, so every small frame is sorted.
    small = collected(frame.sort(by, nulls_last=True)).reset_index(drop=True)
    for name in small.select_dtypes("float"):
        small[name] = _steady(small[name].to_numpy(dtype=float))
    return small


def _steady(sums: Any) -> Any:  # noqa: ANN401  arrays
    """Sums without the last digits, which hang on the order in which an engine adds."""
    some = np.isfinite(sums) & (sums != 0)
    places = _DIGITS - 1 - np.floor(np.log10(np.abs(sums, where=some, out=np.ones_like(sums))))
    scale = 10.0 ** np.clip(places, -300, 300)
    return np.where(some, np.round(sums * scale) / scale, sums)


def prepare(links: LinkTable, places: pd.DataFrame) -> LinkTable:
    """
    Reported links of each pair's latest year, with the place of both ends.

    Inferred and planned links are left out: a guess is no trade, and a plan is none yet.
    Several rows of one year add up; earlier years are superseded, as earlier outputs are.

    Parameters
    ----------
    links
        Checked and matched links.
    places
        `company_id`, `place` of the known companies. An end that is not among them is an
        outside company, known by its name alone.

    Returns
    -------
    prepared
        The links with `supplier_place` and `customer_place`.
    """
    frame = _current(links)
    for end in ("supplier", "customer"):
        of_end = places[["company_id", "place"]].set_axis([f"{end}_key", f"{end}_place"], axis=1)
        frame = frame.join(
            links.lift(of_end.astype(object)),
            left_on=f"{end}_id",
            right_on=f"{end}_key",
            how="left",
        )
    placed = [nw.col(f"{end}_place").fill_null(OUTSIDE) for end in ("supplier", "customer")]
    return replace(links, frame=links.hold(frame.with_columns(*placed)))


def _current(links: LinkTable) -> Lazy:
    """The links that are trade, each pair's of its latest year."""
    col = nw.col
    frame = links.frame.filter(~col("evidence").is_in(list(_NO_TRADE)))
    latest = frame.group_by(*_KEYS).agg(col("year").max().alias("latest"))
    return frame.join(latest, on=list(_KEYS), how="left").filter(col("year") == col("latest"))


def purchases(prepared: LinkTable) -> pd.DataFrame:
    """
    What local companies buy, by product and by where the supplier is.

    Parameters
    ----------
    prepared
        From `prepare`.

    Returns
    -------
    purchases
        product_id, place, quantity (units/year, the product's own; 0 where no link is
        sized), links (how many), sized (how many of them with a quantity).
    """
    return _by_place(prepared, buyer="customer", other="supplier")


def sales(prepared: LinkTable) -> pd.DataFrame:
    """
    What local companies sell, by product and by where the customer is.

    Parameters
    ----------
    prepared
        From `prepare`.

    Returns
    -------
    sales
        The columns of `purchases`, the place being the customer's.
    """
    return _by_place(prepared, buyer="supplier", other="customer")


def _by_place(prepared: LinkTable, *, buyer: str, other: str) -> pd.DataFrame:
    frame = prepared.frame.filter(
        (nw.col(f"{buyer}_place") == LOCAL) & (nw.col("product_id") != "")
    )
    grouped = frame.group_by("product_id", f"{other}_place").agg(
        nw.col("quantity").sum().alias("quantity"),
        nw.col("supplier_id").count().alias("links"),
        nw.col("quantity").count().alias("sized"),
    )
    small = _small(grouped, ["product_id", f"{other}_place"])
    return small.rename(columns={f"{other}_place": "place"}).fillna({"quantity": 0.0})


def supplied(links: LinkTable) -> pd.DataFrame:
    """
    What each known company is reported to supply, by product.

    It sizes companies that have no outputs of their own.

    Parameters
    ----------
    links
        Checked and matched links.

    Returns
    -------
    supplied
        company_id, product_id, quantity (units/year; NaN where no link is sized).
    """
    frame = _current(links).filter(nw.col("product_id") != "")
    grouped = frame.group_by("supplier_id", "product_id").agg(
        nw.col("quantity").sum().alias("quantity"), nw.col("quantity").count().alias("sized")
    )
    small = _small(grouped, ["supplier_id", "product_id"])
    small["quantity"] = small["quantity"].astype(float).where(small["sized"] > 0)
    return small.rename(columns={"supplier_id": "company_id"}).drop(columns="sized")


def ties(prepared: LinkTable) -> pd.DataFrame:
    """
    Who trades what with whom, for every pair that has a local end.

    Parameters
    ----------
    prepared
        From `prepare`.

    Returns
    -------
    ties
        supplier_id, customer_id, product_id (blank if unknown), quantity (units/year, NaN
        where unsized), value (10,000 yuan/year, NaN where unknown), links, source, evidence,
        supplier_place, customer_place, supplier_name, customer_name, supplier_region,
        customer_region.
    """
    frame = prepared.frame.filter(
        (nw.col("supplier_place") == LOCAL) | (nw.col("customer_place") == LOCAL)
    )
    return _tied(frame)


def beyond(prepared: LinkTable, partners: list[str], products: list[str]) -> pd.DataFrame:
    """
    Who supplies the outside partners of local companies: two links away from here.

    Parameters
    ----------
    prepared
        From `prepare`.
    partners
        Ids of outside companies.
    products
        The products asked about.

    Returns
    -------
    ties
        The columns of `ties`; neither end is local.
    """
    lift = prepared.lift
    frame = prepared.frame.filter(
        (nw.col("supplier_place") != LOCAL) & (nw.col("customer_place") != LOCAL)
    )
    # A join, because a list of a hundred thousand ids is no expression for every engine.
    for key, ids in (("customer_id", partners), ("product_id", products)):
        wanted = pd.DataFrame({f"{key}_wanted": sorted(set(ids))}, dtype=object)
        frame = frame.join(lift(wanted), left_on=key, right_on=f"{key}_wanted", how="inner")
    return _tied(frame)


def _tied(frame: Lazy) -> pd.DataFrame:
    col = nw.col
    keys = list(_KEYS)
    # A blank is the user's own report; of several words the best stands last in the alphabet.
    blank = col("evidence") == ""
    said = nw.when(blank).then(nw.lit("reported")).otherwise(col("evidence"))
    texts = [
        f"{end}_{what}" for end in ("supplier", "customer") for what in ("place", "name", "region")
    ]
    frame = frame.with_columns(said.alias("said"))
    grouped = frame.group_by(*keys).agg(
        col("quantity").sum().alias("quantity"),
        col("quantity").count().alias("sized"),
        col("value").sum().alias("value"),
        col("value").count().alias("valued"),
        col("source").max().alias("source"),
        col("said").max().alias("evidence"),
        *(col(name).max().alias(name) for name in texts),
        col("supplier_place").count().alias("links"),
    )
    small = _small(grouped, keys)
    small["quantity"] = small["quantity"].astype(float).where(small["sized"] > 0)
    small["value"] = small["value"].astype(float).where(small["valued"] > 0)
    return small.drop(columns=["sized", "valued"])
