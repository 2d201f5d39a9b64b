"""The bytes that a dead letter keeps: inside its row when they are few, else in a file beside the
warehouse."""

import base64
import gzip
import hashlib
import posixpath
import zlib

from apache_beam.io.filesystems import FileSystems

from schemas.identity import sha256_hex
from transforms.storage.files import write_once
from transforms.storage.payload_files import payload_files
from transforms.util.counters import count

MAX_INLINE_BYTES = 8 * 1024
MAX_PAYLOAD_BYTES = 64 * 1024 * 1024
_DATA_URI = "data:application/gzip;base64,"


class PayloadMissing(ValueError):
    """A kept payload that cannot be read any more; the message is one line."""


class PayloadKeeper:
    """Keeps payloads in a folder until its files are as large as the quota allows.

    It measures the folder once, before its first file. So several workers together may exceed the quota by
    what they write in one run.

    Args:
        folder: where payloads that are too large for a row are kept.
        quota_bytes: most bytes of all files of payloads in the folder.
    """

    def __init__(self, folder: str, quota_bytes: int) -> None:
        self._folder = folder
        self._quota_bytes = quota_bytes
        self._used_bytes: int | None = None

    def keep(self, data: bytes) -> str | None:
        """Keep bytes and return where: a ``data:`` URI, or a file in the folder named by their SHA-256.

        Equal bytes are kept once. Keeping them again changes nothing. None means that the folder is full:
        the dead letter is then without its payload, and a replay fetches the document again.
        """
        packed = gzip.compress(data, 6, mtime=0)
        if len(packed) <= MAX_INLINE_BYTES:
            return _DATA_URI + base64.b64encode(packed).decode("ascii")
        path = posixpath.join(self._folder, f"{sha256_hex(data)}.gz")
        if FileSystems.exists(path):
            return path
        if self._used_bytes is None:
            self._used_bytes = sum(file.size_bytes for file in payload_files(self._folder))
        if self._used_bytes + len(packed) > self._quota_bytes:
            count(PayloadKeeper, "over_quota")
            return None
        write_once(path, packed, "application/gzip")
        self._used_bytes += len(packed)
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


def is_payload(path: str, sha256: str) -> bool:
    """Return whether a file holds the bytes that its name promises, so that no one else can have made it."""
    try:
        return hashlib.sha256(read_payload(path)).hexdigest() == sha256
    except PayloadMissing:
        return False
