"""Whether the tests on Polars came out as they must, beside the same tests on stock pandas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from deviations import Deviation

LEAST_PASSED: Final = 0.975
"""Of the tests that pass on stock pandas."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one test came to: `batches` counts the Polars assets it ran on."""

    passed: bool
    message: str = ""
    batches: int = 0
    fallbacks: Sequence[str] = ()


Run: TypeAlias = Mapping[str, Result]
"""The tests of one run, by their ids."""


def passed(run: Run) -> frozenset[str]:
    """The ids of the tests that passed."""
    return frozenset(name for name, test in run.items() if test.passed)


def ratio(stock: Run, run: Run) -> float:
    """The share of the tests that pass on stock pandas that pass in this run too; 0.0 where none pass there."""
    base = passed(stock)
    return len(base & passed(run)) / len(base) if base else 0.0


def failed(stock: Run, run: Run) -> dict[str, str]:
    """What the tests say that pass on stock pandas and fail in this run, or are not in it."""
    base = sorted(passed(stock) - passed(run))
    return {name: run[name].message if name in run else "it was not collected" for name in base}


def complaints(stock: Run, run: Run, deviations: Sequence[Deviation]) -> Iterator[str]:
    """Each way in which a run is not what it must be; none where it is."""
    if not passed(stock):
        yield "no test passes on stock pandas: there is nothing to compare with"
        return
    if len(run) < len(stock):
        yield f"{len(run)} tests were collected, {len(stock)} on stock pandas"
    if ratio(stock, run) < LEAST_PASSED:
        yield f"{ratio(stock, run):.1%} of the tests that pass on stock pandas pass, fewer than {LEAST_PASSED:.1%}"
    listed = {deviation.test for deviation in deviations}
    failures = failed(stock, run)
    for name in sorted(failures.keys() - listed):
        yield f"fails, and is not listed as a deviation: {name}: {failures[name]}"
    for name in sorted(listed - stock.keys()):
        yield f"listed as a deviation, and there is no such test: {name}"
    for name in sorted(listed & stock.keys() - failures.keys()):
        yield f"listed as a deviation, and does not fail where stock pandas passes: {name}"
    for name, test in run.items():
        if test.fallbacks:
            yield f"was converted to pandas: {', '.join(test.fallbacks)}: {name}"
        if test.passed and not test.batches:
            yield f"passes, and never asked for a batch of Polars: {name}"
