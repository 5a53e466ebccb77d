"""Columns of an Iceberg table in one of its files: by id, for names change and ids do not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.lake import Columns, LakeColumn, missing_column, stored_column
from walkaround.errors import SourceError
from walkaround.model.source import Source

_ID: Final = b"PARQUET:field_id"
_SMALL: Final = {pa.large_string(): pa.string(), pa.large_binary(): pa.binary()}


def declared_schema(table: Any) -> pa.Schema:
    """The columns that the table declares now, in Arrow's types, each with its id."""
    schema: pa.Schema = table.schema().as_arrow()
    return pa.schema([field.with_type(_SMALL.get(field.type, field.type)) for field in schema])


def columns_of_file(source: Source, table: Any, task: Any, path: Path) -> Columns:
    """How the table's columns stand in the file of a task."""
    declared = declared_schema(table)
    given = _given(table, task)

    def columns(stored: pa.Schema) -> tuple[LakeColumn, ...]:
        places = _places(source, table, path, stored)
        return tuple(column(field, stored, places) for field in declared)

    def column(field: pa.Field, stored: pa.Schema, places: Mapping[int, int]) -> LakeColumn:
        number = int(field.metadata[_ID])
        if number in places:
            return stored_column(source, path, field, stored, places[number])
        return missing_column(field, given.get(number))

    return columns


def _places(source: Source, table: Any, path: Path, stored: pa.Schema) -> dict[int, int]:
    """Where each id is in a file; by the table's mapping of names where the file was written without ids."""
    ids = {int(field.metadata[_ID]): place for place, field in enumerate(stored) if _ID in (field.metadata or {})}
    if ids:
        return ids
    mapping = table.name_mapping()
    if mapping is None:
        words = f"{path.name}: has no ids of columns, and the table does not say which name is which column"
        raise SourceError(source.name, "unreadable", words, "set schema.name-mapping.default, or rewrite the file")
    known = {name: entry.field_id for entry in mapping.root for name in entry.names}
    return {known[name]: place for place, name in enumerate(stored.names) if known.get(name) is not None}


def _given(table: Any, task: Any) -> dict[int, Any]:
    """Values of columns that a file need not hold: of its partition where that is the column itself, else the default
    that the column was added with.
    """
    found = {field.field_id: field.initial_default for field in table.schema().fields}
    spec = table.specs()[task.file.spec_id]
    for place, field in enumerate(spec.fields):
        if str(field.transform) == "identity":
            found[field.source_id] = task.file.partition[place]
    return found
