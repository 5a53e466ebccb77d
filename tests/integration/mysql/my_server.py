"""The server that the tests speak to, by its own command line client and never by the driver under test."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from walkaround.connectors import open_sample
from walkaround.model.sample import Sample
from walkaround.model.source import SampleRequest, Source

HOST = os.environ.get("MYSQL_HOST", "127.0.0.1")
PORT = int(os.environ.get("MYSQL_TCP_PORT", "3306"))
USER = os.environ.get("MYSQL_USER", "root")
PASSWORD = os.environ.get("MYSQL_PWD", "")
CLIENT = shutil.which("mariadb") or shutil.which("mysql") or ""


def said(statement: str, database: str = "", user: str = USER, password: str = PASSWORD) -> str:
    """What the command line client prints: values as they are, tabs between them."""
    told = subprocess.run(
        [CLIENT, "--no-defaults", "--protocol=tcp", "-h", HOST, "-P", str(PORT), "-u", user,
         "--default-character-set=utf8mb4", "--raw", "-N", "-B", "-e", statement, *([database] if database else [])],
        capture_output=True, check=False, env={**os.environ, "MYSQL_PWD": password},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr.decode()
    return told.stdout.decode()


def missing() -> str:
    """Why there is no server to test with; empty where there is one."""
    if not CLIENT:
        return "no mariadb or mysql command line client is installed"
    try:
        said("SELECT 1")
    except AssertionError as error:
        return f"no MySQL or MariaDB at {HOST}:{PORT} for {USER}: {error}"
    return ""


@dataclass(frozen=True)
class Database:
    """A database of the tests' own."""

    name: str

    def run(self, statement: str) -> str:
        """Send statements as the administrator."""
        return said(statement, self.name)

    def uri(self, user: str = USER, password: str = PASSWORD, port: int = PORT, host: str = HOST) -> str:
        """Where it is, for walkaround."""
        secret = f":{quote(password, safe='')}" if password else ""
        return f"mysql://{quote(user, safe='')}{secret}@{host}:{port}/{self.name}"

    def source(self, table: str, uri: str = "", **more: Any) -> Source:
        """A table as a source; `rows`, `seed`, `method` and budgets are of its sample."""
        request = {name: more.pop(name) for name in list(more) if name in SampleRequest.__dataclass_fields__}
        return Source("s", uri or self.uri(), table=table, sample=SampleRequest(**request), **more)

    def sample(self, table: str, uri: str = "", **more: Any) -> Sample:
        """The sample of a table."""
        return open_sample(self.source(table, uri, **more))


def fresh(word: str = "t") -> str:
    """A name that nothing else has."""
    return f"{word}_{uuid.uuid4().hex[:12]}"
