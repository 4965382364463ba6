"""A scenario: the same cluster with firms and projects added, and companies gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import narwhals as nw
import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.cluster.build import ASSUMED, find_company, rebuild
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.gaps.explain import find_product
from cluster_graph.tables.clean import figure
from cluster_graph.tables.handles import folded
from cluster_graph.tables.model import Tables
from cluster_graph.tables.regions import inside
from cluster_graph.tables.schema import (
    COMPANIES,
    OPERATING,
    OUTPUTS,
    PROJECTS,
    STAGES,
    Kind,
    TableSchema,
)
from cluster_graph.tables.units import factor
from cluster_graph.tables.vocabulary import choice
from cluster_graph.text import LANGS, say
from cluster_graph.text.cells import as_dicts

OPEN_STAGES: Final = STAGES[: STAGES.index(OPERATING)]
_NAMED: Final = 30  # projects that an error lists
SIGN: Final = "+"  # begins the id of a maker that exists in a scenario only


@dataclass(frozen=True)
class Step:
    """
    One thing that a scenario assumes.

    Parameters
    ----------
    kind
        `add` a maker, `project` that runs, `remove` a company.
    company_id
        Who makes it, or who is gone.
    name_zh, name_en
        What it is called: the maker, the project, the company.
    products
        What it makes, or made.
    amount
        How much a year, in the product's unit; NaN where nobody knows, and for `remove`.
    stage
        The stage at which the project stands today.
    """

    kind: Literal["add", "project", "remove"]
    company_id: str
    name_zh: str
    name_en: str
    products: tuple[str, ...]
    amount: float = np.nan
    stage: str = ""


@dataclass(frozen=True)
class Scenario:
    """
    A cluster as it would be, and what was assumed for it.

    Parameters
    ----------
    cluster
        The new cluster; the old one stays as it was.
    steps
        What was assumed, in order: companies gone, projects that run, makers added.
    skipped
        How many local projects of the stages named have no product of these chains.
    """

    cluster: Cluster
    steps: tuple[Step, ...]
    skipped: int = 0


def scenario(
    cluster: Cluster,
    *,
    add: Iterable[tuple[str, object]] = (),
    remove: Iterable[str] = (),
    projects: Iterable[str] = (),
    stages: Iterable[str] = (),
) -> Scenario:
    """
    Make the cluster that would be.

    Companies go first, with their outputs, links and projects; what the others make stays.
    Then the projects run, each at its capacity, on top of what its company is known to make;
    one without a capacity is there without adding a tonne. Then the added makers come.

    Parameters
    ----------
    cluster
        A built cluster.
    add
        Pairs of a product (id or name) and a yearly quantity, a number in the product's own
        unit or a text with its unit: `60000`, `6万吨`. A product of the outer boundary may be
        added; it is still no gap.
    remove
        Local companies, by id, name or alias.
    projects
        Local projects, by id or name.
    stages
        Stages; every local project that stands at exactly one of them runs.

    Returns
    -------
    scenario
        The new cluster. Figures that rest on what was assumed carry the evidence `planned`.

    Raises
    ------
    InputError
        If nothing is assumed; if a product, company, project or stage is unknown or not
        local; if a quantity is no positive number or its unit measures something else; or
        if no local company would be left.
    """
    gone = list(dict.fromkeys(_local_company(cluster, name) for name in remove))
    tables, steps = cluster.tables, [_removed(cluster, company) for company in gone]
    if gone:
        tables = _without(cluster, gone)
    rows, skipped = _asked_projects(cluster, tables.projects, list(projects), list(stages))
    tables, running = _with_running(cluster, tables, rows)
    tables, added = _with_makers(cluster, tables, list(add))
    steps += [*running, *added]
    if not steps:
        raise InputError("empty_scenario")
    if not any(inside(code, cluster.region) for code in tables.companies["region_code"] if code):
        raise InputError("nobody_left")
    return Scenario(rebuild(cluster, tables), tuple(steps), skipped)


# ---- companies that go


def _local_company(cluster: Cluster, name: str) -> str:
    frame = cluster.companies_frame
    company = find_company(frame, name)
    if frame.set_index("company_id")["place"][company] != LOCAL:
        raise InputError("remove_outside", value=name, region=", ".join(cluster.region))
    return company


def _removed(cluster: Cluster, company: str) -> Step:
    made = cluster.makers[cluster.makers["company_id"] == company]["product_id"]
    names = (cluster.company_name(company, "zh"), cluster.company_name(company, "en"))
    return Step("remove", company, *names, tuple(dict.fromkeys(made)))


def _without(cluster: Cluster, gone: Sequence[str]) -> Tables:
    """The tables without these companies; makers known by their links alone keep their size."""
    tables = cluster.tables
    companies = tables.companies[~tables.companies["company_id"].isin(gone)]
    parents = companies["parent_id"].mask(companies["parent_id"].isin(gone), "")
    changed: dict[str, Any] = {
        name: tables.small(name)[~tables.small(name)["company_id"].isin(gone)]
        for name in ("outputs", "projects", "wishes")
    }
    if tables.links is not None:
        col = nw.col
        frame = tables.links.frame.filter(
            ~col("supplier_id").is_in(list(gone)) & ~col("customer_id").is_in(list(gone))
        )
        changed["links"] = replace(tables.links, frame=frame)
        makers, keys = cluster.makers, ["company_id", "product_id"]
        running = tables.projects[tables.projects["stage"] == OPERATING]
        by_links = makers[
            ~makers["company_id"].isin(tables.outputs["company_id"])
            & makers["company_id"].isin(companies["company_id"])
            & ~pd.MultiIndex.from_frame(makers[keys]).isin(pd.MultiIndex.from_frame(running[keys]))
        ]
        kept = [
            _blank(changed["outputs"], OUTPUTS)
            | {
                "company_id": row["company_id"],
                "product_id": row["product_id"],
                "output": row["size"],
                "evidence": row["evidence"],
            }
            for row in as_dicts(by_links)
        ]
        changed["outputs"] = _extended(changed["outputs"], kept)
    return replace(tables, companies=companies.assign(parent_id=parents), **changed)


# ---- projects that run


def _asked_projects(
    cluster: Cluster, projects: pd.DataFrame, names: list[str], stages: list[str]
) -> tuple[list[int], int]:
    """The rows of the projects asked for, and how many of a stage make nothing in the chains."""
    rows = list(dict.fromkeys(find_project(cluster, projects, name) for name in names))
    skipped = 0
    named = {choice(PROJECTS.column("stage"), said): said for said in stages}
    for stage, said in named.items():
        if stage not in OPEN_STAGES:
            raise InputError(
                "bad_choice", option="--stage", value=said, expected=", ".join(OPEN_STAGES)
            )
        here = [
            place
            for place, code in enumerate(projects["region_code"])
            if code and inside(code, cluster.region) and projects["stage"].iloc[place] == stage
        ]
        if not here:
            raise InputError("no_project_at_stage", value=stage)
        fitting = [place for place in here if projects["product_id"].iloc[place]]
        skipped += len(here) - len(fitting)
        rows += [place for place in fitting if place not in rows]
    return rows, skipped


def find_project(cluster: Cluster, projects: pd.DataFrame, name: str) -> int:
    """
    Find a local project that is under way.

    Parameters
    ----------
    cluster
        A built cluster.
    projects
        Its projects.
    name
        Id or name.

    Returns
    -------
    place
        Its row, counted from 0.

    Raises
    ------
    InputError
        If none or several are called that, or it is elsewhere, makes nothing or runs already.
    """
    wanted = folded(name)
    for column in ("project_id", "name", "name_en"):
        places = [at for at, text in enumerate(projects[column]) if folded(text) == wanted]
        if len(places) > 1:
            ids = ", ".join(projects["project_id"].iloc[places])
            raise InputError("project_twice", value=name, found=ids)
        if places:
            row = projects.iloc[places[0]]
            if not row["region_code"] or not inside(row["region_code"], cluster.region):
                raise InputError("project_outside", value=name, region=", ".join(cluster.region))
            if not row["product_id"]:
                raise InputError("project_no_product", value=name)
            if row["stage"] == OPERATING:
                raise InputError("project_runs", value=name)
            return places[0]
    first = [*projects["project_id"][:_NAMED], *(["..."] if len(projects) > _NAMED else [])]
    known = ", ".join(first) or "-"
    raise InputError("unknown_project", value=name, known=known)


def _with_running(cluster: Cluster, tables: Tables, rows: list[int]) -> tuple[Tables, list[Step]]:
    """The tables with these projects in operation, each by a company that is here."""
    if not rows:
        return tables, []
    projects = tables.projects.reset_index(drop=True)
    frame = cluster.companies_frame
    local = set(frame.loc[frame["place"] == LOCAL, "company_id"])
    records = as_dicts(projects)
    new, steps, makers = [], [], {}
    for place in rows:
        row = records[place]
        maker = row["company_id"]
        if maker not in local:
            # Who stands behind it has no company here yet: the project is one.
            maker = row["project_id"]
            new.append(
                _blank(tables.companies, COMPANIES)
                | {
                    "company_id": maker,
                    "name": row["name"],
                    "name_en": row["name_en"],
                    "region_code": row["region_code"],
                    "evidence": "planned",
                }
            )
        makers[place] = maker
        steps.append(
            Step(
                "project",
                maker,
                row["name"],
                row["name_en"] or row["name"],
                (row["product_id"],),
                float(row["capacity"]),
                row["stage"],
            )
        )
    known = set(tables.companies["company_id"])
    new = [row for row in new if row["company_id"] not in known]
    taken = projects.index.isin(rows)
    before = projects[ASSUMED] if ASSUMED in projects else pd.Series(None, index=projects.index)
    projects = projects.assign(
        stage=projects["stage"].mask(taken, OPERATING),
        company_id=[makers.get(at, old) for at, old in enumerate(projects["company_id"])],
        **{ASSUMED: [True if at in makers else old for at, old in enumerate(before)]},
    )
    companies = _extended(tables.companies, new)
    return replace(tables, projects=projects, companies=companies), steps


# ---- makers that come


def _with_makers(
    cluster: Cluster, tables: Tables, add: list[tuple[str, object]]
) -> tuple[Tables, list[Step]]:
    """The tables with a made-up local maker of each product asked for."""
    if not add:
        return tables, []
    chain = cluster.chain
    companies, projects, steps = [], [], []
    known = {*tables.companies["company_id"], *tables.projects["project_id"]}
    for name, asked in add:
        product = find_product(chain, name)
        amount = _amount(name, asked, str(chain.products["unit"][product]))
        maker, count = f"{SIGN}{product}", 1
        while maker in known:
            count += 1
            maker = f"{SIGN}{product}.{count}"
        known.add(maker)
        names = {
            lang: say("what_if.maker", lang, product=chain.name(product, lang), count=count)
            for lang in LANGS
        }
        who = {
            "name": names["zh"],
            "name_en": names["en"],
            "region_code": cluster.region[0],
            "evidence": "planned",
        }
        companies.append(_blank(tables.companies, COMPANIES) | who | {"company_id": maker})
        projects.append(
            _blank(tables.projects, PROJECTS)
            | who
            | {
                "project_id": maker,
                "company_id": maker,
                "product_id": product,
                "capacity": amount,
                "stage": OPERATING,
                ASSUMED: True,
            }
        )
        steps.append(Step("add", maker, names["zh"], names["en"], (product,), amount))
    old = tables.projects
    if ASSUMED not in old:
        old = old.assign(**{ASSUMED: pd.Series(None, index=old.index, dtype=object)})
    changed = replace(
        tables,
        companies=_extended(tables.companies, companies),
        projects=_extended(old, projects),
    )
    return changed, steps


def _amount(product: str, asked: object, unit: str) -> float:
    """A yearly quantity in the product's own unit."""
    said = figure(str(asked))
    if said is None:
        raise InputError("bad_quantity", product=product, value=asked, unit=unit)
    times = factor(said.unit, unit)
    if times is None:
        raise InputError("quantity_unit", product=product, value=asked, unit=unit)
    amount = float(said.number) * times
    if not np.isfinite(amount) or amount <= 0:
        raise InputError("bad_quantity", product=product, value=asked, unit=unit)
    return amount


# ---- rows


def _blank(frame: pd.DataFrame, schema: TableSchema) -> dict[str, Any]:
    """A row of a typed table that says nothing."""
    blanks: Mapping[Kind, object] = {Kind.NUMBER: np.nan, Kind.FLAG: None, Kind.LIST: ()}
    declared = {column.name: blanks.get(column.kind, "") for column in schema.columns}
    further = {
        str(name): 0 if pd.api.types.is_integer_dtype(kind) else ""
        for name, kind in frame.dtypes.items()
    }
    return {**further, **{name: declared[name] for name in declared if name in frame}}


def _extended(frame: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    if not rows:
        return frame
    new = pd.DataFrame(rows, columns=frame.columns)
    if frame.empty:
        return new  # the types of an empty table mean nothing
    new = new.astype(frame.dtypes)
    return pd.concat([frame, new], ignore_index=True)
