"""Tables of a DuckDB file, opened read-only and without leave to reach any other file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from walkaround.connectors.contract import FileState
from walkaround.connectors.location import Place
from walkaround.connectors.parts import Reading
from walkaround.connectors.simple import FileConnector
from walkaround.connectors.tables import chosen, quoted
from walkaround.errors import SourceError
from walkaround.model.sample import Records
from walkaround.model.source import Source

if TYPE_CHECKING:
    import duckdb

_FAITHFUL: Final = (
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "FLOAT",
    "DOUBLE", "VARCHAR", "BLOB", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS",
    "TIMESTAMP WITH TIME ZONE",
)  # fmt: skip
"""Types that reach Arrow as they are (and DECIMAL). Others are cast to text: HUGEINT would become a double."""
_BATCH_ROWS: Final = 1 << 17


@dataclass(frozen=True, slots=True)
class DuckdbPart:
    """One table or view."""

    path: Path
    schema: pa.Schema
    strata: tuple[int, ...]
    statements: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def read(self) -> Reading:
        """All rows, in the table's order."""
        rows = 0
        with closing(_connected(self.path)) as connection:
            for batch in connection.sql(self.statements[-1]).to_arrow_reader(_BATCH_ROWS):
                rows += batch.num_rows
                yield batch
        return Records(rows)


def _connected(path: Path) -> duckdb.DuckDBPyConnection:
    import duckdb  # noqa: PLC0415 - loads where it is used

    safe: dict[str, str | bool | int | float | list[str]] = {"enable_external_access": False}
    return duckdb.connect(str(path), read_only=True, config=safe)


def _tables(source: Source, place: Place, state: FileState) -> Sequence[str]:
    import duckdb  # noqa: PLC0415 - loads where it is used

    try:
        with closing(_connected(state.path)) as connection:
            found = connection.execute(
                "SELECT table_schema, table_name FROM information_schema.tables ORDER BY table_schema, table_name"
            ).fetchall()
    except duckdb.Error as error:
        raise _not_duckdb(source, place, state, error) from None
    return [name if schema == "main" else f"{schema}.{name}" for schema, name in found]


def _look(source: Source, place: Place, state: FileState) -> DuckdbPart:
    import duckdb  # noqa: PLC0415 - loads where it is used

    table = chosen(source, place, state, _tables(source, place, state))
    schema_name, _, name = table.rpartition(".")
    full = f"{quoted(schema_name or 'main')}.{quoted(name)}"
    try:
        with closing(_connected(state.path)) as connection:
            columns = connection.execute(f"DESCRIBE {full}").fetchall()
            select = ", ".join(_projected(column, str(kind)) for column, kind, *_ in columns)
            count, read = f"SELECT count(*) FROM {full}", f"SELECT {select} FROM {full}"  # noqa: S608 - names are quoted
            ((rows,),) = connection.execute(count).fetchall()
            schema = connection.sql(f"{read} LIMIT 0").to_arrow_table().schema
    except duckdb.Error as error:
        words = f"{place.shown}: table {table} cannot be read ({type(error).__name__})"
        hint = "a view must not reach outside of the file; read its table"
        raise SourceError(source.name, "unreadable", words, hint) from None
    return DuckdbPart(state.path, schema, (int(rows),), (count, read))


def _projected(column: str, kind: str) -> str:
    if kind in _FAITHFUL or kind.startswith("DECIMAL"):
        return quoted(column)
    return f"CAST({quoted(column)} AS VARCHAR) AS {quoted(column)}"


def _not_duckdb(source: Source, place: Place, state: FileState, error: Exception) -> SourceError:
    with state.path.open("rb") as file:
        begins = file.read(12)[8:] == b"DUCK"
    if not begins:
        hint = "look at what the file holds, and name it so"
        return SourceError(source.name, "not_what_it_says", f"{place.shown}: is not a DuckDB file", hint)
    words = f"{place.shown}: the DuckDB file cannot be opened ({type(error).__name__})"
    return SourceError(source.name, "unreadable", words, "close the program that writes it, or upgrade walkaround")


CONNECTOR = FileConnector("duckdb", _look, _tables)
