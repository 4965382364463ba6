"""Codes that bureaus write: the unified social credit code and the industry code."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

# --- unified social credit code -------------------------------------------------------------

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_LENGTH: Final = 18
_OLD_LENGTHS: Final = (9, 13, 15)  # organisation code, licence and tax numbers until 2015
_ROUNDED: Final = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+")
_NO_SIGN: Final = re.compile(r"[\s\-—_.·']+")
# Authority and kind of body, region in digits, organisation code, check digit.
_USCC: Final = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")


def plain_uscc(code: str) -> str:
    """
    A unified social credit code without blanks and dashes, half width, capital letters.

    Parameters
    ----------
    code
        As written in a cell.

    Returns
    -------
    code
        Cleaned, not checked.
    """
    text = unicodedata.normalize("NFKC", code).strip().upper()
    return text if _ROUNDED.fullmatch(text) else _NO_SIGN.sub("", text)


def uscc_check_digit(code: str) -> str | None:
    """
    The check digit that a unified social credit code should end in.

    Parameters
    ----------
    code
        As written in a cell.

    Returns
    -------
    digit
        None where the other 17 signs are none that GB 32100 knows.

    References
    ----------
    GB 32100-2015, Coding rule of the unified social credit identifier for legal entities.
    """
    from stdnum.cn import uscc  # noqa: PLC0415  few rows need it

    body = plain_uscc(code)[: _LENGTH - 1]
    if len(body) < _LENGTH - 1 or not _USCC.fullmatch(f"{body}0"):
        return None
    return uscc.calc_check_digit(body)


def uscc_problem(code: str) -> str | None:
    """
    What is wrong with a unified social credit code.

    Parameters
    ----------
    code
        As written in a cell; blank is no problem.

    Returns
    -------
    key
        None if it is right; otherwise a key of the catalogue's area `problem`:
        `uscc_rounded` (a spreadsheet made a number of it and dropped digits), `uscc_old` (the
        length of a number used until 2015), `uscc_length`, `uscc_signs`, `uscc_check_digit`.
        `uscc_details` has the values that the texts name.
    """
    plain = plain_uscc(code)
    if not plain:
        return None
    if _ROUNDED.fullmatch(plain):
        return "uscc_rounded"
    if len(plain) != _LENGTH:
        return "uscc_old" if _is_old(plain) else "uscc_length"
    if not _USCC.fullmatch(plain):
        return "uscc_signs"
    return None if plain.endswith(uscc_check_digit(plain) or " ") else "uscc_check_digit"


def uscc_details(code: str) -> dict[str, object]:
    """
    What the text of a problem with a unified social credit code names.

    Parameters
    ----------
    code
        As written in a cell.

    Returns
    -------
    details
        `length`: how many signs it has; `expected`: the right check digit, blank where there
        is none; `signs`: the signs in it that GB 32100 does not use or not there.
    """
    plain = plain_uscc(code)
    strange = [
        sign
        for place, sign in enumerate(plain)
        if sign not in _ALPHABET or (place in range(2, 8) and not sign.isdigit())
    ]
    return {
        "length": len(plain),
        "expected": uscc_check_digit(plain) or "",
        "signs": " ".join(dict.fromkeys(strange)),
    }


def _is_old(plain: str) -> bool:
    return len(plain) in _OLD_LENGTHS and plain.isascii() and plain[:-1].isalnum()


# --- industry code --------------------------------------------------------------------------

SectorHow = Literal["code", "name", "translated", "untranslated", "conflict", "old", "unknown"]

_OLD_EDITION: Final = 2011
_EDITION_USED: Final = 2017
# 2011 code -> 2017 code and the beginning of its name. Source: the project's issue 3, which
# names these two; the rest of the concordance is not in hand, so it is not guessed.
_FROM_2011: Final = {"3140": ("3130", "钢压延"), "3150": ("3140", "铁合金")}
_NEW_IN_2017: Final = frozenset(code for code, _ in _FROM_2011.values())
_ONLY_2011: Final = frozenset(_FROM_2011) - _NEW_IN_2017
# First divisions of the sections A to T, the same in 2011 and 2017.
_SECTIONS: Final = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRST",
        (1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97),
        strict=True,
    )
)
_LAST_DIVISION: Final = 97
_SECTOR: Final = re.compile(r"(?P<letter>[A-Ta-t]?)(?<![0-9])(?P<code>[0-9]{2,4})(?![0-9])")
_EDITIONS: Final = "1994|2002|2011|2017"
# The standard's own number is no code, and 2011 alone is one: that of sawmills.
_EDITION: Final = re.compile(
    rf"GB\s*/?\s*T?\s*4754(?:\s*[-—–:]\s*(?P<named>{_EDITIONS})(?![0-9]))?"
    rf"|4754\s*[-—–]\s*(?P<bare>{_EDITIONS})(?![0-9])"
    rf"|(?P<year>{_EDITIONS})\s*(?:年版?|版)|\((?P<bracket>{_EDITIONS})\)",
    re.IGNORECASE,
)
_NO_WORD: Final = re.compile(r"[\W_]+")
_SHORTEST: Final = 2  # signs of a sector's name that is cut short


@dataclass(frozen=True)
class Sector:
    """
    What a text says about the industry.

    Parameters
    ----------
    code
        GB/T 4754-2017 without its letter; None where it cannot be told.
    how
        `code`: it was a code. `name`: found by its name. `translated`: it was a code of 2011.
        `untranslated`: of an older edition, and taken to mean the same in 2017.
        `conflict`: code and name, or code and letter, contradict each other. `old`: a code of
        2011 whose code of 2017 nobody here knows. `unknown`: neither code nor known name.
    given
        The code as it came, without its letter; blank if there was none.
    candidates
        The codes that it could mean, where none was chosen.
    """

    code: str | None
    how: SectorHow
    given: str = ""
    candidates: tuple[str, ...] = ()


def sector_code(text: str, names: Mapping[str, str], *, edition: int | None = None) -> Sector:
    """
    The industry code of GB/T 4754-2017.

    Parameters
    ----------
    text
        A code with or without its letter (C3120, 3120), a name, or both (3120 炼钢). It may
        name the edition (GB/T 4754-2011).
    names
        Name of a sector -> its code of 2017: those of the chains in use, see `sector_names`.
    edition
        2011 or 2017, where the table says so; None where nobody says.

    Returns
    -------
    sector
        The code, and what was done to find it. A code of 2011 is only translated when the
        row says 2011 or its name shows it, and only where the translation is documented.

    References
    ----------
    GB/T 4754-2017, Industrial classification for national economic activities.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    years = [year for said in _EDITION.finditer(plain) for year in said.groups() if year]
    edition = int(years[0]) if years else edition
    plain = _EDITION.sub(" ", plain)
    found = _SECTOR.search(plain)
    letter, given = (found["letter"].upper(), found["code"]) if found else ("", "")
    rest = plain[: found.start()] + plain[found.end() :] if found else plain
    named = _by_name(rest, names)
    if not given:
        return _from_name(named)
    given = _padded(given, letter, named)
    division = int(given[:2])
    if not 0 < division <= _LAST_DIVISION or (letter and _section(division) != letter):
        return Sector(None, "conflict" if letter else "unknown", given, named)
    return _from_code(given, named, edition)


def sector_names(codes: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """
    The names of sectors, each with its code, as `sector_code` takes them.

    Parameters
    ----------
    codes
        Codes of GB/T 4754-2017.
    names
        Their names, in the same order; blank ones are left out.

    Returns
    -------
    names
        Name -> code; a name that stands beside two codes is left out.
    """
    found: dict[str, set[str]] = {}
    for code, name in zip(codes, names, strict=True):
        if code and name:
            found.setdefault(name, set()).add(code)
    return {name: next(iter(several)) for name, several in found.items() if len(several) == 1}


def _from_name(named: tuple[str, ...]) -> Sector:
    if len(named) == 1:
        return Sector(named[0], "name")
    return Sector(None, "unknown", candidates=named)


def _from_code(given: str, named: tuple[str, ...], edition: int | None) -> Sector:
    """Read a code in the light of the name beside it and of the edition."""
    now = _FROM_2011.get(given, ("", ""))[0]
    if now and (edition == _OLD_EDITION or now in named):
        if named and now not in named:
            return Sector(None, "conflict", given, tuple(dict.fromkeys((now, *named))))
        return Sector(now, "translated", given)
    if given in _ONLY_2011 or (edition == _OLD_EDITION and given in _NEW_IN_2017):
        return Sector(None, "old", given, (now,) if now else ())
    if not named or any(code.startswith(given) for code in named):
        # A name of 2017 beside the code confirms it.
        sure = edition in {None, _EDITION_USED} or named
        return Sector(given, "code" if sure else "untranslated", given)
    return Sector(None, "conflict", given, tuple(dict.fromkeys((given, *named))))


def _by_name(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Codes of the sectors that a text names: whole, or cut short (钢压延)."""
    word = _NO_WORD.sub("", text).casefold()
    if len(word) < _SHORTEST:
        return ()
    codes: dict[str, None] = {}
    for cut in (word, word.removesuffix("业"), word.removesuffix("行业")):
        for name, code in names.items():
            if _NO_WORD.sub("", name).casefold() == cut:
                codes[code] = None
        if codes:
            return tuple(codes)
    short = [code for name, code in names.items() if _begins(name, word)]
    short += [code for code, beginning in _FROM_2011.values() if word.startswith(beginning)]
    return tuple(dict.fromkeys(short))


def _begins(name: str, word: str) -> bool:
    return _NO_WORD.sub("", name).casefold().startswith(word)


def _padded(given: str, letter: str, named: tuple[str, ...]) -> str:
    """Give back the zero that a spreadsheet drops: 810 beside 铁矿采选 is 0810."""
    full = f"0{given}"
    agrees = full in named or (letter != "" and _section(int(full[:2])) == letter)
    right = letter != "" and _section(int(given[:2])) == letter
    return full if len(given) == len("810") and agrees and not right else given


def _section(division: int) -> str:
    return max(letter for letter, first in _SECTIONS.items() if first <= max(division, 1))
