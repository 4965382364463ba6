"""The cluster as one value: its tables, its chain, its region and what the links add up to."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from cluster_graph.chain.model import Chain
from cluster_graph.flows import aggregate
from cluster_graph.tables.model import LinkTable, Tables

if TYPE_CHECKING:
    import networkx as nx


@dataclass(frozen=True, kw_only=True)
class Trade:
    """
    What the reported links add up to; each frame as `flows.aggregate` describes it.

    Parameters
    ----------
    purchases
        What local companies buy, by product and place of the supplier.
    sales
        What local companies sell, by product and place of the customer.
    ties
        Who trades what with whom, for pairs with a local end.
    """

    purchases: pd.DataFrame
    sales: pd.DataFrame
    ties: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """
    The companies of one or more chains in a region.

    Parameters
    ----------
    tables
        The user's tables, matched to the chain.
    chain
        The reference chain.
    region
        GB/T 2260 codes; a place belongs to the region when its code begins with one.
    companies_frame
        The companies table with `place`: local, outside, unknown.
    makers
        Who makes what: company_id, product_id, size, size_low, size_high (units/year; NaN if
        unknown), role
        (`operating`, `planned`, `none`), basis (`output`, `capacity`, `links`, `project`, `none`),
        capacity, utilisation, region_code, place, evidence, source, as_of, note.
    anchor
        The ids of the anchor company and its subsidiaries, when the view is one firm's.
    """

    tables: Tables
    chain: Chain
    region: tuple[str, ...]
    companies_frame: pd.DataFrame
    makers: pd.DataFrame
    anchor: frozenset[str]

    @cached_property
    def links(self) -> LinkTable | None:
        """The links that are trade, with the places of both ends; None without a link table."""
        if self.tables.links is None:
            return None
        return aggregate.prepare(self.tables.links, self.companies_frame)

    @cached_property
    def trade(self) -> Trade | None:
        """The aggregates of the links; None without a link table."""
        if self.links is None:
            return None
        return Trade(
            purchases=aggregate.purchases(self.links),
            sales=aggregate.sales(self.links),
            ties=aggregate.ties(self.links),
        )

    @cached_property
    def companies(self) -> "nx.MultiDiGraph[Any]":
        """Companies and their supplier-customer links, reported and inferred."""
        from cluster_graph.cluster.graphs import company_graph  # noqa: PLC0415  networkx is slow

        return company_graph(self)

    @cached_property
    def products(self) -> "nx.DiGraph[Any]":
        """Products and their inputs, as the reference chain has them."""
        from cluster_graph.cluster.graphs import product_graph  # noqa: PLC0415  networkx is slow

        return product_graph(self.chain)

    def company_name(self, company_id: str, lang: str) -> str:
        """The name of a company in a language, or its other name, or its id."""
        return self._names[lang].get(company_id, company_id)

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        frame = self.companies_frame
        zh = dict(zip(frame["company_id"], frame["name"], strict=True))
        en = {
            company: english or zh[company]
            for company, english in zip(frame["company_id"], frame["name_en"], strict=True)
        }
        if self.trade is not None:
            for end in ("supplier", "customer"):
                ids, names = self.trade.ties[f"{end}_id"], self.trade.ties[f"{end}_name"]
                for company, name in zip(ids, names, strict=True):
                    zh.setdefault(company, name or company)
                    en.setdefault(company, name or company)
        return {"zh": zh, "en": en}
