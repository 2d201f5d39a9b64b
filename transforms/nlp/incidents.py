"""Which articles, and which of their drafts, tell of strikes at all."""

from collections.abc import Sequence
from dataclasses import replace

from transforms.nlp.actors import how_surely
from transforms.nlp.drafts import Draft
from transforms.nlp.fields import is_elsewhere
from transforms.nlp.found import Found
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.scope import not_about_strikes

_SUMS = 2  # paragraphs, headline and lead, that may tell a sum of what follows
LEAD = 600
"""Characters of the body that say what it is about."""
NO_STRIKE = "no weapon or strike"
NO_TOWN = "no town named"
NO_HIT = "no hit told"


def default_place(found: Found) -> Place | None:
    """Return the place of an article whose strike is told without one: of its headline, of its text, of
    its officials, of its dateline."""
    exact = [p for p in found.places if p.place.geo_precision == 1]
    ranked = (p.place for role in ("locus", "near", "official", "dateline") for p in exact if p.role == role)
    return next(ranked, None)


def why_no_strikes(found: Found, mentions: Sequence[Mention], pack: LanguagePack) -> str | None:
    """Return why an article tells of no strike at all, or None: it must name a weapon, or a strike and
    somebody who could have struck, and no other cause."""
    text, title_end = found.text, found.title_end
    weapons = [
        t for m in mentions for t in m.terms if t.group == "weapon" and not is_elsewhere(t, m, text, pack)
    ]
    strikes = [t for m in mentions for t in m.terms if t.group == "strike"]
    reason = not_about_strikes(text[:title_end], text[: title_end + LEAD], len(weapons), pack)
    if reason is not None:
        return reason
    hits = [t for m in mentions for t in m.terms if t.group == "hit"]
    bombs = [t for t in (*strikes, *hits) if pack.patterns["fields.bomb"].fullmatch(text[t.start : t.end])]
    actors = [t for t in found.terms if t.group in ("actor", "forces")]
    has_striker = any(how_surely(t, text, pack) for t in actors)
    is_named = bool(actors) or any(t.group == "weapon" for t in found.terms)
    has_toll = is_named and any(
        any(c.low for c in m.counts) and any(t.group in ("strike", "hit") for t in m.terms) for m in mentions
    )
    return None if weapons or bombs or (strikes and (has_striker or has_toll)) else NO_STRIKE


def without_totals(drafts: list[Draft]) -> list[Draft]:
    """Take the sum of several incidents from the one that it was read into: "killed at least six
    civilians", where three towns are told with three, one and two."""
    own = [d for d in drafts if not d.is_background]
    local = [_highest_local(d) for d in own]
    told = [number for number in local if number]
    if len(told) > 1:
        for draft in own:
            draft.mentions = [
                replace(m, counts=())
                if m.place is None and m.paragraph <= _SUMS and _tells(m, sum(told))
                else m
                for m in draft.mentions
            ]
    return drafts


def _highest_local(draft: Draft) -> int:
    """Return the highest number of dead that a clause tells together with the draft's place."""
    counts = [c for m in draft.mentions if m.place is not None for c in m.counts if c.kind == "killed"]
    return max((c.low or 0 for c in counts), default=0)


def _tells(mention: Mention, number: int) -> bool:
    return any(c.kind == "killed" and c.low == number for c in mention.counts)


def no_incident(draft: Draft) -> str | None:
    """Return why a draft is no strike at a town or a place as exact, or None."""
    if draft.place.geo_precision > 1 and draft.place.kind != "district":
        return NO_TOWN
    if any(c.kind != "missing" for m in draft.mentions for c in m.counts):
        return None  # "Two other people were killed in Samar", in an article on strikes
    for mention in draft.mentions:
        groups = {t.group for t in mention.terms}
        if len(groups & {"weapon", "strike", "hit"}) > 1:
            return None
    return NO_HIT
