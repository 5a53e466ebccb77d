"""What every connector promises, asked of tables of lakes: folders, where the other kinds are files."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake
from pyiceberg.catalog.sql import SqlCatalog

from walkaround.connectors import connector_for
from walkaround.errors import SourceError, UsageError
from walkaround.model.source import SampleRequest, Source

_spec = importlib.util.spec_from_file_location("connectors_files", Path(__file__).parent.parent / "connectors_files.py")
assert _spec is not None
assert _spec.loader is not None
files = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(files)

EXPECTED = sorted(files.ROWS, key=str)


def _hive(root: Path) -> None:
    names = files.TABLE.column("name").to_pylist()
    for name in sorted(set(names)):
        (root / f"name={name}").mkdir(parents=True)
        rows = files.TABLE.filter([found == name for found in names]).drop(["name"])
        pq.write_table(rows, root / f"name={name}" / "part-0.parquet", row_group_size=20)


def _delta(root: Path) -> None:
    write_deltalake(root, files.TABLE.slice(0, 300), partition_by=["name"])
    write_deltalake(root, files.TABLE.slice(300), mode="append")


def _iceberg(root: Path) -> None:
    catalog = SqlCatalog("c", uri="sqlite:///:memory:", warehouse=f"file://{root.parent}")
    catalog.create_namespace("n")
    table = catalog.create_table("n.t", schema=files.TABLE.schema, location=f"file://{root}")
    table.append(files.TABLE.slice(0, 300))
    table.append(files.TABLE.slice(300))
    catalog.close()


WRITERS: dict[str, Callable[[Path], None]] = {"hive": _hive, "delta": _delta, "iceberg": _iceberg}


@pytest.fixture(params=sorted(WRITERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def root(kind: str, tmp_path: Path) -> Path:
    made = tmp_path / "t"
    WRITERS[kind](made)
    return made


def rows_of(sample: Any) -> list[tuple[Any, ...]]:
    """The rows with the columns in the order of the others' tests: Hive's keys come last."""
    order = [column.name for column in sample.facts.columns]
    places = [order.index(name) for name in files.NAMES]
    return [tuple(row[place] for place in places) for row in files.rows_of(sample)]


def tree(root: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in root.rglob("*") if path.is_file()}


def test_all_rows_arrive_and_again(kind: str, root: Path) -> None:
    """A table is read whole, its values are right, and reading again gives the same with the same fingerprint."""
    sample = files.opened(root)
    first = rows_of(sample)
    assert sorted(first, key=str) == EXPECTED
    assert rows_of(sample) == first
    assert sample.fingerprint == files.opened(root).fingerprint
    assert (sample.facts.kind, sample.facts.rows_total, sample.facts.rows_total_is) == (kind, 500, "exact")
    assert (sample.records.rows, sample.drawn.method) == (500, "full")
    assert sorted(column.name for column in sample.facts.columns) == sorted(files.NAMES)


def test_the_right_connector_is_found(kind: str, root: Path) -> None:
    """A folder is told by what stands in it; it is one table, and nothing is in the way."""
    source = files.source(root)
    connector = connector_for(source)
    assert (connector.kind, connector.check(source), list(connector.datasets(source))) == (kind, (), ["s"])
    assert connector.describe(source).rows_total == 500


def test_a_row_budget_is_kept_and_seeded(root: Path) -> None:
    """N rows are N rows of the table; the same seed draws the same ones, another others."""
    sample = files.opened(root, rows=50)
    drawn = rows_of(sample)
    assert len(set(drawn)) == 50
    assert set(drawn) <= set(EXPECTED)
    assert rows_of(files.opened(root, rows=50)) == drawn != rows_of(files.opened(root, rows=50, seed=8))
    assert (sample.drawn.method, sample.drawn.fraction, sample.drawn.cannot_tell) == (
        "row_groups",
        0.1,
        ("duplicate rows",),
    )
    assert rows_of(files.opened(root, rows=5000)) == rows_of(files.opened(root))


def test_reading_changes_nothing(root: Path) -> None:
    """Every file of the folder is as before, and none is added."""
    before = tree(root)
    rows_of(files.opened(root))
    assert tree(root) == before


def test_leaving_early_is_clean(root: Path) -> None:
    """A consumer may stop after the first batch, and read again from the start."""
    sample = files.opened(root)
    batches = sample.batches()
    next(batches)
    batches.close()
    assert sorted(rows_of(sample), key=str) == EXPECTED


def test_a_file_that_changes_is_noticed(root: Path) -> None:
    """A data file that was written to since the table was opened is an error."""
    sample = files.opened(root)
    for path in root.rglob("*.parquet"):
        os.utime(path, ns=(1, 1))
    with pytest.raises(SourceError) as caught:
        rows_of(sample)
    assert caught.value.reason == "changed"


def test_a_plan_can_be_printed(kind: str, root: Path) -> None:
    """The dry run says what is read and how."""
    source = files.source(root, rows=10)
    words = str(connector_for(source).plan(source))
    assert words.startswith(f"s: {kind}, 10 seeded rows (seed 7)")
    assert "500 rows" in words


def test_a_data_file_cut_in_half_is_told(root: Path) -> None:
    """Half of a file is no table without the other half."""
    path = max(root.rglob("*.parquet"), key=lambda found: found.stat().st_size)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(SourceError) as caught:
        files.opened(root)
    assert (caught.value.reason, bool(caught.value.hint)) == ("truncated", True)


def test_what_only_servers_do_is_refused(root: Path) -> None:
    """A method of drawing that is a server's is not ignored in silence."""
    source = Source("s", str(root), sample=SampleRequest(method="pages"))
    with pytest.raises(UsageError, match="for servers and stores"):
        connector_for(source).plan(source)
