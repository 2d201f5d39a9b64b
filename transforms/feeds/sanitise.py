"""Feed documents as bytes: decoded, bounded and made harmless before feedparser sees them. All linear."""

import gzip
import html.entities
import io
import re
import zlib
from dataclasses import dataclass

from charset_normalizer import from_bytes

from transforms.util.errors import Unusable

MAX_ENTRIES = 2_000
MAX_DOCUMENT_BYTES = 32 * 1024 * 1024  # the fetcher stops at 5 MB; this bounds what gzip holds
_MAX_ATTRIBUTES = 5_000
_MAX_FIELD = 200_000
_NUMERIC = re.compile(r"&#(x[0-9a-fA-F]{1,16}|[0-9]{1,16});?")
_NAMED = re.compile(r"&([A-Za-z_][\w.-]{0,60});")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]*\?>""")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}")
_ATTRIBUTE = re.compile(r"""[\s"'][^\s"'<>=]+\s*=""")
_ITEM = re.compile(r"<(item|entry)\b", re.IGNORECASE)
_WHOLE_ITEM = re.compile(r"<(item|entry)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]*(?:\[(.*?)\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"""<!ENTITY\s+(%\s+)?([\w.:-]+)\s+(?:(SYSTEM|PUBLIC)\b|"([^"]*)"|'([^']*)')""")
_LONG_TEXT = re.compile(rf"[^<>]{{{_MAX_FIELD},}}")
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos", *(n.rstrip(";") for n in html.entities.html5)})


class FeedUnreadable(Unusable):
    """A body that is no usable feed."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A document fit for the parser, the items taken out of it, with their reason, and how many items
    stood behind the last that is kept."""

    text: str
    refused: tuple[tuple[str, str], ...] = ()
    beyond_cap: int = 0

    def items(self) -> tuple[str, list[str], str]:
        """Return the document's head, its items and its tail, to parse item by item."""
        found = list(_WHOLE_ITEM.finditer(self.text))
        if not found:
            return self.text, [], ""
        return self.text[: found[0].start()], [m.group(0) for m in found], self.text[found[-1].end() :]


def prepare_feed(body: bytes, charset: str | None = None) -> FeedDocument:
    """Return the document of a body.

    Args:
        body: the document as it came.
        charset: the charset of the HTTP header, if any.

    Raises:
        FeedUnreadable: it is not a feed, or costs too much to find out.
    """
    text = decode_feed(_unpacked(body), charset).lstrip("\ufeff \t\r\n")
    if not text:
        raise FeedUnreadable("empty_body", "the feed is empty")
    if text[0] != "<":
        known = text[0] in "{["
        raise FeedUnreadable(
            "unsupported_format" if known else "not_a_feed",
            "a JSON document" if known else "the document does not start with a tag",
        )
    text = _XML_DECLARATION.sub("", text)
    text, refused = _without_entities(text)
    text, beyond_cap = _without_the_rest(text)
    # CDATA and comments hold markup that is no tag of the document.
    if any(len(_ATTRIBUTE.findall(tag)) > _MAX_ATTRIBUTES for tag in _LONG_TAG.findall(text)):
        raise FeedUnreadable("parse_timeout", f"a tag with more than {_MAX_ATTRIBUTES} attributes")
    text = _LONG_TEXT.sub(lambda match: match.group(0)[:_MAX_FIELD], text)
    return FeedDocument(_NUMERIC.sub(_safe_reference, text), refused, beyond_cap)


def _unpacked(body: bytes) -> bytes:
    if body[:2] == b"\x1f\x8b":
        try:
            body = gzip.GzipFile(fileobj=io.BytesIO(body)).read(MAX_DOCUMENT_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise FeedUnreadable("not_a_feed", "damaged gzip") from error
    if len(body) > MAX_DOCUMENT_BYTES:
        raise FeedUnreadable("body_too_large", f"more than {MAX_DOCUMENT_BYTES} bytes")
    return body


def decode_feed(body: bytes, charset: str | None) -> str:
    """Decode: byte order mark, strict UTF-8, what is declared, then a guess; never UTF-7."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    body = _SURROGATE.sub(b"\xef\xbf\xbd", body)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.match(body.lstrip()[:200])
    names = (declared.group(1).decode("ascii") if declared else None, charset)
    for candidate in filter(None, names):
        if candidate.lower().replace("-", "").replace("_", "") not in ("utf7", "utf8"):
            try:
                return body.decode(candidate)
            except (LookupError, UnicodeDecodeError, ValueError):
                continue
    guess = from_bytes(body[:100_000]).best()
    return body.decode(guess.encoding if guess else "cp1252", "replace")


def _safe_reference(match: re.Match[str]) -> str:
    """Replace references to what is no character: feedparser raises on them and the feed is lost."""
    digits = match.group(1)
    code = int(digits[1:], 16) if digits[:1] in "xX" else int(digits)
    if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF:
        return match.group(0)
    return "" if code < 32 else "\ufffd"


def _without_entities(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Take the document type away, and with it every entity of the document's own.

    A plain one is put in place, an external one becomes nothing, and an item that uses one built from
    others, as bombs are, is taken out.
    """
    doctype = _DOCTYPE.search(text[:1_000_000])
    if doctype is None:
        return text, ()
    plain: dict[str, str] = {}
    bombs: set[str] = set()
    for is_parameter, name, external, double, single in _ENTITY.findall(doctype.group(1) or ""):
        value = double or single
        if is_parameter or name in _PREDEFINED:
            continue
        if external:
            plain[name] = ""
        elif len(value) > 100 or _NAMED.search(value):
            bombs.add(name)
        else:
            plain[name] = value
    text = text[: doctype.start()] + text[doctype.end() :]
    if plain:
        text = _NAMED.sub(lambda match: plain.get(match.group(1), match.group(0)), text)
    if not bombs:
        return text, ()
    refused = []

    def judge(match: re.Match[str]) -> str:
        if bombs.isdisjoint(_NAMED.findall(match.group(0))):
            return match.group(0)
        refused.append(("xml_entity_bomb", match.group(0)))
        return ""

    return _WHOLE_ITEM.sub(judge, text), tuple(refused)


def _without_the_rest(text: str) -> tuple[str, int]:
    """Cut the document behind its first 2,000 items: the parser keeps the complete items of such a one."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    if len(starts) <= MAX_ENTRIES:
        return text, 0
    return text[: starts[MAX_ENTRIES]], len(starts) - MAX_ENTRIES
