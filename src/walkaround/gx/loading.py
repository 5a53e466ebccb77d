"""Importing Great Expectations: once, quietly, and without what judging facts never needs."""

from __future__ import annotations

import importlib
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

DEFERRED: Final = ("scipy.stats", "altair")
"""What GX imports at its start only for the Kullback-Leibler expectation and its chart: 1.2 of 3 seconds."""

_lock = threading.Lock()


class _Deferred(ModuleType):
    """Stands for a module until something is asked of it; then the real one is imported and answers."""

    def __getattr__(self, name: str) -> Any:
        if name in {"__spec__", "__path__", "__file__"} and sys.modules.get(self.__name__) is not self:
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def load() -> None:
    """Import GX and register our expectation and data source. Safe to call from any thread, as often as wanted.

    GX turns on `logging.captureWarnings` for the whole process when it is imported: that is turned off again, unless
    it was on before.
    """
    with _lock:
        if "walkaround.gx.validation" in sys.modules:
            return
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        logging.getLogger("great_expectations").addHandler(logging.NullHandler())
        with _deferring(DEFERRED), _warnings_left_alone():
            importlib.import_module("walkaround.gx.validation")


@contextmanager
def _deferring(names: tuple[str, ...]) -> Iterator[None]:
    """Let imports of these modules cost nothing meanwhile; afterwards only who imported them meanwhile holds one."""
    placeholders = {name: _Deferred(name) for name in names if name not in sys.modules}
    sys.modules.update(placeholders)
    try:
        yield
    finally:
        for name, placeholder in placeholders.items():
            if sys.modules.get(name) is placeholder:
                del sys.modules[name]


@contextmanager
def _warnings_left_alone() -> Iterator[None]:
    """GX imports modules that Python deprecates, and has all warnings logged from then on: neither is the caller's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        before = warnings.showwarning
        try:
            yield
        finally:
            if warnings.showwarning is not before:
                logging.captureWarnings(capture=False)
