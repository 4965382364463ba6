"""`cluster-graph report`: everything for a planner, in five files and a summary."""

from pathlib import Path
from typing import Final

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, console, session

FOLDER: Final = Path("outputs")


@for_large_tables
def report(
    context: typer.Context,
    data: options.Data = None,
    lang: options.Lang = None,
    chain: options.Chains = None,
    region: options.Regions = None,
    anchor: options.Anchor = None,
    maps: options.Maps = None,
    same: options.Same = None,
    apart: options.Apart = None,
    as_of: options.AsOf = None,
    output: options.Output = None,
    top: options.Top = None,
    weights: options.Weights = None,
    total: options.Total = False,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Write report.html, gaps.csv, targets.csv, recruiting.xlsx and graph.html."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import _report  # noqa: PLC0415  slow to import
    from cluster_graph.targets.weights import read_weights  # noqa: PLC0415  slow to import
    from cluster_graph.views.terminal import summary  # noqa: PLC0415  slow to import

    with this.steps(2 + len(_report.FILES)) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, anchor, Said(maps, same, apart, large, as_of))
        steps.next("find")
        findings = _report.find(cluster, this.lang, read_weights(weights), total=total)
        files = _report.write(
            findings,
            output or FOLDER,
            this.lang,
            done=lambda name: steps.next("write", name=name),
        )
    if not quiet:
        summary(findings, this.lang, console(), top=top or 10)
    for file in files:
        this.note(this.say("written", path=file))
