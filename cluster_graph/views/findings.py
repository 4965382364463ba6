"""What the views are given: graphs and frames with every figure already worked out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cluster_graph.text.cells import as_dicts, as_text, known

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx
    import pandas as pd

    from cluster_graph.gaps.anchor import AnchorView
    from cluster_graph.gaps.likely import Likely
    from cluster_graph.gaps.main_flows import MainFlows
    from cluster_graph.gaps.trade import TradeFindings
    from cluster_graph.targets.sites import Occupancy
    from cluster_graph.targets.weights import Weights
    from cluster_graph.targets.what_if import WhatIf
    from cluster_graph.text import Lang


@dataclass(frozen=True, kw_only=True)
class Findings:
    """
    Everything a view may show; nothing in it depends on the language but the reasons.

    Parameters
    ----------
    region
        Code of the region that counts as local, GB/T 2260.
    region_name
        Its name, or the code again.
    chains
        The chains looked at.
    anchor
        company_id of the anchor company, or None.
    as_of
        Date or year of the data.
    products
        Products and inputs; an edge leads from input to user, of a by-product from the main
        product to it.
    companies
        Companies and their links, from supplier to customer.
    balance
        One row for each product.
    gaps
        The contract's table of gaps.
    total
        Whether the gaps hold what only the whole chain behind the local output needs.
    targets
        The contract's table of targets.
    reasons
        Language -> product_id of a target -> its reasons.
    weights
        What the components of their score weigh.
    occupancy
        How full the standard workshops are.
    local_companies
        The local companies, with the products they make and `sizes`: product -> units/year.
    flows
        What goes from product to product here, in money.
    funnel
        How many local projects got how far: one row of `targets.funnel.funnel`.
    arrival
        The cluster before and after the projects under way, None where there are none.
    projects, prospects, facts, wishes
        Tables of the data folder; any of them may be empty.
    ledger
        For each table how many rows were read, accepted, merged, rejected.
    likely
        Likely ranges of the gaps, from draws.
    levers
        The coefficients and prices that the value of all upstream gaps hangs on.
    content
        Local content of products, anchor companies and chains.
    trade
        What the reported links say beside the balance.
    anchor_view
        The cluster from the anchor's desk; None without an anchor.
    notes
        What is not known and what was assumed: key of a text and its values.
    sources
        Where the rows come from, and how many come from there.
    headline
        Name of a headline figure -> its value; None where it is unknown.
    """

    region: str
    region_name: str
    chains: tuple[str, ...]
    anchor: str | None
    as_of: str
    products: nx.DiGraph[str]
    companies: nx.MultiDiGraph[str]
    balance: pd.DataFrame
    gaps: pd.DataFrame
    total: bool
    targets: pd.DataFrame
    reasons: Mapping[Lang, Mapping[str, list[str]]]
    weights: Weights
    occupancy: Occupancy
    local_companies: pd.DataFrame
    flows: MainFlows
    funnel: pd.DataFrame
    arrival: WhatIf | None
    projects: pd.DataFrame
    prospects: pd.DataFrame
    facts: pd.DataFrame
    wishes: pd.DataFrame
    ledger: pd.DataFrame
    likely: Likely
    levers: pd.DataFrame
    content: pd.DataFrame
    trade: TradeFindings
    anchor_view: AnchorView | None
    notes: tuple[tuple[str, dict[str, object]], ...]
    sources: pd.DataFrame
    headline: dict[str, float | int | None]

    def product_name(self, product_id: str, lang: Lang) -> str:
        """Name of a product in a language, or its id where the chain does not know it."""
        if product_id not in self.products:
            return product_id
        return named(self.products.nodes[product_id], lang) or product_id

    def company_name(self, company_id: str, lang: Lang) -> str:
        """Name of a company, or of a project without one; its id where nobody gave a name."""
        row = (
            self.companies.nodes[company_id]
            if company_id in self.companies
            else self._projects.get(company_id, {})
        )
        return named(row, lang) or company_id

    @cached_property
    def _projects(self) -> dict[str, dict[str, object]]:
        return {as_text(row.get("project_id")): row for row in as_dicts(self.projects)}

    def product_unit(self, product_id: str) -> str:
        """Unit of a product, or nothing where the chain does not know it."""
        if product_id not in self.products:
            return ""
        return as_text(self.products.nodes[product_id].get("unit"))


def named(row: Mapping[str, object], lang: Lang) -> str:
    """
    Name of whatever a row or a node stands for.

    Parameters
    ----------
    row
        Its cells: `name`, `name_zh`, `name_en`.
    lang
        `zh` or `en`; the other language stands in where this one has no name.

    Returns
    -------
    name
        The name, or nothing.
    """
    order = ("name_zh", "name", "name_en") if lang == "zh" else ("name_en", "name", "name_zh")
    for key in order:
        value = row.get(key)
        if known(value):
            return as_text(value)
    return ""
