"""Reports of MUC-4 become articles of the corpus: their case, their strikes, and what is left out."""

import dataclasses
from collections import Counter
from typing import Any

import pytest

from training.muc4 import convert, read_report
from training.muc4_templates import DOUBTFUL, NO_STRIKE, STRIKE, days_of, read_template, town_of, weapon_of
from training.true_case import TrueCaser, learn
from transforms.nlp.open_gazetteer import open_gazetteer

TEXT = (
    "BOGOTA, 6 SEP 89 (AFP) -- [TEXT] TWO BOMBS EXPLODED IN MEDELLIN LAST NIGHT, INJURING\nTHREE PEOPLE.\n\n"
    "   PRESIDENT VIRGILIO BARCO SPOKE IN CALI TODAY [WORDS INDISTINCT]."
)
BOMBING: dict[str, Any] = {
    "doc_id": "DEV-1", "optional": False, "date": "05 SEP 89", "location": "COLOMBIA: MEDELLIN (CITY)",
    "type": "BOMBING", "stage": "ACCOMPLISHED", "weapon": ['"BOMBS"'], "weapon_type": ['BOMB: "BOMBS"'],
    "perp_org": [], "target_physical_type": [], "victim_effect": ['INJURY: "PEOPLE"'], "killed": None,
    "injured": [3, 3], "counts_ambiguous": False,
}  # fmt: skip


def caser() -> TrueCaser:
    """Return a true caser that has read one sentence."""
    known = learn(
        [
            "He said two bombs exploded in the town last night, injuring three people there; a Guard spoke today."
        ],
        frozenset(["president", "guard"]),
    )
    return dataclasses.replace(
        known, names=frozenset(["medellin", "cali", "bogota"]), acronyms=frozenset(["afp"])
    )


def converted(text: str, *templates: dict[str, Any]) -> dict[str, Any] | None:
    """Return the article of a report, or None where it is left out."""
    report = read_report({"doc_id": "DEV-1", "text": text})
    assert report is not None
    found = convert(report, templates, caser(), open_gazetteer())
    return found and found[0]


def test_text_gets_its_case_back_and_keeps_its_length() -> None:
    upper = "THE 4TH BATTALION'S M-16 FIRE HIT MEDELLIN. U.S. GUARDS SPOKE WITH DON'T-KNOWS."
    restored = caser().restore(upper)
    assert restored.upper() == upper
    assert restored.startswith("The 4th Battalion's M-16 ")
    assert "Medellin. U.S. guards spoke" in restored


def test_a_word_takes_the_case_of_the_pair() -> None:
    words, pairs = (
        {"guard": Counter({"guard": 9})},
        {("national", "guard"): Counter({("National", "Guard"): 3})},
    )
    known = TrueCaser(words, pairs, frozenset())
    assert known.restore("A GUARD, A NATIONAL GUARD") == "A guard, A National Guard"


def test_a_bombing_becomes_a_strike_at_its_town() -> None:
    article = converted(TEXT, BOMBING)
    assert article is not None
    (gold,) = article["gold"]
    assert article["paragraphs"][0].startswith(
        "BOGOTA, Sep 6 (AFP) -- Two bombs exploded in Medellin last night"
    )
    assert "INDISTINCT" not in article["paragraphs"][1].upper()
    assert (gold["place"], gold["country"], gold["weapon"], gold["date_start"], gold["injured_min"]) == (
        "Medellin", "CO", "mine_or_ied", "1989-09-05", 3,
    )  # fmt: skip
    assert gold["spans"] == {"place": [1, "Medellin"], "killed": None, "injured": [1, "three people"]}


def test_an_article_is_left_out_where_an_explosion_has_no_template() -> None:
    assert converted(TEXT) is None
    assert converted(TEXT.replace("BOMBS EXPLODED", "MEN MET")) is not None
    assert converted(TEXT, {**BOMBING, "location": "COLOMBIA: ANTIOQUIA (DEPARTMENT)"}) is None


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, STRIKE),
        ({"stage": "THREATENED"}, NO_STRIKE),
        ({"stage": "ATTEMPTED"}, NO_STRIKE),
        ({"type": "KIDNAPPING"}, NO_STRIKE),
        ({"type": "ATTACK", "weapon_type": ['GUN: "-"']}, NO_STRIKE),
        ({"weapon": ['"HAND GRENADE"'], "weapon_type": ['GRENADE: "HAND GRENADE"']}, NO_STRIKE),
        ({"location": "COLOMBIA"}, DOUBTFUL),
        ({"location": "COLOMBIA: CUCUTA (CITY) - CAMPANARIO (RURAL AREA)"}, DOUBTFUL),
        ({"stage": "ACCOMPLISHED / ATTEMPTED"}, DOUBTFUL),
    ],
)
def test_verdict_on_a_template(change: dict[str, Any], verdict: str) -> None:
    assert read_template({**BOMBING, **change}, open_gazetteer()).verdict == verdict


def test_the_weapon_follows_who_used_it() -> None:
    air = {**BOMBING, "weapon": [], "weapon_type": ['BOMB: "-"'], "perp_org": ['"AIR FORCE"']}
    launched = {**BOMBING, "weapon": ['"RPG"'], "weapon_type": ['EXPLOSIVE: "RPG"']}
    assert (weapon_of(air), weapon_of(launched), weapon_of(BOMBING)) == ("airstrike", "rocket", "mine_or_ied")


def test_a_quarter_gives_its_town_and_an_open_start_no_day() -> None:
    place, named = town_of("PERU: LIMA (CITY): SAN ISIDRO (NEIGHBORHOOD)", open_gazetteer())
    assert place is not None
    assert (place.name, named) == ("Lima", "LIMA")
    assert days_of("- 08 JAN 90") is None
    days = days_of("08 JAN 90 - 09 JAN 90")
    assert days is not None
    assert [d.isoformat() for d in days] == ["1990-01-08", "1990-01-09"]
