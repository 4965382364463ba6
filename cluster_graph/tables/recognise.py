"""Recognises a sheet by its headings: where they stand, and which column each one is."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from rapidfuzz import fuzz, process

from cluster_graph.tables.aliases import ALIASES, KEY_COLUMNS, OWN_SHEETS
from cluster_graph.tables.names import plain_texts, simplified
from cluster_graph.tables.schema import SCHEMAS, WAN_YUAN, Kind
from cluster_graph.tables.units import factor, is_unit
from cluster_graph.text import LANGS, texts

DEPTH: Final = 20  # rows in which the headings must stand
LIKENESS: Final = 88.0  # how alike, of 100, a heading must be to one that is known
_SHORT: Final = 3  # shorter headings are alike by chance
_UNIT: Final = re.compile(r"(.+?)\s*[(（\[【]([^()（）\[\]【】]*)[)）\]】]\s*$")
_SLASHED: Final = re.compile(r"(.+?)\s*[/:：]\s*(\S+)$")
_SAID: Final = re.compile(r"单位\s*[::]\s*(.+)")
_NOISE: Final = re.compile(r"[\s_\-*#·.、:：]+")
# What a table calls the column that several tables call `name`.
_NAMES: Final = {
    "companies": "company_name",
    "projects": "project_name",
    "prospects": "prospect_name",
    "sites": "site_name",
}
_TEMPLATE: Final = {
    "heading_name": "company_name",
    "heading_suppliers_product_id": "product_id",
    "heading_customers_product_id": "product_id",
    "heading_wishes_product_id": "product_id",
    "heading_kind": "wish_kind",
}
_OWN: Final = {
    **dict.fromkeys(_NAMES.values(), "name"),
    "absent_product": "product_id",
    "wish_kind": "kind",
}
# 存在问题 is a risk of a prospect, and what holds up a project.
_MEANT: Final = {("projects", "red_flags"): "difficulty"}
# Columns that make a list of products a list of companies too.
_ABOUT_COMPANIES: Final = frozenset(
    ("region_code", "uscc", "employees", "revenue", "tax", "sector_code", "status", "energy")
)


@dataclass(frozen=True)
class Heading:
    """
    One column of a sheet and what it was taken for.

    Parameters
    ----------
    text
        The heading as it came.
    column
        The contract's column; blank if the column is ignored.
    how
        `name`, `alias`, `fuzzy`, `asked` or `ignored`.
    unit
        The unit in the heading; blank if there is none.
    score
        How alike heading and alias are, of 100.
    """

    text: str
    column: str
    how: str
    unit: str = ""
    score: float = 100.0


@dataclass(frozen=True)
class Recognised:
    """
    What a sheet was taken for.

    Parameters
    ----------
    tables
        The tables it holds; two where one sheet lists companies with their products.
    row
        The row of the headings, the first row being 1.
    headings
        One for each column, in order.
    """

    tables: tuple[str, ...]
    row: int
    headings: tuple[Heading, ...]

    @property
    def ends(self) -> tuple[str, ...]:
        """The columns for a company that the sheet leaves to the company it is about."""
        columns = {heading.column for heading in self.headings}
        if self.tables in (("outputs",), ("wishes",)):
            return () if columns & {"company_id", "company_name"} else ("company_id",)
        if self.tables != ("links",):
            return ()
        return tuple(
            f"{end}_id"
            for end in ("supplier", "customer")
            if not columns & {f"{end}_id", f"{end}_name"}
        )

    def column(self, table: str, heading: Heading) -> str:
        """Return the column of a table that a heading fills; blank if it fills none."""
        own = _OWN.get(heading.column, heading.column)
        own = _MEANT.get((table, own), own)
        if table in ("outputs", "wishes") and heading.column == "company_name":
            own = "company_id"
        if table == "links" and heading.column in ("supplier_name", "customer_name"):
            own = heading.column
        if (
            heading.column in _NAMES.values()
            and own == "name"
            and _NAMES.get(table) != heading.column
        ):
            return ""
        return own if own in SCHEMAS[table].names else ""


def key(text: str) -> str:
    """
    A heading without what people add and leave out: blanks, marks, case, width.

    Parameters
    ----------
    text
        As it came.

    Returns
    -------
    key
        For comparison only.
    """
    return _NOISE.sub("", plain_texts([text])[0])


def with_unit(text: str) -> tuple[str, str]:
    """
    A heading and the unit behind it: `产值(万元)`, `产能/万吨`.

    Parameters
    ----------
    text
        As it came.

    Returns
    -------
    heading
        Without the unit.
    unit
        Blank if there is none.
    """
    folded = simplified(unicodedata.normalize("NFKC", text).strip())
    for pattern in (_UNIT, _SLASHED):
        found = pattern.fullmatch(folded)
        if found:
            unit = re.sub(r"^单位\s*[:：]?\s*", "", found[2].strip())
            return found[1].strip(), unit
    return folded, ""


@cache
def _template_headings() -> dict[str, str]:
    """The headings of the workbook that companies fill in, in both languages."""
    found = {}
    for lang in LANGS:
        for name, text in texts("template", lang).items():
            column = _TEMPLATE.get(name, name.removeprefix("heading_"))
            if name.startswith("heading_") and column:
                found[key(with_unit(text)[0])] = column
    return found


@cache
def _known(table: str | None) -> dict[str, str]:
    """Return key of a heading -> the column it stands for; within a table if that is known."""
    names = {key(name): name for name in (SCHEMAS[table].names if table else ())}
    if table in _NAMES:
        names[key("name")] = _NAMES[table]
    aliases = {key(alias): column for column, found in ALIASES.items() for alias in found}
    everyone = {key(name): name for schema in SCHEMAS.values() for name in schema.names}
    everyone.pop("name")
    return {**_template_headings(), **aliases, **everyone, **names}


def _heading(
    text: str, known: Mapping[str, str], asked: Mapping[str, str], *, fuzzy: bool
) -> Heading:
    if key(text) in asked:
        return Heading(text, asked[key(text)], "asked", with_unit(text)[1])
    if not key(text):
        return Heading(text, "", "ignored")
    bare, unit = with_unit(text)
    for form, found in ((text, ""), (bare, unit)):
        column = known.get(key(form))
        if column:
            how = "name" if key(form) == key(column) else "alias"
            return Heading(text, column, how, found)
    if fuzzy and len(key(bare)) >= _SHORT:
        close = process.extractOne(key(bare), list(known), scorer=fuzz.ratio)
        if close[1] >= LIKENESS:
            return Heading(text, known[close[0]], "fuzzy", unit, round(close[1], 1))
    return Heading(text, "", "ignored", unit)


def _only_once(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """The first column that is taken for something is; a later one is the user's own."""
    order = {"asked": 0, "name": 1, "alias": 2, "fuzzy": 3}
    best: dict[str, Heading] = {}
    for heading in sorted(
        (heading for heading in headings if heading.column), key=lambda h: order[h.how]
    ):
        best.setdefault(heading.column, heading)
    return tuple(
        heading
        if not heading.column or best[heading.column] is heading
        else Heading(heading.text, "", "ignored", heading.unit)
        for heading in headings
    )


def is_unit_row(cells: Sequence[str]) -> bool:
    """Say whether a row holds the units of the columns above it, and nothing else."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and all(is_unit(cell) for cell in filled)


def _with_units(
    headings: tuple[Heading, ...], rows: Sequence[Sequence[str]], place: int
) -> tuple[Heading, ...]:
    """Give columns the units that stand above the headings, or in a row below them."""
    below = rows[place + 1] if place + 1 < len(rows) else []
    own = list(below) if is_unit_row(below) else []
    own += [""] * (len(headings) - len(own))
    said = [
        unit
        for row in rows[:place]
        for cell in row
        if (found := _SAID.search(unicodedata.normalize("NFKC", cell)))
        for unit in re.split(r"[、,，;；/ ]+", found[1])
        if is_unit(unit)
    ]
    return tuple(
        heading if heading.unit else replace(heading, unit=unit or _fitting(heading.column, said))
        for heading, unit in zip(headings, own, strict=False)
    )


def _fitting(column: str, units: list[str]) -> str:
    """The unit above the table that a column can have; blank if none fits."""
    numbers = (c for schema in SCHEMAS.values() for c in schema.columns if c.kind is Kind.NUMBER)
    declared = next((c for c in numbers if c.name == column), None)
    if declared is None or declared.unit == "share":
        return ""
    into = "元" if declared.unit == WAN_YUAN else declared.unit
    for unit in units:
        money = factor(unit, "元") is not None
        if into and factor(unit, into) is not None:
            return unit
        if not into and not money and factor(unit, "persons") is None:
            return unit
    return ""


def _tables(columns: frozenset[str]) -> tuple[str, ...]:
    for table, groups in KEY_COLUMNS.items():
        if all(group & columns for group in groups):
            if table == "outputs" and columns & _ABOUT_COMPANIES:
                return ("companies", "outputs")
            return (table,)
    for table, groups in OWN_SHEETS.items():
        if all(group & columns for group in groups):
            return (table,)
    return ()


def recognise(
    rows: Sequence[Sequence[str]], table: str | None, asked: Mapping[str, str]
) -> Recognised | None:
    """
    Find the headings of a sheet and say what each stands for.

    Parameters
    ----------
    rows
        The first rows of the sheet, as texts.
    table
        The table that the sheet's or file's name says it is; None if it says nothing.
    asked
        Heading -> contract column, as the user wants it.

    Returns
    -------
    recognised
        None if no row looks like headings of any table.
    """
    known = _known(table)
    wanted = {key(text): column for text, column in asked.items()}
    best: tuple[int, int] | None = None
    for number, row in enumerate(rows[:DEPTH]):
        found = [_heading(text, known, wanted, fuzzy=False) for text in row]
        hits = len({heading.column for heading in found if heading.column})
        if hits and (best is None or hits > best[0]):
            best = (hits, number)
    if best is None:
        return None
    row = [text or f"column_{place}" for place, text in enumerate(rows[best[1]], 1)]
    headings = _only_once([_heading(text, known, wanted, fuzzy=True) for text in row])
    headings = _with_units(headings, rows, best[1])
    columns = frozenset(heading.column for heading in headings if heading.column)
    tables = (table,) if table else _tables(columns)
    # One known heading is a coincidence, unless the name of the file says the same.
    if not tables or (best[0] == 1 and not table):
        return None
    return Recognised(tables, best[1] + 1, headings)
