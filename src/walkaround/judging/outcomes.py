"""Outcomes: for each expectation, whether the rise is large, whether it is real, and whether anybody could tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from walkaround.errors import InternalError
from walkaround.intervals import rows_to_decide, wilson
from walkaround.judging.access import unread, unseen
from walkaround.judging.evidence import Evidence, detectable, evidence, levels, pilot_counts, production_counts
from walkaround.model.fact import Fact, FactKey
from walkaround.model.judged import Judged
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome, Status, Weight
from walkaround.model.policy import HOPELESS_RISE, MIN_VALUES, Policy
from walkaround.model.sample import Barrier

DOUBTFUL: Final = 0.05
"""A rise past the tolerance that chance explains more often than once in twenty is what one process looks like, and
passes. Where the pilot had none at all of something, a single row past the tolerance is less likely than that (see
`ODDITY`)."""
WHOLE_ROWS: Final = frozenset({"duplicate_rows_beyond_rate", "repeated_key_rate"})
"""Facts that a sample of rows cannot tell (see statistics: duplicates cannot be seen); one of keys can, and a server
that counted them."""
EMPTY_COLUMN: Final = frozenset({"MIS001", "MIS002"})
"""The codes that speak for a column which says nothing at all."""
NO_CHANCE: Final = "the rows were not drawn by chance, so nothing follows for the rest"


@dataclass(frozen=True, slots=True)
class Assessed:
    """One source, read and judged by Great Expectations; or not read, and then `problem` says why.

    `present` are the columns that production has; limits of others fold into SCH001 or SCH004. `empty` are those of
    them that say nothing in any row, `typed` those that are no text. `barriers` hide columns or rows; limits of hidden
    columns fold into ACC001. `errors` says by code what a check raised.
    """

    source: str
    judged: tuple[Judged, ...] = ()
    facts: Mapping[FactKey, Fact] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    cannot_tell: frozenset[str] = frozenset()
    probability: bool = True
    barriers: tuple[Barrier, ...] = ()
    problem: str = ""
    required: bool = True
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """All outcomes of a run, and how many false failures it expects if nothing changed."""

    outcomes: tuple[Outcome, ...]
    expected_false_alarms: float


def judge(assessed: Sequence[Assessed], policy: Policy) -> Judgement:
    """The outcomes of every expectation of every source, under one budget of false alarms."""
    pairs = [(side, judged) for side in assessed for judged in side.judged if not _moot(side, judged)]
    limits = [judged.expectation.limit for _, judged in pairs]
    told = [_evidence(side, judged) for side, judged in pairs]
    shared, expected = levels(limits, told, policy.false_alarms_per_run)
    outcomes = [
        _outcome(side, judged, found, level, policy)
        for (side, judged), found, level in zip(pairs, told, shared, strict=True)
    ]
    hidden = [outcome for side in assessed for outcome in _access(side)]
    return Judgement(tuple(hidden) + _folded(outcomes), expected)


def _access(side: Assessed) -> Iterator[Outcome]:
    if side.problem:
        yield unread(side.source, side.problem, required=side.required)
        return
    wanted = {name for judged in side.judged for name in judged.expectation.limit.columns}
    yield from unseen(side.source, side.barriers, wanted, required=side.required)


def _evidence(side: Assessed, judged: Judged) -> Evidence:
    fact = side.facts.get(judged.expectation.fact)
    if side.problem or fact is None or judged.success is None or _lacks(side, judged.expectation.limit):
        return Evidence()
    return evidence(judged.expectation.limit, fact)


def _moot(side: Assessed, judged: Judged) -> bool:
    """Whether a check of text meets a column that production delivers typed: its type says more than any shape."""
    columns = judged.expectation.limit.columns
    unmeasured = judged.expectation.fact not in side.facts and judged.expectation.limit.code not in side.errors
    return bool(columns) and side.typed.issuperset(columns) and unmeasured


def _lacks(side: Assessed, limit: Limit) -> str:
    """Why there is nothing to hold to the limit: it speaks of columns that production does not have, or shows nobody.
    Empty where it has them, or the check is about that.
    """
    if any(name in barrier.columns for barrier in side.barriers for name in limit.columns):
        return "the column may not be read"
    blind = any(barrier.reason == "denied" and not barrier.columns for barrier in side.barriers)
    if blind and not side.present.issuperset(limit.columns):
        return "this user does not see all columns of the table, and this may be one of them"
    if limit.code in {"SCH001", "SCH004"} or side.present.issuperset(limit.columns):
        return ""
    return "production does not have the column"


def _outcome(side: Assessed, judged: Judged, found: Evidence, level: float | None, policy: Policy) -> Outcome:
    limit = judged.expectation.limit
    fact = side.facts.get(judged.expectation.fact)
    bare = Outcome(limit.code, side.source, limit.columns, "not_assessed", _weight(limit, None), limit.fact,
                   limit=limit.max_value, pilot=limit.pilot.value)  # fmt: skip
    if side.problem:
        return replace(bare, reason="the source was not read", folded=True)
    if reason := _lacks(side, limit):
        return replace(bare, reason=reason, folded=True)
    if fact is None and limit.code in side.errors:
        return _unassessed(bare, limit, None, side.errors[limit.code], had_data=_supported(limit))
    if fact is None and side.empty.issuperset(limit.columns) and limit.columns:
        fact = Fact(limit.fact, limit.columns, of=0)
    if judged.success is None or fact is None:
        why = (fact.detail if fact is not None else "") or judged.error or "it was not measured"
        return _unassessed(bare, limit, fact, why, had_data=_supported(limit))
    told = replace(
        bare,
        severity=_weight(limit, fact.value),
        observed=fact.value,
        count=fact.count,
        rows=fact.of,
        basis=fact.basis,
        interval=_interval(fact, policy),
        pilot=_pilot_share(limit, fact),
        chance=found.chance,
        level=level,
        detectable=detectable(limit, fact, level),
        detail=fact.detail,
    )
    return _decided(side, judged, found, fact, told)


def _decided(side: Assessed, judged: Judged, found: Evidence, fact: Fact, told: Outcome) -> Outcome:
    """The outcome of a fact that was measured."""
    limit, level = judged.expectation.limit, told.level
    sampled = fact.basis != "exact"
    if sampled and limit.fact in WHOLE_ROWS and "duplicate rows" in side.cannot_tell:
        return replace(told, status="not_assessed", reason="a sample of rows cannot tell how many rows repeat")
    status = _status(judged, found, level, limit)
    if sampled and not side.probability and limit.evidence != "certain":
        told = replace(told, interval=None, detectable=None)
        if status == "pass":
            return replace(told, status="not_assessed", reason=NO_CHANCE)
    if status == "pass" and (reason := _hopeless(limit, fact, told.detectable, found)):
        return _unassessed(replace(told, status="not_assessed"), limit, fact, reason, had_data=_supported(limit))
    if status == "fail" and sampled and not side.probability and found.chance is not None:
        return replace(told, status="inconclusive", reason=NO_CHANCE)
    if status == "inconclusive":
        return replace(told, status=status, enough=_enough(limit, fact, level))
    return replace(told, status=status)


def _status(judged: Judged, found: Evidence, level: float | None, limit: Limit) -> Status:
    """Is it large (Great Expectations said so), and is it real (chance explains it too rarely)?"""
    if judged.success:
        return "pass"
    if found.chance is None:
        return "fail"
    if level is None:
        raise InternalError(f"{limit.code} has evidence and no level")
    if found.chance <= level:
        return "fail"
    return "inconclusive" if found.chance <= DOUBTFUL else "pass"


def _hopeless(limit: Limit, fact: Fact, smallest: float | None, found: Evidence) -> str:
    """Why a pass would say nothing; empty where it says something."""
    if limit.evidence == "certain":
        return ""
    if reason := _too_few(limit, fact):
        return reason
    if fact.count is None or found.chance is None or limit.fact in WHOLE_ROWS:
        return ""
    if (_pilot_share(limit, fact) or 0.0) + HOPELESS_RISE > 1:
        return ""  # there is no room for such a rise
    if smallest is None or smallest > HOPELESS_RISE:
        return "these samples are too small to have shown a rise of ten points"
    return ""


def _too_few(limit: Limit, fact: Fact) -> str:
    """Which side has too few values to support a pass, or values of too few units."""
    for side, of, values in (
        ("production", fact.of, production_counts(fact)[1]),
        ("the pilot", fact.pilot_of if fact.pilot_of is not None else limit.pilot.of, pilot_counts(limit, fact)[1]),
    ):
        if of is not None and of < MIN_VALUES:
            return f"{side} has {of} values, and fewer than {MIN_VALUES} support no pass"
        if values is not None and values < MIN_VALUES:
            return f"{side} has {of} values from so few places that they tell no more than {values} would"
    return ""


def _supported(limit: Limit) -> bool:
    """Whether the pilot itself had the data that the check needs."""
    return limit.pilot.of is None or limit.pilot.of >= MIN_VALUES


def _unassessed(outcome: Outcome, limit: Limit, fact: Fact | None, reason: str, *, had_data: bool) -> Outcome:
    """Not assessed; required where a critical check lacks data in production that the pilot had."""
    of = fact.of if fact is not None else None
    lacking = of is None or of < MIN_VALUES
    reason = "production has no values" if of == 0 else reason
    return replace(outcome, reason=reason, rows=of, required=limit.severity == "critical" and had_data and lacking)


def _weight(limit: Limit, observed: float | None) -> Weight:
    """A critical limit blocks from its grave value on, or always where it has none; others never do."""
    if limit.severity == "info":
        return "info"
    if limit.severity == "warning":
        return "warning"
    grave = limit.grave is None or observed is None or observed >= limit.grave
    return "blocker" if grave else "warning"


def _interval(fact: Fact, policy: Policy) -> tuple[float, float] | None:
    if fact.count is None or not fact.of or fact.value is None or fact.basis == "exact":
        return None
    weight = 1.0 if fact.effective is None else fact.effective / fact.of
    return wilson(fact.count * weight, fact.of * weight, policy.confidence)


def _pilot_share(limit: Limit, fact: Fact) -> float | None:
    if fact.pilot_of and fact.pilot_count is not None:
        return fact.pilot_count / fact.pilot_of
    return limit.pilot.value


def _enough(limit: Limit, fact: Fact, level: float | None) -> int | None:
    """How many rows of production would decide, if its share is what it looks like."""
    had, pilot_of = pilot_counts(limit, fact)
    if had is None or not pilot_of or fact.value is None or not level or fact.count is None:
        return None
    rows = rows_to_decide(had, pilot_of, fact.value, level)
    return rows if rows is None or not (fact.of and fact.effective) else round(rows * fact.of / fact.effective)


def _folded(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Checks that have nothing to look at in a column that is empty now: that it is empty speaks for them."""
    told = {(o.source, o.columns) for o in outcomes if o.code in EMPTY_COLUMN and o.status == "fail"}
    empty = told & {(o.source, o.columns) for o in outcomes if o.status == "not_assessed" and o.rows == 0}
    return tuple(
        replace(outcome, folded=True)
        if outcome.status == "not_assessed" and not outcome.rows and (outcome.source, outcome.columns) in empty
        else outcome
        for outcome in outcomes
    )
