"""The words of an article that may name a weapon or a party, with their distances to its strikes."""

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.actor_candidates import PartyWord, party_words, tokens_of
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.nearness import Nearness
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.weapon_candidates import WeaponWord, weapon_words


@dataclass(frozen=True, slots=True)
class Said:
    """Weapons and parties in text order, and what measures distances to the strikes."""

    weapons: Sequence[WeaponWord]
    parties: Sequence[PartyWord]
    nearness: Nearness


def said_in(context: Context, units: Sequence[Unit], pack: LanguagePack) -> Said:
    """Return what a document says of weapons and parties."""
    parties = party_words(context, pack)
    return Said(context.once(weapon_words, pack), parties, Nearness(context, units, tokens_of(parties)))
