"""Suites of facts: made from limits, edited by people, refrozen without losing what they edited.

A suite is a value; its text (`dumps`, `loads`) is a suite that Great Expectations loads as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from walkaround.errors import InternalError
from walkaround.gx.suite_json import dumps, loads, words
from walkaround.model.expectation import Expectation, ExpectationKey, generated
from walkaround.model.limit import Limit
from walkaround.model.suite import Suite

__all__ = ["Difference", "Suite", "diff", "dumps", "from_limits", "loads", "refreeze"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that differs between two suites; `kind` "edited" are changes that a person made by hand."""

    kind: Literal["added", "gone", "changed", "edited"]
    key: ExpectationKey
    old: Limit | None
    new: Limit | None


def from_limits(name: str, limits: Iterable[Limit], pilot_fingerprint: str, now: datetime) -> Suite:
    """The suite that a pilot's limits make, before anybody edits it.

    Raises:
        InternalError: two limits have one key, or a limit limits nothing.
    """
    expectations = tuple(Expectation(limit, generated(limit)) for limit in limits)
    keys = [expectation.key for expectation in expectations]
    twice = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
    if twice:
        raise InternalError(f"{name}: the limit {words(twice[0])} was generated twice")
    for limit in (expectation.limit for expectation in expectations):
        if limit.max_value is None and limit.min_value is None:
            raise InternalError(f"{name}: the limit {words(limit.key)} has neither a maximum nor a minimum")
    return Suite(name, _sorted(expectations), pilot_fingerprint, now, frozenset(keys))


def refreeze(old: Suite, new: Suite) -> Suite:
    """The new suite with what people made of the old one.

    A limit or severity that a person edited keeps the edit, beside what is generated now. A deleted expectation stays
    deleted, until somebody takes it out of the list of deleted ones. What a person wrote stays. An edit of a limit that
    the new pilot no longer gives (its column is gone) goes with the limit. Refreezing twice changes nothing more.
    """
    gone = old.unwanted
    before = old.by_key
    fresh = (
        _edited_like(expectation, before.get(expectation.key))
        for expectation in new.expectations
        if expectation.key not in gone
    )
    theirs = {e.key: e for suite in (new, old) for e in suite.expectations if e.generated is None}
    return replace(
        new,
        expectations=_sorted((*(e for e in fresh if e.generated is not None), *theirs.values())),
        made=new.made - gone,
        deleted=gone,
        meta={**new.meta, **old.meta},
    )


def diff(old: Suite, new: Suite) -> tuple[Difference, ...]:
    """What differs from the old suite to the new: added, gone, changed; then what is edited by hand in the new one."""
    before, after = old.by_key, new.by_key
    added = (Difference("added", key, None, after[key].limit) for key in sorted(after.keys() - before.keys()))
    gone = (Difference("gone", key, before[key].limit, None) for key in sorted(before.keys() - after.keys()))
    changed = (
        Difference("changed", key, before[key].limit, after[key].limit)
        for key in sorted(before.keys() & after.keys())
        if generated(before[key].limit) != generated(after[key].limit)
    )
    edited = (
        Difference("edited", key, _as_generated(after[key]), after[key].limit)
        for key in sorted(after)
        if after[key].edited
    )
    return (*added, *gone, *changed, *edited)


def _edited_like(fresh: Expectation, before: Expectation | None) -> Expectation:
    """The fresh expectation, with what a person changed in the one before."""
    if before is None or before.generated is None:
        return fresh
    was, limit = before.generated, fresh.limit
    if before.limit.max_value != was.max_value:
        limit = replace(limit, max_value=before.limit.max_value)
    if before.limit.min_value != was.min_value:
        limit = replace(limit, min_value=before.limit.min_value)
    if before.limit.severity != was.severity:
        limit = replace(limit, severity=before.limit.severity)
    return replace(fresh, limit=limit, notes=before.notes or fresh.notes, meta={**fresh.meta, **before.meta})


def _as_generated(expectation: Expectation) -> Limit:
    was = expectation.generated or generated(expectation.limit)
    return replace(expectation.limit, max_value=was.max_value, min_value=was.min_value, severity=was.severity)


def _sorted(expectations: Iterable[Expectation]) -> tuple[Expectation, ...]:
    """By columns, then code and fact: what is said of a column stands together, and git shows small differences."""
    return tuple(sorted(expectations, key=lambda e: (e.limit.columns, e.limit.code, e.limit.fact)))
