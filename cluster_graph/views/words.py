"""Words for the values of a column: a state, a gate, a stage, a chain."""

from collections.abc import Iterable
from typing import Final

from cluster_graph.text import Lang, texts
from cluster_graph.text.cells import as_text

_STATES: Final = ("strong", "weak", "broken", "missing", "planned")


def word(kind: str, value: object, lang: Lang) -> str:
    """
    The word people read for a value.

    Parameters
    ----------
    kind
        What the value is: `state`, `use_state`, `presence`, `absence`, `direction`, `gate`,
        `stage`, `status`, `evidence`, `kind`, `place`, `chain`, `component`, `weights`,
        `way`, `lead`, `listed`, `table`.
    value
        The value as the tables spell it.
    lang
        `zh` or `en`.

    Returns
    -------
    word
        The catalogue's word; the value itself where it is the user's own (a chain of theirs);
        the word for unknown where there is none.
    """
    catalogue = texts("word", lang)
    text = as_text(value)
    if not text:
        return catalogue["unknown"]
    return catalogue.get(f"{kind}_{text}", text)


def listing(items: Iterable[str], lang: Lang, *, most: int | None = None) -> str:
    """
    Several names in one line.

    Parameters
    ----------
    items
        The names.
    lang
        `zh` or `en`.
    most
        How many to print before the rest is only counted; None prints all.

    Returns
    -------
    line
        The names with the language's comma between them; nothing for none.
    """
    names = list(items)
    catalogue = texts("word", lang)
    line = catalogue["join"].join(names[:most])
    if most is None or len(names) <= most:
        return line
    return catalogue["more"].format(names=line, count=len(names))


def state_words(lang: Lang) -> dict[str, str]:
    """
    The states of a product by the words that people read.

    Parameters
    ----------
    lang
        `zh` or `en`.

    Returns
    -------
    states
        Word -> state.
    """
    return {word("state", state, lang): state for state in _STATES}
