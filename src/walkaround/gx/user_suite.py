"""Suites of rows that people wrote: read strictly at the door, as Great Expectations writes them and wrote them.

Great Expectations drops what it does not know without a word, and an expectation that was dropped is one that nobody
checks. So everything is looked at here, before a row is read, and refused with the place and what to do.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast, get_args

from walkaround.errors import BaselineError
from walkaround.gx import loading
from walkaround.gx.place import IGNORED, Fields, Place, parsed
from walkaround.gx.vacuous import expects_nothing
from walkaround.model.core_expectations import CORE
from walkaround.model.expectation import EXPECTATION_TYPE
from walkaround.model.limit import Severity
from walkaround.model.row_suite import RowExpectation, RowSuite

HINT: Final = (
    'Write it as Great Expectations saves a suite: {"name": ..., "expectations": [{"type": ..., "kwargs": ...}]}.'
)
OLD_SUITE: Final = frozenset({"expectation_suite_name", "data_asset_type", "ge_cloud_id"})
"""What suites had before Great Expectations 1.0."""
OLD_EXPECTATION: Final = frozenset({"expectation_type", "ge_cloud_id", "expectation_context"})
RUN_TIME: Final = frozenset({"result_format", "catch_exceptions", "include_config"})
"""Arguments of before 1.0 that say how to run, not what is expected."""
PARAMETER: Final = "$PARAMETER"


def load_rows(path: Path) -> RowSuite:
    """The suite of rows in a file.

    Raises:
        BaselineError: the file cannot be read or is no suite of rows; the message names the place in it.
    """
    return loads_rows(text_of(path), str(path))


def text_of(path: Path) -> str:
    """The text of a file that should hold a suite.

    Raises:
        BaselineError: the file cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BaselineError(f"{path}: there is no such suite", "name a JSON file of Great Expectations") from None
    except OSError as error:
        raise BaselineError(f"{path} could not be read: {error.strerror}", "name a JSON file") from None
    except UnicodeDecodeError:
        raise BaselineError(f"{path} is not UTF-8", "save the file as UTF-8") from None


def loads_rows(text: str, where: str) -> RowSuite:
    """The suite of rows that a text holds; `where` is the path of its file.

    Raises:
        BaselineError: the text is no suite of rows.
    """
    place = parsed(text, where, HINT)
    if "results" in place.mapping():
        raise place.wrong("this is the result of a validation, not a suite", "`walkaround gx import` takes it out.")
    keys = ("name", "expectations", "meta", "suite_parameters", "evaluation_parameters", "notes")
    top = _object(place, *keys, *IGNORED, *OLD_SUITE)
    items = top["expectations"].items()
    if not items:
        raise top["expectations"].wrong("there is none", "A suite that expects nothing checks nothing: delete it.")
    expectations = tuple(_expectation(item, number) for number, item in enumerate(items, 1))
    return RowSuite(where, expectations, hashlib.sha256(text.encode()).hexdigest())


def known_to_gx(suites: tuple[RowSuite, ...]) -> None:
    """Let Great Expectations itself take every expectation; this loads it where there are any.

    Raises:
        BaselineError: a type is unknown, an argument is missing, unknown or of another kind, or nothing is expected.
    """
    if not suites:
        return
    loading.load()
    from walkaround.gx.row_validation import refusal  # noqa: PLC0415 - imports Great Expectations

    for suite in suites:
        for expectation in suite.expectations:
            problem, hint = refusal(expectation)
            if not problem and (why := expects_nothing(expectation)):
                problem, hint = f"it expects nothing: {why}", "Say what is expected, or take it out."
            if problem:
                where = f"{suite.file}: expectations {expectation.place} ({expectation.type})"
                raise BaselineError(f"{where}: {problem}", hint)


def _object(place: Place, *known: str) -> Fields:
    """An object with these keys at most; of one that is not among them, the nearest is named."""
    unknown = sorted(place.mapping().keys() - set(known))
    if unknown:
        near = difflib.get_close_matches(unknown[0], known, n=1)
        inside = unknown[0] in {"column", "mostly", "value_set", "regex", "min_value", "max_value"}
        hint = "It belongs into kwargs." if inside else f"Did you mean {near[0]!r}?" if near else HINT
        raise place.wrong(f"unknown key {unknown[0]!r}", hint)
    return place.object(*known)


def _expectation(place: Place, number: int) -> RowExpectation:
    keys = ("type", "kwargs", "severity", "meta", "notes")
    fields = _object(place, *keys, *IGNORED, *OLD_EXPECTATION)
    old = "expectation_type" in place.mapping()
    kind = fields["expectation_type" if old else "type"].text()
    if kind == EXPECTATION_TYPE:
        raise place.wrong(
            f"{kind} is about facts of a profile, and this is a suite of rows",
            "Keep it in expectations/<source>/suite.json, beside the limits that were frozen.",
        )
    kwargs = fields.get("kwargs", {}).mapping()
    parameter = next(_parameters(kwargs), "")
    if parameter:
        raise place.wrong(
            f"{kind} takes an argument from the parameter {parameter!r}, and a run has no parameters",
            "Write the value itself.",
        )
    severity = fields.get("severity", None)
    asked = {name: value for name, value in kwargs.items() if not (old and name in RUN_TIME)}
    return RowExpectation(
        kind,
        MappingProxyType(asked),
        cast("Severity", "critical" if severity.value is None else severity.one_of(get_args(Severity))),
        number,
    )


def _parameters(value: Any) -> Iterator[str]:
    """The parameters that arguments are to be taken from, wherever they stand."""
    if isinstance(value, Mapping):
        if PARAMETER in value:
            yield str(value[PARAMETER])
        for inner in value.values():
            yield from _parameters(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _parameters(inner)


def nearest(kind: str, registered: list[str]) -> str:
    """The hint to a type that Great Expectations does not know."""
    near = difflib.get_close_matches(kind, sorted({*CORE, *registered}), n=1)
    return f"Did you mean {near[0]}?" if near else "Import the module that defines it, or take it out."
