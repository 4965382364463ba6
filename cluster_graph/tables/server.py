"""Reads the tables of a database server, each as a sheet of texts."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cluster_graph._errors import InputError
from cluster_graph.tables.clean import plain
from cluster_graph.tables.sheet import Served, Sheet
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
# What the server's planner believes; of views and of tables never looked at, nothing.
_BELIEVED: Final = "SELECT reltuples FROM pg_class WHERE oid = {}::regclass AND reltuples > 0"


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

    @contextmanager
    def connected() -> "Iterator[psycopg.Connection[Any]]":
        try:
            connection: psycopg.Connection[Any] = psycopg.connect(
                url, connect_timeout=_PATIENCE, options=_read_only(url), autocommit=True
            )
        except (psycopg.Error, ValueError) as error:
            raise InputError("no_server", url=shown, reason=_said(error)) from error
        try:
            yield connection
        finally:
            # Whoever read only the first rows leaves the rest on the server.
            connection.close()

    with connected() as connection:
        found = connection.execute(_TABLES).fetchall()
    if not found:
        raise InputError("empty_server", url=shown)
    for schema, table, columns, lists in found:
        cells = [
            sql.SQL("array_to_string({}, ';')" if is_list else "{}").format(sql.Identifier(name))
            for name, is_list in zip(columns, lists, strict=True)
        ]
        named = sql.Identifier(schema, table)
        chosen = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(cells), named)
        served = _Table(
            name=f"{shown} › {table}",
            columns=columns,
            connected=connected,
            streamed=sql.SQL("COPY ({}) TO STDOUT").format(chosen),
            written=sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')").format(chosen),
            believed=sql.SQL(_BELIEVED).format(sql.Literal(named.as_string())),
            counted=sql.SQL("SELECT count(*) FROM {}").format(named),
        )
        yield Sheet(served.name, table, served.rows, served=Served(served.about, served.bring))


@dataclass(frozen=True, kw_only=True)
class _Table:
    """A table of a server: what it is called here, its columns, and how to ask for it."""

    name: str
    columns: list[str]
    connected: "Callable[[], AbstractContextManager[psycopg.Connection[Any]]]"
    streamed: "sql.Composed"
    written: "sql.Composed"
    believed: "sql.Composed"
    counted: "sql.Composed"

    def rows(self) -> Iterator[list[str]]:
        """Stream the headings and the rows."""
        yield list(self.columns)
        with self._asked() as cursor, cursor.copy(self.streamed) as copy:
            for row in copy.rows():
                yield [plain(cell) for cell in row]

    def bring(self, path: Path) -> None:
        """Write the rows as the server sends them; see `Served`."""
        with self._asked() as cursor, cursor.copy(self.written) as copy, path.open("wb") as file:
            for block in copy:
                file.write(block)

    def about(self) -> int:
        """Ask how many rows there are; see `Served`."""
        with self._asked() as cursor:
            found = cursor.execute(self.believed).fetchone()
            found = found or cursor.execute(self.counted).fetchone()
            return int(found[0]) if found else 0

    @contextmanager
    def _asked(self) -> "Iterator[psycopg.Cursor[Any]]":
        import psycopg  # noqa: PLC0415  an extra that few need

        try:
            with self.connected() as connection, connection.cursor() as cursor:
                yield cursor
        except psycopg.Error as error:
            raise InputError("cannot_read", path=self.name, reason=_said(error)) from error


def _read_only(url: str) -> str:
    """The session's options: the address's own, and that nothing is ever written."""
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  an extra that few need

    own = str(conninfo_to_dict(url).get("options") or "")
    return f"{own} -cdefault_transaction_read_only=on".strip()


def _said(error: Exception) -> str:
    """What a server says, in one line."""
    return " ".join(str(error).split())
