"""Faults: what an error of PostgreSQL or its driver means, in words that quote no value of a row."""

from __future__ import annotations

import re
from typing import Final

from walkaround.connectors.postgres.session import LateError
from walkaround.connectors.sql.dialect import Fault

_PRIMARY: Final = re.compile(r"[A-ZÀ-ÞА-Я]{3,}:  ?(?P<words>[^\n]*)")
"""The server's own words: the first line after ERROR or FATAL, in any language. What follows it quotes rows."""
_CODE: Final = re.compile(r"\.? SQLSTATE: \w{5}$")
RUNNING: Final = "[PGRES_FATAL_ERROR]"
"""What the driver writes before an error that a statement ran into while its rows came, which it gives no code for."""
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\d+")
_TALKATIVE: Final = ("22", "23", "P0")
"""Classes of error whose words quote values: of data, of constraints, and whatever a function raises."""

_LOGIN: Final = Fault("login", "", "look at the user and the password, which is tried once, lest a user be locked out")
_DENIED: Final = Fault(
    "denied", "", "ask the table's owner for: GRANT SELECT ON the table, or the column, TO this user"
)
_ENCODING: Final = Fault(
    "unreadable",
    "text of the table is not in the encoding of its database",
    "ask its owner which encoding the bytes are in, and to convert them",
)
_BY_TEXT: Final[tuple[tuple[tuple[str, ...], Fault], ...]] = (
    (
        (
            r"password authentication failed", r"no password supplied", r"authentication failed for",
            r"SCRAM", r"GSSAPI", r"role .* does not exist", r"role .* is not permitted to log in",
        ),
        _LOGIN,
    ),
    (
        (r"no pg_hba.conf entry.*(no encryption|SSL off)",),
        Fault("tls", "", "connect with TLS (sslmode=require), or ask its administrator to let this host in"),
    ),
    (
        (r"no pg_hba.conf entry", r"pg_hba.conf rejects"),
        Fault("login", "", "ask its administrator to let this user in from this host (pg_hba.conf)"),
    ),
    (
        (r"server does not support SSL",),
        Fault("tls", "", "ask its administrator for TLS, or take sslmode out of the URI"),
    ),
    (
        (
            r"server closed the connection", r"[Cc]onnection reset", r"connection to server was lost",
            r"unexpected (EOF|eof)", r"no connection to the server", r"could not receive data",
            r"SSL connection has been closed", r"SSL SYSCALL error", r"not connected", r"terminating connection",
        ),
        Fault("unreachable", "", "look at the server's log, and run it again", passes=True),
    ),
    (
        (r"certificate", r"SSL error"),
        Fault("tls", "", "look at sslmode, and at sslrootcert: the file of the authority that signed for it"),
    ),
    ((r"database .* does not exist",), Fault("missing", "", "look at the name of the database in the URI")),
    (
        (r"permission denied for database",),
        Fault("denied", "", "ask the database's owner for: GRANT CONNECT ON DATABASE ... TO this user"),
    ),
    (
        (r"too many clients", r"too many connections", r"connection slots are reserved"),
        Fault("throttled", "", "try again later, or ask for a higher limit of connections", passes=True),
    ),
    (
        (r"starting up", r"shutting down", r"in recovery mode", r"not yet accepting connections"),
        Fault("unreachable", "", "try again once the server has started", passes=True),
    ),
    (
        (r"could not translate host name", r"Name or service not known"),
        Fault("unreachable", "", "look at the host's name in the URI"),
    ),
    (
        (r"timeout expired", r"timed out"),
        Fault("unreachable", "", "look at the host, the port and the firewall between", passes=True),
    ),
    (
        (r"Connection refused", r"No such file or directory", r"No route to host", r"Network is unreachable"),
        Fault("unreachable", "", "look at the host and the port in the URI, and whether the server runs"),
    ),
    (
        (r"canceling statement due to (statement timeout|user request)",),
        Fault("timeout", "", "allow more with sample: max_seconds, or draw fewer rows"),
    ),
    (
        (r"conflict with recovery", r"could not serialize access", r"deadlock detected"),
        Fault("changed", "", "run it again", passes=True),
    ),
    ((r"invalid byte sequence for encoding", r"has no equivalent in encoding"), _ENCODING),
    ((r"permission denied for",), _DENIED),
    (
        (r"invalid (port|integer|URI|percent|sslmode|connection option)", r'missing "="'),
        Fault("unreachable", "the URI cannot be used", "look at the URI, its port and its parameters"),
    ),
)  # fmt: skip
"""Errors without a code, by what their text says: every one before the session is there, and while rows stream in."""

_BY_CODE: Final[dict[str, Fault]] = {
    "42501": _DENIED,
    "42P01": Fault("missing", "", "look at the table's name; was it dropped or renamed?"),
    "42703": Fault("changed", "", "a column was dropped or renamed while the table was read: run it again"),
    "3F000": Fault("missing", "", "look at the schema's name"),
    "3D000": Fault("missing", "", "look at the name of the database in the URI"),
    "57014": Fault("timeout", "", "allow more with sample: max_seconds, or draw fewer rows"),
    "55P03": Fault(
        "timeout", "", "somebody holds a lock on the table, and a guest waits 5 seconds at most: run it again later"
    ),
    "25P03": Fault("timeout", "", "run it again: this program took too long between two statements"),
    "25P04": Fault("timeout", "", "allow more with sample: max_seconds, or ask for a longer transaction_timeout"),
    "22021": _ENCODING,
    "40001": Fault("changed", "", "run it again", passes=True),
    "40P01": Fault("changed", "", "run it again", passes=True),
    "53300": Fault("throttled", "", "try again later, or ask for a higher limit of connections", passes=True),
    "53200": Fault("throttled", "", "the server has no memory left: try again later", passes=True),
    "53100": Fault("throttled", "", "the server's disk is full: tell its administrator"),
    "57P01": Fault("unreachable", "", "the server ended the session: run it again", passes=True),
    "57P02": Fault("unreachable", "", "the server crashed: run it again", passes=True),
    "57P03": Fault("unreachable", "", "try again once the server has started", passes=True),
    "28P01": _LOGIN,
    "28000": _LOGIN,
    "25006": Fault("denied", "", "the view or its functions write, and this session only reads: read a table instead"),
}

_BY_CLASS: Final[dict[str, Fault]] = {
    "08": Fault("unreachable", "", "look at the server's log, and run it again", passes=True),
    "22": Fault("unreadable", "", "a value of the table or view cannot be computed: ask its owner"),
    "42": Fault("unreadable", "", "the server did not understand the query: tell the makers of walkaround"),
    "53": Fault("throttled", "", "the server lacks resources: try again later", passes=True),
    "58": Fault("unreachable", "", "the server has trouble of its own: tell its administrator"),
    "XX": Fault("unreadable", "", "the table may be damaged: tell the server's administrator"),
    "P0": Fault("unreadable", "a function of the database raised an error", "ask its owner"),
}


def understood(error: BaseException) -> Fault | None:
    """What an error means; None where it is not the driver's."""
    if isinstance(error, LateError):
        return Fault(
            "timeout", "the server did not answer within its time limit", "allow more with sample: max_seconds"
        )
    if not type(error).__module__.startswith(("adbc_driver", "pyarrow")) and not isinstance(error, OSError):
        return None
    if isinstance(error, OSError) and error.errno is not None:  # of this machine: no room for the spool, say
        return None
    text, code = str(error), str(getattr(error, "sqlstate", None) or "")
    words = _words(text, code)
    found = _BY_CODE.get(code) or _by_text(text) or _BY_CLASS.get(code[:2])
    if found is None and RUNNING in text:
        found = _BY_CLASS["22"]
    if found is None:
        return Fault("driver", words, "look at the server's log, and tell the makers of walkaround")
    return Fault(found.reason, found.words or words, found.hint, found.passes)


def _by_text(text: str) -> Fault | None:
    return next((fault for patterns, fault in _BY_TEXT if any(re.search(one, text) for one in patterns)), None)


def _words(text: str, code: str) -> str:
    """The server's or driver's words, without what they quote where that may be a value."""
    found = _PRIMARY.search(text)
    words = found.group("words") if found else _driver_words(text)
    words = _CODE.sub("", words).strip()
    talkative = code[:2] in _TALKATIVE if code else RUNNING in text
    return _QUOTED.sub("...", words) if talkative else words


def _driver_words(text: str) -> str:
    first = text.strip().split("\n")[0]
    first = first.partition("[libpq] ")[2] or first
    return re.sub(r"^Failed to connect: ", "", first)
