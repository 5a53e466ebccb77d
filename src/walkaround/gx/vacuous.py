"""Vacuous: expectations that expect nothing, so that Great Expectations passes them on any rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from walkaround.model.core_expectations import CORE
from walkaround.model.row_suite import RowExpectation

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "expect_column_values_to_be_in_type_list": ("type_list",),
    "expect_table_columns_to_match_ordered_list": ("column_list",),
    "expect_column_kl_divergence_to_be_less_than": ("threshold", "partition_object"),
}
"""Arguments that Great Expectations takes for everything where they are null; of others it asks for them itself."""
NONE_FOR_ALL: Final = frozenset(
    {"expect_column_distinct_values_to_contain_set", "expect_column_values_to_not_be_in_set"}
)
"""Every column contains the empty set, and no value is in it."""


def expects_nothing(expectation: RowExpectation) -> str:
    """Why no rows can fail an expectation; empty where some can, and for types that are not of the core."""
    kind, kwargs = expectation.type, expectation.kwargs
    lacking = [name for name in NEEDED.get(kind, ()) if kwargs.get(name) is None]
    any_columns = kind == "expect_table_columns_to_match_set" and kwargs.get("exact_match", True) is not True
    reasons = {
        "mostly is 0, so every row may be otherwise": kwargs.get("mostly") == 0,
        f"it has no {' and no '.join(lacking)}": bool(lacking),
        "its value_set is empty": kind in NONE_FOR_ALL and not kwargs.get("value_set"),
        "its column_set is empty, and there may be other columns": any_columns and not kwargs.get("column_set"),
        "it has no bounds": kind.endswith("_to_be_between") and all(bound is None for bound in _bounds(kwargs)),
    }
    return next((why for why, so in reasons.items() if so), "") if kind in CORE else ""


def _bounds(kwargs: Mapping[str, Any]) -> list[Any]:
    """All bounds, of one figure or of several quantiles."""
    quantiles = kwargs.get("quantile_ranges") or {}
    ranges = quantiles.get("value_ranges") or [[kwargs.get("min_value"), kwargs.get("max_value")]]
    return [bound for each in ranges for bound in each]
