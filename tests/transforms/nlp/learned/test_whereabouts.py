"""Where in the town and when in the day a strike happened: what the rules find, and what the models choose."""

from __future__ import annotations

import pytest
from read_strikes import read_strikes

from transforms.nlp.language import load_pack
from transforms.nlp.learned.day_time_candidates import day_times
from transforms.nlp.learned.models import packaged_models
from transforms.nlp.learned.spot_candidates import spots_in_text
from transforms.nlp.learned.whereabouts import whereabouts_of

PACK = load_pack("en")
SPOTS = [
    ("A missile hit the Zeitoun neighbourhood of Gaza City.", [("quarter", "Zeitoun neighbourhood")]),
    ("Shells fell on the Jabalia refugee camp.", [("camp", "Jabalia refugee camp")]),
    ("A bomb went off in Rashid Street near Al-Ahli Arab hospital.", [
        ("street", "Rashid Street"), ("building", "Al-Ahli Arab hospital")]),
    ("Rockets hit School No. 5 and the port of Odesa.", [("building", "School No. 5"), ("building", "port of Odesa")]),
    ("They bombed the Najjar family's home at dawn.", [("house", "Najjar family's home")]),
    ("They bombed the house of Ahmad Saleh.", [("house", "house of Ahmad Saleh")]),
    ("Jets struck eastern Aleppo and the old city.", [("part", "eastern Aleppo"), ("part", "old city")]),
    ("Shells hit the centre of the Russian border city of Belgorod.", [
        ("part", "centre of the Russian border city of Belgorod")]),
    ("Drones flew over the outskirts of the eastern Ukrainian town of Kramatorsk.", [
        ("part", "outskirts of the eastern Ukrainian town of Kramatorsk")]),
    ("A bomb went off in the centre of the Syrian capital.", [("part", "centre of the Syrian capital")]),
    ("A raid hit the edge of the besieged Sudanese city of El Fasher.", [
        ("part", "edge of the besieged Sudanese city of El Fasher")]),
    ("A missile fell in the heart of the Iranian capital Tehran.", [
        ("part", "heart of the Iranian capital Tehran")]),
    ("Mortars hit the outskirts of the rebel-held town.", [("part", "outskirts of the rebel-held town")]),
    ("He spoke of the centre of the Ukrainian resistance.", []),
    ("Fire broke out in the centre of the Iraqi uprising's camp.", []),
    ("A drone hit the city centre and the outskirts of Kharkiv.", [
        ("part", "city centre"), ("part", "outskirts of Kharkiv")]),
    ("The Wall Street Journal and the Kyiv School of Economics wrote of it.", []),
    ("A shell hit a school, an apartment block and a market.", []),
    ("The shelling of the camp went on in that street.", []),
]  # fmt: skip
TIMES = [
    ("The blast came at 3:40 a.m. on Friday.", ["03:40"]),
    ("It hit at 8pm, and again at 15:20.", ["20:00", "15:20"]),
    ("They fired at 1530 local time.", ["15:30"]),
    ("It came shortly after midnight, at noon they left.", ["00:00", "12:00"]),
    ("At half past six in the evening a bomb fell.", ["18:30"]),
    ("At three in the morning and at two at night.", ["03:00", "02:00"]),
    ("It struck before dawn, and in the evening.", ["night", "evening"]),
    ("Overnight on Saturday.", ["night"]),
    ("At 0340 GMT it fell, at 11 p.m. ET and 3 a.m. Moscow time.", []),
    ("Thirty were killed and 14:0 was the score of 3 to 5.", []),
]


@pytest.mark.parametrize(("text", "expected"), SPOTS)
def test_spots_that_the_rules_find(text: str, expected: list[tuple[str, str]]) -> None:
    context, _ = read_strikes(text)
    assert [(s.kind, s.value) for s in spots_in_text(context, PACK)] == expected


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_times_of_day_that_the_rules_find(text: str, expected: list[str]) -> None:
    context, _ = read_strikes(text)
    assert [s.value for s in day_times(context, PACK)] == expected


def test_the_models_choose_the_spot_and_the_hour_of_the_strike() -> None:
    text = (
        "A Russian missile hit an apartment building in the Saltivka district of Kharkiv at 3:40 a.m. on Tuesday, "
        "killing two people. The wounded were taken to Regional Hospital No. 3, the mayor said in the evening."
    )
    context, units = read_strikes(text)
    (unit,) = (u for u in units if u.candidate.place.name == "Kharkiv")
    models = packaged_models()
    (found,) = whereabouts_of([unit], context, PACK, models.spots, models.times)
    assert (found.sublocation, found.kind, found.event_time) == ("Saltivka district", "quarter", "03:40")


def test_a_text_without_either_has_none() -> None:
    context, units = read_strikes("A missile hit Kharkiv, killing two people.")
    models = packaged_models()
    (found,) = whereabouts_of(units[:1], context, PACK, models.spots, models.times)
    assert (found.sublocation, found.kind, found.event_time) == (None, None, None)
