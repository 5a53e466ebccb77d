"""Load: from the file to values of the model, and from the description to the JSON Schema for editors."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from walkaround.model.policy import MIN_GROUP, Policy, PolicyKey
from walkaround.model.run import Owner, Project
from walkaround.model.source import ColumnSpec, SampleRequest, Source
from walkaround.settings.description import SCHEMA_ID, describe
from walkaround.settings.kinds import JsonSchema
from walkaround.settings.settings import Settings
from walkaround.settings.tree import grow

FILE_NAME: Final = "walkaround.yaml"


class Unasked(Mapping[str, str]):
    """The environment of who only looks back: every name has a value, and none is looked at."""

    def __getitem__(self, name: str) -> str:
        """The name itself."""
        return name

    def __iter__(self) -> Iterator[str]:
        """Nobody can list all names."""
        return iter(())

    def __len__(self) -> int:
        """Nor count them."""
        return 0


def load(path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read a settings file.

    Args:
        path: the file.
        environ: where `${NAME}` is looked up, to tell whether it is set; the environment of the process by default.

    Raises:
        SettingsError: the file is not there or does not say what it must; the message names the line.
    """
    tree = grow(path)
    root = path.absolute().parent
    known = os.environ if environ is None else environ
    said = describe(root, known, _codes()).read(tree)
    return Settings(
        root=root,
        project=_project(said["project"]),
        sources=MappingProxyType({name: _source(name, value) for name, value in said["sources"].items()}),
        policy=_policy(said.get("policy", {}), said.get("report", {})),
    )


def schema() -> JsonSchema:
    """The JSON Schema (draft 2020-12) of walkaround.yaml."""
    described = describe(Path(), {}, _codes()).schema()
    title = "walkaround.yaml: the sources of an AI pilot, and what they are held to"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, "title": title, **described}


def _codes() -> tuple[str, ...]:
    from walkaround.checks import by_code  # noqa: PLC0415 - checks load Polars, and few commands need settings

    return tuple(by_code())


def _project(said: Mapping[str, Any]) -> Project:
    return Project(**{**said, "owner": Owner(**said.get("owner", {}))})


def _source(name: str, said: Mapping[str, Any]) -> Source:
    key: tuple[str, ...] = said.get("key", ())
    as_of: str | None = said.get("as_of")
    known = said.get("columns", {})
    columns = {
        column: ColumnSpec(column, key=column in key, as_of=column == as_of, **known.get(column, {}))
        for column in dict.fromkeys([*known, *key, *([as_of] if as_of else [])])
    }
    request = SampleRequest(**said.get("sample", {}))
    return Source(name, **{**said, "columns": MappingProxyType(columns), "sample": request})


def _policy(said: Mapping[str, Any], report: Mapping[str, Any]) -> Policy:
    rises = {part: _by_key(said.get(part, {})) for part in ("tolerance", "grave")}
    return Policy(**{**said, **rises, "min_group": report.get("min_group", MIN_GROUP)})


def _by_key(said: Mapping[str, float]) -> Mapping[PolicyKey, float]:
    """Keys as the policy has them: "MIS001", or ("MIS001", "email") for "MIS001 email"."""
    read: dict[PolicyKey, float] = {}
    for key, value in said.items():
        code, _, column = key.partition(" ")
        read[(code, column) if column else code] = value
    return MappingProxyType(read)
