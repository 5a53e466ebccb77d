"""Prints what the program offers: an addition or a loss then shows in review. Run by `make golden`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import walkaround
from walkaround.checks import checks
from walkaround.connectors import connectors
from walkaround.measures import column_measures, table_measures

TEMPLATES = Path(walkaround.__file__).parent / "report" / "templates"
SECTION = re.compile(r'<section\b[^>]*\baria-labelledby="([^"{]+)"')


def sections() -> Iterator[str]:
    """The sections of the report, by the heading that labels them."""
    for template in sorted(TEMPLATES.rglob("*")):
        if template.is_file():
            yield from SECTION.findall(template.read_text(encoding="utf-8"))


def catalogue() -> Iterator[str]:
    """Every connector, measure, check and section, a line each."""
    yield from (f"connector  {connector.kind}" for connector in connectors())
    yield from (f"measure    column  {measure.__name__}" for measure in column_measures())
    yield from (f"measure    table   {measure.__name__}" for measure in table_measures())
    yield from (f"check      {check.code}  {check.title}" for check in checks())
    yield from (f"section    {section}" for section in sections())


if __name__ == "__main__":
    print("\n".join(catalogue()))  # noqa: T201 - this is what it is for
