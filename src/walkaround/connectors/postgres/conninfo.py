"""Conninfo: the URI as libpq is given it, with what a guest asks for where the user did not say otherwise."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from walkaround.connectors.address import Address
from walkaround.connectors.sql.dialect import APPLICATION, CONNECT_SECONDS

OURS: Final = frozenset({"table"})
"""Parameters that are walkaround's, which libpq would refuse."""
_ALWAYS: Final = {"client_encoding": "UTF8"}
"""Text arrives as UTF-8 whatever the database's encoding: the driver takes it for that."""
_DEFAULTS: Final = {
    "application_name": APPLICATION,
    "connect_timeout": str(CONNECT_SECONDS),
    # A server that is gone is noticed within half a minute, not after the system's two hours.
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    # libpq's own default tries a second kind of encryption, and the password with it, where a login was refused.
    "gssencmode": "disable",
}
TLS: Final = ("require", "disable")
"""How the connection is protected where the user does not say: with TLS, or without where the server has none. A server
says so before anybody logs in; libpq's own default, "prefer", sends a refused password a second time without TLS."""


def conninfos(address: Address) -> tuple[str, ...]:
    """The URIs to try in turn, the next one only where the server has no TLS: one, where the user says what to do."""
    given = _given(address)
    if "sslmode" in given:
        return (_uri(address, {}),)
    return tuple(_uri(address, {"sslmode": mode}) for mode in TLS)


def _uri(address: Address, extra: dict[str, str]) -> str:
    parts = urlsplit(address.uri)
    given = _given(address)
    several = "," in parts.netloc or "," in given.get("host", "")
    standby = {"target_session_attrs": "prefer-standby"} if several else {}
    added = {**_DEFAULTS, **standby, **extra, **_ALWAYS}
    kept = [pair for pair in parts.query.split("&") if pair and pair.partition("=")[0] not in OURS]
    kept += [f"{name}={value}" for name, value in added.items() if name not in given]
    return f"postgresql://{parts.netloc}{parts.path}?{'&'.join(kept)}"


def _given(address: Address) -> dict[str, str]:
    """Parameters as they stand: libpq takes a plus sign for itself, not for a space."""
    pairs = (pair.partition("=") for pair in urlsplit(address.uri).query.split("&") if pair)
    return {name: value for name, _, value in pairs}
