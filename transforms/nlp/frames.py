"""Which count, time, weapon and target belong to which place: mentions of strikes, clause by clause."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol, TypeVar

from spacy.tokens import Doc, Span

from transforms.nlp.casualties import Count, find_counts
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term, cue_patterns
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.quantities import Quantity
from transforms.nlp.times import TimeExpression

_BOUNDARY = re.compile(
    r"""(?P<gap>,?\s(?:(?:some|a\sfew|just)\s)?(?:(?P<hours>hours)|(?P<days>a|one|two|three|four|five|six)\sdays?|the\sday)
        \s(?P<way>after)\s(?!that|the\s(?:strike|attack)))
      | ;\s
      | ,?\swhile\s
      | ,\sas\s(?!many|well|part|if)
      | ,\sand\s(?=(?:on|in|at|near|two|three|four|five|six|seven|eight|nine|ten|\d+|a|an|another)\s)
      | \sand\s(?=(?:two|three|four|five|six|seven|eight|nine|ten|\d+|one)\s(?:\w+\s)?in\s[A-Z])
    """,
    re.VERBOSE,
)
_MAX_TOKENS = 400
"""What is longer is no sentence but a list or junk, and costs time that grows with its square."""
_DAYS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ANOTHER = re.compile(
    r"\b(?:another|a second|second|a separate|separate|a similar|further|an earlier|previous|later)\s(?:\w+\s){0,2}?"
    r"(?:missile|missiles|drone|drones|strike|attack|raid|rocket|bomb|shelling|airstrike|time)\b"
    r"|\b(?:earlier (?:in|on|this|that|strikes?|attacks?)|already|later (?:targeted|hit|struck)|only weeks ago|drones later)\b",
    re.I,
)
_LAST = re.compile(
    r"\b(?:(?:before|after) that (?:strike|attack|raid)|in the same (?:city|town|village))\b", re.I
)
_SEPARATE = re.compile(
    r"\b(?:a second time|in the (?:evening|afternoon|morning|night) of the same day|later (?:the same|that) "
    r"(?:day|evening|night|afternoon)|a separate (?:strike|attack|incident)|in a separate)\b",
    re.I,
)
_STALE = re.compile(
    r"\b(?:earlier (?:it|he|she|they|count)|at first|initially|had (?:first |earlier )?(?:spoken|reported|given|put|said)|"
    r"(?:an|the) earlier (?:figure|count|toll)|preliminary count|had earlier given|first spoken)\b",
    re.I,
)
_FELL = re.compile(r"\b(?:killed|died|dead|wounded|injured)\b", re.I)
ATTACKER_SAYS = re.compile(
    r"\b(?:claimed|insisted|maintain(?:s|ed)|contended|defen[cs]e ministry (?:in \w+ )?(?:said|claimed))\b.{0,160}?"
    r"\b(?:servicemen|soldiers|officers|commanders|militants|terrorists|troops|losses|instructors|nationalists?)\b",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One clause that tells of a strike.

    ``place`` is None where the clause leaves it to the context; ``shift_days`` is how many days before
    the main incident it lies ("a day after missiles hit Poltava"), -1 for "hours".
    """

    sentence: int
    paragraph: int
    start: int
    end: int
    place: PlaceMention | None
    times: tuple[TimeExpression, ...]
    counts: tuple[Count, ...]
    terms: tuple[Term, ...]
    is_title: bool
    is_background: bool
    is_another: bool
    is_struck: bool
    shift_days: int | None = None
    refers_to_last: bool = False  # "that attack", "the same city": what was told just before
    is_separate: bool = False  # "later the same day", "a second time": not the strike told before
    region: str | None = None  # "in the Kherson region", where no town is named
    stale: frozenset[Count] = frozenset()
    other_weapons: frozenset[int] = frozenset()  # where weapons of the strike before are named


@dataclass(slots=True)
class LeftOut:
    """A clause that looked like a strike and was not taken, with the reason."""

    start: int
    end: int
    reason: str


@dataclass(slots=True)
class Found:
    """What the components saw in a document, each kind in text order, and the text itself."""

    text: str
    places: Sequence[PlaceMention]
    times: Sequence[TimeExpression]
    quantities: Sequence[Quantity]
    terms: Sequence[Term]
    left_out: list[LeftOut] = field(default_factory=list)

    def places_in(self, start: int, end: int) -> Sequence[PlaceMention]:
        """Return the places that begin in a stretch of the text."""
        return _within(self.places, start, end)

    def times_in(self, start: int, end: int) -> Sequence[TimeExpression]:
        """Return the times that begin in a stretch of the text."""
        return _within(self.times, start, end)

    def terms_in(self, start: int, end: int) -> Sequence[Term]:
        """Return the terms that begin in a stretch of the text."""
        return _within(self.terms, start, end)

    def quantities_in(self, start: int, end: int) -> list[Quantity]:
        """Return the quantities that begin in a stretch of the text."""
        return list(_within(self.quantities, start, end))


class _Placed(Protocol):
    @property
    def start(self) -> int: ...


_Item = TypeVar("_Item", bound=_Placed)


def _within(items: Sequence[_Item], start: int, end: int) -> Sequence[_Item]:
    """Return the items that begin in ``[start, end)``; a scan for each clause would be quadratic."""
    first = bisect_left(items, start, key=lambda item: item.start)
    return items[first : bisect_left(items, end, lo=first, key=lambda item: item.start)]


def find_mentions(doc: Doc, found: Found, pack: LanguagePack, title_end: int) -> list[Mention]:
    """Return the clauses that tell of strikes in text order; ``found.left_out`` gets the others."""
    mentions: list[Mention] = []
    paragraph = at = 0
    for number, sentence in enumerate(doc.sents):
        if not sentence.text.strip():
            continue
        paragraph += found.text.count("\n", at, sentence.start_char)
        at = sentence.start_char
        reason = _out_of_scope(sentence, found, pack)
        if reason is not None:
            found.left_out.append(LeftOut(sentence.start_char, sentence.end_char, reason))
            if reason == "intercepted":
                mentions.append(_context(sentence, number, paragraph, found))
            continue
        counts = find_counts(sentence, found.quantities_in(sentence.start_char, sentence.end_char), pack)
        for start, end, shift in _segments(sentence, found):
            mentions.extend(
                _mentions_of(number, paragraph, start, end, shift, counts, found, pack, title_end)
            )
    return mentions


def _context(sentence: Span, number: int, paragraph: int, found: Found) -> Mention:
    """Return a sentence that tells of no hit, kept for its time: "drones crossed overnight into
    Wednesday" dates the roof that one of them broke."""
    start, end = sentence.start_char, sentence.end_char
    times = tuple(found.times_in(start, end))
    return Mention(number, paragraph, start, end, None, times, (), (), False, False, False, False)


def _out_of_scope(sentence: Span, found: Found, pack: LanguagePack) -> str | None:
    """Return why a sentence tells of no strike: hypothetical, cumulative, an anniversary, intercepted."""
    cues, text = cue_patterns(pack), sentence.text
    if len(sentence) > _MAX_TOKENS:
        return "no sentence"
    for reason in ("cumulative", "hypothetical", "exercise", "anniversary", "other_deed"):
        if cues[reason].search(text):
            return reason
    if cues["intercepted"].search(text):
        after = re.search(
            r"\b(?:debris|fell|fragments|hit|hurt|damaged|killed|wounded|injured|came down)\b", text
        )
        if after is None or re.search(r"\bno (?:casualties|damage|injuries)\b", text):
            return "intercepted"
    return None


def _segments(sentence: Span, found: Found) -> list[tuple[int, int, int | None]]:
    """Cut a sentence where another place's account begins; a piece without a place joins the one
    before it."""
    text, offset = sentence.text, sentence.start_char
    cuts: list[tuple[int, int | None]] = [(0, None)]
    for match in _BOUNDARY.finditer(text):
        shift = None
        if match.group("gap"):
            shift = -1 if match.group("hours") else _DAYS.get(match.group("days") or "a", 1)
        cuts.append((match.end(), shift))
    pieces: list[tuple[int, int, int | None]] = []
    for (start, shift), following in zip(cuts, [*cuts[1:], (len(text), None)], strict=True):
        end = following[0]
        has_place = _has_place(found, offset + start, offset + end)
        joins = bool(pieces) and shift is None
        if joins and has_place:
            joins = not _has_place(found, *pieces[-1][:2])
        elif joins:
            joins = not _stands_alone(text[start:end], pieces, text, offset)
        if joins:
            pieces[-1] = (pieces[-1][0], offset + end, pieces[-1][2])
        else:
            pieces.append((offset + start, offset + end, shift))
    return pieces


_TELLS_DEATH = re.compile(r"\b(?:kill(?:s|ed|ing)|died|wound(?:s|ed|ing)|injur(?:es|ed|ing))\b")
_OWN_TIME = re.compile(r"^(?:on|in) (?:the (?:night|evening|morning) of )?(?:[A-Z]|the)")


def _stands_alone(piece: str, pieces: list[tuple[int, int, int | None]], text: str, offset: int) -> bool:
    """ "..., and on the night of April 4 a drone killed a woman there": a piece with a time and a toll of
    its own, after one that has them too."""
    before = text[pieces[-1][0] - offset : pieces[-1][1] - offset]
    return bool(_OWN_TIME.match(piece) and _TELLS_DEATH.search(piece) and _TELLS_DEATH.search(before))


def _has_place(found: Found, start: int, end: int) -> bool:
    return any(p.role == "locus" for p in found.places_in(start, end))


def _mentions_of(
    sentence: int,
    paragraph: int,
    start: int,
    end: int,
    shift: int | None,
    counts: Sequence[Count],
    found: Found,
    pack: LanguagePack,
    title_end: int,
) -> list[Mention]:
    text = found.text[start:end]
    places = found.places_in(start, end)
    loci = _distinct([p for p in places if p.role == "locus"])
    terms = tuple(found.terms_in(start, end))
    here = [c for c in counts if start <= c.start < end]
    times = tuple(found.times_in(start, end))
    groups = {t.group for t in terms}
    is_struck = (
        "weapon" in groups
        or ("hit" in groups and "strike" in groups)
        or "strike" in groups
        or "hit" in groups
    )
    tells_when = any(t.role == "event" for t in times) and bool(_FELL.search(text))
    if not is_struck and not here and not tells_when:
        return []
    if re.match(r"\s*Among (?:those|the) ", text) and not here:
        return []
    stale = frozenset(
        c for c in here if _is_stale(found.text, start, c) or ATTACKER_SAYS.search(text[: c.end - start + 40])
    )
    base = Mention(
        place=loci[0] if loci else None,
        times=times,
        counts=tuple(here),
        sentence=sentence,
        paragraph=paragraph,
        start=start,
        end=end,
        terms=terms,
        is_title=start < title_end,
        is_background=bool(cue_patterns(pack)["background"].search(text)) or shift is not None,
        is_another=bool(_ANOTHER.search(text)),
        is_struck=is_struck,
        region=None if loci else next((p.place.name for p in places if p.place.geo_precision == 2), None),
        shift_days=shift,
        refers_to_last=bool(_LAST.search(text)),
        is_separate=bool(_SEPARATE.search(text)),
        stale=stale,
        other_weapons=frozenset(
            t.start
            for t in terms
            if re.search(
                r"\b(?:after|before|than) (?:the|that) \w* ?$", found.text[max(start, t.start - 30) : t.start]
            )
        ),
    )
    if len(loci) <= 1:
        return [base]
    return [
        replace(base, place=place, counts=tuple(share)) for place, share in _share_out(found.text, loci, here)
    ]


def _is_stale(text: str, start: int, count: Count) -> bool:
    """ "Earlier it had reported 24", "lowering an earlier figure of nine": a figure left behind."""
    before = text[max(start, count.start - 60) : count.start]
    clause = re.split(r"[.;]", before)[-1]
    return bool(_STALE.search(clause + text[count.start : count.start + 15])) and not re.match(
        r"\W*Earlier (?:on|in|that|this|today)\b", clause.strip(), re.I
    )


def _distinct(loci: list[PlaceMention]) -> list[PlaceMention]:
    seen, kept = set(), []
    for locus in loci:
        key = (locus.place.geonameid, locus.place.name)
        if key not in seen:
            seen.add(key)
            kept.append(locus)
    return kept


def _share_out(
    text: str, loci: list[PlaceMention], counts: list[Count]
) -> list[tuple[PlaceMention, list[Count]]]:
    """Give each count to the nearest place of the clause. One total over a list of places belongs to
    none of them."""
    if len(counts) == 0:
        return [(locus, []) for locus in loci]
    kinds: dict[str, list[Count]] = {}
    for count in counts:
        kinds.setdefault(count.kind, []).append(count)
    coordinated = all(
        re.fullmatch(
            r"(?:,| and|, and|\s|,? as well as)+(?:in |on |near |the |of |city |town |village |towns )*",
            text[a.end : b.start],
        )
        for a, b in pairwise(loci)
    )
    if coordinated and all(len(c) == 1 for c in kinds.values()):
        return [(locus, []) for locus in loci]
    shares: dict[int, list[Count]] = {i: [] for i in range(len(loci))}
    for count in counts:
        distances = [
            min(abs(locus.start - count.end), abs(count.start - locus.end))
            + (0 if locus.start >= count.start else 6)
            for locus in loci
        ]
        shares[distances.index(min(distances))].append(count)
    first = [(locus, shares[i]) for i, locus in enumerate(loci)]
    # a place without a count of its own beside one that has: mostly an attribute of the sentence
    with_counts = [pair for pair in first if pair[1]]
    return with_counts or first[:1]
