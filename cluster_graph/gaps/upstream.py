"""Upstream gaps: inputs of local producers that are missing or short here."""

from typing import Final

import pandas as pd

_ABSENT: Final = ("broken", "missing", "planned")


def upstream_gaps(balance: pd.DataFrame, *, total: bool = False) -> pd.DataFrame:
    """
    Keep the products that local producers need and local producers do not cover.

    A product is a gap if somebody here needs it and it has no operating producer, or a
    shortage, or one producer of unknown size beside users of unknown size other than
    itself. Implied producers make what their users need and are no gap; the outer boundary
    never is.

    Parameters
    ----------
    balance
        From `balance`.
    total
        Add the products that nobody here needs yet, and that the whole chain behind the
        local output needs beyond the local supply.

    Returns
    -------
    gaps
        The rows of the balance, `direction` upstream, the largest value first; rows
        without a value after them, by their total shortage.
    """
    needed = balance["users"].map(bool) & (balance["state"] != "outer")
    others = pd.Series(
        [
            bool(set(users) - set(producers))
            for users, producers in zip(balance["users"], balance["producers"], strict=True)
        ],
        index=balance.index,
    )
    unknown = balance["shortage"].isna() & ~balance["implied"]
    open_ended = (balance["state"] == "weak") & unknown & others
    gap = balance["state"].isin(_ABSENT) | (balance["shortage"] > 0) | open_ended
    behind = (balance["total_shortage"] > 0) & (balance["state"] != "outer") & total
    rows = balance[(needed & gap) | behind].assign(direction="upstream")
    return rows.sort_values(
        ["value", "shortage", "total_shortage"], ascending=False, na_position="last", kind="stable"
    ).reset_index(drop=True)
