"""The verdict: the first rule that applies, and what was looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import median

from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome
from walkaround.model.verdict import Coverage, Verdict


def verdict(findings: Sequence[Finding], read: int, supporting: Collection[str] = ()) -> Verdict:
    """The verdict on all findings of a run. `read` sources were read; those in `supporting` never block."""
    required = [finding for finding in findings if finding.outcome.source not in supporting]
    blockers = [f.label for f in required if f.outcome.status == "fail" and f.outcome.severity == "blocker"]
    if blockers:
        return Verdict("not_ready", tuple(blockers), "a required source has at least one blocking finding")
    unread = [f.label for f in required if f.outcome.status == "not_assessed" and f.outcome.required]
    if unread or not read:
        return Verdict("not_assessed", tuple(unread), "no blocker was found, but evidence that is required is missing")
    conditions = [f.label for f in findings if f.outcome.severity != "info" or f.outcome.status == "not_assessed"]
    if conditions:
        return Verdict("ready_with_conditions", tuple(conditions), "nothing blocks, but not everything planned passed")
    return Verdict("ready", (), "everything that was planned was checked and passed")


def coverage(outcomes: Sequence[Outcome], expected_false_alarms: float) -> Coverage:
    """How much was planned, and what came of it."""
    count = {
        status: sum(outcome.status == status for outcome in outcomes)
        for status in ("pass", "fail", "inconclusive", "not_assessed", "waived")
    }
    rises = [outcome.detectable for outcome in outcomes if outcome.status == "pass" and outcome.detectable is not None]
    return Coverage(
        len(outcomes),
        len(outcomes) - count["not_assessed"],
        count["pass"],
        count["fail"],
        count["inconclusive"],
        count["not_assessed"],
        count["waived"],
        expected_false_alarms,
        median(rises) if rises else None,
    )
