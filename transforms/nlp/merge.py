"""From mentions to the incidents of one article: which clauses tell of the same strike."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.vocabulary import WEAPON_FAMILY, Weapon
from transforms.geo import kilometres
from transforms.nlp.actors import how_surely
from transforms.nlp.found import Found, LeftOut
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Gazetteer, Place, region_key
from transforms.nlp.language import LanguagePack
from transforms.nlp.scope import not_about_strikes
from transforms.nlp.times import Interval, TimeExpression, resolve_time

_DAY = dt.timedelta(days=1)
_HEADLINE_KM = 40  # a headline names the town that readers know
_POSSESSIVE = 25  # characters between "Saturday's" and the strike
_LEAD = 600  # characters of the body that say what it is about
NO_STRIKE = "no weapon or strike"
NO_TOWN = "no town named"
NO_HIT = "no hit told"


@dataclass(slots=True)
class Draft:
    """One incident of an article, while it is read."""

    place: Place
    mentions: list[Mention] = field(default_factory=list)
    interval: Interval | None = None
    time: TimeExpression | None = None
    is_unresolvable: bool = False
    is_background: bool = False

    @property
    def key(self) -> tuple[int | None, str, str]:
        """What makes two drafts be of one place."""
        return (self.place.geonameid, self.place.name, self.place.country)


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published: the instant and the offset it was written with, if known."""

    instant: dt.datetime | None
    offset_minutes: int | None = None

    def at(self, place: Place, gazetteer: Gazetteer) -> dt.datetime | None:
        """Return the instant in the time zone of a place, else in the article's own offset."""
        if self.instant is None:
            return None
        zone = place.timezone
        if zone is None and place.country:
            capital = gazetteer.capital(place.country)
            zone = capital.timezone if capital else None
        if zone:
            try:
                return self.instant.astimezone(ZoneInfo(zone))
            except (ZoneInfoNotFoundError, ValueError):
                pass
        offset = dt.timezone(dt.timedelta(minutes=self.offset_minutes or 0))
        return self.instant.astimezone(offset)


def default_place(found: Found) -> Place | None:
    """Return the place of an article whose strike is told without one: of its headline, of its text, of
    its officials, of its dateline."""
    exact = [p for p in found.places if p.place.geo_precision == 1]
    ranked = (p.place for role in ("locus", "official", "dateline") for p in exact if p.role == role)
    return next(ranked, None)


def is_about_strikes(found: Found, mentions: Sequence[Mention], pack: LanguagePack) -> str | None:
    """Return why an article tells of no strike at all, or None: it must name a weapon, or a strike and
    somebody who could have struck, and no other cause."""
    weapons = [t for m in mentions for t in m.terms if t.group == "weapon"]
    strikes = [t for m in mentions for t in m.terms if t.group == "strike"]
    text, title_end = found.text, found.title_end
    reason = not_about_strikes(text[:title_end], text[: title_end + _LEAD], len(weapons), pack)
    if reason is not None:
        return reason
    hits = [t for m in mentions for t in m.terms if t.group == "hit"]
    bombs = [t for t in (*strikes, *hits) if pack.patterns["fields.bomb"].fullmatch(text[t.start : t.end])]
    actors = [t for t in found.terms if t.group in ("actor", "forces")]
    has_striker = any(how_surely(t, text, pack) for t in actors)
    has_toll = bool(actors) and any(m.counts for m in mentions if any(t.group == "strike" for t in m.terms))
    return None if weapons or bombs or (strikes and (has_striker or has_toll)) else NO_STRIKE


def merge_mentions(
    mentions: Sequence[Mention],
    published: Publication,
    gazetteer: Gazetteer,
    default_place: Place | None,
    left_out: list[LeftOut],
) -> list[Draft]:
    """Return the incidents of an article in text order; ``left_out`` gets drafts that are none.

    The body is read before the headline: a headline repeats the lead and opens an incident of its own
    only where the body has none of that place.
    """
    reader = _Merger(published, gazetteer, default_place)
    body = [m for m in mentions if not m.is_title]
    for mention in body:
        reader.take(mention)
    for mention in mentions:
        if mention.is_title:
            reader.take_title(mention)
    kept = []
    for draft in reader.finish():
        reason = _no_incident(draft)
        if reason is None:
            kept.append(draft)
        else:
            left_out += [LeftOut(m.start, m.end, reason) for m in draft.mentions]
    return kept


def _no_incident(draft: Draft) -> str | None:
    """Return why a draft is no strike at a town or a place as exact, or None."""
    if draft.place.geo_precision > 1 and draft.place.kind != "district":
        return NO_TOWN
    groups = {t.group for m in draft.mentions for t in m.terms}
    if groups.issuperset({"weapon", "hit"}) or groups.issuperset({"strike", "hit"}):
        return None
    if groups.issuperset({"weapon", "strike"}) or any(m.counts for m in draft.mentions):
        return None  # "Two other people were killed in Samar", in an article on strikes
    return NO_HIT


class _Merger:
    def __init__(self, published: Publication, gazetteer: Gazetteer, default_place: Place | None) -> None:
        self.published = published
        self.gazetteer = gazetteer
        self.default_place = default_place
        self.drafts: list[Draft] = []
        self.waiting: list[Mention] = []
        self.last: Draft | None = None
        self.last_paragraph = -1
        self.context: Mention | None = None
        self.regional: list[Mention] = []

    @property
    def main(self) -> Draft | None:
        for draft in self.drafts:
            if not draft.is_background:
                return draft
        return self.drafts[0] if self.drafts else None

    def take(self, mention: Mention) -> None:
        """Give a mention of the body to its draft, opening one where none fits."""
        if mention.is_context:
            self.context = mention if mention.times else self.context
            return
        if mention.place is None and mention.region is not None:
            self.regional.append(mention)  # a total for a region belongs to no town of several
            return
        current = self._current(mention)
        is_beside = self.context is not None and self.context.sentence == mention.sentence
        context_place = self.context.place if self.context is not None and is_beside else None
        if mention.place is not None:
            place = mention.place.place
        elif context_place is not None:
            place = context_place.place
        elif current is not None:
            place = current.place
        else:
            self.waiting.append(mention)
            return
        if mention.place is not None and not mention.is_struck and not mention.counts:
            return
        time, interval, vague = self._time(mention, place)
        draft = self._fitting(mention, place, interval)
        if (
            draft is None
            and mention.place is None
            and context_place is None
            and not self._opens(mention, interval)
        ):
            if current is not None and (mention.is_another or mention.counts):
                current.mentions.append(mention)
            return
        if draft is None:
            draft = Draft(place, is_background=mention.is_background, is_unresolvable=vague)
            if interval is None and not vague and not mention.is_background and self.last is not None:
                # "Two other people were killed in Samar": a side item shares the day of what it follows
                time, interval = self.last.time, self.last.interval
            if interval is None and not vague and not mention.is_background and not mention.times:
                time, interval = self._time_of_region(draft)
            self.drafts.append(draft)
        self._add(draft, mention, time, interval)
        if self.waiting and len(self.drafts) == 1 and not mention.is_background:
            self._settle_waiting(draft)

    def _time_of_region(self, draft: Draft) -> tuple[TimeExpression | None, Interval | None]:
        """Return the day of a lead on a whole region ("Eight were killed in the region on Thursday"), for
        the towns that the article then goes through."""
        local = self.published.at(draft.place, self.gazetteer)
        for lead in self.regional:
            if local is not None and _lies_in(draft.place, lead.region):
                time, interval, _ = self._first(lead, local, None)
                if interval is not None:
                    return time, interval
        return None, None

    @staticmethod
    def _opens(mention: Mention, interval: Interval | None) -> bool:
        """Return whether a clause without a place opens an incident of its own: another strike, or a
        dated one with a toll; "eleven were still in hospital on Thursday" does not."""
        if mention.is_another or mention.is_separate:
            return True
        killed = any(c.kind == "killed" and c not in mention.stale for c in mention.counts)
        return interval is not None and killed and any(t.group in ("weapon", "strike") for t in mention.terms)

    def _settle_waiting(self, draft: Draft) -> None:
        """Give a lead that names no place to the first place that the text names."""
        waiting, self.waiting = self.waiting, []
        for mention in waiting:
            time, interval, _ = self._time(mention, draft.place)
            if interval is None or draft.interval is None or interval.overlaps(draft.interval):
                self._add(draft, mention, time, interval)

    def _current(self, mention: Mention) -> Draft | None:
        """Return the draft that a clause without a place goes on with."""
        if self.last is None or mention.paragraph == self.last_paragraph or mention.refers_to_last:
            return self.last or self.main
        # A new paragraph without a place goes on with the main incident, or with the one whose weapon
        # it names ("... were damaged by the missile", after a paragraph on drones).
        main = self.main
        if main is not None and _different_weapon(mention, [main]):
            alike = [d for d in self.drafts if _weapons([mention]) & _weapons(d.mentions)]
            return alike[-1] if alike else main
        return main

    def _time(self, mention: Mention, place: Place) -> tuple[TimeExpression | None, Interval | None, bool]:
        """Return the time of a mention: nearest to its strike, never that of its telling."""
        local = self.published.at(place, self.gazetteer)
        if local is None:
            return None, None, False
        main = self.main
        anchor = main.interval if main is not None else None
        is_near = mention.paragraph == self.last_paragraph or mention.refers_to_last
        if is_near and self.last and self.last.interval:
            leans_back = any(t.kind in ("days_before", "day_before", "weeks_before") for t in mention.times)
            anchor = self.last.interval if leans_back else anchor  # "two days before that attack"
        context = self.context
        if context is not None and context.sentence == mention.sentence and mention.shift_days is not None:
            # "were still digging on Thursday, two days after a missile hit": leans on its own sentence
            anchor = self._first(context, local, anchor)[1] or anchor
        if mention.shift_days is not None and anchor is not None:
            if mention.shift_days < 0:
                # "hours after rockets killed 24 in Belgorod": the same day, or the eve of a night
                return None, Interval(anchor.start, anchor.start, 1), False
            shift = mention.shift_days * _DAY
            told = self._first(mention, local, anchor)
            if told[1] is not None and told[1].end < anchor.end:
                return told
            return None, Interval(anchor.end - shift, anchor.end - shift, anchor.precision), False
        told = self._first(mention, local, anchor)
        is_bare = told[1] is None and not mention.times and mention.place is not None
        if is_bare and context is not None and context.paragraph == mention.paragraph:
            return self._first(context, local, anchor)
        return told

    def _first(
        self, mention: Mention, local: dt.datetime, anchor: Interval | None
    ) -> tuple[TimeExpression | None, Interval | None, bool]:
        vague = False
        ranked = sorted((t for t in mention.times if t.role == "event"), key=lambda t: _distance(t, mention))
        for time in ranked:
            leaned_on = self._said_before(time, mention, local) or anchor
            interval = resolve_time(time, local, leaned_on)
            if interval is not None:
                if time.kind == "this_week" and anchor is not None and anchor.start > interval.start:
                    interval = replace(interval, end=min(interval.end, anchor.start - _DAY))
                return time, interval, False
            vague = True
        return None, None, vague

    @staticmethod
    def _said_before(time: TimeExpression, mention: Mention, local: dt.datetime) -> Interval | None:
        """Return the day that "the evening before" leans on where its own clause names one: "buried on
        Sunday ... killed when a rocket fell the evening before"."""
        if time.kind not in ("day_before", "day_after"):
            return None
        named = (resolve_time(t, local) for t in mention.times if t.end <= time.start)
        return next((interval for interval in named if interval is not None), None)

    def _fitting(self, mention: Mention, place: Place, interval: Interval | None) -> Draft | None:
        same = [d for d in self.drafts if _same_place(d.place, place)]
        if interval is not None:
            fitting = [d for d in same if d.interval is not None and d.interval.overlaps(interval)]
            undated = [d for d in same if d.interval is None and not d.is_unresolvable]
            if mention.is_separate or (
                mention.is_another and not mention.shift_days and _different_weapon(mention, fitting)
            ):
                fitting = []
            fitting = [d for d in fitting if not _contradicts(mention, d)]
            if fitting:
                return fitting[-1]
            if undated and not mention.is_background:
                return undated[-1]
            return None
        if mention.is_another and same and mention.counts:
            return None if not _agrees(mention, same[-1]) else same[-1]
        if not same:
            return None
        current = self._current(mention)
        return current if current in same else same[0]

    def _add(
        self, draft: Draft, mention: Mention, time: TimeExpression | None, interval: Interval | None
    ) -> None:
        draft.mentions.append(mention)
        now = draft.interval
        if interval is not None and (
            now is None or (now.precision > 1 and now.overlaps(interval) and _is_narrower(interval, now))
        ):
            draft.interval, draft.time = interval, time
        self.last, self.last_paragraph = draft, mention.paragraph

    def take_title(self, mention: Mention) -> None:
        """Give the headline to the draft of its place, else to the main one."""
        if mention.place is None:
            own = [d for d in self.drafts if not d.is_background]
            if len(own) > 1 and mention.region is not None and mention.region.kind == "country":
                mention = replace(mention, counts=())  # the total of a round-up belongs to none of them
            if self.main is not None and not self.main.is_background:
                self.main.mentions.append(mention)
            elif mention.counts and mention.is_struck:
                self.waiting.insert(0, mention)
            return
        same = [d for d in self.drafts if _same_place(d.place, mention.place.place)]
        if same:
            next((d for d in same if not d.is_background), same[0]).mentions.append(mention)
            return
        near = [d for d in self.drafts if not d.is_background and _lies_near(d.place, mention.place.place)]
        if near:
            near[0].mentions.append(mention)  # "Bombs on camps near Goma", of the camp of Mugunga
            return
        if self.drafts and not mention.counts and not mention.is_struck:
            return
        draft = Draft(mention.place.place)
        time, interval, _ = self._time(mention, draft.place)
        draft.interval, draft.time = interval, time
        draft.mentions.append(mention)
        self.drafts.insert(0, draft)

    def finish(self) -> list[Draft]:
        """Settle clauses that came before any place, and return the drafts."""
        own = [d for d in self.drafts if not d.is_background]
        if len(own) == 1:
            own[0].mentions += [m for m in self.regional if _lies_in(own[0].place, m.region)]
        if self.waiting:
            main = self.main
            if self.context is not None and self.context.times:
                self.waiting.append(self.context)
            is_other = main is not None and main.is_background and self.default_place is not None
            if main is None or (is_other and main.key != Draft(self.default_place or main.place).key):
                main = None
                if self.default_place is not None and any(m.counts for m in self.waiting):
                    main = Draft(self.default_place)
                    self.drafts.insert(0, main)
            if main is not None:
                for mention in self.waiting:
                    time, interval, _ = self._time(mention, main.place)
                    if interval is None or main.interval is None or interval.overlaps(main.interval):
                        main.mentions.append(mention)
                        if interval is not None and main.interval is None:
                            main.interval, main.time = interval, time
        return self.drafts


def _distance(time: TimeExpression, mention: Mention) -> tuple[int, int]:
    """Prefer a time beside a word for the strike ("Monday's strike"), then the first."""
    near = [
        min(abs(t.start - time.end), abs(time.start - t.end))
        for t in mention.terms
        if t.group in ("weapon", "strike", "hit")
    ]
    near += [min(abs(c.start - time.end), abs(time.start - c.end)) for c in mention.counts]
    if time.kind == "same_day":
        return (3, time.start)
    beside = any(0 <= t.start - time.end <= _POSSESSIVE for t in mention.terms if t.group != "actor")
    if beside and time.is_possessive:
        return (0, time.start)  # "Saturday's missile strike"
    return (1 if min(near, default=99) < 30 else 2, time.start)


def _lies_in(place: Place, region: Place | None) -> bool:
    if region is None:
        return False
    if region.kind == "country":
        return place.country == region.country
    return place.admin1 is not None and region_key(place.admin1) == region_key(region.name)


def _lies_near(a: Place, b: Place) -> bool:
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return False
    return kilometres((a.latitude, a.longitude), (b.latitude, b.longitude)) <= _HEADLINE_KM


def _same_place(a: Place, b: Place) -> bool:
    if a.geonameid is not None and b.geonameid is not None:
        return a.geonameid == b.geonameid
    return a.name == b.name and a.country == b.country


def _is_narrower(a: Interval, b: Interval) -> bool:
    return (a.end - a.start) < (b.end - b.start)


def _weapons(mentions: Iterable[Mention], without: frozenset[int] = frozenset()) -> set[str]:
    """Return the families of weapons named, but for those at the given offsets."""
    return {
        WEAPON_FAMILY[Weapon(t.value)]
        for m in mentions
        for t in m.terms
        if t.group == "weapon" and t.start not in without
    }


def _different_weapon(mention: Mention, drafts: list[Draft]) -> bool:
    mine = _weapons([mention], mention.other_weapons)
    return bool(mine) and all(not mine & _weapons(d.mentions) for d in drafts)


def _contradicts(mention: Mention, draft: Draft) -> bool:
    """Return whether a clause with a day of its own tells of another weapon and another toll: "on the
    night of April 4 a drone killed a woman there", in an article on that evening's missile."""
    if not _different_weapon(mention, [draft]) or not _weapons(draft.mentions):
        return False
    mine = {c.low for c in mention.counts if c.kind == "killed"}
    theirs = {c.low for m in draft.mentions for c in m.counts if c.kind == "killed"}
    return bool(mine) and bool(theirs) and not mine & theirs


def _agrees(mention: Mention, draft: Draft) -> bool:
    """Return whether "another victim" only adds to a known toll: a toll phrase, or the same count."""
    if any(c.strength == 3 or c.is_more for c in mention.counts):
        return True
    mine = {(c.kind, c.low) for c in mention.counts}
    theirs = {(c.kind, c.low) for m in draft.mentions for c in m.counts}
    return bool(mine & theirs)
