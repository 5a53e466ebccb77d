"""Findings: what did not pass, in words, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from walkaround.checks import by_code
from walkaround.judging.access import CODE as ACCESS
from walkaround.model.expectation import USERS_CODE
from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome

ORDER: Final = {"fail": 0, "inconclusive": 1, "waived": 2, "not_assessed": 3}
WEIGHT: Final = {"blocker": 0, "warning": 1, "info": 2}
SAY_IT_THEMSELVES: Final = frozenset({ACCESS, USERS_CODE})
"""Codes whose own message says why something was not assessed."""


def findings(outcomes: Sequence[Outcome]) -> tuple[Finding, ...]:
    """One finding for each outcome that is not a pass and that no other speaks for.

    Checks of one column that were not assessed for one reason are one finding, under the code of the first.
    """
    told = [outcome for outcome in outcomes if outcome.status != "pass" and not outcome.folded]
    grouped: dict[tuple[object, ...], list[Outcome]] = {}
    for outcome in told:
        alone = (
            (outcome.source, outcome.columns, outcome.reason)
            if outcome.status == "not_assessed" and outcome.code != USERS_CODE
            else (outcome.code, outcome.source, outcome.columns, outcome.fact)
        )
        grouped.setdefault(alone, []).append(outcome)
    made = [_finding(group) for group in grouped.values()]
    return tuple(sorted(made, key=_rank))


def _rank(finding: Finding) -> tuple[object, ...]:
    outcome = finding.outcome
    decides = outcome.status == "not_assessed" and outcome.required
    size = -(outcome.observed or 0.0)
    return (
        WEIGHT[outcome.severity] if outcome.status == "fail" else (3 if not decides else 1.5),
        outcome.severity == "info",
        ORDER[outcome.status],
        size,
        finding.label,
    )


def _finding(group: Sequence[Outcome]) -> Finding:
    first = min(group, key=lambda outcome: (not outcome.required, WEIGHT[outcome.severity], outcome.code))
    check = by_code()[first.code]
    dimension = check.dimension if check.dimension_of is None else check.dimension_of(first)
    if first.status == "not_assessed" and first.code not in SAY_IT_THEMSELVES:
        codes = sorted({outcome.code for outcome in group})
        where = f" of {', '.join(first.columns)}" if first.columns else ""
        message = f"{', '.join(codes)}{where} could not be assessed: {first.reason}"
        return Finding(
            replace(first, required=any(o.required for o in group)), check.title, dimension, message, check.remedy
        )
    message = check.message(first)
    if first.status == "inconclusive":
        message += f"; {_doubt(first)}"
    remedy = first.detail if first.code == ACCESS and first.detail else check.remedy  # what to ask whom for
    return Finding(first, check.title, dimension, message, remedy)


def _doubt(outcome: Outcome) -> str:
    """Why an inconclusive outcome is, and what would decide it."""
    if outcome.reason:
        return outcome.reason
    chance = (
        f"chance alone would show this in {_one_in(outcome.chance)} such runs" if outcome.chance else "it may be chance"
    )
    return f"{chance}, a sample of about {outcome.enough:,} rows would decide" if outcome.enough else chance


def _one_in(chance: float | None) -> str:
    return f"1 of {max(2, round(1 / chance)):,}" if chance else "none of all"
