"""Ways in which a suite could pass, or fail, without having looked at the rows."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from side_by_side.running import gx

from walkaround.connectors import sample_of
from walkaround.gx.rows import Profiled
from walkaround.model.source import Source
from walkaround.profiling import profile

gxe = gx.expectations
Column = gx.expectations.row_conditions.Column
NAN = math.nan
Validate = Callable[..., Any]


@pytest.fixture
def source() -> Any:
    """A Polars source of a context of its own."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.add_polars("polars")


@pytest.fixture
def definition(source: Any) -> Any:
    return source.add_dataframe_asset("asset").add_batch_definition_whole_dataframe("whole")


def batch_of(definition: Any, frame: Any) -> Any:
    return definition.get_batch(batch_parameters={"dataframe": frame})


def observed(batch: Any, expectation: Any) -> Any:
    return batch.validate(expectation).result["observed_value"]


ROWS = gxe.ExpectTableRowCountToBeBetween(min_value=1)
"""Its observed value is the number of rows that were seen."""


def reader(values: list[int]) -> pa.RecordBatchReader:
    return pa.table({"a": values}).to_reader(max_chunksize=2)


def test_a_reader_is_read_as_often_as_it_is_asked_for(definition: Any) -> None:
    """GX builds a batch anew for each validation: the rows of a reader are there each time."""
    batch = batch_of(definition, reader([1, 2, 3]))
    positive = gxe.ExpectColumnValuesToBeBetween(column="a", max_value=2)
    for _ in range(3):
        assert observed(batch, ROWS) == 3
        assert not batch.validate(positive).success
    assert batch_of(definition, reader([])).validate(ROWS).success is False


def test_a_reader_in_a_validation_definition_is_read_each_run() -> None:
    """The same parameters may be handed to two runs."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_polars("p").add_dataframe_asset("a")
    largest = gxe.ExpectColumnMaxToBeBetween(column="a", max_value=2)
    suite = context.suites.add(gx.ExpectationSuite(name="suite", expectations=[ROWS, largest]))
    data = asset.add_batch_definition_whole_dataframe("w")
    definition = context.validation_definitions.add(gx.ValidationDefinition(name="run", data=data, suite=suite))
    parameters = {"dataframe": reader([1, 2, 3])}
    for _ in range(2):
        results = definition.run(batch_parameters=parameters).results
        assert [one.result["observed_value"] for one in results] == [3, 3]


def test_readers_that_come_after_one_another_do_not_answer_for_each_other(definition: Any) -> None:
    """A reader that is gone leaves nothing to one that Python puts in its place."""
    for count in range(1, 6):
        assert observed(batch_of(definition, reader([7] * count)), ROWS) == count
        gc.collect()


def test_batches_of_one_asset_share_nothing(definition: Any) -> None:
    """Batch ids of frames do not tell frames apart: metrics of one batch are not those of another, even by turns."""
    one, other = batch_of(definition, pl.DataFrame({"a": [1]})), batch_of(definition, pl.DataFrame({"a": [5, 6]}))
    largest = gxe.ExpectColumnMaxToBeBetween(column="a", max_value=9)
    assert [observed(batch, largest) for batch in (one, other, one, other)] == [1, 6, 1, 6]
    assert [observed(batch, ROWS) for batch in (other, one)] == [2, 1]


def test_batches_of_two_assets_of_a_source_share_nothing(source: Any) -> None:
    """The engine belongs to the source; its assets take turns."""
    batches = [
        batch_of(source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("w"), pl.DataFrame({"a": [top]}))
        for name, top in (("x", 1), ("y", 2))
    ]
    largest = gxe.ExpectColumnMaxToBeBetween(column="a")
    assert [observed(batch, largest) for batch in (*batches, *batches)] == [1, 2, 1, 2]


def test_a_frame_that_was_changed_is_read_anew(definition: Any) -> None:
    """A batch of a frame that grew in place has the rows that it has now."""
    frame = pl.DataFrame({"a": [1]})
    batch = batch_of(definition, frame)
    assert observed(batch, ROWS) == 1
    frame.extend(pl.DataFrame({"a": [2]}))
    assert observed(batch, ROWS) == 2


FAILING = [
    gxe.ExpectColumnMaxToBeBetween(column="gone", max_value=1),
    gxe.ExpectColumnMinToBeBetween(column="lost", max_value=1),
    gxe.ExpectColumnValuesToMatchRegex(column="a", regex="("),
    gxe.ExpectColumnValuesToBeBetween(column="missing", max_value=1),
    gxe.ExpectColumnMeanToBeBetween(column="t", max_value=1),
]
"""More failures than GX repeats a wave for."""
SOUND = [
    gxe.ExpectColumnMaxToBeBetween(column="a", max_value=3),
    gxe.ExpectColumnValuesToBeInSet(column="t", value_set=["x"], mostly=0.5),
    gxe.ExpectColumnValuesToBeUnique(column="a"),
    gxe.ExpectColumnStdevToBeBetween(column="a", max_value=3),
]


def test_failing_expectations_neither_lose_nor_repeat_the_others(source: Any, definition: Any) -> None:
    """GX asks for a whole wave again where one metric fails; the others are the same, and no query runs twice."""
    engine = source.get_execution_engine()
    frame = pl.DataFrame({"a": [1, 2, 3], "t": ["x", "x", None]})
    queries = []
    for expectations in (SOUND, [*FAILING, *SOUND]):
        before = engine.queries
        told = batch_of(definition, frame).validate(gx.ExpectationSuite(name="s", expectations=expectations))
        queries.append(engine.queries - before)
        assert [one.success for one in told.results[-len(SOUND) :]] == [True] * len(SOUND)
        assert [one.success for one in told.results[: -len(SOUND)]] == [False] * (len(expectations) - len(SOUND))
        assert all(one.exception_info for one in told.results[: -len(SOUND)])
    assert queries[1] <= queries[0]


def test_a_failing_query_loses_no_other(definition: Any) -> None:
    """A query that fails only as it runs takes none along that was to run with it."""
    bad = pl.Series("bad", ["1", "x"])
    lazy = pl.LazyFrame([bad, pl.Series("a", [1, 2])]).with_columns(pl.col("bad").cast(pl.Int64))
    told = batch_of(definition, lazy).validate(
        gx.ExpectationSuite(
            name="s",
            expectations=[
                gxe.ExpectColumnMaxToBeBetween(column="bad", max_value=2),
                gxe.ExpectColumnMaxToBeBetween(column="a", max_value=2),
            ],
        )
    )
    assert [one.success for one in told.results] == [False, True]
    assert told.results[1].result["observed_value"] == 2


@pytest.mark.parametrize(("nan_as_null", "missing"), [(True, 2), (False, 1)])
def test_nan_is_null_unless_the_source_says_otherwise(nan_as_null: bool, missing: int) -> None:  # noqa: FBT001
    """As pandas has it, NaN is missing; with `nan_as_null=False` it is a value, and spoils what it is added to."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_polars("polars", nan_as_null=nan_as_null)
    definition = source.add_dataframe_asset("a").add_batch_definition_whole_dataframe("w")
    batch = batch_of(definition, pl.DataFrame({"a": [1.0, 3.0, math.nan, None]}))
    assert batch.validate(gxe.ExpectColumnValuesToNotBeNull(column="a")).result["unexpected_count"] == missing
    assert batch.validate(gxe.ExpectColumnMeanToBeBetween(column="a", max_value=2)).success is nan_as_null


def test_no_look_up_under_a_row_condition(source: Any, definition: Any) -> None:
    """A profile is of all rows: where a condition leaves some of them, they are counted."""
    table = pa.table({"a": [1, 5, 9, None], "t": ["x", "y", "x", "x"]})
    held = Profiled(table, profile(sample_of("s", table), Source("s", "s")))
    only = gx.expectations.row_conditions.Column("t") == "y"
    asked = [
        (gxe.ExpectColumnMaxToBeBetween, {"column": "a"}, 5, 9),
        (gxe.ExpectColumnMinToBeBetween, {"column": "a"}, 5, 1),
        (gxe.ExpectColumnUniqueValueCountToBeBetween, {"column": "t"}, 1, 2),
        (gxe.ExpectColumnMostCommonValueToBeInSet, {"column": "t", "value_set": ["y"]}, ["y"], ["x"]),
    ]
    for expectation, kwargs, of_some, of_all in asked:
        assert observed(batch_of(definition, held), expectation(**kwargs, row_condition=only)) == of_some
        assert observed(batch_of(definition, held), expectation(**kwargs)) == of_all
    null = gxe.ExpectColumnValuesToNotBeNull
    assert batch_of(definition, held).validate(null(column="a", row_condition=only)).result["unexpected_count"] == 0
    assert batch_of(definition, held).validate(null(column="a")).result["unexpected_count"] == 1
    del source


def test_a_profile_of_other_rows_is_refused(definition: Any) -> None:
    """A profile that cannot be of the frame does not answer for it."""
    table = pa.table({"a": [1, 5, 9]})
    held = profile(sample_of("s", table), Source("s", "s"))
    with pytest.raises(Exception, match="3 rows, and the frame has 2"):
        batch_of(definition, Profiled(table.slice(0, 2), held))
    with pytest.raises(Exception, match="other columns"):
        batch_of(definition, Profiled(pa.table({"b": [1, 5, 9]}), held))


@pytest.mark.filterwarnings("ignore:.*deprecated as of GX Core 1.9:DeprecationWarning")
@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("a == [1, 3]", 2),
        ("a != [1, 3]", 2),
        ("a in [1, 3] and t == 'x'", 1),
        ("`odd name` > 1 or a == 1", 3),
        ("t in 'y'", 1),
    ],
)
def test_conditions_of_pandas_mean_what_they_mean_to_pandas(definition: Any, condition: str, rows: int) -> None:
    """A column that equals a list is in it; a null is in none, and unlike all."""
    frame = pl.DataFrame({"a": [1, 3, 5, None], "t": ["x", "y", "x", "x"], "odd name": [0, 2, 2, 1]})
    assert frame.to_pandas().query(condition).shape[0] == rows
    under = gxe.ExpectTableRowCountToBeBetween(row_condition=condition, condition_parser="pandas", min_value=0)
    assert observed(batch_of(definition, frame), under) == rows


@pytest.mark.parametrize("condition", [Column("a") == NAN, Column("a").is_not_in([1.0, NAN])])
def test_a_condition_that_compares_with_nan_raises(definition: Any, condition: Any) -> None:
    """NaN equals nothing: of the rows that it would select, none, everything holds."""
    never = gxe.ExpectColumnValuesToBeInSet(column="a", value_set=[], row_condition=condition)
    told = batch_of(definition, pl.DataFrame({"a": [1.0, math.nan]})).validate(never)
    assert not told.success
    assert "use is_null()" in str(told.exception_info)


def test_pairs_with_a_null_are_counted(definition: Any) -> None:
    """GX sorts the pairs that it counts: a null comes last, and is no reason to count none."""
    frame = pl.DataFrame({"a": [None, 2, 2, 1], "b": ["x", None, "y", "x"]})
    pairs = gxe.ExpectColumnPairValuesToBeInSet(column_A="a", column_B="b", value_pairs_set=[(7, "z")])
    told = batch_of(definition, frame).validate(pairs, result_format="COMPLETE").result
    assert told["partial_unexpected_counts"] == [
        {"value": pair, "count": 1} for pair in [(1, "x"), (2, "y"), (2, None), (None, "x")]
    ]
    assert told["unexpected_list"] == [(None, "x"), (2, None), (2, "y"), (1, "x")]


def test_a_comparison_with_another_table_raises(definition: Any) -> None:
    """There is but one table: comparing it with itself would always pass."""
    told = batch_of(definition, pl.DataFrame({"a": [1]})).validate(
        gxe.ExpectTableRowCountToEqualOtherTable(other_table_name="other")
    )
    assert not told.success
    assert told.exception_info


def test_what_is_no_frame_is_refused(definition: Any) -> None:
    """Nothing that cannot be read again, or at all, becomes a batch."""
    for data in (None, [1, 2], {"a": [1]}, iter([pl.DataFrame({"a": [1]})])):
        with pytest.raises(Exception, match="dataframe"):
            batch_of(definition, data)


def test_great_expectations_drops_what_it_does_not_know() -> None:
    """A suite with a misspelt type loads without it: whoever loads one counts what came of it."""
    written = [{"type": "expect_column_to_be_fine", "kwargs": {"column": "a"}}]
    assert gx.ExpectationSuite(name="s", expectations=written).expectations == []


STRANGE = {"^k__$": [1, 2, 2, None], "k__": [1, 2, 3, 4], "*": [9, 9, 9, 9], "__gx_row__": [1, 1, 1, 1]}
"""Names that Polars takes for patterns, one that they would match, and one that the engine might have used."""


@pytest.mark.parametrize("name", STRANGE)
def test_a_column_is_found_whatever_its_name_looks_like(definition: Any, name: str) -> None:
    """Names that look like patterns are names: no other column is looked at."""
    values = [value for value in STRANGE[name] if value is not None]
    batch = batch_of(definition, pl.DataFrame(STRANGE))
    assert batch.validate(gxe.ExpectColumnValuesToBeUnique(column=name)).success is (len(set(values)) == len(values))
    assert batch.validate(gxe.ExpectColumnValuesToNotBeNull(column=name)).success is (len(values) == len(STRANGE[name]))
    assert observed(batch, gxe.ExpectColumnSumToBeBetween(column=name, min_value=0)) == sum(values)
    assert set(observed(batch, gxe.ExpectColumnMostCommonValueToBeInSet(column=name, value_set=[2]))) <= set(values)
    other = gxe.ExpectCompoundColumnsToBeUnique(column_list=[name, "k__"])
    assert batch.validate(other, result_format="COMPLETE").success
    under = gxe.ExpectTableRowCountToBeBetween(
        row_condition=gx.expectations.row_conditions.Column(name) > 1, min_value=0
    )
    assert observed(batch, under) == sum(value > 1 for value in values)


def test_no_set_holds_nested_values(definition: Any) -> None:
    """What cannot be looked up raises: a forbidden value would pass otherwise."""
    batch = batch_of(definition, pl.DataFrame({"l": [[1, 2], [3]]}))
    for expectation in (gxe.ExpectColumnValuesToNotBeInSet, gxe.ExpectColumnValuesToBeInSet):
        told = batch.validate(expectation(column="l", value_set=[[1, 2], [3]]))
        assert not told.success
        assert "cannot be looked up" in str(told.exception_info)


@pytest.mark.parametrize("query", ["DROP TABLE {batch}", "SELECT * FROM read_csv('/etc/passwd')", "TRUNCATE {batch}"])
def test_a_query_asks_the_batch_and_nothing_else(definition: Any, query: str) -> None:
    """A statement that is no query cannot pass, and none reads files."""
    told = batch_of(definition, pl.DataFrame({"a": [1]})).validate(
        gxe.UnexpectedRowsExpectation(unexpected_rows_query=query)
    )
    assert not told.success
    assert told.exception_info


def test_a_time_with_a_zone_is_parsed(definition: Any) -> None:
    """Formats that ask for a zone are formats."""
    batch = batch_of(definition, pl.DataFrame({"a": ["2020-01-01T00:00:00+0100", "2020-01-01T00:00:00"]}))
    zoned = gxe.ExpectColumnValuesToMatchStrftimeFormat(column="a", strftime_format="%Y-%m-%dT%H:%M:%S%z")
    assert batch.validate(zoned).result["unexpected_count"] == 1


def test_a_reader_with_two_columns_of_one_name_is_refused(definition: Any) -> None:
    """As a table of that kind is: one of the two would be lost."""
    table = pa.table([[1, 1], ["x", "y"]], names=["a", "a"])
    for data in (table, table.to_reader()):
        with pytest.raises(Exception, match="must be unique"):
            batch_of(definition, data)
