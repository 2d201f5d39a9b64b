"""Pages to article text. The one place that imports trafilatura."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import trafilatura
import yaml
from charset_normalizer import from_bytes
from lxml import etree
from lxml import html as lxml_html

from transforms.text import clean_text, one_line

_MAX_ELEMENTS = 30_000
_MIN_TEXT = 250
_WALL_TEXT = 1_500
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.I)
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|article|div|p|h1|table|main)\b", re.I)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x7fELF", b"MZ\x90")


class ArticleUnreadable(ValueError):
    """A page without usable article text; ``reason`` is one of ``schemas.vocabulary.REASONS``."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CleanPage:
    """The text of an article, paragraphs divided by line breaks, and the page's own title."""

    text: str
    title: str | None


@dataclass(frozen=True, slots=True)
class _Furniture:
    tokens: frozenset[str]
    deks: frozenset[str]
    pointers: tuple[str, ...]
    walls: dict[str, tuple[str, ...]]


@cache
def _furniture() -> _Furniture:
    raw = yaml.safe_load((files("transforms") / "furniture.yaml").read_text("utf-8"))
    unknown = set(raw) - {"tokens", "deks", "pointers", "walls"}
    if unknown:
        raise ValueError(f"furniture.yaml: unknown keys {sorted(unknown)}")
    walls = {reason: tuple(phrases) for reason, phrases in raw["walls"].items()}
    return _Furniture(frozenset(raw["tokens"]), frozenset(raw["deks"]), tuple(raw["pointers"]), walls)


def clean_page(body: bytes, *, title: str = "", summary: str = "", charset: str | None = None) -> CleanPage:
    """Return the article text of an HTML page.

    Args:
        body: the page as it came.
        title: the headline from the feed, so that its repetition is not taken for text.
        summary: the feed's summary, for the same reason.
        charset: the charset of the HTTP header.

    Raises:
        ArticleUnreadable: it is no HTML, a wall, or holds no text.
    """
    page = _decode(body, charset)
    tree = _parse(page)
    page_title = _title(tree)
    _remove_furniture(tree, summary)
    extracted = trafilatura.extract(
        tree, fast=True, include_comments=False, include_tables=True, with_metadata=False
    )
    paragraphs = _paragraphs(extracted or "", (title, page_title or ""))
    text = "\n".join(paragraphs)
    if len(text) < _WALL_TEXT:
        _refuse_wall(text or f"{page_title or ''}\n{_visible(tree)}", text)
    if not text:
        raise ArticleUnreadable("extract_empty", "no article text on the page")
    return CleanPage(text, page_title)


def _decode(body: bytes, charset: str | None) -> str:
    if body.startswith(_BINARY) or b"\x00" in body[:1024].replace(b"\xff\xfe", b""):
        raise ArticleUnreadable("not_html", "the page is a binary file")
    if not _HTML.search(body[:200_000]):
        raise ArticleUnreadable("not_html", "the page holds no HTML")
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


def _parse(page: str) -> lxml_html.HtmlElement:
    parser = lxml_html.HTMLParser(huge_tree=True, remove_comments=True, encoding="utf-8")
    try:
        tree = lxml_html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ArticleUnreadable("extract_empty", "the page can't be parsed") from error
    if sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        # trafilatura is quadratic in elements: 50,000 paragraphs take it 7 s.
        raise ArticleUnreadable("extract_empty", f"more than {_MAX_ELEMENTS} elements")
    return tree


def _title(tree: lxml_html.HtmlElement) -> str | None:
    for path in ("//h1", "//title"):
        for found in tree.xpath(path)[:1]:
            return one_line(found.text_content()) or None
    return None


def _remove_furniture(tree: lxml_html.HtmlElement, summary: str) -> None:
    tokens, deks, said = _furniture().tokens, _furniture().deks, _bare(summary)
    doomed = []
    for element in tree.iter(etree.Element):
        if element.tag in ("nav", "footer", "aside", "script", "style", "noscript", "form"):
            doomed.append(element)
        elif element.tag not in ("html", "body", "main", "article"):
            names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
            # A dek that is the feed's summary again. A first *paragraph* that equals the summary
            # stays: many feeds simply send the lead.
            is_dek = bool(deks.intersection(names)) and _bare(element.text_content()) == said
            if is_dek or tokens.intersection(names):
                doomed.append(element)
    body_text = len(tree.text_content())
    for element in doomed:
        if element.getparent() is not None and len(element.text_content()) < 0.8 * body_text:
            element.drop_tree()
    for heading in tree.xpath("//h2|//h3|//h4|//h5"):
        _drop_list_under(heading)


def _drop_list_under(heading: lxml_html.HtmlElement) -> None:
    """Remove a box of headlines that only its own heading betrays ("More news", "Read also")."""
    words = one_line(heading.text_content(), 80).lower()
    if not re.match(r"(more|related|read also|read more|recent|latest|popular|most read|you may)\b", words):
        return
    parent = heading.getparent()
    if parent is None or parent.tag in ("body", "main", "article"):
        return
    # Only a box that begins with the heading is its box: on some pages the whole story stands before it.
    if parent.index(heading) == 0 and not parent.xpath("./p"):
        parent.drop_tree()


def _paragraphs(text: str, titles: Iterable[str]) -> list[str]:
    """Return the lines of text without the repeated headline and without pointers."""
    heads = {_bare(t) for t in titles if t} - {""}
    pointers = _furniture().pointers
    kept: list[str] = []
    for line in clean_text(text).split("\n"):
        line = re.sub(r"^[-*•] ", "", line.strip())
        bare = _bare(line)
        if not bare or (len(kept) < 3 and bare in heads):
            continue
        if line.lower().startswith(pointers) and len(line) < 300:
            continue
        if re.fullmatch(r"(?:[12]\d{3}-\d\d-\d\d[ T]?[\d:]*|by [\w .'-]{3,60})", line, re.I):
            continue
        kept.append(line)
    return kept


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def _visible(tree: lxml_html.HtmlElement) -> str:
    return one_line(tree.text_content(), 2_000)


def _refuse_wall(seen: str, text: str) -> None:
    lowered = seen.lower()
    for reason, phrases in _furniture().walls.items():
        if any(phrase in lowered for phrase in phrases):
            raise ArticleUnreadable(reason, "the page shows a wall instead of the article")
    if 0 < len(text) < _MIN_TEXT and not re.search(r"[.!?]", text):
        raise ArticleUnreadable("extract_empty", "too little text for an article")
