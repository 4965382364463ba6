"""The article's criteria: strength, tax, technology, green, Beijing-Tianjin-Hebei first."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.targets.recruitability import is_two_high, saturating
from cluster_graph.targets.score import CRITERIA, score
from cluster_graph.targets.weights import ELSEWHERE, Weights
from cluster_graph.text.cells import as_dicts

MU: Final = 10_000 / 15  # m2

# Half of a mark is reached at: revenue of a billion yuan and capital of 100 million, the
# bands in which the article counts projects; half a tonne of coal equivalent for each
# 10,000 yuan of revenue, and a tenth of the price spent on energy (judgement).
_HALF_REVENUE: Final = 100_000.0  # 10,000 yuan
_HALF_CAPITAL: Final = 10_000.0  # 10,000 yuan
_HALF_ENERGY: Final = 0.5  # tce a 10,000 yuan
_HALF_ENERGY_SHARE: Final = 0.1
# Full marks for tax in the scoring form of Shouxian Shushan park: 10 million yuan a year,
# 100,000 yuan a mu.
_FULL_TAX: Final = 1_000.0  # 10,000 yuan
_FULL_TAX_PER_MU: Final = 10.0  # 10,000 yuan a mu
_FIGURES: Final = (
    "revenue",
    "tax",
    "employees",
    "energy",
    "land_m2",
    "registered_capital",
    "paid_in_capital",
)
_MARKS: Final = ("high_tech", "specialised_new", "abnormal", "enclave")
_TEXTS: Final = ("partners", "listed_code", "founded", "as_of", "region_code", "sector_code")
COMPANY_COLUMNS: Final = (
    *CRITERIA,
    "score",
    "coverage",
    "tax_kept",
    "tax_per_mu",
    "energy_per_output",
    "flags",
)


def company_criteria(cluster: Cluster, weights: Weights) -> pd.DataFrame:
    """
    How well each outside company and prospect meets the article's criteria.

    Each criterion is the mean of the marks that are known; one without any is unknown, leaves
    the score and lowers the coverage.

    Parameters
    ----------
    cluster
        A built cluster.
    weights
        What the criteria weigh.

    Returns
    -------
    criteria
        Indexed by company_id or prospect_id, columns `COMPANY_COLUMNS`: the criteria, score
        and coverage (0 to 1, NaN if unknown); tax_kept (10,000 yuan/year, what stays here of
        an enclave project's tax), tax_per_mu (10,000 yuan/mu, of the same), energy_per_output
        (tce for each 10,000 yuan of revenue); flags, what speaks against a real project: each a
        key of the reasons and its values.
    """
    companies = cluster.companies_frame
    outside = companies[companies["place"] != LOCAL]
    prospects = cluster.tables.prospects
    rows = pd.concat([_uniform(outside, "company_id"), _uniform(prospects, "prospect_id")])
    rows = rows[~rows.index.duplicated()]
    made = _products(cluster)
    kept = rows["tax"] * np.where(rows["enclave"] == 1, weights.kept, 1.0)
    per_mu = kept / (rows["land_m2"] / MU).where(rows["land_m2"] > 0)
    energy = rows["energy"] / rows["revenue"].where(rows["revenue"] > 0)
    marks = {
        "strength": (
            saturating(rows["revenue"], _HALF_REVENUE),
            saturating(rows["registered_capital"], _HALF_CAPITAL),
            pd.Series(np.where(rows["listed_code"] != "", 1.0, np.nan), rows.index),
        ),
        "tax": ((kept / _FULL_TAX).clip(upper=1), (per_mu / _FULL_TAX_PER_MU).clip(upper=1)),
        "technology": (
            rows["high_tech"],
            rows["specialised_new"],
            pd.Series(np.where(rows["partners"] != "", 1.0, np.nan), rows.index),
        ),
        "green": (
            1 - saturating(energy, _HALF_ENERGY),
            pd.Series([_clean(made.get(str(name), ())) for name in rows.index], rows.index),
        ),
        "place": (
            rows["region_code"].map(
                {code: place_mark(code, weights) for code in rows["region_code"].unique()}
            ),
        ),
    }
    found = pd.DataFrame(
        {name: pd.concat(parts, axis=1).astype(float).mean(axis=1) for name, parts in marks.items()}
    )
    found[["score", "coverage"]] = score(found[list(CRITERIA)], weights.company)
    found["tax_kept"], found["tax_per_mu"], found["energy_per_output"] = kept, per_mu, energy
    flags = [_flags(row, weights) for row in as_dicts(rows)]
    found["flags"] = pd.Series(flags, rows.index, dtype=object)
    return found[list(COMPANY_COLUMNS)]


def place_mark(code: str, weights: Weights) -> float:
    """
    How much a place is preferred.

    Parameters
    ----------
    code
        A region's code; blank if unknown.
    weights
        Their `place` decides: the longest of its codes that the place lies in.

    Returns
    -------
    mark
        0 to 1, NaN where the place is unknown or nothing is said of it.
    """
    if not code:
        return np.nan
    fits = [key for key in weights.place if key != ELSEWHERE and code.startswith(key)]
    key = max(fits, key=len, default=ELSEWHERE)
    return weights.place.get(key, np.nan)


def product_criteria(
    cluster: Cluster, smallest: pd.Series, firms: Mapping[str, list[str]], companies: pd.DataFrame
) -> pd.DataFrame:
    """
    The article's criteria of a target: of the best company that makes it, and of the product.

    Tax is that of one smallest viable plant, at its price and at the share of their revenue
    that companies known to make the product, or any of its three-digit sector, pay in tax.
    Green is the mean of: no sector high in energy use and emissions; the share of its price
    spent on energy; the use of a by-product.

    Parameters
    ----------
    cluster
        A built cluster.
    smallest
        Smallest viable plant of each target, units/year, indexed by product_id.
    firms
        Product -> ids of the outside companies and prospects that make it.
    companies
        From `company_criteria`.

    Returns
    -------
    criteria
        0 to 1, NaN if unknown, indexed as `smallest`.
    """
    chain = cluster.chain
    products = chain.products.loc[smallest.index]
    pairs = [(key, firm) for key in smallest.index for firm in firms.get(str(key), [])]
    makers = pd.DataFrame(pairs, columns=["product_id", "firm"])
    marks = companies[["strength", "technology", "place"]].reindex(makers["firm"])
    best = marks.groupby(makers["product_id"].to_numpy()).max().reindex(smallest.index)
    plant = smallest * products["price"] / 10_000
    best["tax"] = (plant * _tax_shares(cluster, products) / _FULL_TAX).clip(upper=1)
    two_high = [
        0.0 if is_two_high(str(name), str(code)) else 1.0
        for name, code in zip(products.index, products["sector_code"], strict=True)
    ]
    inputs = chain.inputs[chain.inputs["output_id"].isin(smallest.index)]
    energy = inputs[inputs["kind"] == "energy"].groupby("output_id")["value_share"].sum(min_count=1)
    by_products = set(chain.inputs[chain.inputs["kind"] == "by_product"]["output_id"])
    using = set(inputs[inputs["input_id"].isin(by_products)]["output_id"])
    green = pd.DataFrame(
        {
            "two_high": pd.Series(two_high, index=products.index),
            "energy": 1 - saturating(energy.reindex(products.index), _HALF_ENERGY_SHARE),
            "by_product": pd.Series(
                [1.0 if name in using else np.nan for name in products.index], products.index
            ),
        }
    )
    best["green"] = green.mean(axis=1)
    return best[list(CRITERIA)]


def _uniform(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """The columns that a criterion may ask for, blank where the table lacks them."""
    rows = frame.set_index(key)
    columns: dict[str, object] = {}
    for name in _FIGURES:
        columns[name] = rows[name].astype(float) if name in rows else np.nan
    for name in _MARKS:
        flags = rows[name] if name in rows else [None] * len(rows)
        columns[name] = [None if flag is None else float(flag) for flag in flags]
    for name in _TEXTS:
        columns[name] = rows[name].astype(str) if name in rows else ""
    return pd.DataFrame(columns, index=rows.index).astype(
        dict.fromkeys((*_FIGURES, *_MARKS), float)
    )


def _products(cluster: Cluster) -> dict[str, tuple[tuple[str, str], ...]]:
    """Company or prospect -> its products, each with its sector."""
    sectors = cluster.chain.products["sector_code"].astype(str).to_dict()
    made: dict[str, list[str]] = {}
    makers = cluster.makers
    pairs = (makers["company_id"].tolist(), makers["product_id"].tolist())
    for company, product in zip(*pairs, strict=True):
        made.setdefault(str(company), []).append(str(product))
    prospects = cluster.tables.prospects
    for prospect, products in zip(prospects["prospect_id"], prospects["product_id"], strict=True):
        made.setdefault(str(prospect), []).extend(products)
    return {
        company: tuple((name, sectors[name]) for name in names if name in sectors)
        for company, names in made.items()
    }


def _clean(products: tuple[tuple[str, str], ...]) -> float:
    """The share of a company's products outside the sectors high in energy and emissions."""
    if not products:
        return np.nan
    return sum(not is_two_high(name, code) for name, code in products) / len(products)


def _tax_shares(cluster: Cluster, products: pd.DataFrame) -> pd.Series:
    """Tax as a share of revenue: the median of the product's makers, else of its sector."""
    frames = [
        cluster.companies_frame.rename(columns={"company_id": "key"}),
        cluster.tables.prospects.rename(columns={"prospect_id": "key"}),
    ]
    known = pd.concat([frame[["key", "revenue", "tax"]] for frame in frames])
    known = known[(known["revenue"] > 0) & known["tax"].notna()]
    share = dict(zip(known["key"], (known["tax"] / known["revenue"]).astype(float), strict=True))
    rows = [
        (product, code[:3], share[company])
        for company, names in _products(cluster).items()
        if company in share
        for product, code in names
    ]
    frame = pd.DataFrame(rows, columns=["product", "sector", "share"])
    by_product = frame.groupby("product")["share"].median()
    by_sector = frame.groupby("sector")["share"].median()
    sector = products["sector_code"].str[:3].map(by_sector)
    return by_product.reindex(products.index).astype(float).fillna(sector.astype(float))


def _flags(row: Mapping[Any, Any], weights: Weights) -> list[tuple[str, dict[str, object]]]:
    """What the figures say against a real project."""
    found: list[tuple[str, dict[str, object]]] = []
    paid = row["paid_in_capital"] / row["registered_capital"] if row["registered_capital"] else 0
    if paid < weights.flag["paid_in"]:
        found.append(("flag_paid_in", {"share": paid}))
    year, now = row["founded"][:4], row["as_of"][:4]
    if year.isdigit() and now.isdigit() and int(now) - int(year) < weights.flag["years"]:
        found.append(("flag_young", {"year": year}))
    if row["employees"] < weights.flag["staff"]:
        found.append(("flag_staff", {"count": int(row["employees"])}))
    if row["abnormal"] == 1:
        found.append(("flag_abnormal", {}))
    return found
