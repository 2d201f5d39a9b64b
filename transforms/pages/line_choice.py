"""The learned choice of lines: which lines of a page belong to the article.

The rules know shapes that somebody has seen. On layouts that nobody has seen they keep teasers, offers,
captions and credits, and lose paragraphs. A small model looks at each line that they kept, and at each line
of prose of the same kinds that they left out. It was fitted by ``training/page_lines.py``.
"""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from transforms.pages.boilerplate_words import (
    count_words,
    load_boilerplate_words,
    normalise_words,
    without_bullet,
)
from transforms.pages.line_features import LineFeatures, kind_of
from transforms.pages.line_model import load_line_model
from transforms.pages.main_markup import CUT_ENDS, MainMarkup
from transforms.pages.page_blocks import MIN_PROSE_WORDS, Block, Line, PageBlocks
from transforms.pages.shown_dates import CLOCK, DATE, dates_in

_MIN_MATCHED_WORDS = 3
_MOST_SEARCHED = 100_000
"""For lines that no line of the page equals, so many lines are searched: the time stays linear."""
_QUOTE = re.compile('["“”«»„「」『』]')
_FIRST_CLOCK = re.compile(r"^\d{1,2}[:.]\d\d(?!\d)\s*")
_MOST_DAY_WORDS, _MIN_LINKED_WORDS = 4, 4
_MOST_TWINS = 20
"""Of lines that say the same so many are looked at."""
_MIN_KEPT_SHARE = 0.15  # if less of a text would stay, the model does not know the page
_SURELY_OWN = 0.98
_MIN_RUN = 3
_LEAST_OF_RUN = -0.6
_SURELY_FOREIGN = 0.2
"""A run whose lines have this log-odds in the mean, a chance of .35, may be the article's as a whole: a line
of it goes only below the second number. Else a page of two stories lost the last sentences of the first one,
and a story the box with its background."""


def choose_lines(
    text: str, page: PageBlocks, titles: Sequence[str], summary: str, refused: Collection[str] = ()
) -> str:
    """Return a text without the lines that are not the article's, and with those that it lacks.

    Args:
        text: what rules and extractor found, a paragraph a line.
        page: the lines of the whole page.
        titles: the article's headlines.
        summary: the feed's summary; a line that repeats it stays.
        refused: lines that a rule took for furniture; they are added only if they surely are the article's.
    """
    lines = text.split("\n") if text else []
    matches = match_lines(lines, page)
    ours = {number for numbers in matches for number in numbers}
    if not ours:
        return text
    model = load_line_model()
    features = LineFeatures(page, titles, summary, ours)
    numbers = list_candidates(page, ours)
    chances = dict(zip(numbers, model.judge([features.describe(n) for n in numbers]), strict=True))
    chances = {
        n: c for n, c in chances.items() if n in ours or not _is_refused(page.lines[n].text, c, refused)
    }
    known = (*titles, summary)
    return assemble_text(lines, matches, page, chances, known, model.drop_below, model.add_above)


def match_lines(lines: Sequence[str], page: PageBlocks) -> list[list[int]]:
    """Return for each line of a text the numbers of the page's lines that it is or is joined from."""
    by_text: dict[str, list[int]] = {}
    for line in page.lines:
        twins = by_text.setdefault(_bare(line.text), [])
        if len(twins) < _MOST_TWINS:
            twins.append(line.number)
    found, searched = [], 0
    for text in lines:
        numbers = by_text.get(_bare(" ".join(text.split())))
        if numbers is None and searched + len(by_text) > _MOST_SEARCHED:
            numbers = []
        elif numbers is None:
            searched += len(by_text)
            parts = [said for said in by_text if said in text]
            numbers = [
                n for said in parts for n in by_text[said] if page.lines[n].words >= _MIN_MATCHED_WORDS
            ]
        found.append(numbers)
    return found


def _bare(line: str) -> str:
    """Return a line without the mark of a list, or the clock time of a feed, that extractors leave out."""
    return _FIRST_CLOCK.sub("", without_bullet(line), count=1)


def list_candidates(page: PageBlocks, ours: set[int]) -> list[int]:
    """Return the numbers of the lines to judge: those that were kept, and prose like them that was not.

    Prose of another kind is never added: on real pages it was mostly readers' comments and other stories.
    """
    kinds = {kind_of(page.lines[number]) for number in ours}
    return [
        line.number
        for line in page.lines
        if line.number in ours
        or (line.words - line.linked >= MIN_PROSE_WORDS and line.block.tag != "h1" and kind_of(line) in kinds)
    ]


def assemble_text(
    lines: Sequence[str],
    matches: Sequence[Sequence[int]],
    page: PageBlocks,
    chances: Mapping[int, float],
    known: Iterable[str],
    drop_below: float,
    add_above: float,
) -> str:
    """Return the text of the lines that belong to the article, in the order of the page.

    Args:
        lines: those that were kept.
        matches: for each of them its numbers in the page; a line without any stays.
        page: the lines of the whole page.
        chances: by number, the chance that a line is the article's.
        known: headlines and summary. Like days by themselves, they neither go nor come.
        drop_below: the chance below which a line goes.
        add_above: the chance from which a line comes.
    """
    spared = {normalise_words(text) for text in known if text}
    ours = {number for numbers in matches for number in numbers}
    in_own_run = _in_own_runs(sorted(ours), page, chances)
    limit = _log_odds(drop_below)
    main = MainMarkup(page, ours, {n: _log_odds(chances[n]) - limit for n in ours if n in chances})
    placed: list[tuple[int, str]] = []
    place = -1
    for text, numbers in zip(lines, matches, strict=True):
        place = numbers[0] if numbers else place
        if any(_is_dated_link(page.lines[n]) for n in numbers):
            continue
        is_spared = not numbers or _is_day(text) or normalise_words(text) in spared
        is_own = bool(in_own_run.intersection(numbers)) or main.holds(text, numbers, is_first=not placed)
        least = min(drop_below, _SURELY_FOREIGN) if is_own else drop_below
        least = _SURELY_OWN if _is_call(text) else least
        if is_spared or _judge(numbers, page, chances) >= least:
            placed.append((place, _without_foreign_parts(text, numbers, page, chances)))
    kept = sum(len(text) for _, text in placed)
    if kept < _MIN_KEPT_SHARE * sum(map(len, lines)):
        return "\n".join(lines)
    said = set(lines)
    own_articles = {_article_around(page.lines[number].block) for number in ours}
    for number, chance in chances.items():
        text = page.lines[number].text
        is_new = number not in ours and text not in said and not text.endswith(CUT_ENDS)
        is_new = is_new and _article_around(page.lines[number].block) in own_articles
        if is_new and chance >= add_above and normalise_words(text) not in spared:
            said.add(text)
            placed.append((number, text))
    placed.sort(key=lambda pair: pair[0])
    return "\n".join(text for _, text in placed)


def _is_refused(text: str, chance: float, refused: Collection[str]) -> bool:
    return text in refused and (chance < _SURELY_OWN or _is_call(text))


def _is_call(text: str) -> bool:
    """Return whether a line calls on the reader, and quotes nobody who does."""
    return load_boilerplate_words().calls.match(text) is not None and _QUOTE.search(text) is None


def _article_around(block: Block | None) -> Block | None:
    """Return the ``article`` element around a block: an inner one is the card of another story."""
    while block is not None and block.tag != "article":
        block = block.parent
    return block


def _in_own_runs(ours: Sequence[int], page: PageBlocks, chances: Mapping[int, float]) -> set[int]:
    """Return the lines of the runs that may be the article's as a whole.

    A run is lines that were kept, one after the other, in one block and with the same markup.
    """
    runs: list[list[int]] = []
    for number in ours:
        if not (runs and number == runs[-1][-1] + 1 and _are_siblings(page, runs[-1][-1], number)):
            runs.append([])
        runs[-1].append(number)
    found: set[int] = set()
    for run in runs:
        if len(run) >= _MIN_RUN and sum(_log_odds(chances[n]) for n in run) >= _LEAST_OF_RUN * len(run):
            found.update(run)
    return found


def _are_siblings(page: PageBlocks, one: int, other: int) -> bool:
    a, b = page.lines[one].block, page.lines[other].block
    return a.parent is b.parent and a.key == b.key


def _log_odds(chance: float) -> float:
    kept = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))


def _is_dated_link(line: Line) -> bool:
    """Return whether a line is a link to another story and its date: "Market hit in Idlib (21 July 2024)"."""
    if line.linked < _MIN_LINKED_WORDS or line.linked == line.words:
        return False
    without_date = CLOCK.sub(" ", DATE.sub(" ", line.text))
    return without_date != line.text and count_words(without_date) <= line.linked


def _is_day(text: str) -> bool:
    """Return whether a line is a day and nothing else: that of the posts below it, which extraction needs."""
    if len(text.split()) > _MOST_DAY_WORDS or not any(map(str.isdigit, text)):
        return False
    return any("T" not in date for date in dates_in(text))


def _without_foreign_parts(
    text: str, numbers: Sequence[int], page: PageBlocks, chances: Mapping[int, float]
) -> str:
    """Return a line that is joined from several of the page without those that surely are foreign."""
    if len({page.lines[number].text for number in numbers}) == 1:
        return text
    rest = text
    for number in numbers:
        if chances[number] < _SURELY_FOREIGN:
            rest = " ".join(rest.replace(page.lines[number].text, " ").split())
    return rest or text


def _judge(numbers: Sequence[int], page: PageBlocks, chances: Mapping[int, float]) -> float:
    """Return the chance of a line: the best of its twins, or the mean of its parts by their words."""
    if len({page.lines[number].text for number in numbers}) == 1:
        return max(chances[number] for number in numbers)
    words = sum(page.lines[number].words for number in numbers)
    return sum(chances[number] * page.lines[number].words for number in numbers) / words
