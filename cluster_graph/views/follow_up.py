"""What a follow-up list changed, the funnel, and what does not move: screen, Markdown, JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.targets.funnel import STEPS
from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_number, known, plain
from cluster_graph.text.numbers import digits, percent
from cluster_graph.views.block import Block
from cluster_graph.views.changes import page_markdown, print_page
from cluster_graph.views.columns import heading
from cluster_graph.views.words import word

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from cluster_graph.chain.model import Chain
    from cluster_graph.targets.follow_up import Followed

# What loading adds to a row: where it stood.
_OURS: Final = ("file", "row")


class FollowUpPage:
    """
    One follow-up in one language.

    Parameters
    ----------
    found
        From `targets.follow_up.follow_up`.
    chain
        For names.
    lang
        `zh` or `en`.
    """

    def __init__(self, found: Followed, chain: Chain, lang: Lang) -> None:
        self._found = found
        self._chain = chain
        self._lang: Lang = lang
        self._words = texts("follow_up", lang)

    def json(self) -> str:
        """Return an object with changes, funnel, total, stalled and problems, for programs."""
        found = self._found
        frames = {
            "changes": found.read.changes,
            "total": found.total,
            "funnel": found.funnel,
            "stalled": found.stalled,
        }
        parts: dict[str, Any] = {
            name: [plain(row) for row in as_dicts(frame)] for name, frame in frames.items()
        }
        parts["problems"] = [problem.text(self._lang) for problem in found.read.problems]
        return json.dumps(parts, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def markdown(self) -> str:
        """Return the follow-up as Markdown."""
        return page_markdown(self._words["title"], self.sentences(), self.blocks())

    def print(self, console: Console) -> None:
        """Print the follow-up on the screen."""
        print_page(self._words["title"], self.sentences(), self.blocks(), console=console)

    def sentences(self) -> list[str]:
        """Return how much changed, how far projects got, and how many do not move."""
        found = self._found
        total: dict[str, Any] = as_dicts(found.total)[0] if len(found.total) else {}
        lines = [self._say("changed", count=len(found.read.changes))]
        if total:
            lines.append(self._say("reached", **{step: total[step] for step in STEPS}))
        lines.append(self._say("stalled", count=len(found.stalled)))
        return lines

    def blocks(self) -> list[Block]:
        """Return the tables: changes, the funnel, projects that do not move."""
        found = self._found
        by = self._words[f"by_{found.by}"]
        steps = [self._words[f"step_{step}"] for step in STEPS]
        shares = [self._words[f"to_{step}"] for step in list(STEPS)[1:]]
        funnel: list[dict[str, Any]] = as_dicts(found.funnel)
        total: list[dict[str, Any]] = as_dicts(found.total)
        return [
            self._block("changes", as_dicts(found.read.changes), self._change),
            Block(
                self._words["table_funnel"],
                [by, *steps, *shares, self._words["no_stage"]],
                [
                    *([self._group(row["group"]), *self._counts(row)] for row in funnel),
                    *([self._words["all"], *self._counts(row)] for row in total),
                ],
            ),
            self._block("stalled", as_dicts(found.stalled), self._stalled),
        ]

    def _block(self, name: str, rows: list[dict[str, Any]], write: Any) -> Block:  # noqa: ANN401
        columns = self._words[f"columns_{name}"].split("|")
        return Block(self._words[f"table_{name}"], columns, [write(row) for row in rows])

    def _change(self, row: dict[str, Any]) -> list[str]:
        column = row["column"]
        before, after = (self._cell(column, row[side]) for side in ("before", "after"))
        return [row["project_id"], row["name"], self._column(column), before, after]

    def _column(self, column: str) -> str:
        return self._words["new"] if column == "project" else heading(column, self._lang)

    def _cell(self, column: str, value: object) -> str:
        if column == "stage" and value:
            return word("stage", value, self._lang)
        if isinstance(value, bool):
            return texts("word", self._lang)["yes" if value else "no"]
        if isinstance(value, float):
            return digits(value)
        return "" if value is None else str(value)

    def _group(self, group: str) -> str:
        if self._found.by == "chain":
            return word("chain", group, self._lang) if group else self._words["outside"]
        return group or texts("word", self._lang)["unknown"]

    def _counts(self, row: dict[str, Any]) -> list[str]:
        shares = [
            percent(row[f"to_{step}"], self._lang) if known(row[f"to_{step}"]) else ""
            for step in list(STEPS)[1:]
        ]
        return [*(str(row[step]) for step in STEPS), *shares, str(row["no_stage"])]

    def _stalled(self, row: dict[str, Any]) -> list[str]:
        return [
            row["project_id"],
            (row["name_en"] if self._lang == "en" else "") or row["name"],
            word("stage", row["stage"], self._lang),
            row["date"],
            _figure(row["days"]),
            row["deadline"],
            _figure(row["days_over"]),
            row["responsible"],
        ]

    def _say(self, key: str, **values: object) -> str:
        return say(f"follow_up.{key}", self._lang, **values)


def projects_csv(projects: pd.DataFrame) -> str:
    """
    The projects as a table that loads again as it is.

    Parameters
    ----------
    projects
        A projects table.

    Returns
    -------
    text
        CSV with the contract's column names, unknown blank, columns without a cell left out.
    """
    rows: list[dict[str, Any]] = [
        {name: plain(value) for name, value in row.items()} for row in as_dicts(projects)
    ]
    used = [
        str(name)
        for name in projects
        if name not in _OURS and any(row[str(name)] not in (None, "") for row in rows)
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(used)
    for row in rows:
        writer.writerow([_csv(row[name]) for name in used])
    return out.getvalue()


def _figure(value: object) -> str:
    number = as_number(value)
    return "" if number is None else digits(number)


def _csv(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value
