"""Suites that people wrote, from a file on the command line, in a folder or in the settings, to the verdict."""

from __future__ import annotations

import csv
import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import walkaround

Walk = Callable[..., "subprocess.CompletedProcess[str]"]
BETWEEN, REGEX = "expect_column_values_to_be_between", "expect_column_values_to_match_regex"
WORDS = '"expect column values to be between"'
SETTINGS = """\
version: 1
project: {name: crm, owner: {name: Ana Silva, email: ana@corp.example, confirmed_on: 2026-11-14}}
sources:
  customers: {uri: production.csv, pilot: pilot.csv, key: [id], suites: [own/limits.json]}
  orders: {uri: production.csv, pilot: pilot.csv, key: [id]}
"""


# Where a type is asked of a column more than once, each is told by the SHA-256 of its arguments, as `sha256sum` has it:
# {"column": "amount", "max_value": 0} is 7409..., of 10 1d83..., of 20 dd3a..., of 100 6257..., of 1000000 5870...


def table(rows: int, seed: int) -> str:
    draw = random.Random(seed)
    keys = draw.sample(range(10**5, 10**6), rows)
    return "\n".join(["id,email,amount", *(f"{k},user{k}@example.com,{draw.gauss(100, 15):.2f}" for k in keys)]) + "\n"


def suite(path: Path, *expectations: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"name": path.stem, "expectations": list(expectations)}), encoding="utf-8")
    return path


def at_most(high: float, severity: str = "critical") -> dict[str, Any]:
    return {"type": BETWEEN, "kwargs": {"column": "amount", "max_value": high}, "severity": severity}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A pilot, and production drawn like it."""
    (tmp_path / "pilot.csv").write_text(table(1000, 1), encoding="utf-8")
    (tmp_path / "production.csv").write_text(table(1000, 2), encoding="utf-8")
    return tmp_path


def own(run: dict[str, Any], part: str = "outcomes") -> list[tuple[str, str, str]]:
    return [(each["fact"], each["outcome"], each["severity"]) for each in run[part] if each["code"] == "USR001"]


def test_compare_holds_production_to_a_suite(walk: Walk, files: Path) -> None:
    """--suite, twice: each expectation is an outcome; a critical one blocks data that the pilot would let pass."""
    suite(files / "a.json", at_most(0), at_most(10**6), {"type": REGEX, "kwargs": {"column": "email", "regex": "@"}})
    suite(files / "b.json", at_most(100, "info"))
    told = walk("compare", "pilot.csv", "production.csv", "--suite", "a.json", "--suite", "b.json", "--format", "json")
    assert told.returncode == 1, told.stderr
    run = json.loads(told.stdout)
    assert own(run) == [
        (f"{BETWEEN} #7409", "fail", "blocker"),
        (f"{BETWEEN} #5870", "pass", "blocker"),
        (REGEX, "pass", "blocker"),
        (f"{BETWEEN} #6257", "fail", "info"),
    ]
    assert run["because"] == [f"USR001 production amount {BETWEEN} #7409"]
    first = run["findings"][0]
    assert first["message"] == f"1,000 of 1,000 values of amount (100 %) break {WORDS} (at most 0) of a.json"
    assert (first["dimension"], first["count"], first["rows"], first["basis"]) == ("semantics", 1000, 1000, "exact")


def test_the_text_and_the_page_tell_of_it(walk: Walk, files: Path) -> None:
    """The terminal and the page name the expectation and its file."""
    suite(files / "a.json", at_most(100, "warning"))
    told = walk("compare", "pilot.csv", "production.csv", "--suite", "a.json", "--report", "r.html")
    assert told.returncode == 0
    assert "READY WITH CONDITIONS" in told.stdout.splitlines()[0]
    assert WORDS in " ".join(told.stdout.split())
    page = (files / "r.html").read_text(encoding="utf-8")
    assert "(at most 100) of a.json" in page


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not readable as JSON"),
        (
            '{"expectations": [{"type": "expect_column_values_to_be_uniqe", "kwargs": {"column": "id"}}]}',
            "did you mean",
        ),
    ],
)
def test_a_broken_suite_is_never_silent(content: str, message: str, walk: Walk, files: Path) -> None:
    """Exit 2 before anything is read or written, in compare and in check."""
    (files / "broken.json").write_text(content, encoding="utf-8")
    (files / "walkaround.yaml").write_text(SETTINGS.replace("own/limits.json", "broken.json"), encoding="utf-8")
    for command in (
        ("compare", "pilot.csv", "production.csv", "--suite", "broken.json"),
        ("check", "customers"),
        ("check", "orders", "--suite", "broken.json"),
    ):
        told = walk(*command)
        assert (told.returncode, told.stdout) == (2, ""), command
        assert "broken.json" in told.stderr
        assert message in told.stderr.lower() or message in told.stderr
    assert not (files / "reports").exists()
    assert walk("compare", "pilot.csv", "production.csv", "--suite", "absent.json").returncode == 2


def test_check_finds_suites_in_their_three_places(walk: Walk, files: Path) -> None:
    """Those in expectations/<source>/, those of the settings and that of the command line count in every form."""
    (files / "walkaround.yaml").write_text(SETTINGS, encoding="utf-8")
    suite(files / "own" / "limits.json", at_most(0, "warning"))
    assert walk("baseline", "freeze").returncode == 0
    suite(files / "expectations" / "customers" / "rows-amount.json", at_most(10, "warning"))
    given = suite(files / "given.json", at_most(20, "info"), {"type": REGEX, "kwargs": {"column": "id", "regex": "^x"}})
    told = walk("check", "customers", "--suite", str(given), "--format", "json")
    assert told.returncode == 1, told.stderr
    run = json.loads(told.stdout)
    expected = [
        (f"{BETWEEN} #1d83", "fail", "warning"), (f"{BETWEEN} #7409", "fail", "warning"),
        (f"{BETWEEN} #dd3a", "fail", "info"), (REGEX, "fail", "blocker"),
    ]  # fmt: skip
    assert own(run) == expected
    assert sorted(own(run, "findings")) == sorted(expected)
    folder = files / "reports" / "crm" / run["run"]
    with (folder / "findings.csv").open(newline="", encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["code"] == "USR001"]
    assert sorted((row["fact"], row["outcome"], row["severity"]) for row in rows) == sorted(expected)
    cases = [case.get("name") for case in ET.parse(folder / "junit.xml").iter("testcase")]  # noqa: S314 - our own
    assert [name for name in cases if name and name.startswith("USR001")] == [
        f"USR001 amount {BETWEEN} #1d83", f"USR001 amount {BETWEEN} #7409", f"USR001 amount {BETWEEN} #dd3a",
        f"USR001 id {REGEX}",
    ]  # fmt: skip
    assert "(at most 10) of rows-amount.json" in (folder / "index.html").read_text(encoding="utf-8")


def test_check_tells_what_changed_of_each(walk: Walk, files: Path) -> None:
    """The history keeps two expectations of one kind apart, and knows that a suite is one of the rules."""
    (files / "walkaround.yaml").write_text(SETTINGS.replace(", suites: [own/limits.json]", ""), encoding="utf-8")
    assert walk("baseline", "freeze").returncode == 0
    path = suite(files / "expectations" / "customers" / "rows.json", at_most(0, "warning"), at_most(10, "warning"))
    walk("check", "customers")
    suite(path, at_most(0, "warning"), at_most(10**6, "warning"))
    since = json.loads(walk("check", "customers", "--format", "json").stdout)["since"]
    assert [(change["kind"], change["label"]) for change in since["changes"] if "USR001" in change["label"]] == [
        ("still", f"USR001 customers amount {BETWEEN} #7409"),
        ("gone", f"USR001 customers amount {BETWEEN} #1d83"),
    ]
    assert since["rules_changed"]


def test_a_suite_is_for_one_source(walk: Walk, files: Path) -> None:
    """--suite with several sources is a usage error that names them; so are two suites of one file name."""
    (files / "walkaround.yaml").write_text(SETTINGS, encoding="utf-8")
    suite(files / "own" / "limits.json", at_most(0))
    twin = suite(files / "limits.json", at_most(0))
    told = walk("check", "--suite", str(twin))
    assert told.returncode == 2
    assert "customers, orders" in told.stderr
    told = walk("check", "customers", "--suite", str(twin))
    assert told.returncode == 2
    assert "two suites called limits.json" in told.stderr
    told = walk("compare", "pilot.csv", "production.csv", "--suite", "limits.json", "--report", "limits.json")
    assert told.returncode == 2
    assert json.loads(twin.read_text(encoding="utf-8"))["name"] == "limits"


def test_no_result_is_written_over_a_suite(walk: Walk, files: Path) -> None:
    """What stands in expectations/<source>/ is read, so --report and the lists of positions do not go there."""
    (files / "walkaround.yaml").write_text(SETTINGS, encoding="utf-8")
    kept = suite(files / "expectations" / "orders" / "rows-amount.json", at_most(0))
    before = kept.read_text(encoding="utf-8")
    for option in ("--report", "--failing-cells", "--duplicate-groups"):
        told = walk("check", "orders", option, str(kept))
        assert told.returncode == 2
        assert "is read or written by this command already" in told.stderr
    assert kept.read_text(encoding="utf-8") == before


def test_a_source_that_is_not_read(walk: Walk, files: Path) -> None:
    """Expectations about a source that is gone are not assessed; that it is gone speaks for them."""
    (files / "walkaround.yaml").write_text(SETTINGS, encoding="utf-8")
    suite(files / "own" / "limits.json", at_most(10**6))
    assert walk("baseline", "freeze").returncode == 0
    (files / "production.csv").unlink()
    told = walk("check", "customers", "--format", "json")
    assert told.returncode == 3
    run = json.loads(told.stdout)
    assert own(run) == [(BETWEEN, "not_assessed", "blocker")]
    assert own(run, "findings") == []


def test_from_python(files: Path) -> None:
    """`compare` takes suites beside frames and paths."""
    own_suite = suite(files / "a.json", at_most(0))
    run = walkaround.compare(files / "pilot.csv", files / "production.csv", suites=[own_suite])
    assert [outcome.status for outcome in run.outcomes if outcome.code == "USR001"] == ["fail"]
