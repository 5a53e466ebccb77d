"""`walkaround init [--pilot FILE]`: a project to begin with. Nothing that exists is written over."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import click

from walkaround.cli.console import Console, note, talk_options
from walkaround.cli.options import existing
from walkaround.cli.writing import write
from walkaround.errors import UsageError

SCHEMA_FILE: Final = "walkaround.schema.json"
IGNORED: Final = (".walkaround/", "reports/", "walkaround-report.html")
"""What git must not keep: history, hashes, reports."""

_SETTINGS: Final = """\
# yaml-language-server: $schema={schema}
version: 1
project:
  name: {project}
  use_case: What the pilot is to do in production
  # owner: {{name: Ana Silva, email: ana.silva@corp.example, confirmed_on: 2026-11-14}}   # one person, not a team
sources:
  {source}:
    uri: {uri}     # production: a path, a pattern or a URI; secrets only as ${{NAME}}
    pilot: {pilot}     # the clean data that the pilot was built on
    # key: [customer_id]
    # columns:
    #   email: {{personal: true}}
    #   signup_date: {{formats: ["%Y-%m-%d"]}}
# policy: {{tolerance: {{MIS001: 0.5%}}, grave: {{MIS001: 5%}}}}
"""


@click.command("init")
@click.option("--pilot", metavar="FILE", help="The clean data that the pilot was built on.")
@talk_options
def command(pilot: str | None) -> None:
    """Write walkaround.yaml, its JSON Schema for editors, and what git should ignore, into this folder."""
    settings = Path("walkaround.yaml")
    if settings.exists():
        raise UsageError("walkaround.yaml is there already", "init writes over nothing; edit it, or move it away")
    from walkaround.settings.load import schema  # noqa: PLC0415 - checks load Polars

    text = _settings(existing(pilot) if pilot else None)
    if not Path(SCHEMA_FILE).exists():
        write(Path(SCHEMA_FILE), json.dumps(schema(), indent=2) + "\n")
    write(settings, text)
    _ignore(Path(".gitignore"))
    Console.stdout().say(f"walkaround.yaml is written, with {SCHEMA_FILE} for your editor.")
    note("Next: set the uri of production, then `walkaround baseline freeze --by YOU` and `walkaround check`.")


def _settings(pilot: str | None) -> str:
    stem = re.sub(r"[^A-Za-z0-9_]+", "_", Path(pilot).name.split(".")[0] if pilot else "").strip("_") or "customers"
    project = re.sub(r"[^A-Za-z0-9_-]+", "-", Path.cwd().name).strip("-")[:60] or "project"
    return _SETTINGS.format(
        schema=SCHEMA_FILE,
        project=json.dumps(project),
        source=stem[:60],
        uri=json.dumps(f"data/production/{stem[:60]}.csv"),
        pilot=json.dumps(pilot or f"data/pilot/{stem[:60]}.csv", ensure_ascii=False),
    )


def _ignore(file: Path) -> None:
    """Add the lines that are not there yet."""
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    added = [line for line in IGNORED if line not in before.splitlines()]
    if added:
        gap = "" if not before or before.endswith("\n") else "\n"
        write(file, before + gap + "\n".join(added) + "\n")
