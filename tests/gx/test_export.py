"""Limits as core expectations: what is said, what is not, and that no value leaves."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from walkaround.checks import checks
from walkaround.columns.shapes import Masks
from walkaround.connectors import sample_of
from walkaround.gx.export import Exported, dumps, exported, patterns
from walkaround.gx.export.presence import NOT_COMPARED
from walkaround.gx.export.sayings import NOT_KEPT
from walkaround.measures.column.lengths import Lengths
from walkaround.measures.column.shapes import Shapes
from walkaround.model.policy import Policy
from walkaround.model.source import ColumnSpec, Source
from walkaround.profiling import dump, load, profile
from walkaround.workflow.assess import suite_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "walkaround" / "gx" / "export"
sys.path.insert(0, str(ROOT / "tests" / "golden"))
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROWS = 400
BARE = Source("s", "s")


def export(columns: dict[str, Any], source: Source = BARE) -> Exported:
    """The export of a pilot that is held in memory, so that its columns are typed."""
    pilot = profile(sample_of("s", pl.DataFrame(columns)), source)
    return exported(suite_of("s", pilot, Policy(), NOW), pilot)


def said(of: Exported, kind: str, column: str | None = None) -> list[dict[str, Any]]:
    """The arguments of the expectations of one type."""
    found = [dict(each.core.kwargs) for each in of.said if each.core.type == kind]
    return [kwargs for kwargs in found if column is None or kwargs["column"] == column]


def why_not(of: Exported, fact: str) -> list[str]:
    """Why a fact was not said."""
    return [lacking.why for lacking in of.lacking if fact in lacking.facts]


def test_the_export_of_the_sample(tmp_path: Path) -> None:
    """Is what it was: every expectation, reason and figure; `make golden` renews it."""
    from core_suites import export_sample  # noqa: PLC0415 - a script beside the golden files

    export_sample(tmp_path)
    for source in ("crm.customers", "crm.orders"):
        golden = ROOT / "tests" / "golden" / "core_suites" / f"{source}.json"
        assert (tmp_path / f"{source}.json").read_text(encoding="utf-8") == golden.read_text(encoding="utf-8"), source


def test_every_limit_is_said_or_told_to_be_unsaid() -> None:
    """There is no fact of any check of which nothing is known, and none is lost."""
    days = [f"{1 + n % 28:02d}/{1 + n % 12:02d}/2024" for n in range(ROWS)]
    names = [f"{'ABCDEFGH'[n % 8]}ana Sil{'abcdefgh'[n % 7]}a" for n in range(ROWS)]
    of = export(
        {
            "id": list(range(ROWS)),
            "amount": [n / 7 for n in range(ROWS)],
            "day": days,
            "name": names,
            "code": ["A", "B"] * (ROWS // 2),
            "empty": [None] * (ROWS - 1) + ["x"],
            "flag": [True, False] * (ROWS // 2),
        },
        Source("s", "s", key=("id",)),
    )
    assert not [lacking for lacking in of.lacking if "no core expectation is known" in lacking.why]
    pilot = profile(sample_of("s", pl.DataFrame({"day": days, "name": names})), Source("s", "s"))
    suite = suite_of("s", pilot, Policy(), NOW)
    told = exported(suite, pilot)
    spoken = {(each.limit.code, each.limit.columns) for each in told.said}
    spoken |= {(lacking.code, (name,)) for lacking in told.lacking for name in lacking.columns}
    spoken |= {(lacking.code, ()) for lacking in told.lacking if not lacking.columns}
    spoken.add(("FMT006", ("day",)))  # whose one pattern, of digits and slashes, rules out every sign
    assert {(e.limit.code, e.limit.columns) for e in suite.expectations} <= spoken


def test_the_page_tells_what_becomes_of_each_check() -> None:
    """docs/gx-export.md names every check, and the core expectations are those that sayings make."""
    page = (ROOT / "docs" / "gx-export.md").read_text(encoding="utf-8")
    table = page.partition("### What becomes of each check")[2].partition("### ")[0]
    assert set(re.findall(r"[A-Z]{3}\d{3}", table)) == {check.code for check in checks()} - {"USR001"}
    sources = [(PACKAGE / name).read_text(encoding="utf-8") for name in ("presence.py", "values.py", "suite.py")]
    made = {kind for source in sources for kind in re.findall(r'"(expect_\w+)"', source)}
    assert set(re.findall(r"`(expect_\w+)", table)) == made - {"expect_column_values_to_match_regex_list"}


def test_shares_are_of_the_rows_that_gx_counts() -> None:
    """100 of 400 rows are null and 6 blank; of the 300 others, 0.5 % of 294 and the blanks may have another shape."""
    texts = ["AB-1", "CD-2"] * 147 + ["  "] * 6 + [None] * 100
    of = export({"code": texts})
    (shapes,) = [k for k in said(of, "expect_column_values_to_match_regex") if "[0-9]" in k["regex"]]
    assert shapes["regex"] == "^[A-Z]+-[0-9]+$"
    assert shapes["mostly"] == pytest.approx(1 - (0.005 * 294 + 6) / 300, abs=1e-6)
    (nulls,) = said(of, "expect_column_values_to_not_be_null")
    assert nulls["mostly"] == pytest.approx(1 - (106 / 400 + 0.005), abs=1e-6)


def test_the_limit_of_a_person_is_exported() -> None:
    """An edit counts as edited, with the person's words; what was deleted is not exported."""
    pilot = profile(sample_of("s", pl.DataFrame({"age": [20.0 + n % 50 for n in range(ROWS)]})), Source("s", "s"))
    suite = suite_of("s", pilot, Policy(), NOW)
    kept = [e for e in suite.expectations if e.limit.fact != "beyond_range_rate"]
    place = next(n for n, e in enumerate(kept) if e.limit.fact == "missing_rate")
    edited = replace(kept[place].limit, max_value=0.25, severity="warning")
    kept[place] = replace(kept[place], limit=edited, notes="Agreed with sales.")
    raw = json.loads(dumps(exported(replace(suite, expectations=tuple(kept)), pilot)))
    (found,) = [e for e in raw["expectations"] if e["type"] == "expect_column_values_to_not_be_null"]
    assert found["kwargs"] == {"column": "age", "mostly": 0.75}
    assert (found["severity"], found["notes"]) == ("warning", "Agreed with sales.")
    assert found["meta"]["walkaround"]["pilot"] == {"value": 0.0, "count": 0, "of": ROWS}
    bounds = [e["kwargs"] for e in raw["expectations"] if e["type"] == "expect_column_values_to_be_between"]
    assert [kwargs for kwargs in bounds if kwargs["min_value"] > 0] == []


def test_a_minimum_of_a_person_is_told_to_be_unsaid() -> None:
    """Of a limit with both ends the maximum is exported, and the minimum stands in the list of what is not."""
    pilot = profile(sample_of("s", pl.DataFrame({"age": [20.0 + n % 50 for n in range(ROWS)]})), Source("s", "s"))
    suite = suite_of("s", pilot, Policy(), NOW)
    (missing,) = [e for e in suite.expectations if e.limit.fact == "missing_rate"]
    both = replace(missing, limit=replace(missing.limit, min_value=0.1, max_value=0.25))
    of = exported(replace(suite, expectations=(both,)), pilot)
    assert said(of, "expect_column_values_to_not_be_null") == [{"column": "age", "mostly": 0.75}]
    assert why_not(of, "missing_rate") == ["its minimum is left out: core expectations hold the share from above only"]


def test_categories_are_told_as_law_4_allows() -> None:
    """Those of ten rows or more, of a column that is not personal; the others' rows are let through."""
    values = ["north"] * 200 + ["south"] * 191 + ["secret"] * 9
    (kwargs,) = said(export({"region": values}), "expect_column_values_to_be_in_set")
    assert kwargs["value_set"] == ["north", "south"]
    assert kwargs["mostly"] == pytest.approx(1 - (0.005 * 400 + 9) / 400, abs=1e-6)
    personal = Source("s", "s", columns={"region": ColumnSpec("region", personal=True)})
    of = export({"region": values}, personal)
    assert "north" not in dumps(of)
    assert why_not(of, "new_value_rate") == ["the column is personal: numbers and values of it stay with the data"]


def test_numbers_of_personal_columns_stay() -> None:
    """Neither their range nor their fences are told; that none was negative is no number of theirs."""
    of = export({"salary": [31_415.0 + 7 * n for n in range(ROWS)]})
    (kwargs,) = said(of, "expect_column_values_to_be_between")
    assert kwargs == {"column": "salary", "min_value": 0, "mostly": 0.999}
    assert not re.search(r"3141\d|34208", dumps(of))


def test_a_name_with_a_dot_is_not_said_to_exist() -> None:
    """On Spark it would be said to be missing; its values are held all the same."""
    of = export({"home.dest": ["a", "b"] * 200, "home": ["a", "b"] * 200})
    assert said(of, "expect_column_to_exist") == [{"column": "home"}]
    assert len(why_not(of, "column_gone")) == 1
    assert len(said(of, "expect_column_values_to_not_be_null", "home.dest")) == 1


CENTS = [Decimal(cents) / 100 for cents in range(10, 10 + ROWS)]


def test_decimals_are_held_with_a_unit_to_spare() -> None:
    """They are objects of no type on pandas; a float bound of 0.1 is above the decimal 0.10, so it is 0.09."""
    of = export({"price": pl.Series(CENTS, dtype=pl.Decimal(12, 2))})
    assert said(of, "expect_column_values_to_be_in_type_list") == []
    assert why_not(of, "other_type_rate") == ["decimals: pandas holds them as objects, and tells no type of those"]
    bounds = [k for k in said(of, "expect_column_values_to_be_between") if "max_value" in k]
    assert [(k["min_value"], k["max_value"]) for k in bounds] == [(pytest.approx(0.09), pytest.approx(4.10))]


def test_bounds_of_decimals_of_unknown_digits_are_unsaid() -> None:
    """How much to spare is not known where a source says NUMERIC and no more."""
    pilot = profile(sample_of("s", pl.DataFrame({"price": pl.Series(CENTS, dtype=pl.Decimal(12, 2))})), BARE)
    bare = replace(pilot, columns={"price": replace(pilot.columns["price"], declared="NUMERIC")})
    of = exported(suite_of("s", pilot, Policy(), NOW), bare)
    assert [k for k in said(of, "expect_column_values_to_be_between") if "max_value" in k] == []
    assert len(why_not(of, "beyond_range_rate")) == 1


def test_sentinels_of_decimals_are_whole_numbers() -> None:
    """The decimal 999.99 is not the float 999.99, which a suite would have: it would be found by some engines only."""
    values = [Decimal(f"{n * 5}.25") for n in range(ROWS)]
    floats, decimals = (
        said(export({"price": pl.Series(values).cast(dtype)}), "expect_column_values_to_not_be_in_set")[0]["value_set"]
        for dtype in (pl.Float64, pl.Decimal(12, 2))
    )
    assert set(floats) - set(decimals) == {999.99}


@pytest.mark.parametrize("odd", [lambda n: [str(n)], lambda n: {"a": n}, lambda n: b"%d" % n])
def test_what_cannot_be_compared_is_not_said_to_be_unique(odd: Callable[[int], Any]) -> None:
    """Lists, structs and bytes: not as a key, nor among the columns of a row."""
    frame = {"id": list(range(ROWS)), "odd": [odd(n) for n in range(ROWS)]}
    keyed = export(frame, Source("s", "s", key=("odd",)))
    assert said(keyed, "expect_column_values_to_be_unique") == []
    assert why_not(keyed, "repeated_key_rate") == why_not(keyed, "duplicate_rows_beyond_rate") == [NOT_COMPARED.why]
    plain = export(frame, Source("s", "s", key=("id",)))
    assert said(plain, "expect_column_values_to_be_unique") == [{"column": "id"}]


def test_names_that_differ_in_case_are_unsaid() -> None:
    """GX takes a name in another case for the same: what is asked of one column might be answered of the other."""
    of = export({"Amount": list(range(ROWS)), "amount": ["a", "b"] * 200, "other": ["a", "b"] * 200})
    named = [each.core.kwargs["column"] for each in of.said if "column" in each.core.kwargs]
    assert set(named) == {"other"}
    assert not said(of, "expect_compound_columns_to_be_unique")
    (missing,) = [each for each in of.lacking if each.code == "MIS001"]
    assert (missing.columns, "differ in case" in missing.why) == (("Amount", "amount"), True)


def test_a_text_of_numbers_stays_text_where_the_source_is_typed() -> None:
    """What is text in a database is text for Great Expectations, which does not compare it by size."""
    of = export({"amount": [f"{n}.5" for n in range(ROWS)]})
    assert of.forms == {"amount": "text"}
    assert said(of, "expect_column_values_to_be_between") == []
    assert len(why_not(of, "beyond_range_rate")) == 1


@pytest.mark.parametrize(
    ("lines", "form"),
    [
        (["1", "2.5", "-3", ""], "number"),
        (["007", "008", "009", "010"], "text"),
        (["1", "2", "N/A", "4"], "text"),
        (["1,5", "2,5", "3,5", "4,5"], "text"),
        (["5 kg", "6 kg", "7 kg", "8 kg"], "text"),
    ],
)
def test_columns_of_text_files_are_numbers_where_every_reader_says_so(
    tmp_path: Path, lines: list[str], form: str
) -> None:
    """Plain numbers and empty fields alone; digits with leading zeros, words, units and commas make text."""
    from walkaround import workflow  # noqa: PLC0415 - as a user calls it

    file = tmp_path / "pilot.csv"
    file.write_text("a;b\n" + "".join(f"{line};x\n" for line in lines * 20), encoding="utf-8")
    assert workflow.core_suite_of(str(file)).forms == {"a": form, "b": "text"}


def test_what_stands_in_git_is_enough() -> None:
    """Without the states that are not kept in git the export says less, and says why; nothing fails."""
    frame = pl.DataFrame({"region": ["north", "south"] * 200, "email": [f"u{n}@example.com" for n in range(ROWS)]})
    pilot = profile(sample_of("s", frame), Source("s", "s"))
    suite = suite_of("s", pilot, Policy(), NOW)
    kept = load(dump(pilot, portable=True), "pilot.json")
    less = exported(suite, kept)
    assert less.forms == exported(suite, pilot).forms
    assert said(less, "expect_column_values_to_be_in_set") == []
    assert len(why_not(less, "new_value_rate")) == 1


def test_a_text_whose_shapes_were_not_kept_is_not_called_typed() -> None:
    """Of text without the states of its shapes and lengths it is told that they were not kept."""
    pilot = profile(sample_of("s", pl.DataFrame({"code": ["AB-1", "CD-2"] * 200})), Source("s", "s"))
    suite = suite_of("s", pilot, Policy(), NOW)
    code = pilot.columns["code"]
    rest = tuple(state for state in code.measures if not isinstance(state, Shapes | Lengths))
    of = exported(suite, replace(pilot, columns={"code": replace(code, measures=rest)}))
    assert why_not(of, "new_shape_rate") == why_not(of, "length_beyond_rate") == [NOT_KEPT.why]


def _matches(regex: str, text: str) -> set[bool]:
    """Whether Python, Polars (Rust) and Arrow (RE2) find a pattern in a text."""
    rust = pl.Series([text]).str.contains(regex)[0]
    return {re.search(regex, text) is not None, rust, pc.match_substring_regex(pa.array([text]), regex)[0].as_py()}


def _shape(text: str) -> str:
    return str(Masks.of(pa.array([text], pa.large_string())).shapes[0])


texts = st.text(
    st.characters(codec="utf-8", min_codepoint=32, exclude_characters="\x7f\x85\u2028\u2029"), min_size=1, max_size=60
)
signs = st.text(st.sampled_from("aZ9 é€|.*+?()[]{}^$\\-/&~#,;:'\"@_"), min_size=1, max_size=12)


@settings(deadline=None, max_examples=300)
@given(texts | signs, texts | signs)
def test_the_pattern_of_a_shape_is_the_shape(text: str, other: str) -> None:
    """It matches the text that it was made of, and no text of another shape, in Python, Rust and RE2 alike."""
    shape = _shape(text)
    assert _matches(patterns.of_shape(shape), text) == {True}
    if not shape.endswith("…"):
        assert _matches(patterns.of_shape(shape), other) == {_shape(other) == shape}


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("aB9 é.Ã©\u0080"), min_size=1, max_size=8).filter(str.strip))
def test_a_shape_rules_out_what_its_texts_cannot_have(text: str) -> None:
    """Where a sign is said to be spoken for by a shape, no text of that shape has it."""
    shape = _shape(text)
    for sign, regex in patterns.OF_SIGN.items():
        if patterns.rules_out([shape], sign):
            assert _matches(regex, text) == {False}, sign


@pytest.mark.parametrize(
    ("sign", "has", "has_not"),
    [
        ("padded", " a", "a b"), ("padded", "a\t", "a\tb"), ("doubled", "a  b", "a b c"), ("control", "a\x1bb", "a\tb"),
        ("damaged", "SÃ£o", "São"), ("damaged", "a\ufffd", "a"), ("damaged", "donâ€™t", "don\u2019t"),
        ("upper", "A-1", "Aa"), ("lower", "a-1", "aA"), ("mixed", "aA", "a-a"),
    ],
)  # fmt: skip
def test_patterns_of_signs(sign: str, has: str, has_not: str) -> None:
    """Each finds what its sign is, and nothing else."""
    assert _matches(patterns.OF_SIGN[sign], has) == {True}
    assert _matches(patterns.OF_SIGN[sign], has_not) == {False}


def test_patterns_of_words_for_nothing() -> None:
    """In any case, with spaces around, whole; or the words that the settings name and no other."""
    usual = patterns.of_missing_words(None)
    assert [_matches(usual, text) for text in ("N/A", " unknown ", "-", "nab", "x")] == [{True}] * 3 + [{False}] * 2
    named = patterns.of_missing_words(("keine",))
    assert [_matches(named, text) for text in ("KEINE", "N/A")] == [{True}, {False}]


@pytest.mark.parametrize(
    ("label", "fits", "fails"),
    [
        ("%Y-%m-%d", "2024-4-03", "03/04/2024"),
        ("%d/%m/%Y|%m/%d/%Y", "3/4/2024", "2024/3/4"),
        ("%b %d %Y", "Mar 3, 2024", "3 Mar 2024"),
        ("%Y-%m-%d %H:%M:%S%z", "2024-04-03T10:11:12.5Z", "2024-04-03"),
        ("%I:%M %p %d/%m/%y", "3:04 PM 3/4/24", "3/4/24 3:04 PM"),
    ],
)
def test_patterns_of_date_formats(label: str, fits: str, fails: str) -> None:
    """A date is found where our reader reads it in that format."""
    (regex,) = patterns.of_date_formats([label])
    assert _matches(regex, fits) == {True}
    assert _matches(regex, fails) == {False}
