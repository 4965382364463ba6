"""How far around a place its gaps have to be added up before they carry a plant."""

from typing import Final

import numpy as np
import pandas as pd

from cluster_graph.cluster.build import widen
from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.gaps.activity import activity
from cluster_graph.gaps.balance import balance
from cluster_graph.gaps.demand import direct_demand
from cluster_graph.tables.regions import BEIJING_TIANJIN_HEBEI, PROVINCES, prefix
from cluster_graph.text.cells import as_dicts

COUNTRY: Final = "CN"
# Beijing, Tianjin, Hebei and the provinces that border on them.
_AROUND_BEIJING: Final = frozenset(("11", "12", "13", "14", "15", "21", "37", "41"))


def radii(region: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """
    The regions around a region, from itself outwards.

    Parameters
    ----------
    region
        GB/T 2260 codes.

    Returns
    -------
    radii
        Name -> codes: the region, its prefectures, its provinces, for provinces around
        Beijing-Tianjin-Hebei these together with it, the country (`CN`).
    """
    own = tuple(dict.fromkeys(prefix(code) for code in region))
    found = {",".join(region): region}
    for width in (4, 2):
        wider = tuple(dict.fromkeys(code[:width] for code in own))
        if wider != own[: len(wider)] or len(own) != len(wider):
            found[",".join(wider)] = wider
        own = wider
    if set(own) <= _AROUND_BEIJING and not set(own) >= set(BEIJING_TIANJIN_HEBEI):
        wider = tuple(dict.fromkeys([*own, *BEIJING_TIANJIN_HEBEI]))
        found[",".join(wider)] = wider
    found[COUNTRY] = tuple(sorted(PROVINCES))
    return found


def demand_by_radius(cluster: Cluster) -> pd.DataFrame:
    """
    Direct demand for every product, from the region outwards.

    Parameters
    ----------
    cluster
        A built cluster.

    Returns
    -------
    demand
        Indexed by product_id, one column a radius, units/year, from whatever companies the
        data hold there.
    """
    coefficients = cluster.chain.coefficients()
    columns = {
        name: direct_demand(coefficients, activity(widen(cluster, codes)).level())
        for name, codes in radii(cluster.region).items()
    }
    return pd.DataFrame(columns, index=cluster.chain.products.index)


def scale_radius(demand: pd.DataFrame, smallest: pd.Series) -> pd.Series:
    """
    The nearest radius whose demand carries a plant of the smallest viable size.

    Parameters
    ----------
    demand
        From `demand_by_radius`.
    smallest
        Minimum efficient scale, units/year, same index; NaN if unknown.

    Returns
    -------
    radius
        A column name of `demand`; None where none passes or the scale is unknown.
    """
    passes = demand.ge(smallest, axis=0)
    return pd.Series(
        [next((name for name, passed in row.items() if passed), None) for row in as_dicts(passes)],
        index=demand.index,
        dtype=object,
    )


def reach(cluster: Cluster, product_id: str) -> pd.DataFrame:
    """
    One product from the region outwards, from whatever companies the data hold there.

    Parameters
    ----------
    cluster
        A built cluster.
    product_id
        The product.

    Returns
    -------
    reach
        One row a radius: radius (a region code, several, or `CN`), companies (how many the
        data hold inside), demand, supply and shortage (units/year, NaN if unknown) and
        plants (demand in smallest viable plants, NaN where that size is unknown).
    """
    smallest = float(cluster.chain.products["min_efficient_scale"][product_id])
    records = []
    for name, codes in radii(cluster.region).items():
        wider = widen(cluster, codes)
        table = balance(wider)
        row = as_dicts(table[table["product_id"] == product_id])[0]
        records.append(
            {
                "radius": name,
                "companies": int((wider.companies_frame["place"] == LOCAL).sum()),
                **{figure: float(row[figure]) for figure in ("demand", "supply", "shortage")},
                "plants": float(row["demand"]) / smallest if smallest > 0 else np.nan,
            }
        )
    return pd.DataFrame(records)
