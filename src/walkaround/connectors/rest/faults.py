"""Faults: what an API, the network, or dlt said, in our words. Their own are not repeated: they may quote a row."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Final

from walkaround.connectors.rest.target import Target
from walkaround.errors import AccessReason, SourceError, WalkaroundError

_SERVER: Final = 500
_STATUS: Final[dict[int, tuple[AccessReason, str, str]]] = {
    401: ("login", "the API asks who is there", "look at the token or the password; no second attempt was made"),
    403: ("denied", "the API refuses it", "ask its owner for the right to read it; no second attempt was made"),
    404: ("missing", "there is no such address", "look at base_url and path"),
    407: ("login", "the proxy asks who is there", "set HTTPS_PROXY with user and password"),
    408: ("timeout", "the API gave up waiting", "run it later"),
    410: ("missing", "it is gone for good", "ask its owner where it went"),
    429: ("throttled", "the API asks for fewer requests", "run it later, or sample fewer rows"),
    503: ("throttled", "the API is busy", "run it later"),
}


def fault(source: str, target: Target, error: BaseException) -> WalkaroundError:
    """What went wrong, by the chain of causes."""
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, WalkaroundError):
            return cause
    for cause in causes:
        status = getattr(getattr(cause, "response", None), "status_code", None)
        if isinstance(status, int):
            return _refused(source, target, status)
    for cause in causes:
        known = _of_network(cause) or _of_answer(cause)
        if known is not None:
            reason, words, hint = known
            return SourceError(source, reason, f"{target.shown}: {words}", hint)
    words = f"{target.shown}: reading {target.resource or 'it'} failed ({type(causes[-1]).__name__})"
    return SourceError(source, "driver", words, "run it with --debug to see where")


def _refused(source: str, target: Target, status: int) -> SourceError:
    said = f"(status {status})"
    if status in _STATUS:
        reason, words, hint = _STATUS[status]
        return SourceError(source, reason, f"{target.shown}: {words} {said}", hint)
    if status >= _SERVER:
        words = f"{target.shown}: the API failed {said}"
        return SourceError(source, "unreachable", words, "run it later, or ask its owner")
    return SourceError(
        source, "unreadable", f"{target.shown}: the API did not give it {said}", "look at the parameters"
    )


def _of_network(error: BaseException) -> tuple[AccessReason, str, str] | None:
    names = {kind.__name__ for kind in type(error).__mro__ if kind.__module__.startswith("requests")}
    if "SSLError" in names:
        return (
            "tls",
            "its certificate is not trusted here",
            "set REQUESTS_CA_BUNDLE to the certificate of its authority",
        )
    if "Timeout" in names:
        return "timeout", "the API did not answer in time", "look at the network, or run it later"
    if "TooManyRedirects" in names:
        return "unreachable", "the API leads on too many times", "open the address in a browser"
    if names & {"InvalidURL", "InvalidSchema", "MissingSchema"}:
        return "missing", "the address is none", "look at base_url"
    if isinstance(error, ConnectionError | TimeoutError | socket.gaierror) or names & {
        "ConnectionError",
        "ChunkedEncodingError",
        "ContentDecodingError",
    }:
        return "unreachable", "the API could not be reached, or broke off", "look at its host, and at the network"
    return None


def _of_answer(error: BaseException) -> tuple[AccessReason, str, str] | None:
    if type(error).__name__ == "JSONDecodeError" or isinstance(error, UnicodeDecodeError):
        return "unreadable", "an answer is not valid JSON", "open the address, and look at what it gives"
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
