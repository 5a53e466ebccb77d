"""Visit: one API asked on behalf of one source: within its budget, at its own hosts, every request written down."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from walkaround.connectors.address import HIDDEN, SECRET
from walkaround.connectors.rest.target import Target
from walkaround.connectors.rest.written import Written
from walkaround.errors import SourceError

ATTEMPTS: Final = 5
PAUSE: Final = 0.5
"""Seconds before a second attempt where the API does not say how long to wait; twice as long before each further."""
LISTED: Final = 50
"""Requests that are listed one by one; of the others there is a count."""
PASSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What may be another time. A login that was refused is not asked for again."""
_TIMES: Final = (5.0, 60.0)
"""Seconds to connect in, and between two pieces of an answer."""
_PIECE: Final = 1 << 16
_REFUSED: Final = 400
_PAGES: Final = re.compile(r"(?:page|offset|limit|skip|size|count|start|top|per)", re.IGNORECASE)
"""Parameters that count rows or pages, whose numbers say nothing of any row."""
_SHORT: Final = 9
_PORTS: Final = {"http": 80, "https": 443}


class SpentError(Exception):
    """A budget ends here; `Visit.spent` says which."""


class AnsweredError(Exception):
    """The API let us in: more a plan does not want to know."""


class Visit:
    """Asks an API for dlt, which sends all of its requests through `send`. Budgets count from `begin`."""

    def __init__(
        self,
        source: str,
        target: Target,
        most: int,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source, self.target = source, target
        self.spent = ""
        self.answered = False
        self.arrived = 0
        self._most, self._sleep, self._clock = most, sleep, clock
        self._knock, self._stopped = False, False
        self._deadline, self._seconds = clock(), 0.0
        self._said: list[str] = []
        self._requests = 0
        self._last: tuple[str | bytes, ...] = ("",)
        self._hosts = _origins(target.config)
        self._tokens = frozenset(_token_urls(target.config))
        self._known = dict(_params(target.config))
        self._paths = tuple(_paths(target.config))

    def begin(self, seconds: float, *, knock: bool = False) -> None:
        """What is asked from now on must be here within `seconds`. With `knock` the first answer is enough, and its
        body is left where it is.
        """
        self._seconds, self._deadline, self._knock = seconds, self._clock() + seconds, knock

    def stop(self) -> None:
        """Ask nothing more."""
        self._stopped = True

    def in_time(self) -> None:
        """Look at the clock and at what arrived.

        Raises:
            SourceError: it was stopped from elsewhere.
            SpentError: a budget is spent.
        """
        if self._stopped:
            raise SourceError(self.source, "timeout", f"{self.source}: reading was stopped")
        if self._clock() > self._deadline:
            self.spent = f"reading stopped at its budget of {self._seconds:g} seconds"
        elif self.arrived > self._most:
            self.spent = f"reading stopped at its budget of {self._most:,} bytes"
        if self.spent:
            raise SpentError

    @property
    def said(self) -> tuple[str, ...]:
        """The requests that were made, in order; past the fiftieth only how many, and what all of them brought."""
        more = self._requests - len(self._said)
        return (*self._said, f"and {more:,} more requests; {self.arrived:,} bytes in all") if more else (*self._said,)

    def send(self, request: Any, ask: Callable[[tuple[float, float]], Any]) -> Any:
        """A request's answer, its body here; asked again where that may help and time is left.

        Raises:
            SourceError: it would go to a host that nobody named, or was stopped.
            SpentError: a budget is spent.
        """
        self._stays(request.url)
        for attempt in range(ATTEMPTS):
            self.in_time()
            self._note(request)
            left = max(0.1, self._deadline - self._clock())
            response, error = None, None
            try:
                response = ask((min(_TIMES[0], left), min(_TIMES[1], left)))
                if response.status_code not in PASSES:
                    return self._taken(response, request)
                self._body(response)
            except OSError as broken:  # what requests raises are
                error = broken
            pause = PAUSE * 2**attempt if response is None else _wait(response.headers, PAUSE * 2**attempt)
            if attempt == ATTEMPTS - 1 or self._clock() + pause > self._deadline or not _may_pass(error):
                if error is not None:
                    raise error
                return response
            self._sleep(pause)
        raise AssertionError  # the last attempt returned or raised

    def _taken(self, response: Any, request: Any) -> Any:
        token = urlsplit(request.url)._replace(query="", fragment="").geturl() in self._tokens
        if self._knock and not token and response.status_code < _REFUSED and not response.is_redirect:
            self.answered = True
            response.close()
            raise AnsweredError
        self._body(response)
        if self.target.form == "endpoint":  # elsewhere somebody said how pages follow each other
            self._goes_on(request.url, response)
        return response

    def _goes_on(self, url: str, response: Any) -> None:
        """An answer that came already, to a question for another page, means that its pages are counted otherwise.

        Raises:
            SpentError: so it is.
        """
        path, told = urlsplit(url).path, hashlib.blake2b(response.content).digest()
        if response.status_code < _REFUSED and response.content and self._last[0] == path and self._last[1:] == (told,):
            self.spent = (
                "reading stopped where the same page came again: the API counts its pages in another way, which a file "
                "can describe (dlt:///api.yaml)"
            )
            raise SpentError
        self._last = (path, told)

    def _body(self, response: Any) -> None:
        """All bytes of an answer, as far as the budget goes; numbers of its JSON will keep their digits."""
        pieces: list[bytes] = []
        try:
            for piece in response.iter_content(_PIECE):
                self.arrived += len(piece)
                pieces.append(piece)
                self.in_time()
        finally:
            response.close()
        response._content = b"".join(pieces)  # noqa: SLF001 - where requests keeps a body that was read
        response.json = lambda **_: json.loads(response.content, parse_float=Written)

    def _stays(self, url: str) -> None:
        """An API's own link to its next page may not send our login to somebody else."""
        if _origin(url) in self._hosts:
            return
        words = f"{self.source}: {self.target.shown} leads on to another host, which was not asked"
        raise SourceError(self.source, "unreadable", words, "give the address that it leads to, if that is meant")

    def _note(self, request: Any) -> None:
        self._requests += 1
        if len(self._said) < LISTED:
            self._said.append(f"{request.method} {self._shown(request.url)}")

    def _shown(self, url: str) -> str:
        """An address without secrets, and without what an API put into it: keys of rows, in a path or a cursor."""
        parts = urlsplit(url)
        path = parts.path if parts.path.strip("/") in self._paths else f"/{self._template(parts.path)}"
        query = [(name, self._shown_value(name, value)) for name, value in parse_qsl(parts.query)]
        shown = parts._replace(
            netloc=parts.netloc.rpartition("@")[2], path=path, query=urlencode(query, safe="*:/,"), fragment=""
        )
        return self.target.scrubbed(shown.geturl())

    def _template(self, path: str) -> str:
        """A path as it is described, its `{parameters}` open; "*" where none is."""
        for known in self._paths:
            pattern = "[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", known)))
            if re.fullmatch(pattern, path.strip("/")):
                return known
        return "*"

    def _shown_value(self, name: str, value: str) -> str:
        if SECRET.search(name):
            return HIDDEN
        counts = _PAGES.search(name) and value.isdigit() and len(value) <= _SHORT
        return value if counts or value in self._known.get(name, ()) else "*"


def _wait(headers: Mapping[str, str], otherwise: float) -> float:
    """How long the API asks us to wait, in seconds."""
    said = headers.get("Retry-After", "")
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return otherwise


def _may_pass(error: OSError | None) -> bool:
    """A connection that broke may hold another time; a certificate will not become another."""
    return error is None or "SSL" not in type(error).__name__


def _endpoints(config: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What each resource asks for; `defaults` as well."""
    for resource in (config.get("resource_defaults"), *config.get("resources", ())):
        if isinstance(resource, str):
            yield {"path": resource}
        elif isinstance(resource, Mapping):
            endpoint = resource.get("endpoint", {})
            held = {"path": endpoint} if isinstance(endpoint, str) else dict(endpoint)
            yield {"path": resource.get("name", "")} | held


def _params(config: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Parameters that a description gives itself, with their values."""
    for endpoint in _endpoints(config):
        for name, value in dict(endpoint.get("params") or {}).items():
            yield name, tuple(map(str, value if isinstance(value, list) else [value]))


def _paths(config: Mapping[str, Any]) -> Iterator[str]:
    """Paths as they are described, from the host on."""
    base = urlsplit(str(config.get("client", {}).get("base_url", ""))).path.strip("/")
    for endpoint in _endpoints(config):
        path = str(endpoint.get("path", "")).partition("?")[0]
        own = urlsplit(path).path if "://" in path else f"{base}/{path.strip('/')}"
        yield own.strip("/")


def _origins(config: Mapping[str, Any]) -> frozenset[tuple[str, str, int]]:
    """Scheme, host and port of every address that a description names; an encrypted way to the same host as well."""
    urls = [str(config.get("client", {}).get("base_url", "")), *_token_urls(config)]
    urls += [path for endpoint in _endpoints(config) if "://" in (path := str(endpoint.get("path", "")))]
    found = {_origin(url) for url in urls}
    return frozenset(found | {("https", host, _PORTS["https"]) for _, host, _ in found})


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


def _token_urls(config: Mapping[str, Any]) -> Iterator[str]:
    """Where tokens are asked for."""
    holders = [config.get("client", {}), *_endpoints(config)]
    for holder in holders:
        auth = holder.get("auth")
        if isinstance(auth, Mapping):
            yield from (str(auth[name]) for name in ("access_token_url", "auth_endpoint") if name in auth)
