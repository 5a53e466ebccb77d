"""Avro files, one or many; block by block. Records, arrays, maps and unions of several types arrive as JSON."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.avro.columns import AvroColumn, columns_of_schema, without_logical
from walkaround.connectors.contract import State
from walkaround.connectors.extras import needed
from walkaround.connectors.location import Place, failure
from walkaround.connectors.parts import Reading
from walkaround.connectors.simple import FileConnector
from walkaround.errors import SourceError
from walkaround.model.sample import Records
from walkaround.model.source import Source

_BATCH_ROWS: Final = 1 << 15
_SYNC: Final = 16
_LONG: Final = 10
"""Bytes that a 64-bit number takes at most, seven bits in each."""


@dataclass(frozen=True, slots=True)
class AvroPart:
    """One file: its columns, and the records of each of its blocks."""

    state: State
    source: str
    columns: tuple[AvroColumn, ...]
    strata: tuple[int, ...]
    notes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """The fields of its records."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    def read(self) -> Reading:
        """All records, in the file's order."""
        repaired: Counter[str] = Counter()
        count = 0
        with self.state.open() as file:
            rows: list[Any] = []
            for record in self._records(file):
                rows.append(record)
                if len(rows) == _BATCH_ROWS:
                    count += len(rows)
                    yield self._batch(rows, repaired)
                    rows = []
            if rows:
                count += len(rows)
                yield self._batch(rows, repaired)
        return Records(count, repaired=dict(repaired))

    def _records(self, file: BufferedIOBase) -> Iterator[Any]:
        fastavro = needed(self.source, "fastavro", "avro")
        try:
            blocks = fastavro.block_reader(file)
            plain = fastavro.parse_schema(without_logical(blocks.writer_schema))
            for block in blocks:
                data = io.BytesIO(block.bytes_.getvalue())
                for _ in range(block.num_records):
                    yield fastavro.schemaless_reader(data, plain, None, handle_unicode_errors="surrogateescape")
        except GeneratorExit:
            raise
        except Exception as error:  # noqa: BLE001 - a broken file makes the library trip over anything
            raise _unreadable(self.source, self.state.path, error) from None

    def _batch(self, rows: list[Any], repaired: Counter[str]) -> pa.RecordBatch:
        arrays = []
        for column in self.columns:
            values = [row[column.name] for row in rows] if isinstance(rows[0], dict) else rows
            arrays.append(column.convert(values, repaired))
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


def _look(source: Source, place: Place, state: State) -> AvroPart:
    del place
    fastavro = needed(source.name, "fastavro", "avro")
    path = state.path
    try:
        with state.open() as file:
            if file.read(4) != b"Obj\x01":
                hint = "look at what the file holds, and name it so"
                raise SourceError(source.name, "not_what_it_says", f"{path.name}: is not an Avro file", hint)
            file.seek(0)
            try:
                columns = columns_of_schema(fastavro.block_reader(file).writer_schema)
            except Exception as error:  # noqa: BLE001 - a broken file makes the library trip over anything
                raise _unreadable(source.name, path, error) from None
            if not columns:
                raise SourceError(source.name, "empty", f"{path.name}: has no columns", "look at how it was written")
            return AvroPart(state, source.name, columns, tuple(_blocks(source, state, file)))
    except OSError as error:
        raise failure(source.name, path.name, error) from None


def _blocks(source: Source, state: State, file: BufferedIOBase) -> Iterator[int]:
    """The records of each block, by leaping from one to the next; `file` stands behind the header."""
    while (at := file.tell()) < state.size:
        count, size = _long(file), _long(file)
        end = file.tell() + size + _SYNC
        if count < 0 or size < 0 or end > state.size or end <= at:
            words = f"{state.path.name}: the Avro file is cut off or damaged"
            raise SourceError(source.name, "truncated", words, "copy or write it again")
        yield count
        file.seek(size + _SYNC, os.SEEK_CUR)


def _long(file: BufferedIOBase) -> int:
    """A number as Avro writes it: seven bits a byte, the lowest first, the sign in the lowest bit; -1 at the end."""
    number = 0
    for place in range(_LONG):
        byte = file.read(1)
        if not byte:
            return -1
        number |= (byte[0] & 0x7F) << (7 * place)
        if byte[0] < 0x80:  # noqa: PLR2004 - the highest bit says that more follows
            return (number >> 1) ^ -(number & 1)
    return -1


def _unreadable(source: str, path: Path, error: Exception) -> SourceError:
    if isinstance(error, SourceError):
        return error
    if isinstance(error, ValueError) and "need to install" in str(error):
        words = f"{path.name}: its compression needs a library that is not installed"
        return SourceError(source, "driver", words, "pip install 'walkaround[avro]'")
    words = f"{path.name}: the Avro file is cut off or damaged ({type(error).__name__})"
    return SourceError(source, "truncated", words, "copy or write it again")


CONNECTOR = FileConnector("avro", _look)
