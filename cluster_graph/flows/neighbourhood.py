"""Who is meant in large tables, and who is near a region: semi-joins on any engine."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from operator import ne
from typing import Final

import narwhals as nw
import pandas as pd

from cluster_graph.tables.clean import cell_text, plain
from cluster_graph.tables.engine import Scanner
from cluster_graph.tables.handles import folded
from cluster_graph.tables.model import Lazy, collected
from cluster_graph.tables.regions import inside
from cluster_graph.tables.schema import COMPANIES, LINKS
from cluster_graph.tables.take import Understood

# What a table that is cut calls its companies by; all others are taken whole.
OWNED: Final = ("outputs", "wishes")
_CUT: Final = (COMPANIES.name, LINKS.name, *OWNED)
NAMES: Final = ("company_id", "name", "name_en", "uscc")
ENDS: Final = ("supplier", "customer")
_ALIASES: Final = re.compile("[;；]")
_BLANKS: Final = (" ", "\u3000", "\u00a0")
_WIDE: Final = str.maketrans("()", "（）")
_SHOWN: Final = 20  # regions named in an error
_LETTERS: Final = 3  # of a handle that is listed in capitals and small letters, all mixtures
# Names that no heading of a user's will be.
HANDLE: Final = "cluster_graph_handle"
CELL: Final = "cluster_graph_cell"


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


@dataclass(frozen=True)
class Wanted:
    """
    Handles to look for, on the engine.

    Parameters
    ----------
    frame
        One column, `HANDLE`, each once: folded, in both kinds of brackets where there are any;
        those of `shortest` signs also in capitals.
    shortest
        Cells of no more signs are compared as they stand; see `folded_cells`.
    """

    frame: Lazy
    shortest: int


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
    return all(of_table(sheets, name) for name in (COMPANIES.name, LINKS.name)) and all(
        _is_readable(seen) for name in _CUT for seen in of_table(sheets, name)
    )


def of_table(sheets: Iterable[Understood], table: str) -> list[Understood]:
    """Keep the sheets of a table of the contract."""
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
    return [table_of(seen, scanner) for seen in of_table(sheets, name)]


def _code(text: str) -> str:
    return cell_text(COMPANIES.column("region_code"), plain(text), "")[0]


def _regions(table: Table) -> list[str]:
    cells = table.frame.select(table.cells("region_code").alias("cell")).unique()
    return [str(text) for text in collected(cells)["cell"]]


def known_regions(companies: Iterable[Table]) -> str:
    """Name some of the regions that companies do lie in."""
    texts = {text for table in companies for text in _regions(table)}
    codes = sorted(code for code in map(_code, texts) if code)
    return ", ".join(codes[:_SHOWN]) + (" …" if len(codes) > _SHOWN else "") if codes else "-"


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
    wanted = _lifted(here, scanner)
    cells = table.frame.with_columns(table.cells("region_code").alias(CELL))
    frame = cells.join(wanted, left_on=CELL, right_on=HANDLE, how="semi").drop(CELL)
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
        names = [name for name in (*NAMES, "alias") if name in table.columns]
        cells = collected(table.frame.select(*(table.cells(name).alias(name) for name in names)))
        for name in names:
            texts = cells[name].unique()
            parts = (part for text in texts for part in _ALIASES.split(text))
            found.update(folded(part) for part in (parts if name == "alias" else texts))
    return frozenset(found - {""})


def listed(handles: Iterable[str], scanner: Scanner) -> Wanted:
    """
    Bring handles to the engine, each with both kinds of brackets, the shortest in capitals too.

    It is cheaper to look for some names in two spellings than to bring millions to one.

    Parameters
    ----------
    handles
        Folded.
    scanner
        The engine.

    Returns
    -------
    wanted
        To look for.
    """
    once = set(handles)
    spelled = once | {handle.translate(_WIDE) for handle in once if "(" in handle}
    shortest = min(map(len, spelled), default=0)
    edge = [_mixed(handle) for handle in spelled if len(handle) == shortest]
    if not all(edge):
        return Wanted(_lifted(spelled, scanner), shortest - 1)
    return Wanted(_lifted(spelled.union(*edge), scanner), shortest)


def _mixed(handle: str) -> Collection[str]:
    """In small letters, in capitals and in any mixture; nothing if those are too many."""
    capitals = handle.upper()
    letters = sum(map(ne, handle, capitals))
    if letters > _LETTERS:
        return ()
    if letters <= 1:
        return handle, capitals
    signs = map(set, zip(handle, capitals, strict=True))
    return ["".join(mixture) for mixture in product(*signs)]


def _lifted(texts: Iterable[str], scanner: Scanner) -> Lazy:
    lifted = scanner.lift(pd.DataFrame({HANDLE: sorted(texts)}, dtype=object))
    # No text says that it is one.
    return lifted.with_columns(nw.col(HANDLE).cast(nw.String))


def folded_cells(cells: nw.Expr, shortest: int = 0) -> nw.Expr:
    """
    Fold cells as `handles.folded` does, but for the brackets.

    Parameters
    ----------
    cells
        Texts.
    shortest
        Where they are compared with handles of at least so many signs only, those of so many
        in capitals too: a cell that is no longer stays as it is, for without its blanks it
        would be too short to be any of those.

    Returns
    -------
    folded
        In small letters, without blanks.
    """
    # To look for a blank is cheaper than to replace it, and few cells have one; to count signs
    # is cheaper still.
    lower = bare = cells.str.to_lowercase()
    for blank in _BLANKS:
        bare = bare.str.replace_all(blank, "", literal=True)
    has_blank = nw.any_horizontal(
        *(cells.str.contains(blank, literal=True) for blank in _BLANKS), ignore_nulls=True
    )
    narrow = nw.when(has_blank).then(bare).otherwise(lower)
    if shortest:
        return nw.when(cells.str.len_chars() > shortest).then(narrow).otherwise(cells)
    return narrow


def called(table: Table, wanted: Wanted) -> Table:
    """
    The rows of the companies that are called so.

    Parameters
    ----------
    table
        Companies, or rows that name one.
    wanted
        How they may be called.

    Returns
    -------
    rows
        The same table with fewer rows.
    """
    names = [name for name in NAMES if name in table.columns]
    frame = table.frame
    for name in names:
        cells = folded_cells(table.cells(name), wanted.shortest)
        frame = _flagged(frame, cells, wanted, f"{CELL}_{name}")
    flags = [nw.col(f"{CELL}_{name}") for name in names]
    frame = frame.filter(nw.any_horizontal(*flags, ignore_nulls=True))
    return replace(table, frame=frame.drop(*(f"{CELL}_{name}" for name in names)))


def _flagged(frame: Lazy, cells: nw.Expr, wanted: Wanted, flag: str) -> Lazy:
    """Say in a column whether a cell is one of those wanted."""
    found = wanted.frame.with_columns(nw.lit(value=True).alias(flag))
    frame = frame.with_columns(cells.alias(CELL))
    joined = frame.join(found, left_on=CELL, right_on=HANDLE, how="left").drop(CELL)
    return joined.with_columns(nw.col(flag).fill_null(value=False))


def ends_of(table: Table, shortest: int = 0) -> dict[str, nw.Expr]:
    """What the links of a table call their ends, by end; see `folded_cells`."""
    return {end: folded_cells(table.cells(f"{end}_id", f"{end}_name"), shortest) for end in ENDS}


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
    flags = [f"{end}_near" for end in ENDS]
    for flag, cells in zip(flags, ends_of(table, wanted.shortest).values(), strict=True):
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
    found: set[str] = set()
    for rows in (touching(table, near, scanner) for table in links):
        pairs = rows.frame.select(*(cells.alias(end) for end, cells in ends_of(rows).items()))
        small = collected(pairs.unique())
        found.update(*(small[end] for end in ENDS))
    return frozenset(map(folded, found - {""}))
