"""Address: a URI with its secrets filled in, which never shows them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from walkaround.errors import SourceError, UsageError
from walkaround.model.source import Source

_SCHEME: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
SECRET: Final = re.compile(
    r"passw|passphrase|pwd|secret|token|key_?id|access_?key|account_?key|api_?key|private_?key|credential|signature|^sig$",
    re.IGNORECASE,
)
"""Parameters of a URI whose value is a secret."""
_USER_SAFE: Final = ":!$&'()*+,;=~"
_BARE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
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

    What fills a user's name, a password or a parameter is percent-encoded for its place, unless it is already.

    Raises:
        UsageError: the environment does not have a name.
        SourceError: what it has makes no URI; the message repeats nothing of it.
    """
    known = os.environ if environ is None else environ

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in known:
            raise UsageError(f"{source.name}: the environment has no value for ${{{name}}}", f"set {name}")
        return _fitting(known[name], source.uri[: match.start()], source.uri[match.end() :])

    uri = _VARIABLE.sub(value, source.uri)
    if not _SCHEME.match(uri):
        return Address(uri, source.uri)
    try:
        uri = _with_encoded_user(uri)
        return Address(uri, without_secrets(uri), _secrets(uri))
    except ValueError:  # urlsplit's own words would repeat what it could not read
        words = f"{source.name}: the URI cannot be read: what stands for its port is no number"
        hint = "percent-encode @ : / ? # [ and ] where they stand in a user's name or password"
        raise SourceError(source.name, "not_what_it_says", words, hint) from None


def _fitting(value: str, before: str, after: str) -> str:
    """A value as it may stand between two pieces of a URI; a whole URI, a host and a path stand as they are."""
    if "://" not in before:
        return value
    if "?" in before:
        return _encoded(value, "/:,@")
    return _encoded(value, _USER_SAFE) if "@" in after.partition("/")[0] else value


def _encoded(value: str, safe: str) -> str:
    """Percent-encoded, but for escapes that are there already."""
    return quote(_BARE_PERCENT.sub("%25", value), safe=f"{safe}%")


def _with_encoded_user(uri: str) -> str:
    """A URI whose user and password hold no character that a driver might take for the end of them.

    Raises:
        ValueError: a port is no number, as where a password has a `/`.
    """
    parts = urlsplit(uri)
    user, at, hosts = parts.netloc.rpartition("@")
    for host in hosts.split(","):
        port = host.rpartition("]")[2].rpartition(":")[2] if ":" in host.rpartition("]")[2] else ""
        if port and not port.isdecimal() and parts.scheme != "dlt":  # dlt://package.module:source
            raise ValueError
    head, _, rest = uri.partition("://")
    return f"{head}://{_encoded(user, _USER_SAFE)}{at}{rest[len(user) + len(at) :]}"


def without_secrets(uri: str) -> str:
    """A URI as it may be printed: user's password and secret parameters are `***`.

    >>> without_secrets("postgresql://ana:s3cret@db.example/crm?sslmode=require&password=x")
    'postgresql://ana:***@db.example/crm?sslmode=require&password=***'
    >>> without_secrets("postgresql:///crm"), without_secrets("file:///data/crm.csv#t")
    ('postgresql:///crm', 'file:///data/crm.csv#t')
    """
    if not _SCHEME.match(uri):
        return uri
    try:
        parts = urlsplit(_with_encoded_user(uri))
    except ValueError:  # nobody can say where its password ends
        return f"{uri.partition('://')[0]}://{HIDDEN}"
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
