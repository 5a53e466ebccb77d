"""Answers: how many checks gave one, and which finding speaks for those that had no need to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome
from walkaround.model.run import Run
from walkaround.report.words import plural


@dataclass(frozen=True, slots=True)
class Covered:
    """Checks of one source and the same columns that another finding speaks for, and why they were not made.

    `by` is None where that finding is not told, as in a run that a person put together.
    """

    count: int
    source: str
    columns: tuple[str, ...]
    reason: str
    by: Finding | None


def covered(run: Run) -> tuple[Covered, ...]:
    """The folded outcomes, grouped by the finding that covers them; most checks first."""
    counts = Counter(_group(outcome, run.findings) for outcome in run.outcomes if outcome.folded)
    return tuple(Covered(count, *group) for group, count in counts.most_common())


def answered(run: Run) -> str:
    """How many of the planned checks gave an answer, and what became of the others, in one sentence."""
    coverage, folded = run.coverage, sum(outcome.folded for outcome in run.outcomes)
    told = [f"{coverage.passed:,} passed", f"{coverage.failed:,} failed", f"{coverage.inconclusive:,} inconclusive"]
    told += [f"{coverage.waived:,} waived"] if coverage.waived else []
    rest = [f"{plural(folded, 'is', 'are')} covered by another finding"] if folded else []
    rest.append(f"{max(0, coverage.not_assessed - folded):,} could not be assessed")
    return (
        f"{coverage.run:,} of {plural(coverage.planned, 'planned check')} gave an answer: {', '.join(told)}; "
        f"{'; '.join(rest)}."
    )


def _group(outcome: Outcome, findings: tuple[Finding, ...]) -> tuple[str, tuple[str, ...], str, Finding | None]:
    by = _speaker(outcome, findings)
    columns = outcome.columns if by is None else by.outcome.columns
    return outcome.source, columns, outcome.reason, by


def _speaker(outcome: Outcome, findings: tuple[Finding, ...]) -> Finding | None:
    """The finding that says why: that the source is out of reach, that the column is gone, or another of its own."""
    of_it = [
        finding
        for finding in findings
        if finding.outcome.source == outcome.source
        and (not finding.outcome.columns or set(finding.outcome.columns) & set(outcome.columns))
    ]
    for dimension in ("access", "schema"):
        for finding in of_it:
            if finding.dimension == dimension:
                return finding
    return next((finding for finding in of_it if finding.outcome.columns), None)
