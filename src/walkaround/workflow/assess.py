"""One source against its pilot: read, profiled, and held to the suite."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from walkaround.checks import checks
from walkaround.connectors import open_sample, sample_of
from walkaround.connectors.address import without_secrets
from walkaround.errors import SourceError
from walkaround.gx.suite import Suite, from_limits
from walkaround.judging import Assessed, effective, with_exact
from walkaround.measures.column.missingness import Missingness
from walkaround.measures.table.duplicates import DuplicateRows
from walkaround.model.check import Check
from walkaround.model.fact import Fact, FactKey
from walkaround.model.limit import Limit
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile
from walkaround.model.row_suite import RowSuite
from walkaround.model.run import SourceRun
from walkaround.model.sample import Sample
from walkaround.model.source import HashAs, Source
from walkaround.profiling import profile
from walkaround.profiling.figures import column_pairs
from walkaround.profiling.fold import kinds_of

Progress = Callable[[str], None]
"""Told one line at a time what is going on."""


def silent(line: str) -> None:
    """The progress of whoever does not ask."""
    del line


@dataclass(frozen=True, slots=True)
class Side:
    """One source of a run: what was read of it, or why nothing was. `own` are the suites of rows that people wrote."""

    source: Source
    suite: Suite | None = None
    pilot: TableProfile | None = None
    sample: Sample | None = None
    production: TableProfile | None = None
    problem: str = ""
    own: tuple[RowSuite, ...] = ()


def opened(source: Source, data: Any = None) -> Sample:
    """The sample of a source: of `data` where it is held in memory, else of its URI."""
    return open_sample(source) if data is None else sample_of(source.name, data)


def common_forms(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, HashAs]:
    """In which form the values of each column are hashed so that both sides can be compared, by their physical
    kinds.
    """
    forms: dict[str, HashAs] = {}
    for name, kind in first.items():
        kinds = {kind, second.get(name, kind)}
        if kinds == {"text", "number"}:
            forms[name] = "number"
        elif kinds == {"text", "date"}:
            forms[name] = "date"
        elif len(kinds) > 1 and "text" in kinds:
            forms[name] = "text"
    return forms


def sample_kinds(sample: Sample) -> dict[str, str]:
    """The physical kind of each column, from the first batch; empty where there is none."""
    for batch in sample.batches():
        return kinds_of(batch.schema)
    return {}


def limits_of(pilot: TableProfile, policy: Policy) -> tuple[Limit, ...]:
    """What the pilot makes production be held to, by every check."""
    return tuple(limit for check in checks() for limit in check.limits(pilot, policy))


def suite_of(name: str, pilot: TableProfile, policy: Policy, now: datetime) -> Suite:
    """The suite of a pilot, as generated."""
    return from_limits(name, limits_of(pilot, policy), pilot.fingerprint, now)


def facts_of(
    pilot: TableProfile, production: TableProfile, asked: Sequence[Check] | None = None
) -> tuple[dict[FactKey, Fact], dict[str, str]]:
    """Production's own facts, and those that checks compute from both sides, with their effective sizes where rows were
    drawn in clusters, and what the source counted itself; and by code, what checks raised instead.

    A check that raises is a bug of ours, but one of many: the others are told, and its own outcomes are not assessed.
    """
    facts = {fact.key: fact for fact in production.facts()}
    errors: dict[str, str] = {}
    for check in checks() if asked is None else asked:
        try:
            facts.update({fact.key: fact for fact in check.facts(pilot, production)})
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told as not assessed (law 3)
            errors[check.code] = f"the check failed ({type(error).__name__}), which is a bug of walkaround"
    return effective(with_exact(facts, production), pilot, production), errors


def profiled(
    source: Source,
    sample: Sample,
    forms: Mapping[str, HashAs],
    seed: int,
    progress: Progress,
    *,
    now: datetime | None = None,
) -> TableProfile:
    """The profile of a sample that is read `now`, with progress."""
    progress(f"profiling {source.name}")
    made = profile(sample, source, forms, seed, lambda rows: progress(f"profiling {source.name}: {rows:,} rows"))
    return replace(made, read=now)


def assessed(side: Side) -> Assessed:
    """The source as judging wants it: its suite run by Great Expectations over the facts."""
    required = side.source.criticality == "required"
    if side.problem or side.production is None or side.pilot is None or side.suite is None:
        return Assessed(side.source.name, problem=side.problem or "it was not read", required=required)
    from walkaround.gx.facts import judge  # noqa: PLC0415 - imports Great Expectations

    facts, errors = facts_of(side.pilot, side.production)
    return Assessed(
        side.source.name,
        judge(side.suite, facts),
        facts,
        frozenset(side.production.columns),
        frozenset(column.name for column, state in side.production.columns_with(Missingness) if not state.present),
        frozenset(name for name, column in side.production.columns.items() if column.kind != "text"),
        side.production.drawn.unknown,
        side.production.drawn.probability,
        side.production.facts_of_source.barriers,
        required=required,
        errors=errors,
    )


def source_run(side: Side, policy: Policy) -> SourceRun:
    """The source as it stands in the run."""
    bare = SourceRun(
        side.source.name,
        without_secrets(side.source.uri),
        side.source.criticality,
        side.problem,
        pilot_uri=without_secrets(side.source.pilot or ""),
    )
    if side.pilot is not None:
        bare = replace(
            bare,
            pilot_rows=side.pilot.rows,
            pilot_fingerprint=side.pilot.fingerprint,
            pilot_frozen=side.suite.frozen if side.suite else None,
        )
    if side.production is None:
        return bare
    rows = side.production
    duplicates = rows.get(DuplicateRows)
    rate = duplicates.sketch.repeated_rate if duplicates else None
    return replace(
        bare,
        facts=rows.facts_of_source,
        drawn=rows.drawn,
        records=rows.records,
        fingerprint=rows.fingerprint,
        duplicate_rate=None if "duplicate rows" in rows.drawn.unknown else rate,
        columns=column_pairs(side.pilot, rows, policy.min_group),
    )


def emptiness(profile: TableProfile, what: str) -> str:
    """Why a profile of no rows is no evidence; empty where it has rows."""
    return "" if profile.rows else f"{what} holds no row"


def explained(error: SourceError) -> str:
    """What happened to a source, and what to do, in one line; it is shown beside the source's name."""
    message = error.message.removeprefix(f"{error.source}: ")
    return f"{message}; {error.hint}" if error.hint else message


@contextmanager
def judge_at_hand() -> Iterator[None]:
    """Import Great Expectations beside the profiling: it takes seconds, and is wanted at the end."""
    from walkaround.gx.facts import preload  # noqa: PLC0415 - the module itself is light

    thread = threading.Thread(target=preload, daemon=True)
    thread.start()
    yield
