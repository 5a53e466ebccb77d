"""Parquet in folders named key=value: the keys are columns, and folders of two tables are no table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from walkaround.connectors import connector_for
from walkaround.errors import SourceError


def stored(root: Path, folder: str, table: pa.Table, name: str = "part-0.parquet", **how: Any) -> Path:
    """A file in a folder of a table."""
    path = root / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, **how)
    return path


def numbers(*values: int) -> pa.Table:
    return pa.table({"id": values})


def test_keys_of_folders_are_columns(files: Any, tmp_path: Path) -> None:
    """Text, percent-decoded; the folder of no value is null; what stands in the files is as it was."""
    stored(tmp_path, "year=2023/shop=a%2Fb%20c", numbers(1, 2))
    stored(tmp_path, "year=2023/shop=__HIVE_DEFAULT_PARTITION__", numbers(3))
    stored(tmp_path, "year=007/shop=x=y", numbers(4))
    stored(tmp_path, "year=007/shop=é", numbers(5))
    stored(tmp_path, "_temporary/year=1/shop=z", numbers(9))
    sample = files.opened(tmp_path)
    assert sorted(files.rows_of(sample)) == [
        (1, "2023", "a/b c"),
        (2, "2023", "a/b c"),
        (3, "2023", None),
        (4, "007", "x=y"),
        (5, "007", "é"),
    ]
    assert [(column.name, column.type) for column in sample.facts.columns] == [
        ("id", "int64"),
        ("year", "string"),
        ("shop", "string"),
    ]
    assert sample.facts.kind == "hive"
    assert sample.facts.notes == ("partitioned by year, shop: the folders' values are read as text",)


def test_polars_reads_the_same(files: Any, tmp_path: Path) -> None:
    """Another reader of such folders sees the same rows."""
    for year in (2023, 2024):
        for month in range(1, 4):
            stored(tmp_path, f"year={year}/month={month}", numbers(*range(month * 10)), row_group_size=7)
    other = pl.scan_parquet(tmp_path, hive_partitioning=True, try_parse_hive_dates=False).collect()
    assert sorted(files.rows_of(files.opened(tmp_path))) == sorted(
        (row[0], str(row[1]), str(row[2])) for row in other.select("id", "year", "month").rows()
    )


def test_a_pattern_keeps_the_keys_and_a_file_has_none(files: Any, tmp_path: Path) -> None:
    """Folders under a pattern are keys, also of a single match; a file that is named itself is just a file."""
    path = stored(tmp_path, "year=2023", numbers(1))
    stored(tmp_path, "year=2024", numbers(2))
    assert files.rows_of(files.opened(tmp_path / "year=*" / "*.parquet")) == [(1, "2023"), (2, "2024")]
    assert files.rows_of(files.opened(tmp_path / "year=2024" / "*.parquet")) == [(2, "2024")]
    assert files.rows_of(files.opened(tmp_path / "year=2024")) == [(2, "2024")]
    assert files.rows_of(files.opened(path)) == [(1,)]


def test_folders_above_are_no_keys(files: Any, tmp_path: Path) -> None:
    """Where a table was put says nothing of its rows; only a key that ends the path is one of its own."""
    stored(tmp_path, "env=prod/sales/year=2023/month=1", numbers(1))
    assert files.rows_of(files.opened(tmp_path / "env=prod" / "sales")) == [(1, "2023", "1")]
    assert files.rows_of(files.opened(tmp_path / "env=prod" / "sales" / "year=2023" / "month=1")) == [(1, "2023", "1")]
    assert files.rows_of(files.opened(tmp_path / "env=prod" / "sales" / "**" / "*.parquet")) == [(1, "2023", "1")]
    stored(tmp_path, "env=prod/plain", numbers(2))
    assert files.opened(tmp_path / "env=prod" / "plain").facts.kind == "parquet"
    assert files.rows_of(files.opened(f"file://{tmp_path}/env=prod/plain/*.parquet")) == [(2,)]


def test_folders_of_two_tables_are_refused(files: Any, tmp_path: Path) -> None:
    """Files that are partitioned by other keys are not of one table; the keys are named, the values are not."""
    stored(tmp_path, "year=2023/month=1", numbers(1))
    stored(tmp_path, "email=ann@example.org", numbers(2))
    with pytest.raises(SourceError, match="partitioned by email and by year, month") as caught:
        files.opened(tmp_path)
    assert caught.value.reason == "not_what_it_says"
    assert "ann@" not in str(caught.value)
    stored(tmp_path / "b", "x=1", numbers(1))
    stored(tmp_path / "b", "", numbers(1))
    with pytest.raises(SourceError, match="by nothing and by x"):
        files.opened(tmp_path / "b")


def test_a_key_that_the_files_hold_as_well(files: Any, tmp_path: Path) -> None:
    """The folder is what engines read; that there are two is said."""
    stored(tmp_path, "id=7", pa.table({"id": [1, 2], "x": [3, 4]}))
    sample = files.opened(tmp_path)
    assert files.rows_of(sample) == [(3, "7"), (4, "7")]
    assert "id is in the names of folders and in the files: the folders' is read" in sample.facts.notes


def test_every_row_group_of_every_file_gives_its_share(files: Any, tmp_path: Path) -> None:
    """A tenth of a table is a tenth of each row group, whatever folder it stands in."""
    for year in range(3):
        start = year * 1000
        stored(tmp_path, f"year={year}", numbers(*range(start, start + 1000)), row_group_size=100)
    sample = files.opened(tmp_path, rows=300)
    drawn = [number // 100 for number, _ in files.rows_of(sample)]
    assert [drawn.count(group) for group in range(30)] == [10] * 30
    assert (sample.drawn.method, sample.facts.rows_total) == ("row_groups", 3000)


def test_a_value_in_a_name_is_part_of_what_is_read(files: Any, tmp_path: Path) -> None:
    """The same files under another value are other rows: the fingerprint tells."""
    path = stored(tmp_path, "year=2023", numbers(1))
    before = files.opened(tmp_path).fingerprint
    assert files.opened(tmp_path).fingerprint == before
    path.parent.rename(tmp_path / "year=2024")
    assert files.opened(tmp_path).fingerprint != before


def test_damage_and_gaps(files: Any, tmp_path: Path) -> None:
    """An empty file is said, a cut one is an error, columns that a file lacks are null and said."""
    stored(tmp_path, "k=1", pa.table({"id": [1], "x": [1.5]}))
    stored(tmp_path, "k=2", numbers(2))
    (tmp_path / "k=3").mkdir()
    (tmp_path / "k=3" / "part-0.parquet").touch()
    sample = files.opened(tmp_path)
    assert files.rows_of(sample) == [(1, 1.5, "1"), (2, None, "2")]
    assert "1 of 3 files are empty (0 bytes)" in sample.facts.notes
    assert "part-0.parquet: 1 columns missing, 0 more" in sample.facts.notes
    content = (tmp_path / "k=1" / "part-0.parquet").read_bytes()
    (tmp_path / "k=3" / "part-0.parquet").write_bytes(content[:100])
    with pytest.raises(SourceError) as caught:
        files.opened(tmp_path)
    assert caught.value.reason == "truncated"


def test_nested_values_that_differ(files: Any, tmp_path: Path) -> None:
    """Records whose fields are not the same in all files are JSON: fitted by name, a renamed field would be null."""
    stored(tmp_path, "k=1", pa.table({"r": [{"a": 1}, None]}))
    stored(tmp_path, "k=2", pa.table({"r": [{"b": 2}]}))
    sample = files.opened(tmp_path)
    assert files.rows_of(sample) == [('{"a": 1}', "1"), (None, "1"), ('{"b": 2}', "2")]
    assert "r: its inner fields differ between files, it is read as JSON" in sample.facts.notes


def test_a_plan_shows_no_values(files: Any, tmp_path: Path) -> None:
    """A plan can be printed and kept: no value of a partition stands in it."""
    stored(tmp_path, "email=ann%40example.org", numbers(1))
    source = files.source(tmp_path)
    plan = connector_for(source).plan(source)
    assert "part-0.parquet" in str(plan)
    assert "ann@example.org" not in repr(plan.parts) + str(plan)
