"""Compose the run: outcomes, findings, verdict and coverage of all its sources, as one value."""

from __future__ import annotations

import platform
import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

from walkaround.judging import coverage, findings, judge, verdict
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.run import Project, Run
from walkaround.model.verdict import Coverage, Verdict
from walkaround.workflow.assess import Side, assessed, source_run
from walkaround.workflow.own_suites import own_outcomes

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, as ULIDs use it: sortable by time, without letters that look alike."""
NAMED: Final = ("walkaround", "polars", "pyarrow", "great-expectations", "duckdb", "numpy")


def run_id(now: datetime, chance: int | None = None) -> str:
    """A ULID: 48 bits of milliseconds, 80 bits of chance, in 26 letters."""
    number = (int(now.timestamp() * 1000) << 80) | (secrets.randbits(80) if chance is None else chance)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def versions() -> dict[str, str]:
    """What this run was made with."""
    return {"python": platform.python_version(), **{name: version(name) for name in NAMED}}


def compose(
    command: str,
    sides: Sequence[Side],
    policy: Policy,
    started: datetime,
    began: float,
    *,
    project: Project = Project(),
    further: Sequence[Outcome] = (),
    settings: Mapping[str, str] | None = None,
) -> Run:
    """The run of some sources. `began` is `time.monotonic()` at its start; `further` outcomes are of no source's
    suite.
    """
    judgement = judge([assessed(side) for side in sides], policy)
    own = [outcome for side in sides for outcome in own_outcomes(side, policy, judgement.outcomes)]
    outcomes = (*judgement.outcomes, *own, *further)
    found = findings(outcomes)
    read = sum(side.production is not None and not side.problem for side in sides)
    supporting = {side.source.name for side in sides if side.source.criticality == "supporting"}
    return Run(
        run_id(started),
        started,
        round(time.monotonic() - began, 3),
        command,
        versions(),
        verdict(found, read, supporting),
        coverage(outcomes, judgement.expected_false_alarms),
        found,
        outcomes,
        tuple(source_run(side, policy) for side in sides),
        project,
        confidence=policy.confidence,
        settings=settings or {},
    )


def compose_profile(side: Side, policy: Policy, started: datetime, began: float) -> Run:
    """A run that holds a source against nothing: it says what is there, and no verdict."""
    return Run(
        run_id(started),
        started,
        round(time.monotonic() - began, 3),
        "profile",
        versions(),
        Verdict("not_assessed", (), "a profile alone is held against nothing, so it has no verdict"),
        Coverage(),
        sources=(source_run(side, policy),),
        confidence=policy.confidence,
    )


def utc_now() -> datetime:
    """Now, in UTC, to the second as runs print it."""
    return datetime.now(UTC).replace(microsecond=0)
