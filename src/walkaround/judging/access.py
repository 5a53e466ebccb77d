"""Access: what could not be read of a source, all of it or a part. Nothing of that counts as checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from walkaround.model.outcome import Outcome
from walkaround.model.sample import Barrier

CODE = "ACC001"


def unread(source: str, problem: str, *, required: bool) -> Outcome:
    """A source that could not be read at all."""
    return Outcome(CODE, source, (), "not_assessed", "blocker", "access", reason=problem, required=required)


def unseen(source: str, barriers: Collection[Barrier], wanted: Collection[str], *, required: bool) -> Iterator[Outcome]:
    """Parts of a source that was read. Columns are missed where the suite has a limit for them (`wanted`); hidden rows
    always, as all that is said of the source is then said of a part of it.
    """
    for barrier in barriers:
        parts = (
            [
                (tuple(name for name in barrier.columns if (name in wanted) is missed), missed)
                for missed in (True, False)
            ]
            if barrier.columns
            else [((), True)]
        )
        for columns, missed in parts:
            if columns or not barrier.columns:
                yield Outcome(
                    CODE, source, columns, "not_assessed", "blocker" if missed else "warning", "access",
                    reason=barrier.message, detail=barrier.hint, required=required and missed,
                )  # fmt: skip
