"""Which count, time, weapon and target belong to which place: mentions of strikes, clause by clause."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from transforms.nlp.blocks import Sentence
from transforms.nlp.counts import Count
from transforms.nlp.found import Found
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term, cue_patterns
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.scope import INTERCEPTED
from transforms.nlp.times import TimeExpression

_FRAGMENT = 8  # tokens of what only names a day


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
    region: Place | None = None  # "in the Kherson region", "across Ukraine", where no town is named
    is_context: bool = False  # tells of no strike; its time and place may be those of the next clause
    stale: frozenset[Count] = frozenset()
    other_weapons: frozenset[int] = frozenset()  # where weapons of the strike before are named


def find_mentions(found: Found, pack: LanguagePack) -> list[Mention]:
    """Return the clauses that tell of strikes in text order."""
    mentions: list[Mention] = []
    for number, sentence in enumerate(found.sentences):
        if sentence.out_of_scope == INTERCEPTED:
            mentions.append(_context(sentence, number, found))
        if sentence.out_of_scope is not None:
            continue
        segments = _segments(sentence, found, pack)
        before = len(mentions)
        for n, (start, end, shift) in enumerate(segments):
            told = _mentions_of(number, sentence.paragraph, start, end, shift, found, pack)
            if not told and n + 1 < len(segments) and segments[n + 1][2] is not None:
                # "were still digging in Izmail on Thursday, two days after a missile hit"
                told = [_context(sentence, number, found, start, end)]
            mentions += told
        is_fragment = sentence.last - sentence.first <= _FRAGMENT
        if len(mentions) == before and is_fragment and found.times_in(sentence.start, sentence.end):
            mentions.append(_context(sentence, number, found))  # "Monday, September 2."
    return mentions


def _context(
    sentence: Sentence, number: int, found: Found, start: int | None = None, end: int | None = None
) -> Mention:
    """Return a stretch that tells of no hit, kept for its time and place: "drones crossed overnight into
    Wednesday" dates the roof that one of them broke."""
    first = sentence.start if start is None else start
    last = sentence.end if end is None else end
    loci = [p for p in found.places_in(first, last) if p.role == "locus"] if start is not None else []
    return Mention(
        number, sentence.paragraph, first, last, loci[0] if loci else None,
        tuple(found.times_in(first, last)), (), (), False, False, False, False, is_context=True,
    )  # fmt: skip


def _segments(sentence: Sentence, found: Found, pack: LanguagePack) -> list[tuple[int, int, int | None]]:
    """Cut a sentence where another place's account begins; a piece without a place joins the one
    before it."""
    text, offset = found.text[sentence.start : sentence.end], sentence.start
    cuts: list[tuple[int, int | None]] = [(0, None)]
    for match in pack.patterns["frames.boundary"].finditer(text):
        shift = None
        if match.group("gap"):
            shift = -1 if match.group("hours") else _days(match.group("days"), pack)
        cuts.append((match.end(), shift))
    pieces: list[tuple[int, int, int | None]] = []
    for (start, shift), following in zip(cuts, [*cuts[1:], (len(text), None)], strict=True):
        end = following[0]
        has_place = _has_place(found, offset + start, offset + end)
        joins = bool(pieces) and shift is None
        if joins and has_place:
            joins = not _has_place(found, *pieces[-1][:2])
        elif joins:
            joins = not _stands_alone(text[start:end], pieces, text, offset, pack)
        if joins:
            pieces[-1] = (pieces[-1][0], offset + end, pieces[-1][2])
        else:
            pieces.append((offset + start, offset + end, shift))
    return pieces


def _days(word: str | None, pack: LanguagePack) -> int:
    return int(pack.times["numbers"][word]) if word else 1


def _stands_alone(
    piece: str, pieces: list[tuple[int, int, int | None]], text: str, offset: int, pack: LanguagePack
) -> bool:
    """ "..., and on the night of April 4 a drone killed a woman there": a piece with a time and a toll of
    its own, after one that has them too."""
    before = text[pieces[-1][0] - offset : pieces[-1][1] - offset]
    tells_death = pack.patterns["frames.tells_death"]
    is_dated = pack.patterns["frames.own_time"].match(piece)
    return bool(is_dated and tells_death.search(piece) and tells_death.search(before))


def _has_place(found: Found, start: int, end: int) -> bool:
    return any(p.role == "locus" for p in found.places_in(start, end))


def _mentions_of(
    sentence: int,
    paragraph: int,
    start: int,
    end: int,
    shift: int | None,
    found: Found,
    pack: LanguagePack,
) -> list[Mention]:
    text, rules = found.text[start:end], pack.patterns
    places = found.places_in(start, end)
    loci = _distinct([p for p in places if p.role == "locus"])
    terms = tuple(found.terms_in(start, end))
    here = list(found.counts_in(start, end))
    # the total of a whole country belongs to none of its strikes
    if not loci and rules["frames.nationwide"].search(text):
        here = []
    here = [c for c in here if not rules["frames.nationwide"].match(found.text, c.end + 1)]
    times = tuple(found.times_in(start, end))
    groups = {t.group for t in terms}
    is_struck = not groups.isdisjoint({"weapon", "strike", "hit"})
    tells_when = any(t.role == "event" for t in times) and bool(rules["frames.fell"].search(text))
    if not is_struck and not here and not tells_when:
        return []
    attackers_word = rules["frames.attacker_says"]
    stale = frozenset(
        c
        for c in here
        if _is_stale(found.text, start, c, pack) or attackers_word.search(text[: c.end - start + 40])
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
        is_title=start < found.title_end,
        is_background=bool(cue_patterns(pack)["background"].search(text)) or shift is not None,
        is_another=bool(rules["frames.another"].search(text)),
        is_struck=is_struck,
        region=None if loci else _region_of(places, found, here, pack),
        shift_days=shift,
        refers_to_last=bool(rules["frames.refers_to_last"].search(text)),
        is_separate=bool(rules["frames.separate"].search(text)),
        stale=stale,
        other_weapons=_weapons_of_another(terms, found.text, start, pack),
    )
    if len(loci) <= 1:
        return [base]
    return [
        replace(base, place=place, counts=tuple(share))
        for place, share in _share_out(found.text, loci, here, pack)
    ]


def _weapons_of_another(terms: Sequence[Term], text: str, start: int, pack: LanguagePack) -> frozenset[int]:
    """Return where weapons of the strike before are named: "hours after the missile ... with drones"; a
    clause's only weapon is its own ("are dead after the Kinzhal strike")."""
    before = pack.patterns["frames.weapon_of_another"]
    weapons = {t.start for t in terms if t.group == "weapon"}
    others = {at for at in weapons if before.search(text[max(start, at - 30) : at])}
    return frozenset(others if others < weapons else ())


def _region_of(
    places: Sequence[PlaceMention], found: Found, counts: Sequence[Count], pack: LanguagePack
) -> Place | None:
    """Return the region that a clause is about, or the country that its total is for."""

    def before(p: PlaceMention) -> str:
        return found.text[max(0, p.start - 30) : p.start]

    office = pack.patterns["frames.office_of"]
    regions = (p.place for p in places if p.place.geo_precision == 2 and not office.search(before(p)))
    region = next(regions, None)
    if region is not None or not counts:
        return region
    # "a missile built in North Korea killed 12" is no total of that country
    own = next((p.place.country for p in found.places if p.role == "locus"), None)
    within, throughout = (pack.patterns[f"frames.{w}_country"] for w in ("within", "throughout"))
    countries = (p for p in places if p.place.kind == "country")
    return next(
        (
            p.place
            for p in countries
            if throughout.search(before(p)) or (p.place.country == own and within.search(before(p)))
        ),
        None,
    )


def _is_stale(text: str, start: int, count: Count, pack: LanguagePack) -> bool:
    """ "Earlier it had reported 24", "lowering an earlier figure of nine": a figure left behind."""
    before = text[max(start, count.start - 60) : count.start]
    clause = re.split(r"[.;]", before)[-1]
    if pack.patterns["frames.not_stale"].match(clause.strip()):
        return False
    return bool(pack.patterns["frames.stale"].search(clause + text[count.start : count.start + 15]))


def _distinct(loci: list[PlaceMention]) -> list[PlaceMention]:
    seen, kept = set(), []
    for locus in loci:
        key = (locus.place.geonameid, locus.place.name)
        if key not in seen:
            seen.add(key)
            kept.append(locus)
    return kept


def _share_out(
    text: str, loci: list[PlaceMention], counts: list[Count], pack: LanguagePack
) -> list[tuple[PlaceMention, list[Count]]]:
    """Give each count to the nearest place of the clause. One total over a list of places belongs to
    none of them."""
    if len(counts) == 0:
        return [(locus, []) for locus in loci]
    kinds: dict[str, list[Count]] = {}
    for count in counts:
        kinds.setdefault(count.kind, []).append(count)
    joint = pack.patterns["frames.coordination"]
    coordinated = all(joint.fullmatch(text[a.end : b.start]) for a, b in pairwise(loci))
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
