"""A session over ADBC: the driver works in a thread of its own, so that an interrupt is an interrupt."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from typing import Any, Final, TypeVar

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.postgres.conninfo import conninfos
from walkaround.connectors.sql.dialect import Limits
from walkaround.errors import SourceError

BATCH_BYTES: Final = 1 << 20
"""A batch of about a mebibyte; the driver's own first batch is sixteen times as large."""
GRACE: Final = 5.0
"""Seconds that an answer may come later than the server's own timeout allows: beyond it the line is dead."""
NO_TLS: Final = "server does not support SSL"
_TYPES: Final = (
    "SELECT oid, typname, typreceive, typbasetype, typrelid, typarray FROM pg_catalog.pg_type WHERE (typreceive != 0 "
    "OR typsend != 0) AND typtype != 'r' AND typreceive::TEXT != 'array_recv'"
)
GREETING: Final = (
    "SELECT version();",
    "SELECT attrelid, attname, atttypid FROM pg_catalog.pg_attribute ORDER BY attrelid, attnum",
    *[_TYPES] * 3,
)
"""What the driver (1.13) sends of its own accord as it opens, in a session of its own, to learn the server's types."""
_UNCOPIED: Final = ("EXPLAIN", "SHOW")
"""Statements whose answer PostgreSQL does not hand out by COPY."""

Result = TypeVar("Result")


class LateError(Exception):
    """The server did not answer, though its own timeout must have ended the statement."""


class AdbcSession:
    """One connection. All of the driver is called in one thread; whoever waits for it can be interrupted."""

    greeting = GREETING

    def __init__(self, address: Address, limits: Limits) -> None:
        """Log in.

        Raises:
            SourceError: the driver is not installed.
        """
        self._seconds = limits.seconds
        self._running, self._began = False, time.monotonic()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="walkaround-postgresql")
        try:
            self._connection = self._thread.submit(_connected, address).result()
        except BaseException:
            self._thread.shutdown(wait=False)
            raise

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Send a statement whose answer is small; its rows."""
        return self._within(lambda: self._asked(statement))

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        """Send a query; batches, each fetched while the one before is worked on."""
        cursor, reader = self._within(lambda: self._opened(statement))
        waiting: Future[pa.RecordBatch | None] | None = None
        try:
            some = False
            waiting = self._thread.submit(_next, reader)
            while (batch := self._waited(waiting)) is not None:
                waiting = self._thread.submit(_next, reader)
                some = True
                yield batch
            self._running = False
            if not some:
                yield pa.RecordBatch.from_pylist([], schema=reader.schema)
        finally:
            if self._running:
                self.cancel()
                with suppress(Exception):  # the batch that was on its way ends with the query
                    if waiting is not None:
                        waiting.result(GRACE)
            self._running = False
            with suppress(Exception):
                self._thread.submit(_closed, reader, cursor).result(GRACE)

    def cancel(self) -> tuple[str, ...]:
        """Stop what runs. PostgreSQL is asked by a request of its protocol, which is no statement."""
        if self._running:
            self._running = False
            with suppress(Exception):  # a connection that is gone has nothing to stop
                self._connection.adbc_cancel()
        return ()

    def close(self) -> None:
        """End the connection."""
        self.cancel()
        with suppress(Exception):
            self._thread.submit(self._connection.close).result(GRACE)
        self._thread.shutdown(wait=False)

    def _within(self, work: Callable[[], Result]) -> Result:
        self._running, self._began = True, time.monotonic()
        return self._waited(self._thread.submit(work))

    def _waited(self, future: Future[Result]) -> Result:
        """The result, when it is there; an interrupt ends the wait.

        Raises:
            LateError: the server has not answered in time, or has ended the statement for that.
        """
        try:
            return future.result(self._seconds + GRACE)
        except TooLate:
            raise LateError from None
        except OSError:  # while rows come, the driver has no code for an error, and its words may be of any language
            if time.monotonic() - self._began >= self._seconds:
                raise LateError from None
            raise

    def _asked(self, statement: str) -> list[tuple[Any, ...]]:
        options = {"adbc.postgresql.use_copy": "false"} if statement.startswith(_UNCOPIED) else {}
        try:
            with self._connection.cursor(adbc_stmt_kwargs=options) as cursor:
                cursor.execute(statement)
                return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        finally:
            self._running = False

    def _opened(self, statement: str) -> tuple[Any, Any]:
        options = {"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)}
        cursor = self._connection.cursor(adbc_stmt_kwargs=options)
        try:
            cursor.execute(statement)
            return cursor, cursor.fetch_record_batch()
        except BaseException:
            self._running = False
            cursor.close()
            raise


def _connected(address: Address) -> Any:
    """One attempt to log in; the server is asked again only where it has no TLS, before anybody logged in."""
    try:
        from adbc_driver_postgresql import dbapi  # noqa: PLC0415 - loads where it is used
    except ImportError:
        raise SourceError(
            "postgresql", "driver", "the driver of PostgreSQL is not installed", "pip install adbc-driver-postgresql"
        ) from None
    first, *others = conninfos(address)
    try:
        # The transaction is begun by a statement of ours, so that its mode stands in it.
        return dbapi.connect(first, autocommit=True)
    except dbapi.Error as error:
        if not others or NO_TLS not in str(error):
            raise
    return dbapi.connect(others[0], autocommit=True)


def _next(reader: Any) -> pa.RecordBatch | None:
    try:
        return reader.read_next_batch()
    except StopIteration:
        return None


def _closed(reader: Any, cursor: Any) -> None:
    reader.close()
    cursor.close()
