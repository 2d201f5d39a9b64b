"""Posts of social networks that are set into an article and tell of something else.

A quotation of the report also stands in a ``blockquote``. What tells a post is its signature: a name with its
handle at the end, the line that a network writes under it, or a last link that leads to the post itself. A
person who marks the text of an article takes the posts on its subject for text: on 181 real pages all of
them. So posts go only where none of a page's posts has a word of the headline.
"""

import re
from collections.abc import Iterator
from itertools import chain

from lxml.html import HtmlElement

from transforms.pages.article_path import ArticlePath
from transforms.pages.asides import stems_of
from transforms.pages.lines import FRAME_TAGS, PageLines

_BOX_TAGS = ("div", "figure", "section")
_MAX_POST_WORDS, _MAX_BARE_POST_WORDS = 220, 90
_MIN_POST_WORDS = 2
_MAX_SHARE_OF_PAGE = 0.4
"""A report that is made of posts keeps them."""
_MAX_SIGNATURE_CHARACTERS = 160
_SIGNATURE = re.compile(
    r"(?:^|\s)(?:[—–―]|--?)\s?[^()@]{1,60}\(@[\w.]{2,40}(?:@[\w.-]+)?\)"
    r"|\b(?:a (?:post|photo|video|reel) shared by|view (?:this|the) (?:post|profile|reel) on|"
    r"post (?:by|from) @|posted by @|une publication partagée par|una publicación compartida (?:de|por)|"
    r"uma publicação compartilhada por|ein beitrag geteilt von|публикация от|допис, поширений)",
    re.I,
)
_MARKS = (
    *("(@", "shared by", "view this", "view the", "by @", "from @", "partag", "compartid", "compartilhad"),
    *("geteilt von", "публикация от", "допис"),
)
"""What a text with a signature has one of: most pages have none, and are not searched."""
_POST_ADDRESS = re.compile(
    r"^(?:https?:)?//(?:www\.|m\.|mobile\.)?(?:"
    r"(?:twitter|x)\.com/\w+/status(?:es)?/\d+|t(?:elegram)?\.me/(?:s/)?\w+/\d+|"
    r"(?:facebook|fb)\.com/(?:[\w.-]+/(?:posts|videos|photos)/|(?:permalink|story)\.php|watch)|"
    r"instagram\.com/(?:p|reel|tv)/|tiktok\.com/@[\w.]+/video/|threads\.(?:net|com)/@[\w.]+/post/|"
    r"bsky\.app/profile/[\w.:-]+/post/|truthsocial\.com/@?\w+/|vk\.(?:com|ru)/wall-?\d|ok\.ru/\w+/topic/|"
    r"reddit\.com/r/\w+/comments/|weibo\.com/\d+/|[\w.-]+/@\w+/\d{12,}"
    r")",
    re.I,
)


def find_embedded_posts(
    tree: HtmlElement, page: PageLines, path: ArticlePath, headlines: set[str]
) -> Iterator[HtmlElement]:
    """Yield posts: signed ``blockquote`` elements, and short boxes beside the paragraphs that are signed."""
    around = set(path.elements)
    if path.first_prose is not None:
        around.update(path.first_prose.iterancestors())
    found: dict[HtmlElement, None] = {}
    for quote in tree.iter("blockquote"):
        if quote not in around and page.count_words_of(quote) <= _MAX_POST_WORDS and _is_signed(quote):
            found[quote] = None
    for part in _find_signed_parts(tree):
        box = part.getparent()
        while box is not None and (
            box.tag not in _BOX_TAGS or page.count_words_of(box) <= _words(part, page)
        ):
            if box in around or box.tag in FRAME_TAGS or box in found:
                break
            box = box.getparent()
        if box is None or box in around or box.tag not in _BOX_TAGS or box in found:
            continue
        is_inside = any(element in found for element in box.iterancestors())
        if not is_inside and page.count_words_of(box) <= _MAX_BARE_POST_WORDS and _is_signed(box):
            found[box] = None
    title = frozenset().union(*map(stems_of, headlines))
    if not title or any(stems_of(post.text_content()) & title for post in found):
        return
    if sum(map(page.count_words_of, found)) <= _MAX_SHARE_OF_PAGE * page.count_text_words(tree):
        yield from found


def _words(part: HtmlElement, page: PageLines) -> int:
    return page.count_words_of(part) + _MIN_POST_WORDS


def _find_signed_parts(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements whose own text has a handle in brackets or the line of a network."""
    shown = tree.text_content().lower()
    if not any(mark in shown for mark in _MARKS):
        return
    for element in tree.iter():
        if isinstance(element.tag, str):
            texts = chain((element.text,), (child.tail for child in element))
            if any(text and _SIGNATURE.search(text[:_MAX_SIGNATURE_CHARACTERS]) for text in texts):
                yield element


def _is_signed(box: HtmlElement) -> bool:
    """Return whether a box ends with a signature or a link to a post."""
    shown = _shown(box)
    if _SIGNATURE.search(shown[-_MAX_SIGNATURE_CHARACTERS:]):
        return True
    links = box.findall(".//a")
    if not links or not _POST_ADDRESS.match((links[-1].get("href") or "").strip()):
        return False
    return shown.endswith(_shown(links[-1]))


def _shown(element: HtmlElement) -> str:
    """Return the text of an element, with a blank between the texts of its parts."""
    return " ".join(" ".join(element.itertext()).split())
