"""`walkaround gx export` and `walkaround gx import`, as a process."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Walk = Callable[..., "subprocess.CompletedProcess[str]"]
SAMPLE = Path(__file__).parents[2] / "sample_data"
SUITE = {"name": "orders", "expectations": [{"type": "expect_column_to_exist", "kwargs": {"column": "amount"}}]}


@pytest.fixture
def project(tmp_path: Path, walk: Walk) -> Path:
    """The sample project, frozen."""
    root = tmp_path / "crm"
    shutil.copytree(SAMPLE, root)
    assert walk("baseline", "freeze", "--by", "Ana", cwd=root).returncode == 0
    return root


def test_a_pilot_is_exported_in_one_shot(walk: Walk) -> None:
    """The suite and nothing else on stdout; what it cannot say on stderr; the same each time."""
    pilot = str(SAMPLE / "pilot" / "orders.csv")
    told = walk("gx", "export", "--pilot", pilot, "--key", "order_id")
    assert told.returncode == 0, told.stderr
    suite = json.loads(told.stdout)
    assert suite["name"] == "orders"
    assert {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "order_id"}}.items() <= next(
        each for each in suite["expectations"] if each["type"] == "expect_column_values_to_be_unique"
    ).items()
    assert "  SCH004  amount, currency and 5 more     a column under another name" in told.stderr
    assert walk("gx", "export", "--pilot", pilot, "--key", "order_id", "-q").stdout == told.stdout


def test_a_frozen_pilot_is_exported_with_its_edits(walk: Walk, project: Path) -> None:
    """To a file; a limit that a person changed is exported as changed."""
    frozen = project / "expectations" / "crm.orders" / "suite.json"
    lines = frozen.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if '"missing_rate", "column": "amount"' in line)
    lines[place] = lines[place].replace('"max_value": 0.005', '"max_value": 0.125')
    frozen.write_text("\n".join(lines), encoding="utf-8")
    told = walk("gx", "export", "crm.orders", "-o", "orders.json", cwd=project)
    assert told.returncode == 0, told.stderr
    assert told.stdout == ""
    suite = json.loads((project / "orders.json").read_text(encoding="utf-8"))
    (nulls,) = [
        each["kwargs"]
        for each in suite["expectations"]
        if each["type"] == "expect_column_values_to_not_be_null" and each["kwargs"]["column"] == "amount"
    ]
    assert nulls == {"column": "amount", "mostly": 0.875}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a source"),
        (["crm.orders", "--pilot", "pilot/orders.csv"], "name a source"),
        (["crm.orders", "--key", "order_id"], "--key goes with --pilot"),
        (["crm.order"], "did you mean crm.orders"),
        (["crm.orders"], "has no frozen pilot"),
        (["--pilot", "nowhere.csv"], "nowhere.csv"),
        (["--pilot", "pilot/orders.csv", "--key", "orderid"], "no column 'orderid'"),
        (["--pilot", "pilot/orders.csv", "-o", "pilot/orders.csv"], "read or written by this command already"),
    ],
)
def test_what_cannot_be_exported(walk: Walk, tmp_path: Path, arguments: list[str], message: str) -> None:
    """Exit 2, with what to do."""
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True)
    told = walk("gx", "export", *arguments)
    assert told.returncode == 2
    assert message in told.stderr
    assert told.stdout == ""


def test_a_suite_is_imported_and_runs(walk: Walk, project: Path) -> None:
    """It stands where `check` finds it; another of its name is not written over unless --force is given."""
    (project / "theirs.json").write_text(json.dumps(SUITE), encoding="utf-8")
    told = walk("gx", "import", "theirs.json", "crm.orders", cwd=project)
    assert told.returncode == 0, told.stderr
    assert told.stdout.endswith("rows-orders.json: 1 expectations\n")
    run = json.loads(walk("check", "crm.orders", "--format", "json", cwd=project).stdout)
    assert run["coverage"]["planned"] > 0
    again = walk("gx", "import", "theirs.json", "crm.orders", cwd=project)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert walk("gx", "import", "theirs.json", "crm.orders", "--force", cwd=project).returncode == 0


def test_an_export_is_not_written_over_limits(walk: Walk, project: Path) -> None:
    """What stands in expectations/<source>/ is what the export is made of, or a suite of one's own."""
    limits = project / "expectations" / "crm.orders" / "suite.json"
    before = limits.read_text(encoding="utf-8")
    told = walk("gx", "export", "crm.orders", "-o", str(limits), cwd=project)
    assert told.returncode == 2
    assert "is read or written by this command already" in told.stderr
    assert limits.read_text(encoding="utf-8") == before


def test_a_suite_of_a_long_name_is_imported(walk: Walk, project: Path) -> None:
    """Into a file of a shorter one; with -o, a name that no file can have is a usage error."""
    (project / "theirs.json").write_text(json.dumps({**SUITE, "name": "n" * 10_000}), encoding="utf-8")
    told = walk("gx", "import", "theirs.json", "crm.orders", cwd=project)
    assert told.returncode == 0, told.stderr
    assert [path.name[:8] for path in (project / "expectations" / "crm.orders").glob("rows-*")] == ["rows-nnn"]
    told = walk("gx", "import", "theirs.json", "-o", "n" * 300, cwd=project)
    assert told.returncode == 2
    assert "File name too long" in told.stderr


def test_an_exported_suite_can_be_imported(walk: Walk, project: Path) -> None:
    """It is a suite like any other: also of our own making."""
    assert walk("gx", "export", "crm.orders", "-o", "orders.json", cwd=project).returncode == 0
    told = walk("gx", "import", "orders.json", "-o", "rows.json", cwd=project)
    assert told.returncode == 0, told.stderr
    out, back = (json.loads((project / name).read_text(encoding="utf-8")) for name in ("orders.json", "rows.json"))
    assert back == out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["theirs.json"], "say for which source"),
        (["theirs.json", "crm.order"], "did you mean crm.orders"),
        (["theirs.json", "crm.orders", "-o", "rows.json"], "give one of them"),
        (["theirs.json", "-o", "theirs.json"], "read or written by this command already"),
        (["nowhere.json", "crm.orders"], "there is no such suite"),
        (["walkaround.yaml", "crm.orders"], "not readable as JSON"),
        (["broken.json", "crm.orders"], "expect_column_to_exit"),
    ],
)
def test_what_cannot_be_imported(walk: Walk, tmp_path: Path, arguments: list[str], message: str) -> None:
    """Exit 2, with what to do, and nothing is written."""
    shutil.copytree(SAMPLE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "theirs.json").write_text(json.dumps(SUITE), encoding="utf-8")
    (tmp_path / "broken.json").write_text(json.dumps(SUITE).replace("exist", "exit"), encoding="utf-8")
    told = walk("gx", "import", *arguments)
    assert told.returncode == 2
    assert message in told.stderr
    assert not (tmp_path / "expectations").exists()
