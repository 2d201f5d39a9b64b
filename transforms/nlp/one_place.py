"""One place for all mentions of one name: the country that speaks most, and one spelling."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from schemas.identity import fold_name
from transforms.nlp.gazetteer import Place
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.place_signs import Surroundings, likeliest, with_article
from transforms.util.transliteration import sounds


def with_one_place(
    mentions: Sequence[PlaceMention], text: str, signs: Surroundings, weights: Mapping[str, float]
) -> list[PlaceMention]:
    """Return the mentions, those of one name with one place.

    A mention that the words beside it locate keeps its place: a digest may name two villages of one name. An unlisted
    name gets the country for which the signs around all its mentions speak, and the listed place, or the more
    frequent spelling, that it sounds like ("al-Hassakeh", "Hasakah").

    Args:
        mentions: in text order.
        text: of the document.
        signs: of the document.
        weights: of each country in the document.
    """
    mentions = _as_located(mentions, text, signs)
    groups: dict[str, list[int]] = defaultdict(list)
    for number, mention in enumerate(mentions):
        if mention.place.geo_precision == 1:
            groups[sounds(mention.place.name) or mention.place.name].append(number)
    result = list(mentions)
    for numbers in groups.values():
        located = {n for n in numbers if signs.locating(mentions[n].first, mentions[n].last) is not None}
        listed = [mentions[n].place for n in numbers if mentions[n].place.kind != "unlisted"]
        if listed:
            _unite_listed(numbers, located, result)
        else:
            _unite_unlisted(numbers, located, result, signs, weights)
    return result


def _as_located(mentions: Sequence[PlaceMention], text: str, signs: Surroundings) -> Sequence[PlaceMention]:
    """Return the mentions, those of a name that words locate once with that place.

    "Bazaar hit in Khogyani", in the title, is the district of "in Khogyani district of Nangarhar", and no village of Ghazni.
    """
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, mention in enumerate(mentions):
        if mention.place.geo_precision == 1 or mention.place.kind == "district":
            by_name[fold_name(text[mention.start : mention.end])].append(number)
    result = list(mentions)
    for name, numbers in by_name.items():
        located = {n for n in numbers if signs.locating(mentions[n].first, mentions[n].last) is not None}
        places = {mentions[n].place for n in located}
        if len(numbers) == 1 or len(places) != 1:
            continue
        (place,) = places
        for n in numbers:
            own = mentions[n].place
            is_by_other_name = fold_name(own.name) != name
            if n not in located and own.country == place.country and is_by_other_name:
                result[n] = replace(mentions[n], place=place)
    return result


def _unite_listed(numbers: Sequence[int], located: set[int], result: list[PlaceMention]) -> None:
    """Give the mentions that no word locates the most frequent place of the name; a located one counts twice."""
    places = [result[n].place for n in numbers if result[n].place.kind != "unlisted"]
    best = _most_frequent([*places, *(result[n].place for n in numbers if n in located)])
    if best.kind == "unlisted":
        return
    for n in numbers:
        place = result[n].place
        is_same = place.kind == "unlisted" and place.country in (best.country, "") and place.admin1 is None
        if is_same or (
            place.kind != "unlisted" and n not in located and sounds(place.name) == sounds(best.name)
        ):
            result[n] = replace(result[n], place=best)


def _unite_unlisted(
    numbers: Sequence[int],
    located: set[int],
    result: list[PlaceMention],
    signs: Surroundings,
    weights: Mapping[str, float],
) -> None:
    """Give unlisted mentions one country and one spelling."""
    sure = [result[n].place for n in numbers if n in located and result[n].place.country]
    if sure:
        best = _most_frequent(sure)
    else:
        speaks: dict[str, float] = defaultdict(float)
        for n in numbers:
            for country, weight in signs.around(result[n].first, result[n].last).countries.items():
                speaks[country] += weight
        best = replace(result[numbers[0]].place, country=likeliest(with_article(speaks, weights)) or "")
    spelling = _most_frequent([result[n].place for n in numbers]).name
    for n in numbers:
        place = result[n].place
        if n not in located or place.country == best.country:
            admin1 = place.admin1 or best.admin1
            result[n] = replace(
                result[n], place=replace(place, name=spelling, country=best.country, admin1=admin1)
            )


def _most_frequent(places: Sequence[Place]) -> Place:
    """Return the most frequent place, the first of equals."""
    return Counter(places).most_common(1)[0][0]
