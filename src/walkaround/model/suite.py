"""Suite: everything that one source is held to, as people reviewed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from walkaround.model.expectation import Expectation, ExpectationKey
from walkaround.model.source import EMPTY


@dataclass(frozen=True, slots=True)
class Suite:
    """The expectations of one source.

    `pilot` is the fingerprint of the pilot it was made from, `frozen` when. `made` are the keys that were generated:
    one of them without an expectation was deleted by a person. `deleted` are the keys that are not to come back.
    `meta` holds entries of other tools, kept as they are.
    """

    name: str
    expectations: tuple[Expectation, ...] = ()
    pilot: str = ""
    frozen: datetime | None = None
    made: frozenset[ExpectationKey] = frozenset()
    deleted: frozenset[ExpectationKey] = frozenset()
    meta: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    @property
    def by_key(self) -> dict[ExpectationKey, Expectation]:
        """The expectations by code, fact and columns."""
        return {expectation.key: expectation for expectation in self.expectations}

    @property
    def unwanted(self) -> frozenset[ExpectationKey]:
        """Keys that a person does not want: listed as deleted, or generated and no longer there."""
        return (self.deleted | self.made) - self.by_key.keys()
