"""Files for the tests of connectors: one small table in every kind, and its values."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import fastavro
import pyarrow as pa
import pyarrow.feather
import pyarrow.orc
import pyarrow.parquet as pq
import xlsxwriter

from walkaround.connectors import open_sample
from walkaround.model.sample import Sample
from walkaround.model.source import SampleRequest, Source

NAMES = ["id", "name", "note"]
ROWS = [(number, f"name {number % 7}", None if number % 5 == 0 else f"note é {number}") for number in range(500)]
TABLE = pa.table({name: pa.array([row[place] for row in ROWS]) for place, name in enumerate(NAMES)})


def source(path: Path | str, rows: Any = None, seed: int = 7, table: str | None = None) -> Source:
    """A source of a path."""
    return Source("s", str(path), table=table, sample=SampleRequest(rows=rows, seed=seed))


def opened(path: Path | str, **wanted: Any) -> Sample:
    """The sample of a path."""
    return open_sample(source(path, **wanted))


def rows_of(sample: Sample) -> list[tuple[Any, ...]]:
    """All rows, as tuples."""
    return [row for batch in sample.batches() for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)]


def read(path: Path, content: bytes) -> tuple[Sample, list[tuple[Any, ...]]]:
    """Write a file, and read it."""
    path.write_bytes(content)
    sample = opened(path)
    return sample, rows_of(sample)


def _csv(path: Path) -> None:
    lines = [f"{number},{name},{note or ''}\n" for number, name, note in ROWS]
    path.write_text("id,name,note\n" + "".join(lines), encoding="utf-8")


def _stream(path: Path) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, TABLE.schema) as writer:
        writer.write_table(TABLE)


def _ndjson(path: Path) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in TABLE.to_pylist()), encoding="utf-8")


def _json(path: Path) -> None:
    path.write_text(json.dumps(TABLE.to_pylist()), encoding="utf-8")


def _duckdb(path: Path) -> None:
    connection = duckdb.connect(str(path))
    connection.execute("CREATE TABLE t (id BIGINT, name VARCHAR, note VARCHAR)")
    connection.executemany("INSERT INTO t VALUES (?, ?, ?)", [list(row) for row in ROWS])
    connection.close()


def _sqlite(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (id, name, note)")
    connection.executemany("INSERT INTO t VALUES (?, ?, ?)", ROWS)
    connection.commit()
    connection.close()


def _avro(path: Path) -> None:
    fields = [("id", "long"), ("name", "string"), ("note", ["null", "string"])]
    schema = {"type": "record", "name": "t", "fields": [{"name": name, "type": kind} for name, kind in fields]}
    with path.open("wb") as file:
        fastavro.writer(file, fastavro.parse_schema(schema), TABLE.to_pylist(), sync_interval=2000)


def _xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("t")
        for place, row in enumerate([NAMES, *ROWS]):
            sheet.write_row(place, 0, row)


WRITERS: dict[str, Callable[[Path], Any]] = {
    "t.csv": _csv,
    "t.parquet": lambda path: pq.write_table(TABLE, path, row_group_size=100),
    "t.arrow": lambda path: pa.feather.write_feather(TABLE, str(path)),
    "t.arrows": _stream,
    "t.ndjson": _ndjson,
    "t.json": _json,
    "t.duckdb": _duckdb,
    "t.sqlite": _sqlite,
    "t.avro": _avro,
    "t.orc": lambda path: pa.orc.write_table(TABLE, str(path), stripe_size=1024, batch_size=64),
    "t.xlsx": _xlsx,
}
