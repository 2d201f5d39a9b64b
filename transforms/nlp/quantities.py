"""How many: numbers with their qualifiers as low, best, high; and numbers that count nobody."""

import re
from dataclasses import dataclass
from functools import cache

from text_to_num import text2num

from transforms.nlp.language import LanguagePack

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_MAX_DIGITS = 7  # more counts no victims of a strike
_ORDINALS = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20,
}  # fmt: skip
# What follows a number that counts no people: ages, lengths, times, money, shares, storeys.
_NOT_PEOPLE_AFTER = re.compile(
    r"""\s*-?\s*(?:
      (?:year|month|week|day|hour|minute|metre|meter|kilomet(?:re|er)|mile|storey|story|point|kilogram|half)s?\b
      (?:\s*-?\s*old)?
    | (?:years?|months?|weeks?|days?|hours?|minutes?|seconds?)\b
    | (?:km|kms|m|cm|mm|kg|am|pm|a\.m|p\.m|per\s?cent|percent|%|°|tons?|tonnes?|kilomet(?:re|er)s|met(?:re|er)s|miles)\b
    | (?:%|:\d\d|\.\d|st\b|nd\b|rd\b|th\b)
    | (?:million|billion|trillion|dollars|euros|o'clock|times\b|degrees|floors?\b|points?\b)
    | (?:january|february|march|april|may|june|july|august|september|october|november|december)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)  # fmt: skip
_NOT_PEOPLE_BEFORE = re.compile(
    r"""(?:
      (?<=\d)[-/:.,] | [-/] | [$€£]\s?
    | \b(?:aged|age|article|no\.|chapter|resolution|flat|apartment|block|school\sno\.?|highway|
        january|february|march|april|may|june|july|august|september|october|november|december|magnitude)\s
    | \b(?:boys?|girls?|man|woman|men|women|child|baby|toddler|driver|pensioner|neighbou?r|vendor|soldier|student|wife|husband|son|daughter|mother|father|worker|volunteer|resident|victim),?\s(?:of|aged)\s
    | \baged\s(?:between\s)?(?:[\w-]+(?:,|\sand|\sto)\s)+
    | [A-Z][\w]*-
    )\Z""",
    re.VERBOSE | re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of something at ``[start, end)`` of the text. ``kind``: count, none, ordinal or other."""

    start: int
    end: int
    low: int | None
    best: int | None
    high: int | None
    kind: str = "count"
    is_more: bool = False


@cache
def _patterns() -> re.Pattern[str]:
    small = "|".join(sorted(_UNITS + _TENS, key=len, reverse=True))
    word = rf"(?:(?:a\s)?(?:{small}|hundred|thousand))(?:(?:[\s-]|\sand\s)(?:{small}|hundred|thousand))*"
    digits = r"\d{1,3}(?:[,\u2009\u202f]\d{3})+|\d+"
    return re.compile(rf"(?<![\w.,])(?:(?P<digits>{digits})|(?P<word>{word}))(?![\w])", re.I)


def find_quantities(text: str, pack: LanguagePack) -> list[Quantity]:
    """Return the quantities of a text in order, without overlaps."""
    vague = dict(pack.casualties["vague"])
    found: list[Quantity] = []
    lowered = text.lower()
    taken = bytearray(len(text) + 1)

    def add(start: int, end: int, quantity: Quantity) -> None:
        if not any(taken[start:end]):
            found.append(quantity)
            taken[start:end] = b"\x01" * (end - start)

    for phrase in sorted(pack.casualties["negative"], key=len, reverse=True):
        for match in re.finditer(rf"\b{re.escape(phrase)}\b", lowered):
            add(*match.span(), Quantity(*match.span(), 0, 0, 0, "none"))
    for phrase in sorted(vague, key=len, reverse=True):
        for match in re.finditer(rf"\b{re.escape(phrase)}\b(?!\sof\s(?:thousands|hundreds))", lowered):
            low, best, high = vague[phrase]
            quantity = Quantity(*match.span(), low, best, high)
            quantity = _qualify(text, lowered, quantity, pack)
            add(quantity.start, quantity.end, quantity)
    for word, value in _ORDINALS.items():
        for match in re.finditer(rf"\b{word}\b(?!-)", lowered):
            add(*match.span(), Quantity(*match.span(), value, value, value, "ordinal"))
    for match in re.finditer(r"\b(\d{1,3})(?:st|nd|rd|th)\b", lowered):
        value = int(match.group(1))
        add(*match.span(), Quantity(*match.span(), value, value, value, "ordinal"))
    for match in _patterns().finditer(text):
        number = _value(match)
        if number is None:
            continue
        start, end = match.span()
        if _counts_nobody(text, start, end, number, bool(match.group("digits"))):
            add(start, end, Quantity(start, end, number, number, number, "other"))
            continue
        quantity = _qualify(text, lowered, Quantity(start, end, number, number, number), pack)
        add(quantity.start, quantity.end, quantity)
    return sorted(found, key=lambda q: q.start)


def _value(match: re.Match[str]) -> int | None:
    if match.group("digits"):
        digits = re.sub(r"\D", "", match.group("digits"))
        return int(digits) if len(digits) <= _MAX_DIGITS else None
    words = re.sub(r"^a\s", "one ", match.group("word").lower().replace("-", " "))
    try:
        return int(text2num(words, "en"))
    except ValueError:
        return None


def _counts_nobody(text: str, start: int, end: int, value: int, is_digits: bool) -> bool:
    after, before = text[end : end + 30], text[max(0, start - 40) : start]
    if _NOT_PEOPLE_AFTER.match(after) or _NOT_PEOPLE_BEFORE.search(before):
        return True
    if is_digits and 1900 <= value <= 2100 and re.search(r"\b(?:in|since|of|,)\s$", before):
        return True
    # "Serhii, 45, died": an age between commas
    return bool(is_digits and re.search(r"\w,\s$", before) and re.match(r"\s?,", after) and value < 110)


def _qualify(text: str, lowered: str, q: Quantity, pack: LanguagePack) -> Quantity:
    """Widen a number by the words around it: "at least 14" is 14/14/open."""
    words = pack.casualties["qualifiers"]
    start, end, low, best, high, is_more = q.start, q.end, q.low, q.best, q.high, False
    between = re.search(r"\bbetween\s+$", lowered[max(0, start - 40) : start])
    upper = re.match(r"\s*(?:and|to|-|–)\s*(\d+)\b", lowered[end : end + 40])
    is_change = bool(
        re.search(r"\bfrom\s+$", lowered[max(0, start - 40) : start])
    )  # "rose from 50 to 52" is no range
    if (
        upper
        and not is_change
        and (between or re.match(r"\s*(?:to|-|–)", lowered[end : end + 40]))
        and low is not None
    ):
        top = int(upper.group(1))
        if top > low:
            return Quantity(between.start() if between else start, end + upper.end(), low, None, top)
    for kind in ("more_than", "at_least", "up_to", "about", "exact", "more"):
        phrase = _ends_with(lowered[max(0, start - 40) : start], words[kind])
        if phrase is None:
            continue
        if kind == "up_to" and re.search(
            r"\b(?:gone|goes|going|went|rose|risen|climbed|moved|pushed)\s+up to\s$", lowered[:start]
        ):
            break  # "has gone up to 27" is a toll, not a limit
        start -= len(phrase) + 1
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
    tail = re.match(r"\s+or\s+more\b", lowered[end : end + 40])
    if tail:
        high, end = None, end + tail.end()
    elif re.match(r"\s+more\b(?!\s+than)", lowered[end : end + 40]):
        is_more = True
    return Quantity(start, end, low, best, high, q.kind, is_more)


def _ends_with(before: str, phrases: list[str]) -> str | None:
    for phrase in sorted(phrases, key=len, reverse=True):
        if re.search(rf"(?:^|\W){re.escape(phrase)}\s$", before):
            return str(phrase)
    return None
