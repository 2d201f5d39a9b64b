"""From the bytes of a page to its tree: decoded, checked, and simplified before any extractor sees it."""

import codecs
import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from transforms.pages.invisible import without_invisible
from transforms.pages.own_elements import has_own_elements, name_headings, rename_own_elements
from transforms.pages.structured_data import DataScripts, find_data_scripts
from transforms.util.charsets import charset_of_zero_bytes, decode_document
from transforms.util.errors import Unusable
from transforms.util.forwarding import read_forwarding
from transforms.util.gzipped import GzipDamaged, unpack_gzip

MAX_HTML_BYTES = 8 * 1024 * 1024
# trafilatura takes quadratic time in the number of elements: 7 s for 50,000 paragraphs.
_MAX_ELEMENTS = 30_000
# trafilatura returns nothing for a page that is nested 256 levels deep anywhere.
_MAX_DEPTH = 200
_is_small = etree.XPath(f"count(/descendant::*) <= {_MAX_ELEMENTS} and not({'/*' * (_MAX_DEPTH + 1)})")
_MAX_MARKUP_CHARACTERS = 4_000_000
"""A page without scripts that is longer has no article that the rules could find in their time."""
_MAX_ATTRIBUTES = 5_000
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_DEFAULT_CHARSETS = frozenset(
    {"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "us-ascii", "ascii"}
)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.I)
_HTML_TAG = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|article|div|p|h1|table|main)\b", re.I)
_ENDING_TAGS = ("article aside details figcaption figure footer header main nav section").split()
_BINARY_STARTS = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x7fELF", b"MZ\x90")
_SCRIPT = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.I | re.S)
# Older sites separate paragraphs with two line breaks.
_PARAGRAPH_BREAK = re.compile(r"<br\b[^<>]{0,40}>(?:\s|&nbsp;)*<br\b[^<>]{0,40}>", re.I)
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_ATTRIBUTE = re.compile(r"""[\s"'/][^\s"'<>/=]+\s*=""")


class ArticleUnreadable(Unusable):
    """A page without usable article text."""


@dataclass(frozen=True, slots=True)
class Markup:
    """A page without scripts, its scripts with data, and flags: ``badly_encoded``."""

    text: str
    scripts: DataScripts
    flags: list[str]


def read_markup(body: bytes, charset: str | None) -> Markup:
    """Return the markup of a page.

    Args:
        body: the page as it was sent.
        charset: the charset of the HTTP header, if any.

    Raises:
        ArticleUnreadable: it is not HTML, it only sends the reader on, or it would take too much time to
            parse.
    """
    try:
        body = unpack_gzip(body, MAX_HTML_BYTES)
    except GzipDamaged as error:
        raise ArticleUnreadable("not_html", "the page is damaged gzip") from error
    if len(body) > MAX_HTML_BYTES:
        raise ArticleUnreadable("body_too_large", f"more than {MAX_HTML_BYTES} bytes")
    if not body.strip():
        raise ArticleUnreadable("empty_body", "the page is empty")
    if body.startswith(_BINARY_STARTS) or _has_stray_zero_bytes(body):
        raise ArticleUnreadable("not_html", "the page is a binary file")
    text = _decode(body, charset)
    if not _HTML_TAG.search(text[:200_000].encode("utf-8", "replace")):
        raise ArticleUnreadable("not_html", "the page holds no HTML")
    if read_forwarding(text) is not None:
        raise ArticleUnreadable("js_only", "the page only sends the reader on")
    flags = ["badly_encoded"] if text.count("\ufffd") > len(text) // 100 else []
    markup = without_invisible(_PARAGRAPH_BREAK.sub("</p><p>", _SCRIPT.sub(" ", text)))
    if any(len(_ATTRIBUTE.findall(tag)) > _MAX_ATTRIBUTES for tag in _LONG_TAG.findall(markup)):
        raise ArticleUnreadable("extract_timeout", f"a tag with more than {_MAX_ATTRIBUTES} attributes")
    return Markup(markup, find_data_scripts(text), flags)


def _has_stray_zero_bytes(body: bytes) -> bool:
    """Return whether the beginning of a page has zero bytes that are not those of UTF-16 or UTF-32."""
    is_wide = body.startswith(_WIDE_MARKS) or charset_of_zero_bytes(body) is not None
    return b"\x00" in body[:1024] and not is_wide


def _decode(body: bytes, charset: str | None) -> str:
    """Return the text of a page. The charset of the HTTP header comes before the one of a meta element.

    Servers send ISO 8859-1 by default, whatever their pages are in. So that one comes last.
    """
    meta = _META_CHARSET.search(body[:4096])
    stated = [charset, meta.group(1).decode("ascii") if meta else None]
    if charset and charset.strip().lower() in _DEFAULT_CHARSETS:
        stated.reverse()
    return decode_document(body, stated)


def parse_markup(markup: str) -> tuple[HtmlElement, bool]:
    """Return the tree of a page, and whether it is small enough for trafilatura.

    Raises:
        ArticleUnreadable: lxml cannot parse it.
    """
    parser = HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ArticleUnreadable("extract_empty", "the page can't be parsed") from error
    _end_paragraphs(tree)
    if has_own_elements(markup):
        rename_own_elements(tree)
    name_headings(tree)
    return tree, len(markup) <= _MAX_MARKUP_CHARACTERS and bool(_is_small(tree))


def _end_paragraphs(tree: HtmlElement) -> None:
    """End each ``p`` where a block begins in it, as browsers do (HTML standard, 13.2.6.4.7).

    The parser knows that of older tags alone: a box in an ``aside`` became a part of the paragraph before it,
    and went with it.
    """
    for block in list(tree.iter(*_ENDING_TAGS)):
        paragraph = block.getparent()
        if paragraph is None or paragraph.tag != "p" or paragraph.getparent() is None:
            continue
        rest = [block, *block.itersiblings()]
        rest[-1].tail = f"{rest[-1].tail or ''}{paragraph.tail or ''}" or None
        paragraph.tail = None
        around = paragraph.getparent()
        place = around.index(paragraph) + 1
        around[place:place] = rest
