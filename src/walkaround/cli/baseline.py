"""`walkaround baseline freeze|show|diff`: the pilot's profile, and the limits made from it."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from walkaround.cli import stored
from walkaround.cli.console import Console, plain, progress, talk_options
from walkaround.cli.options import config
from walkaround.cli.terminal import fitted
from walkaround.errors import BaselineError, UsageError
from walkaround.model.expectation import Expectation
from walkaround.model.limit import Limit
from walkaround.model.suite import Suite

if TYPE_CHECKING:
    from walkaround.gx.suite import Difference

PLACE: Final = 30
"""The width of the names of columns; longer ones are cut in the middle."""


@click.group("baseline")
@talk_options
def command() -> None:
    """Freeze, show or diff the profile of the pilot and its limits, in expectations/."""


@command.command("freeze")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--by", metavar="WHO", help="Who froze it; stands beside the profile in git. [default: your user name]")
@config
@talk_options
def freeze(names: tuple[str, ...], by: str | None, config: Path) -> None:
    """Profile the pilots of all sources, or of those named, and write profile and limits into expectations/.

    Limits that were edited by hand stay as they are.
    """
    from walkaround import settings, workflow  # noqa: PLC0415 - nothing is loaded before it is needed

    project = settings.load(config)
    project.chosen(names)
    written = workflow.freeze(project, names, by=by or _user(), progress=progress())
    console = Console.stdout()
    for path in written:
        console.say(plain(str(path)))


@command.command("show")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@config
@talk_options
def show(names: tuple[str, ...], config: Path) -> None:
    """The limits that production is held to, and where each comes from."""
    from walkaround import settings  # noqa: PLC0415 - nothing is loaded before it is needed

    project = settings.load(config, settings.Unasked())
    console = Console.stdout()
    for name in (name for source in project.chosen(names) for name in stored.frozen(project, source)):
        console.say("\n".join(_suite(_read(stored.suite(project, name), name), console)))


@command.command("diff")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@config
@talk_options
def diff(names: tuple[str, ...], config: Path) -> None:
    """What a freeze would change: limits that came, went, moved, or were edited by hand."""
    from walkaround import settings, workflow  # noqa: PLC0415 - nothing is loaded before it is needed

    project = settings.load(config)
    project.chosen(names)
    changes = workflow.baseline_diff(project, names, progress=progress())
    Console.stdout().say("\n".join(_difference(change) for change in changes) or "Nothing would change.")


def _read(file: Path, source: str) -> Suite:
    from walkaround.gx.suite import loads  # noqa: PLC0415 - only where a suite is read

    try:
        return loads(file.read_text(encoding="utf-8"), str(file))
    except FileNotFoundError:
        raise BaselineError(
            f"{source} has no frozen pilot: {file} is not there", "`walkaround baseline freeze`"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"{file} could not be read: {error}", "restore it from git") from None


def _suite(suite: Suite, console: Console) -> list[str]:
    frozen = f", frozen {suite.frozen.astimezone():%Y-%m-%d %H:%M %Z}" if suite.frozen else ""
    edited = sum(expectation.edited for expectation in suite.expectations)
    heading = f"{plain(suite.name)}: {len(suite.expectations)} limits{frozen}, {edited} edited by hand"
    return [console.paint(heading, bold=True), *(_limit(expectation) for expectation in suite.expectations), ""]


def _limit(expectation: Expectation) -> str:
    limit = expectation.limit
    edited = "  (edited)" if expectation.edited else ""
    return f"  {limit.code}  {fitted(plain(', '.join(limit.columns)), PLACE)}  {limit.fact} {_bounds(limit)}{edited}"


def _difference(change: Difference) -> str:
    code, fact, columns = change.key
    both = change.old is not None and change.new is not None
    said = f"{_bounds(change.old)} becomes {_bounds(change.new)}" if both else _bounds(change.new or change.old)
    return f"{change.kind:<7}  {code}  {fitted(plain(', '.join(columns)), PLACE)}  {plain(fact)} {said}"


def _bounds(limit: Limit | None) -> str:
    """A limit as people write it: ">= 0.1 and <= 0.5, critical"."""
    if limit is None:
        return "nothing"
    ends = ((">=", limit.min_value), ("<=", limit.max_value))
    return f"{' and '.join(f'{sign} {bound:g}' for sign, bound in ends if bound is not None)}, {limit.severity}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise UsageError("nobody knows who freezes the baseline", "say it with --by") from None
