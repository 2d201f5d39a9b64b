"""Addresses of the web that a page may link to."""

from urllib.parse import urlsplit

_MAX_LETTERS = 2_000


def web_address(address: object) -> str | None:
    """Return an address that a page may link to: of the web only, None for any other."""
    if not isinstance(address, str) or len(address) > _MAX_LETTERS:
        return None
    if any(c.isspace() or not c.isprintable() for c in address):
        return None
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
        if parts.username is not None or parts.password is not None:
            return None  # "https://www.bbc.co.uk@evil.example/" leads to evil.example
    except ValueError:
        return None
    return address if is_web else None
