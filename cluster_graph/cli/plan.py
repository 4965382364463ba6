"""`cluster-graph plan`: the best set of projects under land, workshops, energy and money."""

from enum import StrEnum
from typing import Annotated

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, console, session


class Front(StrEnum):
    """What the front runs along."""

    LAND = "land"
    ENERGY = "energy"


Land = Annotated[str | None, typer.Option("--land", metavar="M2", help="opt_land")]
Workshop = Annotated[str | None, typer.Option("--workshop", metavar="M2", help="opt_workshop")]
Energy = Annotated[str | None, typer.Option("--energy", metavar="TCE", help="opt_energy")]
Budget = Annotated[str | None, typer.Option("--budget", metavar="YUAN", help="opt_budget")]
Count = Annotated[str | None, typer.Option("--count", metavar="N", help="opt_count")]
With = Annotated[list[str] | None, typer.Option("--with", metavar="ID", help="opt_with")]


@for_large_tables
def plan(
    context: typer.Context,
    data: options.Data = None,
    land: Land = None,
    workshop: Workshop = None,
    energy: Energy = None,
    budget: Budget = None,
    count: Count = None,
    required: With = None,
    front: Annotated[Front | None, typer.Option("--front", help="opt_front")] = None,
    lang: options.Lang = None,
    chain: options.Chains = None,
    region: options.Regions = None,
    anchor: options.Anchor = None,
    maps: options.Maps = None,
    same: options.Same = None,
    apart: options.Apart = None,
    as_of: options.AsOf = None,
    form: options.FormatOption = options.Format.TABLE,
    output: options.Output = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Print the best set and what it brings; CSV and Excel hold the set, or the front."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import plan as find  # noqa: PLC0415  slow to import
    from cluster_graph.views import plan as view  # noqa: PLC0415  slow to import

    limits = {"land": land, "workshop": workshop, "energy": energy, "budget": budget}
    with this.steps(2) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, anchor, Said(maps, same, apart, large, as_of))
        steps.next("find")
        found = find(cluster, **limits, count=count, projects=required or (), front=front)
    page = view.PlanPage(found, cluster.chain, this.lang)
    if form in (options.Format.CSV, options.Format.XLSX):
        frame = found.chosen if front is None else found.front
        this.put(frame, form, output, this.say("title_plan"))
    elif form is options.Format.JSON:
        this.print(page.json(), output)
    elif form is options.Format.MD or output is not None:
        this.print(page.markdown(), output)
    else:
        page.print(console())
