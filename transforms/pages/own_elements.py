"""Elements that a site has defined itself, such as ``story-paragraph``: their tags have a hyphen.

The parser knows no meaning for them, and extractors take none of them for a paragraph: a text in such
elements breaks into pieces at each of its links.
"""

import re
from collections.abc import Mapping

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import count_words
from transforms.pages.lines import INLINE_TAGS

_PLAIN_TAGS, _LEVELS = ("div", "span", "p", "section"), ("1", "2", "3", "4", "5", "6")
_OWN_TAG = re.compile(r"<[a-zA-Z][a-zA-Z0-9]*-")


def has_own_elements(markup: str) -> bool:
    """Return whether a page has an element whose tag has a hyphen."""
    return _OWN_TAG.search(markup) is not None


def rename_own_elements(tree: HtmlElement) -> None:
    """Make ``span`` of the elements with a hyphen that stand in a line of text, and ``div`` of the others.

    The name that the site gave an element becomes one of its classes: "related-stories" tells what it holds.
    """
    has_words: dict[HtmlElement, bool] = {}
    for element in tree.iter(etree.Element):
        if "-" in element.tag:
            parent = element.getparent()
            if parent is not None and parent not in has_words:
                has_words[parent] = any(map(count_words, (parent.text, *(child.tail for child in parent))))
            name = element.tag
            element.tag = "span" if _stands_in_line(element, has_words) else "div"
            element.set("class", f"{element.get('class') or ''} {name}".strip())


def name_headings(tree: HtmlElement) -> None:
    """Make headings of the elements that only their role tells (WAI-ARIA 1.2: "heading", "aria-level")."""
    for element in tree.xpath("//*[@role='heading']"):
        level = (element.get("aria-level") or "2").strip()
        if element.tag in _PLAIN_TAGS and level in _LEVELS:
            element.tag = f"h{level}"


def _stands_in_line(element: HtmlElement, has_words: Mapping[HtmlElement, bool]) -> bool:
    """Return whether an element holds no block and stands in an inline element, a ``p`` or beside words.

    Those around it are named already.

    Args:
        element: the element.
        has_words: whether words stand directly in an element, beside its children.
    """
    parent = element.getparent()
    if parent is None or any(e.tag not in INLINE_TAGS and "-" not in str(e.tag) for e in element):
        return False
    return parent.tag in INLINE_TAGS or parent.tag == "p" or has_words[parent]
