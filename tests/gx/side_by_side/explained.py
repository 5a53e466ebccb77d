"""Every difference from stock Great Expectations on pandas that is known, each with its reason.

Where one is met, the outcome is held against plain Python instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from side_by_side.cases import Case
from side_by_side.plain import ORDERED, PATTERNS, rows_of
from side_by_side.running import Came
from side_by_side.tables import KINDS, table_of


@dataclass(frozen=True)
class Explained:
    """Where pandas differs, and why.

    `raises`: whose outcome is an exception, "pandas", "polars" or nobody's; `example`: a case in which it is seen.
    """

    why: str
    expectations: tuple[str, ...]
    applies: Callable[[Case], bool]
    example: Case
    raises: str = ""

    def covers(self, case: Case, ours: Came, theirs: Came) -> bool:
        """Whether this is the difference that was seen."""
        raised = {(True, False): "polars", (False, True): "pandas"}.get((ours.raised, theirs.raised), "")
        return case.type in self.expectations and raised == self.raises and self.applies(case)


def _case(kind: str, v: Sequence[Any], expectation: str, w: Sequence[Any] = (), **kwargs: Any) -> Case:
    table = table_of(KINDS[kind], v, w or v, ["a"] * len(v))
    columns = {"expect_column_p": {"column_A": "v", "column_B": "w"}, "expect_multicol": {"column_list": ["v", "w"]}}
    domain = columns.get(expectation[:15], {})
    if domain:
        kwargs.setdefault("ignore_row_if", "neither" if "column_A" in domain else "never")
    return Case(table, expectation, {**(domain or {"column": "v"}), **kwargs}, {"result_format": "COMPLETE"})


def _kind(*names: str) -> Callable[[Case], bool]:
    return lambda case: case.table.kind.name in names


MOST_COMMON = "expect_column_most_common_value_to_be_in_set"
PARSED = (
    "expect_column_values_to_match_strftime_format",
    "expect_column_values_to_be_dateutil_parseable",
    "expect_column_values_to_be_json_parseable",
    "expect_column_values_to_match_json_schema",
)
LENGTHS = ("expect_column_value_lengths_to_be_between", "expect_column_value_lengths_to_equal")
PAIRS = (
    "expect_column_pair_values_a_to_be_greater_than_b",
    "expect_column_pair_values_to_be_in_set",
    "expect_column_pair_values_to_be_equal",
)
SUMMED = ("expect_multicolumn_sum_to_equal",)

ANY = {"min_value": 0.0, "max_value": None, "strict_min": False, "strict_max": False}
EQUAL = [Decimal("12345678.90")] * 5
NOON = datetime.fromisoformat("2024-02-29T12:00")
NOON_UTC = NOON.replace(tzinfo=UTC)

EXPLAINED = (
    Explained(
        "pandas subtracts neighbours, and a difference of integers wraps: 8 - 18 is 246 of 8 bits, an increase",
        tuple(ORDERED),
        lambda case: case.table.kind.is_integer,
        _case("uint8", [18, 8], "expect_column_values_to_be_increasing", strictly=False),
    ),
    Explained(
        "pandas makes floats of integers among which there are nulls, and their text has a point",
        tuple(PATTERNS),
        lambda case: case.table.kind.name == "int64" and None in case.table.values(),
        _case("int64", [1, None], "expect_column_values_to_not_match_regex", regex=r"\."),
    ),
    Explained(
        "pandas negates what it gets from a categorical column, which is categorical again and cannot be negated",
        PARSED,
        _kind("categorical", "enum"),
        _case("categorical", ["low"], "expect_column_values_to_be_json_parseable"),
        raises="pandas",
    ),
    Explained(
        "pandas compares categorical columns only where both have the same categories",
        (
            "expect_column_pair_values_to_be_equal",
            "expect_multicolumn_values_to_be_equal",
            "expect_column_pair_values_in_set",
        ),
        _kind("categorical", "enum"),
        _case("categorical", ["low"], "expect_column_pair_values_to_be_equal", ["mid"]),
        raises="pandas",
    ),
    Explained(
        "pandas keeps decimals as objects, and cannot add them to None or multiply them by a float",
        (
            "expect_column_mean_to_be_between",
            "expect_column_stdev_to_be_between",
            "expect_column_sum_to_be_between",
            "expect_column_median_to_be_between",
            "expect_column_quantile_values_to_be_between",
            "expect_column_values_to_not_be_outliers",
            "expect_column_value_z_scores_to_be_less_than",
        ),
        _kind("decimal"),
        _case("decimal", [Decimal("1.10"), None], "expect_column_mean_to_be_between", **ANY),
        raises="pandas",
    ),
    Explained(
        "the deviation of equal values is a rounding error on pandas, and the values lie beyond it; here it is 0",
        ("expect_column_values_to_not_be_outliers", "expect_column_value_z_scores_to_be_less_than"),
        lambda case: len({row["v"] for row in rows_of(case)} - {None}) == 1,
        _case("decimal", EQUAL, "expect_column_values_to_not_be_outliers", method="std", multiplier=0.5),
    ),
    Explained(
        "NumPy does not interpolate between booleans: `-` is not defined for them",
        ("expect_column_quantile_values_to_be_between", "expect_column_values_to_not_be_outliers"),
        _kind("boolean"),
        _case("boolean", [True], "expect_column_values_to_not_be_outliers", method="iqr", multiplier=1.5),
        raises="pandas",
    ),
    Explained(
        "a column of another type raises here whatever it holds; pandas raises only once there is a value",
        (*PARSED, *LENGTHS, *ORDERED),
        _kind("int64", "boolean"),
        _case("int64", [], "expect_column_value_lengths_to_equal", value=1),
        raises="polars",
    ),
    Explained(
        "pandas gives times in nanoseconds out as integers where it makes a list of them",
        (*PAIRS, "expect_column_most_common_value_to_be_in_set"),
        _kind("datetime_ns"),
        _case("datetime_ns", [NOON], MOST_COMMON, value_set=[NOON]),
    ),
    Explained(
        "a pandas time of one zone is not found in a set of times of another, although it equals one of them",
        ("expect_column_most_common_value_to_be_in_set",),
        _kind("datetime_zone", "datetime_utc"),
        _case("datetime_zone", [NOON_UTC], MOST_COMMON, value_set=[NOON_UTC]),
    ),
    Explained(
        "pandas adds integers in 64 bits, or as floats where a column has a null: beyond that its sums are others",
        SUMMED,
        lambda case: case.table.kind.name in {"int64", "uint64"},
        _case("int64", [-(2**63)], "expect_multicolumn_sum_to_equal", sum_total=0),
    ),
)


def explained(case: Case, ours: Came, theirs: Came) -> Explained | None:
    """The known difference that this is, if it is one."""
    return next((one for one in EXPLAINED if one.covers(case, ours, theirs)), None)
