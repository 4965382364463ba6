"""Says in our words what an engine complains about, where the user can do something about it."""

import errno
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from cluster_graph._errors import InputError

_FULL: Final = ("max_temp_directory_size", "No space left on device", "disk full")
_MEMORY: Final = ("OutOfMemoryError", "Out of Memory", "out of memory", "bad allocation")
# What DuckDB says of files and memory; anything else it says is a fault of ours.
_DUCKDB: Final = (
    "OutOfMemoryException",
    "IOException",
    "HTTPException",
    "PermissionException",
    "InvalidInputException",
    "ConversionException",
    "SerializationException",
)
_INTERRUPTED: Final = "Query interrupted"
_CALLED: Final = re.compile(r"An error occurred while calling \S+\.\s+: ")  # out of Java
_MOST: Final = 400  # characters of an engine's own words


@contextmanager
def told() -> Iterator[None]:
    """
    Turn an engine's complaint about files, memory or disks into an error with advice.

    Raises
    ------
    InputError
        `out_of_memory`, `spill_full`, or `engine_failed` with the engine's own words.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        if is_interrupt(error):
            raise KeyboardInterrupt from error
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise InputError("spill_full") from error
        if not (_is_of_duckdb(error, _DUCKDB) or _is_of_spark(error)):
            raise
        raise _told(error) from error


def is_interrupt(error: Exception) -> bool:
    """Say whether an error is Ctrl-C, which DuckDB hides in one of its own."""
    return isinstance(error, RuntimeError) and str(error) == _INTERRUPTED


def is_of_an_engine(error: Exception) -> bool:
    """Say whether an error is DuckDB's or Spark's own, of whatever kind."""
    return _is_of_duckdb(error, ("Error",)) or _is_of_spark(error)


def _is_of_duckdb(error: Exception, names: Sequence[str]) -> bool:
    duckdb = sys.modules.get("duckdb")
    kinds = tuple(getattr(duckdb, name) for name in names) if duckdb else ()
    return isinstance(error, kinds)


def _is_of_spark(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] in ("pyspark", "py4j")


def _told(error: Exception) -> InputError:
    text = str(error)
    if any(word in text for word in _FULL):
        return InputError("spill_full")
    if any(word in text for word in _MEMORY):
        return InputError("out_of_memory")
    return InputError("engine_failed", reason=first_words(text))


def first_words(text: str) -> str:
    """
    The part of an engine's message that a reader can use.

    Parameters
    ----------
    text
        The message, with stack traces and advice about the engine's own settings.

    Returns
    -------
    words
        Its first paragraph on one line.
    """
    paragraph = _CALLED.sub("", text.strip()).split("\n\n")[0].split("\n\tat ")[0]
    return " ".join(paragraph.split())[:_MOST]
