"""What contradicts itself in a reference chain, row by row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cluster_graph.chain.schema import BY_PRODUCT, CAPITAL, KINDS
from cluster_graph.text import Lang, say
from cluster_graph.text.cells import as_dicts


@dataclass(frozen=True)
class ChainProblem:
    """
    One row of a chain that cannot stay as it is.

    Parameters
    ----------
    file
        The file, with its folder.
    row
        The row as a spreadsheet counts it.
    column
        The column at fault.
    key
        Key of its text in the catalogue's area `problem`.
    value
        The cell as it came.
    details
        Further values that the text names.
    """

    file: str
    row: int
    column: str
    key: str
    value: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: Lang) -> str:
        """One line: where, what, expected, what to do."""
        place = [self.file, say("problem.at_row", lang, row=self.row), self.column]
        return say(
            "problem.line_table",
            lang,
            where=" › ".join(place),
            reason=say(f"problem.{self.key}", lang, value=self.value, **self.details),
            fix=say(f"problem.{self.key}_fix", lang, value=self.value, **self.details),
        )


def product_problems(products: pd.DataFrame) -> Iterable[ChainProblem]:
    """
    Find products that stand twice with other values, and prices out of order.

    Parameters
    ----------
    products
        The products of all folders, with `file` and `row`.

    Yields
    ------
    problem
        One for each row at fault.
    """
    first: dict[str, dict[str, Any]] = {}
    for record in as_dicts(products):
        place = (record["file"], record["row"])
        product = record["product_id"]
        if not product:
            yield ChainProblem(*place, "product_id", "blank_required")
            continue
        seen = first.setdefault(product, record)
        same = all(
            seen[name] == value or (value != value and seen[name] != seen[name])  # noqa: PLR0124  NaN
            for name, value in record.items()
            if name not in ("file", "row")
        )
        if not same:
            details = {"id": product, "first": seen["row"]}
            yield ChainProblem(*place, "product_id", "duplicate", product, details)
        low, typical, high = (record[name] for name in ("price_low", "price", "price_high"))
        given = [price for price in (low, typical, high) if not np.isnan(price)]
        if given != sorted(given):
            details = {"low": low, "typical": typical, "high": high}
            yield ChainProblem(*place, "price", "price_order", str(typical), details)


def input_problems(products: pd.DataFrame, inputs: pd.DataFrame) -> Iterable[ChainProblem]:
    """
    Find unknown products, duplicate inputs, ranges out of order and units that do not fit.

    Parameters
    ----------
    products
        Every known product.
    inputs
        The inputs of all folders, with `file` and `row`.

    Yields
    ------
    problem
        One for each fault.
    """
    units = dict(zip(products["product_id"], products["unit"], strict=True))
    seen: set[tuple[str, str, str]] = set()
    for record in as_dicts(inputs):
        place = (record["file"], record["row"])
        ends = (record["input_id"], record["output_id"])
        kind, typical = record["kind"], record["typical"]
        if kind not in KINDS:
            details = {"choices": ", ".join(KINDS)}
            yield ChainProblem(*place, "kind", "not_a_choice", kind, details)
        strange = [
            (column, end)
            for column, end in zip(("input_id", "output_id"), ends, strict=True)
            if end not in units
        ]
        for column, end in strange:
            yield ChainProblem(*place, column, "unknown_product", end)
        if (*ends, kind) in seen:
            details = {"input_id": ends[0], "output_id": ends[1], "kind": kind}
            yield ChainProblem(*place, "input_id", "duplicate_input", ends[0], details)
        seen.add((*ends, kind))
        if kind == CAPITAL or np.isnan(typical):
            continue
        if not record["low"] <= typical <= record["high"]:
            details = {"low": record["low"], "typical": typical, "high": record["high"]}
            yield ChainProblem(*place, "typical", "bad_order", str(typical), details)
        if ends[0] == ends[1] and typical >= 1:
            yield ChainProblem(*place, "typical", "same_ends", f"{typical:g}")
        if record["unit"] and not strange:
            main, part = ends if kind == BY_PRODUCT else ends[::-1]
            expected = f"{units[part]}/{units[main]}"
            if record["unit"] != expected:
                details = {"expected": expected}
                yield ChainProblem(*place, "unit", "input_unit", record["unit"], details)
