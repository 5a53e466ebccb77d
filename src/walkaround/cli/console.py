"""Console: how we talk on a terminal: colour, width, symbols, progress. Results go to stdout, all else to stderr."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TextIO, TypeVar

import click

MAX_WIDTH: Final = 110
"""Longer lines are hard to read, however wide the window."""
NO_TERMINAL_WIDTH: Final = 100
"""The width where nobody can say how wide the reader's window is."""
_QUIET: Final = "walkaround.quiet"
_VERBOSE: Final = "walkaround.verbose"
_SHOWING: Final = "walkaround.showing"
"""The stream whose terminal shows a line of progress now."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Console:
    """One stream as its reader sees it. `symbols`: whether it can show more than ASCII."""

    stream: TextIO
    terminal: bool
    colour: bool
    width: int
    symbols: bool

    @classmethod
    def of(cls, stream: TextIO) -> Console:
        """What can be said of a stream, and what NO_COLOR and TERM ask for."""
        terminal = stream.isatty()
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        columns = shutil.get_terminal_size((NO_TERMINAL_WIDTH, 24)).columns
        encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "")
        return cls(stream, terminal, terminal and wanted, max(40, min(columns, MAX_WIDTH)), encoding.startswith("utf"))

    @classmethod
    def stdout(cls) -> Console:
        """Where results go."""
        return cls.of(sys.stdout)

    @classmethod
    def stderr(cls) -> Console:
        """Where progress and messages go."""
        return cls.of(sys.stderr)

    @classmethod
    def plain(cls) -> Console:
        """A file of UTF-8 text that somebody will read in an editor."""
        return cls(sys.stdout, terminal=False, colour=False, width=NO_TERMINAL_WIDTH, symbols=True)

    def paint(self, text: str, **style: Any) -> str:
        """The text in a colour, where colours are shown."""
        return click.style(text, **style) if self.colour else text

    def say(self, text: str) -> None:
        """Write text and a line end. A reader who has left is no error: the exit code is still to be given."""
        try:
            _clear()
            self.stream.write(self._sayable(text) + "\n")
            self.stream.flush()
        except BrokenPipeError:
            close_quietly()

    def error(self, message: str, hint: str) -> None:
        """One message and what to do next."""
        self.say(f"{self.paint('Error:', fg='red', bold=True)} {plain(message)}")
        if hint:
            self.say(f"{self.paint('Hint:', bold=True)}  {plain(hint)}")

    def _sayable(self, text: str) -> str:
        encoding = getattr(self.stream, "encoding", None) or "ascii"
        return text.encode(encoding, "backslashreplace").decode(encoding)


def close_quietly() -> None:
    """Whoever read our output has left: send the rest, and what Python flushes at its end, to nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):  # a stdout without a descriptor has nobody to complain
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def plain(text: str) -> str:
    r"""Text that cannot steer a terminal: control, format (bidi) and surrogate characters are shown escaped.

    >>> print(plain("a\x1b[31mb"))
    a\x1b[31mb
    """
    return "".join(_shown(char) for char in text)


def _shown(char: str) -> str:
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return char.encode("unicode_escape", "surrogatepass").decode("ascii")
    return char


def talk_options(function: F) -> F:
    """The options of every command: --quiet, --verbose, --debug; they may stand before or after its name."""
    for names, words in (
        (("--debug",), "Show tracebacks."),
        (("-v", "--verbose"), "Say what is being done, a line each."),
        (("-q", "--quiet"), "No progress, and no messages but errors."),
    ):
        function = click.option(*names, is_flag=True, expose_value=False, help=words, callback=_remember)(function)
    return function


def quiet() -> bool:
    """Whether --quiet was given."""
    return bool(click.get_current_context().meta.get(_QUIET))


def note(text: str) -> None:
    """A message beside the result, on stderr; silent with --quiet."""
    if not quiet():
        Console.stderr().say(text)


def progress() -> Callable[[str], None]:
    """Something to tell the state of the work to: one line that is written over on a terminal, a line each with -v,
    and otherwise nothing.
    """
    console = Console.stderr()
    if quiet():
        return _nothing
    if click.get_current_context().meta.get(_VERBOSE):
        return lambda text: console.say(plain(text))
    return _overwrite(console) if console.terminal else _nothing


def _overwrite(console: Console) -> Callable[[str], None]:
    context = click.get_current_context()

    def show(text: str) -> None:
        context.meta[_SHOWING] = console.stream
        console.stream.write(f"\r\x1b[K{plain(text)[: console.width - 1]}")
        console.stream.flush()

    context.call_on_close(_clear)
    return show


def _clear() -> None:
    """Take the line of progress away before something else is written beside it."""
    context = click.get_current_context(silent=True)
    stream = context.meta.pop(_SHOWING, None) if context is not None else None
    if stream is not None:
        stream.write("\r\x1b[K")
        stream.flush()


def _nothing(_text: str) -> None:
    """Progress that nobody sees."""


def _remember(context: click.Context, option: click.Parameter, given: bool) -> None:
    if given:
        context.meta[f"walkaround.{option.name}"] = True
