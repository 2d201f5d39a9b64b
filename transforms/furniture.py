"""What on a news page is not the article, told by its shape and its wording, and removed from the tree.

"Related" headlines about other strikes are the worst leak of all: sentences about incidents that the
article does not report. Class names tell them on some sites only, so shape comes first: a headline is a
link that has its line to itself, a card is such a link with a summary, a box is what its heading opens.
Words and class names are in ``furniture.yaml``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from lxml import etree
from lxml.html import HtmlElement

_SETS = ("tokens", "deks", "controls", "consent")
_PHRASES = ("pointers", "boxes", "comments", "more", "networks", "labels")
_KEPT = frozenset({"html", "body", "main", "article", "h1"})
_DROPPED_TAGS = frozenset(
    "nav footer aside script style noscript form template iframe object svg button select".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark picture q s samp "
    "small span strike strong sub sup time tt u var wbr".split()
)
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_WORD = re.compile(r"\w+")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_SUMMARY_WORDS = 70
_BESIDE_WORDS = 3  # a rank, a bullet, "read more": what may stand beside a headline on its line


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabularies of ``furniture.yaml``."""

    tokens: frozenset[str]
    deks: frozenset[str]
    controls: frozenset[str]
    consent: frozenset[str]
    pointers: re.Pattern[str]
    boxes: re.Pattern[str]
    comments: re.Pattern[str]
    more: re.Pattern[str]
    networks: re.Pattern[str]
    labels: re.Pattern[str]
    walls: dict[str, tuple[str, ...]]


@cache
def words() -> Words:
    """Return the vocabularies.

    Raises:
        ValueError: the file has a key that nothing reads, or lacks one.
    """
    raw = yaml.safe_load((files("transforms") / "furniture.yaml").read_text("utf-8"))
    if set(raw) != {*_SETS, *_PHRASES, "walls"}:
        raise ValueError(f"furniture.yaml: unknown or missing keys {sorted(set(raw) ^ {*_SETS, *_PHRASES})}")
    sets = {name: frozenset(raw[name]) for name in _SETS}
    phrases = {name: re.compile(rf"(?:{'|'.join(raw[name])})(?!\w)", re.I) for name in _PHRASES}
    walls = {reason: tuple(found) for reason, found in raw["walls"].items()}
    return Words(**sets, **phrases, walls=walls)


def remove_furniture(tree: HtmlElement, titles: Iterable[str], summary: str) -> list[str]:
    """Remove from the tree what is not the article; return flags of what was found.

    Args:
        tree: the page; it is changed.
        titles: the article's headlines, as the feed and the page have them.
        summary: the feed's summary; a dek that repeats it goes, a paragraph that does stays.
    """
    heads = {bare(title) for title in titles} - {""}
    _drop(tree, _Page(tree, heads).remarks())  # told by their buttons, so before those go
    _drop(tree, _named(tree, bare(summary)))
    posts = list(_posts(tree))
    flags = ["live_blog"] if posts else []
    _drop(tree, _other_posts(posts, heads), limit=1.0)
    _drop(tree, _consent_boxes(tree))
    _drop(tree, _next_stories(tree, heads))
    _drop(tree, _Page(tree, heads).teasers())
    _drop(tree, _boxes(tree, heads))
    _drop(tree, _Page(tree, heads).afterword())
    return flags


def bare(text: str) -> str:
    """Return the words of a text, in lower case, single blanks between them."""
    return " ".join(_WORD.findall(text.lower()))


def _drop(tree: HtmlElement, doomed: Iterable[HtmlElement], limit: float = 0.8) -> None:
    """Remove elements, unless one holds nearly all of the page's text: then the page is built unlike
    what the rule was made for."""
    found = list(doomed)
    if not found:
        return
    total = len(tree.text_content())
    for element in found:
        parent = element.getparent()
        if parent is None or element.tag in _KEPT or len(element.text_content()) > limit * total:
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
        elif element.tag not in _KEPT:
            names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
            # A dek that is the feed's summary again. A first *paragraph* that equals the summary
            # stays: many feeds simply send the lead.
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
    for heading in list(tree.iter("h2", "h3", "h4", "h5", "h6", "p", "div", "b", "strong", "td", "span", "dt")):
        text = " ".join((heading.text_content() or "").split())
        if not 3 < len(text) < 60 or bare(text) in heads:
            continue
        is_comments = bool(lexicon.comments.match(text))
        if not is_comments and not lexicon.boxes.match(text):
            continue
        yield from _opened_by(heading, is_comments)


def _opened_by(heading: HtmlElement, is_comments: bool) -> Iterator[HtmlElement]:
    """Yield the box that begins with a heading; where the heading stands among its siblings, those
    behind it, up to the first that reads like text of an article."""
    box = heading
    while (parent := box.getparent()) is not None and parent.tag not in _KEPT:
        before = (parent.text or "") + "".join(
            e.text_content() + (e.tail or "") for e in box.itersiblings(preceding=True)
        )
        if _WORD.search(before):
            break
        box = parent
    if _count(box.text_content()) > _count(heading.text_content()):
        if not box.xpath(".//h1") and (is_comments or not _is_prose(box)):
            yield box
        return
    yield box
    for element in box.itersiblings():
        is_next = element.tag == box.tag and element.tag in _HEADINGS
        if not is_comments and (is_next or _is_prose(element)):
            return
        yield element


def _is_prose(element: HtmlElement) -> bool:
    """Return whether most of an element's words are in no link, and there are many."""
    number = _count(element.text_content())
    linked = sum(_count(link.text_content()) for link in element.iter("a"))
    return number >= 25 and linked < number / 4


def _next_stories(tree: HtmlElement, heads: set[str]) -> Iterator[HtmlElement]:
    """Yield what stands under a second headline of the first level: the story after this one."""
    headlines = list(tree.iter("h1"))
    own = next((n for n, h in enumerate(headlines) if bare(h.text_content()) in heads), None)
    if own is None:
        return
    title = bare(headlines[own].text_content())
    for headline in headlines[own + 1 :]:
        other = bare(headline.text_content())
        # A short one is a section of this story, on sites that set those so; one with no more than a
        # paragraph behind it is another headline set into this story.
        behind = sum(_count(e.text_content()) >= 8 for e in headline.itersiblings())
        if other != title and len(other.split()) >= 5 and behind >= 2:
            yield from headline.itersiblings()
            for element in headline.iter():
                element.text = element.tail = None


def _posts(tree: HtmlElement) -> Iterator[list[HtmlElement]]:
    """Yield groups of siblings that each begin with a clock and have text: the posts of a live page."""
    for parent in tree.iter("div", "section", "main", "article", "ol", "ul", "body"):
        group = []
        for child in parent:
            if isinstance(child.tag, str) and child.tag in ("div", "section", "article", "li"):
                start = " ".join(child.text_content()[:200].split())
                is_timed = _CLOCK.match(start) or child.find("time") is not None
                if is_timed and len(_WORD.findall(child.text_content())) >= 12:
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


class _Page:
    """The page's lines and how much of each is links: one pass, then questions."""

    def __init__(self, tree: HtmlElement, heads: set[str]) -> None:
        self._tree, self._heads = tree, heads
        self._words: dict[HtmlElement, int] = {}
        for element in reversed(list(tree.iter())):
            number = _count(element.text) if isinstance(element.tag, str) else 0
            for child in element:
                number += self._words[child] + _count(child.tail)
            self._words[element] = number
        self._pictured = {a.get("href") for a in tree.iter("a") if a.find(".//img") is not None}

    def remarks(self) -> Iterator[HtmlElement]:
        """Yield the parents of what readers wrote: repeated blocks, each with its own "Reply"."""
        controls = words().controls
        found: dict[HtmlElement, None] = {}
        for element in self._tree.iter("a", "button", "span", "div"):
            if len(element) == 0 and bare(element.text or "") in controls:
                block = element.getparent()
                while block is not None and block.tag not in _KEPT and self._words[block] < 8:
                    block = block.getparent()
                if block is not None and block.tag not in _KEPT:
                    found[block] = None
        alike = Counter(map(self._shape, found))
        yield from (b for b in found if alike[self._shape(b)] >= 2 and self._words[b] < 400)

    def teasers(self) -> Iterator[HtmlElement]:
        """Yield headlines of other articles, each with its summary, and what announces them."""
        units = self._headlines()
        per_parent = Counter(self._shape(self._holder(u)) for u in units)
        for unit in units:
            holder = self._holder(unit)
            is_card = (
                holder is not unit
                and self._words[holder] - self._words[unit] <= _SUMMARY_WORDS
                and self._first_words(holder, unit) <= _BESIDE_WORDS
                and not holder.xpath(".//h1")
            )
            if is_card and (self._looks_like_card(unit, holder) or per_parent[self._shape(holder)] >= 2):
                yield from self._with_announcement(holder)
            else:
                yield from self._with_announcement(unit)
            if unit.tag == "dt" and (summary := unit.getnext()) is not None and summary.tag == "dd":
                yield summary
        yield from self._continued()
        yield from self._rows_of_links()

    def _rows_of_links(self) -> Iterator[HtmlElement]:
        for block in self._tree.iter("p", "div", "li", "td", "ul", "ol"):
            links = block.findall(".//a")
            if len(links) >= 2 and sum(self._words[a] for a in links) >= 0.8 * self._words[block] > 0:
                yield block

    def afterword(self) -> Iterator[HtmlElement]:
        """Yield prose behind the block that holds nearly all of it: what readers wrote, as a rule."""
        prose: dict[HtmlElement, int] = {}
        for element in self._tree.iter(etree.Element):
            parent, number = element.getparent(), self._words[element]
            if parent is None or number < 8 or element.tag in _INLINE | {"h1", "title"}:
                continue
            if element.tag == "p" or all(child.tag in _INLINE or child.tag == "br" for child in element):
                prose[parent] = prose.get(parent, 0) + number
        if not prose:
            return
        main = max(prose, key=lambda e: prose[e])
        if prose[main] < 0.5 * sum(prose.values()):
            return
        holders = {main, *main.iterancestors()}
        is_behind = False
        for element, number in prose.items():  # in the order of the page
            if element is main:
                is_behind = True
            elif (
                is_behind
                and number <= prose[main] / 2
                and main not in element.iterancestors()
                and element not in holders
                and self._build(element) != self._build(main)
            ):
                yield element

    @staticmethod
    def _build(element: HtmlElement) -> list[tuple[str, str]]:
        line = (element, *element.iterancestors())
        return [(e.tag, e.get("class") or "") for e in line[:3]]

    def _headlines(self) -> list[HtmlElement]:
        """Return the largest element of each link that has its line to itself."""
        found: dict[HtmlElement, None] = {}
        for link in self._tree.iter("a"):
            if not self._words[link] or not link.get("href") or bare(link.text_content()) in self._heads:
                continue
            unit = link
            while (parent := unit.getparent()) is not None and parent.tag not in _KEPT:
                if parent.tag == "td" and unit.tag != "td" and len(parent) > 1:
                    break
                if self._words[parent] - self._words[link] > _BESIDE_WORDS:
                    break
                unit = parent
            if self._stands_alone(unit) or (unit := self._announced(unit)) is not None:
                found[unit] = None
        return list(found)

    def _stands_alone(self, unit: HtmlElement) -> bool:
        if any(e.tag in _HEADINGS for e in unit.iter()):
            return True
        parent = unit.getparent()
        is_laid_out = parent is not None and parent.tag != "p" and parent.tag not in _INLINE
        if unit.tag not in _INLINE or (is_laid_out and not _has_own_text(parent)):
            return True
        return self._is_edge(unit, before=True) and self._is_edge(unit, before=False)

    @staticmethod
    def _is_edge(unit: HtmlElement, *, before: bool) -> bool:
        parent = unit.getparent()
        beside = unit.getprevious() if before else unit.getnext()
        if before:
            text = (parent.text if beside is None else beside.tail) or ""
        else:
            text = unit.tail or ""
        if _WORD.search(text):
            return False
        if beside is None:
            return parent.tag not in _INLINE and (parent.tag != "p" or len(parent) == 1)
        return beside.tag == "br" or beside.tag not in _INLINE or (not before and beside.tag == "a")

    def _announced(self, unit: HtmlElement) -> HtmlElement | None:
        """Return the line of a link that only an announcement stands before: "On this topic: ..."."""
        line = unit.getparent()
        if line is None or line.tag in _KEPT or self._words[line] - self._words[unit] > 7:
            return None
        said = " ".join(line.text_content().split())
        own = " ".join(unit.text_content().split())
        start = said.removesuffix(own).rstrip()
        return line if said.endswith(own) and start.endswith((":", ">", "»", "→", "▶", "|")) else None

    def _holder(self, unit: HtmlElement) -> HtmlElement:
        parent = unit.getparent()
        return unit if parent is None or parent.tag in _KEPT - {"article"} else parent

    @staticmethod
    def _shape(element: HtmlElement) -> tuple[HtmlElement | None, str, str]:
        return element.getparent(), element.tag, element.get("class") or ""

    def _looks_like_card(self, unit: HtmlElement, holder: HtmlElement) -> bool:
        if holder.tag in ("li", "dd", "figure"):
            return True
        if any(e.tag in _HEADINGS or e.tag == "img" for e in unit.iter()):
            return True
        return any(link.get("href") in self._pictured for link in unit.iter("a"))

    def _first_words(self, holder: HtmlElement, unit: HtmlElement) -> int:
        number = _count(holder.text)
        for child in holder:
            if child is unit:
                return number
            number += self._words.get(child, 0) + _count(child.tail)
        return number

    def _with_announcement(self, doomed: HtmlElement) -> Iterator[HtmlElement]:
        """Yield an element, and the short line before it that announces it ("READ MORE")."""
        yield doomed
        before = doomed.getprevious()
        if before is not None and before.tag not in (*_KEPT, "br") and not _WORD.search(before.tail or ""):
            text = " ".join(before.text_content().split())
            lexicon = words()
            if 0 < len(text) < 60 and (lexicon.boxes.match(text) or lexicon.pointers.match(text)):
                yield before

    def _continued(self) -> Iterator[HtmlElement]:
        """Yield paragraphs that end with a link "More", and their headings: teasers that are no links."""
        for link in self._tree.iter("a"):
            block = link.getparent()
            if block is None or block.tag in _KEPT or self._words[link] > 4:
                continue
            text, own = block.text_content().rstrip(), link.text_content().strip()
            if own and words().more.fullmatch(own.strip(" .…»›>→")) and text.endswith(own):
                if self._words[block] <= _SUMMARY_WORDS:
                    yield block
                    heading = block.getprevious()
                    if heading is not None and heading.tag in _HEADINGS:
                        yield heading


def _has_own_text(element: HtmlElement) -> bool:
    return any(_WORD.search(text or "") for text in (element.text, *(child.tail for child in element)))


def _count(text: str | None) -> int:
    return len(_WORD.findall(text)) if text else 0
