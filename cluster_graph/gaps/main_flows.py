"""What goes from product to product here, in money: bought outside, used here, left over."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cluster_graph.cluster.model import Cluster

FLOW_COLUMNS: Final = ("input_id", "output_id", "kind", "amount", "unit", "value")


@dataclass(frozen=True)
class MainFlows:
    """
    The flows that have a figure, and how many have none.

    Parameters
    ----------
    flows
        input_id; output_id, the product that it goes into, "" for what is left over; kind:
        `local` (from local makers, implied ones included), `outside` (what they cannot
        supply), `left` (supply beyond local demand: it leaves, or nobody knows where to);
        amount, units of the input a year; its unit; value, yuan a year. Largest first.
    left_out
        How many inputs of products that are made here have no figure: no coefficient, no
        price, or a maker of unknown size.
    """

    flows: pd.DataFrame
    left_out: int


def main_flows(cluster: Cluster, balance: pd.DataFrame) -> MainFlows:
    """
    Work out what goes from product to product, at reference prices.

    amount_ik = a_ik x_k; what local makers supply of it is its share min(S_i / D_i, 1), alike
    for every user; left_i = max(S_i - D_i, 0).

    Parameters
    ----------
    cluster
        A built cluster.
    balance
        Its balance.

    Returns
    -------
    flows
        Typical coefficients; by-products are supply like any other.

    References
    ----------
    Miller & Blair (2009), Input-Output Analysis, ch. 2: the flows z_ij = a_ij x_j.
    """
    chain = cluster.chain
    frame = balance.set_index("product_id")
    price = chain.products["price"]
    made = frame["producers"].map(bool) | (frame["supply"] > 0)
    wanted = chain.needs[chain.needs["output_id"].isin(frame.index[made])]
    rows = chain.sized_inputs
    rows = rows[rows["output_id"].isin(frame.index[frame["supply"] > 0])]
    inputs, users = rows["input_id"].to_numpy(), rows["output_id"].to_numpy()
    amount = rows["typical"].to_numpy() * frame.loc[users, "supply"].to_numpy()
    share = np.where(
        frame.loc[inputs, "supply"] <= 0,
        0.0,
        np.minimum(frame.loc[inputs, "self_sufficiency"].to_numpy(dtype=float), 1.0),
    )
    parts = [
        pd.DataFrame({"input_id": inputs, "output_id": users, "kind": kind, "amount": part})
        for kind, part in (("local", amount * share), ("outside", amount * (1.0 - share)))
    ]
    over = frame["surplus"][frame["surplus"] > 0]
    parts.append(
        pd.DataFrame(
            {"input_id": over.index, "output_id": "", "kind": "left", "amount": over.to_numpy()}
        )
    )
    flows = pd.concat(parts, ignore_index=True)
    flows["unit"] = chain.products.loc[flows["input_id"], "unit"].to_numpy()
    flows["value"] = flows["amount"] * price.loc[flows["input_id"]].to_numpy()
    flows = flows[flows["value"] > 0].sort_values(
        ["value", "input_id", "output_id", "kind"],
        ascending=[False, True, True, True],
        kind="stable",
    )
    drawn = set(zip(flows["input_id"], flows["output_id"], strict=True))
    asked = set(zip(wanted["input_id"], wanted["output_id"], strict=True))
    # A coefficient that is typically nothing says that the input is mostly not used.
    spare = set(
        zip(
            *(rows.loc[rows["typical"] == 0, end] for end in ("input_id", "output_id")), strict=True
        )
    )
    return MainFlows(flows[list(FLOW_COLUMNS)].reset_index(drop=True), len(asked - drawn - spare))
