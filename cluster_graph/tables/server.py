"""Reads the tables of a database server, each as a sheet of texts."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from cluster_graph._errors import InputError
from cluster_graph.tables.clean import plain
from cluster_graph.tables.sheet import Sheet
from cluster_graph.tables.urls import STORES, scheme_of, without_password

if TYPE_CHECKING:
    import psycopg
    from psycopg import sql

SCHEMES: Final = ("postgresql", "postgres")
_PATIENCE: Final = 10  # seconds to wait for a server that does not answer
_TABLES: Final = """
    SELECT table_schema, table_name, array_agg(column_name::text ORDER BY ordinal_position),
           array_agg(data_type = 'ARRAY' ORDER BY ordinal_position)
    FROM information_schema.columns
    WHERE table_schema = ANY (current_schemas(false))
    GROUP BY table_schema, table_name
    ORDER BY table_schema, table_name
"""


def open_url(url: str) -> Iterator[Sheet]:
    """
    Open every table and view of a database that its search path shows.

    Parameters
    ----------
    url
        `postgresql://user:password@host:port/database`; what libpq knows may follow, such as
        `?options=-csearch_path%3Dsurvey` for the tables of another schema.

    Yields
    ------
    sheet
        One a table; its rows stream from the server each time they are asked for.

    Raises
    ------
    InputError
        If the address is of another kind of server, the server cannot be reached or refuses,
        it shows no table, or the reader of PostgreSQL is not installed.
    """
    shown = without_password(url)
    if scheme_of(url) not in SCHEMES:
        known = dict.fromkeys([*SCHEMES, *STORES["duckdb"], *STORES["spark"]])
        raise InputError("unknown_url", url=shown, known=", ".join(f"{s}://" for s in known))
    try:
        import psycopg  # noqa: PLC0415  an extra that few need
    except ImportError as error:
        raise InputError("needs_extra", url=shown, extra="postgres") from error
    from psycopg import sql  # noqa: PLC0415  the same

    def connected() -> "psycopg.Connection[Any]":
        try:
            return psycopg.connect(
                url, connect_timeout=_PATIENCE, options=_read_only(url), autocommit=True
            )
        except (psycopg.Error, ValueError) as error:
            raise InputError("no_server", url=shown, reason=_said(error)) from error

    with connected() as connection:
        found = connection.execute(_TABLES).fetchall()
    if not found:
        raise InputError("empty_server", url=shown)
    for schema, table, columns, lists in found:
        cells = [
            sql.SQL("array_to_string({}, ';')" if is_list else "{}").format(sql.Identifier(name))
            for name, is_list in zip(columns, lists, strict=True)
        ]
        query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
            sql.SQL(", ").join(cells), sql.Identifier(schema, table)
        )
        rows = _streaming(connected, query, columns, f"{shown} › {table}")
        yield Sheet(f"{shown} › {table}", table, rows)


def _streaming(
    connected: "Callable[[], psycopg.Connection[Any]]",
    query: "sql.Composed",
    columns: list[str],
    name: str,
) -> Callable[[], Iterator[list[str]]]:
    import psycopg  # noqa: PLC0415  an extra that few need

    def rows() -> Iterator[list[str]]:
        yield list(columns)
        connection = connected()
        try:
            with connection.cursor() as cursor, cursor.copy(query) as copy:
                for row in copy.rows():
                    yield [plain(cell) for cell in row]
        except psycopg.Error as error:
            raise InputError("cannot_read", path=name, reason=_said(error)) from error
        finally:
            # Whoever read only the first rows leaves the rest on the server.
            connection.close()

    return rows


def _read_only(url: str) -> str:
    """The session's options: the address's own, and that nothing is ever written."""
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  an extra that few need

    own = str(conninfo_to_dict(url).get("options") or "")
    return f"{own} -cdefault_transaction_read_only=on".strip()


def _said(error: Exception) -> str:
    """What a server says, in one line."""
    return " ".join(str(error).split())
