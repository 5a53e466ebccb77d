"""What production is checked for: one file a check. The folder is listed, and each module offers its `CHECK`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from inspect import cleandoc

from walkaround.model.check import Check

SHARED = frozenset({"comparing", "words"})
"""Modules of this folder that offer no check."""


@cache
def checks() -> tuple[Check, ...]:
    """Every check, by code."""
    return tuple(sorted((module.CHECK for module in _modules()), key=lambda check: check.code))


@cache
def by_code() -> dict[str, Check]:
    """Every check, by its code."""
    return {check.code: check for check in checks()}


@cache
def why(code: str) -> str:
    """Why a check matters: the docstring of its module, without the first line."""
    for module in _modules():
        if module.CHECK.code == code:
            return cleandoc((module.__doc__ or "").partition("\n")[2])
    return ""


def _modules() -> list:  # type: ignore[type-arg]  # modules, each of which offers CHECK: the contract tests prove it
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in SHARED)
    return [import_module(f"{__name__}.{name}") for name in names]
