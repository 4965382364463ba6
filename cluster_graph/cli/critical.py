"""`cluster-graph critical`: which companies can bring the cluster down."""

from typing import Annotated

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, session


@for_large_tables
def critical(
    context: typer.Context,
    data: options.Data = None,
    stop: Annotated[str | None, typer.Option("--stop", metavar="COMPANY", help="opt_stop")] = None,
    lang: options.Lang = None,
    chain: options.Chains = None,
    region: options.Regions = None,
    maps: options.Maps = None,
    same: options.Same = None,
    apart: options.Apart = None,
    as_of: options.AsOf = None,
    form: options.FormatOption = options.Format.TABLE,
    output: options.Output = None,
    top: options.Top = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Print the companies by systemic risk, or the cascade of one that stops."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import critical as find_critical  # noqa: PLC0415  slow to import
    from cluster_graph import stop as find_cascade  # noqa: PLC0415  slow to import
    from cluster_graph.views import critical as view  # noqa: PLC0415  slow to import

    with this.steps(2) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, None, Said(maps, same, apart, large, as_of))
        steps.next("find")
        frame = find_critical(cluster) if stop is None else find_cascade(cluster, stop)
    frame = frame.head(top) if top else frame
    for note in view.notes(frame, this.lang):
        this.note(note)
    if form is options.Format.TABLE and output is None:
        shown = view.shown if stop is None else view.shown_steps
        frame = shown(frame, cluster, this.lang)
    this.put(frame, form, output, this.say("title_critical" if stop is None else "title_stop"))
