"""`cluster-graph check`: is the data usable, and what became of every row."""

from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, console, session

FILE: Final = Path("outputs") / "rejects.csv"
_PROBLEMS: Final = 1


@partial(for_large_tables, without=("hops", "no_cache"))
def check(
    context: typer.Context,
    data: Annotated[str, typer.Argument(metavar="DATA", help="arg_data_check")],
    lang: options.Lang = None,
    chain: options.Chains = None,
    maps: options.Maps = None,
    same: options.Same = None,
    apart: options.Apart = None,
    save_map: Annotated[
        Path | None, typer.Option("--save-map", metavar="PATH", help="opt_save_map")
    ] = None,
    form: options.FormatOption = options.Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PATH", help="opt_output_check")
    ] = None,
    top: options.Top = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Account for every row, and write rejects.csv with what was set aside and how to fix it."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import _report, chains  # noqa: PLC0415  slow to import
    from cluster_graph.tables.asked import saved_map  # noqa: PLC0415  slow to import
    from cluster_graph.tables.match import match_products  # noqa: PLC0415  slow to import
    from cluster_graph.tables.problems import (  # noqa: PLC0415  slow to import
        in_order,
        ledger_frame,
        rejects_frame,
    )
    from cluster_graph.views import understood as view  # noqa: PLC0415  slow to import
    from cluster_graph.views.write import write_whole  # noqa: PLC0415  slow to import

    with this.steps(2) as steps:
        steps.next("load")
        known = chains(*(chain or ()))
        steps.next("check")
        products = known.products.reset_index(drop=True)
        loaded = this.tables(data, Said(maps, same, apart, large))
        tables = match_products(loaded, products, known.elsewhere)
    if form is options.Format.TABLE and not quiet:
        view.print_understood(tables.understood, this.lang, console=console())
        view.print_named(tables, this.lang, console=console())
        view.print_merged(tables, this.lang, console=console())
    if save_map is not None:
        write_whole(save_map, saved_map(tables.understood))
        this.note(this.say("written", path=save_map))
    problems = in_order(tables.problems)
    for problem in problems[: top or len(problems)]:
        this.note(problem.text(this.lang))
    this.put(ledger_frame(tables.ledger), form, None, this.say("title_ledger"))
    file = output or FILE
    # Last month's rejects must not stand beside this month's clean data.
    if problems or file.exists():
        write_whole(file, _report.csv_for_excel(rejects_frame(problems, this.lang), this.lang))
    if not problems:
        this.note(this.say("no_problems"))
        return
    this.note(this.say("rejects_written", path=file, count=len(problems)))
    raise typer.Exit(_PROBLEMS)
