"""Grammar: how an engine says what every engine can say: a name, a value as text, the hash of a key, a share of rows.

Types that the client library hands over exactly are read as they are; decimals, whole numbers, dates and times as the
server's text, made what the server declares where all of it is; everything else is the server's text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from walkaround.connectors.sql.projection import LARGEST_PRECISION, Projection
from walkaround.connectors.sql.shape import ServerColumn

_WRAPPED: Final = re.compile(r"^(?:nullable|lowcardinality)\((.*)\)$")
_PARAMETERS: Final = re.compile(r"\(([^()]*)\)")


def bare_type(word: str) -> str:
    """A type without its parameters and wrappings, in lower case.

    >>> bare_type("Nullable(Decimal(12, 2))"), bare_type("timestamp(3) with time zone")
    ('decimal', 'timestamp with time zone')
    """
    word = word.strip().lower()
    while wrapped := _WRAPPED.match(word):
        word = wrapped.group(1)
    return " ".join(_PARAMETERS.sub("", word).split("(")[0].split("<")[0].split())


def parameters_of(word: str) -> tuple[int, ...]:
    """The numbers that a type is declared with.

    >>> parameters_of("NUMBER(12,2)"), parameters_of("Nullable(Decimal(9, 4))"), parameters_of("TEXT")
    ((12, 2), (9, 4), ())
    """
    found = _PARAMETERS.search(word)
    parts = found.group(1).split(",") if found else []
    return tuple(int(part) for part in parts) if parts and all(part.strip().isdigit() for part in parts) else ()


@dataclass(frozen=True, slots=True)
class Grammar:
    """Words of one engine. In templates `{}` stands for an expression.

    `native`: types that its client hands over exactly. `typed`: types that are read as text and made an Arrow type.
    `decimals`: types whose parameters are precision and scale. `text` makes text of any value, `texts` of one type,
    which may be `{}` itself where values are text; what has a type of `mute` has no text at all. `escapes`: whether a
    backslash escapes in texts, or in quoted names as well. `md5`: of a text, the first eight hexadecimal digits of its
    MD5 as a number; empty where the engine has none. `bernoulli` and `blocks` follow a table's name and have
    `{percent}` and, where the engine takes one, `{seed}`. `unit` names the block that a row lies in. `hashes_rows`: all
    values of a row may be joined to one text, however long.
    """

    native: frozenset[str]
    typed: Mapping[str, str]
    text: str
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    decimals: frozenset[str] = frozenset({"decimal", "numeric", "number"})
    quotes: str = '""'
    escapes: Literal["none", "texts", "all"] = "none"
    md5: str = ""
    mute: frozenset[str] = frozenset()
    join: str = " || "
    character: str = "CHR({})"
    hashes_rows: bool = True
    first: str = "LIMIT {rows}"
    bernoulli: str = ""
    blocks: str = ""
    unit: str = ""

    def quoted(self, name: str) -> str:
        """A name as SQL.

        >>> STANDARD.quoted('a"b')
        '"a""b"'
        """
        left, right = self.quotes[0], self.quotes[1]
        if self.escapes == "all":
            return left + name.replace("\\", "\\\\").replace(right, "\\" + right) + right
        return left + name.replace(right, right * 2) + right

    def literal(self, text: str) -> str:
        """A text as SQL."""
        if self.escapes != "none":
            text = text.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{text}'"
        return "'{}'".format(text.replace("'", "''"))

    def as_text(self, column: ServerColumn) -> str:
        """A column as text that says its value, the same in every run."""
        template = self.texts.get(bare_type(column.type), self.text)
        return template.replace("{}", self.quoted(column.name))

    def projection(self, column: ServerColumn) -> Projection:
        """How a column is asked for."""
        word = bare_type(column.type)
        if word in self.native:
            return Projection(column, (self.quoted(column.name),), "native")
        asked = (self.as_text(column),)
        if word in self.decimals:
            numbers = (*parameters_of(column.type), 0)
            if len(numbers) > 1 and 0 < numbers[0] <= LARGEST_PRECISION and 0 <= numbers[1] <= numbers[0]:
                return Projection(column, asked, "decimal", numbers[0], numbers[1])
            return Projection(column, asked)
        if word in self.typed:
            return Projection(column, asked, "number", arrow=self.typed[word])
        return Projection(column, asked)

    def key_hash(self, columns: list[ServerColumn], seed: int) -> str:
        """The number that `drawing.key_hash` makes of a key, as SQL."""
        parts: list[str] = []
        for column in columns:
            parts += [self.character.replace("{}", "31")] if parts else []
            parts.append(self.as_text(column))
        return self.md5.replace("{}", self.join.join([*parts, self.literal(f"|{seed}")]))

    def row_hash(self, columns: tuple[ServerColumn, ...], seed: int) -> str:
        """A number made of all values of a row, as SQL: rows alike have the same. The seed comes first, as some engines
        hash no more than the first 8,000 letters.
        """
        between, missing = self.character.replace("{}", "31"), self.character.replace("{}", "30")
        said = self.join.join(f"COALESCE({self.as_text(column)}, {missing}){self.join}{between}" for column in columns)
        return self.md5.replace("{}", f"{self.literal(f'{seed}|')}{self.join}{said}")


STANDARD: Final = Grammar(
    native=frozenset({"char", "varchar", "character", "character varying", "text", "nchar", "nvarchar", "string"}),
    typed=MappingProxyType({"smallint": "int64", "integer": "int64", "int": "int64", "bigint": "int64"}),
    text="CAST({} AS VARCHAR(4000))",
)
"""Of the SQL standard, for engines that have no grammar of their own here. A type without a length is cut to 30 letters
by some of them, so it has one, which no number, date or time is longer than."""
