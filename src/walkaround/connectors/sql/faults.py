"""Faults: an error of a client library or a server, put under one of our reasons.

What a server says of a value that it could not convert quotes the value, so its words are repeated only where they
speak of names: of users, hosts, tables and columns.
"""

from __future__ import annotations

import importlib
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from walkaround.connectors.sql.dialect import Fault
from walkaround.errors import AccessReason

_OF_NAMES: Final = frozenset({"login", "denied", "missing", "unreachable", "tls", "restricted"})
HINTS: Final[dict[AccessReason, str]] = {
    "login": "look at the user and the password or token; no second attempt was made",
    "denied": "ask its owner for the right to read it: SELECT on the table, and USAGE on what it lies in",
    "missing": "look at its name, or ask its owner for the right to see it",
    "timeout": "raise sample.max_seconds, or sample fewer rows",
    "throttled": "run it later, or ask for a larger quota",
    "unreachable": "look at host and port, and whether this machine may reach them",
    "tls": "look at the server's certificate and at the encryption that the URI asks for",
}
SAYS: Final[dict[AccessReason, str]] = {
    "login": "the login was refused",
    "denied": "this user may not read it",
    "missing": "there is no such thing, or this user may not see it",
    "timeout": "a statement ran into its time limit",
    "throttled": "the server has no capacity to spare",
    "unreachable": "the server could not be reached",
    "tls": "no encrypted connection could be made",
    "changed": "the table changed while it was being read",
    "driver": "the driver failed",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Errors that mean the same. `codes` are the server's or the client's own codes; `words` is a pattern that is
    looked for in the message. Either is enough. `says` is what is told instead of the usual words.
    """

    reason: AccessReason
    codes: frozenset[str] = frozenset()
    words: str = ""
    hint: str = ""
    passes: bool = False
    says: str = ""


def _no_code(error: BaseException) -> tuple[str, str]:
    return "", str(error)


@dataclass(frozen=True, slots=True)
class Client:
    """A client library: the names that its errors come under, what pip is asked for to have it, and how a code and a
    message are read from its errors.
    """

    packages: tuple[str, ...]
    extra: str
    reads: Callable[[BaseException], tuple[str, str]] = _no_code


def driver(module: str) -> Any:
    """A client library, imported when a server of its kind is first spoken to.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    return importlib.import_module(module)


def understood(error: BaseException, rules: tuple[Rule, ...], client: Client) -> Fault | None:
    """What an error means; None where it is not the client library's nor the network's."""
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in client.packages:
        words = f"the client library {(error.name or '').partition('.')[0]} is not installed"
        return Fault("driver", words, f"pip install 'walkaround[{client.extra}]'")
    network = _of_network(error)
    if network is not None:
        return network
    if not any(kind.__module__.partition(".")[0] in client.packages for kind in type(error).__mro__):
        return None
    code, message = client.reads(error)
    for rule in rules:
        if (code and code in rule.codes) or (rule.words and re.search(rule.words, message, re.IGNORECASE)):
            quoted = (
                f": {first_line(message)}" if rule.reason in _OF_NAMES and message else f" ({code})" if code else ""
            )
            words = (rule.says or SAYS.get(rule.reason, "the server refused a statement")) + quoted
            return Fault(rule.reason, words, rule.hint or HINTS.get(rule.reason, ""), rule.passes)
    told = f"{type(error).__name__}{f', {code}' if code else ''}"
    hint = "run it with --debug to see the client's own words"
    return Fault("unreadable", f"the server refused a statement ({told})", hint)


def _of_network(error: BaseException) -> Fault | None:
    """Errors of sockets, whatever library they come through, by the chain of causes."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            return Fault("tls", SAYS["tls"], HINTS["tls"])
        if isinstance(cause, socket.gaierror):
            return Fault("unreachable", "its host name could not be resolved", HINTS["unreachable"])
        if isinstance(cause, ConnectionRefusedError):
            return Fault("unreachable", "the connection was refused", HINTS["unreachable"])
        if isinstance(cause, ConnectionError):
            return Fault("unreachable", "the connection was lost", HINTS["unreachable"], passes=True)
        if isinstance(cause, TimeoutError) and type(cause).__module__ == "builtins":
            return Fault("unreachable", "it did not answer in time", HINTS["unreachable"], passes=True)
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def first_line(message: str) -> str:
    """Of a message of several lines, the first that says something."""
    return next((line.strip() for line in message.splitlines() if line.strip()), "")
