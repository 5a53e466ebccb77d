"""Tables of Delta Lake: the files of the current version, partition values and deletion vectors from its log."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import numpy as np
import pyarrow as pa

from walkaround.connectors.drawing import Positions
from walkaround.connectors.extras import needed
from walkaround.connectors.lake import (
    NONE_DELETED,
    Columns,
    LakeColumn,
    LakeConnector,
    LakeFile,
    Snapshot,
    missing_column,
    stored_column,
)
from walkaround.connectors.location import locate
from walkaround.errors import SourceError
from walkaround.model.source import Source

_ESCAPED: Final = re.compile(rb"\\u00([0-9a-fA-F]{2})")


def _find(source: Source) -> Snapshot:
    place = locate(source)
    root = (place.root or place.files[0].parent).absolute()
    deltalake = needed(source.name, "deltalake", "delta")
    errors = needed(source.name, "deltalake.exceptions", "delta")
    try:
        table = deltalake.DeltaTable(str(root))
        added = _added(table)
        vectors = _vectors(source, root, table)
        schema = pa.schema(table.schema().to_arrow())
        stored = _stored_names(table)
    except errors.DeltaProtocolError as error:
        words = f"{place.shown}: the table uses features of Delta Lake that are not read ({type(error).__name__})"
        raise SourceError(source.name, "unreadable", words, "give a table or a copy without them") from None
    except (errors.DeltaError, OSError, ValueError, pa.ArrowException) as error:
        words = f"{place.shown}: the log of the Delta table cannot be read ({type(error).__name__})"
        hint = "look at _delta_log: a commit or a checkpoint is missing or damaged"
        raise SourceError(source.name, "unreadable", words, hint) from None
    files = []
    for action in sorted(added, key=lambda action: str(action["path"])):
        path = _path(source, root, action["path"])
        columns = _columns(source, path, schema, stored, action.get("partition") or {})
        files.append(LakeFile(path, columns, vectors.get(path, NONE_DELETED), action.get("num_records")))
    return Snapshot(tuple(files), schema, (f"version {table.version()} of the Delta table",))


def _added(table: Any) -> list[dict[str, Any]]:
    """Path, rows and partition of each file; not the least and greatest values that the log keeps as well."""
    actions = pa.table(table.get_add_actions(flatten=False))
    wanted = ("path", "num_records", "partition")
    rows: list[dict[str, Any]] = actions.select([name for name in actions.column_names if name in wanted]).to_pylist()
    return rows


def _path(source: Source, root: Path, said: str) -> Path:
    """Where a file of the log is: relative to the table, percent-encoded, or a URI."""
    parts = urlsplit(said)
    if len(parts.scheme) > 1 and parts.scheme != "file":
        words = f"{source.name}: the table has files elsewhere ({parts.scheme}://)"
        raise SourceError(source.name, "unreadable", words, "give a table whose files are on this machine")
    path = unquote(parts.path) if parts.scheme == "file" else unquote(said)
    return root / path


def _vectors(source: Source, root: Path, table: Any) -> Mapping[Path, Positions]:
    """The positions of deleted rows, by file."""
    found: dict[Path, Positions] = {}
    for batch in pa.RecordBatchReader.from_stream(table.deletion_vectors()):
        for path, kept in zip(batch.column(0).to_pylist(), batch.column(1), strict=True):
            keep = kept.values.to_numpy(zero_copy_only=False)
            found[_path(source, root, path)] = np.flatnonzero(~keep.astype(bool)).astype(np.int64)
    return found


def _stored_names(table: Any) -> Mapping[str, str]:
    """What each column is called in the files, where columns were renamed without writing the files again."""
    fields = json.loads(table.schema().to_json())["fields"]
    return {field["name"]: field["metadata"].get("delta.columnMapping.physicalName", field["name"]) for field in fields}


def _columns(
    source: Source, path: Path, schema: pa.Schema, names: Mapping[str, str], partition: Mapping[str, Any]
) -> Columns:
    def columns(stored: pa.Schema) -> tuple[LakeColumn, ...]:
        return tuple(column(field, stored) for field in schema)

    def column(field: pa.Field, stored: pa.Schema) -> LakeColumn:
        name = names[field.name]
        for key in (field.name, name):
            if key in partition:
                return LakeColumn(field.name, field.type, None, _value(partition[key]))
        if name in stored.names:
            return stored_column(source, path, field, stored, stored.names.index(name))
        return missing_column(field)

    return columns


def _value(said: Any) -> Any:
    """A partition's value. Bytes are escaped in the log, four hex digits each, and are handed on so."""
    if not isinstance(said, bytes):
        return said
    return _ESCAPED.sub(lambda found: bytes((int(found.group(1), 16),)), said)


CONNECTOR = LakeConnector("delta", _find)
