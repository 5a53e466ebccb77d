"""From files to a sample: the rows drawn, the border crossed, the state checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.ahead import ahead
from walkaround.connectors.border import Border, Repairs
from walkaround.connectors.contract import Plan
from walkaround.connectors.drawing import SmallestKeys, draw_positions, take_positions
from walkaround.connectors.parts import Part, Reading, common_schema, rows_of
from walkaround.connectors.states import fingerprint, unchanged
from walkaround.errors import UsageError
from walkaround.model.sample import Drawn, Known, Records, Sample, SourceFacts
from walkaround.model.source import Source

_BATCH_BYTES: Final = 128 << 20
"""No batch is larger than this, unless a single row is."""

_METHODS: Final = {
    "parquet": "row_groups", "hive": "row_groups", "delta": "row_groups", "iceberg": "row_groups",
    "orc": "row_groups", "delimited": "lines", "ndjson": "lines",
}  # fmt: skip
"""How the rows of a kind are drawn, in the words of `Drawn`; a stripe of ORC is a row group by another name."""

_CUT: Final = "a file is cut off or damaged: the part that can be read was read"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a full pass over a sample told."""

    drawn: Drawn
    records: Records
    rows_total: int


class FileSample(Sample):
    """Rows of a plan. Knows for good what a full pass tells once one was made."""

    __slots__ = ("_known", "_make")

    def __init__(self, facts: SourceFacts, seed: int, state: str, make: Callable[[], Iterator[pa.RecordBatch]]) -> None:
        rows = facts.rows_total or 0
        self._known = Known(facts, Drawn("full", seed, rows), Records(rows), state)
        self._make: Callable[[], Any] = make

    @property
    def known(self) -> Known:
        """The fingerprint, from the start, is of the file's content, the method, the seed and the rows asked for."""
        return self._known

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in reading order, in batches of one schema.

        Raises:
            SourceError: the source could not be read, or changed since the sample was opened.
        """
        outcome: Outcome = yield from self._make()
        facts, records = self._known.facts, outcome.records
        notes = dict.fromkeys([*facts.notes, *([_CUT] if "truncated" in records.rejected else [])])
        facts = replace(facts, rows_total=outcome.rows_total, rows_total_is="exact", notes=tuple(notes))
        self._known = replace(self._known, facts=facts, drawn=outcome.drawn, records=records)


def sample_of_plan(plan: Plan, parts: Sequence[Part], salt: str = "") -> Sample:
    """The sample of a plan whose files are `parts`, one for one. `salt` stands for rows that are in no file."""
    schema = common_schema(parts)
    border = Border.of(plan.source.name, schema)
    state = fingerprint(plan, salt)

    def make() -> Iterator[pa.RecordBatch]:
        return _pass(plan, parts, schema, border)

    return FileSample(plan.facts, plan.seed, state, make)


def wanted(source: Source) -> int | None:
    """How many rows were asked for; None is all of them, which is what a local file gives by default.

    Raises:
        UsageError: the settings ask for what only servers and stores do; to ignore it would be to lie.
    """
    asked = source.sample
    if asked.method is not None or asked.max_seconds is not None or asked.max_bytes is not None or source.exact:
        raise UsageError(
            f"{source.name}: method, max_seconds, max_bytes and exact are for servers and stores, and this is a file",
            "take them out: files are read whole, or `rows` of them are drawn one by one",
        )
    return source.sample.rows if isinstance(source.sample.rows, int) else None


def _pass(
    plan: Plan, parts: Sequence[Part], schema: pa.Schema, border: Border
) -> Generator[pa.RecordBatch, None, Outcome]:
    """One pass over everything: batches on our side of the border."""
    repairs: Repairs = Counter()
    unchanged(plan)
    if plan.rows is None:
        records = yield from _crossing(ahead(rows_of(parts, schema, plan)), border, repairs)
        drawn, total = Drawn("full", plan.seed, records.rows, 1.0), records.rows
    else:
        drawn, records, total = yield from _drawing(plan, parts, schema, border, repairs)
    unchanged(plan)
    return Outcome(drawn, replace(records, repaired={**records.repaired, **_added(records, repairs)}), total)


def _added(records: Records, repairs: Repairs) -> dict[str, int]:
    return {reason: count + records.repaired.get(reason, 0) for reason, count in repairs.items()}


def _crossing(reading: Reading, border: Border, repairs: Repairs) -> Reading:
    """Every batch over the border, in pieces of bounded size; closes `reading` when left early."""
    try:
        while True:
            try:
                batch = next(reading)
            except StopIteration as end:
                records: Records = end.value
                return records
            for piece in _pieces(batch):
                yield from border.cross(piece, repairs)
    finally:
        reading.close()


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    rows = max(1, int(batch.num_rows * _BATCH_BYTES / max(batch.nbytes, 1)))
    if batch.num_rows <= rows:
        yield batch
        return
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def _drawing(
    plan: Plan, parts: Sequence[Part], schema: pa.Schema, border: Border, repairs: Repairs
) -> Generator[pa.RecordBatch, None, tuple[Drawn, Records, int]]:
    """The rows that were asked for: by position where the total is known, by smallest keys where it is not."""
    rows = plan.rows or 0
    crossed = _Remember(_crossing(ahead(rows_of(parts, schema, plan)), border, repairs))
    strata = [part.strata for part in parts]
    known = [size for sizes in strata if sizes is not None for size in sizes]
    if all(sizes is not None for sizes in strata):
        total = sum(known)
        yield from take_positions(iter(crossed), draw_positions(known, rows, plan.seed))
    else:
        smallest = SmallestKeys(rows, plan.seed)
        for batch in crossed:
            smallest.add(batch)
        total = smallest.seen
        table = smallest.table()
        if table is not None:
            yield from table.combine_chunks().to_batches(max_chunksize=1 << 17)
    drawn = min(rows, total)
    return _drawn(plan, drawn, total), replace(crossed.records, rows=crossed.records.rows), total


def _drawn(plan: Plan, rows: int, total: int) -> Drawn:
    if rows == total:
        return Drawn("full", plan.seed, rows, 1.0)
    method = _METHODS.get(plan.kind, "rows")
    return Drawn(method, plan.seed, rows, rows / total, ("duplicate rows",))


class _Remember:
    """An iterator over a reading that keeps what it returned."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.records = Records(0)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        self.records = yield from self._reading
