"""The Typer application: its commands, its language, its exit codes."""

import os
import sys
from typing import Annotated, Any, Final

import typer

from cluster_graph._errors import ClusterGraphError
from cluster_graph._version import __version__
from cluster_graph.cli import (
    check,
    compare,
    convert,
    critical,
    explain,
    follow_up,
    front,
    gaps,
    graph,
    network,
    parser,
    plan,
    report,
    targets,
    template,
    what_if,
)
from cluster_graph.cli.interrupt import INTERRUPTED, prompt_interrupt
from cluster_graph.cli.options import Lang
from cluster_graph.cli.session import printable
from cluster_graph.tables.engine_errors import is_interrupt
from cluster_graph.text import Lang as Language
from cluster_graph.text import say

UNUSABLE: Final = 2
COMPLETION: Final = "_CLUSTER_GRAPH_COMPLETE"

app = typer.Typer(
    name=front.PROGRAM,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    cls=parser.Group,
)
app.command("report", cls=parser.Command, help="command_report")(report.report)
app.command("check", cls=parser.Command, help="command_check")(check.check)
app.command("template", cls=parser.Command, help="command_template")(template.template)
app.command("gaps", cls=parser.Command, help="command_gaps")(gaps.gaps)
app.command("targets", cls=parser.Command, help="command_targets")(targets.targets)
app.command("graph", cls=parser.Command, help="command_graph")(graph.graph)
app.command("critical", cls=parser.Command, help="command_critical")(critical.critical)
app.command("explain", cls=parser.Command, help="command_explain")(explain.explain)
app.command("what-if", cls=parser.Command, help="command_what_if")(what_if.what_if)
app.command("plan", cls=parser.Command, help="command_plan")(plan.plan)
app.command("follow-up", cls=parser.Command, help="command_follow_up")(follow_up.follow_up)
app.command("network", cls=parser.Command, help="command_network")(network.network)
app.command("compare", cls=parser.Command, help="command_compare")(compare.compare)
app.command("convert", cls=parser.Command, help="command_convert")(convert.convert)


def _version(wanted: bool) -> None:  # noqa: FBT001  Typer calls it with the flag's value
    if wanted:
        front.print_safely(f"{front.PROGRAM} {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def top(
    context: typer.Context,
    lang: Lang = None,
    version: Annotated[  # noqa: ARG001  its callback answers
        bool, typer.Option("--version", help="top_version", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Hold the options that stand before the command."""
    context.obj = lang
    if context.invoked_subcommand is None:
        front.print_safely(front.top_help(front.language(sys.argv[1:])))


def run(argv: list[str]) -> int:
    """
    Run a command line.

    Parameters
    ----------
    argv
        The arguments, without the program's name.

    Returns
    -------
    code
        0 done, 1 the check found problems, 2 unusable input or arguments.
    """
    front.careful_streams()
    lang = front.language(argv)
    command: Any = typer.main.get_command(app)
    parser.translate(command, lang)
    try:
        if COMPLETION in os.environ:
            command.main(args=argv, prog_name=front.PROGRAM)
        # The parser's own `main` would leave with code 1 when a pipe is closed early.
        with (
            prompt_interrupt(),
            command.make_context(front.PROGRAM, list(argv)) as context,
        ):
            command.invoke(context)
    except typer.Exit as leave:
        return int(leave.exit_code)
    except ClusterGraphError as error:
        return _fail(error.text(lang), lang)
    except parser.USAGE_ERROR as error:
        return _fail(parser.usage_text(error, lang), lang)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except RuntimeError as error:
        if is_interrupt(error):
            return INTERRUPTED
        raise
    return 0


def _fail(text: str, lang: Language) -> int:
    line = say("problem.error", lang, text=text)
    sys.stderr.write(printable(line, sys.stderr.encoding) + "\n")
    return UNUSABLE
