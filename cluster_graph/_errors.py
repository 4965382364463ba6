"""The errors that reach a user: each knows its text in both languages."""

from collections.abc import Sequence
from typing import Protocol

from cluster_graph.text import Lang, say


class Sayable(Protocol):
    """Anything that can say itself in a language."""

    def text(self, lang: Lang) -> str:
        """Return the text in that language."""


class ClusterGraphError(Exception):
    """
    Something the user can put right.

    Parameters
    ----------
    key
        Key of the text in the catalogue's area `problem`.
    values
        What the text names: where, which value, what was expected, what to do.
    """

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(self.text("en"))

    def text(self, lang: Lang) -> str:
        """Say it in one language: where, what is wrong, what was expected, what to do."""
        return say(f"problem.{self.key}", lang, **self.values)


class InputError(ClusterGraphError):
    """A file, table or argument that cannot be used at all."""


class UnitError(ClusterGraphError):
    """Two quantities that cannot be put side by side."""


class ChainError(ClusterGraphError):
    """A reference chain that contradicts itself, such as one that eats more than it makes."""


class ListedError(ClusterGraphError):
    """
    Input that cannot be used, with every row at fault named.

    Parameters
    ----------
    key
        Key of the text in the catalogue's area `problem`; its `{text}` is the list.
    problems
        Each can say itself in both languages.
    values
        What else the text names.
    """

    def __init__(self, key: str, problems: Sequence[Sayable], **values: object) -> None:
        self.problems = problems
        super().__init__(key, **values)

    def text(self, lang: Lang) -> str:
        """Say what is wrong, one line a row."""
        lines = "\n".join(problem.text(lang) for problem in self.problems)
        return say(f"problem.{self.key}", lang, text=lines, **self.values)


class BrokenChainError(ListedError, ChainError):
    """A chain with rows at fault, all of them named."""
