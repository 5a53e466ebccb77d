"""Rows: what a person's own expectations about rows come to, on all rows or on a sample of them.

Great Expectations answers for the rows it was given. Where these are not all rows, an answer holds for the source only
as far as a sample tells (`Told`), and an answer to nothing, on no values, is none.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from walkaround.intervals import wilson
from walkaround.judging.bounds import Bounds
from walkaround.judging.outcomes import EMPTY_COLUMN
from walkaround.measures.effects import Effects
from walkaround.model.core_expectations import Told, about
from walkaround.model.expectation import USERS_CODE
from walkaround.model.limit import Severity
from walkaround.model.outcome import Outcome, Status, Weight
from walkaround.model.policy import MIN_VALUES
from walkaround.model.row_suite import RowExpectation, RowResult, RowSuite
from walkaround.model.sample import TYPELESS, Drawn, SourceFacts
from walkaround.model.source import EMPTY

WEIGHTS: Final[dict[Severity, Weight]] = {"critical": "blocker", "warning": "warning", "info": "info"}
UNTOLD: Final[dict[Told, str]] = {
    "repeats": "a sample of rows cannot tell that no row repeats",
    "extreme": "a sample of rows cannot tell how far the rest goes",
    "contains": "a sample of rows cannot tell that a value is nowhere",
    "whole": "a sample of rows cannot tell it of all rows",
    "count": "the source does not say how many rows it has",
}
"""Why a sample does not tell; words for the report."""
NOT_BY_CHANCE: Final = "the rows were not drawn by chance, so nothing follows for the rest"
DIGEST: Final = 4
"""Hexadecimal digits that tell the few expectations of one type on one column apart; too few to test guesses of the
values that are in their arguments against (law 4)."""
GONE: Final = frozenset({"SCH001", "SCH004"})
"""The codes that speak for a column which is not there."""


@dataclass(frozen=True, slots=True)
class RowsRead:
    """The rows that suites were held against: how they were drawn, and of what. `filled` are the columns in which the
    pilot had values (None where nothing is known of it), `empty` those in which production has none. `effects` are by
    column, where rows were drawn in units. `problem` says why nothing was read.
    """

    source: str
    drawn: Drawn = Drawn("nothing", 0, 0)
    facts: SourceFacts = SourceFacts("nothing")
    filled: frozenset[str] | None = None
    empty: frozenset[str] = frozenset()
    effects: Mapping[str, Effects] = field(default_factory=lambda: EMPTY)
    problem: str = ""

    def worth(self, columns: Iterable[str], rows: int) -> float:
        """How many rows, drawn one by one, would tell as much of these columns (of all, where none is named)."""
        chosen = [self.effects[name] for name in tuple(columns) or self.effects if name in self.effects]
        return rows / max((each.divisor("", rows) for each in chosen), default=1.0)

    @property
    def whole(self) -> bool:
        """Whether these are all rows of the source."""
        return self.drawn.whole


def row_outcomes(
    suites: Sequence[RowSuite], results: Sequence[RowResult], read: RowsRead, confidence: float, told: Iterable[Outcome]
) -> tuple[Outcome, ...]:
    """An outcome for each expectation of the suites, in their order; `told` are the other outcomes of the run.

    Where the source was not read there are no results.
    """
    others = [outcome for outcome in told if outcome.source == read.source and outcome.status == "fail"]
    gone = {column for outcome in others if outcome.code in GONE for column in outcome.columns}
    empty = read.empty & {column for outcome in others if outcome.code in EMPTY_COLUMN for column in outcome.columns}
    made: list[Outcome] = []
    for number, (bare, expectation) in enumerate(_bare(suites, read.source)):
        if read.problem:
            made.append(replace(bare, reason="the source was not read", folded=True))
            continue
        if not read.facts.denied.isdisjoint(expectation.columns):
            made.append(replace(bare, reason="the column may not be read", folded=True))
            continue
        result = results[number]
        outcome = _judged(bare, expectation, result, read, confidence)
        spoken = gone if result.rows is None else empty
        folded = outcome.status == "not_assessed" and bool(spoken.intersection(outcome.columns)) and not result.rows
        made.append(replace(outcome, folded=folded))
    return tuple(made)


def _bare(suites: Sequence[RowSuite], source: str) -> Iterable[tuple[Outcome, RowExpectation]]:
    """Outcomes of which nothing is known but what was asked.

    Where a type is asked of a column more than once, each is told by a digest of its arguments, wherever it stands, so
    that what is remembered of one is not taken for another when one is put in or taken out.
    """
    alike = Counter(_asked(expectation) for suite in suites for expectation in suite.expectations)
    seen: Counter[tuple[tuple[str, ...], str]] = Counter()
    for suite in suites:
        for expectation in suite.expectations:
            fact = expectation.type
            if alike[_asked(expectation)] > 1:
                fact = f"{fact} #{_digest(expectation)}"
                seen[expectation.columns, fact] += 1
                again = seen[expectation.columns, fact]
                fact = fact if again == 1 else f"{fact}.{again}"
            weight = WEIGHTS[expectation.severity]
            detail = f"{expectation.words} of {suite.name}"
            outcome = Outcome(USERS_CODE, source, expectation.columns, "not_assessed", weight, fact, detail=detail)
            yield outcome, expectation


def _asked(expectation: RowExpectation) -> tuple[str, tuple[str, ...]]:
    return expectation.type, expectation.columns


def _digest(expectation: RowExpectation) -> str:
    """The same for the same arguments, in whatever order."""
    text = json.dumps(dict(expectation.kwargs), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def _judged(
    bare: Outcome, expectation: RowExpectation, result: RowResult, read: RowsRead, confidence: float
) -> Outcome:
    known = about(expectation.type)
    if result.success is None:
        return _lacking(bare, expectation, read, result.error)
    if result.rows == 0 and not (known.told == "columns" and read.facts.kind not in TYPELESS):
        return replace(_lacking(bare, expectation, read, "there are no values to look at"), rows=0)
    outcome = _measured(bare, expectation, result)
    guessed = known.asks == "type" and read.facts.kind in TYPELESS  # of the rows that were seen
    if read.whole or (known.told == "columns" and not guessed):
        return replace(outcome, status="pass" if result.success else "fail", basis="exact")
    return _of_sample(outcome, expectation, result, read, confidence)


def _lacking(bare: Outcome, expectation: RowExpectation, read: RowsRead, reason: str) -> Outcome:
    """Not assessed; required where it is critical and the pilot had what it looks at."""
    had = read.filled is None or read.filled.issuperset(expectation.columns)
    return replace(bare, reason=reason, required=expectation.severity == "critical" and had)


def _measured(bare: Outcome, expectation: RowExpectation, result: RowResult) -> Outcome:
    """The outcome with its figures: the share that is not as expected where rows are counted, else what is bounded."""
    if result.count is not None and result.observed is None:
        share = result.count / result.rows if result.rows else None
        limit = round(1 - expectation.mostly, 12)
        return replace(bare, observed=share, count=result.count, rows=result.rows, limit=limit)
    return _bounded(replace(bare, rows=result.rows), expectation, result.observed)


def _bounded(outcome: Outcome, expectation: RowExpectation, observed: float | None) -> Outcome:
    """With the figure, and what it may be at most; one that is too small stands alone, as limits are upper ones."""
    if observed is None:
        return outcome
    bounds = Bounds.of(expectation.kwargs)
    return replace(outcome, observed=observed, limit=None if bounds.too_low(observed) else bounds.high)


def _of_sample(
    outcome: Outcome, expectation: RowExpectation, result: RowResult, read: RowsRead, confidence: float
) -> Outcome:
    """What an answer on some rows says of all."""
    told, success = about(expectation.type).told, bool(result.success)
    inner = "min_value" if expectation.type == "expect_column_max_to_be_between" else "max_value"
    certain = {
        "repeats": not success and expectation.mostly == 1.0,
        "extreme": not success and expectation.kwargs.get(inner) is None,
        "contains": success,
    }.get(told, False)
    if told == "count":
        return _counted(outcome, expectation, read)
    if told in UNTOLD and not certain:
        return replace(outcome, reason=UNTOLD[told], observed=None, count=None, limit=None)
    if told == "estimate":
        reason = "it is an estimate from a sample, and how far off that may be is not known"
        return replace(outcome, status="inconclusive", reason=reason)
    if told == "share" or (told == "rows" and expectation.mostly < 1.0 and result.count):
        return _estimated(outcome, expectation, result, read, confidence)
    if certain or not success:
        return replace(outcome, status="pass" if success else "fail")
    return _claimed(outcome, read)


def _claimed(outcome: Outcome, read: RowsRead) -> Outcome:
    """A pass that rests on the rows that were seen."""
    if (outcome.rows or 0) < MIN_VALUES:
        reason = f"the sample has {outcome.rows or 0} values, and fewer than {MIN_VALUES} support no pass"
        return replace(outcome, reason=reason)
    if (worth := read.worth(outcome.columns, outcome.rows or 0)) < MIN_VALUES:
        reason = (
            f"the sample's {outcome.rows} values are from so few places that they tell no more than {worth:.0f} would"
        )
        return replace(outcome, reason=reason)
    if not read.drawn.probability:
        return replace(outcome, status="inconclusive", reason=NOT_BY_CHANCE)
    return replace(outcome, status="pass")


def _counted(outcome: Outcome, expectation: RowExpectation, read: RowsRead) -> Outcome:
    """The number of rows, as the source itself says it."""
    total = read.facts.rows_total
    if total is None or read.facts.rows_total_is != "exact" or expectation.kwargs.get("row_condition"):
        return replace(outcome, reason=UNTOLD["count"], observed=None, limit=None)
    bounds = Bounds.of(expectation.kwargs)
    status: Status = "fail" if bounds.too_low(total) or bounds.too_high(total) else "pass"
    told = replace(outcome, status=status, basis="exact")
    return _bounded(told, expectation, float(total))


def _estimated(
    outcome: Outcome, expectation: RowExpectation, result: RowResult, read: RowsRead, confidence: float
) -> Outcome:
    """A share of rows against its limit: it passes, or fails, where the whole interval does."""
    if result.count is None or not result.rows:
        return replace(outcome, reason=UNTOLD["whole"])
    worth = read.worth(outcome.columns, result.rows)
    low, high = wilson(result.count / result.rows * worth, worth, confidence)
    bounds = Bounds(high=1.0 - expectation.mostly)
    if about(expectation.type).told == "share":  # of what is there; counted is what is not
        low, high = 1 - high, 1 - low
        bounds = Bounds.of(expectation.kwargs)
    outcome = replace(outcome, interval=(low, high))
    if not read.drawn.probability:
        return replace(outcome, status="inconclusive", reason=NOT_BY_CHANCE)
    if result.success and not bounds.too_low(low) and not bounds.too_high(high):
        return replace(outcome, status="pass")
    if not result.success and (bounds.too_low(high) or bounds.too_high(low)):
        return replace(outcome, status="fail")
    reason = f"the sample allows for shares within the limit and beyond it ({confidence:.0%} interval)"
    return replace(outcome, status="inconclusive", reason=reason)
