"""The JSON Schema for editors and the loader say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from walkaround.errors import SettingsError
from walkaround.settings import load
from walkaround.settings.load import schema

PROJECT = "project: {name: churn}"
SOURCES = "sources: {a: {uri: a.csv}}"


def document(*lines: str) -> str:
    return "\n".join(["version: 1", *lines]) + "\n"


DOCUMENTS = {
    "small": (document(PROJECT, SOURCES), True),
    "no version": (f"{PROJECT}\n{SOURCES}\n", False),
    "other version": (f"version: 2\n{PROJECT}\n{SOURCES}\n", False),
    "no sources": (document(PROJECT), False),
    "empty sources": (document(PROJECT, "sources: {}"), False),
    "unknown key": (document(PROJECT, SOURCES, "polcy: {}"), False),
    "later": (document(PROJECT, SOURCES, "waivers: []"), False),
    "source name": (document(PROJECT, "sources: {a/b: {uri: a.csv}}"), False),
    "project name": (document("project: {name: .hidden}", SOURCES), False),
    "numeric name": (document("project: {name: 2026}", SOURCES), True),
    "nulls": (document("project: {name: a, sponsor: null, owner: {deputy: null}}", SOURCES), True),
    "null uri": (document(PROJECT, "sources: {a: {uri: null}}"), False),
    "key": (document(PROJECT, "sources: {a: {uri: a.csv, key: [x, y]}}"), True),
    "key twice": (document(PROJECT, "sources: {a: {uri: a.csv, key: [x, x]}}"), False),
    "bare key": (document(PROJECT, "sources: {a: {uri: a.csv, key: x}}"), False),
    "bare column": (document(PROJECT, "sources: {a: {uri: a.csv, columns: {x: null}}}"), True),
    "personal": (document(PROJECT, "sources: {a: {uri: a.csv, columns: {x: {personal: true}}}}"), True),
    "personal text": (document(PROJECT, "sources: {a: {uri: a.csv, columns: {x: {personal: 'true!'}}}}"), False),
    "rows": (document(PROJECT, "sources: {a: {uri: a.csv, sample: {rows: 5}}}"), True),
    "rows full": (document(PROJECT, "sources: {a: {uri: a.csv, sample: {rows: full}}}"), True),
    "rows none": (document(PROJECT, "sources: {a: {uri: a.csv, sample: {rows: 0}}}"), False),
    "rows all": (document(PROJECT, "sources: {a: {uri: a.csv, sample: {rows: all}}}"), False),
    "bytes": (document(PROJECT, "sources: {a: {uri: a.csv, sample: {max_bytes: 2 GiB}}}"), True),
    "no bytes": (document(PROJECT, "sources: {a: {uri: a.csv, sample: {max_bytes: 2 GB/s}}}"), False),
    "part of a second": (document(PROJECT, "sources: {a: {uri: a.csv, sample: {max_seconds: 2.5}}}"), False),
    "criticality": (document(PROJECT, "sources: {a: {uri: a.csv, criticality: supporting}}"), True),
    "criticality odd": (document(PROJECT, "sources: {a: {uri: a.csv, criticality: vital}}"), False),
    "share": (document(PROJECT, SOURCES, "policy: {tolerance: {MIS001: 0.5%}}"), True),
    "share number": (document(PROJECT, SOURCES, "policy: {tolerance: {MIS001 x: 0.005}}"), True),
    "share whole": (document(PROJECT, SOURCES, "policy: {tolerance: {MIS001: 100%}}"), True),
    "share over": (document(PROJECT, SOURCES, "policy: {tolerance: {MIS001: 101%}}"), False),
    "share negative": (document(PROJECT, SOURCES, "policy: {tolerance: {MIS001: -1}}"), False),
    "share code": (document(PROJECT, SOURCES, "policy: {tolerance: {MIS999: 1%}}"), False),
    "confidence": (document(PROJECT, SOURCES, "policy: {confidence: 0.9}"), True),
    "confidence whole": (document(PROJECT, SOURCES, "policy: {confidence: 1}"), False),
    "exact": (document(PROJECT, "sources: {a: {uri: a.csv, exact: [row_count]}}"), True),
    "tables": (document(PROJECT, "sources: {a: {uri: a.csv, tables: [public.*], exclude: ['*_old']}}"), True),
    "later retention": (document(PROJECT, SOURCES, "retention: {runs: 400d}"), False),
    "date": (document("project: {name: a, owner: {confirmed_on: 2026-11-14}}", SOURCES), True),
    "date odd": (document("project: {name: a, owner: {confirmed_on: 14.11.2026}}", SOURCES), False),
    "email": (document("project: {name: a, owner: {email: nobody}}", SOURCES), False),
    "values": (document(PROJECT, SOURCES, "report: {values: shown}"), False),
}


class AsEditors(yaml.SafeLoader):
    """YAML 1.2 as editors read it: dates are texts."""


AsEditors.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith("timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def accepted(folder: Path, text: str) -> bool:
    file = folder / "walkaround.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        load(file, {})
    except SettingsError:
        return False
    return True


def test_the_schema_is_a_schema() -> None:
    """An editor can use it as it stands."""
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_schema_and_loader_agree(tmp_path: Path, name: str) -> None:
    """What the loader takes has no red line in the editor, and the other way round."""
    text, right = DOCUMENTS[name]
    parsed: Any = yaml.load(text, Loader=AsEditors)  # noqa: S506 - a safe loader that reads dates as text
    assert accepted(tmp_path, text) is right
    assert Draft202012Validator(schema()).is_valid(parsed) is right


def test_every_key_is_explained() -> None:
    """An editor has a sentence to show for each key that we chose."""

    def bare(node: dict[str, Any]) -> list[str]:
        properties = node.get("properties", {})
        missing = [name for name, child in properties.items() if not child.get("description")]
        nested = [*properties.values(), *node.get("anyOf", [])]
        if isinstance(node.get("additionalProperties"), dict):
            nested.append(node["additionalProperties"])
        return missing + [name for child in nested for name in bare(child)]

    assert bare(schema()) == []
