"""Words for messages: shares, and sentences that several checks say alike. Never a value."""

from __future__ import annotations

from collections.abc import Callable

from walkaround.model.outcome import Outcome


def share(value: float | None) -> str:
    """A share as people read it: two significant digits below 1 %, one decimal above.

    >>> share(0.174), share(0.00012), share(0.0), share(1.0)
    ('17.4 %', '0.012 %', '0 %', '100 %')
    """
    if value is None:
        return "not known"
    points = value * 100
    if points in {0.0, 100.0}:
        return f"{points:.0f} %"
    if abs(points) < 1:
        return f"{points:.2g} %"
    return f"{points:.1f} %" if f"{points:.1f}" != "100.0" else "over 99.9 %"


def where(outcome: Outcome) -> str:
    """The columns an outcome is about."""
    return ", ".join(outcome.columns) or "the table"


def rate(what: str) -> Callable[[Outcome], str]:
    """A message for a share of a column: "17.4 % of email is missing; the pilot had 0 %, the limit is 0.5 %".

    `what` may hold `{detail}`.
    """

    def message(outcome: Outcome) -> str:
        told = what.format(detail=outcome.detail).rstrip(" :")
        return (
            f"{share(outcome.observed)} of {where(outcome)} {told}; the pilot had {share(outcome.pilot)}, "
            f"the limit is {share(outcome.limit)}"
        )

    return message
