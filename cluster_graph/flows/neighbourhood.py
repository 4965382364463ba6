"""Cuts the neighbourhood of a region out of tables of any size, on the engine that reads them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import narwhals as nw
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.clean import cell_text, plain
from cluster_graph.tables.engine import Scanner
from cluster_graph.tables.handles import folded
from cluster_graph.tables.leftovers import temporary_folder
from cluster_graph.tables.links import NUMBER
from cluster_graph.tables.model import Lazy, collected
from cluster_graph.tables.parquet import SUFFIX, parquet
from cluster_graph.tables.regions import inside
from cluster_graph.tables.schema import COMPANIES, LINKS
from cluster_graph.tables.take import Understood

# What a table that is cut calls its companies by; all others are taken whole.
_OWNED: Final = ("outputs", "wishes")
_CUT: Final = (COMPANIES.name, LINKS.name, *_OWNED)
_NAMES: Final = ("company_id", "name", "name_en", "uscc")
_ENDS: Final = ("supplier", "customer")
_ALIASES: Final = re.compile("[;；]")
_BLANKS: Final = (" ", "\u3000", "\u00a0")
_WIDE: Final = str.maketrans("()", "（）")
_LARGEST: Final = 200  # links of a product that are kept for leads two links away
_SHOWN: Final = 20  # regions named in an error
HANDLE: Final = "cluster_graph_handle"  # names that no heading of a user's will be
_CELL: Final = "cluster_graph_cell"


@dataclass(frozen=True)
class Table:
    """
    A table on an engine, under the user's own headings.

    Parameters
    ----------
    frame
        Its rows, lazy.
    columns
        Column of the contract -> heading.
    """

    frame: Lazy
    columns: Mapping[str, str]

    def cells(self, *names: str) -> nw.Expr:
        """Return the first of some columns that holds a text, row by row; blank if none does."""
        found = [
            nw.col(self.columns[name]).cast(nw.String).fill_null("")
            for name in names
            if name in self.columns
        ]
        cells = found[-1] if found else nw.lit("")
        for first in reversed(found[:-1]):
            cells = nw.when(first != "").then(first).otherwise(cells)
        return cells


def is_cuttable(sheets: Sequence[Understood]) -> bool:
    """
    Say whether an engine can cut these tables.

    Parameters
    ----------
    sheets
        Recognised sheets.

    Returns
    -------
    cuttable
        True if one sheet of companies and one of links, at least, are places that an engine
        reads, with the headings in the first row.
    """
    return all(_of(sheets, name) for name in (COMPANIES.name, LINKS.name)) and all(
        _is_readable(seen) for name in _CUT for seen in _of(sheets, name)
    )


def _of(sheets: Iterable[Understood], table: str) -> list[Understood]:
    return [s for s in sheets if s.recognised is not None and table in s.recognised.tables]


def _is_readable(seen: Understood) -> bool:
    recognised = seen.recognised
    if recognised is None or not seen.sheet.place or len(recognised.tables) > 1:
        return False
    texts = [heading.text for heading in recognised.headings]
    return recognised.row == 1 and len(set(texts)) == len(texts) and not recognised.ends


def table_of(seen: Understood, scanner: Scanner) -> Table:
    """
    Open a recognised sheet on an engine.

    Parameters
    ----------
    seen
        One that `is_cuttable`.
    scanner
        The engine.

    Returns
    -------
    table
        Lazy.
    """
    columns: dict[str, str] = {}
    if seen.recognised is not None:
        name = seen.recognised.tables[0]
        for heading in seen.recognised.headings:
            columns.setdefault(seen.recognised.column(name, heading), heading.text)
    columns.pop("", None)
    return Table(scanner.scan(seen.sheet), columns)


def tables_of(sheets: Iterable[Understood], name: str, scanner: Scanner) -> list[Table]:
    """Open every sheet of a table on an engine; see `table_of`."""
    return [table_of(seen, scanner) for seen in _of(sheets, name)]


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
    links = {s.sheet.file: table_of(s, scanner) for s in _of(sheets, LINKS.name)}
    written: dict[str, tuple[Path, int]] = {}

    def write(file: str, whole: Table, rows: Lazy) -> None:
        path = folder / f"{len(written)}{SUFFIX}"
        # No engine keeps an order that it was not asked for, and lists follow that of the rows.
        scanner.write(rows.sort(*rows.collect_schema().names()), path)
        count = int(collected(whole.frame.select(nw.len())).to_numpy()[0, 0])
        written[file] = path, count

    with temporary_folder(folder) as own:

        def held(name: str, rows: Lazy) -> Lazy:
            scanner.write(rows, own / f"{name}{SUFFIX}")
            return scanner.scan(parquet(own / f"{name}{SUFFIX}"))

        known = handles_of(local(table, region, scanner) for table in companies)
        if not known:
            raise InputError("empty_region", value=", ".join(region), known=_known(companies))
        near, ties = known, dict(links)
        for hop in range(hops):
            near = known
            for number, (file, table) in enumerate(links.items()):
                rows = held(f"{hop}_{number}", touching(table, near, scanner).frame)
                ties[file] = replace(table, frame=rows)
            around = known | _called_in(ties.values())
            # A company may be called by its id in one row and by its name in another.
            wanted = listed(around, scanner)
            known = around | handles_of(called(table, wanted) for table in companies)
        for number, (file, table) in enumerate(links.items()):
            beyond = held(f"beyond_{number}", _bought(table, near, known, scanner))
            ties[file] = replace(table, frame=nw.concat([ties[file].frame, beyond]))
        wanted = listed(known, scanner)
        # To look for all names at once is cheaper than to read the companies again.
        all_names = held("names", nw.concat([wanted, *map(_handles, ties.values())]).unique())
        said = []
        for number, (seen, table) in enumerate(
            zip(_of(sheets, COMPANIES.name), companies, strict=True)
        ):
            rows = held(f"said_{number}", called(table, all_names).frame)
            said.append(replace(table, frame=rows))
            write(seen.sheet.file, table, called(said[-1], wanted).frame)
        for seen in (seen for name in _OWNED for seen in _of(sheets, name)):
            table = table_of(seen, scanner)
            write(seen.sheet.file, table, called(table, wanted).frame)
        for file, table in links.items():
            write(file, table, _with_names(ties[file], said))
    return written


def _known(companies: Sequence[Table]) -> str:
    """Some of the regions that companies do lie in."""
    texts = {text for table in companies for text in _regions(table)}
    codes = sorted(code for code in map(_code, texts) if code)
    return ", ".join(codes[:_SHOWN]) + (" …" if len(codes) > _SHOWN else "") if codes else "-"


def _code(text: str) -> str:
    return cell_text(COMPANIES.column("region_code"), plain(text), "")[0]


def _regions(table: Table) -> list[str]:
    cells = table.frame.select(table.cells("region_code").alias("cell")).unique()
    return [str(text) for text in collected(cells)["cell"]]


def local(table: Table, region: tuple[str, ...], scanner: Scanner) -> Table:
    """
    The companies of a region.

    Parameters
    ----------
    table
        Companies.
    region
        GB/T 2260 codes; places may stand in the table by name.
    scanner
        The engine.

    Returns
    -------
    companies
        The same table with fewer rows.
    """
    here = [text for text in _regions(table) if inside(_code(text), region)]
    wanted = _listed(here, scanner)
    cells = table.frame.with_columns(table.cells("region_code").alias(_CELL))
    frame = cells.join(wanted, left_on=_CELL, right_on=HANDLE, how="semi").drop(_CELL)
    return replace(table, frame=frame)


def handles_of(tables: Iterable[Table]) -> frozenset[str]:
    """
    Whatever the companies of some tables are called, folded.

    Parameters
    ----------
    tables
        Few companies: their names are fetched from the engine.

    Returns
    -------
    handles
        Ids, names, credit codes and aliases.
    """
    found: set[str] = set()
    for table in tables:
        names = [name for name in (*_NAMES, "alias") if name in table.columns]
        cells = collected(table.frame.select(*(table.cells(name).alias(name) for name in names)))
        for name in names:
            texts = cells[name].unique()
            parts = (part for text in texts for part in _ALIASES.split(text))
            found.update(folded(part) for part in (parts if name == "alias" else texts))
    return frozenset(found - {""})


def listed(handles: Iterable[str], scanner: Scanner) -> Lazy:
    """
    Handles as a frame on the engine, each with both kinds of brackets.

    It is cheaper to look for some names in two spellings than to bring millions to one.

    Parameters
    ----------
    handles
        Folded.
    scanner
        The engine.

    Returns
    -------
    listed
        One column, `HANDLE`.
    """
    once = set(handles)
    spelled = once | {handle.translate(_WIDE) for handle in once if "(" in handle}
    return _listed(spelled, scanner)


def _listed(texts: Iterable[str], scanner: Scanner) -> Lazy:
    return scanner.lift(pd.DataFrame({HANDLE: sorted(texts)}, dtype=object))


def _bare(cells: nw.Expr) -> nw.Expr:
    """Fold cells as `handles.folded` does, but for the brackets."""
    lower = bare = cells.str.to_lowercase()
    for blank in _BLANKS:
        bare = bare.str.replace_all(blank, "", literal=True)
    # To look for a blank is cheaper than to replace it, and few cells have one.
    has_blank = [cells.str.contains(blank, literal=True) for blank in _BLANKS]
    return nw.when(nw.any_horizontal(*has_blank, ignore_nulls=True)).then(bare).otherwise(lower)


def called(table: Table, wanted: Lazy) -> Table:
    """
    The rows of the companies that are called so.

    Parameters
    ----------
    table
        Companies, or rows that name one.
    wanted
        From `listed`, or folded handles in its column, each once.

    Returns
    -------
    rows
        The same table with fewer rows.
    """
    names = [name for name in _NAMES if name in table.columns]
    frame = table.frame
    for name in names:
        cells = _bare(table.cells(name))
        frame = _flagged(frame, cells, wanted, f"{_CELL}_{name}")
    flags = [nw.col(f"{_CELL}_{name}") for name in names]
    frame = frame.filter(nw.any_horizontal(*flags, ignore_nulls=True))
    return replace(table, frame=frame.drop(*(f"{_CELL}_{name}" for name in names)))


def _flagged(frame: Lazy, cells: nw.Expr, wanted: Lazy, flag: str) -> Lazy:
    """Say in a column whether a cell is one of those wanted."""
    found = wanted.with_columns(nw.lit(value=True).alias(flag))
    frame = frame.with_columns(cells.alias(_CELL))
    joined = frame.join(found, left_on=_CELL, right_on=HANDLE, how="left").drop(_CELL)
    return joined.with_columns(nw.col(flag).fill_null(value=False))


def ends_of(table: Table) -> dict[str, nw.Expr]:
    """What the links of a table call their ends, folded but for the brackets, by end."""
    return {end: _bare(table.cells(f"{end}_id", f"{end}_name")) for end in _ENDS}


def touching(table: Table, near: frozenset[str], scanner: Scanner) -> Table:
    """
    The links out of and into what is near.

    Parameters
    ----------
    table
        Links.
    near
        Folded handles.
    scanner
        The engine.

    Returns
    -------
    links
        The same table with fewer rows.
    """
    wanted, frame = listed(near, scanner), table.frame
    flags = [f"{end}_near" for end in _ENDS]
    for flag, cells in zip(flags, ends_of(table).values(), strict=True):
        frame = _flagged(frame, cells, wanted, flag)
    frame = frame.filter(nw.any_horizontal(*map(nw.col, flags), ignore_nulls=True))
    return replace(table, frame=frame.drop(*flags))


def partners(links: Iterable[Table], near: frozenset[str], scanner: Scanner) -> frozenset[str]:
    """
    Whoever trades with somebody near.

    Parameters
    ----------
    links
        Tables of links.
    near
        Folded handles.
    scanner
        The engine.

    Returns
    -------
    handles
        Folded, those near that trade among them.
    """
    return _called_in(touching(table, near, scanner) for table in links)


def _called_in(links: Iterable[Table]) -> frozenset[str]:
    """Whatever few links call their ends, folded."""
    found: set[str] = set()
    for table in links:
        pairs = table.frame.select(*(cells.alias(end) for end, cells in ends_of(table).items()))
        small = collected(pairs.unique())
        found.update(*(small[end] for end in _ENDS))
    return frozenset(map(folded, found - {""}))


def _bought(table: Table, near: frozenset[str], known: frozenset[str], scanner: Scanner) -> Lazy:
    """Of each product, the largest links into what is known, but those that touch what is near."""
    ends, headings = ends_of(table), table.frame.collect_schema().names()
    frame = table.frame.with_columns(ends["customer"].alias(_CELL))
    frame = frame.join(listed(known - near, scanner), left_on=_CELL, right_on=HANDLE, how="semi")
    frame = frame.with_columns(ends["supplier"].alias(_CELL))
    frame = frame.join(listed(near, scanner), left_on=_CELL, right_on=HANDLE, how="anti")
    cell = table.cells("quantity")
    number = nw.when(cell.str.contains(NUMBER)).then(cell).otherwise(None).cast(nw.Float64)
    frame = frame.with_columns(
        table.cells("product_id").alias(_CELL), number.fill_null(-1.0).alias("size")
    )
    place = nw.col("size").rank("min", descending=True).over(_CELL)
    return (
        frame.with_columns(place.alias("place"))
        .filter(nw.col("place") <= _LARGEST)
        .select(*headings)
    )


def _handles(table: Table) -> Lazy:
    """What the links of a table call their ends, in one column."""
    ends = [table.frame.select(cells.alias(HANDLE)) for cells in ends_of(table).values()]
    return nw.concat(ends).filter(nw.col(HANDLE) != "")


def _with_names(table: Table, companies: Sequence[Table]) -> Lazy:
    """Write the names and regions of companies beside the ends of links that lack them."""
    ends = ends_of(table)
    frame = table.frame.with_columns(*(cells.alias(f"{_CELL}_{e}") for e, cells in ends.items()))
    said = nw.concat(
        [
            company.frame.select(
                _bare(company.cells(name)).alias(HANDLE),
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
    for end in _ENDS:
        own = once.rename({what: f"{end}_said_{what}" for what in ("id", "name", "region")})
        frame = frame.join(own, left_on=f"{_CELL}_{end}", right_on=HANDLE, how="left")
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
