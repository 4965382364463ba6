"""Time and peak memory of `cluster-graph report`, beside importing its libraries alone."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
CASES = {
    "import of the libraries": [
        "-c",
        "import duckdb, jinja2, narwhals, networkx, pandas, pyvis.network, scipy.sparse.linalg",
    ],
    "report": ["-m", "cluster_graph", "report", "--quiet"],
    "gaps --format json": ["-m", "cluster_graph", "gaps", "--format", "json", "--quiet"],
}


def once(arguments: list[str]) -> tuple[float, float]:
    """Run Python once in an empty folder; seconds, and peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as sink:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], cwd=folder, stdout=sink)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{arguments} failed with {process.returncode}")
    return took, usage.ru_maxrss / 1024


def main() -> None:
    """Print medians as a table."""
    print("| case | median s | peak MB |\n|---|---:|---:|")
    for name, arguments in CASES.items():
        runs = [once(arguments) for _ in range(ROUNDS)]
        took, memory = (statistics.median(values) for values in zip(*runs, strict=True))
        print(f"| {name} | {took:.2f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
