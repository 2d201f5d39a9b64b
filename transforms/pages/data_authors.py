"""The authors in data for machines: JSON-LD, and the state of a page's application."""

import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from transforms.pages.author_names import MAX_NAME_CHARACTERS, read_names, strip_lead
from transforms.pages.author_words import load_author_words
from transforms.pages.boilerplate_words import normalise_words
from transforms.pages.data_nodes import as_list, parse_data, parse_first_data, walk_data

_TITLE_KEYS = ("headline", "title", "name")
_NESTING_KEYS = (
    "data",
    "attributes",
    "items",
    "nodes",
    "node",
    "edges",
    "author",
    "person",
    "profile",
    "fields",
)
_MAX_STATED, _MAX_TITLE_CHARACTERS = 50, 500
_MAX_AUTHORS, _MAX_DEPTH, _MAX_LINE_CHARACTERS = 10, 5, 200
_KEY_MARKS = str.maketrans("", "", "_-")


def list_linked_authors(article: dict[str, Any], data: Iterable[Any]) -> tuple[str, ...]:
    """Return the names of ``author``, else of ``creator``, of an article in JSON-LD.

    Args:
        article: the article.
        data: all JSON-LD of the page: an author may be a reference to another of its objects.
    """
    authors = (as_list(article.get("author")) or as_list(article.get("creator")))[:_MAX_STATED]
    known: dict[str, str] = {}
    if any(_is_reference(author) for author in authors):
        known = {
            str(node["@id"]): _name_of(node)
            for node in walk_data(list(data))
            if isinstance(node, dict) and "@id" in node and "name" in node
        }
    names = (_name_of(author) or known.get(_id_of(author), "") for author in authors)
    return tuple(dict.fromkeys(filter(None, names)))


def find_state_authors(
    states: Iterable[str], assigned: Iterable[str], titles: Iterable[str]
) -> tuple[str, ...]:
    """Return the authors of the story with one of the titles, in the data of a page's application.

    The data also hold the reader's own name and the authors of other stories, so nobody is an author there
    without the title.

    Args:
        states: data in JSON.
        assigned: scripts that begin with such data.
        titles: titles that the article may have.
    """
    known = {normalise_words(title) for title in titles} - {""}
    if not known:
        return ()
    # Most states name no author, and reading a large one takes long.
    read = [parse_data(state) for state in states if _author_key().search(state)]
    read += [parse_first_data(state) for state in assigned if _author_key().search(state)]
    for state in read:
        for story in _find_stories(state, known):
            if names := _authors_of(story):
                return names
    return ()


@cache
def _author_key() -> re.Pattern[str]:
    keys = "|".join(sorted(load_author_words().data_keys))
    return re.compile(rf'"(?:{keys}|author_?names?|authors_?list)"\s*:', re.I)


def _is_reference(author: Any) -> bool:
    return isinstance(author, dict) and not author.get("name") and "@id" in author


def _id_of(author: Any) -> str:
    return str(author.get("@id", "")) if isinstance(author, dict) else ""


def _name_of(author: Any) -> str:
    name = author.get("name") if isinstance(author, dict) else author
    name = name[0] if isinstance(name, list) and name else name
    return " ".join(html.unescape(name).split()) if isinstance(name, str) else ""


def _find_stories(state: Any, titles: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects with one of the titles, then those that hold such an object."""
    holders = []
    for node in walk_data(state):
        if not isinstance(node, dict):
            continue
        if _has_title(node, titles):
            yield node
        elif any(isinstance(child, dict) and _has_title(child, titles) for child in node.values()):
            holders.append(node)
    yield from holders


def _has_title(node: dict[str, Any], titles: set[str]) -> bool:
    texts = (text for key in _TITLE_KEYS if isinstance(text := node.get(key), str))
    return any(
        len(text) <= _MAX_TITLE_CHARACTERS and normalise_words(html.unescape(text)) in titles
        for text in texts
    )


def _authors_of(story: dict[str, Any]) -> tuple[str, ...]:
    keys = load_author_words().data_keys
    for key, value in story.items():
        if key.lower().translate(_KEY_MARKS) in keys:
            names = [
                name
                for text in _texts_of(value)
                if len(text) <= _MAX_LINE_CHARACTERS
                for name in read_names(strip_lead(" ".join(html.unescape(text).split())))
            ]
            if names:
                return tuple(dict.fromkeys(names))[:_MAX_AUTHORS]
    return ()


def _texts_of(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the names in what data give as authors: a text, an object with a name, or a list of them."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value[:_MAX_AUTHORS]:
            yield from _texts_of(part, depth + 1)
    elif isinstance(value, dict):
        if name := _stated_name(value):
            yield name
            return
        for key in _NESTING_KEYS:
            if key in value and not isinstance(value[key], str):
                yield from _texts_of(value[key], depth + 1)


def _stated_name(author: dict[str, Any]) -> str:
    keys = load_author_words().name_keys
    parts = {key.lower().translate(_KEY_MARKS): text for key, text in author.items() if isinstance(text, str)}
    for key in ("fullname", "displayname", *sorted(keys)):
        if key in keys and 0 < len(parts.get(key, "").strip()) <= MAX_NAME_CHARACTERS:
            return parts[key]
    first, last = parts.get("firstname", ""), parts.get("lastname", "")
    return f"{first} {last}".strip() if first and last else ""
