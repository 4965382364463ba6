"""Tables on the screen: Chinese and figures aligned, ids whole, any code page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_names, as_text
from cluster_graph.views import report_sections as sections
from cluster_graph.views.columns import NUMBERS, cell_text, heading
from cluster_graph.views.details import Index, feeds
from cluster_graph.views.export import frame_text, frame_xlsx
from cluster_graph.views.figures import amount, headroom, scale
from cluster_graph.views.findings import named
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from cluster_graph.views.findings import Findings

__all__ = [
    "frame_text",
    "frame_xlsx",
    "print_cells",
    "print_lines",
    "print_table",
    "shown",
    "summary",
]

_IDS: Final = ("_id", "uscc", "region_code", "sector_code")
_SCREEN: Final[dict[str, tuple[str, ...]]] = {
    "gaps": (
        "direction",
        "product_id",
        "name",
        "state",
        "shortage",
        "headroom",
        "readiness",
        "value",
        "recruit_gate",
        "evidence",
    ),
    "total": (
        "direction",
        "product_id",
        "name",
        "state",
        "shortage",
        "total_demand",
        "total_shortage",
        "headroom",
        "value",
        "recruit_gate",
        "evidence",
    ),
    "targets": (
        "rank",
        "product_id",
        "name",
        "direction",
        "score",
        "coverage",
        "gate",
        "scale",
        "reasons",
    ),
}
_ID_MOST: Final = 40  # longer ids are folded, not cut
_WORD_MOST: Final = 12  # longer words may be broken to fit
_LEAST: Final = 4
_BETWEEN: Final = 3  # blanks and the line between two columns


def print_table(
    frame: pd.DataFrame, columns: Sequence[str], lang: Lang, *, console: Console
) -> None:
    """
    Print some columns of a frame.

    Parameters
    ----------
    frame
        Any frame with the contract's columns.
    columns
        Which of them, from left to right; those that the frame lacks are left out.
    lang
        Language of headings, words and units.
    console
        Where to. One that is no terminal gets lines as long as they need be.
    """
    names = [name for name in columns if name in frame.columns]
    rows = [[cell_text(name, row, lang) for name in names] for row in as_dicts(frame)]
    table = _table(
        [heading(name, lang) for name in names],
        rows,
        console=console,
        right=[name in NUMBERS for name in names],
        whole=[name.endswith(_IDS) for name in names],
    )
    _print(table, console)


def shown(
    frame: pd.DataFrame,
    kind: Literal["gaps", "total", "targets"],
    lang: Lang,
    balance: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    The columns of a long table that fit on a screen, every cell already text.

    Parameters
    ----------
    frame
        Gaps or targets, with the contract's columns.
    kind
        Which of the two; `total` shows what the whole chain needs beside each gap.
    lang
        Language of names, words and units.
    balance
        The balance behind them: it says on what the surplus behind a headroom, and the
        demand behind a scale ratio, rest.

    Returns
    -------
    table
        The same rows; figures carry their unit and interval, columns that would be empty
        are left out.
    """
    import pandas as pd  # noqa: PLC0415 (heavy)

    sources = {} if balance is None else {as_text(r["product_id"]): r for r in as_dicts(balance)}
    rows = []
    for row in as_dicts(frame):
        cells = {name: cell_text(name, row, lang) for name in _SCREEN[kind] if name in row}
        cells["name"] = named(row, lang)
        if kind != "targets":
            cells["shortage"] = amount(row, "shortage", lang)
            cells["headroom"] = headroom(row, lang, feeds(row, sources))
            if row.get("direction") == "upstream":
                cells.update(dict.fromkeys(("headroom", "readiness"), ""))
        else:
            source = sources.get(as_text(row.get("product_id")), row)
            cells["scale"] = scale(row.get("scale"), source, row, lang, feeds(row, sources))
            cells["reasons"] = next(iter(as_names(row.get("reasons"))), "")
        rows.append(cells)
    unknown = texts("word", lang)["unknown"]
    table = pd.DataFrame(rows, columns=[*_SCREEN[kind]])
    full = [name for name in table if not table[name].isin(["", unknown]).all()]
    return table[full] if len(table) else table


def summary(findings: Findings, lang: Lang, console: Console, *, top: int = 10) -> None:
    """
    Print what matters most: headline figures, the first gaps, the first targets.

    Parameters
    ----------
    findings
        What to show.
    lang
        Language of the text.
    console
        Where to.
    top
        How many rows of each list.
    """
    index = Index(findings)
    chains = listing([word("chain", chain, lang) for chain in findings.chains], lang)
    title = say("view.summary_title", lang, region=findings.region_name, chains=chains)
    console.print(_fitting(title, console), markup=False, highlight=False, soft_wrap=True)
    if findings.anchor:
        name = findings.company_name(findings.anchor, lang)
        for line in (say("view.report_anchor", lang, name=name), say("view.anchor_note", lang)):
            console.print(_fitting(line, console), markup=False, highlight=False, soft_wrap=True)
    cards = [[card["label"], card["figure"]] for card in sections.headline(findings, lang)]
    _print(
        _table(["", say("view.headline_table", lang)], cards, console, right=[False, True]), console
    )
    names = texts("column", lang)
    upstream = [row for row in sections.upstream(index, lang) if row["group"] != "nature"][:top]
    print_cells(
        say("view.summary_upstream", lang, count=len(upstream)),
        [
            say("view.col_product", lang),
            names["state"],
            names["shortage"],
            names["recruit_gate"],
            names["users"],
        ],
        [
            [row["name"], row["state"], row["shortage"], row["gate"], row["users"]]
            for row in upstream
        ],
        console=console,
        right=[False, False, True, False, False],
    )
    downstream = sections.downstream(index, lang)[:top]
    print_cells(
        say("view.summary_downstream", lang, count=len(downstream)),
        [
            say("view.col_product", lang),
            names["state"],
            names["fed_by"],
            names["headroom"],
            names["readiness"],
        ],
        [
            [row["name"], row["state"], row["fed_by"], row["headroom"], row["readiness"]]
            for row in downstream
        ],
        console=console,
        right=[False, False, False, True, True],
    )
    targets = [row for row in sections.targets(index, lang) if row["listed"] == "recruit"][:top]
    print_cells(
        say("view.summary_targets", lang, count=len(targets)),
        [
            names["rank"],
            say("view.col_product", lang),
            names["chain"],
            names["direction"],
            names["score"],
            names["gate"],
        ],
        [
            [row["rank"], row["name"], row["chain"], row["direction"], row["score"], row["gate"]]
            for row in targets
        ],
        console=console,
        right=[True, False, False, False, True, False],
    )


def print_lines(lines: Sequence[str], console: Console) -> None:
    """Print lines of text, no sign in them taken for markup."""
    for line in lines:
        console.print(_fitting(line, console), markup=False, highlight=False, soft_wrap=True)


def print_cells(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    console: Console,
    right: Sequence[bool] = (),
) -> None:
    """
    Print a title and a table of text cells; nothing where there are no rows.

    Parameters
    ----------
    title
        What the table shows.
    headings
        What stands above the columns.
    rows
        The cells, row by row; no sign in them is taken for markup.
    console
        Where to.
    right
        For each column whether it is aligned to the right; none of them unless told.
    """
    if not rows:
        return
    console.print()
    console.print(_fitting(title, console), markup=False, highlight=False, soft_wrap=True)
    sides = right or [False] * len(headings)
    _print(_table(headings, rows, console, right=sides), console)


def _table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    console: Console,
    *,
    right: Sequence[bool],
    whole: Sequence[bool] = (),
) -> Table:
    """Rich's table; every cell is text, never markup."""
    from rich import box  # noqa: PLC0415 (only where a table is printed)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    plain_box = not _is_unicode(console)
    table = Table(box=box.ASCII if plain_box else box.SIMPLE_HEAD, safe_box=plain_box)
    cells_of = [
        [_fitting(name, console), *(_fitting(row[place], console) for row in rows)]
        for place, name in enumerate(headings)
    ]
    kept = whole or [False] * len(headings)
    widths = _widths(cells_of, kept, console.width) if console.is_terminal else []
    for place, cells in enumerate(cells_of):
        table.add_column(
            Text(cells[0]),
            justify="right" if right[place] else "left",
            overflow="fold",
            width=widths[place] if widths else None,
            min_width=_id_width(cells) if kept[place] else None,
        )
    for row in rows:
        table.add_row(*[Text(_fitting(cell, console)) for cell in row])
    return table


def _widths(columns: Sequence[Sequence[str]], whole: Sequence[bool], width: int) -> list[int]:
    """
    Widths of columns on a screen: ids whole, words whole where they fit, the rest shared.

    The narrowest wishes are granted first, so that a long text takes what is left. Nothing
    where not even the ids fit: then the table is wider than it should be in any case.
    """
    from rich.cells import cell_len  # noqa: PLC0415 (only where a table is printed)

    room = width - _BETWEEN * len(columns) - 1
    wanted = [max(cell_len(cell) for cell in cells) for cells in columns]
    least = [
        _id_width(cells) if kept else min(wish, _LEAST)
        for wish, cells, kept in zip(wanted, columns, whole, strict=True)
    ]
    words = [
        max([low, *(_longest_word(cell) for cell in cells)])
        for low, cells in zip(least, columns, strict=True)
    ]
    widths = words if sum(words) <= room else least
    spare = room - sum(widths)
    if spare < 0:
        return []
    wishes = sorted(range(len(columns)), key=lambda place: wanted[place] - widths[place])
    for count, place in enumerate(wishes):
        more = min(max(0, wanted[place] - widths[place]), spare // (len(columns) - count))
        widths[place] += more
        spare -= more
    return widths


def _id_width(cells: Sequence[str]) -> int:
    """Width of the longest id below a heading."""
    from rich.cells import cell_len  # noqa: PLC0415 (only where a table is printed)

    return max([min(cell_len(cell), _ID_MOST) for cell in cells[1:]], default=1)


def _longest_word(text: str) -> int:
    """Width of the longest word that blanks bound; Chinese may break anywhere."""
    return max([min(len(word), _WORD_MOST) for word in text.split() if word.isascii()], default=1)


def _print(table: Table, console: Console) -> None:
    """Print a table; into a pipe as wide as it wants to be."""
    if console.is_terminal:
        console.print(table)
        return
    options: Any = console.options.update(max_width=100_000)
    wanted = table.__rich_measure__(console, options).maximum
    console.print(table, width=max(wanted, 1), crop=False, no_wrap=True, overflow="ignore")


def _is_unicode(console: Console) -> bool:
    """Whether the console takes every sign."""
    return console.encoding.lower().replace("-", "").replace("_", "").startswith("utf")


def _fitting(text: str, console: Console) -> str:
    """The text in signs that the console has; line ends and control signs as blanks."""
    clean = "".join(" " if sign < " " or sign == "\x7f" else sign for sign in text)
    if _is_unicode(console):
        return clean.encode("utf-8", "replace").decode("utf-8")
    return clean.encode(console.encoding, "replace").decode(console.encoding)
