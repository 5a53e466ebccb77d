"""A web server: one object a URL, with ranges where the server knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from walkaround.connectors.stores.store import Fault, Item, changed
from walkaround.connectors.stores.target import Target
from walkaround.errors import AccessReason

if TYPE_CHECKING:
    from requests import Response

REDIRECTS: Final = 5
_CONNECT: Final = 5.0
"""Seconds in which a connection must be there."""
_PIECE: Final = 1 << 20
_TOTAL: Final = re.compile(r"bytes (?:\d+-\d+|\*)/(\d+)$")
_OK, _PART, _NOTHING_THERE = 200, 206, 416


class Web:
    """One URL. User and password in it, or of the machine's netrc file, are sent to its server alone."""

    def __init__(self, target: Target, seconds: float) -> None:
        import requests  # noqa: PLC0415 - loads where it is used

        self._url = target.place
        self._times = (min(_CONNECT, seconds), seconds)
        self._session = requests.Session()
        self._session.max_redirects = REDIRECTS
        self._session.headers.update({"User-Agent": "walkaround", "Accept-Encoding": "identity"})

    def find(self, folder: str) -> Iterator[Item]:
        """A web server lists nothing."""
        del folder
        yield from ()

    def look(self, key: str) -> Item:
        """Size, tag, and whether ranges can be asked for: the first byte is, which also addresses that are signed for
        reading alone allow.
        """
        with self._asked({"Range": "bytes=0-0"}) as response:
            if response.status_code == _NOTHING_THERE:
                return Item(key, 0, "")
            return _item(key, response)

    def get(self, item: Item, start: int, end: int | None) -> Iterator[bytes]:
        """Bytes of the object; all of it where it has no ranges."""
        headers = {} if end is None else {"Range": f"bytes={start}-{end - 1}"}
        with self._asked(headers) as response:
            now = _item(item.key, response)
            if now.tag != item.tag or (item.size >= 0 and now.size != item.size):
                raise changed()
            if end is not None and response.status_code != _PART:
                raise Fault("unreadable", "the server sent all where a part was asked for", "run it again", passes=True)
            yield from _pieces(response)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    @contextmanager
    def _asked(self, headers: dict[str, str]) -> Iterator[Response]:
        import requests  # noqa: PLC0415 - loads where it is used

        try:
            with closing(self._session.get(self._url, headers=headers, stream=True, timeout=self._times)) as response:
                if self._url.lower().startswith("https:") and not response.url.lower().startswith("https:"):
                    words = "the server leads from an encrypted address to one that is not"
                    raise Fault("tls", words, "give the address that it leads to, if that is meant")
                if response.status_code not in (_OK, _PART, _NOTHING_THERE):
                    raise _refusal(response.status_code)
                yield response
        except requests.exceptions.RequestException as error:
            raise _broken(error) from None


def _item(key: str, response: Response) -> Item:
    headers = response.headers
    tag = headers.get("ETag") or headers.get("Last-Modified") or ""
    total = _TOTAL.search(headers.get("Content-Range", ""))
    part = response.status_code == _PART and total is not None
    length = headers.get("Content-Length", "")
    size = int(total[1]) if part and total else int(length) if length.isdigit() else -1
    try:
        modified = parsedate_to_datetime(headers["Last-Modified"])
    except (KeyError, ValueError):
        modified = None
    return Item(key, size, tag, modified, part)


def _pieces(response: Response) -> Iterator[bytes]:
    """The bytes as they were sent: what a server packs though it was not asked to is unpacked as packed files are."""
    from urllib3.exceptions import HTTPError, ReadTimeoutError  # noqa: PLC0415 - loads where it is used

    try:
        yield from response.raw.stream(_PIECE, decode_content=False)
    except ReadTimeoutError:
        raise _late() from None
    except HTTPError:
        raise _broken_off() from None


def _refusal(status: int) -> Fault:
    said = f"(status {status})"
    known: dict[int, tuple[AccessReason, str, str, bool]] = {
        401: ("login", "the server asks who is there", "put user and password into the address as ${NAME}", False),
        403: ("denied", "the server refuses it", "ask its owner for the right to read it", False),
        404: ("missing", "there is no such address", "look at the address", False),
        407: ("login", "the proxy asks who is there", "set HTTPS_PROXY with user and password", False),
        408: ("timeout", "the server gave up waiting", "run it later", True),
        410: ("missing", "it is gone for good", "ask its owner where it went", False),
        429: ("throttled", "the server asks for fewer requests", "run it later", True),
        503: ("throttled", "the server is busy", "run it later", True),
    }
    if status in known:
        reason, words, hint, passes = known[status]
        return Fault(reason, f"{words} {said}", hint, passes=passes)
    if status >= 500:  # noqa: PLR2004
        return Fault("unreachable", f"the server failed {said}", "run it later, or ask its owner", passes=True)
    return Fault("unreadable", f"the server did not give it {said}", "open the address in a browser")


def _broken(error: Exception) -> Fault:
    from requests import exceptions  # noqa: PLC0415 - loads where it is used

    if isinstance(error, exceptions.SSLError):
        hint = "set REQUESTS_CA_BUNDLE to the certificate of its authority"
        return Fault("tls", "the server's certificate is not trusted here", hint)
    if isinstance(error, exceptions.Timeout):
        return _late()
    if isinstance(error, exceptions.TooManyRedirects):
        return Fault("unreachable", f"the server leads on more than {REDIRECTS} times", "open the address in a browser")
    if isinstance(error, exceptions.InvalidURL | exceptions.InvalidSchema | exceptions.MissingSchema):
        return Fault("missing", "the address is none, or leads to none", "look at the address")
    return _broken_off()


def _late() -> Fault:
    return Fault("timeout", "the server did not answer in time", "look at the network", passes=True)


def _broken_off() -> Fault:
    return Fault("unreachable", "the server could not be reached, or broke off", "look at the network", passes=True)
