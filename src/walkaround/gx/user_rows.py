"""Holding a sample to the suites of rows that people wrote: suites and a sample in, one result for each expectation."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from walkaround.columns.reading import Reading, readings
from walkaround.gx import loading
from walkaround.gx.asking import Views, asked_for, unread, views
from walkaround.model.core_expectations import about
from walkaround.model.row_suite import RowExpectation, RowResult
from walkaround.model.sample import TYPELESS, Sample

if TYPE_CHECKING:
    import polars as pl

ELSEWHERE: Final = "it compares with another table, and a run looks at one source at a time"
NO_TYPES: Final = "there are no rows, and types are known with them only"


def hold(
    expectations: Sequence[RowExpectation], sample: Sample, missing: Mapping[str, tuple[str, ...]]
) -> tuple[RowResult, ...]:
    """What each expectation comes to on the rows of a sample. `missing` has the words for nothing of single columns.

    Columns of typed sources are looked at as they are. A column of text is shown to each expectation as that asks for
    it (see `asking`); a field with nothing in it is null, as other readers of delimited text have it.

    Raises:
        SourceError: the sample could not be read.
        InternalError: Great Expectations lost an expectation.
    """
    if not expectations:
        return ()
    loading.load()
    from walkaround.gx.row_validation import spooled, validate  # noqa: PLC0415 - imports Great Expectations

    frame, kept = spooled(sample, expectations)
    schema = frame.collect_schema()
    columns = tuple(column.name for column in sample.facts.columns)
    known: dict[str, Reading] = {}
    if sample.facts.kind in TYPELESS:
        import polars as pl  # noqa: PLC0415 - heavy

        texts = [name for name, dtype in schema.items() if dtype == pl.String]
        if sample.facts.kind == "delimited":
            frame = frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts)
        known = readings(frame, [name for name in asked_for(expectations, texts) if name in texts], missing)
    results: dict[int, RowResult] = {}
    groups: dict[tuple[object, ...], tuple[Views, dict[int, RowExpectation]]] = {}
    for number, expectation in enumerate(expectations):
        shown = views(expectation, known)
        reason = _hindrance(expectation, shown, known, columns)
        if not reason and not sample.drawn.rows and about(expectation.type).asks == "type":
            reason = NO_TYPES
        if reason:
            results[number] = RowResult(None, reason)
            continue
        overrides = {name: view for name, view in shown.items() if view != "typed"}
        # one batch for all that ask alike, but where a row condition may want the same column as it reads
        apart = bool(expectation.kwargs.get("row_condition")) or len(set(shown.values())) > 1
        key = tuple(sorted(overrides.items())) if apart else tuple(set(overrides.values()))
        merged, members = groups.setdefault(key, ({}, {}))
        merged.update(overrides)
        members[number] = expectation
    results |= validate([(_shown(frame, known, shown), members) for shown, members in groups.values()])
    del kept  # the file of the rows was needed until here
    return tuple(results[number] for number in range(len(expectations)))


def _shown(frame: pl.LazyFrame, known: Mapping[str, Reading], overrides: Views) -> pl.LazyFrame:
    return frame.with_columns(reading.shown(overrides.get(name, "typed")) for name, reading in known.items())


def _hindrance(
    expectation: RowExpectation, shown: Views, known: Mapping[str, Reading], columns: tuple[str, ...]
) -> str:
    """Why there is no need to ask Great Expectations, in words without values; empty where there is."""
    if about(expectation.type).told == "never":
        return ELSEWHERE
    absent = [name for name in expectation.columns if name not in columns]
    if absent and expectation.type != "expect_column_to_exist":
        near = difflib.get_close_matches(absent[0], columns, n=1)
        return f"there is no column {absent[0]}" + (f"; did the suite mean {near[0]}?" if near else "")
    return unread(shown, known)
