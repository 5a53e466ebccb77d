"""States: the files as they stood when a sample was planned, and whether they still stand so."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from walkaround.connectors.contract import FileState, Plan, State
from walkaround.connectors.location import failure
from walkaround.errors import SourceError
from walkaround.model.source import Source

SMALL: Final = 64 << 20
"""Bytes up to which a file's fingerprint is made of all of it (a twentieth of a second)."""

_SPOTS: Final = 64

_SPOT: Final = 64 << 10
"""A larger file's fingerprint: its size, its time of change, and 64 spots of 64 KiB spread evenly, ends included."""


def states_of(source: Source, shown: str, files: Sequence[Any]) -> tuple[FileState, ...]:
    """The files as they stand now.

    Raises:
        SourceError: one is gone, may not be read, or holds nothing.
    """
    try:
        states = tuple(FileState.of(path) for path in files)
        for state in states:
            state.path.open("rb").close()  # a library's own error would not say that the right to read is missing
    except OSError as error:
        raise failure(source.name, shown, error) from None
    if not any(state.size for state in states):
        hint = "look at the export that should have filled it"
        raise SourceError(source.name, "empty", f"{shown}: the file is empty (0 bytes)", hint)
    return states


def modified(states: Sequence[State]) -> datetime:
    """When the newest of the files was last changed, in UTC."""
    return datetime.fromtimestamp(max(state.modified_ns for state in states) / 1e9, tz=UTC)


def unchanged(plan: Plan) -> None:
    """Raise where a file is not as it was when the plan was made."""
    for state in plan.files:
        try:
            now = state.again()
        except OSError as error:
            raise failure(plan.source.name, state.path.name, error) from None
        if now != state:
            hint = "read it again once nothing writes to it, or read a copy"
            raise SourceError(plan.source.name, "changed", f"{state.path.name}: changed while it was read", hint)


def fingerprint(plan: Plan, salt: str = "") -> str:
    """Short text of what is read: the files' content, and how the rows are drawn. Names and places have no part.

    Raises:
        SourceError: a file cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{plan.kind}|{plan.rows}|{plan.seed}|{plan.source.table}|{salt}".encode())
    for state in plan.files:
        digest.update(str(state.size).encode())
        try:
            _digest_file(digest, state)
        except OSError as error:
            raise failure(plan.source.name, state.path.name, error) from None
    return digest.hexdigest()


def _digest_file(digest: Any, state: State) -> None:
    if state.tag:
        digest.update(state.tag.encode())
        return
    with state.open() as file:
        if state.size <= SMALL:
            digest.update(hashlib.file_digest(file, "blake2b").digest())
            return
        digest.update(str(state.modified_ns).encode())
        for spot in range(_SPOTS):
            file.seek((state.size - _SPOT) * spot // (_SPOTS - 1))
            digest.update(file.read(_SPOT))
