"""Decides which rows are one firm: by id, by order, by code, and by name where all agrees."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from cluster_graph._errors import InputError
from cluster_graph.tables.names import NameParts, parse_names, plain_texts
from cluster_graph.tables.regions import PROVINCES, prefix

NAME, FORMER, ALIAS, ENGLISH = range(4)
_REASONS: Final = ("name", "former_name", "alias", "alias")
_NATIONAL: Final = "10"  # registered with the national administration itself
_CODE_LENGTH: Final = 18
# A short name of so many characters is hardly shared by two firms of a region by chance.
_LONG_NAME: Final = 4
_LONG_ENGLISH_NAME: Final = 10
_ADMITTED: Final = 10  # pairs for review out of one group of names
_GROUP, _STOCK = (True, False), (False, True)


class Key(NamedTuple):
    """
    A name under which a row may be met.

    Parameters
    ----------
    row
        The row's position.
    origin
        NAME, FORMER, ALIAS or ENGLISH (the English name of a firm with a Chinese one).
    parts
        The name, taken apart.
    """

    row: int
    origin: int
    parts: NameParts

    @property
    def form(self) -> tuple[bool, bool]:
        """Whether it is a 集团, and whether it is a 股份."""
        return self.parts.group, self.parts.stock


def written_codes(texts: Sequence[str]) -> list[str]:
    """
    Codes in one way of writing: half width, upper case, no blanks or hyphens.

    Parameters
    ----------
    texts
        As they stand in the cells.

    Returns
    -------
    codes
        As many, in the same order.
    """
    return ["".join(text.split()).replace("-", "").upper() for text in plain_texts(texts)]


@lru_cache(maxsize=65_536)
def valid_code(code: str) -> str:
    """
    A unified social credit code if it names a firm, else blank.

    Parameters
    ----------
    code
        From `written_codes`.

    Returns
    -------
    code
        Blank if its check digit (GB 32100) is wrong or it is of no province: eighteen
        zeros have a right check digit.
    """
    from stdnum.cn import uscc  # noqa: PLC0415  few tables have codes

    placed = code[2:4] in PROVINCES or code[2:4] == _NATIONAL
    fits = len(code) == _CODE_LENGTH and placed and uscc.is_valid(code)
    return code if fits else ""


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    if column not in frame:
        return [""] * len(frame)
    return frame[column].fillna("").astype(str).tolist()


def _names_of(names: list[str]) -> list[NameParts]:
    """Take apart each name once, however often it stands."""
    numbers, unique = pd.factorize(np.asarray(names, dtype=object))
    parts = parse_names(unique.tolist())
    return [parts[number] for number in numbers]


class Firms:
    """
    The rows while they are joined: a forest whose trees are the firms.

    Parameters
    ----------
    frame
        The typed companies.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        size = len(frame)
        self.ids = _texts(frame, "company_id")
        self.names = _texts(frame, "name")
        self.rows = frame["row"].tolist() if "row" in frame else list(range(2, size + 2))
        self.own = _names_of(self.names)
        self.keys = self._all_keys(frame)
        # Each of these holds for a whole firm, at its first row.
        kinds = {form: frozenset({form}) for form in product((False, True), repeat=2)}
        self.forms = [kinds[parts.group, parts.stock] for parts in self.own]
        self.hints = [prefix(parts.region) for parts in self.own]
        codes = [prefix(code) for code in _texts(frame, "region_code")]
        self.places = [code or hint for code, hint in zip(codes, self.hints, strict=True)]
        self.apart: defaultdict[int, set[int]] = defaultdict(set)
        self.edges: list[tuple[int, int, str]] = []
        self.review: dict[tuple[int, int], str] = {}
        self._root = list(range(size))
        self._parents = _texts(frame, "parent_id")
        self._written = written_codes(_texts(frame, "uscc"))
        self._codes: dict[int, set[str]] = {}

    def _all_keys(self, frame: pd.DataFrame) -> list[Key]:
        """Every name, former name and alias of every row."""
        keys = [Key(row, NAME, parts) for row, parts in enumerate(self.own)]
        more: list[tuple[int, int, str]] = []
        for row, parts in enumerate(self.own):
            more += [(row, FORMER, name) for name in parts.former]
        if "alias" in frame:
            for row, alias in enumerate(frame["alias"]):
                if isinstance(alias, (tuple, list)) and alias:
                    more += [(row, ALIAS, name) for name in alias]
        if any(name.isascii() for name in self.names):
            # 宏达 and 鸿达 are both Hongda: an English name finds only an English name.
            english = _texts(frame, "name_en")
            more += [(row, ENGLISH, name) for row, name in enumerate(english) if name]
        for (row, origin, _), parts in zip(more, _names_of([m[2] for m in more]), strict=True):
            keys.append(Key(row, origin, parts))
            keys += [Key(row, FORMER, former) for former in parse_names(parts.former)]
        return keys

    # ---- the forest

    def find(self, row: int) -> int:
        """Return the first row of the firm that a row belongs to."""
        root = self._root
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    def codes_of(self, row: int) -> set[str]:
        """Return the valid codes of the firm of a row."""
        root = self.find(row)
        if root not in self._codes:
            code = valid_code(self._written[root])
            self._codes[root] = {code} if code else set()
        return self._codes[root]

    def veto(self, one: int, other: int) -> str:
        """Why two firms cannot be one: `apart`, `codes`, `region`, `form`; blank if they can."""
        first, second = self.find(one), self.find(other)
        if second in self.apart.get(first, ()):
            return "apart"
        codes = self.codes_of(first), self.codes_of(second)
        if codes[0] and codes[1] and not codes[0] & codes[1]:
            return "codes"
        places = _nested(self.places[first], self.places[second])
        if not (places and _nested(self.hints[first], self.hints[second])):
            return "region"
        forms = self.forms[first], self.forms[second]
        for parent, listed in (forms, forms[::-1]):
            if _GROUP in parent - listed and _STOCK in listed - parent:
                return "form"
        return ""

    def join(self, one: int, other: int, reason: str) -> None:
        """Make one firm of two; its root is the earlier row."""
        first, second = sorted((self.find(one), self.find(other)))
        if first == second:
            return
        codes = self.codes_of(first) | self.codes_of(second)
        self._root[second] = first
        self._codes[first] = codes
        self.edges.append((one, other, reason))
        self.forms[first] |= self.forms[second]
        self.places[first] = max(self.places[first], self.places[second], key=len)
        self.hints[first] = max(self.hints[first], self.hints[second], key=len)
        for third in self.apart.pop(second, set()):
            self.apart[third].discard(second)
            self.part(first, third)

    def part(self, one: int, other: int) -> None:
        """Keep two firms apart."""
        first, second = self.find(one), self.find(other)
        self.apart[first].add(second)
        self.apart[second].add(first)

    def groups(self) -> list[list[int]]:
        """Return the rows of each firm that has several, in order."""
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for row in range(len(self._root)):
            root = self.find(row)
            if root != row:
                groups[root].append(row)
        return [[root, *rows] for root, rows in sorted(groups.items())]

    def kept_ids(self) -> dict[str, str]:
        """Each company id -> the id of the firm's first row."""
        return {company_id: self.ids[self.find(row)] for row, company_id in enumerate(self.ids)}

    # ---- what makes one firm of two rows

    def join_ids(self) -> None:
        """Join the rows that have the same company id."""
        seen: dict[str, int] = {}
        for row, company_id in enumerate(self.ids):
            first = seen.setdefault(company_id, row)
            if first != row:
                self.join(first, row, "same_id_other_file")

    def ask(self, same: Sequence[tuple[str, str]], apart: Sequence[tuple[str, str]]) -> None:
        """Join and part what was asked for, whatever speaks against it."""
        if not same and not apart:
            return
        known = _Known(self)
        for one, other in same:
            first, *others = [*known.one_firm(one), *known.one_firm(other)]
            for row in others:
                self.join(first, row, "asked")
        for one, other in apart:
            for first in known.rows(one):
                for second in known.rows(other):
                    if self.find(first) == self.find(second):
                        raise InputError("same_and_apart", first=one, second=other)
                    self.part(first, second)

    def join_codes(self) -> None:
        """Join the rows that have the same valid code."""
        seen: dict[str, int] = {}
        for row, code in enumerate(self._written):
            if not code:
                continue
            first = seen.setdefault(code, row)
            if first != row and valid_code(code) and self.veto(first, row) != "apart":
                self.join(first, row, "uscc")

    def part_from_parents(self) -> None:
        """Keep a firm apart from its parent, unless an id, an asker or a code joined them."""
        first = {company_id: row for row, company_id in reversed(list(enumerate(self.ids)))}
        for row, parent in enumerate(self._parents):
            if parent and parent in first and self.find(row) != self.find(first[parent]):
                self.part(row, first[parent])

    def join_names(self) -> None:
        """Join the firms that share a name, where nothing contradicts."""
        blocks: defaultdict[int, list[Key]] = defaultdict(list)
        numbers, _ = pd.factorize(
            np.asarray([key.parts.core for key in self.keys], dtype=object), sort=False
        )
        for i in np.flatnonzero(np.bincount(numbers)[numbers] > 1) if len(numbers) else ():
            blocks[int(numbers[i])].append(self.keys[i])
        for block in blocks.values():
            weak: defaultdict[str, list[Key]] = defaultdict(list)
            for key in block:
                if key.parts.weak and key.parts.core:
                    weak[self.places[key.row]].append(key)
            for keys in weak.values():
                self._show(keys, "common")
            self._join_block([key for key in block if not key.parts.weak])

    def _join_block(self, block: list[Key]) -> None:
        """Join what has the same core: place by place, and then form by form."""
        if len({self.find(key.row) for key in block}) <= 1:
            return
        for keys in self._by_place(block):
            forms: defaultdict[tuple[bool, bool], list[Key]] = defaultdict(list)
            for key in keys:
                forms[key.form].append(key)
            for form, equal in forms.items():
                self._join_keys(equal, explicit=any(form))
            if len(forms) > 1:
                self._join_forms(forms)

    def _by_place(self, block: list[Key]) -> list[list[Key]]:
        """Split by places that contradict; who may be in several of them joins nobody."""
        places = {self.places[self.find(key.row)] for key in block}
        outer = {place[:end] for place in places for end in range(len(place))}
        finest: defaultdict[str, list[str]] = defaultdict(list)
        for place in sorted(places - outer):
            for end in range(len(place) + 1):
                finest[place[:end]].append(place)
        if len(finest[""]) == 1:
            return [block]
        groups: defaultdict[str, list[Key]] = defaultdict(list)
        vague: list[Key] = []
        for key in block:
            inside = finest[self.places[self.find(key.row)]]
            if len(inside) == 1:
                groups[inside[0]].append(key)
            else:
                vague.append(key)
        firsts = [keys[0] for keys in groups.values()]
        for key in vague[:_ADMITTED]:
            self._show([key, *firsts], "several")
        self._show(firsts, "region")
        return list(groups.values())

    def _join_keys(self, keys: list[Key], *, explicit: bool) -> None:
        """Join firms of equal core and form, in places that do not contradict."""
        best: dict[int, Key] = {}
        for key in keys:
            root = self.find(key.row)
            if root not in best or key.origin < best[root].origin:
                best[root] = key
        own = [key for key in best.values() if key.origin == NAME]
        latin = bool(own) and self.names[own[0].row].isascii()
        other = [
            key for key in best.values() if key.origin != NAME and (key.origin != ENGLISH or latin)
        ]
        if len(own) + len(other) <= 1:
            return
        if sum(bool(self.codes_of(key.row)) for key in (*own, *other)) > 1:
            # Two firms of one name and two codes; who has no code may be either.
            self._show_each([*own, *other], "several")
        elif not own:
            self._show(other, "short_name")
        else:
            for key in own[1:]:
                self._try(own[0], key)
            self._join_aliases(own[0], other, explicit=explicit)

    def _join_aliases(self, own: Key, other: list[Key], *, explicit: bool) -> None:
        """Join a firm with those that list its name as an alias or a former name."""
        long = _is_long(own.parts)
        if len(other) > 1 and not (long and all(key.origin != ENGLISH for key in other)):
            self._show([own, *other], "several")
            return
        for key in other:
            full = self.own[own.row].registered and self.own[key.row].registered
            if full and not long and not key.parts.registered:
                self._show([own, key], "short_name")
            else:
                self._try(own, key, explicit=explicit)

    def _join_forms(self, forms: dict[tuple[bool, bool], list[Key]]) -> None:
        """Join 某某 and 某某股份, or 某某 and 某某集团, but no parent and its listed company."""
        firsts = [keys[0] for keys in forms.values()]
        parents = {self.find(key.row) for key in forms.get(_GROUP, ())}
        listed = {self.find(key.row) for key in forms.get(_STOCK, ())}
        if parents and listed and (parents != listed or len(parents) > 1):
            self._show_each(firsts, "form")
            return
        full = {form: any(key.parts.registered for key in keys) for form, keys in forms.items()}
        order = list(forms)
        for i, one in enumerate(order):
            for other in order[i + 1 :]:
                if one[0] != other[0] and full[one] and full[other]:
                    self._show([forms[one][0], forms[other][0]], "form")
                else:
                    self._join_keys([*forms[one], *forms[other]], explicit=False)

    def _try(self, one: Key, other: Key, *, explicit: bool = False) -> None:
        """Join two firms, or show them to people if something speaks against it."""
        if self.find(one.row) == self.find(other.row):
            return
        veto = self.veto(one.row, other.row)
        if not veto or (veto == "form" and explicit):
            self.join(one.row, other.row, _REASONS[max(one.origin, other.origin)])
        elif veto in {"form", "region"}:
            self._show([one, other], veto)

    def _show(self, keys: Sequence[Key], reason: str) -> None:
        """Put the first of the keys beside the others, for people to look at."""
        for other in keys[1 : 1 + _ADMITTED]:
            self.review.setdefault((keys[0].row, other.row), reason)

    def _show_each(self, keys: Sequence[Key], reason: str) -> None:
        """Put each of the keys beside each other one; there are few."""
        for i in range(min(len(keys), _ADMITTED)):
            self._show(keys[i:], reason)


def _is_long(parts: NameParts) -> bool:
    return len(parts.core) >= (_LONG_ENGLISH_NAME if parts.core.isascii() else _LONG_NAME)


class _Known:
    """Finds the rows that an asker means by an id or a name."""

    def __init__(self, firms: Firms) -> None:
        self._firms = firms
        self._ids: defaultdict[str, list[int]] = defaultdict(list)
        self._own: defaultdict[str, list[int]] = defaultdict(list)
        self._others: defaultdict[str, list[int]] = defaultdict(list)
        for row, company_id in enumerate(firms.ids):
            self._ids[company_id].append(row)
        for key in firms.keys:
            names = self._own if key.origin == NAME else self._others
            names[key.parts.normal].append(key.row)

    def rows(self, name: str) -> list[int]:
        """Return the rows with that id, else with that name, else with that alias."""
        if name.strip() in self._ids:
            return self._ids[name.strip()]
        normal = parse_names([name])[0].normal
        for names in (self._own, self._others):
            if normal and normal in names:
                return list(dict.fromkeys(names[normal]))
        raise InputError("nobody_to_merge", value=name)

    def one_firm(self, name: str) -> list[int]:
        """Return the rows, if they can be one firm."""
        first, *others = rows = self.rows(name)
        firms = self._firms
        if any(firms.find(first) != firms.find(row) and firms.veto(first, row) for row in others):
            found = ", ".join(dict.fromkeys(firms.ids[row] for row in rows))
            raise InputError("several_to_merge", value=name, found=found)
        return rows
