"""What a table is kept in changes nothing of what is found in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import fastavro
import polars as pl
import pyarrow as pa
import pyarrow.orc as po
import pytest
import xlsxwriter
from deltalake import write_deltalake
from pyiceberg.catalog.sql import SqlCatalog

import walkaround

SAMPLE = Path(__file__).parent.parent.parent / "sample_data"
Found = set[tuple[str, tuple[str, ...], str]]


def _excel(table: pa.Table, path: Path) -> Path:
    with xlsxwriter.Workbook(str(path.with_suffix(".xlsx")), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("customers")
        sheet.write_row(0, 0, table.column_names)
        for number, row in enumerate(zip(*(column.to_pylist() for column in table.columns), strict=True), 1):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write_string(number, place, value)
    return path.with_suffix(".xlsx")


def _avro(table: pa.Table, path: Path) -> Path:
    fields = [{"name": name, "type": ["null", "string"]} for name in table.column_names]
    schema = fastavro.parse_schema({"type": "record", "name": "customers", "fields": fields})
    with path.with_suffix(".avro").open("wb") as file:
        fastavro.writer(file, schema, table.to_pylist(), codec="snappy")
    return path.with_suffix(".avro")


def _orc(table: pa.Table, path: Path) -> Path:
    po.write_table(table, str(path.with_suffix(".orc")))
    return path.with_suffix(".orc")


def _delta(table: pa.Table, path: Path) -> Path:
    write_deltalake(path, table)
    return path


def _iceberg(table: pa.Table, path: Path) -> Path:
    catalog = SqlCatalog("c", uri="sqlite:///:memory:", warehouse=f"file://{path.parent}")
    catalog.create_namespace("n")
    catalog.create_table("n.t", schema=table.schema, location=f"file://{path}").append(table)
    catalog.close()
    return path


def found(production: Path) -> Found:
    run = walkaround.compare(SAMPLE / "pilot" / "customers.csv", production)
    return {(finding.outcome.code, finding.outcome.columns, finding.outcome.status) for finding in run.findings}


@pytest.fixture(scope="module")
def of_text() -> Found:
    """What is found in the text file."""
    return found(SAMPLE / "production" / "customers.csv")


@pytest.mark.parametrize("write", [_excel, _avro, _orc, _delta, _iceberg])
def test_the_same_is_found(of_text: Found, tmp_path: Path, write: Callable[[pa.Table, Path], Path]) -> None:
    """The production customers of the sample data have the same findings as text, workbook, Avro, ORC and lake."""
    table = pl.read_csv(SAMPLE / "production" / "customers.csv", infer_schema=False).to_arrow()
    table = table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
    assert len(of_text) > 10
    assert found(write(table, tmp_path / "customers")) == of_text


def test_connectors_load_no_library_of_an_extra() -> None:
    """Who reads CSV waits for no library of lakes and workbooks, and needs none."""
    script = "import sys\nfrom walkaround.connectors import connectors\nconnectors()\nprint(' '.join(sys.modules))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in told.stdout.split()}
    assert loaded.isdisjoint({"deltalake", "fastavro", "fastexcel", "pyiceberg", "sqlalchemy"})
