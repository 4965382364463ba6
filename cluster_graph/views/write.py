"""A file is there whole or not at all."""

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from cluster_graph._errors import InputError


def write_whole(path: Path, content: bytes | str) -> None:
    """
    Write a file so that no reader ever sees half of it.

    The content goes into a new file beside the old one, which then takes its place.

    Parameters
    ----------
    path
        Where to. Folders that do not exist are made.
    content
        Bytes as they are; text as UTF-8, its line ends untouched.

    Raises
    ------
    InputError
        If the folder or the file cannot be written; an older file is left as it was.
    """
    write_all({path: content})


def write_all(files: Mapping[Path, bytes | str]) -> None:
    """
    Write files that belong together, as `write_whole` does: none takes its place before all can.

    Parameters
    ----------
    files
        Where to -> content.

    Raises
    ------
    InputError
        If one of them cannot be written; older files are left as they were.
    """
    beside: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content.encode("utf-8", "replace") if isinstance(content, str) else content
            with NamedTemporaryFile(
                dir=path.parent, prefix=".", suffix=".part", delete=False
            ) as part:
                beside[path] = Path(part.name)
                part.write(data)
            if os.name == "posix":
                beside[path].chmod(_usual_mode(path))
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        for path, part_path in beside.items():
            part_path.replace(path)
    except OSError as error:
        for left in beside.values():
            with suppress(OSError):
                left.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise InputError("cannot_write", path=str(path), reason=reason) from error


def _usual_mode(path: Path) -> int:
    """Rights the file would have had: those of the old one, or the user's default."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
