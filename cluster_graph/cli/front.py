"""What must be instant: `--help` and `--version`, answered before anything heavy is imported."""

import os
import sys
from typing import Final

from cluster_graph._version import __version__
from cluster_graph.text import DEFAULT_LANG, LANGS, Lang, texts

PROGRAM: Final = "cluster-graph"
COMMANDS: Final = (
    "report",
    "check",
    "template",
    "gaps",
    "targets",
    "graph",
    "explain",
    "critical",
    "what-if",
    "plan",
    "follow-up",
    "compare",
    "network",
    "convert",
)
_OPTIONS: Final = ("lang", "version", "install_completion", "show_completion", "help")
_WIDTH: Final = 24


def language(argv: list[str]) -> Lang:
    """
    The language asked for, wherever on the line it stands.

    Parameters
    ----------
    argv
        The arguments.

    Returns
    -------
    lang
        From `--lang`, else from CLUSTER_GRAPH_LANG, else Chinese. A wrong one is told
        later, by the parser.
    """
    found = os.environ.get("CLUSTER_GRAPH_LANG", DEFAULT_LANG)
    for place, word in enumerate(argv):
        if word.startswith("--lang="):
            found = word.removeprefix("--lang=")
        elif word == "--lang" and place + 1 < len(argv):
            found = argv[place + 1]
    return found if found in LANGS else DEFAULT_LANG


def top_help(lang: Lang) -> str:
    """
    The help of the program itself.

    Parameters
    ----------
    lang
        `zh` or `en`.

    Returns
    -------
    text
        Usage, options, commands.
    """
    say = texts("cli", lang)
    lines = [say["usage_line"].format(program=PROGRAM), "", say["about"], "", say["options"]]
    lines += [f"  {say[f'name_{name}']:<{_WIDTH}}{say[f'top_{name}']}" for name in _OPTIONS]
    lines += ["", say["commands"]]
    about = {name: say[f"command_{name.replace('-', '_')}"] for name in COMMANDS}
    lines += [f"  {name:<{_WIDTH}}{text}" for name, text in about.items()]
    lines += ["", say["more_help"].format(program=PROGRAM)]
    return "\n".join(lines)


def answered(argv: list[str]) -> bool:
    """
    Answer `--help` and `--version` when they are all that is asked.

    Parameters
    ----------
    argv
        The arguments.

    Returns
    -------
    answered
        False if the real parser has to look at the line.
    """
    if "_CLUSTER_GRAPH_COMPLETE" in os.environ:
        return False
    rest = list(argv)
    while rest and (rest[0] == "--lang" or rest[0].startswith("--lang=")):
        taken = 1 if "=" in rest[0] else 2
        word = rest[0].removeprefix("--lang=") if taken == 1 else "".join(rest[1:2])
        if word not in LANGS:
            return False
        rest = rest[taken:]
    if rest == ["--version"]:
        print_safely(f"{PROGRAM} {__version__}")
        return True
    if rest in ([], ["--help"], ["-h"]):
        print_safely(top_help(language(argv)))
        return True
    return False


def print_safely(text: str) -> None:
    """
    Print a line on any console; characters it does not have are written as escapes.

    Parameters
    ----------
    text
        The line.
    """
    careful_streams()
    sys.stdout.write(text + "\n")


def careful_streams() -> None:
    """Let no character stop the program: a GBK console shows the escape of what it lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
