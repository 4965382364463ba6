"""A plan in words and tables, for the screen, as Markdown, as JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts, as_names, plain
from cluster_graph.text.numbers import digits, money, percent, quantity
from cluster_graph.views.block import Block
from cluster_graph.views.changes import changes_block, page_markdown, print_page
from cluster_graph.views.words import listing, word

if TYPE_CHECKING:
    from rich.console import Console

    from cluster_graph.chain.model import Chain
    from cluster_graph.targets.plan import Plan

_FRAMES = ("chosen", "left_out", "limits", "front", "changes")
_UNITS = {"land": "m2", "workshop": "m2", "energy": "tce", "budget": "万元", "count": ""}
_TAKEN = {
    "land": "land_m2",
    "workshop": "workshop_m2",
    "energy": "energy",
    "budget": "investment",
}
_MOST = 8  # products named in one line
_APART = 0.005  # below this two figures read the same
_YUAN = 10_000  # in a unit of a budget


class PlanPage:
    """
    One plan in one language.

    Parameters
    ----------
    found
        From `targets.plan.plan`.
    chain
        For names and units.
    lang
        `zh` or `en`.
    """

    def __init__(self, found: Plan, chain: Chain, lang: Lang) -> None:
        self._found = found
        self._chain = chain
        self._lang: Lang = lang
        self._words = texts("plan", lang)

    def json(self) -> str:
        """
        The plan for programs.

        Returns
        -------
        text
            An object with closed, processed, checked (yuan/year), gap (share), the frames of
            `Plan` as lists of objects, and `reasons`; unknown is `null`.
        """
        found = self._found
        parts: dict[str, Any] = {
            **{name: getattr(found, name) for name in ("closed", "processed", "checked", "gap")},
            **{name: [plain(row) for row in as_dicts(getattr(found, name))] for name in _FRAMES},
            "reasons": self.sentences(),
        }
        return json.dumps(parts, ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def markdown(self) -> str:
        """Return the plan as Markdown."""
        return page_markdown(self._words["title"], self.sentences(), self.blocks())

    def print(self, console: Console) -> None:
        """Print the plan on the screen."""
        print_page(self._words["title"], self.sentences(), self.blocks(), console=console)

    def sentences(self) -> list[str]:
        """Return what the plan brings and what holds it back, in words."""
        found, lang = self._found, self._lang
        if found.chosen.empty:
            return [self._words["nothing"], *self._holding()]
        lines = [
            self._say(
                "value",
                count=digits(found.chosen["plants"].sum()),
                closed=money(found.closed, lang),
                processed=money(found.processed, lang),
            ),
            *self._checked(),
            self._say("gap", gap=percent(found.gap, lang)) if found.gap else self._words["proven"],
        ]
        for kind in ("closed", "opened"):
            changed = self._changed(kind)
            price = self._chain.products["price"].reindex(changed).notna()
            for priced, key in ((True, f"gaps_{kind}"), (False, f"gaps_{kind}_unpriced")):
                names = self._names([name for name in changed if price[name] == priced])
                if names:
                    lines.append(self._say(key, names=names))
        if found.chosen["estimated"].map(bool).any():
            lines.append(self._words["estimated_from"])
        return lines + self._holding()

    def _changed(self, kind: str) -> list[str]:
        rows: list[dict[str, Any]] = as_dicts(self._found.changes)
        return [row["product_id"] for row in rows if kind in row["change"]]

    def _names(self, products: list[str]) -> str:
        names = [self._chain.name(product, self._lang) for product in products]
        return listing(names, self._lang, most=_MOST)

    def _checked(self) -> list[str]:
        """What the whole balance says, and why that differs where it does."""
        found = self._found
        lines = [self._say("checked", checked=money(found.checked, self._lang))]
        sized = self._names(self._changed("sized"))
        apart = abs(found.checked - found.closed) > _APART * abs(found.closed) + 1
        return lines + ([self._say("differs", names=sized)] if apart and sized else [])

    def _holding(self) -> list[str]:
        """What the limits keep out."""
        lines = []
        rows: list[dict[str, Any]] = as_dicts(self._found.limits)
        for row in rows:
            more = row["value_without"] - self._found.closed - self._found.processed
            limit = self._words[f"limit_{row['resource']}"]
            if more > 1:
                lines.append(self._say("binding", limit=limit, more=money(more, self._lang)))
            if row["smallest"] == row["smallest"] and row["smallest"] > row["limit"]:
                least = self._amount(row["resource"], row["smallest"])
                lines.append(self._say("too_tight", limit=limit, least=least))
        blind: Counter[str] = Counter(
            name
            for row in as_dicts(self._found.left_out)
            if row["why"] == "unknown"
            for name in as_names(row["unknown"])
        )
        lines += [
            self._say("unknown", limit=self._words[f"limit_{name}"], count=count)
            for name, count in blind.items()
        ]
        return lines

    def blocks(self) -> list[Block]:
        """Return the tables: what is chosen, the limits, the front, changes, what is left out."""
        found = self._found
        return [
            self._block("chosen", as_dicts(found.chosen), self._chosen),
            self._block("effects", as_dicts(found.chosen), self._effects),
            self._block("limits", as_dicts(found.limits), self._limit),
            self._block("front", as_dicts(found.front), self._front),
            changes_block(found.changes, found.balance_before, found.balance_after, self._lang),
            self._block(
                "left", [row for row in as_dicts(found.left_out) if _told(row)], self._left
            ),
        ]

    def _block(self, name: str, rows: list[dict[str, Any]], write: Any) -> Block:  # noqa: ANN401
        columns = self._words[f"columns_{name}"].split("|")
        return Block(self._words[f"table_{name}"], columns, [write(row) for row in rows])

    def _chosen(self, row: dict[str, Any]) -> list[str]:
        unit = self._chain.products["unit"][row["product_id"]]
        return [
            self._name(row),
            self._kind(row),
            self._chain.name(row["product_id"], self._lang),
            digits(row["plants"]),
            quantity(row["quantity"], unit, self._lang),
            *(self._taken(name, row[column], row["estimated"]) for name, column in _TAKEN.items()),
            word("gate", row["gate"], self._lang),
        ]

    def _effects(self, row: dict[str, Any]) -> list[str]:
        sides = [self._names(row[name]) or "-" for name in ("closes", "opens", "processes")]
        return [self._name(row), *sides]

    def _taken(self, name: str, value: float, estimated: list[str]) -> str:
        text = self._amount(name, value)
        return self._say("estimated", figure=text) if name in estimated else text

    def _limit(self, row: dict[str, Any]) -> list[str]:
        name = row["resource"]
        share = row["used"] / row["limit"] if row["limit"] else None
        return [
            self._words[f"limit_{name}"],
            self._amount(name, row["limit"]),
            self._amount(name, row["used"]),
            percent(share, self._lang),
            money(row["value_without"], self._lang),
        ]

    def _front(self, row: dict[str, Any]) -> list[str]:
        name = row["resource"]
        return [
            self._words[f"limit_{name}"],
            self._amount(name, row["used"]),
            money(row["value"], self._lang),
        ]

    def _left(self, row: dict[str, Any]) -> list[str]:
        key = f"why_{row['why']}"
        limits = row["unknown"]
        if row["why"] == "no_room" and row["exceeds"]:
            key, limits = "why_exceeds", row["exceeds"]
        names = listing([self._words[f"limit_{name}"] for name in limits], self._lang)
        why = self._say(key, names=names)
        product = self._chain.name(row["product_id"], self._lang)
        return [self._name(row), self._kind(row), product, why]

    def _name(self, row: dict[str, Any]) -> str:
        english = row["name_en"] if self._lang == "en" else ""
        return str(english or row["name_zh"])

    def _kind(self, row: dict[str, Any]) -> str:
        if row["kind"] == "plant":
            return self._words["kind_plant"]
        return self._say("kind_project", stage=word("stage", row["stage"], self._lang))

    def _amount(self, name: str, value: float) -> str:
        if name == "budget":
            return money(value * _YUAN, self._lang)
        return quantity(value, _UNITS[name], self._lang)

    def _say(self, key: str, **values: object) -> str:
        return say(f"plan.{key}", self._lang, **values)


def _told(row: dict[str, Any]) -> bool:
    """Leave out what nobody planned and nothing would come of; the other formats have it all."""
    return bool(row["kind"] == "project" or row["why"] in ("no_room", "unknown"))
