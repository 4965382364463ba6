"""What the reader made of each sheet: its table, its columns, the rows that are no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_graph.text import Lang, say, texts
from cluster_graph.views.terminal import print_cells
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from cluster_graph.tables.take import Understood


def print_understood(sheets: Iterable[Understood], lang: Lang, *, console: Console) -> None:
    """
    Print what each sheet was taken for, column by column where it was not plain.

    Parameters
    ----------
    sheets
        Every sheet of the source.
    lang
        `zh` or `en`.
    console
        Where to.
    """
    for sheet in sheets:
        title, rows = _described(sheet, lang)
        console.print(title, markup=False, highlight=False, soft_wrap=True)
        if rows:
            names = [say(f"understood.{key}", lang) for key in ("heading", "column", "how", "unit")]
            print_cells("", names, rows, console=console)
        skipped = _skipped(sheet, lang)
        if skipped:
            console.print(skipped, markup=False, highlight=False, soft_wrap=True)


def _described(understood: Understood, lang: Lang) -> tuple[str, list[list[str]]]:
    sheet, found = understood.sheet, understood.recognised
    if found is None:
        return say(f"understood.left_{understood.reason}", lang, file=sheet.file), []
    tables = listing([word("table", table, lang) for table in found.tables], lang)
    if all(heading.how == "name" for heading in found.headings) and sheet.encoding in (
        "",
        "utf-8",
        "utf-8-sig",
    ):
        title = say(
            "understood.as_named",
            lang,
            file=sheet.file,
            tables=tables,
            row=found.row,
            count=len(found.headings),
        )
        return title, []
    encoding = (
        say("understood.encoding", lang, encoding=sheet.encoding.upper()) if sheet.encoding else ""
    )
    title = say(
        "understood.head", lang, file=sheet.file, tables=tables, row=found.row, encoding=encoding
    )
    words = texts("understood", lang)
    rows = []
    for heading in found.headings:
        columns = [name for table in found.tables if (name := found.column(table, heading))]
        how = words[f"how_{heading.how}"].format(score=f"{heading.score:.0f}")
        rows.append([heading.text, listing(dict.fromkeys(columns), lang), how, heading.unit])
    return title, rows


def _skipped(understood: Understood, lang: Lang) -> str:
    kinds = [
        say(
            f"understood.skipped_{kind}",
            lang,
            count=len(rows),
            rows=listing(map(str, rows), lang, most=8),
        )
        for kind, rows in understood.skipped.items()
    ]
    return say("understood.skipped", lang, kinds=listing(kinds, lang)) if kinds else ""
