"""The texts of a page in both languages, so that the page can change between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_graph.text import LANGS, Lang, say
from cluster_graph.views.words import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup


class PageText:
    """
    Writes texts into a page in one language and remembers them in all.

    What it writes carries a number; `texts` has the same text under that number in every
    language, for the page's script to put in its place.

    Parameters
    ----------
    lang
        The language that the page starts in.
    """

    def __init__(self, lang: Lang) -> None:
        self._lang = lang
        self.texts: dict[Lang, list[str]] = {each: [] for each in LANGS}

    def __call__(self, key: str, **values: object) -> Markup:
        """Return a text of the area `view` as an element."""
        return self.element(lambda lang: say(f"view.{key}", lang, **values))

    def word(self, kind: str, value: str) -> Markup:
        """Return a word of the vocabulary as an element."""
        return self.element(lambda lang: word(kind, value, lang))

    def element(self, made: Callable[[Lang], str]) -> Markup:
        """Return a text as an element."""
        return self._written('<span data-t="{number}">{text}</span>', made)

    def label(self, key: str) -> Markup:
        """Return the attribute that names an element for a screen reader."""
        return self._written(
            'aria-label="{text}" data-label="{number}"', lambda lang: say(f"view.{key}", lang)
        )

    def hint(self, key: str) -> Markup:
        """Return the attributes of an empty field: what to type, and its name."""
        return self._written(
            'placeholder="{text}" data-hint="{number}" aria-label="{text}" data-label="{number}"',
            lambda lang: say(f"view.{key}", lang),
        )

    def option(self, value: str, made: Callable[[Lang], str], *, chosen: bool = False) -> Markup:
        """Return a choice of a list; `made` says it in a language."""
        form = '<option value="{value}" data-t="{number}"{chosen}>{text}</option>'
        return self._written(form, made, value=value, chosen=" selected" if chosen else "")

    def all(self) -> Markup:
        """Return the choice that filters nothing."""
        return self.option("", lambda lang: say("view.all", lang))

    def _written(self, form: str, made: Callable[[Lang], str], **values: str) -> Markup:
        from markupsafe import Markup  # noqa: PLC0415 (comes with Jinja2)

        for lang, texts in self.texts.items():
            texts.append(made(lang))
        texts = self.texts[self._lang]
        # The form is ours; everything that goes into it is escaped by `format`.
        return Markup(form).format(number=len(texts) - 1, text=texts[-1], **values)  # noqa: S704
