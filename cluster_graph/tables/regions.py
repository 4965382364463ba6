"""Region codes of GB/T 2260: which look right, and which lie inside which."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

# The first two digits of GB/T 2260: provinces, autonomous regions, municipalities, SARs.
PROVINCES: Final = frozenset(
    str(code)
    for run in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82),
    )
    for code in run
)
BEIJING_TIANJIN_HEBEI: Final = ("11", "12", "13")

_CODE: Final = re.compile(r"\d{2}(\d{2}(\d{2})?)?")


def is_region(code: str) -> bool:
    """Say whether a code has two, four or six digits and a known province in front."""
    return bool(_CODE.fullmatch(code)) and code[:2] in PROVINCES


@lru_cache(maxsize=65_536)  # a million rows hold a few thousand places
def prefix(code: str) -> str:
    """
    A code without the zeros that only fill it up: 210000 -> 21, 211300 -> 2113.

    Parameters
    ----------
    code
        Two, four or six digits.

    Returns
    -------
    prefix
        What the codes of all places inside begin with.
    """
    short = code.removesuffix("00") if len(code) == 6 else code  # noqa: PLR2004  six digits
    return short.removesuffix("00") if len(short) == 4 else short  # noqa: PLR2004


def inside(code: str, regions: tuple[str, ...]) -> bool:
    """Say whether a place lies in any of the regions."""
    return code.startswith(_prefixes(regions))


@lru_cache(maxsize=65_536)
def _prefixes(regions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(prefix, regions))


def local_rows(frame: "pd.DataFrame", region: tuple[str, ...]) -> "pd.DataFrame":
    """
    Keep the rows that lie in a region.

    Parameters
    ----------
    frame
        A table with `region_code`.
    region
        GB/T 2260 codes.

    Returns
    -------
    rows
        Those whose code lies in one of them; a blank code lies nowhere.
    """
    here = [bool(code) and inside(code, region) for code in frame["region_code"]]
    return frame.loc[here]
