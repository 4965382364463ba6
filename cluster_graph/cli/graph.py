"""`cluster-graph graph`: the chain and the companies as one page that opens offline."""

from pathlib import Path
from typing import Final

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, session

FILE: Final = Path("outputs") / "graph.html"


@for_large_tables
def graph(
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
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Write the interactive graph."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import _report  # noqa: PLC0415  slow to import
    from cluster_graph.targets.weights import read_weights  # noqa: PLC0415  slow to import
    from cluster_graph.views.graph_page import graph_page  # noqa: PLC0415  slow to import
    from cluster_graph.views.write import write_whole  # noqa: PLC0415  slow to import

    file = output or FILE
    with this.steps(3) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, anchor, Said(maps, same, apart, large, as_of))
        steps.next("find")
        findings = _report.find(cluster, this.lang, read_weights())
        steps.next("write", name=file.name)
        write_whole(file, graph_page(findings, this.lang))
    this.note(this.say("written", path=file))
