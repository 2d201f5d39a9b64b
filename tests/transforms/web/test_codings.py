"""Bodies whose Content-Encoding is right, wrong or missing."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard

from transforms.util.errors import FetchFailed
from transforms.util.gzipped import GzipDamaged, unpack_gzip
from transforms.web.codings import decode_body

PAGE = "<html><body><p>Два удари по місту.</p></body></html>".encode() * 20
MB = 1_000_000


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


def streamed_zstd(data: bytes) -> bytes:
    """Return zstd that does not say how long its content is, as servers send it."""
    compressor = zstandard.ZstdCompressor().compressobj()
    return compressor.compress(data) + compressor.flush()


def wide_zstd() -> bytes:
    """Return zstd that needs 128 MiB of memory to decode."""
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return compressor.compress(PAGE) + compressor.flush()


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("", PAGE),
        ("identity", PAGE),
        ("utf-8", PAGE),
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE)),
        ("GZIP", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstandard.compress(PAGE)),
        ("ZSTD", zstandard.compress(PAGE[:500]) + zstandard.compress(PAGE[500:])),
        ("zstd", streamed_zstd(PAGE)),
        ("zstd", zstandard.compress(PAGE) + b"\x00\x00 padding"),
        ("zstd, gzip", gzip.compress(zstandard.compress(PAGE))),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        ("deflate, gzip", gzip.compress(zlib.compress(PAGE))),
        ("gzip", gzip.compress(PAGE[:500]) + gzip.compress(PAGE[500:])),
        ("gzip", gzip.compress(PAGE) + b"\x00\x00 padding"),
        # a wrong header
        ("gzip", PAGE),
        ("deflate", PAGE),
        ("br", PAGE),
        ("zstd", PAGE),
        ("gzip", b"\xef\xbb\xbf" + PAGE),
        ("gzip, gzip", gzip.compress(PAGE)),
        ("gzip", zlib.compress(PAGE)),
        ("deflate", gzip.compress(PAGE)),
        ("br", gzip.compress(PAGE)),
        ("zstd", gzip.compress(PAGE)),
        ("gzip", zstandard.compress(PAGE)),
        ("br", zstandard.compress(PAGE)),
        ("", zstandard.compress(PAGE)),
        ("gzip", gzip.compress(zstandard.compress(PAGE))),
    ],
)
def test_a_body_is_read_as_its_bytes_are(header: str, body: bytes) -> None:
    assert decode_body(body, header, MB).removeprefix(b"\xef\xbb\xbf") == PAGE


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("gzip", b"\x1f\x8b\x08broken"),
        ("gzip", b"\x00\x01\x02\x03" * 10),
        ("deflate", b"\x00\x01\x02\x03" * 10),
        ("br", b"\x00\x01\x02\x03" * 10),
        ("zstd", b"\x28\xb5\x2f\xfd" + b"\x00" * 20),
        ("", b"\x28\xb5\x2f\xfd" + b"\x00" * 20),
        ("zstd", b"\x00\x01\x02\x03" * 10),
        ("zstd", brotli.compress(PAGE)),
        ("zstd", wide_zstd()),
        ("gzip", brotli.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)[:-20]),
        ("gzip, gzip, gzip, gzip", PAGE),
    ],
)
def test_a_body_that_is_neither_coded_nor_text_is_refused(header: str, body: bytes) -> None:
    with pytest.raises(FetchFailed) as caught:
        decode_body(body, header, MB)
    assert caught.value.reason == "bad_body"


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("gzip", gzip.compress(b"0" * MB)),
        ("deflate", zlib.compress(b"0" * MB)),
        ("deflate", raw_deflate(b"0" * MB)),
        ("br", brotli.compress(b"0" * MB)),
        ("zstd", zstandard.compress(b"0" * MB)),
        ("", zstandard.compress(b"0" * MB)),
        ("zstd", zstandard.compress(b"0" * 10) * 1_000),
        ("zstd, zstd", zstandard.compress(zstandard.compress(b"0" * MB))),
        ("gzip, gzip", gzip.compress(gzip.compress(b"0" * MB))),
        ("gzip", gzip.compress(b"0" * 10) * 1_000),
    ],
)
def test_no_more_is_decoded_than_the_limit(header: str, body: bytes) -> None:
    assert len(decode_body(body, header, 5_000)) == 5_001


@pytest.mark.parametrize("layers", [0, 1, 2, 3])
def test_gzip_that_no_header_names_is_unpacked(layers: int) -> None:
    body = PAGE
    for _ in range(layers):
        body = gzip.compress(body)
    assert unpack_gzip(body, MB) == PAGE


def test_unpacking_ends_at_the_limit_and_refuses_damage() -> None:
    assert len(unpack_gzip(gzip.compress(b"0" * MB), 5_000)) == 5_001
    with pytest.raises(GzipDamaged):
        unpack_gzip(gzip.compress(PAGE)[:-9], MB)


def test_the_message_names_the_coding() -> None:
    with pytest.raises(FetchFailed, match="zstd"):
        decode_body(b"\x00\x01\x02", "zstd", MB)
