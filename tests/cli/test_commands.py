"""The commands as they are typed: names, options, messages and files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from walkaround.cli.app import COMMANDS
from walkaround.settings import load

Walk = Callable[..., "subprocess.CompletedProcess[str]"]
PROMISED = "compare init profile baseline check report history explain schema demo gx completion plan doctor"
NAMES = [name for part in COMMANDS.values() for name in part]


def test_help_lists_every_command_of_the_promise(walk: Walk) -> None:
    """The commands of this version stand in --help, and the exit codes below them."""
    told = walk("--help")
    assert told.returncode == 0
    assert set(NAMES) == set(PROMISED.split())
    assert all(f"\n  {name} " in told.stdout for name in NAMES)
    assert "1 not ready" in told.stdout


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself(walk: Walk, name: str) -> None:
    """--help works for each, and each knows --debug."""
    told = walk(name, "--help")
    assert (told.returncode, told.stderr) == (0, "")
    assert "--debug" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chek"], "did you mean check?"),
        (["compare", "only-one.csv"], "Missing argument 'PRODUCTION'"),
        (["compare", "no.csv", "no.csv"], "no.csv: there is no such file"),
        (["profile", "no-*.csv"], "no file matches"),
        (["profile", "ftp://host/a.csv"], "ftp:// sources are not supported"),
        (["compare", "a.csv", "b.csv", "--sample", "-3"], "neither a number of rows nor full"),
        (["compare", "a.csv", "b.csv", "--sample", "all"], "neither a number of rows nor full"),
        (["compare", "a.csv", "b.csv", "--report", "no/such/r.html"], "there is no folder"),
        (["compare", "a.csv", "b.csv", "--report", "."], "is a folder"),
        (["check"], "walkaround.yaml: there is no such file"),
        (["baseline", "show"], "walkaround.yaml: there is no such file"),
        (["report"], "walkaround.yaml: there is no such file"),
        (["explain", "MIS01"], "did you mean MIS001?"),
        (["schema", "nothing"], "'nothing' is not"),
        (["--nonsense"], "No such option"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(walk: Walk, arguments: list[str], says: str) -> None:
    """Exit 2, one message on stderr, nothing on stdout, no traceback."""
    told = walk(*arguments)
    assert told.returncode == 2
    assert told.stdout == ""
    assert says in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("option", ["--report", "--failing-cells", "--duplicate-groups"])
def test_what_is_read_is_never_written_over(walk: Walk, tmp_path: Path, option: str) -> None:
    """Production is read, never touched (law 5), not even by a slip on the command line."""
    (tmp_path / "pilot.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "production.csv").write_text("a\n2\n", encoding="utf-8")
    told = walk("compare", "pilot.csv", "prod*.csv", option, "./production.csv")
    assert told.returncode == 2
    assert "is read or written by this command already" in told.stderr
    assert (tmp_path / "production.csv").read_text(encoding="utf-8") == "a\n2\n"


def test_two_results_need_two_files(walk: Walk, tmp_path: Path) -> None:
    """One would write over the other."""
    (tmp_path / "a.csv").write_text("a\n1\n", encoding="utf-8")
    told = walk("compare", "a.csv", "a.csv", "--failing-cells", "x.csv", "--duplicate-groups", "x.csv")
    assert told.returncode == 2
    assert not (tmp_path / "x.csv").exists()


def test_explain_says_everything_about_a_check(walk: Walk) -> None:
    """Title, weight, why it matters, how it is computed, when it is wrong, what to do."""
    told = walk("explain", "mis001")
    assert told.returncode == 0
    assert told.stdout.startswith("MIS001  ")
    heads = [
        "Dimension\n  missingness",
        "Severity\n  critical",
        "Rise that matters\n  0.5 points",
        "Why it matters",
        "How it is computed",
        "False alarms",
        "What to do",
    ]
    places = [told.stdout.find(head) for head in heads]
    assert -1 not in places
    assert places == sorted(places)


def test_explain_alone_lists_the_codes(walk: Walk) -> None:
    """A line a check."""
    lines = walk("explain").stdout.splitlines()
    assert any(line.startswith("MIS001  ") for line in lines)
    assert lines == sorted(lines)


def test_init_makes_a_project_that_loads(walk: Walk, tmp_path: Path) -> None:
    """What it writes is valid, names the schema for editors, and keeps reports out of git."""
    (tmp_path / "Pilot data (1).csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("*.pyc\nreports/", encoding="utf-8")
    told = walk("init", "--pilot", "Pilot data (1).csv")
    assert told.returncode == 0
    settings = load(tmp_path / "walkaround.yaml", {})
    (source,) = settings.sources.values()
    assert source.name == "Pilot_data_1"
    assert source.pilot == str(tmp_path / "Pilot data (1).csv")
    text = (tmp_path / "walkaround.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=walkaround.schema.json\n")
    assert json.loads((tmp_path / "walkaround.schema.json").read_text(encoding="utf-8"))["type"] == "object"
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ignored == ["*.pyc", "reports/", ".walkaround/", "walkaround-report.html"]


def test_init_writes_over_nothing(walk: Walk, tmp_path: Path) -> None:
    """A second init changes no byte and says so."""
    (tmp_path / "walkaround.yaml").write_text("mine", encoding="utf-8")
    told = walk("init")
    assert told.returncode == 2
    assert "is there already" in told.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["walkaround.yaml"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_that_asks_us(walk: Walk, shell: str) -> None:
    """The script calls back with the variable that the group answers to."""
    script = walk("completion", shell)
    assert script.returncode == 0
    assert "_WALKAROUND_COMPLETE" in script.stdout


def test_completion_knows_the_commands(walk: Walk) -> None:
    """What the shell asks for is answered."""
    told = walk(_WALKAROUND_COMPLETE="bash_complete", COMP_WORDS="walkaround co", COMP_CWORD="1")
    assert [line.split(",")[1] for line in told.stdout.splitlines()] == ["compare", "completion"]


def test_the_schema_of_the_settings_is_printed_as_json(walk: Walk) -> None:
    """One object, and nothing else."""
    assert json.loads(walk("schema", "config").stdout)["$id"] == "walkaround.settings/1"


def test_version_is_one_line(walk: Walk) -> None:
    """Name and number."""
    told = walk("--version")
    assert told.returncode == 0
    assert told.stdout.startswith("walkaround ")
    assert len(told.stdout.splitlines()) == 1
