"""Pages to article text. The one place that imports trafilatura and resiliparse."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import py3langid
import trafilatura
from charset_normalizer import from_bytes
from lxml import etree
from lxml import html as lxml_html
from resiliparse.extract.html2text import extract_plain_text

from transforms.pages.boilerplate import remove_furniture
from transforms.pages.boilerplate_words import bare, count_words, words
from transforms.pages.lines import INLINE
from transforms.util.errors import Unusable
from transforms.util.text import clean_text, one_line

MAX_PAGE_BYTES = 8 * 1024 * 1024
MAX_TEXT = 200_000
_MAX_ELEMENTS = 30_000  # trafilatura is quadratic in elements: 50,000 paragraphs take it 7 s
_MAX_DEPTH = 200  # and yields nothing for a page with 256 levels anywhere
_MAX_ATTRIBUTES = 5_000
_MIN_TEXT = 250
_TELLING = 200  # shorter ones, full of names, are taken for any language
_TELLING_SCRIPT = 60  # unless the script itself tells nearly all
_WALL_TEXT = 1_500
_BLOCKS = ("p", "div", "td", "li", "blockquote", "section", "dd")
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.I)
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|article|div|p|h1|table|main)\b", re.I)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x7fELF", b"MZ\x90")
_SCRIPT = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.I | re.S)
_BREAKS = re.compile(r"<br\b[^<>]{0,40}>(?:\s|&nbsp;)*<br\b[^<>]{0,40}>", re.I)  # paragraphs of older sites
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_ATTRIBUTE = re.compile(r"""[\s"'/][^\s"'<>/=]+\s*=""")


class ArticleUnreadable(Unusable):
    """A page without usable article text."""


@dataclass(frozen=True, slots=True)
class CleanPage:
    """The text of an article, paragraphs divided by line breaks, and what else the page tells.

    ``title`` is the page's own; ``language`` is told by the text, null where it is too short to tell.
    """

    text: str
    title: str | None
    language: str | None = None
    flags: tuple[str, ...] = ()


def clean_page(body: bytes, *, title: str = "", summary: str = "", charset: str | None = None) -> CleanPage:
    """Return the article text of an HTML page.

    A page can cost what no limit in here bounds, so callers run this in ``transforms.util.sandbox``.

    Args:
        body: the page as it came.
        title: the headline from the feed, so that its repetition is not taken for text.
        summary: the feed's summary, for the same reason.
        charset: the charset of the HTTP header.

    Raises:
        ArticleUnreadable: it is no HTML, a wall, or holds no text.
    """
    page, flags = _decode(body, charset)
    page = _BREAKS.sub("</p><p>", _SCRIPT.sub(" ", page))
    if any(len(_ATTRIBUTE.findall(tag)) > _MAX_ATTRIBUTES for tag in _LONG_TAG.findall(page)):
        raise ArticleUnreadable("extract_timeout", f"a tag with more than {_MAX_ATTRIBUTES} attributes")
    tree, is_small = _parse(page)
    page_title = _title(tree)
    heads = (title, page_title or "")
    seen = _visible(tree)
    extracted = None
    if is_small:
        flags += remove_furniture(tree, heads, summary)
        _join_drop_caps(tree)
        _unfold_tables(tree)
        extracted = trafilatura.extract(
            tree, fast=True, include_comments=False, include_tables=True, with_metadata=False
        )
        if extracted and _is_all_in_one(extracted, heads):
            extracted = _prose(tree) or extracted
    if not extracted:
        markup = lxml_html.tostring(tree, encoding="unicode") if is_small else page
        extracted = extract_plain_text(markup, main_content=True, alt_texts=False, links=False)
        flags.append("fallback_extractor")
    paragraphs = _paragraphs(extracted or "", heads)
    text = "\n".join(paragraphs)
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT].rsplit("\n", 1)[0]
        flags.append("text_cut")
    _refuse_wall(text, clean_text(extracted or "", _WALL_TEXT), page_title or "", seen)
    return CleanPage(text, page_title, language_of(text), tuple(flags))


def language_of(text: str) -> str | None:
    """Return the primary tag of the language of a text, or None where it is too short to tell."""
    is_latin = sum(map(str.isascii, text)) > len(text) / 2
    if len(text) < (_TELLING if is_latin else _TELLING_SCRIPT):
        return None
    return str(py3langid.classify(text[:2_000])[0])


def _decode(body: bytes, charset: str | None) -> tuple[str, list[str]]:
    if len(body) > MAX_PAGE_BYTES:
        raise ArticleUnreadable("body_too_large", f"more than {MAX_PAGE_BYTES} bytes")
    if not body.strip():
        raise ArticleUnreadable("empty_body", "the page is empty")
    if body.startswith(_BINARY) or (b"\x00" in body[:1024] and body[:2] not in (b"\xff\xfe", b"\xfe\xff")):
        raise ArticleUnreadable("not_html", "the page is a binary file")
    text, flags = _to_text(body, charset), []
    if not _HTML.search(text[:200_000].encode("utf-8", "replace")):
        raise ArticleUnreadable("not_html", "the page holds no HTML")
    if text.count("\ufffd") > len(text) // 100:
        flags.append("badly_encoded")
    return text, flags


def _to_text(body: bytes, charset: str | None) -> str:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    meta = _META.search(body[:4096])
    for name in (charset, meta.group(1).decode("ascii") if meta else None):
        if name and "utf" not in name.lower():
            try:
                return body.decode(name)
            except (LookupError, UnicodeDecodeError, ValueError):
                continue
    guess = from_bytes(body[:200_000]).best()
    return body.decode(guess.encoding if guess else "cp1252", "replace")


def _parse(page: str) -> tuple[lxml_html.HtmlElement, bool]:
    """Return the tree, and whether it is small enough for trafilatura."""
    parser = lxml_html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = lxml_html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ArticleUnreadable("extract_empty", "the page can't be parsed") from error
    depth = number = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            number, depth = number + 1, depth + 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
        if number > _MAX_ELEMENTS or deepest > _MAX_DEPTH:
            return tree, False
    return tree, True


def _join_drop_caps(tree: lxml_html.HtmlElement) -> None:
    """Join a styled first letter with its word."""
    for element in list(tree.iter("b", "span", "strong", "big", "font")):
        if len(element) == 0 and len((element.text or "").strip()) == 1 and element.tail:
            element.drop_tag()


def _unfold_tables(tree: lxml_html.HtmlElement) -> None:
    """Turn tables that lay out the page into blocks: trafilatura sets a row in one line."""
    for table in list(tree.iter("table")):
        if any(len(c.text_content()) > 250 or c.xpath(".//p|.//h1") for c in table.iter("td")):
            for part in table.iter("table", "tbody", "tr", "td"):
                part.tag = "div"


def _title(tree: lxml_html.HtmlElement) -> str | None:
    for name in ("h1", "title"):
        for found in tree.iter(name):
            if text := one_line(found.text_content()):
                return text
    return None


def _paragraphs(text: str, titles: Iterable[str]) -> list[str]:
    """Return the lines of text without the repeated headline, pointers, labels and rows of buttons."""
    heads = {bare(t) for t in titles if t} - {""}
    lexicon = words()
    kept: list[str] = []
    for raw in clean_text(text, 2 * MAX_TEXT).split("\n"):
        line = re.sub(r"^[-*•] ", "", raw.strip().strip("|").strip())
        plain = bare(line)
        if not plain or (len(kept) < 3 and plain in heads):
            continue
        if len(line) < 300 and lexicon.pointers.match(line):
            continue
        if len(line) < 160 and lexicon.labels.fullmatch(line):
            continue
        if (
            len(line) < 60
            and (lexicon.boxes.match(line) or lexicon.comments.match(line))
            and line[-1] not in '.!?”"'
        ):
            continue
        if len(line) < 120 and len(lexicon.networks.findall(line)) >= 2 and len(plain.split()) <= 12:
            continue
        if re.fullmatch(r"(?:[12]\d{3}-\d\d-\d\d[ T]?[\d:]*|by [\w .'-]{3,60})", line, re.I):
            continue
        kept.append(line)
    return kept


def _visible(tree: lxml_html.HtmlElement) -> str:
    return one_line(tree.text_content()[:20_000], 2_000)


def _is_all_in_one(extracted: str, heads: Iterable[str]) -> bool:
    """Return whether the first line runs on from the headline: trafilatura gave up on a short page."""
    first = bare(extracted.split("\n", 1)[0])
    return any(first.startswith(bare(head)) and first != bare(head) for head in heads if bare(head))


def _prose(tree: lxml_html.HtmlElement) -> str:
    """Return the sentences of a page with little text, a line a block."""
    lines = []
    for element in tree.iter(*_BLOCKS):
        line = " ".join(element.text_content().split())
        is_leaf = all(child.tag in INLINE or child.tag == "br" for child in element)
        if is_leaf and count_words(line) >= 4 and line.endswith((".", "!", "?", '"', "”", "’", ")")):
            lines.append(line)
    return "\n".join(lines)


def _refuse_wall(text: str, raw: str, page_title: str, seen: str) -> None:
    """Refuse what a server shows instead of an article.

    A paywall may follow a first paragraph; the others stand alone, so beside more than a little other
    text their words are words of the article. All that the page shows (``seen``) counts only where no text
    is left: under a flash of two lines stands the same consent box as under any article.
    """
    if len(text) < _WALL_TEXT:
        lines = raw.split("\n")
        for reason, phrases in words().walls.items():
            said = [line for line in lines if any(p in line.lower() for p in phrases)]
            is_wall = bool(said) and (reason == "paywall" or len(raw) - sum(map(len, said)) < _MIN_TEXT)
            if not is_wall and len(text) < _MIN_TEXT:
                is_wall = any(phrase in f"{page_title}\n{text or seen}".lower() for phrase in phrases)
            if is_wall:
                raise ArticleUnreadable(reason, "the page shows a wall instead of the article")
    if not text:
        raise ArticleUnreadable("extract_empty", "no article text on the page")
    if len(text) < _MIN_TEXT and not re.search(r"[.!?。؟।]", text):
        raise ArticleUnreadable("extract_empty", "too little text for an article")
