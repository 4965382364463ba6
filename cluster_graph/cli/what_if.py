"""`cluster-graph what-if`: what changes if makers come, projects run or companies go."""

from typing import Annotated

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, console, session

Add = Annotated[list[str] | None, typer.Option("--add", metavar="PRODUCT=QTY", help="opt_add")]
Remove = Annotated[list[str] | None, typer.Option("--remove", metavar="COMPANY", help="opt_remove")]
Project = Annotated[list[str] | None, typer.Option("--project", metavar="ID", help="opt_project")]
Stage = Annotated[list[str] | None, typer.Option("--stage", metavar="STAGE", help="opt_stage")]
Probability = Annotated[
    list[str] | None,
    typer.Option("--probability", metavar="STAGE=SHARE", help="opt_probability"),
]


@for_large_tables
def what_if(
    context: typer.Context,
    data: options.Data = None,
    add: Add = None,
    remove: Remove = None,
    project: Project = None,
    stage: Stage = None,
    probability: Probability = None,
    lang: options.Lang = None,
    chain: options.Chains = None,
    region: options.Regions = None,
    maps: options.Maps = None,
    same: options.Same = None,
    apart: options.Apart = None,
    as_of: options.AsOf = None,
    form: options.FormatOption = options.Format.TABLE,
    output: options.Output = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Print before and after; CSV and Excel hold the table of changes."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import what_if as find  # noqa: PLC0415  slow to import
    from cluster_graph.tables.asked import asked_pairs  # noqa: PLC0415  slow to import
    from cluster_graph.targets.what_if_words import what_if_sentences  # noqa: PLC0415  slow
    from cluster_graph.views import what_if as view  # noqa: PLC0415  slow to import

    added = asked_pairs("--add", add or (), expected="PRODUCT=QTY")
    likely = asked_pairs("--probability", probability or (), expected="STAGE=SHARE")
    with this.steps(2) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, None, Said(maps, same, apart, large, as_of))
        steps.next("find")
        found = find(
            cluster,
            add=added,
            remove=remove or (),
            projects=project or (),
            stages=stage or (),
            probabilities=likely,
        )
    sentences = what_if_sentences(found, this.lang)
    if form in (options.Format.CSV, options.Format.XLSX):
        this.put(found.changes, form, output, this.say("title_what_if"))
    elif form is options.Format.JSON:
        this.print(view.what_if_json(found, sentences), output)
    elif form is options.Format.MD or output is not None:
        this.print(view.what_if_markdown(found, sentences, this.lang), output)
    else:
        view.print_what_if(found, sentences, this.lang, console=console())
