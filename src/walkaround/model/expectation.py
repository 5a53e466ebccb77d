"""Expectation: a limit as it stands in a reviewed suite, beside what was generated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from walkaround.model.fact import FactKey
from walkaround.model.limit import Limit, Severity
from walkaround.model.source import EMPTY

EXPECTATION_TYPE: Final = "expect_profile_fact_to_be_between"
"""The one expectation type of ours, as Great Expectations registers it."""
USERS_CODE: Final = "USR001"
"""The code of an expectation that a person wrote without our meta."""

ExpectationKey = tuple[str, str, tuple[str, ...]]
"""What identifies an expectation across refreezes: code, fact and columns."""


@dataclass(frozen=True, slots=True)
class Generated:
    """The limit as it was generated from the pilot, before anybody edited it."""

    max_value: float | None
    min_value: float | None
    severity: Severity


@dataclass(frozen=True, slots=True)
class Expectation:
    """A limit, and whose it is.

    `limit` is what production is held to: a person's edit wins over what was generated. `generated` is None where a
    person wrote the whole expectation; its code is then USR001. `notes` are the person's own words; `meta` holds
    entries of other tools, kept as they are.
    """

    limit: Limit
    generated: Generated | None = None
    notes: str = ""
    meta: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    @property
    def key(self) -> ExpectationKey:
        """Code, fact and columns."""
        return self.limit.key

    @property
    def fact(self) -> FactKey:
        """The fact that is held to the limit."""
        return self.limit.fact, self.limit.columns

    @property
    def edited(self) -> bool:
        """Whether a person changed the limit or the severity since it was generated."""
        return self.generated is not None and self.generated != generated(self.limit)


def generated(limit: Limit) -> Generated:
    """The part of a limit that a person may edit."""
    return Generated(limit.max_value, limit.min_value, limit.severity)
