"""Iceberg: columns by their ids, the snapshot that is current, rows deleted by position, catalogs left as they are."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.manifest import (
    DataFile,
    DataFileContent,
    FileFormat,
    ManifestContent,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestWriterV2,
    write_manifest_list,
)
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.serializers import ToOutputFile
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Operation, Snapshot, Summary
from pyiceberg.transforms import IdentityTransform
from pyiceberg.typedef import Record
from pyiceberg.types import DateType, LongType, NestedField, StringType, TimestamptzType
from pyroaring import BitMap64

from walkaround.connectors import connector_for
from walkaround.errors import SourceError


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    """A catalog in an SQLite file, with a namespace."""
    made = SqlCatalog("c", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=f"file://{tmp_path}/lake")
    made.create_namespace("sales")
    yield made
    made.close()


@pytest.fixture
def table(catalog: SqlCatalog) -> Table:
    """Rows 0 to 99, in one file."""
    table = catalog.create_table("sales.orders", schema=pa.schema([("id", pa.int64()), ("v", pa.string())]))
    table.append(pa.table({"id": range(100), "v": [f"v{number}" for number in range(100)]}))
    return table


def root(tmp_path: Path) -> Path:
    return tmp_path / "lake" / "sales" / "orders"


def uri(tmp_path: Path) -> str:
    return f"iceberg+sqlite:///{tmp_path}/catalog.db"


class DeleteManifest(ManifestWriterV2):
    """A manifest of deletes, which pyiceberg reads and does not write."""

    def content(self) -> ManifestContent:
        """Deletes."""
        return ManifestContent.DELETES

    @property
    def _meta(self) -> dict[str, str]:
        return {**super()._meta, "content": "deletes"}


def with_deletes(table: Table, tmp_path: Path, file: dict[str, Any]) -> Path:
    """The table's metadata with one more snapshot, which has a file of deletes."""
    metadata, number = table.metadata, 999
    folder = root(tmp_path) / "metadata"
    before = table.current_snapshot()
    assert before is not None
    sequence = metadata.last_sequence_number + 1
    data = DataFile.from_args(partition=Record(), record_count=1, **file)
    data.spec_id = 0
    output = table.io.new_output(f"file://{folder}/{uuid4()}-deletes.avro")
    with DeleteManifest(table.spec(), table.schema(), output, number, "null") as deletes:
        deletes.add_entry(ManifestEntry.from_args(status=ManifestEntryStatus.ADDED, snapshot_id=number, data_file=data))
    listed = f"file://{folder}/snap-{number}.avro"
    with write_manifest_list(2, table.io.new_output(listed), number, before.snapshot_id, sequence, "null") as writer:
        writer.add_manifests([*before.manifests(table.io), deletes.to_manifest_file()])
    snapshot = Snapshot(
        snapshot_id=number, parent_snapshot_id=before.snapshot_id, sequence_number=sequence, manifest_list=listed,
        timestamp_ms=metadata.last_updated_ms + 1, summary=Summary(Operation.DELETE), schema_id=0,
    )  # fmt: skip
    later = metadata.model_copy(
        update={
            "snapshots": [*metadata.snapshots, snapshot],
            "current_snapshot_id": number,
            "last_sequence_number": sequence,
            "refs": {},
        }
    )
    path = folder / "99999-deletes.metadata.json"
    ToOutputFile.table_metadata(later, table.io.new_output(f"file://{path}"))
    return path


def data_path(table: Table) -> str:
    (task,) = table.scan().plan_files()
    return str(task.file.file_path)


def positions(table: Table, tmp_path: Path, gone: list[int]) -> dict[str, Any]:
    """A file of positions, as engines write it into tables of version 2; another table's file stands in it too."""
    path = tmp_path / "deletes.parquet"
    paths = [*[data_path(table)] * len(gone), "file:///elsewhere.parquet"]
    pq.write_table(pa.table({"file_path": paths, "pos": [*gone, 50]}), path)
    return {
        "content": DataFileContent.POSITION_DELETES, "file_path": f"file://{path}", "file_format": FileFormat.PARQUET,
        "file_size_in_bytes": path.stat().st_size,
    }  # fmt: skip


def bitmap(table: Table, tmp_path: Path, gone: list[int]) -> dict[str, Any]:
    """A bitmap in a Puffin file, as the specification describes it (deletion-vector-v1)."""
    bits = struct.pack("<I", 0x6439D3D1)[::-1] + BitMap64(gone).serialize()
    blob = struct.pack(">I", len(bits)) + bits + struct.pack(">I", zlib.crc32(bits))
    meta = {
        "type": "deletion-vector-v1", "fields": [2147483645], "snapshot-id": -1, "sequence-number": -1, "offset": 4,
        "length": len(blob), "properties": {"referenced-data-file": data_path(table), "cardinality": str(len(gone))},
    }  # fmt: skip
    footer = json.dumps({"blobs": [meta], "properties": {}}).encode()
    path = tmp_path / "deletes.puffin"
    path.write_bytes(b"PFA1" + blob + b"PFA1" + footer + struct.pack("<I", len(footer)) + bytes(4) + b"PFA1")
    return {
        "content": DataFileContent.POSITION_DELETES, "file_path": f"file://{path}", "file_format": FileFormat.PUFFIN,
        "file_size_in_bytes": path.stat().st_size,
    }  # fmt: skip


@pytest.mark.parametrize("written", [positions, bitmap])
def test_rows_deleted_by_position(files: Any, tmp_path: Path, table: Table, written: Any) -> None:
    """Rows that a delete file names are not there, and not drawn; other deletions are another fingerprint."""
    gone = [0, 7, 99]
    before = files.opened(root(tmp_path)).fingerprint
    metadata = with_deletes(table, tmp_path, written(table, tmp_path, gone))
    sample = files.opened(metadata)
    assert files.rows_of(sample) == [(number, f"v{number}") for number in range(100) if number not in gone]
    assert (sample.facts.rows_total, sample.facts.rows_total_is) == (97, "exact")
    assert not {number for number, _ in files.rows_of(files.opened(metadata, rows=90))} & set(gone)
    assert sample.fingerprint != before
    next(tmp_path.glob("deletes.*")).unlink()
    with pytest.raises(SourceError, match="says which rows are deleted"):
        files.opened(metadata)


def test_rows_deleted_by_value_are_refused(files: Any, tmp_path: Path, table: Table) -> None:
    """What cannot be left out is not read as if it were there."""
    file = positions(table, tmp_path, [1]) | {"content": DataFileContent.EQUALITY_DELETES, "equality_ids": [1]}
    metadata = with_deletes(table, tmp_path, file)
    with pytest.raises(SourceError, match="deleted by value") as caught:
        files.opened(metadata)
    assert (caught.value.reason, "rewrite_data_files" in caught.value.hint) == ("unreadable", True)


def test_columns_are_found_by_their_ids(files: Any, tmp_path: Path, table: Table) -> None:
    """Renamed, moved, dropped, added under an old name, made wider: each file is read by what its columns are."""
    with table.update_schema() as change:
        change.rename_column("v", "id_text").delete_column("id")
    with table.update_schema() as change:
        change.add_column("v", StringType()).add_column("n", LongType()).move_first("n")
    table.append(pa.table({"n": [7], "id_text": ["x"], "v": ["new"]}))
    table.delete("id_text in ('v3', 'v4')")
    sample = files.opened(root(tmp_path))
    other = table.scan().to_arrow()
    assert [column.name for column in sample.facts.columns] == other.schema.names == ["n", "id_text", "v"]
    rows = sorted(files.rows_of(sample), key=str)
    assert rows == sorted(zip(*(column.to_pylist() for column in other.columns), strict=True), key=str)
    assert (len(rows), sample.facts.rows_total) == (99, 99)
    assert (7, "x", "new") in rows
    assert (None, "v5", None) in rows


def test_a_catalog_is_asked_and_not_touched(files: Any, tmp_path: Path, table: Table) -> None:
    """The current snapshot is the catalog's; its file is opened for reading only, and what was asked is listed."""
    table.append(pa.table({"id": [100], "v": ["x"]}))
    before = (tmp_path / "catalog.db").read_bytes()
    source = files.source(uri(tmp_path) + "?table=sales.orders", rows=10)
    assert connector_for(source).kind == "iceberg"
    assert list(connector_for(source).datasets(source)) == ["sales.orders"]
    sample = files.opened(uri(tmp_path) + "?table=sales.orders")
    assert len(files.rows_of(sample)) == 101
    assert len(files.rows_of(files.opened(uri(tmp_path), table="sales.orders"))) == 101
    assert len(files.rows_of(files.opened(uri(tmp_path), rows=10))) == 10
    assert sample.facts.statements == (
        "SELECT table_namespace, table_name, metadata_location FROM iceberg_tables ORDER BY 1, 2",
    )
    assert (tmp_path / "catalog.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["catalog.db", "lake"]


def test_a_catalog_that_lacks_it(files: Any, tmp_path: Path, catalog: SqlCatalog, table: Table) -> None:
    """No such table, several and none named, no such file (none is made), and a file that is no catalog."""
    with pytest.raises(SourceError) as caught:
        files.opened(uri(tmp_path), table="sales.order")
    assert caught.value.hint == "did you mean sales.orders?"
    catalog.create_table("sales.returns", schema=table.schema())
    with pytest.raises(SourceError, match=r"sales\.orders, sales\.returns"):
        files.opened(uri(tmp_path))
    with pytest.raises(SourceError, match="no such file"):
        files.opened(f"iceberg+sqlite:///{tmp_path}/none.db?table=a.b")
    assert not (tmp_path / "none.db").exists()
    sqlite3.connect(tmp_path / "other.db").close()
    (tmp_path / "other.db").write_text("a,b\n1,2\n" * 100)
    with pytest.raises(SourceError, match="is no catalog") as caught:
        files.opened(f"iceberg+sqlite:///{tmp_path}/other.db?table=a.b")
    assert caught.value.reason == "not_what_it_says"


def test_partitions_and_snapshots(files: Any, tmp_path: Path, catalog: SqlCatalog) -> None:
    """Partitioned by day and text, with nulls: values are the columns' own; a snapshot is read by its metadata."""
    schema = Schema(
        NestedField(1, "day", DateType()), NestedField(2, "shop", StringType()), NestedField(3, "at", TimestamptzType())
    )
    spec = PartitionSpec(
        PartitionField(1, 1000, IdentityTransform(), "day"), PartitionField(2, 1001, IdentityTransform(), "shop")
    )
    made = catalog.create_table("sales.orders", schema, partition_spec=spec)
    assert files.rows_of(files.opened(root(tmp_path))) == []
    row = {"day": date(2024, 2, 29), "shop": "a/b é", "at": datetime(2024, 1, 2, 3, 4, 5, 6, UTC)}
    made.append(pa.Table.from_pylist([row, {}], schema=made.schema().as_arrow()))
    first = made.metadata_location
    made.append(pa.Table.from_pylist([row], schema=made.schema().as_arrow()))
    assert sorted(files.rows_of(files.opened(first.removeprefix("file://"))), key=str) == [
        (None, None, None),
        tuple(row.values()),
    ]
    sample = files.opened(root(tmp_path))
    assert len(files.rows_of(sample)) == 3
    assert sample.facts.notes[0].startswith("no catalog: the newest metadata is read, 00002-")
    (root(tmp_path) / "metadata" / "version-hint.text").write_text(first.rpartition("/")[2])
    assert len(files.rows_of(files.opened(root(tmp_path)))) == 2


def test_files_without_ids(files: Any, tmp_path: Path, table: Table) -> None:
    """Files that were added as they were are read by the mapping of names; without one nobody can tell."""
    path = tmp_path / "plain.parquet"
    pq.write_table(pa.table({"v": ["x"], "id": [100]}), path)
    table.add_files([f"file://{path}"])
    assert (100, "x") in files.rows_of(files.opened(root(tmp_path)))
    with table.transaction() as change:
        change.remove_properties("schema.name-mapping.default")
    with pytest.raises(SourceError, match="has no ids of columns"):
        files.opened(root(tmp_path))


def test_what_is_gone_or_damaged(files: Any, tmp_path: Path, table: Table) -> None:
    """A data file, a manifest, the metadata itself: each is an error in words."""
    data = Path(data_path(table).removeprefix("file://"))
    content = data.read_bytes()
    data.unlink()
    with pytest.raises(SourceError, match=f"{data.name} is gone") as caught:
        files.opened(root(tmp_path))
    assert caught.value.reason == "missing"
    data.write_bytes(content[:-20])
    with pytest.raises(SourceError) as caught:
        files.opened(root(tmp_path))
    assert caught.value.reason in ("truncated", "unreadable")
    data.write_bytes(content)
    newest = Path(table.metadata_location.removeprefix("file://"))
    said = newest.read_text()
    for broken in ("{", said.replace('"format-version":2', '"format-version":77'), "[]"):
        newest.write_text(broken)
        with pytest.raises(SourceError, match="metadata of the Iceberg table cannot be read"):
            files.opened(root(tmp_path))
    newest.write_text(said)
    for manifest in (root(tmp_path) / "metadata").glob("*.avro"):
        os.truncate(manifest, 100)
    with pytest.raises(SourceError) as caught:
        files.opened(root(tmp_path))
    assert caught.value.reason == "unreadable"
    for manifest in (root(tmp_path) / "metadata").glob("*.avro"):
        manifest.unlink()
    with pytest.raises(SourceError, match="a file of the table's metadata is gone"):
        files.opened(root(tmp_path))


def test_files_elsewhere_are_refused(files: Any, tmp_path: Path, table: Table) -> None:
    """A data file in a store is said to be there; nothing is fetched."""
    file = positions(table, tmp_path, [1]) | {"file_path": "s3://bucket/deletes.parquet"}
    with pytest.raises(SourceError, match="files elsewhere"):
        files.opened(with_deletes(table, tmp_path, file))


def test_a_missing_library_is_asked_for(
    files: Any, tmp_path: Path, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has not installed the extra is told its name."""
    assert table.current_snapshot() is not None
    monkeypatch.setitem(sys.modules, "pyiceberg", None)
    with pytest.raises(SourceError) as caught:
        files.opened(root(tmp_path))
    assert (caught.value.reason, caught.value.hint) == ("driver", "pip install 'walkaround[iceberg]'")
