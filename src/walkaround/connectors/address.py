"""Address: a URI with its secrets filled in, which never shows them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from walkaround.errors import UsageError
from walkaround.model.source import Source

_SCHEME: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
SECRET: Final = re.compile(
    r"passw|passphrase|pwd|secret|token|key_?id|access_?key|account_?key|api_?key|private_?key|credential|signature|^sig$",
    re.IGNORECASE,
)
"""Parameters of a URI whose value is a secret."""
HIDDEN: Final = "***"
SHORTEST: Final = 4
"""A secret of fewer letters than this is not looked for in messages: it would be found in every word."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a source is.

    `uri` has its variables filled in, and may hold secrets: it is handed to a driver, and to nobody else. `shown` is
    what may be printed: no user's password, no secret parameter.
    """

    uri: str = field(repr=False)
    shown: str
    secrets: frozenset[str] = field(default_factory=frozenset, repr=False)

    @property
    def scheme(self) -> str:
        """The scheme in lower case; empty for a plain path."""
        found = _SCHEME.match(self.uri)
        return found.group(1).lower() if found else ""

    @property
    def parts(self) -> SplitResult:
        """The parts of the URI, password included."""
        return urlsplit(self.uri)

    @property
    def user(self) -> str | None:
        """The user's name, decoded."""
        return unquote(self.parts.username) if self.parts.username is not None else None

    @property
    def password(self) -> str | None:
        """The password, decoded."""
        return unquote(self.parts.password) if self.parts.password is not None else None

    @property
    def options(self) -> dict[str, str]:
        """The parameters after `?`."""
        return dict(parse_qsl(self.parts.query, keep_blank_values=True))

    def scrubbed(self, words: str) -> str:
        """`words` of a driver or a server, without any secret of this address."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            for form in {secret, quote(secret, safe="")}:
                words = words.replace(form, HIDDEN)
        return words


def address_of(source: Source, environ: Mapping[str, str] | None = None) -> Address:
    """The address of a source, its `${NAME}` filled in from the environment.

    Raises:
        UsageError: the environment does not have a name, or what it has is no URI.
    """
    known = os.environ if environ is None else environ

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in known:
            raise UsageError(f"{source.name}: the environment has no value for ${{{name}}}", f"set {name}")
        return known[name]

    uri = _VARIABLE.sub(value, source.uri)
    if not _SCHEME.match(uri):
        return Address(uri, source.uri)
    try:
        return Address(uri, without_secrets(uri), _secrets(uri))
    except ValueError:  # urlsplit's own words would repeat what it could not read
        hint = "percent-encode @ : / [ ] and # where they stand in a user's name or password"
        raise UsageError(f"{source.name}: the URI cannot be read", hint) from None


def without_secrets(uri: str) -> str:
    """A URI as it may be printed: user's password and secret parameters are `***`.

    >>> without_secrets("postgresql://ana:s3cret@db.example/crm?sslmode=require&password=x")
    'postgresql://ana:***@db.example/crm?sslmode=require&password=***'
    >>> without_secrets("postgresql:///crm"), without_secrets("file:///data/crm.csv#t")
    ('postgresql:///crm', 'file:///data/crm.csv#t')
    """
    if not _SCHEME.match(uri):
        return uri
    parts = urlsplit(uri)
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    netloc = f"{name}{colon and f':{HIDDEN}'}{at}{host}"
    query = urlencode(
        [
            (key, HIDDEN if SECRET.search(key) else value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
        ],
        safe="*/:,",
    )
    ends = f"{query and f'?{query}'}{parts.fragment and f'#{parts.fragment}'}"
    return f"{uri.partition('://')[0]}://{netloc}{parts.path}{ends}"  # `geturl` drops the slashes of an empty host


def _secrets(uri: str) -> frozenset[str]:
    parts = urlsplit(uri)
    found = [unquote(parts.password)] if parts.password else []
    found += [value for key, value in parse_qsl(parts.query) if SECRET.search(key)]
    return frozenset(secret for secret in found if len(secret) >= SHORTEST)
