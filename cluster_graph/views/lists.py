"""What the sheets of the recruiters' workbook share: columns by key, names, links, words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_number, as_text, known
from cluster_graph.views.details import Index, company_names, product_names
from cluster_graph.views.sheets import Column, Link
from cluster_graph.views.words import state_words, word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cluster_graph.views.findings import Findings

Row = list[object]
TEN_THOUSAND: Final = 10_000
_SHOWN: Final = 8  # names in one cell before the rest is only counted


def columns(lang: Lang, *specs: str) -> list[Column]:
    """
    Columns by the keys of their headings.

    Parameters
    ----------
    lang
        `zh` or `en`.
    specs
        Keys of headings; `view.` marks a text of the views. Signs before a key: `#` figures,
        `+` figures with a sum below, `|` figures with a bar, `!` states.

    Returns
    -------
    columns
        In the same order.
    """
    found = []
    for spec in specs:
        key = spec.lstrip("#+|!")
        signs = spec[: len(spec) - len(key)]
        found.append(
            Column(
                say(key, lang) if key.startswith("view.") else texts("column", lang)[key],
                "number" if set(signs) & set("#+|") else "text",
                words=state_words(lang) if "!" in signs else {},
                total="+" in signs,
                bar="|" in signs,
            )
        )
    return found


@dataclass(frozen=True)
class Desk:
    """
    The findings as the sheets need them: names, words and where each thing stands.

    Parameters
    ----------
    index
        The findings by product.
    lang
        `zh` or `en`.
    """

    index: Index
    lang: Lang

    @property
    def findings(self) -> Findings:
        """The findings."""
        return self.index.findings

    @cached_property
    def links_sheet(self) -> str:
        """Title of the sheet of the chain."""
        return say("view.sheet_links", self.lang)

    @cached_property
    def gaps_sheet(self) -> str:
        """Title of the sheet of gaps."""
        return say("view.sheet_gaps", self.lang)

    @cached_property
    def companies_sheet(self) -> str:
        """Title of the sheet of companies."""
        return say("view.sheet_companies", self.lang)

    @cached_property
    def prospects_sheet(self) -> str:
        """Title of the sheet of prospects."""
        return say("view.sheet_prospects", self.lang)

    @cached_property
    def link_rows(self) -> dict[str, int]:
        """Product -> its row in the sheet of the chain."""
        return {name: row for row, name in enumerate(self.index.balance)}

    @cached_property
    def gap_rows(self) -> dict[str, int]:
        """Product -> its first row in the sheet of gaps."""
        rows: dict[str, int] = {}
        for row, name in enumerate([*self.index.upstream, *self.index.downstream]):
            rows.setdefault(name, row)
        return rows

    @cached_property
    def company_rows(self) -> dict[str, int]:
        """Company -> its row in the sheet of companies."""
        local = as_dicts(self.findings.local_companies)
        return {as_text(row.get("company_id")): number for number, row in enumerate(local)}

    def product(self, product_id: str, name: str) -> object:
        """Return a product's name as a link to the chain, where it stands there."""
        row = self.link_rows.get(product_id)
        return name if row is None else Link(name, self.links_sheet, row)

    def gap(self, ids: Sequence[str]) -> object:
        """Return names of products as a link to the first gap among them."""
        names = self.products(ids)
        row = next((self.gap_rows[name] for name in ids if name in self.gap_rows), None)
        return names if row is None or names is None else Link(names, self.gaps_sheet, row)

    def local(self, ids: Sequence[str]) -> object:
        """Return names of companies as a link to the first local one among them."""
        names = self.companies(ids)
        row = next((self.company_rows[name] for name in ids if name in self.company_rows), None)
        return names if row is None or names is None else Link(names, self.companies_sheet, row)

    def products(self, ids: Sequence[str]) -> str | None:
        """Return names of products, or a blank."""
        return product_names(self.index, list(ids), self.lang, most=_SHOWN) if ids else None

    def companies(self, ids: Sequence[str]) -> str | None:
        """Return names of companies, or a blank."""
        return company_names(self.index, list(ids), self.lang, most=_SHOWN) if ids else None

    def word(self, kind: str, value: object) -> str | None:
        """Return the word for a value, or a blank where there is none."""
        return word(kind, value, self.lang) if known(value) else None

    def yes_no(self, value: object) -> str | None:
        """Return yes, no, or a blank where it is unknown."""
        if not known(value):
            return None
        return texts("word", self.lang)["yes" if is_true(value) else "no"]


def scaled(value: object, factor: float) -> float | None:
    """Return a figure in the heading's unit."""
    number = as_number(value)
    return None if number is None else round(number * factor, 4)


def is_true(value: object) -> bool:
    """Say whether a cell says yes."""
    return known(value) and str(value).lower() in {"true", "1", "1.0", "yes"}


def text_of(row: Mapping[str, object], name: str) -> str | None:
    """Return a text of a row, or a blank."""
    return as_text(row.get(name)) or None
