"""Bounds: between what a figure may lie, as an expectation of Great Expectations has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and the highest that is allowed, None where there is no such bound; a strict one is itself beyond.

    >>> Bounds(high=1.0, strict_high=True).too_high(1.0), Bounds(high=1.0).too_high(1.0)
    (True, False)
    """

    low: float | None = None
    high: float | None = None
    strict_low: bool = False
    strict_high: bool = False

    @classmethod
    def of(cls, kwargs: Mapping[str, Any]) -> Self:
        """The bounds of a number, among the arguments of an expectation: two, or one value for both."""
        low, high = (kwargs.get(name, kwargs.get("value")) for name in ("min_value", "max_value"))
        return cls(
            None if low is None else float(low),
            None if high is None else float(high),
            bool(kwargs.get("strict_min")),
            bool(kwargs.get("strict_max")),
        )

    def too_low(self, figure: float) -> bool:
        """Whether a figure is below them."""
        return self.low is not None and (figure < self.low or (self.strict_low and figure == self.low))

    def too_high(self, figure: float) -> bool:
        """Whether a figure is above them."""
        return self.high is not None and (figure > self.high or (self.strict_high and figure == self.high))
