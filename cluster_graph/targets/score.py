"""The score of a target: its components, weighed, and how much of it is known."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

# What the article asks of an investor and of a project; they weigh companies as well.
CRITERIA: Final = ("strength", "tax", "technology", "green", "place")
COMPONENTS: Final = (
    "need",
    "leverage",
    "readiness",
    "scale",
    "market",
    "fit",
    "momentum",
    *CRITERIA,
)


def score(components: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """
    Weigh the components that are known.

    score = sum(w_c c) / sum(w_c), over the known components c; coverage = sum(w_c) over the
    known ones, the weights summing to 1. A missing component is never scored 0.

    Parameters
    ----------
    components
        One column a component, 0 to 1, NaN if unknown.
    weights
        Component -> weight, summing to 1.

    Returns
    -------
    scored
        score and coverage, 0 to 1; the score is NaN where nothing is known. Same index.
    """
    weight = pd.Series(weights).reindex(components.columns)
    known = components.notna().mul(weight, axis=1).sum(axis=1)
    points = components.mul(weight, axis=1).sum(axis=1)
    return pd.DataFrame({"score": points / known.where(known > 0), "coverage": known})
