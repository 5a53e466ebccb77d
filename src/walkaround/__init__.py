"""walkaround: is production data ready for what the pilot was built on?

    >>> run = walkaround.compare("pilot.csv", "production.csv")   # doctest: +SKIP
    >>> run.verdict.word                                          # doctest: +SKIP
    'not_ready'

Names are loaded when they are first used: importing this package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from walkaround.errors import BaselineError, SettingsError, SourceError, UsageError, WalkaroundError
    from walkaround.model.finding import Finding
    from walkaround.model.outcome import Outcome
    from walkaround.model.policy import Policy
    from walkaround.model.run import Run
    from walkaround.model.verdict import Coverage, Verdict
    from walkaround.report.stored import load_run
    from walkaround.settings import Settings
    from walkaround.settings import load as load_settings
    from walkaround.workflow import check, compare, freeze, profile

__all__ = [
    "BaselineError",
    "Coverage",
    "Finding",
    "Outcome",
    "Policy",
    "Run",
    "Settings",
    "SettingsError",
    "SourceError",
    "UsageError",
    "Verdict",
    "WalkaroundError",
    "check",
    "compare",
    "freeze",
    "load_run",
    "load_settings",
    "profile",
]

_HOMES: Final = {
    "BaselineError": "errors",
    "Coverage": "model.verdict",
    "Finding": "model.finding",
    "Outcome": "model.outcome",
    "Policy": "model.policy",
    "Run": "model.run",
    "Settings": "settings",
    "SettingsError": "errors",
    "SourceError": "errors",
    "UsageError": "errors",
    "Verdict": "model.verdict",
    "WalkaroundError": "errors",
    "check": "workflow",
    "compare": "workflow",
    "freeze": "workflow",
    "load_run": "report.stored",
    "load_settings": "settings:load",
    "profile": "workflow",
}
"""The module of each public name, and after a colon its name there where it is another."""


def __getattr__(name: str) -> Any:
    """Load a public name.

    Raises:
        AttributeError: there is no such name.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, _, there = _HOMES[name].partition(":")
    value = getattr(import_module(f"{__name__}.{home}"), there or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, for completion in a notebook."""
    return sorted({*globals(), *__all__})
