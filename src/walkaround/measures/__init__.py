"""What is measured: one file a measure. A folder is listed, and each of its modules offers its `MEASURE`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from walkaround.measures import column, table

if TYPE_CHECKING:
    from types import ModuleType

    from walkaround.columns import Column, Table
    from walkaround.model.measure import Measure


def _offered(folder: ModuleType) -> list[type[Measure[Any]]]:
    """What the modules of a folder offer; the contract tests prove that they do."""
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    return [import_module(f"{folder.__name__}.{name}").MEASURE for name in names]


@cache
def column_measures() -> tuple[type[Measure[Column]], ...]:
    """Every measure of one column, by name of its file."""
    return tuple(_offered(column))


@cache
def table_measures() -> tuple[type[Measure[Table]], ...]:
    """Every measure of whole rows, by name of its file."""
    return tuple(_offered(table))
