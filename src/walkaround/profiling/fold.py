"""Fold the batches of a sample through the measures: one pass, columns side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from walkaround.columns import Column, Table
from walkaround.columns.column import kind_of
from walkaround.measures import column_measures, table_measures
from walkaround.model.measure import Measure
from walkaround.model.profile import ColumnProfile, TableProfile
from walkaround.model.sample import HIDDEN

if TYPE_CHECKING:
    import pyarrow as pa

    from walkaround.model.sample import Sample
    from walkaround.model.source import ColumnSpec, HashAs, Source

States = tuple[Measure[Any], ...]


def _unheard(rows: int) -> None:
    """Where nobody asks how far the reading is."""
    del rows


def profile(
    sample: Sample,
    source: Source,
    hash_as: Mapping[str, HashAs] | None = None,
    seed: int = 0,
    seen: Callable[[int], None] = _unheard,
) -> TableProfile:
    """The profile of a sample.

    `hash_as` says in which form the values of a column are hashed, where the other side of a comparison is of another
    type. `seed` seeds all hashes: profiles are compared only when made with the same. `seen` is told rows as they pass.

    Raises:
        SourceError: the sample could not be read to its end.
    """
    sample.fetch()  # a source that is far away may say what its columns are only once its rows are here
    declared = {column.name: column.type for column in sample.facts.columns}
    specs: dict[str, ColumnSpec] = {}
    kinds: dict[str, str] = {}
    columns: dict[str, States] = {}
    whole: States = tuple(measure() for measure in table_measures())
    rows = 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for batch in sample.batches():
            if not specs:
                kinds = kinds_of(batch.schema)
                specs = {name: _spec(source, name, hash_as or {}) for name in kinds}
                columns = {name: _nothing(specs[name], kinds[name]) for name in specs}
            table = Table(batch, specs, seed)
            observed = pool.map(_observe, table.columns.values(), columns.values())
            columns = dict(zip(specs, observed, strict=True))
            whole = tuple(state.merge(type(state).observe(table)) for state in whole)
            rows += batch.num_rows
            seen(rows)
    profiles = {
        name: ColumnProfile(name, kinds[name], declared.get(name, ""), specs[name], columns[name]) for name in specs
    } or _unread(sample, source)
    return TableProfile(
        source.name, rows, profiles, whole, sample.facts, sample.drawn, sample.records, sample.fingerprint
    )


def _spec(source: Source, name: str, hash_as: Mapping[str, HashAs]) -> ColumnSpec:
    return replace(source.spec(name), hash_as=hash_as.get(name, "native"))


def _nothing(spec: ColumnSpec, kind: str) -> States:
    return tuple(measure() for measure in column_measures() if measure.accepts(spec, kind))


def _observe(column: Column, states: States) -> States:
    """Measure one column of one batch, and hash its rows while it is at hand."""
    merged = tuple(state.merge(type(state).observe(column)) for state in states)
    _ = column.row_hashes
    return merged


def _unread(sample: Sample, source: Source) -> dict[str, ColumnProfile]:
    """The columns of a sample without a single batch: known by name, measured as nothing."""
    return {
        column.name: ColumnProfile(
            column.name, "text", column.type, source.spec(column.name), _nothing(source.spec(column.name), "text")
        )
        for column in sample.facts.columns
    }


def kinds_of(schema: pa.Schema) -> dict[str, str]:
    """The physical kind of each column of an Arrow schema, but for the hidden ones of a sample."""
    return {field.name: kind_of(field.type) for field in schema if field.name not in HIDDEN}
