"""Cuts what is about a region out of large tables, on the engine that reads them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import narwhals as nw

from cluster_graph._errors import InputError
from cluster_graph.flows.neighbourhood import (
    CELL,
    ENDS,
    HANDLE,
    OWNED,
    Table,
    Wanted,
    called,
    ends_of,
    folded_cells,
    handles_of,
    known_regions,
    listed,
    local,
    of_table,
    partners,
    table_of,
    tables_of,
    touching,
)
from cluster_graph.tables.engine import Scanner
from cluster_graph.tables.leftovers import temporary_folder
from cluster_graph.tables.links import NUMBER
from cluster_graph.tables.model import Lazy, collected
from cluster_graph.tables.parquet import SUFFIX, parquet
from cluster_graph.tables.schema import COMPANIES, LINKS
from cluster_graph.tables.take import Understood

_LARGEST: Final = 200  # links of a product that are kept for leads two links away
_MANY: Final = 20_000_000  # links of which it pays to look at a part first
_PART: Final = 20  # one link in so many
# Names that no heading of a user's will be.
_PRODUCT: Final = "cluster_graph_product"
_SIZE: Final = "cluster_graph_size"
_PLACE: Final = "cluster_graph_place"
_LEAST: Final = "cluster_graph_least"


def cut(
    sheets: Sequence[Understood],
    region: tuple[str, ...],
    hops: int,
    scanner: Scanner,
    folder: Path,
) -> dict[str, tuple[Path, int]]:
    """
    Write the rows about a region and what is within some links of it.

    Of companies, those in the region and within `hops` links of one in it, with their outputs;
    of links, all that touch a company less than `hops` links away, and of each product the
    largest of those that the companies taken buy: a lead may be the supplier of a partner. Ends
    of links whose company is left behind take its name and region along.

    Parameters
    ----------
    sheets
        Recognised sheets that are cuttable.
    region
        GB/T 2260 codes.
    hops
        At least 1.
    scanner
        The engine.
    folder
        Where to write; it is there.

    Returns
    -------
    files
        File of the sheet -> the Parquet file with its rows, under the same headings, and how
        many rows the whole table has.

    Raises
    ------
    InputError
        If no company lies in the region.
    """
    companies = tables_of(sheets, COMPANIES.name, scanner)
    links = {s.sheet.file: table_of(s, scanner) for s in of_table(sheets, LINKS.name)}
    counts = {file: _rows(table) for file, table in links.items()}
    written: dict[str, tuple[Path, int]] = {}

    def write(file: str, whole: int, rows: Lazy) -> None:
        path = folder / f"{len(written)}{SUFFIX}"
        # No engine keeps an order that it was not asked for, and lists follow that of the rows.
        scanner.write(rows.sort(*rows.collect_schema().names()), path)
        written[file] = path, whole

    with temporary_folder(folder) as own:

        def held(name: str, rows: Lazy) -> Lazy:
            scanner.write(rows, own / f"{name}{SUFFIX}")
            return scanner.scan(parquet(own / f"{name}{SUFFIX}"))

        known = handles_of(local(table, region, scanner) for table in companies)
        if not known:
            raise InputError(
                "empty_region", value=", ".join(region), known=known_regions(companies)
            )
        near, ties = known, dict(links)
        for hop in range(hops):
            near = known
            for number, (file, table) in enumerate(links.items()):
                rows = held(f"{hop}_{number}", touching(table, near, scanner).frame)
                ties[file] = replace(table, frame=rows)
            around = known | partners(ties.values(), near, scanner)
            # A company may be called by its id in one row and by its name in another.
            wanted = listed(around, scanner)
            known = around | handles_of(called(table, wanted) for table in companies)
        for number, (file, table) in enumerate(links.items()):
            bought = _bought(table, counts[file], near, known, scanner)
            beyond = held(f"beyond_{number}", bought)
            ties[file] = replace(table, frame=nw.concat([ties[file].frame, beyond]))
        wanted = listed(known, scanner)
        # To look for all names at once is cheaper than to read the companies again.
        names = nw.concat([wanted.frame, *map(_handles, ties.values())]).unique()
        all_names = Wanted(held("names", names), shortest=0)
        said = []
        for number, (seen, table) in enumerate(
            zip(of_table(sheets, COMPANIES.name), companies, strict=True)
        ):
            rows = held(f"said_{number}", called(table, all_names).frame)
            said.append(replace(table, frame=rows))
            write(seen.sheet.file, _rows(table), called(said[-1], wanted).frame)
        for seen in (seen for name in OWNED for seen in of_table(sheets, name)):
            table = table_of(seen, scanner)
            write(seen.sheet.file, _rows(table), called(table, wanted).frame)
        for file, count in counts.items():
            write(file, count, _with_names(ties[file], said))
    return written


def _rows(table: Table) -> int:
    return int(collected(table.frame.select(nw.len())).to_numpy()[0, 0])


def _bought(
    table: Table, rows: int, near: frozenset[str], known: frozenset[str], scanner: Scanner
) -> Lazy:
    """Of each product, the largest links into what is known, but those that touch what is near."""
    headings = table.frame.collect_schema().names()
    buyers, passed = listed(known - near, scanner), listed(near, scanner)
    frame = table.frame.with_columns(table.cells("product_id").alias(_PRODUCT), _size(table))

    def largest(of: Lazy) -> Lazy:
        of = of.with_columns(ends_of(table, buyers.shortest)["customer"].alias(CELL))
        of = of.join(buyers.frame, left_on=CELL, right_on=HANDLE, how="semi")
        of = of.with_columns(ends_of(table, passed.shortest)["supplier"].alias(CELL))
        of = of.join(passed.frame, left_on=CELL, right_on=HANDLE, how="anti")
        place = nw.col(_SIZE).rank("min", descending=True).over(_PRODUCT)
        return of.with_columns(place.alias(_PLACE)).filter(nw.col(_PLACE) <= _LARGEST)

    if rows >= _MANY:
        # Whatever is too small to be among the largest of some rows is too small among all. To
        # compare sizes is cheaper than to look for ids and to rank.
        some = largest(frame.head(rows // _PART)).group_by(_PRODUCT)
        least = some.agg(nw.len().alias("count"), nw.col(_SIZE).min().alias(_LEAST))
        least = least.filter(nw.col("count") >= _LARGEST).select(_PRODUCT, _LEAST)
        bounds = scanner.lift(collected(least))
        frame = frame.join(bounds, on=_PRODUCT, how="left")
        frame = frame.filter(nw.col(_LEAST).is_null() | (nw.col(_SIZE) >= nw.col(_LEAST)))
    return largest(frame).select(*headings)


def _size(table: Table) -> nw.Expr:
    """How large each link is; -1 where nobody says."""
    heading = table.columns.get("quantity")
    if heading and table.frame.collect_schema()[heading].is_numeric():
        number = nw.col(heading).cast(nw.Float64)
        number = nw.when(number.is_finite()).then(number)
    else:
        cell = table.cells("quantity")
        number = nw.when(cell.str.contains(NUMBER)).then(cell).cast(nw.Float64)
    return number.fill_null(-1.0).alias(_SIZE)


def _handles(table: Table) -> Lazy:
    """What the links of a table call their ends, in one column."""
    ends = [table.frame.select(cells.alias(HANDLE)) for cells in ends_of(table).values()]
    return nw.concat(ends).filter(nw.col(HANDLE) != "")


def _with_names(table: Table, companies: Sequence[Table]) -> Lazy:
    """Write the names and regions of companies beside the ends of links that lack them."""
    ends = ends_of(table)
    frame = table.frame.with_columns(*(cells.alias(f"{CELL}_{e}") for e, cells in ends.items()))
    said = nw.concat(
        [
            company.frame.select(
                folded_cells(company.cells(name)).alias(HANDLE),
                company.cells("company_id", "uscc", "name").alias("id"),
                company.cells("name").alias("name"),
                company.cells("region_code").alias("region"),
            )
            for company in companies
            for name in ("company_id", "name")
            if name in company.columns
        ]
    )
    col = nw.col
    once = said.group_by(HANDLE).agg(
        col("id").min(), col("id").max().alias("other"), col("name").max(), col("region").max()
    )
    # A name that two firms share says nothing.
    once = once.filter(col("id") == col("other")).drop("other")
    filled: dict[str, nw.Expr] = {}
    for end in ENDS:
        own = once.rename({what: f"{end}_said_{what}" for what in ("id", "name", "region")})
        frame = frame.join(own, left_on=f"{CELL}_{end}", right_on=HANDLE, how="left")
        cells = {f"{end}_{what}": table.cells(f"{end}_{what}") for what in ("name", "region")}
        for column, given in cells.items():
            here = (
                nw.when(given != "")
                .then(given)
                .otherwise(col(f"{end}_said_{column[len(end) + 1 :]}"))
            )
            filled[table.columns.get(column, column)] = here.fill_null("")
        given = table.cells(f"{end}_id", f"{end}_name")
        heading = table.columns.get(f"{end}_id", f"{end}_id")
        filled[heading] = col(f"{end}_said_id").fill_null(given)
    frame = frame.with_columns(*(cells.alias(name) for name, cells in filled.items()))
    headings = table.frame.collect_schema().names()
    return frame.select(*dict.fromkeys([*headings, *filled]))
