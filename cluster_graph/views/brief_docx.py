"""A brief as a Word document that the desk can edit: the same parts, drawn with tables."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cluster_graph.text import Lang, say

if TYPE_CHECKING:
    from cluster_graph.views.brief import Bar, Brief

_FONTS: Final = {"zh": "Microsoft YaHei", "en": "Calibri"}
_BAR: Final = 40  # cells that a bar is drawn with
_COLOURS: Final = {
    "strong": "E3F3EC",
    "weak": "FDF0D9",
    "broken": "FDE6E4",
    "missing": "ECEEF0",
    "planned": "EFE9FB",
}
# What XML cannot hold.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def brief_docx(found: Brief, lang: Lang) -> bytes:
    """
    A brief as a Word document.

    Parameters
    ----------
    found
        From `views.brief.brief`.
    lang
        `zh` or `en`.

    Returns
    -------
    content
        The file, one page of A4 for all but the longest lists.
    """
    document = Document()
    # Made anew from equal findings, the file is the same.
    document.core_properties.created = datetime(2000, 1, 1, tzinfo=UTC)
    document.core_properties.modified = datetime(2000, 1, 1, tzinfo=UTC)
    document.core_properties.author = "cluster-graph"
    document.core_properties.title = _clean(found.title)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(16)
    page.top_margin = page.bottom_margin = Mm(12)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONTS[lang], Pt(9)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONTS["zh"])
    style.paragraph_format.space_after = Pt(1)
    _heading(document, found.title, 15)
    document.add_paragraph(_clean(found.under))
    if found.bar is not None:
        _draw_bar(document, found.bar, lang)
    if found.inputs or found.users:
        _draw_near(document, found, lang)
    for title, lines in found.sections:
        _heading(document, title, 10.5)
        for line in lines:
            document.add_paragraph(_clean(line), style="List Bullet")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text)


def _heading(document: Any, text: str, size: float) -> None:  # noqa: ANN401  a document
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(4)
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(_clean(text))
    run.bold, run.font.size = True, Pt(size)


def _shade(cell: Any, colour: str) -> None:  # noqa: ANN401  a cell
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  python-docx has no shading


def _draw_bar(document: Any, bar: Bar, lang: Lang) -> None:  # noqa: ANN401  a document
    """Dark up to the low end, lighter to the high end, a mark at the smallest viable plant."""
    document.add_paragraph(_clean(bar.text))
    table = document.add_table(rows=1, cols=_BAR)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    mark = None if bar.smallest is None else min(int(bar.smallest * _BAR), _BAR - 1)
    for place, cell in enumerate(table.rows[0].cells):
        middle = (place + 0.5) / _BAR
        colour = "0B4F86" if middle <= bar.low else "7FA8CC" if middle <= bar.high else "EEF2F6"
        _shade(cell, "C46A00" if place == mark else colour)
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    document.add_paragraph(say("brief.bar_key", lang))


def _draw_near(document: Any, found: Brief, lang: Lang) -> None:  # noqa: ANN401  a document
    """Inputs, the product, its users, side by side."""
    height = max(len(found.inputs), len(found.users), 1)
    table = document.add_table(rows=height + 1, cols=3)
    table.style = "Table Grid"
    for place, key in enumerate(("inputs", "product", "users")):
        table.cell(0, place).text = say(f"brief.{key}", lang)
    for place, neighbours in ((0, found.inputs), (2, found.users)):
        for line, near in enumerate(neighbours, start=1):
            cell = table.cell(line, place)
            cell.text = _clean(say("brief.near", lang, name=near.name, state=near.word))
            if near.state in _COLOURS:
                _shade(cell, _COLOURS[near.state])
    middle = table.cell(1, 1)
    if height > 1:
        middle = middle.merge(table.cell(height, 1))
    middle.text = _clean(found.title)
