"""Avro: every type, records within records, and files that are not whole."""

from __future__ import annotations

import io
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastavro
import pytest

from walkaround.connectors import connector_for
from walkaround.errors import SourceError

Fields = list[tuple[str, Any]]


def avro(path: Path, fields: Fields, rows: list[dict[str, Any]], **how: Any) -> Path:
    """A file of records, written by fastavro."""
    schema = {"type": "record", "name": "row", "fields": [{"name": name, "type": kind} for name, kind in fields]}
    with path.open("wb") as file:
        fastavro.writer(file, fastavro.parse_schema(schema), rows, **how)
    return path


TYPES: list[tuple[Any, Any, str, Any]] = [
    ("boolean", True, "bool", True),
    ("int", -(2**31), "int32", -(2**31)),
    ("long", 2**63 - 1, "int64", 2**63 - 1),
    ("float", 0.5, "float", 0.5),
    ("double", float("inf"), "double", float("inf")),
    ("string", "é" * 10_000, "string", "é" * 10_000),
    ("bytes", b"\x00\xff", "binary", b"\x00\xff"),
    ({"type": "fixed", "name": "f", "size": 2}, b"ab", "binary", b"ab"),
    ({"type": "enum", "name": "e", "symbols": ["A", "B"]}, "B", "string", "B"),
    ({"type": "int", "logicalType": "date"}, date(2024, 2, 29), "date32[day]", date(2024, 2, 29)),
    ({"type": "int", "logicalType": "time-millis"}, time(1, 2, 3), "time32[ms]", time(1, 2, 3)),
    ({"type": "long", "logicalType": "time-micros"}, time(1, 2, 3, 4), "time64[us]", time(1, 2, 3, 4)),
    (
        {"type": "long", "logicalType": "timestamp-micros"},
        datetime(2024, 1, 2, 3, 4, 5, 6, UTC),
        "timestamp[us, tz=UTC]",
        datetime(2024, 1, 2, 3, 4, 5, 6, UTC),
    ),
    (
        {"type": "long", "logicalType": "local-timestamp-millis"},
        datetime(2024, 1, 2, 3, 4, 5),  # noqa: DTZ001 - this type has no zone
        "timestamp[ms]",
        datetime(2024, 1, 2, 3, 4, 5),  # noqa: DTZ001 - this type has no zone
    ),
    (
        {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 2},
        Decimal("-" + "9" * 36 + ".99"),
        "decimal128(38, 2)",
        Decimal("-" + "9" * 36 + ".99"),
    ),
    (
        {"type": "fixed", "name": "d", "size": 40, "logicalType": "decimal", "precision": 90, "scale": 0},
        Decimal("1" * 90),
        "string",
        "1" * 90,
    ),
    (
        {"type": "string", "logicalType": "uuid"},
        "00000000-0000-0000-0000-00000000000a",
        "string",
        "00000000-0000-0000-0000-00000000000a",
    ),
    (["null", "int", "long"], 7, "int64", 7),
    (["int", "string", "double"], "7", "string", "7"),
    (["int", "string", "double"], 7, "string", "7"),
    ({"type": "array", "items": "int"}, [1, 2], "string", "[1, 2]"),
    ({"type": "map", "values": ["null", "double"]}, {"<b>": None, "k": 1.5}, "string", '{"<b>": null, "k": 1.5}'),
    (
        {
            "type": "record",
            "name": "r",
            "fields": [{"name": "x", "type": "bytes"}, {"name": "y", "type": ["null", "r"]}],
        },
        {"x": b"\xff", "y": {"x": b"", "y": None}},
        "string",
        '{"x": "ff", "y": {"x": "", "y": null}}',
    ),
]


@pytest.mark.parametrize("case", range(len(TYPES)))
def test_every_type(files: Any, tmp_path: Path, case: int) -> None:
    """A value of each type arrives as what it is, and a null beside it as null."""
    kind, value, arrow, expected = TYPES[case]
    branches = kind if isinstance(kind, list) else [kind]
    optional = ["null", *(branch for branch in branches if branch != "null")]
    sample = files.opened(avro(tmp_path / "a.avro", [("v", optional)], [{"v": value}, {"v": None}]))
    assert sample.facts.columns[0].type == arrow
    assert files.rows_of(sample) == [(expected,), (None,)]


def test_nan_and_types_named_once(files: Any, tmp_path: Path) -> None:
    """A type that is named in one column and used in another is the same type; NaN is NaN."""
    fields: Fields = [("a", {"type": "enum", "name": "size", "namespace": "n.s", "symbols": ["S"]}), ("b", "n.s.size")]
    sample = files.opened(
        avro(tmp_path / "a.avro", [*fields, ("c", "double")], [{"a": "S", "b": "S", "c": float("nan")}])
    )
    ((first, second, number),) = files.rows_of(sample)
    assert (first, second) == ("S", "S")
    assert number != number  # noqa: PLR0124 - only NaN is not itself


def test_dates_out_of_range_are_counted(files: Any, tmp_path: Path) -> None:
    """A day after the year 9999 makes no reader fall over: it is null, and counted."""
    fields: Fields = [
        ("d", {"type": "int", "logicalType": "date"}),
        ("t", {"type": "long", "logicalType": "timestamp-millis"}),
    ]
    sample = files.opened(avro(tmp_path / "a.avro", fields, [{"d": 9_999_999, "t": 2**60}, {"d": 0, "t": 0}]))
    assert files.rows_of(sample) == [(None, None), (date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC))]
    assert sample.records.repaired == {"date out of range": 2}


def test_text_that_is_no_utf8(files: Any, tmp_path: Path) -> None:
    """Bytes of another encoding are read as Windows-1252, and counted."""
    schema = {"type": "record", "name": "rr", "fields": [{"name": "s", "type": "bytes"}]}
    path = tmp_path / "a.avro"
    with path.open("wb") as file:
        fastavro.writer(file, fastavro.parse_schema(schema), [{"s": b"caf\xe9"}, {"s": "café".encode()}])
    # Text and bytes are written alike: the schema is made to say text, and no longer for it.
    content = path.read_bytes()
    assert (content.count(b'"rr"'), content.count(b'"bytes"')) == (1, 1)
    path.write_bytes(content.replace(b'"rr"', b'"r"').replace(b'"bytes"', b'"string"'))
    sample = files.opened(path)
    assert files.rows_of(sample) == [("café",), ("café",)]
    assert sample.records.repaired == {"not UTF-8": 1}


@pytest.mark.parametrize("codec", ["null", "deflate", "snappy", "zstandard", "bzip2", "xz", "lz4"])
def test_every_compression(files: Any, tmp_path: Path, codec: str) -> None:
    """What Spark, Kafka and Hadoop write is unpacked."""
    rows = [{"n": number} for number in range(1000)]
    sample = files.opened(avro(tmp_path / "a.avro", [("n", "int")], rows, codec=codec, sync_interval=500))
    assert files.rows_of(sample) == [(number,) for number in range(1000)]


def test_blocks_give_their_share(files: Any, tmp_path: Path) -> None:
    """How many records there are is known without reading them, and each block is drawn from."""
    rows = [{"n": number} for number in range(1000)]
    path = avro(tmp_path / "a.avro", [("n", "long")], rows, sync_interval=100)
    sample = files.opened(path, rows=100)
    assert (sample.facts.rows_total, sample.facts.rows_total_is) == (1000, "exact")
    drawn = [number // 100 for (number,) in files.rows_of(sample)]
    assert all(5 <= drawn.count(tenth) <= 15 for tenth in range(10))


def test_no_records_and_no_record(files: Any, tmp_path: Path) -> None:
    """A header alone is a table without rows; values that are no records are one column."""
    sample = files.opened(avro(tmp_path / "a.avro", [("n", "long")], []))
    assert (files.rows_of(sample), sample.facts.rows_total) == ([], 0)
    buffer = io.BytesIO()
    fastavro.writer(buffer, "string", ["a", "b"])
    (tmp_path / "b.avro").write_bytes(buffer.getvalue())
    assert files.rows_of(files.opened(tmp_path / "b.avro")) == [("a",), ("b",)]


def test_a_cut_at_any_place_is_told(files: Any, tmp_path: Path) -> None:
    """However short the file was cut, it is an error, or ends where a block ended: with fewer rows than it had."""
    path = avro(tmp_path / "a.avro", [("n", "long")], [{"n": number} for number in range(200)], sync_interval=100)
    content = path.read_bytes()
    for end in range(4, len(content), 7):
        path.write_bytes(content[:end])
        try:
            assert len(files.rows_of(files.opened(path))) < 200
        except SourceError as error:
            assert error.reason == "truncated"  # noqa: PT017 - it need not raise
    path.write_bytes(content[:-1])
    with pytest.raises(SourceError, match="cut off or damaged"):
        connector_for(files.source(path)).plan(files.source(path))


def test_damage_inside_is_told(files: Any, tmp_path: Path) -> None:
    """Bytes turned over in a block, and a header that is none."""
    path = avro(tmp_path / "a.avro", [("s", "string")], [{"s": "secret" * 9}] * 300, codec="deflate")
    content = path.read_bytes()
    path.write_bytes(content[:-60] + bytes(byte ^ 0x5A for byte in content[-60:-20]) + content[-20:])
    with pytest.raises(SourceError) as caught:
        files.rows_of(files.opened(path))
    assert caught.value.reason == "truncated"
    assert "secret" not in str(caught.value)
    path.write_bytes(b"Obj\x01" + bytes(range(256)) * 4)
    with pytest.raises(SourceError, match="cut off or damaged"):
        files.opened(path)


def test_a_missing_library_is_asked_for(files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed the extra is told its name."""
    path = avro(tmp_path / "a.avro", [("n", "long")], [{"n": 1}])
    monkeypatch.setitem(sys.modules, "fastavro", None)
    with pytest.raises(SourceError) as caught:
        files.opened(path)
    assert (caught.value.reason, caught.value.hint) == ("driver", "pip install 'walkaround[avro]'")
