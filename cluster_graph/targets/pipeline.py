"""The pipeline: what planned projects may be expected to add, from the user's own funnel."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.tables.clean import figure
from cluster_graph.tables.regions import local_rows
from cluster_graph.tables.schema import OPERATING, PROJECTS, STAGES
from cluster_graph.tables.vocabulary import choice
from cluster_graph.targets.scenario import OPEN_STAGES

ENOUGH: Final = 10  # with fewer projects one more or less would turn the ratio over
CHANCE_COLUMNS: Final = ("stage", "projects", "probability", "basis", "reached", "running")
EXPECTED_COLUMNS: Final = (
    "product_id",
    "projects",
    "planned_supply",
    "expected_supply",
    "left_out",
)


def asked_probabilities(pairs: Iterable[tuple[str, object]]) -> dict[str, float]:
    """
    Read the probabilities that a user gives.

    Parameters
    ----------
    pairs
        A stage and a share, such as 0.6 or `60%`.

    Returns
    -------
    probabilities
        Stage -> 0 to 1.

    Raises
    ------
    InputError
        If a stage is unknown or operating already, or a share is no share.
    """
    found = {}
    for word, asked in pairs:
        stage = choice(PROJECTS.column("stage"), word)
        if stage not in OPEN_STAGES:
            expected = ", ".join(OPEN_STAGES)
            raise InputError("bad_choice", option="--probability", value=word, expected=expected)
        said = figure(str(asked))
        share = np.nan
        if said is not None and said.unit in ("", "%"):
            share = float(said.number) / (100.0 if said.unit else 1.0)
        if not 0 <= share <= 1:
            raise InputError("bad_probability", stage=stage, value=asked)
        found[stage] = share
    return found


def chances(cluster: Cluster, given: Mapping[str, float]) -> pd.DataFrame:
    """
    How likely a project of each stage is to operate one day.

    p_s = projects that operate / projects that got to stage s or beyond, the product of the
    ratios from each stage to the next, over the local projects of every kind. It counts those
    that are still on their way as not arrived, and so stands at the low end.

    Parameters
    ----------
    cluster
        A built cluster.
    given
        Stage -> probability that the user states; it goes before the funnel.

    Returns
    -------
    chances
        Columns `CHANCE_COLUMNS`, one row for each stage at which a local project stands or
        that the user states: `basis` is `given`, `funnel`, or `unknown` where fewer than
        `ENOUGH` projects got there or none of them operates; then the probability is NaN.
        `reached` and `running` are the two counts of the ratio.
    """
    stages = local_rows(cluster.tables.projects, cluster.region)["stage"]
    places = stages[stages.isin(STAGES)].map(STAGES.index)
    running = int((stages == OPERATING).sum())
    records = []
    for place, stage in enumerate(OPEN_STAGES):
        here, reached = int((places == place).sum()), int((places >= place).sum())
        if not here and stage not in given:
            continue
        own = running / reached if reached >= ENOUGH and running else np.nan
        probability = given.get(stage, own)
        known = "given" if stage in given else "unknown" if np.isnan(own) else "funnel"
        records.append((stage, here, probability, known, reached, running))
    return pd.DataFrame(records, columns=list(CHANCE_COLUMNS)).astype({"probability": float})


def expected_supply(cluster: Cluster, chances: pd.DataFrame) -> pd.DataFrame:
    """
    What the local projects under way may be expected to add.

    E_i = sum of capacity x p(stage) over the local projects of product i that do not operate.

    Parameters
    ----------
    cluster
        A built cluster.
    chances
        From `chances`.

    Returns
    -------
    expected
        Columns `EXPECTED_COLUMNS`, one row a product in the chains: how many projects, their
        capacity together and the expected supply (units/year, NaN where no project has both a
        capacity and a probability), and `left_out`, the projects that lack one of the two.
    """
    rows = local_rows(cluster.tables.projects, cluster.region)
    rows = rows[
        (rows["stage"] != OPERATING) & rows["product_id"].isin(cluster.chain.products.index)
    ]
    probability = rows["stage"].map(chances.set_index("stage")["probability"]).astype(float)
    amount = rows["capacity"].astype(float)
    frame = pd.DataFrame(
        {
            "product_id": rows["product_id"],
            "planned_supply": amount,
            "expected_supply": amount * probability,
        }
    )
    groups = frame.groupby("product_id", sort=True)
    found = groups[["planned_supply", "expected_supply"]].sum(min_count=1)
    found["projects"] = groups.size()
    found["left_out"] = found["projects"] - groups["expected_supply"].count()
    return found.reset_index()[list(EXPECTED_COLUMNS)]
