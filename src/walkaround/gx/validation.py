"""One validation run of Great Expectations, from suite to results. Importing this imports GX."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import great_expectations as gx
from great_expectations.core import ExpectationSuite, ExpectationValidationResult
from great_expectations.core.result_format import ResultFormat
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.data_context.context_factory import project_manager
from great_expectations.exceptions import DataContextError

from walkaround.errors import InternalError
from walkaround.gx import expectation as registered
from walkaround.gx.batch import FACTS_PARAMETER, Facts, whole_profile
from walkaround.model.expectation import EXPECTATION_TYPE
from walkaround.model.fact import Fact, FactKey

POSITION: Final = "position"
"""Results of expectations that raised come first in GX: each carries its place in the suite along."""

IN_MEMORY: Final = "facts"
"""What the suite is called within GX, which does not take every name that a source may have."""

_one_context = threading.Lock()
"""GX has one current context for the whole process."""

if registered.ExpectProfileFactToBeBetween.expectation_type != EXPECTATION_TYPE:
    raise InternalError(f"Great Expectations registered another type than {EXPECTATION_TYPE}")


def validate(
    name: str, expectations: Sequence[Mapping[str, Any]], facts: Mapping[FactKey, Fact]
) -> list[ExpectationValidationResult]:
    """Run the expectations (as JSON objects) over the facts; one result each, in order.

    Raises:
        InternalError: GX dropped an expectation, or gave another number of results.
    """
    placed = [{**each, "meta": {POSITION: n}} for n, each in enumerate(expectations)]
    suite = ExpectationSuite(name=IN_MEMORY, expectations=placed)
    if len(suite.expectations) != len(placed):
        raise InternalError(
            f"{name}: Great Expectations loaded {len(suite.expectations)} of {len(placed)} expectations"
        )
    with _context() as context:
        asset = context.data_sources.add_walkaround_profile(IN_MEMORY).add_profile_asset(IN_MEMORY)
        # not through a stored ValidationDefinition: GX would write suite and results into its stores, copying and
        # serialising them five times, for nobody to read
        batch = whole_profile(asset).get_batch(batch_parameters={FACTS_PARAMETER: Facts(facts)})
        result = batch.validate(suite, result_format=ResultFormat.BASIC)
    by_place = {each.expectation_config.meta[POSITION]: each for each in result.results}
    if len(result.results) != len(placed) or by_place.keys() != set(range(len(placed))):
        raise InternalError(f"{name}: Great Expectations answered {len(by_place)} of {len(placed)} expectations")
    return [by_place[n] for n in range(len(placed))]


@contextmanager
def _context() -> Iterator[EphemeralDataContext]:
    """A context that is nowhere but in memory, whatever GX_CLOUD_* says; the caller's own is current again after."""
    with _one_context:
        try:
            before = project_manager.get_current_project()
        except DataContextError:
            before = None
        try:
            context = gx.get_context(mode="ephemeral")
            context.variables.progress_bars = {"globally": False}
            yield context
        finally:
            project_manager.set_project(before)
