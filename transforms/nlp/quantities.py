"""Quantities in a text: numbers and their qualifiers as a range (low, best, high), and what they count."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from text_to_num import text2num

from transforms.nlp.language import LanguagePack

_WORD = re.compile(r"[^\W\d_]+")
_MAX_DIGITS = 7  # a number with more digits counts no victims of a strike
_MAX_NUMBER_WORDS = 10
"""A longer chain of number words is several numbers."""
_CONTEXT_CHARS = 40
"""How far from a number its qualifier may stand, and the words before it that say what it counts."""
_UNIT_CHARS = 30
"""How far after a number the words may stand that say what it counts."""
_NEGATION_CHARS = 12
_UNTOLD_CHARS = 80
"""The word for what was not told stands at most so far behind "no" or "not"."""
_JOINT_CHARS = 80
"""A number stands at most so far from "killed or wounded"."""
MAX_AGE_YEARS = 110
_ENDS_ITEM = re.compile(r"\s?(?:[,;:)]|\.(?!\d)|\Z)")
"""What follows the age of one of several people."""
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
"""A number in this range may be a year."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at characters ``[start, end)`` of the text.

    ``kind``: count, none ("no one"), ordinal, or other (it counts no people). ``is_more``: adds to a number
    stated elsewhere ("two more").
    """

    start: int
    end: int
    low: int | None
    best: int | None
    high: int | None
    kind: str = "count"
    is_more: bool = False


@cache
def _phrases(pack: LanguagePack) -> dict[str, re.Pattern[str]]:
    """Return the expressions for the listed quantities and qualifiers, the longest phrase first."""

    def any_of(words: object) -> str:
        return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))  # type: ignore[call-overload]

    lists = pack.quantities
    return {
        "none": re.compile(rf"\b(?:{any_of(lists['negative'])})\b"),
        "vague": re.compile(rf"\b(?:{any_of(lists['vague'])})\b"),
        "ordinal": re.compile(rf"\b(?:{any_of(lists['ordinals'])})\b(?!-)"),
        **{
            kind: re.compile(rf"(?:^|\W)(?P<phrase>{any_of(words)})\s$")
            for kind, words in lists["qualifiers"].items()
        },
    }


def is_not_given(text: str, start: int, pack: LanguagePack) -> bool:
    """Return whether "no casualties" from ``start`` on is what somebody did not give: "he gave no casualties".

    Of 50 annotated phrases such as "it was not known whether anyone was hurt" none is a zero.
    """
    before = text[max(0, start - _NEGATION_CHARS) : start].lower()
    patterns = pack.patterns
    is_unsaid = patterns["quantities.not_told"].match(text[start : start + _UNTOLD_CHARS].lower())
    return is_unsaid is not None or patterns["quantities.not_none_before"].search(before) is not None


def find_quantities(text: str, pack: LanguagePack) -> list[Quantity]:
    """Return the quantities of a text in text order, without overlaps."""
    phrases, patterns, lists = _phrases(pack), pack.patterns, pack.quantities
    found: list[Quantity] = []
    lowered = text.lower()
    taken = bytearray(len(text) + 1)

    def add(quantity: Quantity) -> None:
        start, end = quantity.start, quantity.end
        if not any(taken[start:end]):
            found.append(quantity)
            taken[start:end] = b"\x01" * (end - start)

    for match in phrases["none"].finditer(lowered):
        if is_not_given(lowered, match.start(), pack):
            continue
        add(Quantity(*match.span(), 0, 0, 0, "none"))
    for match in phrases["vague"].finditer(lowered):
        low, best, high = lists["vague"][match.group(0)]
        add(_qualify(lowered, Quantity(*match.span(), low, best, high), pack))
    for match in phrases["ordinal"].finditer(lowered):
        value = lists["ordinals"][match.group(0)]
        add(Quantity(*match.span(), value, value, value, "ordinal"))
    for match in patterns["quantities.ordinal_digits"].finditer(lowered):
        value = int(match.group("n"))
        add(Quantity(*match.span(), value, value, value, "ordinal"))
    for match in patterns["quantities.number"].finditer(text):
        for start, end, number in _values(match, pack):
            if _counts_nobody(text, start, end, number, bool(match.group("digits")), pack):
                add(Quantity(start, end, number, number, number, "other"))
                continue
            end = _end_of_repeated(text, end, number, pack)
            add(_qualify(lowered, Quantity(start, end, number, number, number), pack))
    return _without_joint(sorted(found, key=lambda q: q.start), lowered, pack)


def _without_joint(found: list[Quantity], lowered: str, pack: LanguagePack) -> list[Quantity]:
    """Return the quantities, those of killed and injured together as numbers of neither."""
    patterns, starts = pack.patterns, [q.start for q in found]
    for match in patterns["quantities.joint"].finditer(lowered):
        at = bisect_left(starts, match.start())
        before = at - 1 if at and _is_counted_before(found[at - 1], match.start(), lowered, pack) else None
        is_behind = at < len(found) and _is_counted_behind(found[at], match.end(), lowered, pack)
        if is_behind and pack.patterns["quantities.either"].search(match.group()):
            before = None  # "two days earlier a shell killed or wounded eleven"
        if (before is None) == (not is_behind):
            continue  # none, or each has its own: "five killed and wounded 12 others"
        joint = at if before is None else before
        if found[joint].kind == "count":
            found[joint] = replace(found[joint], kind="other")
    return found


def _is_counted_before(q: Quantity, end: int, lowered: str, pack: LanguagePack) -> bool:
    """Return whether a quantity is the number of the words that begin at ``end``."""
    is_near = end - q.end <= _JOINT_CHARS
    return is_near and pack.patterns["quantities.joint_before"].match(lowered[q.end : end]) is not None


def _is_counted_behind(q: Quantity, start: int, lowered: str, pack: LanguagePack) -> bool:
    """Return whether a quantity is the number of the words that end at ``start``."""
    is_near = q.start - start <= _JOINT_CHARS
    return is_near and pack.patterns["quantities.joint_after"].match(lowered[start : q.start]) is not None


def _values(match: re.Match[str], pack: LanguagePack) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, number) of what digits or words mean: two numbers for "three and six"."""
    if match.group("digits"):
        digits = re.sub(r"\D", "", match.group("digits"))
        if len(digits) <= _MAX_DIGITS:
            yield (*match.span(), int(digits))
        return
    words = [
        (match.start() + w.start(), match.start() + w.end()) for w in _WORD.finditer(match.group("word"))
    ]
    first = 0
    while first < len(words):
        for last in range(min(len(words), first + _MAX_NUMBER_WORDS) - 1, first - 1, -1):
            start, end = words[first][0], words[last][1]
            number = _number(match.string[start:end], pack)
            if number is not None:
                yield start, end, number
                break
        first = last + 1


def _end_of_repeated(text: str, end: int, number: int, pack: LanguagePack) -> int:
    """Return where a number ends that is repeated in digits: "seventeen (17) people"."""
    again = pack.patterns["quantities.repeated"].match(text, end)
    return again.end() if again is not None and int(again["n"]) == number else end


def _number(written: str, pack: LanguagePack) -> int | None:
    """Return the number that is written in digits or in words, or None."""
    if written.isdigit():
        return int(written)
    words = pack.patterns["quantities.article"].sub("", written.lower().replace("-", " "))
    try:
        return int(text2num(words, pack.language))
    except ValueError:
        return None


def _counts_nobody(text: str, start: int, end: int, value: int, is_digits: bool, pack: LanguagePack) -> bool:
    """Return whether a number counts no people: an age, a year, a length."""
    after, before = text[end : end + _UNIT_CHARS], text[max(0, start - _CONTEXT_CHARS) : start]
    patterns = pack.patterns
    if patterns["quantities.not_people_after"].match(after):
        return True
    if patterns["quantities.not_people_before"].search(before):
        return True
    if is_digits and _FIRST_YEAR <= value <= _LAST_YEAR and patterns["quantities.year_before"].search(before):
        return True
    # "Taras Melnyk (47) was killed"
    if is_digits and value < MAX_AGE_YEARS and re.search(r"[^\W\d_]\s\(\Z", before) and after[:1] == ")":
        return True
    if is_digits and patterns["quantities.numbered_before"].search(before):
        return True
    if value >= MAX_AGE_YEARS:
        return False
    if patterns["quantities.age_before"].search(before) and patterns["quantities.age_after"].match(after):
        return True
    if not is_digits:
        return False
    ages = patterns["quantities.ages_of_group"].finditer(
        text, max(0, start - _CONTEXT_CHARS), end + _CONTEXT_CHARS
    )
    if any(match.start("ages") <= start < match.end("ages") for match in ages):
        return True
    # "Serhii, 45, died": an age between commas
    if re.search(r"\w,\s$", before) and re.match(r"\s?,", after):
        return True
    return _is_age_of_named(before, after, patterns)


def _is_age_of_named(before: str, after: str, patterns: Mapping[str, re.Pattern[str]]) -> bool:
    """Return whether a number is the age of somebody named before it: "Huda Saleh, 30; Parveena K., 51, died"."""
    named = patterns["quantities.named_before"].search(before) if _ENDS_ITEM.match(after) else None
    return named is not None and not patterns["quantities.place_leads"].match(named["lead"] or "")


def _qualify(lowered: str, q: Quantity, pack: LanguagePack) -> Quantity:
    """Return a quantity with the qualifiers around it: "at least 14" is low 14, best 14, high open."""
    patterns, phrases = pack.patterns, _phrases(pack)
    start, end, low, best, high, is_more = q.start, q.end, q.low, q.best, q.high, False
    before, after = lowered[max(0, start - _CONTEXT_CHARS) : start], lowered[end : end + _CONTEXT_CHARS]
    between = patterns["quantities.between"].search(before)
    upper = patterns["quantities.upper"].match(after)
    if (
        upper
        and not patterns["quantities.change"].search(before)
        and (between or patterns["quantities.range_joint"].match(after))
        and low is not None
    ):
        top = _number(upper.group("n"), pack)
        if top is not None and top > low:
            first = start - len(before) + between.start() if between else start
            return Quantity(first, end + upper.end(), low, None, top)
    for kind in pack.quantities["qualifiers"]:
        qualifier = phrases[kind].search(before)
        if qualifier is None:
            continue
        if kind == "up_to" and patterns["quantities.gone_up"].search(before):
            break
        start -= len(qualifier.group("phrase")) + 1
        if kind == "more_than" and low is not None:
            low = best = low + 1
            high = None
        elif kind == "at_least":
            high = None
        elif kind == "up_to":
            low = 0
        elif kind == "more":
            is_more = True
        break
    tail = patterns["quantities.or_more"].match(after)
    if tail:
        high, end = None, end + tail.end()
    return Quantity(start, end, low, best, high, q.kind, is_more)
