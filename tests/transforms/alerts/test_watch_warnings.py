"""Actors of watches that no report ever names are told of, and are no error."""

from __future__ import annotations

from alerts import a_watch

from schemas.identity import fold_name
from transforms.alerts.watch_warnings import actor_warnings
from transforms.alerts.watches import Conditions
from transforms.nlp.language import load_pack
from transforms.nlp.party_names import usual_names


def warned(*actors: str) -> list[str]:
    watch = a_watch(conditions=Conditions(actors=tuple(map(fold_name, actors))))
    return list(actor_warnings([watch], usual_names(load_pack("en"))))


def test_names_that_reports_have_are_fine() -> None:
    assert warned("Russia", "al-Shabaab", "Sudanese Armed Forces", "US-led coalition", "houthis") == []


def test_another_word_and_a_slip_name_what_is_meant() -> None:
    for actor, meant in (
        ("IDF", "Israel"),
        ("Russians", "Russia"),
        ("ISIS", "Islamic State"),
        ("Hezbolah", "Hezbollah"),
    ):
        (line,) = warned(actor)
        assert line.startswith("watch 'w', key 'actor': no report names the attacker")
        assert f"{meant!r} is the name that reports have" in line


def test_a_free_name_is_told_of() -> None:
    (line,) = warned("Brigade of the Seven Hills")
    assert line == (
        "watch 'w', key 'actor': no report names the attacker 'brigade of the seven hills'; "
        "only a person's correction can"
    )
