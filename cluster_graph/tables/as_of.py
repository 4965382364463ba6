"""What was known by a day: leaves out what is dated later."""

import re
from dataclasses import replace
from typing import Final

import narwhals as nw
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.model import Tables

_DAY: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?[年月]?")
_SIGNS: Final = r"[/.年月]"
# Table -> the columns that date a row, the first that is filled in.
_DATED: Final = {
    "outputs": ("year", "as_of"),
    "projects": ("date", "as_of"),
    "absences": ("as_of",),
    "wishes": ("as_of",),
    "facts": ("as_of",),
}


def until(tables: Tables, day: str) -> Tables:
    """
    Leave out the rows that are dated later than a day.

    Outputs and links count by their year, projects by their date, other rows by `as_of`. Rows
    without a date stay, and so do companies, prospects and sites: what they are called and
    where they lie is no news.

    Parameters
    ----------
    tables
        Loaded tables.
    day
        A year, month or day: `2024`, `2024-06`, `2024-06-30`; the whole of it counts.

    Returns
    -------
    tables
        The same tables with fewer rows; the ledger still says what was read.

    Raises
    ------
    InputError
        If it is no such day.
    """
    limit = _normal(day)
    frames = {
        name: _known_by(limit, tables.small(name), columns) for name, columns in _DATED.items()
    }
    links = tables.links
    if links is not None and "year" in links.frame.collect_schema():
        year = nw.col("year").str.replace_all(_SIGNS, "-").str.slice(0, len(limit))
        links = replace(links, frame=links.frame.filter((nw.col("year") == "") | (year <= limit)))
    return replace(
        tables,
        outputs=frames["outputs"],
        projects=frames["projects"],
        absences=frames["absences"],
        wishes=frames["wishes"],
        facts=frames["facts"],
        links=links,
    )


def _normal(day: str) -> str:
    """A day as ISO 8601 writes it, as long as it is known."""
    found = _DAY.fullmatch(day.strip())
    parts = [part for part in found.groups() if part] if found else []
    ranges = zip(parts[1:], (12, 31), strict=False)
    if not parts or not all(1 <= int(part) <= most for part, most in ranges):
        raise InputError("bad_day", value=day)
    return "-".join([parts[0], *(part.zfill(2) for part in parts[1:])])


def _known_by(limit: str, frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """The rows that are not dated later; a year is known by any day of it."""
    dated = frame[columns[0]].astype(str)
    for column in columns[1:]:
        dated = dated.mask(dated == "", frame[column].astype(str))
    begun = dated.str.replace(_SIGNS, "-", regex=True).str.slice(0, len(limit))
    return frame[(dated == "") | (begun <= limit)].reset_index(drop=True)
