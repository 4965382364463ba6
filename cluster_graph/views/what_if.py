"""A scenario before and after: sentences and tables for the screen, as Markdown, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, plain
from cluster_graph.text.numbers import digits, estimate, money, percent, quantity
from cluster_graph.views.block import Block
from cluster_graph.views.changes import arrow, changes_block, page_markdown, print_page
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from cluster_graph.targets.what_if import WhatIf

_FRAMES = ("changes", "needs", "by_products", "content", "output", "chances", "expected")


def what_if_json(found: WhatIf, sentences: Sequence[str]) -> str:
    """
    A scenario for programs.

    Parameters
    ----------
    found
        From `targets.what_if.what_if`.
    sentences
        The same in words.

    Returns
    -------
    text
        An object with `steps`, the frames of `WhatIf` as lists of objects, and `reasons`;
        unknown is `null`. In `output` the row of all chains has `chain` "".
    """
    parts: dict[str, Any] = {
        "steps": [plain(asdict(step)) for step in found.scenario.steps],
        **{name: [plain(row) for row in as_dicts(getattr(found, name))] for name in _FRAMES},
        "reasons": list(sentences),
    }
    return json.dumps(parts, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def what_if_markdown(found: WhatIf, sentences: Sequence[str], lang: Lang) -> str:
    """
    A scenario as Markdown.

    Parameters
    ----------
    found
        From `targets.what_if.what_if`.
    sentences
        The same in words.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        The sentences and a table for each part.
    """
    return page_markdown(say("what_if.title", lang), sentences, blocks(found, lang))


def print_what_if(found: WhatIf, sentences: Sequence[str], lang: Lang, *, console: Console) -> None:
    """
    Print a scenario on the screen.

    Parameters
    ----------
    found
        From `targets.what_if.what_if`.
    sentences
        The same in words.
    lang
        `zh` or `en`.
    console
        Where to.
    """
    print_page(say("what_if.title", lang), sentences, blocks(found, lang), console=console)


def blocks(found: WhatIf, lang: Lang) -> list[Block]:
    """
    The tables of a scenario, every cell text in a language.

    Parameters
    ----------
    found
        From `targets.what_if.what_if`.
    lang
        `zh` or `en`.

    Returns
    -------
    blocks
        Changes, inputs and by-products of the newcomers, local content, output value, the
        probabilities of the pipeline and what it may be expected to add.
    """
    writer = _Writer(found, lang)
    return [
        changes_block(found.changes, found.balance_before, found.balance_after, lang),
        writer.block(
            "needs", ("product", "for", "need", "gap"), as_dicts(found.needs), writer.need
        ),
        writer.block(
            "by_products",
            ("product", "from", "amount", "here", "missing"),
            as_dicts(found.by_products),
            writer.by_product,
        ),
        writer.block(
            "content", ("chain", "direct", "deep"), as_dicts(found.content), writer.content
        ),
        writer.block(
            "output",
            ("chain", "gross", "net", "ten", "hundred", "unpriced", "unsized"),
            as_dicts(found.output),
            writer.output,
        ),
        writer.block(
            "chances",
            ("stage", "projects", "probability", "basis"),
            as_dicts(found.chances),
            writer.chance,
        ),
        writer.block(
            "expected",
            ("product", "projects", "planned", "expected", "left_out"),
            as_dicts(found.expected),
            writer.expected,
        ),
    ]


class _Writer:
    """Writes the rows of one scenario in one language."""

    def __init__(self, found: WhatIf, lang: Lang) -> None:
        self._chain = found.before.chain
        self._lang = lang
        self._words = texts("what_if", lang)

    def block(self, name: str, columns: Sequence[str], rows: Any, write: Any) -> Block:  # noqa: ANN401  rows and their writer
        """One table."""
        headings = [self._words[f"col_{column}"] for column in columns]
        return Block(self._words[f"{name}_table"], headings, [write(row) for row in rows])

    def need(self, row: dict[str, Any]) -> list[str]:
        """An input that a newcomer takes."""
        return [
            self._name(row["product_id"]),
            self._name(row["for_product"]),
            self._estimate(row, "need"),
            texts("word", self._lang)["yes" if row["is_gap"] else "no"],
        ]

    def by_product(self, row: dict[str, Any]) -> list[str]:
        """What falls beside, and its users."""
        return [
            self._name(row["product_id"]),
            self._name(row["from_product"]),
            self._estimate(row, "amount"),
            self._names(row["users_here"]),
            self._names(row["users_missing"]),
        ]

    def content(self, row: dict[str, Any]) -> list[str]:
        """Local content of a chain."""
        return [
            word("chain", row["chain"], self._lang),
            self._share(row, "direct"),
            self._share(row, "recursive"),
        ]

    def output(self, row: dict[str, Any]) -> list[str]:
        """Output value of a chain, beside the goals of a cluster."""
        lang = self._lang
        name = word("chain", row["chain"], lang) if row["chain"] else self._words["all_chains"]
        gross, leaving = (
            arrow(money(row[f"{part}_before"], lang), money(row[f"{part}_after"], lang), lang)
            for part in ("gross", "leaving")
        )
        goals = [
            arrow(percent(row[f"{goal}_before"], lang), percent(row[f"{goal}_after"], lang), lang)
            for goal in ("ten_billion", "hundred_billion")
        ]
        return [name, gross, leaving, *goals, str(row["unpriced"]), str(row["unsized"])]

    def chance(self, row: dict[str, Any]) -> list[str]:
        """Probability of a stage, and on what it rests."""
        from cluster_graph.targets.pipeline import ENOUGH  # noqa: PLC0415  pandas is heavy

        basis = self._words[f"basis_{row['basis']}"].format(
            reached=row["reached"], running=row["running"], enough=ENOUGH
        )
        stage = word("stage", row["stage"], self._lang)
        return [stage, str(row["projects"]), percent(row["probability"], self._lang), basis]

    def expected(self, row: dict[str, Any]) -> list[str]:
        """What the projects of a product may be expected to add."""
        unit = self._chain.products["unit"][row["product_id"]]
        return [
            self._name(row["product_id"]),
            digits(row["projects"]),
            quantity(row["planned_supply"], unit, self._lang),
            quantity(row["expected_supply"], unit, self._lang),
            digits(row["left_out"]),
        ]

    def _name(self, product: str) -> str:
        return self._chain.name(product, self._lang)

    def _names(self, products: list[str]) -> str:
        return listing([self._name(product) for product in products], self._lang)

    def _estimate(self, row: dict[str, Any], name: str) -> str:
        unit = self._chain.products["unit"][row["product_id"]]
        return estimate(row[name], row[f"{name}_low"], row[f"{name}_high"], unit, self._lang)

    def _share(self, row: dict[str, Any], name: str) -> str:
        before, after = (percent(row[f"{name}_{when}"], self._lang) for when in ("before", "after"))
        return arrow(before, after, self._lang)
