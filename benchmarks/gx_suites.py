"""The two suites of `gx_speed.py`, and the tables that they are run on.

The mixed table is that of `profile_speed.py` with nulls in more columns: 12 columns, and a suite of 40 core
expectations. Left out are those that stock Great Expectations works out on pandas value by value in Python (dates by
dateutil and strftime, JSON, timestamps between dates, values that differ within a row): they take minutes there, and
would make the ratio look better than it is.

The wide table has 100 columns and a suite of five expectations for each: what GX itself costs for an expectation.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from profile_speed import GROUP_ROWS, SEED, STATUS, group

NULLS: Final = {"visits": 0.01, "name": 0.01, "status": 0.02, "city": 0.05, "updated_at": 0.03}
"""Shares of nulls, beside those that the floats have already."""
COLUMNS: Final = (
    "customer_id", "age", "visits", "amount", "balance", "score",
    "email", "name", "status", "city", "signed_up", "updated_at",
)  # fmt: skip
WIDE_COLUMNS: Final = 100
KINDS: Final = ("float",) * 4 + ("integer",) * 2 + ("text",) * 3 + ("time",)
"""Of the columns of the wide table, over and over."""
WIDE_ROWS: Final = 100_000

Expected = dict[str, Any]
"""One expectation as a suite's file holds it: `type` and `kwargs`."""


def make_mixed(file: Path, rows: int) -> None:
    """Write the mixed table: seeded, group by group, and only under its name once it is whole."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    random = np.random.default_rng(SEED)
    half = file.with_suffix(".half")
    writer = None
    for start in range(0, rows, GROUP_ROWS):
        table = group(random, start, min(GROUP_ROWS, rows - start))
        for name, share in NULLS.items():
            place = table.schema.get_field_index(name)
            gone = pa.array(random.random(table.num_rows) < share)
            table = table.set_column(place, name, pc.if_else(gone, None, table.column(name)))
        writer = writer or pq.ParquetWriter(half, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
    half.rename(file)


def make_wide(file: Path, rows: int) -> None:
    """Write the wide table: 40 columns of floats, 20 of integers, 30 of texts and 10 of times, 2 % of them null."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(SEED)
    texts = pa.array([f"AB-{number:04}" for number in range(2_000)])

    def values(number: int) -> Any:
        gone = random.random(rows) < 0.02  # noqa: PLR2004 - the share that the docstring names
        kind = KINDS[number % len(KINDS)]
        if kind == "float":
            return pa.array(random.normal(100, 15, rows), mask=gone)
        if kind == "integer":
            return pa.array(random.integers(0, 1_000, rows))
        if kind == "text":
            return texts.take(pa.array(random.integers(0, len(texts), rows), mask=gone))
        return pa.array(1_600_000_000_000_000 + random.integers(0, 10**14, rows), mask=gone).cast(pa.timestamp("us"))

    half = file.with_suffix(".half")
    pq.write_table(pa.table({f"c{number:02}": values(number) for number in range(WIDE_COLUMNS)}), half)
    half.rename(file)


def mixed_suite(rows: int) -> list[Expected]:
    """40 expectations on the mixed table of so many rows; some of them fail, as in life."""
    return [
        _of("table_row_count_to_be_between", min_value=rows, max_value=rows),
        _of("table_column_count_to_equal", value=len(COLUMNS)),
        _of("table_columns_to_match_ordered_list", column_list=list(COLUMNS)),
        _of("column_to_exist", column="email"),
        _of("column_values_to_be_of_type", column="age", type_="int32"),
        _of("column_values_to_be_in_type_list", column="score", type_list=["float64", "FLOAT"]),
        _of("column_values_to_not_be_null", column="customer_id"),
        _of("column_values_to_be_unique", column="customer_id"),
        _of("column_values_to_be_increasing", column="customer_id"),
        _of("column_values_to_be_between", column="age", min_value=18, max_value=90, mostly=0.9),
        _of("column_mean_to_be_between", column="age", min_value=50, max_value=60),
        _of("column_median_to_be_between", column="age", min_value=50, max_value=60),
        _of("column_unique_value_count_to_be_between", column="age", min_value=50, max_value=100),
        _of("column_values_to_not_be_null", column="visits", mostly=0.98),
        _of("column_stdev_to_be_between", column="visits", min_value=3, max_value=4),
        _of("column_max_to_be_between", column="visits", min_value=20, max_value=60),
        _of("column_value_z_scores_to_be_less_than", column="visits", threshold=4, double_sided=True, mostly=0.99),
        _of("column_sum_to_be_between", column="amount", min_value=0),
        _of("column_values_to_be_between", column="amount", min_value=0, strict_min=True),
        _of("column_values_to_not_be_outliers", column="amount", method="iqr", multiplier=1.5, mostly=0.9),
        _of("column_quantile_values_to_be_between", column="amount", quantile_ranges=QUARTILES),
        _of("column_kl_divergence_to_be_less_than", column="score", partition_object=TENTHS, threshold=0.1),
        _of("column_min_to_be_between", column="balance", max_value=0),
        _of("column_proportion_of_non_null_values_to_be_between", column="balance", min_value=0.85),
        _of("column_pair_values_a_to_be_greater_than_b", column_A="amount", column_B="balance",
            ignore_row_if="either_value_is_missing", mostly=0.4),
        _of("column_values_to_match_regex", column="email", regex=r"^[^@\s]+@[a-z.]+\.[a-z]{2,}$"),
        _of("column_values_to_not_match_regex", column="email", regex=r"\s|\.\."),
        _of("column_value_lengths_to_be_between", column="email", min_value=8, max_value=60),
        _of("column_proportion_of_unique_values_to_be_between", column="email", min_value=0.5),
        _of("compound_columns_to_be_unique", column_list=["email", "updated_at"], mostly=0.99),
        _of("column_values_to_match_regex_list", column="name", regex_list=[r"^[A-Z]\w+ [A-ZÖ]", r"O'[A-Z]"]),
        _of("column_values_to_not_be_in_set", column="name", value_set=["Ana Silva", "Test User"]),
        _of("column_values_to_be_in_set", column="status", value_set=list(STATUS[:3]), mostly=0.99),
        _of("column_distinct_values_to_equal_set", column="status", value_set=list(STATUS)),
        _of("column_most_common_value_to_be_in_set", column="status", value_set=["active"]),
        _of("column_value_lengths_to_be_between", column="city", min_value=3, max_value=30),
        _of("column_distinct_values_to_contain_set", column="city", value_set=["City of Silva 1"]),
        _of("column_values_to_be_null", column="score", mostly=0.25),
        _of("column_proportion_of_unique_values_to_be_between", column="updated_at", min_value=0.9),
        _of("column_values_to_not_be_null", column="amount", mostly=0.95, row_condition=ACTIVE),
    ]  # fmt: skip


def wide_suite() -> Iterator[Expected]:
    """Five expectations for each column of the wide table."""
    for number in range(WIDE_COLUMNS):
        for expected in OF_KIND[KINDS[number % len(KINDS)]]:
            yield {"type": expected["type"], "kwargs": {"column": f"c{number:02}", **expected["kwargs"]}}


def _of(name: str, **kwargs: Any) -> Expected:
    return {"type": f"expect_{name}", "kwargs": kwargs}


QUARTILES: Final = {"quantiles": [0.25, 0.5, 0.75], "value_ranges": [[20, 40], [40, 70], [80, 150]]}
TENTHS: Final = {"bins": [tenth / 10 for tenth in range(11)], "weights": [0.1] * 10}
ACTIVE: Final = {"type": "comparison", "column": {"name": "status"}, "operator": "==", "parameter": "active"}
SINCE: Final = datetime(2020, 1, 1)  # noqa: DTZ001 - the columns have no zone
UNTIL: Final = datetime(2025, 1, 1)  # noqa: DTZ001 - the columns have no zone
OF_KIND: Final = {
    "float": (
        _of("column_values_to_not_be_null", mostly=0.9),
        _of("column_values_to_be_between", min_value=50, max_value=150, mostly=0.99),
        _of("column_mean_to_be_between", min_value=99, max_value=101),
        _of("column_max_to_be_between", max_value=200),
        _of("column_stdev_to_be_between", min_value=14, max_value=16),
    ),
    "integer": (
        _of("column_values_to_not_be_null"),
        _of("column_values_to_be_between", min_value=0, max_value=999),
        _of("column_min_to_be_between", min_value=0),
        _of("column_median_to_be_between", min_value=400, max_value=600),
        _of("column_unique_value_count_to_be_between", min_value=900, max_value=1_000),
    ),
    "text": (
        _of("column_values_to_not_be_null", mostly=0.9),
        _of("column_values_to_match_regex", regex=r"^[A-Z]{2}-\d{4}$"),
        _of("column_value_lengths_to_equal", value=7),
        _of("column_values_to_not_be_in_set", value_set=["", "N/A"]),
        _of("column_unique_value_count_to_be_between", min_value=1_900, max_value=2_000),
    ),
    "time": (
        _of("column_values_to_not_be_null", mostly=0.9),
        _of("column_values_to_be_unique", mostly=0.9),
        _of("column_min_to_be_between", min_value=SINCE),
        _of("column_max_to_be_between", max_value=UNTIL),
        _of("column_proportion_of_unique_values_to_be_between", min_value=0.9),
    ),
}
