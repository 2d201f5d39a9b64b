"""The gazetteer: similar spellings, usual names, and a file that is not a gazetteer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from transforms.nlp.build_gazetteer import with_their_towns
from transforms.nlp.gazetteer import Gazetteer, _places_with_key
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.util.transliteration import consonants


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Hodeidah", "Al Hudaydah"),
        ("Kabkabiya", "Kabkabiyah"),
        ("Khan Younis", "Khan Yunis"),
    ],
)
def test_spellings_of_one_name_share_their_consonants(a: str, b: str) -> None:
    assert consonants(a) == consonants(b) != ""


@pytest.mark.parametrize(("a", "b"), [("Kharkiv", "Kherson"), ("Homs", "Hama"), ("Taiz", "Tunis")])
def test_different_names_have_different_consonants(a: str, b: str) -> None:
    assert consonants(a) != consonants(b)


@pytest.mark.parametrize(
    ("asked", "country", "shown"),
    [
        ("Krivoy Rog", "UA", "Kryvyi Rih"),
        ("Khan Yunis", "PS", "Khan Younis"),
        ("Al Hudaydah", "YE", "Hodeidah"),
        ("Ayn al Arab", "SY", "Kobani"),
        ("Khankendi", "AZ", "Stepanakert"),
        ("Petah Tiqwa", "IL", "Petah Tikva"),
    ],
)
def test_places_have_their_usual_english_name(asked: str, country: str, shown: str) -> None:
    assert shown in {p.name for p in open_gazetteer().find(asked) if p.country == country}


def test_a_file_that_is_not_a_gazetteer_has_no_version(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.sqlite"
    path.write_text("not a database, but long enough to look like one" * 50)
    assert Gazetteer(path).version() is None


@pytest.mark.parametrize(
    ("one", "other", "geonameid"),
    [("Poonch", "Punch", 1167718), ("Zvyahel", "Zviahel", 699553), ("Rajouri", "Rajaori", 1258891)],
)
def test_a_place_of_our_list_that_geonames_has_too_is_one_place(one: str, other: str, geonameid: int) -> None:
    """A row for each spelling would be two strikes."""
    found = [{p for p in open_gazetteer().find(name) if p.geonameid == geonameid} for name in (one, other)]
    assert found[0] == found[1]
    assert {p.name for p in found[0]} == {one}


def test_a_camp_in_a_town_stays_a_place_of_its_own() -> None:
    assert [p.geonameid for p in open_gazetteer().find("Tal al-Sultan")] == [None]


def row(
    name: str, geonameid: int | None = None, at: float = 33.0, **other: Any
) -> tuple[tuple[Any, ...], set[str]]:
    """Return a place of Pakistan ``at`` degrees north, by default of our list."""
    kind = "village" if geonameid is None else "city"
    fields = {"country": "PK", "kind": kind, **other}
    return (
        (
            geonameid,
            name,
            fields["country"],
            None,
            at,
            74.0,
            900 if geonameid else 0,
            None,
            fields["kind"],
            0,
        ),
        {name},
    )


def test_the_place_of_our_list_keeps_its_name_and_gets_id_numbers_and_names() -> None:
    towns = [row("Rajaori", 7, at=33.005), row("Lahore", 8)]
    ((merged, names),) = with_their_towns([row("Rajouri")], towns)
    assert merged == (7, "Rajouri", "PK", None, 33.005, 74.0, 900, None, "village", 0)
    assert names == {"Rajouri", "Rajaori"}
    assert [town[1] for town, _ in towns] == ["Lahore"]


@pytest.mark.parametrize(
    ("listed", "town"),
    [
        (row("Rajouri"), row("Rajaori", 7, at=33.05)),
        (row("Rajouri"), row("Rajaori", 7, country="IN")),
        (row("Rajouri"), row("Kotli", 7)),
        (row("Rajouri", kind="camp"), row("Rajaori", 7)),
        (row("Rajouri", 9, kind="village"), row("Rajaori", 7)),
    ],
    ids=["far", "another country", "another name", "a camp", "has an id"],
)
def test_other_places_stay_apart(listed: Any, town: Any) -> None:
    towns = [town]
    assert with_their_towns([listed], towns) == [listed]
    assert towns == [town]


def test_threads_do_not_read_each_others_places() -> None:
    """From Python 3.12 on they did, as long as the connection kept its statements."""
    names = ["Kharkiv", "Kherson", "Odesa", "Sumy", "Aleppo", "Homs", "Hama", "Idlib", "Taiz", "Mosul"]
    right = {name: open_gazetteer().find(name) for name in names}
    shared = Gazetteer(open_gazetteer().path)

    def wrong(start: int) -> list[str]:
        order = names[start:] + names[:start]
        return [
            name
            for _ in range(20)
            for name in order
            if tuple(_places_with_key.__wrapped__(shared, "names", "folded", name.lower()))
            != tuple(_places_with_key(open_gazetteer(), "names", "folded", name.lower()))
        ]

    assert all(right.values())
    with ThreadPoolExecutor(4) as pool:
        assert [name for names in pool.map(wrong, range(0, 8, 2)) for name in names] == []
