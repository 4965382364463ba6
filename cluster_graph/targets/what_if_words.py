"""A scenario in words: what is assumed, what closes and opens, what comes along."""

from typing import Any

import numpy as np

from cluster_graph.gaps.change_words import change_sentences
from cluster_graph.gaps.changes import TOTAL
from cluster_graph.targets.scenario import Step
from cluster_graph.targets.what_if import WhatIf
from cluster_graph.text import Lang, say, texts
from cluster_graph.text.cells import as_dicts
from cluster_graph.text.numbers import estimate, money, percent, quantity


def what_if_sentences(found: WhatIf, lang: Lang) -> list[str]:
    """
    Tell a scenario.

    Parameters
    ----------
    found
        From `what_if`.
    lang
        The language.

    Returns
    -------
    sentences
        Assumptions, changes of gaps, inputs and by-products of the newcomers, local content,
        output value.
    """
    words = _Words(found, lang)
    told = change_sentences(found.changes, found.balance_after, found.scenario.cluster, lang)
    if found.changes.empty:
        told = [say("change.none", lang)]
    return [
        *(words.step(step) for step in found.scenario.steps),
        *([words.say("skipped", count=found.scenario.skipped)] if found.scenario.skipped else []),
        *told,
        *words.needs(),
        *words.by_products(),
        *words.content(),
        *words.output(),
    ]


class _Words:
    """Says the parts of one scenario in one language."""

    def __init__(self, found: WhatIf, lang: Lang) -> None:
        self._found = found
        self._lang = lang
        self._units = found.before.chain.products["unit"]

    def say(self, key: str, **values: object) -> str:
        return say(f"what_if.{key}", self._lang, **values)

    def _name(self, product: str) -> str:
        return self._found.before.chain.name(product, self._lang)

    def _names(self, products: list[str]) -> str:
        return say("word.join", self._lang).join(self._name(product) for product in products)

    def _amount(self, row: dict[Any, Any], name: str) -> str:
        ends = (row[f"{name}_low"], row[f"{name}_high"])
        return estimate(row[name], *ends, self._units[row["product_id"]], self._lang)

    def step(self, step: Step) -> str:
        """One thing that is assumed."""
        words = texts("word", self._lang)
        name = step.name_zh if self._lang == "zh" else step.name_en
        if step.kind == "remove":
            products = self._names(list(step.products)) or words["none"]
            return self.say("step_remove", name=name, products=products)
        product = step.products[0]
        values = {"product": self._name(product)}
        amount = quantity(step.amount, self._units[product], self._lang)
        if step.kind == "add":
            return self.say("step_add", amount=amount, **values)
        stage = words[f"stage_{step.stage}"] if step.stage else words["unknown"]
        if np.isnan(step.amount):
            return self.say("step_project_unsized", name=name, stage=stage, **values)
        return self.say("step_project", name=name, stage=stage, amount=amount, **values)

    def needs(self) -> list[str]:
        """What each newcomer takes, and what of it is not here."""
        said = []
        for made, rows in self._found.needs.groupby("for_product", sort=False):
            name = self._name(str(made))
            if rows["need"].isna().all():
                inputs = self._names(list(rows["product_id"]))
                said.append(self.say("needs_unsized", product=name, inputs=inputs))
            else:
                pairs = [
                    self.say(
                        "pair", name=self._name(row["product_id"]), amount=self._amount(row, "need")
                    )
                    for row in as_dicts(rows)
                ]
                line = say("word.join", self._lang).join(pairs)
                said.append(self.say("needs", product=name, inputs=line))
            short = list(rows[rows["is_gap"].astype(bool)]["product_id"])
            if short:
                said.append(self.say("needs_gap", names=self._names(short)))
        return said

    def by_products(self) -> list[str]:
        """What falls beside, who takes it, and which of these users are not here."""
        said = []
        for row in as_dicts(self._found.by_products):
            here, missing = self._names(row["users_here"]), self._names(row["users_missing"])
            key = "by_product" if here else "by_product_alone"
            if not missing:
                key = "by_product_used" if here else "by_product_end"
            said.append(
                self.say(
                    key,
                    product=self._name(row["from_product"]),
                    name=self._name(row["product_id"]),
                    amount=self._amount(row, "amount"),
                    here=here,
                    missing=missing,
                )
            )
        return said

    def content(self) -> list[str]:
        """Local content of each chain where it moved."""
        said = []
        words = texts("word", self._lang)
        for row in as_dicts(self._found.content):
            if np.isnan(row["direct_before"]) or np.isnan(row["direct_after"]):
                continue  # nothing of it is made at a known level; the table shows which side
            shares = {
                "before": percent(row["direct_before"], self._lang),
                "after": percent(row["direct_after"], self._lang),
                "deep_before": percent(row["recursive_before"], self._lang),
                "deep_after": percent(row["recursive_after"], self._lang),
            }
            if shares["before"] != shares["after"] or shares["deep_before"] != shares["deep_after"]:
                chain = words.get(f"chain_{row['chain']}", row["chain"])
                said.append(self.say("content", chain=chain, **shares))
        return said

    def output(self) -> list[str]:
        """What the cluster makes in money, and how far that is from its goals."""
        output = self._found.output
        row = output[output["chain"] == TOTAL].iloc[0]
        said = [
            self.say(
                "output",
                priced=row["priced"],
                before=money(row["gross_before"], self._lang),
                after=money(row["gross_after"], self._lang),
                net_before=money(row["leaving_before"], self._lang),
                net_after=money(row["leaving_after"], self._lang),
            ),
            self.say(
                "output_goal",
                ten=percent(row["ten_billion_after"], self._lang),
                hundred=percent(row["hundred_billion_after"], self._lang),
            ),
        ]
        if row["unsized"] and not row["unpriced"]:
            said.append(self.say("output_unsized", unsized=row["unsized"]))
        elif row["unpriced"]:
            left = {"unpriced": row["unpriced"], "unsized": row["unsized"]}
            said.append(self.say("output_left", **left))
        return said
