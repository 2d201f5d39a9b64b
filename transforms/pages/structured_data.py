"""What a page states for machines: JSON-LD, and the data from which a script draws the page.

Some pages hold their article only there. The data also hold menus, cards of other articles and legal notices,
so a text from them must be long, be made of sentences, and belong to the headline where that is known.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from transforms.pages.boilerplate_words import count_words, ends_as_sentence, normalise_words
from transforms.pages.data_authors import list_linked_authors
from transforms.pages.data_nodes import as_list, parse_data, parse_first_data, resolve_flat, walk_data
from transforms.util.text import clean_text, strip_markup

_MAX_LD_CHARACTERS = 1_000_000
_MAX_STATE_CHARACTERS = 5_000_000
_MAX_SCRIPTS = 30
_MAX_STORIES = 20
_MAX_BODY_CHARACTERS = 200_000
_MIN_BODY_WORDS = 30
_MIN_PARAGRAPH_WORDS = 8
_MIN_SHARE_OF_SENTENCES = 0.6
_SCRIPT_START = re.compile(r"<script\b([^>]{0,2000})>", re.I)
_SCRIPT_END = re.compile(r"</script\b", re.I)
_LD_TYPE = re.compile(r"application/ld\+json", re.I)
_STATE_TYPE = re.compile(r"""__NEXT_DATA__|type\s*=\s*["']?application/json\b""", re.I)
_ASSIGNMENT = re.compile(
    r"""\s*(?:(?:var|let|const)\s+|(?:window|self|globalThis)\s*(?:\.|\[\s*["']))"""
    r"""[\w$]{1,60}(?:["']\s*\])?\s*=\s*\{"""
)
_PARSED_STRING = re.compile(_ASSIGNMENT.pattern.removesuffix(r"\{") + r"""JSON\.parse\(\s*(?=")""")
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$")
_TITLE_KEYS = ("headline", "title", "name")
_CARD_KEYS = frozenset({"url", "href", "link", "slug", "permalink", "canonical_url"})
_TEXT_KEYS = frozenset(
    "text value content contents html body bodyhtml paragraph paragraphs children data blocks elements items "
    "p".split()
)
_DOUBLE_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class DataScripts:
    """The scripts of a page that hold data: JSON-LD, and the state of its application.

    ``assigned``: states that a script gives to a variable, such as ``window.__INITIAL_STATE__``; from the
    beginning of the object to the end of the script. Of ``JSON.parse("...")``, what the string holds.
    """

    linked_data: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """What JSON-LD states of the article. Empty where it states nothing."""

    headline: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    body: str = field(default="", repr=False)


def find_data_scripts(markup: str) -> DataScripts:
    """Return the data scripts of a page; too large ones are left out."""
    linked_data, states, assigned = [], [], []
    position = 0
    while start := _SCRIPT_START.search(markup, position):
        end = _SCRIPT_END.search(markup, start.end())
        if end is None:
            break
        position, size = end.end(), end.start() - start.end()
        if _LD_TYPE.search(start[1]) and size <= _MAX_LD_CHARACTERS:
            linked_data.append(markup[start.end() : end.start()])
        elif _STATE_TYPE.search(start[1]) and size <= _MAX_STATE_CHARACTERS:
            states.append(markup[start.end() : end.start()])
        elif size <= _MAX_STATE_CHARACTERS and (state := _ASSIGNMENT.match(markup, start.end(), end.start())):
            assigned.append(markup[state.end() - 1 : end.start()])
        elif size <= _MAX_STATE_CHARACTERS and (
            state := _PARSED_STRING.match(markup, start.end(), end.start())
        ):
            parsed = parse_first_data(markup[state.end() : end.start()])
            assigned += [parsed] if isinstance(parsed, str) else []
    return DataScripts(
        tuple(linked_data[:_MAX_SCRIPTS]), tuple(states[:_MAX_SCRIPTS]), tuple(assigned[:_MAX_SCRIPTS])
    )


def read_linked_article(scripts: DataScripts, titles: Iterable[str]) -> LinkedArticle:
    """Return what JSON-LD states of the article.

    Of several articles on the page it is the one with a given title, else the first.

    Args:
        scripts: the page's scripts.
        titles: titles that the article may have.
    """
    known = {normalise_words(title) for title in titles} - {""}
    data = [parse_data(script) for script in scripts.linked_data]
    articles = [node for part in data for node in _find_articles(part)]
    if not articles:
        return LinkedArticle()
    chosen = next((a for a in articles if normalise_words(_text_of(a, "headline")) in known), articles[0])
    return LinkedArticle(
        headline=_text_of(chosen, "headline") or _text_of(chosen, "name"),
        published=_text_of(chosen, "datePublished"),
        authors=list_linked_authors(chosen, data),
        body=_read_body(_text_of(chosen, "articleBody") or _text_of(chosen, "text")),
    )


def read_state_body(scripts: DataScripts, titles: Iterable[str]) -> str:
    """Return the article's text from the data of the page's application; empty where there is none.

    It is the longest text beside a given title; only where the data do not state the title, the longest text.
    """
    known = {normalise_words(title) for title in titles} - {""}
    best = ""
    for state in (*map(parse_data, scripts.states), *map(parse_first_data, scripts.assigned)):
        state = resolve_flat(state)
        for story in _find_titled(state, known) or [state]:
            body = max(_find_bodies(story), key=len, default="")
            best = max(best, body, key=len)
    return best


def _find_articles(data: Any) -> Iterator[dict[str, Any]]:
    for node in walk_data(data):
        if isinstance(node, dict):
            types = [str(kind) for kind in as_list(node.get("@type"))]
            if any(_ARTICLE_TYPE.search(kind) for kind in types):
                yield node


def _text_of(node: dict[str, Any], key: str) -> str:
    value = node.get(key)
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        value = "\n".join(value)
    return html.unescape(value).strip() if isinstance(value, str) else ""


def _find_titled(state: Any, titles: set[str]) -> list[dict[str, Any]]:
    """Return the objects with one of the titles, and behind them the objects that hold one."""
    found, holders = [], []
    for node in walk_data(state):
        if not isinstance(node, dict):
            continue
        if any(
            normalise_words(v) in titles
            for k, v in node.items()
            if k.lower() in _TITLE_KEYS and isinstance(v, str)
        ):
            found.append(node)
        elif any(
            isinstance(child, dict)
            and any(normalise_words(str(child.get(key, ""))) in titles for key in _TITLE_KEYS)
            for child in node.values()
        ):
            holders.append(node)
    return [node for node in found[:_MAX_STORIES] if any(_find_bodies(node))] or holders[:_MAX_STORIES]


def _find_bodies(story: Any) -> Iterator[str]:
    """Yield the texts in some data: long strings, and lists of blocks with a paragraph each."""
    for node in walk_data(story):
        if isinstance(node, list):
            paragraphs = [_read_block(block) for block in node]
            yield _check_body("\n".join(filter(None, paragraphs)))
        else:
            for value in node.values():
                if isinstance(value, str) and len(value) > 4 * _MIN_BODY_WORDS:
                    yield _read_body(value)


def _read_block(block: Any, depth: int = 0) -> str:
    """Return the paragraph in a block of a text; empty for a card, which has an address of its own."""
    if isinstance(block, str):
        return " ".join(strip_markup(block).split()) if "<" in block else block.strip()
    if depth > 8:
        return ""
    if isinstance(block, list):
        return " ".join(filter(None, (_read_block(part, depth + 1) for part in block[:500])))
    if not isinstance(block, dict) or (depth == 0 and _CARD_KEYS.intersection(block)):
        return ""
    parts = (_read_block(value, depth + 1) for key, value in block.items() if key.lower() in _TEXT_KEYS)
    return " ".join(" ".join(filter(None, parts)).split())


def _read_body(text: str) -> str:
    """Return the paragraphs of a text that may be HTML, a line each."""
    text = text[: 2 * _MAX_BODY_CHARACTERS]
    if "<p" in text or "<br" in text or "</" in text:
        # A paragraph that is one link points to another article.
        text = strip_markup(re.sub(r"<p\b[^>]*>\s*<a\b[^>]*>[^<]*</a>\s*</p>", "\n", text))
    return _check_body(_DOUBLE_BREAK.sub("\n", clean_text(text, _MAX_BODY_CHARACTERS)))


def _check_body(text: str) -> str:
    """Return a text if most of it is sentences and it is long enough for an article, else nothing."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    in_sentences = sum(
        len(line) for line in lines if ends_as_sentence(line) and count_words(line) >= _MIN_PARAGRAPH_WORDS
    )
    is_text = in_sentences >= _MIN_SHARE_OF_SENTENCES * sum(map(len, lines)) > 0
    text = "\n".join(lines)
    return text if is_text and count_words(text) >= _MIN_BODY_WORDS else ""
