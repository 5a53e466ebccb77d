"""A database of the tests' own, dropped when they are done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from my_server import HOST, PORT, Database, fresh, missing, said
from my_wire import Proxy


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """An empty database. Where there is no server, tests are skipped; in CI they fail."""
    if why := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    name = fresh("walkaround")
    said(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    yield Database(name)
    said(f"DROP DATABASE IF EXISTS {name}")


@pytest.fixture
def table(database: Database) -> Iterator[str]:
    """A table's name that no other test uses; dropped afterwards."""
    name = fresh()
    yield name
    database.run(f"DROP TABLE IF EXISTS {name}")


@pytest.fixture
def guest(database: Database) -> Iterator[Callable[[str], str]]:
    """Makes users with a password and the rights that are named; the URI that one of them comes with."""
    made: list[str] = []

    def make(grants: str, limits: str = "") -> str:
        name = fresh("wa")
        made.append(name)
        users = [f"'{name}'@'{host}'" for host in ("%", "127.0.0.1")]
        told = [f"CREATE USER {user} IDENTIFIED BY 'op3n-sesame' {limits}" for user in users]
        told += [f"GRANT {grant} TO {user}" for grant in filter(None, [grants]) for user in users]
        database.run("; ".join(told))
        return database.uri(name, "op3n-sesame")

    yield make
    if made:
        database.run("DROP USER " + ", ".join(f"'{name}'@'%', '{name}'@'127.0.0.1'" for name in made))


@pytest.fixture
def proxied() -> Iterator[Callable[..., Proxy]]:
    """Makes proxies before the server."""
    made: list[Proxy] = []

    def make(cut_after: int | None = None, pause: float = 0.0) -> Proxy:
        made.append(Proxy((HOST, PORT), cut_after, pause))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()
