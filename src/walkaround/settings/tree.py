"""Tree: the text of a YAML file as nodes that know their line. Nothing is guessed: `NO`, `1.10` and dates stay text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

import yaml

from walkaround.errors import SettingsError

MAX_BYTES: Final = 1 << 20
"""A settings file is written by people; one of more than a mebibyte is some other file."""
NOTHING: Final = ("", "~", "null", "Null", "NULL")
"""How YAML spells a value that is not there, where it stands without quotes."""
_PLAIN_TAGS: Final = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))


class _Strict(yaml.BaseLoader):
    """Composes nodes without resolving any scalar, and refuses what would let a short file stand for a long one."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """As the base class does, without aliases."""
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it bare
            raise yaml.composer.ComposerError(None, None, "anchors and aliases are not supported", mark)
        return super().compose_node(parent, index)


@dataclass(frozen=True, slots=True)
class Tree:
    """Where a value stands: the file, the line (of its key, where it has one; from 1), and the keys that lead to it."""

    file: Path
    line: int
    node: yaml.Node
    way: tuple[str, ...] = ()

    @property
    def text(self) -> str | None:
        """A scalar as it is written; None for lists, mappings, and a value that is not there."""
        if not isinstance(self.node, yaml.ScalarNode) or self.absent:
            return None
        return str(self.node.value)

    @property
    def absent(self) -> bool:
        """Whether nothing, `~` or `null` stands here."""
        plain = isinstance(self.node, yaml.ScalarNode) and self.node.style is None
        return plain and self.node.value in NOTHING

    @property
    def what(self) -> str:
        """What stands here, in a word, for messages."""
        if self.absent:
            return "nothing"
        if isinstance(self.node, yaml.ScalarNode):
            return "a text"
        return "a list" if isinstance(self.node, yaml.SequenceNode) else "a mapping"

    def items(self) -> Iterator[tuple[str, Tree]] | None:
        """Keys and values of a mapping, None where it is none.

        Raises:
            SettingsError: a key stands twice, or is no text.
        """
        return self._items() if isinstance(self.node, yaml.MappingNode) else None

    def elements(self) -> list[Tree] | None:
        """The elements of a list, None where it is none."""
        if not isinstance(self.node, yaml.SequenceNode):
            return None
        return [
            Tree(self.file, _line(node), node, (*self.way, str(number)))
            for number, node in enumerate(self.node.value, 1)
        ]

    def fail(self, what: str, hint: str = "") -> NoReturn:
        """Refuse what stands here.

        Raises:
            SettingsError: always.
        """
        where = f"{'.'.join(self.way)}: " if self.way else ""
        raise SettingsError(f"{self.file.name}, line {self.line}: {where}{what}", hint)

    def _items(self) -> Iterator[tuple[str, Tree]]:
        seen: dict[str, int] = {}
        for key, value in self.node.value:
            spot = Tree(self.file, _line(key), key, self.way)
            if not isinstance(key, yaml.ScalarNode):
                spot.fail("a key must be a text")
            if key.value in seen:
                spot.fail(f"the key {key.value!r} stands twice", f"it stands in line {seen[key.value]} already")
            seen[key.value] = spot.line
            yield key.value, Tree(self.file, spot.line, value, (*self.way, key.value))


def grow(file: Path) -> Tree:
    """Read a YAML file.

    Raises:
        SettingsError: it is not there, cannot be read, or is no YAML of one document without tags and aliases.
    """
    text = _read(file)
    try:
        node = _Strict(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SettingsError(f"{file.name}, line {line}: {error.problem}") from None
    except yaml.YAMLError:
        raise SettingsError(f"{file.name} holds characters that YAML does not allow") from None
    except RecursionError:
        raise SettingsError(f"{file.name} is nested too deeply") from None
    if node is None:
        raise SettingsError(f"{file.name} is empty", "`walkaround init` writes one to begin with")
    _refuse_tags(file, node)
    return Tree(file, _line(node), node)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _read(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise SettingsError(
            f"{file}: there is no such file", "`walkaround init` writes one, --config FILE names another"
        ) from None
    except OSError as error:
        raise SettingsError(f"{file} could not be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise SettingsError(f"{file} has {len(raw)} bytes: that is no settings file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{file.name}, line {line}: not UTF-8", "save the file as UTF-8") from None


def _refuse_tags(file: Path, root: yaml.Node) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.tag not in _PLAIN_TAGS:
            Tree(file, _line(node), node).fail("YAML tags (!...) are not supported")
        if isinstance(node, yaml.MappingNode):
            waiting.extend(part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
