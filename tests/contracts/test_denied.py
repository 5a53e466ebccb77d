"""A file that this user may not read. Root may read everything, so a process gives up its rights first."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("connectors_files", Path(__file__).parent.parent / "connectors_files.py")
assert _spec is not None
assert _spec.loader is not None
files = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(files)

NOBODY = 65_534
READER = f"""
import json, os, sys
from walkaround.connectors import open_sample
from walkaround.errors import SourceError
from walkaround.model.source import Source

def reason(path):
    try:
        for batch in open_sample(Source("s", path)).batches():
            pass
    except SourceError as error:
        return [error.reason, error.message, error.hint]
    return ["read", "", ""]

paths = sys.argv[1:]
before = [reason(path) for path in paths]  # and all that is imported when it is used is imported now
for path in paths:
    os.chmod(path, 0)
if os.geteuid() == 0:
    os.setuid({NOBODY})
print(json.dumps([before, [reason(path) for path in paths]]))
"""


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that anybody may enter; pytest's own are closed to others, and would deny in place of the file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits to deny with")
def test_a_file_that_may_not_be_read_is_denied(public: Path) -> None:
    """Of every kind: the reason is "denied", the message names the file, and the hint says what to do."""
    for name, write in files.WRITERS.items():
        write(public / name)
    paths = [str(public / name) for name in files.WRITERS]
    child = subprocess.run([sys.executable, "-c", READER, *paths], capture_output=True, text=True, check=True)
    before, after = json.loads(child.stdout)
    assert [reason for reason, _, _ in before] == ["read"] * len(paths)
    assert {name: reason for name, (reason, _, _) in zip(files.WRITERS, after, strict=True)} == dict.fromkeys(
        files.WRITERS, "denied"
    )
    for name, (_, message, hint) in zip(files.WRITERS, after, strict=True):
        assert name in message
        assert "grant the right to read it" in hint
