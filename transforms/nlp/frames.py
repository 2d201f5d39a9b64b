"""Mentions of strikes: the place of each clause, with its counts, times, weapons and targets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from transforms.nlp.blocks import Sentence
from transforms.nlp.counts import Count
from transforms.nlp.findings import Findings
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term, cue_patterns
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.scope import INTERCEPTED
from transforms.nlp.times import TimeExpression

_MAX_DATE_LINE_TOKENS = 8
"""A sentence without a strike and with at most this many tokens only names a day: "Monday, September 2."."""
_HOURS_SHIFT = -1
"""The value of ``Mention.shift_days`` for "hours after"."""
_WEAPON_CUE_CHARS, _PLACE_CUE_CHARS, _STALE_CUE_CHARS = 30, 30, 60
"""How far before a weapon, a place or a count its cue may begin."""
_AFTER_PLACE_PENALTY_CHARS = 6
"""A place after its count is preferred: "killed two in Kherson".

This is added to the distance of one before it.
"""


@dataclass(frozen=True, slots=True)
class Mention:
    """One clause that reports a strike, or gives context to one (``is_context``).

    ``place``: None where the clause names no place and the context decides. ``shift_days``: number of days
    before the main incident ("a day after missiles hit Poltava"), -1 for hours.
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
    refers_to_last: bool = False  # "that attack", "the same city": the strike of the clause before
    is_separate: bool = False  # "later the same day", "a second time": not the strike of the clause before
    region: Place | None = None  # "in the Kherson region", "across Ukraine", where no town is named
    is_context: bool = False  # reports no strike; the next clause may take its time and place
    stale: frozenset[Count] = frozenset()  # outdated counts: "Earlier it had reported 24"
    other_weapons: frozenset[int] = frozenset()  # offsets of weapons that belong to the strike before


def find_mentions(findings: Findings, pack: LanguagePack) -> list[Mention]:
    """Return the clauses that report strikes, and those that give context to them, in text order."""
    mentions: list[Mention] = []
    for number, sentence in enumerate(findings.sentences):
        if sentence.out_of_scope == INTERCEPTED:
            mentions.append(_context(sentence, number, findings))
        if sentence.out_of_scope is not None:
            continue
        segments = _segments(sentence, findings, pack)
        before = len(mentions)
        for n, (start, end, shift) in enumerate(segments):
            in_segment = _mentions_of(number, sentence.paragraph, start, end, shift, findings, pack)
            if not in_segment and n + 1 < len(segments) and segments[n + 1][2] is not None:
                # "were still digging in Izmail on Thursday, two days after a missile hit"
                in_segment = [_context(sentence, number, findings, start, end)]
            mentions += in_segment
        is_short = sentence.last - sentence.first <= _MAX_DATE_LINE_TOKENS
        if len(mentions) == before and is_short and findings.times_in(sentence.start, sentence.end):
            mentions.append(_context(sentence, number, findings))  # "Monday, September 2."
    return mentions


def with_missing(
    mentions: Sequence[Mention], struck: Sequence[PlaceMention], findings: Findings
) -> list[Mention]:
    """Return the mentions, and one more for each struck place that none of them is about, in text order.

    The clauses miss a place whose sentence has no known word for a strike, or lists several places of which
    another got the toll. The added mention is the sentence of the place, without counts.
    """
    told = {(m.place.place.geonameid, m.place.place.name) for m in mentions if m.place is not None}
    added = []
    for place in struck:
        number = next((n for n, s in enumerate(findings.sentences) if s.start <= place.start < s.end), None)
        if (place.place.geonameid, place.place.name) not in told and number is not None:
            s = findings.sentences[number]
            terms = tuple(findings.terms_in(s.start, s.end))
            is_title = s.start < findings.title_end
            added.append(
                Mention(
                    number, s.paragraph, s.start, s.end, place, tuple(findings.times_in(s.start, s.end)),
                    (), terms, is_title, False, False, True,
                )
            )  # fmt: skip
    return sorted([*mentions, *added], key=lambda m: (m.start, m.end))


def _context(
    sentence: Sentence, number: int, findings: Findings, start: int | None = None, end: int | None = None
) -> Mention:
    """Return a span that reports no hit as a mention, for its time and place.

    "Drones crossed overnight into Wednesday" gives the date of the damage that the next sentence reports.
    """
    first = sentence.start if start is None else start
    last = sentence.end if end is None else end
    scenes = [p for p in findings.places_in(first, last) if p.role == "scene"] if start is not None else []
    return Mention(
        number, sentence.paragraph, first, last, scenes[0] if scenes else None,
        tuple(findings.times_in(first, last)), (), (), False, False, False, False, is_context=True,
    )  # fmt: skip


def _segments(
    sentence: Sentence, findings: Findings, pack: LanguagePack
) -> list[tuple[int, int, int | None]]:
    """Return the segments of a sentence: (start, end, shift in days).

    A segment begins where the text goes on to another place. A piece without a place belongs to the segment
    before.
    """
    text, offset = findings.text[sentence.start : sentence.end], sentence.start
    cuts: list[tuple[int, int | None]] = [(0, None)]
    for match in pack.patterns["frames.boundary"].finditer(text):
        shift = None
        if match.group("gap"):
            shift = _HOURS_SHIFT if match.group("hours") else _days(match.group("days"), pack)
        cuts.append((match.end(), shift))
    pieces: list[tuple[int, int, int | None]] = []
    for (start, shift), following in zip(cuts, [*cuts[1:], (len(text), None)], strict=True):
        end = following[0]
        has_scene = _has_scene(findings, offset + start, offset + end)
        joins = bool(pieces) and shift is None
        if joins and has_scene:
            joins = not _has_scene(findings, *pieces[-1][:2])
        elif joins:
            joins = not _stands_alone(text[start:end], pieces, text, offset, pack)
        if joins:
            pieces[-1] = (pieces[-1][0], offset + end, pieces[-1][2])
        else:
            pieces.append((offset + start, offset + end, shift))
    return pieces


def _days(word: str | None, pack: LanguagePack) -> int:
    """Return the number of days that a number word means; "a day" has none."""
    return int(pack.times["numbers"][word]) if word else 1


def _stands_alone(
    piece: str, pieces: list[tuple[int, int, int | None]], text: str, offset: int, pack: LanguagePack
) -> bool:
    """Return whether a piece without a place reports a separate strike.

    It has a time and a toll, and so has the piece before it: "..., and on the night of April 4 a drone killed
    a woman there".
    """
    before = text[pieces[-1][0] - offset : pieces[-1][1] - offset]
    tells_death = pack.patterns["frames.tells_death"]
    is_dated = pack.patterns["frames.own_time"].match(piece)
    return bool(is_dated and tells_death.search(piece) and tells_death.search(before))


def _has_scene(findings: Findings, start: int, end: int) -> bool:
    return any(p.role == "scene" for p in findings.places_in(start, end))


def _mentions_of(
    sentence: int,
    paragraph: int,
    start: int,
    end: int,
    shift: int | None,
    findings: Findings,
    pack: LanguagePack,
) -> list[Mention]:
    """Return the mentions of a segment: one for each place, or one without a place; none without a strike."""
    text, rules = findings.text[start:end], pack.patterns
    places = findings.places_in(start, end)
    scenes = _distinct([p for p in places if p.role == "scene"])
    terms = tuple(findings.terms_in(start, end))
    counts = list(findings.counts_in(start, end))
    # the total of a whole country belongs to no single strike
    if not scenes and rules["frames.nationwide"].search(text):
        counts = []
    counts = [c for c in counts if not rules["frames.nationwide"].match(findings.text, c.end + 1)]
    times = tuple(findings.times_in(start, end))
    groups = {t.group for t in terms}
    is_struck = not groups.isdisjoint({"weapon", "strike", "hit"})
    has_event_time = any(t.role == "event" for t in times) and bool(rules["frames.fell"].search(text))
    if not is_struck and not counts and not has_event_time:
        return []
    attacker_says = rules["frames.attacker_says"]
    stale = frozenset(
        c
        for c in counts
        if _is_stale(findings.text, start, c, pack) or attacker_says.search(text[: c.end - start + 40])
    )
    base = Mention(
        place=scenes[0] if scenes else None,
        times=times,
        counts=tuple(counts),
        sentence=sentence,
        paragraph=paragraph,
        start=start,
        end=end,
        terms=terms,
        is_title=start < findings.title_end,
        is_background=bool(cue_patterns(pack)["background"].search(text)) or shift is not None,
        is_another=bool(rules["frames.another"].search(text)),
        is_struck=is_struck,
        region=None if scenes else _region_of(places, findings, counts, pack),
        shift_days=shift,
        refers_to_last=bool(rules["frames.refers_to_last"].search(text)),
        is_separate=bool(rules["frames.separate"].search(text)),
        stale=stale,
        other_weapons=_weapons_of_another(terms, findings.text, start, pack),
    )
    if len(scenes) <= 1:
        return [base]
    return [
        replace(base, place=place, counts=tuple(share))
        for place, share in _share_out(findings.text, scenes, counts, pack)
    ]


def _weapons_of_another(terms: Sequence[Term], text: str, start: int, pack: LanguagePack) -> frozenset[int]:
    """Return the offsets of weapons of the strike before: "hours after the missile ... with drones".

    The only weapon of a clause is its own: "are dead after the Kinzhal strike".
    """
    before = pack.patterns["frames.weapon_of_another"]
    weapons = {t.start for t in terms if t.group == "weapon"}
    others = {at for at in weapons if before.search(text[max(start, at - _WEAPON_CUE_CHARS) : at])}
    return frozenset(others if others < weapons else ())


def _region_of(
    places: Sequence[PlaceMention], findings: Findings, counts: Sequence[Count], pack: LanguagePack
) -> Place | None:
    """Return the region of a clause without a town, or the country whose total it states."""

    def before(p: PlaceMention) -> str:
        return findings.text[max(0, p.start - _PLACE_CUE_CHARS) : p.start]

    office = pack.patterns["frames.office_of"]
    regions = (p.place for p in places if p.place.geo_precision == 2 and not office.search(before(p)))
    region = next(regions, None)
    if region is not None or not counts:
        return region
    # "a missile built in North Korea killed 12" states no total for that country
    own_country = next((p.place.country for p in findings.places if p.role == "scene"), None)
    within, throughout = (pack.patterns[f"frames.{w}_country"] for w in ("within", "throughout"))
    countries = (p for p in places if p.place.kind == "country")
    return next(
        (
            p.place
            for p in countries
            if throughout.search(before(p)) or (p.place.country == own_country and within.search(before(p)))
        ),
        None,
    )


def _is_stale(text: str, start: int, count: Count, pack: LanguagePack) -> bool:
    """Return whether the text replaces a count: "Earlier it had reported 24"."""
    before = text[max(start, count.start - _STALE_CUE_CHARS) : count.start]
    clause = re.split(r"[.;]", before)[-1]
    if pack.patterns["frames.not_stale"].match(clause.strip()):
        return False
    return bool(pack.patterns["frames.stale"].search(clause + text[count.start : count.start + 15]))


def _distinct(scenes: list[PlaceMention]) -> list[PlaceMention]:
    """Return the first mention of each place."""
    seen, kept = set(), []
    for scene in scenes:
        key = (scene.place.geonameid, scene.place.name)
        if key not in seen:
            seen.add(key)
            kept.append(scene)
    return kept


def _share_out(
    text: str, scenes: list[PlaceMention], counts: list[Count], pack: LanguagePack
) -> list[tuple[PlaceMention, list[Count]]]:
    """Return the places of a clause, each with the counts nearest to it.

    One total over a list of places belongs to none of them.
    """
    if len(counts) == 0:
        return [(scene, []) for scene in scenes]
    kinds: dict[str, list[Count]] = {}
    for count in counts:
        kinds.setdefault(count.kind, []).append(count)
    joint = pack.patterns["frames.coordination"]
    coordinated = all(joint.fullmatch(text[a.end : b.start]) for a, b in pairwise(scenes))
    if coordinated and all(len(c) == 1 for c in kinds.values()):
        return [(scene, []) for scene in scenes]
    shares: dict[int, list[Count]] = {i: [] for i in range(len(scenes))}
    for count in counts:
        distances = [
            min(abs(scene.start - count.end), abs(count.start - scene.end))
            + (0 if scene.start >= count.start else _AFTER_PLACE_PENALTY_CHARS)
            for scene in scenes
        ]
        shares[distances.index(min(distances))].append(count)
    first = [(scene, shares[i]) for i, scene in enumerate(scenes)]
    # a place without a count next to one with a count is mostly no scene of a strike
    with_counts = [pair for pair in first if pair[1]]
    return with_counts or first[:1]
