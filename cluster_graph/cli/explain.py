"""`cluster-graph explain`: the rows, coefficients and formulas behind a product's figures."""

from typing import Annotated

import typer

from cluster_graph.cli import options
from cluster_graph.cli.large import DEFAULT, Large, for_large_tables
from cluster_graph.cli.session import Said, console, session


@for_large_tables
def explain(
    context: typer.Context,
    product: Annotated[str, typer.Argument(metavar="PRODUCT", help="arg_product")],
    data: options.Data = None,
    lang: options.Lang = None,
    chain: options.Chains = None,
    region: options.Regions = None,
    maps: options.Maps = None,
    same: options.Same = None,
    apart: options.Apart = None,
    as_of: options.AsOf = None,
    form: Annotated[
        options.TextFormat, typer.Option("--format", help="opt_format")
    ] = options.TextFormat.TABLE,
    output: options.Output = None,
    large: Large = DEFAULT,
    quiet: options.Quiet = False,
) -> None:
    """Print where each figure of a product or a company comes from."""
    this = session(lang or context.obj, quiet=quiet)
    from cluster_graph import explain as find_explanation  # noqa: PLC0415  slow to import
    from cluster_graph.views import explanation as view  # noqa: PLC0415  slow to import

    with this.steps(2) as steps:
        steps.next("load")
        cluster = this.cluster(data, chain, region, None, Said(maps, same, apart, large, as_of))
        steps.next("find")
        found = find_explanation(cluster, product)
    if form is options.TextFormat.JSON:
        this.print(view.explanation_json(found), output)
    elif form is options.TextFormat.MD or output is not None:
        this.print(view.explanation_markdown(found, cluster, this.lang), output)
    else:
        view.print_explanation(found, cluster, this.lang, console=console())
