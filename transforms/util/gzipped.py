"""Documents that are compressed without saying so, such as a feed at ``news.xml.gz``."""

import gzip
import io
import zlib

_GZIP_START = b"\x1f\x8b\x08"
# Some servers compress what a cache had compressed already.
_MAX_LAYERS = 3


class GzipDamaged(ValueError):
    """A body that begins like gzip and cannot be unpacked."""


def unpack_gzip(body: bytes, max_bytes: int) -> bytes:
    """Return a body without its layers of gzip; one without gzip unchanged.

    Args:
        body: the body.
        max_bytes: no more than one byte beyond this is unpacked. A longer result shows that the body is too
            large.

    Raises:
        GzipDamaged: it cannot be unpacked.
    """
    for _ in range(_MAX_LAYERS):
        if not body.startswith(_GZIP_START):
            break
        try:
            body = gzip.GzipFile(fileobj=io.BytesIO(body)).read(max_bytes + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise GzipDamaged("damaged gzip") from error
    return body
