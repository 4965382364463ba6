"""`cluster-graph network`: how a link table hangs together, and how far a region reaches in it."""

from functools import partial
from typing import Annotated

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import session


@partial(for_large_tables, without=("no_cache",))
def network(
    context: typer.Context,
    data: Annotated[str, typer.Argument(metavar="DATA", help="arg_data_network")],
    lang: options.Lang = None,
    region: options.Regions = None,
    maps: options.Maps = None,
    form: options.FormatOption = options.Format.TABLE,
    output: options.Output = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Print size, components, degrees and hubs, and how much is within some links of a region."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import network as find  # noqa: PLC0415  slow to import
    from cluster_graph._shipped import DEFAULT_REGION  # noqa: PLC0415  beside its only use
    from cluster_graph.tables.asked import asked_headings  # noqa: PLC0415  slow to import
    from cluster_graph.views.network import shown  # noqa: PLC0415  slow to import

    with this.steps(1) as steps:
        steps.next("network")
        around = large.around(region or [DEFAULT_REGION], steps.watch)
        frame = find(data, around, asked_headings(maps or ()))
    if form is options.Format.TABLE:
        frame = shown(frame, this.lang)
    this.put(frame, form, output, this.say("title_network"))
