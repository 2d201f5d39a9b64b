"""Canonical URLs: the key of an article.

w3lib normalises escapes, the order of the query, international host names and fragments. This module removes
trackers, default ports, credentials, dots in the path and AMP forms, because no library that we compared does
all of them. ``urls.yaml`` lists the trackers and the AMP forms.

Only what the address alone proves is removed. ``http:`` and ``https:``, ``m.`` and ``www.``, and a slash at
the end may or may not be one article: ``transforms.pages.same_article`` decides when the pages are read.
"""

import dataclasses
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from transforms.util.data_files import read_data

_DEFAULT_PORT = {"http": 80, "https": 443}
_MAX_NESTED_CACHES = 10


class NotAnArticleURL(ValueError):
    """A link that cannot be an article's address; ``reason`` is ``bad_url`` or ``bad_scheme``."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class URLRules:
    """The rules of ``urls.yaml``, which says what each is for."""

    trackers: frozenset[str]
    tracker_prefixes: tuple[str, ...]
    own_host_trackers: frozenset[str]
    origin_parameters: frozenset[str]
    origins: frozenset[str]
    amp_hosts: tuple[str, ...]
    amp_paths: frozenset[str]
    amp_suffixes: tuple[str, ...]
    amp_caches: tuple[re.Pattern[str], ...]


@cache
def load_url_rules() -> URLRules:
    """Return the rules.

    Raises:
        ValueError: the file lacks a key, or has one that nothing reads.
    """
    raw = read_data((files("transforms.util") / "urls.yaml").read_text("utf-8"))
    names = {field.name for field in dataclasses.fields(URLRules)}
    if set(raw) != names:
        raise ValueError(f"urls.yaml: unknown or missing keys {sorted(set(raw) ^ names)}")
    return URLRules(
        trackers=frozenset(raw["trackers"]),
        tracker_prefixes=tuple(raw["tracker_prefixes"]),
        own_host_trackers=frozenset(raw["own_host_trackers"]),
        origin_parameters=frozenset(raw["origin_parameters"]),
        origins=frozenset(raw["origins"]),
        amp_hosts=tuple(raw["amp_hosts"]),
        amp_paths=frozenset(raw["amp_paths"]),
        amp_suffixes=tuple(raw["amp_suffixes"]),
        amp_caches=tuple(re.compile(pattern, re.I) for pattern in raw["amp_caches"]),
    )


def _is_tracker(name: str, value: str, host: str) -> bool:
    rules = load_url_rules()
    if name in rules.trackers or name.startswith(rules.tracker_prefixes):
        return True
    value = value.lower()
    if name in rules.origin_parameters and (value in rules.origins or value.startswith("rss")):
        return True
    return name in rules.own_host_trackers and host.removeprefix("www.") in value


def canonical_url(link: str, base: str | None = None) -> str:
    """Return the canonical form of a link. The canonical form of a canonical URL is the URL itself.

    Args:
        link: an absolute link, or one that is relative to ``base``.
        base: the address of the document that holds the link.

    Raises:
        NotAnArticleURL: the link is not http or https, or has no host.
    """
    link = re.sub(r"[\x00-\x1f\x7f]", "", link.strip())
    try:
        parts = urlsplit(_without_cache(urljoin(base, link) if base else link))
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotAnArticleURL("bad_url", f"not a URL: {error}") from None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORT:
        raise NotAnArticleURL("bad_scheme", f"only http and https, not {scheme!r}")
    if not host:
        raise NotAnArticleURL("bad_url", "no host")
    host = _remove_amp_prefix(host)
    if ":" in host:  # an IPv6 address
        host = f"[{host}]"
    netloc = host if port in (None, _DEFAULT_PORT[scheme]) else f"{host}:{port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracker(name.lower(), value, host)
    ]
    without_extras = urlunsplit((scheme, netloc, _simplify_path(parts.path), urlencode(query), ""))
    try:
        return str(canonicalize_url(without_extras))
    except ValueError as error:
        raise NotAnArticleURL("bad_url", f"not a URL: {error}") from None


def request_url(link: str, base: str) -> str:
    """Return the address to request for a link: absolute, without credentials and fragment.

    Blanks around it are removed, and spaces in its path become ``%20``. The rest stays as the feed sent it,
    with its tracking parameters.

    Args:
        link: an absolute link, or one that is relative to ``base``.
        base: the address of the document that holds the link.

    Raises:
        ValueError: the link is malformed.
    """
    parts = urlsplit(urljoin(base, link.strip()))
    netloc = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, netloc, parts.path.replace(" ", "%20"), parts.query, ""))


def _without_cache(link: str) -> str:
    """Return the address of the page that a cache of AMP copies shows; another link as it is."""
    for _ in range(_MAX_NESTED_CACHES):
        scheme, separator, rest = link.partition("://")
        if not separator or scheme.lower() not in _DEFAULT_PORT:
            break
        found = next(filter(None, (p.fullmatch(rest) for p in load_url_rules().amp_caches)), None)
        if found is None:
            break
        link = f"{'https' if found['s'] else 'http'}://{found['address']}"
    return link


def _remove_amp_prefix(host: str) -> str:
    """Return the host without its AMP prefix: "amp.outlet.example" becomes "www.outlet.example"."""
    prefix = next((p for p in load_url_rules().amp_hosts if host.startswith(p)), None)
    if prefix is None:
        return host
    main_host = host.removeprefix(prefix)
    return f"www.{main_host}" if host.count(".") == 2 else main_host


def _simplify_path(path: str) -> str:
    """Return a path without dots and without its AMP segments and suffix; an empty path becomes "/"."""
    amp_paths = load_url_rules().amp_paths
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(segments) > 1:
                segments.pop()
        elif segment != ".":
            segments.append(segment)
    if len(segments) > 2 and segments[1] in amp_paths:
        del segments[1]
    is_folder = segments[-1] == ""
    named = segments[:-1] if is_folder else segments
    if len(named) > 2 and named[-1] in amp_paths:
        while len(named) > 2 and named[-1] in amp_paths:
            named.pop()
        segments = named  # "story/amp/" is the copy of "story"
    segments[-1] = _remove_amp_suffix(segments[-1])
    return "/".join(segments) or "/"


def _remove_amp_suffix(segment: str) -> str:
    """Return the last segment of a path without its AMP suffix: "story.amp.html" becomes "story.html"."""
    for suffix in load_url_rules().amp_suffixes:
        stem, dot, extension = segment.rpartition(".")
        if segment.endswith(suffix) and len(segment) > len(suffix):
            return _remove_amp_suffix(segment.removesuffix(suffix))
        if dot and extension in ("html", "htm") and stem.endswith(suffix) and len(stem) > len(suffix):
            return _remove_amp_suffix(f"{stem.removesuffix(suffix)}.{extension}")
    return segment
