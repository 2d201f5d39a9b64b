"""What a dead letter keeps of the bytes that could not be read: inside its row when small, else beside
the warehouse."""

import base64
import gzip
import posixpath
import zlib

from apache_beam.io.filesystems import FileSystems

from schemas.identity import sha256_hex
from transforms.storage.files import write_once

_INLINE_BYTES = 8 * 1024
_DATA = "data:application/gzip;base64,"
_MAX_BYTES = 64 * 1024 * 1024


class PayloadMissing(ValueError):
    """A kept payload that can't be read any more; the message is one line."""


def keep_payload(folder: str, data: bytes) -> str:
    """Keep bytes and return where: a ``data:`` URI, or a file in the folder named by their SHA-256.

    The same bytes are kept once, and keeping them again changes nothing.
    """
    packed = gzip.compress(data, 6, mtime=0)
    if len(packed) <= _INLINE_BYTES:
        return _DATA + base64.b64encode(packed).decode("ascii")
    final = posixpath.join(folder, f"{sha256_hex(data)}.gz")
    write_once(final, packed, "application/gzip")
    return final


def read_payload(uri: str) -> bytes:
    """Return kept bytes.

    Raises:
        PayloadMissing: they are gone or damaged.
    """
    try:
        if uri.startswith(_DATA):
            packed = base64.b64decode(uri[len(_DATA) :], validate=True)
        else:
            with FileSystems.open(uri, "application/gzip", "uncompressed") as file:
                packed = file.read()
        return zlib.decompressobj(wbits=31).decompress(packed, _MAX_BYTES)
    except (OSError, ValueError, zlib.error) as error:
        raise PayloadMissing(f"the payload can't be read: {type(error).__name__}") from error
