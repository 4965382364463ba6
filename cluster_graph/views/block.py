"""One table of a page or an explanation, every cell already text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """
    One table, all text.

    Parameters
    ----------
    title
        What it shows.
    headings
        Its columns.
    rows
        Its cells.
    numbers
        The columns that align as figures, counted from 0.
    """

    title: str
    headings: list[str]
    rows: list[list[str]]
    numbers: frozenset[int] = frozenset()
