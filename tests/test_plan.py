"""Plans of small clusters, by hand and beside `what-if`; all but the shipped data synthetic."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Rows, Run, company, needs, product, write_folder

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.upstream import upstream_gaps
from cluster_graph.targets.candidates import UNKNOWN, asked_limits
from cluster_graph.views.plan import PlanPage


def world(folder: Path, projects: Rows, chain: Path | None = None, **tables: Rows) -> Cluster:
    """Return a synthetic cluster whose mill takes 100 t of rods; a rod takes 2 t of coal."""
    chain = chain or write_folder(
        folder / "chain",
        products=[
            product("COAL", price=100),
            product("ROD", price=1000, min_efficient_scale=40),
            product("GLUE", price=10, min_efficient_scale=1000),
            product("STEEL", price=5000),
        ],
        inputs=[needs("COAL", "ROD", 2.0), needs("ROD", "STEEL", 0.1), needs("GLUE", "STEEL", 1.0)],
    )
    shared = {"region_code": "211382", "stage": "signed", "unit": "t"}
    data = write_folder(
        folder / "data",
        **{
            "companies": [company("MILL")],
            "outputs": [{"company_id": "MILL", "product_id": "STEEL", "output": 1000, "unit": "t"}],
            "projects": [{"name": f"项目{row['project_id']}", **shared, **row} for row in projects],
            **tables,
        },
    )
    return cg.build(cg.load(data), cg.chains(chain))


def test_a_plan_by_hand(tmp_path: Path) -> None:
    """
    Rods are short by 100 t (100,000 yuan), glue by 1,000 t (10,000 yuan).

    A makes 100 t of rods and needs 200 t of coal: 100,000 - 20,000. B makes the coal: 20,000
    more, which alone would be worth nothing. A plant of 1,000 t of glue closes 10,000.
    """
    built = world(
        tmp_path,
        [
            {"project_id": "A", "product_id": "ROD", "capacity": 100, "land_m2": 500},
            {"project_id": "B", "product_id": "COAL", "capacity": 300, "land_m2": 500},
        ],
    )
    both = cg.plan(built, count=2)
    assert both.chosen["candidate"].tolist() == ["A", "B"]
    assert both.closed == pytest.approx(100_000)
    assert both.checked == pytest.approx(both.closed)
    one = cg.plan(built, count=1)
    assert one.chosen["candidate"].tolist() == ["A"]
    assert one.closed == pytest.approx(80_000)
    assert one.limits["value_without"].tolist() == pytest.approx([110_000])
    every_one = cg.plan(built)
    assert every_one.chosen["candidate"].tolist() == ["A", "B", "GLUE"]
    assert every_one.closed == pytest.approx(110_000)
    left = one.left_out.set_index("candidate")["why"]
    assert left.to_dict() == {"B": "no_room", "ROD": "no_gain", "GLUE": "no_room"}
    does = both.chosen.set_index("candidate")
    # B alone keeps the coal that A needs from being short; A alone keeps rods from it.
    assert does.loc["A", ["closes", "opens"]].tolist() == [["ROD"], []]
    assert does.loc["B", ["closes", "opens"]].tolist() == [["COAL"], []]
    alone = one.chosen.set_index("candidate")
    assert alone.loc["A", ["closes", "opens"]].tolist() == [["ROD"], ["COAL"]]


def random_world(folder: Path, chance: np.random.Generator) -> Cluster:
    """Return a synthetic cluster of eight products, by-products and unpriced ones among them."""
    names = [f"P{place}" for place in range(8)]
    inputs = [
        needs(one, two, round(float(chance.uniform(0.1, 1.2)), 2))
        for at, two in enumerate(names)
        for one in names[:at]
        if chance.random() < 0.35
    ]
    taken = {(row["input_id"], row["output_id"]) for row in inputs}
    for one in names:
        two = names[int(chance.integers(8))]
        if one != two and (two, one) not in taken and chance.random() < 0.3:
            inputs.append(needs(one, two, 0.2, kind="by_product"))
    chain = write_folder(
        folder / "chain",
        products=[
            product(
                name,
                price=int(chance.integers(10, 1000)) if chance.random() < 0.8 else None,
                min_efficient_scale=int(chance.integers(10, 60)),
            )
            for name in names
        ],
        inputs=inputs,
    )
    data = write_folder(
        folder / "data",
        companies=[company(f"C{place}") for place in range(5)],
        outputs=[
            {
                "company_id": f"C{place}",
                "product_id": names[int(chance.integers(3, 8))],
                "output": int(chance.integers(20, 200)),
                "unit": "t",
            }
            for place in range(5)
        ],
        projects=[
            {
                "project_id": f"J{place}",
                "name": f"项目{place}",
                "product_id": names[int(chance.integers(8))],
                "capacity": int(chance.integers(10, 100)),
                "unit": "t",
                "stage": "signed",
                "region_code": "211382",
            }
            for place in range(5)
        ],
    )
    return cg.build(cg.load(data), cg.chains(chain))


def gap_value(balance: pd.DataFrame) -> float:
    """Return the upstream gaps at prices, yuan a year."""
    return float(upstream_gaps(balance)["value"].sum())


@pytest.mark.parametrize("seed", range(10))
def test_what_if_says_the_same(tmp_path: Path, seed: int) -> None:
    """The plan's closed value is what `what-if` finds with the same projects and plants."""
    built = random_world(tmp_path, np.random.default_rng(seed))
    found = cg.plan(built, count=3)
    plants = found.chosen[found.chosen["kind"] == "plant"]
    projects = found.chosen.loc[found.chosen["kind"] == "project", "candidate"]
    if found.chosen.empty:
        assert found.closed == 0
        return
    then = cg.what_if(
        built,
        add=dict(zip(plants["product_id"], plants["quantity"], strict=True)),
        projects=list(projects),
    )
    assert found.closed == pytest.approx(
        gap_value(then.balance_before) - gap_value(then.balance_after), rel=1e-9, abs=1e-3
    )
    pd.testing.assert_frame_equal(found.changes, then.changes)


def test_a_size_where_none_was_known_is_said(tmp_path: Path) -> None:
    """
    A local maker of rods of unknown size is taken to make the 100 t that the mill needs.

    The balance counts recorded output alone once there is some: with the 60 t of A, which must
    come, it finds 40 t short, at 1,000 yuan, and 120 t of coal instead of 200, at 100 yuan. To
    the program only the coal for A is new.
    """
    built = world(
        tmp_path,
        [{"project_id": "A", "product_id": "ROD", "capacity": 60}],
        companies=[company("MILL"), company("RODS")],
        outputs=[
            {"company_id": "MILL", "product_id": "STEEL", "output": 1000, "unit": "t"},
            {"company_id": "RODS", "product_id": "ROD"},
        ],
    )
    found = cg.plan(built, count=1, projects=["A"])
    assert found.closed == pytest.approx(-12_000)
    assert found.checked == pytest.approx(-40_000 + 8_000)
    for lang, words in (("zh", "规模不详的本地企业"), ("en", "local makers of unknown size")):
        page = PlanPage(found, built.chain, lang)  # type: ignore[arg-type]
        assert any(words in line and "ROD" in line for line in page.sentences())


def test_products_without_a_price_are_told_apart(tmp_path: Path) -> None:
    """Rods come from ore that nobody priced: it opens, and no figure holds it."""
    chain = write_folder(
        tmp_path / "chain",
        products=[product("ORE"), product("ROD", price=1000), product("STEEL", price=5000)],
        inputs=[needs("ORE", "ROD", 2.0), needs("ROD", "STEEL", 0.1)],
    )
    built = world(
        tmp_path, [{"project_id": "A", "product_id": "ROD", "capacity": 100}], chain=chain
    )
    found = cg.plan(built)
    assert found.closed == pytest.approx(100_000)
    lines = PlanPage(found, built.chain, "en").sentences()
    assert "Closes: Product ROD." in lines
    assert "Opens also, without a price and in no figure above: Product ORE." in lines


def test_the_limit_that_keeps_each_out_is_named(tmp_path: Path) -> None:
    """Each limit leaves room for one of the two, both together for none."""
    built = world(
        tmp_path,
        [
            {
                "project_id": name,
                "product_id": "ROD",
                "capacity": 100,
                "land_m2": land,
                "investment": money,
            }
            for name, land, money in (("A", 500, 9000), ("B", 5000, 900))
        ],
    )
    found = cg.plan(built, land=600, budget=1000)
    assert found.chosen.empty
    left = found.left_out.set_index("candidate")
    # A plant of 40 t takes 40 % of the median: 1,100 m2 and 19.8 m yuan.
    assert left["exceeds"].to_dict() == {
        "A": ["budget"],
        "B": ["land"],
        "ROD": ["land", "budget"],
        "GLUE": [],
    }
    # A and B close the same gap: without limits one would do, but either is kept out here.
    assert left["why"].to_dict() == {**dict.fromkeys(("A", "B", "ROD"), "no_room"), "GLUE": UNKNOWN}
    last = PlanPage(found, built.chain, "en").blocks()[-1]
    told = {row[0]: row[-1] for row in last.rows}
    assert told["项目B"] == "worth it, but breaks a limit on its own: land"


def test_nobody_to_choose_from(tmp_path: Path) -> None:
    """No project and no plant: nothing is chosen, nothing fails."""
    chain = write_folder(
        tmp_path / "chain",
        products=[product("ROD", price=1000), product("STEEL", price=5000)],
        inputs=[needs("ROD", "STEEL", 0.1)],
    )
    built = world(tmp_path, [{"project_id": "A", "product_id": "ROD"}], chain=chain)
    found = cg.plan(built, land=100, front="land")
    assert found.chosen.empty
    assert found.front.empty
    assert found.left_out["why"].tolist() == ["no_size", "no_size"]


def test_the_front_leaves_out_what_is_unknown(tmp_path: Path) -> None:
    """A takes nobody knows how much land: that is not none, so it is no point of the front."""
    built = world(
        tmp_path,
        [
            {"project_id": "A", "product_id": "COAL", "capacity": 100},
            {"project_id": "B", "product_id": "ROD", "capacity": 100, "land_m2": 500},
        ],
    )
    assert cg.plan(built).front.empty
    found = cg.plan(built, front="land")
    assert found.left_out.set_index("candidate").loc["A", "why"] == UNKNOWN
    # Two plants of 40 t (200 m2 each) on half the land, then A's 100 t: 800 yuan a tonne.
    assert found.front["used"].tolist() == pytest.approx([200, 400, 500])
    assert found.front["value"].tolist() == pytest.approx([32_000, 64_000, 80_000])
    with pytest.raises(InputError) as raised:
        cg.plan(built, front="budget")
    assert raised.value.key == "bad_choice"


def test_what_is_unknown_does_not_compete(tmp_path: Path) -> None:
    """Under a limit on money only what has a price tag competes; the other is named."""
    built = world(
        tmp_path,
        [
            {"project_id": "A", "product_id": "ROD", "capacity": 100},
            {"project_id": "B", "product_id": "ROD", "capacity": 50, "investment": 2000},
        ],
    )
    found = cg.plan(built, budget="2500万元")
    assert found.chosen["candidate"].tolist() == ["B"]
    assert found.chosen["investment"].tolist() == [2000]
    left = found.left_out.set_index("candidate")
    assert left.loc["A", "why"] == "unknown"
    assert left.loc["A", "unknown"] == ["budget"]
    # A plant of 40 t would take 2000 / 50 * 40 = 1600; one beside B is beyond the money.
    assert left.loc["ROD", "why"] in {"no_room", "no_gain"}
    assert found.limits["unknown"].tolist() == [2]


def test_plants_take_what_projects_of_the_product_take(tmp_path: Path) -> None:
    """10 m2 a tonne: a plant of 40 t takes 400 m2, two take 800 and close 80 t of 100."""
    built = world(
        tmp_path, [{"project_id": "A", "product_id": "ROD", "capacity": 10, "land_m2": 100}]
    )
    found = cg.plan(built, land=800, front="land")
    row = found.chosen.set_index("candidate").loc["ROD"]
    assert (row["plants"], row["quantity"], row["land_m2"]) == (2, 80, 800)
    assert row["estimated"] == ["land"]
    shown = PlanPage(found, built.chain, "en").blocks()[0].rows[0]
    assert "800 m2, estimated" in shown
    assert found.closed == pytest.approx(80_000 - 16_000)
    assert found.front["used"].is_monotonic_increasing
    assert found.front["value"].iloc[-1] == pytest.approx(found.closed)


def test_limits_as_people_write_them() -> None:
    """Mu and ten thousand square metres, yuan and its multiples, bare numbers in the usual unit."""
    asked = {
        "land": "15亩",
        "workshop": "4万平方米",
        "energy": "2万吨标煤",
        "budget": "3亿",
        "count": 5,
    }
    assert asked_limits(asked) == {
        "land": pytest.approx(10_000),
        "workshop": 40_000,
        "energy": 20_000,
        "budget": 30_000,
        "count": 5,
    }
    assert asked_limits({"budget": "5000万元", "land": 800, "count": None}) == {
        "budget": 5000,
        "land": 800,
    }


@pytest.mark.parametrize(
    ("asked", "key", "names"),
    [
        ({"land": -1}, "bad_limit", "--land"),
        ({"land": "viel"}, "bad_limit", "viel"),
        ({"budget": "5 t"}, "bad_limit", "5 t"),
        ({"count": 1.5}, "bad_limit", "--count"),
        ({"land": 100, "count": 9, "projects": ["A"]}, "plan_infeasible", "--land 100 m2 < 500"),
        ({"count": 0, "projects": ["A"]}, "plan_infeasible", "--count 0"),
        ({"energy": 5, "projects": ["A"]}, "plan_blind", "energy"),
        ({"projects": ["C"]}, "plan_not_open", "C"),
        ({"projects": ["NONE"]}, "unknown_project", "NONE"),
    ],
)
def test_limits_nobody_can_meet(
    tmp_path: Path, asked: dict[str, object], key: str, names: str
) -> None:
    """What binds is named, in both languages."""
    built = world(
        tmp_path,
        [
            {"project_id": "A", "product_id": "ROD", "capacity": 100, "land_m2": 500},
            {"project_id": "C", "product_id": "ROD"},
        ],
    )
    with pytest.raises(InputError) as raised:
        cg.plan(built, **asked)  # type: ignore[arg-type]  # the table mixes arguments
    assert raised.value.key == key
    assert names in raised.value.text("zh")
    assert names in raised.value.text("en")


def test_the_shipped_plan_agrees_with_the_whole_balance(lingyuan: Cluster) -> None:
    """The linear program and the balance worked out anew say the same."""
    found = cg.plan(lingyuan, count=5)
    assert found.chosen["plants"].sum() == 5
    assert found.checked == pytest.approx(found.closed, rel=1e-6)
    assert found.processed > 0
    assert (found.limits["value_without"] >= found.closed + found.processed).all()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command(run: Run, lang: str) -> None:
    """In words on the screen; too little room is said, and what cannot be read."""
    done = run("--lang", lang, "plan", "--land", "10亩", "--quiet")
    assert done.returncode == 0
    assert ("土地太紧" if lang == "zh" else "limit on land is too tight") in done.stdout
    wrong = run("--lang", lang, "plan", "--count", "-1")
    assert wrong.returncode == 2
    assert "--count" in wrong.stderr


def test_the_command_for_programs(run: Run) -> None:
    """One object as JSON; the front as CSV."""
    found = json.loads(run("plan", "--count", "5", "--format", "json").stdout)
    assert sum(row["plants"] for row in found["chosen"]) == 5
    assert found["closed"] == pytest.approx(found["checked"])
    assert {"closes", "opens", "processes", "estimated"} <= set(found["chosen"][0])
    stepwise = run("plan", "--energy", "5万吨标煤", "--front", "energy", "--format", "csv")
    assert stepwise.returncode == 0
    assert stepwise.stdout.splitlines()[0].lstrip("\ufeff") == "resource,used,value"
