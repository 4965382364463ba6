"""Time `cluster-graph --help` and `--version` beside the bare interpreter, in one run."""

import statistics
import subprocess
import sys
import time

ROUNDS = 21
CASES = {
    "bare interpreter": ["-c", "pass"],
    "--version": ["-m", "cluster_graph", "--version"],
    "--help": ["-m", "cluster_graph", "--help"],
    "--lang en --help": ["-m", "cluster_graph", "--lang", "en", "--help"],
}


def milliseconds(arguments: list[str]) -> float:
    """Run Python once and say how long it took."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Interleave the cases, so that a busy machine slows all of them alike."""
    seen: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(ROUNDS):
        for name, arguments in CASES.items():
            seen[name].append(milliseconds(arguments))
    bare = statistics.median(seen["bare interpreter"])
    print("| case | median ms | times bare |\n|---|---:|---:|")
    for name, values in seen.items():
        median = statistics.median(values)
        print(f"| {name} | {median:.1f} | {median / bare:.1f} |")


if __name__ == "__main__":
    main()
