"""`cluster-graph convert`: the graph for other tools."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, session


class Graph(StrEnum):
    """The two graphs."""

    COMPANIES = "companies"
    PRODUCTS = "products"


Source = Annotated[str, typer.Argument(metavar="SRC", help="arg_src")]
Target = Annotated[Path, typer.Argument(metavar="DST", help="arg_dst")]
Which = Annotated[Graph, typer.Option("--graph", help="opt_graph")]
Anchor = Annotated[str | None, typer.Option("--anchor", metavar="COMPANY", help="opt_anchor_graph")]


@for_large_tables
def convert(
    context: typer.Context,
    src: Source,
    dst: Target,
    graph: Which = Graph.COMPANIES,
    lang: options.Lang = None,
    chain: options.Chains = None,
    region: options.Regions = None,
    anchor: Anchor = None,
    maps: options.Maps = None,
    same: options.Same = None,
    apart: options.Apart = None,
    as_of: options.AsOf = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Write the graph of companies or of products; the name of the file says how."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import convert as write  # noqa: PLC0415  slow to import
    from cluster_graph.views.graph_files import graph_suffix  # noqa: PLC0415  slow to import

    graph_suffix(dst)  # a wrong name is told before the data are read
    with this.steps(2) as steps:
        steps.next("load")
        cluster = this.cluster(src, chain, region, anchor, Said(maps, same, apart, large, as_of))
        steps.next("write", name=dst.name)
        files = write(cluster, dst, graph.value, this.lang)
    for file in files:
        this.note(this.say("written", path=file))
