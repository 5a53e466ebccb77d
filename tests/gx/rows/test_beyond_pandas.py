"""What Great Expectations has for SQL alone, and works on Polars."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from side_by_side.running import batches, gx

gxe = gx.expectations
WORDS = ["ab", "a%b", "a_b", "aXb", "AB", "", "a\nb", "ab\n", "é", ".*", None]


def unexpected(expectation: Any) -> list[Any]:
    batch = batches()[1].get_batch(batch_parameters={"dataframe": pl.DataFrame({"v": WORDS, "k": range(len(WORDS))})})
    told = batch.validate(expectation, result_format="COMPLETE")
    assert not told.exception_info.get("raised_exception"), told.exception_info
    return list(told.result["unexpected_list"])


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("a%b", {"ab", "a%b", "a_b", "aXb", "a\nb"}),
        ("a_b", {"a%b", "a_b", "aXb", "a\nb"}),
        ("a%", {"ab", "a%b", "a_b", "aXb", "a\nb", "ab\n"}),
        ("%", set(WORDS) - {None}),
        ("_", {"é"}),
        ("", {""}),
        (".*", {".*"}),
    ],
)
def test_like_patterns(pattern: str, matched: set[str]) -> None:
    """`%` is any text and `_` any one character, line ends too; all else is itself, and case counts."""
    others = [word for word in WORDS if word is not None and word not in matched]
    own = [word for word in WORDS if word in matched]
    assert unexpected(gxe.ExpectColumnValuesToMatchLikePattern(column="v", like_pattern=pattern)) == others
    assert unexpected(gxe.ExpectColumnValuesToNotMatchLikePattern(column="v", like_pattern=pattern)) == own


def test_lists_of_like_patterns() -> None:
    """Any, all, or none of the patterns."""
    listed = {"column": "v", "like_pattern_list": ["a%", "%b"]}
    every = [word for word in WORDS if word is not None]
    some = [word for word in every if word.startswith("a") or word.endswith("b")]
    both = [word for word in some if word.startswith("a") and word.endswith("b")]
    asked = gxe.ExpectColumnValuesToMatchLikePatternList
    assert unexpected(asked(**listed, match_on="any")) == [word for word in every if word not in some]
    assert unexpected(asked(**listed, match_on="all")) == [word for word in every if word not in both]
    assert unexpected(gxe.ExpectColumnValuesToNotMatchLikePatternList(**listed)) == some


def test_rows_that_sql_finds() -> None:
    """A query on the batch: the rows that it finds are unexpected."""
    batch = batches()[1].get_batch(batch_parameters={"dataframe": pl.DataFrame({"v": [3, -1, None, -2]})})
    query = "SELECT v FROM {batch} WHERE v < 0 ORDER BY v"
    told = batch.validate(gxe.UnexpectedRowsExpectation(unexpected_rows_query=query), result_format="COMPLETE")
    assert not told.success
    assert told.result["observed_value"] == 2
    assert told.result["details"]["unexpected_rows"] == [{"v": -2}, {"v": -1}]
    none = gxe.UnexpectedRowsExpectation(unexpected_rows_query="SELECT v FROM {batch} WHERE v > 3")
    assert batch.validate(none).success
