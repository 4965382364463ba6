"""A filled-in follow-up list: what it changes, the funnel it gives, and what does not move."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from cluster_graph.cluster.model import Cluster
from cluster_graph.tables.follow_up import FollowUp, read_follow_up
from cluster_graph.tables.regions import local_rows
from cluster_graph.targets.funnel import funnel, stalled


@dataclass(frozen=True, kw_only=True)
class Followed:
    """
    A follow-up list read back.

    Parameters
    ----------
    read
        From `tables.follow_up.read_follow_up`.
    by
        How the funnel is split: month, chain, township.
    funnel, total
        From `targets.funnel.funnel`: the local projects, split and all together.
    stalled
        From `targets.funnel.stalled`.
    """

    read: FollowUp
    by: str
    funnel: pd.DataFrame
    total: pd.DataFrame
    stalled: pd.DataFrame


def follow_up(cluster: Cluster, path: Path, by: str, today: date) -> Followed:
    """
    Read a follow-up list beside the projects of a cluster.

    Parameters
    ----------
    cluster
        A built cluster.
    path
        The workbook that `report` wrote, filled in.
    by
        How the funnel is split: month, chain, township.
    today
        The day of the look.

    Returns
    -------
    followed
        Changes, funnel, stalled projects.

    Raises
    ------
    InputError
        If the workbook has no such list, or two rows of it are one project.
    """
    read = read_follow_up(path, cluster.tables.projects, cluster.region[0])
    local = local_rows(read.projects, cluster.region)
    return Followed(
        read=read,
        by=by,
        funnel=funnel(local, cluster.chain, by),
        total=funnel(local, cluster.chain),
        stalled=stalled(local, today),
    )
