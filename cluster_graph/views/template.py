"""The workbook that a county sends to its companies, and the headings to read it back by."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from cluster_graph import _shipped
from cluster_graph.tables.products import product_label
from cluster_graph.tables.schema import STATUSES, WISH_KINDS
from cluster_graph.text import LANGS, Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_text
from cluster_graph.text.numbers import unit_word
from cluster_graph.views.findings import named

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "number", "year", "uscc", "product", "region", "unit", "choice"]

VERSION: Final = "1"
_MADE: Final = datetime(2025, 1, 1, tzinfo=UTC)  # so that equal content is equal bytes
_GUIDE: Final = tuple(f"guide_{number}" for number in range(1, 10))

_HEADING_ROW, _EXAMPLE_ROW, _FIRST_ROW = range(3)
_RULED: Final = 40  # rows with lines to write on; those below are free as well
_CHECKED: Final = 5_000  # rows with drop-down lists
_A4: Final = 9
_EARLIEST, _LATEST = 1990, 2100
_USCC_LENGTH: Final = 18
_NOTE_SIZE: Final = {"x_scale": 2.2, "y_scale": 1.4}


@dataclass(frozen=True)
class _Field:
    """A column of a sheet: which of the contract's, what it holds, how it is shown."""

    column: str
    kind: Kind = "text"
    width: int = 14
    required: bool = False
    choices: str = ""
    example: str | int | None = None


@dataclass(frozen=True)
class _Sheet:
    """A sheet to fill in: the table that it becomes, its columns, how many rows are free."""

    key: str
    table: str
    fields: tuple[_Field, ...]
    one_row: bool = False


def _ends(end: str) -> tuple[_Field, ...]:
    """Columns of the suppliers or of the customers."""
    return (
        _Field(f"{end}_name", width=30, required=True),
        _Field(f"{end}_id", "uscc", width=26),
        _Field(f"{end}_region", "region", width=20, required=True),
        _Field("product_id", "product", width=32, required=True),
        _Field("quantity", "number", example=1000),
        _Field("unit", "unit", width=12),
        _Field("value", "number", width=17, example=300),
        _Field("year", "year", width=9, required=True, example=2024),
        _Field("note", width=24),
    )


_SHEETS: Final = (
    _Sheet(
        "company",
        "companies",
        (
            _Field("name", width=32, required=True),
            _Field("uscc", "uscc", width=26, required=True, example="91211382000000000R"),
            _Field("region_code", "region", width=20, required=True),
            _Field("status", "choice", width=12, required=True, choices="status"),
            _Field("is_anchor", "choice", width=16, choices="flag"),
            _Field("sector_code", width=18),
            _Field("employees", "number", width=16, example=120),
            _Field("revenue", "number", width=18, example=8000),
            _Field("tax", "number", width=16, example=260),
            _Field("energy", "number", width=20, example=1500),
            _Field("as_of", width=12, example="2024"),
            _Field("alias", width=22),
            _Field("name_en", width=28),
            _Field("note", width=24),
        ),
        one_row=True,
    ),
    _Sheet(
        "outputs",
        "outputs",
        (
            _Field("product_id", "product", width=34, required=True),
            _Field("output", "number", example=8000),
            _Field("capacity", "number", width=16, example=10000),
            _Field("unit", "unit", width=12),
            _Field("year", "year", width=9, required=True, example=2024),
            _Field("note", width=30),
        ),
    ),
    _Sheet("suppliers", "links", _ends("supplier")),
    _Sheet("customers", "links", _ends("customer")),
    _Sheet(
        "wishes",
        "wishes",
        (
            _Field("kind", "choice", width=20, required=True, choices="wish"),
            _Field("content", width=50, required=True),
            _Field("product_id", "product", width=32),
            _Field("quantity", "number", example=500),
            _Field("unit", "unit", width=12),
            _Field("date", width=18),
            _Field("contact", width=28),
        ),
    ),
)


def headings(lang: Lang) -> dict[str, tuple[str, dict[str, str]]]:
    """
    What the sheets and headings of the template are in the contract.

    Parameters
    ----------
    lang
        The language of the template.

    Returns
    -------
    headings
        Sheet title -> its table, and heading -> column. The sheets of suppliers and of
        customers are both `links`: each has the columns of one end, and the company of the
        company sheet is the other one. The first column, `mark_heading`, is none of the
        contract: it only tells the example row.
    """
    return {
        say(f"template.sheet_{sheet.key}", lang): (
            sheet.table,
            {_heading(sheet, field, lang): field.column for field in sheet.fields},
        )
        for sheet in _SHEETS
    }


def mark_heading(lang: Lang) -> str:
    """
    The heading of the column that tells the example row.

    Parameters
    ----------
    lang
        The language of the template.

    Returns
    -------
    heading
        It stands above the first column of every sheet to fill in.
    """
    return say("template.mark", lang)


def example_marks() -> frozenset[str]:
    """
    What stands in the first column of a row that must not be read.

    Returns
    -------
    marks
        One for each language.
    """
    return frozenset(say("template.mark_example", lang) for lang in LANGS)


def wish_words(lang: Lang) -> dict[str, str]:
    """
    The kinds of wishes that the drop-down list offers.

    Parameters
    ----------
    lang
        The language of the template.

    Returns
    -------
    words
        Word in the list -> kind, one of `WISH_KINDS`.
    """
    return {say(f"template.wish_{kind}", lang): kind for kind in WISH_KINDS}


def template(products: pd.DataFrame, lang: Lang) -> bytes:
    """
    The workbook for companies to fill in.

    A guide, then sheets for the company, its outputs, suppliers, customers and wishes, with
    drop-down lists, notes and one locked example row each. No cell holds a formula.

    Parameters
    ----------
    products
        The chain's products for the drop-down list: `product_id`, `name_zh`, `name_en`,
        `unit`; the first one is the example.
    lang
        Language of everything in it.

    Returns
    -------
    content
        The Excel file; the same products give the same bytes.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 (heavy)

    buffer = io.BytesIO()
    book: Any = Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": say("template.guide_title", lang),
            "comments": say("template.guide_version", lang, version=VERSION),
            "created": _MADE,
        }
    )
    form = _Form(book, products, lang)
    form.guide()
    for sheet in _SHEETS:
        form.add(sheet)
    form.lists()
    book.close()
    return buffer.getvalue()


class _Form:
    """The workbook while it is being written."""

    def __init__(self, book: Any, products: pd.DataFrame, lang: Lang) -> None:  # noqa: ANN401
        self._book = book
        self._lang = lang
        rows = as_dicts(products)
        words = texts("word", lang)
        self._items: dict[str, list[str]] = {
            "product": [
                product_label(as_text(row["product_id"]), named(row, lang)) for row in rows
            ],
            "region": _regions(lang),
            "unit": _units([as_text(row.get("unit")) for row in rows], lang),
            "status": [words[f"status_{status}"] for status in STATUSES],
            "flag": [words["yes"], words["no"]],
            "wish": list(wish_words(lang)),
        }
        self._first_unit = _unit(as_text(rows[0].get("unit")), lang) if rows else ""
        base = {"valign": "vcenter", "border": 1, "border_color": "#C9CED4"}
        head = {**base, "bold": True, "text_wrap": True, "bg_color": "#DCE6F0"}
        grey = {**base, "italic": True, "font_color": "#66707A", "bg_color": "#ECEEF0"}
        free = {**base, "locked": False}
        looks = {
            "head": head,
            "must": {**head, "bg_color": "#FBE3C8"},
            "example_text": {**grey, "num_format": "@"},
            "example_number": {**grey, "num_format": "#,##0.####"},
            "example_year": {**grey, "num_format": "0"},
            "text": {**free, "num_format": "@"},
            "number": {**free, "num_format": "#,##0.####"},
            "year": {**free, "num_format": "0"},
            "title": {"bold": True, "font_size": 16},
            "line": {"text_wrap": True, "valign": "top"},
        }
        self._looks = {name: book.add_format(look) for name, look in looks.items()}

    def guide(self) -> None:
        """The sheet that says how to fill in the others."""
        sheet = self._sheet("guide")
        sheet.set_column(0, 0, 5, self._looks["line"])
        sheet.set_column(1, 1, 110, self._looks["line"])
        sheet.hide_gridlines(2)
        sheet.write_string(0, 1, say("template.guide_title", self._lang), self._looks["title"])
        for number, key in enumerate(_GUIDE, start=1):
            sheet.write_number(number + 1, 0, number, self._looks["line"])
            sheet.write_string(
                number + 1, 1, say(f"template.{key}", self._lang), self._looks["line"]
            )
        version = say("template.guide_version", self._lang, version=VERSION)
        sheet.write_string(len(_GUIDE) + 3, 1, version, self._looks["line"])
        sheet.protect()

    def add(self, of: _Sheet) -> None:
        """A sheet to fill in."""
        sheet = self._sheet(of.key)
        lang = self._lang
        sheet.set_column(0, 0, 8)
        self._head(sheet, 0, mark_heading(lang), say("template.mark_note", lang), must=False)
        mark = say("template.mark_example", lang)
        sheet.write_string(_EXAMPLE_ROW, 0, mark, self._looks["example_text"])
        for place, field in enumerate(of.fields, start=1):
            look = field.kind if field.kind in {"number", "year"} else "text"
            below = None if of.one_row else self._looks[look]
            sheet.set_column(place, place, field.width, below)
            note = _own(f"note_{field.column}", of, field, lang)
            self._head(sheet, place, _heading(of, field, lang), note, must=field.required)
            self._example(sheet, place, field, self._looks[f"example_{look}"])
            for row in range(_FIRST_ROW, _FIRST_ROW + (1 if of.one_row else _RULED)):
                sheet.write_blank(row, place, None, self._looks[look])
            last = _FIRST_ROW if of.one_row else _FIRST_ROW + _CHECKED - 1
            rule = self._rule(field)
            if rule:
                sheet.data_validation(_FIRST_ROW, place, last, place, rule)
        sheet.set_row(_HEADING_ROW, 34)
        sheet.freeze_panes(_FIRST_ROW, 2)
        sheet.repeat_rows(_HEADING_ROW)
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})

    def lists(self) -> None:
        """The hidden sheet that the drop-down lists show."""
        sheet = self._sheet("lists")
        for place, (name, items) in enumerate(self._items.items()):
            sheet.write_string(0, place, name)
            for row, item in enumerate(items, start=1):
                sheet.write_string(row, place, item)
        sheet.protect()
        sheet.hide()

    def _sheet(self, key: str) -> Any:  # noqa: ANN401 (XlsxWriter has no types)
        sheet = self._book.add_worksheet(say(f"template.sheet_{key}", self._lang))
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def _head(self, sheet: Any, place: int, text: str, note: str, *, must: bool) -> None:  # noqa: ANN401
        look = self._looks["must" if must else "head"]
        sheet.write_string(_HEADING_ROW, place, text, look)
        sheet.write_comment(_HEADING_ROW, place, note, _NOTE_SIZE)

    def _example(self, sheet: Any, place: int, field: _Field, look: Any) -> None:  # noqa: ANN401
        value = self._shown(field)
        if isinstance(value, int):
            sheet.write_number(_EXAMPLE_ROW, place, value, look)
        elif value:
            sheet.write_string(_EXAMPLE_ROW, place, value, look)
        else:
            sheet.write_blank(_EXAMPLE_ROW, place, None, look)

    def _shown(self, field: _Field) -> str | int:
        """What the example says in a column; nothing where a company may leave it out."""
        if field.kind == "unit":
            return self._first_unit
        if field.kind in {"product", "region"}:
            return next(iter(self._items[field.kind]), "")
        if field.kind == "choice":
            return self._items[field.choices][-1 if field.choices == "flag" else 0]
        if field.example is not None:
            return field.example
        return texts("template", self._lang).get(f"example_{field.column}", "")

    def _rule(self, field: _Field) -> dict[str, object]:
        """What Excel takes in a column's cells."""
        lists: dict[Kind, tuple[str, str]] = {
            "product": ("product", "warning"),
            "region": ("region", "warning"),
            "unit": ("unit", "warning"),
            "choice": (field.choices, "stop"),
        }
        rule: dict[str, object] = {"error_type": "stop"}
        if field.kind in lists:
            name, strictness = lists[field.kind]
            if not self._items[name]:
                return {}
            rule |= {"validate": "list", "source": self._range(name), "error_type": strictness}
        elif field.kind == "number":
            rule |= {"validate": "decimal", "criteria": ">=", "value": 0}
        elif field.kind == "year":
            rule |= {
                "validate": "integer",
                "criteria": "between",
                "minimum": _EARLIEST,
                "maximum": _LATEST,
            }
        elif field.kind == "uscc":
            rule |= {
                "validate": "length",
                "criteria": "==",
                "value": _USCC_LENGTH,
                "error_type": "warning",
            }
        else:
            return {}
        return {
            **rule,
            "error_title": say("template.error_title", self._lang),
            "error_message": say(f"template.error_{field.kind}", self._lang),
        }

    def _range(self, name: str) -> str:
        """Where a list stands on the hidden sheet."""
        from xlsxwriter.utility import xl_range_abs  # noqa: PLC0415 (heavy)

        place = list(self._items).index(name)
        title = say("template.sheet_lists", self._lang)
        return f"='{title}'!{xl_range_abs(1, place, len(self._items[name]), place)}"


def _heading(sheet: _Sheet, field: _Field, lang: Lang) -> str:
    text = _own(f"heading_{field.column}", sheet, field, lang)
    return say("template.required", lang, heading=text) if field.required else text


def _own(key: str, sheet: _Sheet, field: _Field, lang: Lang) -> str:
    """The text of a column: the sheet's own one where there is one."""
    words = texts("template", lang)
    part = key.removesuffix(field.column)
    return words.get(f"{part}{sheet.key}_{field.column}") or words[key]


def _regions(lang: Lang) -> list[str]:
    """Regions that the catalogue names, those around the default region first."""
    home = _shipped.DEFAULT_REGION
    names = texts("region", lang)

    def far(code: str) -> tuple[bool, bool, bool, str]:
        return code != home, not code.startswith(home[:4]), not code.startswith(home[:2]), code

    return [
        say("template.region_label", lang, name=names[code], code=code.ljust(len(home), "0"))
        for code in sorted(names, key=far)
    ]


def _units(own: list[str], lang: Lang) -> list[str]:
    """The units of the list, and those that only the products have."""
    usual = say("template.units", lang).split(";")
    return list(dict.fromkeys([*usual, *(_unit(unit, lang) for unit in own if unit)]))


def _unit(unit: str, lang: Lang) -> str:
    """A unit as the tables read it: the Chinese word, or the contract's sign."""
    return unit_word(unit, lang) if lang == "zh" else unit
