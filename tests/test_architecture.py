"""Imports point down, heavy libraries keep to their rooms, and `--help` loads none of them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import walkaround

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "walkaround"
HEAVY = (
    "great_expectations", "polars", "duckdb", "jinja2", "pyarrow", "numpy", "pandas", "scipy", "yaml",
    "pymysql", "adbc_driver_postgresql", "obstore", "requests", "asyncssh", "dlt",
)  # fmt: skip
ROOMS = {
    "great_expectations": {"gx"},
    "duckdb": {"history", "connectors"},
    "sqlite3": {"connectors"},
    "jinja2": {"report"},
    "click": {"cli"},
    "adbc_driver_postgresql": {"connectors"},
    "obstore": {"connectors"},
    "pymysql": {"connectors"},
    "requests": {"connectors"},
    "asyncssh": {"connectors"},
    "yaml": {"settings", "connectors"},
}
"""Which top-level rooms may import which library."""
LONGEST = 400
"""Past this many lines a file holds more than one noun, whatever its name; style asks "why" from 300 on."""


def loaded_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(' '.join(sys.modules))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(told.stdout.splitlines()[-1].split())


def imports_of(file: Path) -> set[str]:
    """The top-level names that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def room_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0]


def test_imports_point_down() -> None:
    """import-linter's contracts, which stand in pyproject.toml, are kept."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("library", ROOMS)
def test_a_heavy_library_lives_in_its_rooms(library: str) -> None:
    """No file elsewhere names it, not even inside a function."""
    strangers = [
        str(file.relative_to(ROOT))
        for file in PACKAGE.rglob("*.py")
        if library in imports_of(file) and room_of(file) not in ROOMS[library]
    ]
    assert strangers == []


def test_help_loads_nothing_heavy() -> None:
    """`walkaround --help` needs click and nothing that takes long."""
    modules = loaded_after(
        "from walkaround.cli.app import run\n"
        "import contextlib, io\n"
        "with contextlib.redirect_stdout(io.StringIO()): run(['--help'])"
    )
    assert "click" in modules
    assert modules.isdisjoint(HEAVY)


def test_the_package_loads_nothing_until_it_is_used() -> None:
    """`import walkaround` is free; a name loads what it needs."""
    assert loaded_after("import walkaround").isdisjoint({*HEAVY, "click", "walkaround.workflow"})
    assert "walkaround.model.run" in loaded_after("import walkaround; walkaround.Run")


def test_every_public_name_is_there() -> None:
    """What `__all__` promises can be had, and nothing else is made up."""
    assert all(getattr(walkaround, name) is not None for name in walkaround.__all__)
    assert set(walkaround.__all__) <= set(dir(walkaround))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = walkaround.nonsense


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_file_holds_one_noun(file: Path) -> None:
    """It fits a few screens, and begins by saying what it is."""
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert ast.get_docstring(ast.parse(text))


def test_constraints_name_exact_versions_and_no_address() -> None:
    """They resolve anywhere: no hash, no address, no path of somebody's machine."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(pin.count("==") == 1 for pin in pins)
    assert not any(mark in pin for pin in pins for mark in ("/", "@", "--", " "))
