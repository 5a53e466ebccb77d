"""Text of any of the encodings that people have, as UTF-8, in whole lines."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from walkaround.connectors.border import legacy_text
from walkaround.connectors.legacy import DEFAULT, encoding_of
from walkaround.connectors.unpack import foreign, unpacked
from walkaround.errors import SourceError

PROBE: Final = 64 << 10
"""Bytes looked at to tell UTF-16 and binary from text."""
_BINARY: Final = 0.05
"""Share of control bytes above which a file is no text; random bytes have 0.1, text with stray NULs far less."""
_CONTROL: Final = bytes([0, *range(2, 9), *range(14, 27), 127])
"""Control bytes that text has no use for; 0x01 and 0x1c to 0x1f separate fields in some exports."""
_FEW: Final = 8
"""Control bytes that any text may have."""
_ZEROS: Final = 0.3
"""Share of zero bytes on one side of byte pairs (and a tenth of it on the other) that tells UTF-16 without a mark."""
_PLANES: Final = 0.9
"""Share of letters of UTF-32 that are no emoji and no rare ideographs."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
"""Byte-order marks; that of UTF-32 begins with that of UTF-16."""
MAX_LINE: Final = 256 << 20
"""Bytes without a line end after which a file is no table of records."""
_TWO_BYTES: Final = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|$)")


@dataclass(frozen=True, slots=True)
class _Old:
    """How text that is no UTF-8 is read; `whole`: lines that could be UTF-8 by chance are read so as well."""

    codec: str
    whole: bool


def utf8_lines(path: Path, source: str, seen: Counter[str]) -> Generator[bytes, None, bool]:
    """The text of a file as UTF-8, without a byte-order mark, cut after line ends; returns whether it was cut off.

    `seen` counts lines: those with letters beyond ASCII by how they were read ("utf-8", "cp1252", "cp1250" ...), "NUL
    bytes" and what is "not UTF-16" or another encoding; and names the encodings ("in utf-8", "in cp1250").

    Raises:
        SourceError: the file is no text.
        OSError: the file cannot be read.
    """
    raw = unpacked(path, source)
    head, cut, ended = b"", False, False
    while len(head) < PROBE:
        try:
            head += next(raw)
        except StopIteration as end:
            cut, ended = bool(end.value), True
            break
    encoding, mark = _encoding(head, path, source)
    seen[f"in {encoding}"] += 1
    decoder = None if encoding.startswith("utf-8") else codecs.getincrementaldecoder(encoding)("replace")
    rest, data = b"", head[mark:]
    old: _Old | None = None
    while True:
        if decoder is not None:
            data = decoder.decode(data, final=ended).encode("utf-8", "replace")
        rest += data
        stop = len(rest) if ended else max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, max(len(rest) - 1, 0))) + 1
        if stop:
            block, rest = rest[:stop], rest[stop:]
            if decoder is None and old is None and not _is_utf8(block):
                old = _old_encoding(block)
                seen[f"in {old.codec}"] += 1
            yield _noted(block, seen, encoding, old)
        elif len(rest) > MAX_LINE:
            words = f"{path.name}: no line end in {MAX_LINE >> 20} MiB, this is no table of records"
            raise SourceError(source, "not_what_it_says", words, "look at what the file holds")
        if ended:
            return cut
        try:
            data = next(raw)
        except StopIteration as over:
            data, ended, cut = b"", True, bool(over.value)


def old_encoding(seen: Counter[str]) -> str:
    """The encoding that lines had which are no UTF-8, of what `utf8_lines` saw; "" where there were none."""
    named = [key.removeprefix("in ") for key in seen if key.startswith("in ")]
    return next((name for name in named if not name.startswith("utf-")), "")


def _encoding(head: bytes, path: Path, source: str) -> tuple[str, int]:
    """The encoding of a file's first bytes, and the length of its mark."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    probe = head[:PROBE]
    wide = _utf32(probe)
    if wide:
        return wide, 0
    pairs = max(len(probe) // 2, 1)
    even, odd = probe[0::2].count(0) / pairs, probe[1::2].count(0) / pairs
    if odd > _ZEROS and even < odd / 10:
        return "utf-16-le", 0
    if even > _ZEROS and odd < even / 10:
        return "utf-16-be", 0
    kind = foreign(probe)
    if kind or len(probe) - len(probe.translate(None, _CONTROL)) > max(_BINARY * len(probe), _FEW):
        words = f"{path.name}: is {kind or 'binary'}, not text"
        raise SourceError(source, "not_what_it_says", words, "look at what the file holds, and name it so")
    return "utf-8", 0


def _utf32(probe: bytes) -> str:
    """UTF-32 without a mark: its uppermost byte is always zero, the next nearly always; "" for anything else."""
    fours = len(probe) // 4
    if not fours:
        return ""
    zeros = [probe[place : fours * 4 : 4].count(0) for place in range(4)]
    if zeros[3] == fours and zeros[2] > _PLANES * fours and zeros[0] < fours:
        return "utf-32-le"
    return "utf-32-be" if zeros[0] == fours and zeros[1] > _PLANES * fours and zeros[3] < fours else ""


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _old_encoding(block: bytes) -> _Old:
    """How to read lines that are no UTF-8, from the first that are met."""
    beyond = [line for line in block.splitlines() if not line.isascii()]
    broken = [line for line in beyond if not _is_utf8(line)]
    codec = encoding_of(b"\n".join(broken)[:PROBE])
    return _Old(codec, whole=codec != DEFAULT and len(broken) * 3 > len(beyond) * 2)


def _noted(block: bytes, seen: Counter[str], encoding: str, old: _Old | None) -> bytes:
    """Whole lines as UTF-8, and what they held noted."""
    if b"\0" in block:
        seen["NUL bytes"] += sum(b"\0" in line for line in block.splitlines())
    if block.isascii():
        return block
    if not encoding.startswith("utf-8"):
        seen[f"not {encoding[:6].upper()}"] += block.count("\ufffd".encode())
        return block
    if old is None or (not old.whole and _is_utf8(block)):
        seen["utf-8"] += 1
        return block
    if old.whole or not _TWO_BYTES.search(block):
        try:
            text = legacy_text(block) if old.codec == DEFAULT else block.decode(old.codec)
        except UnicodeDecodeError:
            pass
        else:
            seen[old.codec] += sum(not line.isascii() for line in block.splitlines())
            return text.encode()
    return b"".join(_line_as_utf8(line, seen, old) for line in _LINE.findall(block))


def _line_as_utf8(line: bytes, seen: Counter[str], old: _Old) -> bytes:
    if line.isascii():
        return line
    if not old.whole and _is_utf8(line):
        seen["utf-8"] += 1
        return line
    seen[old.codec] += 1
    if old.codec == DEFAULT:
        return legacy_text(line).encode()
    text = line.decode(old.codec, "replace")
    seen[f"not {old.codec}"] += "\ufffd" in text
    return text.encode()
