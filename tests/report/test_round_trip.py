"""Whatever a run holds, its JSON holds it too."""

from __future__ import annotations

import dataclasses
import json as plain_json
import math
import types
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from walkaround.model.run import Run
from walkaround.report import json, schema

FINITE = st.floats(allow_nan=False, allow_infinity=False)
ANY = st.one_of(FINITE, st.sampled_from([math.nan, math.inf, -math.inf]))
DRAWN = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
"""A run is a deep tree, so a few of them are drawn, however long each takes."""


def values(kind: Any, numbers: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one for each kind of type
    """Values of a declared type, with `numbers` wherever it says float."""
    origin, inner = get_origin(kind), get_args(kind)
    scalars = {
        str: st.text(max_size=8), int: st.integers(), bool: st.booleans(), float: numbers, date: st.dates(),
        datetime: st.datetimes(timezones=st.sampled_from([None, UTC])), type(None): st.none(),
    }  # fmt: skip
    if kind in scalars:
        return scalars[kind]
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.fixed_dictionaries({name: values(each, numbers) for name, each in hints.items()}).map(
            lambda fields: kind(**fields)
        )
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (Union, types.UnionType):
        return st.one_of([values(arm, numbers) for arm in inner])
    if origin is tuple and inner[-1] is Ellipsis:
        return st.lists(values(inner[0], numbers), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*[values(arm, numbers) for arm in inner])
    assert issubclass(origin, Mapping)
    return st.dictionaries(st.text(max_size=4), values(inner[1], numbers), max_size=2)


def numbers_of(value: Any) -> list[float | None]:
    """The floats of a value, in order of its fields."""
    if dataclasses.is_dataclass(value):
        return [each for field in dataclasses.fields(value) for each in numbers_of(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [each for part in value for each in numbers_of(part)]
    return [value] if isinstance(value, float) else []


@DRAWN
@given(values(Run, FINITE))
def test_a_run_comes_back_as_it_was(run: Run) -> None:
    """from_json(dumps(run)) == run, for every run of finite numbers."""
    assert json.from_json(json.dumps(run)) == run


@DRAWN
@given(values(Run, ANY))
def test_what_is_no_number_is_null(run: Run) -> None:
    """With NaN and infinities: the text is strict JSON, valid by the schema, and comes back to the same text."""

    def refused(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    text = json.dumps(run)
    held = plain_json.loads(text, parse_constant=refused)
    jsonschema.Draft202012Validator(schema.run_schema()).validate(held)
    back = json.from_json(held)
    assert json.dumps(back) == text
    assert not any(math.isinf(each) for each in numbers_of(back) if each is not None)


def test_the_schema_is_a_schema() -> None:
    """It is valid by the meta-schema of its draft."""
    jsonschema.Draft202012Validator.check_schema(schema.run_schema())
