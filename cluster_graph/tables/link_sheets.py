"""Brings a link table to an engine: CSV into DuckDB, frames to Narwhals, never to objects."""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, cast

import duckdb
import narwhals as nw
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.clean import BLANK_WORDS
from cluster_graph.tables.convert import Converter
from cluster_graph.tables.engine import Engine, connect
from cluster_graph.tables.engine_errors import told
from cluster_graph.tables.leftovers import temporary_folder
from cluster_graph.tables.model import Lazy, LinkTable
from cluster_graph.tables.parquet import SUFFIX, files_of
from cluster_graph.tables.problems import Problem
from cluster_graph.tables.rows import headings
from cluster_graph.tables.schema import LINKS, Kind
from cluster_graph.tables.sheet import Sheet, literal, quoted
from cluster_graph.tables.sources import UTF8
from cluster_graph.tables.spark import lifted_to_spark, spark
from cluster_graph.tables.take import (
    OPENINGS,
    Understood,
    data_rows,
    refuse_without_owner,
)

_BATCH: Final = 50_000
_TABLE: Final = "links"
_REQUIRED: Final = [column.name for column in LINKS.columns if column.required]
_GLOB: Final = frozenset("*?[")
_CHUNK: Final = 1 << 20
_MOST_UNCLEAN: Final = 200_000  # rows that Python cleans out of a file that DuckDB has read
_PLAIN_NUMBER: Final = "[0-9]+([.][0-9]+)?"
_PLAIN_DATE: Final = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_SHORT: Final = 2 * max(map(len, BLANK_WORDS))  # with some blanks around it
_WIDE: Final = "[\uff00-\uffef]"
_NESTED: Final = ("STRUCT", "MAP", "UNION")


def _inner_names(names: list[str]) -> dict[str, str]:
    """Return inner name -> heading: the schema's names, and neutral ones for the user's own."""
    known = set(LINKS.names)
    return {
        name if name in known else f"further_{number}": name for number, name in enumerate(names)
    }


def _further(inner: Mapping[str, str]) -> dict[str, str]:
    return {name: heading for name, heading in inner.items() if name != heading}


def links_from_sheets(
    sheets: Sequence[Understood], engine: Engine | None = None
) -> tuple[LinkTable, list[Problem], list[Understood]]:
    """
    Parse link sheets once, into DuckDB, and hand them on as one lazy frame.

    Parameters
    ----------
    sheets
        Sheets recognised as links.
    engine
        What holds the frame; None: DuckDB.

    Returns
    -------
    links
        All texts, with `sheet` and `row`.
    problems
        A row each that has too many cells; those rows are not in `links`.
    understood
        The sheets, with the rows that are no data.

    Raises
    ------
    InputError
        If a file cannot be decoded or read.
    """
    for sheet in sheets:
        refuse_without_owner(sheet)
    connection = connect(engine)
    names: dict[str, None] = {}
    converters = [
        Converter(sheet.recognised, LINKS.name, sheet.owner) for sheet in sheets if sheet.recognised
    ]
    for converter in converters:
        names.update(dict.fromkeys(converter.names))
    inner = _inner_names(list(names))
    columns = ", ".join(f'"{name}" VARCHAR' for name in inner)
    connection.execute(f'CREATE TABLE {_TABLE} ("sheet" BIGINT, "row" BIGINT, {columns})')
    problems: list[Problem] = []
    done = []
    for number, (sheet, converter) in enumerate(zip(sheets, converters, strict=True)):
        # DuckDB reads many times faster; only Python can clean the rows that need it.
        place = _Place(connection, number, inner)
        rows = None
        if _parsed_fast(connection, sheet, number, inner):
            rows = place.unclean(sheet)
        if rows is None:
            place.clear()
        done.append(place.parse(sheet, converter, problems, rows))

    files = tuple(sheet.sheet.file for sheet in sheets)
    if engine is not None and engine.name == "spark":
        scanner = spark(engine)
        frame = scanner.taken_over(nw.from_native(connection.table(_TABLE)))
        return LinkTable(frame, scanner.lift, scanner.hold, _further(inner), files), problems, done

    def lifted(small: pd.DataFrame) -> Lazy:
        return nw.from_native(connection.from_df(small))

    numbers = count()

    def held(frame: Lazy) -> Lazy:
        name = f"held_{next(numbers)}"
        with told():
            frame.to_native().create(name)
        return nw.from_native(connection.table(name))

    frame = nw.from_native(connection.table(_TABLE))
    return LinkTable(frame, lifted, held, _further(inner), files), problems, done


def _is_openable(path: Path) -> bool:
    """
    Say whether DuckDB would read just this file.

    It takes some signs in a path for patterns, and cannot open a path that the system's
    encoding has no characters for.
    """
    text = str(path)
    return not (_GLOB & set(text) or any("\ud800" <= sign <= "\udfff" for sign in text))


def _has_no_blank_line(path: Path) -> bool:
    """Say whether DuckDB counts the rows as a spreadsheet does: it skips blank lines."""
    last = b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            window = (last + chunk).replace(b"\r", b"")
            if b"\n\n" in window:
                return False
            last = chunk[-2:]
    return True


def _parsed_fast(
    connection: duckdb.DuckDBPyConnection,
    understood: Understood,
    number: int,
    inner: Mapping[str, str],
) -> bool:
    """Let DuckDB read a sheet, if it is a plain file with the contract's own headings."""
    sheet, recognised = understood.sheet, understood.recognised
    if recognised is None or sheet.path is None or recognised.row != 1:
        return False
    own = all(heading.how in ("name", "ignored") for heading in recognised.headings)
    place = {heading: name for name, heading in inner.items()}
    texts = [heading.text for heading in recognised.headings]
    known = len(set(texts)) == len(texts) and all(text in place for text in texts)
    if not (own and known):
        return False
    read = [place[text] for text in texts]
    with temporary_folder() as folder:
        return _inserted(connection, sheet, number, (texts, read), folder)


def _inserted(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    number: int,
    names: tuple[list[str], list[str]],
    folder: Path,
) -> bool:
    """Insert a sheet's rows by SQL; False, and none of them, if DuckDB cannot read the file."""
    texts, read = names
    try:
        source = _source(connection, sheet, texts, read, folder)
        if not source:
            return False
        holds = " OR ".join(f"trim(\"{name}\") <> ''" for name in read)
        into = ", ".join(f'"{name}"' for name in read)
        # The path is quoted and the names are ours; DuckDB takes neither as a parameter.
        statement = f"""
            INSERT INTO {_TABLE} ("sheet", "row", {into})
            SELECT {number}, * FROM (SELECT row_number() OVER () + 1 AS "row", * FROM {source})
            WHERE {holds}
        """  # noqa: S608
        connection.execute(statement)
    except duckdb.Error:
        return False
    return True


def _in_utf8(path: Path, encoding: str, into: Path) -> Path:
    """Write a text again in UTF-8, a piece at a time."""
    try:
        with (
            path.open(encoding=encoding, newline="") as text,
            into.open("w", encoding="utf-8", newline="") as copy,
        ):
            shutil.copyfileobj(text, copy, _CHUNK)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise InputError("mixed_encoding", path=path, byte=start, encoding=encoding) from error
    return into


def _as_text(column: str, kind: str) -> str:
    """A column of a type as the text that `clean.plain` makes of its cells."""
    text = f"CAST({column} AS VARCHAR)"
    if kind in ("FLOAT", "DOUBLE"):
        # A hole in a column of whole numbers makes it one of decimals.
        return f"regexp_replace({text}, '\\.0$', '')"
    return f"regexp_replace({text}, ' 00:00:00$', '')" if kind.startswith("TIMESTAMP") else text


def _source(
    connection: duckdb.DuckDBPyConnection,
    sheet: Sheet,
    texts: list[str],
    read: list[str],
    folder: Path,
) -> str:
    """
    The rows of a file as SQL, every cell a text under our names; blank if only Python can.

    DuckDB reads UTF-8; a text in another encoding is written again into the folder.
    """
    path = sheet.path
    if path is None or not _is_openable(path):
        return ""
    if path.is_dir() or path.suffix.lower() == SUFFIX:
        table = f"read_parquet({literal(files_of(str(path)))})"
        kinds = [str(kind) for kind in connection.sql(f"FROM {table}").types]
        if any(kind.endswith("]") or kind.startswith(_NESTED) for kind in kinds):
            return ""
        cells = ", ".join(
            f"trim({_as_text(quoted(text), kind)}) AS {quoted(name)}"
            for text, kind, name in zip(texts, kinds, read, strict=True)
        )
        return f"(SELECT {cells} FROM {table})"  # noqa: S608  quoted
    if sheet.encoding not in UTF8:
        path = _in_utf8(path, sheet.encoding, folder / "sheet.csv")
    if not _has_no_blank_line(path):
        return ""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in read)
    return (
        f"read_csv({literal(str(path))}, header = true, auto_detect = false, "
        f"delim = {literal(sheet.delimiter)}, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}})"
    )


def _may_be_unclean(names: list[str], first: str) -> str:
    """
    Say in SQL which rows Python might read otherwise than as they stand.

    A cell that is not plainly a number, a date or a word of the vocabulary, or that says that
    there is nothing to say; a row that begins like a total, a remark or the headings.
    """
    words = ", ".join(literal(word) for word in sorted(BLANK_WORDS) if word)
    rules = ['"row" = 2']  # it may hold the units of the columns
    for name in names:
        cell = f"trim({quoted(name)})"
        kind = LINKS.column(name).kind if name in LINKS.names else Kind.TEXT
        if kind is Kind.NUMBER:
            rules.append(f"{cell} <> '' AND NOT regexp_full_match({cell}, '{_PLAIN_NUMBER}')")
        elif name in ("year", "as_of"):
            rules.append(f"{cell} <> '' AND NOT regexp_full_match({cell}, '{_PLAIN_DATE}')")
        elif kind is Kind.CHOICE:
            known = ", ".join(literal(word) for word in LINKS.column(name).choices)
            rules.append(f"{cell} <> '' AND {cell} NOT IN ({known})")
        else:
            # Signs of full width may be any of these words, which are short.
            blank = f"lower({cell}) IN ({words}) OR regexp_matches({cell}, '{_WIDE}')"
            rules.append(f"length({quoted(name)}) <= {_SHORT} AND ({blank})")
    openings = "|".join(re.escape(word) for word in sorted({*OPENINGS, first.casefold()}))
    for name in names[:2]:
        opening = literal(f"^[*＊（( ]*({openings}|[0-9]+[.、．])")
        rules.append(f"regexp_matches(lower(trim({quoted(name)})), {opening})")
    return " OR ".join(f"({rule})" for rule in rules)


@dataclass(frozen=True)
class _Place:
    """Where one sheet of links goes: its number in the table of all of them."""

    connection: duckdb.DuckDBPyConnection
    number: int
    inner: Mapping[str, str]

    def clear(self) -> None:
        """Forget what a parser put there before it gave up."""
        self.connection.execute("DELETE FROM links WHERE sheet = ?", [self.number])

    def unclean(self, understood: Understood) -> list[tuple[int, list[str]]] | None:
        """Take out the rows that are not plainly clean; None if they are too many."""
        if understood.recognised is None:
            return None
        own = {heading: name for name, heading in self.inner.items()}
        texts = [heading.text for heading in understood.recognised.headings]
        names = [own[text] for text in texts]
        cells = ", ".join(quoted(name) for name in names)
        # To look costs more than to sort what is found.
        found = self.connection.execute(
            f'SELECT "row", {cells} FROM {_TABLE} WHERE sheet = {self.number} '  # noqa: S608
            f"AND ({_may_be_unclean(names, texts[0])}) LIMIT {_MOST_UNCLEAN + 1}"
        ).fetchall()
        if len(found) > _MOST_UNCLEAN:
            return None
        rows = sorted(found, key=itemgetter(0))
        self.connection.execute(
            f'DELETE FROM {_TABLE} WHERE sheet = {self.number} AND "row" IN (SELECT unnest(?))',  # noqa: S608
            [[row for row, *_ in rows]],
        )
        return [(row, [(cell or "").strip() for cell in record]) for row, *record in rows]

    def parse(
        self,
        understood: Understood,
        converter: Converter,
        problems: list[Problem],
        some: list[tuple[int, list[str]]] | None,
    ) -> Understood:
        """Put the cleaned rows there, a batch at a time; without some, all of the sheet's."""
        skipped: dict[str, list[int]] = {}
        rows = data_rows(understood, LINKS.name, problems, skipped, some)
        while batch := list(islice(rows, _BATCH)):
            texts = list(zip(*(record for _, record in batch), strict=True))
            found = converter.columns(texts, len(batch))
            frame = pd.DataFrame(
                {
                    "sheet": self.number,
                    "row": [row for row, _ in batch],
                    **{name: found.get(heading) for name, heading in self.inner.items()},
                }
            )
            self.connection.append(_TABLE, frame)
        kinds = {kind: tuple(found) for kind, found in skipped.items()}
        return replace(understood, skipped=kinds)


def links_from_frame(frame: Any) -> LinkTable:  # noqa: ANN401  any frame Narwhals knows
    """
    Take a link frame as it is, to be worked on by the engine that holds it.

    Parameters
    ----------
    frame
        A frame of any kind Narwhals knows: pandas, Polars, PyArrow, DuckDB, PySpark.

    Returns
    -------
    links
        Lazy, with `row` counted as in a spreadsheet; null where the engine keeps no order.

    Raises
    ------
    InputError
        If a required column is missing.
    """
    native = nw.from_native(frame)
    names = [str(name) for name in native.collect_schema().names()]
    inner = _inner_names(headings(names, _REQUIRED, LINKS.name))
    native = native.select(
        *(nw.col(name).alias(own) for own, name in zip(inner, names, strict=True))
    )
    further = _further(inner)
    if isinstance(native, nw.DataFrame):
        numbered = _numbered(native.with_row_index("row")).lazy()
        return LinkTable(numbered, _lift_eager(native), further=further)
    if native.implementation.is_polars():
        counted = _numbered(native.with_row_index("row", order_by=None))
    else:
        # A made-up number would send the user to the wrong row.
        counted = native.with_columns(
            nw.lit(None, dtype=nw.Int64).alias("row"), nw.lit(0).alias("sheet")
        )
    lift = _lift_lazy(native.to_native(), native.implementation)
    return LinkTable(counted, lift, further=further)


def _numbered(frame: Any) -> Any:  # noqa: ANN401  eager or lazy
    return frame.with_columns(nw.col("row").cast(nw.Int64) + 2, nw.lit(0).alias("sheet"))


def _as_frame(small: pd.DataFrame, backend: Any) -> Lazy:  # noqa: ANN401  an engine's name
    columns = {str(name): small[name].tolist() for name in small}
    # An empty column would have no type, and could be joined with nothing.
    schema = {
        str(name): nw.Float64 if pd.api.types.is_float_dtype(small[name]) else nw.String
        for name in small
    }
    return nw.from_dict(columns, schema=schema, backend=backend).lazy()


def _lift_eager(frame: "nw.DataFrame[Any]") -> Any:  # noqa: ANN401  a function
    backend = frame.implementation

    def lift(small: pd.DataFrame) -> Lazy:
        return _as_frame(small, backend)

    return lift


def _lift_lazy(relation: Any, implementation: nw.Implementation) -> Any:  # noqa: ANN401  a function
    def lift(small: pd.DataFrame) -> Lazy:
        if implementation.is_duckdb():
            # The user's relation lives on the user's connection, where DuckDB finds a frame
            # by the name of its variable; no table of the user's will be called this.
            frame_lifted_by_cluster_graph = small
            joined = relation.query(
                "relation_of_cluster_graph", "SELECT * FROM frame_lifted_by_cluster_graph"
            )
            del frame_lifted_by_cluster_graph
            return cast("Lazy", nw.from_native(joined))
        if implementation.is_pyspark():
            return lifted_to_spark(relation.sparkSession, small)
        return _as_frame(small, implementation)

    return lift
