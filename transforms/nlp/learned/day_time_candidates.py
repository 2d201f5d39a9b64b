"""Times of day in an article: "3:40 a.m.", "shortly after midnight", "in the evening"."""

import re
from functools import cache

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.spans import NamedSpan

HOUR = "hour"
"""The kind of a time that gives the hour. The others are parts of the day."""
_NOON = 12
_QUARTER, _HALF, _TO = 15, 30, -15
_AFTER_NOON = ("afternoon", "evening", "night")
_LAST_NIGHT_HOUR = 5
"""An hour up to this one "at night" is after midnight."""


@cache
def _parts(pack: LanguagePack) -> tuple[re.Pattern[str], dict[str, str]]:
    part_of = {phrase: part for part, phrases in pack.day_times["parts"].items() for phrase in phrases}
    words = "|".join(map(re.escape, sorted(part_of, key=len, reverse=True)))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE), part_of


def day_times(context: Context, pack: LanguagePack) -> list[NamedSpan]:
    """Return the times of day of a document in text order. Where two overlap, the hour counts."""
    return [
        NamedSpan(kind, value, context.token_at(start), context.token_at(end - 1), start, end)
        for kind, value, start, end in day_times_in(context.findings.text, pack)
    ]


def day_times_in(text: str, pack: LanguagePack) -> list[tuple[str, str, int, int]]:
    """Return the kind, value, start and end of the times of day of a text, in text order."""
    taken: list[tuple[int, int]] = []
    found = []
    for match in pack.patterns["day_times.clock"].finditer(text):
        hour = _hour(match, pack)
        taken.append(match.span())
        if hour is not None:
            found.append((HOUR, hour, *match.span()))
    pattern, part_of = _parts(pack)
    for match in pattern.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            part = part_of[match.group().lower()]
            found.append((part, part, *match.span()))
    return sorted(found, key=lambda span: span[2])


def _hour(match: re.Match[str], pack: LanguagePack) -> str | None:
    """Return the local hour of a match as "HH:MM"; None where it is that of another zone, or may be of morning or
    evening."""
    got = {name: value for name, value in match.groupdict().items() if value is not None}
    if "gmt" in got or _is_elsewhere(match):
        return None
    if "hm" in got:
        return f"{got['hm'][:2]}:{got['hm'][2:]}"
    if "h24" in got:
        return f"{int(got['h24']):02d}:{got['m24']}"
    if "h" in got:
        hour = int(got["h"])
        if not 1 <= hour <= _NOON:
            return None
        return _clock(hour, int(got.get("m", 0)), "morning" if got["ap"][0].lower() == "a" else "afternoon")
    return _in_words(got, pack)


_ZONE = re.compile(r"\s?\(?(?:(?:GMT|UTC|ET|EST|EDT|PT|PST|BST|CET|CEST|MSK)\b|(?!Local)[A-Z][a-z]+ time\b)")
"""What follows an hour that is not local: "11 p.m. ET", "3 a.m. Moscow time"."""


def _is_elsewhere(match: re.Match[str]) -> bool:
    return _ZONE.match(match.string, match.end()) is not None


def _in_words(got: dict[str, str], pack: LanguagePack) -> str | None:
    word = got.get("w", got.get("w2", "")).lower()
    value = pack.day_times["hour_words"][word]
    if ":" in value:
        return str(value)
    part = got.get("of", got.get("ofn", "")).lower()
    if not part:
        return None
    past = got.get("past", got.get("past2", "")).lower()
    minutes = _HALF if past == "half" else _QUARTER if past else _TO if "to" in got else 0
    return _clock(int(value), minutes, part)


def _clock(hour: int, minutes: int, part: str) -> str:
    """Return an hour of the clock with twelve hours as "HH:MM"."""
    hour %= _NOON
    is_late = part in _AFTER_NOON and not (part == "night" and hour <= _LAST_NIGHT_HOUR)
    total = (hour + (_NOON if is_late else 0)) * 60 + minutes
    return f"{total // 60 % 24:02d}:{total % 60:02d}"
