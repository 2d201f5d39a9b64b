"""What on a news page is not the article, told by its shape and its wording, and removed from the tree.

"Related" headlines about other strikes are the worst leak of all: sentences about incidents that the
article does not report. Class names tell them on some sites only, so shape comes first: a headline is a
link that has its line to itself, a card is such a link with a summary, a box is what its heading opens.
Words and class names are in ``boilerplate.yaml``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import WORD, bare, count_words, words
from transforms.pages.lines import HEADINGS, KEPT, PageLines

_DROPPED_TAGS = frozenset(
    "nav footer aside script style noscript form template iframe object svg button select".split()
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")


def remove_furniture(tree: HtmlElement, titles: Iterable[str], summary: str) -> list[str]:
    """Remove from the tree what is not the article; return flags of what was found.

    Args:
        tree: the page; it is changed.
        titles: the article's headlines, as the feed and the page have them.
        summary: the feed's summary; a dek that repeats it goes, a paragraph that does stays.
    """
    heads = {bare(title) for title in titles} - {""}
    page = PageLines(tree, heads)
    _drop(tree, page.remarks())  # told by their buttons, so before those go
    _drop(tree, _named(tree, bare(summary)))
    _drop(tree, page.deks(bare(summary)))
    posts = list(_posts(tree))
    flags = ["live_blog"] if posts else []
    _drop(tree, _other_posts(posts, heads), limit=1.0)
    _drop(tree, _consent_boxes(tree))
    _drop(tree, _next_stories(tree, heads), spared=KEPT - {"article"})
    _drop(tree, PageLines(tree, heads).teasers())
    _drop(tree, _boxes(tree, heads))
    _drop(tree, PageLines(tree, heads).afterword())
    return flags


def _drop(
    tree: HtmlElement,
    doomed: Iterable[HtmlElement],
    limit: float = 0.8,
    spared: frozenset[str] = KEPT,
) -> None:
    """Remove elements, unless one holds nearly all of the page's text: then the page is built unlike
    what the rule was made for."""
    found = list(doomed)
    if not found:
        return
    total = len(tree.text_content())
    for element in found:
        parent = element.getparent()
        if parent is None or element.tag in spared or len(element.text_content()) > limit * total:
            continue
        # An element that parted two blocks must go on parting them.
        if element.tail and element.tail.strip():
            element.tail = f" {element.tail}"
        element.drop_tree()


def _named(tree: HtmlElement, summary: str) -> Iterator[HtmlElement]:
    tokens, deks = words().tokens, words().deks
    for element in tree.iter(etree.Element):
        if element.tag in _DROPPED_TAGS:
            yield element
        elif element.tag not in KEPT:
            names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
            is_dek = bool(deks.intersection(names)) and bare(element.text_content()) == summary
            if is_dek or tokens.intersection(names) or "comment" in (element.get("itemtype") or "").lower():
                yield element


def _consent_boxes(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield boxes that ask for consent: short, and with several words of that trade."""
    said = words().consent
    for element in tree.iter("div", "section", "p", "span", "dialog", "td"):
        text = element.text_content()
        if "ookie" in text and len(text) < 1_500 and len(said.intersection(bare(text).split())) >= 3:
            yield element


def _boxes(tree: HtmlElement, heads: set[str]) -> Iterator[HtmlElement]:
    """Yield what a heading such as "Most read" or "3 comments" opens, and the heading."""
    lexicon = words()
    for heading in list(
        tree.iter("h2", "h3", "h4", "h5", "h6", "p", "div", "b", "strong", "td", "span", "dt", "summary")
    ):
        text = " ".join((heading.text_content() or "").split())
        if not 3 < len(text) < 60 or bare(text) in heads:
            continue
        is_comments = bool(lexicon.comments.match(text))
        opens = lexicon.comments.match(text) or lexicon.boxes.match(text)
        # "Read also: Two killed in Nikopol" is a pointer and opens nothing.
        if opens and count_words(text[opens.end() :]) <= 3:
            yield from _opened_by(heading, is_comments)


def _opened_by(heading: HtmlElement, is_comments: bool) -> Iterator[HtmlElement]:
    """Yield the box that begins with a heading; where the heading stands among its siblings, those
    behind it, up to the first that reads like text of an article."""
    box = heading
    while (parent := box.getparent()) is not None and parent.tag not in KEPT:
        before = (parent.text or "") + "".join(
            e.text_content() + (e.tail or "") for e in box.itersiblings(preceding=True)
        )
        if WORD.search(before):
            break
        box = parent
    if count_words(box.text_content()) > count_words(heading.text_content()):
        if not box.xpath(".//h1") and (is_comments or not _is_prose(box)):
            yield box
        return
    yield box
    for element in box.itersiblings():
        is_next = element.tag == box.tag and element.tag in HEADINGS
        if not is_comments and (is_next or _is_prose(element)):
            return
        yield element


def _is_prose(element: HtmlElement) -> bool:
    """Return whether an element reads like text of an article: a sentence without a link, or many words
    of which few are in links."""
    text = element.text_content().strip()
    number = count_words(text)
    linked = sum(count_words(link.text_content()) for link in element.iter("a"))
    is_sentence = not linked and number >= 5 and text.endswith((".", "!", "?", '"', "”"))
    return is_sentence or (number >= 25 and linked < number / 4)


def _next_stories(tree: HtmlElement, heads: set[str]) -> Iterator[HtmlElement]:
    """Yield what stands under a second headline of the first level, the story after this one, and what
    else is an article to the markup beside the first one, if that is the one of this headline."""
    marked = [a for a in tree.iter("article") if any(_is_prose(p) for p in a.iter("p"))]
    own_article = marked[0] if marked and _is_headed(marked[0], heads) else None
    if own_article is not None:
        kin = {own_article, *own_article.iterancestors(), *own_article.iterdescendants()}
        yield from (a for a in marked if a not in kin)
    headlines = list(tree.iter("h1"))
    own = next((n for n, h in enumerate(headlines) if bare(h.text_content()) in heads), None)
    if own is None:
        return
    title = bare(headlines[own].text_content())
    for headline in headlines[own + 1 :]:
        other = bare(headline.text_content())
        # A short one is a section of this story, on sites that set those so; one with no more than a
        # paragraph behind it is another headline set into this story.
        behind = [count_words(e.text_content()) for e in headline.itersiblings()]
        is_story = sum(n >= 8 for n in behind) >= 2 or sum(behind) >= 80
        if other != title and len(other.split()) >= 5 and is_story:
            yield from headline.itersiblings()
            for element in headline.iter():
                element.text = element.tail = None


def _is_headed(article: HtmlElement, heads: set[str]) -> bool:
    return any(bare(h.text_content()) in heads for h in article.iter("h1", *HEADINGS))


def _posts(tree: HtmlElement) -> Iterator[list[HtmlElement]]:
    """Yield groups of siblings that each begin with a clock and have text: the posts of a live page."""
    for parent in tree.iter("div", "section", "main", "article", "ol", "ul", "body"):
        group = []
        for child in parent:
            if isinstance(child.tag, str) and child.tag in ("div", "section", "article", "li"):
                start = " ".join(child.text_content()[:200].split())
                is_timed = _CLOCK.match(start) or child.find("time") is not None
                is_post = child.find(".//p") is not None or any(e.tag in HEADINGS for e in child)
                if is_timed and is_post and count_words(child.text_content()) >= 12:
                    group.append(child)
        if len(group) >= 3:
            yield group


def _other_posts(groups: Iterable[list[HtmlElement]], heads: set[str]) -> Iterator[HtmlElement]:
    """Yield posts of a live page on other stories: those with too little of the headline's own words."""
    for group in groups:
        texts = [set(bare(post.text_content()).split()) for post in group]
        spread = Counter(word for text in texts for word in text)
        title = {word for head in heads for word in head.split()}
        weight = {w: 1 / spread[w] for w in title if spread[w]}
        total = sum(weight.values())
        fits = [sum(weight[w] for w in text & weight.keys()) / total if total else 0.0 for text in texts]
        least = max(fits) / 2
        yield from (post for post, fit in zip(group, fits, strict=True) if fit < least)
