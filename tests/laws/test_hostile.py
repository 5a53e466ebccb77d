"""Whatever stands in a column, measures neither fail nor warn (warnings are errors here)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from walkaround.columns import Column, Table
from walkaround.columns.column import kind_of
from walkaround.connectors import sample_of
from walkaround.measures import column_measures, table_measures
from walkaround.measures.column.numbers import Numbers
from walkaround.model.source import ColumnSpec, HashAs, Source
from walkaround.profiling import dump, load, profile


def ticks(unit: str) -> pa.Array:
    return pa.array([2**62, -(2**62), 0, None], pa.int64()).view(pa.timestamp(unit))


def raw(kind: pa.DataType, *values: bytes) -> pa.Array:
    """Text whose bytes were never checked."""
    width = np.int64 if kind == pa.large_string() else np.int32
    ends = np.cumsum([0, *map(len, values)]).astype(width)
    return pa.Array.from_buffers(
        kind, len(values), [None, pa.py_buffer(ends.tobytes()), pa.py_buffer(b"".join(values))]
    )


CASES = {
    "infinite": pa.array([1.0, float("inf"), float("-inf"), float("nan"), None, -0.0, 0.0]),
    "infinite alone": pa.array([float("inf")] * 3),
    "not a number": pa.array([float("nan")] * 3),
    "huge": pa.array([1.7e308, -1.7e308, 1e200, 1e-320, 5e-324]),
    "many huge": pa.array(np.linspace(-1e300, 1e300, 60_001)),
    "float32": pa.array([3e38, -3e38, float("inf"), None], pa.float32()),
    "int64": pa.array([-(2**63), 2**63 - 1, 0, None]),
    "uint64": pa.array([2**64 - 1, 2**63, 0, None], pa.uint64()),
    "int8": pa.array([-128, 127, None], pa.int8()),
    "decimal128": pa.array([Decimal("1.50"), Decimal("-" + "9" * 32 + ".999999"), None], pa.decimal128(38, 6)),
    "decimal256": pa.array([Decimal("1.50"), Decimal("9" * 70), None], pa.decimal256(76, 2)),
    "seconds": ticks("s"),
    "milliseconds": ticks("ms"),
    "microseconds": ticks("us"),
    "nanoseconds": ticks("ns"),
    "zoned": pa.array([0, None], pa.int64()).view(pa.timestamp("us", "Europe/Berlin")),
    "date32": pa.array([2**31 - 1, -(2**31), 0, None], pa.int32()).view(pa.date32()),
    "date64": pa.array([2**62, -(2**62), 0, None], pa.int64()).view(pa.date64()),
    "time": pa.array([0, 86_399, None], pa.int32()).cast(pa.time32("s")),
    "duration": pa.array([1, None], pa.duration("s")),
    "boolean": pa.array([True, False, None]),
    "all null": pa.nulls(5, pa.string()),
    "null": pa.nulls(5),
    "binary": pa.array([b"\xff\x00", None, b""]),
    "list": pa.array([[1, 2], None, []]),
    "struct": pa.array([{"a": 1, "b": "x"}, None]),
    "map": pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    "dictionary": pa.array(["a", "b", None, "a", "2024-01-01"]).dictionary_encode(),
    "dictionary with a null": pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int8()), pa.array(["a", None])),
    "dictionary of numbers": pa.array([1, 2, None]).dictionary_encode(),
    "string view": pa.array(["x", None, "2024-01-01" * 3, "3.5"], pa.string_view()),
    "large string": pa.array(["x", None, "3.5"], pa.large_string()),
    "NUL": pa.array(["a\0b", "\0", "\0\0", "", " ", "\t"]),
    "10,000 characters": pa.array(
        ["x" * 10_000, "9" * 10_000, "\u00e9" * 10_000, "1," * 5_000, "{" * 10_000, "(" * 10_000, "a@" * 5_000]
    ),
    "control": pa.array(["\x01", "9\x01", "w\x01", "\x7f", "a\u202eb", "\ufeff1", "2024-01-\x011", "\x011\x01", "w1w"]),
    "line ends": pa.array(["2024-01-01\n", "\n5\r\n", "a@b.co\n", "12:30\n", "\r"]),
    "no UTF-8": raw(pa.string(), b"\xff\xfe", b"\xc3\x28", b"\x80", b"2024-\xff1-01"),
    "surrogates": raw(pa.large_string(), b"\xed\xa0\x80", b"\xc0\x80"),
    "slice": pa.array(["a", "2024-01-01", "3", "4", None, "x"]).slice(1, 4),
}
FORMS: tuple[HashAs, ...] = ("native", "text", "number", "date")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CASES)
def test_measures_are_silent(name: str, form: HashAs) -> None:
    """Every measure that accepts a column observes it, adds it up, tells its facts and is written, without a word."""
    for array in (CASES[name], CASES[name].slice(0, 0)):
        spec = ColumnSpec("c", hash_as=form)
        for measure in column_measures():
            if measure.accepts(spec, kind_of(array.type)):
                told(measure, Column(array, spec, 3))
        batch = pa.RecordBatch.from_arrays([array], names=["c"])
        for measure in table_measures():
            told(measure, Table(batch, {"c": spec}, 3))


def told(measure: Any, view: Any) -> None:
    state = measure.observe(view)
    twice = measure().merge(state).merge(state)
    for fact in [*state.facts(), *twice.facts()]:
        assert fact.count is None or fact.count >= 0
        assert fact.of is None or fact.count is None or fact.count <= fact.of


@pytest.mark.parametrize("name", CASES)
def test_views_have_the_length_of_the_batch(name: str) -> None:
    """The views that checks point at rows with have one entry for each row, of whatever type the column is."""
    view = Column(CASES[name], ColumnSpec("c"), 3)
    for rows in (view.row_hashes, view.number_of_row, view.day_of_row, view.present, view.valid, view.text.codes):
        assert len(rows) == len(CASES[name])
    hashes, weights = view.value_hashes
    assert len(hashes) == len(weights if weights is not None else hashes)


def test_wide_tables() -> None:
    """A table of 120 columns, empty and full, is profiled column by column and survives being written."""
    table = pa.table({f"c{number}": pa.array(["a", None]) for number in range(120)})
    for each in (table, table.slice(0, 0)):
        made = profile(sample_of("s", each), Source("s", "s"))
        assert len(made.columns) == 120
        assert dump(load(dump(made, portable=False), "x"), portable=False) == dump(made, portable=False)


def test_huge_numbers_have_a_mean() -> None:
    """Numbers near the end of what a float holds have a finite mean; their deviation is not told, as none can be."""
    state = Numbers.observe(Column(pa.array([1.6e308, 1.7e308]), ColumnSpec("c")))
    assert state.mean == pytest.approx(1.65e308)
    assert state.deviation is None
    both = state.merge(Numbers.observe(Column(pa.array([-1.65e308, -1.65e308]), ColumnSpec("c"))))
    assert abs(both.mean) < 1e294
    assert both.deviation is None
    assert dict.fromkeys(fact.value for fact in both.facts() if fact.name == "standard_deviation") == {None: None}
