"""Login: who asks to be let in where, as a URI and the environment say it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from walkaround.connectors.address import Address
from walkaround.errors import UsageError

PORT: Final = 3306
MODES: Final[Mapping[str, Mapping[str, Any]]] = {
    "disabled": {"ssl_disabled": True},
    "preferred": {},
    "required": {"ssl": {"check_hostname": False, "verify_mode": "none"}},
    "verify_ca": {"ssl_verify_cert": True},
    "verify_identity": {"ssl_verify_cert": True, "ssl_verify_identity": True},
}
"""What `ssl-mode` says, in the words of the mysql client. "preferred", which is what it is where nobody says: with TLS
where the server has it."""
OPTIONS: Final = ("ssl-mode", "ssl-ca", "ssl-cert", "ssl-key", "socket", "defaults-file", "table")


@dataclass(frozen=True, slots=True)
class Login:
    """Host or socket, user, and how the connection is protected. `defaults` is a file of options as the mysql client
    reads it, which may hold user and password.
    """

    host: str | None
    port: int
    user: str | None
    password: str = field(repr=False)
    database: str | None
    socket: str | None = None
    defaults: str | None = None
    tls: Mapping[str, Any] = field(default_factory=dict)


def login_of(address: Address, environ: Mapping[str, str]) -> Login:
    """The login of an address: `mysql://user@host:3306/database?ssl-mode=verify_identity`. Where it has no password,
    the environment's MYSQL_PWD is one, as for the mysql client.

    Raises:
        UsageError: an option is unknown.
    """
    options = {name.replace("_", "-"): value for name, value in address.options.items()}
    for name in options:
        if name not in OPTIONS:
            raise UsageError(f"{address.scheme}:// has no option {name}", _near(name, OPTIONS))
    database = unquote(address.parts.path.strip("/")) or None
    defaults = options.get("defaults-file")
    password = address.password if address.password is not None else environ.get("MYSQL_PWD", "")
    return Login(
        address.parts.hostname,
        address.parts.port or PORT,
        address.user,
        password,
        database,
        options.get("socket"),
        defaults,
        _tls(options),
    )


def _tls(options: Mapping[str, str]) -> Mapping[str, Any]:
    mode = options.get("ssl-mode", "verify_ca" if "ssl-ca" in options else "preferred").lower().replace("-", "_")
    if mode not in MODES:
        raise UsageError(f"ssl-mode {mode} is unknown", _near(mode, tuple(MODES)))
    files = {name.replace("-", "_"): options[name] for name in ("ssl-ca", "ssl-cert", "ssl-key") if name in options}
    if files and "ssl" in MODES[mode]:  # with files, the driver builds its own context
        return {**files, "ssl_verify_cert": False}
    return {**MODES[mode], **files}


def _near(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"it is one of {', '.join(known)}"
