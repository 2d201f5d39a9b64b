"""Which articles report strikes, and which of an article's drafts are strikes."""

from dataclasses import replace

from transforms.nlp.drafts import Draft
from transforms.nlp.frames import Mention
from transforms.nlp.learned.candidates import PlaceKey, key_of, may_be_struck

_LAST_SUMMARY_PARAGRAPH = 2
"""Up to this paragraph (headline, dek, lead) a number may be the sum of the incidents that follow."""
NO_PLACE_STRUCK = "no place struck"
NO_TOWN = "no town named"
NOT_STRUCK = "place not struck"


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


def no_incident(draft: Draft, struck: frozenset[PlaceKey]) -> str | None:
    """Return why a draft is not a strike at a town or at a more exact place, or None."""
    if not may_be_struck(draft.place):
        return NO_TOWN
    return None if key_of(draft.place) in struck else NOT_STRUCK
