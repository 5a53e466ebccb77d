"""Text of any of the encodings that people have, as UTF-8, in whole lines."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Final

from walkaround.connectors.border import legacy_text
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
MAX_LINE: Final = 256 << 20
"""Bytes without a line end after which a file is no table of records."""
_TWO_BYTES: Final = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|$)")


def utf8_lines(path: Path, source: str, seen: Counter[str]) -> Generator[bytes, None, bool]:
    """The text of a file as UTF-8, without a byte-order mark, cut after line ends; returns whether it was cut off.

    `seen` counts lines: "utf-8" and "cp1252" those with letters beyond ASCII, by how they were read, "NUL bytes" and
    "not UTF-16"; and names the encoding of the whole ("in utf-16-le").

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
    while True:
        if decoder is not None:
            data = decoder.decode(data, final=ended).encode("utf-8", "replace")
        rest += data
        stop = len(rest) if ended else max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, max(len(rest) - 1, 0))) + 1
        if stop:
            yield _as_utf8(rest[:stop], seen, legacy=decoder is None)
            rest = rest[stop:]
        elif len(rest) > MAX_LINE:
            words = f"{path.name}: no line end in {MAX_LINE >> 20} MiB, this is no table of records"
            raise SourceError(source, "not_what_it_says", words, "look at what the file holds")
        if ended:
            return cut
        try:
            data = next(raw)
        except StopIteration as over:
            data, ended, cut = b"", True, bool(over.value)


def _encoding(head: bytes, path: Path, source: str) -> tuple[str, int]:
    """The encoding of a file's first bytes, and the length of its mark."""
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return encoding, len(mark)
    probe = head[:PROBE]
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


def _as_utf8(data: bytes, seen: Counter[str], *, legacy: bool) -> bytes:
    """Whole lines as UTF-8: what is no UTF-8 is Windows-1252, line by line, and counted."""
    if b"\0" in data:
        seen["NUL bytes"] += sum(b"\0" in line for line in data.splitlines())
    if data.isascii():
        return data
    if not legacy:
        seen["not UTF-16"] += data.count("\ufffd".encode())
        return data
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        seen["utf-8"] += 1
        return data
    if not _TWO_BYTES.search(data):
        seen["cp1252"] += sum(not line.isascii() for line in data.splitlines())
        return legacy_text(data).encode()
    return b"".join(_line_as_utf8(line, seen) for line in _LINE.findall(data))


def _line_as_utf8(line: bytes, seen: Counter[str]) -> bytes:
    if line.isascii():
        return line
    try:
        line.decode()
    except UnicodeDecodeError:
        seen["cp1252"] += 1
        return legacy_text(line).encode()
    seen["utf-8"] += 1
    return line
