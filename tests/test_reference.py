"""The shipped chain and cluster, against published figures and the methods' own."""

from pathlib import Path

import pytest
from conftest import company, write_folder

import cluster_graph as cg
from cluster_graph.chain.model import Chain
from cluster_graph.chain.productive import spectral_radius
from cluster_graph.chain.schema import NATURE_GATES
from cluster_graph.cluster.model import Cluster

MILLION = 1e6


def test_one_tonne_of_crude_steel(tmp_path: Path, shipped_chain: Chain) -> None:
    """Total demand per tonne lies around what worldsteel publishes (1.37, 0.78, 0.27)."""
    data = write_folder(
        tmp_path,
        companies=[company("MILL")],
        outputs=[{"company_id": "MILL", "product_id": "S_CRUDE", "output": 1, "unit": "Mt"}],
    )
    table = cg.balance(cg.build(cg.load(data), shipped_chain)).set_index("product_id")
    total = table["total_demand"] / MILLION
    assert 1.33 <= total["S_CONC"] <= 1.40
    assert 0.74 <= total["S_COAL"] + total["S_PCI"] <= 0.82
    assert 0.28 <= total["N_LIMESTONE"] <= 0.33


def test_chain_is_productive(shipped_chain: Chain) -> None:
    """The spectral radius is the reference's, and below 1 at the high end too."""
    assert spectral_radius(shipped_chain.coefficients()) == pytest.approx(0.4185, abs=5e-4)
    assert spectral_radius(shipped_chain.coefficients("high")) < 1


def test_shortages_of_lingyuan(lingyuan: Cluster) -> None:
    """The figures of the methods, section 2: Mt a year, each with an interval around it."""
    expected = {
        "S_CONC": 6.75,
        "S_COAL": 3.51,
        "S_PCI": 0.75,
        "N_LIMESTONE": 0.73,
        "S_SCRAP": 0.68,
        "N_LIME": 0.53,
        "S_DOLOMITE": 0.36,
        "N_PYRO": 0.126,
        "S_REFRAC": 0.0756,
        "N_DESULF": 0.054,
        "S_ELECTRODE": 0.0016,
    }
    rows = cg.gaps(lingyuan, "upstream").set_index("product_id")
    for product, figure in expected.items():
        row = rows.loc[product]
        assert row["shortage"] / MILLION == pytest.approx(figure, rel=0.02), product
        assert row["shortage_low"] < row["shortage"] < row["shortage_high"], product
        assert row["unit"] == "t"
        assert row["users"], product


def test_implied_rows_say_so(lingyuan: Cluster) -> None:
    """Coke is implied, neither short nor in surplus; what rests on it is derived."""
    table = cg.balance(lingyuan).set_index("product_id")
    coke = table.loc["S_COKE"]
    assert coke["implied"]
    assert coke["supply"] / MILLION == pytest.approx(2.56, abs=0.01)
    assert (coke["shortage"], coke["surplus"]) == (0, 0)
    assert coke["implied_by"] == ["S_CRUDE"]
    gas = table.loc["S_COG"]
    assert gas["supply"] / 1e9 == pytest.approx(1.10, abs=0.01)
    assert gas["demand"] / 1e9 == pytest.approx(0.084, abs=0.001)
    for product in ("S_COKE", "S_COAL", "S_REFRAC", "S_COG"):
        assert table.loc[product, "evidence"] == "derived", product
        assert table.loc[product, "implied_by"] == ["S_CRUDE"], product


def test_recruitable_gaps_stand_apart_from_geology(lingyuan: Cluster) -> None:
    """Gates separate what can be recruited from what nature decides."""
    gates = cg.gaps(lingyuan, "upstream").set_index("product_id")["recruit_gate"]
    for product in ("S_REFRAC", "N_DESULF", "N_LIME", "S_GRINDBALL", "N_FILTERBAG", "N_SIZING"):
        assert gates[product] not in NATURE_GATES, product
    for product in ("S_ORE", "S_CONC", "S_COAL", "S_PCI"):
        assert gates[product] in NATURE_GATES, product


def test_rolled_steel_leaves_unprocessed(lingyuan: Cluster) -> None:
    """Rolled steel is short, and feeds downstream rows with what it could become."""
    table = cg.balance(lingyuan).set_index("product_id")
    rows = cg.gaps(lingyuan, "downstream")
    assert table.loc["S_STRIP", "use_state"] == "unknown", "the pipe mill takes some of it"
    for product in ("S_REBAR", "S_WIRE", "S_BAR", "S_STRIP"):
        assert table.loc[product, "use_state"] in {"short", "unknown"}, product
        fed = rows[[product in feeds for feeds in rows["fed_by"]]]
        assert len(fed), product
        assert (fed["headroom"].isna()).all(), "an upper end is never an output"
    tube = rows.set_index("product_id").loc["S_RADIATOR"]
    assert tube["headroom_high"] > 0
    assert tube["readiness"] == 1


def test_glass_fibre_feeds_what_the_city_published(lingyuan: Cluster) -> None:
    """Copper-clad laminate, blades, pipes and auto parts stand below Weisheng's fibre."""
    rows = cg.gaps(lingyuan, "downstream").set_index("product_id")
    for product in ("N_CCL", "N_BLADE", "N_FRPPIPE", "A_COMPLEAF", "N_SLEEPER", "N_BOAT"):
        assert "N_ROVING" in rows.loc[product, "fed_by"], product
    pipe = rows.loc["N_FRPPIPE"]
    assert pipe["headroom"] == pytest.approx(210_000 / 0.35)
    assert pipe["binding_input"] == "N_ROVING"
    assert "N_UPR" in pipe["missing_inputs"]
    assert rows.loc["N_BLADE", "via"] == ["N_FABRIC"]


def test_signed_coking_is_planned_never_supply(lingyuan: Cluster) -> None:
    """The signed 5 Mt stand beside the 2.2 Mt as plans; the supply of coke is implied alone."""
    coke = cg.balance(lingyuan).set_index("product_id").loc["S_COKE"]
    assert "KC006" in coke["planned_producers"]
    assert coke["planned_supply"] == 7_200_000
    assert coke["supply"] < 3 * MILLION
    assert coke["producers"] == ["KC001"]


def test_gates_are_never_outvoted(lingyuan: Cluster) -> None:
    """Only open gates are ranked, whatever the score of the others."""
    targets = cg.targets(lingyuan, "en")
    ranked = targets[targets["rank"].notna()]
    assert (ranked["gate"] == "open").all()
    assert ranked["rank"].tolist() == list(range(1, len(ranked) + 1))
    assert targets["reasons"].map(len).min() >= 1
    apart = targets[targets["rank"].isna()]
    assert (apart["listed"] == "apart").all()
    assert apart["score"].max() > ranked["score"].min()


def test_anchor_keeps_what_concerns_it(shipped_chain: Chain) -> None:
    """An alias finds the group; its rows are those it needs or feeds."""
    cluster = cg.build(cg.load(), shipped_chain, anchor="凌源集团")
    assert {"KC001", "KC002", "KC003"} == set(cluster.anchor)
    rows = cg.gaps(cluster)
    assert "S_REFRAC" in set(rows["product_id"])
    assert "N_PYRO" not in set(rows["product_id"])
    everything = cg.gaps(cg.build(cg.load(), shipped_chain))
    assert len(rows) < len(everything)


def test_wider_region_takes_in_more_companies(shipped_chain: Chain) -> None:
    """Chaoyang holds the mine and the tyre maker; Lingyuan does not."""
    wide = cg.balance(cg.build(cg.load(), shipped_chain, region="2113")).set_index("product_id")
    near = cg.balance(cg.build(cg.load(), shipped_chain)).set_index("product_id")
    assert near.loc["A_TYRE", "producers"] == []
    assert wide.loc["A_TYRE", "producers"] == ["KC014"]
    assert near.loc["S_ORE", "state"] == "broken"
    assert wide.loc["S_ORE", "implied"]
