"""Metrics that somebody wrote for pandas alone."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from side_by_side.running import gx  # imports GX without its warnings

# isort: split

from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics import ColumnMapMetricProvider, column_condition_partial


class ValuesAreEven(ColumnMapMetricProvider):
    """A metric as GX's page on custom expectations has it."""

    condition_metric_name = "column_values.even_on_pandas"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Any, **_: Any) -> Any:  # noqa: N805 - GX makes a class method of it
        return column % 2 == 0


class ExpectColumnValuesToBeEvenOnPandas(ColumnMapExpectation):
    """Each value is even."""

    map_metric = "column_values.even_on_pandas"
    success_keys = ("mostly",)


FRAME = pl.DataFrame({"a": [2, 3, None, 5], "id": ["p", "q", "r", "s"], "other": [1, 2, 3, 4]})
NAMED = {"result_format": "COMPLETE", "unexpected_index_column_names": ["id"]}


def engine_and_result(*, pandas_fallback: bool, column: str = "a") -> tuple[Any, Any]:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_polars("polars", pandas_fallback=pandas_fallback)
    whole = source.add_dataframe_asset("asset").add_batch_definition_whole_dataframe("whole")
    batch = whole.get_batch(batch_parameters={"dataframe": FRAME})
    told = batch.validate(ExpectColumnValuesToBeEvenOnPandas(column=column), result_format=NAMED)
    return source.get_execution_engine(), told


def test_a_metric_for_pandas_runs_where_it_is_allowed() -> None:
    """Rows are named by columns that it is not about, and what was converted is told."""
    engine, told = engine_and_result(pandas_fallback=True)
    assert told.result["unexpected_list"] == [3, 5]
    assert told.result["unexpected_index_list"] == [{"a": 3, "id": "q"}, {"a": 5, "id": "s"}]
    assert "a, id" in engine.fallbacks


def test_a_metric_for_pandas_raises_where_it_is_not_allowed() -> None:
    """With what to do, and nothing is converted."""
    engine, told = engine_and_result(pandas_fallback=False)
    assert not told.success
    assert "pandas_fallback=True" in str(told.exception_info)
    assert engine.fallbacks == []


@pytest.mark.parametrize("name", ["A", "a"])
def test_a_column_that_also_names_rows(name: str) -> None:
    """A name in another letter case is found as well."""
    _, told = engine_and_result(pandas_fallback=True, column=name)
    assert told.result["unexpected_count"] == 2
