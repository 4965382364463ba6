"""The workbook for companies to fill in, as Excel and our own reader see it."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import typer
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from typer.testing import CliRunner

from cluster_graph._errors import InputError
from cluster_graph.chain.model import Chain
from cluster_graph.cli.template import template as command
from cluster_graph.tables.check import FLAGS
from cluster_graph.tables.codes import sector_code, uscc_problem
from cluster_graph.tables.places import region_code
from cluster_graph.tables.products import match_product, product_names
from cluster_graph.tables.schema import COMPANIES, SCHEMAS, STATUSES, WISH_KINDS
from cluster_graph.tables.units import is_unit
from cluster_graph.tables.vocabulary import choice
from cluster_graph.text import LANGS, Lang, say, texts
from cluster_graph.views.template import (
    example_marks,
    headings,
    mark_heading,
    template,
    wish_words,
)

SHEETS = ("company", "outputs", "suppliers", "customers", "wishes")
FILLED = 3  # the row below the example


@pytest.fixture(scope="module", params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    """Each language in turn."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def content(shipped_chain: Chain, lang: Lang) -> bytes:
    """The template of the shipped chains."""
    return template(shipped_chain.products, lang)


@pytest.fixture
def book(content: bytes) -> Workbook:
    """The template as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(content))


def items(book: Workbook, rule: DataValidation) -> list[str]:
    """What a drop-down list shows."""
    title, cells = rule.formula1.lstrip("=").rsplit("!", 1)
    return [cell.value for (cell,) in book[title.strip("'")][cells.replace("$", "")]]


def rules(book: Workbook, title: str, column: str, lang: Lang) -> list[DataValidation]:
    """The rules on the cells of a column of the contract."""
    place = [*headings(lang)[title][1].values()].index(column) + 2
    letter = openpyxl.utils.get_column_letter(place)
    validations = book[title].data_validations.dataValidation
    return [rule for rule in validations if f"{letter}{FILLED}" in rule]


def test_sheets_stand_in_order_behind_the_guide(book: Workbook, lang: Lang) -> None:
    """The lists are hidden, the guide comes first."""
    titles = [say(f"template.sheet_{key}", lang) for key in ("guide", *SHEETS, "lists")]
    assert book.sheetnames == titles
    assert [book[title].sheet_state for title in titles] == ["visible"] * 6 + ["hidden"]
    assert list(headings(lang)) == titles[1:-1]
    guide = [cell.value for row in book[titles[0]].iter_rows() for cell in row if cell.value]
    assert len(guide) > 15


def test_headings_map_back_to_the_contract(book: Workbook, lang: Lang) -> None:
    """Every heading on a sheet is in the map, and every column in the map is the contract's."""
    for title, (table, columns) in headings(lang).items():
        first = [cell.value for cell in book[title][1]]
        assert first == [mark_heading(lang), *columns]
        if table in SCHEMAS:
            assert set(columns.values()) <= set(SCHEMAS[table].names)
        assert len(set(columns.values())) == len(columns)
    tables = [table for table, _ in headings(lang).values()]
    assert tables == ["companies", "outputs", "links", "links", "wishes"]


def test_required_columns_are_marked(book: Workbook, lang: Lang) -> None:
    """With a sign in the heading, not only with a colour."""
    must = {
        column
        for _, columns in headings(lang).values()
        for heading, column in columns.items()
        if heading.endswith("*")
    }
    assert must >= {"name", "uscc", "region_code", "status", "product_id", "supplier_name"}
    title = say("template.sheet_company", lang)
    for cell in book[title][1][1:]:
        colour = "FFFBE3C8" if cell.value.endswith("*") else "FFDCE6F0"
        assert cell.fill.fgColor.rgb == colour


def test_every_heading_has_a_note(book: Workbook, lang: Lang) -> None:
    """It says how to fill in the column."""
    for title in headings(lang):
        for cell in book[title][1]:
            assert cell.comment is not None
            assert cell.comment.text in texts("template", lang).values()


def test_headings_and_examples_are_locked_and_the_rest_is_free(book: Workbook, lang: Lang) -> None:
    """On a protected sheet; below the lines as well."""
    for title in headings(lang):
        sheet = book[title]
        assert sheet.protection.sheet
        for row in (1, 2):
            assert all(cell.protection.locked for cell in sheet[row])
        assert all(not cell.protection.locked for cell in sheet[FILLED][1:])
    outputs = book[say("template.sheet_outputs", lang)]
    assert not outputs.column_dimensions["B"].protection.locked
    company = book[say("template.sheet_company", lang)]
    assert company.column_dimensions["B"].protection.locked
    assert company.max_row == FILLED


def test_the_example_row_is_marked(book: Workbook, lang: Lang) -> None:
    """In the first column, which is blank in the rows below."""
    for title in headings(lang):
        sheet = book[title]
        assert sheet["A2"].value in example_marks()
        assert all(sheet.cell(row, 1).value is None for row in range(3, sheet.max_row + 1))
        assert any(cell.value not in {None, sheet["A2"].value} for cell in sheet[2])


def test_no_cell_holds_a_formula(content: bytes, book: Workbook) -> None:
    """Nor a link, a macro, or anything from outside."""
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = parts.namelist()
        assert not any("vba" in name or "external" in name for name in names)
        for name in names:
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in parts.read(name)


def test_the_page_is_a4_landscape_with_frozen_headings(book: Workbook, lang: Lang) -> None:
    """So that a printed form can be read."""
    for title in headings(lang):
        sheet = book[title]
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.freeze_panes == "C3"
        assert sheet.print_title_rows == "$1:$1"


def test_products_can_be_chosen_and_are_read_back(
    book: Workbook, lang: Lang, shipped_chain: Chain
) -> None:
    """Every label leads to its product."""
    for key in ("outputs", "suppliers", "customers", "wishes"):
        title = say(f"template.sheet_{key}", lang)
        (rule,) = rules(book, title, "product_id", lang)
        labels = items(book, rule)
        names = product_names(shipped_chain.products)
        matches = [match_product(label, names) for label in labels]
        assert [found.product_id for found in matches] == list(shipped_chain.products["product_id"])
        assert {found.how for found in matches} == {"id"}


def test_regions_units_and_words_are_read_back(book: Workbook, lang: Lang) -> None:
    """What a list offers, the tables understand."""
    company = say("template.sheet_company", lang)
    regions = items(book, rules(book, company, "region_code", lang)[0])
    assert [region_code(text) for text in regions[:2]] == ["211382", "211300"]
    assert all(region_code(text) for text in regions)
    units = items(book, rules(book, say("template.sheet_outputs", lang), "unit", lang)[0])
    assert all(is_unit(unit) for unit in units)
    status = items(book, rules(book, company, "status", lang)[0])
    assert tuple(choice(COMPANIES.column("status"), word) for word in status) == STATUSES
    flags = items(book, rules(book, company, "is_anchor", lang)[0])
    assert [FLAGS[word] for word in flags] == [True, False]
    wishes = items(book, rules(book, say("template.sheet_wishes", lang), "kind", lang)[0])
    assert tuple(wish_words(lang)[word] for word in wishes) == WISH_KINDS


def test_the_units_of_the_products_can_be_chosen(
    book: Workbook, lang: Lang, shipped_chain: Chain
) -> None:
    """No product is without its own unit."""
    rule = rules(book, say("template.sheet_outputs", lang), "unit", lang)[0]
    offered = items(book, rule)
    for unit in shipped_chain.products["unit"].unique():
        word = texts("word", lang).get(f"unit_{unit}", unit) if lang == "zh" else unit
        assert word in offered


def test_codes_are_kept_as_text(book: Workbook, lang: Lang) -> None:
    """As a number, the last digits of an 18-digit code would become zeros."""
    for key, column in (("company", "uscc"), ("suppliers", "supplier_id")):
        title = say(f"template.sheet_{key}", lang)
        place = [*headings(lang)[title][1].values()].index(column) + 2
        assert book[title].cell(FILLED, place).number_format == "@"
        assert rules(book, title, column, lang)[0].type == "textLength"


def test_the_example_is_right(book: Workbook, lang: Lang) -> None:
    """Whoever copies it makes no mistake."""
    title = say("template.sheet_company", lang)
    cells = dict(
        zip(headings(lang)[title][1].values(), [c.value for c in book[title][2][1:]], strict=True)
    )
    assert uscc_problem(cells["uscc"]) is None
    assert region_code(cells["region_code"]) == "211382"
    assert sector_code(cells["sector_code"], {"炼钢": "3120"}).code == "3120"
    assert choice(COMPANIES.column("status"), cells["status"]) == "operating"


def test_the_same_products_give_the_same_bytes(shipped_chain: Chain) -> None:
    """No clock is read."""
    assert template(shipped_chain.products, "zh") == template(shipped_chain.products, "zh")


def test_a_chain_without_products_has_no_product_list() -> None:
    """The sheet can be filled in all the same."""
    products = pd.DataFrame(columns=["product_id", "name_zh", "name_en", "unit"])
    book = openpyxl.load_workbook(io.BytesIO(template(products, "zh")))
    assert rules(book, "主要产品", "product_id", "zh") == []


@pytest.mark.parametrize("lang", LANGS)
def test_texts_fit_into_excel(lang: Lang) -> None:
    """Sheet names up to 31 signs, messages up to 255, titles up to 32."""
    for key, text in texts("template", lang).items():
        if key.startswith("sheet_"):
            assert len(text) <= 31
        if key.startswith("error_"):
            assert len(text) <= (32 if key == "error_title" else 255)


def run_command(*arguments: str) -> object:
    """Run the command alone, as the program will."""
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, arguments)


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    """In the language and with the chain asked for."""
    file = tmp_path / "new" / "form.xlsx"
    result = run_command(str(file), "--lang", "en", "--chain", "steel")
    assert result.exit_code == 0, result.output  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[0] == "How to fill in"
    labels = items(book, rules(book, "Outputs", "product_id", "en")[0])
    assert any("[S_IRON]" in label for label in labels)
    assert not any("[A_NEVCAR]" in label for label in labels)


@pytest.mark.parametrize("name", ["form.xls", "form.csv", "form", "form.xlsx.txt"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written."""
    result = run_command(str(tmp_path / name))
    assert isinstance(result.exception, InputError)  # type: ignore[attr-defined]
    assert "*.xlsx" in result.exception.text("en")  # type: ignore[attr-defined]
    assert not list(tmp_path.iterdir())
