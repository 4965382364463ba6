"""The package's public functions: the few lines that wire the rooms together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from cluster_graph import _shipped
from cluster_graph._errors import InputError
from cluster_graph.chain.model import Chain
from cluster_graph.chain.read import read_chain
from cluster_graph.cluster import build as _build
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows import network as _network
from cluster_graph.flows.cutting import WHOLE, cutting
from cluster_graph.flows.cutting import Around as Around  # noqa: PLC0414  public
from cluster_graph.flows.neighbourhood import is_cuttable
from cluster_graph.gaps import balance as _balance
from cluster_graph.gaps import compare as _compare
from cluster_graph.gaps import critical as _critical
from cluster_graph.gaps import explain as _explain
from cluster_graph.gaps import gaps as _gaps
from cluster_graph.gaps.explain_company import CompanyExplanation, explain_company
from cluster_graph.gaps.gaps import Direction
from cluster_graph.tables.as_of import until
from cluster_graph.tables.engine import Engine as Engine  # noqa: PLC0414  public
from cluster_graph.tables.engine import running
from cluster_graph.tables.load import load_tables, opened
from cluster_graph.tables.model import Tables
from cluster_graph.tables.served import brought
from cluster_graph.tables.take import look
from cluster_graph.tables.urls import is_store, is_url
from cluster_graph.targets import follow_up as _follow_up
from cluster_graph.targets import pipeline as _pipeline
from cluster_graph.targets import plan as _plan
from cluster_graph.targets import targets as _targets
from cluster_graph.targets import weights as _weights
from cluster_graph.targets import what_if as _what_if
from cluster_graph.targets.candidates import asked_limits
from cluster_graph.text import DEFAULT_LANG, Lang


def load(
    path: str | Path | Mapping[str, Any] | None = None,
    headings: Mapping[str, str] | None = None,
    *,
    same: Iterable[tuple[str, str]] = (),
    apart: Iterable[tuple[str, str]] = (),
    around: Around | None = None,
) -> Tables:
    """
    Load the tables of a cluster.

    Parameters
    ----------
    path
        A folder of tables, a workbook (.xlsx, .xls, .ods), a CSV or TSV file, a DuckDB or
        SQLite file, Parquet or JSON Lines; the address of a folder of Parquet or CSV files
        in a store (`s3://bucket/folder`, `hdfs://…`, `https://…`), which the engine reads, or
        of a PostgreSQL database (`postgresql://user@host/name`); or table name -> data frame
        of any kind Narwhals knows. None loads the shipped Lingyuan data.
    headings
        Heading -> contract column, where the reader should not decide by itself.
    same, apart
        Pairs of companies, by id or name, that are one firm or two whatever they look like.
    around
        The region whose neighbourhood is taken out of large tables, and the engine for it;
        None takes everything. See `cluster_graph.flows.cutting.Around`.

    Returns
    -------
    tables
        Typed tables, every problem found, and read = accepted + merged + rejected.

    Raises
    ------
    InputError
        If the data cannot be used at all.
    """
    if path is None:
        path = _shipped.data_folder() / _shipped.DEFAULT_DATA
    is_named = isinstance(path, Mapping) or (isinstance(path, str) and is_url(path))
    source = path if is_named else Path(str(path))
    if around is None and not (isinstance(source, str) and is_store(source)):
        return load_tables(source, headings, same=same, apart=apart)
    asked = replace(around or Around(region=(), hops=WHOLE), headings=headings or {})
    with cutting(asked) as cut:
        return load_tables(source, headings, same=same, apart=apart, engine=asked.engine, cut=cut)


def chains(*names: str | Path) -> Chain:
    """
    Load reference chains as one.

    Parameters
    ----------
    names
        Shipped chains (`steel`, `auto`, `new_materials`), folders with products.csv and
        inputs.csv, or input-output tables (`io:table.xlsx`). None given: all shipped ones.
        Products that a chain's inputs name and that it does not declare are looked up in the
        shipped chains.

    Returns
    -------
    chain
        Checked and solvable.

    Raises
    ------
    InputError
        If a name is unknown or a file cannot be read.
    ChainError
        If the chain contradicts itself.
    """
    wanted = [str(name) for name in names] or list(_shipped.CHAIN_NAMES)
    folders = [_shipped.chain_folder(name) for name in dict.fromkeys(wanted)]
    shipped = [_shipped.chain_folder(name) for name in _shipped.CHAIN_NAMES]
    return read_chain(folders, [folder for folder in shipped if folder not in folders])


def build(
    tables: Tables,
    chain: Chain,
    region: str | Sequence[str] = _shipped.DEFAULT_REGION,
    anchor: str | None = None,
    as_of: str | None = None,
) -> Cluster:
    """
    Put companies, outputs and links on a reference chain.

    Parameters
    ----------
    tables
        From `load`.
    chain
        From `chains`.
    region
        One or several GB/T 2260 codes; a company inside any of them is local.
    anchor
        Id, name or alias of a company whose view is wanted.
    as_of
        A year, month or day; what is dated later is left out, as `tables.as_of` says.

    Returns
    -------
    cluster
        `.companies` is a networkx MultiDiGraph, `.products` a DiGraph.

    Raises
    ------
    InputError
        If the region or the anchor fits no company, or the day is none.
    """
    codes = (region,) if isinstance(region, str) else tuple(region)
    known = tables if as_of is None else until(tables, as_of)
    return _build.build(known, chain, codes, anchor)


def balance(cluster: Cluster) -> pd.DataFrame:
    """
    Demand and supply of every product; see `cluster_graph.gaps.balance.balance`.

    Parameters
    ----------
    cluster
        From `build`.

    Returns
    -------
    balance
        One row a product.
    """
    return _balance.balance(cluster)


def gaps(cluster: Cluster, direction: Direction = "both", *, total: bool = False) -> pd.DataFrame:
    """
    Find what is missing, short or unprocessed; see `cluster_graph.gaps.gaps.gaps`.

    Parameters
    ----------
    cluster
        From `build`.
    direction
        `upstream`, `downstream` or `both`.
    total
        Add what only the whole chain behind the local output needs.

    Returns
    -------
    gaps
        One row a gap, with the contract's columns.
    """
    return _gaps.gaps(cluster, _balance.balance(cluster), direction, total=total)


def targets(
    cluster: Cluster, lang: Lang = DEFAULT_LANG, weights: str | Path | None = None
) -> pd.DataFrame:
    """
    Rank what to recruit; see `cluster_graph.targets.targets.targets`.

    Parameters
    ----------
    cluster
        From `build`.
    lang
        The language of the reasons.
    weights
        What the components of a score weigh: `fill_chain` (the default), `tax_first`,
        `green_first` or a TOML file; see `cluster_graph.targets.weights.read_weights`.

    Returns
    -------
    targets
        One row a target, with the contract's columns.

    Raises
    ------
    InputError
        If the weights cannot be read, are negative or all zero.
    """
    read = _weights.read_weights(weights)
    table = _balance.balance(cluster)
    return _targets.targets(cluster, table, _gaps.gaps(cluster, table), lang, read)


def explain(cluster: Cluster, name: str) -> _explain.Explanation | CompanyExplanation:
    """
    Say where the figures of a product or of a company come from.

    Parameters
    ----------
    cluster
        From `build`.
    name
        Id or name of a product; if there is none of that name, of a company.

    Returns
    -------
    explanation
        Its figures, and the rows and coefficients behind each.

    Raises
    ------
    InputError
        If neither one product nor one company is called that.
    """
    table = _balance.balance(cluster)
    try:
        product_id = _explain.find_product(cluster.chain, name)
    except InputError as no_product:
        try:
            company_id = _build.find_company(cluster.companies_frame, name)
        except InputError:
            raise no_product from None
        return explain_company(cluster, table, company_id)
    return _explain.explain(cluster, table, product_id)


def what_if(  # noqa: PLR0913  one argument for each thing that may be assumed
    cluster: Cluster,
    *,
    add: Mapping[str, object] | Iterable[tuple[str, object]] = (),
    remove: Iterable[str] = (),
    projects: Iterable[str] = (),
    stages: Iterable[str] = (),
    probabilities: Mapping[str, object] | Iterable[tuple[str, object]] = (),
) -> _what_if.WhatIf:
    """
    Work out what changes if makers come, projects run or companies go.

    Parameters
    ----------
    cluster
        From `build`; it stays as it is.
    add
        Product -> how much a new local maker makes a year: a number in the product's own unit,
        or a text with its unit (`6万吨`).
    remove
        Local companies that go, by id, name or alias.
    projects
        Local projects that run at their capacity, by id or name.
    stages
        Stages; every local project at exactly one of them runs.
    probabilities
        Stage -> share of projects that get from there to operation, 0 to 1; for other stages
        the funnel of the cluster's own projects decides, if it is large enough.

    Returns
    -------
    found
        Both balances, what changed, and what the newcomers use and bring; `.scenario.cluster`
        is the cluster that would be.

    Raises
    ------
    InputError
        If nothing is assumed, or what is assumed is unknown, not local or no quantity.
    """
    return _what_if.what_if(
        cluster,
        add=_pairs(add),
        remove=remove,
        projects=projects,
        stages=stages,
        probabilities=_pipeline.asked_probabilities(_pairs(probabilities)),
    )


def plan(  # noqa: PLR0913  one argument for each thing that may be limited
    cluster: Cluster,
    *,
    land: object = None,
    workshop: object = None,
    energy: object = None,
    budget: object = None,
    count: object = None,
    projects: Iterable[str] = (),
    front: str | None = None,
) -> _plan.Plan:
    """
    Choose the projects and plants that close most under limits.

    Parameters
    ----------
    cluster
        From `build`.
    land, workshop
        At most, m2, or a text with a unit (`50亩`); None: no limit.
    energy
        At most, tce a year.
    budget
        At most, 10,000 yuan of investment, or a text with a unit (`3亿元`).
    count
        How many projects and plants at most.
    projects
        Local projects that come in any case, by id or name.
    front
        `land` or `energy`: also what the best set reaches for how much of it.

    Returns
    -------
    plan
        See `cluster_graph.targets.plan.Plan`.

    Raises
    ------
    InputError
        If a limit cannot be read, a project is unknown, those that must come exceed a limit, or
        there is no such front.
    """
    asked = {
        "land": land,
        "workshop": workshop,
        "energy": energy,
        "budget": budget,
        "count": count,
    }
    return _plan.plan(cluster, asked_limits(asked), projects, targets(cluster), front)


def follow_up(
    cluster: Cluster, path: str | Path, *, by: str = "month", today: date
) -> _follow_up.Followed:
    """
    Read the follow-up list that recruiters filled in; see `targets.follow_up.follow_up`.

    Parameters
    ----------
    cluster
        From `build`.
    path
        The workbook that `report` wrote, filled in.
    by
        How the funnel is split: `month`, `chain`, `township`.
    today
        The day from which days are counted.

    Returns
    -------
    followed
        `.read.changes` and `.read.projects`, `.funnel`, `.total`, `.stalled`.

    Raises
    ------
    InputError
        If the workbook has no such list, or two rows of it are one project.
    """
    return _follow_up.follow_up(cluster, Path(path), by, today)


def compare(old: Cluster, new: Cluster, today: date | None = None) -> _compare.Comparison:
    """
    Compare two snapshots of a cluster; see `cluster_graph.gaps.compare.compare`.

    Parameters
    ----------
    old, new
        From `build`, on the same chain and region.
    today
        The day from which the days since a project's date are counted; None leaves them out.

    Returns
    -------
    comparison
        Gaps that closed, opened, narrowed or widened, the rows behind them, and the projects
        that moved.

    Raises
    ------
    InputError
        If the chains or the regions differ.
    """
    return _compare.compare(old, new, today)


def _pairs(
    given: Mapping[str, object] | Iterable[tuple[str, object]],
) -> Iterable[tuple[str, object]]:
    return given.items() if isinstance(given, Mapping) else given


def critical(cluster: Cluster) -> pd.DataFrame:
    """
    Rank the companies by what their stop costs; see `cluster_graph.gaps.critical.critical`.

    Parameters
    ----------
    cluster
        From `build`.

    Returns
    -------
    critical
        One row a company, the most critical first.
    """
    return _critical.critical(cluster, _balance.balance(cluster))


def stop(cluster: Cluster, company: str) -> pd.DataFrame:
    """
    Follow the stop of one company; see `cluster_graph.gaps.critical.stop`.

    Parameters
    ----------
    cluster
        From `build`.
    company
        Its id, name or alias.

    Returns
    -------
    steps
        One row a company that falls in a step.

    Raises
    ------
    InputError
        If no company, or more than one, is called that.
    """
    return _critical.stop(cluster, _balance.balance(cluster), company)


def report(
    cluster: Cluster,
    path: str | Path,
    lang: Lang = DEFAULT_LANG,
    weights: str | Path | None = None,
) -> list[Path]:
    """
    Write the five files of a report.

    Parameters
    ----------
    cluster
        From `build`.
    path
        The folder to write into; made if it is not there.
    lang
        `zh` or `en`.
    weights
        As in `targets`.

    Returns
    -------
    files
        report.html, gaps.csv, targets.csv, recruiting.xlsx and graph.html.

    Raises
    ------
    InputError
        If the weights cannot be read or a file cannot be written; nothing half-written is left.
    """
    from cluster_graph import _report  # noqa: PLC0415  the views are heavy

    read = _weights.read_weights(weights)
    return _report.write(_report.find(cluster, lang, read), Path(path), lang)


def convert(
    cluster: Cluster,
    path: str | Path,
    graph: Literal["companies", "products"] = "companies",
    lang: Lang = DEFAULT_LANG,
) -> list[Path]:
    """
    Write a graph for other tools; see `cluster_graph.views.graph_files.graph_files`.

    Parameters
    ----------
    cluster
        From `build`; with an anchor, only it and what lies before and behind it.
    path
        `.graphml`, `.gexf`, `.json` (node-link), or `.parquet`: a folder of that name with
        nodes.parquet and edges.parquet. Folders are made.
    graph
        `companies` with their links, or `products` with their inputs.
    lang
        The language of the labels in GraphML and GEXF.

    Returns
    -------
    files
        What was written.

    Raises
    ------
    InputError
        If the suffix or the graph is unknown, an id holds a control character, or a file
        cannot be written; nothing half-written is left.
    """
    from cluster_graph.views import graph_files, write  # noqa: PLC0415  the views are heavy

    target = Path(path)
    graph_files.graph_suffix(target)
    if graph not in ("companies", "products"):
        raise InputError("bad_choice", option="graph", value=graph, expected="companies, products")
    drawn = cluster.companies if graph == "companies" else cluster.products
    if cluster.anchor:
        from cluster_graph.cluster.graphs import reach  # noqa: PLC0415  networkx is slow

        made = cluster.makers[cluster.makers["company_id"].isin(cluster.anchor)]["product_id"]
        drawn = reach(drawn, cluster.anchor if graph == "companies" else made)
    files = graph_files.graph_files(drawn, graph, target, lang)
    write.write_all(files)
    return list(files)


def briefs(
    cluster: Cluster,
    path: str | Path,
    lang: Lang = DEFAULT_LANG,
    *,
    weights: str | Path | None = None,
    top: int = 20,
) -> list[Path]:
    """
    Write a one-page brief of each of the first targets, as HTML and as a Word document.

    Parameters
    ----------
    cluster
        From `build`.
    path
        The folder to write into; made if it is not there.
    lang
        `zh` or `en`.
    weights
        As in `targets`.
    top
        How many targets.

    Returns
    -------
    files
        Two for each target.

    Raises
    ------
    InputError
        If the weights cannot be read or a file cannot be written.
    """
    from cluster_graph import _report  # noqa: PLC0415  the views are heavy

    findings = _report.find(cluster, lang, _weights.read_weights(weights))
    return _report.write_briefs(findings, Path(path), lang, top)


def network(
    path: str | Path, around: Around, headings: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """
    Say how a link table of any size hangs together; see `flows.network.summary`.

    Parameters
    ----------
    path
        A folder of tables, a DuckDB file, the address of either in a store, or that of a
        database server.
    around
        The region whose neighbourhood is counted, how many links far, and the engine.
    headings
        Heading -> contract column, where the reader should not decide by itself.

    Returns
    -------
    summary
        part, item, firms, links.

    Raises
    ------
    InputError
        If the tables cannot be read by an engine, or the engine cannot be started.
    """
    source = path if isinstance(path, str) and is_url(path) else Path(path)
    found = [look(sheet, headings or {}) for sheet in opened(source, around.engine)]
    with brought(found, headings or {}, around.engine) as sheets:
        if not is_cuttable(sheets):
            raise InputError("not_cuttable")
        with running(around.engine) as scanner, around.watch(scanner.progress):
            return _network.summary(sheets, around.region, around.hops, scanner)
