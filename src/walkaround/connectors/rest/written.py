"""Written: values of an API as lines of JSON, numbers as they were written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from typing import Any, Self


class Written(float):
    """A number that knows its digits: "1.10" stays "1.10" where its column becomes text.

    >>> Written("1.10").text
    '1.10'
    """

    __slots__ = ("text",)

    def __new__(cls, text: str) -> Self:
        """The number that `text` says."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str


def lines_of(item: Any) -> Iterator[str]:
    """An item that a resource gives, as lines: a row, a page of rows, or a table of them.

    >>> print(*lines_of([{"id": 1}, {"id": 2}]), sep="", end="")
    {"id":1}
    {"id":2}
    """
    if hasattr(item, "to_pylist"):  # tables and batches of Arrow
        item = item.to_pylist()
    elif hasattr(item, "to_dicts"):  # data frames of Polars
        item = item.to_dicts()
    elif hasattr(item, "to_dict") and hasattr(item, "iloc"):  # data frames of pandas
        item = item.to_dict("records")
    if isinstance(item, list):
        for held in item:
            yield from lines_of(held)
        return
    yield f"{written(_plain(item))}\n"


def written(value: Any) -> str:  # noqa: PLR0911 - one return a kind
    """A value as JSON of ASCII letters; what JSON has no word for as its text."""
    if isinstance(value, Written):
        return value.text
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(key))}:{written(held)}" for key, held in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(written, value)) + "]"
    if value is None or isinstance(value, bool | int | float | str):
        return json.dumps(value)
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"
    if isinstance(value, bytes):
        return json.dumps(value.hex())
    return json.dumps(value.isoformat() if hasattr(value, "isoformat") else str(value))


def _plain(item: Any) -> Any:
    if hasattr(item, "model_dump"):  # of pydantic
        return item.model_dump()
    return asdict(item) if is_dataclass(item) and not isinstance(item, type) else item
