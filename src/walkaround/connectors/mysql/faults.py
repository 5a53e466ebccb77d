"""Faults: errors of PyMySQL, MySQL and MariaDB in plain words.

A server's own words are repeated only where they speak of names: what it says of a value that it could not convert
quotes the value.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from typing import Any, Final

from walkaround.connectors.sql.dialect import Fault
from walkaround.errors import AccessReason

_GRANT: Final = "ask its owner for: GRANT SELECT ON the table TO this user"
_LOST: Final = "the connection was lost"
_BUSY: Final = "run it when fewer are connected, or ask for a larger limit of connections"
_LOGIN: Final = "look at the user and the password; who must use TLS or come from another host is told the same"
_OTHER_LOGIN: Final = "ask for a user with another way to log in: caching_sha2_password or mysql_native_password"
_LOCKED: Final = "somebody else's lock was in the way for too long"
_LATER: Final = "run it again; where it happens each time, ask the server's administrator what its log says"
_LONGER: Final = "sample fewer rows, or give it more time: sample: max_seconds"
_HOST: Final = "ask the server's administrator to let this user in from this host"

_KNOWN: Final[Mapping[int, tuple[AccessReason, str, str, bool]]] = {
    1045: ("login", "", _LOGIN, False),
    1698: ("login", "", "this user is not let in by password; ask for one who is", False),
    1130: ("login", "", _HOST, False),
    1862: ("login", "the user's password has expired", "ask the server's administrator for a new one", False),
    1820: ("login", "the user's password has expired", "ask the server's administrator for a new one", False),
    3118: ("login", "the user is locked", "ask the server's administrator to unlock it", False),
    4151: ("login", "the user is locked", "ask the server's administrator to unlock it", False),
    1129: (
        "unreachable", "", "after too many failed connections; ask the server's administrator for: FLUSH HOSTS", False,
    ),
    1040: ("throttled", "the server has too many connections", _BUSY, True),
    1203: ("throttled", "the user has too many connections", _BUSY, True),
    1226: ("throttled", "the user has used up what it may ask the server for", "run it later, or ask for more", False),
    1044: ("denied", "", "ask the server's administrator for SELECT on tables of this database", False),
    1142: ("denied", "", f"{_GRANT}; where there is no such table the server says the same", False),
    1143: ("denied", "", f"{_GRANT}; where there is no such column the server says the same", False),
    1227: ("denied", "", "ask the server's administrator for the privilege that it names", False),
    1370: ("denied", "", "ask the owner of the view for the right to run what it calls", False),
    1049: ("missing", "", "look at the database's name", False),
    1146: ("missing", "", "look at its name", False),
    1109: ("missing", "", "look at its name", False),
    1356: ("missing", "", "ask the owner of the view to mend it", False),
    1449: ("missing", "", "ask the owner of the view to mend it", False),
    1054: ("changed", "", "run it again", False),
    1412: ("changed", "the table changed while it was being read", "run it again", False),
    1969: ("timeout", "the server ended a statement that took too long", _LONGER, False),
    3024: ("timeout", "the server ended a statement that took too long", _LONGER, False),
    1205: ("timeout", _LOCKED, "run it when nobody changes the table", False),
    1317: ("timeout", "the statement was stopped on the server", _LATER, False),
    1213: ("timeout", "the server chose our transaction to resolve a deadlock", "run it again", True),
    2026: ("tls", "", "look at the server's certificate, and at ssl-mode and ssl-ca in the URI", False),
    3159: ("tls", "", "ask for TLS: ssl-mode=required in the URI", False),
    2059: ("driver", "", _OTHER_LOGIN, False),
    1251: ("driver", "", _OTHER_LOGIN, False),
    2006: ("unreachable", _LOST, _LATER, True),
    2013: ("unreachable", _LOST, _LATER, True),
    4031: ("unreachable", _LOST, _LATER, True),
    1927: ("unreachable", "the server's administrator ended the connection", _LATER, True),
    1053: ("unreachable", "the server is shutting down", _LATER, True),
    1152: ("unreachable", _LOST, _LATER, True),
    1184: ("unreachable", _LOST, _LATER, True),
    1158: ("unreachable", _LOST, _LATER, True),
    1159: ("unreachable", _LOST, _LATER, True),
    1160: ("unreachable", _LOST, _LATER, True),
    1161: ("unreachable", _LOST, _LATER, True),
}  # fmt: skip
"""What error numbers mean: the reason, our words (the server's own where there are none), the hint, and whether it may
be gone a moment later."""
_CONNECTING: Final = frozenset({2002, 2003, 2005})


def fault_of(error: BaseException) -> Fault | None:
    """What an error means; None where it is not the driver's."""
    from pymysql.err import MySQLError  # noqa: PLC0415 - loads where it is used

    if isinstance(error, RuntimeError) and "cryptography" in str(error):
        hint = "use TLS (ssl-mode=required in the URI), or install it: pip install cryptography"
        return Fault("driver", "the server wants the password encrypted, which needs the package cryptography", hint)
    if not isinstance(error, MySQLError):
        return None
    number = number_of(error) or 0
    said = str(error.args[1]) if len(error.args) > 1 else ""
    if number in _CONNECTING:
        return _not_reached(said, error)
    if number in _KNOWN:
        reason, words, hint, passes = _KNOWN[number]
        if "timed out" in said and reason == "unreachable":
            return Fault("timeout", "the server did not answer in time", _LONGER)
        return Fault(reason, words or said, hint, passes)
    words = f"the server reported error {number}" if number else "the connection failed"
    return Fault("unreadable", words, "look its number up in the server's manual, or in the server's log")


def _not_reached(said: str, error: Exception) -> Fault:
    """The driver gives every failure to connect one number; what it was stands behind it."""
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Fault("tls", said, "look at the server's certificate, and at ssl-mode and ssl-ca in the URI")
    if any(isinstance(cause, ConnectionResetError) for cause in causes):
        return Fault("unreachable", said, _LATER, passes=True)
    if "Name or service not known" in said or "getaddrinfo" in said or "name resolution" in said:
        return Fault("unreachable", said, "look at the host's name: there is no host of that name")
    return Fault("unreachable", said, "look at host and port, and whether this machine may reach them")


def _causes(error: Any) -> Iterator[BaseException]:
    """The error that the driver put its own in front of."""
    original = getattr(error, "original_exception", None)
    if isinstance(original, BaseException):
        yield original


def number_of(error: BaseException) -> int | None:
    """The server's or the driver's number of an error."""
    return error.args[0] if error.args and isinstance(error.args[0], int) else None
