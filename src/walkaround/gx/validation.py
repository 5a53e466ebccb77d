"""One validation run of Great Expectations, from suite to results. Importing this imports GX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from great_expectations.core import ExpectationSuite, ExpectationValidationResult
from great_expectations.core.result_format import ResultFormat

from walkaround.errors import InternalError
from walkaround.gx import expectation as registered
from walkaround.gx.batch import FACTS_PARAMETER, Facts, whole_profile
from walkaround.gx.context import in_memory
from walkaround.model.expectation import EXPECTATION_TYPE
from walkaround.model.fact import Fact, FactKey

POSITION: Final = "position"
"""Results of expectations that raised come first in GX: each carries its place in the suite along."""

IN_MEMORY: Final = "facts"
"""What the suite is called within GX, which does not take every name that a source may have."""

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
    with in_memory() as context:
        asset = context.data_sources.add_walkaround_profile(IN_MEMORY).add_profile_asset(IN_MEMORY)
        # not through a stored ValidationDefinition: GX would write suite and results into its stores, copying and
        # serialising them five times, for nobody to read
        batch = whole_profile(asset).get_batch(batch_parameters={FACTS_PARAMETER: Facts(facts)})
        result = batch.validate(suite, result_format=ResultFormat.BASIC)
    by_place = {each.expectation_config.meta[POSITION]: each for each in result.results}
    if len(result.results) != len(placed) or by_place.keys() != set(range(len(placed))):
        raise InternalError(f"{name}: Great Expectations answered {len(by_place)} of {len(placed)} expectations")
    return [by_place[n] for n in range(len(placed))]
