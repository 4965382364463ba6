"""
Reports from 0.1 to 100 million links, beside the raw scan, pandas, Polars and networkx.

The networks are synthetic (`national.py`). Each run is a process of its own, so that its peak is
its own, started from one that holds nothing; `report` is the command as users run it, without its
cache, on the region of a county; with `--spark` it runs on Spark as well, and its figures are
compared. The raw scan reads the columns that the report needs and adds
them up, nothing else. The rivals do the part of the work that anybody would write first: the
links of the firms of the region, checked, joined to the companies, added up by product and place.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

REGION = "211382"
_SCAN = """
import duckdb
duckdb.sql(f"SELECT max(supplier_id), max(customer_id), max(product_id), sum(quantity), sum(value),"
    f" max(unit), max(year) FROM '{folder}/links.parquet'").fetchall()
duckdb.sql(f"SELECT max(company_id), max(name), max(region_code) FROM '{folder}/companies.parquet'"
    ).fetchall()
"""
_REPORT = """
from cluster_graph.cli.app import run
assert run(["report", folder, "--region", region, "--no-cache", "--quiet", "--memory", memory,
    "--lang", "en", "-o", out, *engine]) == 0
"""
_NETWORKX = """
import networkx as nx, duckdb
companies = f"SELECT company_id, region_code FROM '{folder}/companies.parquet'"
graph = nx.MultiDiGraph()
for company, place in duckdb.sql(companies).fetchall():
    graph.add_node(company, place=place)
columns = "supplier_id, customer_id, product_id, quantity, unit, value, year"
rows = duckdb.execute(f"SELECT {columns} FROM '{folder}/links.parquet' LIMIT {limit}")
while batch := rows.fetchmany(100_000):
    for supplier, customer, product, quantity, unit, value, year in batch:
        graph.add_edge(supplier.strip().upper(), customer.strip().upper(), product=product,
            quantity=quantity, unit=unit, value=value, year=year)
totals = {}
for supplier, customer, link in graph.edges(data=True):
    ends = graph.nodes[supplier].get("place"), graph.nodes[customer].get("place")
    if None in ends or supplier == customer or (link["quantity"] or 0) < 0:
        continue
    if any(place.startswith(region) for place in ends):
        key = link["product"], ends[0].startswith(region), ends[1].startswith(region)
        totals[key] = totals.get(key, 0) + (link["quantity"] or 0)
"""
_PANDAS = """
import pandas as pd
companies = pd.read_parquet(f"{folder}/companies.parquet", columns=["company_id", "region_code"])
links = pd.read_parquet(f"{folder}/links.parquet",
    columns=["supplier_id", "customer_id", "product_id", "quantity"])
place = companies.set_index("company_id")["region_code"]
for end in ("supplier", "customer"):
    links[end] = links[f"{end}_id"].str.strip().str.upper().map(place)
links = links.dropna(subset=["supplier", "customer"])
links = links[(links["supplier_id"] != links["customer_id"]) & ~(links["quantity"] < 0)]
here = {end: links[end].str.startswith(region) for end in ("supplier", "customer")}
links = links.assign(**here)[here["supplier"] | here["customer"]]
links.groupby(["product_id", "supplier", "customer"])["quantity"].sum()
"""
_POLARS = """
import polars as pl
companies = pl.scan_parquet(f"{folder}/companies.parquet").select("company_id", "region_code")
links = pl.scan_parquet(f"{folder}/links.parquet").select(
    pl.col("supplier_id", "customer_id").str.strip_chars().str.to_uppercase(),
    "product_id", "quantity")
for end in ("supplier", "customer"):
    here = companies.select(pl.col("company_id").alias(f"{end}_id"),
        pl.col("region_code").str.starts_with(region).alias(end))
    links = links.join(here, on=f"{end}_id", how="inner")
links = links.filter((pl.col("supplier_id") != pl.col("customer_id"))
    & ~(pl.col("quantity") < 0).fill_null(False) & (pl.col("supplier") | pl.col("customer")))
links.group_by("product_id", "supplier", "customer").agg(pl.col("quantity").sum()).collect()
"""


# Of this process alone, from its start.
_PEAK = """
print(next(line for line in open("/proc/self/status") if "VmHWM" in line).split()[1])
"""
_RIVALS = {"Polars": _POLARS, "pandas": _PANDAS, "networkx": _NETWORKX}


def timed(code: str, **values: object) -> tuple[float, float]:
    """Return the seconds of a process that runs some code, and its peak in MiB."""
    head = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    before = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", head + code + _PEAK], check=True, stdout=subprocess.PIPE, text=True
    )
    return time.perf_counter() - before, int(done.stdout.split()[-1]) / 1024


def same(one: Path, other: Path) -> str:
    """Say which files of two reports hold the same."""
    names = ("gaps.csv", "targets.csv", "report.html", "graph.html")
    differing = [n for n in names if (one / n).read_bytes() != (other / n).read_bytes()]
    # The properties of a workbook hold the time at which it was made.
    if parts(one / "recruiting.xlsx") != parts(other / "recruiting.xlsx"):
        differing.append("recruiting.xlsx")
    return f"{', '.join(differing)} differ" if differing else "all five files hold the same"


def parts(book: Path) -> dict[str, bytes]:
    """Return what a workbook is made of, but for its properties."""
    with zipfile.ZipFile(book) as opened:
        names = (name for name in opened.namelist() if not name.startswith("docProps/"))
        return {name: opened.read(name) for name in names}


def exponent(links: list[int], seconds: list[float]) -> float:
    """Return the slope of the seconds over the links, both as logarithms, by least squares."""
    import numpy as np  # noqa: PLC0415  what is imported early counts in the peaks

    return float(np.polyfit(np.log(links), np.log(seconds), 1)[0])


def plot(rows: list[dict[str, object]], path: Path) -> None:
    """Draw seconds and peak memory over links, both axes logarithmic."""
    scale = {"type": "log"}
    charts = [
        {
            "width": 320,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "links", "type": "quantitative", "scale": scale},
                "y": {"field": field, "type": "quantitative", "scale": scale, "title": title},
                "color": {"field": "what", "type": "nominal", "title": None},
            },
        }
        for field, title in (("seconds", "seconds"), ("peak", "peak memory, MiB"))
    ]
    import vl_convert  # noqa: PLC0415  what is imported early counts in the peaks

    path.write_text(
        vl_convert.vegalite_to_svg({"data": {"values": rows}, "hconcat": charts}), encoding="utf-8"
    )


def run(
    folder: Path, links: int, asked: argparse.Namespace
) -> tuple[dict[str, tuple[float, float]], list[str]]:
    """Return seconds and peak of the report and its rivals, and what to say about Spark."""
    nation, own = folder / "nation", folder / "duckdb"
    make = [str(Path(__file__).with_name("national.py")), str(nation)]
    make += ["--firms", str(asked.firms), "--links", str(links)]
    subprocess.run([sys.executable, *make], check=True, stdout=subprocess.DEVNULL)
    values = {"folder": str(nation), "region": REGION}
    report = {**values, "memory": asked.memory}
    found = {
        "raw scan": timed(_SCAN, **values),
        "report": timed(_REPORT, **report, out=str(own), engine=[]),
    }
    if links <= asked.rivals:
        limit = min(links, asked.networkx)
        found |= {what: timed(code, **values, limit=limit) for what, code in _RIVALS.items()}
    if links > asked.spark:
        return found, []
    other, engine = folder / "spark", ["--engine", "spark", "--spark-master", "local[2]"]
    seconds, _ = timed(_REPORT, **report, out=str(other), engine=engine)
    return found, [f"{links:,} links on Spark: {seconds:.1f} s; {same(own, other)}"]


def main() -> None:
    """Print a Markdown table, and draw the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, nargs="+", default=[10**5, 10**6, 10**7, 10**8])
    parser.add_argument("--firms", type=int, default=1_000_000, help="firms of the nation")
    parser.add_argument("--memory", default="1GB", help="limit of the report's engine")
    parser.add_argument("--networkx", type=int, default=3_000_000, help="its most links")
    parser.add_argument("--rivals", type=int, default=10**7, help="most links of pandas and Polars")
    parser.add_argument("--spark", type=int, default=0, help="most links of the report on Spark")
    parser.add_argument("--plot", type=Path, help="write the plot, as SVG")
    asked = parser.parse_args()
    rows: list[dict[str, object]] = []
    notes: list[str] = []
    rivals = "".join(f" {what}, s | MiB |" for what in ("report", *_RIVALS))
    print(f"| links | raw scan, s |{rivals}")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for links in asked.links:
        with tempfile.TemporaryDirectory() as name:
            found, of_spark = run(Path(name), links, asked)
        of = {what: min(links, asked.networkx) if what == "networkx" else links for what in found}
        cells = [f"{links:,}", f"{found['raw scan'][0]:.2f}"]
        for what in ("report", *_RIVALS):
            seen = found.get(what)
            part = f" (of {of[what]:,})" if seen and of[what] < links else ""
            cells += [f"{seen[0]:.1f}{part}", f"{seen[1]:,.0f}"] if seen else ["-", "-"]
        print("|", " | ".join(cells), "|", flush=True)
        own = found["report"][0]
        times = {what: seen[0] * links / of[what] / own for what, seen in found.items()}
        told = ", ".join(f"{what} {share:.2f}" for what, share in times.items() if what != "report")
        notes += [
            f"{links:,} links, in times of the report (scaled to all links): {told}",
            *of_spark,
        ]
        rows += [
            {"links": links, "what": what, "seconds": seen[0], "peak": seen[1]}
            for what, seen in found.items()
            if of[what] == links
        ]
    print("", *notes, sep="\n")
    for what in ("raw scan", "report") if len(asked.links) > 1 else ():
        own = [row for row in rows if row["what"] == what]
        slope = exponent([row["links"] for row in own], [row["seconds"] for row in own])
        print(f"\n{what}: seconds grow like links^{slope:.2f}")
    if asked.plot:
        plot(rows, asked.plot)


if __name__ == "__main__":
    main()
