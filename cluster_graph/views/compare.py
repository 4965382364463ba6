"""A comparison of two snapshots: sentences and tables for the screen, as Markdown, as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cluster_graph.gaps.compare_words import compare_sentences, row_sentence
from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_number, as_text, plain
from cluster_graph.text.numbers import digits
from cluster_graph.views.block import Block
from cluster_graph.views.changes import arrow, changes_block, page_markdown, print_page
from cluster_graph.views.findings import named
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from cluster_graph.gaps.compare import Comparison

_FRAMES = ("changes", "rows", "projects", "matched", "doubtful")
_REASONS = 5  # rows named in a cell before the rest is only counted


def compare_json(found: Comparison, lang: Lang) -> str:
    """
    A comparison for programs.

    Parameters
    ----------
    found
        From `gaps.compare.compare`.
    lang
        The language of `reasons`.

    Returns
    -------
    text
        An object with the frames of `Comparison` as lists of objects, and `reasons`; unknown
        is `null`, and `why` counts the objects of `rows` from 0.
    """
    parts: dict[str, Any] = {
        **{name: [plain(row) for row in as_dicts(getattr(found, name))] for name in _FRAMES},
        "reasons": compare_sentences(found, lang),
    }
    return json.dumps(parts, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def compare_markdown(found: Comparison, lang: Lang) -> str:
    """
    A comparison as Markdown.

    Parameters
    ----------
    found
        From `gaps.compare.compare`.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        The sentences and a table for each part.
    """
    title, sentences = say("compare.title", lang), compare_sentences(found, lang)
    return page_markdown(title, sentences, blocks(found, lang))


def print_compare(found: Comparison, lang: Lang, *, console: Console) -> None:
    """
    Print a comparison on the screen.

    Parameters
    ----------
    found
        From `gaps.compare.compare`.
    lang
        `zh` or `en`.
    console
        Where to.
    """
    title, sentences = say("compare.title", lang), compare_sentences(found, lang)
    print_page(title, sentences, blocks(found, lang), console=console)


def blocks(found: Comparison, lang: Lang) -> list[Block]:
    """
    The tables of a comparison, every cell text in a language.

    Parameters
    ----------
    found
        From `gaps.compare.compare`.
    lang
        `zh` or `en`.

    Returns
    -------
    blocks
        Gaps and figures with the rows behind them, rows, projects.
    """
    words = texts("compare", lang)
    rows = as_dicts(found.rows)
    told = [row_sentence(found, row, lang) for row in rows]
    whys = with_reasons(found, lang)["why"]
    table = changes_block(found.changes, found.balance_before, found.balance_after, lang)
    reasons = [listing(why, lang, most=_REASONS) for why in whys]
    return [
        replace(
            table,
            headings=[*table.headings, words["col_why"]],
            rows=[[*cells, why] for cells, why in zip(table.rows, reasons, strict=True)],
        ),
        Block(
            words["rows_table"],
            [words["col_table"], words["col_what"]],
            [
                [word("table", row["table"], lang), text]
                for row, text in zip(rows, told, strict=True)
            ],
        ),
        Block(
            words["projects_table"],
            [words[f"col_{name}"] for name in ("project", "township", "stage", "moved", "days")],
            [_project(row, lang) for row in as_dicts(found.projects)],
        ),
    ]


def with_reasons(found: Comparison, lang: Lang) -> pd.DataFrame:
    """
    The table of changes with the rows behind each in words.

    Parameters
    ----------
    found
        From `gaps.compare.compare`.
    lang
        `zh` or `en`.

    Returns
    -------
    changes
        Its `changes`, `why` being sentences.
    """
    told = [row_sentence(found, row, lang) for row in as_dicts(found.rows)]
    return found.changes.assign(why=found.changes["why"].map(lambda at: [told[row] for row in at]))


def _project(row: dict[str, Any], lang: Lang) -> list[str]:
    stages = [
        word("stage", stage, lang) if isinstance(stage := row[f"stage_{when}"], str) else "-"
        for when in ("before", "after")
    ]
    days = as_number(row["days"])
    return [
        named(row, lang),
        as_text(row["township"]),
        arrow(stages[0], stages[1], lang),
        texts("compare", lang)[f"moved_{row['moved']}"],
        "" if days is None else digits(days, 6),
    ]
