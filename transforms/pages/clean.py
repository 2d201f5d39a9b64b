"""Pages to article text. The only module that imports trafilatura and resiliparse."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import py3langid
import trafilatura
from lxml import html as lxml_html
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text

from transforms.pages.boilerplate import remove_boilerplate
from transforms.pages.boilerplate_words import count_words, load_boilerplate_words, normalise_words
from transforms.pages.lines import INLINE_TAGS
from transforms.pages.markup import parse_markup, read_markup
from transforms.pages.page_date import find_page_date
from transforms.pages.walls import MAX_WALL_CHARACTERS, refuse_wall
from transforms.util.text import clean_text, one_line

MAX_TEXT_CHARACTERS = 200_000
# A shorter text that is full of names is often taken for another language.
_MIN_LANGUAGE_CHARACTERS = 200
# Other scripts than Latin belong to few languages, so less text is enough.
_MIN_LANGUAGE_CHARACTERS_NOT_LATIN = 60
_LANGUAGE_SAMPLE_CHARACTERS = 2_000
_MAX_VISIBLE_CHARACTERS = 2_000
_MAX_DATA_CELL_CHARACTERS = 250
_BLOCK_TAGS = ("p", "div", "td", "li", "blockquote", "section", "dd")
_MIN_SENTENCE_WORDS = 4
_SENTENCE_ENDS = (".", "!", "?", '"', "”", "’", ")")
_POINTER_LIMIT_CHARACTERS = 300
_LABEL_LIMIT_CHARACTERS = 160
_HEADING_LIMIT_CHARACTERS = 60
_BUTTON_ROW_LIMIT_CHARACTERS, _MAX_BUTTON_ROW_WORDS = 120, 12
_DATE_OR_BYLINE = re.compile(r"(?:[12]\d{3}-\d\d-\d\d[ T]?[\d:]*|by [\w .'-]{3,60})", re.I)


@dataclass(frozen=True, slots=True)
class CleanPage:
    """The text of an article, paragraphs separated by line breaks, and what else the page states.

    ``title``: the page's own title. ``language``: the ISO 639 code that the text suggests, null where the
    text is too short to tell. ``flags``: ``badly_encoded``, ``live_blog``, ``fallback_extractor``,
    ``text_cut``. ``published_raw``: the date at which the page says it was published, as it is written.
    """

    text: str
    title: str | None
    language: str | None = None
    flags: tuple[str, ...] = ()
    published_raw: str | None = None


def clean_page(body: bytes, *, title: str = "", summary: str = "", charset: str | None = None) -> CleanPage:
    """Return the article text of an HTML page.

    A hostile page can take unlimited time and memory, so callers run this in ``transforms.util.sandbox``.

    Args:
        body: the page as it was sent.
        title: the headline from the feed; where the page repeats it, it is not text.
        summary: the feed's summary, for the same reason.
        charset: the charset of the HTTP header.

    Raises:
        ArticleUnreadable: it is not HTML, shows a wall, or holds no text.
    """
    markup, flags = read_markup(body, charset)
    tree, is_small = parse_markup(markup)
    page_title, published_raw = _find_title(tree), find_page_date(tree)
    titles = (title, page_title or "")
    visible = one_line(tree.text_content()[:20_000], _MAX_VISIBLE_CHARACTERS)
    extracted = None
    if is_small:
        flags += remove_boilerplate(tree, titles, summary)
        extracted = _extract(tree, titles)
    if not extracted:
        remaining = lxml_html.tostring(tree, encoding="unicode") if is_small else markup
        extracted = extract_plain_text(remaining, main_content=True, alt_texts=False, links=False)
        flags.append("fallback_extractor")
    text = "\n".join(_select_paragraphs(extracted or "", titles))
    if len(text) > MAX_TEXT_CHARACTERS:
        text = text[:MAX_TEXT_CHARACTERS].rsplit("\n", 1)[0]
        flags.append("text_cut")
    refuse_wall(text, clean_text(extracted or "", MAX_WALL_CHARACTERS), page_title or "", visible)
    return CleanPage(text, page_title, detect_language(text), tuple(flags), published_raw)


def detect_language(text: str) -> str | None:
    """Return the ISO 639 code of the language of a text, or None where the text is too short to tell."""
    is_latin = sum(map(str.isascii, text)) > len(text) / 2
    if len(text) < (_MIN_LANGUAGE_CHARACTERS if is_latin else _MIN_LANGUAGE_CHARACTERS_NOT_LATIN):
        return None
    return str(py3langid.classify(text[:_LANGUAGE_SAMPLE_CHARACTERS])[0])


def _find_title(tree: HtmlElement) -> str | None:
    for tag in ("h1", "title"):
        for element in tree.iter(tag):
            if text := one_line(element.text_content()):
                return text
    return None


def _extract(tree: HtmlElement, titles: Iterable[str]) -> str | None:
    """Return what trafilatura takes for the article's text; the tree is changed."""
    _join_drop_caps(tree)
    _unfold_layout_tables(tree)
    extracted: str | None = trafilatura.extract(
        tree, fast=True, include_comments=False, include_tables=True, with_metadata=False
    )
    if extracted and _runs_on_from_headline(extracted, titles):
        return _collect_sentences(tree) or extracted
    return extracted


def _join_drop_caps(tree: HtmlElement) -> None:
    """Join a styled first letter with the rest of its word."""
    for element in list(tree.iter("b", "span", "strong", "big", "font")):
        if len(element) == 0 and len((element.text or "").strip()) == 1 and element.tail:
            element.drop_tag()


def _unfold_layout_tables(tree: HtmlElement) -> None:
    """Turn tables that lay out a page into blocks: trafilatura joins the cells of a row into one line."""
    for table in list(tree.iter("table")):
        if any(_is_layout_cell(cell) for cell in table.iter("td")):
            for part in table.iter("table", "tbody", "tr", "td"):
                part.tag = "div"


def _is_layout_cell(cell: HtmlElement) -> bool:
    return len(cell.text_content()) > _MAX_DATA_CELL_CHARACTERS or bool(cell.xpath(".//p|.//h1"))


def _runs_on_from_headline(extracted: str, titles: Iterable[str]) -> bool:
    """Return whether the first line continues after the headline.

    trafilatura then failed on a short page and joined everything into one line.
    """
    first_line = normalise_words(extracted.split("\n", 1)[0])
    headlines = filter(None, map(normalise_words, titles))
    return any(first_line.startswith(headline) and first_line != headline for headline in headlines)


def _collect_sentences(tree: HtmlElement) -> str:
    """Return the sentences of a page with little text, each block on its own line."""
    lines = []
    for element in tree.iter(*_BLOCK_TAGS):
        line = " ".join(element.text_content().split())
        is_leaf = all(child.tag in INLINE_TAGS or child.tag == "br" for child in element)
        if is_leaf and count_words(line) >= _MIN_SENTENCE_WORDS and line.endswith(_SENTENCE_ENDS):
            lines.append(line)
    return "\n".join(lines)


def _select_paragraphs(extracted: str, titles: Iterable[str]) -> list[str]:
    """Return the lines of the extracted text that are the article's own."""
    headlines = {normalise_words(title) for title in titles if title} - {""}
    paragraphs: list[str] = []
    for raw in clean_text(extracted, 2 * MAX_TEXT_CHARACTERS).split("\n"):
        line = re.sub(r"^[-*•] ", "", raw.strip().strip("|").strip())
        words = normalise_words(line)
        is_repeated_headline = len(paragraphs) < 3 and words in headlines
        if words and not is_repeated_headline and not _is_boilerplate_line(line):
            paragraphs.append(line)
    return paragraphs


def _is_boilerplate_line(line: str) -> bool:
    """Return whether a line is a pointer, a label, a heading, a row of buttons, a date or a byline."""
    words = load_boilerplate_words()
    if len(line) < _POINTER_LIMIT_CHARACTERS and words.pointers.match(line):
        return True
    if len(line) < _LABEL_LIMIT_CHARACTERS and words.labels.fullmatch(line):
        return True
    if len(line) < _HEADING_LIMIT_CHARACTERS and _is_box_heading(line):
        return True
    if len(line) < _BUTTON_ROW_LIMIT_CHARACTERS and _is_button_row(line):
        return True
    return _DATE_OR_BYLINE.fullmatch(line) is not None


def _is_box_heading(line: str) -> bool:
    words = load_boilerplate_words()
    is_sentence = line[-1] in '.!?”"'
    return not is_sentence and bool(words.box_headings.match(line) or words.comment_headings.match(line))


def _is_button_row(line: str) -> bool:
    buttons = load_boilerplate_words().share_buttons.findall(line)
    return len(buttons) >= 2 and len(normalise_words(line).split()) <= _MAX_BUTTON_ROW_WORDS
