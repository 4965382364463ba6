"""What the search box of `graph.html` looks through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cluster_graph.text.cells import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    from pypinyin import lazy_pinyin  # noqa: PLC0415 (heavy)

    syllables = lazy_pinyin(name)
    return "".join(syllable[0] for syllable in syllables if syllable), "".join(syllables)
