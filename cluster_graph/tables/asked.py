"""Which heading means which column, as the user says: on the command line, or kept in a file."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from cluster_graph._errors import InputError
from cluster_graph.tables.aliases import ALIASES
from cluster_graph.tables.schema import SCHEMAS
from cluster_graph.tables.take import Understood

_COLUMNS = frozenset(ALIASES) | {name for schema in SCHEMAS.values() for name in schema.names}


def asked_headings(maps: Iterable[str]) -> dict[str, str]:
    """
    Read what the user says about headings.

    Parameters
    ----------
    maps
        Each `heading=column`, or the path of a TOML file that `check --save-map` wrote.

    Returns
    -------
    asked
        Heading -> contract column; blank for a heading to be left alone.

    Raises
    ------
    InputError
        If one is neither, or names no column of the contract.
    """
    asked: dict[str, str] = {}
    for text in maps:
        heading, sign, column = text.partition("=")
        if text.endswith(".toml") and not sign:
            asked |= _read(Path(text))
        elif sign and heading.strip():
            asked[heading.strip()] = column.strip()
        else:
            raise InputError("bad_map", value=text)
    for heading, column in asked.items():
        if column and column not in _COLUMNS:
            known = ", ".join(sorted(_COLUMNS))
            raise InputError("unknown_column", value=column, heading=heading, known=known)
    return asked


def asked_pairs(
    option: str, pairs: Iterable[str], *, expected: str = "A=B"
) -> list[tuple[str, str]]:
    """
    Read pairs from the command line: which companies are one, how much of a product comes.

    Parameters
    ----------
    option
        The option they stand behind, for the error.
    pairs
        Each `A=B`.
    expected
        What a pair looks like, for the error.

    Returns
    -------
    pairs
        The two of each.

    Raises
    ------
    InputError
        If one is no pair.
    """
    found = []
    for text in pairs:
        one, sign, other = (part.strip() for part in text.partition("="))
        if not (one and sign and other):
            raise InputError("bad_choice", option=option, value=text, expected=expected)
        found.append((one, other))
    return found


def _read(path: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("cannot_read", path=path, reason=error) from error
    headings = table.get("headings", {})
    if not isinstance(headings, dict):
        raise InputError("bad_map", value=path)
    return {str(heading): str(column) for heading, column in headings.items()}


def saved_map(sheets: Iterable[Understood]) -> str:
    """
    What was understood, as a file that `--map` takes next month.

    Parameters
    ----------
    sheets
        Every sheet that was read.

    Returns
    -------
    text
        TOML: one line a heading, the ignored ones with a blank.
    """
    lines = ["# heading = contract column; blank leaves the heading alone", "[headings]"]
    seen: dict[str, str] = {}
    for sheet in sheets:
        if sheet.recognised is not None:
            for heading in sheet.recognised.headings:
                seen.setdefault(heading.text, heading.column)
    lines += [f"{_quoted(heading)} = {_quoted(column)}" for heading, column in seen.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}"'
