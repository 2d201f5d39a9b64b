"""Merge mentions into the incidents of one article: which clauses report the same strike."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from transforms.nlp.drafts import (
    Draft,
    agrees,
    contradicts,
    different_weapon,
    is_narrower,
    lies_in,
    lies_near,
    same_place,
    states_same_toll,
    weapons,
)
from transforms.nlp.findings import LeftOut
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.incidents import no_incident, without_totals
from transforms.nlp.learned.candidates import PlaceKey
from transforms.nlp.publication import Publication
from transforms.nlp.times import Interval, TimeExpression, resolve_time

_DAY = dt.timedelta(days=1)
_MAX_POSSESSIVE_CHARS = 25
"""Longest text between "Saturday's" and the word for the strike."""
_NEAR_CHARS = 30
"""A time this near to a word for the strike, or to a count, is preferred to the others."""


def merge_mentions(
    mentions: Sequence[Mention],
    published: Publication,
    gazetteer: Gazetteer,
    default_place: Place | None,
    struck: frozenset[PlaceKey],
    left_out: list[LeftOut],
) -> list[Draft]:
    """Return the incidents of an article in text order.

    The body is merged before the headline: a headline repeats the lead, and starts an incident only where the
    body has none at its place.

    Args:
        mentions: clauses of the article, in text order.
        published: when the article was published.
        gazetteer: for time zones.
        default_place: for clauses without a place, where no other clause gives one.
        struck: the places where a strike happened; a draft of another place is no incident.
        left_out: drafts that are no incidents are appended, with the reason.
    """
    merger = _Merger(published, gazetteer, default_place)
    body = [m for m in mentions if not m.is_title]
    for mention in body:
        merger.add_body(mention)
    for mention in mentions:
        if mention.is_title:
            merger.add_title(mention)
    kept = []
    for draft in without_totals(merger.finish()):
        reason = no_incident(draft, struck)
        if reason is None:
            kept.append(draft)
        else:
            left_out += [LeftOut(m.start, m.end, reason) for m in draft.mentions]
    return kept


class _Merger:
    """Adds the mentions of one article to drafts, one after another.

    ``waiting``: mentions before the first place of the text. ``last``: the draft of the mention before, in
    paragraph ``last_paragraph``. ``context``: the last mention that reports no strike and has a time.
    ``regional``: mentions of a region without a town.
    """

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
        """Return the first draft that is not background, else the first."""
        for draft in self.drafts:
            if not draft.is_background:
                return draft
        return self.drafts[0] if self.drafts else None

    def add_body(self, mention: Mention) -> None:
        """Add a mention of the body to its draft, or to a new draft where none fits."""
        if mention.is_context:
            self.context = mention if mention.times else self.context
            return
        if mention.place is None and mention.region is not None:
            self.regional.append(mention)  # a total for a region belongs to no single town
            return
        current = self._current(mention)
        is_same_sentence = self.context is not None and self.context.sentence == mention.sentence
        context_place = self.context.place if self.context is not None and is_same_sentence else None
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
        time, interval, is_vague = self._time(mention, place)
        draft = self._fitting(mention, place, interval)
        if (
            draft is None
            and mention.place is None
            and context_place is None
            and not self._starts_draft(mention, interval)
        ):
            if current is not None and (mention.is_another or mention.counts):
                current.mentions.append(mention)
            return
        if draft is None:
            draft = Draft(place, is_background=mention.is_background, is_unresolvable=is_vague)
            is_new = interval is None and not is_vague and not mention.is_background
            if is_new and self.last is not None and mention.paragraph == self.last_paragraph:
                # "Two other people were killed in Samar": it has the day of the incident before it. The
                # items of a digest, one a paragraph, have the day of the digest.
                time, interval = self.last.time, self.last.interval
            if interval is None and not is_vague and not mention.is_background and not mention.times:
                time, interval = self._time_of_region(draft)
            self.drafts.append(draft)
        self._add(draft, mention, time, interval)
        if self.waiting and len(self.drafts) == 1 and not mention.is_background:
            self._settle_waiting(draft)

    def _time_of_region(self, draft: Draft) -> tuple[TimeExpression | None, Interval | None]:
        """Return the time of a lead on the region of a draft ("Eight were killed in the region on Thursday").

        Such a lead dates the strikes on the towns that the article lists after it.
        """
        local = self.published.at(draft.place, self.gazetteer)
        for lead in self.regional:
            if local is not None and lies_in(draft.place, lead.region):
                time, interval, _ = self._first(lead, local, None)
                if interval is not None:
                    return time, interval
        return None, None

    @staticmethod
    def _starts_draft(mention: Mention, interval: Interval | None) -> bool:
        """Return whether a clause without a place starts a draft: another strike, or one with date and toll.

        "Eleven were still in hospital on Thursday" does not.
        """
        if mention.is_another or mention.is_separate:
            return True
        has_killed = any(c.kind == "killed" and c not in mention.stale for c in mention.counts)
        return (
            interval is not None
            and has_killed
            and any(t.group in ("weapon", "strike", "hit") for t in mention.terms)
        )

    def _settle_waiting(self, draft: Draft) -> None:
        """Add the mentions before the first place of the text to the draft of that place."""
        waiting, self.waiting = self.waiting, []
        for mention in waiting:
            time, interval, _ = self._time(mention, draft.place)
            if interval is None or draft.interval is None or interval.overlaps(draft.interval):
                self._add(draft, mention, time, interval)

    def _current(self, mention: Mention) -> Draft | None:
        """Return the draft that a clause without a place continues."""
        if self.last is None or mention.paragraph == self.last_paragraph or mention.refers_to_last:
            return self.last or self.main
        # A new paragraph without a place continues the main incident, or the one whose weapon it names
        # ("... were damaged by the missile", after a paragraph on drones).
        main = self.main
        if main is not None and different_weapon(mention, [main]):
            same_weapon = [d for d in self.drafts if weapons([mention]) & weapons(d.mentions)]
            return same_weapon[-1] if same_weapon else main
        return main

    def _time(self, mention: Mention, place: Place) -> tuple[TimeExpression | None, Interval | None, bool]:
        """Return (time expression, its dates, whether it has a time without dates) of a mention.

        The time nearest to the strike is used, never the time at which somebody said it.
        """
        local = self.published.at(place, self.gazetteer)
        if local is None:
            return None, None, False
        main = self.main
        anchor = main.interval if main is not None else None
        is_near = mention.paragraph == self.last_paragraph or mention.refers_to_last
        if is_near and self.last and self.last.interval:
            refers_back = any(t.kind in ("days_before", "day_before", "weeks_before") for t in mention.times)
            anchor = self.last.interval if refers_back else anchor  # "two days before that attack"
        context = self.context
        if context is not None and context.sentence == mention.sentence and mention.shift_days is not None:
            # "were still digging on Thursday, two days after a missile hit": two days before Thursday
            anchor = self._first(context, local, anchor)[1] or anchor
        if mention.shift_days is not None and anchor is not None:
            if mention.shift_days < 0:
                # "hours after rockets killed 24 in Belgorod": the same day, or the first day of a night
                return None, Interval(anchor.start, anchor.start, 1), False
            shift = mention.shift_days * _DAY
            stated = self._first(mention, local, anchor)
            if stated[1] is not None and stated[1].end < anchor.end:
                return stated
            return None, Interval(anchor.end - shift, anchor.end - shift, anchor.precision), False
        stated = self._first(mention, local, anchor)
        is_undated = stated[1] is None and not mention.times and mention.place is not None
        if is_undated and context is not None and context.paragraph == mention.paragraph:
            return self._first(context, local, anchor)
        return stated

    def _first(
        self, mention: Mention, local: dt.datetime, anchor: Interval | None
    ) -> tuple[TimeExpression | None, Interval | None, bool]:
        """Return the first time of a mention that gives dates, as ``_time`` does."""
        is_vague = False
        ranked = sorted((t for t in mention.times if t.role == "event"), key=lambda t: _time_rank(t, mention))
        for time in ranked:
            reference = self._named_before(time, mention, local) or anchor
            interval = resolve_time(time, local, reference)
            if interval is not None:
                if time.kind == "this_week" and anchor is not None and anchor.start > interval.start:
                    interval = replace(interval, end=min(interval.end, anchor.start - _DAY))
                return time, interval, False
            is_vague = True
        return None, None, is_vague

    @staticmethod
    def _named_before(time: TimeExpression, mention: Mention, local: dt.datetime) -> Interval | None:
        """Return the day that "the evening before" refers to, where the same clause names one.

        "buried on Sunday ... killed when a rocket fell the evening before" refers to Sunday.
        """
        if time.kind not in ("day_before", "day_after"):
            return None
        named = (resolve_time(t, local) for t in mention.times if t.end <= time.start)
        return next((interval for interval in named if interval is not None), None)

    def _fitting(self, mention: Mention, place: Place, interval: Interval | None) -> Draft | None:
        """Return the draft of this place whose dates, weapon and toll fit a mention, or None."""
        same = [d for d in self.drafts if same_place(d.place, place)]
        if interval is not None:
            fitting = [d for d in same if d.interval is not None and d.interval.overlaps(interval)]
            undated = [d for d in same if d.interval is None and not d.is_unresolvable]
            if mention.is_separate or (
                mention.is_another and not mention.shift_days and different_weapon(mention, fitting)
            ):
                fitting = []
            fitting = [d for d in fitting if not contradicts(mention, d)]
            if fitting:
                return fitting[-1]
            if undated and not mention.is_background:
                return undated[-1]
            return None
        if mention.is_another and same and mention.counts:
            is_same = agrees(mention, same[-1]) and not different_weapon(mention, same[-1:])
            return same[-1] if is_same else None
        if not same:
            return None
        current = self._current(mention)
        return current if current in same else same[0]

    def _add(
        self, draft: Draft, mention: Mention, time: TimeExpression | None, interval: Interval | None
    ) -> None:
        """Add a mention to a draft. A shorter interval inside a coarse one replaces it."""
        draft.mentions.append(mention)
        known = draft.interval
        if interval is not None and (
            known is None
            or (known.precision > 1 and known.overlaps(interval) and is_narrower(interval, known))
        ):
            draft.interval, draft.time = interval, time
        self.last, self.last_paragraph = draft, mention.paragraph

    def add_title(self, mention: Mention) -> None:
        """Add a mention of the headline to the draft of its place, else to the main draft."""
        if mention.place is None:
            own = [d for d in self.drafts if not d.is_background]
            if len(own) > 1 and mention.region is not None and mention.region.kind == "country":
                mention = replace(mention, counts=())  # the total of a round-up belongs to no single draft
            if self.main is not None and not self.main.is_background:
                self.main.mentions.append(mention)
            elif mention.counts and mention.is_struck:
                self.waiting.insert(0, mention)
            return
        same = [d for d in self.drafts if same_place(d.place, mention.place.place)]
        if same:
            next((d for d in same if not d.is_background), same[0]).mentions.append(mention)
            return
        near = [
            d
            for d in self.drafts
            if not d.is_background
            and (lies_near(d.place, mention.place.place) or states_same_toll(mention, d))
        ]
        if near:
            near[0].mentions.append(
                mention
            )  # "Bombs on camps near Goma" in the headline, and the body names the camp, Mugunga
            return
        if self.drafts and not mention.counts and not mention.is_struck:
            return
        draft = Draft(mention.place.place)
        time, interval, _ = self._time(mention, draft.place)
        draft.interval, draft.time = interval, time
        draft.mentions.append(mention)
        self.drafts.insert(0, draft)

    def finish(self) -> list[Draft]:
        """Add the mentions that are still without a draft, and return the drafts."""
        own = [d for d in self.drafts if not d.is_background]
        if len(own) == 1:
            own[0].mentions += [m for m in self.regional if lies_in(own[0].place, m.region)]
        if self.waiting:
            main = self.main
            if self.context is not None and self.context.times:
                self.waiting.append(self.context)
            is_other = main is not None and main.is_background and self.default_place is not None
            if main is None or (is_other and main.key != Draft(self.default_place or main.place).key):
                main = None
                if self.default_place is not None and any(_reports_strike(m) for m in self.waiting):
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


def _reports_strike(mention: Mention) -> bool:
    """Return whether a clause without a place reports a strike: it has a toll, or a weapon and a hit."""
    return bool(mention.counts) or {t.group for t in mention.terms}.issuperset({"weapon", "hit"})


def _time_rank(time: TimeExpression, mention: Mention) -> tuple[int, int]:
    """Return the rank of a time; a time next to a word for the strike ("Monday's strike") comes first."""
    distances = [
        min(abs(t.start - time.end), abs(time.start - t.end))
        for t in mention.terms
        if t.group in ("weapon", "strike", "hit")
    ]
    distances += [min(abs(c.start - time.end), abs(time.start - c.end)) for c in mention.counts]
    if time.kind == "same_day":
        return (3, time.start)
    precedes_strike = any(
        0 <= t.start - time.end <= _MAX_POSSESSIVE_CHARS for t in mention.terms if t.group != "actor"
    )
    if precedes_strike and time.is_possessive:
        return (0, time.start)  # "Saturday's missile strike"
    return (1 if min(distances, default=_NEAR_CHARS) < _NEAR_CHARS else 2, time.start)
