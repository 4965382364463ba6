"""`cluster-graph follow-up`: what recruiters wrote, the funnel, and what does not move."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, console, session


class By(StrEnum):
    """How the funnel is split."""

    MONTH = "month"
    CHAIN = "chain"
    TOWNSHIP = "township"


Book = Annotated[Path, typer.Argument(metavar="WORKBOOK", help="arg_follow_up")]
Save = Annotated[Path | None, typer.Option("--save", metavar="CSV", help="opt_save")]
Today = Annotated[str | None, typer.Option("--today", metavar="DATE", help="opt_today")]


@for_large_tables
def follow_up(
    context: typer.Context,
    workbook: Book,
    data: options.Data = None,
    by: Annotated[By, typer.Option("--by", help="opt_by")] = By.MONTH,
    save: Save = None,
    today: Today = None,
    lang: options.Lang = None,
    chain: options.Chains = None,
    region: options.Regions = None,
    maps: options.Maps = None,
    same: options.Same = None,
    apart: options.Apart = None,
    form: options.FormatOption = options.Format.TABLE,
    output: options.Output = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Print the changes, the funnel and what does not move; CSV and Excel hold the changes."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import follow_up as find  # noqa: PLC0415  slow to import
    from cluster_graph.views import follow_up as view  # noqa: PLC0415  slow to import

    day = date.today() if today is None else options.day(today)  # noqa: DTZ011  where the user is
    with this.steps(2) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, None, Said(maps, same, apart, large))
        steps.next("find")
        found = find(cluster, workbook, by=by.value, today=day)
    for problem in found.read.problems:
        this.note(problem.text(this.lang))
    page = view.FollowUpPage(found, cluster.chain, this.lang)
    if form in (options.Format.CSV, options.Format.XLSX):
        this.put(found.read.changes, form, output, this.say("title_follow_up"))
    elif form is options.Format.JSON:
        this.print(page.json(), output)
    elif form is options.Format.MD or output is not None:
        this.print(page.markdown(), output)
    else:
        page.print(console())
    if save is not None:
        this.print(view.projects_csv(found.read.projects), save, "utf-8-sig")
