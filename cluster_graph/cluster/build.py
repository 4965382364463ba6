"""Builds the cluster: places the companies, sizes their outputs, adds up their links."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.chain.model import Chain
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows import aggregate
from cluster_graph.tables.handles import folded
from cluster_graph.tables.match import match_products
from cluster_graph.tables.model import Tables
from cluster_graph.tables.regions import inside, is_region
from cluster_graph.tables.schema import OPERATING, PLANNED_STATUSES
from cluster_graph.text.cells import as_dicts

FULL_CAPACITY: Final = 1.0  # the utilisation assumed where none is given; printed with the figure
ASSUMED: Final = "assumed"  # column of projects that a scenario takes for running


def build(
    tables: Tables, chain: Chain, region: tuple[str, ...], anchor: str | None = None
) -> Cluster:
    """
    Put companies, outputs and links on a reference chain.

    Parameters
    ----------
    tables
        Checked tables.
    chain
        The reference chain.
    region
        GB/T 2260 codes, matched by prefix.
    anchor
        Id, name or alias of a company: the view becomes that firm's and its subsidiaries'.

    Returns
    -------
    cluster
        Ready for `balance`, `gaps` and `targets`.

    Raises
    ------
    InputError
        If the region is no region or holds no company, or the anchor is not found, found
        twice or not local.
    """
    for code in region:
        if not is_region(code):
            raise InputError("unknown_region_option", value=code)
    matched = match_products(tables, chain.products.reset_index(drop=True), chain.elsewhere)
    return _assemble(matched, chain, region, anchor)


def widen(cluster: Cluster, region: tuple[str, ...]) -> Cluster:
    """
    The same companies and chain, looked at with another region as local.

    Parameters
    ----------
    cluster
        A built cluster.
    region
        GB/T 2260 codes that hold at least one company.

    Returns
    -------
    cluster
        Without an anchor.
    """
    return replace(
        cluster,
        region=region,
        companies_frame=_placed(cluster.companies_frame, region),
        makers=_placed(cluster.makers, region),
        anchor=frozenset(),
    )


def rebuild(cluster: Cluster, tables: Tables) -> Cluster:
    """
    The same chain and region with other tables: what a scenario makes of a cluster.

    Parameters
    ----------
    cluster
        A built cluster.
    tables
        Tables matched to its chain. Projects whose cell `ASSUMED` is True count as running
        at their capacity, on top of what their company already makes of the product.

    Returns
    -------
    cluster
        With the anchor of the old one, as far as its firms are still there.
    """
    built = _assemble(tables, cluster.chain, cluster.region, None)
    return replace(built, anchor=cluster.anchor & frozenset(tables.companies["company_id"]))


def _assemble(
    tables: Tables,
    chain: Chain,
    region: tuple[str, ...],
    anchor: str | None,
) -> Cluster:
    companies = _placed(tables.companies, region)
    if not (companies["place"] == aggregate.LOCAL).any():
        known = sorted({code for code in companies["region_code"] if code})
        raise InputError("empty_region", value=", ".join(region), known=", ".join(known) or "-")
    makers = _with_projects(_makers(tables.outputs, companies), tables.projects)
    makers = _with_assumed(makers, tables.projects)
    if tables.links is not None:
        makers = _with_suppliers(makers, aggregate.supplied(tables.links), companies, chain)
    for end in ("size_low", "size_high"):
        makers[end] = makers[end].fillna(makers["size"]).astype(float)
    return Cluster(
        tables=tables,
        chain=chain,
        region=region,
        companies_frame=companies,
        makers=_placed(makers, region),
        anchor=_anchor(companies, anchor, region) if anchor else frozenset(),
    )


def _placed(frame: pd.DataFrame, region: tuple[str, ...]) -> pd.DataFrame:
    """Say of companies or makers whether they lie in a region."""
    places = {code: _place(code, region) for code in frame["region_code"].unique()}
    return frame.assign(place=frame["region_code"].map(places).astype(object))


def _place(code: str, region: tuple[str, ...]) -> str:
    """Say where a code lies; one that is coarser than the region may lie inside or not."""
    if not code:
        return aggregate.UNKNOWN
    if inside(code, region):
        return aggregate.LOCAL
    coarser = any(inside(own, (code,)) for own in region)
    return aggregate.UNKNOWN if coarser else aggregate.OUTSIDE


def _role(status: str) -> str:
    if status in ("", OPERATING):
        return "operating"
    return "planned" if status in PLANNED_STATUSES else "none"


def _makers(outputs: pd.DataFrame, companies: pd.DataFrame) -> pd.DataFrame:
    """One row for each company and product: its latest year, sized by output or capacity."""
    latest = outputs.sort_values("year", kind="stable", key=lambda years: years.astype(str))
    latest = latest.drop_duplicates(["company_id", "product_id"], keep="last").sort_index()
    utilisation = latest["utilisation"].fillna(FULL_CAPACITY)
    size = latest["output"].fillna(latest["capacity"] * utilisation)
    basis = np.select(
        [latest["output"].notna(), latest["capacity"].notna()], ["output", "capacity"], "none"
    )
    # Capacity times utilisation is a calculation, whoever reported the capacity.
    evidence = latest["evidence"].mask((basis == "capacity"), "derived")
    frame = latest.assign(
        size=size,
        size_low=latest["output_low"].fillna(size),
        size_high=latest["output_high"].fillna(size),
        basis=basis,
        utilisation=utilisation,
        evidence=evidence,
    )
    return _with_company(frame, companies)


def _with_company(frame: pd.DataFrame, companies: pd.DataFrame) -> pd.DataFrame:
    known = companies.set_index("company_id")
    roles = [
        "planned" if evidence == "planned" and role == "operating" else role
        for evidence, role in zip(
            frame["evidence"], frame["company_id"].map(known["status"]).map(_role), strict=True
        )
    ]
    # An output of nothing is a plant that stands still.
    still = frame["size"] == 0
    return frame.assign(
        region_code=frame["company_id"].map(known["region_code"]).astype(object),
        role=pd.Series(roles, index=frame.index, dtype=object).mask(
            still & (pd.Series(roles, index=frame.index) == "operating"), "none"
        ),
    ).reset_index(drop=True)


def _with_projects(makers: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Add operating projects whose company has no output row: they make it, unsized."""
    projects = projects[~_is_assumed(projects)]
    running = projects[(projects["stage"] == OPERATING) & (projects["product_id"] != "")]
    names = running["company_id"].mask(running["company_id"] == "", running["project_id"])
    running = running.assign(company_id=names)
    known = pd.MultiIndex.from_frame(makers[["company_id", "product_id"]])
    new = running[~pd.MultiIndex.from_frame(running[["company_id", "product_id"]]).isin(known)]
    if new.empty:
        return makers
    kept = ["company_id", "product_id", "region_code", *_KEPT, "evidence"]
    rows = new[kept].assign(size=np.nan, basis="none", role="operating", year="")
    return pd.concat([makers, rows], ignore_index=True)


def _is_assumed(projects: pd.DataFrame) -> "pd.Series[bool]":
    if ASSUMED not in projects:
        return pd.Series(data=False, index=projects.index)
    return projects[ASSUMED].map(lambda flag: flag is True).astype(bool)


def _with_assumed(makers: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """Count what a scenario takes for running: a capacity adds to the output already known."""
    taken = projects[_is_assumed(projects)]
    if taken.empty:
        return makers
    theirs = as_dicts(makers[makers["company_id"].isin(taken["company_id"])])
    old = {(row["company_id"], row["product_id"]): row for row in theirs}
    new: dict[tuple[str, str], dict[Any, Any]] = {}
    for row in as_dicts(taken):
        pair = (row["company_id"], row["product_id"])
        known = new.get(pair) or old.get(pair)
        running = known is not None and known["role"] == "operating"
        own = known["size"] if known is not None and running else np.nan
        more = row["capacity"]
        if known is not None and running and np.isnan(more):
            continue  # it runs already, and nobody says how much more there will be
        new[pair] = {
            **{name: row[name] for name in ("company_id", "product_id", "region_code", *_KEPT)},
            "size": more if np.isnan(own) else own + more,
            "capacity": more,
            "utilisation": FULL_CAPACITY,
            "basis": "none" if np.isnan(more) else "project",
            "role": "operating",
            "evidence": "planned",
            "year": "",
        }
    if not new:
        return makers
    pairs = pd.MultiIndex.from_frame(makers[["company_id", "product_id"]])
    kept = makers[~pairs.isin(list(new))]
    return pd.concat([kept, pd.DataFrame(list(new.values()))], ignore_index=True)


_KEPT: Final = ("unit", "source", "as_of", "note")


def _with_suppliers(
    makers: pd.DataFrame, supplied: pd.DataFrame, companies: pd.DataFrame, chain: Chain
) -> pd.DataFrame:
    """Add the known companies that have no outputs but are reported to supply."""
    new = supplied[
        supplied["company_id"].isin(companies["company_id"])
        & ~supplied["company_id"].isin(makers["company_id"])
    ]
    if new.empty:
        return makers
    texts: dict[str, Any] = dict.fromkeys(("year", "source", "as_of", "note"), "")
    rows = _with_company(
        new.assign(
            size=new["quantity"],
            basis=np.where(new["quantity"].notna(), "links", "none"),
            evidence="derived",
            unit=new["product_id"].map(chain.products["unit"]),
            utilisation=np.nan,
            output=np.nan,
            capacity=np.nan,
            row=0,
            **texts,
        ).drop(columns="quantity"),
        companies,
    )
    return pd.concat([makers, rows], ignore_index=True)


def find_company(companies: pd.DataFrame, name: str) -> str:
    """
    Find a company by id, name, English name, credit code or alias.

    Parameters
    ----------
    companies
        The companies table.
    name
        What the user wrote; case, width, blanks and kinds of brackets do not matter.

    Returns
    -------
    company_id
        The only company that fits. An id wins over a name, a name over an alias.

    Raises
    ------
    InputError
        If none or several fit.
    """
    wanted = folded(name)
    tiers = (
        *(
            companies[column].map(folded) == wanted
            for column in ("company_id", "name", "name_en", "uscc")
        ),
        companies["alias"].map(lambda names: wanted in {folded(alias) for alias in names}),
    )
    for fits in tiers:
        # Most firms have no English name, and nobody means them all by naming nothing.
        found = companies[fits.astype(bool) & bool(wanted)]
        if len(found) > 1:
            named = ", ".join(found["company_id"] + " " + found["name"])
            raise InputError("anchor_twice", value=name, found=named)
        if len(found) == 1:
            return str(found["company_id"].iloc[0])
    raise InputError("unknown_anchor", value=name)


def group(companies: pd.DataFrame, root: str) -> frozenset[str]:
    """
    A company with all its subsidiaries.

    Parameters
    ----------
    companies
        The companies table.
    root
        company_id of the company.

    Returns
    -------
    group
        company_ids, its own among them.
    """
    found = {root}
    while True:
        daughters = set(companies.loc[companies["parent_id"].isin(found), "company_id"])
        if daughters <= found:
            return frozenset(found)
        found |= daughters


def root_of(companies: pd.DataFrame, group: frozenset[str]) -> str:
    """
    The member of a group that no other member owns.

    Parameters
    ----------
    companies
        The companies table.
    group
        From `group`.

    Returns
    -------
    company_id
        The root.
    """
    parents = companies.set_index("company_id")["parent_id"]
    return min(company for company in group if parents[company] not in group)


def _anchor(companies: pd.DataFrame, anchor: str, region: tuple[str, ...]) -> frozenset[str]:
    """The anchor with all its subsidiaries, of which one at least is here."""
    found = group(companies, find_company(companies, anchor))
    local = companies[companies["place"] == aggregate.LOCAL]["company_id"]
    if not found & set(local):
        raise InputError("anchor_outside", value=anchor, region=", ".join(region))
    return found
