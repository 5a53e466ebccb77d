"""Foremost: the few findings that page one has room for, the widest in effect and each of another column."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from walkaround.model.finding import Finding
from walkaround.model.run import Run


def candidates(run: Run, grouped: Mapping[str, tuple[Finding, ...]]) -> tuple[tuple[Finding, ...], str]:
    """What page one tells, with its heading: what blocks; else what is missing; else the conditions."""
    if grouped["blocker"]:
        return grouped["blocker"], "What blocks"
    if run.verdict.word == "not_assessed":
        required = tuple(each for each in grouped["not_assessed"] if each.outcome.required)
        return required or grouped["not_assessed"], "What could not be looked at"
    return grouped["warning"] + grouped["inconclusive"] + grouped["not_assessed"], "The conditions"


def chosen(findings: Sequence[Finding], most: int) -> tuple[Finding, ...]:
    """At most `most` findings: first those of a column and a check that were not shown yet, by effect."""
    left = sorted(findings, key=lambda finding: -effect(finding))
    made: list[Finding] = []
    while left and len(made) < most:
        following = min(left, key=lambda finding: _shown_before(finding, made))
        left.remove(following)
        made.append(following)
    return tuple(made)


def effect(finding: Finding) -> float:
    """The share of rows that are worse than in the pilot; 1.0 where there is no figure: then all rows are concerned."""
    outcome = finding.outcome
    if outcome.observed is None or not math.isfinite(outcome.observed):
        return 1.0
    pilot = outcome.pilot if outcome.pilot is not None and math.isfinite(outcome.pilot) else 0.0
    return min(1.0, abs(outcome.observed - pilot))


def _shown_before(finding: Finding, made: Sequence[Finding]) -> tuple[bool, bool]:
    """Whether its columns, and its check, have a row already. `min` keeps the order by effect among equals."""
    where = (finding.outcome.source, finding.outcome.columns)
    return (
        where in [(each.outcome.source, each.outcome.columns) for each in made],
        finding.outcome.code in [each.outcome.code for each in made],
    )
