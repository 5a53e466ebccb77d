"""Files packed, and cut off within the archive: what is readable of it, by the libraries that unpack."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib

import zstandard


def pack(content: bytes, kind: str) -> bytes:
    """`content` in an archive; as it is for ""."""
    if kind == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("export/a.csv", content)
        return out.getvalue()
    if kind == "zst":
        return zstandard.ZstdCompressor().compress(content)
    packers = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
    return packers[kind](content) if kind else content


def cut(packed: bytes, kind: str, share: float) -> tuple[bytes, int]:
    """The first part of an archive, and how many bytes of its content a plain inflation still gives."""
    kept = packed[: max(int(len(packed) * share), 64)]
    skip = 0
    if kind == "zip":
        skip = 30 + int.from_bytes(kept[26:28], "little") + int.from_bytes(kept[28:30], "little")
    stream = zlib.decompressobj(wbits=31 if kind == "gz" else -15)
    return kept, len(stream.decompress(kept[skip:]))
