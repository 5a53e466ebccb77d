"""Asking: resources of dlt, iterated directly. There is no destination, no pipeline, and no state is written."""

from __future__ import annotations

import difflib
import importlib
import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from walkaround.connectors.extras import needed
from walkaround.connectors.rest.target import Target
from walkaround.connectors.rest.visit import Visit
from walkaround.errors import SourceError, UsageError

REDIRECTS: Final = 5
_SILENT: Final = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "CRITICAL"}
"""dlt reports its use to its makers unless it is told not to, and logs what it could not read."""

_BEGINNING: Final = threading.RLock()
"""Sources may be read at the same time, and the environment is one."""


@contextmanager
def silent() -> Iterator[None]:
    """While dlt begins, it is told to report and log nothing, which holds from then on; the environment is as it was
    afterwards.
    """
    with _BEGINNING:
        before = {name: os.environ.get(name) for name in _SILENT}
        os.environ.update(_SILENT)
        try:
            yield
        finally:
            logging.getLogger("dlt").setLevel(logging.CRITICAL)
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


@contextmanager
def asked(visit: Visit) -> Iterator[Any]:
    """The resource of a visit's target, ready to be iterated; connections are closed when it is left.

    Raises:
        UsageError: the description is none that dlt understands, or names no resource where there are several.
        SourceError: dlt is not installed, or there is no such resource or code.
    """
    import requests  # noqa: PLC0415 - loads where it is used

    with requests.Session() as session:
        session.max_redirects = REDIRECTS
        session.headers.update({"User-Agent": "walkaround", "Accept": "application/json"})
        for prefix in ("http://", "https://"):
            session.mount(prefix, _Door(visit, session.get_adapter(prefix)))  # type: ignore[arg-type] # all it calls
        with silent():
            needed(visit.source, "dlt", "rest")
            held = _code(visit) if visit.target.form == "code" else _described(visit, session)
        yield chosen(visit.source, visit.target, held)


def resources(visit: Visit) -> tuple[str, ...]:
    """The names of all resources of a target; raises as `asked` does."""
    with silent():
        needed(visit.source, "dlt", "rest")
        held = _code(visit) if visit.target.form == "code" else _described(visit, None)
        return tuple(held)


class _Door:
    """The adapter of a session through which each request goes, redirects and logins included."""

    def __init__(self, visit: Visit, adapter: Any) -> None:
        self._visit, self._adapter = visit, adapter

    def send(self, request: Any, **options: Any) -> Any:
        """The answer, as the visit takes it."""
        given = options | {"stream": True}
        return self._visit.send(request, lambda seconds: self._adapter.send(request, **given | {"timeout": seconds}))

    def close(self) -> None:
        """Close the connections."""
        self._adapter.close()


def chosen(source: str, target: Target, held: Mapping[str, Any]) -> Any:
    """The resource that is named; the only one where none is.

    Raises:
        UsageError: there are several and none is named.
        SourceError: there is no such resource.
    """
    names: Sequence[str] = tuple(held)
    if target.resource in held:
        return held[target.resource]
    if not target.resource and len(names) == 1:
        return held[names[0]]
    listed = ", ".join(names[:20])
    if not target.resource:
        words = f"{source}: {target.shown} has {len(names)} resources and none is named: {listed}"
        raise UsageError(words, "name one behind #, or as `table`")
    near = difflib.get_close_matches(target.resource, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"it has {listed}"
    raise SourceError(source, "missing", f"{target.shown}: there is no resource {target.resource}", hint)


def _described(visit: Visit, session: Any) -> Mapping[str, Any]:
    """The resources of a description. dlt's own words say where it is wrong; they hold no row, and no secret here."""
    source, target = visit.source, visit.target
    rest = needed(source, "dlt.sources.rest_api", "rest")
    try:
        made = rest.rest_api_source(_with_session(target.config, session))
    except Exception as error:  # noqa: BLE001 - whatever dlt says of a description
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        words = target.scrubbed(" ".join(lines[:2]))
        raise UsageError(f"{source}: {target.shown}: {words}", "look at dlt's page on REST APIs") from None
    found: Mapping[str, Any] = made.resources
    return found


def _with_session(config: Mapping[str, Any], session: Any) -> dict[str, Any]:
    """A description whose every request, logins by OAuth included, goes through our session."""
    client = dict(config["client"])
    if session is None:
        return {**config, "client": client}
    client["session"] = session
    held = [_own(resource, session) for resource in config["resources"]]
    return {**config, "client": _signed(client, session), "resources": held}


def _own(resource: Any, session: Any) -> Any:
    if isinstance(resource, Mapping) and isinstance(resource.get("endpoint"), Mapping):
        return {**resource, "endpoint": _signed(dict(resource["endpoint"]), session)}
    return resource


def _signed(holder: dict[str, Any], session: Any) -> dict[str, Any]:
    auth = holder.get("auth")
    if isinstance(auth, Mapping) and str(auth.get("type", "")).startswith("oauth2"):
        return {**holder, "auth": {**auth, "session": session}}
    return holder


def _code(visit: Visit) -> Mapping[str, Any]:
    """The resources of a source, or the resource, that code of the user's makes."""
    source, target = visit.source, visit.target
    module, _, name = target.code.partition(":")
    try:
        made = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        words = f"{source}: {target.code} is not there ({type(error).__name__})"
        raise SourceError(source, "missing", words, "install the package that holds it beside walkaround") from None
    made = made() if callable(made) and not hasattr(made, "resources") and not _is_resource(made) else made
    if hasattr(made, "resources"):
        found: Mapping[str, Any] = made.resources
        return found
    if _is_resource(made):
        return {made.name: made}
    words = f"{source}: {target.code} is neither a source nor a resource of dlt"
    raise SourceError(source, "not_what_it_says", words, "name a function under @dlt.source or @dlt.resource")


def _is_resource(made: Any) -> bool:
    return isinstance(made, importlib.import_module("dlt.extract").DltResource)
