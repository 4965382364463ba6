"""
The catalogue of everything people read, in Chinese and in English.

Each language is a folder of plain dictionaries with the same keys; a key's first
part names the module it stands in. Python modules, not data files, because they load
from byte code: `--help` reads one of them and must stay instant.
"""

import sys
from importlib import import_module
from typing import Final, Literal, cast, get_args

Lang = Literal["zh", "en"]
LANGS: Final[tuple[Lang, ...]] = get_args(Lang)
DEFAULT_LANG: Final[Lang] = "zh"


def texts(area: str, lang: Lang) -> dict[str, str]:
    """
    All texts of one area in one language.

    Parameters
    ----------
    area
        The module of the catalogue: `cli`, `column`, `problem`, `reason`, `view`, `word`.
    lang
        `zh` or `en`.

    Returns
    -------
    texts
        Key within the area -> text, with `{name}` where a value goes.
    """
    name = f"{__name__}.{lang}.{area}"
    module = sys.modules.get(name) or import_module(name)
    return cast("dict[str, str]", module.TEXT)


def say(key: str, lang: Lang, **values: object) -> str:
    """
    One text of the catalogue, with its values in place.

    Parameters
    ----------
    key
        `area.key`, such as `word.state_broken`.
    lang
        `zh` or `en`.
    values
        What goes where the text has `{name}`. Braces inside a value stay as they are.

    Returns
    -------
    text
        The sentence or word, ready to be shown.

    Raises
    ------
    KeyError
        If the catalogue has no such key: a mistake in the program, caught by the tests.
    """
    area, _, rest = key.partition(".")
    text = texts(area, lang)[rest]
    return text.format(**values) if values else text
