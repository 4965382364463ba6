"""What each local company needs of each product, from what it makes itself."""

from typing import Final

import numpy as np
import pandas as pd

from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.gaps.activity import Activity

COLUMNS: Final = (
    "company_id",
    "product_id",
    "need",
    "need_low",
    "need_high",
    "whole",
    "essential",
    "made",
)
_ENDS: Final = {"need": "typical", "need_low": "low", "need_high": "high"}


def own_sizes(act: Activity) -> pd.DataFrame:
    """
    How much each local company makes of each product.

    Parameters
    ----------
    act
        The local activity.

    Returns
    -------
    sizes
        company_id, product_id, size (units/year). A product of unknown size whose level is
        implied is its only maker's; where several share it, and where nothing implies it,
        the size stays NaN.
    """
    makers = act.cluster.makers
    rows = makers[(makers["place"] == LOCAL) & (makers["role"] == "operating")]
    rows = rows[["company_id", "product_id", "size"]].drop_duplicates(["company_id", "product_id"])
    level = pd.Series(act.implied["typical"], index=act.chain.products.index)
    alone = ~rows["product_id"].duplicated(keep=False)
    implied = rows["product_id"].map(level.where(level > 0))
    return rows.assign(size=rows["size"].astype(float).fillna(implied.where(alone))).reset_index(
        drop=True
    )


def company_needs(act: Activity) -> pd.DataFrame:
    """
    What each local company needs of each product to make what it makes.

    need_ci = sum_k a_ik x_ck over the products k of company c

    Parameters
    ----------
    act
        The local activity.

    Returns
    -------
    needs
        Columns `COLUMNS`, one row a company and input. `need` and its ends in units/year of
        the input, NaN where none of the products that take it has a size and a coefficient;
        `whole` if all of them have, else the need is a lower bound; `essential` if one of
        them cannot do without; `made` lists them.
    """
    sizes = own_sizes(act)
    inputs = act.chain.needs[["input_id", "output_id", "low", "typical", "high", "essential"]]
    rows = sizes.merge(inputs, left_on="product_id", right_on="output_id", how="inner")
    for name, end in _ENDS.items():
        amounts = rows[end].fillna(rows["typical"])
        # Whatever its size, a maker takes nothing of what its coefficient says is not used.
        rows[name] = (amounts * rows["size"]).mask(amounts == 0, 0.0)
    grouped = rows.groupby(["company_id", "input_id"], sort=True)
    found = grouped[list(_ENDS)].sum(min_count=1)
    found["whole"] = grouped["need"].agg("count") == grouped["need"].agg("size")
    found["essential"] = grouped["essential"].any()
    found["made"] = grouped["output_id"].agg(list)
    found = found.reset_index().rename(columns={"input_id": "product_id"})
    return found[list(COLUMNS)].astype(dict.fromkeys(_ENDS, np.float64))
