"""How a link table hangs together, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_graph.text import Lang, say
from cluster_graph.text.cells import as_dicts, as_number, as_text

if TYPE_CHECKING:
    import pandas as pd


def shown(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """
    The summary of a link table, its parts in words.

    Parameters
    ----------
    frame
        From `flows.network.summary`.
    lang
        `zh` or `en`.

    Returns
    -------
    table
        part, firms, links.
    """
    parts = [_part(as_text(row["part"]), as_text(row["item"]), lang) for row in as_dicts(frame)]
    counts = {name: _counts(frame[name]) for name in ("firms", "links")}
    return frame.drop(columns="item").assign(part=parts, **counts)


def _counts(column: pd.Series) -> list[str]:
    """Whole numbers, one under the other; a cell without one stays blank."""
    numbers = [as_number(cell) for cell in column]
    texts = ["" if number is None else f"{number:,.0f}" for number in numbers]
    width = max(map(len, texts), default=0)
    return [text.rjust(width) for text in texts]


def _part(part: str, item: str, lang: Lang) -> str:
    kind = "components" if item.startswith("+") else part
    return say(f"network.{kind}", lang, item=item.removeprefix("+"))
