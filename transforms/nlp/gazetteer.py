"""The gazetteer: finds the places of a name in a read-only SQLite file of the whole world.

``transforms.nlp.build_gazetteer`` builds the file once. It is never loaded into memory as a whole.
"""

import difflib
import os
import re
import sqlite3
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from schemas.identity import fold_name
from transforms.util.transliteration import consonants, sounds

GAZETTEER_VERSION = 10
"""Raise it when the file's content or schema changes: a file of another version is built again."""
_PACKAGED = Path(__file__).with_name("gazetteer.sqlite")


class GazetteerMissing(RuntimeError):
    """The gazetteer has not been built."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer.

    ``kind``: city, admin1, country, or a kind of ``hand_places.yaml``. Extraction adds three kinds: region
    and district (the text calls a town's name so), and unlisted (the gazetteer does not have the name).
    """

    geonameid: int | None
    name: str
    country: str
    admin1: str | None
    latitude: float | None
    longitude: float | None
    population: int
    timezone: str | None
    kind: str
    is_capital: int = 0  # as SQLite stores it

    @property
    def geo_precision(self) -> int:
        """Return 1 for a town or a more exact place, 2 for a district or region, 3 for a country."""
        return {"country": 3, "admin1": 2, "region": 2, "district": 2}.get(self.kind, 1)


_VOWEL = re.compile("[aiu]")
_SEVERAL_WORDS = re.compile(r"(?<!\bal)(?<!\bel)[ -](?!i?[ -])")
_WITHOUT_VOWELS = frozenset("AE AF BH DZ EG IQ IR JO KW LB LY MA OM PK PS QA SA SD SO SY TN YE".split())
"""Countries whose scripts leave short vowels out: "Mastaba" and "Mustaba'". "Lukala" and "Lukula" are two towns."""
_MIN_CHARS, _LONG_WORD, _MIN_RATIO, _MIN_RATIO_OF_WORD = 6, 10, 0.9, 0.95
"""Two names of one country that sound alike are two spellings of one name in three cases. They have ``_MIN_CHARS`` letters
and differ only in which vowels they have. They have several words and ``_MIN_RATIO`` of ``difflib``. They are single words
of ``_LONG_WORD`` letters that begin and end alike and have ``_MIN_RATIO_OF_WORD``. The rest is chance: of 43 names in
annotated articles 26 meant another place ("Minbya" and "Minbu", "Andar" and "Anar Darah")."""
_BEST_ALIKE = 0.05
"""Of the places with a similar spelling, those this much below the most similar are left out."""


_ENDINGS = (("sky", "skiy", "skyi", "skii", "skyy"), ("ny", "nyy", "nyi"), ("oye", "oe"))
"""Spellings of one ending each."""
_ENDING = re.compile(r"(?<=\w{3})(?:" + "|".join(e for endings in _ENDINGS for e in endings) + ")$")


def gazetteer_path() -> Path:
    """Return the path of the gazetteer: in the package, or in the user's cache if that is read-only.

    The variable STRIKELEDGER_GAZETTEER overrides it.
    """
    override = os.environ.get("STRIKELEDGER_GAZETTEER")
    if override:
        return Path(override)
    if _PACKAGED.exists() or os.access(_PACKAGED.parent, os.W_OK):
        return _PACKAGED
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache_home / "strikeledger" / f"gazetteer-{GAZETTEER_VERSION}.sqlite"


@dataclass(slots=True)
class Gazetteer:
    """Finds places by name. A process has one read-only connection, which its threads share."""

    path: Path
    _db: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        if not self.path.exists():
            raise GazetteerMissing(
                f"no gazetteer at {self.path}: run python -m transforms.nlp.build_gazetteer"
            )
        self._db = sqlite3.connect(
            f"file:{self.path}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=False,
            cached_statements=0,  # from Python 3.12 on, threads that share a statement read each other's rows
        )

    def find(self, name: str) -> tuple[Place, ...]:
        """Return all places with a name: towns first, then by population.

        The endings of Slavic adjectives are spelt in several ways: "Afipsky" is Afipskiy, too.
        """
        folded = fold_name(name)
        found = _places_with_key(self, "names", "folded", folded) if folded else ()
        ending = _ENDING.search(folded)
        if ending is None:
            return found
        stem, written = folded[: ending.start()], ending.group()
        endings = next(e for e in _ENDINGS if written in e)
        others = [_places_with_key(self, "names", "folded", stem + e) for e in endings if e != written]
        further = {p for places in others for p in places} - set(found)
        if not further:
            return found
        return tuple(
            sorted({*found, *further}, key=lambda p: (p.kind != "city", -p.population, p.geonameid or 0))
        )

    def find_alike(self, name: str, countries: frozenset[str]) -> tuple[Place, ...]:
        """Return places of the countries with a similar spelling of the name, the most similar first.

        For "Kabkabiya" it is Kabkabiyah, for "Golaya Pristan" Hola Prystan.
        """
        key = consonants(name)
        has_several_words = bool(_SEVERAL_WORDS.search(fold_name(name)))
        return _alike(self, key, sounds(name), has_several_words, countries) if key and countries else ()

    def capital(self, country: str) -> Place | None:
        """Return the capital of a country."""
        return _capital(self, country)

    def country(self, code: str) -> Place | None:
        """Return a country by its ISO 3166-1 alpha-2 code."""
        return _one(self, "WHERE kind = 'country' AND country = ?", code)

    def with_id(self, geonameid: int) -> Place | None:
        """Return the place with a GeoNames id."""
        return _one(self, "WHERE geonameid = ?", geonameid)

    def version(self) -> str | None:
        """Return the version of the file, or None where the file is not a gazetteer."""
        try:
            row = self._db.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        except sqlite3.DatabaseError:
            return None
        return None if row is None else str(row[0])

    def neighbours(self, country: str) -> frozenset[str]:
        """Return the countries that share a border with a country."""
        return _neighbours(self, country)

    def __hash__(self) -> int:
        return hash(self.path)


_COLUMNS = "geonameid, name, country, admin1, latitude, longitude, population, timezone, kind, is_capital"


@lru_cache(maxsize=200_000)
def _places_with_key(gazetteer: Gazetteer, table: str, column: str, key: str) -> tuple[Place, ...]:
    """Return the places that a table of names has under a key: towns first, then by population."""
    rows = gazetteer._db.execute(
        f"SELECT {_COLUMNS} FROM places JOIN {table} USING (place_id) WHERE {column} = ?"
        " ORDER BY kind <> 'city' DESC, population DESC, place_id",
        (key,),
    )
    return tuple(_place(row) for row in rows)


@lru_cache(maxsize=20_000)
def _alike(
    gazetteer: Gazetteer, key: str, sound: str, has_several_words: bool, countries: frozenset[str]
) -> tuple[Place, ...]:
    """Return the places of the countries whose name has the key and sounds like the given one."""
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(sound)
    found: dict[Place, float] = {}
    for country in sorted(countries):
        for other, place in _with_consonants(gazetteer, key, country):
            matcher.set_seq1(other)
            ratio = _likeness(matcher, other, sound, country, has_several_words)
            if ratio:
                found[place] = max(found.get(place, 0.0), ratio)
    best = max(found.values(), default=0.0)
    close = [(place, ratio) for place, ratio in found.items() if ratio >= best - _BEST_ALIKE]
    return tuple(place for place, _ in sorted(close, key=lambda c: (-c[1], -c[0].population)))


def _likeness(
    matcher: difflib.SequenceMatcher[str], other: str, sound: str, country: str, has_several_words: bool
) -> float:
    """Return how alike two names of a country sound, 0 where they are not two spellings of one name."""
    if other == sound:
        return 1.0
    may_differ = country in _WITHOUT_VOWELS and len(sound) >= _MIN_CHARS
    if may_differ and _VOWEL.sub("a", other) == _VOWEL.sub("a", sound):
        return matcher.ratio()
    least = _MIN_RATIO if has_several_words else _MIN_RATIO_OF_WORD
    may_be = has_several_words or (
        len(sound) >= _LONG_WORD and other[:1] == sound[:1] and other[-1:] == sound[-1:]
    )
    if not may_be or matcher.quick_ratio() < least:
        return 0.0
    return matcher.ratio() if matcher.ratio() >= least else 0.0


@lru_cache(maxsize=20_000)
def _with_consonants(gazetteer: Gazetteer, key: str, country: str) -> tuple[tuple[str, Place], ...]:
    """Return (sounds of the name, place) of all names of a country with a key."""
    columns = ", ".join(f"places.{column}" for column in _COLUMNS.split(", "))
    rows = gazetteer._db.execute(
        f"SELECT sounds, {columns} FROM alike JOIN places USING (place_id)"
        " WHERE consonants = ? AND alike.country = ?",
        (key, country),
    )
    return tuple((str(row[0]), _place(row[1:])) for row in rows)


@lru_cache(maxsize=300)
def _capital(gazetteer: Gazetteer, country: str) -> Place | None:
    return _one(gazetteer, "WHERE is_capital AND country = ?", country)


@lru_cache(maxsize=300)
def _neighbours(gazetteer: Gazetteer, country: str) -> frozenset[str]:
    rows = gazetteer._db.execute("SELECT neighbour FROM neighbours WHERE country = ?", (country,))
    return frozenset(row[0] for row in rows)


def _one(gazetteer: Gazetteer, where: str, *values: str | int) -> Place | None:
    row = gazetteer._db.execute(f"SELECT {_COLUMNS} FROM places {where} LIMIT 1", values).fetchone()
    return None if row is None else _place(row)


def _place(row: tuple[Any, ...]) -> Place:
    return Place(*row)
