"""An explanation as tables for the screen, as Markdown, or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.gaps.explain_company import CompanyExplanation
from cluster_graph.gaps.reach import COUNTRY
from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_number, plain
from cluster_graph.text.numbers import digits, interval, money, percent, price, quantity, ratio
from cluster_graph.text.regions import region_name
from cluster_graph.views.block import Block
from cluster_graph.views.company_explanation import (
    company_blocks,
    company_json,
    company_title,
)
from cluster_graph.views.export import markdown
from cluster_graph.views.figures import amount, share_range
from cluster_graph.views.terminal import print_cells
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from rich.console import Console

    from cluster_graph.cluster.model import Cluster
    from cluster_graph.gaps.explain import Explanation

_WAN: Final = 1e4  # yuan
_ALWAYS: Final = ("figures", "demand", "supply", "inputs")
_QUANTITIES: Final = (
    "demand",
    "total_demand",
    "supply",
    "planned_supply",
    "shortage",
    "surplus",
    "local_purchases",
    "outside_purchases",
    "latent_match",
)


def explanation_json(explanation: Explanation | CompanyExplanation) -> str:
    """
    An explanation for programs.

    Parameters
    ----------
    explanation
        From `gaps.explain.explain` or `gaps.explain_company`.

    Returns
    -------
    text
        An object with `figures`, `demand`, `supply`, `inputs`, `likely`, `levers`, `content`,
        `links`, `reach`, `wishes`; unknown is `null`.
    """
    if isinstance(explanation, CompanyExplanation):
        return company_json(explanation)
    parts = {
        "figures": plain(explanation.figures),
        "demand": [plain(row) for row in as_dicts(explanation.demand)],
        "supply": [plain(row) for row in as_dicts(explanation.supply)],
        "inputs": [plain(row) for row in as_dicts(explanation.inputs)],
        "likely": plain(explanation.likely),
        "levers": [plain(row) for row in as_dicts(explanation.levers)],
        "content": plain(explanation.content),
        "links": [plain(row) for row in as_dicts(explanation.links)],
        "reach": [plain(row) for row in as_dicts(explanation.reach)],
        "wishes": [plain(row) for row in as_dicts(explanation.wishes)],
    }
    return json.dumps(parts, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def explanation_markdown(
    explanation: Explanation | CompanyExplanation, cluster: Cluster, lang: Lang
) -> str:
    """
    An explanation as Markdown.

    Parameters
    ----------
    explanation
        From `gaps.explain.explain` or `gaps.explain_company`.
    cluster
        The cluster it explains, for names.
    lang
        `zh` or `en`.

    Returns
    -------
    text
        A heading and a table for each part.
    """
    lines = [f"# {_title(explanation, lang)}", ""]
    for block in blocks(explanation, cluster, lang):
        lines += [f"## {block.title}", "", markdown(block.headings, block.rows)]
    return "\n".join(lines)


def print_explanation(
    explanation: Explanation | CompanyExplanation, cluster: Cluster, lang: Lang, *, console: Console
) -> None:
    """
    Print an explanation on the screen.

    Parameters
    ----------
    explanation
        From `gaps.explain.explain` or `gaps.explain_company`.
    cluster
        The cluster it explains, for names.
    lang
        `zh` or `en`.
    console
        Where to.
    """
    console.print(_title(explanation, lang), markup=False, highlight=False, soft_wrap=True)
    for block in blocks(explanation, cluster, lang):
        print_cells(block.title, block.headings, block.rows, console=console)


def _title(explanation: Explanation | CompanyExplanation, lang: Lang) -> str:
    if isinstance(explanation, CompanyExplanation):
        return company_title(explanation, lang)
    figures = explanation.figures
    name = figures[f"name_{lang}"] or figures["name_zh"]
    return say("explanation.title", lang, name=name, product_id=figures["product_id"])


def blocks(
    explanation: Explanation | CompanyExplanation, cluster: Cluster, lang: Lang
) -> list[Block]:
    """
    The tables of an explanation, every cell text in a language.

    Parameters
    ----------
    explanation
        From `gaps.explain.explain` or `gaps.explain_company`.
    cluster
        The cluster it explains, for names.
    lang
        `zh` or `en`.

    Returns
    -------
    blocks
        Figures, demand, supply, inputs; then, if there are any, likely ranges, levers, local
        content, links, the wider regions and wishes. Of a company what it makes, needs,
        trades and risks.
    """
    if isinstance(explanation, CompanyExplanation):
        return company_blocks(explanation, cluster, lang)
    words = texts("explanation", lang)
    writer = _Writer(explanation, cluster, lang)
    columns = {
        "figures": ["figure", "amount", "how"],
        "demand": [
            f"col_{name}"
            for name in (
                "user",
                "companies",
                "coefficient",
                "activity",
                "basis",
                "amount",
                "essential",
                "evidence",
                "source",
            )
        ],
        "supply": [
            f"col_{name}" for name in ("companies", "role", "basis", "amount", "evidence", "source")
        ],
        "inputs": [
            f"col_{name}"
            for name in ("input", "coefficient", "essential", "share", "evidence", "source")
        ],
        "likely": ["figure", "amount", "how"],
        "levers": [f"col_{name}" for name in ("lever", "range", "answer", "companies", "evidence")],
        "content": ["figure", "amount", "how"],
        "links": [
            f"col_{name}"
            for name in ("supplier", "customer", "amount", "value", "rows", "evidence", "source")
        ],
        "reach": [
            f"col_{name}" for name in ("radius", "firms", "demand", "supply", "shortage", "plants")
        ],
        "wishes": [f"col_{name}" for name in ("companies", "kind", "content", "amount", "date")],
    }
    rows = {
        "figures": writer.figures(),
        "demand": [writer.demand(row) for row in as_dicts(explanation.demand)],
        "supply": [writer.supply(row) for row in as_dicts(explanation.supply)],
        "inputs": [writer.input(row) for row in as_dicts(explanation.inputs)],
        "likely": writer.likely(),
        "levers": [writer.lever(row) for row in as_dicts(explanation.levers)],
        "content": writer.content(),
        "links": [writer.link(row) for row in as_dicts(explanation.links)],
        "reach": [writer.radius(row) for row in as_dicts(explanation.reach)],
        "wishes": [writer.wish(row) for row in as_dicts(explanation.wishes)],
    }
    return [
        Block(words[name], [words[key] for key in keys], rows[name])
        for name, keys in columns.items()
        if rows[name] or name in _ALWAYS
    ]


class _Writer:
    """Writes the rows of one explanation in one language."""

    def __init__(self, explanation: Explanation, cluster: Cluster, lang: Lang) -> None:
        bases = set(explanation.supply["basis"])
        self._figures = {
            **explanation.figures,
            "supply_implied": "implied" in bases
            or ("by_product" in bases and bool(explanation.figures["implied_by"])),
        }
        self._likely, self._content = explanation.likely, explanation.content
        self._cluster = cluster
        self._lang = lang
        self._words = texts("explanation", lang)
        self._unit = explanation.figures["unit"]

    def figures(self) -> list[list[str]]:
        """Each figure with its amount and its formula."""
        lang, known = self._lang, self._figures
        names = texts("column", lang)
        state = word("state", known["state"], lang)
        rows = [[names["state"], state, self._words["how_state"]]]
        for name in _QUANTITIES:
            how = self._how(name)
            if as_number(known[name]) is None and name not in {"demand", "supply"}:
                continue
            rows.append([names[name], amount(known, name, lang), how])
        if as_number(known["self_sufficiency"]) is not None:
            share = amount(known, "self_sufficiency", lang)
            rows.append([names["self_sufficiency"], share, self._words["how_self_sufficiency"]])
        if as_number(known["price"]) is not None:
            unit_price = price(known["price"], self._unit, lang)
            rows.append([names["price"], unit_price, self._words["how_price"]])
        if as_number(known["value"]) is not None:
            value = amount(known, "value", lang)
            rows.append([names["value"], value, self._words["how_value"]])
        rows.append([names["evidence"], word("evidence", known["evidence"], lang), ""])
        return rows

    def _how(self, name: str) -> str:
        known, words = self._figures, self._words
        blind = self._companies(known["unsized_users"])
        if name == "demand" and known["unsized_users"]:
            key = "demand_unknown" if as_number(known["demand"]) is None else "demand_floor"
            return words[f"how_{key}"].format(companies=blind)
        if name == "supply" and as_number(known["supply"]) is None:
            return words["how_supply_unknown"]
        if name == "supply" and known["presence"] == "unsized":
            return words["how_supply_implied"].format(causes=self._products(known["implied_by"]))
        key = {"total_demand": "total", "planned_supply": "planned"}.get(name, name)
        return words[f"how_{key}"]

    def demand(self, row: dict[str, Any]) -> list[str]:
        """One local user: what it takes per unit, how much it makes, what that needs."""
        unit = self._cluster.chain.products["unit"][row["user"]]
        return [
            self._products([row["user"]]),
            self._companies(row["companies"]),
            self._coefficient(row),
            quantity(row["activity"], unit, self._lang),
            self._words[f"basis_{row['basis']}"],
            quantity(row["amount"], self._unit, self._lang),
            self._yes(row["essential"]),
            word("evidence", row["evidence"], self._lang),
            row["source"],
        ]

    def supply(self, row: dict[str, Any]) -> list[str]:
        """One local maker: what it adds and on what ground."""
        companies = [name for name in row["company_id"].split(", ") if name]
        main = self._products([row["from"]]) if row["basis"] == "by_product" else ""
        return [
            self._companies(companies),
            self._words[f"role_{row['role']}"],
            self._words[f"basis_{row['basis']}"].format(main=main),
            quantity(row["amount"], self._unit, self._lang),
            word("evidence", row["evidence"], self._lang),
            row["source"],
        ]

    def input(self, row: dict[str, Any]) -> list[str]:
        """One input of a unit: how much, how dear, who says so."""
        return [
            self._products([row["input"]]),
            self._coefficient(row),
            self._yes(row["essential"]),
            percent(row["value_share"], self._lang),
            word("evidence", row["evidence"], self._lang),
            row["source"],
        ]

    def likely(self) -> list[list[str]]:
        """How sure the shortage is, from draws."""
        known, words, lang = self._likely, self._words, self._lang
        if not known or known["shortage_5"] == known["shortage_95"]:
            return []
        how = words["how_draws"].format(draws=f"{known['draws']:.0f}")
        rows = [
            [
                words["likely_shortage"],
                interval(known["shortage_5"], known["shortage_95"], self._unit, lang),
                how,
            ]
        ]
        if as_number(known["value_5"]) is not None:
            text = interval(known["value_5"], known["value_95"], "yuan", lang)
            rows.append([words["likely_value"], text, how])
        rows.append([words["p_short"], percent(known["p_short"], lang), how])
        if as_number(known["p_plant"]) is not None:
            rows.append([words["p_plant"], percent(known["p_plant"], lang), how])
        return rows

    def lever(self, row: dict[str, Any]) -> list[str]:
        """A coefficient that the shortage hangs on, and the shortage at its either end."""
        names = {
            end: self._products([row[f"{end}_id"]]) if row[f"{end}_id"] else ""
            for end in ("input", "output")
        }
        return [
            self._words[f"lever_{row['kind']}"].format(**names),
            self._coefficient(row),
            interval(row["at_low"], row["at_high"], self._unit, self._lang),
            self._companies(row["companies"]),
            word("evidence", row["evidence"], self._lang),
        ]

    def content(self) -> list[list[str]]:
        """How much of what making it takes is local, and what is not."""
        row, words = self._content, self._words
        if not row:
            return []
        rows = [
            [words["local_direct"], share_range(row, "direct", self._lang), words["how_direct"]],
            [
                words["local_recursive"],
                share_range(row, "recursive", self._lang),
                words["how_recursive"],
            ],
        ]
        rows += [
            [
                words["local_missing"].format(name=self._products([part["product_id"]])),
                percent(part["share"], self._lang),
                words["how_missing"],
            ]
            for part in row["missing"]
        ]
        if row["unweighed"]:
            rows.append([words["local_unweighed"], self._products(row["unweighed"]), ""])
        return rows

    def link(self, row: dict[str, Any]) -> list[str]:
        """A reported tie: who sells how much to whom."""
        worth = as_number(row["value"])
        return [
            *(
                say(
                    "explanation.placed",
                    self._lang,
                    name=self._companies([row[f"{end}_id"]]),
                    place=word("place", row[f"{end}_place"], self._lang),
                )
                for end in ("supplier", "customer")
            ),
            quantity(row["quantity"], self._unit, self._lang),
            money(None if worth is None else worth * _WAN, self._lang),
            quantity(row["links"], "", self._lang),
            word("evidence", row["evidence"], self._lang),
            row["source"],
        ]

    def radius(self, row: dict[str, Any]) -> list[str]:
        """The product in one region around the cluster's own."""
        lang = self._lang
        names = [region_name(code, lang) for code in row["radius"].split(",")]
        return [
            listing(names, lang) if row["radius"] != COUNTRY else say("reason.country", lang),
            quantity(row["companies"], "", lang),
            *(quantity(row[name], self._unit, lang) for name in ("demand", "supply", "shortage")),
            ratio(row["plants"], lang),
        ]

    def wish(self, row: dict[str, Any]) -> list[str]:
        """What a company asks for, in its own words."""
        return [
            self._companies([row["company_id"]]),
            say(f"template.wish_{row['kind']}", self._lang) if row["kind"] else "",
            row["content"],
            quantity(row["quantity"], self._unit, self._lang),
            row["date"],
        ]

    def _coefficient(self, row: dict[str, Any]) -> str:
        ends = [as_number(row[name]) for name in ("low", "typical", "high")]
        if ends[1] is None:
            return texts("word", self._lang)["unknown"]
        return " / ".join("-" if end is None else digits(end) for end in ends)

    def _yes(self, flag: object) -> str:
        return texts("word", self._lang)["yes" if flag is True else "no"]

    def _companies(self, ids: list[str]) -> str:
        names = [self._cluster.company_name(company, self._lang) for company in ids]
        return listing(names, self._lang) if names else self._words["none"]

    def _products(self, ids: list[str]) -> str:
        return listing([self._cluster.chain.name(name, self._lang) for name in ids], self._lang)
