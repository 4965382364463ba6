"""The words for a product's place in the cluster, each from its rule."""

from typing import Final

import numpy as np
import pandas as pd

from cluster_graph.chain.schema import FINAL_STAGE

STATES: Final = ("strong", "weak", "broken", "missing", "planned", "outer", "off_map")
USE_STATES: Final = ("absorbed", "partial", "short", "final", "unknown")
# Two operating producers make a link of the chain strong though nobody published their size.
ENOUGH_PRODUCERS: Final = 2


def supply_states(facts: pd.DataFrame) -> pd.Series:
    """
    The state of each product on the supply side; the first rule that holds.

    outer: outer boundary of the chain, never a gap. planned: only planned producers.
    strong: supply covers demand, or, where either is unknown, two or more operating
    producers. weak: supply below demand, or, where either is unknown, one producer.
    broken: no local producer, an essential input of a local one. missing: no local
    producer, an optional input of a local one or a user of something made here. off_map:
    no local neighbour.

    Parameters
    ----------
    facts
        Indexed by product_id: outer (bool), producers (how many operate here), planned
        (how many are planned), supply and demand (units/year, NaN if unknown), sized
        (bool: the supply is recorded, not implied), blind (bool: others than the makers need
        it, nobody knows how much), needed (bool: any input of a local
        producer), needed_essentially (bool), fed (bool: takes something made here).

    Returns
    -------
    states
        One of `STATES`, same index.
    """
    made = facts["producers"] > 0
    sized = facts["sized"] & ~facts["blind"]
    covers = sized & (facts["supply"] >= facts["demand"].fillna(0.0))
    many = ~sized & (facts["producers"] >= ENOUGH_PRODUCERS)
    rules = {
        "outer": facts["outer"],
        "planned": ~made & (facts["planned"] > 0),
        "strong": made & (covers | many),
        "weak": made,
        "broken": facts["needed_essentially"],
        "missing": facts["needed"] | facts["fed"],
    }
    return pd.Series(
        np.select(list(rules.values()), list(rules), "off_map"), index=facts.index, dtype=object
    )


def use_states(facts: pd.DataFrame) -> pd.Series:
    """
    Where each locally made product goes; the first rule that holds.

    final: nobody in the chain takes it further. short: the chain has users, none is here.
    absorbed: local users need at least what is made, or it is made for them alone.
    partial: they need less. unknown: its size is unknown.

    Parameters
    ----------
    facts
        Indexed by product_id: made (bool), stage, chain_users and local_users (how many),
        implied (bool), supply and demand (units/year, NaN if unknown).

    Returns
    -------
    states
        One of `USE_STATES`, None where the product is not made here; same index.
    """
    final = (facts["stage"] == FINAL_STAGE) | (facts["chain_users"] == 0)
    rules = {
        "final": final,
        "short": facts["local_users"] == 0,
        "absorbed": facts["implied"] | (facts["demand"] >= facts["supply"]),
        "partial": facts["demand"] < facts["supply"],
    }
    words = np.select(list(rules.values()), list(rules), "unknown")
    return pd.Series(words, index=facts.index, dtype=object).where(facts["made"], None)
