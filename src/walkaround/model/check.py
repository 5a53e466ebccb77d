"""Check: a question asked of production, as data with functions. One module in `checks/` offers one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from walkaround.model.fact import Fact
from walkaround.model.limit import Limit, Severity
from walkaround.model.outcome import Dimension, Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Facts = Callable[[TableProfile, TableProfile], Iterator[Fact]]
Limits = Callable[[TableProfile, Policy], Iterator[Limit]]
Cells = Callable[[Any, TableProfile, Outcome], "NDArray[np.bool_]"]
Message = Callable[[Outcome], str]
DimensionOf = Callable[[Outcome], Dimension]


def _no_facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    del pilot, production
    return iter(())


def _no_limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    del pilot, policy
    return iter(())


@dataclass(frozen=True, slots=True)
class Check:
    """What is checked, and how.

    `limits(pilot, policy)` yields what the pilot's profile makes production be held to.
    `facts(pilot, production)` yields what only the two together tell.
    `cells(table, pilot, outcome)` says which rows of one batch of production fail, (rows,); it is None where that
    cannot be said of single rows.
    `message(outcome)` says what happened, in one sentence without values.
    `dimension_of(outcome)` is the dimension of one outcome, where they differ within the check.
    `tolerance` and `grave` are rises over the pilot in fractions; `of` names the denominator.
    `computed`, `false_alarms` and `remedy` are paragraphs for `walkaround explain`; why it matters is the
    module's docstring.
    """

    code: str
    title: str
    dimension: Dimension
    severity: Severity
    of: str
    computed: str
    false_alarms: str
    remedy: str
    message: Message
    tolerance: float = 0.0
    grave: float | None = None
    limits: Limits = _no_limits
    facts: Facts = _no_facts
    cells: Cells | None = None
    dimension_of: DimensionOf | None = None
