"""Suites of rows at the door: what is taken, and what is refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from walkaround.errors import BaselineError
from walkaround.gx import loading
from walkaround.gx.user_suite import known_to_gx, load_rows, loads_rows

KEY = "expect_column_values_to_be_unique"


def suite(*expectations: Any, **more: Any) -> str:
    return json.dumps({"name": "s", "expectations": list(expectations), **more})


def refused(text: str) -> BaselineError:
    with pytest.raises(BaselineError) as caught:
        known_to_gx((loads_rows(text, "rows.json"),))
    assert caught.value.exit_code == 2
    return caught.value


def test_a_suite_as_gx_writes_it() -> None:
    """What Great Expectations saves is taken, with ids, notes and rendered content, and its severities kept."""
    loading.load()
    from great_expectations.core import ExpectationSuite  # noqa: PLC0415 - as quietly as the product loads it
    from great_expectations.expectations import ExpectColumnValuesToBeBetween, ExpectColumnValuesToBeUnique  # noqa: PLC0415

    from walkaround.gx.context import in_memory  # noqa: PLC0415

    suite_of_theirs = ExpectationSuite(
        name="orders",
        expectations=[
            ExpectColumnValuesToBeUnique(column="id", notes="the key"),
            ExpectColumnValuesToBeBetween(column="amount", min_value=0, mostly=0.9, severity="warning"),
        ],
    )
    with in_memory() as context:
        written = context.suites.add(suite_of_theirs).to_json_dict()
    assert all(each["id"] for each in written["expectations"])
    taken = loads_rows(json.dumps(written), "rows.json")
    known_to_gx((taken,))
    assert [(e.type, e.columns, e.mostly, e.severity, e.place) for e in taken.expectations] == [
        (KEY, ("id",), 1.0, "critical", 1),
        ("expect_column_values_to_be_between", ("amount",), 0.9, "warning", 2),
    ]


def test_a_suite_of_before_1_0() -> None:
    """The older names are taken, without the arguments that said how to run."""
    old = {
        "expectation_suite_name": "orders", "data_asset_type": None, "ge_cloud_id": None,
        "meta": {"great_expectations_version": "0.18.19"},
        "expectations": [
            {"expectation_type": KEY, "kwargs": {"column": "id", "result_format": "COMPLETE"}, "meta": {}},
        ],
    }  # fmt: skip
    taken = loads_rows(json.dumps(old), "rows.json")
    known_to_gx((taken,))
    assert [(e.type, dict(e.kwargs)) for e in taken.expectations] == [(KEY, {"column": "id"})]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{", "rows.json is not readable as JSON", "as Great Expectations saves a suite"),
        ("[]", "should be an object, not a list", "as Great Expectations"),
        ('{"name": "a", "name": "b", "expectations": []}', "the key 'name' stands twice", "as Great"),
        ('{"name": "a"}', "'expectations' is missing", "as Great"),
        (suite(), "expectations: there is none", "delete it"),
        ('{"results": []}', "the result of a validation", "walkaround gx import"),
        (suite(expectatons=[]), "unknown key 'expectatons'", "'expectations'"),
        (suite({"kwargs": {}}), "expectations 1: 'type' is missing", "as Great"),
        (suite({"type": KEY, "kwargs": {"column": "a"}, "mostly": 1}), "unknown key 'mostly'", "into kwargs"),
        (suite({"type": KEY, "kwargs": {"column": "a"}, "severity": "x"}), "none of critical, warning, info", "one of"),
        (suite({"type": KEY, "kwargs": {"column": "a", "mostly": {"$PARAMETER": "p"}}}), "the parameter 'p'", "value"),
        (
            suite({"type": "expect_profile_fact_to_be_between", "kwargs": {"fact": "missing_rate", "max_value": 0}}),
            "about facts of a profile", "suite.json",
        ),
        (suite({"type": "expect_column_values_to_be_uniqe", "kwargs": {"column": "a"}}), "no such type", f"{KEY}?"),
        (suite({"type": KEY, "kwargs": {}}), "kwargs.column: field required", "gallery"),
        (suite({"type": KEY, "kwargs": {"column": "a", "colour": 1}}), "kwargs.colour: extra fields", "gallery"),
        (suite({"type": KEY, "kwargs": {"column": "a", "mostly": 2}}), "kwargs.mostly", "gallery"),
        (
            suite({"type": "expect_column_values_to_be_between", "kwargs": {"column": "a"}}),
            "min_value and max_value cannot both be None", "gallery",
        ),
    ],
)  # fmt: skip
def test_what_is_no_suite_of_rows(text: str, message: str, hint: str) -> None:
    """What Great Expectations would drop in silence, or nobody could run, is refused: place, reason, what to do."""
    error = refused(text)
    assert message in error.message
    assert error.message.startswith("rows.json")
    assert hint in error.hint


@pytest.mark.parametrize(
    ("kind", "kwargs", "why"),
    [
        ("expect_column_values_to_match_regex", {"regex": "a", "mostly": 0}, "mostly is 0"),
        ("expect_table_row_count_to_be_between", {}, "no bounds"),
        ("expect_column_max_to_be_between", {"min_value": None, "strict_max": True}, "no bounds"),
        (
            "expect_column_quantile_values_to_be_between",
            {"quantile_ranges": {"quantiles": [0.5], "value_ranges": [[None, None]]}}, "no bounds",
        ),
        ("expect_column_values_to_be_in_type_list", {"type_list": None}, "no type_list"),
        ("expect_table_columns_to_match_ordered_list", {"column_list": None}, "no column_list"),
        ("expect_table_columns_to_match_set", {"column_set": [], "exact_match": False}, "column_set is empty"),
        ("expect_column_distinct_values_to_contain_set", {"value_set": []}, "value_set is empty"),
        ("expect_column_values_to_not_be_in_set", {"value_set": []}, "value_set is empty"),
        (
            "expect_column_kl_divergence_to_be_less_than",
            {"partition_object": {"values": ["a"], "weights": [1]}}, "no threshold",
        ),
    ],
)  # fmt: skip
def test_what_expects_nothing(kind: str, kwargs: dict[str, Any], why: str) -> None:
    """An expectation that no rows can fail is refused, as a suite without expectations is."""
    about = kwargs if kind.startswith("expect_table") else {"column": "a", **kwargs}
    error = refused(suite({"type": kind, "kwargs": about}))
    assert error.message.startswith(f"rows.json: expectations 1 ({kind}): it expects nothing: ")
    assert why in error.message


@pytest.mark.parametrize("kwargs", [{"value_set": None}, {}])
def test_a_set_that_is_not_there(kwargs: dict[str, Any]) -> None:
    """A set of null is refused by Great Expectations itself."""
    error = refused(suite({"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "a", **kwargs}}))
    assert "kwargs.value_set" in error.message


def test_a_refusal_names_the_file_with_its_folder(tmp_path: Path) -> None:
    """Each source may have a rows.json of its own: the message says which one it is, also of what only GX refuses."""
    path = tmp_path / "customers" / "rows.json"
    path.parent.mkdir()
    path.write_text(suite({"type": KEY, "kwargs": {}}), encoding="utf-8")
    with pytest.raises(BaselineError) as caught:
        known_to_gx((load_rows(path),))
    assert caught.value.message.startswith(f"{path}: expectations 1")
    path.write_text(suite(), encoding="utf-8")
    with pytest.raises(BaselineError) as caught:
        load_rows(path)
    assert caught.value.message.startswith(f"{path}: expectations: there is none")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that is not there, or is no text, is named."""
    with pytest.raises(BaselineError, match="there is no such suite"):
        load_rows(tmp_path / "absent.json")
    (tmp_path / "latin.json").write_bytes(b'{"name": "\xe9"}')
    with pytest.raises(BaselineError, match="is not UTF-8"):
        load_rows(tmp_path / "latin.json")
