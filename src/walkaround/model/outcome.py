"""Outcome: what one expectation came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from walkaround.model.fact import Basis

Status = Literal["pass", "fail", "inconclusive", "not_assessed", "waived"]
Weight = Literal["blocker", "warning", "info"]
Dimension = Literal[
    "access", "schema", "missingness", "format", "semantics", "duplicates", "outliers", "drift",
    "volume", "freshness", "integrity", "privacy", "ownership",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """One planned check of one source, as it came out.

    `observed` is `count` of `rows` (the denominator of this fact), `interval` its confidence interval, `limit` what it
    was held to, `pilot` the same figure in the pilot. `chance` is how likely it is that nothing changed, held against
    `level`, this check's share of the run's budget of false alarms. `detectable` is the smallest rise that would have
    been caught. `enough` is the number of rows that would decide, where the outcome is inconclusive.
    `reason` says why it was not assessed; `required` that the pilot had the data this check needs (so that its absence
    is missing evidence, not merely a condition). `folded`: another outcome of the same cause speaks for it, as that of
    a column that is gone; it counts in the coverage and is no finding of its own.
    """

    code: str
    source: str
    columns: tuple[str, ...]
    status: Status
    severity: Weight
    fact: str
    observed: float | None = None
    count: int | None = None
    rows: int | None = None
    basis: Basis = "sample"
    interval: tuple[float, float] | None = None
    limit: float | None = None
    pilot: float | None = None
    chance: float | None = None
    level: float | None = None
    detectable: float | None = None
    enough: int | None = None
    reason: str = ""
    detail: str = ""
    required: bool = False
    folded: bool = False
