"""Where the figures of a company come from: what it makes, needs and trades, and what it risks."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.activity import activity
from cluster_graph.gaps.critical import critical
from cluster_graph.gaps.needs import own_sizes


@dataclass(frozen=True)
class CompanyExplanation:
    """
    What stands behind the figures of one company.

    Parameters
    ----------
    company
        Its row of the companies table, with `place`.
    makes
        One row a product: product_id, size (units/year; NaN if unknown), size_low, size_high,
        basis (`output`, `capacity`, `links`, `project`, `implied`, `none`), role, evidence,
        source, as_of, note.
    needs
        One row for each input of what it makes: product_id, made (the product that takes it),
        low, typical, high (coefficients), size (of what takes it), amount = typical x size,
        essential, evidence, source. The amounts of a product add up to the firm's need of it.
    links
        Its reported ties: supplier_id, customer_id, product_id, quantity, value (10,000
        yuan/year), links, evidence, source.
    risk
        Its row of `gaps.critical.critical`.
    """

    company: dict[str, Any]
    makes: pd.DataFrame
    needs: pd.DataFrame
    links: pd.DataFrame
    risk: dict[str, Any]


def explain_company(cluster: Cluster, balance: pd.DataFrame, company_id: str) -> CompanyExplanation:
    """
    Take the figures of a company apart into the rows that made them.

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.
    company_id
        The company.

    Returns
    -------
    explanation
        The rows behind its output, its needs, its links and its systemic risk.
    """
    frame = cluster.companies_frame
    row = frame[frame["company_id"] == company_id].iloc[0]
    risks = critical(cluster, balance)
    own = risks[risks["company_id"] == company_id]
    return CompanyExplanation(
        company={str(name): cell for name, cell in row.items()},
        makes=_makes(cluster, company_id),
        needs=_needs(cluster, company_id),
        links=_links(cluster, company_id),
        risk={str(name): cell for name, cell in own.iloc[0].items()} if len(own) else {},
    )


def _makes(cluster: Cluster, company_id: str) -> pd.DataFrame:
    makers = cluster.makers
    rows = makers[makers["company_id"] == company_id]
    sizes = own_sizes(activity(cluster))
    known = sizes[sizes["company_id"] == company_id].set_index("product_id")["size"]
    size = rows["size"].astype(float).fillna(rows["product_id"].map(known))
    implied = rows["size"].isna() & size.notna()
    columns = ["product_id", "size", "size_low", "size_high", "basis", "role"]
    columns += ["evidence", "source", "as_of", "note"]
    return rows.assign(
        size=size,
        basis=rows["basis"].mask(implied, "implied"),
        evidence=rows["evidence"].mask(implied, "derived"),
    )[columns].reset_index(drop=True)


def _needs(cluster: Cluster, company_id: str) -> pd.DataFrame:
    sizes = own_sizes(activity(cluster))
    own = sizes[sizes["company_id"] == company_id][["product_id", "size"]]
    inputs = cluster.chain.needs.rename(columns={"output_id": "made", "input_id": "product_id"})
    rows = own.rename(columns={"product_id": "made"}).merge(inputs, on="made")
    columns = ["product_id", "made", "low", "typical", "high", "size", "amount", "essential"]
    rows = rows.assign(amount=rows["typical"] * rows["size"])
    rows = rows.sort_values(["made", "amount"], ascending=[True, False], kind="stable")
    return rows[[*columns, "evidence", "source"]].reset_index(drop=True)


def _links(cluster: Cluster, company_id: str) -> pd.DataFrame:
    columns = ["supplier_id", "customer_id", "product_id", "quantity", "value", "links"]
    columns += ["evidence", "source"]
    if cluster.trade is None:
        return pd.DataFrame(columns=columns)
    ties = cluster.trade.ties
    own = (ties["supplier_id"] == company_id) | (ties["customer_id"] == company_id)
    return ties.loc[own, columns].reset_index(drop=True)
