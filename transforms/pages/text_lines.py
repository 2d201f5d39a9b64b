"""The lines of an extracted text: which of them are paragraphs, and which are labels, pointers or notices.

Extractors keep some lines that no rule for the layout found. Their words tell what they are.
"""

import re
from collections.abc import Iterable

from transforms.pages.boilerplate_words import (
    count_words,
    ends_as_sentence,
    load_boilerplate_words,
    normalise_words,
    without_bullet,
)
from transforms.pages.shown_dates import CLOCK, DATE
from transforms.util.text import clean_text

_MAX_CHARACTERS = 400_000
_MAX_LABEL_WORDS = 4
_MIN_QUOTED_WORDS, _MIN_UNENDED_WORDS = 6, 8
_MIN_SHARE_OF_WHOLE = 0.9
_POINTER_LIMIT_CHARACTERS = 300
_LABEL_LIMIT_CHARACTERS = 160
_HEADING_LIMIT_CHARACTERS = 60
_STAMP_LIMIT_CHARACTERS = 40
_BUTTON_ROW_LIMIT_CHARACTERS, _MAX_BUTTON_ROW_WORDS = 120, 12
_SEPARATORS = ("·", "•", "|", " –", " —", " -")
"""A short line that ends with one of these told authors and a day that is shown elsewhere."""
_HOUR_OF_ENTRY = re.compile(r"^(?:\d{1,2}[:.]\d\d\b|\d{1,2} ?[ap]\.?m\b)", re.M | re.I)
_DATE_OR_BYLINE = re.compile(
    r"(?:[12]\d{3}-\d\d-\d\d[ T]?[\d:]*|by [\w .'-]{3,60}"
    r"|by [\"“„«][^\"”»]{2,40}[\"”»](?:, [\w ]{2,30})?)",
    re.I,
)


def select_paragraphs(extracted: str, titles: Iterable[str]) -> list[str]:
    """Return the lines of the extracted text that are the article's own."""
    headlines = {normalise_words(title) for title in titles if title} - {""}
    paragraphs: list[str] = []
    for raw in clean_text(extracted, _MAX_CHARACTERS).split("\n"):
        line = without_bullet(raw.strip().strip("|").strip())
        words = normalise_words(line)
        # An entry of a live page begins with its hour and its headline in one line.
        words = normalise_words(CLOCK.sub(" ", line)) if len(paragraphs) < 3 and words else words
        is_repeated_headline = len(paragraphs) < 3 and words in headlines
        if words and not is_repeated_headline and not _is_boilerplate_line(line):
            paragraphs.append(line)
    return _drop_labels(paragraphs)


def _drop_labels(paragraphs: list[str]) -> list[str]:
    """Return paragraphs without the dates and labels before the first, and the labels and notices at the end.

    In the middle a short line may be a heading of the article.
    """
    first, last = 0, len(paragraphs)
    while first < last and _is_label_line(paragraphs[first]):
        first += 1
    while last > first and (_is_label_line(paragraphs[last - 1]) or _is_notice(paragraphs[last - 1])):
        last -= 1
    return paragraphs[first:last] or paragraphs


def drop_last_notices(text: str) -> str:
    """Return a text without the notices that end it; other lines may have stood after them before."""
    lines = text.split("\n")
    while len(lines) > 1 and _is_notice(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def drop_first_day(text: str) -> str:
    """Return a text without the day before it, unless hours follow: then it is that of the entries."""
    first, _, rest = text.partition("\n")
    is_day = len(first) < _STAMP_LIMIT_CHARACTERS and count_words(DATE.sub(" ", first)) <= 1
    if not rest or not is_day or DATE.search(first) is None or _HOUR_OF_ENTRY.search(rest):
        return text
    return rest


def drop_pull_quotes(text: str) -> str:
    """Return a text without the sentences that another line has too: pages show them in large type beside it.

    >>> drop_pull_quotes(
    ...     'It was loud.\\nWe heard it for an hour.\\n"We heard it for an hour. It hit," he said.'
    ... )
    'It was loud.\\n"We heard it for an hour. It hit," he said.'

    The first line stays: it may be the summary. A short line that ends without a full stop may be a heading.
    """
    lines = text.split("\n")
    words = [normalise_words(line).split() for line in lines]
    longest: dict[tuple[str, ...], list[str]] = {}
    starts = {tuple(said[:_MIN_QUOTED_WORDS]) for said in words if len(said) >= _MIN_QUOTED_WORDS}
    for said in words:
        for place in range(len(said) - _MIN_QUOTED_WORDS + 1):
            part = tuple(said[place : place + _MIN_QUOTED_WORDS])
            if part in starts and len(said) > len(longest.get(part, ())):
                longest[part] = said
    quoted: dict[int, list[int]] = {}
    for number, (line, said) in enumerate(zip(lines, words, strict=True)):
        other = longest.get(tuple(said[:_MIN_QUOTED_WORDS]), said)
        if number and _is_quoted(line, said, other):
            quoted.setdefault(id(other), []).append(number)
    parts = [group for group in quoted.values() if not _are_whole(group, words, longest)]
    dropped = {number for group in parts for number in group}
    return "\n".join(line for number, line in enumerate(lines) if number not in dropped)


def _are_whole(group: list[int], words: list[list[str]], longest: dict[tuple[str, ...], list[str]]) -> bool:
    """Return whether several lines are all of the longer line that has them: then that one is the quote."""
    other = longest[tuple(words[group[0]][:_MIN_QUOTED_WORDS])]
    return len(group) > 1 and sum(len(words[number]) for number in group) >= _MIN_SHARE_OF_WHOLE * len(other)


def _is_quoted(line: str, said: list[str], other: list[str]) -> bool:
    """Return whether a line is a part of another one, which says more."""
    is_shorter = _MIN_QUOTED_WORDS <= len(said) < len(other)
    is_sentence = ends_as_sentence(line) or len(said) >= _MIN_UNENDED_WORDS
    return is_shorter and is_sentence and f" {' '.join(said)} " in f" {' '.join(other)} "


def _is_label_line(line: str) -> bool:
    return count_words(line) <= _MAX_LABEL_WORDS and not ends_as_sentence(line)


def _is_notice(line: str) -> bool:
    return len(line) < _POINTER_LIMIT_CHARACTERS and load_boilerplate_words().notices.search(line) is not None


def _is_boilerplate_line(line: str) -> bool:
    """Return whether a line is a pointer, a label, a heading, a row of buttons, a date or a byline."""
    words = load_boilerplate_words()
    if len(line) < _POINTER_LIMIT_CHARACTERS and words.pointers.match(line):
        return True
    if len(line) < _LABEL_LIMIT_CHARACTERS and words.labels.fullmatch(line):
        return True
    if len(line) < _HEADING_LIMIT_CHARACTERS and _is_box_heading(line):
        return True
    if len(line) < _BUTTON_ROW_LIMIT_CHARACTERS and _is_button_row(line):
        return True
    if len(line) < _STAMP_LIMIT_CHARACTERS and (_is_stamp(line) or line.endswith(_SEPARATORS)):
        return True
    return _DATE_OR_BYLINE.fullmatch(line) is not None


def _is_stamp(line: str) -> bool:
    """Return whether a line is a day and an hour: when a post was written. A day alone may be a heading."""
    without_day = DATE.sub(" ", line)
    is_more = count_words(without_day) > 0
    return without_day != line and is_more and not count_words(CLOCK.sub(" ", without_day))


def _is_box_heading(line: str) -> bool:
    words = load_boilerplate_words()
    return not ends_as_sentence(line) and bool(
        words.box_headings.match(line) or words.comment_headings.match(line)
    )


def _is_button_row(line: str) -> bool:
    buttons = load_boilerplate_words().share_buttons.findall(line)
    return len(buttons) >= 2 and len(normalise_words(line).split()) <= _MAX_BUTTON_ROW_WORDS
