"""Suites of other pipelines: taken in as Great Expectations writes them, and out of what validations answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from walkaround.errors import BaselineError
from walkaround.gx.importing import Imported, imported

SUITE = {
    "name": "Orders v2",
    "id": "1a0b72a6-5882-4871-8c99-70ea2032b33e",
    "expectations": [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "status", "mostly": 0.5, "value_set": ["open"]},
            "meta": {"who": "me"},
            "notes": "Agreed with sales.",
            "id": "0a5f8343-3824-4d71-a4b5-70c924d878cd",
            "severity": "warning",
        },
        {
            "type": "expect_column_values_to_not_be_null",
            "kwargs": {"column": "amount"},
            "meta": {},
            "severity": "critical",
        },
    ],
    "meta": {"great_expectations_version": "1.24.1"},
    "notes": None,
}
WRITTEN = """\
{
  "name": "Orders v2",
  "meta": {"great_expectations_version": "1.24.1"},
  "expectations": [
    {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "status", "mostly": 0.5, "value_set": ["open"]}, "severity": "warning", "notes": "Agreed with sales.",
     "meta": {"who": "me"}},
    {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "amount"}, "severity": "critical"}
  ]
}
"""  # noqa: E501 - lines as long as they stand in the file


def take(value: Any, fallback: str = "file") -> tuple[Imported, ...]:
    return imported(json.dumps(value), "given.json", fallback)


def in_order(suite: Imported) -> list[tuple[str, dict[str, Any]]]:
    return [(each["type"], each["kwargs"]) for each in json.loads(suite.text)["expectations"]]


def validation(**config: Any) -> dict[str, Any]:
    """One result of a validation, with a value of the data in every place that Great Expectations has for one."""
    quoted = {name: ["Ana Silva"] for name in ("partial_unexpected_list", "unexpected_list", "unexpected_rows")}
    quoted |= {"partial_unexpected_counts": [{"value": "Ana Silva", "count": 1}], "observed_value": "Ana Silva"}
    exception = {"raised_exception": True, "exception_message": "Ana Silva", "exception_traceback": "Ana Silva"}
    return {"success": False, "expectation_config": config, "result": quoted, "exception_info": exception, "meta": {}}


def test_a_suite_is_written_without_what_every_save_changes() -> None:
    """Its severity, notes and meta stay; ids go. What was taken in once gives the same text again."""
    (suite,) = take(SUITE)
    assert (suite.name, suite.text, suite.expectations) == ("Orders_v2", WRITTEN, 2)
    assert imported(suite.text, "again.json", "x") == (suite,)


@pytest.mark.parametrize(
    ("name", "of_file"),
    [
        ("n" * 10_000, "n" * 91 + "-f2ac4367"),  # `printf 'n%.0s' {1..10000} | sha256sum`
        ("../../etc/cron.d", "etc_cron.d"),
        ("\u2026", "suite"),
    ],
    ids=["long", "path", "none of its characters"],
)
def test_a_name_that_no_file_can_have(name: str, of_file: str) -> None:
    """The file's is cut, and told from others by a hash; the suite keeps its own."""
    (suite,) = take({**SUITE, "name": name})
    assert (suite.name, json.loads(suite.text)["name"]) == (of_file, name)


def test_long_names_that_begin_alike_stay_two() -> None:
    """What is cut off tells them apart."""
    (first,), (second,) = (take({**SUITE, "name": "n" * 10_000 + end}) for end in "ab")
    assert first.name != second.name


def test_a_suite_of_before_1_0() -> None:
    """`expectation_type`, the old name of the name, and arguments that say how to run."""
    (suite,) = take(
        {
            "expectation_suite_name": "old",
            "data_asset_type": None,
            "ge_cloud_id": None,
            "expectations": [
                {
                    "expectation_type": "expect_column_values_to_be_between",
                    "kwargs": {"column": "age", "min_value": 0, "result_format": "COMPLETE"},
                    "meta": {},
                }
            ],
            "meta": {"great_expectations_version": "0.18.22"},
        }
    )
    assert suite.name == "old"
    assert in_order(suite) == [("expect_column_values_to_be_between", {"column": "age", "min_value": 0})]


NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "b", "batch_id": "p-a"}, "id": "x"}
SET = {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "a", "value_set": [1], "batch_id": "p-a"}}
EXPECTED = [
    ("expect_column_values_to_be_in_set", {"column": "a", "value_set": [1]}),
    ("expect_column_values_to_not_be_null", {"column": "b"}),
]


def result(name: str) -> dict[str, Any]:
    return {"success": False, "results": [validation(**NULL), validation(**SET)], "suite_name": name, "meta": {}}


def described() -> dict[str, Any]:
    each = [{"expectation_type": c["type"], "kwargs": c["kwargs"], **validation()} for c in (NULL, SET)]
    return {"success": False, "expectations": [{k: v for k, v in e.items() if k != "expectation_config"} for e in each]}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (result("orders"), "orders"),
        ({"success": False, "run_results": {"run": result("orders")}}, "orders"),
        ({"run_results": {"run": {"validation_result": result("orders"), "actions_results": {}}}}, "orders"),
        ({"results": result("")["results"], "meta": {"expectation_suite_name": "orders"}}, "orders"),
        (described(), "file"),
        ({"success": False, "validation_results": [described()]}, "file"),
    ],
    ids=["validation", "checkpoint", "checkpoint 0.18", "validation 0.18", "described", "checkpoint described"],
)
def test_of_a_validation_what_was_expected_is_taken(given: dict[str, Any], name: str) -> None:
    """In an order of its own, without the batch it ran on, and without a value of the data."""
    (suite,) = take(given)
    assert suite.name == name
    assert in_order(suite) == EXPECTED
    assert "Ana" not in suite.text


def test_a_checkpoint_of_two_suites_gives_two() -> None:
    """Each by its name; two unlike suites of one name cannot be told apart."""
    both = {"run_results": {"b": result("orders"), "a": result("customers")}}
    assert [suite.name for suite in take(both)] == ["customers", "orders"]
    other = {**result("orders"), "results": [validation(**SET)]}
    with pytest.raises(BaselineError, match="two suites are called orders"):
        take({"run_results": {"a": result("orders"), "b": other}})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "x"}, "neither expectations nor results"),
        ({"name": "x", "expectations": []}, "there is none"),
        ({"name": "x", "expectations": [{"type": "expect_nothing", "kwargs": {}}]}, "expect_nothing"),
        ({"name": "x", "expectations": [{"type": "expect_column_to_exist", "mostly": 1}]}, "unknown key 'mostly'"),
        ({"name": "x", "expectations": [{"type": "expect_column_to_exist", "kwargs": {"colum": "a"}}]}, "colum"),
        ({"results": [{"expectation_config": 3}]}, "should be an object"),
        ([], "should be an object"),
    ],
)
def test_what_no_run_could_take_is_refused(given: Any, message: str) -> None:
    """With its place, before anything is written."""
    with pytest.raises(BaselineError, match=message):
        take(given)
