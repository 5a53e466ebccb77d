"""The dialect of a delimited file: how its fields are separated, quoted and escaped, and where its rows begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from walkaround.connectors.delimited.records import Grammar

DELIMITERS: Final = (b",", b";", b"\t", b"|", b"||", b"::", b"~", b"^", b":", b"\x01", b"\x1f")
"""What separates fields in the files that people have; where two fit alike, the earlier one is taken."""

_NAMED: Final = {
    b",": "comma", b";": "semicolon", b"\t": "tab", b"|": "pipe", b":": "colon", b"~": "tilde", b"^": "caret",
    b"||": "double pipe", b"::": "double colon", b"\x01": "0x01", b"\x1f": "0x1f", b'"': "double", b"'": "single",
}  # fmt: skip
"""In words, as a sign that stands in a sentence is read as punctuation."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written.

    `delimiter` None: one column. `fields` is the number of fields of a record, with the empty one after a `trailing`
    delimiter counted. `padded`: spaces may stand around quoted fields. `nulls`: empty fields with quotes and without
    are kept apart, and one without is null. `start` is the byte of the UTF-8 text at which rows begin; before it stand
    `preamble` records, `blank` ones and the `header` (0 or 1).
    """

    delimiter: bytes | None = b","
    quote: bytes | None = b'"'
    escape: bytes | None = None
    fields: int = 1
    names: tuple[str, ...] = ()
    start: int = 0
    preamble: int = 0
    blank: int = 0
    header: int = 0
    trailing: bool = False
    padded: bool = False
    nulls: bool = False

    @property
    def grammar(self) -> Grammar:
        """The rules that its records are read by."""
        return Grammar(self.delimiter, self.quote, self.escape, self.padded)

    @property
    def words(self) -> str:
        """For people: the delimiter, the quote, the escape."""
        said = ["one column" if self.delimiter is None else f"delimiter {_NAMED[self.delimiter]}"]
        said.append("no quotes" if self.quote is None else f"{_NAMED[self.quote]} quotes")
        if self.escape is not None:
            said.append("escape backslash")
        return ", ".join(said)
