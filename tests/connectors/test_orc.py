"""ORC: stripes, every type, and what Arrow's reader cannot say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.orc as po
import pytest

from walkaround.errors import SourceError


def test_every_stripe_gives_its_share(files: Any, tmp_path: Path) -> None:
    """A tenth of a file is a tenth of each stripe, give or take one row for rounding."""
    path = tmp_path / "a.orc"
    po.write_table(pa.table({"n": range(20_000), "s": ["x" * 20] * 20_000}), str(path), stripe_size=1024)
    stripes = po.ORCFile(str(path)).nstripes
    assert stripes > 5
    sizes = [po.ORCFile(str(path)).read_stripe(number).num_rows for number in range(stripes)]
    sample = files.opened(path, rows=2000)
    drawn = sorted(number for number, _ in files.rows_of(sample))
    start = 0
    for size in sizes:
        assert abs(sum(start <= number < start + size for number in drawn) - size / 10) <= 1
        start += size
    assert (sample.drawn.method, sample.facts.rows_total, len(drawn)) == ("row_groups", 20_000, 2000)


def test_every_type(files: Any, tmp_path: Path) -> None:
    """Numbers, decimals of 38 digits, dates, instants, bytes, nested values: as they were, and null beside."""
    columns = {
        "<b>n</b>": pa.array([2**63 - 1, None]),
        "f": pa.array([float("-inf"), None]),
        "dec": pa.array([Decimal("9" * 36 + ".99"), None], pa.decimal128(38, 2)),
        "day": pa.array([date(9999, 12, 31), None]),
        "at": pa.array([datetime(2024, 1, 2, 3, 4, 5, 6, UTC), None], pa.timestamp("us", "UTC")),
        "b": pa.array([b"\x00\xff", None]),
        "text": pa.array(["x" * 10_000, None]),
        "list": pa.array([[1, 2], None]),
        "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())),
        "gone": pa.nulls(2, pa.string()),
    }
    path = tmp_path / "a.orc"
    po.write_table(pa.table(columns), str(path))
    sample = files.opened(path)
    first, second = files.rows_of(sample)
    assert first == (
        2**63 - 1, float("-inf"), Decimal("9" * 36 + ".99"), date(9999, 12, 31),
        datetime(2024, 1, 2, 3, 4, 5, 6, UTC), b"\x00\xff", "x" * 10_000, [1, 2], '[["k", 1]]', None,
    )  # fmt: skip
    assert second == (None,) * 10
    assert [column.name for column in sample.facts.columns] == list(columns)


def test_an_instant_beyond_nanoseconds_names_its_column(files: Any, tmp_path: Path) -> None:
    """Arrow reads instants of ORC in nanoseconds only: one of the year 3000 is an error of its column, without it."""
    path = tmp_path / "a.orc"
    when = pa.array([datetime(3000, 1, 1, tzinfo=UTC), None], pa.timestamp("us", "UTC"))
    po.write_table(pa.table({"id": [1, 2], "when": when}), str(path))
    with pytest.raises(SourceError, match="column when cannot be read") as caught:
        files.rows_of(files.opened(path))
    assert str(caught.value).endswith("(an instant outside of 1677 to 2262)")
    assert caught.value.reason == "unreadable"


def test_names_that_repeat_and_no_rows(files: Any, tmp_path: Path) -> None:
    """Columns of one name are told apart; a table without rows has columns all the same."""
    path = tmp_path / "a.orc"
    po.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), str(path))
    sample = files.opened(path)
    assert files.rows_of(sample) == [(1, 2)]
    assert [field.name for batch in sample.batches() for field in batch.schema] == ["a", "a.1"]
    po.write_table(pa.table({"a": pa.array([], pa.int64())}), str(path))
    for rows in (None, 5):
        sample = files.opened(path, rows=rows)
        assert (files.rows_of(sample), sample.facts.rows_total) == ([], 0)


def test_a_cut_at_any_place_is_told(files: Any, tmp_path: Path) -> None:
    """What an ORC file is stands at its end, so a cut one is an error wherever it was cut."""
    path = tmp_path / "a.orc"
    po.write_table(pa.table({"n": range(5000)}), str(path))
    content = path.read_bytes()
    for end in range(3, len(content), 997):
        path.write_bytes(content[:end])
        with pytest.raises(SourceError) as caught:
            files.opened(path)
        assert caught.value.reason == "truncated"


def test_text_that_begins_like_orc(files: Any, tmp_path: Path) -> None:
    """A table of ORCIDs under a name that says nothing is text."""
    (tmp_path / "bare").write_text("ORCID,name\n0000-0001,ann\n")
    assert files.rows_of(files.opened(tmp_path / "bare")) == [("0000-0001", "ann")]
