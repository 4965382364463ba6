"""Sites: idle plants, workshops, land and mines that a target could take."""

from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cluster_graph.cluster.model import Cluster
from cluster_graph.flows.aggregate import LOCAL
from cluster_graph.tables.regions import local_rows
from cluster_graph.tables.schema import OPERATING
from cluster_graph.targets.intensity import per_unit
from cluster_graph.text import Lang, say
from cluster_graph.text.cells import as_dicts
from cluster_graph.text.numbers import quantity

if TYPE_CHECKING:
    import pandas as pd

GOAL: Final = 0.8  # the article: "标房入驻率要达到80%以上"
GOAL_FACT: Final = "SF020"
FITS: Final = ("fits", "unknown", "too_small")
_IDLE: Final = ("idle", "closed")
_MINING: Final = ("06", "07", "08", "09", "10", "11")  # GB/T 4754-2017, section B
_MOST: Final = 5
_EARTH: Final = 6371.0  # km, mean radius
# Which kinds suit a product, the best first, by whether it works in a standard plant.
_KINDS: Final[dict[bool | None, tuple[str, ...]]] = {
    True: ("workshop", "plant", "land"),
    False: ("plant", "land"),
    None: ("plant", "workshop", "land"),
}

Site = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Occupancy:
    """
    How full the standard workshops are, against the goal.

    Parameters
    ----------
    built, used
        Area that stands and area of it that is taken, m2; NaN if there is no such workshop or
        one of them does not say.
    aimed
        Area that is aimed at and does not stand yet, m2.
    coming
        Workshop area of the local projects under way, m2; NaN if one of them does not say.
    goal
        The share to be reached, 0 to 1.
    """

    built: float
    used: float
    aimed: float
    coming: float
    goal: float

    @property
    def share(self) -> float:
        """Used of built, 0 to 1; NaN if unknown."""
        return self.used / self.built if self.built > 0 else np.nan

    @property
    def share_after(self) -> float:
        """Used, with the projects under way, of what stands or is aimed at; NaN if unknown."""
        area = self.built + self.aimed
        return (self.used + self.coming) / area if area > 0 else np.nan


def occupancy(cluster: Cluster) -> Occupancy:
    """
    How full the standard workshops of the region are.

    Parameters
    ----------
    cluster
        A built cluster.

    Returns
    -------
    occupancy
        Sums over the rows of kind `workshop`; a row of evidence `planned` is aimed at, not
        built. The goal is the fact `GOAL_FACT` where the data have it.
    """
    sites = local_rows(cluster.tables.sites, cluster.region)
    shops = sites[sites["kind"] == "workshop"]
    planned = shops["evidence"] == "planned"
    facts = cluster.tables.facts
    goal = facts[(facts["fact_id"] == GOAL_FACT) & (facts["unit"] == "%")]["value"].dropna()
    projects = local_rows(cluster.tables.projects, cluster.region)
    coming = projects[~projects["stage"].isin(["", OPERATING])]["workshop_m2"]
    return Occupancy(
        built=_sum(shops[~planned]["area_m2"]),
        used=_sum(shops[~planned]["used_m2"]),
        aimed=float(shops[planned]["area_m2"].sum()),
        coming=_sum(coming),
        goal=float(goal.iloc[0]) / 100 if len(goal) else GOAL,
    )


class SiteFinder:
    """
    The sites of a region, found for one target after another.

    Parameters
    ----------
    cluster
        A built cluster. Companies of the region that are idle or closed count as old plants.
    lang
        The language of names and reasons.
    """

    def __init__(self, cluster: Cluster, lang: Lang) -> None:
        self._cluster = cluster
        self._lang: Lang = lang
        self._products: dict[Any, dict[Any, Any]] = cluster.chain.products.to_dict("index")
        self._rows = [*_offered(cluster), *_left_behind(cluster)]
        projects = cluster.tables.projects
        self._room = {
            land: per_unit(projects, "land_m2" if land else "workshop_m2") for land in (True, False)
        }
        frame = cluster.companies_frame
        self._points = {
            company: (latitude, longitude)
            for company, latitude, longitude in zip(
                frame["company_id"], frame["latitude"], frame["longitude"], strict=True
            )
            if not (np.isnan(latitude) or np.isnan(longitude))
        }

    def sites(self, product_id: str, smallest: float, hosts: list[str]) -> list[Site]:
        """
        Where a product could be made.

        A standard workshop only for what works in one; a mine only for what is mined; plants
        of firms that made the same or something of the same two-digit sector first among
        plants. What is only aimed at stands behind what is there, what is too small last.

        Parameters
        ----------
        product_id
            The product.
        smallest
            The smallest viable plant, units/year; NaN if unknown.
        hosts
            Local companies that need or feed it; the distance is to the first with coordinates.

        Returns
        -------
        sites
            At most five dicts: site_id or company_id (the other None), name, kind, area_m2 (the
            free area, the whole where its use is unknown, None if nobody says), needed_m2
            (None if unknown), fits (of `FITS`), planned,
            distance_km (great circle, None if unknown), owner_id, reason, source, evidence.
        """
        product = self._products[product_id]
        sector = str(product["sector_code"])
        kinds = _KINDS[product["standard_plant_fit"]]
        if product["stage"] == "raw_material" and sector.startswith(_MINING):
            kinds = ("mine", "plant", "land")
        point = next((self._points[host] for host in hosts if host in self._points), None)
        chosen: list[tuple[tuple[float, ...], int]] = []
        for number, row in enumerate(self._rows):
            if row["kind"] and row["kind"] not in kinds:
                continue
            needed = self._needed(row, product_id, smallest)
            far = _distance(point, row["point"])
            order = (
                _fits(row, needed) == "too_small",
                row["planned"],
                kinds.index(row["kind"]) if row["kind"] else len(kinds),
                not _same(row, product_id, sector),
                np.inf if far is None else far,
                -(row["free"] or 0.0),
            )
            chosen.append((order, number))
        return [
            self._site(self._rows[number], product, smallest, point)
            for _, number in nsmallest(_MOST, chosen)
        ]

    def _needed(self, row: Site, product_id: str, smallest: float) -> float | None:
        # A mine is not taken by the square metre.
        each = None if row["kind"] == "mine" else self._room[row["is_land"]].get(product_id)
        return None if each is None or np.isnan(smallest) else each * smallest

    def _site(
        self,
        row: Site,
        product: dict[Any, Any],
        smallest: float,
        point: tuple[float, float] | None,
    ) -> Site:
        needed = self._needed(row, product["product_id"], smallest)
        return {
            "site_id": row["site_id"],
            "company_id": row["company_id"],
            "name": (row["name_en"] if self._lang == "en" else "") or row["name"],
            "kind": row["kind"],
            "area_m2": row["free"],
            "needed_m2": needed,
            "fits": _fits(row, needed),
            "planned": row["planned"],
            "distance_km": _distance(point, row["point"]),
            "owner_id": row["owner_id"],
            "reason": self._reason(row, product, needed),
            "source": row["source"],
            "evidence": row["evidence"],
        }

    def _reason(self, row: Site, product: dict[Any, Any], needed: float | None) -> str:
        parts = []
        if row["company_id"] is not None:
            parts.append(self._say(f"site_{row['status']}"))
        if _same(row, product["product_id"], str(product["sector_code"])):
            parts.append(self._say("site_same"))
        if row["planned"]:
            parts.append(self._say("site_planned"))
        if row["free"] is None:
            parts.append(self._say("site_no_area"))
        elif not row["use_known"]:
            parts.append(
                self._say("site_use_unknown", free=quantity(row["free"], "m2", self._lang))
            )
        elif needed is None:
            parts.append(self._say("site_no_need", free=quantity(row["free"], "m2", self._lang)))
        else:
            key = "site_fits" if row["free"] >= needed else "site_too_small"
            free, room = (quantity(area, "m2", self._lang) for area in (row["free"], needed))
            parts.append(self._say(key, free=free, needed=room))
        if product["standard_plant_fit"] is None:
            parts.append(self._say("site_plant_unknown"))
        elif product["standard_plant_fit"] and row["kind"] == "workshop":
            parts.append(self._say("site_standard"))
        return say("word.clause", self._lang).join(parts)

    def _say(self, key: str, **values: object) -> str:
        return say(f"reason.{key}", self._lang, **values)


def _sum(values: "pd.Series[Any]") -> float:
    """All together, NaN if there is none or one is unknown."""
    return float(values.astype(float).sum(skipna=False)) if len(values) else np.nan


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _point(row: dict[Any, Any]) -> tuple[float, float] | None:
    point = (float(row["latitude"]), float(row["longitude"]))
    return None if any(np.isnan(point)) else point


def _offered(cluster: Cluster) -> list[Site]:
    """The rows of the sites table in the region."""
    return [
        {
            "site_id": row["site_id"],
            "company_id": None,
            "name": row["name"],
            "name_en": row["name_en"],
            "kind": row["kind"],
            "status": "",
            "free": _number(np.maximum(row["area_m2"] - np.nan_to_num(row["used_m2"]), 0.0)),
            # What does not stand yet is not taken either.
            "use_known": row["evidence"] == "planned" or not np.isnan(row["used_m2"]),
            "is_land": row["kind"] == "land",
            "planned": row["evidence"] == "planned",
            "point": _point(row),
            "owner_id": row["owner_id"] or None,
            "made": frozenset[str](),
            "sectors": frozenset[str](),
            "source": row["source"],
            "evidence": row["evidence"],
        }
        for row in as_dicts(local_rows(cluster.tables.sites, cluster.region))
    ]


def _left_behind(cluster: Cluster) -> list[Site]:
    """Plants of the region's companies that are idle or closed."""
    frame = cluster.companies_frame
    rows = frame[(frame["place"] == LOCAL) & frame["status"].isin(_IDLE)]
    makers = cluster.makers[cluster.makers["company_id"].isin(rows["company_id"])]
    made = makers.groupby("company_id")["product_id"].agg(set)
    sectors = cluster.chain.products["sector_code"]
    found = []
    for row in as_dicts(rows):
        own = made.get(row["company_id"], set())
        codes = {row["sector_code"], *(str(sectors[name]) for name in own if name in sectors.index)}
        area = row["workshop_m2"] if not np.isnan(row["workshop_m2"]) else row["land_m2"]
        found.append(
            {
                "site_id": None,
                "company_id": row["company_id"],
                "name": row["name"],
                "name_en": row["name_en"],
                "kind": "plant",
                "status": row["status"],
                "free": _number(area),
                "use_known": True,
                "is_land": np.isnan(row["workshop_m2"]),
                "planned": False,
                "point": _point(row),
                "owner_id": row["company_id"],
                "made": frozenset(own),
                "sectors": frozenset(code for code in codes if code),
                "source": row["source"],
                "evidence": row["evidence"],
            }
        )
    return found


def _same(row: Site, product_id: str, sector: str) -> bool:
    """Whether the product, or something of its two-digit sector, was made there before."""
    return product_id in row["made"] or (
        bool(sector) and any(code[:2] == sector[:2] for code in row["sectors"])
    )


def _fits(row: Site, needed: float | None) -> str:
    if row["free"] is None or needed is None:
        return "unknown"
    if row["free"] < needed:
        return "too_small"
    # Of a site whose use nobody knows, all may be taken.
    return "fits" if row["use_known"] else "unknown"


def _distance(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    """Great-circle distance in km, by the haversine formula."""
    if one is None or other is None:
        return None
    (north, east), (north_2, east_2) = np.radians(one), np.radians(other)
    half = (
        np.sin((north_2 - north) / 2) ** 2
        + np.cos(north) * np.cos(north_2) * np.sin((east_2 - east) / 2) ** 2
    )
    return round(float(2 * _EARTH * np.arcsin(np.sqrt(half))), 1)
