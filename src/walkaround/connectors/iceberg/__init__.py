"""Tables of Iceberg: a folder or a metadata file as they stand, or a table of a catalog that SQLite holds. Columns are
found by their ids, so that a renamed one is itself; rows deleted by position are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from walkaround.connectors.address import address_of
from walkaround.connectors.extras import needed
from walkaround.connectors.iceberg.catalog import located, tables_of
from walkaround.connectors.iceberg.columns import columns_of_file, declared_schema
from walkaround.connectors.iceberg.deletes import Deletes
from walkaround.connectors.iceberg.paths import local_path
from walkaround.connectors.lake import LakeConnector, LakeFile, Snapshot
from walkaround.connectors.location import locate
from walkaround.errors import SourceError, WalkaroundError
from walkaround.model.source import Source

_SCHEME: Final = "iceberg+sqlite"
_VERSION: Final = re.compile(r"v?(\d+)")


def _find(source: Source) -> Snapshot:
    metadata, notes, statements = _metadata(source)
    needed(source.name, "pyiceberg", "iceberg")
    static = needed(source.name, "pyiceberg.table", "iceberg").StaticTable
    try:
        table = static.from_metadata(metadata)
        tasks = sorted(table.scan().plan_files(), key=lambda task: str(task.file.file_path))
    except WalkaroundError:
        raise
    except Exception as error:  # noqa: BLE001 - the library hands on what its parsers and file systems raise
        raise _unreadable(source, metadata, error) from None
    schema = declared_schema(table)
    deletes = Deletes(source)
    files = tuple(_file(source, table, task, deletes) for task in tasks)
    return Snapshot(files, schema, tuple(notes), deletes.paths, statements)


def _metadata(source: Source) -> tuple[str, Sequence[str], tuple[str, ...]]:
    """Where the table's metadata is, what to know of it, and what was asked to find it."""
    address = address_of(source)
    if address.scheme == _SCHEME:
        location, statement = located(source, address)
        return location, (), (statement,)
    place = locate(source)
    if place.root is None:
        return str(place.files[0].absolute()), (), ()
    newest = _newest(place.root / "metadata")
    return str(newest.absolute()), (f"no catalog: the newest metadata is read, {newest.name}",), ()


def _newest(folder: Path) -> Path:
    """The metadata that the folder's hint names; without one, that of the highest version."""
    hint = folder / "version-hint.text"
    if hint.exists():
        said = hint.read_text(encoding="utf-8", errors="replace").strip()
        for name in (said, f"v{said}.metadata.json", f"{said}.metadata.json"):
            if name.endswith(".metadata.json") and (folder / name).is_file():
                return folder / name
    found = [path for path in folder.glob("*.metadata.json") if path.is_file()]
    return max(found, key=lambda path: (_version(path), path.stat().st_mtime_ns, path.name))


def _version(path: Path) -> int:
    found = _VERSION.match(path.name)
    return int(found.group(1)) if found else -1


def _file(source: Source, table: Any, task: Any, deletes: Deletes) -> LakeFile:
    path = local_path(source, task.file.file_path)
    if task.file.file_format.value.upper() != "PARQUET":
        words = f"{source.name}: {path.name} is {task.file.file_format.value} and not Parquet"
        raise SourceError(source.name, "unreadable", words, "rewrite the table's files as Parquet, or export it")
    return LakeFile(path, columns_of_file(source, table, task, path), deletes.of(task), task.file.record_count)


def _unreadable(source: Source, metadata: str, error: Exception) -> SourceError:
    name = Path(metadata).name
    if "equality deletes" in str(error):
        words = f"{source.name}: the table has rows that are deleted by value, and these are not read"
        return SourceError(
            source.name, "unreadable", words, "compact the table first (rewrite_data_files), or export it"
        )
    if isinstance(error, FileNotFoundError):
        words = f"{source.name}: a file of the table's metadata is gone"
        return SourceError(source.name, "missing", words, f"look at what {name} and its manifests name")
    words = f"{source.name}: the metadata of the Iceberg table cannot be read ({type(error).__name__})"
    return SourceError(source.name, "unreadable", words, f"look at {name} and the manifests that it names")


def _tables(source: Source) -> Iterator[str]:
    address = address_of(source)
    if address.scheme != _SCHEME:
        yield source.name
        return
    yield from tables_of(source, address)


CONNECTOR = LakeConnector("iceberg", _find, (_SCHEME,), lambda source: tuple(_tables(source)))
