"""Containers: lists, mappings and sections of walkaround.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from walkaround.settings.kinds import JsonSchema, Kind, near, quoted
from walkaround.settings.tree import Tree


@dataclass(frozen=True, slots=True)
class ListOf(Kind):
    """A list of one kind, without repetitions; `or_one` also takes the bare element."""

    element: Kind

    def read(self, tree: Tree) -> tuple[Any, ...]:
        """The elements."""
        elements = tree.elements()
        if elements is None:
            tree.fail(f"a list is expected here, not {tree.what}", "write [one, two]")
        values: list[Any] = []
        for element in elements:
            value = self._element(element)
            if value in values:
                element.fail(f"{quoted(str(value))} stands twice in the list")
            values.append(value)
        return tuple(values)

    def schema(self) -> JsonSchema:
        """An array."""
        return {"type": "array", "items": self.element.schema(), "uniqueItems": True}

    def _element(self, tree: Tree) -> Any:
        if tree.absent:
            tree.fail("an empty element", 'the empty text is written ""')
        return self.element.read(tree)


@dataclass(frozen=True, slots=True)
class MapOf(Kind):
    """A mapping whose keys are names that people choose (sources, columns, codes), of one kind of value."""

    key: Kind
    value: Kind
    least: int = 0

    def read(self, tree: Tree) -> Mapping[str, Any]:
        """The mapping; keys are checked as values are."""
        items = tree.items()
        if items is None:
            tree.fail(f"a mapping is expected here, not {tree.what}")
        read = {self._key(name, value): self.value.read(value) for name, value in items}
        if len(read) < self.least:
            tree.fail("nothing stands here", "name at least one")
        return read

    def schema(self) -> JsonSchema:
        """An object of any keys that fit."""
        names = {key: value for key, value in self.key.schema().items() if key != "type"}
        values = self.value.schema()
        return {"type": "object", "propertyNames": names, "additionalProperties": values, "minProperties": self.least}

    def _key(self, name: str, value: Tree) -> str:
        node = yaml.ScalarNode("tag:yaml.org,2002:str", name, value.node.start_mark, style='"')
        read: str = self.key.read(Tree(value.file, value.line, node, value.way[:-1]))
        return read


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a section: its kind, whether it must be there, and what it says, for editors."""

    kind: Kind
    words: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Section(Kind):
    """A mapping whose keys we choose. `later` are keys of a later version: known, and refused with a clear word.
    `bare` sections may be there with nothing in them (`email:` in `columns`).
    """

    fields: Mapping[str, Field]
    later: tuple[str, ...] = ()
    bare: bool = False

    def read(self, tree: Tree) -> Mapping[str, Any]:
        """The values that are there, by key; a key without a value is as if it were not there."""
        if tree.absent and self.bare:
            return {}
        items = tree.items()
        if items is None:
            tree.fail(f"a mapping is expected here, not {tree.what}", f"known keys are: {', '.join(self.fields)}")
        values: dict[str, Any] = {}
        for name, value in items:
            known = self._field(name, tree, value)
            if not value.absent:
                values[name] = known.kind.read(value)
            elif known.required:
                value.fail("nothing stands here")
        for name, known in self.fields.items():
            if known.required and name not in values:
                tree.fail(f"the key {name!r} is missing", known.words)
        return values

    def schema(self) -> JsonSchema:
        """An object of exactly these keys."""
        properties = {name: {**_nullable(known), "description": known.words} for name, known in self.fields.items()}
        required = [name for name, known in self.fields.items() if known.required]
        kinds = ["object", "null"] if self.bare else "object"
        return {"type": kinds, "properties": properties, "required": required, "additionalProperties": False}

    def _field(self, name: str, tree: Tree, value: Tree) -> Field:
        if name in self.later:
            value.fail(f"{name!r} is not supported by this version of walkaround", "take it out for now")
        known = self.fields.get(name)
        if known is None:
            spot = Tree(tree.file, value.line, value.node, tree.way)
            spot.fail(f"the key {quoted(name)} is unknown", near(name, tuple(self.fields)))
        return known


def _nullable(known: Field) -> JsonSchema:
    schema = known.kind.schema()
    if known.required:
        return schema
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return {**schema, "type": list(dict.fromkeys([*kinds, "null"]))}
    return {"anyOf": [schema, {"type": "null"}]}
