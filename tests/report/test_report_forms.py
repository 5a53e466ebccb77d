"""The run as JSON and in the forms that other tools read."""

from __future__ import annotations

import hashlib
import json as plain_json
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from walkaround.errors import UsageError
from walkaround.report import findings, folder, json, junit, markdown, render, schema

KINDS = ("rich", "empty", "unread", "profile", "hostile")


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_comes_back_from_its_json_as_it_was(runs, kind):
    """from_json(dumps(run)) is the run."""
    run = getattr(runs, kind)()
    assert json.from_json(json.dumps(run)) == run


@pytest.mark.parametrize("kind", KINDS)
def test_real_output_is_valid_by_the_printed_schema(runs, kind):
    """The JSON Schema that is printed accepts what is written."""
    jsonschema.validate(json.to_json(getattr(runs, kind)()), schema.run_schema())


@pytest.mark.parametrize("data", ["{", "[]", "{}", '{"schema": "other/1"}', '{"schema": "walkaround.run/1"}'])
def test_a_damaged_run_is_a_usage_error(data):
    """What is no run is refused with a message, never a traceback."""
    with pytest.raises(UsageError):
        json.from_json(data)


def test_json_has_the_documented_keys(runs):
    """A finding says what cli-and-config promises."""
    found = json.to_json(runs.rich())["findings"][0]
    assert (found["code"], found["column"], found["outcome"], found["rows"]) == ("MIS001", "email", "fail", 100_312)


def test_no_cell_of_the_table_is_a_formula():
    """What a spreadsheet would run is guarded."""
    assert [findings.guarded(cell) for cell in ("=1", "+1", "-1", "@A", "a")] == ["'=1", "'+1", "'-1", "'@A", "a"]


def test_hostile_names_leave_the_other_forms_whole(runs):
    """JUnit stays XML, Markdown holds no tag, and the CSV can be written."""
    run = runs.hostile()
    ET.fromstring(junit.xml(run).encode())  # noqa: S314 - our own output
    assert "<script" not in markdown.text(run).replace("\\<", "")
    assert findings.csv(run).encode()


def test_the_folder_is_whole(runs, tmp_path):
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


def test_sizes(runs):
    """At most 300 KB for 30 columns and 1.5 MB for 1,000."""
    assert len(render.html(runs.wide(30)).encode()) <= 300_000
    assert len(render.html(runs.wide(1_000)).encode()) <= 1_500_000


@pytest.mark.parametrize("kind", KINDS)
def test_no_tag_comes_from_a_name(runs, kind):
    """There is no script and no image in any page or notebook."""
    for page in (render.html(getattr(runs, kind)()), render.notebook(getattr(runs, kind)())):
        assert "<script" not in page
        assert "<img" not in page
        assert "\u202e" not in page
