"""What must hold for any chain and any cluster; every one of them here is synthetic."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cluster_graph as cg
from cluster_graph.chain.model import Chain
from cluster_graph.chain.productive import spectral_radius
from cluster_graph.chain.schema import (
    INPUT_FLAGS,
    INPUT_NUMBERS,
    INPUT_TEXTS,
    PRODUCT_FLAGS,
    PRODUCT_NUMBERS,
    PRODUCT_TEXTS,
)
from cluster_graph.cluster.model import Cluster
from cluster_graph.gaps.content import local_content
from cluster_graph.gaps.gaps import gaps
from cluster_graph.targets import recruitability
from cluster_graph.targets.score import COMPONENTS, score
from cluster_graph.targets.targets import targets
from cluster_graph.targets.weights import read_weights

LOCAL, ELSEWHERE, NOWHERE = "211382", "110000", ""
FIGURES = ("demand", "demand_low", "demand_high", "total_demand")


PURCHASES = ("local_purchases", "outside_purchases", "unplaced_purchases")


@dataclass(frozen=True)
class World:
    """A random chain and the rows of a random cluster on it."""

    products: tuple[dict[str, Any], ...]
    inputs: tuple[dict[str, Any], ...]
    companies: tuple[dict[str, Any], ...]
    outputs: tuple[dict[str, Any], ...]
    links: tuple[dict[str, Any], ...]

    @property
    def chain(self) -> Chain:
        """The chain, as `chains` would have read it."""
        products = _frame(self.products, PRODUCT_TEXTS, PRODUCT_NUMBERS, PRODUCT_FLAGS).set_index(
            "product_id", drop=False
        )
        products.index.name = None
        inputs = _frame(self.inputs, INPUT_TEXTS, INPUT_NUMBERS, INPUT_FLAGS)
        return Chain(products, inputs, ("toy",))

    @property
    def cluster(self) -> Cluster:
        """The cluster, built from frames."""
        tables = {
            "companies": pd.DataFrame(self.companies),
            "outputs": pd.DataFrame(
                self.outputs, columns=["company_id", "product_id", "output", "year"]
            ),
        }
        if self.links:
            tables["links"] = pd.DataFrame(self.links)
        return cg.build(cg.load(tables), self.chain, region=LOCAL)

    @property
    def balance(self) -> pd.DataFrame:
        """The balance, indexed by product."""
        return cg.balance(self.cluster).set_index("product_id", drop=False)

    def scaled(self, factor: float, product: str | None = None) -> "World":
        """Return the same world with the outputs of all products, or of one, multiplied."""
        rows = tuple(
            {**row, "output": row["output"] * factor}
            if row["output"] is not None and product in (None, row["product_id"])
            else row
            for row in self.outputs
        )
        return replace(self, outputs=rows)


def _frame(
    rows: Sequence[dict[str, Any]],
    texts: tuple[str, ...],
    numbers: tuple[str, ...],
    flags: tuple[str, ...],
) -> pd.DataFrame:
    blank = {**dict.fromkeys(texts, ""), **dict.fromkeys(numbers, np.nan), **dict.fromkeys(flags)}
    frame = pd.DataFrame([{**blank, **row} for row in rows], columns=list(blank))
    kinds = {**dict.fromkeys((*texts, *flags), object), **dict.fromkeys(numbers, float)}
    frame = frame.astype(kinds)
    return (
        frame.assign(essential=frame["essential"].astype(bool)) if "essential" in flags else frame
    )


AMOUNT = st.sampled_from([0.0, 0.05, 0.25, 0.5, 1.0, 2.0])
OUTPUT = st.sampled_from([None, None, 0.0, 1.0, 7.5, 40.0, 1000.0])


@st.composite
def chains(draw: st.DrawFn) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    """Draw products and inputs, cycles and by-products among them."""
    size = draw(st.integers(2, 6))
    ids = [f"P{number}" for number in range(size)]
    products = tuple(
        {
            "product_id": name,
            "name_zh": name,
            "chain": "toy",
            "stage": draw(st.sampled_from(["raw_material", "intermediate", "final"])),
            "unit": "t",
            "recruit_gate": draw(st.sampled_from(["open", "open", "policy_restricted"])),
            "price": draw(st.sampled_from([np.nan, 10.0, 300.0])),
            "min_efficient_scale": draw(st.sampled_from([np.nan, 5.0, 500.0])),
            "outer_boundary": draw(st.sampled_from([False, False, False, True])),
            "standard_plant_fit": draw(st.sampled_from([None, True, False])),
        }
        for name in ids
    )
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), unique=True, max_size=10)
    )
    kinds = ["material", "material", "energy", "service", "by_product", "capital_or_indirect"]
    inputs = []
    for one, other in pairs:
        typical = draw(AMOUNT)
        spread = draw(st.sampled_from([0.0, 0.2, 0.5]))
        kind = draw(st.sampled_from(kinds))
        assume(one != other or kind != "by_product")
        known = draw(st.sampled_from([True, True, True, False]))
        inputs.append(
            {
                "input_id": one,
                "output_id": other,
                "kind": kind,
                "low": typical * (1 - spread) if known else np.nan,
                "typical": typical if known else np.nan,
                "high": typical * (1 + spread) if known else np.nan,
                "essential": draw(st.booleans()),
                "value_share": draw(st.sampled_from([np.nan, 0.05, 0.6])),
                "evidence": draw(st.sampled_from(["expert", "reported"])),
            }
        )
    return products, tuple(inputs)


@st.composite
def worlds(draw: st.DrawFn, *, linked: bool = False) -> World:
    """Draw a productive chain and companies on it, with links when asked."""
    products, inputs = draw(chains())
    ids = [row["product_id"] for row in products]
    places = [
        LOCAL,
        *draw(st.lists(st.sampled_from([LOCAL, LOCAL, ELSEWHERE, NOWHERE]), max_size=4)),
    ]
    status = st.sampled_from(["", "", "operating", "construction", "closed"])
    companies = tuple(
        {
            "company_id": f"C{number}",
            "name": f"企业{number}",
            "region_code": place,
            "status": draw(status),
        }
        for number, place in enumerate(places)
    )
    names = [row["company_id"] for row in companies]
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(ids))
    outputs = tuple(
        {"company_id": company, "product_id": product, "output": draw(OUTPUT), "year": "2024"}
        for company, product in draw(st.lists(pairs, unique=True, max_size=8))
    )
    links: tuple[dict[str, Any], ...] = ()
    if linked:
        ends = st.tuples(st.sampled_from([*names, "X"]), st.sampled_from([*names, "X"]))
        rows = draw(st.lists(ends.filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=8))
        links = tuple(
            {
                "supplier_id": supplier,
                "customer_id": customer,
                "product_id": draw(st.sampled_from([*ids, ""])),
                "quantity": draw(st.sampled_from(["", "1", "20", "3.5"])),
                "supplier_name": "外企",
                "customer_name": "外企",
                "evidence": draw(st.sampled_from(["reported", "", "inferred"])),
            }
            for supplier, customer in rows
        )
    world = World(products, inputs, companies, outputs, links)
    assume(spectral_radius(world.chain.coefficients("high")) < 0.95)
    return world


def close(one: pd.Series, other: pd.Series) -> None:
    """Hold two columns equal, unknown where the other is unknown."""
    np.testing.assert_allclose(
        one.to_numpy(dtype=float), other.to_numpy(dtype=float), rtol=1e-7, atol=1e-7
    )


ANY_CLUSTER: Callable[[Any], Any] = settings(max_examples=15, deadline=None)


@ANY_CLUSTER
@given(worlds(), st.sampled_from([0.5, 3.0, 1000.0]))
def test_demand_is_linear_in_output(world: World, factor: float) -> None:
    """All outputs times k: all demands and supplies times k, low, typical, high and total."""
    before, after = world.balance, world.scaled(factor).balance
    for column in (*FIGURES, "supply", "shortage", "surplus"):
        close(after[column], before[column] * factor)
    for column in ("state", "use_state", "presence"):
        assert after[column].tolist() == before[column].tolist()


@ANY_CLUSTER
@given(worlds(), st.integers(0, 5))
def test_doubling_supply_never_widens_its_gap(world: World, place: int) -> None:
    """Twice as much of a product: its shortage is no larger, whatever it eats on the way."""
    sized = sorted({row["product_id"] for row in world.outputs if row["output"]})
    assume(sized)
    product = sized[place % len(sized)]
    before, after = world.balance, world.scaled(2.0, product).balance
    for column in ("shortage", "shortage_low", "shortage_high"):
        was, now = before.loc[product, column], after.loc[product, column]
        assert not now > was * (1 + 1e-9) + 1e-7, (product, column)


@ANY_CLUSTER
@given(worlds(linked=True))
def test_balance_identities(world: World) -> None:
    """What is true of every row of every balance."""
    table = world.balance
    shortage, surplus = table["shortage"], table["surplus"]
    # shortage and surplus exclude each other, and no figure is negative
    assert not ((shortage > 0) & (surplus > 0)).any()
    numbers = table.select_dtypes("float")
    assert not (numbers < -1e-9).any().any()
    # S - D = surplus - shortage where both are known
    known = table["demand"].notna() & table["supply"].notna()
    difference = (table["supply"] - table["demand"])[known]
    close(difference, (surplus - shortage)[known])
    # the interval contains the point, for demand, shortage and value
    for name in ("demand", "shortage", "value"):
        given_rows = table[table[name].notna()]
        slack = 1e-9 * given_rows[name] + 1e-7
        assert (given_rows[f"{name}_low"] <= given_rows[name] + slack).all()
        assert (given_rows[name] <= given_rows[f"{name}_high"] + slack).all()
    # an implied product is never short and never in surplus
    implied = table[table["implied"].astype(bool)]
    assert (implied[["shortage", "surplus"]] == 0).all().all()
    # unknown is not zero: an unsized presence has no supply
    unsized = table[(table["presence"] == "unsized") & ~table["implied"].astype(bool)]
    assert unsized["supply"].isna().all()
    # everything that is needed directly is part of the total
    sized = table[table["implied_by"].map(len) == 0]
    direct = sized[sized["demand"].notna()]
    assert (direct["total_demand"] >= direct["demand"] * (1 - 1e-9) - 1e-7).all()
    share = table["self_sufficiency"].dropna()
    assert share.between(0, 1 + 1e-12).all()


@ANY_CLUSTER
@given(worlds(), st.floats(1.0, 2.0))
def test_more_doubt_never_narrows_an_interval(world: World, more: float) -> None:
    """Coefficients and prices known less well give every interval at least its old width."""
    inputs = tuple(
        {**row, "low": row["low"] / more, "high": row["high"] * more} for row in world.inputs
    )
    wider = replace(world, inputs=inputs)
    assume(spectral_radius(wider.chain.coefficients("high")) < 1)
    before, after = world.balance, wider.balance
    for name in ("demand", "shortage", "value"):
        slack = 1e-9 * before[name].abs() + 1e-7
        assert not (after[f"{name}_low"] > before[f"{name}_low"] + slack).any()
        assert not (after[f"{name}_high"] < before[f"{name}_high"] - slack).any()


@ANY_CLUSTER
@given(worlds())
def test_local_content_is_a_share(world: World) -> None:
    """Between 0 and 1, the ends around the point, the missing parts making up the rest."""
    found = local_content(world.cluster, world.balance.reset_index(drop=True))
    for name in ("direct", "recursive"):
        assert (found[f"{name}_low"] >= -1e-9).all()
        assert (found[f"{name}_high"] <= 1 + 1e-9).all()
        assert (found[f"{name}_low"] <= found[name] + 1e-9).all()
        assert (found[name] <= found[f"{name}_high"] + 1e-9).all()
    assert (found["recursive"] <= found["direct"] + 1e-9).all()
    lost = found["missing"].map(lambda parts: sum(part["share"] for part in parts))
    close(lost.astype(float), 1 - found["direct"])


@ANY_CLUSTER
@given(worlds(linked=True))
def test_purchases_add_up(world: World) -> None:
    """Local, outside and unplaced purchases are all that local companies buy, no guess in it."""
    table = world.balance
    place = {row["company_id"]: row["region_code"] for row in world.companies}
    columns = {LOCAL: "local_purchases", NOWHERE: "unplaced_purchases"}
    made: dict[str, set[str]] = {}
    for row in world.outputs:
        made.setdefault(row["company_id"], set()).add(row["product_id"])
    bought: dict[str, dict[str, float]] = {}
    for row in world.links:
        only = made.get(row["supplier_id"], set())
        product = row["product_id"] or (min(only) if len(only) == 1 else "")
        counts = row["evidence"] != "inferred" and place.get(row["customer_id"]) == LOCAL
        if counts and product:
            sums = bought.setdefault(product, dict.fromkeys(PURCHASES, 0.0))
            # A link without a quantity leaves the sum of its place unknown.
            where = columns.get(place.get(row["supplier_id"], ELSEWHERE), "outside_purchases")
            sums[where] += float(row["quantity"] or "nan")
    for product, row in table[list(PURCHASES)].to_dict("index").items():
        expected = bought.get(str(product), dict.fromkeys(PURCHASES, np.nan))
        assert row == pytest.approx(expected, nan_ok=True), product


@ANY_CLUSTER
@given(worlds(linked=True))
def test_outside_suppliers_never_change_demand(world: World) -> None:
    """Whoever sells from outside, and what, changes purchases and nothing that is needed."""
    stranger = {"company_id": "S", "name": "外地厂", "region_code": ELSEWHERE, "status": ""}
    product = world.products[0]["product_id"]
    output = {"company_id": "S", "product_id": product, "output": 1e6, "year": "2024"}
    sale = {
        "supplier_id": "S",
        "customer_id": "C0",
        "product_id": product,
        "quantity": "77",
        "supplier_name": "",
        "customer_name": "",
        "evidence": "reported",
    }
    more = replace(
        world,
        companies=(*world.companies, stranger),
        outputs=(*world.outputs, output),
        links=(*world.links, sale),
    )
    before, after = world.balance, more.balance
    others = before.index != product
    for column in (*FIGURES, "supply", "shortage", "surplus"):
        close(after.loc[others, column], before.loc[others, column])
    was, now = before.loc[product], after.loc[product]
    # Who is seen to buy needs it: what was no demand may become an unknown one, never a figure.
    if now["demand"] >= 0 or was["demand"] > 0:
        assert now[list(FIGURES)].tolist() == pytest.approx(
            was[list(FIGURES)].tolist(), nan_ok=True
        )
    assert now["supply"] == pytest.approx(was["supply"], nan_ok=True)


@ANY_CLUSTER
@given(worlds())
def test_planned_and_closed_companies_supply_nothing(world: World) -> None:
    """Without the companies that do not operate, every demand and supply is the same."""
    running = {row["company_id"] for row in world.companies if row["status"] in ("", "operating")}
    less = replace(
        world, outputs=tuple(row for row in world.outputs if row["company_id"] in running)
    )
    before, after = world.balance, less.balance
    for column in (*FIGURES, "supply", "shortage", "surplus"):
        close(after[column], before[column])


@ANY_CLUSTER
@given(worlds(linked=True))
def test_gaps_and_targets_of_any_cluster(world: World) -> None:
    """Every list can be made; ranks are 1 to n, only open gates rank, no gap is its own user."""
    cluster = world.cluster
    table = cg.balance(cluster)
    rows = gaps(cluster, table)
    assert set(rows["direction"]) <= {"upstream", "downstream"}
    assert not rows.duplicated(["product_id", "direction"]).any()
    assert not rows["state"].isin(["outer"]).any()
    upstream = rows[rows["direction"] == "upstream"]
    assert upstream["users"].map(len).min() != 0
    headroom = rows.dropna(subset=["headroom", "headroom_high"])
    assert (headroom["headroom"] <= headroom["headroom_high"] * (1 + 1e-9)).all()
    assert rows["readiness"].dropna().between(0, 1).all()
    found = targets(cluster, table, rows, "en")
    assert set(found["product_id"]) == set(rows["product_id"])
    ranked = found[found["rank"].notna()]
    assert ranked["rank"].tolist() == list(range(1, len(ranked) + 1))
    assert (ranked["gate"] == "open").all()
    assert found["score"].dropna().between(0, 1).all()
    assert found["coverage"].between(0, 1 + 1e-9).all()
    for row in found.to_dict("records"):
        values = [value for value in row["components"].values() if value is not None]
        assert all(0 <= value <= 1 for value in values), row["components"]
        if values:
            assert min(values) - 1e-9 <= row["score"] <= max(values) + 1e-9


@ANY_CLUSTER
@given(worlds(), st.floats(1, 100), st.integers(0, 30))
def test_a_larger_gap_never_ranks_lower(world: World, factor: float, place: int) -> None:
    """Raise one target's gap and leave all else: its rank stays or improves."""
    table = world.balance.reset_index(drop=True)
    rows = gaps(world.cluster, table)
    before = targets(world.cluster, table, rows, "en")
    ranked = before[before["rank"].notna()]
    if ranked.empty:
        return
    product = ranked["product_id"].iloc[place % len(ranked)]
    raised = rows.copy()
    own = (raised["product_id"] == product) & (raised["direction"] == "upstream")
    more = raised.loc[own, "shortage"] * (factor - 1)
    raised.loc[own, "demand"] += more
    raised.loc[own, "shortage"] *= factor
    raised.loc[own, "value"] *= factor
    after = targets(world.cluster, table, raised, "en").set_index("product_id")
    was = before.set_index("product_id")["rank"]
    assert after.loc[product, "rank"] <= was[product]
    assert (
        after.loc[product, "score"] >= before.set_index("product_id").loc[product, "score"] - 1e-9
    )


# ---- scoring, as pure functions

SHARE = st.floats(0, 1)
PART = st.one_of(st.none(), SHARE)
COMPONENT_ROWS = st.lists(
    st.fixed_dictionaries(dict.fromkeys(COMPONENTS, PART)), min_size=1, max_size=8
)


@settings(max_examples=100, deadline=None)
@given(COMPONENT_ROWS)
def test_scores_stay_within_their_components(rows: list[dict[str, float | None]]) -> None:
    """A score lies between its smallest and its largest known component."""
    components = pd.DataFrame(rows, columns=list(COMPONENTS), dtype=float)
    scored = score(components, read_weights().target)
    known = components.notna().any(axis=1)
    assert (scored["score"].isna() == ~known).all()
    some = scored[known]
    assert (some["score"] >= components[known].min(axis=1) - 1e-9).all()
    assert (some["score"] <= components[known].max(axis=1) + 1e-9).all()
    full = components.notna().all(axis=1)
    assert scored.loc[full, "coverage"].to_numpy() == pytest.approx(1)


@settings(max_examples=100, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(COMPONENTS, SHARE)), st.sampled_from(COMPONENTS))
def test_a_missing_component_counts_nothing_but_coverage(row: dict[str, float], name: str) -> None:
    """Unknown is not zero: without a component the others speak, and coverage falls."""
    weights = read_weights().target
    unknown = score(pd.DataFrame([{**row, name: np.nan}], dtype=float), weights).iloc[0]
    nothing = score(pd.DataFrame([{**row, name: 0.0}], dtype=float), weights).iloc[0]
    others = [value for key, value in row.items() if key != name]
    assert unknown["coverage"] == pytest.approx(1 - weights[name])
    assert min(others) - 1e-9 <= unknown["score"] <= max(others) + 1e-9
    if max(others) > 0:
        assert unknown["score"] > nothing["score"] or weights[name] == 0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(0, 1e12), min_size=2, max_size=10),
    st.integers(0, 9),
    st.floats(1.0, 1e3),
    COMPONENT_ROWS,
)
def test_more_value_never_lowers_a_rank(
    values: list[float], place: int, factor: float, rows: list[dict[str, float | None]]
) -> None:
    """Raising one target's value, all else equal, never puts it behind another."""
    place %= len(values)
    others = pd.DataFrame(
        [rows[number % len(rows)] for number in range(len(values))],
        columns=list(COMPONENTS),
        dtype=float,
    )
    share = pd.Series(0.1, index=others.index)

    def rank(amounts: list[float]) -> int:
        need = recruitability.need(pd.Series(amounts), share)
        scored = score(others.assign(need=need), read_weights().target)["score"]
        return int((scored > scored[place]).sum())

    raised = [*values]
    raised[place] *= factor
    assert rank(raised) <= rank(values)


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1e15), st.floats(0, 1e15), st.floats(0, 1))
def test_need_grows_with_value(one: float, other: float, share: float) -> None:
    """Need is 0 to 1 and never falls as the value grows; without a value the share speaks."""
    need = recruitability.need(pd.Series([one, other, np.nan]), pd.Series([share] * 3))
    assert need.between(0, 1).all()
    assert (need[0] <= need[1]) == (one <= other) or need[0] == need[1]
    assert need[2] == pytest.approx(share / (share + 0.1))


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 3),
    st.one_of(st.just(np.nan), st.floats(0, 1e6)),
    st.one_of(st.just(np.nan), st.floats(0, 1e6)),
)
def test_momentum_falls_as_plans_grow(planned: int, supply: float, shortage: float) -> None:
    """Nobody planned leaves all of a gap open; a plan that fills it leaves nothing."""
    left = recruitability.momentum(
        pd.Series([planned]), pd.Series([supply]), pd.Series([shortage])
    )[0]
    assert 0 <= left <= 1
    if planned == 0:
        assert left == 1
    elif supply >= shortage > 0:
        assert left == 0
