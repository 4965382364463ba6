"""The score of a target: its components, their weights, and how much of it is known."""

import tomllib
from importlib import resources
from typing import Final

import pandas as pd

COMPONENTS: Final = ("need", "leverage", "readiness", "scale", "fit", "momentum")


def default_weights() -> dict[str, float]:
    """
    The weights that ship with the package.

    Returns
    -------
    weights
        Component -> weight, summing to 1.
    """
    text = resources.files("cluster_graph.targets").joinpath("weights.toml").read_text("utf-8")
    table = tomllib.loads(text)
    total = sum(table[name] for name in COMPONENTS)
    return {name: table[name] / total for name in COMPONENTS}


def score(components: pd.DataFrame, weights: dict[str, float]) -> pd.DataFrame:
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
