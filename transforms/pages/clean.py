"""Pages to article text."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lxml import html as lxml_html
from lxml.html import HtmlElement

from transforms.pages.asides import stems_of
from transforms.pages.boilerplate import remove_boilerplate, remove_next_stories
from transforms.pages.boilerplate_words import (
    count_words,
    ends_as_sentence,
    load_boilerplate_words,
    normalise_words,
)
from transforms.pages.data_nodes import parse_data
from transforms.pages.extractors import extract_with_resiliparse, extract_with_trafilatura
from transforms.pages.leads import add_missing_lead
from transforms.pages.line_choice import choose_lines
from transforms.pages.lines import INLINE_TAGS
from transforms.pages.markup import Markup, parse_markup, read_markup
from transforms.pages.page_blocks import PageBlocks
from transforms.pages.page_facts import list_titles, read_page_facts
from transforms.pages.page_kind import UNKNOWN_KIND, PageKind, read_page_kind
from transforms.pages.pushed_data import read_attribute_data, read_pushed_data
from transforms.pages.second_opinion import choose_text, is_prose_line, keep_prose, keep_stated
from transforms.pages.structured_data import (
    LinkedArticle,
    check_body,
    read_linked_article,
    read_state_body,
)
from transforms.pages.text_lines import (
    drop_first_day,
    drop_last_notices,
    drop_pull_quotes,
    select_paragraphs,
)
from transforms.pages.walls import MAX_WALL_CHARACTERS, refuse_wall
from transforms.util.languages import most_likely_language
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
_MAX_TEASER_WORDS = 150
_MIN_LEAD_WORDS, _MAX_LEAD_WORDS = 8, 120
_WORDS_OF_BEGINNING = 45
_MIN_GAIN_OF_STATED, _MIN_SHARE_OF_SURE = 1.5, 0.7


@dataclass(frozen=True, slots=True)
class CleanPage:
    """The text of an article, paragraphs separated by line breaks, and what else the page states.

    ``title``: the page's own title. ``language``: the ISO 639 code that the text suggests, null where the
    text is too short to tell. ``flags``: ``badly_encoded``, ``live_blog``, ``fallback_extractor``,
    ``second_extractor``, ``structured_data``, ``paywall_line``, ``text_cut``. ``published``: the time of
    publication as the page writes it. ``authors``: names, separated by commas. ``kind``: what the page says
    of itself.
    """

    text: str
    title: str | None
    language: str | None = None
    flags: tuple[str, ...] = ()
    published: str | None = None
    authors: str | None = None
    kind: PageKind = UNKNOWN_KIND


def clean_page(body: bytes, *, title: str = "", summary: str = "", charset: str | None = None) -> CleanPage:
    """Return the article text of an HTML page.

    A hostile page can take unlimited time and memory, so callers run this in ``transforms.util.sandbox``.

    Args:
        body: the page as it was sent.
        title: the headline from the feed; where the page repeats it, it is not text.
        summary: the feed's summary; a paragraph that repeats it is text.
        charset: the charset of the HTTP header.

    Raises:
        ArticleUnreadable: it is not HTML, shows a wall, or holds no text.
    """
    page = read_markup(body, charset)
    markup, scripts, flags = page.text, page.scripts, list(page.flags)
    tree, is_small = parse_markup(markup)
    kind = read_page_kind(tree, scripts.linked_data)
    shown = [text for text in list_titles(tree) if text]
    linked = read_linked_article(scripts, (title, *shown))
    facts = read_page_facts(
        tree, linked, scripts, title=title, address=kind.canonical or "", is_small=is_small
    )
    titles = (title, facts.title or "")
    visible = one_line(tree.text_content()[:20_000], _MAX_VISIBLE_CHARACTERS)
    leads = _shows_paragraph(tree, summary)
    if is_small:
        blocks = PageBlocks(tree)
        read = _read_text(markup, tree, titles)
        extracted, found = read.text, read.flags
        text = "\n".join(select_paragraphs(extracted, titles))
        if read.markup is not markup:
            blocks = PageBlocks(parse_markup(read.markup)[0])
        text = choose_lines(text, blocks, titles, summary, read.refused)
    else:
        extracted, found = _read_large(markup), ["fallback_extractor"]
        text = "\n".join(select_paragraphs(extracted, titles))
    flags += found
    text = drop_pull_quotes(drop_first_day(drop_last_notices(text)))
    if _is_sure(linked, titles):
        text = keep_stated(text, linked.body)
    if leads:
        text = _add_lead(text, summary)
    stated = _choose_stated_text(text, page, linked, titles)
    if stated:
        text = "\n".join(select_paragraphs(stated, titles))
        flags.append("structured_data")
    if len(text) > MAX_TEXT_CHARACTERS:
        text = text[:MAX_TEXT_CHARACTERS].rsplit("\n", 1)[0]
        flags.append("text_cut")
    if not stated:
        seen = clean_text(extracted, MAX_WALL_CHARACTERS)
        shows = bool(title) and normalise_words(title) in map(normalise_words, shown)
        flags += refuse_wall(text, seen, facts.title or "", visible, shows_headline=shows)
    language = detect_language(text)
    return CleanPage(text, facts.title, language, tuple(flags), facts.published, facts.authors, kind)


def detect_language(text: str) -> str | None:
    """Return the ISO 639 code of the language of a text, or None where the text is too short to tell."""
    is_latin = sum(map(str.isascii, text)) > len(text) / 2
    if len(text) < (_MIN_LANGUAGE_CHARACTERS if is_latin else _MIN_LANGUAGE_CHARACTERS_NOT_LATIN):
        return None
    return most_likely_language(text[:_LANGUAGE_SAMPLE_CHARACTERS])


@dataclass(frozen=True, slots=True)
class _Read:
    """The text of a page, its markup without other whole stories, flags, and lines that rules refused."""

    text: str
    markup: str
    flags: list[str]
    refused: frozenset[str]


def _read_text(markup: str, tree: HtmlElement, titles: tuple[str, str]) -> _Read:
    """Return what rules and extractors find; the tree is changed."""
    remains = remove_boilerplate(tree, titles)
    flags = remains.flags
    if remains.is_endless:  # the other opinions are on this story too
        markup = _clean_markup(markup, titles, remove_next_stories)
    text, is_other = choose_text(
        _extract(tree, titles),
        remains.paragraphs,
        extract_with_resiliparse(markup),
        read_cleaned=lambda: extract_with_resiliparse(_clean_markup(markup, titles, remove_boilerplate)),
        read_whole=lambda: extract_with_trafilatura(parse_markup(markup)[0]),
    )
    if is_other:
        flags.append("second_extractor")
    else:
        text = add_missing_lead(text, remains.lead)
    if not text:
        text = extract_with_resiliparse(_clean_markup(markup, titles, remove_boilerplate))
        flags.append("fallback_extractor")
    return _Read(text, markup, flags, remains.refused)


def _shows_paragraph(tree: HtmlElement, summary: str) -> bool:
    """Return whether a page shows the feed's summary as a paragraph or a line under its headline."""
    words = normalise_words(summary)
    number = count_words(summary)
    if not _MIN_LEAD_WORDS <= number <= _MAX_LEAD_WORDS:
        return False
    blocks = tree.iter("p", "div", "h2", "h3", "strong", "span")
    length = len(summary)
    return any(
        len(text) < 2 * length and normalise_words(text) == words
        for text in (block.text_content() for block in blocks)
        if len(text) >= length // 2
    )


def _add_lead(text: str, summary: str) -> str:
    """Return the text, with the summary before it where it lacks it: the lead is part of the report."""
    if not text or normalise_words(summary) in normalise_words(text):
        return text
    return f"{one_line(summary)}\n{text}"


def _clean_markup(markup: str, titles: tuple[str, str], remove: Callable[..., object]) -> str:
    """Return a page without what a function removes from its tree."""
    tree, _ = parse_markup(markup)
    remove(tree, titles)
    return str(lxml_html.tostring(tree, encoding="unicode"))


def _read_large(markup: str) -> str:
    """Return the prose of a page that is too large for trafilatura and for the rules.

    Without the rules its menus are still there: one such page had 38,000 links.
    """
    lines = extract_with_resiliparse(markup).split("\n")
    return "\n".join(line for line in lines if is_prose_line(line) or ends_as_sentence(line))


def _choose_stated_text(
    text: str, page: Markup, linked: LinkedArticle, titles: tuple[str, str]
) -> str | None:
    """Return the text that the page states for machines, where it shows only a part of it or nothing."""
    if linked.body and _is_fuller(linked.body, text, is_sure=_is_sure(linked, titles)):
        return linked.body
    if count_words(text) < _MAX_TEASER_WORDS:
        pushed = read_pushed_data(page.scripts.others)
        states = (*map(parse_data, page.scripts.states), *pushed.values, *read_attribute_data(page.text))
        body, is_titled = read_state_body(states, titles)
        drawn = check_body(_read_drawn(pushed.markup, titles))
        if drawn and _is_fuller(drawn, body, is_sure=False):
            body, is_titled = drawn, True
        if not body or not _is_fuller(body, text, is_sure=False):
            return None
        if _may_be_of(text, body) or (is_titled and _is_nearer(body, text, titles)):
            return body
    return None


def _is_sure(linked: LinkedArticle, titles: Iterable[str]) -> bool:
    """Return whether JSON-LD states the headline, so that its body is surely the article's."""
    return normalise_words(linked.headline) in {normalise_words(title) for title in titles if title}


def _read_drawn(markup: str, titles: tuple[str, str]) -> str:
    """Return the text of the page that scripts would draw; empty where it does not show a title."""
    if not markup:
        return ""
    tree, is_small = parse_markup(f"<!DOCTYPE html><html><body>{markup}</body></html>")
    shown = normalise_words(tree.text_content())
    if not is_small or not any(words and words in shown for words in map(normalise_words, titles)):
        return ""
    blocks = PageBlocks(tree)
    read = _read_text(markup, tree, titles)
    text = "\n".join(select_paragraphs(read.text, titles))
    return choose_lines(text, blocks, titles, "", read.refused)


def _is_nearer(body: str, text: str, titles: Iterable[str]) -> bool:
    """Return whether a stated text begins with as many words of the headlines as the shown one, or more.

    The data of a page hold the beginnings of other stories too, one after the other.
    """
    title = frozenset().union(*map(stems_of, titles))
    stated, shown = (stems_of(" ".join(part.split()[:_WORDS_OF_BEGINNING])) for part in (body, text))
    return len(stated & title) >= len(shown & title) or not keep_prose(text)


def _may_be_of(text: str, body: str) -> bool:
    """Return whether a text in data that state no title may be the whole of the shown text.

    It holds much of the sentences that are shown; or none are shown but notices.
    """
    notices = load_boilerplate_words().notices
    lines = [normalise_words(line) for line in keep_prose(text).split("\n") if not notices.search(line)]
    stated = normalise_words(body)
    probes = [" ".join(part) for words in map(str.split, lines) for part in (words[:4], words[4:8])]
    return sum(probe in stated for probe in probes) >= len(probes) / 2


def _is_fuller(body: str, text: str, *, is_sure: bool) -> bool:
    """Return whether a stated text has much that the shown text lacks, and is not shorter.

    If its headline is surely the article's, it may be a little shorter: beside a teaser, cards of other
    stories may have been taken for text.
    """
    words, stated = Counter(normalise_words(text).split()), Counter(normalise_words(body).split())
    in_both = sum((words & stated).values())
    least = (_MIN_SHARE_OF_SURE if is_sure else 1.0) * count_words(text)
    return count_words(body) >= least and sum(stated.values()) > _MIN_GAIN_OF_STATED * in_both


def _extract(tree: HtmlElement, titles: Iterable[str]) -> str:
    """Return what trafilatura takes for the article's text; the tree is changed."""
    _drop_anchors(tree)
    _join_drop_caps(tree)
    _unfold_layout_tables(tree)
    extracted = extract_with_trafilatura(tree)
    if extracted and _runs_on_from_headline(extracted, titles):
        return _collect_sentences(tree) or extracted
    return extracted


def _drop_anchors(tree: HtmlElement) -> None:
    """Drop the empty ``a`` elements that only name a place: trafilatura leaves out what follows one."""
    for anchor in list(tree.iter("a")):
        if not anchor.get("href") and not len(anchor) and not (anchor.text or "").strip():
            anchor.drop_tag()


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
        if is_leaf and count_words(line) >= _MIN_SENTENCE_WORDS and ends_as_sentence(line):
            lines.append(line)
    return "\n".join(lines)
