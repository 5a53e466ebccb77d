"""What stands beside a result in a terminal, and is gone when the result comes."""

from __future__ import annotations

import io
from contextlib import redirect_stderr

import click

from walkaround.cli.console import Console, progress


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        """Whether somebody looks at it."""
        return True


CLEARED = "\r\x1b[K"
"""To the beginning of the line, and nothing on it."""


def test_a_result_is_not_glued_to_the_line_of_progress() -> None:
    """The line is written over, and taken away before the first line of the result; there is one to take away once."""
    screen = Terminal()
    with redirect_stderr(screen), click.Context(click.Command("check")):
        tell = progress()
        tell("reading orders")
        tell("judging")
        result = Console(screen, terminal=True, colour=False, width=80, symbols=True)
        result.say("NOT READY")
        result.say("Exit 1")
    assert screen.getvalue() == f"{CLEARED}reading orders{CLEARED}judging{CLEARED}NOT READY\nExit 1\n"


def test_a_command_that_ends_without_a_word_leaves_no_line() -> None:
    """Nor does one that raises."""
    screen = Terminal()
    with redirect_stderr(screen), click.Context(click.Command("check")):
        progress()("judging")
    assert screen.getvalue() == f"{CLEARED}judging{CLEARED}"


def test_progress_is_for_terminals() -> None:
    """A log of a pipeline gets none."""
    log = io.StringIO()
    with redirect_stderr(log), click.Context(click.Command("check")):
        progress()("judging")
    assert log.getvalue() == ""
