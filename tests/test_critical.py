"""Systemic risk: against the paper's equations in plain loops, and by hand."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from conftest import Run, company, needs, product, write_folder
from exact_rounds import ExactRounds, awkward

import cluster_graph as cg
from cluster_graph.cluster.model import Cluster
from cluster_graph.cluster.risk import Network, Spread, cascade
from cluster_graph.cluster.stops import Layers, Stops, _compiled, stops

Link = tuple[int, int, int, float, bool]
# What moves less in a round moves no more; a cycle that settles ever more slowly may still be
# a little above its end.
SETTLED = 1e-9
# Seeds of networks in which a stop lies right below a far larger loss, and the stop.
TIPPING = {90: [2], 166: [1]}


def network(firms: int, links: list[Link], output: list[float] | None = None) -> Network:
    """
    Make a network whose firms sell and take only over their links, as in the paper.

    A link is supplier, customer, product, weight, essential. A firm's size is what it sells.
    """
    whole = np.array([link[:3] for link in links], dtype=np.int64)
    weight = np.array([link[3] for link in links], dtype=float)
    sold = np.bincount(whole[:, 0], weights=weight, minlength=firms)
    needs_of = dict.fromkeys(((c, k) for _, c, k, _, _ in links), 0.0)
    makes = dict.fromkeys(sorted((s, k) for s, _, k, _, _ in links), 0.0)
    for s, c, k, amount, _ in links:
        needs_of[c, k] += amount
        makes[s, k] += amount
    return Network(
        supplier=whole[:, 0],
        customer=whole[:, 1],
        product=whole[:, 2],
        weight=weight,
        essential=np.array([link[4] for link in links], dtype=bool),
        need=np.array([needs_of[c, k] for _, c, k, _, _ in links]),
        inputs=np.bincount(whole[:, 1], weights=weight, minlength=firms),
        sales=sold,
        output=np.array(output if output is not None else sold, dtype=float),
        maker=np.array([maker for maker, _ in makes], dtype=np.int64),
        made=np.array([made for _, made in makes], dtype=np.int64),
        supply=np.array(list(makes.values())),
    )


def reference(firms: int, links: list[Link]) -> list[float]:
    """
    Work out ESRI firm by firm and link by link, straight from the paper.

    Diem et al. (2022), Scientific Reports 12:7719. Downstream, an essential sector k lets
    firm j make at most 1 - sum_i sigma_i (1 - h_i) W_ij / sum_l W_lj [p_l = k]; all its
    non-essential inputs together at most 1 - sum_i sigma_i (1 - h_i) W_ij / sum_l W_lj.
    There sigma_i = min(s_i / sum_l s_l h_l [p_l = p_i], 1). Upstream, a firm sells
    sum_l W_jl h_l / sum_l W_jl. The stopped firm stays at 0; ESRI sums the lost shares of
    the smaller of the two levels.
    """
    sold = [sum(w for s, _, _, w, _ in links if s == firm) for firm in range(firms)]
    makes: dict[tuple[int, int], float] = {}
    for s, _, k, w, _ in links:
        makes[s, k] = makes.get((s, k), 0.0) + w
    index = []
    for failing in range(firms):
        down = [float(firm != failing) for firm in range(firms)]
        up = down.copy()
        moved = 1.0
        while moved > SETTLED:
            sigma = {}
            for (s, k), own in makes.items():
                left = sum(w * down[other] for (other, kind), w in makes.items() if kind == k)
                sigma[s, k] = 1.0 if left <= own else own / left
            new_down, new_up = [0.0] * firms, [0.0] * firms
            for j in set(range(firms)) - {failing}:
                into = [link for link in links if link[1] == j]
                limits = [1 - _lost([x for x in into if not x[4]], into, sigma, down)]
                for kind in {k for _, _, k, _, e in into if e}:
                    of_kind = [link for link in into if link[2] == kind]
                    limits.append(1 - _lost(of_kind, of_kind, sigma, down))
                new_down[j] = max(min(limits), 0.0)
                taken = sum(w * up[c] for s, c, _, w, _ in links if s == j)
                new_up[j] = taken / sold[j] if sold[j] else 1.0
            moved = max(map(abs, [*np.subtract(down, new_down), *np.subtract(up, new_up)]))
            down, up = new_down, new_up
        lost = [1 - min(one, other) for one, other in zip(down, up, strict=True)]
        index.append(sum(s * x for s, x in zip(sold, lost, strict=True)) / sum(sold))
    return index


def _lost(
    part: list[Link],
    whole: list[Link],
    sigma: dict[tuple[int, int], float],
    down: list[float],
) -> float:
    """Share of the whole that a part of a firm's inputs fails to bring."""
    taken = sum(w for _, _, _, w, _ in whole)
    missing = sum(sigma[s, k] * (1 - down[s]) * w for s, _, k, w, _ in part)
    return missing / taken if taken else 0.0


def index(net: Network) -> np.ndarray:
    """Index of every firm."""
    return stops(net, tolerance=1e-10).index


def exact(net: Network) -> np.ndarray:
    """Levels of every firm after every stop, round by round until nothing moves at all."""
    spread = Spread(net)
    down = 1.0 - np.eye(net.size)
    up = down.copy()
    moved = np.ones(1)
    while moved.max() > 1e-15:
        down, up, moved = spread.round(down, up)
    return np.minimum(down, up)


def small(seed: int) -> tuple[int, list[Link]]:
    """Draw three to seven firms, with cycles and several products."""
    chance = np.random.default_rng(seed)
    firms = int(chance.integers(3, 8))
    kinds = int(chance.integers(1, 4))
    essential = {(c, k): bool(chance.random() < 0.6) for c in range(firms) for k in range(kinds)}
    links: list[Link] = []
    for one in range(firms):
        for other in range(firms):
            if one != other and chance.random() < 0.3:
                kind = int(chance.integers(kinds))
                amount = float(chance.integers(1, 20))
                links.append((one, other, kind, amount, essential[other, kind]))
    return firms, links or [(0, 1, 0, 1.0, True)]


def held(net: Network, found: Stops, rounds: int) -> int:
    """Check that rounds of 160 bits lie within the bound; how many stops came to rest."""
    rounds_of = ExactRounds(net)
    rested = 0
    for firm in range(net.size):
        expected, rests = rounds_of.index(firm, rounds)
        low, short = Fraction(float(found.index[firm])), Fraction(float(found.short[firm]))
        assert expected <= low + short
        if rests:
            assert low <= expected + Fraction(1, 10**15)
            assert low <= expected + short
        rested += rests
    return rested


@pytest.mark.parametrize("seed", range(200))
def test_equals_the_plain_reference(seed: int) -> None:
    """On 200 random networks; only the two that a hair tips over may be left in doubt."""
    firms, links = small(seed)
    found = stops(network(firms, links), tolerance=1e-10)
    expected = np.array(reference(firms, links))
    assert (found.index <= expected + 2e-5).all()
    assert (expected <= found.index + found.short + 1e-15).all()
    assert np.flatnonzero(found.short > 1e-10).tolist() == TIPPING.get(seed, [])


@pytest.mark.parametrize(("seed", "firm", "exact_index"), [(90, 2, 0.932587), (166, 1, 0.868336)])
def test_what_a_hair_tips_over(seed: int, firm: int, exact_index: float) -> None:
    """
    Where F(y) <= y holds for nothing just above the solution, rounding must not climb to 1.

    Losses 1e-12 larger all round do lead to 1: the bound has to say so, and the index to stay.
    """
    firms, links = small(seed)
    for tolerance in (1e-6, 1e-8, 1e-10, 1e-13):
        found = stops(network(firms, links), tolerance=tolerance)
        assert found.index[firm] == pytest.approx(exact_index, abs=1e-4)
        assert found.index[firm] <= exact_index + 1e-6
        assert found.index[firm] + found.short[firm] == pytest.approx(1.0)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-10])
def test_the_bound_holds_in_160_bits(tolerance: float) -> None:
    """On awkward networks of seventeen kinds, rounding included."""
    rested = 0
    for seed in range(170):
        net = awkward(seed)
        rested += held(net, stops(net, tolerance=tolerance), 150)
    assert rested > 400


def test_the_bound_holds_where_the_base_shrinks_a_market() -> None:
    """
    Firms 0 and 1 hand a loss round that does not fade within any number of rounds one can wait.

    The base of firm 1 is all of it, so that firm 3 may be the only one left to make product 1
    although no loss has come to that market yet.
    """
    links: list[Link] = [
        (4, 0, 0, 1e-9, False),
        (1, 0, 3, 1.0, False),
        (0, 1, 2, 1.0, True),
        (1, 2, 1, 0.5, True),
        (3, 2, 1, 0.5, True),
        (4, 3, 0, 1.0, True),
    ]
    net = network(5, links)
    for tolerance in (1e-3, 1e-6, 1e-9):
        assert Layers(net, tolerance).enough[1] < 0.5
        assert held(net, stops(net, tolerance=tolerance), 300) > 0


def drawn(firms: int, count: int) -> Network:
    """Draw a network in which firms also buy and sell outside, so that losses fade."""
    chance = np.random.default_rng(firms)
    pairs = [(int(s), int(c)) for s, c in chance.integers(firms, size=(count, 2)) if s != c]
    links: list[Link] = [
        (s, c, s % 9, float(chance.lognormal()), (c + s % 9) % 2 == 0) for s, c in pairs
    ]
    made = network(firms, links)
    return replace(made, need=1.1 * made.need, inputs=1.1 * made.inputs, sales=1.2 * made.sales)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5, 1e-8, 1e-10])
def test_the_bound_holds(tolerance: float) -> None:
    """The exact index lies between what is found and that plus what it may be short of."""
    net = drawn(60, 300)
    found = stops(net, tolerance=tolerance)
    lost = 1.0 - exact(net)
    expected = net.output @ lost / net.output.sum()
    assert (found.index <= expected + 1e-12).all()
    assert (expected <= found.index + found.short + 1e-12).all()
    assert (found.short <= tolerance).all()
    if tolerance <= 1e-8:
        assert found.hit.tolist() == ((lost >= 0.01).sum(axis=0) - 1).tolist()
        for firm, products in enumerate(found.exposed):
            gone = np.bincount(net.made, weights=net.supply * lost[net.maker, firm])
            share = gone / np.bincount(net.made, weights=net.supply)
            assert dict(products) == pytest.approx(
                {kind: part for kind, part in enumerate(share) if part >= 0.05}, abs=1e-6
            )


def test_compiled_or_not_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large networks are compiled, small ones never are."""
    net = drawn(60, 300)
    plain = stops(net)
    monkeypatch.setattr("cluster_graph.cluster.stops._BY_HAND", 1)
    monkeypatch.setattr("cluster_graph.cluster.stops._AT_ONCE", 1_000)
    compiled = stops(net)
    np.testing.assert_allclose(compiled.index, plain.index, atol=1e-12)
    np.testing.assert_allclose(compiled.short, plain.short, atol=1e-12)
    assert compiled.hit.tolist() == plain.hit.tolist()
    assert [len(one) for one in compiled.exposed] == [len(one) for one in plain.exposed]


def test_a_chain_by_hand() -> None:
    """
    0 -> 1 -> 2, essential, weights 6 and 4; sizes 6, 4, 0 of 10.

    0 stops: 1 and 2 get nothing: all 10 of 10. 1 stops: 0 sells nothing, 2 gets nothing:
    10 of 10. 2 stops: 1 sells nothing, and so does 0: 10 of 10.
    """
    found = index(network(3, [(0, 1, 0, 6.0, True), (1, 2, 1, 4.0, True)]))
    assert found.tolist() == pytest.approx([1.0, 1.0, 1.0])


def test_a_star_by_hand() -> None:
    """
    The hub 0 buys one product from 1, 2 and 3 (5, 3, 2) and sells 10 to 4; sizes 10+5+3+2.

    1 stops: half of the product is left, sigma = min(5 / 5, 1) = 1, so the hub falls to
    0.5; its customer 4 sells nothing and counts nothing, and as 4 takes as before, no other
    supplier loses a sale: 5 of the hub and 5 of 1, of 20. The hub stops: all of 20.
    3 stops: 8 of 10 are left, sigma = 2 / 8: the hub loses 0.2 x 0.25 = 0.05, that is 0.5,
    and 3 its 2: 2.5 of 20.
    """
    links: list[Link] = [
        (1, 0, 0, 5.0, True),
        (2, 0, 0, 3.0, True),
        (3, 0, 0, 2.0, True),
        (0, 4, 1, 10.0, True),
    ]
    found = index(network(5, links))
    assert found[1] == pytest.approx((5 + 5) / 20)
    assert found[0] == pytest.approx(1.0)
    assert found[3] == pytest.approx((0.5 + 2) / 20)


def test_a_ring_by_hand() -> None:
    """Four firms in a ring of essential links: whoever stops takes all down."""
    links = [(firm, (firm + 1) % 4, firm, 1.0, True) for firm in range(4)]
    assert index(network(4, links)).tolist() == pytest.approx([1.0] * 4)


def test_a_ring_of_linear_inputs() -> None:
    """A non-essential input that is half of what a firm takes costs it half, and so on round."""
    links: list[Link] = []
    for firm in range(4):
        links += [(firm, (firm + 1) % 4, firm, 1.0, False), (4, firm, 4, 1.0, False)]
    net = network(5, links, output=[1.0, 1.0, 1.0, 1.0, 0.0])
    falls = cascade(net, 0)
    assert next((fall.step, fall.firm, fall.kind) for fall in falls) == (0, 0, "stopped")
    down = {fall.firm: fall.after for fall in falls if fall.kind == "input"}
    assert down[1] == pytest.approx(0.5)


def test_index_is_at_least_the_own_share() -> None:
    """Between 0 and 1; a firm without links loses itself alone."""
    links: list[Link] = [(0, 1, 0, 6.0, True), (1, 2, 1, 4.0, False)]
    net = network(4, links, output=[6.0, 4.0, 5.0, 5.0])
    found = index(net)
    assert (found >= net.output / net.output.sum() - 1e-12).all()
    assert (found <= 1).all()
    assert found[3] == pytest.approx(0.25)


# ---- on a cluster


@pytest.fixture
def works(tmp_path: Path) -> Path:
    """A mine, a mill and a forge, linked by reported trade; a firm apart; X outside."""
    chain = write_folder(
        tmp_path / "chain",
        products=[product("ORE", price=1), product("STEEL", price=10), product("PART", price=20)],
        inputs=[needs("ORE", "STEEL", 2), needs("STEEL", "PART", 1)],
    )
    write_folder(
        tmp_path / "data",
        companies=[
            company("MINE", name="凌源矿", name_en="Lingyuan Mine"),
            company("MILL", name="凌源钢厂"),
            company("FORGE", name="凌源锻厂"),
            company("APART", name="凌源孤厂"),
        ],
        outputs=[
            {"company_id": "MINE", "product_id": "ORE", "output": 100},
            {"company_id": "MILL", "product_id": "STEEL", "output": 50},
            {"company_id": "FORGE", "product_id": "PART", "output": 20},
        ],
        links=[
            {"supplier_id": "MINE", "customer_id": "MILL", "product_id": "ORE", "quantity": 100},
            {"supplier_id": "MILL", "customer_id": "FORGE", "product_id": "STEEL", "value": 0.02},
            {
                "supplier_id": "MILL",
                "customer_id": "X",
                "customer_name": "外厂",
                "product_id": "STEEL",
                "quantity": 30,
            },
        ],
    )
    return chain


def cluster(works: Path) -> Cluster:
    """Build it."""
    return cg.build(cg.load(works.parent / "data"), cg.chains(works))


def test_ranks_companies_of_a_cluster(works: Path) -> None:
    """
    Outputs: mine 100 x 1, mill 50 x 10, forge 20 x 20: 100, 500, 400 of 1000 yuan.

    The mine stops: all of the mill's ore and all of the forge's steel are gone: 1000. The
    mill stops: the mine sells nothing, the forge gets nothing: 1000. The forge stops: the
    mill loses 200 of 500 in sales, so the mine sells 0.6: 400 + 200 + 40 = 640.
    """
    found = cg.critical(cluster(works)).set_index("company_id")
    assert found.loc[["MINE", "MILL", "FORGE"], "esri"].tolist() == pytest.approx([1, 1, 0.64])
    assert found.loc["MILL", "own_share"] == pytest.approx(0.5)
    assert found.loc["MILL", ["is_articulation", "evidence", "basis"]].tolist() == [
        True,
        "reported",
        "output",
    ]
    assert found.loc["MINE", "bridges"] == ["MILL"]
    assert found.loc["FORGE", "products_exposed"] == [
        {"product_id": "PART", "lost": 1.0},
        {"product_id": "STEEL", "lost": pytest.approx(0.4)},
        {"product_id": "ORE", "lost": pytest.approx(0.4)},
    ]
    # Nobody knows what the firm apart makes: its share is unknown, not nothing.
    assert np.isnan(found.loc["APART", "esri"])
    assert found.loc["X", "esri"] == pytest.approx(0.3 + 0.06)


def test_articulation_and_bridges_are_networkx_own(lingyuan: Cluster) -> None:
    """On the shipped data, against the graph of companies itself."""
    found = cg.critical(lingyuan).set_index("company_id")
    graph = nx.Graph(lingyuan.companies)
    graph.remove_edges_from(nx.selfloop_edges(graph))
    points = set(nx.articulation_points(graph))
    assert set(found.index[found["is_articulation"]]) == points
    ties = {frozenset(tie) for tie in nx.bridges(graph)}
    told = {frozenset((one, other)) for one, row in found["bridges"].items() for other in row}
    assert told == ties


def test_shipped_mill_comes_first(lingyuan: Cluster) -> None:
    """Without reported links they are inferred, and every row says so."""
    found = cg.critical(lingyuan)
    assert set(found["company_id"].head(2)) == {"KC001", "KC002"}
    assert set(found["evidence"]) == {"inferred"}


def test_steps_of_a_stop(works: Path) -> None:
    """The forge stops; the mill sells less; then the mine does."""
    found = cg.stop(cluster(works), "凌源锻厂")
    assert found[
        ["step", "company_id", "kind", "because_of", "product_id"]
    ].to_numpy().tolist() == [
        [0, "FORGE", "stopped", "", ""],
        [1, "MILL", "sales", "FORGE", "STEEL"],
        [2, "MINE", "sales", "MILL", "ORE"],
    ]
    assert found["after"].tolist() == pytest.approx([0, 0.6, 0.6])


def test_command_in_both_languages(works: Path, run: Run) -> None:
    """Table, steps in sentences, JSON."""
    data = works.parent / "data"
    zh = run("critical", data, "--chain", works)
    assert zh.returncode == 0, zh.stderr
    assert "凌源钢厂" in zh.stdout
    assert "100%" in zh.stdout
    steps = run("--lang", "en", "critical", data, "--chain", works, "--stop", "Lingyuan Mine")
    assert (
        "lacks Product ORE (Lingyuan Mine does not deliver) and falls from 100% to 0%"
        in steps.stdout
    )
    rows = json.loads(
        run("critical", data, "--chain", works, "--format", "json", "--top", "1").stdout
    )
    assert [row["rank"] for row in rows] == [1]
    assert rows[0]["esri"] == pytest.approx(1.0)


def test_bad_companies_are_refused(works: Path, run: Run) -> None:
    """A name that fits nobody, or a company that is not part of the network."""
    data = works.parent / "data"
    for name, said in (("没有这家", "没有企业叫"), ("", "没有企业叫")):
        done = run("critical", data, "--chain", works, "--stop", name)
        assert done.returncode == 2
        assert said in done.stderr


def test_interrupted_in_the_compiled_loop() -> None:
    """Ctrl-C ends it within a second, two on a busy machine, though compiled code hears nothing."""
    script = """
import sys
from critical import links_of
from test_critical import network
from cluster_graph.cli.interrupt import INTERRUPTED, prompt_interrupt
from cluster_graph.cluster import stops
compiled = stops._compiled()
def settle(*given):
    stops.settle is compiled or print("in", flush=True)
    return compiled(*given)
stops._compiled = lambda: settle
try:
    with prompt_interrupt():
        stops.stops(network(20_000, links_of(20_000, 120_000)), tolerance=1e-8)
except KeyboardInterrupt:
    sys.exit(INTERRUPTED)
"""
    tests = Path(__file__).parent
    path = os.pathsep.join([str(tests), str(tests.parent / "benchmarks")])
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "in\n"
    time.sleep(1)
    assert process.poll() is None
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert time.monotonic() - start < 2
    assert process.returncode == 130
    assert "Traceback" not in said


def test_help_imports_no_compiler() -> None:
    """What only large networks need is not loaded before it is needed."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cluster_graph", "critical", "--help"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert "cluster_graph.cli" in done.stderr
    assert "numba" not in done.stderr
    assert "llvmlite" not in done.stderr


def test_compiled_where_nothing_can_be_kept(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No folder is writable, that of the package or the user's: it compiles, and says nothing."""
    from numba.core.caching import CompileResultCacheImpl  # noqa: PLC0415  slow to import

    net = drawn(60, 300)
    plain = stops(net)
    monkeypatch.setattr(CompileResultCacheImpl, "_locator_classes", [])
    monkeypatch.setattr("cluster_graph.cluster.stops._BY_HAND", 1)
    _compiled.cache_clear()
    found = stops(net)
    assert _compiled.cache_info().currsize == 1
    _compiled.cache_clear()
    np.testing.assert_allclose(found.index, plain.index, atol=1e-12)
    assert capfd.readouterr() == ("", "")
