"""Folders that must not outlive the process, however it ends."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_FOLDERS: Final[set[Path]] = set()


def remove_later(folder: Path) -> Path:
    """
    Remove a folder when the process ends, at the latest.

    Parameters
    ----------
    folder
        It need not be there yet.

    Returns
    -------
    folder
        The same.
    """
    _FOLDERS.add(folder)
    return folder


@contextmanager
def temporary_folder(place: Path | None = None) -> Iterator[Path]:
    """
    An empty folder that is gone afterwards, however the process ends.

    Parameters
    ----------
    place
        Where it is made; None: where the system keeps such.

    Yields
    ------
    folder
        Empty.
    """
    folder = remove_later(Path(tempfile.mkdtemp(prefix="cluster_graph_", dir=place)))
    try:
        yield folder
    finally:
        remove_now(folder)


def remove_now(folder: Path) -> None:
    """Remove a folder, and forget it."""
    shutil.rmtree(folder, ignore_errors=True)
    _FOLDERS.discard(folder)


@atexit.register
def remove_all() -> None:
    """Remove every folder that was to be removed later."""
    for folder in list(_FOLDERS):
        remove_now(folder)
