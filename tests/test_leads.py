"""Whom to call, how to get there, and what the article asks of them; all data are synthetic."""

from pathlib import Path
from typing import Any

import pytest
from conftest import Rows, company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.chain.model import Chain
from cluster_graph.cluster.model import Cluster
from cluster_graph.targets.criteria import MU, company_criteria, place_mark
from cluster_graph.targets.leads import WAYS
from cluster_graph.targets.weights import PRESETS, read_weights
from cluster_graph.text import Lang

OUTSIDE = {"region_code": "130200"}


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    """Return a synthetic chain: COAL -> ROD -> STEEL -> CAR, of which steel is made here."""
    folder = write_folder(
        tmp_path / "chain",
        products=[
            product("COAL", sector_code="0610", price=500),
            product("ROD", sector_code="3099", price=1000, min_efficient_scale=100),
            product("STEEL", sector_code="3120", price=4000),
            product("CAR", sector_code="3610", price=9000, min_efficient_scale=10),
        ],
        inputs=[
            needs("COAL", "ROD", 2.0, value_share=0.5),
            needs("ROD", "STEEL", 0.5, value_share=0.2),
            needs("STEEL", "CAR", 1.0, value_share=0.4),
        ],
    )
    return cg.chains(folder)


def cluster(folder: Path, chain: Chain, **tables: Rows) -> Cluster:
    """Build a synthetic cluster with one steelworks, its anchor."""
    mine = [company("MILL", name="本地钢厂", is_anchor="true")]
    made = [{"company_id": "MILL", "product_id": "STEEL", "output": 1000, "unit": "t"}]
    tables["companies"] = [*mine, *tables.get("companies", [])]
    tables["outputs"] = [*made, *tables.get("outputs", [])]
    return cg.build(cg.load(write_folder(folder, **tables)), chain)


def leads(built: Cluster, product_id: str, lang: Lang = "zh") -> list[dict[str, Any]]:
    """Return the leads of one target."""
    targets = cg.targets(built, lang).set_index("product_id")
    found: list[dict[str, Any]] = targets.loc[product_id, "leads"]
    return found


def prospect(prospect_id: str, product_id: str, **more: object) -> dict[str, object]:
    """Return a synthetic prospect in Tangshan."""
    return {
        "prospect_id": prospect_id,
        "name": f"招商对象{prospect_id}",
        "product_id": product_id,
        **OUTSIDE,
        "source": "synthetic",
        "evidence": "reported",
        **more,
    }


def test_leads_come_from_near_to_far(tmp_path: Path, chain: Chain) -> None:
    """
    Five kinds, in order, each with its way and its path.

    X sells rods to the mill; Y sells rods to Z, who sells coal to the mill; P makes rods; Q
    makes coal, an input of rods, as Z does; R makes steel, which takes rods.
    """
    built = cluster(
        tmp_path / "data",
        chain,
        companies=[
            {"company_id": name, "name": f"外地企业{name}", **OUTSIDE} for name in ("X", "Y", "Z")
        ],
        links=[
            {"supplier_id": "X", "customer_id": "MILL", "product_id": "ROD", "quantity": 5},
            {"supplier_id": "Z", "customer_id": "MILL", "product_id": "COAL", "quantity": 9},
            {"supplier_id": "Y", "customer_id": "Z", "product_id": "ROD", "quantity": 7},
            # Nobody near the mill: no lead.
            {"supplier_id": "Y", "customer_id": "FAR", "product_id": "ROD", "customer_name": "远"},
        ],
        prospects=[prospect("R", "STEEL"), prospect("Q", "COAL"), prospect("P", "ROD")],
    )
    found = leads(built, "ROD")
    assert [lead["company_id"] or lead["prospect_id"] for lead in found] == list("XYPZQR")
    assert [lead["kind"] for lead in found] == [
        "trades",
        "partner",
        "makes",
        "input",
        "input",
        "buys",
    ]
    assert [lead["distance"] for lead in found] == [1, 2, None, None, None, None]
    assert [lead["way"] for lead in found] == [
        "through_business",
        "through_business",
        "one_to_one",
        "chain",
        "chain",
        "chain",
    ]
    assert {lead["via"] for lead in found} == {"MILL"}
    assert found[0]["path"] == "本地钢厂 → （向其购买产品ROD） → 外地企业X"
    assert found[1]["path"] == (
        "本地钢厂 → （向其购买产品COAL） → 外地企业Z → （向其购买产品ROD） → 外地企业Y"
    )
    assert found[2]["path"] == "本地钢厂 → （需要产品ROD，生产者为） → 招商对象P"
    assert [found[place]["source"] for place in (2, 4, 5)] == ["synthetic"] * 3
    english = leads(built, "ROD", "en")
    assert english[4]["path"].endswith(
        "(Product COAL, an input of Product ROD, made by) → 招商对象Q"
    )


def test_the_strongest_tie_of_a_company_decides(tmp_path: Path, chain: Chain) -> None:
    """X sells rods in a large and a small link; the large one puts it before Y."""
    built = cluster(
        tmp_path / "data",
        chain,
        companies=[
            company("FORGE", name="本地锻造"),
            *({"company_id": name, "name": f"外地企业{name}", **OUTSIDE} for name in ("X", "Y")),
        ],
        outputs=[{"company_id": "FORGE", "product_id": "STEEL", "output": 10, "unit": "t"}],
        links=[
            {"supplier_id": "X", "customer_id": "MILL", "product_id": "ROD", "quantity": 9},
            {"supplier_id": "Y", "customer_id": "MILL", "product_id": "ROD", "quantity": 5},
            {"supplier_id": "X", "customer_id": "FORGE", "product_id": "ROD", "quantity": 1},
        ],
    )
    found = [lead for lead in leads(built, "ROD") if lead["kind"] == "trades"]
    assert [(lead["company_id"], lead["via"]) for lead in found] == [("X", "MILL"), ("Y", "MILL")]


def test_companies_that_only_links_name(tmp_path: Path, chain: Chain) -> None:
    """Two links away nobody is in the table of companies; names come from the links."""
    built = cluster(
        tmp_path / "data",
        chain,
        links=[
            {"supplier_id": "Z", "supplier_name": "外地贸易", "customer_id": "MILL",
             "supplier_region": "120000", "product_id": "COAL", "quantity": 9},
            {"supplier_id": "W", "supplier_name": "外地炭素", "supplier_region": "440100",
             "customer_id": "Z", "customer_name": "外地贸易", "product_id": "ROD", "quantity": 1},
        ],
    )  # fmt: skip
    lead = next(one for one in leads(built, "ROD") if one["distance"] == 2)
    assert (lead["company_id"], lead["name"]) == ("W", "外地炭素")
    assert lead["path"] == (
        "本地钢厂 → （向其购买产品COAL） → 外地贸易 → （向其购买产品ROD） → 外地炭素"
    )
    assert (lead["region_code"], lead["place"]) == ("440100", 0.4)
    assert lead["score"] is None


def test_whoever_buys_the_surplus_could_process_it_here(tmp_path: Path, chain: Chain) -> None:
    """A carmaker that takes local steel is one link away; a shop that makes no cars is none."""
    built = cluster(
        tmp_path / "data",
        chain,
        companies=[{"company_id": "FORGE", "name": "锻造厂", **OUTSIDE}],
        outputs=[{"company_id": "FORGE", "product_id": "ROD", "output": 1, "unit": "t"}],
        links=[
            {"supplier_id": "MILL", "customer_id": "WORKS", "customer_name": "汽车厂",
             "customer_region": "110000", "product_id": "STEEL", "quantity": 50},
            {"supplier_id": "MILL", "customer_id": "FORGE", "product_id": "STEEL", "quantity": 60},
        ],
    )  # fmt: skip
    found = leads(built, "CAR")
    assert [(lead["company_id"], lead["distance"]) for lead in found] == [("WORKS", 1)]
    assert found[0]["path"] == "本地钢厂 → （向其销售产品STEEL） → 汽车厂"
    assert found[0]["place"] == 1.0


def test_the_preferred_place_comes_first_then_the_better_company(
    tmp_path: Path, chain: Chain
) -> None:
    """Hebei before Liaoning before Guangdong; of two in Hebei the one that pays tax."""
    built = cluster(
        tmp_path / "data",
        chain,
        prospects=[
            prospect("GD", "ROD", region_code="440100", revenue=9e6, tax=9e5, high_tech="true"),
            prospect("LN", "ROD", region_code="210100"),
            prospect("HB", "ROD", tax=10, revenue=1000),
            prospect("HB2", "ROD", tax=2000, revenue=30000),
        ],
    )
    assert [lead["prospect_id"] for lead in leads(built, "ROD")] == ["HB2", "HB", "LN", "GD"]


def test_prospects_of_the_region_itself_are_no_leads(tmp_path: Path, chain: Chain) -> None:
    """Whoever is here already cannot be brought here."""
    here = prospect("HERE", "ROD", region_code="211382")
    built = cluster(tmp_path / "data", chain, prospects=[here, prospect("P", "ROD")])
    assert [lead["prospect_id"] for lead in leads(built, "ROD")] == ["P"]


def test_criteria_by_hand(tmp_path: Path, chain: Chain) -> None:
    """
    Marks worked out on paper; half of an enclave project's tax stays.

    Revenue of a billion yuan is half strength, a listing is full: 3/4. Tax of 10 million, half
    of it kept, is half a mark; 500 on 100 mu is 5 a mu, half a mark. 20,000 tce on 100,000 of
    revenue is 0.2: 1 - 0.2/0.7; its one product is not high in energy use: 1.
    """
    built = cluster(
        tmp_path / "data",
        chain,
        prospects=[
            prospect(
                "P", "ROD", revenue=100_000, listed_code="600000", tax=1000, enclave="true",
                land_m2=100 * MU, energy=20_000, high_tech="true", specialised_new="false",
            ),
            prospect("U", "ROD", region_code=""),
        ],
    )  # fmt: skip
    found = company_criteria(built, read_weights())
    row = found.loc["P"]
    assert row["strength"] == pytest.approx(0.75)
    assert row["tax"] == pytest.approx(0.5)
    assert row["tax_kept"] == pytest.approx(500)
    assert row["tax_per_mu"] == pytest.approx(5)
    assert row["technology"] == pytest.approx(0.5)
    assert row["green"] == pytest.approx((1 - 0.2 / 0.7 + 1) / 2)
    assert row["place"] == 1
    assert row["coverage"] == pytest.approx(1)
    unknown = found.loc["U"]
    assert unknown[["strength", "tax", "technology", "place"]].isna().all()
    assert unknown["score"] == 1  # nothing is known but that its product is clean
    assert unknown["coverage"] == pytest.approx(10 / 70)


def test_red_flags_are_said(tmp_path: Path, chain: Chain) -> None:
    """Paid-in capital, age, staff, abnormal operation, and a project that counts already."""
    built = cluster(
        tmp_path / "data",
        chain,
        prospects=[
            prospect(
                "P", "ROD", name="空壳集团有限公司", registered_capital=10_000, paid_in_capital=100,
                founded="2023-05", as_of="2024", employees=3, abnormal="true",
                red_flags="地址不实 / address not found",
            )
        ],
        projects=[
            {"project_id": "1", "name": "一期", "product_id": "", "stage": "signed",
             "region_code": "211382", "investor": "别家、空壳集团"}
        ],
    )  # fmt: skip
    lead = leads(built, "ROD", "en")[0]
    assert lead["flags"] == [
        "address not found",
        "only 1% of the registered capital is paid in",
        "founded only in 2023",
        "only 3 employees",
        "listed for abnormal operation",
        "stands behind the project '一期' already (signed): one project counts once",
    ]


def test_ways(tmp_path: Path, chain: Chain) -> None:
    """Enclave before leaders before one to one; a cluster of firms is recruited as a chain."""
    built = cluster(
        tmp_path / "data",
        chain,
        prospects=[
            prospect("E", "ROD", enclave="true", listed_code="1"),
            prospect("L", "ROD", listed_code="600001"),
            prospect("C", "ROD", record_type="cluster"),
            prospect("O", "ROD"),
        ],
    )
    ways = {lead["prospect_id"]: lead["way"] for lead in leads(built, "ROD")}
    assert ways == {"E": "enclave", "L": "leaders", "C": "chain", "O": "one_to_one"}
    assert set(ways.values()) < set(WAYS)


def test_places() -> None:
    """Beijing-Tianjin-Hebei 1, Liaoning and Inner Mongolia 0.6, elsewhere 0.4 (fact SF038)."""
    weights = read_weights()
    marks = [place_mark(code, weights) for code in ("110105", "130200", "211300", "150400", "44")]
    assert marks == [1.0, 1.0, 0.6, 0.6, 0.4]
    assert place_mark("", weights) != place_mark("", weights)


def test_the_shipped_list_is_one_to_act_on(lingyuan: Cluster) -> None:
    """The first twenty: reasons, gate, scale with its radius, coverage; half name a prospect."""
    first = cg.targets(lingyuan).head(20)
    assert first["rank"].tolist() == list(range(1, 21))
    assert (first["gate"] == "open").all()
    assert first["coverage"].between(0, 1, inclusive="right").all()
    named = 0
    for row in first.to_dict("records"):
        assert row["reasons"]
        assert any("最小经济规模" in reason for reason in row["reasons"])
        assert row["scale"] is None or row["scale_radius"] or row["scale"] != row["scale"]
        named += any(lead["prospect_id"] and lead["source"] for lead in row["leads"])
        assert all(lead["path"].endswith(lead["name"]) for lead in row["leads"])
    assert named >= 10
    outer = lingyuan.chain.products["outer_boundary"]
    assert not any(flag is True for flag in outer[first["product_id"]])


def test_presets_reorder_the_list(lingyuan: Cluster) -> None:
    """The three presets are three opinions, and none lists what a gate holds back."""
    orders = []
    for name in PRESETS:
        targets = cg.targets(lingyuan, weights=name)
        ranked = targets[targets["rank"].notna()]
        assert (ranked["gate"] == "open").all()
        orders.append(ranked["product_id"].tolist())
    assert sorted(orders[0]) == sorted(orders[1]) == sorted(orders[2])
    assert orders[0] != orders[1] != orders[2]
    assert cg.targets(lingyuan)["product_id"].head(9).tolist() == orders[0][:9]


def test_own_weights(tmp_path: Path, lingyuan: Cluster) -> None:
    """Only the need counts: the list is sorted by it, and says no more of its coverage."""
    path = tmp_path / "mine.toml"
    path.write_text("[target]\nneed = 2\n", encoding="utf-8")
    targets = cg.targets(lingyuan, weights=path)
    ranked = targets[targets["rank"].notna()]
    need = ranked["components"].map(lambda parts: parts["need"]).astype(float)
    assert need.dropna().is_monotonic_decreasing
    assert set(ranked["coverage"].round(9)) <= {0.0, 1.0}
    assert read_weights(path).company == read_weights().company


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[target]\nneed = -1\n", "weights_negative"),
        ("[target]\nneed = 'much'\n", "weights_negative"),
        ("[target]\nneed = true\n", "weights_negative"),
        ("[target]\nneed = nan\n", "weights_negative"),
        ("[target]\nneed = 0\nfit = 0\n", "weights_all_zero"),
        ("[target]\n", "weights_all_zero"),
        ("[target]\nluck = 1\n", "weights_unknown"),
        ("[goals]\nneed = 1\n", "weights_unknown"),
        ("need = 1\n", "weights_unknown"),
        ("[place]\nParis = 1\n", "weights_unknown"),
        ("[place]\n11 = 2\n", "weights_above_one"),
        ("[target\n", "weights_unreadable"),
    ],
)
def test_weights_that_cannot_be_used(tmp_path: Path, text: str, key: str) -> None:
    """Every fault is named, in both languages, with the file it is in."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_weights(path)
    assert raised.value.key == key
    assert "mine.toml" in raised.value.text("zh")
    assert "mine.toml" in raised.value.text("en")


def test_weights_that_are_not_there() -> None:
    """A preset misspelt: the three are named."""
    with pytest.raises(InputError, match="tax_first") as raised:
        read_weights("tax")
    assert raised.value.key == "weights_missing"
