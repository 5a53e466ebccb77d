"""Exact facts: what a server counted over its whole table stands in place of what its sample suggests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from walkaround.model.fact import Fact, FactKey
from walkaround.model.profile import TableProfile

NEVER_BLANK: Final = re.compile(r"(?i)^(?:(?:tiny|small|medium|big)?(?:int|serial)|date|time|bool|year|uuid)")
"""Declared types whose values are null or say something: no text that may be empty, no number that may be NaN."""


def with_exact(facts: Mapping[FactKey, Fact], production: TableProfile) -> dict[FactKey, Fact]:
    """The facts of a sample, and instead of some of them those that its source counted.

    Only these are exact where the sample is not all of its source, whatever a sketch says that kept all it saw.
    """
    told = dict(facts)
    if not production.drawn.whole:
        told = {key: replace(fact, basis="sample") for key, fact in told.items()}
    for counted in production.facts_of_source.exact:
        fact = replace(counted, columns=_as_measured(counted, facts))
        told[fact.key] = fact
        if fact.name == "null_rate" and _never_blank(production, fact.columns):
            missing = replace(fact, name="missing_rate")
            told[missing.key] = missing
    return told


def _as_measured(counted: Fact, facts: Mapping[FactKey, Fact]) -> tuple[str, ...]:
    """The columns of a fact in the order in which the sample has them: a key is the same in any order."""
    alike = (columns for name, columns in facts if name == counted.name and set(columns) == set(counted.columns))
    return next(alike, counted.columns)


def _never_blank(production: TableProfile, columns: tuple[str, ...]) -> bool:
    known = [production.columns[name] for name in columns if name in production.columns]
    return bool(known) and all(NEVER_BLANK.search(column.declared) for column in known)
