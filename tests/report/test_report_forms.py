"""The run as JSON and in the forms that other tools read."""

from __future__ import annotations

import csv
import hashlib
import io
import json as plain_json
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from walkaround.errors import UsageError
from walkaround.report import findings, folder, json, junit, markdown, render, schema

KINDS = ("rich", "empty", "unread", "profile", "hostile")


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_comes_back_from_its_json_as_it_was(runs: ModuleType, kind: str) -> None:
    """from_json(dumps(run)) is the run."""
    run = getattr(runs, kind)()
    assert json.from_json(json.dumps(run)) == run


@pytest.mark.parametrize("kind", KINDS)
def test_real_output_is_valid_by_the_printed_schema(runs: ModuleType, kind: str) -> None:
    """The JSON Schema that is printed accepts what is written."""
    jsonschema.validate(json.to_json(getattr(runs, kind)()), schema.run_schema())


@pytest.mark.parametrize("data", ["{", "[]", "{}", '{"schema": "other/1"}', '{"schema": "walkaround.run/1"}'])
def test_a_damaged_run_is_a_usage_error(data: str) -> None:
    """What is no run is refused with a message, never a traceback."""
    with pytest.raises(UsageError):
        json.from_json(data)


def test_json_has_the_documented_keys(runs: ModuleType) -> None:
    """A finding says what cli-and-config promises."""
    found = json.to_json(runs.rich())["findings"][0]
    assert (found["code"], found["column"], found["outcome"], found["rows"]) == ("MIS001", "email", "fail", 100_312)


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "=cmd|'/C calc'!A0", "|x", "%0A=1", "\uff1d1"],
)
def test_no_cell_of_the_table_is_a_formula(runs: ModuleType, cell: str) -> None:
    """What a spreadsheet would run stands behind an apostrophe, in every column of text; numbers stay numbers."""
    header, *lines = csv.reader(io.StringIO(findings.csv(runs.hostile(cell)), newline=""))
    texts = [at for at, name in enumerate(header) if name in {"title", "source", "columns", "message", "remedy"}]
    assert len(texts) == 5
    assert {line[at][0] for line in lines for at in texts} == {"'"}
    assert {line[header.index("limit")] for line in lines} == {"0.005"}


def test_junit_counts_as_a_build_server_does(runs: ModuleType) -> None:
    """2 blockers fail; a warning, an inconclusive and a not assessed are skipped; with 40 passes, 45 cases."""
    root = ET.fromstring(junit.xml(runs.rich()).encode())  # noqa: S314 - our own output
    (suite,) = root.findall("testsuite")
    assert [suite.get(name) for name in ("name", "tests", "failures", "errors", "skipped")] == [
        "crm.customers", "45", "2", "0", "3",
    ]  # fmt: skip
    assert len(suite.findall("testcase")) == 45
    assert [case.get("name") for case in suite.findall("testcase") if case.find("failure") is not None] == [
        "MIS001 email missing_rate", "FMT002 signup_date ambiguous_rate",
    ]  # fmt: skip
    assert len(suite.findall("testcase/skipped")) == 3


def test_hostile_names_leave_the_other_forms_whole(runs: ModuleType) -> None:
    """JUnit stays XML, Markdown holds no tag, and the CSV can be written."""
    run = runs.hostile()
    ET.fromstring(junit.xml(run).encode())  # noqa: S314 - our own output
    assert "<script" not in markdown.text(run).replace("\\<", "")
    assert findings.csv(run).encode()


def test_the_folder_is_whole(runs: ModuleType, tmp_path: Path) -> None:
    """Every file is there, sums are right, nothing else is left behind; a second run replaces it."""
    for _ in range(2):
        page = folder.write(runs.rich(), tmp_path / "reports" / "run")
    lines = (page.parent / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == 4
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((page.parent / name).read_bytes()).hexdigest() == digest
    assert [each.name for each in page.parent.parent.iterdir()] == ["run"]
    assert plain_json.loads((page.parent / "run.json").read_text())["schema"] == "walkaround.run/1"


def test_a_disk_that_ends_leaves_the_last_report(runs: ModuleType, tmp_path: Path) -> None:
    """Where the disk refuses in the middle of a file, the report before stays whole and nothing is left beside it."""
    resource = pytest.importorskip("resource", reason="needs a system that limits the size of files")
    place = tmp_path / "run"
    folder.write(runs.rich(), place)
    before = {each.name: each.read_bytes() for each in place.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, limits[1]))
    try:
        with pytest.raises(UsageError, match="could not be written"):
            folder.write(runs.profile(), place)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {each.name: each.read_bytes() for each in place.iterdir()} == before
    assert [each.name for each in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_is_a_file_is_a_usage_error(runs: ModuleType, tmp_path: Path) -> None:
    """What stands in the way is named, and stays."""
    (tmp_path / "reports").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="could not be written"):
        folder.write(runs.empty(), tmp_path / "reports" / "run")
    assert (tmp_path / "reports").read_text(encoding="utf-8") == "mine"


def test_sizes(runs: ModuleType) -> None:
    """At most 300 KB for 30 columns and 1.5 MB for 1,000."""
    assert len(render.html(runs.wide(30)).encode()) <= 300_000
    assert len(render.html(runs.wide(1_000)).encode()) <= 1_500_000


@pytest.mark.parametrize("kind", KINDS)
def test_no_tag_comes_from_a_name(runs: ModuleType, kind: str) -> None:
    """There is no script and no image in any page or notebook."""
    for page in (render.html(getattr(runs, kind)()), render.notebook(getattr(runs, kind)())):
        assert "<script" not in page
        assert "<img" not in page
        assert "\u202e" not in page
