"""Content codings of bodies: what the bytes are counts more than what the header says.

Servers and caches label bodies wrongly: gzip that was unpacked on the way, raw deflate where the standard
means zlib, another coding than was asked for. A body is read where its bytes leave no doubt.
"""

import codecs
import re
import zlib

import zstandard
from aiohttp.compression_utils import HAS_BROTLI, BrotliDecompressor

from transforms.util.errors import FetchFailed

_GZIP_START = b"\x1f\x8b"
_ZSTD_START = b"\x28\xb5\x2f\xfd"
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15  # window bits of zlib
_KNOWN = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
_MAX_CODINGS = 3
_MAX_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024  # RFC 9659: no more in a content coding
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_PLAIN_SAMPLE_BYTES = 1_000


class _Undecodable(Exception):
    """Bytes that are not in a coding."""


def decode_body(body: bytes, content_encoding: str, max_bytes: int) -> bytes:
    """Return a body without the codings that its header names.

    A body that is none of them but readable text is returned as it is. An unknown coding is ignored, as
    browsers do. zstd that no header names is unpacked too: no text begins with its first four bytes.

    Args:
        body: the body as it was sent.
        content_encoding: the header Content-Encoding.
        max_bytes: no more than one byte beyond this is decoded, so that a bomb costs no memory.

    Raises:
        FetchFailed: ``bad_body``, where the body cannot be decoded.
    """
    codings = [name for part in content_encoding.split(",") if (name := part.strip().lower()) in _KNOWN]
    if len(codings) > _MAX_CODINGS:
        raise FetchFailed("bad_body", f"more than {_MAX_CODINGS} content codings")
    for coding in reversed(codings):
        try:
            body = _decode(body, coding, max_bytes + 1)
        except _Undecodable:
            if not _is_plain(body):
                raise FetchFailed("bad_body", f"the body can't be decoded as {coding}") from None
    if body.startswith(_ZSTD_START):
        try:
            return _unpack_zstd(body, max_bytes + 1)
        except _Undecodable:
            raise FetchFailed("bad_body", "the body begins like zstd and can't be decoded") from None
    return body


def _is_plain(body: bytes) -> bool:
    """Return whether a body is text: a document, or the ASCII of a robots.txt."""
    sample = body[:_PLAIN_SAMPLE_BYTES].removeprefix(codecs.BOM_UTF8).lstrip()
    return not _CONTROL.search(sample) and (sample[:1] in (b"<", b"{", b"[") or sample.isascii())


def _decode(body: bytes, coding: str, limit: int) -> bytes:
    """Return the body, decoded as its first bytes say, else as the header says."""
    if not body:
        return body
    if body.startswith(_GZIP_START):
        return _inflate(body, _GZIP, limit)
    if coding == "zstd" or body.startswith(_ZSTD_START):
        return _unpack_zstd(body, limit)
    if coding == "br":
        return _unpack_brotli(body, limit)
    try:
        return _inflate(body, _ZLIB, limit, must_end=True)
    except _Undecodable:
        if coding != "deflate":
            raise
        return _inflate(body, _RAW_DEFLATE, limit, must_end=True)


def _inflate(body: bytes, window_bits: int, limit: int, *, must_end: bool = False) -> bytes:
    """Return the content of gzip, zlib or raw deflate. gzip may have several members.

    Args:
        body: the compressed bytes.
        window_bits: which of the three.
        limit: greatest number of bytes to return.
        must_end: what has no end is not in this coding. Raw deflate has no header to tell it from other
            bytes.
    """
    parts, size = list[bytes](), 0
    while body and size < limit:
        decompressor = zlib.decompressobj(window_bits)
        try:
            part = decompressor.decompress(body, limit - size)
        except zlib.error:
            if not parts:
                raise _Undecodable from None
            break  # bytes after the last member
        if must_end and not decompressor.eof and size + len(part) < limit:
            raise _Undecodable
        parts.append(part)
        size += len(part)
        body = decompressor.unused_data if window_bits == _GZIP else b""
    return b"".join(parts)


def _unpack_zstd(body: bytes, limit: int) -> bytes:
    """Return the content of zstd. It may have several frames. If the bytes after the first one are none, they
    are ignored."""
    decompressor = zstandard.ZstdDecompressor(max_window_size=_MAX_ZSTD_WINDOW_BYTES)
    for is_whole in (True, False):
        try:
            content = decompressor.stream_reader(body, read_across_frames=is_whole).read(limit)
        except zstandard.ZstdError:
            continue
        if content:
            return content
    raise _Undecodable


def _unpack_brotli(body: bytes, limit: int) -> bytes:
    if not HAS_BROTLI:
        raise _Undecodable
    decompressor = BrotliDecompressor()
    parts, size, data = list[bytes](), 0, body
    while size < limit:
        try:
            part = decompressor.decompress_sync(data, limit - size)
        except Exception as error:  # brotli and brotlicffi have different ones
            raise _Undecodable from error
        if not part:
            break
        parts.append(part)
        size += len(part)
        data = b""
    if not parts:
        raise _Undecodable
    return b"".join(parts)[:limit]  # Brotli keeps the limit only to a block
