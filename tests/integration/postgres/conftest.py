"""A database of the tests' own, dropped when they are done."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator

import pytest
from pg_server import HOST, PORT, Database, missing, psql
from pg_wire import Proxy


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """An empty database. Where there is no server, tests are skipped; in CI they fail."""
    if why := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    name = f"walkaround_{uuid.uuid4().hex[:12]}"
    psql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", "postgres")
    yield Database(name)
    psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", "postgres")


@pytest.fixture
def role(database: Database) -> Iterator[str]:
    """A user who may log in and nothing else."""
    name = f"walkaround_{uuid.uuid4().hex[:12]}"
    database.run(f"CREATE ROLE {name} LOGIN")
    yield name
    database.run(f"DROP OWNED BY {name}; DROP ROLE {name}")


@pytest.fixture
def table() -> str:
    """A table's name that no other test uses."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def proxied() -> Iterator[Callable[..., Proxy]]:
    """Makes proxies before the server."""
    made: list[Proxy] = []

    def make(cut_after: int | None = None) -> Proxy:
        upstream = f"{HOST}/.s.PGSQL.{PORT}" if HOST.startswith("/") else (HOST, PORT)
        made.append(Proxy(upstream, cut_after))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()
