"""From a bucket to a verdict: the commands read stores as they read files."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from walkaround.connectors import open_sample
from walkaround.model.source import Source

_spec = importlib.util.spec_from_file_location("connectors_files", Path(__file__).parents[2] / "connectors_files.py")
assert _spec is not None
assert _spec.loader is not None
files = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(files)


def walkaround(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("walkaround")), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


@pytest.mark.parametrize("name", sorted(files.WRITERS))
def test_every_kind_of_file_arrives(s3_peer: Any, tmp_path: Path, name: str) -> None:
    """Those that are read by ranges, and those that are fetched whole: the rows are those of the file."""
    path = tmp_path / name
    files.WRITERS[name](path)
    s3_peer.put(f"in/{name}", path.read_bytes())
    near, far = open_sample(Source("s", str(path))), open_sample(Source("s", f"{s3_peer.uri}/in/{name}"))
    assert files.rows_of(far) == files.rows_of(near)
    assert (far.facts.columns, far.facts.kind) == (near.facts.columns, near.facts.kind)
    assert far.records == near.records


def test_a_bucket_is_compared_with_a_file(s3_peer: Any, tmp_path: Path) -> None:
    """The verdict is that of the same files on this machine, every request is told, and no secret is in any file."""
    files.WRITERS["t.csv"](tmp_path / "pilot.csv")
    content = (tmp_path / "pilot.csv").read_bytes()
    s3_peer.put("in/production.csv", content.replace(b"name 3", b"") + content.split(b"\n", 1)[1])
    (tmp_path / "local.csv").write_bytes(content.replace(b"name 3", b"") + content.split(b"\n", 1)[1])
    told = {}
    for where in (f"{s3_peer.uri}/in/production.csv", "local.csv"):
        done = walkaround("compare", "pilot.csv", where, "--format", "json", "--report", "r.html", folder=tmp_path)
        assert done.returncode == 1, done.stderr
        told[where] = json.loads(done.stdout)
        assert "canary" not in done.stdout + done.stderr + (tmp_path / "r.html").read_text()
        assert "walkaround-spool" not in done.stdout + done.stderr + (tmp_path / "r.html").read_text()
    far, near = told.values()
    findings = [[(found["code"], found["column"], found["count"]) for found in run["findings"]] for run in (far, near)]
    assert findings[0] == findings[1]
    assert list(tmp_path.glob("walkaround-spool*")) == []


def test_what_is_not_there_is_a_usage_error(s3_peer: Any, tmp_path: Path) -> None:
    """Of `compare`; the other way round it is a finding of `check`."""
    files.WRITERS["t.csv"](tmp_path / "pilot.csv")
    done = walkaround("compare", "pilot.csv", f"{s3_peer.uri}/none.csv", folder=tmp_path)
    assert "none.csv" in done.stderr + done.stdout
    assert done.returncode in (2, 3)
    assert "Traceback" not in done.stderr


SETTINGS = """
version: 1
project: {{name: stores, owner: {{name: Ana, email: ana@corp.example}}}}
sources:
  crm.customers:
    uri: {uri}
    pilot: pilot.csv
    sample: {{rows: 400, max_bytes: 10 MiB, max_seconds: 60}}
  crm.denied:
    uri: {denied}
    pilot: pilot.csv
"""


def test_a_plan_names_objects_and_a_check_goes_on(s3_peer: Any, moody: Any, tmp_path: Path) -> None:
    """`plan` prints what would be fetched; `check` reads one source while the other is denied, and says so."""
    moody.always = (403, "<Error><Code>AccessDenied</Code></Error>")
    files.WRITERS["t.csv"](tmp_path / "pilot.csv")
    s3_peer.put("in/t.csv", (tmp_path / "pilot.csv").read_bytes())
    server = s3_peer.environment["AWS_ENDPOINT_URL"]
    where = {
        "uri": f"{s3_peer.uri}/in/t.csv?endpoint={server}",
        "denied": f"s3://bucket/t.csv?endpoint={moody.address}",
    }
    (tmp_path / "walkaround.yaml").write_text(SETTINGS.format(**where))
    planned = walkaround("plan", folder=tmp_path)
    assert "GET s3://bucket-" in planned.stdout
    assert "may not be read" in planned.stdout + planned.stderr
    frozen = walkaround("baseline", "freeze", folder=tmp_path)
    assert frozen.returncode == 0, frozen.stderr
    done = walkaround("check", "--format", "json", folder=tmp_path)
    run = json.loads(done.stdout)
    assert done.returncode == 3, done.stderr
    assert [found["code"] for found in run["findings"] if found["source"] == "crm.denied"][:1] == ["ACC001"]
    rows = {source["name"]: source["rows_sampled"] for source in run["sources"]}
    assert rows["crm.customers"] == 400
    everything = [path for path in tmp_path.rglob("*") if path.is_file()]
    for path in everything:
        assert b"canary" not in path.read_bytes(), path


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
@pytest.mark.parametrize(("key", "answered"), [("t.parquet", 1), ("t.parquet", 2), ("t.csv", 1)])
def test_ctrl_c_leaves_a_store_that_hangs_at_once(moody: Any, tmp_path: Path, key: str, answered: int) -> None:
    """While a footer is waited for, while rows are, and while a whole file is; nothing half-written is left."""
    files.WRITERS[key](tmp_path / key)
    moody.put(key, (tmp_path / key).read_bytes())
    moody.moods, moody.always = [None] * answered, "hang"
    command = [str(Path(sys.executable).with_name("walkaround")), "profile", f"s3://bucket/{key}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        began = time.monotonic()
        while len(moody.requests) <= answered and time.monotonic() - began < 60:
            time.sleep(0.05)
        time.sleep(0.3)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, words = process.communicate(timeout=30)
    assert time.monotonic() - sent < 5
    assert process.returncode == 130, words
    assert list(tmp_path.glob("walkaround-spool*")) == []
