"""Changes between two balances as a table, and pages of several tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_number
from cluster_graph.views.block import Block
from cluster_graph.views.export import markdown
from cluster_graph.views.figures import amount
from cluster_graph.views.terminal import print_cells, print_lines
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from rich.console import Console

_SHOWN = ("demand", "supply", "shortage", "surplus", "self_sufficiency", "value")


def arrow(before: str, after: str, lang: Lang) -> str:
    """Two texts with an arrow between; one where both are the same."""
    return before if before == after else say("change.arrow", lang, before=before, after=after)


def changes_block(
    changes: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, lang: Lang
) -> Block:
    """
    The table of what changed.

    Parameters
    ----------
    changes
        From `gaps.changes.changes`.
    before, after
        The two balances; they say on what each figure rests.
    lang
        `zh` or `en`.

    Returns
    -------
    block
        One row a product, each cell before and after; a figure that nobody knows on either
        side is blank.
    """
    names = texts("column", lang)
    sides = [{row["product_id"]: row for row in as_dicts(balance)} for balance in (before, after)]
    rows = []
    for row in as_dicts(changes):
        was, now = (side[row["product_id"]] for side in sides)
        kinds = [texts("change", lang)[f"kind_{kind}"] for kind in _list(row["change"])]
        rows.append(
            [
                _name(row, lang),
                listing(kinds, lang),
                _words("state", was, now, lang),
                *(_figures(name, was, now, lang) for name in _SHOWN),
                _words("use_state", was, now, lang),
            ]
        )
    headings = [
        say("what_if.col_product", lang),
        say("change.col_change", lang),
        names["state"],
        *(names[name] for name in _SHOWN),
        names["use_state"],
    ]
    return Block(say("change.table", lang), headings, rows)


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _name(row: dict[str, Any], lang: Lang) -> str:
    return str(row[f"name_{lang}"] or row["name_zh"])


def _words(column: str, was: dict[str, Any], now: dict[str, Any], lang: Lang) -> str:
    found = [word(column, row[column], lang) if row[column] else "-" for row in (was, now)]
    return arrow(found[0], found[1], lang)


def _figures(column: str, was: dict[str, Any], now: dict[str, Any], lang: Lang) -> str:
    both = [as_number(row[column]) for row in (was, now)]
    if both == [None, None]:
        return ""
    # One range a row is enough to read; the sentences and the other formats have them all.
    span = column == "shortage"
    before, after = (amount(row, column, lang, span=span) for row in (was, now))
    # What it rests on may change beside a figure that stays; the newer word is the right one.
    return after if both[0] == both[1] else arrow(before, after, lang)


def page_markdown(title: str, lines: Sequence[str], blocks: Sequence[Block]) -> str:
    """
    A title, sentences and tables as Markdown.

    Parameters
    ----------
    title
        The heading.
    lines
        Sentences, one a list item.
    blocks
        Tables; one without rows is left out.

    Returns
    -------
    text
        With a line end at its end.
    """
    page = [f"# {title}", "", *(f"- {line}" for line in lines), ""]
    for block in blocks:
        if block.rows:
            page += [f"## {block.title}", "", markdown(block.headings, block.rows)]
    return "\n".join(page)


def print_page(
    title: str, lines: Sequence[str], blocks: Sequence[Block], *, console: Console
) -> None:
    """
    Print a title, sentences and tables.

    Parameters
    ----------
    title
        The first line.
    lines
        Sentences, one a line.
    blocks
        Tables; one without rows is left out.
    console
        Where to.
    """
    print_lines([title, *lines], console)
    for block in blocks:
        print_cells(block.title, block.headings, block.rows, console=console)
