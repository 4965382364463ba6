"""The best set of projects, against every set there is; all data but the shipped ones synthetic."""

import json
from itertools import pairwise
from itertools import product as every
from pathlib import Path

import numpy as np
import pytest
from conftest import Rows, Run, company, needs, product, write_folder
from scipy import optimize, sparse

import cluster_graph as cg
from cluster_graph._errors import InputError
from cluster_graph.cluster.model import Cluster
from cluster_graph.targets.plan import asked_limits
from cluster_graph.targets.portfolio import Choice, Vector, front, shortage_value, solve


def random_choice(chance: np.random.Generator) -> Choice:
    """Return a synthetic instance: up to 12 candidates on up to 8 products, some surpluses."""
    products, candidates = int(chance.integers(2, 9)), int(chance.integers(1, 13))
    made = chance.integers(0, products, candidates)
    output = np.round(chance.uniform(1, 50, candidates), 1)
    use = chance.uniform(0, 30, (products, candidates)) * (
        chance.random((products, candidates)) < 0.3
    )
    use[made, np.arange(candidates)] = -output
    missing = np.round(chance.uniform(-40, 60, products), 1)
    gain = chance.uniform(0, 5, products) * (chance.random(products) < 0.4)
    feed = chance.uniform(0.1, 2, (products, products)) * (missing < 0)[:, None]
    limits = chance.uniform(5, 60, 3)
    limits[chance.random(3) < 0.3] = np.inf
    return Choice(
        price=np.round(chance.uniform(0, 10, products), 2) * 1e4,
        missing=missing,
        counts=chance.random(products) < 0.8,
        use=sparse.csr_array(use),
        made=made,
        output=output,
        gain=gain * 1e4,
        feed=sparse.csr_array(feed * (gain > 0)[None, :]),
        most=np.ones(candidates),
        least=(chance.random(candidates) < 0.05).astype(float),
        needs=chance.uniform(0, 15, (3, candidates)) * (chance.random((3, candidates)) < 0.8),
        limits=limits,
    )


def sold_value(choice: Choice, plants: Vector) -> float:
    """Return the value of one set: what to sell elsewhere is a linear program of its own."""
    size = len(choice.price)
    made = np.zeros(size)
    np.add.at(made, choice.made, choice.output * plants)
    net = choice.missing + choice.use @ plants
    price = np.where(choice.counts, choice.price, 0.0)
    # Variables: sold, short; minimise price short - gain sold.
    answer = optimize.linprog(
        np.concatenate([-choice.gain, price]),
        A_ub=np.block(
            [
                [np.eye(size), -np.eye(size)],
                [choice.feed.toarray(), np.zeros((size, size))],
            ]
        ),
        b_ub=np.concatenate([-net, np.maximum(-choice.missing, 0.0)]),
        bounds=[(0, made[k] if choice.gain[k] > 0 else 0) for k in range(size)]
        + [(0, None)] * size,
    )
    before = shortage_value(choice, np.zeros(len(plants)), np.zeros(size))
    return before - float(answer.fun)


def best_by_hand(choice: Choice) -> float | None:
    """Return the value of the best of all sets, or None if no set meets the limits."""
    found = None
    for bits in every((0.0, 1.0), repeat=len(choice.made)):
        plants = np.array(bits)
        if (plants < choice.least).any() or (choice.needs @ plants > choice.limits).any():
            continue
        value = sold_value(choice, plants)
        found = value if found is None else max(found, value)
    return found


def test_the_program_finds_what_trying_every_set_finds() -> None:
    """Two hundred random instances of up to twelve candidates."""
    chance = np.random.default_rng(5)
    solved = 0
    while solved < 200:
        choice = random_choice(chance)
        if len(choice.made) > 7 and solved % 40:
            continue  # a few of the largest are enough: each has thousands of sets
        expected = best_by_hand(choice)
        if expected is None:
            with pytest.raises(InputError):
                solve(choice)
            continue
        chosen = solve(choice)
        assert chosen.value == pytest.approx(expected, rel=1e-6, abs=1.0)
        assert chosen.gap <= 1e-9
        assert (choice.needs @ chosen.plants <= choice.limits * (1 + 1e-9)).all()
        solved += 1


def test_the_front_is_the_best_for_each_amount() -> None:
    """Every point is what the best set reaches for that much, and both rise."""
    chance = np.random.default_rng(8)
    for _ in range(4):
        choice = random_choice(chance)
        choice = choice.limited(1, np.inf).limited(2, np.inf)
        if best_by_hand(choice) is None or len(choice.made) > 7:
            continue
        points = front(choice, 0, 5)
        assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(points))
        for used, value in points:
            assert value == pytest.approx(best_by_hand(choice.limited(0, used + 1e-9)), abs=1.0)


def world(folder: Path, projects: Rows, **tables: Rows) -> Cluster:
    """Return a synthetic cluster whose mill takes 100 t of rods; a rod takes 2 t of coal."""
    chain = write_folder(
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
        companies=[company("MILL")],
        outputs=[{"company_id": "MILL", "product_id": "STEEL", "output": 1000, "unit": "t"}],
        projects=[{"name": f"项目{row['project_id']}", **shared, **row} for row in projects],
        **tables,
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
    found = cg.plan(built, land=800)
    row = found.chosen.set_index("candidate").loc["ROD"]
    assert (row["plants"], row["quantity"], row["land_m2"]) == (2, 80, 800)
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
    """In words on the screen, as an object for programs; too little room is said."""
    done = run("--lang", lang, "plan", "--land", "10亩", "--quiet")
    assert done.returncode == 0
    assert ("土地太紧" if lang == "zh" else "limit on land is too tight") in done.stdout
    found = json.loads(run("plan", "--count", "2", "--format", "json").stdout)
    assert sum(row["plants"] for row in found["chosen"]) == 2
    assert found["closed"] == pytest.approx(found["checked"])
    wrong = run("--lang", lang, "plan", "--count", "-1")
    assert wrong.returncode == 2
    assert "--count" in wrong.stderr
