"""`walkaround demo`: the sample data through the whole way."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from walkaround.cli import stored
from walkaround.cli.console import Console, note, progress, talk_options
from walkaround.cli.showing import show
from walkaround.errors import InternalError


@click.command("demo")
@talk_options
def command() -> int:
    """Freeze the pilot of the sample data, check its production, and show what was found.

    The production data has planted defects, so NOT READY is the right verdict, and the demo then exits 0.
    """
    from walkaround import settings, workflow  # noqa: PLC0415 - nothing is loaded before it is needed

    folder = Path(tempfile.mkdtemp(prefix="walkaround-demo-")) / "crm"
    shutil.copytree(sample_data(), folder, ignore=shutil.ignore_patterns("reports", ".walkaround", "__pycache__"))
    project = settings.load(folder / "walkaround.yaml")
    tell = progress()
    workflow.freeze(project, by="walkaround demo", progress=tell)
    run = workflow.check(project, progress=tell)
    show(run, "text", None, str(stored.folder(project) / run.id / stored.PAGE))
    console = Console.stdout()
    console.say("")
    console.say(f"The sample data is in {folder}; its defects are planted and named in injected.toml.")
    if run.verdict.word != "not_ready":
        note(f"The verdict should have been not_ready, and is {run.verdict.word}.")
        return run.verdict.exit_code or InternalError.exit_code
    console.say("NOT READY is the right verdict here, so the demo exits with 0; `walkaround check` would with 1.")
    return 0


def sample_data() -> Path:
    """The folder of the sample data: in the package where it was installed, at the top of the repository otherwise.

    Raises:
        InternalError: it is in neither place.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "_sample_data", package.parent.parent / "sample_data"):
        if (folder / "walkaround.yaml").is_file():
            return folder
    raise InternalError("the sample data is missing from this installation", "install walkaround again")
