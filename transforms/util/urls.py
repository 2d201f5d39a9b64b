"""Canonical URLs: the key of an article.

The order of the rules follows the measured comparison of URL libraries: w3lib settles dots, escapes,
query order, international names and fragments; trackers, default ports, credentials and AMP forms
are ours, because no library does them all. What is a tracker or an AMP form is in ``urls.yaml``.
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


class NotAnArticleURL(ValueError):
    """A link that can't be an article's address; ``reason`` is ``bad_url`` or ``bad_scheme``."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class URLRules:
    """The rules of ``urls.yaml``."""

    trackers: frozenset[str]
    tracker_prefixes: tuple[str, ...]
    own_host_trackers: frozenset[str]
    amp_hosts: tuple[str, ...]
    amp_paths: frozenset[str]


@cache
def rules() -> URLRules:
    """Return the rules.

    Raises:
        ValueError: the file has a key that nothing reads, or lacks one.
    """
    raw = read_data((files("transforms.util") / "urls.yaml").read_text("utf-8"))
    names = {field.name for field in dataclasses.fields(URLRules)}
    if set(raw) != names:
        raise ValueError(f"urls.yaml: unknown or missing keys {sorted(set(raw) ^ names)}")
    return URLRules(
        trackers=frozenset(raw["trackers"]),
        tracker_prefixes=tuple(raw["tracker_prefixes"]),
        own_host_trackers=frozenset(raw["own_host_trackers"]),
        amp_hosts=tuple(raw["amp_hosts"]),
        amp_paths=frozenset(raw["amp_paths"]),
    )


def _is_tracker(name: str, value: str, host: str) -> bool:
    if name in rules().trackers or name.startswith(rules().tracker_prefixes):
        return True
    return name in rules().own_host_trackers and host.removeprefix("www.") in value.lower()


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
    prefix = next((p for p in rules().amp_hosts if host.startswith(p)), None)
    if prefix is not None:
        host = f"www.{host.removeprefix(prefix)}" if host.count(".") == 2 else host.removeprefix(prefix)
    if ":" in host:
        host = f"[{host}]"
    netloc = host if port in (None, _DEFAULT_PORT[scheme]) else f"{host}:{port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracker(name.lower(), value, host)
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
    if len(parts) > 2 and parts[1] in rules().amp_paths:
        del parts[1]
    while len(parts) > 2 and parts[-1] in rules().amp_paths:
        parts.pop()
    return "/".join(parts) or "/"
