"""Authors whose names stand without any mark, beside the day of the article or the hours of its posts.

A place, a section, a source or a person of the news may stand there too. So a name counts only if it is
surely a person's, and stands alone with the time. Of posts, it must stand in the same manner in at least
three (two, if it has an initial), before any comment; of an article, the text must not tell of the person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.pages.author_names import PART_BREAK, is_surely_person
from transforms.pages.author_words import load_author_words
from transforms.pages.boilerplate_words import count_words, load_boilerplate_words, normalise_words
from transforms.pages.shown_dates import CLOCK, DATE, is_prose_line, lines_after
from transforms.pages.shown_lines import ShownLine, is_caption

_MIN_POSTS, _MIN_POSTS_WITH_INITIAL, _LINES_TO_PROSE = 3, 2, 4
_MAX_PROSE_BEFORE_POSTS = 2
_MAX_CHARACTERS = 120
_MAX_NAMES, _MAX_NAMES_OF_POSTS = 3, 5
_MIN_POSTS_OF_NAME = 2
_SEPARATORS = re.compile(rf"[|·•–—/{PART_BREAK}]|\s-\s")
_LIST = re.compile(r"\s*[,;]\s*")
_MAX_LINES = 400
_MIN_OTHER_WORDS = 4


@dataclass(frozen=True, slots=True)
class _TimedLine:
    """A short line with the time, names, or both, and nothing else."""

    names: tuple[str, ...]
    has_time: bool
    has_day: bool


def find_unmarked_authors(lines: list[ShownLine], headline: int | None) -> tuple[str, ...]:
    """Return the names beside the day of the article or the hours of its posts; empty for none.

    Args:
        lines: the lines of the page.
        headline: the place of the headline among them.
    """
    if headline is None:
        return ()
    return _find_beside_hours(lines[headline + 1 :]) or _find_beside_day(lines, headline)


def _find_beside_day(lines: list[ShownLine], headline: int) -> tuple[str, ...]:
    """Return the names beside the first day after the headline, in its line or the next one."""
    beside = [_read(line) for line in lines_after(lines, headline)]
    for n, timed in enumerate(beside):
        if timed is None or not timed.has_day:
            continue
        near = (timed, *(beside[m] for m in (n - 1, n + 1) if 0 <= m < len(beside)))
        names = next((other.names for other in near if other is not None and other.names), ())
        return names if not _is_told_of(names, lines) else ()
    return ()


def _is_told_of(names: tuple[str, ...], lines: list[ShownLine]) -> bool:
    """Return whether a line of text, or a list of tags, names one of the persons: the name is a tag then."""
    wanted = [f" {normalise_words(name)} " for name in names]
    for line in lines:
        text = f" {normalise_words(line.text)} "
        if any(
            name in text and count_words(text) - count_words(name) >= _MIN_OTHER_WORDS for name in wanted
        ) and (_read(line) is None):
            return True
    return False


def _find_beside_hours(lines: list[ShownLine]) -> tuple[str, ...]:
    """Return the names beside the hours of the posts that follow the headline.

    Cards of other articles show a day and a headline, posts an hour and a text.
    """
    by_manner: dict[tuple[object, ...], list[tuple[str, ...]]] = {}
    prose, last_time = 0, None
    comments = load_boilerplate_words().comment_headings
    for n, line in enumerate(lines[:_MAX_LINES]):
        if comments.match(line.text):
            break
        prose += is_prose_line(line)
        if prose > _MAX_PROSE_BEFORE_POSTS and not by_manner:
            return ()
        timed = _read(line)
        if timed is None:
            continue
        names = timed.names
        if timed.has_time:
            last_time = n
        is_beside = last_time is not None and n - last_time <= 1
        is_before = n + 1 < len(lines) and (after := _read(lines[n + 1])) is not None and after.has_time
        is_post = any(map(is_prose_line, lines[n + 1 : n + 1 + _LINES_TO_PROSE]))
        if names and (is_beside or is_before) and is_post and not DATE.search(line.text):
            by_manner.setdefault(_manner_of(line), []).append(names)
    posts = max(by_manner.values(), key=len, default=[])
    writers = list(dict.fromkeys(name for names in posts for name in names))
    least = _MIN_POSTS_WITH_INITIAL if any("." in name for name in writers) else _MIN_POSTS
    is_by_few = len(posts) >= least and _MIN_POSTS_OF_NAME * len(writers) <= len(posts) + 1
    is_by_few = is_by_few and len(writers) <= _MAX_NAMES_OF_POSTS
    return tuple(writers) if is_by_few else ()


def _manner_of(line: ShownLine) -> tuple[object, ...]:
    parent = line.block.getparent()
    around = parent.tag if parent is not None else ""
    return line.block.tag, line.block.get("class") or "", around, len(line.parts)


def _read(line: ShownLine) -> _TimedLine | None:
    """Return what a short line tells, None where it has other words than names and a time."""
    if len(line.text) > _MAX_CHARACTERS or is_caption(line) or _is_in_list_of_links(line):
        return None
    text = PART_BREAK.join(line.parts)
    times = [element for element in line.elements if element.tag == "time"]
    has_time = bool(times)
    has_day = DATE.search(text) is not None or any(time.get("datetime") for time in times)
    names: list[str] = []
    for segment in _segments(text):
        rest = CLOCK.sub(" ", DATE.sub(" ", segment))
        has_time = has_time or rest != segment
        words = " ".join(rest.split()).strip(" ,;:.-")
        if not words or load_author_words().beside_time.fullmatch(words):
            continue
        found = [part for part in _LIST.split(words) if part]
        if not all(map(is_surely_person, found)):
            return None
        names += found
    if len(names) > _MAX_NAMES:
        return None
    return _TimedLine(tuple(dict.fromkeys(names)), has_time, has_day) if names or has_time else None


def _segments(text: str) -> Iterator[str]:
    yield from filter(None, (segment.strip() for segment in _SEPARATORS.split(text)))


def _is_in_list_of_links(line: ShownLine) -> bool:
    """Return whether a part of a line is a link. One to the page of an author is read as a mark."""
    return any(
        around.tag == "a" for element in line.elements for around in (element, *element.iterancestors())
    )
