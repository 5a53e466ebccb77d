"""The group of all commands. A command's module is imported when it is called, so that `--help` loads none of them."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

import click

from walkaround.cli import exits
from walkaround.cli.console import MAX_WIDTH, talk_options

COMMANDS: Final = {
    "Assess": {
        "compare": "Hold production against a pilot: two files, one verdict, no settings.",
        "profile": "Profile one source, and judge nothing.",
        "check": "Assess the sources of walkaround.yaml: the nightly job.",
    },
    "Set up": {
        "init": "Write a walkaround.yaml to begin with.",
        "baseline": "Freeze, show or diff the profile of the pilot and its limits.",
        "doctor": "Try what check needs: each source with one login, rights, room, clock.",
        "plan": "What check would read and how, and what it costs the source; reads no row.",
        "gx": "Great Expectations suites: export a pilot's limits, import suites of your own.",
    },
    "Look back": {
        "report": "Show a stored run again, as text, HTML, JSON, JUnit or Markdown.",
        "history": "List the runs of this project.",
    },
    "Understand": {
        "explain": "What a check looks at, why it matters, and what to do.",
        "schema": "Print a JSON Schema: of walkaround.yaml, or of the run as JSON.",
        "demo": "The sample data through the whole way, in a temporary folder.",
        "completion": "Print the completion script for your shell.",
    },
}
"""Every command and its line in `--help`, in the order in which they are needed."""
_EPILOG: Final = (
    "Exit codes: 0 ready (with or without conditions), 1 not ready, 2 usage or settings, 3 could not assess, "
    "4 a bug of ours, 5 locked by another run, 130 interrupted."
)
_COMPLETE: Final = "_WALKAROUND_COMPLETE"
"""The variable by which a shell asks for completions."""


class Commands(click.Group):
    """Commands by name; each lives in the module of its name and is called `command` there."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, as the table has them."""
        del ctx
        return [name for part in COMMANDS.values() for name in part]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"walkaround.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As the base class, with a hint where a name is misspelt.

        Raises:
            click.UsageError: there is no such command.
        """
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            ctx.fail(exits.unknown("command", args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without importing what it names."""
        del ctx
        widest = max(len(name) for part in COMMANDS.values() for name in part)
        for title, part in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(widest), line) for name, line in part.items()])


def _version(context: click.Context, _option: click.Parameter, given: bool) -> None:
    if given:
        from importlib.metadata import version  # noqa: PLC0415 - it takes 20 ms, and only this option needs it

        click.echo(f"walkaround {version('walkaround')}")
        context.exit()


@click.group(
    cls=Commands,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": MAX_WIDTH},
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Print it and stop."
)
@talk_options
def app() -> None:
    """Is production data ready for what the pilot was built on?

    walkaround samples the production data, holds it against the clean data that an AI pilot was built on, and says
    whether the pilot may take off: a verdict, findings, an exit code and a report.

    Start with `walkaround demo`, or with `walkaround compare PILOT PRODUCTION`.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing but an interrupt of the interrupt escapes."""
    with exits.guard(arguments) as outcome:
        if instruction := os.environ.get(_COMPLETE):
            from click.shell_completion import shell_complete  # noqa: PLC0415 - only a shell asks for it

            outcome.code = shell_complete(app, {}, "walkaround", _COMPLETE, instruction)
            return outcome.code
        with app.make_context("walkaround", list(arguments)) as context:
            code = app.invoke(context)
            outcome.code = code if isinstance(code, int) else 0
    return outcome.code


def main() -> NoReturn:
    """The entry point of the console script. SIGTERM, as a scheduler sends it, ends a run as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = run(sys.argv[1:])
    if "duckdb" not in sys.modules:  # which prints that it leaks where its cycles are not collected
        gc.freeze()  # or Python searches all that was imported for cycles as it ends: 1.5 s with Great Expectations
    sys.exit(code)
