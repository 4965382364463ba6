"""A sheet as it came, from any source, and how SQL writes texts and names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cluster_graph.tables.clean import plain


@dataclass(frozen=True)
class File:
    """
    A file at an address, as far as an engine can tell without reading it.

    Parameters
    ----------
    place
        Its address, as the engine writes it.
    size
        In bytes.
    changed
        When it changed last, in seconds since 1970; 0 where nobody says.
    """

    place: str
    size: int
    changed: float


@dataclass(frozen=True)
class Served:
    """
    What a database server does with a table of its own.

    Parameters
    ----------
    about
        Says about how many rows it has.
    bring
        Writes its rows whole into a file: UTF-8, commas, no headings.
    """

    about: Callable[[], int]
    bring: Callable[[Path], None]


@dataclass(frozen=True)
class Sheet:
    """
    A sheet as it came.

    Parameters
    ----------
    file
        What the user calls it: the file, and the sheet where a file has several.
    name
        The word that may name its table: the file's stem, the sheet's or database table's.
    rows
        Begins at the first row each time it is called; each row a list of stripped texts. Of
        a table at an address only its head, to recognise it by: an engine brings the rest.
    encoding
        Of a text file; blank otherwise.
    delimiter
        Of a text file; blank otherwise.
    hidden
        The sheet is hidden in its workbook.
    path
        The file itself.
    place
        What an engine opens: the file, a folder of Parquet files, an address; blank if only
        Python can read it.
    whole
        How many rows the table has that this is a part of; 0 if it is no part.
    files
        What the table consists of at an address; nothing if it is here.
    served
        How the server brings it, if it is a table on one.
    """

    file: str
    name: str
    rows: Callable[[], Iterator[list[str]]]
    encoding: str = ""
    delimiter: str = ""
    hidden: bool = False
    path: Path | None = None
    place: str = ""
    whole: int = 0
    files: tuple[File, ...] = ()
    served: Served | None = None


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name of a table or column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def flat(cell: object) -> str:
    """A cell of any type as a text; a list as its parts with `;` between."""
    if isinstance(cell, (list, tuple)):
        return ";".join(plain(part) for part in cell)
    return plain(cell)
