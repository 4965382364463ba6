"""`cluster-graph targets`: whom to recruit, and why."""

from pathlib import Path
from typing import Annotated, Final

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, session

Briefs = Annotated[Path | None, typer.Option("--briefs", metavar="DIR", help="opt_briefs")]
_BRIEFS: Final = 20  # targets that get a brief, unless --top says how many


@for_large_tables
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
    briefs: Briefs = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Print the ranked targets, then what a gate holds back."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import _report  # noqa: PLC0415  slow to import
    from cluster_graph import balance as find_balance  # noqa: PLC0415  slow to import
    from cluster_graph import targets as find_targets  # noqa: PLC0415  slow to import
    from cluster_graph.targets.weights import read_weights  # noqa: PLC0415  slow to import
    from cluster_graph.views.columns import weights_line  # noqa: PLC0415  slow to import
    from cluster_graph.views.terminal import shown  # noqa: PLC0415  slow to import

    read = read_weights(weights)
    with this.steps(3 if briefs else 2) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, anchor, Said(maps, same, apart, large, as_of))
        steps.next("find")
        findings = _report.find(cluster, this.lang, read) if briefs else None
        frame = findings.targets if findings else find_targets(cluster, this.lang, weights)
        if findings and briefs:
            steps.next("write", name=briefs)
            files = _report.write_briefs(findings, briefs, this.lang, top or _BRIEFS)
            this.note(this.say("briefs_written", count=len(files), folder=briefs))
    line = weights_line(read, frame, this.lang)
    frame = frame.head(top) if top else frame
    if form is options.Format.TABLE and output is None:
        this.note(line)
        frame = shown(frame, "targets", this.lang, find_balance(cluster))
    this.put(frame, form, output, this.say("title_targets"))
