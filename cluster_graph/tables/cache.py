"""Keeps what was worked out of large tables, under a name made of their content."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path

from cluster_graph._version import __version__
from cluster_graph.tables.leftovers import remove_later, remove_now
from cluster_graph.tables.sheet import File

_CHUNK: Final = 1 << 20
_DIGITS: Final = 32  # of the name of an entry
_MOST: Final = 5 << 30  # bytes kept; the entries longest unused go first
_UNSETTLED: Final = 60.0  # seconds; the clock of a store may differ from ours
_UNFINISHED: Final = "unfinished-"
_VARIABLE: Final = "CLUSTER_GRAPH_CACHE"


def cache_folder() -> Path:
    """
    Where entries are kept.

    Returns
    -------
    folder
        The one in the variable CLUSTER_GRAPH_CACHE, else the system's for caches. It may be
        deleted at any time.
    """
    own = os.environ.get(_VARIABLE)
    return Path(own) if own else user_cache_path("cluster_graph", appauthor=False)


def name_of(files: Iterable[Path], *words: object) -> str:
    """
    A name that changes when the content of a file, a word or the program's version does.

    Parameters
    ----------
    files
        Files and folders of files.
    words
        What else the result depends on.

    Returns
    -------
    name
        Hexadecimal digits.

    Raises
    ------
    OSError
        If a file cannot be read.
    """
    parts = [
        (str(part.relative_to(file)), part)
        for file in files
        for part in (sorted(file.rglob("*")) if file.is_dir() else [file])
        if part.is_file()
    ]
    with ThreadPoolExecutor() as pool:
        digests = list(pool.map(_digest, (path for _, path in parts)))
    whole = hashlib.sha256()
    whole.update(repr((__version__, words)).encode())
    for (name, _), digest in zip(parts, digests, strict=True):
        whole.update(repr((name, digest)).encode())
    return whole.hexdigest()[:_DIGITS]


def is_settled(files: Iterable[File]) -> bool:
    """
    Say whether the listing of files at an address tells one content of theirs from another.

    Parameters
    ----------
    files
        As an engine lists them.

    Returns
    -------
    settled
        True if each has a time of its last change, and none changed just now: stores count in
        whole seconds, and a file may be written twice within one.
    """
    latest = time.time() - _UNSETTLED
    return all(0 < file.changed < latest for file in files)


def _digest(path: Path) -> bytes:
    # Processors have instructions of their own for it: it took a third of the time of BLAKE2.
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.digest()


@contextmanager
def kept(name: str | None, make: Callable[[Path], None]) -> Iterator[Path]:
    """
    A folder of files that are worked out once.

    Two processes may ask for the same at the same time: both work it out, and one of the two
    equal results stays.

    Parameters
    ----------
    name
        From `name_of`; None keeps nothing.
    make
        Fills an empty folder.

    Yields
    ------
    folder
        What was made, now or before. It may be gone after the block.
    """
    root = cache_folder()
    if name is not None and (root / name).is_dir():
        with suppress(OSError):
            os.utime(root / name)
        yield root / name
        return
    own = _own_folder(root if name is not None else None)
    try:
        make(own)
        if name is not None and own.parent == root:
            with suppress(OSError):  # another process was faster
                own.rename(root / name)
                _forget(root, name)
            yield root / name if (root / name).is_dir() else own
        else:
            yield own
    finally:
        remove_now(own)


def _own_folder(root: Path | None) -> Path:
    """An empty folder; beside the entries where that is possible, so that it can be renamed."""
    if root is not None:
        with suppress(OSError):
            root.mkdir(parents=True, exist_ok=True)
            return remove_later(Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=root)))
    return remove_later(Path(tempfile.mkdtemp(prefix="cluster_graph_")))


def _forget(root: Path, newest: str) -> None:
    """Remove the entries longest unused, until the rest is small enough."""
    entries = [path for path in root.iterdir() if not path.name.startswith(_UNFINISHED)]
    left = _MOST
    for entry in sorted(entries, key=lambda path: path.stat().st_mtime, reverse=True):
        left -= sum(file.stat().st_size for file in entry.rglob("*"))
        if left < 0 and entry.name != newest:
            shutil.rmtree(entry, ignore_errors=True)
