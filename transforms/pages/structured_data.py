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
from transforms.pages.data_nodes import (
    as_list,
    parse_data,
    parse_first_data,
    resolve_flat,
    resolve_references,
    unfold_strings,
    walk_data,
)
from transforms.util.text import clean_text, strip_markup

_MAX_LD_CHARACTERS = 1_000_000
_MAX_STATE_CHARACTERS = 5_000_000
_MAX_SCRIPTS, _MAX_OTHER_SCRIPTS = 30, 3_000
_MAX_STORIES = 20
_MAX_BODY_CHARACTERS = 200_000
_MIN_BODY_WORDS, _MIN_TITLED_BODY_WORDS = 30, 20
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
_READER_KEYS = frozenset({"user", "username", "nickname", "avatar"})
_SPEAKER_KEYS = _READER_KEYS | {"author"}
_TEXT_KEYS = frozenset(
    "text value content contents html body bodyhtml paragraph paragraphs children data blocks elements items "
    "p".split()
)
_MIN_BLANKS_OF_TITLE, _TITLE_LIMIT_CHARACTERS = 3, 400
_MAX_SHARE_OF_ASIDES = 0.4
_MIN_OTHER_TITLE_WORDS, _MIN_SHARE_OF_TITLE = 4, 0.6
_CHINESE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u3000-\u303f\uff00-\uffef"
_BLANK_OF_CHINESE = re.compile(f"(?<=[{_CHINESE}]) (?=[{_CHINESE}])")
"""Chinese and Japanese have no blanks, so none joins the pieces of a sentence."""
_DOUBLE_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class DataScripts:
    """The scripts of a page that hold data: JSON-LD, and the state of its application.

    ``assigned``: states that a script gives to a variable, such as ``window.__INITIAL_STATE__``; from the
    beginning of the object to the end of the script. Of ``JSON.parse("...")``, what the string holds.
    ``others``: all scripts but JSON-LD and states, as they are; they may push data in pieces.
    """

    linked_data: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()
    others: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """What JSON-LD states of the article. Empty where it states nothing."""

    headline: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    body: str = field(default="", repr=False)


def find_data_scripts(markup: str) -> DataScripts:
    """Return the data scripts of a page; too large ones are left out."""
    linked_data, states, assigned, others = [], [], [], []
    position = 0
    while start := _SCRIPT_START.search(markup, position):
        end = _SCRIPT_END.search(markup, start.end())
        if end is None:
            break
        position, size = end.end(), end.start() - start.end()
        if size > _MAX_STATE_CHARACTERS:
            continue
        if _LD_TYPE.search(start[1]):
            if size <= _MAX_LD_CHARACTERS:
                linked_data.append(markup[start.end() : end.start()])
            continue
        if _STATE_TYPE.search(start[1]):
            states.append(markup[start.end() : end.start()])
            continue
        if size > 0:
            others.append(markup[start.end() : end.start()])
        if state := _ASSIGNMENT.match(markup, start.end(), end.start()):
            assigned.append(markup[state.end() - 1 : end.start()])
        elif state := _PARSED_STRING.match(markup, start.end(), end.start()):
            parsed = parse_first_data(markup[state.end() : end.start()])
            assigned += [parsed] if isinstance(parsed, str) else []
    return DataScripts(
        tuple(linked_data[:_MAX_SCRIPTS]),
        tuple(states[:_MAX_SCRIPTS]),
        tuple(assigned[:_MAX_SCRIPTS]),
        tuple(others[:_MAX_OTHER_SCRIPTS]),
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


def read_state_body(states: Iterable[Any], titles: Iterable[str]) -> tuple[str, bool]:
    """Return the article's text from the data of the page's application, and whether they state its title.

    It is the longest text beside a given title; only where the data do not state the title, the longest text.
    Empty where there is none.
    """
    known = {normalise_words(title) for title in titles} - {""}
    best, is_titled = "", False
    for state in states:
        state = resolve_references(resolve_flat(unfold_strings(state)))
        stories = _find_titled(state, known)
        for story in stories or [state]:
            body = max(_find_bodies(story, known), key=len, default="")
            if (bool(stories and body), len(body)) > (is_titled, len(best)):
                best, is_titled = body, bool(stories)
    return best, is_titled


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
        if _has_title(node, titles):
            found.append(node)
        elif any(isinstance(child, dict) and _has_title(child, titles) for child in node.values()):
            holders.append(node)
    stories = [node for node in found[:_MAX_STORIES] if any(_find_bodies(node, titles))]
    return stories or holders[:_MAX_STORIES]


def _has_title(node: dict[str, Any], titles: set[str]) -> bool:
    """Return whether an object states a title: under a usual name, or a long one under any name."""
    return any(
        (key.lower() in _TITLE_KEYS or value.count(" ") >= _MIN_BLANKS_OF_TITLE)
        and len(value) < _TITLE_LIMIT_CHARACTERS
        and normalise_words(value) in titles
        for key, value in node.items()
        if isinstance(value, str)
    )


def _find_bodies(story: Any, titles: set[str]) -> Iterator[str]:
    """Yield the texts in some data: long strings, and lists of blocks with a paragraph each.

    What stands beside another title is another story's, if it has an address too or is not in the article;
    what stands beside the name of a user is a comment.
    """
    is_titled = isinstance(story, dict) and _has_title(story, titles)
    # Where the title stands as it is, another one is not a version of it.
    least = 1.0 if is_titled else _MIN_SHARE_OF_TITLE
    fewest = _MIN_TITLED_BODY_WORDS if is_titled else _MIN_BODY_WORDS
    cards: set[int] = set()
    for node in walk_data(story):
        is_card = node is not story and _is_other_story(node, titles, least)
        is_card = is_card and (not is_titled or not _CARD_KEYS.isdisjoint(node))
        is_comment = isinstance(node, dict) and node is not story and not _READER_KEYS.isdisjoint(node)
        if id(node) in cards or is_card or is_comment:
            cards.update(id(c) for c in (node.values() if isinstance(node, dict) else node))
        elif isinstance(node, list):
            paragraphs = [_read_block(block) for block in _without_asides(node)]
            text = "\n".join(filter(None, paragraphs))
            yield check_body(text, fewest) or check_body(_read_like_blocks(node), fewest)
        else:
            for value in node.values():
                if isinstance(value, str) and len(value) > 4 * _MIN_BODY_WORDS:
                    yield _read_body(value)


def _is_other_story(node: Any, titles: set[str], least: float) -> bool:
    """Return whether an object has a title of its own that shares too few words with the article's titles."""
    if not titles or not isinstance(node, dict):
        return False
    known = [set(title.split()) for title in titles]
    for key, value in node.items():
        if key.lower() in _TITLE_KEYS and isinstance(value, str):
            own = set(normalise_words(value).split())
            is_long = len(own) >= _MIN_OTHER_TITLE_WORDS
            if is_long and all(len(own & words) < least * max(len(own), len(words)) for words in known):
                return True
    return False


def _without_asides(blocks: list[Any]) -> list[Any]:
    """Return blocks of a text without the few that have a title of their own, such as a call to subscribe.

    Sections of an article have titles too: then most blocks have one.
    """
    titled = [isinstance(block, dict) and _is_titled(block) for block in blocks]
    is_rare = sum(titled) <= _MAX_SHARE_OF_ASIDES * len(blocks)
    return [b for b, has_title in zip(blocks, titled, strict=True) if not has_title] if is_rare else blocks


def _is_titled(block: dict[str, Any]) -> bool:
    """Return whether a block has a title and, under another name, a text."""
    titles = [value for key, value in block.items() if key.lower() in ("headline", "title") and value]
    return bool(titles) and any(key.lower() in _TEXT_KEYS and value for key, value in block.items())


def _read_like_blocks(blocks: list[Any]) -> str:
    """Return the texts of blocks that name them in a way of their own: under the name with most words.

    Blocks with a title of their own are cards or comments, not paragraphs.
    """
    names = {name.lower() for block in blocks if isinstance(block, dict) for name in block}
    if not names.isdisjoint((*_TITLE_KEYS, *_CARD_KEYS, *_SPEAKER_KEYS)):
        return ""
    texts: dict[str, list[str]] = {}
    for block in blocks:
        for name, value in block.items() if isinstance(block, dict) else ():
            if isinstance(value, str) and count_words(value) >= _MIN_PARAGRAPH_WORDS:
                texts.setdefault(name, []).append(_read_block(value))
    return "\n".join(max(texts.values(), key=lambda found: sum(map(len, found)), default=[]))


def _read_block(block: Any, depth: int = 0) -> str:
    """Return the paragraph in a block of a text; empty for a card with an address, and for a comment."""
    if isinstance(block, str):
        return " ".join(strip_markup(block).split()) if "<" in block else block.strip()
    if depth > 8:
        return ""
    if isinstance(block, list):
        return " ".join(filter(None, (_read_block(part, depth + 1) for part in block[:500])))
    if not isinstance(block, dict) or (depth == 0 and (_CARD_KEYS | _SPEAKER_KEYS).intersection(block)):
        return ""
    parts = (_read_block(value, depth + 1) for key, value in block.items() if key.lower() in _TEXT_KEYS)
    return _BLANK_OF_CHINESE.sub("", " ".join(" ".join(filter(None, parts)).split()))


def _read_body(text: str) -> str:
    """Return the paragraphs of a text that may be HTML, a line each."""
    text = text[: 2 * _MAX_BODY_CHARACTERS]
    if "<p" in text or "<br" in text or "</" in text:
        # A paragraph that is one link points to another article.
        text = strip_markup(re.sub(r"<p\b[^>]*>\s*<a\b[^>]*>[^<]*</a>\s*</p>", "\n", text))
    return check_body(_DOUBLE_BREAK.sub("\n", clean_text(text, _MAX_BODY_CHARACTERS)))


def check_body(text: str, fewest: int = _MIN_BODY_WORDS) -> str:
    """Return a text if most of it is sentences and it has enough words for an article, else nothing."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    in_sentences = sum(
        len(line) for line in lines if ends_as_sentence(line) and count_words(line) >= _MIN_PARAGRAPH_WORDS
    )
    is_text = in_sentences >= _MIN_SHARE_OF_SENTENCES * sum(map(len, lines)) > 0
    text = "\n".join(lines)
    return text if is_text and count_words(text) >= fewest else ""
