"""The dialect of a delimited file: how its fields are separated, quoted and escaped, and where its rows begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DELIMITERS: Final = (b",", b";", b"\t", b"|", b"||", b"::", b"~", b"^", b":", b"\x01", b"\x1f")
"""What separates fields in the files that people have; where two fit alike, the earlier one is taken."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written.

    `delimiter` None: one column. `fields` is the number of fields of a record, with the empty one after a `trailing`
    delimiter counted. `start` is the byte of the UTF-8 text at which rows begin; before it stand `preamble` records,
    `blank` ones and the `header` (0 or 1).
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

    @property
    def words(self) -> str:
        """For people: the delimiter and the quote."""
        named = {b"\t": "tab", b"\x01": "0x01", b"\x1f": "0x1f", None: "none"}
        delimiter = named.get(self.delimiter) or (self.delimiter or b"").decode()
        return f"delimiter {delimiter}, quote {(self.quote or b'none').decode()}"
