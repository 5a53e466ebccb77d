"""Judged: what Great Expectations said of one expectation."""

from __future__ import annotations

from dataclasses import dataclass

from walkaround.model.expectation import Expectation


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether the fact is within the limit. `success` is None where that could not be judged; `error` then says why."""

    expectation: Expectation
    success: bool | None
    observed: float | None = None
    error: str = ""
