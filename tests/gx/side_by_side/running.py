"""Running an expectation on both engines, and what is the same in two results."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, singledispatch
from typing import Any

import numpy as np
import pandas as pd

from side_by_side.cases import Case

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Great Expectations imports modules that Python deprecates
    import great_expectations as gx
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    import walkaround.gx.rows  # noqa: F401 - registers the data source

CLOSE = 1e-9
"""Relative: sums of floats depend on the order of adding."""
CLOSE_SINGLE = 1e-6
"""Of single floats, which pandas adds in single precision."""


@dataclass(frozen=True)
class Came:
    """What an expectation came to: `result` with nulls as None, times as instants, numbers as Python's."""

    raised: bool
    success: bool
    result: Mapping[str, Any]
    message: str = ""


@cache
def batches() -> tuple[Any, Any]:
    """Batch definitions of both engines, made once."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    sources = context.data_sources.add_pandas("pandas"), context.data_sources.add_polars("polars")
    theirs, ours = (source.add_dataframe_asset("t").add_batch_definition_whole_dataframe("t") for source in sources)
    return theirs, ours


def on_pandas(case: Case) -> Came:
    """Stock Great Expectations, on the frame that Arrow makes for pandas."""
    return _validated(batches()[0], case.table.arrow.to_pandas(), case)


def on_polars(case: Case) -> Came:
    """The engine of walkaround."""
    return _validated(batches()[1], case.table.ours, case)


def _validated(definition: Any, frame: Any, case: Case) -> Came:
    batch = definition.get_batch(batch_parameters={"dataframe": frame})
    expectation = ExpectationConfiguration(type=case.type, kwargs=case.kwargs).to_domain_obj()
    told = batch.validate(expectation, result_format=case.result_format)
    info = told.exception_info or {}
    raisings = [one for one in info.values() if isinstance(one, Mapping)] or [info]
    raised = [str(one.get("exception_message")) for one in raisings if one.get("raised_exception")]
    return Came(bool(raised), bool(told.success), _results(told.result), "; ".join(raised))


NOT_COMPARED = {"unexpected_index_query", "partial_unexpected_counts"}
"""The one is code for pandas, and ours is as long as the result format asks for; the other Great Expectations counts
itself in the list of unexpected values, where no NaN equals another."""

UNORDERED = {"partial_missing_list"}
"""On pandas in the order of a set's members."""


def _results(told: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: plain(value) for name, value in told.items() if name not in NOT_COMPARED}
    return {name: sorted(value, key=repr) if name in UNORDERED else value for name, value in found.items()}


@singledispatch
def plain(value: Any) -> Any:
    """A value in one form, whoever made it: nulls as None, times as nanoseconds, rows as dictionaries."""
    return value


@plain.register
def _(value: Mapping) -> Any:  # type: ignore[type-arg]
    return {key: plain(one) for key, one in value.items()}


@plain.register(list)
@plain.register(tuple)
def _(value: Any) -> Any:
    return [plain(one) for one in value]


@plain.register
def _(value: pd.DataFrame) -> Any:
    return [plain(row) for row in value.astype(object).to_dict("records")]


@plain.register(np.ndarray)
@plain.register(pd.Series)
def _(value: Any) -> Any:
    return plain(value.tolist())


@plain.register(set)
def _(value: Any) -> Any:
    return Counter(repr(plain(one)) for one in value)


@plain.register(type(pd.NaT))
@plain.register(type(pd.NA))
def _(value: Any) -> None:
    del value


@plain.register
def _(value: pd.Timestamp) -> Any:
    return "at", value.value


@plain.register
def _(value: datetime) -> Any:
    return "at", round(((value if value.tzinfo else value.replace(tzinfo=UTC)) - EPOCH) / MICROSECOND) * 1000


@plain.register
def _(value: date) -> Any:
    return "on", value.toordinal()


@plain.register
def _(value: timedelta) -> Any:
    return "for", round(value / MICROSECOND)


@plain.register
def _(value: np.generic) -> Any:
    return plain(value.item())


@plain.register
def _(value: Decimal) -> Any:
    return float(value)


@plain.register
def _(value: float) -> Any:
    return None if math.isnan(value) else value


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def differences(ours: Came, theirs: Came, close: float = CLOSE) -> list[str]:
    """Where two outcomes differ: "raised", "success", or a key of the result."""
    if ours.raised or theirs.raised:
        return [] if ours.raised == theirs.raised else ["raised"]
    found = [] if ours.success == theirs.success else ["success"]
    keys = ours.result.keys() | theirs.result.keys()
    return found + sorted(key for key in keys if not same(ours.result.get(key), theirs.result.get(key), close))


def same(one: Any, other: Any, close: float) -> bool:
    """Whether two plain values are the same, numbers nearly."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key], close) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same(*pair, close) for pair in zip(one, other, strict=True))
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return numbers and (one == other or math.isclose(one, other, rel_tol=close, abs_tol=close / 1000))
    return bool(one == other)


def shown(came: Came) -> Iterator[str]:
    """For messages of a failing test."""
    yield f"raised {came.message[:200]}" if came.raised else f"success={came.success} {dict(came.result)}"
