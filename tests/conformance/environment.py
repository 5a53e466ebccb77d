"""Virtual environments of their own for the tests that want other packages than ours, made by pip when first wanted."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PROJECT = ROOT / "pyproject.toml"


class NotAvailableError(Exception):
    """Pip could not give what was asked of it; the message says what, and what pip said last."""


def environment(folder: Path, arguments: Sequence[str | Path]) -> Path:
    """The Python of a virtual environment in which `pip install` was run with these arguments.

    Made anew where the arguments, a file named in them, or what walkaround depends on has changed.

    Raises:
        NotAvailableError: pip failed.
    """
    python = folder / "bin" / "python"
    stamp = folder / "made-of"
    made_of = _fingerprint(arguments)
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != made_of:
        print(f"making {folder.relative_to(ROOT)} ...", file=sys.stderr, flush=True)
        venv.create(folder, clear=True, with_pip=True)
        pip(python, "install", *arguments)
        stamp.write_text(made_of, encoding="utf-8")
    return python


def pip(python: Path, *arguments: str | Path) -> None:
    """Run pip, quietly.

    Raises:
        NotAvailableError: it failed.
    """
    command = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        errors = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")] or ran.stderr.splitlines()
        raise NotAvailableError(
            f"`pip {' '.join(map(str, arguments))}` failed: {errors[-1] if errors else 'it says nothing'}\n"
            "This target gets packages with pip and nothing in any other way. Is an index within reach? "
            "`pip config list` shows which one pip asks."
        )


def _fingerprint(arguments: Sequence[str | Path]) -> str:
    """Of the arguments, the files among them, and what walkaround needs: its own code is installed editable."""
    needs = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    digest = hashlib.sha256(repr((needs, [str(argument) for argument in arguments])).encode())
    for path in arguments:
        if isinstance(path, Path) and path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
