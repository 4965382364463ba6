"""A file is there whole or not at all."""

import os
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
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    beside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as part:
            beside = Path(part.name)
            part.write(data)
        if os.name == "posix":
            beside.chmod(_usual_mode(path))
        beside.replace(path)
    except OSError as error:
        if beside is not None:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise InputError("cannot_write", path=str(path), reason=reason) from error


def _usual_mode(path: Path) -> int:
    """Rights the file would have had: those of the old one, or the user's default."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
