"""The body of a form: its size, its type, and where it was sent from."""

from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

MAX_BYTES = 65_536
_MOST_READ = 16 * MAX_BYTES
"""Of a form that is too large so much is read and thrown away. A sender whose bytes are not read may lose the
answer, because its connection is reset."""
_MAX_FIELDS = 300
_FORM = "application/x-www-form-urlencoded"


def check_origin(request: Request) -> None:
    """Check that a form was sent by a page of this server.

    Raises:
        HTTPException: a page of another site sent it, or nobody says which page did.
    """
    sender = request.headers.get("origin") or request.headers.get("referer", "")
    own = urlsplit(str(request.base_url))
    try:
        parts = urlsplit(sender)
        is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    except ValueError:
        is_own = False
    if not is_own or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403, "this form was not sent by a page of this server")


async def read_form(request: Request) -> dict[str, list[str]]:
    """Return what a form sends: for each name its values, in their order.

    Raises:
        HTTPException: it is no form, or too large.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415, f"a form is sent as {_FORM}")
    length = request.headers.get("content-length", "0")
    too_large = HTTPException(413, f"a form has at most {MAX_BYTES:,} bytes", {"Connection": "close"})
    if not length.isdecimal() or int(length) > _MOST_READ:
        raise too_large
    body, size = bytearray(), 0
    async for piece in request.stream():
        size += len(piece)
        if size <= MAX_BYTES:
            body += piece
        elif size > _MOST_READ:
            break
    if size > MAX_BYTES:
        raise too_large
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS
        )
    except ValueError:  # also of bytes that are no text
        raise HTTPException(400, "this form cannot be read") from None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
