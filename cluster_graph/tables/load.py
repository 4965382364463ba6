"""Loads a data set: reads each sheet, checks it, checks that the tables know each other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from cluster_graph._errors import InputError, ListedError
from cluster_graph.tables.addresses import open_address
from cluster_graph.tables.check import Raw, check, empty_problem, join
from cluster_graph.tables.engine import Engine
from cluster_graph.tables.handles import folded, handles
from cluster_graph.tables.link_sheets import links_from_frame, links_from_sheets
from cluster_graph.tables.links import check_links
from cluster_graph.tables.merge import merge_companies
from cluster_graph.tables.model import LinkTable, Tables
from cluster_graph.tables.parquet import rows_at
from cluster_graph.tables.problems import CELL, TABLE, Count, Problem
from cluster_graph.tables.read import read_frames
from cluster_graph.tables.schema import LINKS, SCHEMAS, SMALL_TABLES, Kind, TableSchema
from cluster_graph.tables.server import open_url
from cluster_graph.tables.sheet import Sheet
from cluster_graph.tables.sources import open_path
from cluster_graph.tables.take import Understood, look, raw_tables
from cluster_graph.tables.urls import is_store, without_password
from cluster_graph.text.cells import as_dicts

Cut = Callable[[list[Understood]], list[Understood]]
# Rows that are nothing without their company.
_OWNED: Final = ("outputs", "wishes")


def _whole(sheets: list[Understood]) -> list[Understood]:
    return sheets


def opened(source: Path | str, engine: Engine | None = None) -> Iterable[Sheet]:
    """
    Open a source of tables.

    Parameters
    ----------
    source
        A path; or an address, of a store or of a database server.
    engine
        What reads a store; None: DuckDB.

    Returns
    -------
    sheets
        Of an address of a store they have to be brought before they are read: see `cutting`.

    Raises
    ------
    InputError
        If it cannot be opened.
    """
    if isinstance(source, Path):
        return open_path(source)
    return open_address(source, engine or Engine()) if is_store(source) else open_url(source)


def load_tables(  # noqa: PLR0913  one argument for each thing that a user may say
    source: Path | str | Mapping[str, Any],
    asked: Mapping[str, str] | None = None,
    *,
    same: Iterable[tuple[str, str]] = (),
    apart: Iterable[tuple[str, str]] = (),
    engine: Engine | None = None,
    cut: Cut = _whole,
) -> Tables:
    """
    Load the tables of a cluster and account for every row.

    Parameters
    ----------
    source
        A folder of tables, a workbook, a text table, a database file, Parquet or JSON
        Lines; the address of a store or of a database server as a text; or table name ->
        data frame of any kind Narwhals knows.
    asked
        Heading -> contract column, where the user knows better.
    same, apart
        Pairs of companies, by id or name, that are one firm or two whatever they look like.
    engine
        What links run on, and reads a store; None: DuckDB.
    cut
        Puts parts of large tables in their place, before they are read, and copies of those
        at an address.

    Returns
    -------
    tables
        Typed tables, every problem found, and read = accepted + merged + rejected.

    Raises
    ------
    InputError
        If the source cannot be used at all: nothing there, no companies, a required
        column missing, a file that cannot be read, or no company row that counts.
    """
    understood: list[Understood] = []
    links: list[Understood] = []
    raws: list[Raw] = []
    if isinstance(source, Mapping):
        raws = read_frames(source)
    else:
        found = cut([look(sheet, asked or {}) for sheet in opened(source, engine)])
        for seen in sorted(found, key=_companies_first):
            owned = replace(seen, owner=_owner(seen, raws))
            if _is_ownerless(owned):
                understood.append(replace(owned, recognised=None, reason="ownerless"))
                continue
            if owned.recognised is not None and LINKS.name in owned.recognised.tables:
                links.append(owned)
                continue
            read, tables_of_sheet = raw_tables(owned)
            understood.append(read)
            raws += tables_of_sheet
        place = source if isinstance(source, Path) else without_password(source)
        _enough({raw.schema.name for raw in raws} | {LINKS.name for _ in links}, place)
    tables, known = _small(raws, same, apart)
    raws.clear()
    if not isinstance(source, Mapping):
        if links:
            table, problems, links = links_from_sheets(links, engine)
            tables = _with_original_cells(_with_links(tables, known, table, problems), links)
        return replace(tables, understood=(*understood, *links))
    if LINKS.name in source:
        return _with_links(tables, known, links_from_frame(source[LINKS.name]), [])
    return tables


def _companies_first(seen: Understood) -> bool:
    return seen.recognised is None or "companies" not in seen.recognised.tables


def _owner(seen: Understood, raws: list[Raw]) -> str:
    """The only company of the workbook, for its sheets that do not name one."""
    if seen.recognised is None or not seen.recognised.ends:
        return ""
    cells = [
        raw.cells
        for raw in raws
        if raw.schema.name == "companies" and raw.file.split(" › ")[0] == seen.book
    ]
    ids = [str(company) for frame in cells for company in frame.get("company_id", ())]
    return ids[0] if len(set(ids)) == 1 else ""


def _is_ownerless(seen: Understood) -> bool:
    """A sheet of products or partners that says nowhere whose they are."""
    named = seen.sheet.name.strip().casefold() in SCHEMAS
    return bool(seen.recognised and seen.recognised.ends and not seen.owner and not named)


def _enough(found: set[str], path: Path | str) -> None:
    if "companies" not in found:
        raise InputError("missing_table", path=path, table="companies")
    if not {"outputs", LINKS.name} & found:
        raise InputError("missing_table", path=path, table="outputs / links")


def _small(
    raws: list[Raw], same: Iterable[tuple[str, str]], apart: Iterable[tuple[str, str]]
) -> tuple[Tables, dict[str, str]]:
    """The tables without links, and everything that names a company -> its id."""
    frames: dict[str, pd.DataFrame] = {name: _blank(SCHEMAS[name]) for name in SMALL_TABLES}
    ledger: dict[str, Count] = {}
    problems: list[Problem] = []
    for name in SMALL_TABLES:
        parts = [(raw, check(raw)) for raw in raws if raw.schema.name == name]
        if not parts:
            continue
        checked = join(parts)
        frames[name], ledger[name] = checked.frame, checked.count
        problems += checked.problems
        problems += [empty_problem(raw) for raw, part in parts if part.count.read == 0]
    if frames["companies"].empty:
        named = [problem for problem in problems if problem.table == "companies"]
        files = ", ".join(raw.file for raw in raws if raw.schema.name == "companies")
        raise ListedError("no_companies", named, path=files)
    tables = Tables(
        companies=frames["companies"],
        outputs=frames["outputs"],
        projects=frames["projects"],
        prospects=frames["prospects"],
        sites=frames["sites"],
        absences=frames["absences"],
        wishes=frames["wishes"],
        facts=frames["facts"],
        links=None,
        problems=tuple(problems),
        ledger=ledger,
        sheets=tuple(_as_it_came(raw) for raw in raws),
    )
    return _with_known_companies(tables, same, apart)


def _as_it_came(raw: Raw) -> Raw:
    """What of a sheet somebody may ask for once it is typed: the user's own cells."""
    return raw if raw.original is None else replace(raw, cells=raw.cells.iloc[:, :0])


def _blank(schema: TableSchema) -> pd.DataFrame:
    columns = {
        column.name: pd.Series(dtype="float64" if column.kind is Kind.NUMBER else object)
        for column in schema.columns
    }
    places = {"file": pd.Series(dtype=object), "row": pd.Series(dtype="int64")}
    return pd.DataFrame({**places, **columns})


def _with_known_companies(
    tables: Tables, same: Iterable[tuple[str, str]], apart: Iterable[tuple[str, str]]
) -> tuple[Tables, dict[str, str]]:
    """Make one row a firm, and bring every mention of it to its id; what is nobody's goes aside."""
    merged = merge_companies(tables.companies, same=same, apart=apart)
    known = handles(merged.companies)
    known.update((folded(old), kept) for old, kept in merged.ids.items())
    ledger = dict(tables.ledger)
    ledger["companies"] = ledger["companies"].united(len(merged.merges))
    tables = replace(tables, companies=merged.companies, merged=merged, ledger=ledger)
    ids = frozenset(tables.companies["company_id"])

    def resolved(column: pd.Series) -> pd.Series:
        return column.map(lambda text: known.get(folded(text), text) if text else "")

    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    for name in _OWNED:
        rows = tables.small(name)
        rows = rows.assign(company_id=resolved(rows["company_id"]))
        strange = ~rows["company_id"].map(lambda company: company in ids).astype(bool)
        problems += [
            Problem(
                table=name,
                file=record["file"],
                key="unknown_company",
                row=int(record["row"]),
                column="company_id",
                value=record["company_id"],
                cells=tables.original(name, record["file"], int(record["row"])),
            )
            for record in as_dicts(rows[strange])
        ]
        frames[name] = rows[~strange].reset_index(drop=True)
        if name in ledger:
            ledger[name] = ledger[name].aside(int(strange.sum()))
    parents = resolved(tables.companies["parent_id"])
    orphans = parents.map(lambda parent: bool(parent) and parent not in ids).astype(bool)
    problems += [
        Problem(
            table="companies",
            file=record["file"],
            key="unknown_company",
            row=int(record["row"]),
            column="parent_id",
            value=record["parent_id"],
            scope=CELL,
        )
        for record in as_dicts(tables.companies[orphans])
    ]
    parents = parents.mask(orphans, "")
    rings = _in_a_ring(dict(zip(tables.companies["company_id"], parents, strict=True)))
    in_ring = tables.companies["company_id"].map(lambda company: company in rings).astype(bool)
    problems += [
        Problem(
            table="companies",
            file=record["file"],
            key="parent_cycle",
            row=int(record["row"]),
            column="parent_id",
            value=record["parent_id"],
            scope=CELL,
        )
        for record in as_dicts(tables.companies[in_ring])
    ]
    tables = replace(
        tables,
        companies=tables.companies.assign(parent_id=parents.mask(in_ring, "")),
        outputs=frames["outputs"],
        wishes=frames["wishes"],
        projects=tables.projects.assign(company_id=resolved(tables.projects["company_id"])),
        sites=tables.sites.assign(owner_id=resolved(tables.sites["owner_id"])),
        problems=(*tables.problems, *problems),
        ledger=ledger,
    )
    return tables, known


def _with_original_cells(tables: Tables, links: list[Understood]) -> Tables:
    """Show rejected links as the bureau wrote them, not as they were converted."""
    wanted: dict[str, set[int]] = {}
    for problem in tables.problems:
        if problem.table == LINKS.name and problem.cells and problem.row is not None:
            wanted.setdefault(problem.file, set()).add(problem.row)
    came: dict[tuple[str, int], dict[str, str]] = {}
    for seen in links:
        rows = wanted.get(seen.sheet.file)
        if rows and seen.recognised is not None:
            names = [heading.text for heading in seen.recognised.headings]
            for number, cells in rows_at(seen.sheet, rows):
                named = zip(names, cells, strict=False)
                came[seen.sheet.file, number] = {name: cell for name, cell in named if cell}
    problems = tuple(
        replace(problem, cells=came.get((problem.file, problem.row or 0), problem.cells))
        if problem.table == LINKS.name and problem.key != "too_many_cells" and problem.cells
        else problem
        for problem in tables.problems
    )
    return replace(tables, problems=problems)


def _in_a_ring(parents: Mapping[str, str]) -> set[str]:
    """Companies that are their own ancestors."""
    found = set()
    for company in parents:
        above, seen = parents[company], {company}
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above, "")
        if above == company:
            found.add(company)
    return found


def _with_links(
    tables: Tables, known: dict[str, str], links: LinkTable, found: list[Problem]
) -> Tables:
    checked = check_links(links, known)
    spilt = len(found)
    count = checked.count
    total = Count(count.read + spilt, count.accepted, count.merged, count.rejected + spilt)
    problems = [*tables.problems, *found, *checked.problems]
    if total.read == 0:
        file = ", ".join(links.files)
        problems.append(Problem(table=LINKS.name, file=file, key="empty_table", scope=TABLE))
    return replace(
        tables,
        links=checked.links,
        problems=tuple(problems),
        ledger={**tables.ledger, LINKS.name: total},
    )
