"""Downstream gaps: users of local products that are missing, weak or only planned here."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from cluster_graph.chain.model import Chain
from cluster_graph.chain.schema import FINAL_STAGE
from cluster_graph.gaps.demand import forward_bound
from cluster_graph.text.cells import as_dicts

# A user two steps on is still this product's story; further on it is another chain's.
REACH: Final = 2
# Over a step, only a product that makes up a tenth of its user's cost makes that user.
WEIGHT: Final = 0.1
_STATES: Final = ("missing", "broken", "weak", "planned")
_KINDS: Final = ("material", "component", "energy")
_STUFF: Final = ("material", "component")


@dataclass(frozen=True)
class _Step:
    """
    How one local product gets to a user.

    Units of it per unit of the user (typical and low), whether it is essential all the way,
    whether it weighs in the user's cost all the way, and over what.
    """

    amount: float
    low: float
    essential: bool
    weighs: bool
    via: list[str]


@dataclass
class _Fed:
    """One user product, and how local products reach it."""

    steps: int
    # local product -> units of it per unit of the user, along the path that leads here
    need: dict[str, _Step] = field(default_factory=dict)
    via: list[str] = field(default_factory=list)


def offered(balance: pd.DataFrame) -> pd.DataFrame:
    """
    Keep the local products that could feed somebody more.

    Parameters
    ----------
    balance
        From `balance`.

    Returns
    -------
    offered
        Rows of products made here that are short or partial, have a surplus, are of
        unknown size, or are reported as sold outside.
    """
    made = balance["producers"].map(bool)
    free = (
        balance["use_state"].isin(["short", "partial"])
        | (balance["surplus"] > 0)
        | (balance["surplus"].isna() & ~balance["implied"])
        | (balance["outside_sales"] > 0)
    )
    return balance[made & free]


def downstream_gaps(balance: pd.DataFrame, chain: Chain) -> pd.DataFrame:
    """
    Keep the user products that local products could feed and that are not made here.

    A product is reached directly, or over one step that is itself missing here (the path
    is in `via`); over a step only where the step is essential and makes up a tenth of the
    user's cost. Rows carry the balance of the user product and, beside it: `fed_by`,
    `steps`, `via`, `headroom` (units/year of the user product that the surplus could
    feed), `headroom_high` (its upper end: low coefficients, and for local products of
    unknown size what their own feed allows), `binding_input`, `value_step` (yuan per
    unit), `value_multiplier`, `readiness` (0 to 1), `missing_inputs`, `depth` (steps to a
    final product) and `best_path`.

    Parameters
    ----------
    balance
        From `balance`.
    chain
        The reference chain.

    Returns
    -------
    gaps
        One row a user product, `direction` downstream; direct ones first, then by what one
        viable plant adds in a year: the value step times the minimum efficient scale.
    """
    frame = balance.set_index("product_id", drop=False)
    free = offered(frame)
    reached = _reached(frame, free, chain)
    bound = _bounds(frame, chain)
    price = chain.products["price"]
    surplus = free["surplus"]
    finals = _paths_to_final(chain)
    ready, costs = readiness(supplied(balance), chain), _costs(chain)
    of_user = frame.to_dict("index")
    records = []
    for product, fed in reached.items():
        headroom, headroom_high, binding = _headroom(fed, surplus, bound)
        feed = _feed_value(fed, price)
        records.append(
            {
                **of_user[product],
                "direction": "downstream",
                "fed_by": sorted(fed.need),
                "steps": fed.steps,
                "via": fed.via,
                "headroom": headroom,
                "headroom_high": headroom_high,
                "binding_input": binding,
                "value_step": price[product] - costs[product],
                "value_multiplier": price[product] / feed if feed else np.nan,
                "readiness": ready[product][0],
                "missing_inputs": ready[product][1],
                "depth": len(finals[product]) - 1 if product in finals else None,
                "best_path": finals.get(product, []),
            }
        )
    if not records:
        return balance.iloc[:0].assign(direction="downstream", **dict.fromkeys(EXTRA, None))
    rows = pd.DataFrame.from_records(records)
    plant = chain.products.loc[rows["product_id"], "min_efficient_scale"].to_numpy()
    room = rows["headroom"].fillna(rows["headroom_high"])
    worth = rows["value_step"].clip(lower=0) * np.fmin(plant, room)
    order = pd.DataFrame({"steps": rows["steps"], "worth": -worth, "ready": -rows["readiness"]})
    order = order.sort_values(["steps", "worth", "ready"], kind="stable", na_position="last")
    return rows.loc[order.index].astype({"depth": "Int64"}).reset_index(drop=True)


EXTRA: Final = (
    "fed_by",
    "steps",
    "via",
    "headroom",
    "headroom_high",
    "binding_input",
    "value_step",
    "value_multiplier",
    "readiness",
    "missing_inputs",
    "depth",
    "best_path",
)


def _open(row: Mapping[Any, Any], makers: list[str]) -> bool:
    """Say whether a user product is a gap, and not what the feeding firm makes in-house."""
    if row["state"] not in _STATES or row["implied"]:
        return False
    in_house = set(row["producers"]) <= set(makers)
    return not (row["presence"] == "unsized" and in_house)


def _weighs(record: Mapping[Any, Any], price: Mapping[Any, float]) -> bool:
    """Say whether an input makes up enough of its user's cost to make the user."""
    share = record["value_share"]
    if np.isnan(share):
        share = record["typical"] * price[record["input_id"]] / price[record["output_id"]]
    return bool(share >= WEIGHT)


def _reached(frame: pd.DataFrame, free: pd.DataFrame, chain: Chain) -> dict[str, _Fed]:
    needs = chain.needs[chain.needs["kind"].isin(_KINDS)]
    outgoing: dict[str, list[dict[str, Any]]] = {}
    for record in as_dicts(needs):
        outgoing.setdefault(record["input_id"], []).append(record)
    price = chain.products["price"].to_dict()
    row_of = frame[["state", "implied", "presence", "producers"]].to_dict("index")
    reached: dict[str, _Fed] = {}
    for start, makers in free["producers"].items():
        first: dict[str, _Step] = {}
        for record in outgoing.get(str(start), ()):
            user = record["output_id"]
            if _open(row_of[user], makers):
                weighs = _weighs(record, price)
                step = _Step(record["typical"], record["low"], record["essential"], weighs, [])
                _add(reached, user, str(start), 1, step)
                if record["kind"] in _STUFF and not row_of[user]["producers"]:
                    first[user] = step
        for middle, step in first.items():
            for record in outgoing.get(middle, ()):
                user = record["output_id"]
                row = row_of[user]
                ahead = row["state"] == "off_map" or _open(row, makers)
                stuff = record["kind"] in _STUFF and record["essential"]
                if ahead and stuff and user != start and _weighs(record, price):
                    amounts = step.amount * record["typical"], step.low * record["low"]
                    onward = _Step(*amounts, step.essential, step.weighs, [middle])
                    _add(reached, user, str(start), REACH, onward)
    return reached


def _add(
    reached: dict[str, _Fed],
    user: str,
    start: str,
    steps: int,
    step: _Step,
) -> None:
    fed = reached.get(user)
    if fed is None or steps < fed.steps:
        fed = reached[user] = _Fed(steps, via=list(step.via))
    if steps > fed.steps or start in fed.need:
        return
    fed.need[start] = step


def _bounds(frame: pd.DataFrame, chain: Chain) -> pd.Series:
    made = frame["producers"].map(bool)
    unknown = frame.index[made & frame["supply"].isna()]
    cap = frame.loc[made & frame["supply"].notna() & ~frame["implied"], "supply"]
    return forward_bound(chain.sized_inputs, cap, unknown)


def _headroom(fed: _Fed, surplus: pd.Series, bound: pd.Series) -> tuple[float, float, str | None]:
    """
    Output of the user product that local surpluses could feed, its upper end, what binds.

    headroom_k = min over the offered essential inputs of surplus_j / a_jk. The upper end
    takes the low coefficients, and for a local product of unknown size what its own feed
    allows. Only inputs that weigh in the user's cost limit it: no number of seats follows
    from a mill's tonnes.
    """
    steps = {
        name: step
        for name, step in fed.need.items()
        if step.essential and step.weighs and step.amount > 0
    }
    known = {
        name: float(surplus[name]) / step.amount
        for name, step in steps.items()
        if surplus[name] >= 0
    }
    upper = [
        float(room) / step.low
        for name, step in steps.items()
        for room in (surplus[name], bound.get(name, np.nan))
        if step.low > 0 and np.isfinite(room)
    ]
    most = min(upper, default=np.nan)
    if not known or len(known) < len(steps):
        return np.nan, most, None
    binding = min(known, key=lambda name: (known[name], name))
    return known[binding], most, binding


def supplied(balance: pd.DataFrame) -> pd.Series:
    """
    The share of its local need that each product's local makers can supply.

    Parameters
    ----------
    balance
        From `balance`.

    Returns
    -------
    share
        Indexed by product_id: 0 where nobody makes it here, its self-sufficiency where that
        is known and demand outruns supply, else 1.
    """
    made = balance["producers"].map(bool).to_numpy()
    share = balance["self_sufficiency"].fillna(1.0).to_numpy()
    return pd.Series(np.where(made, share, 0.0), index=balance["product_id"].to_numpy())


def readiness(supplied: pd.Series, chain: Chain) -> dict[str, tuple[float, list[str]]]:
    """
    How much of what each product cannot do without local makers can supply.

    An input that is made here and short counts by its self-sufficiency; one whose size is
    unknown counts as here. Weighed by the inputs' value shares where all are known, else by
    price times quantity where all are known, else each input alike: the three are never
    mixed.

    Parameters
    ----------
    supplied
        From `supplied`.
    chain
        The reference chain.

    Returns
    -------
    readiness
        product_id -> share (0 to 1, of the essential input value; NaN for a product without
        essential inputs) and the essential inputs that nobody makes here.
    """
    rows = chain.needs[chain.needs["essential"].astype(bool)]
    inputs = rows["input_id"].to_numpy()
    here = supplied.loc[inputs].to_numpy(dtype=float)
    worth = rows["typical"].to_numpy() * chain.products.loc[inputs, "price"].to_numpy()
    candidates = (rows["value_share"].to_numpy(), worth, np.ones(len(rows)))
    found: dict[str, tuple[float, list[str]]] = {
        str(product): (np.nan, []) for product in chain.products.index
    }
    for product, own in rows.groupby("output_id").indices.items():
        weights = next(
            part
            for part in (values[own] for values in candidates)
            if not np.isnan(part).any() and part.sum() > 0
        )
        share = float((weights * here[own]).sum() / weights.sum())
        found[str(product)] = share, list(inputs[own][here[own] <= 0])
    return found


def _costs(chain: Chain) -> dict[str, float]:
    """What the inputs of one unit cost, yuan; NaN if an essential one has no price or amount."""
    rows = chain.needs
    amount = rows["typical"].to_numpy()
    worth = amount * chain.products.loc[rows["input_id"], "price"].to_numpy()
    worth = np.where(amount == 0, 0.0, worth)
    blind = np.isnan(worth) & rows["essential"].to_numpy(dtype=bool)
    found = dict.fromkeys(map(str, chain.products.index), np.nan)
    for product, own in rows.groupby("output_id").indices.items():
        if not blind[own].any():
            found[str(product)] = float(np.nansum(worth[own]))
    return found


def _feed_value(fed: _Fed, price: pd.Series) -> float:
    """What the local feed of one unit is worth, yuan; 0 where it is a trace or unknown."""
    parts = [step.amount * price[name] for name, step in fed.need.items() if step.weighs]
    return float(np.nansum(parts)) if parts else 0.0


def _paths_to_final(chain: Chain) -> dict[str, list[str]]:
    """For each product a shortest path to a final one, itself first."""
    incoming: dict[str, list[str]] = {}
    for made, user in zip(chain.needs["input_id"], chain.needs["output_id"], strict=True):
        incoming.setdefault(user, []).append(made)
    finals = chain.products.index[chain.products["stage"] == FINAL_STAGE]
    paths: dict[str, list[str]] = {product: [product] for product in finals}
    queue: deque[Any] = deque(finals)
    while queue:
        product = queue.popleft()
        for made in incoming.get(product, ()):
            if made not in paths:
                paths[made] = [made, *paths[product]]
                queue.append(made)
    return paths
