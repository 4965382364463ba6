"""Loads a data set: reads each table, checks it, checks that the tables know each other."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from cluster_graph._errors import ListedError
from cluster_graph.tables.check import Raw, check, empty_problem
from cluster_graph.tables.engine import links_from_csv, links_from_frame
from cluster_graph.tables.links import check_links
from cluster_graph.tables.model import LinkTable, Tables, original_cells
from cluster_graph.tables.problems import CELL, TABLE, Count, Problem
from cluster_graph.tables.read import read_all, table_files
from cluster_graph.tables.schema import LINKS, SCHEMAS, SMALL_TABLES, Kind, TableSchema


def load_tables(source: Path | Mapping[str, Any]) -> Tables:
    """
    Load the tables of a cluster and account for every row.

    Parameters
    ----------
    source
        A folder of CSV files (UTF-8) named after the contract's tables, or table name ->
        data frame of any kind Narwhals knows.

    Returns
    -------
    tables
        Typed tables, every problem found, and read = accepted + merged + rejected.

    Raises
    ------
    InputError
        If the source cannot be used at all: no such folder, no companies, a required
        column missing, no UTF-8, or no company row that counts.
    """
    frames: dict[str, pd.DataFrame] = {name: _blank(SCHEMAS[name]) for name in SMALL_TABLES}
    files: dict[str, str] = {}
    ledger: dict[str, Count] = {}
    problems: list[Problem] = []
    raws = read_all(source)
    for name, raw in raws.items():
        files[name] = raw.file
        frames[name], ledger[name], found = check(raw)
        problems += found
        if ledger[name].read == 0:
            problems.append(empty_problem(raw))
    if frames["companies"].empty:
        named = [problem for problem in problems if problem.table == "companies"]
        raise ListedError("no_companies", named, path=files["companies"])
    companies = frames["companies"]["company_id"]
    if "outputs" in raws:
        frames["outputs"], found = _of_known_companies(
            frames["outputs"], set(companies), raws["outputs"]
        )
        ledger["outputs"] = ledger["outputs"].aside(len(found))
        problems += found
    frames["companies"], found = _known_parents(frames["companies"], files["companies"])
    problems += found
    tables = Tables(
        **frames,
        links=None,
        problems=tuple(problems),
        ledger=ledger,
        files=files,
        cells={name: raw.cells for name, raw in raws.items()},
    )
    return _with_links(tables, source)


def _blank(schema: TableSchema) -> pd.DataFrame:
    columns = {
        column.name: pd.Series(dtype="float64" if column.kind is Kind.NUMBER else object)
        for column in schema.columns
    }
    return pd.DataFrame({"row": pd.Series(dtype="int64"), **columns})


def _with_links(tables: Tables, source: Path | Mapping[str, Any]) -> Tables:
    found: list[Problem] = []
    links: LinkTable
    if isinstance(source, Path):
        path = table_files(source).get(LINKS.name)
        if path is None:
            return tables
        file = path.name
        links, found = links_from_csv(path)
    else:
        if LINKS.name not in source:
            return tables
        file = LINKS.name
        links = links_from_frame(source[LINKS.name])
    checked = check_links(links, tables.companies["company_id"], file)
    spilt = len(found)
    count = checked.count
    total = Count(count.read + spilt, count.accepted, count.merged, count.rejected + spilt)
    problems = [*tables.problems, *found, *checked.problems]
    if total.read == 0:
        problems.append(Problem(table=LINKS.name, file=file, key="empty_table", scope=TABLE))
    return replace(
        tables,
        links=checked.links,
        problems=tuple(problems),
        ledger={**tables.ledger, LINKS.name: total},
        files={**tables.files, LINKS.name: file},
    )


def _of_known_companies(
    outputs: pd.DataFrame, known: set[str], raw: Raw
) -> tuple[pd.DataFrame, list[Problem]]:
    strange = ~outputs["company_id"].isin(known)
    problems = [
        Problem(
            table="outputs",
            file=raw.file,
            key="unknown_company",
            row=int(record["row"]),
            column="company_id",
            value=record["company_id"],
            cells=original_cells(raw.cells, int(record["row"])),
        )
        for record in outputs[strange].to_dict("records")
    ]
    return outputs[~strange].reset_index(drop=True), problems


def _known_parents(companies: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    parents = companies["parent_id"]
    strange = (parents != "") & ~parents.isin(companies["company_id"])
    problems = [
        Problem(
            table="companies",
            file=file,
            key="unknown_company",
            row=int(record["row"]),
            column="parent_id",
            value=record["parent_id"],
            scope=CELL,
        )
        for record in companies[strange].to_dict("records")
    ]
    return companies.assign(parent_id=parents.mask(strange, "")), problems
