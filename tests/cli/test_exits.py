"""Every error comes to the exit code of the table, with one message; 1 never means anything but "not ready"."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from walkaround.cli.exits import guard
from walkaround.errors import BaselineError, InternalError, LockedError, SettingsError, SourceError, UsageError

CANARY = "canary-7f3a"

BUG = f"""
import sys
from walkaround.cli.exits import guard
with guard([]) as outcome:
    int("".join(reversed({CANARY[::-1]!r})))
sys.exit(outcome.code)
"""
INTERRUPTIBLE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from walkaround.cli import main
main()
"""
"""A background job of a shell, such as a test run, is started with SIGINT ignored; a terminal's is not."""


def code_of(error: BaseException, *arguments: str) -> int:
    with guard(arguments) as outcome:
        raise error
    return outcome.code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("a"), 2),
        (SettingsError("a"), 2),
        (BaselineError("a"), 2),
        (click.UsageError("a"), 2),
        (click.FileError("a"), 2),
        (click.ClickException("click's own code is 1"), 2),
        (SourceError("s", "empty", "a"), 3),
        (InternalError("a"), 4),
        (LockedError("a"), 5),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError(), 4),
        (EOFError(), 4),
        (RecursionError(), 4),
        (MemoryError(), 4),
        (SystemExit(1), 4),
        (click.exceptions.Exit(0), 0),
    ],
)
def test_an_error_comes_to_its_code(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The table of exit codes, one error each; stdout stays empty."""
    assert code_of(error) == code
    assert capsys.readouterr().out == ""


def test_a_message_has_its_hint(capsys: pytest.CaptureFixture[str]) -> None:
    """What happened, and what to do next."""
    code_of(UsageError("a.csv: there is no such file", "did you mean b.csv?"))
    assert capsys.readouterr().err == "Error: a.csv: there is no such file\nHint:  did you mean b.csv?\n"


def test_a_bug_names_a_file_that_quotes_no_data(tmp_path: Path) -> None:
    """The file says where it happened; what an exception quotes may be a row, and rows stay home."""
    script = tmp_path / "script.py"
    script.write_text(BUG, encoding="utf-8")
    folder = tmp_path / "temporary"
    folder.mkdir()
    told = subprocess.run(
        [sys.executable, script], env={**os.environ, "TMPDIR": str(folder)}, capture_output=True, text=True, check=False
    )
    (details,) = folder.iterdir()
    text = details.read_text(encoding="utf-8")
    assert told.returncode == 4
    assert str(details) in told.stderr
    assert "Traceback" not in told.stderr
    assert "script.py" in text
    assert "ValueError" in text
    assert CANARY not in text + told.stderr
    assert details.stat().st_mode & 0o077 == 0


def test_debug_shows_the_whole_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Who asks for a traceback gets one, message and all."""
    assert code_of(ValueError(CANARY), "--debug") == 4
    assert f"ValueError: {CANARY}" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_130(tmp_path: Path, sent: signal.Signals) -> None:
    """Ctrl-C, and the SIGTERM of a scheduler, end the command with 130 and one line, and leave nothing behind."""
    large = tmp_path / "large.csv"
    large.write_text("id,word\n" + "".join(f"{n},w{n * 7919}\n" for n in range(600_000)), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "compare", str(large), str(large), "-v"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert process.stderr is not None
    assert process.stderr.readline().startswith("profiling")  # so it is at work now
    process.send_signal(sent)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert err.endswith("Interrupted; nothing half-written is left.\n")
    assert [file.name for file in tmp_path.iterdir()] == ["large.csv"]


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_reader_who_leaves_is_no_error(tmp_path: Path) -> None:
    """`walkaround schema config | head -1` ends quietly."""
    process = subprocess.Popen(
        [sys.executable, "-m", "walkaround", "schema", "config"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=30), err) == (0, b"")
