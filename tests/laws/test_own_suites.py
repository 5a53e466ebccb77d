"""What an answer of Great Expectations on some rows, or on none, says of a source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from walkaround.intervals import DesignEffect
from walkaround.judging import RowsRead, findings, row_outcomes, verdict
from walkaround.measures.effects import Effects
from walkaround.model.core_expectations import CORE
from walkaround.model.outcome import Outcome
from walkaround.model.row_suite import RowExpectation, RowResult, RowSuite
from walkaround.model.sample import Barrier, Drawn, SourceFacts

WHOLE = RowsRead("crm", Drawn("full", 7, 1000, 1.0), SourceFacts("delimited", rows_total=1000, rows_total_is="exact"))
SAMPLE = RowsRead("crm", Drawn("lines", 7, 400, 0.4), SourceFacts("delimited", rows_total=1000, rows_total_is="exact"))
FIRST = replace(SAMPLE, drawn=replace(SAMPLE.drawn, method="first", probability=False))

BETWEEN, UNIQUE = "expect_column_values_to_be_between", "expect_column_values_to_be_unique"
LARGEST, ROWS = "expect_column_max_to_be_between", "expect_table_row_count_to_be_between"
FILLED = "expect_column_proportion_of_non_null_values_to_be_between"


def outcome(
    kind: str, result: RowResult, read: RowsRead = SAMPLE, severity: Any = "critical", **kwargs: Any
) -> Outcome:
    columns = {} if kind == ROWS else {"column": "c"}
    suite = RowSuite("rows.json", (RowExpectation(kind, columns | kwargs, severity, 1),), "")
    return row_outcomes([suite], [result] if not read.problem else [], read, 0.95, [])[0]


def answered(count: int, rows: int, mostly: float = 1.0) -> RowResult:
    """What Great Expectations says of rows of which so many are unexpected."""
    return RowResult(rows == 0 or 1 - count / rows >= mostly, rows=rows, count=count)


@pytest.mark.parametrize(
    ("mostly", "count", "status", "limit"),
    [(1.0, 0, "pass", 0.0), (1.0, 1, "fail", 0.0), (0.95, 50, "pass", 0.05), (0.95, 51, "fail", 0.05)],
)
def test_all_rows_decide(mostly: float, count: int, status: str, limit: float) -> None:
    """On all rows the answer is the outcome, with its count, its share and what `mostly` allows."""
    found = outcome(BETWEEN, answered(count, 1000, mostly), WHOLE, mostly=mostly)
    assert (found.status, found.count, found.rows, found.observed) == (status, count, 1000, count / 1000)
    assert (found.limit, found.basis, found.severity) == (pytest.approx(limit), "exact", "blocker")


@pytest.mark.parametrize(
    ("mostly", "count", "rows", "status"),
    [
        (1.0, 0, 400, "pass"),
        (1.0, 1, 400, "fail"),
        (1.0, 0, 29, "not_assessed"),
        (0.95, 5, 400, "pass"),  # 95 % Wilson interval 0.5 to 2.9 %
        (0.95, 20, 400, "inconclusive"),  # 3.3 to 7.6 %
        (0.95, 40, 400, "fail"),  # 7.4 to 13.3 %
    ],
)
def test_a_share_on_a_sample(mostly: float, count: int, rows: int, status: str) -> None:
    """One bad row fails what allows none; a share passes or fails where its whole interval does."""
    assert outcome(BETWEEN, answered(count, rows, mostly), mostly=mostly).status == status


def test_pages_are_no_rows() -> None:
    """Where 20 pages of 20 rows were drawn and rows of a page are alike, what 400 rows decide they do not."""
    pages = Effects(largest=DesignEffect(10.0, 20, 19))
    read = replace(SAMPLE, effects={"c": pages})
    rows, paged = (outcome(BETWEEN, answered(40, 400, 0.95), each, mostly=0.95) for each in (SAMPLE, read))
    assert (rows.status, paged.status) == ("fail", "inconclusive")
    assert rows.interval is not None
    assert paged.interval is not None
    assert paged.interval[0] < 0.05 < rows.interval[0]
    few = outcome(
        BETWEEN, answered(0, 400), replace(SAMPLE, effects={"c": Effects(largest=DesignEffect(20.0, 20, 19))})
    )
    assert (few.status, "from so few places" in few.reason) == ("not_assessed", True)


def test_a_column_that_may_not_be_read() -> None:
    """What is asked of it folds into the finding that it may not be read."""
    barrier = Barrier("denied", "no right to read c", "", ("c",))
    told = outcome(BETWEEN, answered(0, 400), replace(SAMPLE, facts=replace(SAMPLE.facts, barriers=(barrier,))))
    assert (told.status, told.folded) == ("not_assessed", True)


def test_the_interval_is_told() -> None:
    """120 of 2,120 has the 95 % Wilson interval 4.75 to 6.73 %: against 6 % that is open."""
    found = outcome(BETWEEN, answered(120, 2120, 0.94), mostly=0.94)
    assert found.interval == pytest.approx((0.0475, 0.0673), abs=5e-5)
    assert found.status == "inconclusive"


def test_rows_not_drawn_by_chance_prove_only_what_they_show() -> None:
    """The first rows of a table fail what allows no bad row; nothing else follows from them."""
    assert outcome(BETWEEN, answered(1, 400), FIRST).status == "fail"
    assert outcome(BETWEEN, answered(0, 400), FIRST).status == "inconclusive"
    assert outcome(BETWEEN, answered(40, 400, 0.95), FIRST, mostly=0.95).status == "inconclusive"


def test_a_share_of_values_on_a_sample() -> None:
    """A bounded share of filled rows is held by its interval as well: 380 of 400 is 92.4 to 96.7 %."""
    for least, status in ((0.90, "pass"), (0.94, "inconclusive"), (0.97, "fail")):
        result = RowResult(success=least <= 0.95, rows=400, count=20, observed=0.95)
        assert outcome(FILLED, result, min_value=least).status == status


def test_strict_bounds_and_the_answer_itself_count_on_a_sample() -> None:
    """No null in 400 rows is a share of 1, which "below 1" forbids: a failure of all rows, and open on a sample, as the
    interval begins at 99.0 %; what Great Expectations denies never passes, and what it grants never fails.
    """
    full = RowResult(success=False, rows=400, count=0, observed=1.0)
    below = {"max_value": 1.0, "strict_max": True}
    assert outcome(FILLED, full, WHOLE, **below).status == "fail"
    assert outcome(FILLED, full, **below).status == "inconclusive"
    assert outcome(FILLED, full, max_value=1.0).status == "inconclusive"
    assert outcome(FILLED, replace(full, success=True), max_value=0.5).status == "inconclusive"
    assert outcome(FILLED, full, max_value=0.99).status == "fail"
    strict = {"max_value": 9, "strict_max": True, "mostly": 0.95}  # of the values, and not of the share
    assert outcome(BETWEEN, answered(5, 400, 0.95), **strict).status == "pass"


def test_a_type_that_was_guessed_holds_for_the_rows_that_were_seen() -> None:
    """What a column of text reads as is a claim on a sample; a declared type is a fact."""
    kind, as_asked = "expect_column_values_to_be_of_type", RowResult(success=True, rows=400)
    found = outcome(kind, as_asked, type_="int64")
    assert (found.status, found.basis) == ("pass", "sample")
    assert outcome(kind, replace(as_asked, success=False), type_="int64").status == "fail"
    assert outcome(kind, replace(as_asked, rows=29), type_="int64").status == "not_assessed"
    assert outcome(kind, as_asked, FIRST, type_="int64").status == "inconclusive"
    assert outcome(kind, as_asked, WHOLE, type_="int64").basis == "exact"
    declared = replace(FIRST, facts=SourceFacts("parquet"))
    assert (outcome(kind, as_asked, declared).status, outcome(kind, as_asked, declared).basis) == ("pass", "exact")


def test_what_repeats_in_a_sample_repeats() -> None:
    """A repeated key in a sample is a failure for certain; that none repeats there says nothing."""
    assert outcome(UNIQUE, answered(2, 400)).status == "fail"
    assert outcome(UNIQUE, answered(2, 400, 0.9), mostly=0.9).status == "not_assessed"
    assert outcome(UNIQUE, answered(0, 400)).status == "not_assessed"
    assert outcome(UNIQUE, answered(0, 1000), WHOLE).status == "pass"


def test_extremes_of_a_sample() -> None:
    """Beyond the outer bound in a sample is beyond it in the whole; within, or short of the inner bound, is open."""
    beyond, within = RowResult(success=False, rows=400), RowResult(success=True, rows=400)
    assert outcome(LARGEST, beyond, max_value=9).status == "fail"
    assert outcome(LARGEST, within, max_value=9).status == "not_assessed"
    assert outcome(LARGEST, beyond, min_value=5, max_value=9).status == "not_assessed"
    assert outcome(LARGEST, beyond, WHOLE, min_value=5).status == "fail"


@pytest.mark.parametrize(
    ("kwargs", "status"),
    [
        ({"min_value": 1000, "max_value": 1000}, "pass"),
        ({"min_value": 1000, "strict_min": True}, "fail"),
        ({"max_value": 999}, "fail"),
        ({"max_value": 1000, "row_condition": 'col("a") > 1'}, "not_assessed"),
    ],
)
def test_the_number_of_rows_is_what_the_source_says(kwargs: dict[str, Any], status: str) -> None:
    """Of a sample of 400, the row count is the 1,000 that the source has, exactly, or it is not assessed."""
    found = outcome(ROWS, RowResult(success=True, observed=400.0), **kwargs)
    assert found.status == status
    assert found.observed == (None if status == "not_assessed" else 1000)
    guessed = replace(SAMPLE, facts=replace(SAMPLE.facts, rows_total_is="estimate"))
    assert outcome(ROWS, RowResult(success=True, observed=400.0), guessed, max_value=1000).status == "not_assessed"


@pytest.mark.parametrize("kind", sorted(CORE))
def test_no_core_expectation_passes_on_nothing(kind: str) -> None:
    """Neither success on no values nor an error is a pass, nor what only the whole tells on a sample."""
    no_values = RowResult(success=True, rows=0, count=0)
    for read in (WHOLE, SAMPLE):
        if kind != "expect_column_to_exist":
            assert outcome(kind, no_values, read).status == "not_assessed"
        unanswered = outcome(kind, RowResult(None, "it raised"), read)
        assert (unanswered.status, unanswered.reason, unanswered.required) == ("not_assessed", "it raised", True)
    if CORE[kind].told in {"repeats", "whole", "extreme", "estimate"}:
        assert outcome(kind, RowResult(success=True, rows=400, count=0)).status in {"not_assessed", "inconclusive"}


def test_what_is_required() -> None:
    """A critical expectation without an answer is missing evidence, unless the pilot had no values there either."""
    nothing = RowResult(success=True, rows=0)
    assert outcome(BETWEEN, nothing).required
    assert not outcome(BETWEEN, nothing, severity="warning").required
    assert outcome(BETWEEN, nothing, replace(SAMPLE, filled=frozenset({"c"}))).required
    assert not outcome(BETWEEN, nothing, replace(SAMPLE, filled=frozenset({"d"}))).required
    assert not outcome(UNIQUE, answered(0, 400)).required
    assert verdict(findings([outcome(BETWEEN, nothing)]), 1).exit_code == 3


@pytest.mark.parametrize(
    ("severity", "weight", "word"),
    [
        ("critical", "blocker", "not_ready"),
        ("warning", "warning", "ready_with_conditions"),
        ("info", "info", "ready"),
    ],
)
def test_severities_weigh_in_the_verdict(severity: str, weight: str, word: str) -> None:
    """Critical blocks, warning is a condition, info is told."""
    found = outcome(BETWEEN, answered(3, 1000), WHOLE, severity)
    assert (found.severity, verdict(findings([found]), 1).word) == (weight, word)


def test_two_of_a_kind_stay_two() -> None:
    """The same type on the same column twice is two outcomes, two findings and two names, in two files as in one."""
    kinds = [RowExpectation(BETWEEN, {"column": "c", "max_value": high}, "critical", 1) for high in (5, 9)]
    suites = [RowSuite("a.json", tuple(kinds), ""), RowSuite("b.json", (kinds[0],), "")]
    for results in ([answered(1, 1000)] * 3, [RowResult(None, "it raised")] * 3):
        found = row_outcomes(suites, results, WHOLE, 0.95, [])
        assert [each.fact for each in found] == [f"{BETWEEN} #25f3", f"{BETWEEN} #f9b2", f"{BETWEEN} #25f3.2"]
        assert len({finding.label for finding in findings(found)}) == 3
        assert "(at most 9) of a.json" in found[1].detail


def test_a_name_does_not_depend_on_what_stands_before() -> None:
    """Two of a kind keep their names, the SHA-256 of their arguments, in either order and beside a third; a lone one
    needs none. Reports call the file by its name, and not by its path.
    """
    kinds = [RowExpectation(BETWEEN, {"max_value": high, "column": "c"}, "critical", 1) for high in (9, 5, 7)]
    for asked in (kinds, kinds[:2], kinds[1::-1]):
        suite = RowSuite("/srv/crm/rows.json", tuple(asked), "")
        found = row_outcomes([suite], [answered(1, 1000)] * len(asked), WHOLE, 0.95, [])
        assert {f"{BETWEEN} #25f3", f"{BETWEEN} #f9b2"} <= {each.fact for each in found}
    alone = row_outcomes([RowSuite("/srv/crm/rows.json", (kinds[0],), "")], [answered(1, 1000)], WHOLE, 0.95, [])
    assert [each.fact for each in alone] == [BETWEEN]
    assert alone[0].detail.endswith(" of rows.json")


def test_one_cause_one_finding() -> None:
    """Where the column is gone, or holds nothing any more, that finding speaks for the expectations on it."""
    gone = Outcome("SCH001", "crm", ("c",), "fail", "blocker", "column_gone")
    empty = Outcome("MIS001", "crm", ("c",), "fail", "blocker", "missing_rate", 1.0)
    suite = RowSuite("rows.json", (RowExpectation(BETWEEN, {"column": "c", "max_value": 5}, "critical", 1),), "")
    absent, nothing = RowResult(None, "there is no column c"), RowResult(success=True, rows=0, count=0)
    bare = replace(WHOLE, empty=frozenset({"c"}))
    assert row_outcomes([suite], [absent], WHOLE, 0.95, [gone])[0].folded
    assert row_outcomes([suite], [nothing], bare, 0.95, [empty])[0].folded
    assert not row_outcomes([suite], [nothing], WHOLE, 0.95, [empty])[0].folded  # a row condition chose nothing
    assert not row_outcomes([suite], [absent], WHOLE, 0.95, [])[0].folded
    unread = row_outcomes([suite], [], RowsRead("crm", problem="it is gone"), 0.95, [])[0]
    assert (unread.status, unread.folded) == ("not_assessed", True)


@pytest.mark.parametrize(
    ("observed", "words"), [(0.2, "is 0.2; the suite allows at most 0.1"), (0.0, "is 0; the suite asks for more")]
)
def test_a_fact_that_somebody_wrote_by_hand(observed: float, words: str) -> None:
    """An expectation of a fact without our meta is a finding of the same code, in words of its own."""
    failed = Outcome("USR001", "crm", ("email",), "fail", "warning", "missing_rate", observed, limit=0.1)
    assert findings([failed])[0].message == f"missing_rate of email {words}"


@pytest.mark.parametrize(
    ("kind", "result", "words"),
    [
        (BETWEEN, answered(3, 1000), "3 of 1,000 values of c (0.3 %) break "),
        (FILLED, RowResult(success=False, observed=0.5), "c has 0.5, which breaks "),
        (LARGEST, RowResult(success=False), "c breaks "),
        (ROWS, RowResult(success=False, observed=1000), "the table has 1,000 rows, which breaks "),
        (BETWEEN, RowResult(None, "it raised"), "c: "),
    ],
)
def test_a_message_names_its_column(kind: str, result: RowResult, words: str) -> None:
    """Whatever came of it: a page of findings about one suite would be a riddle otherwise."""
    assert findings([outcome(kind, result, WHOLE)])[0].message.startswith(words)
