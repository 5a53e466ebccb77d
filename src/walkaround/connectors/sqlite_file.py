"""Tables of an SQLite file. Its columns may hold values of any kind: one kind arrives typed, several as text."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.border import legacy_text
from walkaround.connectors.contract import FileState
from walkaround.connectors.location import Place
from walkaround.connectors.parts import Reading
from walkaround.connectors.simple import FileConnector
from walkaround.connectors.tables import chosen, quoted
from walkaround.errors import SourceError
from walkaround.model.sample import ForeignKey, Records
from walkaround.model.source import Source

_TYPES: Final = {"integer": pa.int64(), "real": pa.float64(), "text": pa.string(), "blob": pa.binary()}
_CLASSES: Final = ("integer", "real", "text", "blob")
_AT_ONCE: Final = 200
"""Columns whose storage classes are counted by one statement: SQLite allows 2,000 results in one."""
_BATCH_ROWS: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class SqlitePart:
    """One table or view."""

    path: Path
    schema: pa.Schema
    strata: tuple[int, ...]
    statements: tuple[str, ...]
    notes: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    def read(self) -> Reading:
        """All rows, in the table's order."""
        rows = 0
        repaired: Counter[str] = Counter()
        with closing(_connected(self.path, repaired)) as connection:
            cursor = connection.execute(self.statements[-1])
            while found := cursor.fetchmany(_BATCH_ROWS):
                rows += len(found)
                columns = zip(*found, strict=True)
                arrays = [_array(values, field.type) for values, field in zip(columns, self.schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=self.schema)
        return Records(rows, repaired=dict(repaired))


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    return pa.array([_said(value) for value in values] if kind == pa.string() else values, kind)


def _said(value: object) -> str | None:
    """A value of any storage class as text, exactly: Python prints the shortest digits that read back the same."""
    if value is None or isinstance(value, str):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)


def _connected(path: Path, repaired: Counter[str] | None = None) -> sqlite3.Connection:
    """Read-only. A database in write-ahead mode without its log beside it is opened as immutable: nobody writes to it,
    and SQLite would otherwise make files next to it.
    """
    still = "" if path.with_name(path.name + "-wal").exists() else "&immutable=1"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{still}", uri=True, isolation_level=None)

    def text(raw: bytes) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError:
            if repaired is not None:
                repaired["not UTF-8"] += 1
            return legacy_text(raw)

    connection.text_factory = text
    return connection


def _guarded(source: Source, place: Place, state: FileState, ask: Callable[[sqlite3.Connection], Any]) -> Any:
    try:
        with closing(_connected(state.path)) as connection:
            return ask(connection)
    except sqlite3.Error as error:
        with state.path.open("rb") as file:
            begins = file.read(16) == b"SQLite format 3\x00"
        if not begins:
            hint = "look at what the file holds, and name it so"
            raise SourceError(source.name, "not_what_it_says", f"{place.shown}: is not an SQLite file", hint) from None
        words = f"{place.shown}: the SQLite file cannot be read ({type(error).__name__})"
        raise SourceError(source.name, "unreadable", words, "copy it again while nothing writes to it") from None


def _tables(source: Source, place: Place, state: FileState) -> Sequence[str]:
    statement = (
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    found = _guarded(source, place, state, lambda connection: connection.execute(statement).fetchall())
    return [name for (name,) in found]


def _look(source: Source, place: Place, state: FileState) -> SqlitePart:
    table = chosen(source, place, state, _tables(source, place, state))
    part: SqlitePart = _guarded(source, place, state, lambda connection: _part(connection, state.path, table))
    return part


def _part(connection: sqlite3.Connection, path: Path, table: str) -> SqlitePart:
    names = [column[0] for column in connection.execute(f"SELECT * FROM {quoted(table)} LIMIT 0").description]  # noqa: S608 - names are quoted
    count = f"SELECT count(*) FROM {quoted(table)}"  # noqa: S608 - names are quoted
    statements = [count]
    types: list[pa.DataType] = []
    mixed = 0
    for start in range(0, len(names), _AT_ONCE):
        counts = ", ".join(
            f"total(typeof({quoted(name)}) = '{word}')" for name in names[start : start + _AT_ONCE] for word in _CLASSES
        )
        statements.append(f"SELECT {counts} FROM {quoted(table)}")  # noqa: S608 - names are quoted
        found = connection.execute(statements[-1]).fetchone()
        for at in range(0, len(found), len(_CLASSES)):
            held = [word for word, number in zip(_CLASSES, found[at : at + len(_CLASSES)], strict=True) if number]
            mixed += len(held) > 1
            types.append(pa.null() if not held else _TYPES[held[0]] if len(held) == 1 else pa.string())
    rows = int(connection.execute(count).fetchone()[0])
    read = f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table)}"  # noqa: S608 - names are quoted
    schema = pa.schema([pa.field(name, kind) for name, kind in zip(names, types, strict=True)])
    notes = (f"{mixed} columns hold values of several kinds and are read as text",) if mixed else ()
    key, pointing = _key(connection, table, statements), _foreign_keys(connection, table, statements)
    return SqlitePart(path, schema, (rows,), (*statements, read), notes, key, pointing)


def _key(connection: sqlite3.Connection, table: str, statements: list[str]) -> tuple[str, ...]:
    """The columns of the primary key, in its order."""
    statements.append(f"PRAGMA table_info({quoted(table)})")
    columns = connection.execute(statements[-1]).fetchall()
    return tuple(name for _, name in sorted((place, name) for _, name, _, _, _, place in columns if place))


def _foreign_keys(connection: sqlite3.Connection, table: str, statements: list[str]) -> tuple[ForeignKey, ...]:
    """The foreign keys; one that names no columns points to the primary key."""
    statements.append(f"PRAGMA foreign_key_list({quoted(table)})")
    found = sorted(connection.execute(statements[-1]).fetchall())
    keys: list[ForeignKey] = []
    for _, lines in groupby(found, key=lambda line: line[0]):
        parts = list(lines)
        parent = str(parts[0][2])
        to = tuple(part[4] for part in parts)
        keys.append(
            ForeignKey(
                tuple(part[3] for part in parts), parent, _key(connection, parent, statements) if None in to else to
            )
        )
    return tuple(keys)


CONNECTOR = FileConnector("sqlite", _look, _tables)
