"""A session over PyMySQL. Loaded when a server is first spoken to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pymysql.constants import ER
from pymysql.cursors import SSCursor
from pymysql.err import MySQLError, OperationalError

from walkaround.connectors.address import Address
from walkaround.connectors.mysql.connection import ColumnConnection, Columns
from walkaround.connectors.mysql.login import Login, login_of
from walkaround.connectors.sql.dialect import APPLICATION, CONNECT_SECONDS, Limits

TOLD: Final = 500
"""Letters of a statement by which it is known again."""
GRACE: Final = 5.0
"""Seconds that the server has, beyond its own time limit, to say that it was reached."""


class MySqlSession:
    """One connection. `connect` opens it, and opens another where a query is to be stopped on the server."""

    def __init__(self, address: Address, limits: Limits) -> None:
        login = login_of(address, os.environ)
        self._connect: Callable[[], ColumnConnection] = lambda: connected(login, limits)
        self._connection = self._connect()
        self._running = ""
        self.ended = False
        """Whether the connection ended with a query that was stopped."""
        self._sent: list[str] = []

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Send a statement whose answer is small; its rows, each value as text."""
        self._running = statement
        try:
            rows = _asked(self._connection, statement)
        except MySQLError:
            self._running = ""  # the server ended it, or will at its time limit
            raise
        self._running = ""  # not so after an interrupt
        return rows

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        """Send a query; batches of text, in the order of the server."""
        connection = self._connection
        self._running = statement
        cursor = connection.cursor(SSCursor)
        whole = False
        try:
            cursor.execute(statement)
            names = [column[0] for column in cursor.description or ()]
            for columns in connection.columns():
                yield _batch(columns, names)
            self._running, whole = "", True
        except MySQLError:
            if self.ended:  # another thread stopped it
                raise OperationalError(ER.QUERY_INTERRUPTED, "Query execution was interrupted") from None
            if connection.open:  # the server itself ended it
                self._running, whole = "", True
            raise
        finally:
            if not whole:  # left early, or the line broke
                self._stop()
                connection.leave()

    def cancel(self) -> tuple[str, ...]:
        """Stop what runs on the server: from a second connection, as the first one listens to nothing but its query.

        The first one ends with it, as what is on its way would have to be read; so does the transaction.
        """
        self._stop()
        sent, self._sent = tuple(self._sent), []
        return sent

    def close(self) -> None:
        """End the connection, whatever state it is in."""
        self._connection.drop()

    def _stop(self) -> None:
        """Stop the query, where that session still runs it: behind a balancer the second connection may reach another
        server, whose session of that number is not ours.
        """
        statement, self._running = self._running, ""
        if not statement:
            return
        (thread,) = self._connection.server_thread_id
        seen = f"SELECT LEFT(INFO, {TOLD}) FROM information_schema.PROCESSLIST WHERE ID = {thread}"  # noqa: S608 - a number
        kill = f"KILL QUERY {thread}"
        # Where no second connection can be had, the server finds out when it writes to the first.
        with suppress(MySQLError, OSError):
            other = self._connect()
            try:
                self._sent.append(seen)
                if _asked(other, seen) == [(statement[:TOLD],)]:
                    self._sent.append(kill)
                    _asked(other, kill)
            finally:
                other.drop()
        self.ended = True
        self._connection.cut()


def connected(login: Login, limits: Limits) -> ColumnConnection:
    """A connection, after one attempt.

    Raises:
        MySQLError: there is no such server, or it lets nobody in.
    """
    return ColumnConnection(
        patience=limits.seconds + GRACE,
        host=login.host,
        port=login.port,
        user=login.user,
        password=login.password,
        database=login.database,
        unix_socket=login.socket,
        charset="utf8mb4",
        use_unicode=False,
        conv={},
        autocommit=None,
        program_name=APPLICATION,
        connect_timeout=CONNECT_SECONDS,
        read_default_file=None if login.defaults is None else str(Path(login.defaults).expanduser()),
        **login.tls,
    )


def _asked(connection: ColumnConnection, statement: str) -> list[tuple[Any, ...]]:
    """Rows of a small answer, each value as text."""
    cursor = connection.cursor()
    cursor.execute(statement)
    rows: Sequence[Any] = cursor.fetchall()
    cursor.close()  # not so after an error, which closing it would put another in the place of
    return [tuple(None if value is None else value.decode() for value in row) for row in rows]


def _batch(columns: Columns, names: list[str]) -> pa.RecordBatch:
    """Bytes as they arrived, called text. Whether they are UTF-8 is asked at the border, where all columns are."""
    arrays = [pa.array(column, pa.binary()).view(pa.string()) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, names=names)
