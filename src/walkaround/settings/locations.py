"""Locations: paths, patterns and URIs of sources as the settings give them, made safe to keep and to print."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from walkaround.connectors.address import SECRET
from walkaround.settings.kinds import JsonSchema, Kind
from walkaround.settings.tree import Tree

_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_FILE_SCHEME: Final = re.compile(r"(duckdb|sqlite|iceberg\+sqlite|dlt):///(?!/)", re.IGNORECASE)
"""`sqlite:///crm.db` is relative and `sqlite:////data/crm.db` absolute, as SQLAlchemy writes them."""
_PATTERN: Final = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Location(Kind):
    """A path (from the folder of the file), a glob, or a URI. `${NAME}` stays as it is; what it stands for is only
    looked at, to tell whether the whole is a relative path. A secret in plain text is refused and not repeated.
    """

    root: Path
    environ: Mapping[str, str]

    def read(self, tree: Tree) -> str:
        """The location with relative paths made absolute."""
        text = tree.text
        if not text:
            tree.fail("a path, a pattern or a URI is expected here")
        if has_secret(text):
            tree.fail("a password stands here in plain text", "put it into the environment and write ${NAME}")
        return self._absolute(text, self._filled(tree, text))

    def schema(self) -> JsonSchema:
        """A text with something in it."""
        return {"type": "string", "minLength": 1}

    def _filled(self, tree: Tree, text: str) -> str:
        for name in _VARIABLE.findall(text):
            if not _NAME.fullmatch(name):
                tree.fail(f"${{{name}}} names no variable", "letters, digits and _ make a name")
            if not self.environ.get(name):
                tree.fail(f"${{{name}}} has no value in the environment", f"set {name} before walkaround is started")
        return _VARIABLE.sub(lambda found: self.environ[found.group(1)], text)

    def _absolute(self, text: str, filled: str) -> str:
        scheme = _FILE_SCHEME.match(filled)
        if scheme and _FILE_SCHEME.match(text):
            return f"{scheme.group(1)}:///{self.root.as_posix()}/{text[scheme.end() :]}"
        if _SCHEME.match(filled) or Path(filled).expanduser().is_absolute():
            return text
        whole = self.root / text
        if not _PATTERN.search(text) or whole.exists():
            return str(whole)
        return str(Path(glob.escape(str(self.root))) / text)


@dataclass(frozen=True, slots=True)
class FilePath(Kind):
    """The path of one file, from the folder of the settings."""

    root: Path

    def read(self, tree: Tree) -> str:
        """The absolute path."""
        text = tree.text
        if not text:
            tree.fail("the path of a file is expected here")
        if _SCHEME.match(text) or _VARIABLE.search(text):
            tree.fail("the path of a file is expected here, without ${NAME}, and no URI", "write the path itself")
        return str(self.root / Path(text).expanduser())

    def schema(self) -> JsonSchema:
        """A text with something in it."""
        return {"type": "string", "minLength": 1}


def has_secret(text: str) -> bool:
    """Whether a URI holds a password, or a parameter that is one, in plain text rather than as `${NAME}`."""
    if not _SCHEME.match(text):
        return False
    hidden = _VARIABLE.sub("", text)
    try:
        parts = urlsplit(hidden)
    except ValueError:
        return "@" in hidden
    password = parts.netloc.rpartition("@")[0].partition(":")[2]
    return bool(password) or any(value and SECRET.search(name) for name, value in parse_qsl(parts.query))
