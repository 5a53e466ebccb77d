"""What a limit is in the words of core Great Expectations, by the fact that it limits; or why those words lack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from walkaround.gx.export.seen import SeenTable
from walkaround.model.limit import Limit


@dataclass(frozen=True, slots=True)
class Core:
    """One core expectation. `remark` says where it is less than the limit, or more."""

    type: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Why core expectations cannot say a limit."""

    why: str


Saying = Callable[[Limit, SeenTable], Iterator[Core | Unsaid]]

TYPED: Final = Unsaid("a typed column: how its values were written is gone before Great Expectations sees them")
PERSONAL: Final = Unsaid("the column is personal: numbers and values of it stay with the data")
NOT_KEPT: Final = Unsaid("what it takes does not stand in git: export where the pilot's data can be read")


def never(why: str) -> Saying:
    """The saying of what core Great Expectations has no words for."""

    def saying(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
        del limit, table
        yield Unsaid(why)

    return saying


def ceiling(limit: Limit) -> float:
    """The share that a limit allows; all of it where a person took its maximum away."""
    return 1.0 if limit.max_value is None else limit.max_value
