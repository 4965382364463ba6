"""The options that commands share; every help text is a key of the catalogue."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cluster_graph._errors import InputError


class LangChoice(StrEnum):
    """The languages."""

    ZH = "zh"
    EN = "en"


class Format(StrEnum):
    """How a table is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MD = "md"
    XLSX = "xlsx"


class TextFormat(StrEnum):
    """How a text with several tables is written."""

    TABLE = "table"
    JSON = "json"
    MD = "md"


class Direction(StrEnum):
    """Which way along the chain."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"
    BOTH = "both"


Data = Annotated[str | None, typer.Argument(metavar="DATA", help="arg_data", show_default=False)]
Lang = Annotated[
    LangChoice | None,
    typer.Option("--lang", help="opt_lang", envvar="CLUSTER_GRAPH_LANG", show_envvar=False),
]
Chains = Annotated[list[str] | None, typer.Option("--chain", metavar="NAME", help="opt_chain")]
Regions = Annotated[list[str] | None, typer.Option("--region", metavar="CODE", help="opt_region")]
Anchor = Annotated[str | None, typer.Option("--anchor", metavar="COMPANY", help="opt_anchor")]
FormatOption = Annotated[Format, typer.Option("--format", help="opt_format")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH", help="opt_output")]
Top = Annotated[int | None, typer.Option("--top", min=1, metavar="N", help="opt_top")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="opt_as_of")]
Weights = Annotated[str | None, typer.Option("--weights", metavar="NAME|FILE", help="opt_weights")]
Total = Annotated[bool, typer.Option("--total", help="opt_total")]
Maps = Annotated[list[str] | None, typer.Option("--map", metavar="HEADING=COLUMN", help="opt_map")]
Same = Annotated[list[str] | None, typer.Option("--same", metavar="A=B", help="opt_same")]
Apart = Annotated[list[str] | None, typer.Option("--keep-apart", metavar="A=B", help="opt_apart")]
Quiet = Annotated[bool, typer.Option("--quiet", help="opt_quiet")]


def day(text: str) -> date:
    """
    Read a day of the command line.

    Parameters
    ----------
    text
        ISO 8601: `2024-06-30`.

    Returns
    -------
    day
        That day.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("bad_today", value=text) from None
