"""The lines of a page: how many words each element has, and which links have a line to themselves."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from transforms.pages.boilerplate_words import WORD, bare, count_words, words

KEPT = frozenset({"html", "body", "main", "article", "h1"})
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark picture q s samp "
    "small span strike strong sub sup time tt u var wbr".split()
)
_SUMMARY_WORDS = 70
_BESIDE_WORDS = 3  # a rank, a bullet, "read more": what may stand beside a headline on its line


class PageLines:
    """The page's lines and how much of each is links: one pass, then questions."""

    def __init__(self, tree: HtmlElement, heads: set[str]) -> None:
        self._tree, self._heads = tree, heads
        self._words: dict[HtmlElement, int] = {}
        for element in reversed(list(tree.iter())):
            number = count_words(element.text) if isinstance(element.tag, str) else 0
            for child in element:
                number += self._words[child] + count_words(child.tail)
            self._words[element] = number
        self._pictured = {a.get("href") for a in tree.iter("a") if a.find(".//img") is not None}

    def remarks(self) -> Iterator[HtmlElement]:
        """Yield the parents of what readers wrote: repeated blocks, each with its own "Reply"."""
        controls = words().controls
        found: dict[HtmlElement, None] = {}
        for element in self._tree.iter("a", "button", "span", "div"):
            if len(element) == 0 and bare(element.text or "") in controls:
                block = element.getparent()
                while block is not None and block.tag not in KEPT and self._words[block] < 8:
                    block = block.getparent()
                if block is not None and block.tag not in KEPT:
                    found[block] = None
        alike = Counter(map(self._shape, found))
        yield from (b for b in found if alike[self._shape(b)] >= 2 and self._words[b] < 400)

    def deks(self, summary: str) -> Iterator[HtmlElement]:
        """Yield a dek that is the feed's summary again: set apart as a heading or in bold, or away from the
        paragraphs. A first *paragraph* that equals the summary stays: many feeds simply send the lead."""
        number = count_words(summary)
        for element in self._tree.iter("p", "div", "section", "span", *HEADINGS):
            if not number or self._words[element] != number or bare(element.text_content()) != summary:
                continue
            styled = any(self._words[e] == number for e in element.iter("b", "strong", "em", "i"))
            is_alone = not any(e.tag == "p" and self._words[e] >= 8 for e in element.itersiblings())
            if element.tag in HEADINGS or styled or (element.tag in ("p", "div") and is_alone):
                yield element
                return

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
            if parent is None or number < 8 or element.tag in INLINE | {"h1", "title"}:
                continue
            if element.tag == "p" or all(child.tag in INLINE or child.tag == "br" for child in element):
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
            while (parent := unit.getparent()) is not None and parent.tag not in KEPT:
                if parent.tag == "td" and unit.tag != "td" and len(parent) > 1:
                    break
                if self._words[parent] - self._words[link] > _BESIDE_WORDS:
                    break
                unit = parent
            if self._stands_alone(unit) or (unit := self._announced(unit)) is not None:
                found[unit] = None
        return list(found)

    def _stands_alone(self, unit: HtmlElement) -> bool:
        if any(e.tag in HEADINGS for e in unit.iter()):
            return True
        parent = unit.getparent()
        is_laid_out = parent is not None and parent.tag != "p" and parent.tag not in INLINE
        if unit.tag not in INLINE or (is_laid_out and not _has_own_text(parent)):
            return True
        return self._is_edge(unit, before=True) and self._is_edge(unit, before=False)

    @staticmethod
    def _is_edge(unit: HtmlElement, *, before: bool) -> bool:
        parent = unit.getparent()
        beside = unit.getprevious() if before else unit.getnext()
        said = (parent.text if beside is None else beside.tail) if before else unit.tail
        if WORD.search(said or ""):
            return False
        if beside is None:
            return parent.tag not in INLINE and (parent.tag != "p" or len(parent) == 1)
        return beside.tag == "br" or beside.tag not in INLINE or (not before and beside.tag == "a")

    def _announced(self, unit: HtmlElement) -> HtmlElement | None:
        """Return the line of a link that only an announcement stands before: "On this topic: ..."."""
        line = unit.getparent()
        if line is None or line.tag in KEPT or self._words[line] - self._words[unit] > 7:
            return None
        said = " ".join(line.text_content().split())
        own = " ".join(unit.text_content().split())
        start = said.removesuffix(own).rstrip()
        return line if said.endswith(own) and start.endswith((":", ">", "»", "→", "▶", "|")) else None

    def _holder(self, unit: HtmlElement) -> HtmlElement:
        parent = unit.getparent()
        return unit if parent is None or parent.tag in KEPT - {"article"} else parent

    @staticmethod
    def _shape(element: HtmlElement) -> tuple[HtmlElement | None, str, str]:
        return element.getparent(), element.tag, element.get("class") or ""

    def _looks_like_card(self, unit: HtmlElement, holder: HtmlElement) -> bool:
        if holder.tag in ("li", "dd", "figure"):
            return True
        if any(e.tag in HEADINGS or e.tag == "img" for e in unit.iter()):
            return True
        return any(link.get("href") in self._pictured for link in unit.iter("a"))

    def _first_words(self, holder: HtmlElement, unit: HtmlElement) -> int:
        number = count_words(holder.text)
        for child in holder:
            if child is unit:
                return number
            number += self._words.get(child, 0) + count_words(child.tail)
        return number

    def _with_announcement(self, doomed: HtmlElement) -> Iterator[HtmlElement]:
        """Yield an element, and the short line before it that announces it ("READ MORE")."""
        yield doomed
        before = doomed.getprevious()
        if before is not None and before.tag not in (*KEPT, "br") and not WORD.search(before.tail or ""):
            text = " ".join(before.text_content().split())
            lexicon = words()
            if 0 < len(text) < 60 and (lexicon.boxes.match(text) or lexicon.pointers.match(text)):
                yield before

    def _continued(self) -> Iterator[HtmlElement]:
        """Yield paragraphs that end with a link "More", and their headings: teasers that are no links."""
        for link in self._tree.iter("a"):
            block = link.getparent()
            if block is None or block.tag in KEPT or self._words[link] > 4:
                continue
            text, own = block.text_content().rstrip(), link.text_content().strip()
            is_more = bool(own) and words().more.fullmatch(own.strip(" .…»›>→")) is not None
            if is_more and text.endswith(own) and self._words[block] <= _SUMMARY_WORDS:
                yield block
                heading = block.getprevious()
                if heading is not None and heading.tag in HEADINGS:
                    yield heading


def _has_own_text(element: HtmlElement) -> bool:
    return any(WORD.search(text or "") for text in (element.text, *(child.tail for child in element)))
