"""The bytes that a dead letter keeps: inside its row when they are few, else in a file beside the
warehouse."""

import base64
import gzip
import posixpath
import zlib

from apache_beam.io.filesystems import FileSystems

from schemas.identity import sha256_hex
from transforms.storage.files import write_once

MAX_INLINE_BYTES = 8 * 1024
MAX_PAYLOAD_BYTES = 64 * 1024 * 1024
_DATA_URI = "data:application/gzip;base64,"


class PayloadMissing(ValueError):
    """A kept payload that cannot be read any more; the message is one line."""


def keep_payload(folder: str, data: bytes) -> str:
    """Keep bytes and return where: a ``data:`` URI, or a file in the folder named by their SHA-256.

    Equal bytes are kept once. Keeping them again changes nothing.
    """
    packed = gzip.compress(data, 6, mtime=0)
    if len(packed) <= MAX_INLINE_BYTES:
        return _DATA_URI + base64.b64encode(packed).decode("ascii")
    path = posixpath.join(folder, f"{sha256_hex(data)}.gz")
    write_once(path, packed, "application/gzip")
    return path


def read_payload(uri: str) -> bytes:
    """Return kept bytes.

    Raises:
        PayloadMissing: they are gone or damaged.
    """
    try:
        if uri.startswith(_DATA_URI):
            packed = base64.b64decode(uri[len(_DATA_URI) :], validate=True)
        else:
            with FileSystems.open(uri, "application/gzip", "uncompressed") as file:
                packed = file.read()
        return zlib.decompressobj(wbits=31).decompress(packed, MAX_PAYLOAD_BYTES)
    except (OSError, ValueError, zlib.error) as error:
        raise PayloadMissing(f"the payload can't be read: {type(error).__name__}") from error
