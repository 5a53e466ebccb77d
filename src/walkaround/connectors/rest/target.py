"""Target: what of an API is read, from a URI: one endpoint, a file that describes an API, or a resource in code."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, unquote

from walkaround.connectors.address import SECRET, SHORTEST, Address
from walkaround.connectors.location import failure
from walkaround.errors import SourceError, UsageError

Form = Literal["endpoint", "file", "code"]
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_CODE: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
_NO_SECRET: Final = re.compile(r"(?:_url|_path|_param|_type|_expiration|_endpoint|_data)$", re.IGNORECASE)
"""Keys of a description that speak of a token and hold none: `access_token_url`, `cursor_path`."""
_METHODS: Final = frozenset({"GET", "POST"})


@dataclass(frozen=True, slots=True)
class Target:
    """What is read. `config` is what dlt calls a REST API configuration, its secrets filled in; empty for code, of
    which `code` is the place. `shown` names it in messages, `secrets` are never in one.
    """

    form: Form
    shown: str
    resource: str
    config: Mapping[str, Any] = field(repr=False, default_factory=dict)
    code: str = ""
    secrets: frozenset[str] = field(repr=False, default_factory=frozenset)

    def scrubbed(self, words: str) -> str:
        """Words of a library, without any secret."""
        return Address("", "", self.secrets).scrubbed(words)


def target_of(source: str, address: Address, table: str | None, environ: Mapping[str, str] | None = None) -> Target:
    """What a URI says; `table` is the resource where the settings name it apart.

    Raises:
        UsageError: it cannot be read, or a secret stands in a file in plain text.
        SourceError: there is no such file.
    """
    if address.scheme != "dlt":
        return _endpoint(source, address)
    bare, _, fragment = address.uri.partition("#")
    place, resource = bare.split("://", 1)[1], table or unquote(fragment)
    if not place.startswith("/"):
        if not _CODE.fullmatch(place):
            hint = "write dlt:///file.yaml#resource, or dlt://package.module:source#resource"
            raise UsageError(f"{source}: {address.shown} names neither a file nor a resource of dlt in code", hint)
        return Target("code", address.shown, resource, code=place)
    path = Path(unquote(place[1:])).expanduser()
    config, secrets = _described(source, path, os.environ if environ is None else environ)
    return Target("file", path.name, resource, config, secrets=secrets | address.secrets)


def _endpoint(source: str, address: Address) -> Target:
    parts = address.parts
    if not parts.hostname:
        raise UsageError(f"{source}: the URI names no host", "write rest+https://api.example/v1/customers")
    scheme = address.scheme.removeprefix("rest+")
    host = parts.netloc.rpartition("@")[2]
    params: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        params[name] = [*_listed(params[name]), value] if name in params else value
    endpoint: dict[str, Any] = {"path": parts.path.lstrip("/"), "params": params}
    if parts.fragment:
        endpoint["data_selector"] = unquote(parts.fragment)
    client: dict[str, Any] = {"base_url": f"{scheme}://{host}/"}
    if address.user is not None:
        client["auth"] = {"type": "http_basic", "username": address.user, "password": address.password or ""}
    name = re.sub(r"\W+", "_", parts.path.strip("/").rpartition("/")[2]) or "rows"
    config = {"client": client, "resources": [{"name": name, "endpoint": endpoint}]}
    shown = address.shown.removeprefix("rest+")
    return Target("endpoint", shown, name, config, secrets=address.secrets)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _described(source: str, path: Path, environ: Mapping[str, str]) -> tuple[dict[str, Any], frozenset[str]]:
    """A file's configuration with the environment filled in, and what was filled in."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise failure(source, path.name, error) from None
    except UnicodeDecodeError:
        raise SourceError(source, "unreadable", f"{path.name}: is not UTF-8", "save it as UTF-8") from None
    config = _parsed(source, path, text)
    for keys, value in _texts(config, ()):
        if _is_plain_secret(keys, value):
            words = f"{path.name}: a secret stands in plain text at {'.'.join(keys)}"
            raise UsageError(f"{source}: {words}", "put it into the environment and write ${NAME}")
        if keys[-1:] == ("method",) and value.upper() not in _METHODS:
            raise UsageError(
                f"{source}: {path.name}: {value} may change what it asks", "sources are read by GET or POST"
            )
    used: set[str] = set()
    filled = _filled(source, path, config, environ, used)
    return filled, frozenset(secret for secret in used if len(secret) >= SHORTEST)


def _parsed(source: str, path: Path, text: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - loads where it is used

    try:
        config = json.loads(text) if path.suffix.lower() == ".json" else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else getattr(error, "lineno", None)
        place = f", line {line}" if line else ""
        raise UsageError(f"{source}: {path.name}{place}: is neither YAML nor JSON", "look at its indentation") from None
    if not isinstance(config, dict) or "client" not in config or "resources" not in config:
        hint = "describe the API as dlt does: client with base_url, and resources"
        raise UsageError(f"{source}: {path.name} describes no API", hint)
    return config


def _texts(value: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text of a configuration, with the keys that lead to it."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from _texts(held, (*keys, str(key)))
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from _texts(held, (*keys, str(number)))
    elif isinstance(value, str):
        yield keys, value


def _is_plain_secret(keys: tuple[str, ...], value: str) -> bool:
    name = (keys[-1] if keys else "").replace("-", "_")
    secret = (SECRET.search(name) or name.lower() == "authorization") and not _NO_SECRET.search(name)
    return bool(secret and value and not _VARIABLE.search(value))


def _filled(source: str, path: Path, value: Any, environ: Mapping[str, str], used: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(source, path, held, environ, used) for key, held in value.items()}
    if isinstance(value, list):
        return [_filled(source, path, held, environ, used) for held in value]
    if not isinstance(value, str):
        return value

    def found(match: re.Match[str]) -> str:
        name = match.group(1)
        if not environ.get(name):
            words = f"{source}: {path.name}: the environment has no value for ${{{name}}}"
            raise UsageError(words, f"set {name}")
        used.add(environ[name])
        return environ[name]

    return _VARIABLE.sub(found, value)
