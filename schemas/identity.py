"""Identities. All are derived from content, never from arrival order or the clock."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

_APOSTROPHES = re.compile("['`\u2019\u02bc\u02b9]")
_IN_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NOT_WORD = re.compile(r"[^\w]+")
_ARTICLE = re.compile(r"\b(?:al|el|ad|ed|an|ar|as|ash|at|az)\s+(?=\w)")


def digest(*parts: str | None) -> str:
    """Return 20 hexadecimal digits over the parts; ``None`` and ``""`` stay apart."""
    joined = "\x1f".join("\x00" if part is None else part for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of the bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=50_000)
def fold_name(name: str) -> str:
    """Fold a place name for comparison: marks, case, hyphens and Arabic articles do not count.

    >>> fold_name("Deir al-Balah") == fold_name("Deir el Balah")
    True
    """
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    return _ARTICLE.sub("", _NOT_WORD.sub(" ", text).strip()).strip()


def report_id(article_url: str, geonameid: int | None, location: str, nth: int) -> str:
    """Return the id of the nth report (from 0) at a place in an article."""
    place = str(geonameid) if geonameid is not None else fold_name(location)
    return digest("report", article_url, place, str(nth))


def incident_id(founder_report_id: str) -> str:
    """Return the id of the incident founded by a report."""
    return f"i-{founder_report_id}"


def founder_key(published_at: str | None, the_report_id: str) -> tuple[bool, str, str]:
    """Order reports for the choice of the founder: earliest instant, unknown last, then the id."""
    return (published_at is None, utc_iso(published_at) or "", the_report_id)


def dead_letter_id(stage: str, unit: Sequence[str | None]) -> str:
    """Return the id of a dead letter: one for each unit and stage, however often it fails."""
    return digest("dead_letter", stage, *unit)


def utc_iso(value: str | None) -> str | None:
    """Return an ISO 8601 instant in UTC with whole seconds, or None where it can't be read.

    >>> utc_iso("2025-04-04T19:40:00+03:00")
    '2025-04-04T16:40:00Z'
    """
    moment = parse_instant(value)
    if moment is not None and value is not None and _IN_UTC.fullmatch(value):
        return value  # as it is stored: most are
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(value: str | None) -> datetime | None:
    """Return the instant of an ISO 8601 string with offset (without: UTC is assumed), or None."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(moment.tzinfo)
    except (OverflowError, ValueError):
        return None
