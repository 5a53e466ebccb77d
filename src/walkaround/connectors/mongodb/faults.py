"""Faults: what errors of MongoDB and its client mean."""

from __future__ import annotations

from typing import Final

from walkaround.connectors.address import Address
from walkaround.connectors.sql.faults import Client, Rule, understood
from walkaround.connectors.sql.speaking import FaultyError
from walkaround.errors import WalkaroundError
from walkaround.model.source import Source

_OLD: Final = "servers before version 7 can be sampled by system or first"

RULES: Final = (
    Rule("login", frozenset({"18", "8000"}), words=r"authentication failed|auth mechanism"),
    Rule("denied", frozenset({"13"}), hint="ask its owner for the role read on the database"),
    Rule("missing", frozenset({"26", "73"})),
    Rule("timeout", frozenset({"50", "262", "24"})),
    Rule("unreadable", frozenset({"168", "31325", "15999"}), hint=_OLD),
    Rule("throttled", frozenset({"16500", "462"}), passes=True),
    Rule("unreachable", frozenset({"11600", "91", "189", "10107", "13436", "43"}), passes=True),
    Rule("tls", words=r"ssl handshake failed|certificate verify failed"),
    Rule("unreachable", words=r"timed out|connection refused|no servers|name or service not known"),
    Rule("unreachable", words=r"connection closed|connection reset", passes=True),
)  # fmt: skip


def _read(error: BaseException) -> tuple[str, str]:
    code = getattr(error, "code", None)
    return str(code) if isinstance(code, int) else "", str(error).partition(", full error:")[0]


CLIENT: Final = Client(("pymongo", "bson"), "mongodb", _read)


def put_in_words(source: Source, address: Address, error: Exception) -> Exception | None:
    """The error as a user is told it; None where it is not the client's."""
    if isinstance(error, WalkaroundError):
        return None
    fault = understood(error, RULES, CLIENT)
    return None if fault is None else FaultyError(source, address, fault)
