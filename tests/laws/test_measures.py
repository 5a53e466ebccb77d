"""Law 1: profiles add up. Over every measure that the folders offer, whatever the column holds."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from walkaround.columns import Column, Table
from walkaround.columns.column import kind_of
from walkaround.connectors import sample_of
from walkaround.measures import column_measures, table_measures
from walkaround.measures.column.distinct import Distinct
from walkaround.measures.column.numbers import RELATIVE_ERROR, Numbers
from walkaround.measures.table.duplicates import DuplicateRows
from walkaround.model.profile import ColumnProfile, TableProfile
from walkaround.model.source import ColumnSpec, Source
from walkaround.profiling import dump, load, profile

KINDS = ("text", "number", "date", "datetime", "time", "boolean", "binary", "nested", "null")
COLUMN = column_measures()
TABLE = table_measures()

dates = st.dates(date(1, 1, 1), date(9999, 12, 31))
written_dates = st.builds(
    lambda day, form: f"{form.format(y=day.year, m=day.month, d=day.day)}",
    dates,
    st.sampled_from(
        ["{y:04}-{m:02}-{d:02}", "{d:02}/{m:02}/{y:04}", "{m}/{d}/{y:04}", "{d}.{m}.{y:04} 12:30", "{y:04}/{m}/{d}"]
    ),
)
written_numbers = st.builds(
    lambda number, form: form.format(number),
    st.floats(-1e9, 1e9),
    st.sampled_from(["{:.0f}", "{:,.2f}", "{:e}", "${:.2f}", "{:.1f} %", "({:.0f})", "{:06.0f}", "{:.3f} kg"]),
)
texts = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "",
            " ",
            "\u00a0",
            "N/A",
            "-",
            "null",
            "yes",
            "F",
            "03/04/2026",
            "2024-02-30",
            "0,123",
            "1.234",
            "12:30",
            "007",
        ]
    ),
    st.sampled_from(
        ["Ana Silva", "ACME Holdings Ltd", "ana@corp.example", "http://x.y/z", '{"a": 1}', " padded ", "A  B"]
    ),
    written_dates,
    written_numbers,
    st.text(max_size=12),
    st.text(string.printable, max_size=12),
    st.text("\x00\x01\x7f\u200b\u202e\ufffd\u00e9\u4e2d9aA.", max_size=8),
)
floats = st.one_of(
    st.none(), st.sampled_from([0.0, -0.0, 1.0, -1.0, 999.0, math.inf, -math.inf, math.nan]), st.floats()
)
COLUMNS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), texts),
    "large text": (pa.large_string(), texts),
    "dictionary": (pa.dictionary(pa.int16(), pa.string()), texts),
    "float": (pa.float64(), floats),
    "integer": (pa.int64(), st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3))),
    "unsigned": (pa.uint64(), st.one_of(st.none(), st.integers(0, 2**64 - 1))),
    "boolean": (pa.bool_(), st.one_of(st.none(), st.booleans())),
    "date": (pa.date32(), st.one_of(st.none(), dates, st.sampled_from([date(1900, 1, 1), date(9999, 12, 31)]))),
    "timestamp": (pa.timestamp("us"), st.one_of(st.none(), st.datetimes())),
    "time": (pa.time64("us"), st.one_of(st.none(), st.times(time(0), time(23, 59)))),
    "binary": (pa.binary(), st.one_of(st.none(), st.binary(max_size=4))),
    "nested": (pa.list_(pa.int64()), st.one_of(st.none(), st.lists(st.integers(0, 3), max_size=2))),
    "null": (pa.null(), st.none()),
}
specs = st.builds(
    ColumnSpec,
    st.sampled_from(["c", "customer_name"]),
    personal=st.sampled_from([None, True, False]),
    key=st.booleans(),
    missing=st.sampled_from([None, ("", "yes")]),
    hash_as=st.sampled_from(["native", "text", "number", "date"]),
)


@st.composite
def split_columns(draw: st.DrawFn) -> tuple[pa.Array, ColumnSpec, int]:
    """A column, what is known of it, and where it is cut in two."""
    dtype, values = COLUMNS[draw(st.sampled_from(sorted(COLUMNS)))]
    rows = draw(st.lists(values, max_size=30))
    if pa.types.is_dictionary(dtype):
        array = pa.array(rows, dtype.value_type).dictionary_encode()
    else:
        array = pa.array(rows, dtype)
    return array, draw(specs), draw(st.integers(0, len(rows)))


def same(one: Any, other: Any) -> bool:
    """Whether two states are equal: counts exactly, mean and squares within what floats can hold."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if is_dataclass(one) and not isinstance(one, type):
        return type(one) is type(other) and all(
            _same_field(f.name, getattr(one, f.name), getattr(other, f.name), one) for f in fields(one)
        )
    if isinstance(one, Mapping):
        return dict(one) == dict(other)
    return bool(one == other)


def _same_field(name: str, one: Any, other: Any, of: Any) -> bool:
    if isinstance(of, Numbers) and name in {"mean", "squares"} and of.finite:
        largest = max(abs(of.minimum), abs(of.maximum))
        if name == "squares" and not (math.isfinite(one) and math.isfinite(other)):
            return largest > 1e140
        size = largest if name == "mean" else min(largest * largest, 1e300) * of.finite
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9 * size)
    return same(one, other)


def accepted(array: pa.Array, spec: ColumnSpec) -> list[Any]:
    return [measure for measure in COLUMN if measure.accepts(spec, kind_of(array.type))]


def a_table(array: pa.Array, spec: ColumnSpec) -> Table:
    other = pa.array(np.arange(len(array)) % 3)
    batch = pa.RecordBatch.from_arrays([array, other], names=["c", "d"])
    return Table(batch, {"c": spec, "d": ColumnSpec("d", key=spec.key)}, 3)


@settings(max_examples=45, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(split_columns())
def test_states_add_up(case: tuple[pa.Array, ColumnSpec, int]) -> None:
    """The measure of a column is that of its halves put together, in either order, and nothing adds nothing."""
    array, spec, cut = case
    for measure in accepted(array, spec):
        whole, first, second = (measure.observe(Column(part, spec, 3)) for part in _parts(array, cut))
        assert same(whole, first.merge(second)), measure.__name__
        assert same(first.merge(second), second.merge(first)), measure.__name__
        assert same(whole, measure().merge(whole)), measure.__name__
        assert same(whole, whole.merge(measure())), measure.__name__
    for measure in TABLE:
        whole, first, second = (measure.observe(a_table(part, spec)) for part in _parts(array, cut))
        assert measure is not DuplicateRows or same(first.merge(second), second.merge(first))
        assert same(whole.merge(measure()), whole), measure.__name__
        assert same(measure().merge(whole), whole), measure.__name__


EVERYTHING = [
    *["", " ", "\u00a0", None, "N/A", "-", "null", "yes", "F", "03/04/2026", "05/06/2026", "13/04/2026", "2024-02-30"],
    *["2024-02-03", "1900-01-01", "9999-12-31", "12:30", "24:00", "2024-02-03T04:05Z", "3 Apr 2026", "007", "42", "-1"],
    *[
        "9999",
        "0,123",
        "1,234",
        "1.234,5",
        "$5",
        "5 %",
        "5 kg",
        "1e5",
        "0",
        "Ana Silva",
        "ACME Holdings Ltd",
        "ben meyer",
    ],
    *[
        "ana@corp.example",
        "http://x.y/z",
        '{"a": 1}',
        "550e8400-e29b-41d4-a716-446655440000",
        " padded ",
        "A  B",
        "UPPER",
    ],
    *["lower", "a\tb\x07", "caf\u00c3\u00a9", "\ufffd", "\u4e2d\u6587", "x" * 70, "y" * 2_000, "w\x01", "end"],
]


@pytest.mark.parametrize(
    "array", [pa.array(EVERYTHING * 2), pa.array([float(n % 7) for n in range(40)] + [None, math.inf])]
)
def test_states_add_up_wherever_they_are_cut(array: pa.Array) -> None:
    """Everything that a measure tells apart, cut after each ninth row, comes to the same counts."""
    for measure in accepted(array, ColumnSpec("c")):
        whole = measure.observe(Column(array, ColumnSpec("c"), 3))
        for cut in range(1, len(array), 9):
            first, second = (measure.observe(Column(part, ColumnSpec("c"), 3)) for part in _parts(array, cut)[1:])
            assert same(whole, first.merge(second)), (measure.__name__, cut)


def _parts(array: pa.Array, cut: int) -> tuple[pa.Array, pa.Array, pa.Array]:
    return array, array.slice(0, cut), array.slice(cut)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(split_columns(), min_size=3, max_size=3))
def test_grouping_does_not_matter(cases: list[tuple[pa.Array, ColumnSpec, int]]) -> None:
    """Three states come to the same whichever two are put together first."""
    for measure in COLUMN:
        states = [measure.observe(Column(array, ColumnSpec("c"), 3)) for array, _, _ in cases if _fits(measure, array)]
        if len(states) == len(cases):
            one, two, three = states
            assert same(one.merge(two).merge(three), one.merge(two.merge(three))), measure.__name__


def _fits(measure: Any, array: pa.Array) -> bool:
    return bool(measure.accepts(ColumnSpec("c"), kind_of(array.type)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(split_columns())
def test_state_to_text_and_back(case: tuple[pa.Array, ColumnSpec, int]) -> None:
    """A state that is written and read again is the state that was written, to the bit."""
    array, spec, _ = case
    states = tuple(measure.observe(Column(array, spec, 3)) for measure in accepted(array, spec))
    whole = tuple(measure.observe(a_table(array, spec)) for measure in TABLE)
    column = ColumnProfile("c", kind_of(array.type), "?", spec, states)
    written = dump(TableProfile("s", len(array), {"c": column}, whole), portable=False)
    read = load(written, "here")
    assert [type(state) for state in read.columns["c"].measures] == [type(state) for state in states]
    assert dump(read, portable=False) == written
    assert read.columns["c"].spec == spec


@pytest.mark.parametrize("size", [1, 7, 100, 5000])
def test_batches_of_any_size(size: int) -> None:
    """A table in batches of any size has one profile."""
    rows = {1: 40, 7: 200, 100: 1_500, 5_000: 12_000}[size]
    table = mixed(rows)
    whole = profile(sample_of("s", table), Source("s", "s", key=("id",)), seed=3)
    pieces = [batch.slice(at, size) for batch in table.to_batches() for at in range(0, batch.num_rows, size)]
    split = profile(sample_of("s", pa.Table.from_batches(pieces)), Source("s", "s", key=("id",)), seed=3)
    assert whole.rows == split.rows == rows
    for name, column in whole.columns.items():
        for one, other in zip(column.measures, split.columns[name].measures, strict=True):
            assert same(one, other), (name, type(one).__name__)
    for one, other in zip(whole.measures, split.measures, strict=True):
        assert same(one, other), type(one).__name__


def mixed(rows: int) -> pa.Table:
    """Columns that repeat and columns that do not, of several types."""
    chance = np.random.default_rng(5)
    numbers = chance.lognormal(3, 2, rows)
    days = np.datetime64("2020-01-01") + chance.integers(0, 900, rows)
    return pa.table(
        {
            "id": np.arange(rows) % (rows - 3),
            "mail": [f"user{number}@corp.example" for number in chance.permutation(rows)],
            "signed": [str(day) if place % 5 else f"0{place % 9 + 1}/03/2024" for place, day in enumerate(days)],
            "amount": [f"{number:,.2f}" for number in numbers],
            "x": numbers,
            "day": pa.array(days),
            "kind": chance.choice(["a", "b", "N/A", ""], rows),
            "flag": chance.random(rows) < 0.5,
        }
    )


@pytest.mark.parametrize("measure", COLUMN, ids=lambda measure: measure.__name__)
def test_acceptance(measure: Any) -> None:
    """Whether a measure applies is told by spec and kind alone, for every kind there is."""
    for kind in KINDS:
        for personal in (None, True, False):
            spec = ColumnSpec("c", personal=personal)
            assert measure.accepts(spec, kind) in {True, False}
            assert measure.accepts(spec, kind) == measure.accepts(ColumnSpec("c", personal=personal), kind)
    assert any(measure.accepts(ColumnSpec("c"), kind) for kind in KINDS)


@pytest.mark.parametrize("measure", [*COLUMN, *TABLE], ids=lambda measure: measure.__name__)
def test_contract(measure: Any) -> None:
    """A measure is a frozen dataclass that says what may be kept of it and how far off it may be."""
    assert is_dataclass(measure)
    assert measure.__dataclass_params__.frozen
    assert measure.keep in {"always", "not_personal", "never"}
    assert 0 <= measure.error < 0.05
    assert measure.__doc__
    assert [fact for fact in measure().facts() if fact.count] == []


@pytest.mark.parametrize("distinct", [16_000, 20_000, 100_000])
def test_distinct_within_its_error(distinct: int) -> None:
    """Distinct values are exact while they fit the sketch, and within four standard errors beyond."""
    values = np.random.default_rng(distinct).permutation(np.repeat(np.arange(distinct), 2))
    state = Distinct()
    for part in np.array_split(values, 5):
        state = state.merge(Distinct.observe(Column(pa.array(part), ColumnSpec("c"), 3)))
    allowed = 0 if distinct < 16_384 else 4 * Distinct.error * distinct
    assert abs(state.sketch.distinct - distinct) <= allowed
    assert state.sketch.rows == 2 * distinct
    assert state.sketch.repeated_rate == pytest.approx(0.5, abs=0.02)
    inner = state.sketch.counts if state.sketch.complete else state.sketch.counts[:-1]
    assert (inner == 2).all()


@pytest.mark.parametrize("shape", ["normal", "lognormal", "tiny", "huge", "whole"])
def test_quantiles_within_their_error(shape: str) -> None:
    """A quantile is within half a bucket of what NumPy says, for numbers of any size and sign."""
    chance = np.random.default_rng(11)
    drawn = chance.normal(size=20_001)
    numbers = {
        "normal": drawn,
        "lognormal": np.exp(3 * drawn),
        "tiny": drawn * 1e-300,
        "huge": drawn * 1e300,
        "whole": np.round(drawn * 50),
    }[shape]
    state = Numbers()
    for part in np.array_split(numbers, 7):
        state = state.merge(Numbers.observe(Column(pa.array(part), ColumnSpec("c"), 3)))
    for share in (0.0, 0.01, 0.25, 0.5, 0.9, 0.99, 1.0):
        right = float(np.quantile(numbers, share, method="lower"))
        told = state.quantile(share)
        assert told is not None
        assert abs(told - right) <= 1.001 * RELATIVE_ERROR * abs(right) + 1e-320
    assert state.mean == pytest.approx(float(numbers.mean()), rel=1e-9, abs=1e-9 * float(np.abs(numbers).max()))
    if shape == "huge":
        assert state.deviation is None
    else:
        assert state.deviation == pytest.approx(float(numbers.std(ddof=1)), rel=1e-9)


def test_counts_by_hand() -> None:
    """The facts of a small column are those that one can count."""
    words = ["a", None, "", "  ", "N/A", "n/a", "3", "2024-01-31", "03/04/2026", "b"]
    facts = {
        fact.name: fact
        for measure in accepted(pa.array(words), ColumnSpec("c"))
        for fact in measure.observe(Column(pa.array(words), ColumnSpec("c"))).facts()
    }
    assert (facts["missing_rate"].count, facts["missing_rate"].of) == (3, 10)
    assert (facts["placeholder_rate"].count, facts["placeholder_rate"].of) == (2, 10)
    assert facts["placeholder_rate"].detail == "n/a"
    assert (facts["reads_as_date"].count, facts["reads_as_date"].of) == (2, 5)
    assert (facts["ambiguous_dates_rate"].count, facts["ambiguous_dates_rate"].of) == (1, 2)
    assert facts["distinct"].value == 5
    assert facts["shapes"].value == 4
    assert (facts["shortest"].value, facts["longest"].value) == (1, 10)
    assert facts["mean"].value == 3
    assert facts["first_day"].value == (date(2024, 1, 31) - date(1970, 1, 1)).days


def test_moments_against_polars() -> None:
    """Range, mean and deviation are what another tool says of the same numbers."""
    numbers = pl.Series([3.5, -2.0, 8.25, 1e-3, 8.25])
    state = Numbers.observe(Column(pa.array(numbers.to_list()), ColumnSpec("c")))
    assert (state.minimum, state.maximum) == (numbers.min(), numbers.max())
    assert state.mean == pytest.approx(numbers.mean())
    assert state.deviation == pytest.approx(numbers.std())
