"""One record at a time, exactly: the rules that every faster way must agree with.

A quote counts where a field begins; in a padded file spaces may stand around a quoted field, and are not of it. A
quoted field ends at a quote that a delimiter or a line end follows; a doubled (or escaped) quote stands for itself. A
quote inside an unquoted field is a letter like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

MAX_LINES: Final = 50
"""Physical lines that a quoted field may span; an opener without an end in them is taken as a stray quote."""
LINE_END: Final = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True)
class Record:
    """Fields and the byte just past the line end; `trouble` says why there are none. `bare`: fields without quotes."""

    fields: tuple[bytes, ...]
    end: int
    trouble: Literal["", "unclosed quote", "stray quote"] = ""
    bare: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Grammar:
    """The rules for one delimiter, quote and escape."""

    delimiter: bytes | None
    quote: bytes | None
    escape: bytes | None
    padded: bool = False

    def record(self, text: bytes, start: int = 0) -> Record:
        """The record of `text` at `start`; `end` is just past its first line where there is trouble."""
        fields: list[bytes] = []
        bare: list[bool] = []
        at = start
        while True:
            opener = self._opener(text, at)
            if opener is not None:
                match = self._quoted.match(text, opener)
                if match is None:
                    return Record((), _line_end(text, start), "unclosed quote")
                field, at = self._undone(match.group(1)), self._past_spaces(text, match.end())
                if not self._ends_field(text, at):
                    spans = LINE_END.search(text, start, at) is not None
                    return Record((), _line_end(text, start), "unclosed quote" if spans else "stray quote")
            else:
                match = self._unquoted.match(text, at)
                field, at = (match.group(), match.end()) if match else (b"", at)
                field = self._unescaped(field)
            fields.append(field)
            bare.append(opener is None)
            if self.delimiter is not None and text.startswith(self.delimiter, at):
                at += len(self.delimiter)
                continue
            end = LINE_END.match(text, at)
            return Record(tuple(fields), end.end() if end else len(text), bare=tuple(bare))

    def _opener(self, text: bytes, at: int) -> int | None:
        """Where the quote stands that opens the field at `at`; None where none does."""
        if self.quote is None:
            return None
        place = self._past_spaces(text, at)
        return place if text.startswith(self.quote, place) else None

    def _past_spaces(self, text: bytes, at: int) -> int:
        if not self.padded:
            return at
        while text[at : at + 1] == b" ":
            at += 1
        return at

    def _ends_field(self, text: bytes, at: int) -> bool:
        if at >= len(text) or text[at : at + 1] in (b"\r", b"\n"):
            return True
        return self.delimiter is not None and text.startswith(self.delimiter, at)

    def _undone(self, field: bytes) -> bytes:
        quote = self.quote or b""
        if self.escape is None:
            return field.replace(quote + quote, quote)
        return self._special.sub(lambda match: match.group(1) or quote, field)

    def _unescaped(self, field: bytes) -> bytes:
        if self.escape is None or self.escape not in field:
            return field
        return self._special.sub(lambda match: match.group(1) or match.group(), field)

    @cached_property
    def _quoted(self) -> re.Pattern[bytes]:
        quote = re.escape(self.quote or b"")
        if self.escape is None:
            return re.compile(quote + b"([^" + quote + b"]*+(?:" + quote * 2 + b"[^" + quote + b"]*+)*+)" + quote)
        escape = re.escape(self.escape)
        plain = b"[^" + quote + escape + b"]*+"
        return re.compile(
            quote + b"(" + plain + b"(?:(?:" + escape + b".|" + quote * 2 + b")" + plain + b")*+)" + quote, re.DOTALL
        )

    @cached_property
    def _unquoted(self) -> re.Pattern[bytes]:
        stop = b"" if self.delimiter is None else b"(?!" + re.escape(self.delimiter) + b")"
        if self.escape is not None:
            escape = re.escape(self.escape)
            return re.compile(b"(?:" + escape + b"(?:\r\n|.|\\Z)|" + stop + b"[^\r\n" + escape + b"])*+", re.DOTALL)
        if self.delimiter is None or len(self.delimiter) == 1:
            return re.compile(b"[^\r\n" + re.escape(self.delimiter or b"") + b"]*+")
        return re.compile(b"(?:" + stop + b"[^\r\n])*+")

    @cached_property
    def _special(self) -> re.Pattern[bytes]:
        r"""An escape before a character that needs one (kept otherwise: `C:\temp`), or a doubled quote."""
        escape, quote = re.escape(self.escape or b""), re.escape(self.quote or b"\0")
        after = [b"\r\n", b"\n", b"\r", escape, quote, *([re.escape(self.delimiter)] if self.delimiter else [])]
        return re.compile(escape + b"(" + b"|".join(after) + b")|" + quote * 2)


def _line_end(text: bytes, start: int) -> int:
    end = LINE_END.search(text, start)
    return end.end() if end else len(text)
