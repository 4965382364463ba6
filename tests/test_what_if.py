"""Scenarios, against figures worked out on paper and the properties that any must have."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Run, company, needs, product, write_folder
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from test_properties import ANY_CLUSTER, LOCAL, World, worlds

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.targets.pipeline import chances, expected_supply
from cluster_graph.targets.scenario import scenario
from cluster_graph.targets.what_if import WhatIf
from cluster_graph.targets.what_if_words import what_if_sentences


def figures(found: WhatIf, product_id: str) -> "pd.Series[object]":
    """Return the row of a product that changed."""
    return found.changes.set_index("product_id").loc[product_id]


# ---- the shipped cluster


def test_coking_project_sizes_coke(lingyuan: Cluster) -> None:
    """
    Run the 2.2 Mt coking project of the shipped data.

    On paper, from 5.4 Mt of crude steel: iron 0.92 x 5.4 = 4.968 Mt, sinter 1.2 x 4.968 =
    5.9616 Mt, silicomanganese 0.012 x 5.4 Mt = 64,800 t. Coke 0.45 x 4.968 + 0.05 x 5.9616 +
    0.45 x 0.0648 = 2.56284 Mt, until now implied. With 2.2 Mt it is short by 362,840 t. Coking
    coal 1.37 x 2.56284 = 3.5110908 Mt falls to 1.37 x 2.2 = 3.014 Mt. By-products: gas 430 x
    2.2 = 946 million m3, tar 0.045 x 2.2 Mt = 99,000 t, benzole 0.013 x 2.2 Mt = 28,600 t.
    """
    found = cg.what_if(lingyuan, projects=["KC004"])
    coke, coal = figures(found, "S_COKE"), figures(found, "S_COAL")
    assert coke["change"] == ["opened", "sized"]
    assert coke["supply_before"] == pytest.approx(2_562_840)
    assert coke["supply_after"] == pytest.approx(2_200_000)
    assert coke["shortage_before"] == 0
    assert coke["shortage_after"] == pytest.approx(362_840)
    assert coal["change"] == ["narrowed"]
    assert coal["shortage_before"] == pytest.approx(3_511_090.8)
    assert coal["shortage_after"] == pytest.approx(3_014_000)
    falls = found.by_products.set_index("product_id")
    assert falls["amount"].to_dict() == pytest.approx(
        {"S_COG": 946e6, "S_TAR": 99_000, "S_BENZOL": 28_600, "S_AMSULF": 0.014 * 2.2e6}
    )
    assert falls["users_missing"]["S_COG"] == ["S_H2", "S_LNG", "S_METHANOL"]
    assert falls["users_here"]["S_COG"] == ["N_ROVING"]
    assert falls["users_missing"]["S_TAR"] == ["S_PITCH", "S_CBLACK"]
    assert falls["users_missing"]["S_BENZOL"] == ["S_BENZENE"]
    row = found.balance_after.set_index("product_id").loc["S_COKE"]
    assert not row["implied"]
    assert row["producers"] == ["KC001"]
    assert row["evidence"] == "planned"


def test_coking_project_in_words(lingyuan: Cluster) -> None:
    """All of that is said, in both languages."""
    found = cg.what_if(lingyuan, projects=["KC004"])
    for lang, parts in {
        "zh": (
            "推算为 256.3 万吨；现计 220 万吨",
            "只是推算值",
            "缺 36.28 万吨",
            "由 351.1 万吨减到 301.4 万吨",
            "焦炉煤气 9.46 亿立方米",
            "本地缺：氢气、焦炉煤气制LNG、甲醇",
            "煤焦油 9.9 万吨",
            "煤沥青、炭黑",
            "粗苯 2.86 万吨",
            "纯苯",
            "本地配套率由",
            "百亿",
        ),
        "en": (
            "2.563 Mt was implied",
            "short by 362.8 kt",
            "from 3.511 Mt to 3.014 Mt",
            "Coke-oven gas, 946 million m3",
            "missing here: Hydrogen",
            "Coal tar, 99 kt",
            "Crude benzol, 28.6 kt",
            "Benzene",
            "Local content",
            "10-billion",
        ),
    }.items():
        text = "\n".join(what_if_sentences(found, "zh" if lang == "zh" else "en"))
        for part in parts:
            assert part in text, part


def test_refractories_close_most_of_their_gap(lingyuan: Cluster) -> None:
    """
    Add 60,000 t of refractories to the shipped data.

    On paper: 0.012 x 5.4 Mt of crude steel + 0.002 x 4.968 Mt of iron + 0.004 x 0.21 Mt of
    glass fibre = 64,800 + 9,936 + 840 = 75,576 t needed, so 15,576 t stay short. The maker
    itself takes magnesite 1.2 x 60,000 = 72,000 t (48,000 to 132,000), which nobody needed
    before, and pyrophyllite 0.1 x 60,000 = 6,000 t on top of 0.6 x 210,000 = 126,000 t.
    """
    found = cg.what_if(lingyuan, add={"耐火材料": "6万吨"})
    own = figures(found, "S_REFRAC")
    assert own["change"] == ["narrowed"]
    assert own["shortage_before"] == pytest.approx(75_576)
    assert own["shortage_after"] == pytest.approx(15_576)
    assert own["self_sufficiency_after"] == pytest.approx(60_000 / 75_576)
    assert own["state_after"] == "weak"
    opened = figures(found, "S_MAGNESITE")
    assert opened["change"] == ["opened"]
    assert opened["shortage_after"] == pytest.approx(72_000)
    assert opened["shortage_low_after"] == pytest.approx(48_000)
    assert opened["shortage_high_after"] == pytest.approx(132_000)
    widened = figures(found, "N_PYRO")
    assert widened["change"] == ["widened"]
    assert widened["shortage_before"] == pytest.approx(126_000)
    assert widened["shortage_after"] == pytest.approx(132_000)
    taken = found.needs.set_index("product_id")
    assert taken["need"].to_dict() == {"S_MAGNESITE": 72_000, "N_PYRO": pytest.approx(6_000)}
    assert taken["is_gap"].all()
    worth = found.output.set_index("chain").loc["steel"]
    assert worth["gross_after"] - worth["gross_before"] == pytest.approx(60_000 * 4000)


def test_a_scenario_can_be_looked_at_like_any_cluster(lingyuan: Cluster) -> None:
    """Targets, explanations and graphs of the cluster that would be; the old one stays."""
    new = cg.what_if(lingyuan, add={"S_REFRAC": 60_000}).scenario.cluster
    assert "+S_REFRAC" in new.companies
    assert "+S_REFRAC" not in lingyuan.companies
    row = cg.targets(new).set_index("product_id").loc["S_REFRAC"]
    assert row["reasons"]
    made = cg.explain(new, "耐火材料").supply
    assert made["company_id"].tolist() == ["+S_REFRAC"]
    assert made["basis"].tolist() == ["project"]
    assert made["evidence"].tolist() == ["planned"]


# ---- a cluster on paper


@pytest.fixture
def paper(tmp_path: Path) -> Cluster:
    """Return a synthetic cluster: ore -> metal -> part, slag falls with the metal."""
    chain = write_folder(
        tmp_path / "chain",
        products=[
            product("ORE", price=100),
            product("METAL", price=400),
            product("PART", stage="final", price=900),
            product("SLAG", stage="by_product"),
            product("BRICK", stage="final", price=5),
        ],
        inputs=[
            needs("ORE", "METAL", 1.5),
            needs("METAL", "PART", 0.5),
            needs("SLAG", "BRICK", 2),
            needs("METAL", "SLAG", 0.3, kind="by_product"),
        ],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[
            company("A"),
            company("B", alias="乙厂"),
            company("L"),
            company("OUT", region_code="110000"),
        ],
        outputs=[
            {"company_id": "A", "product_id": "METAL", "output": 100},
            {"company_id": "B", "product_id": "PART", "output": 40},
        ],
        links=[{"supplier_id": "L", "customer_id": "A", "product_id": "ORE", "quantity": 30}],
        projects=[
            project("P1", "METAL", 50, "signed", company_id="A"),
            project("P2", "PART", "", "signed"),
            project("P3", "BRICK", 10, "construction", company_id="OUT"),
            project("P4", "", "", "signed"),
            project("P5", "PART", 5, "operating"),
            project("P6", "PART", 5, "signed", region_code="110000"),
        ],
    )
    return cg.build(cg.load(data), cg.chains(chain))


def project(
    project_id: str, product_id: str, capacity: object, stage: str, **more: object
) -> dict[str, object]:
    """Return a synthetic project in Lingyuan."""
    return {
        "project_id": project_id,
        "name": f"项目{project_id}",
        "product_id": product_id,
        "capacity": capacity,
        "stage": stage,
        "region_code": "211382",
        "company_id": "",
        **more,
    }


def test_projects_run_on_top_of_what_there_is(paper: Cluster) -> None:
    """P1 adds 50 to A's 100 of metal: ore 1.5 x 150 = 225, of which L delivers 30."""
    found = cg.what_if(paper, projects=["P1"])
    metal, ore = figures(found, "METAL"), figures(found, "ORE")
    assert (metal["supply_before"], metal["supply_after"]) == (100, 150)
    assert (ore["demand_after"], ore["supply_after"]) == (pytest.approx(225), 30)
    assert ore["change"] == ["widened"]
    assert (ore["shortage_before"], ore["shortage_after"]) == (120, 195)
    # The project is no plan any more, and nothing counts it twice.
    after = found.balance_after.set_index("product_id")
    assert np.isnan(after["planned_supply"]["METAL"])


def test_a_project_of_an_outside_firm_is_here(paper: Cluster) -> None:
    """P3 belongs to a firm in Beijing; its plant in Lingyuan makes bricks of slag here."""
    found = cg.what_if(paper, projects=["P3"])
    brick = found.balance_after.set_index("product_id").loc["BRICK"]
    assert (brick["supply"], brick["producers"]) == (10, ["P3"])
    # 2 x 10 of the 0.3 x 100 of slag
    assert figures(found, "SLAG")["demand_after"] == 20
    assert found.scenario.cluster.company_name("P3", "zh") == "项目P3"


def test_a_stage_takes_its_local_projects_alone(paper: Cluster) -> None:
    """Signed: P1, and P2 without a size; P4 makes nothing of the chain, P6 is elsewhere."""
    found = cg.what_if(paper, stages=["signed", "已签约"])
    assert [step.name_zh for step in found.scenario.steps] == ["项目P1", "项目P2"]
    assert found.scenario.skipped == 1
    part = found.balance_after.set_index("product_id").loc["PART"]
    assert part["supply"] == 40
    assert part["unsized_producers"] == ["P5", "P2"]
    said = what_if_sentences(found, "zh")
    assert any("产能不详" in sentence for sentence in said)
    assert any("1 个项目" in sentence for sentence in said)


def test_a_company_goes_with_its_outputs_links_and_projects(paper: Cluster) -> None:
    """Without A there is no metal and no need of ore; L, known by its sales, still makes 30."""
    found = cg.what_if(paper, remove=["A"])
    ore, metal = figures(found, "ORE"), figures(found, "METAL")
    assert (ore["demand_after"], ore["supply_after"], ore["surplus_after"]) == (0, 30, 30)
    assert ore["change"] == ["closed", "surplus"]
    assert metal["change"] == ["opened"]
    assert metal["shortage_after"] == 20
    after = found.scenario.cluster
    assert after.trade is not None
    assert after.trade.ties.empty
    assert "P1" not in set(after.tables.projects["project_id"])
    assert cg.what_if(paper, remove=["乙厂"]).scenario.steps[0].company_id == "B"


def test_output_value_is_gross_and_net(paper: Cluster) -> None:
    """
    Add up 100 x 400 of metal, 40 x 900 of parts and 30 x 100 of ore by hand.

    Gross 40,000 + 36,000 + 3,000 = 79,000 yuan; net of what is used again: metal 100 - 20, all
    parts, no ore: 32,000 + 36,000 = 68,000. Slag (30 t) has no price. With 50 more of metal:
    gross 99,000, net 88,000.
    """
    row = cg.what_if(paper, projects=["P1"]).output.set_index("chain").loc["toy"]
    assert (row["gross_before"], row["gross_after"]) == (79_000, 99_000)
    assert (row["leaving_before"], row["leaving_after"]) == (68_000, 88_000)
    assert row["ten_billion_after"] == pytest.approx(99_000 / 1e10)
    assert (row["priced"], row["unpriced"], row["unsized"]) == (3, 1, 0)


def test_twice_the_same_product_is_two_makers(paper: Cluster) -> None:
    """Each addition is a maker of its own."""
    found = cg.what_if(paper, add=[("BRICK", 3), ("BRICK", "4t")])
    brick = found.balance_after.set_index("product_id").loc["BRICK"]
    assert brick["producers"] == ["+BRICK", "+BRICK.2"]
    assert brick["supply"] == 7


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({}, "empty_scenario"),
        ({"add": {"NOPE": 1}}, "unknown_product_name"),
        ({"add": {"METAL": 0}}, "bad_quantity"),
        ({"add": {"METAL": -5}}, "bad_quantity"),
        ({"add": {"METAL": float("nan")}}, "bad_quantity"),
        ({"add": {"METAL": "some"}}, "bad_quantity"),
        ({"add": {"METAL": "5 辆"}}, "quantity_unit"),
        ({"remove": ["X"]}, "unknown_anchor"),
        ({"remove": ["OUT"]}, "remove_outside"),
        ({"remove": ["A", "B", "L"]}, "nobody_left"),
        ({"projects": ["P9"]}, "unknown_project"),
        ({"projects": ["P4"]}, "project_no_product"),
        ({"projects": ["P5"]}, "project_runs"),
        ({"projects": ["P6"]}, "project_outside"),
        ({"remove": ["A"], "projects": ["P1"]}, "unknown_project"),
        ({"stages": ["operating"]}, "bad_choice"),
        ({"stages": ["trial"]}, "no_project_at_stage"),
        ({"projects": ["P1"], "probabilities": {"signed": 1.5}}, "bad_probability"),
        ({"projects": ["P1"], "probabilities": {"operating": 0.5}}, "bad_choice"),
    ],
)
def test_impossible_scenarios_are_named(paper: Cluster, asked: dict[str, object], key: str) -> None:
    """Each mistake has its own error."""
    with pytest.raises(InputError) as caught:
        cg.what_if(paper, **asked)  # type: ignore[arg-type]  # the table mixes arguments
    assert caught.value.key == key


def test_without_projects_there_is_no_pipeline(tmp_path: Path) -> None:
    """A folder of companies and outputs alone can have scenarios too."""
    chain = write_folder(
        tmp_path / "chain",
        products=[product("ORE"), product("METAL")],
        inputs=[needs("ORE", "METAL", 2)],
    )
    data = write_folder(
        tmp_path / "data",
        companies=[company("A")],
        outputs=[{"company_id": "A", "product_id": "METAL", "output": 5}],
    )
    found = cg.what_if(cg.build(cg.load(data), cg.chains(chain)), add={"ORE": 4})
    assert figures(found, "ORE")["shortage_after"] == 6
    assert found.chances.empty
    assert found.expected.empty


# ---- the pipeline


def test_funnel_of_the_users_own_projects(tmp_path: Path) -> None:
    """
    Count 12 local projects: 4 signed, 4 under construction, 1 in trial, 3 operating.

    Signed: 3 of 12 operate; construction: 3 of 8, too few; given for trial: 0.9. Expected:
    parts 100 x 0.25 from a signed one; 10 x 0.9 from trial; the others have no size or no
    probability.
    """
    chain = write_folder(
        tmp_path / "chain", products=[product("PART")], inputs=[needs("PART", "PART", 0.1)]
    )
    stages = ["signed"] * 4 + ["construction"] * 4 + ["trial"] + ["operating"] * 3
    sizes = {0: 100, 4: 7, 8: 10}
    data = write_folder(
        tmp_path / "data",
        companies=[company("A")],
        outputs=[{"company_id": "A", "product_id": "PART", "output": 1}],
        projects=[
            *(
                project(f"P{at}", "PART", sizes.get(at, ""), stage)
                for at, stage in enumerate(stages)
            ),
            project("FAR", "PART", 1000, "operating", region_code="110000"),
        ],
    )
    cluster = cg.build(cg.load(data), cg.chains(chain))
    table = chances(cluster, {"trial": 0.9}).set_index("stage")
    assert table["basis"].to_dict() == {
        "signed": "funnel",
        "construction": "unknown",
        "trial": "given",
    }
    assert table.loc["signed", ["reached", "running", "projects"]].tolist() == [12, 3, 4]
    assert table["probability"]["signed"] == 0.25
    assert np.isnan(table["probability"]["construction"])
    row = expected_supply(cluster, table.reset_index()).iloc[0]
    assert row["planned_supply"] == 117
    assert row["expected_supply"] == pytest.approx(25 + 9)
    assert (row["projects"], row["left_out"]) == (9, 7)


def test_no_probability_is_made_up(paper: Cluster) -> None:
    """Five local projects tell nothing; the expected supply stays unknown."""
    found = cg.what_if(paper, add={"BRICK": 1})
    assert set(found.chances["basis"]) == {"unknown"}
    assert found.expected["expected_supply"].isna().all()
    given = cg.what_if(paper, add={"BRICK": 1}, probabilities={"signed": "60%"})
    expected = given.expected.set_index("product_id")["expected_supply"]
    assert expected["METAL"] == pytest.approx(30)


# ---- properties


@ANY_CLUSTER
@given(worlds(linked=True), st.sampled_from([1.0, 7.5, 1e6]))
def test_what_comes_and_goes_again_changes_nothing(world: World, amount: float) -> None:
    """Add a maker, remove it: every figure and word of the balance is what it was."""
    cluster, name = world.cluster, world.products[0]["product_id"]
    there = scenario(cluster, add=[(name, amount)]).cluster
    back = scenario(there, remove=[f"+{name}"]).cluster
    pd.testing.assert_frame_equal(cg.balance(back), cg.balance(cluster))


@ANY_CLUSTER
@given(worlds(), st.lists(st.sampled_from([1.0, 7.5, 1e6]), min_size=1, max_size=2))
def test_what_goes_and_comes_again_restores_every_figure(world: World, sizes: list[float]) -> None:
    """Remove a company whose outputs are known, add makers of the same: the same figures."""
    firm = {"company_id": "Z", "name": "来去厂", "region_code": LOCAL, "status": ""}
    made = list(zip([row["product_id"] for row in world.products], sizes, strict=False))
    rows = tuple(
        {"company_id": "Z", "product_id": name, "output": size, "year": "2024"}
        for name, size in made
    )
    whole = replace(
        world, companies=(*world.companies, firm), outputs=(*world.outputs, *rows)
    ).cluster
    without = scenario(whole, remove=["Z"]).cluster
    before, after = cg.balance(whole), cg.balance(scenario(without, add=made).cluster)
    for name in before.select_dtypes("float"):
        np.testing.assert_allclose(after[name], before[name], rtol=1e-9, err_msg=str(name))
    for name in ("state", "use_state", "presence", "implied"):
        assert after[name].tolist() == before[name].tolist()


# ---- the command


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_command_prints_sentences_and_tables(run: Run, lang: str) -> None:
    """Before and after on the screen, in either language."""
    done = run("--lang", lang, "what-if", "--project", "KC004", "--quiet")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    words = (
        ["现计 220 万吨", "新出缺口", "氢气", "10%", "期望供给"]
        if lang == "zh"
        else ["now counts at 2.2 Mt", "gap opened", "Hydrogen", "10%", "Expected supply"]
    )
    for word in words:
        assert word in done.stdout


def test_command_writes_every_format(run: Run, tmp_path: Path) -> None:
    """JSON has all parts, CSV and Excel the changes, Markdown the page."""
    asked = ("what-if", "--add", "S_REFRAC=60kt", "--quiet")
    parts = json.loads(run(*asked, "--format", "json").stdout)
    assert parts["steps"][0]["amount"] == 60_000
    assert parts["changes"][0]["product_id"] == "S_REFRAC"
    assert parts["reasons"]
    assert {"needs", "by_products", "content", "output", "chances", "expected"} <= set(parts)
    lines = run(*asked, "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("product_id,name_zh,name_en,chain,unit,change,state_before")
    assert len(lines) == 1 + len(parts["changes"])
    assert run(*asked, "--format", "md").stdout.startswith("# 如果")
    done = run(*asked, "--format", "xlsx", "-o", "x.xlsx")
    assert done.returncode == 0, done.stderr
    sheet = load_workbook(tmp_path / "x.xlsx").active
    assert sheet is not None
    assert sheet.max_row == len(lines)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--add", "耐火材料=-1"), "大于 0"),
        (("--add", "耐火材料"), "PRODUCT=QTY"),
        (("--add", "耐火材料=1辆"), "不能计量"),
        (("--remove", "没有这家"), "没有企业"),
        (("--project", "没有"), "没有项目"),
        (("--stage", "someday"), "contact"),
        (("--project", "KC004", "--probability", "signed=许多"), "0 到 1"),
        ((), "--add"),
    ],
)
def test_command_refuses_the_impossible(run: Run, asked: tuple[str, ...], said: str) -> None:
    """Bad scenarios: one line that says what to do, exit code 2, nothing printed."""
    done = run("what-if", *asked)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert "Traceback" not in done.stderr
