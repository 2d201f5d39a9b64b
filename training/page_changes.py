"""Pages changed at random: other names, other tags, furniture moved between the paragraphs.

What a page says stays, so it is still known which lines are the article's. A rule that knows the page by its
names does not know the changed one. That is what the choice of lines is for.
"""

from __future__ import annotations

import random

from lxml import html as lxml_html
from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import count_words, normalise_words
from transforms.pages.markup import parse_markup, read_markup

_PLAIN = {
    "aside": "div", "nav": "div", "footer": "div", "header": "div", "section": "div", "article": "div",
    "main": "div", "figure": "div", "figcaption": "p", "small": "span", "h2": "p", "h3": "p", "h4": "div",
    "h5": "p", "blockquote": "div", "ul": "div", "ol": "div", "li": "p", "dl": "div", "dd": "p", "em": "span",
    "strong": "span", "form": "div", "button": "span", "time": "span",
}  # fmt: skip
_RICH = {"p": "div", "h3": "h2", "div": "section", "span": "b", "li": "div", "h2": "h4", "aside": "section"}
_MIN_MOVED_WORDS, _MAX_MOVED_WORDS = 4, 90


def change_page(body: bytes, own: str, seed: str) -> bytes:
    """Return a page with other names and tags, and with furniture moved into the article."""
    r = random.Random(seed)
    tree, _ = parse_markup(read_markup(body, None).text)
    told = normalise_words(own)
    _move_furniture(tree, told, r)
    _rename(tree, r)
    _change_tags(tree, r)
    return bytes(lxml_html.tostring(tree, encoding="utf-8"))


def _is_own(element: HtmlElement, told: str) -> bool:
    text = normalise_words(element.text_content())
    return len(text.split()) >= 5 and text in told


def _move_furniture(tree: HtmlElement, told: str, r: random.Random) -> None:
    blocks = [
        e
        for e in tree.iter("p", "div", "li", "section", "aside", "figure", "ul", "article")
        if e.getparent() is not None
    ]
    own = [e for e in blocks if len(e) < 6 and _is_own(e, told)]
    if len(own) < 3:
        return
    held = {a for e in own for a in (e, *e.iterancestors())}
    free = [
        e
        for e in blocks
        if e not in held and _MIN_MOVED_WORDS <= count_words(e.text_content()) <= _MAX_MOVED_WORDS
    ]
    free = [e for e in free if normalise_words(e.text_content()) not in told]
    for element in r.sample(free, min(len(free), r.choice([0, 1, 2, 3]))):
        target = r.choice(own[: max(2, len(own))])
        if target in set(element.iterdescendants()) or element.getparent() is None:
            continue
        element.getparent().remove(element)
        element.tail = None
        if element.tag == "li" and target.tag != "li":
            element.tag = r.choice(["div", "p"])
        target.addnext(element)


def _rename(tree: HtmlElement, r: random.Random) -> None:
    manner = r.choice(["keep", "keep", "none", "hash", "hash"])
    if manner == "keep":
        return
    names: dict[str, str] = {}
    for element in tree.iter():
        name = element.attrib.pop("class", None)
        element.attrib.pop("id", None)
        if name and manner == "hash" and isinstance(element.tag, str):
            if name not in names:
                names[name] = r.choice(["css-", "_", "sc-", ""]) + "".join(
                    r.choices("abcdefghkmnpqrstuvwxyz0123456789", k=6)
                )
            element.set("class", names[name])


def _change_tags(tree: HtmlElement, r: random.Random) -> None:
    share = r.choice([0.0, 0.3, 0.6])
    changes = {tag: plain for tag, plain in _PLAIN.items() if r.random() < share}
    changes |= {tag: other for tag, other in _RICH.items() if r.random() < share / 3}
    for element in list(tree.iter(*changes)) if changes else []:
        element.tag = changes[element.tag]
