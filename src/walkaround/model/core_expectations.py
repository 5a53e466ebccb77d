"""CoreExpectation: what an expectation of Great Expectations' core asks for, and what a sample can tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from walkaround.model.outcome import Dimension

Asks = Literal["text", "number", "order", "identity", "set", "type", "presence", "nothing"]
"""How a column must be read to be looked at: as `text`; as a `number`; in the `order` of its bounds; by `identity`, so
that no two values become one; as the elements of its `set` are written; as the `type` it names; for the `presence` of
values only; or `nothing` of the kind."""

Told = Literal[
    "rows", "columns", "witness", "repeats", "extreme", "contains", "share", "count", "estimate", "whole", "never"
]
"""What a part of the rows tells of the whole.

`rows`: each row is for itself, so a share of rows is estimated. `columns`: every row has the same columns, so any
sample tells. `witness`: one value that is not expected is enough to fail, as in `rows` with all rows. `repeats`: rows
that repeat in a sample repeat in the whole; that none does tells nothing. `extreme`: the whole is at least as extreme
as a sample, so what is beyond an outer bound is; no more is told. `contains`: what is in a sample is in the
whole; what is not may be. `share`: a share of rows within bounds. `count`: the number of rows, known where the source
says so. `estimate`: a figure whose error is not known. `whole`: the whole alone tells. `never`: another table is
needed, which the run of one source has not.
"""


@dataclass(frozen=True, slots=True)
class CoreExpectation:
    """What it asks for, what a sample tells of it, and the dimension of data quality that it belongs to."""

    asks: Asks
    told: Told
    dimension: Dimension


def _all(asks: Asks, told: Told, dimension: Dimension, *types: str) -> dict[str, CoreExpectation]:
    return dict.fromkeys(types, CoreExpectation(asks, told, dimension))


CORE: Final[Mapping[str, CoreExpectation]] = {
    **_all("presence", "rows", "missingness",
        "expect_column_values_to_be_null", "expect_column_values_to_not_be_null"),
    **_all("presence", "share", "missingness", "expect_column_proportion_of_non_null_values_to_be_between"),
    **_all("text", "rows", "format",
        "expect_column_value_lengths_to_be_between", "expect_column_value_lengths_to_equal",
        "expect_column_values_to_match_regex", "expect_column_values_to_match_regex_list",
        "expect_column_values_to_not_match_regex", "expect_column_values_to_not_match_regex_list",
        "expect_column_values_to_match_like_pattern", "expect_column_values_to_match_like_pattern_list",
        "expect_column_values_to_not_match_like_pattern", "expect_column_values_to_not_match_like_pattern_list",
        "expect_column_values_to_match_strftime_format", "expect_column_values_to_be_dateutil_parseable",
        "expect_column_values_to_be_json_parseable", "expect_column_values_to_match_json_schema"),
    **_all("type", "columns", "format",
        "expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list", "expect_column_type_to_be"),
    **_all("identity", "repeats", "duplicates",
        "expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"),
    **_all("identity", "whole", "duplicates",
        "expect_column_proportion_of_unique_values_to_be_between", "expect_column_unique_value_count_to_be_between"),
    **_all("order", "rows", "semantics", "expect_column_values_to_be_between"),
    **_all("order", "extreme", "semantics",
        "expect_column_min_to_be_between", "expect_column_max_to_be_between"),
    **_all("order", "whole", "semantics",
        "expect_column_values_to_be_increasing", "expect_column_values_to_be_decreasing"),
    **_all("set", "rows", "semantics",
        "expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set"),
    **_all("set", "witness", "semantics", "expect_column_distinct_values_to_be_in_set"),
    **_all("set", "contains", "semantics", "expect_column_distinct_values_to_contain_set"),
    **_all("set", "whole", "semantics",
        "expect_column_distinct_values_to_equal_set", "expect_column_most_common_value_to_be_in_set"),
    **_all("number", "estimate", "outliers",
        "expect_column_value_z_scores_to_be_less_than", "expect_column_values_to_not_be_outliers"),
    **_all("number", "estimate", "drift", "expect_column_mean_to_be_between", "expect_column_stdev_to_be_between"),
    **_all("order", "estimate", "drift",
        "expect_column_median_to_be_between", "expect_column_quantile_values_to_be_between"),
    **_all("number", "whole", "drift", "expect_column_sum_to_be_between"),
    **_all("set", "estimate", "drift", "expect_column_kl_divergence_to_be_less_than"),
    **_all("order", "rows", "integrity", "expect_column_pair_values_a_to_be_greater_than_b"),
    **_all("identity", "rows", "integrity",
        "expect_column_pair_values_to_be_equal", "expect_multicolumn_values_to_be_equal",
        "expect_select_column_values_to_be_unique_within_record"),
    **_all("set", "rows", "integrity", "expect_column_pair_values_to_be_in_set"),
    **_all("number", "rows", "integrity", "expect_multicolumn_sum_to_equal"),
    **_all("nothing", "whole", "integrity", "unexpected_rows_expectation"),
    **_all("nothing", "never", "integrity",
        "expect_query_results_to_match_comparison", "expect_table_row_count_to_equal_other_table"),
    **_all("nothing", "columns", "schema",
        "expect_column_to_exist", "expect_table_column_count_to_be_between", "expect_table_column_count_to_equal",
        "expect_table_columns_to_match_ordered_list", "expect_table_columns_to_match_set"),
    **_all("nothing", "count", "volume",
        "expect_table_row_count_to_be_between", "expect_table_row_count_to_equal"),
}  # fmt: skip
"""Every expectation that Great Expectations 1.24 registers by itself."""

OWN: Final = CoreExpectation("nothing", "whole", "semantics")
"""An expectation that somebody wrote in Python: nobody knows what it asks for, so only the whole tells."""


def about(kind: str) -> CoreExpectation:
    """What is known of an expectation of this type."""
    return CORE.get(kind, OWN)
