"""Which articles report strikes, and which of an article's drafts are strikes."""

from collections.abc import Sequence
from dataclasses import replace

from transforms.nlp.actors import attacker_certainty
from transforms.nlp.drafts import Draft
from transforms.nlp.fields import is_elsewhere
from transforms.nlp.findings import Findings
from transforms.nlp.frames import Mention
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.scope import not_about_strikes

_LAST_SUMMARY_PARAGRAPH = 2
"""Up to this paragraph (headline, dek, lead) a number may be the sum of the incidents that follow."""
LEAD_CHARS = 600
"""The first characters of the body, which say what the article is about."""
NO_STRIKE = "no weapon or strike"
NO_TOWN = "no town named"
NO_HIT = "no hit reported"


def default_place(findings: Findings) -> Place | None:
    """Return the place for a strike whose clauses name none.

    It is the first exact place that the article names, by role: scene, near, official, dateline.
    """
    exact = [p for p in findings.places if p.place.geo_precision == 1]
    ranked = (p.place for role in ("scene", "near", "official", "dateline") for p in exact if p.role == role)
    return next(ranked, None)


def why_no_strikes(findings: Findings, mentions: Sequence[Mention], pack: LanguagePack) -> str | None:
    """Return why an article reports no strike, or None.

    A strike needs a weapon, or a word for a strike together with an attacker or a toll; and the article must
    not name another cause.
    """
    text, title_end = findings.text, findings.title_end
    weapons = [
        t for m in mentions for t in m.terms if t.group == "weapon" and not is_elsewhere(t, m, text, pack)
    ]
    strikes = [t for m in mentions for t in m.terms if t.group == "strike"]
    reason = not_about_strikes(text[:title_end], text[: title_end + LEAD_CHARS], len(weapons), pack)
    if reason is not None:
        return reason
    hits = [t for m in mentions for t in m.terms if t.group == "hit"]
    bombs = [t for t in (*strikes, *hits) if pack.patterns["fields.bomb"].fullmatch(text[t.start : t.end])]
    actors = [t for t in findings.terms if t.group in ("actor", "forces")]
    has_attacker = any(attacker_certainty(t, text, pack) for t in actors)
    is_named = bool(actors) or any(t.group == "weapon" for t in findings.terms)
    has_toll = is_named and any(
        any(c.low for c in m.counts) and any(t.group in ("strike", "hit") for t in m.terms) for m in mentions
    )
    return None if weapons or bombs or (strikes and (has_attacker or has_toll)) else NO_STRIKE


def without_totals(drafts: list[Draft]) -> list[Draft]:
    """Return the drafts without a number that is the sum over several of them.

    A lead says "killed at least six civilians", and the text reports three, one and two in three towns. The
    merge gives the six to one of them.
    """
    own = [d for d in drafts if not d.is_background]
    numbers = [number for number in map(_highest_local, own) if number]
    if len(numbers) > 1:
        for draft in own:
            draft.mentions = [
                replace(m, counts=())
                if m.place is None
                and m.paragraph <= _LAST_SUMMARY_PARAGRAPH
                and _states_killed(m, sum(numbers))
                else m
                for m in draft.mentions
            ]
    return drafts


def _highest_local(draft: Draft) -> int:
    """Return the highest number of killed that a clause states together with a place."""
    counts = [c for m in draft.mentions if m.place is not None for c in m.counts if c.kind == "killed"]
    return max((c.low or 0 for c in counts), default=0)


def _states_killed(mention: Mention, number: int) -> bool:
    """Return whether a clause states exactly this number of killed."""
    return any(c.kind == "killed" and c.low == number for c in mention.counts)


def no_incident(draft: Draft) -> str | None:
    """Return why a draft is not a strike at a town or at a more exact place, or None."""
    if draft.place.geo_precision > 1 and draft.place.kind != "district":
        return NO_TOWN
    if any(c.kind != "missing" for m in draft.mentions for c in m.counts):
        return None  # "Two other people were killed in Samar", in an article on strikes
    for mention in draft.mentions:
        groups = {t.group for t in mention.terms}
        if len(groups & {"weapon", "strike", "hit"}) > 1:
            return None
    return NO_HIT
