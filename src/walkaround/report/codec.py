"""Codec: frozen values to JSON's own types and back, by the types that their fields declare."""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from walkaround.errors import UsageError


def plain(value: Any) -> Any:  # noqa: PLR0911 - one return for each kind of value
    """A value in JSON's types. Numbers that are not finite become null: JSON has no word for them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


@cache
def hints(kind: type) -> Mapping[str, Any]:
    """The types of a dataclass's fields, by name."""
    return get_type_hints(kind)


def read(kind: Any, value: Any, where: str) -> Any:
    """The value of type `kind` that `plain` wrote.

    Raises:
        UsageError: `value` is not what `kind` is written as; the message names the place.
    """
    origin, inner = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _read_fields(kind, value, where)
    if origin in (Union, types.UnionType):
        return None if value is None else read(next(arm for arm in inner if arm is not type(None)), value, where)
    if origin is Literal:
        return value if value in inner else _refuse(where, f"is none of {', '.join(map(str, inner))}")
    if origin is tuple:
        return _read_tuple(inner, value, where)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        _expect(value, dict, where)
        return {key: read(inner[1], each, f"{where}.{key}") for key, each in value.items()}
    return _read_scalar(kind, value, where)


def _read_fields(kind: type, value: Any, where: str) -> Any:
    _expect(value, dict, where)
    missing = [name for name in hints(kind) if name not in value]
    if missing:
        _refuse(where, f"lacks {missing[0]}")
    return kind(**{name: read(inner, value[name], f"{where}.{name}") for name, inner in hints(kind).items()})


def _read_tuple(inner: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _expect(value, list, where)
    if inner[-1] is Ellipsis:
        return tuple(read(inner[0], each, f"{where}[{at}]") for at, each in enumerate(value))
    if len(value) != len(inner):
        _refuse(where, f"has {len(value)} parts instead of {len(inner)}")
    return tuple(read(arm, each, f"{where}[{at}]") for at, (arm, each) in enumerate(zip(inner, value, strict=True)))


def _read_scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is float:
        if value is None:
            return math.nan
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            _refuse(where, "is not a number")
        return float(value)
    if kind in (datetime, date):
        _expect(value, str, where)
        try:
            return kind.fromisoformat(value)
        except ValueError:
            _refuse(where, "is not a date in the form of ISO 8601")
    if kind is int and isinstance(value, bool):
        _refuse(where, "is not a whole number")
    _expect(value, kind, where)
    return value


def _expect(value: Any, kind: type, where: str) -> None:
    if not isinstance(value, kind):
        words = {dict: "an object", list: "a list", str: "text", int: "a whole number", bool: "true or false"}
        _refuse(where, f"is not {words.get(kind, kind.__name__)}")


def _refuse(where: str, what: str) -> Any:
    raise UsageError(
        f"this is no run that can be read: {where} {what}", "write it again with walkaround report --format json"
    )
