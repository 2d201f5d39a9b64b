"""The candidates for struck places: every place of a document that could be where a strike happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.nlp.gazetteer import Place
from transforms.nlp.part_and_whole import LOCATOR
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.possible_places import POSSIBLE

PlaceKey = tuple[int | None, str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place of a document with all its mentions, in text order."""

    place: Place
    mentions: tuple[PlaceMention, ...]


def key_of(place: Place) -> PlaceKey:
    """Return what two records of one place have in common."""
    return (place.geonameid, place.name, place.country)


def may_be_struck(place: Place) -> bool:
    """Return whether a place is exact enough for a report: a town, or a district named for its town."""
    return place.geo_precision == 1 or place.kind == "district"


def is_possible(candidate: Candidate) -> bool:
    """Return whether no mention of a candidate is one that the rules for place names keep."""
    return all(m.role == POSSIBLE for m in candidate.mentions)


def find_candidates(places: Sequence[PlaceMention]) -> list[Candidate]:
    """Return the candidates among the places of a document, by their first mention."""
    mentions: dict[PlaceKey, list[PlaceMention]] = {}
    for mention in places:
        if may_be_struck(mention.place) and mention.role != LOCATOR:
            mentions.setdefault(key_of(mention.place), []).append(mention)
    return [Candidate(group[0].place, tuple(group)) for group in mentions.values()]
