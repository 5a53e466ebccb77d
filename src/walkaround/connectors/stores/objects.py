"""Object stores of the three clouds, and of whoever speaks like them, through obstore."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar

from walkaround.connectors.stores.store import Fault, Item, changed

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

_STATUS: Final = re.compile(r"status code: (\d{3})")
_CODE: Final = re.compile(r"<Code>(\w{1,60})</Code>")
_KIND: Final = re.compile(r"\bkind: (Timeout|Connect|Interrupted|Request|Decode)\b")
_LOGIN: Final = frozenset({
    "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken", "InvalidAccessKeyId",
    "SignatureDoesNotMatch", "InvalidSecurity", "RequestTimeTooSkewed", "AuthenticationFailed",
    "InvalidAuthenticationInfo", "NoAuthenticationInformation", "InvalidClientTokenId", "UnrecognizedClientException",
})  # fmt: skip
"""Error codes of S3, STS and Azure that say who asks is not known, whatever the status."""
_SLOW: Final = frozenset({"SlowDown", "ThrottlingException", "Throttling", "RequestLimitExceeded", "ServerBusy"})
_MACHINES: Final = ("169.254.169.254", "169.254.170.2", "metadata.google")
"""Where a cloud's own machines ask for credentials, when nothing else had any."""
_HINT_LOGIN: Final = "renew the credentials that the environment holds, and look at the clock"
_HINT_DENIED: Final = "ask the owner of the bucket for the right to read and list it"
Answer = TypeVar("Answer")


class Objects:
    """A bucket or container. Every read carries the tag that was seen, and the answer's is looked at as well: not every
    server heeds it.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def find(self, folder: str) -> Iterator[Item]:
        """The objects below a folder."""
        import obstore  # noqa: PLC0415 - loads where it is used

        stream = _guarded(lambda: obstore.list(self._store, folder or None))
        while (found := _guarded(lambda: next(stream, None))) is not None:
            yield from (_item(meta) for meta in found)

    def look(self, key: str) -> Item:
        """One object. Its first byte is asked for: what a look alone is answered, has no word of why not."""
        import obstore  # noqa: PLC0415 - loads where it is used

        try:
            return _item(_guarded(lambda: obstore.get(self._store, key, options={"range": (0, 1)})).meta)
        except _EmptyError:
            return _item(_guarded(lambda: obstore.head(self._store, key)))

    def get(self, item: Item, start: int, end: int | None) -> Iterator[bytes]:
        """Bytes of an object as it was when it was looked at."""
        import obstore  # noqa: PLC0415 - loads where it is used

        options: Any = {"range": (start, item.size if end is None else end)}
        if item.tag:
            options["if_match"] = f'"{item.tag}"'

        def ask() -> tuple[Item, bytes]:
            result = obstore.get(self._store, item.key, options=options)
            return _item(result.meta), bytes(result.bytes())

        now, data = _guarded(ask)
        if now != item:
            raise changed()
        yield data

    def close(self) -> None:
        """Nothing is held open that would not close by itself."""


class _EmptyError(Fault):
    """There is no first byte."""


def _item(meta: ObjectMeta) -> Item:
    """A listing and a look give the same tag with and without quotes."""
    tag = (meta["e_tag"] or "").removeprefix("W/").strip('"')
    return Item(meta["path"], meta["size"], tag, meta["last_modified"])


def _guarded(ask: Callable[[], Answer]) -> Answer:
    """The answer, or why there is none.

    Raises:
        Fault: the store refused, or could not be asked.
    """
    from obstore import exceptions  # noqa: PLC0415 - loads where it is used

    try:
        return ask()
    except FileNotFoundError:
        raise Fault("missing", "there is no such object or bucket", "look at the name") from None
    except exceptions.PreconditionError:
        raise changed() from None
    except exceptions.BaseError as error:
        raise _fault(error) from None
    except ValueError:
        raise Fault("missing", "is no name that a store can have", "look at the name") from None


def _fault(error: Exception) -> Fault:
    """The cause, told from the status and the code alone: the rest of the text may quote what it should not."""
    words = str(error)
    found, named, how = _STATUS.search(words), _CODE.search(words), _KIND.search(words)
    status, code = int(found[1]) if found else 0, named[1] if named else ""
    said = f" ({code})" if code else f" (status {status})" if status else ""
    answered = _answer(status, code, said) if status else None
    return answered or _without_answer(words, how[1] if how else "", said or f" ({type(error).__name__})")


def _answer(status: int, code: str, said: str) -> Fault | None:  # noqa: PLR0911 - a table of causes, read downwards
    """What a store's status and code mean; None where they say nothing."""
    if code in _LOGIN or status == 401:  # noqa: PLR2004
        return Fault("login", f"the credentials were not accepted{said}", _HINT_LOGIN)
    if status in (429, 503) or code in _SLOW:
        return Fault("throttled", f"the store is busy{said}", "run it later, or ask for a larger quota", passes=True)
    if status == 403:  # noqa: PLR2004
        return Fault("denied", f"may not be read by these credentials{said}", _HINT_DENIED)
    if status == 404:  # noqa: PLR2004
        return Fault("missing", f"there is no such object or bucket{said}", "look at the name")
    if status == 416:  # noqa: PLR2004
        return _EmptyError("changed", "is shorter than it was", "read it again once nothing writes to it")
    if status >= 500:  # noqa: PLR2004
        return Fault("unreachable", f"the store failed{said}", "run it later, or ask who runs it", passes=True)
    return None


def _without_answer(words: str, kind: str, said: str) -> Fault:  # noqa: PLR0911 - a table of causes, read downwards
    """What obstore's own words mean, where the store's answer said nothing or never came."""
    if "non-partial" in words or "CONTENT_RANGE" in words:  # what some answer where there is no first byte
        return _EmptyError("changed", "is shorter than it was", "read it again once nothing writes to it")
    if any(address in words for address in _MACHINES):
        return Fault("login", "no credentials were found", "set them in the environment, or write ?anonymous=true")
    if "ertificate" in words:
        hint = "ask for the certificate of its authority, and add it to this machine's"
        return Fault("tls", "the store's certificate is not trusted here", hint)
    if kind == "Timeout":
        return Fault("timeout", "the store did not answer in time", "look at the network, or run it later", passes=True)
    if "incorrectly configured region" in words:
        return Fault("missing", "the bucket is in another region", "set AWS_REGION, or write ?region=")
    if kind:
        hint = "look at the address, the network and the store"
        return Fault("unreachable", "the store could not be reached, or broke off", hint, passes=True)
    return Fault("unreadable", f"the store did not give it{said}", "look at the store")
