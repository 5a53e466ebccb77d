"""A context of Great Expectations that leaves nothing behind. Importing this imports GX."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import great_expectations as gx
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.data_context.context_factory import project_manager
from great_expectations.exceptions import DataContextError

_one_context = threading.Lock()
"""GX has one current context for the whole process."""


@contextmanager
def in_memory() -> Iterator[EphemeralDataContext]:
    """A context that is nowhere but in memory, whatever GX_CLOUD_* says; the caller's own is current again after."""
    with _one_context:
        try:
            before = project_manager._project  # noqa: SLF001 - before 1.24 nothing public tells it
        except DataContextError:
            before = None
        try:
            context = gx.get_context(mode="ephemeral")
            context.variables.progress_bars = {"globally": False}
            yield context
        finally:
            project_manager.set_project(before)
