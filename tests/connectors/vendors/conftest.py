"""The vendors, and a server of each."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _loaded() -> ModuleType:
    name = "walkaround_tests_vendors"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("vendors.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def vendors() -> ModuleType:
    """The module `vendors`."""
    return _loaded()


@pytest.fixture(params=_loaded().VENDORS, ids=lambda vendor: vendor.name)
def vendor(request: pytest.FixtureRequest) -> Any:
    """Each vendor in turn."""
    return request.param


@pytest.fixture
def server(vendor: Any, vendors: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server of this vendor, behind its fake client."""
    made = vendor.server()
    vendors.put(monkeypatch, vendor, made)
    return made
