"""Delta Lake: the current version and no other, rows that are deleted, columns that were renamed."""

from __future__ import annotations

import json
import shutil
import struct
import sys
import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake
from pyroaring import BitMap64

from walkaround.connectors import connector_for
from walkaround.errors import SourceError

Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"


def test_the_current_version_is_read(files: Any, tmp_path: Path) -> None:
    """Rows that were overwritten or deleted are gone, though their files still stand in the folder."""
    root = tmp_path / "t"
    write_deltalake(root, pa.table({"id": range(100), "shop": ["a", "b"] * 50}), partition_by=["shop"])
    write_deltalake(root, pa.table({"id": range(100, 110), "shop": [None] * 10}), mode="append")
    DeltaTable(root).delete(predicate="id < 20")
    DeltaTable(root).update(updates={"shop": "'c d/é'"}, predicate="id = 105")
    assert len(list(root.rglob("*.parquet"))) > len(DeltaTable(root).file_uris())
    sample = files.opened(root)
    rows = files.rows_of(sample)
    other = DeltaTable(root).to_pyarrow_table().select(["id", "shop"])
    assert sorted(rows, key=str) == sorted(zip(*(column.to_pylist() for column in other.columns), strict=True), key=str)
    assert (len(rows), sample.facts.rows_total, sample.facts.rows_total_is) == (90, 90, "exact")
    assert sample.facts.kind == "delta"
    assert sample.facts.notes == ("version 3 of the Delta table",)
    assert connector_for(files.source(root)).check(files.source(root)) == ()


def test_a_checkpoint_is_read(files: Any, tmp_path: Path) -> None:
    """A log whose early commits were folded into a checkpoint says the same."""
    for number in range(12):
        write_deltalake(tmp_path / "t", pa.table({"id": [number]}), mode="append")
    table = DeltaTable(tmp_path / "t")
    table.create_checkpoint()
    for commit in (tmp_path / "t" / "_delta_log").glob("0000000000000000000?.json"):
        commit.unlink()
    assert sorted(files.rows_of(files.opened(tmp_path / "t"))) == [(number,) for number in range(12)]


def test_partition_values_have_the_columns_type(files: Any, tmp_path: Path) -> None:
    """A log keeps values of partitions as text; the table says what they are."""
    when = datetime(2024, 1, 2, 3, 4, 5, 6, UTC)
    row = {"day": date(2024, 1, 2), "n": 7, "dec": Decimal("1.20"), "at": when, "yes": True, "raw": b"a\xff"}
    schema = pa.schema([
        ("day", pa.date32()), ("n", pa.int32()), ("dec", pa.decimal128(38, 2)), ("at", pa.timestamp("us", "UTC")),
        ("yes", pa.bool_()), ("raw", pa.binary()), ("v", pa.int64()),
    ])  # fmt: skip
    table = pa.Table.from_pylist([{**row, "v": 1}, {"v": 2}], schema=schema)
    write_deltalake(tmp_path / "t", table, partition_by=list(row))
    rows = sorted(files.rows_of(files.opened(tmp_path / "t")), key=lambda found: found[-1])
    assert rows == [(*row.values(), 1), (None,) * 6 + (2,)]


def test_every_row_group_gives_its_share(files: Any, tmp_path: Path) -> None:
    """A tenth of a table is a tenth of each file and row group."""
    for start in (0, 1000):
        write_deltalake(tmp_path / "t", pa.table({"id": range(start, start + 1000)}), mode="append")
    sample = files.opened(tmp_path / "t", rows=200)
    drawn = [number // 1000 for (number,) in files.rows_of(sample)]
    assert [drawn.count(half) for half in (0, 1)] == [100, 100]
    assert sample.drawn.method == "row_groups"


def test_a_table_without_rows(files: Any, tmp_path: Path) -> None:
    """Nothing was written yet: no rows, and the columns all the same."""
    DeltaTable.create(tmp_path / "t", pa.schema([("a", pa.int64()), ("b", pa.string())]))
    sample = files.opened(tmp_path / "t")
    assert (files.rows_of(sample), sample.facts.rows_total) == ([], 0)
    assert [column.name for column in sample.facts.columns] == ["a", "b"]


def test_columns_that_came_later(files: Any, tmp_path: Path) -> None:
    """Files that were written before a column was added have null in it."""
    write_deltalake(tmp_path / "t", pa.table({"id": [1]}))
    write_deltalake(tmp_path / "t", pa.table({"id": [2], "<b>x</b>": [1.5]}), mode="append", schema_mode="merge")
    assert sorted(files.rows_of(files.opened(tmp_path / "t"))) == [(1, None), (2, 1.5)]


def z85(raw: bytes) -> str:
    """Bytes as Delta's log writes them (ZeroMQ's base 85)."""
    padded = raw + bytes(-len(raw) % 4)
    text = ""
    for place in range(0, len(padded), 4):
        number = int.from_bytes(padded[place : place + 4])
        text += "".join(Z85[number // 85**power % 85] for power in (4, 3, 2, 1, 0))
    return text


def by_hand(root: Path, *, deleted: list[int] | None = None, inline: bool = False, renamed: bool = False) -> Path:
    """A table of 100 rows as the protocol describes it, with what deltalake does not write itself."""
    (root / "_delta_log").mkdir(parents=True)
    names = ["col-1", "col-2"] if renamed else ["id", "v"]
    data = pa.table({names[0]: range(100), names[1]: [f"v{number}" for number in range(100)]})
    pq.write_table(data, root / "a b.parquet", row_group_size=30)
    add: dict[str, Any] = {
        "path": "a%20b.parquet", "partitionValues": {}, "size": (root / "a b.parquet").stat().st_size,
        "modificationTime": 0, "dataChange": True, "stats": json.dumps({"numRecords": 100}),
    }  # fmt: skip
    if deleted is not None:
        bits = struct.pack("<i", 1681511377) + BitMap64(deleted).serialize()
        name = UUID(int=7)
        add["deletionVector"] = {
            "storageType": "i" if inline else "u", "pathOrInlineDv": z85(bits if inline else name.bytes),
            "sizeInBytes": len(bits), "cardinality": len(deleted), **({} if inline else {"offset": 1}),
        }  # fmt: skip
        if not inline:
            framed = b"\x01" + struct.pack(">i", len(bits)) + bits + struct.pack(">I", zlib.crc32(bits))
            (root / f"deletion_vector_{name}.bin").write_bytes(framed)
    fields = [
        {
            "name": said, "type": kind, "nullable": True,
            "metadata": {"delta.columnMapping.id": number, "delta.columnMapping.physicalName": name} if renamed else {},
        }
        for number, (said, kind, name) in enumerate(zip(["id", "v"], ["long", "string"], names, strict=True), 1)
    ]  # fmt: skip
    features = ["deletionVectors", *(["columnMapping"] if renamed else [])]
    configuration = {"delta.enableDeletionVectors": "true", **({"delta.columnMapping.mode": "name"} if renamed else {})}
    log = [
        {"protocol": {
            "minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": features, "writerFeatures": features,
        }},
        {"metaData": {
            "id": "x", "format": {"provider": "parquet", "options": {}}, "partitionColumns": [], "createdTime": 0,
            "schemaString": json.dumps({"type": "struct", "fields": fields}), "configuration": configuration,
        }},
        {"add": add},
    ]  # fmt: skip
    (root / "_delta_log" / f"{0:020}.json").write_text("\n".join(map(json.dumps, log)))
    return root


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("renamed", [True, False])
def test_deleted_rows_and_renamed_columns(files: Any, tmp_path: Path, inline: bool, renamed: bool) -> None:  # noqa: FBT001 - a case
    """Rows that a deletion vector names are not there; a column has the name it has now."""
    gone = [0, 5, 29, 30, 99]
    sample = files.opened(by_hand(tmp_path / "t", deleted=gone, inline=inline, renamed=renamed))
    assert files.rows_of(sample) == [(number, f"v{number}") for number in range(100) if number not in gone]
    assert (sample.facts.rows_total, sample.records.rows) == (95, 95)
    drawn = files.rows_of(files.opened(tmp_path / "t", rows=19))
    assert not {number for number, _ in drawn} & set(gone)
    # Row groups of 30 are left with 27, 29, 30 and 9 rows: a fifth of each is 5.4, 5.8, 6 and 1.8.
    shares = [sum(number // 30 == group for number, _ in drawn) for group in range(4)]
    assert all(abs(share - exact) < 1 for share, exact in zip(shares, [5.4, 5.8, 6, 1.8], strict=True))


def test_other_deletions_are_other_rows(files: Any, tmp_path: Path) -> None:
    """The fingerprint tells tables apart whose files are the same and whose deleted rows are not."""
    prints = {
        files.opened(by_hand(tmp_path / str(number), deleted=gone)).fingerprint
        for number, gone in enumerate([None, [1], [2], [1]])
    }
    assert len(prints) == 3


def test_a_file_that_is_gone(files: Any, tmp_path: Path) -> None:
    """A data file that the log needs and nobody finds is an error that names it."""
    root = tmp_path / "t"
    write_deltalake(root, pa.table({"id": [1]}))
    (data,) = root.glob("*.parquet")
    data.unlink()
    with pytest.raises(SourceError, match=f"{data.name} is gone") as caught:
        files.opened(root)
    assert caught.value.reason == "missing"
    shutil.rmtree(root)
    by_hand(root, deleted=[1])
    next(root.glob("*.bin")).unlink()
    with pytest.raises(SourceError) as caught:
        files.opened(root)
    assert caught.value.reason in ("missing", "unreadable")


def test_a_file_that_was_exchanged(files: Any, tmp_path: Path) -> None:
    """A data file with other rows than the log says is not the one that was written."""
    root = by_hand(tmp_path / "t")
    pq.write_table(pa.table({"id": [1], "v": ["x"]}), root / "a b.parquet")
    with pytest.raises(SourceError, match="has 1 rows, and the table says 100"):
        files.opened(root)
    pq.write_table(pa.table({"id": ["seven"] * 100, "v": ["x"] * 100}), root / "a b.parquet")
    with pytest.raises(SourceError, match="column id is not of the type") as caught:
        files.rows_of(files.opened(root))
    assert "seven" not in str(caught.value)


def test_a_log_that_cannot_be_read(files: Any, tmp_path: Path) -> None:
    """Rubbish in a commit, a log without any, and a feature that nobody here knows."""
    root = by_hand(tmp_path / "t")
    commit = root / "_delta_log" / f"{0:020}.json"
    said = commit.read_text()
    for content in ('{"add": rubbish', "", said.replace('"deletionVectors"', '"teleportation"')):
        commit.write_text(content)
        with pytest.raises(SourceError) as caught:
            files.opened(root)
        assert caught.value.reason == "unreadable"
        assert caught.value.hint


def test_files_elsewhere_are_refused(files: Any, tmp_path: Path) -> None:
    """A clone that points into a store is said to; nothing is fetched."""
    root = by_hand(tmp_path / "t")
    commit = root / "_delta_log" / f"{0:020}.json"
    commit.write_text(commit.read_text().replace("a%20b.parquet", "s3://bucket/a.parquet"))
    with pytest.raises(SourceError, match="files elsewhere"):
        files.opened(root)


def test_a_missing_library_is_asked_for(files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed the extra is told its name."""
    by_hand(tmp_path / "t")
    monkeypatch.setitem(sys.modules, "deltalake", None)
    with pytest.raises(SourceError) as caught:
        files.opened(tmp_path / "t")
    assert (caught.value.reason, caught.value.hint) == ("driver", "pip install 'walkaround[delta]'")
