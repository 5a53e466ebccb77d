"""What an expectation comes to by its documentation, worked out in plain Python: for cases where pandas cannot tell."""

from __future__ import annotations

import json
import math
import operator
import re
import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import jsonschema
from dateutil.parser import parse

from side_by_side.cases import Case

Row = Mapping[str, Any]
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "IN": lambda value, among: value in among,
}  # fmt: skip


def rows_of(case: Case) -> list[Row]:
    """The rows of the case's domain, NaN as None."""
    table = case.table.arrow
    names = table.column_names
    listed = [
        dict(zip(names, map(_known, values), strict=True))
        for values in zip(*map(table.__getitem__, names), strict=True)
    ]
    return [row for row in listed if _meets(row, case.kwargs.get("row_condition"))]


def _known(scalar: Any) -> Any:
    value = scalar.as_py()
    return None if isinstance(value, float) and math.isnan(value) else value


def _meets(row: Row, condition: Mapping[str, Any] | None) -> bool:
    """Whether a row meets a condition; a null is neither above nor below, and other than every value."""
    if condition is None:
        return True
    if condition["type"] in {"and", "or"}:
        met = (_meets(row, one) for one in condition["conditions"])
        return all(met) if condition["type"] == "and" else any(met)
    value = row[condition["column"]["name"]]
    if condition["type"] == "nullity":
        return (value is None) == condition["is_null"]
    wanted = condition["parameter"]
    if condition["operator"] in {"!=", "NOT_IN"}:
        return value != wanted if condition["operator"] == "!=" else value not in wanted
    return value is not None and OPERATORS[condition["operator"]](value, wanted)


def success(case: Case) -> bool | None:
    """Whether the expectation is met; None where this page has no opinion."""
    rows = rows_of(case)
    if case.type in AGGREGATES:
        values = [row["v"] for row in rows if row["v"] is not None]
        return _between(AGGREGATES[case.type](values), case.kwargs) if values else False
    if case.type == "expect_column_most_common_value_to_be_in_set":
        return _most_common(rows, case.kwargs)
    if case.type in SPREAD:
        return True if len({row["v"] for row in rows} - {None}) == 1 else None  # equal values have no outlier
    unexpected, of = unexpected_rows(case, rows)
    if unexpected is None:
        return None
    return not of or (of - len(unexpected)) / of >= case.kwargs.get("mostly", 1.0)


def unexpected_rows(case: Case, rows: list[Row]) -> tuple[list[int] | None, int]:
    """The numbers (`k`) of the unexpected rows, and how many rows take part."""
    if case.type in ORDERED:
        taking = [row for row in rows if row["v"] is not None]
        compare = ORDERED[case.type]
        strictly = case.kwargs["strictly"]
        pairs = pairwise(taking)
        return [
            row["k"]
            for before, row in pairs
            if not compare(row["v"], before["v"]) and (strictly or row["v"] != before["v"])
        ], len(taking)
    if case.type in VALUES:
        taking = [row for row in rows if row["v"] is not None]
        return [row["k"] for row in taking if not VALUES[case.type](row["v"], case.kwargs)], len(taking)
    if case.type in RECORDS:
        taking = [row for row in rows if _takes_part(row, case.kwargs["ignore_row_if"])]
        return [row["k"] for row in taking if not RECORDS[case.type](row["v"], row["w"], case.kwargs)], len(taking)
    return None, 0


def _takes_part(row: Row, ignored: str) -> bool:
    missing = [row["v"] is None, row["w"] is None]
    if ignored in {"both_values_are_missing", "all_values_are_missing"}:
        return not all(missing)
    return not any(missing) if ignored in {"either_value_is_missing", "any_value_is_missing"} else True


def _between(value: Any, kwargs: Mapping[str, Any]) -> bool:
    value = float(value) if isinstance(value, Decimal) else value
    low, high = kwargs["min_value"], kwargs["max_value"]
    if low is not None and (value < low or (kwargs["strict_min"] and value == low)):
        return False
    return not (high is not None and (value > high or (kwargs["strict_max"] and value == high)))


def _most_common(rows: list[Row], kwargs: Mapping[str, Any]) -> bool:
    counts = Counter(row["v"] for row in rows if row["v"] is not None)
    most = [value for value, count in counts.items() if count == max(counts.values())]
    within = [value in kwargs["value_set"] for value in most]
    return any(within) if kwargs.get("ties_okay") else within == [True]


def _parses(reading: Callable[[str], Any]) -> Callable[[Any, Mapping[str, Any]], bool]:
    def parses(value: Any, kwargs: Mapping[str, Any]) -> bool:
        del kwargs
        with suppress(ValueError, OverflowError):
            reading(value)
            return True
        return False

    return parses


def _as_time(value: Any, kwargs: Mapping[str, Any]) -> bool:
    with suppress(ValueError):
        datetime.strptime(value, kwargs["strftime_format"])  # noqa: DTZ007 - only whether it parses
        return True
    return False


def _as_json(value: Any, kwargs: Mapping[str, Any]) -> bool:
    with suppress(jsonschema.ValidationError):
        jsonschema.validate(json.loads(value), kwargs["json_schema"])
        return True
    return False


def _found(value: Any, patterns: list[str]) -> int:
    """How many of the patterns are found in a value."""
    return sum(re.search(pattern, str(value)) is not None for pattern in patterns)


def _sum(values: list[Any]) -> Any:
    return sum(values)


def _stdev(values: list[Any]) -> float:
    return statistics.stdev(values) if len(values) > 1 else math.nan


SPREAD = {"expect_column_values_to_not_be_outliers", "expect_column_value_z_scores_to_be_less_than"}
ORDERED = {"expect_column_values_to_be_increasing": operator.gt, "expect_column_values_to_be_decreasing": operator.lt}
PATTERNS: dict[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "expect_column_values_to_match_regex": lambda value, kwargs: _found(value, [kwargs["regex"]]) == 1,
    "expect_column_values_to_not_match_regex": lambda value, kwargs: _found(value, [kwargs["regex"]]) == 0,
    "expect_column_values_to_match_regex_list": lambda value, kwargs: (
        _found(value, kwargs["regex_list"]) >= (1 if kwargs["match_on"] == "any" else len(kwargs["regex_list"]))
    ),
    "expect_column_values_to_not_match_regex_list": lambda value, kwargs: _found(value, kwargs["regex_list"]) == 0,
}
VALUES: dict[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    **PATTERNS,
    "expect_column_values_to_match_strftime_format": _as_time,
    "expect_column_values_to_be_dateutil_parseable": _parses(parse),
    "expect_column_values_to_be_json_parseable": _parses(json.loads),
    "expect_column_values_to_match_json_schema": _as_json,
}
RECORDS: dict[str, Callable[[Any, Any, Mapping[str, Any]], bool]] = {
    "expect_column_pair_values_to_be_equal": lambda one, other, _: one is not None and one == other,
    "expect_multicolumn_values_to_be_equal": lambda one, other, _: one == other,
    "expect_multicolumn_sum_to_equal": lambda one, other, kwargs: (
        None not in (one, other) and one + other == kwargs["sum_total"]
    ),
}
AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "expect_column_mean_to_be_between": statistics.fmean,
    "expect_column_median_to_be_between": statistics.median,
    "expect_column_stdev_to_be_between": _stdev,
    "expect_column_sum_to_be_between": _sum,
}
