"""Feed documents are decoded, limited and made harmless before feedparser sees them.

Every step takes time that is linear in the size of the document.
"""

import html.entities
import re
from dataclasses import dataclass

from transforms.feeds.structure import find_doctype, find_items, mask_quoted
from transforms.util.charsets import decode_document
from transforms.util.errors import Unusable
from transforms.util.gzipped import GzipDamaged, unpack_gzip

MAX_ENTRIES = 2_000
MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
"""Limit of a document after gzip, bytes. The fetcher's limit of 5 MB holds for the body as it was sent."""
_MAX_ATTRIBUTES = 5_000
_MAX_FIELD_CHARACTERS = 200_000
_MAX_DOCTYPE_CHARACTERS = 1_000_000
_MAX_PLAIN_ENTITY_CHARACTERS = 100
_MAX_CHARACTERS_BEFORE_DOCUMENT = 2_000
_NUMERIC_REFERENCE = re.compile(r"&#(x[0-9a-fA-F]{1,16}|[0-9]{1,16});?")
_NAMED_REFERENCE = re.compile(r"&([A-Za-z_][\w.-]{0,60});")
_DECLARED_CHARSET = re.compile(
    rb"""<\?xml[^<>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["'][^>]*\?>"""
)
_XML_DECLARATION = re.compile(r"^(?:\s*<\?xml\b[^>]*\?>)+")
_DOCUMENT_START = re.compile(r"<(?:\?xml|rss|feed|rdf:RDF|urlset)\b", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}")
_ATTRIBUTE = re.compile(r"""[\s"'][^\s"'<>=]+\s*=""")
_ENTITY_DECLARATION = re.compile(
    r"""<!ENTITY\s+(%\s+)?([\w.:-]+)\s+(?:(SYSTEM|PUBLIC)\b|"([^"]*)"|'([^']*)')"""
)
# The look-behind makes it linear: only the beginning of a text is tried, not each of its characters.
_LONG_TEXT = re.compile(rf"(?<![^<>])[^<>]{{{_MAX_FIELD_CHARACTERS},}}")
_PREDEFINED_ENTITIES = frozenset(
    {"amp", "lt", "gt", "quot", "apos", *(name.rstrip(";") for name in html.entities.html5)}
)


class FeedUnreadable(Unusable):
    """A body that is not a usable feed."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """An XML document that the parser may read.

    ``refused``: the reason and the text of each item that was removed. ``beyond_cap``: the number of items
    after the first 2,000, which were cut off. ``item_places``: start and end of each whole item.
    ``has_nested_items``: an item begins inside another one.
    """

    text: str
    refused: tuple[tuple[str, str], ...] = ()
    beyond_cap: int = 0
    item_places: tuple[tuple[int, int], ...] = ()
    has_nested_items: bool = False

    def items(self) -> tuple[str, list[str], str]:
        """Return the text before the first item, the items, and the text after the last item."""
        if not self.item_places:
            return self.text, [], ""
        items = [self.text[start:end] for start, end in self.item_places]
        return self.text[: self.item_places[0][0]], items, self.text[self.item_places[-1][1] :]


def read_feed_text(body: bytes, charset: str | None = None) -> str:
    """Return the text of a document, from its first character that is not blank.

    Args:
        body: the document as it was sent, with or without gzip.
        charset: the charset of the HTTP header, if any.

    Raises:
        FeedUnreadable: it is empty, damaged or too large.
    """
    text = decode_feed(_unpack(body), charset).lstrip("\ufeff \t\r\n\x00")
    if not text:
        raise FeedUnreadable("empty_body", "the feed is empty")
    return text


def prepare_feed(text: str) -> FeedDocument:
    """Return an XML document that the parser may read.

    Args:
        text: the document. A message of the server before it, as from PHP, is cut off.

    Raises:
        FeedUnreadable: it is not XML, or it would take too much time to parse.
    """
    if text[0] != "<":
        start = _DOCUMENT_START.search(text[:_MAX_CHARACTERS_BEFORE_DOCUMENT])
        if start is None:
            raise FeedUnreadable("not_a_feed", "the document does not start with a tag")
        text = text[start.start() :]
    text = _XML_DECLARATION.sub("", text)
    text, refused = _remove_entities(text)
    text, beyond_cap = _cut_after_max_entries(text)
    # A tag with thousands of attributes takes the parser too long. Tags inside CDATA and comments count too:
    # the pattern cannot tell them from tags of the document.
    if any(len(_ATTRIBUTE.findall(tag)) > _MAX_ATTRIBUTES for tag in _LONG_TAG.findall(text)):
        raise FeedUnreadable("parse_timeout", f"a tag with more than {_MAX_ATTRIBUTES} attributes")
    text = _LONG_TEXT.sub(lambda match: match.group(0)[:_MAX_FIELD_CHARACTERS], text)
    text = _NUMERIC_REFERENCE.sub(_replace_unsafe_reference, text)
    places = find_items(mask_quoted(text))
    return FeedDocument(text, refused, beyond_cap, places.whole, places.is_nested)


def _unpack(body: bytes) -> bytes:
    try:
        body = unpack_gzip(body, MAX_DOCUMENT_BYTES)
    except GzipDamaged as error:
        raise FeedUnreadable("not_a_feed", "damaged gzip") from error
    if len(body) > MAX_DOCUMENT_BYTES:
        raise FeedUnreadable("body_too_large", f"more than {MAX_DOCUMENT_BYTES} bytes")
    return body


def decode_feed(body: bytes, charset: str | None) -> str:
    """Return the text of a document. The charset that it declares comes before the one of the HTTP header."""
    declared = _DECLARED_CHARSET.search(body[:_MAX_CHARACTERS_BEFORE_DOCUMENT])
    return decode_document(body, (declared.group(1).decode("ascii") if declared else None, charset))


def _replace_unsafe_reference(match: re.Match[str]) -> str:
    """Replace a numeric reference that is not a character: feedparser raises on it, and the feed is lost."""
    digits = match.group(1)
    code = int(digits[1:], 16) if digits[:1] in "xX" else int(digits)
    if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xDFFF < code <= 0x10FFFF:
        return match.group(0)
    return "" if code < 32 else "\ufffd"


def _remove_entities(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the text without its document type and its own entities, and the items that were removed.

    A reference to a plain entity is replaced by its text, one to an external entity by nothing. An entity
    that is long or is built from other entities, as in an entity bomb, is not expanded: each item that uses
    one is removed, with the reason ``xml_entity_bomb``.
    """
    doctype = find_doctype(text, _MAX_DOCTYPE_CHARACTERS)
    if doctype is None:
        return text, ()
    plain, bombs = _read_entities(text[doctype[0] : doctype[1]])
    text = text[: doctype[0]] + text[doctype[1] :]
    if plain:
        text = _NAMED_REFERENCE.sub(lambda match: plain.get(match.group(1), match.group(0)), text)
    if not bombs:
        return text, ()
    refused: list[tuple[str, str]] = []
    kept, done = list[str](), 0
    for start, end in find_items(mask_quoted(text)).whole:
        item = text[start:end]
        if not bombs.isdisjoint(_NAMED_REFERENCE.findall(item)):
            refused.append(("xml_entity_bomb", item))
            kept.append(text[done:start])
            done = end
    return "".join([*kept, text[done:]]), tuple(refused)


def _read_entities(declarations: str) -> tuple[dict[str, str], set[str]]:
    """Return the text of each plain entity, and the names of the entities that may be bombs."""
    plain: dict[str, str] = {}
    bombs: set[str] = set()
    for is_parameter, name, is_external, double_quoted, single_quoted in _ENTITY_DECLARATION.findall(
        declarations
    ):
        value = double_quoted or single_quoted
        if is_parameter or name in _PREDEFINED_ENTITIES:
            continue
        if is_external:
            plain[name] = ""
        elif len(value) > _MAX_PLAIN_ENTITY_CHARACTERS or _NAMED_REFERENCE.search(value):
            bombs.add(name)
        else:
            plain[name] = value
    return plain, bombs


def _cut_after_max_entries(text: str) -> tuple[str, int]:
    """Return the text up to the first 2,000 items, and the number of items cut off.

    The cut leaves the document open; feedparser still reads all complete items of it.
    """
    starts = find_items(mask_quoted(text)).starts
    if len(starts) <= MAX_ENTRIES:
        return text, 0
    return text[: starts[MAX_ENTRIES]], len(starts) - MAX_ENTRIES
