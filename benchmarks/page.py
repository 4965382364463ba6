"""
How soon the graph of a synthetic cluster answers, beside stock pyvis with the same nodes.

    python benchmarks/page.py                    # 300, 2,000, 20,000 and 100,000 nodes
    python benchmarks/page.py --nodes 2000 --products 2000

A synthetic chain of at most `--products` products, the rest of the nodes companies, three links
a company; 300 nodes are products alone. Needs Chromium; medians of three fresh profiles.

answers    seconds from opening the file until the page answers
frame      median milliseconds of a frame while zooming, in the view with the most boxes
drill      median milliseconds from a click in the search list to the neighbourhood on screen
crossings  of the lines in the chain map, and with a spring layout of the same products

Stock pyvis draws with its usual physics and is given a minute to come to rest; it is left out
beyond 20,000 nodes.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd
from playwright import sync_api as playwright
from pyvis.network import Network

import cluster_graph as cg
from cluster_graph import _report
from cluster_graph.chain.model import Chain
from cluster_graph.chain.schema import (
    INPUT_FLAGS,
    INPUT_NUMBERS,
    INPUT_TEXTS,
    PRODUCT_FLAGS,
    PRODUCT_NUMBERS,
    PRODUCT_TEXTS,
)
from cluster_graph.targets.weights import read_weights
from cluster_graph.views.crossings import crossings
from cluster_graph.views.graph_page import graph_page
from cluster_graph.views.layout import positions

if TYPE_CHECKING:
    from cluster_graph.views.findings import Findings

SEED = 20261127
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
REST = 60.0  # seconds that stock pyvis is given
STAGES = ("raw_material", "intermediate", "component", "final")
# Each frame moves the drawing a little; the time between two of them is what people feel.
FRAMES = """async () => {
    const canvas = [...document.querySelectorAll("canvas")].find((one) =>
        one.width > 300 && one.getBoundingClientRect().width > 0);
    const box = canvas.getBoundingClientRect();
    const found = [];
    for (let i = 0; i < 30; i += 1) {
        const start = performance.now();
        canvas.dispatchEvent(new WheelEvent("wheel", {
            deltaY: i % 2 ? 40 : -40, clientX: box.x + box.width / 2,
            clientY: box.y + box.height / 2, bubbles: true, cancelable: true }));
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        found.push(performance.now() - start);
    }
    return found;
}"""

DRILL = """async (kind) => {
    const found = [];
    for (let i = 0; i < 15; i += 1) {
        const box = document.getElementById("search");
        box.value = kind === "C" ? "合成企业" + 7 * (i + 1) : "合成产品" + 7 * (i + 1);
        box.dispatchEvent(new Event("input"));
        const start = performance.now();
        document.querySelector("#found button").click();
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        found.push(performance.now() - start);
    }
    return found.sort((a, b) => a - b)[7];
}"""
STOCK_MOST = 20_000


def synthetic(products: int) -> Findings:
    """Return findings of a synthetic chain: three inputs a product, a third of them made here."""
    chance = np.random.default_rng(SEED)
    ids = [f"P{number}" for number in range(products)]
    blank = {
        **dict.fromkeys(PRODUCT_TEXTS, ""),
        **dict.fromkeys(PRODUCT_NUMBERS, np.nan),
        **dict.fromkeys(PRODUCT_FLAGS),
    }
    table = pd.DataFrame(
        [
            {
                **blank,
                "product_id": name,
                "name_zh": f"合成产品{number}",
                "name_en": f"Synthetic {number}",
                "chain": "synthetic",
                "sector_code": f"{13 + number * 31 // products}10",
                "stage": STAGES[min(4 * number // products, 3)],
                "unit": "t",
                "price": 100.0,
                "recruit_gate": "open",
            }
            for number, name in enumerate(ids)
        ]
    ).set_index("product_id", drop=False)
    table.index.name = None
    empty = {
        **dict.fromkeys(INPUT_TEXTS, ""),
        **dict.fromkeys(INPUT_NUMBERS, np.nan),
        **dict.fromkeys(INPUT_FLAGS, True),
    }
    inputs = pd.DataFrame(
        [
            {
                **empty,
                "input_id": ids[source],
                "output_id": ids[number],
                "kind": "material",
                "low": 0.1,
                "typical": 0.2,
                "high": 0.3,
            }
            for number in range(1, products)
            # Most inputs come from nearby, as along a real chain.
            for source in {
                max(0, number - 1 - int(step)) for step in chance.exponential(products / 20, 3)
            }
        ]
    )
    chain = Chain(table, inputs, ("synthetic",))
    made = [name for name in ids if chance.random() < 1 / 3]
    companies = pd.DataFrame(
        {
            "company_id": [f"C{name}" for name in made],
            "name": [f"合成企业{name}" for name in made],
            "region_code": "211382",
        }
    )
    outputs = pd.DataFrame(
        {"company_id": companies["company_id"], "product_id": made, "output": 1000.0}
    )
    cluster = cg.build(cg.load({"companies": companies, "outputs": outputs}), chain)
    return _report.find(cluster, "zh", read_weights())


def peopled(findings: Findings, companies: int) -> Findings:
    """Return the same findings with so many synthetic companies, three reported links each."""
    chance = np.random.default_rng(SEED)
    goods = list(findings.products)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for number in range(companies):
        graph.add_node(
            f"C{number}",
            name=f"合成企业{number}",
            name_en=f"Synthetic company {number}",
            place="local" if number % 3 else "outside",
            region_code="211382" if number % 3 else "130200",
            makes=[goods[number % len(goods)]],
        )
    # A few trade with very many, as in real networks.
    ends = (companies * chance.random((3 * companies, 2)) ** 3).astype(int)
    for number, (source, target) in enumerate(ends):
        if source != target:
            graph.add_edge(
                f"C{source}",
                f"C{target}",
                product_id=goods[source % len(goods)],
                quantity=float(1 + number % 977),
                unit="t",
                evidence="reported",
            )
    return replace(findings, companies=graph)


def stock(findings: Findings, path: Path) -> None:
    """Write the same nodes and edges as pyvis draws them on its own."""
    net = Network(directed=True, cdn_resources="in_line")
    whole = nx.compose(nx.DiGraph(findings.products), nx.DiGraph(findings.companies))
    for node, data in whole.nodes(data=True):
        net.add_node(node, label=data.get("name_zh") or data["name"])
    for source, target in whole.edges:
        net.add_edge(source, target)
    path.write_text(net.generate_html(), encoding="utf-8")


@dataclass(frozen=True)
class Seen:
    """Seconds until a page answers; milliseconds of a frame and of a drill-down."""

    answers: float
    frame: float
    drill: float


def opened(chromium: str, path: Path, *, ours: bool, firms: bool) -> Seen:
    """Open a page in a fresh profile and try it."""
    with playwright.sync_playwright() as runner, tempfile.TemporaryDirectory() as profile:
        context = runner.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=ARGUMENTS,
            viewport={"width": 1366, "height": 768},
        )  # fmt: skip
        page = context.pages[0]
        page.set_default_timeout(REST * 1000)
        start = time.perf_counter()
        if ours:
            page.goto(path.as_uri())
            page.wait_for_selector("html[data-ready=yes]")
        else:
            # pyvis hides its bar once the physics is done.
            try:
                page.goto(path.as_uri())
                page.wait_for_function(
                    "typeof network !== 'undefined' && network.physics.stabilized",
                    timeout=REST * 1000,
                )
            except playwright.TimeoutError:
                context.close()
                return Seen(REST, float("nan"), float("nan"))
        ready = time.perf_counter() - start
        drill = float("nan")
        if ours:
            drill = page.evaluate(DRILL, "C" if firms else "P")
            page.keyboard.press("Escape")
            page.click("#tab-firms" if firms else "#tab-map")
            page.click("#fit")
        frames = page.evaluate(FRAMES)
        context.close()
    return Seen(ready, statistics.median(frames), drill)


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--nodes", type=int, nargs="+", default=[300, 2000, 20_000, 100_000])
    parser.add_argument("--products", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        parser.error("no Chromium on this machine")
    drawn = _report.find(cg.build(cg.load(), cg.chains()), "zh", read_weights())
    here = drawn.balance.loc[drawn.balance["state"] != "off_map", "product_id"]
    shown = drawn.products.subgraph(here)
    lines = sorted({(source, target) for source, target in shown.edges if source != target})
    spring = {
        name: (float(x), float(y)) for name, (x, y) in nx.spring_layout(shown, seed=SEED).items()
    }
    print(
        f"crossings of the shipped chain map: {crossings(positions(shown), lines)}; "
        f"spring layout: {crossings(spring, lines)}\n"
    )
    print("| nodes, links | page | MB | written in s | answers after s | frame ms | drill ms |")
    print("|---|---|---:|---:|---:|---:|---:|")
    findings = synthetic(asked.products)
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.nodes:
            firms = size - asked.products
            whole = peopled(findings, max(firms, 0))
            links = whole.products.number_of_edges() + whole.companies.number_of_edges()
            for name, ours in (("ours", True), ("stock pyvis", False)):
                if not ours and size > STOCK_MOST:
                    continue
                path = Path(folder) / f"{size}_{ours}.html"
                start = time.perf_counter()
                if ours:
                    path.write_text(graph_page(whole, "zh"), encoding="utf-8")
                else:
                    stock(whole, path)
                written = time.perf_counter() - start
                runs = [
                    opened(chromium, path, ours=ours, firms=firms > 0)
                    for _ in range(asked.runs if ours else 1)
                ]
                ready, frame, drill = (
                    statistics.median(getattr(run, part) for run in runs)
                    for part in ("answers", "frame", "drill")
                )
                late = ">" if ready >= REST else ""
                print(
                    f"| {size}, {links} | {name} | {path.stat().st_size / 1e6:.2f} "
                    f"| {written:.1f} | {late}{ready:.2f} | {frame:.0f} | {drill:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
