"""The metrics of GX that Polars answers: each module offers `METRICS`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from walkaround.gx.rows.definitions import Definition


def definitions() -> tuple[Definition, ...]:
    """What the modules of this folder offer, in the order of their names."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return tuple(definition for module in modules for definition in module.METRICS)
