"""What the learned choice of lines knows of a line: its shape, its place in the page, its box, its words.

No feature is the text of one site: words count only through ``line_cues.yaml`` and through what a line shares
with the headline and with the other paragraphs.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from math import log1p

from transforms.pages.boilerplate_words import ends_as_sentence
from transforms.pages.line_company import COMPANY_NAMES, Company
from transforms.pages.line_cues import CUE_KINDS, count_cues
from transforms.pages.page_blocks import MIN_PROSE_WORDS, Block, Line, PageBlocks

_GROUPS = (
    frozenset({"ul", "ol", "dl"}),
    frozenset({"table"}),
    frozenset({"figure"}),
    frozenset({"blockquote"}),
)
_OWN_TAGS = ("p", "li", "td")
_HEADING_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NAMES_OF_FURNITURE = re.compile(
    "relat|recom|teas|promo|newsl|subscr|sign|popul|trend|widget|side|foot|nav|menu|shar|social|comment|capt|credit|photo"
    "|legend|author|byline|bio|tag|adv|banner|sponsor|partner|more|next|also|meta|copyr|cook|donat|member|card|item|embed|rail"
    "|box|call|cta|disclaim|legal|inset|insert|outbr|tabool|reply|profile|writer|label|note"
)
_NAMES_OF_TEXT = re.compile("article|content|body|text|story|post|entry|paragr|prose|main")
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_BLANKS = re.compile("[\u0e01-\u0eae\u1000-\u102a\u1780-\u17b3\u3041-\u30ff\u3400-\u9fff]")
_STEM, _MIN_LETTERS, _NEAR_LINES = 5, 4, 3
Kind = tuple[str | int, ...]

FEATURE_NAMES = (
    *(
        "words",
        "share of links",
        "links",
        "ends as sentence",
        "ends as question",
        "digits",
        "capitals",
        "commas",
    ),
    *("quotes", "soft", "lines since picture", "is summary", "repeated"),
    *(
        "own tag p",
        "own tag li",
        "own tag td",
        "own tag heading",
        "in list",
        "in table",
        "in figure",
        "in quotation",
    ),
    *("furniture name near", "furniture name far", "text name near", "text name far", "has name"),
    *("depth", "words before", "words after", "lines after headline", "share of page before"),
    *("main kind", "main parent", "main grandparent", "steps up to main", "steps down from main"),
    *(
        "lines from main start",
        "lines from main end",
        "share of main kind",
        "share of own kind",
        "prose of own kind",
    ),
    "lines of own kind",
    *(
        f"parent {what}"
        for what in ("words", "links", "lines", "prose", "pictures", "times", "headings", "link count")
    ),
    *(
        f"box {what}"
        for what in ("words", "links", "lines", "prose", "pictures", "times", "headings", "link count")
    ),
    *("boxes alike", "parents alike"),
    *("shares headline", "shares main", "box shares headline", "share new words"),
    *(f"{kind} words" for kind in CUE_KINDS),
    "cues beside",
    *("in ours", "kind in ours", "parent in ours"),
    *(
        f"{side} {what}"
        for side in ("previous", "next")
        for what in ("words", "links", "sentence", "ours", "beside")
    ),
    *("label above", "label is linked", "near in ours", "near of main kind"),
    *COMPANY_NAMES,
)


def stem_words(text: str) -> set[str]:
    """Return the longer words, cut to five letters; pairs of letters where no blanks separate words."""
    found = {word[:_STEM] for word in _LETTERS.findall(text.lower()) if len(word) >= _MIN_LETTERS}
    if not text.isascii() and _NO_BLANKS.search(text):
        found |= {text[n : n + 2] for n in range(len(text) - 1)}
    return found


class LineFeatures:
    """The features of a page's lines.

    Args:
        page: its lines.
        titles: the article's headlines. summary: the feed's summary.
        ours: the numbers of lines that the rules and the extractor kept.
    """

    def __init__(self, page: PageBlocks, titles: Sequence[str], summary: str, ours: Collection[int]) -> None:
        self.page, self.ours = page, ours
        self._headline = stem_words(" ".join((*titles, summary)))
        self._titles = {" ".join(title.split()) for title in titles if title}
        self._summary = " ".join(summary.split())
        lines = page.lines
        self._texts = Counter(line.text for line in lines)
        self._kinds: dict[Kind, list[int]] = {}
        self._keys = [kind_of(line) for line in lines]
        for line, key in zip(lines, self._keys, strict=True):
            self._kinds.setdefault(key, []).append(line.number)
        self._stems: dict[int, set[str]] = {}
        self._cues: dict[int, list[float]] = {}
        self._headline_at = self._find_headline()
        self._choose_main()
        self._box_hits: dict[Block, float] = {}
        self._alike: dict[Block, Counter[tuple[object, ...]]] = {}
        self._company = Company(page, ours, self._keys, self._stems_of, self._cues_of)
        self._lines_of_parent = Counter(line.block.parent or line.block for line in lines)
        # Counted once: pages with thousands of lines of one kind would cost their square.
        self._ours_of_kind = Counter(self._keys[number] for number in ours)
        self._ours_of_parent = Counter(lines[n].block.parent or lines[n].block for n in ours)

    def _stems_of(self, number: int) -> set[str]:
        if number not in self._stems:
            self._stems[number] = stem_words(self.page.lines[number].text)
        return self._stems[number]

    def _cues_of(self, number: int) -> list[float]:
        if number not in self._cues:
            self._cues[number] = count_cues(self.page.lines[number].text[:300])
        return self._cues[number]

    def _find_headline(self) -> int:
        found = [
            line.number for line in self.page.lines if line.text in self._titles and line.linked < line.words
        ]
        headings = [n for n in found if self.page.lines[n].block.tag in _HEADING_TAGS]
        return (headings or found or [-1])[0]

    def _choose_main(self) -> None:
        """Find the kind of line that most prose has; what was kept or speaks of the headline counts more."""
        best = -1.0
        self._main_key: Kind | None = None
        self._main_lines: list[int] = []
        self._kind_prose: dict[Kind, float] = {}
        for key, numbers in self._kinds.items():
            score = prose = 0.0
            for number in numbers:
                line = self.page.lines[number]
                own = line.words - line.linked
                if own >= MIN_PROSE_WORDS:
                    prose += own
                    score += own * (
                        1.0 + 2.0 * bool(self._stems_of(number) & self._headline) + (number in self.ours)
                    )
            self._kind_prose[key] = prose
            if score > best:
                best, self._main_key, self._main_lines = score, key, numbers
        told = [n for n in self._main_lines if self.page.lines[n].words >= MIN_PROSE_WORDS]
        self._main_lines = told or self._main_lines
        parents = Counter(self.page.lines[n].block.parent for n in self._main_lines)
        self._main_parent = parents.most_common(1)[0][0] if parents else None
        self._ancestors: dict[Block, int] = {}
        block, steps = self._main_parent, 0
        while block is not None:
            self._ancestors[block] = steps
            block, steps = block.parent, steps + 1
        self._main_counts: Counter[str] = Counter()
        for number in self._main_lines:
            self._main_counts.update(self._stems_of(number))
        self._total_prose = sum(self._kind_prose.values()) or 1.0

    def describe(self, number: int) -> list[float]:
        """Return the features of a line, in the order of ``FEATURE_NAMES``."""
        line = self.page.lines[number]
        return [
            *self._describe_text(line),
            *_describe_tags(line.block),
            *self._describe_place(line),
            *self._describe_boxes(line),
            *self._describe_topic(line),
            *self._describe_words(line),
            *self._describe_verdicts(line),
            *self._describe_neighbour(line, -1),
            *self._describe_neighbour(line, 1),
            *self._describe_heading(line),
            *self._describe_nearby(line),
            *self._company.describe(line),
        ]

    def _describe_text(self, line: Line) -> list[float]:
        text = line.text
        return [
            log1p(line.words),
            line.linked / line.words,
            min(line.links, 5),
            ends_as_sentence(text),
            text.endswith(("?", "؟", "？", "!")),
            sum(map(str.isdigit, text)) / len(text),
            sum(map(str.isupper, text)) / len(text),
            min(4, text.count(",") + text.count("،") + text.count("，")),
            text.count('"') + text.count("“") + text.count("«"),
            line.styled == 2,
            min(line.gap, 9),
            text == self._summary,
            min(3, self._texts[text]),
        ]

    def _describe_place(self, line: Line) -> list[float]:
        page, block = self.page, line.block
        parent = block.parent or block
        key = self._keys[line.number]
        steps, around = 0, block
        while around not in self._ancestors and around.parent is not None:
            around, steps = around.parent, steps + 1
        first, last = self._main_lines[0], self._main_lines[-1]
        return [
            min(block.depth, 30),
            log1p(line.before),
            log1p(page.words - line.before - line.words),
            max(-20, min(60, line.number - self._headline_at)) if self._headline_at >= 0 else -30,
            line.before / page.words,
            key == self._main_key,
            parent is self._main_parent,
            self._main_parent is not None and parent.parent is self._main_parent.parent,
            self._ancestors.get(around, 30),
            steps,
            max(-20, min(20, line.number - first)),
            max(-20, min(20, line.number - last)),
            self._kind_prose[self._main_key] / self._total_prose if self._main_key else 0.0,
            self._kind_prose[key] / self._total_prose,
            log1p(self._kind_prose[key]),
            min(20, len(self._kinds[key])),
        ]

    def _describe_boxes(self, line: Line) -> list[float]:
        parent = line.block.parent or line.block
        box = _box_of(line)
        return [
            *_describe_block(parent),
            *_describe_block(box),
            self._count_alike(box),
            self._count_alike(line.block),
        ]

    def _count_alike(self, block: Block) -> float:
        if block.parent is None:
            return 0
        if block.parent not in self._alike:
            self._alike[block.parent] = Counter((other.key, other.shape) for other in block.parent.children)
        return min(8, self._alike[block.parent][block.key, block.shape])

    def _describe_topic(self, line: Line) -> list[float]:
        stems = self._stems_of(line.number)
        size = len(stems) or 1
        is_main = self._keys[line.number] == self._main_key
        shared = sum(self._main_counts[stem] > is_main for stem in stems)
        box = _box_of(line)
        if box not in self._box_hits:
            numbers = [n for n in range(line.number - 4, line.number + 5) if 0 <= n < len(self.page.lines)]
            inside = [n for n in numbers if _is_in(self.page.lines[n].block, box)]
            self._box_hits[box] = len(set().union(*map(self._stems_of, inside)) & self._headline) / (
                len(self._headline) or 1
            )
        return [
            len(stems & self._headline) / size,
            shared / size,
            self._box_hits[box],
            len(stems & self._headline) / (len(self._headline) or 1),
        ]

    def _describe_words(self, line: Line) -> list[float]:
        return [
            *self._cues_of(line.number),
            self._count_cues_around(line),
        ]

    def _count_cues_around(self, line: Line) -> float:
        """Return the share of cues in the lines beside a line in its box."""
        near = [n for n in (line.number - 1, line.number + 1) if 0 <= n < len(self.page.lines)]
        near = [n for n in near if self.page.lines[n].block.parent is line.block.parent]
        return min(5, sum(sum(self._cues_of(n)[:2]) for n in near))

    def _describe_verdicts(self, line: Line) -> list[float]:
        key, parent = self._keys[line.number], line.block.parent or line.block
        return [
            line.number in self.ours,
            self._ours_of_kind[key] / len(self._kinds[key]),
            self._ours_of_parent[parent] / self._lines_of_parent[parent],
        ]

    def _describe_neighbour(self, line: Line, step: int) -> list[float]:
        number = line.number + step
        if not 0 <= number < len(self.page.lines):
            return [-1.0] * 5
        other = self.page.lines[number]
        return [
            log1p(other.words),
            other.linked / other.words,
            ends_as_sentence(other.text),
            number in self.ours,
            other.block.parent is line.block.parent,
        ]

    def _describe_heading(self, line: Line) -> list[float]:
        """Describe the nearest short line or heading above, within a few lines."""
        for back in range(1, _NEAR_LINES + 1):
            if line.number < back:
                break
            other = self.page.lines[line.number - back]
            if other.block.tag in _HEADING_TAGS or (
                other.words <= MIN_PROSE_WORDS and not ends_as_sentence(other.text)
            ):
                return [back, other.linked > 0]
        return [0, 0]

    def _describe_nearby(self, line: Line) -> list[float]:
        near = [
            n
            for n in range(line.number - 2, line.number + 3)
            if n != line.number and 0 <= n < len(self._keys)
        ]
        size = len(near) or 1
        return [
            sum(n in self.ours for n in near) / size,
            sum(self._keys[n] == self._main_key for n in near) / size,
        ]


def kind_of(line: Line) -> Kind:
    """Return the kind of a line: the tags and names of its block and of the block around that."""
    block, parent = line.block, line.block.parent
    return (block.tag, block.names, line.styled, *(parent.key if parent else ()))


def _box_of(line: Line) -> Block:
    """Return the nearest block around a line that holds more than the line."""
    block = line.block
    while block.lines < 2 and block.pictures == 0 and block.parent is not None:
        block = block.parent
    return block


def _is_in(block: Block | None, box: Block) -> bool:
    while block is not None and block.depth >= box.depth:
        if block is box:
            return True
        block = block.parent
    return False


def _describe_block(block: Block) -> list[float]:
    return [
        log1p(block.words),
        block.linked / (block.words or 1),
        min(block.lines, 40),
        min(block.prose, 20),
        min(block.pictures, 5),
        min(block.times, 3),
        min(block.headings, 5),
        min(block.links, 20),
    ]


def _describe_tags(block: Block) -> list[float]:
    tags = set()
    near = far = near_text = far_text = 0
    around: Block | None = block
    for step in range(40):
        if around is None:
            break
        tags.add(around.tag)
        if around.names and step < 6 and around.tag not in ("body", "html"):
            hits = _NAMES_OF_FURNITURE.search(around.names) is not None
            text = _NAMES_OF_TEXT.search(around.names) is not None
            if step < 2:
                near, near_text = near + hits, near_text + text
            else:
                far, far_text = far + hits, far_text + text
        around = around.parent
    return [
        *(block.tag == tag for tag in _OWN_TAGS),
        block.tag in _HEADING_TAGS,
        *(not group.isdisjoint(tags) for group in _GROUPS),
        *(near, far, near_text, far_text),
        bool(block.names),
    ]
