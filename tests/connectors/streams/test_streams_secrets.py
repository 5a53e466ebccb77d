"""Secrets of APIs and brokers, looked for in everything that a run leaves and prints."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

if importlib.util.find_spec("dlt") is None:
    pytest.skip("needs the extra rest", allow_module_level=True)
if importlib.util.find_spec("confluent_kafka") is None:
    pytest.skip("needs the extra kafka", allow_module_level=True)

CANARY = "Kanarie7yellow"
YAML = """\
version: 1
project: {name: shop}
sources:
  orders:
    uri: kafka://ana:${ORDERS_PW}@127.0.0.1:1/orders?security.protocol=SASL_PLAINTEXT
    pilot: pilot.csv
  customers:
    uri: rest+http://ana:${ORDERS_PW}@127.0.0.1:1/v1/customers?api_key=${ORDERS_PW}
    pilot: pilot.csv
    sample: {max_seconds: 2}
  tickets:
    uri: dlt:///apis/desk.yaml#tickets
    pilot: pilot.csv
    sample: {max_seconds: 2}
"""
FILE = """\
client:
  base_url: http://127.0.0.1:1/
  auth: {type: bearer, token: "${ORDERS_PW}"}
  headers: {X-Key: "${ORDERS_PW}"}
resources: [tickets]
"""


@pytest.mark.parametrize("command", [["plan"], ["check", "--debug"]])
def test_a_secret_is_in_nothing_that_a_run_leaves(tmp_path: Path, command: list[str]) -> None:
    """Not in the words, not in the files, with three sources that cannot be reached."""
    (tmp_path / "apis").mkdir()
    (tmp_path / "apis" / "desk.yaml").write_text(FILE, encoding="utf-8")
    (tmp_path / "walkaround.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "pilot.csv").write_text("id\n" + "\n".join(map(str, range(50))), encoding="utf-8")
    environ = {**os.environ, "ORDERS_PW": CANARY, "TMPDIR": str(tmp_path)}
    for arguments in (["baseline", "freeze"], command):
        run = subprocess.run(
            [sys.executable, "-m", "walkaround", *arguments],
            cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert CANARY not in run.stdout + run.stderr
    assert run.returncode == 3
    assert run.stdout.count("could not be reached") >= 3
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in left if CANARY.encode() in path.read_bytes()] == []
