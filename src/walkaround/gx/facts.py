"""Judging facts: a suite and the facts of a profile in, one judgement for each expectation out.

Great Expectations answers "is it beyond the limit". Whether that is real is asked in `judging`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from walkaround.gx import loading
from walkaround.gx.suite_json import arguments
from walkaround.model.expectation import EXPECTATION_TYPE, Expectation
from walkaround.model.fact import Fact, FactKey
from walkaround.model.judged import Judged
from walkaround.model.suite import Suite

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult


def preload() -> None:
    """Import Great Expectations (about 2 s); a thread may do so while something else is going on."""
    loading.load()


def judge(suite: Suite, facts: Mapping[FactKey, Fact]) -> tuple[Judged, ...]:
    """One judgement for each expectation of the suite, in its order.

    A fact that is absent, has no value, or is no finite number is an error, never a success.

    Raises:
        InternalError: Great Expectations lost an expectation, or failed as a whole.
    """
    if not suite.expectations:
        return ()
    preload()
    from walkaround.gx.validation import validate  # noqa: PLC0415 - imports Great Expectations

    expectations = [
        {"type": EXPECTATION_TYPE, "kwargs": arguments(e.limit), "severity": e.limit.severity}
        for e in suite.expectations
    ]
    results = validate(suite.name, expectations, facts)
    return tuple(_judged(*pair) for pair in zip(suite.expectations, results, strict=True))


def _judged(expectation: Expectation, result: ExpectationValidationResult) -> Judged:
    """One result of GX, read. An exception is no answer, whatever its `success` says."""
    if result.exception_info and result.exception_info.get("raised_exception", True):
        return Judged(expectation, None, error=str(result.exception_info.get("exception_message") or "unknown error"))
    return Judged(expectation, bool(result.success), float(result.result["observed_value"]))
