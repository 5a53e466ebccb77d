"""The tests of Great Expectations that fail on Polars with a reason, as `deviations.toml` lists them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "deviations.toml"
KINDS: Final = {
    "object dtype": "the test is about pandas' dtype object, which holds any value; an Arrow column has a type",
    "pandas objects from the metrics API": "the test asks that a metric's value is an object of pandas",
}
"""None of them is a wrong outcome of a validation."""
LEAST_WORDS: Final = 5
"""A reason is a sentence."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """A test that fails on Polars, of which kind, and why it may."""

    test: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The deviations, and the version of Great Expectations whose tests they are of."""

    version: str
    deviations: tuple[Deviation, ...]


def reviewed(file: Path = FILE) -> Reviewed:
    """The list.

    Raises:
        TypeError: an entry lacks a field, or has one more.
        ValueError: an entry is of no known kind, has no reason to read, or stands there twice.
    """
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    deviations = tuple(Deviation(**entry) for entry in raw["deviation"])
    for each in deviations:
        if each.kind not in KINDS:
            raise ValueError(f"{each.test}: {each.kind!r} is none of {', '.join(KINDS)}")
        if len(each.reason.split()) < LEAST_WORDS:
            raise ValueError(f"{each.test}: {each.reason!r} is no reason")
    if len({each.test for each in deviations}) < len(deviations):
        raise ValueError("a test stands in the list twice")
    return Reviewed(raw["great_expectations"], deviations)
