"""The way suites are written: JSON with an expectation in two lines, so that git shows what changed in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any


def line(value: Any) -> str:
    """A JSON value on one line.

    Raises:
        ValueError: there is a NaN or an infinity in it.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def expectation_lines(head: Mapping[str, Any], meta: Mapping[str, Any]) -> str:
    """What is expected, and on the second line where it comes from; one line where nobody says."""
    first = f"    {line(dict(head))}"
    return f'{first[:-1]},\n     "meta": {line(dict(meta))}}}' if meta else first


def commas(items: Iterable[str]) -> list[str]:
    """Items of a list or an object, as JSON separates them."""
    lines = list(items)
    return [f"{each}," for each in lines[:-1]] + lines[-1:]
