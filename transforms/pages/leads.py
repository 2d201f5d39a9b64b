"""The beginning of an article that is laid out apart from its text: in a banner, a list, before an offer.

trafilatura prefers one element with much text, so it drops what stands before that.
"""

import re
from itertools import islice

from lxml.html import HtmlElement

from transforms.pages.article_path import ArticlePath
from transforms.pages.boilerplate_words import count_words, ends_as_sentence, normalise_words
from transforms.pages.lines import HEADING_TAGS, PageLines

_Kind = tuple[tuple[str, str], ...]
_INTRODUCTION = re.compile(
    r"intro|lead(?![a-z])|lede|first|standfirst|chap[oô]|chapeau|sapo|excerpt|abstract|vorspann|entradill",
    re.I,
)
_MAX_LEVELS_OF_INTRODUCTION, _MAX_INTRODUCTIONS = 2, 10
_LIST_ITEMS = ("li", "dd")
_MIN_SHARE_OF_PARENT = 0.5
_MIN_SHARE_OF_CONTINUATION = 0.4
_MIN_WORDS = 8
_PROBE_WORDS = 6
_MAX_MISSING = 5


def is_lead_of(
    first: list[HtmlElement], others: list[HtmlElement], page: PageLines, path: ArticlePath
) -> bool:
    """Return whether the first prose after the headline only leads to the article: a banner, or a list.

    The other kind then is running text, with most of its words in one element. Comments are none: each has
    an element of its own. A lead of one block is nearer to the headline than to the text, else it may be a
    caption or a quote; one of several blocks, such as a list, stands in the element of the text.
    """
    by_parent: dict[HtmlElement, list[HtmlElement]] = {}
    for block in others:
        by_parent.setdefault(block.getparent(), []).append(block)
    words = {parent: sum(map(page.count_words_of, group)) for parent, group in by_parent.items()}
    main = max(words, key=lambda parent: words[parent])
    if len(by_parent[main]) == 1 or words[main] < _MIN_SHARE_OF_PARENT * sum(words.values()):
        return False
    if len(first) > 1 or path.headline is None:
        return main in first[0].iterancestors()
    around_text = set(main.iterancestors())
    around_lead = set(first[0].iterancestors())
    banner = next((e for e in path.headline.iterancestors() if e in around_lead), None)
    return banner is not None and banner not in around_text and banner is not main


def is_continued(first: list[HtmlElement], others: list[HtmlElement], page: PageLines) -> bool:
    """Return whether the first prose is one block, and another element holds the rest of the article.

    So it is where an offer to subscribe stands after the first paragraph, or a quote before it. A box of its
    own has a heading.
    """
    rest = others[0].getparent()
    start = first[0].getparent()
    if len(first) > 1 or rest is None or start is None:
        return False
    is_beside = first[0].tag == "p" and start is not rest and rest.getparent() is start.getparent()
    is_beside = is_beside or rest in first[0].iterancestors()
    is_running = len(others) > 1 and all(b.tag == "p" and b.getparent() is rest for b in others)
    has_heading = any(isinstance(child.tag, str) and child.tag in HEADING_TAGS for child in rest)
    is_longer = sum(map(page.count_words_of, others)) > page.count_words_of(first[0])
    return is_beside and is_running and is_longer and not has_heading


def join_introductions(
    by_kind: dict[_Kind, list[HtmlElement]], page: PageLines
) -> dict[_Kind, list[HtmlElement]]:
    """Take the kinds that are introductions from some kinds of blocks; return them by the kind of the rest.

    An introduction stands in a box that is named so, and the rest beside that box: some systems keep the
    beginning of a text apart, to show it in lists too. Of several kinds that stand there, such as
    advertisements among the text, the longest is the rest.
    """
    found: dict[_Kind, list[HtmlElement]] = {}
    boxes = ((kind, _find_introduction(group[0])) for kind, group in by_kind.items())
    named = dict(islice(((kind, box) for kind, box in boxes if box is not None), _MAX_INTRODUCTIONS))
    for kind, box in named.items():
        if not all(ends_as_sentence(block.text_content()) for block in by_kind[kind]):
            continue
        beside = set(box.itersiblings())
        rests = [
            other
            for other, blocks in by_kind.items()
            if other not in named and not beside.isdisjoint((blocks[0], *blocks[0].iterancestors()))
        ]
        if rests:
            rest = max(rests, key=lambda k: sum(map(page.count_words_of, by_kind[k])))
            found.setdefault(rest, []).extend(by_kind.pop(kind))
    return found


def _find_introduction(block: HtmlElement) -> HtmlElement | None:
    """Return the element around a block, up to two levels, that is named an introduction."""
    box: HtmlElement | None = block.getparent()
    for _ in range(_MAX_LEVELS_OF_INTRODUCTION):
        if box is None or box.tag in ("body", "article", "main"):
            return None
        if _INTRODUCTION.search(f"{box.get('class') or ''} {box.get('id') or ''}"):
            return box
        box = box.getparent()
    return None


def find_beside_list(prose: list[HtmlElement], first: HtmlElement) -> list[HtmlElement]:
    """Return the paragraphs beside a list, if the article is one: its first part may be a list of facts."""
    if first.tag not in _LIST_ITEMS or (around := first.getparent()) is None:
        return []
    return [block for block in prose if block.tag == "p" and block.getparent() is around.getparent()]


def find_continuations(
    prose: list[HtmlElement], blocks: list[HtmlElement], page: PageLines, path: ArticlePath
) -> list[HtmlElement]:
    """Return the paragraphs that continue the article in another section, behind a banner or a picture.

    They are at least two in one element, without a heading in or before it, and nearly as many words as
    those before: the box of an author, a notice or comments are shorter, or have a heading.
    """
    if path.headline is None or blocks[0].tag != "p":
        return []
    least = _MIN_SHARE_OF_CONTINUATION * sum(map(page.count_words_of, blocks))
    above = {e for e in path.headline.iterancestors() if e.tag not in ("html", "body", "form")}
    by_parent: dict[HtmlElement, list[HtmlElement]] = {}
    for block in prose[prose.index(blocks[-1]) + 1 :] if blocks[-1] in prose else []:
        if block.tag == "p":
            by_parent.setdefault(block.getparent(), []).append(block)
    found: list[HtmlElement] = []
    for parent, group in by_parent.items():
        before = parent.getprevious()
        has_heading = any(isinstance(child.tag, str) and child.tag in HEADING_TAGS for child in parent) or (
            before is not None and before.tag in HEADING_TAGS
        )
        is_long = len(group) > 1 and sum(map(page.count_words_of, group)) >= least
        if is_long and not has_heading and not above.isdisjoint(parent.iterancestors()):
            found += group
    return found


def add_missing_lead(text: str, laid_out: str) -> str:
    """Return a text with the paragraphs before it that it lacks.

    Only those before the first paragraph that both have: what is missing later may have been left out with
    reason.

    >>> add_missing_lead(
    ...     "It was the second.", "A drone hit a house in the town on Monday.\\nIt was the second."
    ... )
    'A drone hit a house in the town on Monday.\\nIt was the second.'

    Args:
        text: the article's text, a line a paragraph.
        laid_out: the paragraphs as the layout tells them.
    """
    found = normalise_words(text)
    missing: list[str] = []
    for line in filter(None, map(str.strip, laid_out.split("\n"))):
        if _has(found, line):
            break
        if count_words(line) >= _MIN_WORDS and ends_as_sentence(line):
            missing.append(line)
    if not missing or len(missing) > _MAX_MISSING or not text:
        return text
    return "\n".join((*missing, text))


def _has(found: str, line: str) -> bool:
    """Return whether the first or the last words of a line are in a text, whose words are normalised."""
    words = normalise_words(line).split()
    return any(" ".join(part) in found for part in (words[:_PROBE_WORDS], words[-_PROBE_WORDS:]) if part)
