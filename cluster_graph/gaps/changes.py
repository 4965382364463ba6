"""Two balances of one chain side by side: which gaps closed, opened, narrowed or widened."""

from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.chain.model import Chain
from cluster_graph.gaps.upstream import upstream_gaps
from cluster_graph.text.cells import as_dicts

KINDS: Final = (
    "closed",
    "opened",
    "narrowed",
    "widened",
    "sized",
    "unsized",
    "surplus",
    "other",
)
FIGURES: Final = (
    "demand",
    "demand_low",
    "demand_high",
    "supply",
    "shortage",
    "shortage_low",
    "shortage_high",
    "surplus",
    "self_sufficiency",
    "value",
)
WORDS: Final = ("state", "use_state")
COLUMNS: Final = (
    "product_id",
    "name_zh",
    "name_en",
    "chain",
    "unit",
    "change",
    *(f"{name}_{when}" for name in (*WORDS, *FIGURES) for when in ("before", "after")),
)
OUTPUT_COLUMNS: Final = (
    "chain",
    "gross_before",
    "gross_after",
    "leaving_before",
    "leaving_after",
    "ten_billion_before",
    "ten_billion_after",
    "hundred_billion_before",
    "hundred_billion_after",
    "priced",
    "unpriced",
    "unsized",
)
GOALS: Final = {"ten_billion": 1e10, "hundred_billion": 1e11}  # yuan: 百亿、千亿级产业集群
TOTAL: Final = ""  # the chain's name in the row that adds all of them up
_SAME: Final = 1e-9  # what two solves of one system may differ by
_GAP_CHANGES: Final = KINDS[:4]


def changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """
    Compare two balances, product by product.

    Parameters
    ----------
    before, after
        From `balance`, on the same chain.

    Returns
    -------
    changes
        Columns `COLUMNS`; one row for each product of which a figure or a state changed, gaps
        first, the largest change of value first among them. `change` lists what happened:
        `closed` and `opened` (an upstream gap that is none any more, or was none), `narrowed`
        and `widened` (a gap whose shortage fell or rose), `sized` (made here at an implied or
        unknown level before, at a recorded one now) and `unsized`, `surplus` (more than local
        users need, which it was not before), `other`.
    """
    index = before["product_id"]
    old, new = before.set_index("product_id"), after.set_index("product_id").loc[index]
    was_gap, is_gap = (
        set(upstream_gaps(before)["product_id"]),
        set(upstream_gaps(after)["product_id"]),
    )
    differs = pd.Series(data=False, index=old.index)
    for name in FIGURES:
        differs |= ~_same(old[name], new[name])
    for name in (*WORDS, "presence"):
        differs |= old[name].fillna("") != new[name].fillna("")
    records = []
    sides = (as_dicts(frame[differs.to_numpy()]) for frame in (old, new))
    for product, was, now in zip(old.index[differs], *sides, strict=True):
        pairs = {
            f"{name}_{when}": row[name]
            for name in (*WORDS, *FIGURES)
            for when, row in (("before", was), ("after", now))
        }
        records.append(
            {
                "product_id": product,
                **{name: was[name] for name in ("name_zh", "name_en", "chain", "unit")},
                "change": _kinds(was, now, product in was_gap, product in is_gap),
                **pairs,
            }
        )
    found = pd.DataFrame(records, columns=list(COLUMNS))
    numbers = {f"{name}_{when}": float for name in FIGURES for when in ("before", "after")}
    found = found.astype(numbers)
    of_gap = found["change"].map(lambda kinds: any(kind in _GAP_CHANGES for kind in kinds))
    moved = (found["value_after"].fillna(0) - found["value_before"].fillna(0)).abs()
    order = found.assign(_gap=of_gap.astype(bool), _moved=moved).sort_values(
        ["_gap", "_moved"], ascending=False, kind="stable"
    )
    return order.drop(columns=["_gap", "_moved"]).reset_index(drop=True)


def _same(one: pd.Series, other: pd.Series) -> "pd.Series[bool]":
    first, second = one.to_numpy(dtype=float), other.to_numpy(dtype=float)
    equal = np.isclose(first, second, rtol=_SAME, atol=_SAME, equal_nan=True)
    return pd.Series(equal, index=one.index)


def _kinds(was: Any, now: Any, was_gap: bool, is_gap: bool) -> list[str]:  # noqa: ANN401, FBT001  rows
    """What happened to one product; the words of `KINDS`, in their order."""
    found = set()
    if was_gap != is_gap:
        found.add("closed" if was_gap else "opened")
    elif was_gap and not _equal(was["shortage"], now["shortage"]):
        if now["shortage"] < was["shortage"]:
            found.add("narrowed")
        elif now["shortage"] > was["shortage"]:
            found.add("widened")
    before, after = _is_sized(was), _is_sized(now)
    if before is False and after is True:
        found.add("sized")
    if before is True and after is False:
        found.add("unsized")
    if now["surplus"] > 0 and not was["surplus"] > 0 and not _equal(now["surplus"], was["surplus"]):
        found.add("surplus")
    return [kind for kind in KINDS if kind in found] or ["other"]


def _is_sized(row: Any) -> bool | None:  # noqa: ANN401  a row
    """Whether what is made here has a recorded size; None where nothing is made."""
    if row["presence"] not in ("sized", "unsized"):
        return None
    return bool(row["presence"] == "sized" and not row["implied"])


def _equal(one: float, other: float) -> bool:
    return bool(np.isclose(one, other, rtol=_SAME, atol=_SAME, equal_nan=True))


def output_value(before: pd.DataFrame, after: pd.DataFrame, chain: Chain) -> pd.DataFrame:
    """
    What the cluster makes in a year, in money, before and after.

    gross = sum of p_i S_i over the products made here, as 产值 adds up: what one product uses
    of another counts in both. leaving = sum of p_i max(S_i - D_i, 0): only what local users of
    known size do not take, so that nothing counts twice.

    Parameters
    ----------
    before, after
        From `balance`, on the same chain.
    chain
        The chain, for its reference prices.

    Returns
    -------
    output
        Columns `OUTPUT_COLUMNS`, one row a chain and one of all (`TOTAL`): yuan a year over the
        products of known or implied size that have a price; the gross output as a share of
        each of `GOALS`. After: how many products are
        `priced`, how many sized ones are `unpriced`, how many made here are `unsized`; neither
        of the last two is in any sum.
    """
    parts = {"before": _worth(before, chain), "after": _worth(after, chain)}
    names = before["chain"]
    records: list[dict[str, Any]] = []
    for name in [*dict.fromkeys(names), TOTAL]:
        rows = names == name if name != TOTAL else names.notna()
        record: dict[str, Any] = {"chain": name}
        for when, worth in parts.items():
            here = worth[rows.to_numpy()]
            # Where all that is made here is of unknown size or price, so is the sum.
            gross, leaving = (
                float(here[part].sum(min_count=1 if here["made"].any() else 0))
                for part in ("gross", "leaving")
            )
            record[f"gross_{when}"] = gross
            record |= {f"{goal}_{when}": gross / yuan for goal, yuan in GOALS.items()}
            record[f"leaving_{when}"] = leaving
        now = parts["after"][rows.to_numpy()]
        record["priced"] = int(now["gross"].notna().sum())
        record["unpriced"] = int((now["sized"] & now["gross"].isna()).sum())
        record["unsized"] = int((now["made"] & ~now["sized"]).sum())
        records.append(record)
    return pd.DataFrame(records, columns=list(OUTPUT_COLUMNS))


def _worth(balance: pd.DataFrame, chain: Chain) -> pd.DataFrame:
    price = chain.products["price"].reindex(balance["product_id"]).to_numpy(dtype=float)
    made = balance["producers"].map(bool).to_numpy(dtype=bool)
    supply = balance["supply"].to_numpy(dtype=float)
    left = np.maximum(supply - balance["demand"].fillna(0.0).to_numpy(dtype=float), 0.0)
    return pd.DataFrame(
        {
            "gross": np.where(made, supply * price, np.nan),
            "leaving": np.where(made, left * price, np.nan),
            "sized": made & ~np.isnan(supply),
            "made": made,
        }
    )
