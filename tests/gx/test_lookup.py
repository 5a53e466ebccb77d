"""What the Polars engine answers from a profile of the same rows is what it would have computed."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from walkaround.connectors import sample_of
from walkaround.gx import loading
from walkaround.model.source import Source
from walkaround.profiling import profile

loading.load()  # quietly: Great Expectations imports what Python has deprecated

import great_expectations as gx  # noqa: E402
import great_expectations.expectations as gxe  # noqa: E402
from great_expectations.expectations.row_conditions import Column  # noqa: E402

from walkaround.gx.rows import Profiled  # noqa: E402

TEXTS = st.one_of(st.none(), st.sampled_from(["", " ", "a", "A", "b ", "ab", "n/a", "é", "aa\n", "007", "7", "x" * 30]))
NUMBERS = st.one_of(st.none(), st.integers(-(2**60), 2**60), st.integers(-3, 3))
FLOATS = st.one_of(
    st.none(), st.floats(-1e6, 1e6, width=32), st.sampled_from([0.0, -0.0, 1.5, float("inf"), float("nan")])
)
MOSTLY = 0.5


@pytest.fixture(scope="module")
def asset() -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    made = context.data_sources.add_polars("lookups").add_dataframe_asset("frames")
    return made.add_batch_definition_whole_dataframe("whole")


def suite() -> gx.ExpectationSuite:
    """Every expectation that a profile could answer, on text and on numbers."""
    texts = [
        gxe.ExpectColumnValuesToBeUnique(column="t"),
        gxe.ExpectColumnValuesToBeInSet(column="t", value_set=["a", "b ", ""], mostly=MOSTLY),
        gxe.ExpectColumnValuesToNotBeInSet(column="t", value_set=["A"]),
        gxe.ExpectColumnValuesToMatchRegex(column="t", regex=r"^\w+$"),
        gxe.ExpectColumnValueLengthsToBeBetween(column="t", min_value=1, max_value=5),
        gxe.ExpectColumnValueLengthsToEqual(column="t", value=1, mostly=MOSTLY),
        gxe.ExpectColumnDistinctValuesToBeInSet(column="t", value_set=["a", "A"]),
        gxe.ExpectColumnDistinctValuesToContainSet(column="t", value_set=["a", "A"]),
        gxe.ExpectColumnMostCommonValueToBeInSet(column="t", value_set=["a"]),
        gxe.ExpectColumnUniqueValueCountToBeBetween(column="t", max_value=3),
        gxe.ExpectColumnProportionOfUniqueValuesToBeBetween(column="t", max_value=0.5),
    ]
    numbers = [
        expectation
        for name in ("n", "f")
        for expectation in (
            gxe.ExpectColumnMinToBeBetween(column=name, min_value=0),
            gxe.ExpectColumnMaxToBeBetween(column=name, max_value=2),
            gxe.ExpectColumnValuesToBeBetween(column=name, min_value=-3, max_value=3),
            gxe.ExpectColumnValuesToBeBetween(column=name, min_value=-3, strict_min=True, mostly=MOSTLY),
            gxe.ExpectColumnValuesToBeUnique(column=name),
            gxe.ExpectColumnMeanToBeBetween(column=name, min_value=0),
        )
    ]
    every = [
        expectation
        for name in ("t", "n", "f")
        for expectation in (
            gxe.ExpectColumnValuesToNotBeNull(column=name),
            gxe.ExpectColumnValuesToBeNull(column=name, mostly=MOSTLY),
            gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(column=name, min_value=0.5),
        )
    ]
    table = [gxe.ExpectTableRowCountToBeBetween(min_value=1, max_value=5)]
    return gx.ExpectationSuite(name="lookups", expectations=[*texts, *numbers, *every, *table])


SUITE = suite()


def results(asset: Any, data: Any) -> list[Any]:
    batch = asset.get_batch(batch_parameters={"dataframe": data})
    found = batch.validate(SUITE, result_format="COMPLETE").results
    return sorted(
        (r.expectation_config.type, repr(sorted(r.expectation_config.kwargs.items())), str(r.result)) for r in found
    )


@settings(
    max_examples=30,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(TEXTS, NUMBERS, FLOATS), max_size=8))
def test_a_profile_answers_as_the_rows_would(asset: Any, rows: list[tuple[Any, Any, Any]]) -> None:
    """Success, counts, values and row numbers are the same, whether the profile was at hand or not."""
    schema = {"t": pl.String, "n": pl.Int64, "f": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    profile = profile_of(frame)
    assert results(asset, Profiled(frame, profile)) == results(asset, frame)


def profile_of(frame: pl.DataFrame) -> Any:
    """The profile of a frame, by the product's own way."""
    return profile(sample_of("frame", frame), Source("frame", "memory:"), {}, 0)


def test_the_profile_is_used(asset: Any) -> None:
    """Metrics of a column whose values the profile holds are answered without a query on the rows."""
    frame = pl.DataFrame({"t": ["a", "b", "a"] * 50, "n": range(150), "f": [0.5] * 150})
    batch = asset.get_batch(batch_parameters={"dataframe": Profiled(frame, profile_of(frame))})
    engine = batch.data.execution_engine
    before = engine.looked_up, engine.queries
    result = batch.validate(gxe.ExpectColumnValuesToBeInSet(column="t", value_set=["a", "b"]))
    assert result.success
    assert (engine.looked_up - before[0], engine.queries - before[1]) == (3, 0)


def test_a_row_condition_is_not_looked_up(asset: Any) -> None:
    """The profile is of all rows: under a condition, the rows are asked."""
    frame = pl.DataFrame({"t": ["a", "b", None], "n": [1, 2, 3], "f": [1.0, 2.0, 3.0]})
    batch = asset.get_batch(batch_parameters={"dataframe": Profiled(frame, profile_of(frame))})
    under = gxe.ExpectColumnValuesToNotBeNull(column="t", row_condition=Column("n") < 3)
    assert batch.validate(under).success
    assert not batch.validate(gxe.ExpectColumnValuesToNotBeNull(column="t")).success
