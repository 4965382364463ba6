"""`cluster-graph compare`: what closed or opened between two snapshots, and why."""

from datetime import date
from typing import Annotated

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, console, session


@for_large_tables
def compare(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="arg_old")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="arg_new")],
    lang: options.Lang = None,
    chain: options.Chains = None,
    region: options.Regions = None,
    maps: options.Maps = None,
    as_of: Annotated[
        tuple[str, str] | None,
        typer.Option("--as-of", metavar="OLD_DATE NEW_DATE", help="opt_as_of_two"),
    ] = None,
    form: options.FormatOption = options.Format.TABLE,
    output: options.Output = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Print what changed; CSV and Excel hold the table of changes."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import compare as find  # noqa: PLC0415  slow to import
    from cluster_graph.views import compare as view  # noqa: PLC0415  slow to import

    with this.steps(3) as steps:
        steps.next("load")
        then, now = as_of or (None, None)
        before = this.cluster(old, chain, region, None, Said(maps, None, None, large, then))
        steps.next("load")
        after = this.cluster(new, chain, region, None, Said(maps, None, None, large, now))
        steps.next("find")
        found = find(before, after, today=date.today())  # noqa: DTZ011  the day where the user is
    if form in (options.Format.CSV, options.Format.XLSX):
        this.put(view.with_reasons(found, this.lang), form, output, this.say("title_compare"))
    elif form is options.Format.JSON:
        this.print(view.compare_json(found, this.lang), output)
    elif form is options.Format.MD or output is not None:
        this.print(view.compare_markdown(found, this.lang), output)
    else:
        view.print_compare(found, this.lang, console=console())
