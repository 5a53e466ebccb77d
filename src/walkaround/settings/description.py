"""Description: every key of walkaround.yaml, once. What validates and what editors are given are both made from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from walkaround.model.policy import MIN_GROUP
from walkaround.model.source import EXACT, Method
from walkaround.settings.containers import Field, ListOf, MapOf, Section
from walkaround.settings.kinds import (
    Bytes,
    Day,
    Flag,
    Fraction,
    JsonSchema,
    Kind,
    Matching,
    Text,
    Whole,
    Word,
    near,
    quoted,
)
from walkaround.settings.locations import FilePath, Location
from walkaround.settings.tree import Tree

SCHEMA_ID: Final = "walkaround.settings/1"
LATER: Final = ("criteria", "waivers", "effort", "cost", "alerts", "retention")
"""Sections of the format that this version does not act on; to accept and ignore one would be to lie."""

_FOLDER_NAME: Final = Matching(
    r"[A-Za-z0-9_](?:[A-Za-z0-9 ._-]{0,126}[A-Za-z0-9_-])?",
    "a name (letters, digits, space, dot, _ and -; a folder is named after it)",
)


@dataclass(frozen=True, slots=True)
class Version(Kind):
    """The version of the format, which is 1."""

    def read(self, tree: Tree) -> int:
        """The version."""
        if tree.text != "1":
            tree.fail(f"version {quoted(tree.text or '')} is not supported by this version of walkaround", "write 1")
        return 1

    def schema(self) -> JsonSchema:
        """The number, with quotes or without."""
        return {"enum": [1, "1"]}


@dataclass(frozen=True, slots=True)
class CodeKey(Kind):
    """A key of `tolerance` and `grave`: a code, or a code and a column ("MIS001 email")."""

    codes: Sequence[str]

    def read(self, tree: Tree) -> str:
        """The key as it is written."""
        text = tree.text or ""
        code = text.partition(" ")[0]
        if code not in self.codes:
            tree.fail(f"{quoted(code)} is no code of a check", near(code, tuple(self.codes)))
        return text

    def schema(self) -> JsonSchema:
        """A text that begins with a code."""
        return {"type": "string", "pattern": f"^(?:{'|'.join(self.codes)})(?: .+)?$"}


def describe(root: Path, environ: Mapping[str, str], codes: Sequence[str]) -> Section:
    """The whole file: `root` is its folder, `codes` those of the checks that there are."""
    return Section(
        {
            "version": Field(Version(), "the version of this format: 1", required=True),
            "project": Field(_PROJECT, "what the assessment is for", required=True),
            "sources": Field(
                MapOf(_FOLDER_NAME, _source(Location(root, environ)), least=1),
                "the production sources, by a name of your choice",
                required=True,
            ),
            "policy": Field(_policy(codes), "how large a change matters, and how often a run may be wrong"),
            "report": Field(_REPORT, "what reports may show"),
        },
        later=LATER,
    )


_OWNER: Final = Section(
    {
        "name": Field(Text(), "one person, not a team"),
        "email": Field(Matching(r"[^@\s]+@[^@\s]+", "an e-mail address"), "where that person is reached"),
        "deputy": Field(Text(), "who stands in"),
        "confirmed_on": Field(Day(), "when the person last confirmed to be the owner"),
    }
)

_PROJECT: Final = Section(
    {
        "name": Field(_FOLDER_NAME, "a short name; reports stand in a folder of that name", required=True),
        "use_case": Field(Text(), "what the pilot is to do in production"),
        "funding_request": Field(Text(), "the number of the funding request"),
        "classification": Field(Text(), "the classification that the report carries, such as internal"),
        "owner": Field(_OWNER, "the one person who answers for the data in operation"),
        "sponsor": Field(Text(), "who pays"),
    }
)

_COLUMN: Final = Section(
    {
        "personal": Field(Flag(), "whether values are personal; then none is ever shown"),
        "formats": Field(ListOf(Text()), 'the date formats (strftime) that the column has, such as ["%Y-%m-%d"]'),
        "missing": Field(ListOf(Text()), 'the words that mean nothing here, such as ["", "N/A"]'),
    },
    bare=True,
)

_ROWS: Final = "a number of rows, or full"


@dataclass(frozen=True, slots=True)
class Rows(Kind):
    """A number of rows, or `full`."""

    def read(self, tree: Tree) -> int | str:
        """The number, or "full"."""
        return "full" if tree.text == "full" else Whole(1).read(tree)

    def schema(self) -> JsonSchema:
        """An integer, or the word."""
        return {"anyOf": [Whole(1).schema(), {"enum": ["full"]}]}


_SAMPLE: Final = Section(
    {
        "rows": Field(Rows(), _ROWS),
        "method": Field(Word(get_args(Method)), "how rows are drawn; the best that the source offers by default"),
        "seed": Field(Whole(), "the seed of the draw; 7 where none is given"),
        "max_seconds": Field(Whole(1), "seconds after which reading stops; 300 by default"),
        "max_bytes": Field(Bytes(), "bytes after which reading stops, such as 500 MiB; 2 GiB by default"),
    }
)

_REPORT: Final = Section(
    {
        "values": Field(Word(("redacted",)), "reports hold no values: redacted"),
        "min_group": Field(Whole(1), f"a category in fewer rows than this is not shown; {MIN_GROUP} by default"),
    }
)


def _source(location: Location) -> Section:
    return Section(
        {
            "uri": Field(location, "a path, a pattern of paths, or a URI; secrets as ${NAME}", required=True),
            "table": Field(Text(), "the table, where the URI names a database"),
            "tables": Field(
                ListOf(Text()), "patterns of tables, such as [public.*]: each that matches is a source of its own"
            ),
            "exclude": Field(ListOf(Text()), "patterns of tables that `tables` leaves out"),
            "connections": Field(Whole(1), "how many of `tables` are read at a time; 2 by default"),
            "pilot": Field(
                location,
                "the clean data that the pilot was built on; with `tables`, {table} stands for the table's name",
            ),
            "criticality": Field(Word(("required", "supporting")), "required sources can stop the pilot"),
            "key": Field(ListOf(Text()), "the columns that identify a row"),
            "as_of": Field(Text(), "the column that says when a row was last changed"),
            "sample": Field(_SAMPLE, "how much is read"),
            "exact": Field(ListOf(Word(EXACT)), "what the server counts over the whole table, beside the sample"),
            "columns": Field(MapOf(Text(), _COLUMN), "what is known of single columns"),
            "suites": Field(
                ListOf(FilePath(location.root)),
                "files with suites of Great Expectations about rows, beside expectations/<source>/rows*.json",
            ),
        }
    )


def _policy(codes: Sequence[str]) -> Section:
    rises = MapOf(CodeKey(codes), Fraction())
    return Section(
        {
            "confidence": Field(Fraction(open_ends=True), "the confidence of intervals; 0.95 by default"),
            "false_alarms_per_run": Field(Fraction(open_ends=True), "how often a run may fail by chance; 0.05"),
            "tolerance": Field(rises, 'rises that do not matter, by code ("MIS001") or code and column'),
            "grave": Field(rises, "rises from which a finding blocks, by code or code and column"),
        }
    )
