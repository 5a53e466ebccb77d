"""Target: which store a URI names, which objects in it, and with what options."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from walkaround.connectors.address import Address
from walkaround.errors import UsageError

Service = Literal["s3", "gcs", "azure", "http", "sftp"]
SERVICES: Final[Mapping[str, Service]] = {
    "s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs", "az": "azure", "azure": "azure", "abfs": "azure",
    "abfss": "azure", "http": "http", "https": "http", "sftp": "sftp",
}  # fmt: skip
OPTIONS: Final[Mapping[Service, tuple[str, ...]]] = {
    "s3": (
        "region", "endpoint", "anonymous", "virtual_host", "requester_pays", "profile", "access_key_id",
        "secret_access_key", "session_token", "table",
    ),
    "gcs": ("endpoint", "anonymous", "credentials", "table"),
    "azure": ("account", "endpoint", "anonymous", "account_key", "sas_token", "table"),
    "http": (),
    "sftp": ("known_hosts", "key", "table"),
}  # fmt: skip
"""Parameters that a URI of a service may have. What stands after the `?` of a web address belongs to the address."""
_OPTIONS: Final = re.compile(r"\?(?=[a-z_]+=)")
_PATTERN: Final = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Target:
    """Objects of one store. `key` is the name of one, a folder, or a pattern of names. `place` is the bucket, the
    container or the server's address; `shown` stands for it in messages. Secrets stand in `options` and `place` alone.
    """

    service: Service
    place: str = field(repr=False)
    key: str
    shown: str
    options: Mapping[str, str] = field(repr=False)

    @property
    def is_pattern(self) -> bool:
        """Whether `key` is a pattern; web servers list nothing, so theirs never is."""
        return self.service != "http" and bool(_PATTERN.search(self.key))

    @property
    def folder(self) -> str:
        """The deepest folder that all matches of a pattern are in; "" is the whole store."""
        found = _PATTERN.search(self.key)
        return self.key[: found.start()].rpartition("/")[0] if found else self.key.rstrip("/")

    @property
    def table(self) -> str | None:
        """The table that the URI names, of a file that holds several."""
        return self.options.get("table")

    def name(self, key: str) -> str:
        """An object as messages and lists of requests say it."""
        return self.shown if self.service == "http" else f"{self.shown}{key}"


def target_of(source: str, address: Address) -> Target:
    """What an address names.

    Raises:
        UsageError: it names no bucket, container or server, or has an option that is none.
    """
    service = SERVICES[address.scheme]
    if service == "http":
        return _web(source, address)
    bare, options = _split(source, service, address.uri)
    parts = urlsplit(bare.replace("#", "%23"))
    key = bare.split("://", 1)[1].partition("/")[2]
    if not parts.hostname:
        raise UsageError(f"{source}: {address.scheme}:// names no bucket or server", "write it after the two slashes")
    if service == "sftp":
        shown = f"sftp://{parts.netloc.rpartition('@')[2]}/"
        return Target(service, bare, unquote(key), shown, options)
    place = parts.netloc
    if service == "azure" and "@" in place:  # abfss://container@account.dfs.core.windows.net/path
        place, _, host = place.partition("@")
        options = {"account": host.partition(".")[0], **options}
    return Target(service, place, key, f"{address.scheme}://{place}/", options)


def _split(source: str, service: Service, uri: str) -> tuple[str, dict[str, str]]:
    """The URI without its options, and these. A `?` that no option follows is part of a pattern."""
    found = _OPTIONS.search(uri)
    if found is None:
        return uri, {}
    options = dict(parse_qsl(uri[found.end() :], keep_blank_values=True))
    for name in options:
        if name not in OPTIONS[service]:
            near = difflib.get_close_matches(name, OPTIONS[service], n=1)
            known = ", ".join(OPTIONS[service])
            raise UsageError(
                f"{source}: {name} is no option of {service}", f"did you mean {near[0]}?" if near else f"known: {known}"
            )
    return uri[: found.start()], options


def _web(source: str, address: Address) -> Target:
    parts = address.parts
    if not parts.hostname:
        raise UsageError(f"{source}: the web address names no server", "write it as https://host/path")
    shown = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    return Target("http", address.uri, unquote(parts.path), shown, {})


def matcher(pattern: str) -> re.Pattern[str]:
    """A pattern of names: `*` and `?` stay within a folder, `**/` is any folders.

    >>> bool(matcher("a/*.csv").fullmatch("a/b.csv")), bool(matcher("a/*.csv").fullmatch("a/b/c.csv"))
    (True, False)
    >>> bool(matcher("a/**/*.csv").fullmatch("a/b/c.csv")), bool(matcher("a/**/*.csv").fullmatch("a/c.csv"))
    (True, True)
    """
    out, at = [], 0
    for token in re.finditer(r"\*\*/|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]", pattern):
        out.append(re.escape(pattern[at : token.start()]))
        word = token.group()
        simple = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
        out.append(simple[word] if word in simple else "[" + ("^" if word[1] in "!^" else "") + _class(word) + "]")
        at = token.end()
    return re.compile("".join([*out, re.escape(pattern[at:])]))


def _class(word: str) -> str:
    inside = word[1:-1].lstrip("!^") if word[1] in "!^" else word[1:-1]
    return inside.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def from_environment(names: tuple[str, ...], environ: Mapping[str, str] | None = None) -> str | None:
    """The first of some variables that is set."""
    known = os.environ if environ is None else environ
    return next((known[name] for name in names if known.get(name)), None)
