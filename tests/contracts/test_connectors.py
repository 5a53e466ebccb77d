"""What every connector promises, asked of every kind of file."""

from __future__ import annotations

import importlib.util
import math
import os
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from walkaround.connectors import connector_for, connectors, open_sample, sample_of
from walkaround.errors import SourceError, UsageError

_spec = importlib.util.spec_from_file_location("connectors_files", Path(__file__).parent.parent / "connectors_files.py")
assert _spec is not None
assert _spec.loader is not None
files = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(files)

KINDS = {
    "t.csv": "delimited", "t.parquet": "parquet", "t.arrow": "arrow", "t.arrows": "arrow", "t.ndjson": "ndjson",
    "t.json": "json", "t.duckdb": "duckdb", "t.sqlite": "sqlite", "t.avro": "avro", "t.orc": "orc",
    "t.xlsx": "excel",
}  # fmt: skip


@pytest.fixture(params=sorted(KINDS))
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    made = tmp_path / str(request.param)
    files.WRITERS[made.name](made)
    return made


def expected(path: Path) -> list[tuple[Any, ...]]:
    if path.suffix == ".csv":
        return [(str(number), name, note or "") for number, name, note in files.ROWS]
    if path.suffix == ".xlsx":
        return [(str(number), name, note) for number, name, note in files.ROWS]
    return list(files.ROWS)


def test_every_kind_is_offered() -> None:
    """The folder offers the kinds of source that the catalogue lists, and no other."""
    catalogue = Path(__file__).parent.parent / "golden" / "catalogue.txt"
    lines = [line.split() for line in catalogue.read_text(encoding="utf-8").splitlines()]
    assert [connector.kind for connector in connectors()] == [line[1] for line in lines if line[0] == "connector"]


def test_all_rows_arrive_in_order_and_again(path: Path) -> None:
    """A file is read whole, its values are right, and reading again gives the same with the same fingerprint."""
    sample = files.opened(path)
    before = sample.fingerprint
    assert files.rows_of(sample) == expected(path)
    assert files.rows_of(sample) == expected(path)
    assert sample.fingerprint == before == files.opened(path).fingerprint
    assert (sample.records.rows, sample.drawn.method, sample.facts.rows_total) == (500, "full", 500)
    assert [column.name for column in sample.facts.columns] == files.NAMES


def test_the_right_connector_is_found(path: Path) -> None:
    """The kind is told by the name, and for binary kinds by the first bytes where the name says nothing."""
    source = files.source(path)
    assert connector_for(source).kind == KINDS[path.name]
    assert connector_for(source).check(source) == ()
    assert list(connector_for(source).datasets(source)) in (["s"], ["t"])
    bare = path.rename(path.with_name("bare"))
    assert connector_for(files.source(bare)).kind == KINDS[path.name]


def test_a_row_budget_is_kept_and_seeded(path: Path) -> None:
    """N rows are N rows of the file in its order; the same seed draws the same ones, another others."""
    sample = files.opened(path, rows=50)
    drawn = files.rows_of(sample)
    everything = expected(path)
    assert len(drawn) == 50
    assert [everything.index(row) for row in drawn] == sorted(everything.index(row) for row in drawn)
    assert files.rows_of(sample) == drawn == files.rows_of(files.opened(path, rows=50))
    assert files.rows_of(files.opened(path, rows=50, seed=8)) != drawn
    assert (sample.drawn.rows, sample.drawn.fraction, sample.drawn.cannot_tell) == (50, 0.1, ("duplicate rows",))
    assert files.opened(path, rows=50, seed=8).fingerprint != sample.fingerprint


def test_a_budget_above_the_rows_is_a_full_read(path: Path) -> None:
    """Where more rows are asked for than there are, all are read and nothing is unknown."""
    sample = files.opened(path, rows=5000)
    assert files.rows_of(sample) == expected(path)
    assert (sample.drawn.method, sample.drawn.cannot_tell) == ("full", ())


def test_reading_changes_nothing(path: Path) -> None:
    """The file's bytes and time of change are as before, and no file appears beside it."""
    before = (path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir()))
    files.rows_of(files.opened(path))
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(path.parent.iterdir())) == before


def test_leaving_early_is_clean(path: Path) -> None:
    """A consumer may stop after the first batch, and read again from the start."""
    sample = files.opened(path)
    batches = sample.batches()
    next(batches)
    batches.close()
    assert files.rows_of(sample) == expected(path)


def test_rubbish_is_a_clear_error(path: Path) -> None:
    """Random bytes under the name of any kind are an error that says what happened and what to do."""
    path.write_bytes(bytes((number * 7919 + number // 3) % 256 for number in range(3000)))
    with pytest.raises(SourceError) as caught:
        files.rows_of(files.opened(path))
    assert caught.value.reason in ("not_what_it_says", "unreadable")
    assert caught.value.hint


def test_an_empty_file_is_a_clear_error(path: Path) -> None:
    """A file of no bytes is empty, not a table of no rows."""
    path.write_bytes(b"")
    with pytest.raises(SourceError, match="empty") as caught:
        files.opened(path)
    assert caught.value.reason == "empty"


def test_a_cut_file_never_looks_whole(path: Path) -> None:
    """A file cut in half gives an error, or fewer rows than it had, and never a traceback."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 - 3])
    try:
        sample = files.opened(path)
        assert len(files.rows_of(sample)) < 500
    except SourceError as error:
        assert error.reason in ("truncated", "unreadable", "not_what_it_says")  # noqa: PT017 - it need not raise


def test_a_missing_file_is_named(path: Path) -> None:
    """A name that is nearly right gets a hint."""
    with pytest.raises(SourceError, match="no such file") as caught:
        files.opened(path.with_name("tt" + path.suffix))
    assert caught.value.reason == "missing"
    assert "did you mean" in caught.value.hint


def test_a_file_that_changes_is_noticed(path: Path) -> None:
    """A file that was written to since it was opened is an error, not half of each."""
    sample = files.opened(path)
    os.utime(path, ns=(1, 1))
    with pytest.raises(SourceError) as caught:
        files.rows_of(sample)
    assert caught.value.reason == "changed"


def test_a_pattern_is_one_table(path: Path) -> None:
    """Files of one pattern are read in the order of their names."""
    if path.suffix in (".duckdb", ".sqlite"):
        pytest.skip("the second file of a database has the same table; covered by the first")
    path.with_name("u" + path.suffix).write_bytes(path.read_bytes())
    sample = files.opened(path.parent / f"*{path.suffix}")
    assert files.rows_of(sample) == expected(path) * 2


def test_a_plan_can_be_printed(path: Path) -> None:
    """The dry run says what is read and how."""
    source = files.source(path, rows=10)
    words = str(connector_for(source).plan(source))
    assert "10 seeded rows (seed 7)" in words
    assert path.name in words


def test_statements_are_listed(tmp_path: Path) -> None:
    """Every statement sent to a database file stands in the facts."""
    for name in ("t.duckdb", "t.sqlite"):
        files.WRITERS[name](tmp_path / name)
        statements = files.opened(tmp_path / name).facts.statements
        assert statements[0].startswith("SELECT count(*)")
        assert 'SELECT "id", "name", "note" FROM' in statements[-1]


@pytest.mark.parametrize("name", ["t.duckdb", "t.sqlite"])
def test_several_tables_must_be_told_apart(tmp_path: Path, name: str) -> None:
    """Of several tables one must be named, in the source or in the URI."""
    path = tmp_path / name
    files.WRITERS[name](path)
    connection: Any = duckdb.connect(str(path)) if "duck" in name else sqlite3.connect(path)
    connection.execute("CREATE TABLE other (a INTEGER)")
    connection.commit()
    connection.close()
    with pytest.raises(SourceError, match="other, t") as caught:
        files.opened(path)
    assert "?table=" in caught.value.hint
    for uri in (f"{path}?table=t", f"{path}#t"):
        assert len(files.rows_of(files.opened(uri))) == 500
    assert len(files.rows_of(files.opened(path, table="t"))) == 500
    with pytest.raises(SourceError, match="no table") as caught:
        files.opened(path, table="othr")
    assert caught.value.hint == "did you mean other?"


@pytest.mark.parametrize("uri", ["ftp://u:secret@h/a.csv", "couchbase://u:secret@h/d", "hdfs://u:secret@h/a.parquet"])
def test_kinds_that_are_not_read_are_refused_in_words(uri: str) -> None:
    """A URI of a kind that this version does not read is a usage error that repeats no secret."""
    with pytest.raises(UsageError, match="not supported by this version") as caught:
        files.opened(uri)
    assert "secret" not in str(caught.value)


def test_variables_are_filled_in_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`${NAME}` is filled from the environment; errors show the name, not what stands in it."""
    monkeypatch.setenv("WALK_TEST", str(tmp_path / "hidden"))
    with pytest.raises(SourceError) as caught:
        files.opened("${WALK_TEST}/a.csv")
    assert "hidden" not in str(caught.value) + caught.value.hint
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "a.csv").write_text("a,b\n1,2\n")
    assert files.rows_of(files.opened("${WALK_TEST}/a.csv")) == [("1", "2")]
    assert files.rows_of(files.opened(f"file://{tmp_path}/hidden/a.csv")) == [("1", "2")]
    with pytest.raises(UsageError, match="NOT_SET"):
        files.opened("${NOT_SET}/a.csv")


def test_a_folder_of_parquet_is_read(tmp_path: Path) -> None:
    """A folder is its Parquet files, Spark's own apart; a folder without any is an error."""
    with pytest.raises(SourceError, match="folder"):
        files.opened(tmp_path)
    for name in ("b.parquet", "a.parquet", "_SUCCESS.parquet"):
        pq.write_table(pa.table({"x": [name]}), tmp_path / name)
    assert files.rows_of(files.opened(tmp_path)) == [("a.parquet",), ("b.parquet",)]


def test_columns_are_matched_by_name(tmp_path: Path) -> None:
    """Missing columns are null and noted, types that disagree become text, nothing in common is an error."""
    pq.write_table(pa.table({"a": [1], "b": [1]}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"b": ["x"], "c": [2.5]}), tmp_path / "2.parquet")
    sample = files.opened(tmp_path)
    assert files.rows_of(sample) == [(1, "1", None), (None, "x", 2.5)]
    assert sample.facts.notes == ("2.parquet: 1 columns missing, 1 more",)
    pq.write_table(pa.table({"z": [1]}), tmp_path / "3.parquet")
    with pytest.raises(SourceError, match="no column in common"):
        files.opened(tmp_path)


def test_every_row_group_gives_its_share(tmp_path: Path) -> None:
    """A tenth of a Parquet file is a tenth of every row group."""
    pq.write_table(pa.table({"x": range(1000)}), tmp_path / "a.parquet", row_group_size=100)
    sample = files.opened(tmp_path / "a.parquet", rows=100)
    drawn = [value // 100 for (value,) in files.rows_of(sample)]
    assert [drawn.count(group) for group in range(10)] == [10] * 10
    assert sample.drawn.method == "row_groups"


def test_names_that_lie_are_told(tmp_path: Path) -> None:
    """A CSV that is Parquet inside, a page of HTML, a picture, and a Parquet file that is text: not what they say."""
    pq.write_table(files.TABLE, tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("<!DOCTYPE html><html><body>Log in</body></html>")
    (tmp_path / "c.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "d.parquet").write_text("a,b\n1,2\n")
    (tmp_path / "e.sqlite").write_text("a,b\n1,2\n" * 100)
    (tmp_path / "f.duckdb").write_text("a,b\n1,2\n" * 1000)
    for name in ("a.csv", "b.csv", "c.csv", "d.parquet", "e.sqlite", "f.duckdb"):
        with pytest.raises(SourceError) as caught:
            files.opened(tmp_path / name)
        assert caught.value.reason == "not_what_it_says", name


HOSTILE: dict[str, pa.Table] = {
    "one row": pa.table({"a": [1]}),
    "all null": pa.table({"a": pa.nulls(5, pa.int64()), "b": pa.nulls(5)}),
    "wide": pa.table({f"c{place}": [place] for place in range(5000)}),
    "duplicate names": pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "a", ""]),
    "floats": pa.table({"a": [math.inf, -math.inf, math.nan, -0.0]}),
    "long": pa.table({"a": ["x" * 10_000, "\x00", "é"]}),
    "dates": pa.table({"a": pa.array([2**31 - 1, 0, None], pa.int32()).cast(pa.date32())}),
    "instants": pa.table({"a": pa.array([2**62, 0], pa.int64()).cast(pa.timestamp("us", "Asia/Kolkata"))}),
    "midnight": pa.table({"a": pa.array([86_400_000_000, 1], pa.int64()).view(pa.time64("us"))}),
    "decimal": pa.table({"a": pa.array(["12345678901234567890123456789012345678901.5"]).cast(pa.decimal256(50, 2))}),
    "dictionary": pa.table({"a": pa.array(["x", "y", "x"]).dictionary_encode()}),
    "duration": pa.table({"a": pa.array([5], pa.duration("s"))}),
    "nested": pa.table({"a": [[1, 2]], "b": [{"x": 1}], "c": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))}),
    "bytes": pa.table({"a": pa.array([b"ab"], pa.binary(2)), "b": pa.array([b"\xff"], pa.binary())}),
    "interval": pa.table({"a": pa.array([(1, 2, 3)], pa.month_day_nano_interval())}),
    "views": pa.table({"a": pa.array(["x"], pa.string_view()), "b": pa.array([b"x"], pa.binary_view())}),
    "runs": pa.table({"a": pa.RunEndEncodedArray.from_arrays(pa.array([2, 3]), pa.array(["x", "y"]))}),
    "union": pa.table(
        {"a": pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])}
    ),
    "uuid": pa.table({"a": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([bytes(16)], pa.binary(16)))}),
    "bad text": pa.table(
        {"a": pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xe9")])}
    ),
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_hostile_tables_cross_the_border(case: str) -> None:
    """Whatever Arrow can hold arrives as batches that validate, that Polars takes, with unique names."""
    sample = sample_of("memory", HOSTILE[case])
    batches = list(sample.batches())
    assert sum(batch.num_rows for batch in batches) == HOSTILE[case].num_rows
    for batch in batches:
        batch.validate(full=True)
        assert len(set(batch.schema.names)) == batch.num_columns
        pl.DataFrame(batch).rows()


def test_what_the_border_changes_is_exact_or_counted() -> None:
    """Values that cannot be kept are counted as repaired; others arrive as they were."""

    def one(case: str) -> tuple[list[Any], dict[str, int]]:
        sample = sample_of("memory", HOSTILE[case])
        values = [value for batch in sample.batches() for value in batch.column(0).to_pylist()]
        return values, dict(sample.records.repaired)

    assert one("dates")[0][0] is None
    assert one("dates")[1] == {"date out of range": 1}
    assert one("instants")[1] == {"date out of range": 1}
    assert one("midnight")[1] == {"time outside the day": 1}
    assert one("bad text") == (["aé"], {"not UTF-8": 1})
    assert one("decimal") == (["12345678901234567890123456789012345678901.50"], {})
    assert one("uuid") == (["00000000-0000-0000-0000-000000000000"], {})
    assert one("runs") == (["x", "x", "y"], {})
    assert math.copysign(1, one("floats")[0][3]) == -1
    assert [field.name for field in next(sample_of("m", HOSTILE["duplicate names"]).batches()).schema] == [
        "a",
        "a.1",
        "column_3",
    ]


def test_tables_in_memory_of_every_library() -> None:
    """PyArrow, Polars and pandas tables hold the same rows; anything else is refused in words."""
    rows = [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
    arrow = pa.Table.from_pylist(rows)
    for table in (
        arrow,
        arrow.to_batches()[0],
        arrow.to_reader(),
        pl.DataFrame(rows),
        pl.LazyFrame(rows),
        pd.DataFrame(rows),
    ):
        sample = sample_of("m", table)
        assert files.rows_of(sample) == [(1, "x"), (2, None)]
        assert files.rows_of(sample) == [(1, "x"), (2, None)]
    mixed = sample_of("m", pd.DataFrame({"a": [1, "x", None, [2]]}))
    assert files.rows_of(mixed) == [("1",), ("x",), (None,), ("[2]",)]
    assert (
        sample_of("m", arrow).fingerprint
        == sample_of("m", arrow).fingerprint
        != sample_of("m", arrow.slice(1)).fingerprint
    )
    with pytest.raises(UsageError, match="no table"):
        sample_of("m", 7)
    assert files.rows_of(sample_of("m", pl.DataFrame({"o": pl.Series([{1}, None], dtype=pl.Object)}))) == [
        ("{1}",),
        (None,),
    ]


def test_a_sample_is_opened_by_its_source_alone(path: Path) -> None:
    """`open_sample` needs nothing but the source."""
    assert open_sample(files.source(path)).facts.kind == KINDS[path.name]
