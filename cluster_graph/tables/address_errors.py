"""Says in our words what keeps an engine from an address, and what to install or to set."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cluster_graph._errors import InputError
from cluster_graph.tables.engine_errors import first_words, is_interrupt, is_of_an_engine
from cluster_graph.tables.urls import bare, scheme_of, without_password

_EXTENSION: Final = re.compile(r"Install it first using .INSTALL (\w+)|extension '(\w+)")
_NO_JAR: Final = re.compile(
    r'No FileSystem for scheme "\w+"|(?:ClassNotFoundException|NoClassDefFoundError)[^\n]*'
)
# DuckDB calls it status 0 when a server refuses each way to ask for a file.
_REFUSED: Final = re.compile(
    r"\b(401|403)\b|\bHTTP 0\b|AccessDenied|Access Denied|Forbidden|Unauthorized"
    r"|InvalidAccessKeyId|SignatureDoesNotMatch|AuthenticationFail|NoAuthWithAWSException"
    r"|AccessControlException|[Cc]redential"
)
_SILENT: Final = re.compile(
    r"Could not (resolve|connect|establish)|Unknown ?[Hh]ost|ConnectException|Connection refused"
    r"|NoRouteToHost|[Tt]ime(d )?-?out"
)
_MISSING: Final = re.compile(
    r"\b404\b|NoSuchBucket|PATH_NOT_FOUND|FileNotFoundException|does not exist|No files found"
)
_UNDECODED: Final = re.compile(r"Invalid unicode|not utf-8 encoded", re.IGNORECASE)
# What Hadoop calls its own access to a store, and what DuckDB calls a secret for one.
_JARS: Final = {
    "s3": "hadoop-aws",
    "s3a": "hadoop-aws",
    "s3n": "hadoop-aws",
    "abfs": "hadoop-azure",
    "abfss": "hadoop-azure",
    "wasbs": "hadoop-azure",
    "gs": "gcs-connector",
    "oss": "hadoop-aliyun",
    "cosn": "hadoop-cos",
    "obs": "hadoop-huaweicloud",
}
_SECRETS: Final = {
    "gs": "gcs",
    "gcs": "gcs",
    "r2": "r2",
    "az": "azure",
    "azure": "azure",
    "abfss": "azure",
    "http": "http",
    "https": "http",
}


@contextmanager
def told_at(address: str, engine: str) -> Iterator[None]:
    """
    Turn an engine's complaint about an address into an error with advice.

    Parameters
    ----------
    address
        As the user gave it.
    engine
        `duckdb` or `spark`.

    Raises
    ------
    InputError
        `no_extension`, `no_jar`, `address_encoding`, `address_refused_by_duckdb` or
        `..._spark`, `address_silent`, `address_missing`, or `address_failed` with the
        engine's own words.
    """
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        if is_interrupt(error) or not is_of_an_engine(error):
            raise
        raise _told(error, address, engine) from error


def _told(error: Exception, address: str, engine: str) -> InputError:
    shown, scheme = without_password(address), scheme_of(address)
    # Neither a signature nor a number in the address may end up in the message or decide on it.
    text = str(error).replace(address, shown).replace(bare(address), shown)
    text = re.sub(r"(\w://[^\s'\"?]+)\?[^\s'\"]*", r"\1", text)
    plain = text.replace(shown, "")
    reason = first_words(text)
    if found := _EXTENSION.search(plain):
        return InputError("no_extension", address=shown, extension=found[1] or found[2])
    if found := _NO_JAR.search(plain):
        jar = _JARS.get(scheme, "-")
        return InputError("no_jar", address=shown, scheme=scheme, reason=found[0], jar=jar)
    if _UNDECODED.search(plain):
        return InputError("address_encoding", file=shown)
    if _REFUSED.search(plain):
        kind = _SECRETS.get(scheme, "s3")
        key = f"address_refused_by_{engine}"
        return InputError(key, address=shown, reason=reason, kind=kind)
    for key, words in (("address_silent", _SILENT), ("address_missing", _MISSING)):
        if words.search(plain):
            return InputError(key, address=shown, reason=reason)
    return InputError("address_failed", address=shown, reason=reason)
