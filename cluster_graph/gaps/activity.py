"""Who runs what here, how large, and how we know: from makers to vectors."""

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cluster_graph.chain.linkages import Vector
from cluster_graph.chain.model import ENDS, Chain, End
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.gaps.demand import implied_activity
from cluster_graph.tables.regions import inside
from cluster_graph.tables.schema import OPERATING

# From what somebody reported to what somebody guessed; a figure is as good as its worst part.
EVIDENCE_ORDER: Final = ("reported", "derived", "expert", "inferred", "planned")


@dataclass(frozen=True)
class Activity:
    """
    The local activity of every product, and what it rests on.

    Parameters
    ----------
    cluster
        The cluster it was read from.
    sized
        x_S, recorded local output, units/year; 0 where there is none.
    sized_ends
        End -> the same at that end of what the makers gave as a range.
    is_sized
        Which products have a recorded local output.
    operating
        product_id -> ids of the operating local makers.
    unsized_makers
        product_id -> ids of the operating local makers without a figure.
    planned
        product_id -> ids of the planned local makers and projects.
    planned_supply
        What the planned ones would add, units/year; NaN where no plan has a figure.
    implied
        End of the coefficients -> x_U, units/year; 0 where nothing is implied.
    """

    cluster: Cluster
    sized: Vector
    sized_ends: dict[End, Vector]
    is_sized: NDArray[np.bool_]
    operating: dict[str, list[str]]
    unsized_makers: dict[str, list[str]]
    planned: dict[str, list[str]]
    planned_supply: pd.Series
    implied: dict[End, Vector]

    @property
    def chain(self) -> Chain:
        """The reference chain."""
        return self.cluster.chain

    def level(self, end: End = "typical") -> Vector:
        """Level of every product, x_S + x_U, at one end of outputs and coefficients, units/year."""
        return self.sized_ends[end] + self.implied[end]

    @cached_property
    def is_implied(self) -> NDArray[np.bool_]:
        """Which products run at an implied level."""
        return self.implied["typical"] > 0

    @cached_property
    def active(self) -> frozenset[str]:
        """The local companies that make something whose level is known."""
        known = set(self.chain.products.index[self.level() > 0])
        return frozenset(
            company
            for product, companies in self.operating.items()
            if product in known
            for company in companies
            if company not in self.unsized_makers.get(product, ()) or product in self.implied_by
        )

    @cached_property
    def evidence(self) -> pd.Series:
        """How well the activity of each product is known; blank where there is none."""
        makers = self.cluster.makers
        local = makers[(makers["place"] == LOCAL) & (makers["role"] == "operating")]
        sized = local[local["size"].notna()]
        weakest = ranks(sized["evidence"]).groupby(sized["product_id"]).max()
        known = weakest.map(dict(enumerate(EVIDENCE_ORDER)))
        words = known.reindex(self.chain.products.index).fillna("").astype(object)
        return words.mask(pd.Series(self.is_implied, index=words.index), "derived")

    @cached_property
    def implied_by(self) -> dict[str, list[str]]:
        """Implied product -> the sized products whose need implies its level."""
        users: dict[str, list[str]] = {}
        rows = self.chain.sized_inputs
        rows = rows[rows["typical"] > 0]
        for made, user in zip(rows["input_id"], rows["output_id"], strict=True):
            users.setdefault(made, []).append(user)
        ids = self.chain.products.index
        implied = set(ids[self.is_implied])
        sized = set(ids[self.sized > 0])
        found = {}
        for product in sorted(implied):
            seen, queue, causes = {product}, deque([product]), set()
            while queue:
                for user in users.get(queue.popleft(), ()):
                    if user in sized:
                        causes.add(user)
                    elif user in implied and user not in seen:
                        seen.add(user)
                        queue.append(user)
            found[product] = sorted(causes)
        return found


def ranks(words: pd.Series) -> pd.Series:
    """
    How weak each evidence is, as its place in `EVIDENCE_ORDER`.

    Parameters
    ----------
    words
        Words of the evidence vocabulary; a blank counts as `reported`, for a user's own
        table is a report.

    Returns
    -------
    ranks
        Same index; 0 is the strongest.
    """
    known = {word: place for place, word in enumerate(EVIDENCE_ORDER)}
    return words.map(known).fillna(0).astype(int)


def _ids(frame: pd.DataFrame, name: str = "company_id") -> dict[str, list[str]]:
    rows = frame[["product_id", name]].drop_duplicates()
    return in_lists(rows["product_id"].to_numpy(), rows[name].to_numpy())


def in_lists(keys: NDArray[np.object_], values: NDArray[np.object_]) -> dict[str, list[str]]:
    """
    Values by key, each in the order in which it comes.

    Parameters
    ----------
    keys, values
        As many of one as of the other.

    Returns
    -------
    lists
        Key -> its values.
    """
    codes, names = pd.factorize(keys)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    parts = np.split(values[order], ends[:-1]) if len(names) else []
    return {str(name): part.tolist() for name, part in zip(names, parts, strict=True)}


def _pairs(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["company_id", "product_id"]])


def _planned(cluster: Cluster) -> tuple[dict[str, list[str]], pd.Series]:
    """Planned makers and projects, by product; what is both is counted once."""
    makers = cluster.makers
    planned = makers[(makers["place"] == LOCAL) & (makers["role"] == "planned")]
    projects = cluster.tables.projects
    here = projects["region_code"].map(lambda code: bool(code) and inside(code, cluster.region))
    projects = projects[
        here.astype(bool) & (projects["product_id"] != "") & (projects["stage"] != OPERATING)
    ]
    # A project with a capacity speaks for its company; one without adds nobody new.
    own = _pairs(planned).isin(_pairs(projects[projects["capacity"].notna()]))
    amounts = pd.concat(
        [
            planned.loc[~own, ["product_id", "size"]],
            projects[["product_id", "capacity"]].set_axis(["product_id", "size"], axis=1),
        ]
    )
    supply = amounts.astype({"size": float}).groupby("product_id")["size"].sum(min_count=1)
    ids = _ids(planned)
    alone = projects[~_pairs(projects).isin(_pairs(planned))]
    for product, names in _ids(alone, "project_id").items():
        ids[product] = [*ids.get(product, []), *names]
    return ids, supply.reindex(cluster.chain.products.index).astype(float)


def _implied(
    chain: Chain, sized: dict[End, Vector], unsized: NDArray[np.bool_]
) -> dict[End, Vector]:
    """
    Implied activity at each end, less what falls as a by-product anyway.

    A by-product comes as its main product runs, whoever needs it; its own makers are implied
    to make only the rest. They make least where least is needed and most of it falls, so the
    two ends of a rest come from opposite ends (Moore 1966, Interval Analysis).
    """
    whole: dict[End, Vector] = {
        end: implied_activity(chain.coefficients(end), sized[end], unsized) for end in ENDS
    }
    falls: dict[End, Vector] = {
        end: np.asarray(chain.by_product_coefficients(end) @ (sized[end] + whole[end]))
        for end in ENDS
    }
    both = unsized & (falls["typical"] > 0)
    if not both.any():
        return whole
    found: dict[End, Vector] = {}
    for end, other in zip(ENDS, reversed(ENDS), strict=True):
        rest = np.where(both, np.maximum(whole[end] - falls[other], 0.0), 0.0)
        given = sized[end] + rest
        found[end] = implied_activity(chain.coefficients(end), given, unsized & ~both) + rest
    return found


def activity(cluster: Cluster) -> Activity:
    """
    Read the local activity off a cluster, and solve for what it implies.

    Parameters
    ----------
    cluster
        A built cluster.

    Returns
    -------
    activity
        Sized, implied, unsized and planned, each apart.
    """
    chain, makers = cluster.chain, cluster.makers
    ids = chain.products.index
    local = makers[(makers["place"] == LOCAL) & (makers["role"] == "operating")]
    columns: dict[End, str] = {"low": "size_low", "typical": "size", "high": "size_high"}
    sums = local.groupby("product_id")[list(columns.values())].sum(min_count=1).reindex(ids)
    is_sized = sums["size"].notna().to_numpy()
    ends = {end: sums[name].fillna(0.0).to_numpy(dtype=float) for end, name in columns.items()}
    present = ids.isin(local["product_id"])
    unsized = np.asarray(present & ~is_sized, dtype=bool)
    planned, planned_supply = _planned(cluster)
    return Activity(
        cluster=cluster,
        sized=ends["typical"],
        sized_ends=ends,
        is_sized=is_sized,
        operating=_ids(local),
        unsized_makers=_ids(local[local["size"].isna()]),
        planned=planned,
        planned_supply=planned_supply,
        implied=_implied(chain, ends, unsized),
    )
