"""`cluster-graph targets`: whom to recruit, and why."""

import typer

from cluster_graph.cli import options
from cluster_graph.cli.session import Said, session


def targets(
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
    form: options.FormatOption = options.Format.TABLE,
    output: options.Output = None,
    top: options.Top = None,
    weights: options.Weights = None,
    quiet: options.Quiet = False,
) -> None:
    """Print the ranked targets, then what a gate holds back."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import balance as find_balance  # noqa: PLC0415  slow to import
    from cluster_graph import targets as find_targets  # noqa: PLC0415  slow to import
    from cluster_graph.targets.weights import read_weights  # noqa: PLC0415  slow to import
    from cluster_graph.views.columns import weights_line  # noqa: PLC0415  slow to import
    from cluster_graph.views.terminal import shown  # noqa: PLC0415  slow to import

    with this.steps(2) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, anchor, Said(maps, same, apart, as_of))
        steps.next("find")
        frame = find_targets(cluster, this.lang, weights)
    line = weights_line(read_weights(weights), frame, this.lang)
    frame = frame.head(top) if top else frame
    if form is options.Format.TABLE and output is None:
        this.note(line)
        frame = shown(frame, "targets", this.lang, find_balance(cluster))
    this.put(frame, form, output, this.say("title_targets"))
