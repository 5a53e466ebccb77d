"""From two files to a verdict, an exit code and a page; and every night after that."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import walkaround

Walk = Callable[..., "subprocess.CompletedProcess[str]"]
SETTINGS = """\
version: 1
project: {name: crm, owner: {name: Ana Silva, email: ana@corp.example, confirmed_on: 2026-11-14}}
sources:
  customers: {uri: production.csv, pilot: pilot.csv, key: [id]}
"""


def table(rows: int, seed: int, *, spoilt: float = 0.0) -> str:
    """Customers with an id, an e-mail (missing in a share of rows) and an amount."""
    draw = random.Random(seed)
    lines = ["id,email,amount"]
    for key in draw.sample(range(10**5, 10**6), rows):
        email = "" if draw.random() < spoilt else f"user{draw.randrange(10**6)}@example.com"
        lines.append(f"{key},{email},{draw.gauss(100, 15):.2f}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A pilot, production like it, and production with 30 % of its e-mails missing."""
    (tmp_path / "pilot.csv").write_text(table(1000, 1), encoding="utf-8")
    (tmp_path / "good.csv").write_text(table(1000, 2), encoding="utf-8")
    (tmp_path / "production.csv").write_text(table(1000, 3, spoilt=0.3), encoding="utf-8")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    return tmp_path


def test_spoilt_production_is_not_ready(walk: Walk, files: Path) -> None:
    """Exit 1, the verdict on the first line, what blocks below it, and a page beside."""
    told = walk("compare", "pilot.csv", "production.csv", "--key", "id")
    assert told.returncode == 1, told.stderr
    assert "NOT READY" in told.stdout.splitlines()[0]
    assert re.search(r"^Blocks \(1\)\n  MIS001  email", told.stdout, re.MULTILINE)
    assert told.stderr == ""
    page = (files / "walkaround-report.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "<script" not in page


def test_good_production_is_ready(walk: Walk, files: Path) -> None:
    """Exit 0 on data drawn as the pilot was."""
    told = walk("compare", "pilot.csv", "good.csv", "--key", "id", "--report", "r.html")
    assert told.returncode == 0, told.stdout
    assert (files / "r.html").is_file()
    assert not (files / "walkaround-report.html").exists()


def test_json_is_one_object_and_nothing_else(walk: Walk, files: Path) -> None:
    """Even with -v; no page is written that nobody asked for."""
    told = walk("compare", "pilot.csv", "production.csv", "--format", "json", "-v")
    run = json.loads(told.stdout)
    assert run["schema"] == "walkaround.run/1"
    assert run["verdict"] == "not_ready"
    assert told.stderr != ""
    assert not (files / "walkaround-report.html").exists()


def test_an_empty_production_could_not_be_assessed(walk: Walk, files: Path) -> None:
    """Nothing checked is never green (law 3)."""
    told = walk("compare", "pilot.csv", "empty.csv")
    assert told.returncode == 3, told.stdout
    assert "COULD NOT BE ASSESSED" in told.stdout.splitlines()[0]
    assert files.exists()


def test_positions_are_written_where_asked_for(walk: Walk, files: Path) -> None:
    """Row, column and code of each missing e-mail; never a value."""
    walk("compare", "pilot.csv", "production.csv", "--failing-cells", "cells.csv", "--duplicate-groups", "groups.csv")
    lines = (files / "cells.csv").read_text(encoding="utf-8").splitlines()
    rows = (files / "production.csv").read_text(encoding="utf-8").splitlines()[1:]
    missing = [f"{at},email,MIS001" for at, row in enumerate(rows) if row.split(",")[1] == ""]
    assert lines[0] == "row,column,code"
    assert sorted(line for line in lines[1:] if line.endswith("MIS001")) == sorted(missing)
    assert (files / "groups.csv").read_text(encoding="utf-8").splitlines() == ["row,group"]


def test_a_profile_judges_nothing(walk: Walk, files: Path) -> None:
    """Exit 0, a line a column."""
    told = walk("profile", "production.csv")
    assert told.returncode == 0, told.stderr
    assert re.search(r"^email +email +\d+\.\d %", told.stdout, re.MULTILINE)
    assert walk("profile", "empty.csv").returncode == 3
    assert files.exists()


def test_a_source_without_a_frozen_pilot_could_not_be_assessed(walk: Walk, files: Path) -> None:
    """Exit 3, and the message says how to freeze it."""
    (files / "walkaround.yaml").write_text(SETTINGS, encoding="utf-8")
    told = walk("check")
    assert told.returncode == 3, told.stderr
    assert "baseline freeze" in told.stdout


def test_a_baseline_is_shown_and_diffed(walk: Walk, files: Path) -> None:
    """Nothing changes where the pilot did not; another pilot moves limits, and a limit set by hand is called edited."""
    (files / "walkaround.yaml").write_text(SETTINGS, encoding="utf-8")
    frozen = walk("baseline", "freeze", "--by", "Ana")
    assert frozen.returncode == 0, frozen.stderr
    assert "MIS001  email" in walk("baseline", "show").stdout
    assert walk("baseline", "diff").stdout == "Nothing would change.\n"
    (files / "pilot.csv").write_text(table(1000, 1, spoilt=0.1), encoding="utf-8")
    assert re.search(r"^changed  MIS001  email .* becomes <= 0\.\d", walk("baseline", "diff").stdout, re.MULTILINE)
    suite = files / "expectations" / "customers" / "suite.json"
    limit = re.compile(r'("fact": "missing_rate", "column": "email", "max_value": )[0-9.]+')
    edited = limit.sub(r"\g<1>0.25", suite.read_text(encoding="utf-8"))
    suite.write_text(edited, encoding="utf-8")
    assert re.search(r"MIS001  email +missing_rate <= 0\.25, critical  \(edited\)", walk("baseline", "show").stdout)
    assert re.search(r"^edited   MIS001  email", walk("baseline", "diff").stdout, re.MULTILINE)


def test_the_nightly_way(walk: Walk, files: Path) -> None:
    """Freeze, check twice, look at the history, and at the stored run in every form."""
    (files / "walkaround.yaml").write_text(SETTINGS, encoding="utf-8")
    frozen = walk("baseline", "freeze", "--by", "Ana")
    assert frozen.returncode == 0, frozen.stderr
    first, second = walk("check"), walk("check", "--format", "json")
    assert first.returncode == 1, first.stderr
    assert second.returncode == 1, second.stderr
    assert json.loads(second.stdout)["since"] is not None
    assert len(json.loads(walk("history", "--format", "json").stdout)["runs"]) == 2
    assert walk("history").stdout.count("not ready") == 2
    assert "NOT READY" in walk("report").stdout
    assert walk("report", "--format", "junit").stdout.startswith("<?xml")
    assert walk("report", "--format", "markdown").returncode == 0
    assert "<html" in walk("report", "--format", "html").stdout
    latest = json.loads(walk("report", "--format", "json").stdout)
    assert latest == json.loads(second.stdout)
    folder = files / "reports" / "crm" / latest["run"]
    assert (folder / "index.html").is_file()
    assert walkaround.load_run(folder).id == latest["run"]


def test_the_demo_works(walk: Walk) -> None:
    """Its verdict is not ready, and that is what it exits 0 for."""
    told = walk("demo")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "NOT READY" in told.stdout.splitlines()[0]
    page = re.search(r"^Report  (.*index\.html)$", told.stdout, re.MULTILINE)
    assert page is not None
    assert Path(page.group(1)).is_file()
