"""A town that only says where another lies: "Kfar Tebnit, north of Nabatieh", "Halfaya, in the countryside of Hama".

So do larger towns in brackets: 78 annotated places have another name in brackets behind them, and none of these was struck.

Without this, "shells fell on Mare, in northern Aleppo" was a strike on Aleppo too, and its toll went there.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from transforms.nlp.anchors import kilometres_between
from transforms.nlp.gazetteer import Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.part_and_whole import LOCATOR, has_name_of_region
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.possible_places import POSSIBLE

_MOST_CHARS = 70
"""So far apart stand a town and what locates it: "village, about 15 kilometres to the south-east of the city of"."""
_OPENINGS = frozenset((" (", " [", "(", "["))
_CLOSING = {"(": ")", "[": "]"}
_MIN_CITY_OF_QUARTERS = 300_000
"""The districts of so large a city are its quarters."""
_MOST_QUARTER_KM = 15
"""What lies nearer to the middle of a city may be a part of it; then the city was struck."""


def with_locating_towns(
    mentions: Sequence[PlaceMention], text: str, pack: LanguagePack
) -> list[PlaceMention]:
    """Return the mentions, where towns that only locate another have the role of locators.

    Of 260 annotated towns from which a text measures another 3 were struck; of 60 with the name of the region in
    which the town before them lies, none.

    Args:
        mentions: in text order.
        text: of the document.
        pack: the language.
    """
    result = list(mentions)
    bracket_end = 0
    for n, (inner, outer) in enumerate(pairwise(mentions)):
        between = text[inner.end : outer.start]
        if between in _OPENINGS and _is_larger(outer.place, inner.place):
            closing = text.find(_CLOSING[between[-1]], outer.end, outer.end + _MOST_CHARS)
            # "Ashkelon (Tel Aviv was hit as well)", "Vasylkiv (Kyiv, Odesa and Lviv were hit)"
            if closing >= 0 and not pack.patterns["places.told_in_brackets"].search(
                text[outer.start : closing]
            ):
                bracket_end = closing
        if outer.end <= bracket_end or _locates(inner, outer, between, pack):
            result[n + 1] = replace(outer, role=LOCATOR)
    return result


def _is_larger(outer: Place, inner: Place) -> bool:
    """Return whether a place in brackets behind another may be the larger one around it: "Anefis [Kidal, Kidal]"."""
    is_own = (outer.name, outer.country) == (inner.name, inner.country)
    return not is_own and (has_name_of_region(outer) or outer.population > inner.population)


def _locates(inner: PlaceMention, outer: PlaceMention, between: str, pack: LanguagePack) -> bool:
    """Return whether the second of two mentions locates the first one."""
    one, other = inner.place, outer.place
    if not 0 < len(between) <= _MOST_CHARS or inner.role == POSSIBLE:
        return False
    is_exact = one.geo_precision == 1 or one.kind == "district"
    if not is_exact or other.geo_precision != 1 or (one.name, one.country) == (other.name, other.country):
        return False
    if pack.patterns["places.measured_from"].search(between):
        return True
    return lies_in_its_region(one, other) and bool(pack.patterns["places.within_region"].search(between))


def lies_in_its_region(one: Place, other: Place) -> bool:
    """Return whether a listed town lies in the region that has the name of another town, and is no part of that.

    "The Arbaeen district of Hama" is a quarter of that city, though a village has its name.
    """
    return (
        other.kind == "city"
        and (one.kind != "district" or other.population < _MIN_CITY_OF_QUARTERS)
        and has_name_of_region(other)
        and (one.admin1, one.country) == (other.admin1, other.country)
        and one.latitude is not None
        and kilometres_between(one, other) > _MOST_QUARTER_KM
    )
