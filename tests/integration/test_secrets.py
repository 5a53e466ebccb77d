"""Criterion: a secret is found in nothing that a run leaves, wherever it came from and however the run ended."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

CANARY = "Kanarie7yellow!"
ENCODED = "Kanarie7yellow%21"
YAML = """\
version: 1
project: {{name: shop}}
sources:
  crm:
    uri: {uri}
    {table}
    pilot: pilot.csv
    sample: {{max_seconds: 3}}
"""

PLACES = {
    "a whole URI in a variable": ("${CRM_URL}", "table: t", {"CRM_URL": f"{{pg}}ana:{ENCODED}@127.0.0.1:1/crm"}),
    "a password in a variable": ("postgresql://ana:${CRM_PW}@127.0.0.1:1/crm", "table: t", {"CRM_PW": ENCODED}),
    "a parameter of the URI": ("${CRM_URL}", "table: t", {"CRM_URL": f"postgresql://127.0.0.1:1/crm?password={ENCODED}"}),
    "libpq's own variable": ("postgresql://ana@127.0.0.1:1/crm", "table: t", {"PGPASSWORD": CANARY}),
    "a password of MariaDB": ("${CRM_URL}", "table: t", {"CRM_URL": f"mysql://ana:{ENCODED}@127.0.0.1:1/crm"}),
    "a refused password of MariaDB": ("${CRM_URL}", "table: t", {"CRM_URL": f"mysql://nobody_here:{ENCODED}@{{mysql}}/crm"}),
    "keys of S3": (
        "s3://bucket/a.parquet", "",
        {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": CANARY, "AWS_SESSION_TOKEN": CANARY,
         "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "eu-west-1", "AWS_ALLOW_HTTP": "true"},
    ),
    "a key of Azure": (
        "az://container/a.csv", "",
        {"AZURE_STORAGE_ACCOUNT_NAME": "acc", "AZURE_STORAGE_ACCOUNT_KEY": "S2FuYXJpZTd5ZWxsb3c=",
         "AZURE_ENDPOINT": "http://127.0.0.1:1", "AZURE_ALLOW_HTTP": "true"},
    ),
    "a signature of HTTP": ("${CRM_URL}", "", {"CRM_URL": f"http://127.0.0.1:1/a.csv?sig={ENCODED}"}),
    "a password of HTTP": ("${CRM_URL}", "", {"CRM_URL": f"http://ana:{ENCODED}@127.0.0.1:1/a.csv"}),
    "a password of SFTP": ("${CRM_URL}", "", {"CRM_URL": f"sftp://ana:{ENCODED}@127.0.0.1:1/a.csv"}),
    "a password of a vendor": ("${CRM_URL}", "table: t", {"CRM_URL": f"snowflake://ana:{ENCODED}@acc/db"}),
    "a file that is not there": ("${CRM_URL}", "", {"CRM_URL": f"/nowhere/{CANARY}.csv"}),
}  # fmt: skip
FORMS = (CANARY, ENCODED, "S2FuYXJpZTd5ZWxsb3c")


def told(folder: Path, environ: dict[str, str], *arguments: str) -> tuple[str, set[str]]:
    """What one command prints, and the command lines of all processes that were seen while it ran."""
    process = subprocess.Popen(
        [sys.executable, "-m", "walkaround", *arguments],
        cwd=folder, env={**os.environ, **environ, "TMPDIR": str(folder)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    seen: set[str] = set()

    def watch() -> None:
        while process.poll() is None:
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(path.read_bytes().decode("utf-8", "replace"))
                except OSError:
                    continue
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _ = process.communicate(timeout=120)
    watcher.join()
    return printed, seen


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose pilot is frozen."""
    folder = tmp_path_factory.mktemp("frozen")
    (folder / "pilot.csv").write_text("a,b\n" + "1,x\n" * 50)
    (folder / "walkaround.yaml").write_text(YAML.format(uri="pilot.csv", table=""))
    told(folder, {}, "baseline", "freeze")
    return folder


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_nowhere(frozen: Path, tmp_path: Path, place: str) -> None:
    """Plan and check, with tracebacks, fail to reach the source; none of what they print, write or start repeats the
    secret that they were given.
    """
    shutil.copytree(frozen, tmp_path, dirs_exist_ok=True)
    uri, table, environ = PLACES[place]
    peer = f"{os.environ.get('MYSQL_HOST', '127.0.0.1')}:{os.environ.get('MYSQL_TCP_PORT', '3306')}"
    environ = {key: value.replace("{pg}", "postgresql://").replace("{mysql}", peer) for key, value in environ.items()}
    (tmp_path / "pilot.csv").write_text("a,b\n" + "1,x\n" * 50)
    (tmp_path / "walkaround.yaml").write_text(YAML.format(uri=f'"{uri}"', table=table))
    outputs = [
        told(tmp_path, environ, *words)
        for words in (
            ("baseline", "freeze"),
            ("plan",),
            ("doctor",),
            ("check", "--debug"),
            ("report", "--format", "html"),
        )
    ]
    assert "crm" in outputs[3][0]
    for printed, seen in outputs:
        for form in FORMS:
            assert form not in printed
            assert not any(form in line for line in seen)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(form.encode() in content for form in FORMS), path.name
