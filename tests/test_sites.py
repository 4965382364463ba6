"""Where a target could stand; all data but the shipped ones are synthetic."""

import math
from pathlib import Path
from typing import Any

import pytest
from conftest import Rows, company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph.chain.model import Chain
from cluster_graph.cluster.model import Cluster
from cluster_graph.targets.sites import SiteFinder, occupancy

NAN = float("nan")


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    """Return a synthetic chain: BOLT works in a standard plant, COKE does not, ORE is mined."""
    folder = write_folder(
        tmp_path / "chain",
        products=[
            product("BOLT", sector_code="3482", standard_plant_fit="true"),
            product("COKE", sector_code="2521", standard_plant_fit="false"),
            product("ORE", sector_code="0810", stage="raw_material", standard_plant_fit="false"),
            product("GLUE", sector_code="2669"),
            product("STEEL", sector_code="3120"),
        ],
        inputs=[needs(name, "STEEL", 0.1) for name in ("BOLT", "COKE", "ORE", "GLUE")],
    )
    return cg.chains(folder)


def site(site_id: str, kind: str, area: object = "", **more: object) -> dict[str, object]:
    """Return a synthetic site in Lingyuan."""
    return {
        "site_id": site_id,
        "name": f"载体{site_id}",
        "kind": kind,
        "area_m2": area,
        "region_code": "211382",
        "evidence": "reported",
        **more,
    }


def cluster(folder: Path, chain: Chain, **tables: Rows) -> Cluster:
    """Build a synthetic cluster with a steelworks at 41 N, 119 E."""
    mill = company("MILL", latitude=41, longitude=119)
    tables["companies"] = [mill, *tables.get("companies", [])]
    made = [{"company_id": "MILL", "product_id": "STEEL", "output": 100, "unit": "t"}]
    tables["outputs"] = [*made, *tables.get("outputs", [])]
    return cg.build(cg.load(write_folder(folder, **tables)), chain)


def found(built: Cluster, product_id: str, smallest: float = NAN) -> list[dict[str, Any]]:
    """Return the sites of one product."""
    return SiteFinder(built, "en").sites(product_id, smallest, ["MILL"])


def ids(sites: list[dict[str, Any]]) -> list[str]:
    """Return what the sites are called."""
    return [row["site_id"] or row["company_id"] for row in sites]


def test_kinds_suit_the_product(tmp_path: Path, chain: Chain) -> None:
    """Workshops for what works in one, mines for what is mined, nothing of another region."""
    built = cluster(
        tmp_path / "data",
        chain,
        sites=[
            site("land", "land", 500),
            site("aim", "workshop", 900, evidence="planned"),
            site("shop", "workshop", 100),
            site("mine", "mine"),
            site("far", "workshop", 9000, region_code="110000"),
        ],
        companies=[company("OLD", status="idle", workshop_m2=300)],
    )
    assert ids(found(built, "BOLT")) == ["shop", "OLD", "land", "aim"]
    assert ids(found(built, "COKE")) == ["OLD", "land"]
    assert ids(found(built, "ORE")) == ["mine", "OLD", "land"]
    assert ids(found(built, "GLUE")) == ["OLD", "shop", "land", "aim"]
    assert "unknown" in found(built, "GLUE")[0]["reason"]
    assert found(built, "BOLT")[-1]["reason"].startswith("aimed at, not built yet")
    assert found(built, "ORE")[0]["area_m2"] is None
    assert found(built, "ORE")[0]["reason"] == "area unknown"


def test_old_makers_come_first(tmp_path: Path, chain: Chain) -> None:
    """Of two old plants the one that made the same; what runs is no site."""
    built = cluster(
        tmp_path / "data",
        chain,
        companies=[
            company("A", status="closed", workshop_m2=900),
            company("B", status="idle", sector_code="3489", land_m2=50),
            company("C", status="operating", sector_code="3482", workshop_m2=10_000),
        ],
    )
    sites = found(built, "BOLT")
    assert ids(sites) == ["B", "A"]
    assert sites[0]["reason"].startswith(
        "plant of a firm that stands idle; made the same kind of product"
    )
    assert sites[0]["area_m2"] == 50


def test_area_needed_comes_from_projects_of_the_same_product(tmp_path: Path, chain: Chain) -> None:
    """
    A project takes 20 m2 for each t; the smallest plant of 10 t takes 200 m2.

    A free workshop of 150 m2 (400 less 250 used) is too small and stands last; unknown stands
    between.
    """
    project = {"project_id": "1", "name": "p", "product_id": "BOLT", "capacity": 5, "unit": "t"}
    built = cluster(
        tmp_path / "data",
        chain,
        sites=[
            site("small", "workshop", 400, used_m2=250),
            site("land", "land"),
            site("big", "workshop", 200, used_m2=0),
        ],
        projects=[{**project, "workshop_m2": 100, "stage": "signed", "region_code": "211382"}],
    )
    sites = found(built, "BOLT", 10)
    assert ids(sites) == ["big", "land", "small"]
    assert [row["fits"] for row in sites] == ["fits", "unknown", "too_small"]
    assert sites[0]["needed_m2"] == 200
    assert sites[2]["area_m2"] == 150
    assert {row["fits"] for row in found(built, "BOLT")} == {"unknown"}


def test_distances(tmp_path: Path, chain: Chain) -> None:
    """One degree of a meridian is 111.2 km (6371 km pi / 180); the nearer of two comes first."""
    built = cluster(
        tmp_path / "data",
        chain,
        sites=[
            site("north", "land", latitude=43, longitude=119),
            site("near", "land", latitude=42, longitude=119),
            site("nowhere", "land"),
        ],
    )
    sites = found(built, "BOLT")
    assert ids(sites) == ["near", "north", "nowhere"]
    assert [row["distance_km"] for row in sites] == [111.2, 222.4, None]
    # Beijing (39.9042 N, 116.4074 E) to Shanghai (31.2304 N, 121.4737 E): 1067 km.
    built = cluster(
        tmp_path / "cities",
        chain,
        companies=[company("BJ", latitude=39.9042, longitude=116.4074)],
        sites=[site("SH", "land", latitude=31.2304, longitude=121.4737)],
    )
    far = SiteFinder(built, "en").sites("BOLT", NAN, ["BJ"])[0]["distance_km"]
    assert far == pytest.approx(1067, abs=1)


def test_wrong_coordinates_are_said(tmp_path: Path, chain: Chain) -> None:
    """A latitude of 141 counts as unknown and is named; a western longitude is none."""
    built = cluster(
        tmp_path / "data",
        chain,
        sites=[
            site("bad", "land", latitude=141, longitude=119),
            site("west", "land", latitude=-33, longitude=-70),
        ],
    )
    problems = built.tables.problems
    assert [(row.key, row.column, row.value) for row in problems] == [
        ("not_degrees", "latitude", "141")
    ]
    assert {row["site_id"]: row["distance_km"] is None for row in found(built, "BOLT")} == {
        "bad": True,
        "west": False,
    }


def test_occupancy_by_hand(tmp_path: Path, chain: Chain) -> None:
    """
    30 of 100 m2 used: 30 %. With 20 m2 of a project and 100 m2 aimed at, 50 of 200: 25 %.

    A project that operates has its workshop in `used_m2` already.
    """
    project = {"name": "p", "product_id": "", "region_code": "211382"}
    built = cluster(
        tmp_path / "data",
        chain,
        sites=[
            site("a", "workshop", 100, used_m2=30),
            site("b", "workshop", 100, evidence="planned"),
            site("c", "land", 1000),
        ],
        projects=[
            {**project, "project_id": "1", "stage": "signed", "workshop_m2": 20},
            {**project, "project_id": "2", "stage": "operating", "workshop_m2": 30},
        ],
    )
    full = occupancy(built)
    assert (full.share, full.share_after, full.goal) == (0.3, 0.25, 0.8)


def test_what_is_unknown_of_a_workshop_is_not_nothing(tmp_path: Path, chain: Chain) -> None:
    """A workshop that does not say how much is taken: no share, and no promise that it fits."""
    project = {"project_id": "1", "name": "p", "product_id": "BOLT", "capacity": 5, "unit": "t"}
    built = cluster(
        tmp_path / "data",
        chain,
        sites=[site("a", "workshop", 100, used_m2=30), site("b", "workshop", 1000)],
        projects=[{**project, "workshop_m2": 10, "stage": "signed", "region_code": "211382"}],
    )
    full = occupancy(built)
    assert math.isnan(full.share)
    assert math.isnan(full.share_after)
    sites = {row["site_id"]: row for row in found(built, "BOLT", 10)}
    assert {name: row["fits"] for name, row in sites.items()} == {"a": "fits", "b": "unknown"}
    assert sites["b"]["reason"].startswith("1,000 m2 in all; how much of it is taken is unknown")
    # Of the land of an old firm, what projects took of workshops says nothing.
    built = cluster(tmp_path / "old", chain, companies=[company("OLD", status="idle", land_m2=5)])
    assert found(built, "BOLT", 10)[0]["needed_m2"] is None


def test_sites_of_the_shipped_targets(lingyuan: Cluster) -> None:
    """The survey's four sites: three of unknown area, and workshops that were only aimed at."""
    targets = cg.targets(lingyuan, "en")
    for row in targets.to_dict("records"):
        names = ids(row["sites"])
        planned = {"SE031-W"} - ({"SE031-W"} if row["standard_plant_fit"] is False else set())
        assert set(names) == {"SE031", "SE032", "SE033"} | planned
        assert [one["planned"] for one in row["sites"]] == [False] * 3 + [True] * len(planned)
        assert all(one["source"] for one in row["sites"])
    full = occupancy(lingyuan)
    assert (full.aimed, full.goal) == (400_000, 0.8)
    assert full.built != full.built  # not published
