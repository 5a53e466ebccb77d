"""Suites of rows on a sample: every core expectation, on values, on none, and on what it cannot read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from walkaround.connectors import open_sample, sample_of
from walkaround.gx import loading
from walkaround.gx.asking import asked_for, kept_for
from walkaround.gx.user_rows import ELSEWHERE, NO_TYPES, hold
from walkaround.model.core_expectations import CORE, about
from walkaround.model.row_suite import RowExpectation, RowResult
from walkaround.model.source import Source

FAILING: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "core_failing.json").read_text("utf-8"))
"""Arguments with which each core expectation fails on `table`."""
NEVER = frozenset(kind for kind, known in CORE.items() if known.told == "never")
UNEXPECTED = {
    "expect_column_values_to_not_be_null": 40, "expect_column_values_to_be_increasing": 31,
    "expect_column_values_to_be_decreasing": 28, "expect_column_values_to_not_be_outliers": 28,
}  # fmt: skip
"""How many of the 60 rows are unexpected, where it is not all of them: two of three have a gap; pays go round 0 to 12
by sevens, so of 59 steps 28 rise and 31 fall, and 28 pays lie beyond the quartiles 3 and 9.
"""


def table(rows: int = 60) -> str:
    """Delimited text in which every value that does not repeat begins with zq, or is one of the pays."""
    lines = ["mail,mail2,mail3,gaps,json,twice,thrice,pay,pay2,empty,void"]
    for row in range(rows):
        gap = "" if row % 3 else f"zqgap{row}"
        texts = f'zqmail{row}@x.pt,zqother{row}@y.pt,zqmail{row}@x.pt,{gap},"{{""zqkey"": {row}}}",zqtwice,zqthrice'
        lines.append(f"{texts},{91827.25 + (row * 7) % 13},{991827.25 + row},,")
    return "\n".join(lines) + "\n"


def expectation(kind: str, kwargs: dict[str, Any] | None = None) -> RowExpectation:
    return RowExpectation(kind, FAILING[kind] if kwargs is None else kwargs, "critical", 1)


def elsewhere(kind: str, column: str, other: str) -> RowExpectation:
    """The failing arguments, about other columns."""
    named = {"column": column, "column_A": column, "column_B": other, "column_list": [column, other]}
    keep = not expectation(kind).columns or kind == "expect_column_to_exist"
    return expectation(kind, FAILING[kind] if keep else {k: named.get(k, v) for k, v in FAILING[kind].items()})


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    path = tmp_path_factory.mktemp("rows") / "table.csv"
    path.write_text(table(), encoding="utf-8")
    return Source("table", str(path))


def on(source: Source, *expectations: RowExpectation) -> tuple[RowResult, ...]:
    return hold(expectations, open_sample(source), {})


def of(data: Any, kind: str, **kwargs: Any) -> RowResult:
    return hold([expectation(kind, kwargs)], sample_of("t", data), {})[0]


def text_of(tmp_path: Path, text: str, kind: str, **kwargs: Any) -> RowResult:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return on(Source("t", str(path)), expectation(kind, kwargs))[0]


def test_every_core_expectation_is_known() -> None:
    """The table of what expectations ask for names exactly those that Great Expectations registers by itself."""
    loading.load()
    from great_expectations.expectations import core, registry  # noqa: PLC0415 - as quietly as the product loads it

    own = {
        kind
        for kind in registry.list_registered_expectation_implementations()
        if registry.get_expectation_impl(kind).__module__.startswith(core.__name__)
    }
    assert own == set(CORE) == set(FAILING)
    assert len(own) == 59


def test_every_core_expectation_fails(source: Source) -> None:
    """Each fails where it should, on text, with the counts that can be worked out by hand; two need another table."""
    kinds = sorted(CORE)
    for kind, result in zip(kinds, on(source, *map(expectation, kinds)), strict=True):
        if kind in NEVER:
            assert result == RowResult(None, ELSEWHERE)
            continue
        assert (kind, result.success, result.error) == (kind, False, "")
        if result.count is not None and "proportion" not in kind:
            assert (kind, result.count, result.rows) == (kind, UNEXPECTED.get(kind, 60), 60)


def test_nothing_passes_on_no_values(source: Source) -> None:
    """Columns without a value pass nothing but the expectation of nulls: results say that they are of 0 rows."""
    kinds = sorted(kind for kind in CORE if expectation(kind).columns and kind != "expect_column_to_exist")
    for kind, result in zip(kinds, on(source, *(elsewhere(k, "empty", "void") for k in kinds)), strict=True):
        if about(kind).asks == "presence":
            assert (kind, result.rows, result.success) == (kind, 60, kind == "expect_column_values_to_be_null")
        else:
            assert (kind, result.rows or 0) == (kind, 0)


def test_a_row_condition_that_selects_nothing(source: Source) -> None:
    """Rows are counted after the condition, for aggregates as well."""
    never = {"type": "comparison", "column": {"name": "pay"}, "operator": ">", "parameter": 10**9}
    asked = [
        expectation(kind, {**FAILING[kind], "row_condition": never})
        for kind in ("expect_column_values_to_match_regex", "expect_column_mean_to_be_between",
                     "expect_column_values_to_not_be_null", "expect_column_distinct_values_to_be_in_set")
    ]  # fmt: skip
    assert [result.rows for result in on(source, *asked)] == [0, 0, 0, 0]


def test_what_errs_says_what_was_raised_and_no_value(source: Source) -> None:
    """An expectation on what it cannot read is no answer, told by the type of what was raised."""
    texts = pa.table({"c": ["zqana@x.pt", "zqbo@y.pt"] * 20, "d": [1, 2] * 20, "e": ["zqana@x.pt"] * 40})
    erred = 0
    for kind in sorted(set(CORE) - NEVER):
        for first, other in (("c", "e"), ("c", "d"), ("d", "c")):
            result = hold([elsewhere(kind, first, other)], sample_of("t", texts), {})[0]
            assert "zq" not in result.error
            if result.success is None:
                erred += 1
                assert re.fullmatch(r"Great Expectations could not evaluate it \(\w+\)", result.error)
    assert erred > 10
    absent = on(source, expectation("expect_column_mean_to_be_between", {"column": "pai", "min_value": 0}))[0]
    assert absent == RowResult(None, "there is no column pai; did the suite mean pay?")


def test_numbers_that_are_asked_for_and_are_none(tmp_path: Path) -> None:
    """A column of text with a value that is no number is not assessed by who needs numbers; the count is told."""
    text = "c\n" + "7\n" * 50 + "zqana@x.pt\nzqbo@y.pt\n"
    result = text_of(tmp_path, text, "expect_column_values_to_be_between", column="c", min_value=0)
    assert result == RowResult(None, "it asks for numbers, and 2 of 52 values of c do not read as one")


@pytest.mark.parametrize(
    ("values", "kind", "kwargs", "count"),
    [
        ("007 7 7", "expect_column_values_to_be_unique", {}, 2),
        ("1.10 1.1 2", "expect_column_values_to_be_unique", {}, 0),
        ("007 12 3", "expect_column_values_to_be_between", {"max_value": 7}, 1),
        ("007 12 3", "expect_column_values_to_match_regex", {"regex": "^[0-9]{3}$"}, 2),
        ("12 3 45", "expect_column_value_lengths_to_equal", {"value": 2}, 1),
        ("1 2 3", "expect_column_values_to_be_in_set", {"value_set": [1, 2]}, 1),
        ("1 2 3", "expect_column_values_to_be_in_set", {"value_set": ["1", "2"]}, 1),
        ("1.50 2 3", "expect_column_values_to_be_in_set", {"value_set": [1.5, 2]}, 1),
        ("True False True", "expect_column_values_to_be_in_set", {"value_set": [True]}, 1),
        ("2024-01-01 2024-02-01 2025-01-01", "expect_column_values_to_be_between", {"max_value": "2024-12-31"}, 1),
        ("2024-01-01 2024-02-01 01/02/2024", "expect_column_values_to_match_strftime_format",
         {"strftime_format": "%Y-%m-%d"}, 1),
        ("a b b", "expect_column_values_to_be_in_set", {"value_set": ["a"]}, 2),
        ("10 9 8", "expect_column_values_to_be_increasing", {}, 2),
        ("2 10 11", "expect_column_values_to_be_increasing", {}, 0),
    ],
)  # fmt: skip
def test_columns_are_shown_as_they_are_asked_for(
    values: str, kind: str, kwargs: dict[str, Any], count: int, tmp_path: Path
) -> None:
    """Patterns and lengths see text, numeric bounds numbers, keys what loses nothing, sets what they are made of."""
    text = "c,d\n" + "".join(f"{value},x\n" for value in values.split()) + ",x\n"
    result = text_of(tmp_path, text, kind, column="c", **kwargs)
    assert (result.error, result.count, result.rows) == ("", count, 3)


def test_the_condition_and_the_column_may_want_one_column_differently(tmp_path: Path) -> None:
    """A pattern on one column's text holds beside a condition on another column's number."""
    text = "zip,amount\n" + "".join(f"{1000 + n},{n}\n" for n in range(40))
    over = {"type": "comparison", "column": {"name": "amount"}, "operator": ">=", "parameter": 30}
    result = text_of(
        tmp_path, text, "expect_column_values_to_match_regex", column="zip", regex="^103[0-4]$", row_condition=over
    )
    assert (result.count, result.rows) == (5, 10)


def test_empty_fields_are_null_and_words_are_not(tmp_path: Path) -> None:
    """An empty field of delimited text is null; a word for nothing is one only among numbers."""
    text = "town,size,name\nLisbon,1,Ana\n,,Rui\nn/a,n/a,Eva\n"
    assert text_of(tmp_path, text, "expect_column_values_to_not_be_null", column="town").count == 1
    assert text_of(tmp_path, text, "expect_column_values_to_not_be_null", column="size").count == 2


def test_typed_sources_are_taken_as_they_are() -> None:
    """A text of digits in a typed source stays text."""
    typed = pa.table({"c": ["1", "2", "3"], "n": [1, 2, None]})
    assert of(typed, "expect_column_values_to_be_in_set", column="c", value_set=["1"]).count == 2
    assert of(typed, "expect_column_values_to_be_of_type", column="n", type_="int64").success
    encoded = pa.table({"c": pa.array(["a", "b", "a"]).dictionary_encode()})
    assert of(encoded, "expect_column_values_to_match_regex", column="c", regex="a").count == 1


def test_a_source_without_rows() -> None:
    """No rows break a query: it is told that it saw none, as are types, which come with rows. Columns are there all the
    same, and no row is a number of rows.
    """
    nothing = pa.table({"pay": pa.array([], pa.int64())})
    query = {"unexpected_rows_query": "SELECT * FROM {batch} WHERE pay > 1"}
    assert of(nothing, "unexpected_rows_expectation", **query) == RowResult(success=True, rows=0, observed=0)
    some = pa.table({"pay": [1, 2, 3]})
    assert of(some, "unexpected_rows_expectation", **query) == RowResult(success=False, rows=3, observed=2)
    for kind, kwargs in (
        ("expect_column_values_to_be_of_type", {"type_": "int64"}),
        ("expect_column_values_to_be_in_type_list", {"type_list": ["str"]}),
    ):
        assert of(nothing, kind, column="pay", **kwargs) == RowResult(None, NO_TYPES)
    assert of(nothing, "expect_column_to_exist", column="pay") == RowResult(success=True)
    assert of(nothing, "expect_table_row_count_to_equal", value=0) == RowResult(success=True, observed=0)


def test_an_expectation_of_somebody_else_may_look_at_any_column() -> None:
    """What a type outside of the core takes is not known, so all columns are read for it."""
    ours = RowExpectation("expect_column_values_to_be_unique", {"column": "b"}, "critical", 1)
    theirs = RowExpectation("expect_column_to_follow", {"column": "b", "leader": "c"}, "critical", 2)
    assert asked_for([ours], ("a", "b", "c")) == ("b",)
    assert asked_for([ours, theirs], ("a", "b", "c")) == ("a", "b", "c")


def test_only_columns_that_are_looked_at_are_kept() -> None:
    """A column is kept for who names it, in a condition in any case; all for who asks which there are, or whose text
    may name any; and one for who counts rows.
    """
    columns = ("a", "b", "c")
    over = {"type": "comparison", "column": {"name": "C"}, "operator": ">", "parameter": 1}
    plain, exists, rows, text = (
        RowExpectation(kind, kwargs, "critical", 1)
        for kind, kwargs in (
            ("expect_column_values_to_be_unique", {"column": "b", "row_condition": over}),
            ("expect_column_to_exist", {"column": "b", "column_index": 1}),
            ("expect_table_row_count_to_equal", {"value": 3}),
            ("unexpected_rows_expectation", {"unexpected_rows_query": "SELECT * FROM {batch} WHERE c > 1"}),
        )
    )
    assert kept_for([plain, rows], columns) == ("b", "c")
    assert kept_for([rows], columns) == ("a",)
    assert kept_for([plain, exists], columns) == kept_for([text], columns) == columns
    some = pa.table({"a": [1, 2, 3], "b": [1, 2, 2], "C": [1, 2, 2]})
    held = hold([plain, rows], sample_of("t", some), {})
    assert held == (RowResult(success=False, rows=2, count=2), RowResult(success=True, observed=3))
    assert hold([rows], sample_of("t", some), {}) == (RowResult(success=True, observed=3),)


def test_observed_values_stay_here(source: Source) -> None:
    """Counts and rates are told; extremes, means and values are not."""
    told = {
        kind: result.observed
        for kind, result in zip(sorted(CORE), on(source, *map(expectation, sorted(CORE))), strict=True)
        if result.observed is not None
    }
    assert told == {
        "expect_column_proportion_of_non_null_values_to_be_between": pytest.approx(1 / 3),
        "expect_column_proportion_of_unique_values_to_be_between": pytest.approx(1 / 60),
        "expect_column_unique_value_count_to_be_between": 60,
        "expect_table_column_count_to_be_between": 11,
        "expect_table_column_count_to_equal": 11,
        "expect_table_row_count_to_be_between": 60,
        "expect_table_row_count_to_equal": 60,
        "unexpected_rows_expectation": 60,
    }
