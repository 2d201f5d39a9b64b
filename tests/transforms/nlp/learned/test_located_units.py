"""A place that only says where another struck place lies is no strike of its own."""

import datetime as dt
import re

import pytest

from transforms.nlp.gazetteer import Place
from transforms.nlp.language import load_pack
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.located_units import without_locators
from transforms.nlp.learned.units import Unit
from transforms.nlp.pipeline import read_documents
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.publication import Publication
from transforms.nlp.times import Interval

DAY = Interval(dt.date(2024, 5, 14), dt.date(2024, 5, 14), 1)


def a_place(name: str, *, listed: bool = True, population: int = 1000, east: float = 0.0) -> Place:
    number = sum(map(ord, name)) if listed else None
    kind = "city" if listed else "unlisted"
    return Place(number, name, "UA", None, 50.0, 30.0 + east, population, None, kind)


def kept(text: str, *places: Place, days: tuple[Interval, ...] = ()) -> list[Unit]:
    """Return the strikes that are kept, where each place is struck at each of its names."""
    (doc,) = read_documents([("", text, Publication(None))])
    context = Context(doc, doc._.findings, None)
    units = []
    for n, place in enumerate(places):
        mentions = []
        for match in re.finditer(place.name, context.findings.text):
            span = doc.char_span(*match.span(), alignment_mode="expand")
            mentions.append(PlaceMention(*match.span(), span.start, span.end - 1, place))
        interval = days[n] if days else DAY
        units.append(Unit(Candidate(place, tuple(mentions)), tuple(mentions), interval))
    return without_locators(units, context, load_pack("en"))


@pytest.mark.parametrize(
    ("text", "inner", "outer"),
    [
        ("A mine blew up a lorry at Bamali, near Ndop, and killed two men.", "Bamali", "Ndop"),
        ("A drone hit Hirore, a village in the north of Batifa, on Monday.", "Hirore", "Batifa"),
        ("Shells fell on Kfar Rumman, beside Nabatieh, and killed seven.", "Kfar Rumman", "Nabatieh"),
        ("A mortar killed a woman in Holmivskyi, outside Horlivka.", "Holmivskyi", "Horlivka"),
        ("A missile fell on Serhiivka, on the coast near Odesa.", "Serhiivka", "Odesa"),
        ("In Gayan district, a jet dropped a bomb on four men near Sarkando.", "Sarkando", "Gayan"),
        ("A bomb in Dand district's Karz wounded two.", "Karz", "Dand"),
        ("A shell killed a constable in Mendhar sector of Poonch.", "Mendhar", "Poonch"),
    ],
)
def test_the_more_exact_place_keeps_the_strike(text: str, inner: str, outer: str) -> None:
    (unit,) = kept(text, a_place(inner), a_place(outer))
    assert unit.candidate.place.name == inner


@pytest.mark.parametrize(
    ("text", "inner", "population"),
    [
        ("A shell hit a house in Atatra, a quarter of Lahia, and killed a farmer.", "Atatra", 20_000),
        ("Bombs fell on Khalidiya in Lahia on Sunday.", "Khalidiya", 80_000),
        ("A house in Karm, a poor neighbourhood in the east of Lahia, collapsed.", "Karm", 80_000),
        ("Helicopters fired into Lahia's Karm, wounding two.", "Karm", 80_000),
    ],
)
def test_the_city_keeps_a_strike_on_a_quarter_that_no_list_has(
    text: str, inner: str, population: int
) -> None:
    (unit,) = kept(text, a_place(inner, listed=False), a_place("Lahia", population=population))
    assert unit.candidate.place.name == "Lahia"


@pytest.mark.parametrize(
    "text",
    [
        "Shells fell on Huliaipole and on a farm near Orikhiv.",
        "A rocket hit Huliaipole, killing two, and a drone a bus in Orikhiv.",
        "Huliaipole and Orikhiv came under fire on Monday.",
        "Five people died in Huliaipole, an air raid in Orikhiv killed one.",
        "In Huliaipole district and Orikhiv, shells killed two.",
        "A bomb hit Huliaipole, near Orikhiv. Orikhiv lost a shop to another bomb.",
        "Shells fell on Huliaipole. A man was killed in Orikhiv.",
        "A house was hit in the Huliaipole of Orikhiv.",
    ],
)
def test_two_places_are_two_strikes(text: str) -> None:
    assert len(kept(text, a_place("Huliaipole"), a_place("Orikhiv"))) == 2


def test_strikes_of_two_days_stay_two() -> None:
    later = Interval(DAY.start + dt.timedelta(days=3), DAY.end + dt.timedelta(days=3), 1)
    text = "A mine blew up a lorry at Bamali, near Ndop, and killed two men."
    assert len(kept(text, a_place("Bamali"), a_place("Ndop"), days=(DAY, later))) == 2


def test_a_place_that_no_list_has_lies_where_its_town_lies() -> None:
    text = "Howitzers shelled a camp at Inugog, in Datu town, and killed four."
    inner, outer = a_place("Inugog", listed=False, east=3.0), a_place("Datu")
    (unit,) = kept(text, inner, outer)
    place = unit.candidate.place
    assert (place.name, place.latitude, place.longitude) == ("Inugog", 50.0, 30.0)
    assert unit.scenes[0].place == place


def test_one_strike_is_kept_as_it_is() -> None:
    (unit,) = kept("A mine blew up a lorry at Bamali.", a_place("Bamali"))
    assert unit.candidate.place.name == "Bamali"
