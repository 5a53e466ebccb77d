"""Exits: which exit code an error comes to, and what a person is told."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from walkaround.cli.console import Console, close_quietly
from walkaround.errors import InternalError, WalkaroundError

USAGE: Final = 2
INTERNAL: Final = 4
INTERRUPTED: Final = 130


@dataclass(slots=True)
class Outcome:
    """The exit code of a command line, filled in as it ends."""

    code: int = 0


@contextmanager
def guard(arguments: Sequence[str]) -> Iterator[Outcome]:
    """Turn whatever a command raises into an exit code and one message.

    Click's own exit code for errors, 1, never leaks: 1 says that the data is not ready.
    """
    outcome = Outcome()
    debug = "--debug" in arguments
    try:
        yield outcome
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        outcome.code = end.exit_code
    except click.ClickException as error:
        _tell_usage(error)
        outcome.code = USAGE
    except BrokenPipeError:
        close_quietly()
    except KeyboardInterrupt:
        Console.stderr().say("Interrupted; nothing half-written is left.")
        outcome.code = INTERRUPTED
    except WalkaroundError as error:
        if isinstance(error, InternalError):
            outcome.code = _bug(error, debug=debug)
        else:
            if debug:
                import traceback  # noqa: PLC0415 - 10 ms that only an error may cost

                traceback.print_exc()
            _tell(error.message, error.hint)
            outcome.code = error.exit_code
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the last door: what gets here is a bug, and is told as one
        outcome.code = _bug(error, debug=debug)


def unknown(what: str, word: str, known: Sequence[str]) -> str:
    """The message for a misspelt word."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"there is no {what} {word!r}; " + (f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}")


def _tell(message: str, hint: str) -> None:
    Console.stderr().error(message, hint)


def _tell_usage(error: click.ClickException) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return
    context = getattr(error, "ctx", None)
    hint = f"`{context.command_path} --help` has all options" if context else ""
    _tell(error.format_message(), hint)


def _bug(error: BaseException, *, debug: bool) -> int:
    """Say that this is a bug of ours and where its details are; the exit code."""
    if debug:
        import traceback  # noqa: PLC0415 - 10 ms that only an error may cost

        traceback.print_exception(error)
        _tell(f"This is a bug of walkaround ({type(error).__name__}); its traceback stands above.", "")
        return INTERNAL
    where = _details(error)
    at = f"the details are in {where}" if where else "its details could not be written to a file"
    _tell(f"This is a bug of walkaround ({type(error).__name__}); {at}.", "the same command with --debug shows more")
    return INTERNAL


def _details(error: BaseException) -> Path | None:
    """Write where it happened, but no message of any exception: one may quote a row, and rows stay home (law 4)."""
    import platform  # noqa: PLC0415 - these too
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    lines = [f"walkaround, {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}, Python {platform.python_version()}\n"]
    link: BaseException | None = error
    while link is not None:
        lines += ["\n", *traceback.format_tb(link.__traceback__), f"{type(link).__module__}.{type(link).__name__}\n"]
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    lines.append("\nMessages are left out, as they may quote data; --debug prints them.\n")
    try:
        descriptor, name = tempfile.mkstemp(prefix="walkaround-bug-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(lines)
    except OSError:
        return None
    return Path(name)
