"""One validation of rows by Great Expectations, from expectations and a frame to results without values. Importing this
imports GX.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

import polars as pl
import pyarrow as pa
from great_expectations.compatibility import pydantic
from great_expectations.core import ExpectationSuite, ExpectationValidationResult
from great_expectations.exceptions import ExpectationNotFoundError, GreatExpectationsError
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.registry import (
    get_expectation_impl,
    list_registered_expectation_implementations,
)

import walkaround.gx.rows  # noqa: F401 - registers the engine and `add_polars`
from walkaround.errors import InternalError
from walkaround.gx.asking import kept_for
from walkaround.gx.context import in_memory
from walkaround.gx.rows.spool import Spool
from walkaround.gx.user_suite import nearest
from walkaround.model.core_expectations import about
from walkaround.model.row_suite import RowExpectation, RowResult
from walkaround.model.sample import HIDDEN, Sample

PLACE: Final = "walkaround_place"
"""Results of expectations that raised come first in GX: each carries its place along."""
COUNTING: Final = "expect_column_values_to_not_be_null"
"""Asked beside every aggregate of a column, as an aggregate says nothing of how many values it saw."""
COUNTING_ROWS: Final = "expect_table_row_count_to_be_between"
"""Asked beside what is about whole rows: that none of no rows is unexpected says nothing."""
NO_VALUES: Final = {
    "result_format": "BASIC", "exclude_unexpected_values": True, "return_unexpected_index_query": False,
    "include_unexpected_rows": False, "partial_unexpected_count": 0,
}  # fmt: skip
COUNTS: Final = frozenset(
    {
        "expect_column_proportion_of_non_null_values_to_be_between",
        "expect_column_proportion_of_unique_values_to_be_between",
        "expect_column_unique_value_count_to_be_between",
        "expect_table_column_count_to_be_between",
        "expect_table_column_count_to_equal",
        "expect_table_row_count_to_be_between",
        "expect_table_row_count_to_equal",
        "unexpected_rows_expectation",
    }
)
"""Expectations whose observed value is a count or a rate. All others observe values, which stay here (law 4)."""
_RAISED: Final = re.compile(r"^(?:\w+\.)*(\w+)(?::|$)", re.MULTILINE)


def refusal(expectation: RowExpectation) -> tuple[str, str]:
    """Why Great Expectations does not take an expectation, and what to do; two empty texts where it does."""
    try:
        _configured(expectation, {}).to_domain_obj()
    except ExpectationNotFoundError:
        registered = list_registered_expectation_implementations()
        return "Great Expectations has no such type", nearest(expectation.type, registered)
    except pydantic.ValidationError as error:
        wrong = error.errors()[0]
        at = ".".join(str(part) for part in wrong["loc"] if part != "__root__")
        return f"kwargs{'.' if at else ''}{at}: {wrong['msg']}", "See Great Expectations' gallery for its arguments."
    except (GreatExpectationsError, TypeError, ValueError) as error:
        return str(error).partition("\n")[0], "See Great Expectations' gallery for its arguments."
    return "", ""


def spooled(sample: Sample, expectations: Sequence[RowExpectation]) -> tuple[pl.LazyFrame, Spool]:
    """The rows of a sample, as far as the expectations look at them, to be read as often as needed, and the private
    file they are in while that lives.

    Raises:
        SourceError: the sample could not be read.
    """
    batches = iter(sample.batches())
    first = next(batches, None)
    schema = first.schema if first is not None else pa.schema([(c.name, pa.string()) for c in sample.facts.columns])
    names = kept_for(expectations, [name for name in schema.names if name not in HIDDEN])
    rows = (batch.select(names) for batch in ([] if first is None else chain([first], batches)))
    spool = Spool(pa.RecordBatchReader.from_batches(pa.schema([schema.field(name) for name in names]), rows))
    return spool.scan(), spool


def validate(groups: Sequence[tuple[pl.LazyFrame, Mapping[int, RowExpectation]]]) -> dict[int, RowResult]:
    """What Great Expectations says of each expectation, by its number; a group is held against its own frame.

    Raises:
        InternalError: GX dropped an expectation, or gave another number of results.
    """
    answers: dict[int, RowResult] = {}
    with in_memory() as context:
        source = context.data_sources.add_polars("rows", nan_as_null=True, pandas_fallback=False)
        for number, (frame, expectations) in enumerate(groups):
            # an asset for each: what a batch is called does not say which rows are in it
            asset = source.add_dataframe_asset(f"rows {number}")
            batch = asset.add_batch_definition_whole_dataframe("rows").get_batch(batch_parameters={"dataframe": frame})
            asked = [_configured(each, {PLACE: f"{n}"}) for n, each in expectations.items()]
            asked += [beside for n, each in expectations.items() if (beside := _companion(each, n)) is not None]
            suite = ExpectationSuite(name="rows", expectations=[each.to_domain_obj() for each in asked])
            if len(suite.expectations) != len(asked):
                raise InternalError(f"Great Expectations loaded {len(suite.expectations)} of {len(asked)} expectations")
            result = batch.validate(suite, result_format=NO_VALUES)
            told = {each.expectation_config.meta[PLACE]: each for each in result.results}
            if len(told) != len(asked):
                raise InternalError(f"Great Expectations answered {len(told)} of {len(asked)} expectations")
            answers |= {n: _answer(each, told[f"{n}"], told.get(f"{n} count")) for n, each in expectations.items()}
    return answers


def _configured(expectation: RowExpectation, meta: dict[str, str]) -> ExpectationConfiguration:
    return ExpectationConfiguration(type=expectation.type, kwargs=dict(expectation.kwargs), meta=meta)


def _companion(expectation: RowExpectation, number: int) -> ExpectationConfiguration | None:
    """How many values its column has, or how many rows there are, on the same rows; None where it counts them itself
    (as do those that take `mostly`, but for types), or is about the columns or the number of rows.
    """
    known, kwargs = about(expectation.type), expectation.kwargs
    if known.asks != "type" and "mostly" in get_expectation_impl(expectation.type).__fields__:
        return None
    same = {name: kwargs[name] for name in ("row_condition", "condition_parser") if name in kwargs}
    if "column" in kwargs and expectation.type != "expect_column_to_exist":
        counting = replace(expectation, type=COUNTING, kwargs={"column": kwargs["column"], **same})
    elif known.told == "whole":
        counting = replace(expectation, type=COUNTING_ROWS, kwargs={"min_value": 0, **same})
    else:
        return None
    return _configured(counting, {PLACE: f"{number} count"})


def _answer(
    expectation: RowExpectation, result: ExpectationValidationResult, companion: ExpectationValidationResult | None
) -> RowResult:
    """One result of GX, read: counts are kept, and no value. An exception is no answer, whatever its `success` says."""
    for each in (result, companion):
        if each is not None and (raised := _raised(each.exception_info)):
            return RowResult(None, f"Great Expectations could not evaluate it ({raised})")
    held = result.result or {}
    observed = held.get("observed_value") if expectation.type in COUNTS else None
    number = float(observed) if isinstance(observed, int | float) else None
    if "element_count" in held:
        rows = held["element_count"] - (held.get("missing_count") or 0)
        return RowResult(bool(result.success), rows=rows, count=held.get("unexpected_count"))
    if companion is None:
        return RowResult(bool(result.success), observed=number)
    if companion.expectation_config.type == COUNTING_ROWS:
        return RowResult(bool(result.success), rows=companion.result["observed_value"], observed=number)
    every, nulls = companion.result["element_count"], companion.result["unexpected_count"]
    if about(expectation.type).asks == "presence":
        return RowResult(bool(result.success), rows=every, count=nulls, observed=number)
    return RowResult(bool(result.success), rows=every - nulls, observed=number)


def _raised(exception_info: Any) -> str:
    """The type of what was raised; empty where nothing was. Its message may quote a row, and stays here (law 4)."""
    if not exception_info or exception_info.get("raised_exception", True) is False:
        return ""
    several = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    known = _names(Exception)
    for each in several:
        text = str(each.get("exception_traceback") or each.get("exception_message") or "")
        for name in _RAISED.findall(text):
            if name in known:
                return str(name)
    return "for a reason of its own"


def _names(kind: type[BaseException]) -> set[str]:
    """The names of all exceptions that are loaded: no value of a row can pass for one unless it is one."""
    return {kind.__name__}.union(*(_names(each) for each in kind.__subclasses__()))
