"""Speaking with a server: one session, every statement of it written down, errors put in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol, runtime_checkable

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.sql.dialect import Dialect, Fault, Limits, Session
from walkaround.errors import SourceError, WalkaroundError
from walkaround.model.source import Source

LONGEST: Final = 300
"""Characters of a server's own words that a message repeats."""


@runtime_checkable
class Greeting(Protocol):
    """A session whose driver sends statements of its own accord as it opens."""

    greeting: tuple[str, ...]


class Speaking:
    """A session and what was said in it. `said` is every statement that was sent, in order."""

    def __init__(self, session: Session, said: list[str]) -> None:
        self._session = session
        self.said = said

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Send a statement whose answer is small."""
        self.said.append(statement)
        return self._session.ask(statement)

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        """Send a query."""
        self.said.append(statement)
        return self._session.stream(statement)

    def cancel(self) -> None:
        """Stop what runs on the server."""
        self.said.extend(self._session.cancel())


@contextmanager
def speaking(dialect: Dialect, source: Source, address: Address, limits: Limits, said: list[str]) -> Iterator[Speaking]:
    """A session that is opened read-only, and closed whatever happens. Left by an error or an interrupt, it stops what
    runs on the server first.

    Raises:
        SourceError: the driver's or the server's error, in words that hold no secret and no value.
    """
    try:
        session = dialect.connect(address, limits)
    except WalkaroundError:
        raise
    except Exception as error:  # noqa: BLE001 - the dialect tells whether it is the driver's
        raise put_in_words(dialect, source, address, error) from None
    line = Speaking(session, said)
    if isinstance(session, Greeting):
        said.extend(session.greeting)
    try:
        for statement in dialect.opening(limits):
            line.ask(statement)
        yield line
        if not getattr(session, "ended", False):  # some sessions end with a query that is stopped
            for statement in dialect.closing():
                line.ask(statement)
    except WalkaroundError:
        line.cancel()
        raise
    except Exception as error:  # noqa: BLE001 - the dialect tells whether it is the driver's
        raise put_in_words(dialect, source, address, error) from None
    except BaseException:  # an interrupt, or a generator that is left: the server must not work on for nobody
        line.cancel()
        raise
    finally:
        session.close()


class FaultyError(SourceError):
    """A server's error; `passes` says whether trying again may help."""

    def __init__(self, source: Source, address: Address, fault: Fault) -> None:
        words = address.scrubbed(" ".join(fault.words.split()))[:LONGEST]
        super().__init__(source.name, fault.reason, f"{source.name}: {words}", fault.hint)
        self.passes = fault.passes


def put_in_words(dialect: Dialect, source: Source, address: Address, error: Exception) -> Exception:
    """The error as a user is told it; the error itself where the dialect knows nothing of it."""
    fault = dialect.fault(error)
    return error if fault is None else FaultyError(source, address, fault)
