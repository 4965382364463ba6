"""Commands whose help and usage errors speak the user's language."""

from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from cluster_graph.cli import front
from cluster_graph.text import DEFAULT_LANG, Lang, say, texts

# What the parser writes itself, and the key of what stands there instead.
_WORDS: Final = {
    "Usage:": "parser_usage",
    "Arguments:": "parser_arguments",
    "Options:": "parser_options",
    "Show this message and exit.": "parser_help",
    "[default: ": "parser_default",
    "[required]": "parser_required",
    "[OPTIONS]": "parser_some_options",
}


class Command(TyperCommand):
    """A command that says its help in `lang`."""

    lang: Lang = DEFAULT_LANG

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  the parser's own class
        """Return the help, the parser's own words replaced by the catalogue's."""
        text = super().get_help(ctx)
        words = texts("cli", self.lang)
        for own, key in _WORDS.items():
            text = text.replace(own, words[key])
        return text


class Group(TyperGroup):
    """The program itself; its help is the instant one."""

    lang: Lang = DEFAULT_LANG

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401, ARG002  the parser's own class
        """Return the help of the program."""
        return front.top_help(self.lang)


def translate(command: Any, lang: Lang) -> None:  # noqa: ANN401  the parser's own class
    """
    Put the catalogue's text wherever a help text is a key of it.

    Parameters
    ----------
    command
        The program, or a command of it.
    lang
        The language.
    """
    words = texts("cli", lang)
    command.lang = lang
    for part in [command, *command.params]:
        if getattr(part, "help", None) in words:
            part.help = words[part.help]
    for below in getattr(command, "commands", {}).values():
        translate(below, lang)


def usage_text(error: Any, lang: Lang) -> str:  # noqa: ANN401  the parser's own class
    """
    Say what is wrong with a command line.

    Parameters
    ----------
    error
        The parser's error.
    lang
        The language.

    Returns
    -------
    text
        One line, with the command whose help to look at.
    """
    context = error.ctx
    command = context.command_path if context is not None else front.PROGRAM
    return say("problem.usage", lang, text=_said(error, lang), command=command)


def _said(error: Any, lang: Lang) -> str:  # noqa: ANN401  the parser's own class
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = getattr(error, "param_hint", None) or getattr(error, "option_name", None)
    if name is None and parameter is not None:
        name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar
    if name is None:
        # Too many arguments, or a command that is not one: only the parser can say which.
        name = error.message
    key = f"usage_{kind}" if f"usage_{kind}" in texts("problem", lang) else "usage_other"
    message = str(error.message).removeprefix("Value error, ")
    return say(f"problem.{key}", lang, name=name, message=message.rstrip("."))


USAGE_ERROR: Final[Any] = typer.BadParameter.__mro__[1]
