"""Opens whatever bureaus send and hands on its sheets as rows of texts, with what was found out."""

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from charset_normalizer import from_bytes

from cluster_graph._errors import InputError
from cluster_graph.tables.clean import plain
from cluster_graph.tables.parquet import SUFFIX, is_partitioned, parquet, rows_of
from cluster_graph.tables.schema import SCHEMAS
from cluster_graph.tables.sheet import Sheet, flat, quoted

if TYPE_CHECKING:
    import duckdb

TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")
BOOK_SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb")
DATABASE_SUFFIXES: Final = (".duckdb", ".db", ".sqlite", ".sqlite3")
SUFFIXES: Final = (*TEXT_SUFFIXES, *BOOK_SUFFIXES, *DATABASE_SUFFIXES, SUFFIX, ".jsonl")
DELIMITERS: Final = ",\t;|，"
_BATCH: Final = 10_000  # rows fetched at a time
_HEAD: Final = 1 << 18  # bytes that tell the encoding
_MOST_COLUMNS: Final = 2_000
_MOST_UNPACKED: Final = 2 << 30  # bytes that a workbook may unpack to
_MOST_RATIO: Final = 200  # times a workbook may grow when unpacked, beyond a first 64 MiB
_SMALL_ENOUGH: Final = 64 << 20
_BOMS: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_HIGH: Final = 0x80
_HIGH_END: Final = 0xA0
_TELLING: Final = 3  # so many characters do not turn out to be UTF-8 by chance
_CHINESE: Final = ("gb18030", "big5")
UTF8: Final = ("utf-8", "utf-8-sig")


def encoding_of(head: bytes) -> str:
    """
    The encoding of a text, by its first bytes.

    Parameters
    ----------
    head
        The beginning of the file, cut anywhere.

    Returns
    -------
    encoding
        A name that Python knows. A byte order mark decides; then UTF-8 if it fits, then
        UTF-16 without a mark, then the likelier of GB18030 and Big5.
    """
    for mark, encoding in _BOMS.items():
        if head.startswith(mark):
            return encoding
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    if _decodes(head, "utf-8"):
        return "utf-8"
    if _is_gb2312(head):
        return "gb18030"
    best = from_bytes(head, cp_isolation=list(_CHINESE)).best()
    return best.encoding if best is not None else "gb18030"


def _refuse_mixture(path: Path, head: bytes, encoding: str) -> None:
    """
    Refuse a file in which some lines are UTF-8 and others are not.

    Decoded as one encoding, either half would come out as other characters, without a word.
    """
    place = 0
    for line in head.split(b"\n"):
        if not line.isascii():
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text = ""
            if sum(not sign.isascii() for sign in text) >= _TELLING:
                raise InputError("mixed_encoding", path=path, byte=place, encoding=encoding)
        place += len(line) + 1


def _is_gb2312(head: bytes) -> bool:
    """
    Say whether every double byte has both halves above 0xA0, as in the simplified core set.

    A Big5 text has second halves below that in two of five characters, so that even a short
    one gives itself away.
    """
    place = 0
    while place + 1 < len(head):
        if head[place] < _HIGH:
            place += 1
            continue
        if head[place] <= _HIGH_END or head[place + 1] <= _HIGH_END:
            return False
        place += 2
    return True


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        head.decode(encoding)
    except UnicodeDecodeError as error:
        # A head may end in the middle of a character.
        return error.start >= len(head) - 3 and len(head) == _HEAD
    return True


def delimiter_of(text: str) -> str:
    """
    The sign between the cells of a text table.

    Parameters
    ----------
    text
        Some lines of it.

    Returns
    -------
    delimiter
        The one of `DELIMITERS` that cuts most lines into the same number of cells.
    """
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    best, most = ",", 0
    for sign in DELIMITERS:
        counts = [len(next(csv.reader([line], delimiter=sign), [])) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=1)
        score = counts.count(usual) * (usual - 1)
        if score > most:
            best, most = sign, score
    return best


def open_path(path: Path) -> Iterator[Sheet]:
    """
    Open a file, or every file of a folder that may hold tables.

    Parameters
    ----------
    path
        A folder, a text table, a workbook, a database file, Parquet or JSON Lines.

    Yields
    ------
    sheet
        One for each sheet, table or file.

    Raises
    ------
    InputError
        If there is nothing there, or a file cannot be read: encrypted, cut short, not what
        its name says, or unpacking to far more than it holds.
    """
    if path.is_dir():
        files = [file for file in sorted(path.iterdir()) if _may_hold_a_table(file)]
        if not files:
            raise InputError("empty_folder", path=path)
        for file in files:
            # Excel leaves such a file beside every workbook that is open.
            if file.name.startswith(("~$", ".")):
                continue
            yield from [parquet(file)] if file.is_dir() else open_path(file)
        return
    if not path.exists():
        raise InputError("missing_folder", path=path)
    suffix = path.suffix.lower()
    opener = next((found for ends, found in _openers().items() if suffix in ends), None)
    if opener is None:
        raise InputError("unknown_suffix", path=path, known=", ".join(SUFFIXES))
    yield from opener(path)


def _may_hold_a_table(file: Path) -> bool:
    if file.is_dir():
        return file.stem.casefold() in SCHEMAS and is_partitioned(file)
    return file.suffix.lower() in SUFFIXES


def _openers() -> dict[tuple[str, ...], Callable[[Path], Iterable[Sheet]]]:
    return {
        TEXT_SUFFIXES: lambda path: [_text(path)],
        BOOK_SUFFIXES: _book,
        DATABASE_SUFFIXES: _database,
        (SUFFIX,): lambda path: [parquet(path)],
        (".jsonl",): lambda path: [_json_lines(path)],
    }


def _text(path: Path) -> Sheet:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            # Plain ASCII says nothing: the first Chinese name may stand far below.
            while head.isascii() and (more := file.read(_HEAD)):
                head = more
    except OSError as error:
        raise InputError("cannot_read", path=path, reason=error) from error
    encoding = encoding_of(head)
    if encoding in _CHINESE:
        _refuse_mixture(path, head, encoding)
    with path.open("rb") as file:
        delimiter = delimiter_of(file.read(_HEAD // 8).decode(encoding, errors="ignore"))

    def rows() -> Iterator[list[str]]:
        return _text_rows(path, encoding, delimiter)

    place = str(path) if encoding in UTF8 else ""
    return Sheet(path.name, path.stem, rows, encoding, delimiter, path=path, place=place)


def _text_rows(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    # A cell may be longer than the csv module's default of 128 KiB.
    csv.field_size_limit(1 << 30)
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            try:
                for number, row in enumerate(reader, 1):
                    _not_too_wide(len(row), number, path)
                    yield [cell.strip() for cell in row]
            except csv.Error as error:
                raise InputError("broken_quotes", path=path, line=reader.line_num) from error
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise InputError("mixed_encoding", path=path, byte=start, encoding=encoding) from error
    except OSError as error:
        raise InputError("cannot_read", path=path, reason=error) from error


def _not_too_wide(columns: int, row: int, path: Path) -> None:
    if columns > _MOST_COLUMNS:
        raise InputError("too_wide", path=path, row=row, columns=columns, most=_MOST_COLUMNS)


def _book(path: Path) -> Iterator[Sheet]:
    import python_calamine as calamine  # noqa: PLC0415  only where there is a workbook

    _refuse_bomb(path)
    try:
        if zipfile.is_zipfile(path):
            # By content, not by name: many systems export .xlsx as .xls.
            book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        else:
            book = calamine.CalamineWorkbook.from_path(path)
    except calamine.PasswordError as error:
        raise InputError("encrypted", path=path) from error
    except (calamine.CalamineError, OSError) as error:
        raise InputError("broken_book", path=path, reason=error) from error
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
            cells = sheet.to_python(skip_empty_area=False)
        except calamine.CalamineError as error:
            raise InputError("broken_book", path=path, reason=error) from error
        rows = [[plain(cell) for cell in row] for row in cells]
        _fill_down(rows, sheet.merged_cell_ranges or [])
        _not_too_wide(max(map(len, rows), default=0), 1, path)
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        yield Sheet(f"{path.name} › {meta.name}", meta.name, again(rows), hidden=hidden)


def again(rows: list[list[str]]) -> Callable[[], Iterator[list[str]]]:
    """Walk through the same rows each time it is asked to."""
    return lambda: iter(rows)


def _fill_down(rows: list[list[str]], merged: Iterable[Any]) -> None:
    """Repeat the value of a cell that was merged over several rows in each of them."""
    for (top, left), (bottom, _) in merged:
        if bottom > top and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                if left < len(row) and not row[left]:
                    row[left] = rows[top][left]


def _refuse_bomb(path: Path) -> None:
    """Refuse a workbook that unpacks to far more than it holds, before unpacking it."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError("broken_book", path=path, reason=error) from error
    packed = max(path.stat().st_size, 1)
    swollen = unpacked > _SMALL_ENOUGH and unpacked / packed > _MOST_RATIO
    if unpacked > _MOST_UNPACKED or swollen:
        raise InputError("zip_bomb", path=path, size=f"{unpacked / 2**20:,.0f} MiB")


def _database(path: Path) -> Iterator[Sheet]:
    with path.open("rb") as file:
        is_sqlite = file.read(16).startswith(b"SQLite format 3")
    yield from (_sqlite(path) if is_sqlite else _duckdb(path))


def _sqlite(path: Path) -> Iterator[Sheet]:
    @contextmanager
    def opened() -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            with closing(connection):
                yield connection
        except sqlite3.Error as error:
            raise InputError("cannot_read", path=path, reason=error) from error

    with opened() as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
                "AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]
    for name in names:

        def rows(name: str = name) -> Iterator[list[str]]:
            with opened() as connection:
                cursor = connection.execute(f"SELECT * FROM {quoted(name)}")  # noqa: S608
                yield [part[0] for part in cursor.description]
                for row in cursor:
                    yield [flat(cell) for cell in row]

        yield Sheet(f"{path.name} › {name}", name, rows)


def _duckdb(path: Path) -> Iterator[Sheet]:
    def opened() -> "duckdb.DuckDBPyConnection":
        import duckdb  # noqa: PLC0415  only where there is such a file

        return duckdb.connect(str(path), read_only=True)

    names = rows_of(opened, "SELECT table_name FROM information_schema.tables ORDER BY 1", path)
    for (name,) in list(names())[1:]:
        rows = rows_of(opened, f"SELECT * FROM {quoted(name)}", path)  # noqa: S608
        yield Sheet(f"{path.name} › {name}", name, rows, place=str(path))


def _sheet(file: str, name: str, columns: Iterable[str], rows: Iterable[Any]) -> Sheet:
    cells = [[str(column) for column in columns]]
    cells += [[flat(cell) for cell in row] for row in rows]
    return Sheet(file, name, again(cells))


def _json_lines(path: Path) -> Sheet:
    records: list[Mapping[str, Any]] = []
    encoding = encoding_of(path.read_bytes()[:_HEAD])
    with path.open(encoding=encoding) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                raise InputError("broken_json", path=path, line=number, reason=error) from error
            if not isinstance(record, dict):
                raise InputError("broken_json", path=path, line=number, reason=line[:40])
            records.append(record)
    columns = list(dict.fromkeys(name for record in records for name in record))
    rows = [[record.get(name) for name in columns] for record in records]
    return _sheet(path.name, path.stem, columns, rows)
