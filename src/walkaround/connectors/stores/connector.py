"""The connector of stores: plans what travels, and hands it to the connector of its kind of file."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from walkaround.connectors.address import address_of
from walkaround.connectors.assembly import sample_of_plan
from walkaround.connectors.contract import Plan, problems_of
from walkaround.connectors.parquet import ParquetPart
from walkaround.connectors.simple import FileConnector, RangedLook
from walkaround.connectors.stores.groups import by_part
from walkaround.connectors.stores.opening import opened
from walkaround.connectors.stores.partitions import PartitionedPart
from walkaround.connectors.stores.planning import Way, plan_of, wanted_rows
from walkaround.connectors.stores.sample import KeptSample, StoreSample, fetch_whole, keep
from walkaround.connectors.stores.target import SERVICES, target_of
from walkaround.connectors.stores.visit import Visit
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import Drawn, Sample, SourceFacts
from walkaround.model.source import SampleRequest, Source

_METHODS: Final = (None, "rows")


class Stores:
    """Objects of S3, Google Cloud Storage, Azure, web servers and SFTP."""

    kind = "store"
    schemes: tuple[str, ...] = tuple(SERVICES)

    def claims(self, uri: str) -> bool:
        """By scheme."""
        return uri.partition("://")[0].lower() in SERVICES

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading it."""
        return problems_of(self.plan, source)

    def datasets(self, source: Source) -> Iterator[str]:
        """The one table that all objects of a source are."""
        yield source.name

    def describe(self, source: Source) -> SourceFacts:
        """What the store says, and the footers of typed files; the columns of text stand in its rows."""
        return self.plan(source).facts

    def plan(self, source: Source) -> Plan:
        """Which objects, or which row groups of them, are fetched."""
        _refuse_what_no_store_does(source)
        target = target_of(source.name, address_of(source))
        visit = Visit(source.name, target, partial(opened, target, source.sample.seconds))
        visit.begin(source.sample.seconds)
        try:
            return plan_of(source, visit, _looks())
        finally:
            visit.close()

    def read(self, plan: Plan) -> Sample:
        """The rows of a plan. They travel when they are first wanted."""
        way: Way = plan.parts[0]
        arrive = _arrive_by_ranges if way.parts else _arrive_whole
        return StoreSample(plan, way.visit, lambda: arrive(plan, way))


def _looks() -> dict[str, RangedLook]:
    """The kinds of file that are read by ranges."""
    from walkaround.connectors import connectors  # noqa: PLC0415 - which lists this module

    return {
        found.kind: found.ranged
        for found in connectors()
        if isinstance(found, FileConnector) and found.ranged is not None
    }


def _arrive_by_ranges(plan: Plan, way: Way) -> tuple[Sample, Path]:
    if not way.picks:
        sample = sample_of_plan(plan, way.tables, _salt(way))
        path = keep(sample)
        return KeptSample(sample.known, path), path
    files = [part for part in way.parts if isinstance(part, ParquetPart)]
    chosen = list(by_part(files, way.picks, plan.seed))
    states = tuple(way.states[place] for place, _ in chosen)
    everything = replace(plan, files=states, rows=None)  # what is drawn, the parts draw
    salt = f"{plan.rows}|{plan.source.sample.bytes}|{_salt(way)}"
    parts = [PartitionedPart(part, way.keys[place]) if way.keys else part for place, part in chosen]
    sample = sample_of_plan(everything, parts, salt)
    path = keep(sample)
    rows, total = sample.records.rows, plan.facts.rows_total
    share, inference = rows / total if total else None, len(way.picks) > 1  # one group says nothing of the others
    drawn = Drawn("row_groups", plan.seed, rows, share, ("duplicate rows",), probability=inference)
    groups = sum(len(part.strata) for part in files)
    note = f"{len(way.picks):,} of {groups:,} row groups were read: all of them are more bytes than reading may cost"
    facts = replace(plan.facts, notes=(*plan.facts.notes, note))
    return KeptSample(replace(sample.known, facts=facts, drawn=drawn), path), path


def _salt(way: Way) -> str:
    """What the folders' names say of rows stands in no object's tag."""
    return repr(way.keys) if way.keys else ""


def _arrive_whole(plan: Plan, way: Way) -> tuple[Sample, Path]:
    from walkaround.connectors import open_sample  # noqa: PLC0415 - which lists this module

    source = plan.source
    folder = fetch_whole(way.visit, tuple(state.item for state in way.states), source.sample.bytes)
    files = sorted(folder.glob("*/*"))
    uri = str(files[0]) if len(files) == 1 else f"{glob.escape(str(folder))}/*/*"
    rows = wanted_rows(source)
    asked = SampleRequest(rows="full" if rows is None else rows, seed=source.sample.seed)
    here = replace(source, uri=uri, table=source.table or way.visit.target.table, sample=asked, exact=())
    try:
        return open_sample(here), folder
    except SourceError as error:
        shown = way.visit.target.name(way.visit.target.key)
        words, hint = (text.replace(uri, shown) for text in (error.message, error.hint))
        raise SourceError(source.name, error.reason, words, hint) from None


def _refuse_what_no_store_does(source: Source) -> None:
    if source.sample.method not in _METHODS:
        raise UsageError(
            f"{source.name}: a store has no method {source.sample.method}",
            "take it out: rows are drawn of every row group, or of every line",
        )
    if source.exact:
        raise UsageError(
            f"{source.name}: a store counts nothing over its objects",
            "take `exact` out, or ask for `rows: full`, which counts everything",
        )


CONNECTOR = Stores()
