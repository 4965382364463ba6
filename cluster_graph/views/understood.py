"""What the reader made of each sheet: its table, its columns, the rows that are no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_graph.tables.merge import text_of
from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_text
from cluster_graph.views.terminal import print_cells
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from cluster_graph.tables.model import Tables
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


def print_named(tables: Tables, lang: Lang, *, console: Console) -> None:
    """
    Print which texts were taken for which product, and how surely.

    Parameters
    ----------
    tables
        Tables matched to a chain.
    lang
        `zh` or `en`.
    console
        Where to.
    """
    words = texts("understood", lang)
    rows = [
        [text, found.product_id or "", words[f"product_{found.how}"], f"{found.score:.0f}%"]
        for text, found in tables.named.items()
        if found.product_id
    ]
    if rows:
        headings = [words[key] for key in ("said", "product", "how", "likeness")]
        print_cells(words["products"], headings, rows, console=console)


def print_merged(tables: Tables, lang: Lang, *, console: Console) -> None:
    """
    Print which rows were one firm, what contradicted, and which pairs to look at.

    Parameters
    ----------
    tables
        Loaded tables.
    lang
        `zh` or `en`.
    console
        Where to.
    """
    merged = tables.merged
    if merged is None:
        return
    words = texts("understood", lang)
    lines = [text_of(found, lang) for found in merged.merges]
    pairs = [text_of(found, lang) for found in merged.review]
    for title, found in (("merges", lines), ("review", pairs)):
        if found:
            console.print(words[title], markup=False, highlight=False)
            for line in found:
                console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    rows = [
        [
            str(row["company_id"]),
            str(texts("column", lang).get(str(row["column"]), row["column"])),
            as_text(row["kept_value"]),
            as_text(row["other_value"]),
            say(f"merge.rule_{row['rule']}", lang),
        ]
        for row in as_dicts(merged.conflicts)
    ]
    if rows:
        headings = [words[key] for key in ("firm", "column", "kept", "other", "rule")]
        print_cells(words["conflicts"], headings, rows, console=console)
