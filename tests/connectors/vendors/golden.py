"""Writes the golden texts of what is sent to each vendor. Run it as a script, after a change that is meant."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def loaded(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    vendors, contract = loaded("vendors"), loaded("test_contract")
    for vendor in vendors.VENDORS:
        sys.modules.update(vendor.installed(vendor.server()))
        (HERE / "golden" / f"{vendor.name}.sql").write_text(contract.golden(vendor, vendors), encoding="utf-8")
