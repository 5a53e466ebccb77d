"""The installed Great Expectations: every core expectation on Polars beside pandas, checkpoints, quantiles, readers.

Run by `versions.py` in an environment of each version that is supported.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import great_expectations as gx
import pyarrow as pa
import pytest
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.registry import list_registered_expectation_implementations

import walkaround.gx.rows  # noqa: F401 - registers the data source

TABLE = pa.table(
    {
        "count": [1, 2, 3, 4, 5, 6],
        "same": [1, 2, 3, 4, 5, 6],
        "more": [2, 3, 4, 5, 6, 7],
        "down": [6, 5, 4, 3, 2, 1],
        "share": [0.0, 0.0, 0.25, 0.5, 0.75, 1.0],
        "word": ["ab", "ab", "cd", "ab", None, "ef"],
        "day": ["2024-01-01", "2024-01-02", "2024-02-29", "2024-03-31", "2024-12-31", "2025-01-01"],
        "json": ['{"a": 1}', "{}", "{}", "{}", "{}", "{}"],
    }
)
CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("core_cases.toml").read_text(encoding="utf-8")
)
OF_TWO_TABLES = {"expect_query_results_to_match_comparison", "expect_table_row_count_to_equal_other_table"}
NOT_ON_PANDAS = {"unexpected_rows_expectation", *(name for name in CASES if "like_pattern" in name)}
"""Stock Great Expectations has no provider of their metrics for pandas."""
IN_WORDS_OF_PANDAS = {"unexpected_index_query", "partial_unexpected_counts"}
"""The one is code for pandas; the other is in no order where two values are as many."""

REGISTERED = sorted(
    name for name in list_registered_expectation_implementations() if name != "expect_profile_fact_to_be_between"
)
JUDGED = [(name, holds) for name in REGISTERED if name in CASES for holds in (True, False)]


@pytest.fixture(scope="module")
def context() -> Any:
    """An ephemeral context without progress bars."""
    made = gx.get_context(mode="ephemeral")
    made.variables.progress_bars = {"globally": False}
    return made


@pytest.fixture(scope="module")
def polars(context: Any) -> Any:
    """The batch definition of Polars."""
    return context.data_sources.add_polars("polars").add_dataframe_asset("t").add_batch_definition_whole_dataframe("t")


@pytest.fixture(scope="module")
def pandas(context: Any) -> Any:
    """The batch definition of pandas."""
    return context.data_sources.add_pandas("pandas").add_dataframe_asset("t").add_batch_definition_whole_dataframe("t")


def expectation(name: str, kwargs: dict[str, Any]) -> Any:
    """An expectation by its registered name."""
    return ExpectationConfiguration(type=name, kwargs=kwargs).to_domain_obj()


def came_to(definition: Any, frame: Any, name: str, kwargs: dict[str, Any], form: str) -> dict[str, Any]:
    """The result as JSON, with its numbers to nine digits: sums of floats depend on the order of adding."""
    told = definition.get_batch({"dataframe": frame}).validate(expectation(name, kwargs), result_format=form)
    plain: dict[str, Any] = json.loads(json.dumps(told.to_json_dict()), parse_float=lambda text: round(float(text), 9))
    return plain


def test_no_core_expectation_is_left_out() -> None:
    """Each that this version registers has its two cases, or is of two tables."""
    assert [name for name in REGISTERED if name not in CASES and name not in OF_TWO_TABLES] == []


@pytest.mark.parametrize("form", ["BOOLEAN_ONLY", "BASIC", "SUMMARY", "COMPLETE"])
@pytest.mark.parametrize(("name", "holds"), JUDGED)
def test_holds_or_not_as_on_pandas(polars: Any, pandas: Any, name: str, holds: bool, form: str) -> None:  # noqa: FBT001
    """It holds where it must and fails where it must, without raising, and the result is the one of pandas."""
    kwargs = CASES[name][0 if holds else 1]
    ours = came_to(polars, TABLE, name, kwargs, form)
    assert ours["success"] is holds, ours
    if name not in NOT_ON_PANDAS:
        theirs = came_to(pandas, TABLE.to_pandas(), name, kwargs, form)
        assert theirs["success"] is holds
        for result in (ours["result"], theirs["result"]):
            for key in IN_WORDS_OF_PANDAS:
                result.pop(key, None)
        assert ours["result"] == theirs["result"]


def test_what_is_of_two_tables_raises(polars: Any) -> None:
    """A table is not compared with itself: that would pass."""
    other = expectation("expect_table_row_count_to_equal_other_table", {"other_table_name": "other"})
    told = polars.get_batch({"dataframe": TABLE}).validate(other)
    assert told.success is False
    assert told.exception_info


def test_a_checkpoint_runs_a_validation_definition(context: Any, polars: Any) -> None:
    """Row conditions and quantiles through a checkpoint: 5 of 6 words are there, none is missing of those above 5."""
    suite = gx.ExpectationSuite("words")
    suite.add_expectation(expectation("expect_column_values_to_not_be_null", {"column": "word"}))
    condition = {"row_condition": "count>5", "condition_parser": "pandas"}
    suite.add_expectation(expectation("expect_column_values_to_not_be_null", {"column": "word", **condition}))
    quantiles = "expect_column_quantile_values_to_be_between"
    suite.add_expectation(expectation(quantiles, CASES[quantiles][0]))
    definition = gx.ValidationDefinition(name="words", data=polars, suite=context.suites.add(suite))
    checkpoint = gx.Checkpoint(name="words", validation_definitions=[context.validation_definitions.add(definition)])
    told = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": TABLE})
    assert told.success is False
    [result] = told.run_results.values()
    assert [each.success for each in result.results] == [False, True, True]
    assert result.results[0].result["unexpected_count"] == 1
    json.dumps(told.describe_dict())


def test_quantiles_through_a_checkpoint_on_pandas(context: Any, pandas: Any) -> None:
    """Stock Great Expectations can serialise its own quantiles with the marshmallow that is installed; not with 4."""
    suite = gx.ExpectationSuite("quantiles")
    quantiles = "expect_column_quantile_values_to_be_between"
    suite.add_expectation(expectation(quantiles, CASES[quantiles][0]))
    definition = gx.ValidationDefinition(name="quantiles", data=pandas, suite=context.suites.add(suite))
    told = context.validation_definitions.add(definition).run(batch_parameters={"dataframe": TABLE.to_pandas()})
    assert told.success is True


def test_a_record_batch_reader_is_read_as_often_as_it_is_asked(polars: Any) -> None:
    """`validate` builds its batch again, and six rows are still six."""
    batch = polars.get_batch({"dataframe": TABLE.to_reader()})
    six = expectation("expect_table_row_count_to_equal", {"value": 6})
    assert [batch.validate(six).success for _ in range(2)] == [True, True]
