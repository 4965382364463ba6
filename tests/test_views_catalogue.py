"""The catalogue: both languages say the same things, and nothing is left untranslated."""

import re
from importlib.resources import files
from string import Formatter

import pytest

from cluster_graph.gaps.gaps import COLUMNS as GAPS
from cluster_graph.targets.targets import COLUMNS as TARGETS
from cluster_graph.text import LANGS, texts
from cluster_graph.views.columns import NUMBERS

AREAS = sorted(
    path.name.removesuffix(".py")
    for path in (files("cluster_graph.text") / "zh").iterdir()
    if path.name.endswith(".py") and not path.name.startswith("_")
)


def fields(text: str) -> set[str]:
    """Names of the values a text has places for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_keys(area: str) -> None:
    """A key in one language only would be a hole on the other's page."""
    assert set(texts(area, "zh")) == set(texts(area, "en"))


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_name_the_same_values(area: str) -> None:
    """A figure that one language shows and the other drops is a different report."""
    english = texts(area, "en")
    for key, text in texts(area, "zh").items():
        assert fields(text) == fields(english[key]), key


@pytest.mark.parametrize("area", ["view", "word", "column"])
def test_no_text_is_empty_or_in_the_other_language(area: str) -> None:
    """English texts hold no Chinese signs; none is blank."""
    for key, text in texts(area, "en").items():
        assert text.strip(), key
        assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text), key
    assert all(text.strip() for text in texts(area, "zh").values())


@pytest.mark.parametrize("area", ["word", "column"])
def test_words_on_the_screen_fit_a_chinese_console(area: str) -> None:
    """Whatever goes into a terminal table can be written in GBK."""
    for lang in LANGS:
        for key, text in texts(area, lang).items():
            assert text.encode("gbk").decode("gbk") == text, key


def test_headings_of_a_table_differ() -> None:
    """No two columns of the gaps or of the targets are called the same."""
    for lang in LANGS:
        for columns in (GAPS, TARGETS):
            headings = [texts("column", lang)[name] for name in columns]
            assert len(set(headings)) == len(headings)


def test_every_column_of_figures_has_a_heading() -> None:
    """No table shows a bare column name where the contract knows the column."""
    for lang in LANGS:
        assert set(texts("column", lang)) >= NUMBERS
