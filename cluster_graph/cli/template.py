"""`cluster-graph template`: the workbook for companies to fill in."""

from pathlib import Path
from typing import Annotated, Final

import typer

from cluster_graph._errors import InputError
from cluster_graph.cli import options
from cluster_graph.cli.session import session

SUFFIX: Final = ".xlsx"


def template(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH.xlsx", help="arg_template")],
    lang: options.Lang = None,
    chain: options.Chains = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the workbook, with drop-down lists of the chain's products."""
    this = session(lang or context.obj, quiet=quiet)
    if path.suffix.lower() != SUFFIX:
        raise InputError("bad_choice", option="PATH.xlsx", value=path, expected=f"*{SUFFIX}")
    from cluster_graph import chains  # noqa: PLC0415  slow to import
    from cluster_graph.views import template as view  # noqa: PLC0415  slow to import
    from cluster_graph.views.write import write_whole  # noqa: PLC0415  slow to import

    with this.steps(2) as steps:
        steps.next("load")
        products = chains(*(chain or ())).products
        steps.next("write", name=path.name)
        write_whole(path, view.template(products, this.lang))
    this.note(this.say("written", path=path))
