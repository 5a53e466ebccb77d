"""The PostgreSQL server that tests run on, and psql, another way to ask it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import polars as pl

from walkaround.connectors.postgres import CONNECTOR
from walkaround.model.sample import HIDDEN, Sample
from walkaround.model.source import SampleRequest, Source

HOST = os.environ.get("PGHOST", "127.0.0.1")
PORT = int(os.environ.get("PGPORT", "5432"))
USER = os.environ.get("PGUSER", "postgres")


def missing() -> str:
    """Why there is no server to test on; empty where there is one."""
    if shutil.which("psql") is None:
        return "psql is not installed"
    try:
        psql("SELECT 1", "postgres")
    except RuntimeError as error:
        return f"no PostgreSQL at {HOST}:{PORT} for {USER}: {error}"
    return ""


def psql(statement: str, database: str, separator: str = "\x1f", record: str = "\n") -> str:
    """What psql prints of a statement, unaligned."""
    command = [
        "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-F", separator, "-R", record, "-P", "null=\x1enull",
        "-h", HOST, "-p", str(PORT), "-U", USER, "-d", database, "-f", "-",
    ]  # fmt: skip
    done = subprocess.run(
        command, input=statement, capture_output=True, text=True, check=False, errors="surrogateescape"
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.removesuffix("\n")


@dataclass(frozen=True)
class Database:
    """A database of the tests' own."""

    name: str

    def run(self, statement: str) -> str:
        """Send statements by psql; what it prints."""
        return psql(statement, self.name)

    def uri(self, user: str = USER, port: int | None = None, more: str = "") -> str:
        """Where it is: on the server, or at a proxy's port on this machine."""
        host = "127.0.0.1" if port is not None else HOST
        where = f"host={quote(host, safe='')}&port={port or PORT}&user={quote(user)}"
        return f"postgresql:///{self.name}?{where}{more}"

    def source(self, table: str, *, uri: str | None = None, **more: Any) -> Source:
        """A table of it as a source; `sample` in `more` is a request or its fields."""
        sample = more.pop("sample", {})
        request = sample if isinstance(sample, SampleRequest) else SampleRequest(**sample)
        return Source(table, uri or self.uri(), table=table, sample=request, **more)

    def sample(self, table: str, **more: Any) -> Sample:
        """A sample of a table, opened."""
        return CONNECTOR.read(CONNECTOR.plan(self.source(table, **more)))


def frame(sample: Sample, *, hidden: bool = False) -> pl.DataFrame:
    """All rows of a sample; no columns either where there is none."""
    parts = [pl.DataFrame(pl.from_arrow(batch)) for batch in sample.batches()]
    rows = pl.concat(parts) if parts else pl.DataFrame()
    return rows if hidden else rows.drop(HIDDEN & set(rows.columns))
