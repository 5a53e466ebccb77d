"""What a stored run is when it is read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from walkaround.model.finding import Finding
from walkaround.model.outcome import Status, Weight


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding as it was remembered. `label` and `fact` together say which finding it is, across runs."""

    label: str
    code: str
    source: str
    fact: str
    status: Status
    severity: Weight
    observed: float | None
    interval: tuple[float, float] | None
    limit: float | None
    message: str

    @property
    def key(self) -> tuple[str, str]:
        """Label and fact."""
        return self.label, self.fact


@dataclass(frozen=True, slots=True)
class StoredSource:
    """How a source was sampled: `rows` drawn by `method`. `problem` says why it could not be read."""

    name: str
    method: str
    rows: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as it was remembered; `started` is UTC, `rules` the fingerprint of suites and policy."""

    id: str
    started: datetime
    seconds: float
    command: str
    project: str
    verdict: str
    because: tuple[str, ...]
    planned: int
    passed: int
    failed: int
    inconclusive: int
    not_assessed: int
    waived: int
    rules: str
    findings: tuple[StoredFinding, ...] = ()
    sources: tuple[StoredSource, ...] = ()


def remembered(finding: Finding) -> StoredFinding:
    """A finding as it would be remembered."""
    outcome = finding.outcome
    return StoredFinding(
        label=finding.label,
        code=outcome.code,
        source=outcome.source,
        fact=outcome.fact,
        status=outcome.status,
        severity=outcome.severity,
        observed=outcome.observed,
        interval=outcome.interval,
        limit=outcome.limit,
        message=finding.message,
    )
