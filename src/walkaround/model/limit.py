"""Limit: what a check holds a fact of production to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["critical", "warning", "info"]
"""Great Expectations' words: critical may block, warning never blocks, info is told but does not count."""

Evidence = Literal["rise", "own", "certain"]
"""How judging asks "is it real?": `rise` by the exact two-sample test on the counts of pilot and production; `own` by
the `chance` that the fact brings; `certain` where chance has no part (a column is gone, a declared key repeats)."""


@dataclass(frozen=True, slots=True)
class PilotFigure:
    """The same figure in the pilot: `value`, made of `count` of `of`."""

    value: float | None = None
    count: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `max_value`, at least `min_value`, for the fact `fact` of `columns`.

    `tolerance` is the rise over the pilot that `max_value` allows; `grave` the value (not the rise) of the fact from
    which a critical limit blocks, None where any breach blocks (critical) or none does (warning, info).
    `why` says in one sentence where the limit comes from; it stands in the suite for whoever reviews it.
    """

    code: str
    fact: str
    columns: tuple[str, ...]
    max_value: float | None
    severity: Severity
    pilot: PilotFigure
    why: str
    min_value: float | None = None
    tolerance: float = 0.0
    grave: float | None = None
    evidence: Evidence = "rise"

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What identifies an expectation across refreezes: code, fact and columns."""
        return self.code, self.fact, self.columns
