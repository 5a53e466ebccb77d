"""`walkaround gx export|import`: limits as a suite for other pipelines, and suites of other pipelines for this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from walkaround.cli import stored
from walkaround.cli.console import Console, note, plain, progress, talk_options
from walkaround.cli.options import config, existing
from walkaround.cli.terminal import fitted, width_of
from walkaround.cli.writing import OutFile, spare_sources, write
from walkaround.errors import UsageError

if TYPE_CHECKING:
    from walkaround.gx.export import Exported
    from walkaround.settings import Settings

PLACE: Final = 30
"""The width of the names of columns; of several as many stand there as fit whole."""


@click.group("gx")
@talk_options
def command() -> None:
    """Great Expectations suites: export a pilot's limits, import suites of your own."""


@command.command("export")
@click.argument("name", required=False, metavar="[SOURCE]")
@click.option("--pilot", metavar="FILE", help="Export the limits that this pilot gives, without a project.")
@click.option("--key", multiple=True, metavar="COL", help="With --pilot: a column of the key; repeat it for several.")
@click.option("-o", "--output", type=OutFile(), metavar="FILE", help="Write to a file instead of stdout.")
@config
@talk_options
def export(name: str | None, pilot: str | None, key: tuple[str, ...], output: Path | None, config: Path) -> None:
    """Write the limits of SOURCE, as they were frozen and edited, as a suite of core expectations.

    It needs no walkaround where it runs: Great Expectations on pandas, Spark, SQL or Polars gives the same answers.
    What core expectations cannot say is told on stderr, and stands in the suite's `meta`.
    """
    if (name is None) == (pilot is None):
        raise UsageError("name a source of walkaround.yaml, or a file with --pilot", "one of them, not both")
    if key and pilot is None:
        raise UsageError("--key goes with --pilot", "the key of a source stands in walkaround.yaml")
    if pilot is not None:
        spare_sources((output,), (existing(pilot),))
    from walkaround import settings, workflow  # noqa: PLC0415 - not before the command line is known to be right
    from walkaround.gx.export import dumps  # noqa: PLC0415

    if pilot is not None:
        exported = workflow.core_suite_of(pilot, key=key, progress=progress())
    else:
        project = settings.load(config)
        spare_sources((output,), [str(config), *stored.locations(project, project.chosen([str(name)]))])
        exported = workflow.core_suite(project, str(name), progress=progress())
    text = dumps(exported)
    if output is None:
        Console.stdout().say(text.rstrip("\n"))
    else:
        write(output, text)
    for line in _told(exported, output):
        note(line)


@command.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("source", required=False, metavar="[SOURCE]")
@click.option("-o", "--output", type=OutFile(), metavar="FILE", help="Write to this file; no project is needed.")
@click.option("--force", is_flag=True, help="Write over a suite that is there.")
@config
@talk_options
def import_(file: Path, source: str | None, output: Path | None, force: bool, config: Path) -> None:
    """Take the suite in FILE into expectations/SOURCE/rows-NAME.json, where `walkaround check` runs it.

    FILE is a suite of Great Expectations, also of before 1.0, or the result of a validation or a checkpoint: of that,
    what was expected is taken, and no value of the data. SOURCE may be left out where there is one.
    """
    from walkaround import settings  # noqa: PLC0415 - not before the command line is known to be right
    from walkaround.gx.importing import imported  # noqa: PLC0415
    from walkaround.gx.user_suite import text_of  # noqa: PLC0415

    if source is not None and output is not None:
        raise UsageError("a source and a file to write to", "give one of them")
    folder = None if output is not None else _folder(settings.load(config), source)
    suites = imported(text_of(file), str(file), file.name.partition(".")[0])
    if output is not None and len(suites) > 1:
        raise UsageError(f"{file} holds {len(suites)} suites", "without -o each gets a file of its own")
    targets = [output or Path(folder or "") / f"rows-{suite.name}.json" for suite in suites]
    spare_sources(targets, (str(file),))
    there = [path for path in targets if path.exists() and not force]
    if there:
        raise UsageError(f"{there[0]} is there already", "--force writes over it; git has the old one")
    for suite, path in zip(suites, targets, strict=True):
        _make(path.parent)
        write(path, suite.text)
        Console.stdout().say(f"{plain(str(path))}: {suite.expectations} expectations")


def _folder(project: Settings, source: str | None) -> Path:
    """Where the suites of a source stand; of the only one, where none is named.

    Raises:
        UsageError: there is no such source, or several and none was named.
    """
    chosen = project.chosen([source] if source is not None else [])
    if len(chosen) > 1:
        raise UsageError("say for which source", f"there are: {', '.join(project.sources)}")
    return stored.suite(project, chosen[0].name).parent


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}") from None


def _told(exported: Exported, output: Path | None) -> Iterator[str]:
    """What was said, and each limit that was not."""
    written = f" in {plain(str(output))}" if output is not None else ""
    yield f"{len(exported.said)} core expectations{written}."
    if exported.lacking:
        yield "What core expectations cannot say:"
    for lacking in exported.lacking:
        yield f"  {lacking.code}  {fitted(_listed(lacking.columns), PLACE)}  {plain(lacking.why)}"


def _listed(names: Sequence[str]) -> str:
    """As many names as fit whole, one at least, and how many more there are.

    >>> _listed(["amount", "currency", "customer_reference", "region"])
    'amount, currency and 2 more'
    """
    shown = [plain(name) for name in names]
    for kept in range(len(shown), 0, -1):
        more = f" and {len(shown) - kept} more" if kept < len(shown) else ""
        text = f"{', '.join(shown[:kept])}{more}"
        if width_of(text) <= PLACE:
            return text
    return f"{fitted(shown[0], PLACE - len(more))}{more}" if shown else "the table"
