"""What the search box of `graph.html` looks through."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.text.cells import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pypinyin.core import Pinyin

_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_NAMES: Final = ("name", "name_zh", "name_en")


def find(row: Mapping[str, Any], others: Iterable[str]) -> str:
    """
    What a search looks through beside the names that are shown, in small letters.

    Parameters
    ----------
    row
        A product or a company.
    others
        Its cells to look through beside the names: `alias`, `sector_code`.

    Returns
    -------
    text
        The other cells, and every Chinese name by the initials of its syllables and spelt out
        without tones.
    """
    parts = [as_text(row.get(key)) for key in others]
    named = [*(as_text(row.get(key)) for key in _NAMES), *parts]
    chinese = [part for part in dict.fromkeys(named) if _CHINESE.search(part)]
    parts += [spelt for part in chinese for spelt in _pinyin(part)]
    return " ".join(dict.fromkeys(part for part in parts if part)).lower()


def _pinyin(name: str) -> tuple[str, str]:
    # The names of firms are made of few words, and most of the work is the same for each of them.
    syllables = [syllable for word in _splitter().seg(name) for syllable in _spelt(word)]
    return "".join(syllable[0] for syllable in syllables if syllable), "".join(syllables)


@cache
def _splitter() -> Pinyin:
    from pypinyin.core import Pinyin  # noqa: PLC0415 (heavy)

    return Pinyin()


@lru_cache(maxsize=65_536)
def _spelt(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (heavy)

    return tuple(lazy_pinyin(word))
