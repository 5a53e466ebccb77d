"""Cursors: a session over a client library of Python's DB-API, or one much like it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa

ROWS: Final = 10_000
"""Rows of one batch: about a mebibyte of ordinary rows."""

Batches = Callable[[Any, str], Iterator[pa.RecordBatch]]
"""Run a query on a cursor; its batches."""


class CursorSession:
    """One connection. `stop` is what stops a query that runs on a cursor; it answers the statements that it sent.

    `sending` are arguments of the client's `execute`. `rests`: between two fetches nothing runs on the server, so that
    there is nothing to stop, and a client's call that stops would hit the next statement.
    """

    def __init__(
        self,
        connection: Any,
        batches: Batches,
        stop: Callable[[Any], tuple[str, ...]],
        sending: Mapping[str, Any] = MappingProxyType({}),
        *,
        rests: bool = False,
    ) -> None:
        self._connection = connection
        self._batches = batches
        self._stop = stop
        self._sending = sending
        self._rests = rests
        self._running: Any = None
        self._fetching = False

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Send a statement whose answer is small."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(statement, **self._sending)
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        finally:
            cursor.close()

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        """Send a query; left early, it is stopped."""
        cursor = self._connection.cursor()
        self._running = cursor
        try:
            self._fetching = True
            for batch in steady(self._batches(cursor, statement)):
                self._fetching = False
                yield batch
                self._fetching = True
            self._running = None
        finally:
            self.cancel()
            with suppress(Exception):  # a cursor whose query was stopped may not want to be closed
                cursor.close()

    def cancel(self) -> tuple[str, ...]:
        """Stop the query that runs; nothing where none does, or where it has just ended by itself."""
        cursor, self._running = self._running, None
        if cursor is None or (self._rests and not self._fetching):
            return ()
        with suppress(Exception):
            return self._stop(cursor)
        return ()

    def close(self) -> None:
        """End the connection."""
        with suppress(Exception):
            self._connection.close()


def cancelled(cursor: Any) -> tuple[str, ...]:
    """A query stopped by the client's own call, which sends no statement."""
    cursor.cancel()
    return ()


def rows_as_text(cursor: Any, statement: str) -> Iterator[pa.RecordBatch]:
    """Batches of a cursor that answers rows: every value as text, which the query has already made it."""
    cursor.execute(statement)
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchmany(ROWS)
    yield text_batch(names, rows)
    while rows and (rows := cursor.fetchmany(ROWS)):
        yield text_batch(names, rows)


def text_batch(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> pa.RecordBatch:
    """Rows as a batch of text."""
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.RecordBatch.from_arrays([pa.array(map(_said, values), pa.string()) for values in columns], list(names))


def _said(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def batches_of(tables: Iterable[Any], names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Batches of Arrow tables or batches as clients hand them over, in bounded pieces; an empty one of text where there
    is none.
    """
    some = False
    for table in tables:
        whole = pa.Table.from_batches([table]) if isinstance(table, pa.RecordBatch) else table
        for batch in whole.to_batches(max_chunksize=ROWS) or [_empty(whole.schema)]:
            some = True
            yield batch
    if not some:
        yield text_batch(names, [])


def steady(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches in the schema of the first: some clients choose a column's type for each batch by its values."""
    schema: pa.Schema | None = None
    for batch in batches:
        schema = schema or pa.schema([pa.field(field.name, field.type) for field in batch.schema])
        if batch.schema.types != schema.types:
            arrays = [column.cast(kind) for column, kind in zip(batch.columns, schema.types, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
        else:
            yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
