"""Canonical URLs: the key of an article.

The order of the rules follows the measured comparison of URL libraries: w3lib settles dots, escapes,
query order, international names and fragments; trackers, default ports, credentials and AMP forms
are ours, because no library does them all.
"""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_TRACKERS = frozenset(
    """fbclid gclid dclid gbraid wbraid msclkid yclid twclid igshid mc_cid mc_eid mkt_tok
    ref_src ref_url cmpid ncid ocid smid sr_share guccounter guce_referrer guce_referrer_sig
    at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 xtor ito traffic_source
    _hsenc _hsmi vero_id wt_mc spm ftag outputtype amp""".split()
)
_TRACKER_PREFIX = re.compile(r"^(?:utm|mtm|pk|hsa|_ga)_")
_DEFAULT_PORT = {"http": 80, "https": 443}


class NotAnArticleURL(ValueError):
    """A link that can't be an article's address; ``reason`` is ``bad_url`` or ``bad_scheme``."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def canonical_url(link: str, base: str | None = None) -> str:
    """Return the canonical form of a link; applying it twice changes nothing.

    Raises:
        NotAnArticleURL: the link is not http or https, or has no host.
    """
    link = re.sub(r"[\x00-\x1f\x7f]", "", link.strip())
    try:
        parts = urlsplit(urljoin(base, link) if base else link)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotAnArticleURL("bad_url", f"not a URL: {error}") from None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT:
        raise NotAnArticleURL("bad_scheme", f"only http and https, not {scheme!r}")
    if not host:
        raise NotAnArticleURL("bad_url", "no host")
    if host.startswith("amp."):
        host = f"www.{host[4:]}" if host.count(".") == 2 else host[4:]
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port in (None, _DEFAULT_PORT[scheme]) else f"{host}:{port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _TRACKERS and not _TRACKER_PREFIX.match(name.lower())
    ]
    plain = urlunsplit((scheme, netloc, _plain_path(parts.path), urlencode(query), ""))
    try:
        return str(canonicalize_url(plain))
    except ValueError as error:
        raise NotAnArticleURL("bad_url", f"not a URL: {error}") from None


def request_url(link: str, base: str) -> str:
    """Return what to request for a link: absolute, without credentials and fragment, the rest as sent."""
    parts = urlsplit(urljoin(base, link.strip()))
    netloc = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, netloc, parts.path.replace(" ", "%20"), parts.query, ""))


def _plain_path(path: str) -> str:
    """Undo AMP paths and resolve dots; an empty path is the root."""
    parts: list[str] = []
    for piece in path.split("/"):
        if piece == "..":
            if len(parts) > 1:
                parts.pop()
        elif piece != ".":
            parts.append(piece)
    if len(parts) > 2 and parts[1] == "amp":
        del parts[1]
    while len(parts) > 2 and parts[-1] in ("amp", "amp.html"):
        parts.pop()
    return "/".join(parts) or "/"
