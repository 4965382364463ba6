"""What addresses look like: of stores that engines read, and of database servers."""

import re
from typing import Final

# What each engine reads, once it has the extension, the jar and the rights.
_SHARED: Final = ("file", "s3", "s3a", "s3n", "gs", "abfss")
STORES: Final = {
    "duckdb": (*_SHARED, "gcs", "r2", "az", "azure", "http", "https"),
    "spark": (*_SHARED, "abfs", "wasbs", "hdfs", "oss", "cosn", "obs"),
}
_PATH: Final = re.compile(r"[a-z][a-z0-9+.-]+:(//[^/]*)?(.*)", re.IGNORECASE)
_CONTAINERS: Final = ("abfs", "abfss", "wasbs")  # here no user stands before the @


def is_url(source: str) -> bool:
    """Say whether a source is an address, not a path."""
    return "://" in source


def scheme_of(url: str) -> str:
    """
    What an address begins with.

    Parameters
    ----------
    url
        An address.

    Returns
    -------
    scheme
        In small letters, without the `://`.
    """
    return url.partition("://")[0].casefold()


def is_store(source: str) -> bool:
    """Say whether a source is an address of files, which an engine reads."""
    return is_url(source) and any(scheme_of(source) in known for known in STORES.values())


def without_password(url: str) -> str:
    """
    An address as it may be shown.

    Parameters
    ----------
    url
        Scheme, user, password, host, path, options or a signature.

    Returns
    -------
    shown
        Scheme, host and path alone.
    """
    scheme, sign, rest = re.split("[?#]", url)[0].partition("://")
    host, slash, path = rest.partition("/")
    if scheme_of(url) not in _CONTAINERS:
        host = host.rpartition("@")[2]
    return f"{scheme}{sign}{host}{slash}{path}"


def bare(place: str) -> str:
    """
    A path, or an address without its query.

    Parameters
    ----------
    place
        Of a file or folder; an address may end in a query, such as a signature.

    Returns
    -------
    bare
        What says by its suffix which kind of file it is.
    """
    return place.partition("?")[0] if is_url(place) else place


def below(folder: str, name: str) -> str:
    """
    The address of something in a folder.

    Parameters
    ----------
    folder
        An address, with or without a query.
    name
        Of a file or folder in it.

    Returns
    -------
    address
        With the folder's query, which may be a signature.
    """
    path, sign, query = folder.partition("?")
    return f"{path.rstrip('/')}/{name}{sign}{query}"


def steps_below(place: str, folder: str) -> list[str]:
    """
    The folders and the file that lead from one address to another below it.

    Parameters
    ----------
    place
        Of a file, as an engine writes it: it may leave out the scheme or the host.
    folder
        An address.

    Returns
    -------
    steps
        The last is the file's name.
    """
    return _path(place).removeprefix(f"{_path(folder)}/").split("/")


def _path(place: str) -> str:
    path = place.partition("?")[0]
    found = _PATH.fullmatch(path)
    return (found[2] if found else path).strip("/")
