"""The authors that a page shows its readers.

Strict, because a wrong author is worse than none. Names count that stand in a line beside the headline, that
an element of the article marks as its author's, or that follow words such as "Reporting by" after the text.
Names on cards of other articles, of those who comment, under pictures and of channels are nobody's.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from transforms.pages.author_names import PART_BREAK, read_names, strip_lead
from transforms.pages.author_words import load_author_words
from transforms.pages.boilerplate_words import WORD
from transforms.pages.shown_dates import lines_after
from transforms.pages.shown_lines import ShownLine, article_of, is_caption, split_names

_MAX_LINES_BEFORE, _MAX_LINES_BETWEEN = 2, 2
_MAX_BYLINE_CHARACTERS, _MAX_CREDIT_CHARACTERS = 200, 300
_MAX_ADDRESS_CHARACTERS = 300
_MAX_PARTS, _MAX_MARKED, _MAX_LINKS = 60, 200, 100  # a hostile page has any number
_LABEL_DEPTH, _CARD_DEPTH = 2, 3
_DEPTH_OF_OTHERS, _DEPTH_BESIDE = 4, 1
_MIN_LINK_WORDS = 4
_SEPARATORS = ("|", "-", "–", "—", "·", "•", "/")
_CREDIT_BREAK = re.compile(r"[;.]\s+(?=(?:\w+\s){1,2}by\b)|;")
_NAMES = ("class", "id", "itemprop", "data-testid", "data-component", "data-qa", "rel")
_FRAMES = ("body", "main", "article", "html")


def find_shown_authors(lines: list[ShownLine], headline: int | None) -> tuple[str, ...]:
    """Return the names of the authors that the lines of a page show; empty where they show none.

    Args:
        lines: the lines.
        headline: the place of the headline among them.
    """
    if headline is None:
        return _find_marked(lines, None)
    return (
        find_authors_beside(lines, headline)
        or _find_marked(lines, article_of(lines[headline].block))
        or _find_credits(lines[headline + 1 :])
    )


def find_authors_beside(lines: list[ShownLine], headline: int) -> tuple[str, ...]:
    """Return the names that stand beside the headline.

    They are those of the first line with a name after it, and of the next lines that are marked; else those
    of a marked line just before it.
    """
    names: dict[str, None] = {}
    quiet = 0
    for line in lines_after(lines, headline):
        found = _read_marked(line) if names else _read_byline(line)
        names.update(dict.fromkeys(found))
        quiet = 0 if found else quiet + 1
        if names and quiet > _MAX_LINES_BETWEEN:
            break
    if names:
        return tuple(names)
    before = lines[max(0, headline - _MAX_LINES_BEFORE) : headline]
    return next(filter(None, map(_read_marked, reversed(before))), ())


def _find_marked(lines: list[ShownLine], article: HtmlElement | None) -> tuple[str, ...]:
    """Return the names that elements mark, if all of them are the same."""
    marked = (
        line
        for line in lines
        if (article is None or article_of(line.block) is article) and _is_short(line) and _marks_of(line)
    )
    found = dict.fromkeys(filter(None, map(_read_marked, islice(marked, _MAX_MARKED))))
    return next(iter(found)) if len(found) == 1 else ()


def _find_credits(lines: list[ShownLine]) -> tuple[str, ...]:
    """Return the names after words such as "Reporting by", wherever the line stands."""
    for line in lines:
        if len(line.text) > _MAX_CREDIT_CHARACTERS or _is_about_others(line) or is_caption(line):
            continue
        for segment in map(str.strip, _CREDIT_BREAK.split(line.text.strip("()[] "))):
            lead = load_author_words().credits.match(segment)
            if lead and (names := read_names(segment[lead.end() :])):
                return names
    return ()


def _read_byline(line: ShownLine) -> tuple[str, ...]:
    """Return the names of a line beside the headline."""
    if marked := _read_marked(line, _DEPTH_BESIDE):
        return marked
    if not _is_short(line) or is_caption(line) or _is_about_others(line, _DEPTH_BESIDE):
        return ()
    text = _join(line.parts)
    if (rest := strip_lead(text)) != text:
        return _add_linked(line, read_names(rest))
    names: dict[str, None] = {}
    for element, part in zip(line.elements, line.parts, strict=True):
        if _leads_to_author(element):
            names.update(dict.fromkeys(read_names(strip_lead(part.strip()))))
    if names:
        return tuple(names)
    for lead in load_author_words().inner_leads.finditer(line.text):
        before = line.text[: lead.start()].rstrip()
        if (before.endswith(_SEPARATORS) or before[-1:].isdigit()) and (
            found := read_names(line.text[lead.end() :])
        ):
            return found
    return ()


def _add_linked(line: ShownLine, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return names with those of the further links of their line that lead to the same folder."""
    links = [
        (element.get("href") or "", tuple(read_names(part)))
        for element, part in zip(line.elements, line.parts, strict=True)
        if element.tag == "a"
    ]
    folder = next((address for address, found in links if names and found == names[:1]), None)
    further = (found for address, found in links if folder is not None and _is_same_folder(address, folder))
    return tuple(dict.fromkeys((*names, *(name for found in further for name in found))))


def _join(parts: Iterable[str]) -> str:
    return PART_BREAK.join(" ".join(part.split()) for part in parts if part.strip())


def _read_marked(line: ShownLine, depth: int = _DEPTH_OF_OTHERS) -> tuple[str, ...]:
    """Return the names in a line that an element in it, or its block, marks as those of authors."""
    if not _is_short(line) or not (marks := _marks_of(line)):
        return ()
    if _is_about_others(line, depth) or is_caption(line) or _is_on_card(marks[0]):
        return ()
    linked = [
        part
        for element, part in zip(line.elements, line.parts, strict=True)
        if _leads_to_author(element) or _is_name_of_author(element)
    ]
    # One word alone may be a category, unless it is marked as the name itself.
    least_words = 1 if linked else 2
    found: dict[str, None] = {}
    for text in linked or [_join(_parts_in(line, marks))]:
        names = read_names(strip_lead(text.strip()), is_sure=True, least_words=least_words)
        found.update(dict.fromkeys(names))
    return tuple(found)


def _is_short(line: ShownLine) -> bool:
    return len(line.text) <= _MAX_BYLINE_CHARACTERS and len(line.elements) <= _MAX_PARTS


def _marks_of(line: ShownLine) -> list[HtmlElement]:
    """Return the elements around parts of a line that are named as the author's."""
    marks: dict[HtmlElement, None] = {}
    for element in line.elements:
        depth = 0
        for around in (element, *element.iterancestors()):
            if around.tag in _FRAMES or depth > _LABEL_DEPTH:
                break
            if _is_author_label(around):
                marks[around] = None
            if around is line.block or depth:
                depth += 1
    return list(marks)


def _is_on_card(mark: HtmlElement) -> bool:
    """Return whether an element belongs to a list of articles: a headline in a link stands beside it.

    A list of authors is none, and the article's own headline may be a link.
    """
    around = mark
    for _ in range(_CARD_DEPTH):
        if around.tag in ("aside", "nav") or (around.tag == "li" and not _is_author_label(around)):
            return True
        if around is not mark and around.find(".//h1") is not None:
            return False
        if around is not mark and any(map(_is_headline_of_other, islice(around.iter("a"), _MAX_LINKS))):
            return True
        parent = around.getparent()
        if parent is None or parent.tag in _FRAMES:
            return False
        around = parent
    return False


def _is_headline_of_other(link: HtmlElement) -> bool:
    return len(WORD.findall(link.text_content()[:200])) >= _MIN_LINK_WORDS


def _is_same_folder(one: str, other: str) -> bool:
    return one.rstrip("/").rpartition("/")[0] == other.rstrip("/").rpartition("/")[0] != ""


def _parts_in(line: ShownLine, marks: list[HtmlElement]) -> list[str]:
    inside = set(marks)
    return [
        part
        for element, part in zip(line.elements, line.parts, strict=True)
        if not inside.isdisjoint((element, *element.iterancestors()))
    ]


def _names_of(element: HtmlElement) -> set[str]:
    return split_names(" ".join(element.get(name) or "" for name in _NAMES))


def _is_author_label(element: HtmlElement) -> bool:
    if not any(element.get(name) for name in _NAMES):
        return False
    match = load_author_words().labels.match
    return any(match(name) for name in _names_of(element))


def _is_name_of_author(element: HtmlElement) -> bool:
    """Return whether an element is named as the name of an author: ``fn``, or author and name."""
    names = _names_of(element)
    is_author = _is_author_label(element) or element.get("itemprop") == "name"
    return "fn" in names or ("name" in names and is_author)


def _leads_to_author(element: HtmlElement) -> bool:
    """Return whether an element is a link, or in a link, to the page of an author."""
    link = element if element.tag == "a" else next(element.iterancestors("a"), None)
    if link is None:
        return False
    if "author" in (link.get("rel") or "").lower().split():
        return True
    address = (link.get("href") or "")[:_MAX_ADDRESS_CHARACTERS]
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    folders = [folder for folder in parts.path.lower().split("/") if folder]
    if not parts.netloc and folders and folders[0].startswith("@"):
        return True
    return not load_author_words().address_parts.isdisjoint(folders)


def _is_about_others(line: ShownLine, depth: int = _DEPTH_OF_OTHERS) -> bool:
    """Return whether a line belongs to those who comment, to a channel, or to a list of other articles.

    Beside the headline only its own element says so: the header of an article may hold buttons and channels.
    """
    others = load_author_words().other_labels
    return any(not others.isdisjoint(_names_of(around)) for around in _around(line, depth))


def _around(line: ShownLine, depth: int) -> Iterator[HtmlElement]:
    """Yield the elements around a line, from its parts outwards."""
    element: HtmlElement | None = line.block
    for _ in range(depth):
        if element is None or element.tag in _FRAMES:
            return
        yield element
        element = element.getparent()
