"""What the page about suites on Polars shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from side_by_side.running import gx

PAGE = Path(__file__).parents[3] / "docs" / "great-expectations.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_code_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its blocks, one after the other in one session; what they assert holds."""
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) >= 5
    session: dict[str, object] = {"__name__": "page"}
    for number, block in enumerate(blocks):
        code = compile(block, f"{PAGE.name}, block {number}", "exec", dont_inherit=True)
        exec(code, session)  # noqa: S102 - our own page


def test_the_versions_of_the_page_are_those_that_are_admitted() -> None:
    """The first and the last minor version, as pyproject.toml bounds them."""
    bounds = re.search(
        r"great-expectations>=1\.(\d+),<1\.(\d+)", (PAGE.parents[1] / "pyproject.toml").read_text("utf-8")
    )
    assert bounds is not None
    first, beyond = map(int, bounds.groups())
    assert f"GX 1.{first} to 1.{beyond - 1}" in PAGE.read_text(encoding="utf-8")
    assert first <= int(gx.__version__.split(".")[1]) < beyond
