"""Smoke tests with each minor version of Great Expectations that pyproject.toml admits: `make gx-versions`.

Each version has an environment of its own, with the newest patch that pip offers and everything else as in
constraints.txt. Runs `smoke.py` and the tests of judging facts in it. Exit code 0 where all passed, 1 where not, 2
where the tests could not be run. The network is used by pip only.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from environment import PROJECT, ROOT, NotAvailableError, environment
from recorded import recorded

HERE: Final = Path(__file__).parent
PLACE: Final = ROOT / ".gx-versions"
NAME: Final = "great_expectations"
TESTS: Final = (HERE / "smoke.py", ROOT / "tests" / "gx" / "test_facts.py", ROOT / "tests" / "gx" / "test_suite.py")
STRICTER: Final = "tests/gx/test_facts.py::test_quiet_and_light"
"""Holds that judging warns of nothing; before 1.24 Great Expectations leaves a folder to the garbage collector."""
SHOWN: Final = (NAME, "pandas", "polars", "marshmallow")
ASK: Final = f"from importlib.metadata import version; print(*map(version, {SHOWN!r}))"


def main() -> int:
    """Run the tests with each version, and print a row for each."""
    print(f"{'GX':9}{'pandas':>8}{'polars':>8}{'marshmallow':>13}{'passed':>8}{'failed':>8}{'seconds':>9}")
    wrong = []
    try:
        PLACE.mkdir(exist_ok=True)
        constraints = PLACE / "constraints.txt"
        constraints.write_text(_without_gx((ROOT / "constraints.txt").read_text(encoding="utf-8")), encoding="utf-8")
        for minor in admitted():
            wanted = [f"{NAME}~={minor}.0", "hypothesis", "pytest", "pytest-xdist", "-e", ROOT]
            wrong += _row(environment(PLACE / minor, ["-c", constraints, *wanted]))
    except NotAvailableError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(["", *wrong]) if wrong else "\nAll passed.")
    return int(bool(wrong))


def admitted() -> Iterator[str]:
    """The minor versions that pyproject.toml admits: all from the least to the one below the bound."""
    needs = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    [bounds] = [found for need in needs if (found := re.fullmatch(r"great-expectations>=1\.(\d+),<1\.(\d+)", need))]
    return (f"1.{minor}" for minor in range(int(bounds[1]), int(bounds[2])))


def _without_gx(constraints: str) -> str:
    return "".join(line for line in constraints.splitlines(keepends=True) if not line.startswith(f"{NAME}=="))


def _row(python: Path) -> list[str]:
    """Run the tests, print what they came to, and return what failed."""
    versions = subprocess.run([python, "-c", ASK], check=True, capture_output=True, text=True).stdout.split()
    began = time.monotonic()
    tests = recorded(python, ROOT, [*map(str, TESTS), "--deselect", STRICTER, "-W", "default"])
    failures = [f"GX {versions[0]}: {name}: {told['message']}" for name, told in tests.items() if not told["passed"]]
    print(
        f"{versions[0]:9}{versions[1]:>8}{versions[2]:>8}{versions[3]:>13}"
        f"{len(tests) - len(failures):8}{len(failures):8}{time.monotonic() - began:9.0f}",
        flush=True,
    )
    return failures


if __name__ == "__main__":
    sys.exit(main())
