"""`cluster-graph gaps`: what is missing, short or unprocessed."""

from typing import Annotated

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, session


@for_large_tables
def gaps(
    context: typer.Context,
    data: options.Data = None,
    direction: Annotated[
        options.Direction, typer.Option("--direction", help="opt_direction")
    ] = options.Direction.BOTH,
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
    top: options.Top = None,
    total: options.Total = False,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Print the gaps."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import balance as find_balance  # noqa: PLC0415  slow to import
    from cluster_graph import gaps as find_gaps  # noqa: PLC0415  slow to import
    from cluster_graph.views.terminal import shown  # noqa: PLC0415  slow to import

    with this.steps(2) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, anchor, Said(maps, same, apart, large, as_of))
        steps.next("find")
        frame = find_gaps(cluster, direction.value, total=total)
    frame = frame.head(top) if top else frame
    if form is options.Format.TABLE and output is None:
        frame = shown(frame, "total" if total else "gaps", this.lang, find_balance(cluster))
    this.put(frame, form, output, this.say("title_gaps"))
