r"""Regular expressions mean to Polars what they mean to Python, although its engine has other rules."""

# ruff: noqa: RUF001 - letters that look alike are what is tested
from __future__ import annotations

import re
import unicodedata
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from side_by_side.running import batches, gx

TEXTS = (
    "", " ", "a", "A", "aa", "ab", "abc", "a\n", "a\n\n", "\na", "a\nb", "a\r\n", "a.b", "a b", "a\tb", "_",
    "1", "12", "a1", "١٢", "१", "½", "Ⅷ", "é", "e\u0301", "\u0301", "ß", "ẞ", "SS", "ı", "İ", "ſ", "K",
    "\u212a", "µ", "μ", "Σ", "ς", "σ", "\x00", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85",
    "\xa0", "\u2028", "\u3000", "\u200b", "\ufeff", "🙂", "👩\u200d💻", "&&", "[:alpha:]", "[a]", "x{,2}",
    "a{,2}", "]", "-", "^", "$", "\\", "~", "a-z", "日本", "e@x.org", "2024-01-31",
)  # fmt: skip
PATTERNS = (
    "a", "^a", "a$", "^a$", "^$", "$", r"\Aa", r"a\Z", r"^a\Z", "(?m)^a$", "(?m)a$", "(?s)a.b", "a.b",
    "(?i)a", "(?i)ß", "(?i)k", "(?i)σ", "(?i:a)b", "(?a:\\w)", r"(?a)^\w+$", "(?x) a  b ", "(?x)a # note",
    r"\w", r"^\w+$", r"\W", r"\d", r"^\d+$", r"\D", r"\s", r"^\s$", r"\S", r"\bb", r"\Bb", r"a\b", "a(?=b)",
    "a(?!b)", "(?<=a)b", "(?<!a)b", r"(a)\1", r"(?P<x>a)(?P=x)", "(?P<x>a)b", "(?>a+)b", "a++b",
    "(a)?b(?(1)c|d)", "a{,2}", "^a{,2}$", "^x{,2}$", "a{1,}", "a{2}", "a{", "{", "a{1", "x{a}", "a{,}",
    "a??", "a*?b", "a|b", "(?:a|b)c", "|", "()", "a||b", "[a&&b]", "[a&&[^b]]", "[a~~b]", "[[:alpha:]]",
    "[:alpha:]", "[]a]", "[^]a]", "[a-]", "[-a]", r"[\w-]", r"[^\W\d_]", r"[\s\S]", r"[\]]", "[[]", "[a^]",
    "[.]", r"\.", r"\x41", r"\u00e9", r"\N{LATIN SMALL LETTER A}", r"\0", r"\x00", r"[\b]", "\\t", "\\f",
    "\\v", "#", " ", r"\-", r"\_", r"\ ", r"\&", r"\é", "(?#note)a", ".", "^.$", "^..$", "é", "e\u0301",
    "🙂", r"^[^@\s]+@[a-z.]+$", r"^\d{4}-\d{2}-\d{2}$",
)  # fmt: skip
INVALID = (
    "[a--b]", "(", ")", "[", "*a", "a**", r"\1", "(?P<1>a)", "(?<x>a)", r"\p{L}", r"\z", "(?u-i)a", "[z-a]",
    "a{2,1}", r"\Q", "(?U)a", r"(?<=a+)b",
)  # fmt: skip
"""No patterns to Python; some of them are to Rust."""

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # Python on `[[` and `--` within a class


CHARACTERS = [character for character in map(chr, range(0x110000)) if unicodedata.category(character) != "Cs"]


def validated(texts: list[str | None], pattern: str) -> Any:
    batch = batches()[1].get_batch(batch_parameters={"dataframe": pl.DataFrame({"v": texts}, schema={"v": pl.String})})
    expectation = gx.expectations.ExpectColumnValuesToMatchRegex(column="v", regex=pattern)
    return batch.validate(expectation, result_format="COMPLETE")


def unmatched(texts: list[str], pattern: str) -> list[str]:
    return [text for text in texts if re.search(pattern, text) is None]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_python_matches(pattern: str) -> None:
    """Look-around, references, ends, classes beyond ASCII, flags, and signs that mean something to Rust alone."""
    assert validated(list(TEXTS), pattern).result["unexpected_list"] == unmatched(list(TEXTS), pattern)


@pytest.mark.parametrize("pattern", INVALID)
def test_what_is_no_pattern_to_python_raises(pattern: str) -> None:
    """A suite says on Polars what it says on pandas, and nothing by accident."""
    with pytest.raises(re.error):
        re.compile(pattern)
    told = validated(["a"], pattern)
    assert not told.success
    assert told.exception_info


@pytest.mark.parametrize("pattern", [r"\w", r"\d", r"\s", r"^.$", r"[^\W\d]", "(?i)[a-z]", "(?i)é", r"\b"])
def test_every_character_is_of_the_class_that_python_says(pattern: str) -> None:
    """Each character of Unicode, alone: all that Python matches are expected, and all others unexpected."""
    found = pl.Series([re.search(pattern, character) is not None for character in CHARACTERS])
    batch = batches()[1].get_batch(batch_parameters={"dataframe": pl.DataFrame({"v": CHARACTERS, "found": found})})
    for which, unexpected in ((True, 0), (False, len(found) - found.sum())):
        expectation = gx.expectations.ExpectColumnValuesToMatchRegex(
            column="v", regex=pattern, row_condition=gx.expectations.row_conditions.Column("found") == which
        )
        assert batch.validate(expectation, result_format="BASIC").result["unexpected_count"] == unexpected


PIECES = st.sampled_from(
    ["a", "b", ".", r"\w", r"\d", r"\s", "é", "^", "$", r"\b", "[a-c]", "[^a]", "(?:a|b)", "(a)", r"\n", " ", "1"]
)
REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{1,2}", "{,2}", "*?"])
LETTERS = st.text(st.sampled_from("ab1 é\n\u0301_A"), max_size=5)


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """Patterns of a few pieces, some repeated; all valid."""
    pieces = draw(st.lists(st.tuples(PIECES, REPEATS), min_size=1, max_size=5))
    return "".join(piece if piece in {"^", "$", r"\b"} else piece + repeat for piece, repeat in pieces)


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(patterns(), st.lists(LETTERS, min_size=1, max_size=8))
def test_drawn_patterns_match_what_python_matches(pattern: str, texts: list[str]) -> None:
    """Any pattern of the common pieces, on texts of the letters that they are about."""
    assert validated(texts, pattern).result["unexpected_list"] == unmatched(texts, pattern)
