"""Law 1 for samples that were drawn in units, whose hidden columns no other measure sees."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from walkaround.columns import Column, Table
from walkaround.measures.column import clustering
from walkaround.measures.column.clustering import BUCKETS, Clustering
from walkaround.model.profile import ColumnProfile, TableProfile
from walkaround.model.sample import STRATUM, UNIT
from walkaround.model.source import ColumnSpec
from walkaround.profiling import dump, load

COUNTS = ("strata", "units", "rows", "missing", "worded", "buckets")
SPEC = ColumnSpec("c")
values = st.sampled_from([None, "", "N/A", "a", "b", "12.5", "-3", "2024-01-31", "1e300", "999999999999"])
rows = st.lists(st.tuples(values, st.integers(-2, 40), st.integers(0, 3)), max_size=40)
designs = st.sampled_from(["clusters", "strata"])


def column(told: list[tuple[Any, int, int]], *, stratified: bool) -> Column:
    hidden = {UNIT: pa.array([unit for _, unit, _ in told], pa.int64())}
    if stratified:
        hidden[STRATUM] = pa.array([stratum for _, _, stratum in told], pa.int64())
    batch = pa.RecordBatch.from_pydict({"c": pa.array([value for value, _, _ in told], pa.string()), **hidden})
    return Table(batch, {"c": SPEC}, 3).columns["c"]


def alike(one: Clustering, other: Clustering) -> bool:
    """Counts exactly; means and squares within what floats can hold."""
    largest = float(np.abs(one.means).max(initial=1.0))
    return (
        (one.stratified, one.shift) == (other.stratified, other.shift)
        and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COUNTS)
        and np.allclose(one.means, other.means, rtol=1e-9, atol=1e-9 * largest)
        and np.allclose(one.squares, other.squares, rtol=1e-9, atol=1e-9 * largest * largest)
    )


@settings(max_examples=80, deadline=None)
@given(rows, st.integers(0, 40), designs, st.sampled_from([4_096, 8]))
def test_batches_add_up(told: list[tuple[Any, int, int]], cut: int, design: str, most: int) -> None:
    """observe(a + b) is observe(a).merge(observe(b)), in either order, also where units are too many to tell apart."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clustering, "MOST", most)
        patch.setattr(clustering, "BITS", {4_096: 12, 8: 3}[most])
        whole, first, second = (
            Clustering.observe(column(part, stratified=design == "strata")) for part in (told, told[:cut], told[cut:])
        )
        merged, turned = first.merge(second), second.merge(first)
    if told:
        assert alike(whole, merged)
        assert alike(whole, turned)
        assert len(whole.units) <= most
        assert int(whole.rows.sum()) == len(told)
    assert alike(whole.merge(Clustering()), whole)


@settings(max_examples=20, deadline=None)
@given(rows, designs)
def test_state_to_text_and_back(told: list[tuple[Any, int, int]], design: str) -> None:
    """A state that is written and read again is the state that was written, to the bit; it never stands in git."""
    state = Clustering.observe(column(told, stratified=design == "strata"))
    profile = TableProfile("s", len(told), {"c": ColumnProfile("c", "text", "", SPEC, (state,))})
    written = dump(profile, portable=False)
    assert dump(load(written, "here"), portable=False) == written
    assert "Clustering" not in dump(profile, portable=True)


def test_counts_by_hand() -> None:
    """Two pages of two strata: what is counted of each is what one can count."""
    told = [("a", 7, 0), (None, 7, 0), ("3", 9, 1), ("5", 9, 1), ("N/A", 9, 1), ("a", 7, 0)]
    state = Clustering.observe(column(told, stratified=True))
    assert state.units.tolist() == [7, 9]
    assert state.strata.tolist() == [0, 1]
    assert state.rows.tolist() == [3, 3]
    assert state.missing.tolist() == [1, 0]
    assert state.worded.tolist() == [0, 1]
    assert state.buckets.reshape(-1, BUCKETS).sum(axis=1).tolist() == [2, 2]
    assert state.means[1] == 4.0
    assert state.squares.tolist() == [0.0, 2.0]


def test_hidden_columns_are_hidden() -> None:
    """A table of a clustered sample has the columns, rows and row hashes of the table without units."""
    data = {"a": pa.array([1, 2, 2]), "b": pa.array(["x", "y", "y"])}
    hidden = {UNIT: pa.array([1, 1, 2]), STRATUM: pa.array([0, 0, 1])}
    specs = {name: ColumnSpec(name) for name in data}
    plain = Table(pa.RecordBatch.from_pydict(data), specs, 3)
    drawn = Table(pa.RecordBatch.from_pydict({**hidden, **data}), specs, 3)
    assert list(drawn.columns) == ["a", "b"]
    assert drawn.row_hashes.tolist() == plain.row_hashes.tolist()
    assert plain.units is None
    assert drawn.units is not None
    assert drawn.units.codes.tolist() == [0, 0, 1]


def test_rows_drawn_one_by_one_cost_nothing() -> None:
    """A column without units observes nothing, whatever it holds."""
    assert not len(Clustering.observe(Column(pa.array(["a", None]), SPEC, 3)).units)


ARRAYS = {
    "float": pa.array([1.0, -0.0, math.inf, -math.inf, math.nan, None, 1.7e308, -1.7e308]),
    "integer": pa.array([-(2**63), 2**63 - 1, 0, None, 1, 1, 2, 3]),
    "decimal": pa.array([Decimal("1.10"), None, *[Decimal("-9e30")] * 6], pa.decimal128(38, 2)),
    "boolean": pa.array([True, False, None, *[True] * 5]),
    "date": pa.array([date(1, 1, 1), date(9999, 12, 31), None, *[date(2024, 1, 1)] * 5]),
    "timestamp": pa.array([datetime(2024, 1, 1, 12, tzinfo=UTC), None] * 4, pa.timestamp("us", "UTC")),
    "time": pa.array([time(0), time(23, 59), None, *[time(12)] * 5]),
    "binary": pa.array([b"", b"\xff", None, *[b"a"] * 5]),
    "nested": pa.array([[1], [], None, *[[2, 3]] * 5]),
    "null": pa.nulls(8),
    "dictionary": pa.array(["a", "b", None, *["a"] * 5]).dictionary_encode(),
}


@pytest.mark.parametrize("kind", ARRAYS)
@pytest.mark.parametrize("strata", [None, [0, 0, 1, 1, 2, 2, 3, 3], [0] * 4 + [1] * 4])
def test_every_type_has_design_effects(kind: str, strata: list[int] | None) -> None:
    """Of any type, however large its numbers, effects are finite, and there are rows to divide by them."""
    hidden = {UNIT: pa.array([0, 0, 1, 1, 2, 2, 3, 3])}
    if strata is not None:
        hidden[STRATUM] = pa.array(strata)
    batch = pa.RecordBatch.from_pydict({"c": ARRAYS[kind], **hidden})
    state = Clustering.observe(Table(batch, {"c": SPEC}, 3).columns["c"])
    twice = state.merge(state)
    assert (int(state.rows.sum()), int(twice.rows.sum())) == (8, 16)
    for each in (state, twice):
        effects = (each.missing_effect(0.1), each.worded_effect(None), each.largest_effect(0.1))
        told = [effect for effect in effects if effect is not None]
        assert all(math.isfinite(effect.value) and 0 < effect.cautious(8) <= 8 for effect in told)
    assert (state.largest_effect(None) is None) == (kind == "null")
