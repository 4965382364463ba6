"""Puts everything a report shows into one value, and writes its five files."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cluster_graph.chain.schema import NATURE_GATES
from cluster_graph.cluster.build import root_of
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.gaps.anchor import anchor_view
from cluster_graph.gaps.balance import balance as _balance
from cluster_graph.gaps.content import local_content
from cluster_graph.gaps.gaps import gaps as _gaps
from cluster_graph.gaps.likely import levers, likely
from cluster_graph.gaps.main_flows import main_flows
from cluster_graph.gaps.notes import notes as _notes
from cluster_graph.gaps.trade import trade
from cluster_graph.tables.problems import ledger_frame
from cluster_graph.tables.regions import local_rows
from cluster_graph.tables.schema import OPERATING
from cluster_graph.targets.funnel import funnel
from cluster_graph.targets.scenario import OPEN_STAGES
from cluster_graph.targets.sites import occupancy
from cluster_graph.targets.targets import reasons_of
from cluster_graph.targets.targets import targets as _targets
from cluster_graph.targets.weights import Weights
from cluster_graph.targets.what_if import WhatIf, what_if
from cluster_graph.text import LANGS, Lang, say
from cluster_graph.text.cells import as_dicts
from cluster_graph.text.regions import region_name
from cluster_graph.views.findings import Findings
from cluster_graph.views.write import write_whole

FILES: Final = ("report.html", "gaps.csv", "targets.csv", "recruiting.xlsx", "graph.html")
_NO_FILE_NAME: Final = '<>:"/\\|?*'
_STEM_MOST: Final = 60
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def find(cluster: Cluster, lang: Lang, weights: Weights, *, total: bool = False) -> Findings:
    """
    Work out everything that the views of a cluster show.

    Parameters
    ----------
    cluster
        A built cluster.
    lang
        The language of the reasons and notes.
    weights
        What the components of a target's score weigh.
    total
        Show what only the whole chain behind the local output needs, too.

    Returns
    -------
    findings
        What the views draw.
    """
    table = _balance(cluster)
    gaps = _gaps(cluster, table)
    targets = _targets(cluster, table, gaps, lang, weights)
    companies = cluster.companies_frame
    local = companies[companies["place"] == LOCAL]
    sizes: dict[str, dict[str, float]] = {}
    makers = cluster.makers[["company_id", "product_id", "size"]]
    for company, product, size in makers.itertuples(index=False):
        sizes.setdefault(company, {})[product] = size
    found = [sizes.get(company, {}) for company in local["company_id"]]
    local = local.assign(
        makes=pd.Series(map(list, found), local.index, dtype=object),
        sizes=pd.Series(found, local.index, dtype=object),
    )
    join = say("word.join", lang)
    return Findings(
        region=",".join(cluster.region),
        region_name=join.join(region_name(code, lang) for code in cluster.region),
        chains=cluster.chain.names,
        anchor=root_of(companies, cluster.anchor) if cluster.anchor else None,
        as_of=_as_of(cluster),
        products=cluster.products,
        companies=cluster.companies,
        balance=table,
        gaps=_gaps(cluster, table, total=True) if total else gaps,
        total=total,
        targets=targets,
        reasons={
            each: dict(zip(targets["product_id"], targets["reasons"], strict=True))
            if each == lang
            else reasons_of(cluster, gaps, targets, each)
            for each in LANGS
        },
        weights=weights,
        occupancy=occupancy(cluster),
        local_companies=local,
        flows=main_flows(cluster, table),
        funnel=funnel(local_rows(cluster.tables.projects, cluster.region), cluster.chain),
        arrival=_arrival(cluster),
        projects=cluster.tables.projects,
        prospects=cluster.tables.prospects,
        facts=cluster.tables.facts,
        wishes=cluster.tables.wishes,
        ledger=ledger_frame(cluster.tables.ledger),
        likely=likely(cluster, table),
        levers=levers(cluster, table),
        content=local_content(cluster, table),
        trade=trade(cluster, table),
        anchor_view=anchor_view(cluster, table) if cluster.anchor else None,
        notes=tuple(_notes(cluster, table, gaps, lang)),
        sources=_sources(cluster),
        headline=_headline(cluster, table, gaps, targets),
    )


def _arrival(cluster: Cluster) -> WhatIf | None:
    """The cluster before and after all projects of a product that are under way here."""
    here = local_rows(cluster.tables.projects, cluster.region)
    stages = here.loc[(here["product_id"] != "") & here["stage"].isin(OPEN_STAGES), "stage"]
    return what_if(cluster, stages=list(dict.fromkeys(stages))) if len(stages) else None


def _as_of(cluster: Cluster) -> str:
    years = [*cluster.makers["year"].astype(str), *cluster.makers["as_of"].astype(str)]
    return max(years, default="")


def _sources(cluster: Cluster) -> pd.DataFrame:
    tables = cluster.tables
    parts = [
        tables.companies,
        tables.outputs,
        tables.projects,
        tables.prospects,
        tables.sites,
        tables.facts,
        cluster.chain.products,
        cluster.chain.inputs,
    ]
    rows = pd.concat([part[["source", "evidence"]] for part in parts], ignore_index=True)
    counted = rows.groupby(["source", "evidence"]).size().rename("rows").reset_index()
    return counted.sort_values(
        ["rows", "source"], ascending=[False, True], kind="stable"
    ).reset_index(drop=True)


def _headline(
    cluster: Cluster, table: pd.DataFrame, gaps: pd.DataFrame, targets: pd.DataFrame
) -> dict[str, float | int | None]:
    local = cluster.companies_frame["place"] == LOCAL
    makers = cluster.makers
    running = makers[(makers["place"] == LOCAL) & (makers["role"] == "operating")]
    upstream = gaps[gaps["direction"] == "upstream"]
    open_to_us = upstream[~upstream["recruit_gate"].isin(NATURE_GATES)]
    return {
        "companies_local": int(local.sum()),
        "companies_sized": int(running[running["size"].notna()]["company_id"].nunique()),
        "products_made": int(table["producers"].map(bool).sum()),
        "products_sized": int(running[running["size"].notna()]["product_id"].nunique()),
        "gaps_upstream": len(upstream),
        "gaps_downstream": int((gaps["direction"] == "downstream").sum()),
        "recruitable_gaps": len(open_to_us),
        "upstream_priced": int(upstream["value"].notna().sum()),
        "value_upstream": _sum(upstream["value"]),
        "value_recruitable": _sum(open_to_us["value"]),
        "targets": int((targets["listed"] == "recruit").sum()),
        "projects_planned": _projects_planned(cluster),
    }


def _projects_planned(cluster: Cluster) -> int:
    """How many projects of the chain are under way in the region."""
    projects = local_rows(cluster.tables.projects, cluster.region)
    under_way = (projects["product_id"] != "") & ~projects["stage"].isin(["", OPERATING])
    return int(under_way.sum())


def _sum(values: "pd.Series[Any]") -> float | None:
    return None if values.isna().all() else float(values.sum())


def write(
    findings: Findings,
    folder: Path,
    lang: Lang,
    done: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """
    Write the five files of a report, each whole or not at all.

    Parameters
    ----------
    findings
        From `find`.
    folder
        Where to; made if it is not there.
    lang
        The language of the pages and sheets.
    done
        Told the name of each file that stands.

    Returns
    -------
    files
        Their paths, in the order of `FILES`.

    Raises
    ------
    InputError
        If a file cannot be written.
    """
    from cluster_graph.views.graph_page import graph_page  # noqa: PLC0415  heavy
    from cluster_graph.views.report_page import report_page  # noqa: PLC0415  heavy
    from cluster_graph.views.workbook import recruiting_workbook  # noqa: PLC0415  heavy

    makers: dict[str, Callable[[], bytes | str]] = {
        "report.html": lambda: report_page(findings, lang),
        "gaps.csv": lambda: csv_for_excel(findings.gaps, lang),
        "targets.csv": lambda: csv_for_excel(findings.targets, lang),
        "recruiting.xlsx": lambda: recruiting_workbook(findings, lang),
        "graph.html": lambda: graph_page(findings, lang),
    }

    def put(name: str) -> str:
        write_whole(folder / name, makers[name]())
        return name

    # The page's charts are drawn in another process, so that the other files are made meanwhile.
    with ThreadPoolExecutor(max_workers=1) as beside:
        page = beside.submit(put, FILES[0])
        for name in FILES[1:]:
            done(put(name))
        done(page.result())
    return [folder / name for name in FILES]


def write_briefs(
    findings: Findings,
    folder: Path,
    lang: Lang,
    top: int,
    done: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """
    Write a brief of each of the first targets, as a page and as a Word document.

    Parameters
    ----------
    findings
        From `find`.
    folder
        Where to; made if it is not there.
    lang
        The language of the briefs.
    top
        How many targets.
    done
        Told the name of each target whose brief stands.

    Returns
    -------
    files
        Their paths: rank, product_id and name, `.html` and `.docx`.

    Raises
    ------
    InputError
        If a file cannot be written.
    """
    from cluster_graph.views.brief import brief, brief_page  # noqa: PLC0415  heavy
    from cluster_graph.views.brief_docx import brief_docx  # noqa: PLC0415  heavy
    from cluster_graph.views.details import Index  # noqa: PLC0415  heavy

    index = Index(findings)
    paths = []
    rows = findings.targets[findings.targets["rank"].notna()].head(top)
    for row in as_dicts(rows):
        found = brief(index, row, lang)
        stem = _stem(f"{int(row['rank']):02d}_{row['product_id']}_{found.title}")
        write_whole(folder / f"{stem}.html", brief_page(found, lang))
        write_whole(folder / f"{stem}.docx", brief_docx(found, lang))
        paths += [folder / f"{stem}.html", folder / f"{stem}.docx"]
        done(found.title)
    return paths


def _stem(text: str) -> str:
    """A file name that every system takes."""
    clean = "".join("_" if sign in _NO_FILE_NAME or ord(sign) < ord(" ") else sign for sign in text)
    return clean.strip(". ")[:_STEM_MOST]


def csv_for_excel(frame: pd.DataFrame, lang: Lang) -> bytes:
    """
    A table as the CSV that Excel opens with its characters and without running anything.

    Parameters
    ----------
    frame
        Any table.
    lang
        The language, for lists of reasons.

    Returns
    -------
    content
        UTF-8 with BOM. A text that Excel would take for a formula has an apostrophe before
        it.
    """
    from cluster_graph.views.terminal import frame_text  # noqa: PLC0415  heavy

    safe = frame.copy()
    for name in safe:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            cells = [_defused(value) for value in safe[name]]
            safe[name] = pd.Series(cells, index=safe.index, dtype=object)
    return frame_text(safe, "csv", lang).encode("utf-8-sig")


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
