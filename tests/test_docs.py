"""What the documents say is what the program does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from walkaround.checks import checks, why
from walkaround.cli.app import app
from walkaround.cli.explain import page
from walkaround.cli.terminal import MEANINGS
from walkaround.errors import WalkaroundError

ROOT = Path(__file__).parent.parent
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/checks.md",
    "docs/great-expectations.md",
    "docs/gx-export.md",
    *sorted(f"docs/connectors/{path.name}" for path in (ROOT / "docs" / "connectors").glob("*.md")),
]
FENCE = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
ROOM = re.compile(r"^([a-z_]+)(?:/|\.py)  ", re.MULTILINE)


def text_of(page_name: str) -> str:
    return (ROOT / page_name).read_text(encoding="utf-8")


def commands_of(page_name: str) -> list[list[str]]:
    """The `walkaround` command lines of a page's shell blocks, without what follows a pipe or a comment."""
    lines = [line.partition(" | ")[0] for block in FENCE.findall(text_of(page_name)) for line in block.splitlines()]
    words = [shlex.split(line, comments=True) for line in lines]
    return [line[1:] for line in words if line[:1] == ["walkaround"]]


def every_command() -> list[tuple[str, list[str]]]:
    return [(name, command) for name in PAGES if (ROOT / name).exists() for command in commands_of(name)]


@pytest.mark.parametrize(("name", "arguments"), every_command(), ids=lambda value: " ".join(value)[:60])
def test_a_command_of_the_documents_parses(name: str, arguments: list[str]) -> None:
    """Every command line in the documents is one that the program takes: names, options, number of arguments."""
    del name
    group: click.Group = app
    with app.make_context("walkaround", list(arguments), resilient_parsing=True) as context:
        rest = [*context._protected_args, *context.args]
        while rest:
            word, found, rest = group.resolve_command(context, rest)
            assert found is not None, word
            if not isinstance(found, click.Group):
                found.make_context(str(word), rest).close()
                return
            group = found


def test_the_readme_begins_with_the_two_commands() -> None:
    """Whoever opens the page can try it before reading on."""
    block = FENCE.search(text_of("README.md"))
    assert block is not None
    assert [line.split("#")[0].rstrip() for line in block.group(1).splitlines()] == [
        "make demo",
        "make test",
    ]
    assert block.start() < 400


def test_the_readme_has_every_exit_code() -> None:
    """The table holds the codes of the verdicts, of the errors, and of the interrupt."""
    kinds = [WalkaroundError, *WalkaroundError.__subclasses__()]
    codes = {*MEANINGS, *(kind.exit_code for kind in kinds), 130}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text_of("README.md"), re.MULTILINE)} == codes


def test_contributing_begins_with_the_three_additions() -> None:
    """A new measure, check or connector is what people come for."""
    heads = re.findall(r"^## (.*)$", text_of("CONTRIBUTING.md"), re.MULTILINE)
    assert heads[:3] == ["Add a measure", "Add a check", "Add a connector"]


def test_the_page_of_checks_is_made_from_the_checks() -> None:
    """`make golden` writes it anew."""
    assert text_of("docs/checks.md") == page((check, why(check.code)) for check in checks()) + "\n"


def test_the_catalogue_is_what_the_program_offers() -> None:
    """Additions and losses show in review; `make golden` writes it anew."""
    told = subprocess.run(
        [sys.executable, ROOT / "tests" / "golden" / "catalogue.py"], capture_output=True, text=True, check=True
    )
    assert told.stdout == text_of("tests/golden/catalogue.txt")


def test_the_architecture_names_every_room() -> None:
    """The list of rooms is the list of what is there, and the other way round."""
    package = ROOT / "src" / "walkaround"
    there = {path.stem for path in package.iterdir() if not path.name.startswith("_") and path.suffix in {"", ".py"}}
    assert set(ROOM.findall(text_of("docs/architecture.md"))) == there


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link is a file."""
    targets = LINK.findall(text_of(name))
    assert [target for target in targets if not (ROOT / name).parent.joinpath(target).exists()] == []


def test_every_target_of_the_makefile_that_documents_name_is_there() -> None:
    """`make x` in a document is a target."""
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = {word for name in PAGES for word in re.findall(r"(?:^|`)make ([a-z-]+)", text_of(name), re.MULTILINE)}
    assert named <= targets
