"""Whose page an address is, and what in the address names the article.

``outlet_of`` tells outlets apart by the domain that they registered. ``address_key`` is equal for addresses
that may be one article; they are candidates, and the pages decide (``transforms.pages.same_article``).
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from tld import get_tld

from schemas.identity import utc_iso

_PLAIN_PREFIXES = ("www.", "m.", "mobile.")
_HOST_NAME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*", re.I)
_IP_ADDRESS = re.compile(r"\[.*\]|[\d.]+|localhost")
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms|ece)$", re.I)
_TOKEN_BREAK = re.compile(r"[-_.,~]+")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
# "12345", "a4123456", "art12345"; the digits are the number of the article in the outlet's system.
_NUMBER_ID = re.compile(r"[a-z]{0,3}\d{5,}", re.I)
_HEX_ID = re.compile(r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}", re.I)
# "20261124", "261124" and "24112026" in an address are dates: many articles share them.
_DATE_FORMATS = {8: ("%Y%m%d", "%d%m%Y", "%m%d%Y"), 6: ("%y%m%d", "%d%m%y", "%m%d%y")}
_MAX_CACHED = 50_000


@lru_cache(maxsize=_MAX_CACHED)
def outlet_of(url: str) -> str:
    """Return the outlet of an address: its registrable domain, by the Public Suffix List.

    Below an IP address, where several sites may stand side by side, the outlet is the first folder if that is
    a host name (``http://127.0.0.1:8765/outlet.example/story``), else the host with its port.

    >>> outlet_of("https://m.news.outlet.co.uk/a")
    'outlet.co.uk'
    """
    parts = urlsplit(url)
    host = _host_name(parts)
    if not host:
        return parts.netloc
    if host != parts.hostname:
        return f"{parts.netloc}/{_domain_of(host)}"
    return _domain_of(host) + (f":{parts.port}" if parts.port else "")


def _host_name(parts: SplitResult) -> str:
    """Return the host name of an address; below an IP address the first folder if that is one, else ""."""
    host = (parts.hostname or "").lower()
    if not _IP_ADDRESS.fullmatch(host) and ":" not in host:
        return host
    folder, slash, _ = parts.path.lstrip("/").lower().partition("/")
    is_host = slash and _HOST_NAME.fullmatch(folder) and not _EXTENSION.search(folder)
    return folder if is_host else ""


def _domain_of(host: str) -> str:
    found = get_tld(f"https://{host}/", as_object=True, fail_silently=True, search_private=True)
    domain = getattr(found, "fld", None)
    # A suffix that the list does not have counts as one label, as the list's own rule "*" says.
    return domain if isinstance(domain, str) else ".".join(host.lower().split(".")[-2:])


@lru_cache(maxsize=_MAX_CACHED)
def address_key(url: str) -> str:
    """Return what names the article in a canonical URL: its outlet with the article's id, if there is one.

    Without an id: the address without its scheme, ``www.`` or ``m.``, and the slash at its end.

    >>> address_key("http://m.outlet.example/2026/story/") == address_key(
    ...     "https://www.outlet.example/2026/story"
    ... )
    True
    """
    article_id = article_id_of(url)
    if article_id is not None:
        return f"{outlet_of(url)}#{article_id}"
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{plain_host(parts)}{_plain_path(parts.path)}{query}"


def plain_host(parts: SplitResult) -> str:
    """Return the host and port without ``www.`` or the prefix of a mobile edition."""
    netloc = parts.netloc.lower()
    prefix = next((p for p in _PLAIN_PREFIXES if netloc.startswith(p) and netloc.count(".") > 1), "")
    return netloc.removeprefix(prefix)


def _plain_path(path: str) -> str:
    """Return the path without the slash at its end, and without ``www.`` of a folder named by a host."""
    first, slash, rest = path.lstrip("/").rstrip("/").partition("/")
    if _HOST_NAME.fullmatch(first) and slash:
        prefix = next((p for p in _PLAIN_PREFIXES if first.startswith(p) and first.count(".") > 1), "")
        first = first.removeprefix(prefix)
    return f"/{first}{slash}{rest}"


def article_id_of(url: str) -> str | None:
    """Return the id of the article in an address, lower case, or None.

    It is the first or last part of the last segment ("12345-two-killed.html", "two-killed-a12345"), or the
    whole segment before it ("12345/two-killed"). A date is no id.
    """
    segments = [s for s in urlsplit(url).path.split("/") if s]
    if not segments:
        return None
    last = _EXTENSION.sub("", segments[-1])
    if found := _UUID.search(last):
        return found[0].lower()
    tokens = [t for t in _TOKEN_BREAK.split(last) if t]
    for token in (tokens[0], tokens[-1]) if tokens else ():
        if _is_id(token):
            return token.lower()
    if len(segments) > 1 and _is_id(segments[-2]):
        return segments[-2].lower()
    return None


def _is_id(token: str) -> bool:
    if _NUMBER_ID.fullmatch(token):
        return not _is_date(token)
    return _HEX_ID.fullmatch(token) is not None or _UUID.fullmatch(token) is not None


def _is_date(digits: str) -> bool:
    for form in _DATE_FORMATS.get(len(digits), ()):
        try:
            found = datetime.strptime(digits, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if 1990 <= found.year <= 2049:
            return True
    return False


def slug_words(url: str) -> frozenset[str]:
    """Return the words of the last segment of an address, without the article's id."""
    segments = [s for s in urlsplit(url).path.lower().split("/") if s]
    last = _EXTENSION.sub("", segments[-1]) if segments else ""
    article_id = article_id_of(url)
    return frozenset(t for t in _TOKEN_BREAK.split(last) if t and t != article_id)


def publication_day(published_at: str | None) -> date | None:
    """Return the day of an instant in UTC, or None where it is not known."""
    instant = utc_iso(published_at)
    return date.fromisoformat(instant[:10]) if instant else None


AddressRank = tuple[bool, str, bool, bool, str]


def address_rank(published_at: str | None, url: str) -> AddressRank:
    """Return the sort key of addresses with one text; the least is the article's own.

    First the earliest publication (UTC; unknown last), then https before http, then any host before a mobile
    edition, then the address in alphabetical order. It depends on content alone, so every order of arrival
    gives the same choice.
    """
    parts = urlsplit(url)
    is_mobile = _host_name(parts).startswith(("m.", "mobile."))
    instant = utc_iso(published_at)
    return (instant is None, instant or "", parts.scheme != "https", is_mobile, url)
