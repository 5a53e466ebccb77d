"""Suites: their text, edits that survive a refreeze, and what differs between two."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from walkaround.errors import BaselineError, InternalError
from walkaround.gx.suite import Suite, diff, dumps, from_limits, loads, refreeze
from walkaround.model.expectation import Expectation
from walkaround.model.limit import Limit, PilotFigure

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)

MIS = Limit(
    "MIS001", "missing_rate", ("email",), 0.005, "critical", PilotFigure(0.0, 0, 2000), "The pilot had 0 %.",
    tolerance=0.005, grave=0.05,
)  # fmt: skip
DUP = Limit("DUP001", "repeats", ("a", "b"), 0.0, "critical", PilotFigure(0.0, 0, 9), "A key.", evidence="certain")
ROWS = Limit("DUP002", "duplicate_rate", (), 0.01, "warning", PilotFigure(), "Rows.")

WRITTEN = """\
{
  "name": "crm.customers",
  "meta": {
    "walkaround": {
      "pilot": "f1",
      "frozen": "2026-11-21T02:00:00+00:00",
      "generated": {
        "DUP001 repeats": [["a", "b"]],
        "MIS001 missing_rate": [["email"]]
      },
      "deleted": {
      }
    }
  },
  "expectations": [
    {"type": "expect_profile_fact_to_be_between", "kwargs": {"fact": "repeats", "columns": ["a", "b"], "max_value": 0.0}, "severity": "critical",
     "meta": {"walkaround": {"code": "DUP001", "pilot": {"value": 0.0, "count": 0, "of": 9}, "tolerance": 0.0, "evidence": "certain", "why": "A key.", "generated": {"max_value": 0.0, "severity": "critical"}}}},
    {"type": "expect_profile_fact_to_be_between", "kwargs": {"fact": "missing_rate", "column": "email", "max_value": 0.005}, "severity": "critical",
     "meta": {"walkaround": {"code": "MIS001", "pilot": {"value": 0.0, "count": 0, "of": 2000}, "tolerance": 0.005, "grave": 0.05, "why": "The pilot had 0 %.", "generated": {"max_value": 0.005, "severity": "critical"}}}}
  ]
}
"""  # noqa: E501 - lines as long as they stand in the file


def frozen(*limits: Limit, now: datetime = NOW) -> Suite:
    return from_limits("crm.customers", limits, "f1", now)


def edit(text: str, old: str, new: str) -> Suite:
    assert old in text
    return loads(text.replace(old, new), "suite.json")


def limit_of(suite: Suite, code: str) -> Limit:
    (found,) = [e.limit for e in suite.expectations if e.limit.code == code]
    return found


def test_text() -> None:
    """The text is this, whatever the order the limits came in, and reads back as the same suite."""
    assert dumps(frozen(MIS, DUP)) == dumps(frozen(DUP, MIS)) == WRITTEN
    assert loads(WRITTEN, "suite.json") == frozen(MIS, DUP)


numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
words = st.from_regex(r"[A-Z]{3}[0-9]{3}", fullmatch=True)


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    low, high = draw(st.tuples(numbers, numbers).filter(lambda pair: pair != (None, None)))
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    count = draw(st.none() | st.integers(0, 9))
    return Limit(
        draw(words.filter(lambda word: word != "USR001")),
        draw(st.sampled_from(["missing_rate", "outside", "x"])),
        tuple(draw(st.lists(names, max_size=3))),
        high,
        draw(st.sampled_from(["critical", "warning", "info"])),
        PilotFigure(draw(numbers), count, count),
        draw(names),
        low,
        draw(st.floats(0, 1)),
        draw(numbers),
        draw(st.sampled_from(["rise", "own", "certain"])),
    )


suites = st.lists(limits(), max_size=6, unique_by=lambda limit: limit.key).map(lambda drawn: frozen(*drawn))


@st.composite
def reviewed(draw: st.DrawFn) -> Suite:
    """A suite in which a person deleted, edited and wrote expectations."""
    suite = draw(suites)
    kept: list[Expectation] = []
    for made in suite.expectations:
        expectation, what = made, draw(st.sampled_from(["keep", "delete", "limit", "severity"]))
        if what == "limit":
            high = draw(st.floats(1e6, 1e7))
            expectation = replace(expectation, limit=replace(expectation.limit, max_value=high, min_value=None))
        elif what == "severity":
            expectation = replace(expectation, limit=replace(expectation.limit, severity="info"))
        if what != "delete":
            kept.append(expectation)
    if draw(st.booleans()):
        own = Limit("USR001", "rows", ("mine",), 5.0, "info", PilotFigure(), "Written by hand.", evidence="certain")
        kept.append(Expectation(own))
    return replace(suite, expectations=tuple(kept))


@settings(deadline=None)
@given(reviewed())
def test_round_trip(suite: Suite) -> None:
    """Text and back is the identity, for any names and numbers, and equal suites have equal text."""
    again = loads(dumps(suite), "suite.json")
    assert again == suite
    assert dumps(again) == dumps(suite)


@settings(deadline=None)
@given(reviewed(), suites)
def test_refreezing_twice_is_refreezing_once(old: Suite, new: Suite) -> None:
    """A refreeze changes nothing the second time, with and without a trip through the file."""
    once = refreeze(old, new)
    assert refreeze(once, new) == once
    assert refreeze(loads(dumps(once), "suite.json"), new) == once


@settings(deadline=None)
@given(reviewed(), suites)
def test_what_a_person_did_survives(old: Suite, new: Suite) -> None:
    """Edited limits and severities stand, deleted expectations stay away, a person's own expectations stay."""
    after = refreeze(old, new).by_key
    for key, expectation in old.by_key.items():
        if expectation.generated is None:
            assert after[key] == expectation
        elif expectation.edited and key in new.by_key:
            was, now = expectation.generated, after[key]
            for name in ("max_value", "min_value", "severity"):
                edited = getattr(expectation.limit, name)
                fresh = getattr(new.by_key[key].limit, name)
                assert getattr(now.limit, name) == (fresh if edited == getattr(was, name) else edited)
                assert getattr(now.generated, name) == fresh
    assert not (old.made - old.by_key.keys()) & after.keys()


@settings(deadline=None)
@given(suites)
def test_an_unreviewed_suite_follows_the_pilot(new: Suite) -> None:
    """Where nobody edited anything, a refreeze is the new suite."""
    assert refreeze(new, new) == new
    assert refreeze(frozen(), new) == new


def test_edit_shows_both() -> None:
    """An edited limit keeps the edit, beside what is generated now."""
    old = edit(WRITTEN, '"email", "max_value": 0.005', '"email", "max_value": 0.02')
    new = refreeze(old, frozen(replace(MIS, max_value=0.004), DUP, now=LATER))
    text = dumps(new)
    assert '"max_value": 0.02}, "severity"' in text
    assert '"generated": {"max_value": 0.004, "severity": "critical"}' in text
    assert [e.edited for e in new.expectations] == [False, True]
    assert new.frozen == LATER


def test_deleted_stays_deleted_until_it_is_taken_off_the_list() -> None:
    """A deleted expectation is listed, stays away, and comes back when its line in the list is deleted too."""
    parsed = json.loads(WRITTEN)
    del parsed["expectations"][1]
    once = refreeze(loads(json.dumps(parsed), "suite.json"), frozen(MIS, DUP))
    assert [e.limit.code for e in once.expectations] == ["DUP001"]
    text = dumps(once)
    assert '"deleted": {\n        "MIS001 missing_rate": [["email"]]\n      }' in text
    back = refreeze(edit(text, '"MIS001 missing_rate": [["email"]]', ""), frozen(MIS, DUP))
    assert [e.limit.code for e in back.expectations] == ["DUP001", "MIS001"]


def test_severity_and_notes_survive() -> None:
    """A person's severity and notes survive; the limit follows the pilot."""
    generated = '"email", "max_value": 0.005}, "severity": "critical"'
    edited = '"email", "max_value": 0.005}, "severity": "info", "notes": "Not used."'
    new = refreeze(edit(WRITTEN, generated, edited), frozen(replace(MIS, max_value=0.1), DUP))
    mis = next(e for e in new.expectations if e.limit.code == "MIS001")
    assert (mis.limit.max_value, mis.limit.severity, mis.notes) == (0.1, "info", "Not used.")


def test_users_expectation() -> None:
    """An expectation without our meta is the user's: USR001, certain, its severity as written, critical by default."""
    text = json.dumps(
        {"name": "s", "expectations": [
            {"type": "expect_profile_fact_to_be_between", "kwargs": {"fact": "rows", "min_value": 10}},
            {"type": "expect_profile_fact_to_be_between", "kwargs": {"fact": "x", "columns": ["a"], "max_value": 1},
             "severity": "info", "meta": {"team": "crm"}, "id": "8a6c", "notes": "ours"},
        ]}
    )  # fmt: skip
    first, second = loads(text, "suite.json").expectations
    assert (first.limit.code, first.limit.severity, first.limit.min_value, first.limit.evidence) == (
        "USR001", "critical", 10, "certain",
    )  # fmt: skip
    assert (second.limit.columns, second.meta, second.notes) == (("a",), {"team": "crm"}, "ours")
    assert not first.edited


def test_diff() -> None:
    """A diff names what was added, is gone, changed, and is edited by hand."""
    old = frozen(MIS, DUP)
    new = edit(dumps(frozen(replace(MIS, max_value=0.01), ROWS)), '"max_value": 0.01}, "severity": "warning"',
               '"max_value": 0.5}, "severity": "warning"')  # fmt: skip
    kinds = [(d.kind, d.key[0], d.old and d.old.max_value, d.new and d.new.max_value) for d in diff(old, new)]
    assert kinds == [
        ("added", "DUP002", None, 0.5),
        ("gone", "DUP001", 0.0, None),
        ("changed", "MIS001", 0.005, 0.01),
        ("edited", "DUP002", 0.01, 0.5),
    ]
    assert diff(old, old) == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{\n", "", "not readable as JSON"),
        ('"max_value": 0.005}, "sev', '"max_value": NaN}, "sev', "NaN is not a number"),
        ('"max_value": 0.005}, "sev', '"max_value": -Infinity}, "sev', "-Infinity is not a number"),
        ('"max_value": 0.005}, "sev', '"max_value": 1e999}, "sev', "kwargs: max_value: should be a finite number"),
        ('"max_value": 0.005}, "sev', '"max_value": 1' + "0" * 400 + '}, "sev', "should be a finite number"),
        ('"max_value": 0.005}, "sev', '"max_value": "0.005"}, "sev', "should be a number, not text"),
        ('"max_value": 0.005}, "sev', '"max_value": true}, "sev', "should be a number, not true or false"),
        ('"max_value": 0.005}, "sev', '"max_value": {"$PARAMETER": "x"}}, "sev', "should be a number, not an object"),
        ('"max_value": 0.005}, "sev', '"max_valu": 0.005}, "sev', "expectations 2: kwargs: unknown key 'max_valu'"),
        ('"max_value": 0.005}, "sev', '"max_value": null}, "sev', "neither max_value nor min_value"),
        ('"max_value": 0.005}, "sev', '"max_value": 1, "min_value": 2}, "sev', "min_value 2 is above max_value 1"),
        ('"column": "email"', '"column": "email", "columns": ["email"]', "both column and columns"),
        ('"column": "email"', '"column": "email", "column": "name"', "'column' stands twice"),
        ('"column": "email"', '"column": 7', "column: should be text, not a number"),
        ('"fact": "missing_rate", ', "", "'fact' is missing"),
        ('"severity": "critical",\n', '"severity": "fatal",\n', "'fatal' is none of critical, warning, info"),
        ('"type": "expect_profile_fact_to_be_between"', '"type": "expect_column_to_exist"', "is about rows"),
        ('"name": "crm.customers"', '"name": null', "name: should be text, not null"),
        ('"pilot": "f1"', '"pilot": "f1", "plot": 1', "unknown key 'plot'"),
        ('"frozen": "2026-11-21T02:00:00+00:00"', '"frozen": "yesterday"', "'yesterday' is not a time"),
        ('"DUP001 repeats"', '"DUP001"', "'DUP001' is not a code and a fact"),
        ('"of": 2000', '"of": 0.5', "of: should be a whole number"),
        ('"evidence": "certain"', '"evidence": "strong"', "'strong' is none of rise, own, certain"),
        (WRITTEN, "[]", "should be an object, not a list"),
        (WRITTEN, "[" * 100_000, "not readable as JSON"),
        (WRITTEN, "", "not readable as JSON"),
    ],
)  # fmt: skip
def test_damaged_files(old: str, new: str, says: str) -> None:
    """A damaged suite is refused with its file, the place in it, and a hint."""
    with pytest.raises(BaselineError) as caught:
        edit(WRITTEN, old, new)
    assert says in caught.value.message
    assert caught.value.message.startswith("suite.json")
    assert caught.value.hint


def test_duplicates() -> None:
    """Two expectations of one key are refused, when read and when generated."""
    parsed = json.loads(WRITTEN)
    parsed["expectations"].append(parsed["expectations"][1])
    with pytest.raises(BaselineError, match="two expectations for MIS001 missing_rate email"):
        loads(json.dumps(parsed), "suite.json")
    with pytest.raises(InternalError, match="generated twice"):
        frozen(MIS, MIS)
    with pytest.raises(InternalError, match="neither"):
        frozen(replace(MIS, max_value=None))
