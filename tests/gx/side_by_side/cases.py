"""Every map and aggregate expectation of core Great Expectations, with arguments drawn to suit a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from side_by_side.tables import Kind, Table

Draw = Callable[[st.SearchStrategy[Any]], Any]
Kwargs = dict[str, Any]

MOSTLY = (None, None, 0.0, 0.3, 0.5, 0.9)
FORMATS = ("BOOLEAN_ONLY", "BASIC", "SUMMARY", "COMPLETE")
REGEXES = (
    "^a", "a$", "^$", r"^\w+$", r"\d", r"\s", "a|b", "(?i)A", "[^a]", ".", r"\.", "^[a-z]+@", "é", r"(a)\1",
    "a(?!b)", r"\Aa\Z",
)  # fmt: skip
LIKES = ("a%", "%b", "_", "a_b", "%", "", "a\\_b", "é", "A%", "%\n%")
TIME_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%H", "%Y")
SCHEMAS = ({"type": "object"}, {"type": "number"}, {"required": ["a"]})
ROW_CONDITIONS = (
    {"type": "comparison", "column": {"name": "g"}, "operator": "==", "parameter": "a"},
    {"type": "comparison", "column": {"name": "g"}, "operator": "!=", "parameter": "a"},
    {"type": "comparison", "column": {"name": "g"}, "operator": "IN", "parameter": ["a", "b"]},
    {"type": "comparison", "column": {"name": "g"}, "operator": "NOT_IN", "parameter": ["b"]},
    {"type": "comparison", "column": {"name": "k"}, "operator": ">=", "parameter": 2},
    {"type": "comparison", "column": {"name": "k"}, "operator": "<", "parameter": 3},
    {"type": "nullity", "column": {"name": "g"}, "is_null": True},
    {"type": "nullity", "column": {"name": "g"}, "is_null": False},
    {"type": "and", "conditions": [
        {"type": "comparison", "column": {"name": "k"}, "operator": ">", "parameter": 0},
        {"type": "nullity", "column": {"name": "g"}, "is_null": False},
    ]},
    {"type": "or", "conditions": [
        {"type": "comparison", "column": {"name": "k"}, "operator": "<=", "parameter": 0},
        {"type": "comparison", "column": {"name": "g"}, "operator": "==", "parameter": "b"},
    ]},
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One expectation on one table, and in which form its result is asked for."""

    table: Table
    type: str
    kwargs: Kwargs
    result_format: dict[str, Any]

    def __repr__(self) -> str:
        columns = ", ".join(f"{name}={self.table.values(name)!r}" for name in "vwg")
        return f"{self.type}({self.kwargs!r}) as {self.result_format!r} on {self.table.kind.name}: {columns}"


def _value(draw: Draw, table: Table) -> Any:
    return draw(st.sampled_from(table.pool) if table.pool else table.kind.values)


def _values(draw: Draw, table: Table) -> list[Any]:
    """Values of the column, and other values of its kind."""
    known = st.sampled_from(table.pool) if table.pool else table.kind.values
    drawn = draw(st.lists(known | table.kind.values, min_size=1, max_size=3))
    return [value for value in drawn if value is not None] or ["a"]


def _bounds(draw: Draw, values: st.SearchStrategy[Any]) -> Kwargs:
    low, high = draw(st.none() | values), draw(st.none() | values)
    if low is None and high is None:
        low = draw(values)
    if low is not None and high is not None and high < low:
        low, high = high, low
    return {"min_value": low, "max_value": high, "strict_min": draw(st.booleans()), "strict_max": draw(st.booleans())}


NUMBERS = st.sampled_from([-1.5, 0.0, 1.0, 2.0, 7.0, 100.0])


def _order(draw: Draw, table: Table) -> Kwargs:
    if table.kind.is_time and table.kind.name != "duration" and table.pool:
        return _bounds(draw, st.sampled_from(table.pool))
    return _bounds(draw, NUMBERS)


def _number(draw: Draw, table: Table) -> Kwargs:
    del table
    return _bounds(draw, NUMBERS)


def _share(draw: Draw, table: Table) -> Kwargs:
    del table
    return _bounds(draw, st.sampled_from([0.0, 0.25, 0.5, 1.0]))


def _count(draw: Draw, table: Table) -> Kwargs:
    del table
    return _bounds(draw, st.integers(0, 5))


def _nothing(draw: Draw, table: Table) -> Kwargs:
    del draw, table
    return {}


def _set(draw: Draw, table: Table) -> Kwargs:
    return {"value_set": _values(draw, table)}


def _one_of(name: str, choices: tuple[Any, ...]) -> Callable[[Draw, Table], Kwargs]:
    return lambda draw, _: {name: draw(st.sampled_from(choices))}


def _some_of(name: str, choices: tuple[Any, ...], *, how: bool) -> Callable[[Draw, Table], Kwargs]:
    def drawn(draw: Draw, table: Table) -> Kwargs:
        del table
        some = {name: draw(st.lists(st.sampled_from(choices), min_size=1, max_size=3))}
        return {**some, "match_on": draw(st.sampled_from(["any", "all"]))} if how else some

    return drawn


def _quantiles(draw: Draw, table: Table) -> Kwargs:
    asked = draw(
        st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=3, unique=True).map(sorted)
    )
    how = draw(st.sampled_from([False, "linear", "lower", "higher", "midpoint", "nearest"]))
    ranges = [[None, draw(NUMBERS)] for _ in asked]
    del table
    return {"quantile_ranges": {"quantiles": asked, "value_ranges": ranges}, "allow_relative_error": how}


def _divergence(draw: Draw, table: Table) -> Kwargs:
    if table.kind.is_integer or table.kind.is_float:
        parts: Kwargs = {"bins": [-10, 0, 1.5, 10], "weights": [0.25, 0.25, 0.5]}
    else:
        values = list(dict.fromkeys(table.pool)) if not table.kind.is_nested else []
        parts = {"values": values or ["a"], "weights": [1 / max(1, len(values))] * max(1, len(values))}
    tail = draw(st.sampled_from([0.0, 0.1]))
    return {"partition_object": parts, "threshold": draw(st.sampled_from([0.1, 2.0])), "internal_weight_holdout": 0.05,
            "tail_weight_holdout": tail}  # fmt: skip


def _z_score(draw: Draw, table: Table) -> Kwargs:
    del table
    return {"threshold": draw(st.sampled_from([0.5, 1.0, 2.0])), "double_sided": draw(st.booleans())}


def _outliers(draw: Draw, table: Table) -> Kwargs:
    del table
    return {"method": draw(st.sampled_from(["iqr", "std"])), "multiplier": draw(st.sampled_from([0.5, 1.5]))}


def _common(draw: Draw, table: Table) -> Kwargs:
    return {"value_set": _values(draw, table), "ties_okay": draw(st.sampled_from([None, True, False]))}


def _lengths(draw: Draw, table: Table) -> Kwargs:
    return _count(draw, table)


def _strictly(draw: Draw, table: Table) -> Kwargs:
    del table
    return {"strictly": draw(st.booleans())}


def _greater(draw: Draw, table: Table) -> Kwargs:
    del table
    return {"or_equal": draw(st.booleans())}


def _pairs(draw: Draw, table: Table) -> Kwargs:
    return {"value_pairs_set": [(_value(draw, table), _value(draw, table)) for _ in range(draw(st.integers(1, 3)))]}


def _any(kind: Kind) -> bool:
    del kind
    return True


def _flat(kind: Kind) -> bool:
    return not kind.is_nested


def _named(kind: Kind) -> bool:
    """Whose values can stand in a suite: Great Expectations writes no durations."""
    return _flat(kind) and kind.name != "duration"


def _numeric(kind: Kind) -> bool:
    return kind.is_number or kind.name in {"boolean", "text"}


def _text(kind: Kind) -> bool:
    return kind.is_text or kind.name in {"int64", "null"}


def _ordered(kind: Kind) -> bool:
    return kind.is_number or (kind.is_time and kind.name != "duration") or kind.name == "boolean"


@dataclass(frozen=True)
class Asked:
    """An expectation: how its arguments are drawn, and which kinds of columns it is asked of."""

    kwargs: Callable[[Draw, Table], Kwargs]
    kinds: Callable[[Kind], bool]
    domain: str = "column"


COLUMN_MAPS = {
    "expect_column_values_to_not_be_null": Asked(_nothing, _any),
    "expect_column_values_to_be_null": Asked(_nothing, _any),
    "expect_column_values_to_be_unique": Asked(_nothing, _flat),
    "expect_column_values_to_be_in_set": Asked(_set, _named),
    "expect_column_values_to_not_be_in_set": Asked(_set, _named),
    "expect_column_values_to_be_between": Asked(_order, _ordered),
    "expect_column_values_to_be_increasing": Asked(_strictly, _ordered),
    "expect_column_values_to_be_decreasing": Asked(_strictly, _ordered),
    "expect_column_values_to_match_regex": Asked(_one_of("regex", REGEXES), _text),
    "expect_column_values_to_not_match_regex": Asked(_one_of("regex", REGEXES), _text),
    "expect_column_values_to_match_regex_list": Asked(_some_of("regex_list", REGEXES, how=True), _text),
    "expect_column_values_to_not_match_regex_list": Asked(_some_of("regex_list", REGEXES, how=False), _text),
    "expect_column_value_lengths_to_be_between": Asked(_lengths, _text),
    "expect_column_value_lengths_to_equal": Asked(_one_of("value", (0, 1, 2)), _text),
    "expect_column_values_to_match_strftime_format": Asked(_one_of("strftime_format", TIME_FORMATS), _text),
    "expect_column_values_to_be_dateutil_parseable": Asked(_nothing, _text),
    "expect_column_values_to_be_json_parseable": Asked(_nothing, _text),
    "expect_column_values_to_match_json_schema": Asked(_one_of("json_schema", SCHEMAS), _text),
    "expect_column_value_z_scores_to_be_less_than": Asked(_z_score, _numeric),
    "expect_column_values_to_not_be_outliers": Asked(_outliers, _numeric),
}
OTHER_MAPS = {
    "expect_column_pair_values_to_be_equal": Asked(_nothing, _flat, "pair"),
    "expect_column_pair_values_a_to_be_greater_than_b": Asked(_greater, _ordered, "pair"),
    "expect_column_pair_values_to_be_in_set": Asked(_pairs, _named, "pair"),
    "expect_compound_columns_to_be_unique": Asked(_nothing, _flat, "columns"),
    "expect_select_column_values_to_be_unique_within_record": Asked(_nothing, _flat, "columns"),
    "expect_multicolumn_values_to_be_equal": Asked(_nothing, _flat, "columns"),
    "expect_multicolumn_sum_to_equal": Asked(_one_of("sum_total", (0, 2, 1.5)), lambda kind: kind.is_number, "columns"),
}
AGGREGATES = {
    "expect_column_min_to_be_between": Asked(_order, _ordered),
    "expect_column_max_to_be_between": Asked(_order, _ordered),
    "expect_column_mean_to_be_between": Asked(_number, _numeric),
    "expect_column_median_to_be_between": Asked(_number, _numeric),
    "expect_column_stdev_to_be_between": Asked(_number, _numeric),
    "expect_column_sum_to_be_between": Asked(_number, _numeric),
    "expect_column_unique_value_count_to_be_between": Asked(_count, _flat),
    "expect_column_proportion_of_unique_values_to_be_between": Asked(_share, _flat),
    "expect_column_proportion_of_non_null_values_to_be_between": Asked(_share, _any),
    "expect_column_most_common_value_to_be_in_set": Asked(_common, _named),
    "expect_column_distinct_values_to_be_in_set": Asked(_set, _named),
    "expect_column_distinct_values_to_equal_set": Asked(_set, _named),
    "expect_column_distinct_values_to_contain_set": Asked(_set, _named),
    "expect_column_quantile_values_to_be_between": Asked(_quantiles, _numeric),
    "expect_column_kl_divergence_to_be_less_than": Asked(_divergence, _named),
    "expect_table_row_count_to_be_between": Asked(_count, lambda kind: kind.name == "int64", "table"),
}
EXPECTATIONS = {**COLUMN_MAPS, **OTHER_MAPS, **AGGREGATES}


def cases(name: str, draw: Draw, table: Table) -> Case:
    """One expectation of this type, with arguments and a result format drawn."""
    asked = EXPECTATIONS[name]
    kwargs = asked.kwargs(draw, table)
    if asked.domain == "column":
        kwargs["column"] = "v"
    elif asked.domain == "pair":
        ignored = ["both_values_are_missing", "either_value_is_missing", "neither"]
        kwargs |= {"column_A": "v", "column_B": "w", "ignore_row_if": draw(st.sampled_from(ignored))}
    elif asked.domain == "columns":
        ignored = ["all_values_are_missing", "any_value_is_missing", "never"]
        kwargs |= {"column_list": ["v", "w"], "ignore_row_if": draw(st.sampled_from(ignored))}
    if name in COLUMN_MAPS or name in OTHER_MAPS:
        mostly = draw(st.sampled_from(MOSTLY))
        kwargs |= {} if mostly is None else {"mostly": mostly}
    if draw(st.integers(0, 2)) == 0:
        kwargs["row_condition"] = draw(st.sampled_from(ROW_CONDITIONS))
    return Case(table, name, kwargs, _result_format(draw))


def _result_format(draw: Draw) -> dict[str, Any]:
    asked: dict[str, Any] = {"result_format": draw(st.sampled_from(FORMATS))}
    if draw(st.integers(0, 3)) == 0:
        asked["partial_unexpected_count"] = draw(st.integers(0, 3))
    if draw(st.integers(0, 3)) == 0:
        asked["unexpected_index_column_names"] = draw(st.sampled_from([["k"], ["k", "g"], ["v"]]))
    if asked["result_format"] != "BOOLEAN_ONLY" and draw(st.integers(0, 4)) == 0:
        asked["include_unexpected_rows"] = True
    return asked
