"""Takes sheets apart into the tables of the contract, and says what it understood."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, cast

import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.check import Raw
from cluster_graph.tables.clean import TOTAL_WORDS, cell_text, is_total
from cluster_graph.tables.problems import Problem
from cluster_graph.tables.recognise import DEPTH, Recognised, is_unit_row, key, recognise
from cluster_graph.tables.schema import SCHEMAS, Kind
from cluster_graph.tables.sources import Sheet
from cluster_graph.tables.units import factor
from cluster_graph.tables.vocabulary import choice

_MEASURED: Final = {
    "outputs": ("output", "output_low", "output_high", "capacity"),
    "projects": ("capacity",),
    "links": ("quantity",),
    "wishes": ("quantity",),
}
_REMARKS: Final = (
    "注",
    "备注",
    "说明",
    "填表",
    "制表",
    "数据来源",
    "来源",
    "note",
    "source",
    "remark",
)
_EXAMPLES: Final = ("示例", "example")
_SIGNED: Final = ("填表", "审核", "制表", "负责人", "联系人", "填报", "单位负责人", "统计负责人")
# A row that begins with one of these may be no data.
OPENINGS: Final = (*TOTAL_WORDS, *_REMARKS, *_EXAMPLES, *_SIGNED)
_NUMBERED: Final = re.compile(r"[0-9]+[.、．]\s*\D{4,}")
_BARE_NUMBER: Final = re.compile(r"[0-9]+[.、]?")
_FIRST: Final = 2  # a total may stand behind a serial number
_ID_FROM: Final = {
    "companies": ("company_id", "uscc", "name"),
    "projects": ("project_id", "name"),
    "prospects": ("prospect_id", "name"),
    "sites": ("site_id", "name"),
    "links": (),
}


@dataclass(frozen=True, kw_only=True)
class Understood:
    """
    What a sheet was taken for, row by row and column by column.

    Parameters
    ----------
    sheet
        The sheet.
    recognised
        Its tables and columns; None if it was left out.
    reason
        Why it was left out: `hidden`, `unknown`, `empty`, `ownerless`; blank if it was not.
    skipped
        Kind of row (`title`, `unit`, `total`, `remark`, `heading`, `example`) -> the rows
        that are no data.
    owner
        The company that the sheet is about, where its own rows do not name it.
    """

    sheet: Sheet
    recognised: Recognised | None
    reason: str = ""
    skipped: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    owner: str = ""

    @property
    def book(self) -> str:
        """The file that the sheet stands in."""
        return self.sheet.file.split(" › ")[0]


def look(sheet: Sheet, asked: Mapping[str, str]) -> Understood:
    """
    Recognise a sheet without reading it to its end.

    Parameters
    ----------
    sheet
        A sheet of any source.
    asked
        Heading -> contract column, as the user wants it.

    Returns
    -------
    understood
        Without the rows that are no data; `rows_of` finds those.
    """
    head = list(islice(sheet.rows(), DEPTH))
    table = sheet.name.strip().casefold()
    named = table if table in SCHEMAS else None
    if not any(any(row) for row in head):
        if named or sheet.path is not None:
            raise InputError("no_heading", path=sheet.file)
        return Understood(sheet=sheet, recognised=None, reason="empty")
    if sheet.hidden:
        return Understood(sheet=sheet, recognised=None, reason="hidden")
    found = recognise(head, named, asked)
    if found is None and named:
        # The file says which table it is; its first row must be the heading, then.
        _required(named, head[0], sheet.file)
    return Understood(sheet=sheet, recognised=found, reason="" if found else "unknown")


def _required(table: str, names: list[str], file: str) -> None:
    required = [column.name for column in SCHEMAS[table].columns if column.required]
    missing = [name for name in required if name not in names]
    raise InputError("missing_column", path=file, column=", ".join(missing), found=", ".join(names))


def data_rows(
    understood: Understood,
    table: str,
    found: list[Problem],
    skipped: dict[str, list[int]],
    rows: Iterable[tuple[int, list[str]]] | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """
    Walk through the rows of a sheet that are data.

    Parameters
    ----------
    understood
        A recognised sheet.
    table
        The table whose problems these are.
    found
        Rows with more cells than headings are added here, and left out.
    skipped
        Rows that are no data are added here by kind.
    rows
        Some rows with their numbers; None walks through all.

    Yields
    ------
    row, cells
        The row as a spreadsheet counts it, and one text for each heading.
    """
    recognised = understood.recognised
    if recognised is None:
        return
    names = [heading.text for heading in recognised.headings]
    keys = [key(name) for name in names]
    width = len(names)
    for row, cells in enumerate(understood.sheet.rows(), 1) if rows is None else rows:
        kind = _kind(cells, row, recognised.row, keys)
        if kind:
            if kind != "blank":
                skipped.setdefault(kind, []).append(row)
            continue
        if any(cells[width:]):
            spare = [f"+{number}" for number in range(1, len(cells) - width + 1)]
            found.append(
                Problem(
                    table=table,
                    file=understood.sheet.file,
                    key="too_many_cells",
                    row=row,
                    details={"expected": width, "found": len(cells)},
                    cells=dict(zip([*names, *spare], cells, strict=True)),
                )
            )
            continue
        yield row, [*cells, *[""] * width][:width]


def _kind(cells: list[str], row: int, heading_row: int, keys: list[str]) -> str:
    filled = [cell for cell in cells if cell]
    if row <= heading_row or not filled:
        return "title" if filled and row < heading_row else "blank"
    # Most rows are data, and give themselves away by their first cell.
    pairs = zip(cells, keys, strict=False)
    if len(cells) == len(keys) and all(key(cell) == own for cell, own in pairs):
        return "heading"
    words = [cell for cell in filled[:_FIRST] if not _BARE_NUMBER.fullmatch(cell)]
    rules = {
        "unit": row == heading_row + 1 and is_unit_row(cells),
        "example": filled[0].casefold() in _EXAMPLES,
        "total": bool(words) and is_total(words[0]),
        "remark": len(keys) > 1 and _is_remark(filled),
    }
    return next((kind for kind, holds in rules.items() if holds), "")


def _is_remark(filled: list[str]) -> bool:
    """Say whether a row below a table is about it: a note, or who filled it in."""
    word = filled[0].strip("*＊（( ").casefold()
    if len(filled) == 1 and (word.startswith(_REMARKS) or _NUMBERED.match(word)):
        return True
    return filled[0].startswith(_SIGNED)


def raw_tables(understood: Understood) -> tuple[Understood, list[Raw]]:
    """
    Read a recognised sheet into the tables that it holds.

    Parameters
    ----------
    understood
        A recognised sheet that is small enough for memory; links go another way.

    Returns
    -------
    understood
        With the rows that are no data.
    raws
        One a table, cells as texts under the contract's names, further columns under
        their own.
    """
    recognised = understood.recognised
    if recognised is None:
        return understood, []
    found: list[Problem] = []
    skipped: dict[str, list[int]] = {}
    rows = dict(data_rows(understood, recognised.tables[0], found, skipped))
    raws = []
    for number, table in enumerate(recognised.tables):
        raw = _raw(understood, table, rows)
        raws.append(replace(raw, problems=tuple(found), rejected=len(found)) if not number else raw)
    kinds = {kind: tuple(numbers) for kind, numbers in skipped.items()}
    return replace(understood, skipped=kinds), raws


def refuse_without_owner(understood: Understood) -> None:
    """
    Refuse a sheet that leaves out a company which no other sheet of its workbook gives.

    Parameters
    ----------
    understood
        A recognised sheet.

    Raises
    ------
    InputError
        Names the missing column.
    """
    recognised = understood.recognised
    if recognised is not None and recognised.ends and not understood.owner:
        raise InputError(
            "missing_column",
            path=understood.sheet.file,
            column=", ".join(recognised.ends),
            found=", ".join(heading.text for heading in recognised.headings),
        )


def _raw(understood: Understood, table: str, rows: dict[int, list[str]]) -> Raw:
    refuse_without_owner(understood)
    schema, sheet = SCHEMAS[table], understood.sheet
    recognised = cast("Recognised", understood.recognised)
    converter = Converter(recognised, table, understood.owner)
    headings = [heading.text for heading in recognised.headings]
    missing = [c.name for c in schema.columns if c.required and c.name not in converter.names]
    if missing:
        raise InputError(
            "missing_column",
            path=sheet.file,
            column=", ".join(missing),
            found=", ".join(headings),
        )
    cells = {row: converter.cells(record) for row, record in rows.items()}
    frame = pd.DataFrame.from_dict(cells, orient="index", columns=converter.names, dtype=object)
    original = pd.DataFrame.from_dict(rows, orient="index", columns=headings, dtype=object)
    return Raw(schema, sheet.file, frame, original=original)


class Converter:
    """
    Turns the cells of a sheet's rows into the columns of one table.

    Parameters
    ----------
    recognised
        What the sheet was taken for.
    table
        One of its tables.
    owner
        The company that the sheet is about, for columns that it leaves out.
    """

    def __init__(self, recognised: Recognised, table: str, owner: str = "") -> None:
        self._table = table
        self._owned = dict.fromkeys(recognised.ends, owner)
        self._schema = SCHEMAS[table]
        self._columns = [
            recognised.column(table, heading) if heading.column else ""
            for heading in recognised.headings
        ]
        self._units = [heading.unit for heading in recognised.headings]
        self._kept = {
            heading.text: place
            for place, (heading, column) in enumerate(
                zip(recognised.headings, self._columns, strict=True)
            )
            if not column
        }
        self._ids = self._derived_ids(recognised)
        derived = [self._ids[0]] if self._ids else []
        if table == "links" and any(heading.how != "name" for heading in recognised.headings):
            derived = ["supplier_id", "customer_id"]
        measured = ["unit"] if table in _MEASURED else []
        own = [column for column in self._columns if column]
        kept = [self._own_name(name) for name in self._kept]
        self.names = list(dict.fromkeys([*own, *derived, *self._owned, *measured, *kept]))

    def _own_name(self, name: str) -> str:
        return f"{name}_" if name in ("row", "file") or name in self._schema.names else name

    def _derived_ids(self, recognised: Recognised) -> tuple[str, ...]:
        """Ids made of a code or a name, where a bureau's own headings bring no id."""
        chain = _ID_FROM.get(self._table, ())
        headings = dict(zip(self._columns, recognised.headings, strict=True))
        name = headings.get("name")
        bureau = name is not None and key(name.text) != "name"
        return chain if bureau and chain and chain[0] not in self._columns else ()

    def cells(self, row: list[str]) -> dict[str, str]:
        """
        One row, by the columns of the table.

        Parameters
        ----------
        row
            One text for each heading.

        Returns
        -------
        cells
            Column -> text; the user's further columns under their own names.
        """
        found = dict.fromkeys(self.names, "")
        units: dict[str, str] = {}
        for column, unit, text in zip(self._columns, self._units, row, strict=True):
            if not column:
                continue
            declared = self._schema.column(column)
            value, own = cell_text(declared, text, unit)
            if declared.kind is Kind.CHOICE:
                value = choice(declared, value)
            found[column] = value
            if own:
                units[column] = own
        for name, place in self._kept.items():
            found[self._own_name(name)] = row[place]
        self._measure(found, units)
        for end in ("supplier", "customer") if "supplier_id" in self.names else ():
            found[f"{end}_id"] = found.get(f"{end}_id") or found.get(f"{end}_name", "")
        found |= self._owned
        if self._ids:
            found[self._ids[0]] = next((found[n] for n in self._ids[1:] if found.get(n)), "")
        return found

    def _measure(self, found: dict[str, str], units: dict[str, str]) -> None:
        """Bring the quantities of a row to one unit, and write it into its column."""
        columns = _MEASURED.get(self._table, ())
        if not columns or not units:
            return
        chosen = found.get("unit") or next(units[name] for name in columns if name in units)
        found["unit"] = chosen
        for name in columns:
            own = units.get(name, chosen)
            if own == chosen or not found.get(name):
                continue
            scale = factor(own, chosen)
            if scale is None:
                found[name] = f"{found[name]}{own}"
            elif scale != 1:
                found[name] = repr(float(found[name]) * scale)
