"""Policy: how large a change matters, and how often a run may be wrong about one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MIN_VALUES: Final = 30
"""Fewer values than this support no pass: below, even a rise of ten points is seen less than half of the time."""
HOPELESS_RISE: Final = 0.10
"""A check that could not have seen a rise of ten points has looked at nothing; its pass is not assessed."""
MIN_GROUP: Final = 10
"""A category seen in fewer rows than this is not shown: it could single out a person (law 4)."""

PolicyKey = str | tuple[str, str]
"""A code, or a code and the column that it is set for."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Materiality and error budget of a run. `tolerance` and `grave` are rises over the pilot as fractions,
    by code, or by (code, column) for one column.
    """

    confidence: float = 0.95
    false_alarms_per_run: float = 0.05
    tolerance: Mapping[PolicyKey, float] = field(default_factory=dict)
    grave: Mapping[PolicyKey, float] = field(default_factory=dict)
    min_group: int = MIN_GROUP

    def tolerated(self, code: str, default: float, column: str = "") -> float:
        """The rise of one check on one column from which a change matters."""
        return self.tolerance.get((code, column), self.tolerance.get(code, default))

    def graved(self, code: str, default: float | None, column: str = "") -> float | None:
        """The rise from which a critical check blocks; None where it never does."""
        known = self.grave.get((code, column), self.grave.get(code))
        return default if known is None else known
