"""
How soon the graph of a synthetic cluster answers, beside stock pyvis with the same nodes.

    python benchmarks/page.py --products 300 2000

Needs Chromium; medians of three fresh profiles. Stock pyvis draws with its usual physics and is
given a minute to come to rest.
"""

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

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
from cluster_graph.views.findings import Findings
from cluster_graph.views.graph_page import graph_page

SEED = 20261127
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
REST = 60.0  # seconds that stock pyvis is given
STAGES = ("raw_material", "intermediate", "component", "final")
# Each frame moves the drawing a little; the time between two of them is what people feel.
FRAMES = """async () => {
    const canvas = [...document.querySelectorAll("canvas")].find((one) => one.width > 300);
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


def stock(findings: Findings, path: Path) -> None:
    """Write the same products and inputs as pyvis draws them on its own."""
    net = Network(directed=True, cdn_resources="in_line")
    for node, data in findings.products.nodes(data=True):
        net.add_node(node, label=data["name_zh"])
    for source, target in findings.products.edges:
        net.add_edge(source, target)
    path.write_text(net.generate_html(), encoding="utf-8")


def opened(chromium: str, path: Path, *, ours: bool) -> tuple[float, float]:
    """Return the seconds until the page answers, and the median milliseconds of a frame."""
    with playwright.sync_playwright() as runner, tempfile.TemporaryDirectory() as profile:
        context = runner.chromium.launch_persistent_context(
            profile, executable_path=chromium, args=ARGUMENTS,
            viewport={"width": 1366, "height": 768},
        )  # fmt: skip
        page = context.pages[0]
        start = time.perf_counter()
        page.goto(path.as_uri())
        if ours:
            page.wait_for_selector("html[data-ready=yes]")
        else:
            # pyvis hides its bar once the physics is done.
            try:
                page.wait_for_function(
                    "typeof network !== 'undefined' && network.physics.stabilized",
                    timeout=REST * 1000,
                )
            except playwright.TimeoutError:
                context.close()
                return REST, float("nan")
        ready = time.perf_counter() - start
        frames = page.evaluate(FRAMES)
        context.close()
    return ready, statistics.median(frames)


def main() -> None:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--products", type=int, nargs="+", default=[300, 2000])
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        parser.error("no Chromium on this machine")
    print("| products, inputs | page | MB | written in s | answers after s | frame ms |")
    print("|---|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.products:
            findings = synthetic(size)
            title = f"{size}, {findings.products.number_of_edges()}"
            for name, ours in (("ours", True), ("stock pyvis", False)):
                path = Path(folder) / f"{size}_{ours}.html"
                start = time.perf_counter()
                if ours:
                    path.write_text(graph_page(findings, "zh"), encoding="utf-8")
                else:
                    stock(findings, path)
                written = time.perf_counter() - start
                runs = [opened(chromium, path, ours=ours) for _ in range(asked.runs)]
                ready, frame = (statistics.median(column) for column in zip(*runs, strict=True))
                megabytes = path.stat().st_size / 1e6
                late = ">" if ready >= REST else ""
                print(
                    f"| {title} | {name} | {megabytes:.2f} | {written:.1f} | {late}{ready:.2f} "
                    f"| {frame:.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
