"""The fields of an answer against the sentence that each names: a value that its sentence does not hold is dropped."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas.vocabulary import WEAPON_FAMILY, ClaimStatus, Target, Weapon
from transforms.nlp.dates_of_times import resolve_time
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.actor_candidates import names_at, parties_in
from transforms.nlp.learned.day_time_candidates import day_times_in
from transforms.nlp.learned.weapon_candidates import weapons_in
from transforms.nlp.phrase_table import PhraseTable
from transforms.nlp.publication import Publication
from transforms.nlp.second_reader.stated_numbers import Range, children_in, range_in
from transforms.nlp.second_reader.verbatim import holds, plain
from transforms.nlp.times import Interval, TimeExpression, find_times

_NO_TARGET = "nothing"
_MAX_NAME_CHARS = 120
_LATE = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
"""Stands for the time of publication where only a date with its year is read, which needs none."""
Value = Mapping[str, Any]


class FieldDropped(Exception):
    """A field that is not kept. ``reason``: a word of a closed list."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Setting:
    """What the check of a field needs beside its sentence.

    ``place``: of the report. ``anchor``: the first dates of the answer, to which "the day before" refers.
    """

    pack: LanguagePack
    gazetteer: Gazetteer
    published: Publication
    place: Place
    anchor: Interval | None = None


def _kept(result: Any) -> Any:
    """Return a result, or drop the field where it is the reason for it."""
    if isinstance(result, str):
        raise FieldDropped(result)
    return result


def check_dates(value: Value, sentence: str, setting: Setting) -> Interval:
    """Return the dates that an expression of time in the sentence means, where they hold the given ones.

    Raises:
        FieldDropped: no expression does.
    """
    try:
        start, end = dt.date.fromisoformat(value["start"]), dt.date.fromisoformat(value["end"])
    except ValueError:
        raise FieldDropped("wrong_form") from None
    for expression in find_times(sentence, setting.pack):
        found = _interval(expression, setting)
        if found is not None and found.start <= start <= end <= found.end:
            return found
    raise FieldDropped("date_not_in_sentence")


def _interval(expression: TimeExpression, setting: Setting) -> Interval | None:
    """Return the dates of an expression that says when a strike was, not when somebody spoke of it."""
    if expression.role != "event":
        return None
    published = setting.published.at(setting.place, setting.gazetteer)
    if published is None:
        has_year = expression.kind == "date" and expression.values[-1] > 0
        return resolve_time(expression, _LATE) if has_year else None
    return resolve_time(expression, published, setting.anchor)


def check_weapon(value: Value, sentence: str, setting: Setting) -> Weapon:
    """Return the class of weapon where a phrase of the sentence names it, or may mean it and none names another.

    Raises:
        FieldDropped: no phrase does.
    """
    weapon = Weapon(value["value"])
    meanings = [m for _, _, found in weapons_in(sentence, setting.pack) for m in found]
    named = {Weapon(m.value) for m in meanings if m.is_named}
    families = {WEAPON_FAMILY[w] for w in named}
    if weapon is Weapon.MIXED:
        is_said = len(families) > 1 or Weapon.MIXED in named
    elif named:
        is_less_exact = weapon.traits.specificity == 1 and WEAPON_FAMILY[weapon] in families
        is_said = weapon in named or is_less_exact
    else:
        is_said = weapon in {m.value for m in meanings}
    if not is_said:
        raise FieldDropped("weapon_not_in_sentence")
    return weapon


def check_weapon_name(value: Value, sentence: str, setting: Setting) -> str:
    """Return the usual name of a model, or its name as the sentence writes it.

    Raises:
        FieldDropped: the sentence does not name it.
    """
    name = value["value"].strip()
    for start, end, meanings in weapons_in(sentence, setting.pack):
        for model in (m.model for m in meanings if m.model):
            if name.lower() in (model.lower(), sentence[start:end].lower()):
                return model
    if not any(c.isupper() or c.isdigit() for c in name):
        raise FieldDropped("not_a_name")  # "missile" is no model
    return _verbatim(name, sentence, "weapon_name_not_in_sentence")


def check_actor(value: Value, sentence: str, setting: Setting) -> str:
    """Return the usual name of a party where a phrase of the sentence means it at the place.

    Raises:
        FieldDropped: the vocabulary does not know it, or no phrase does.
    """
    pack, country = setting.pack, setting.place.country
    given = value["value"].strip()
    wanted = {given.lower()}
    for _, _, meanings in parties_in(given, pack):
        wanted |= {name.lower() for name in names_at(meanings, country, pack)}
    known = [
        name for _, _, meanings in parties_in(sentence, pack) for name in names_at(meanings, country, pack)
    ]
    for name in known:
        if name.lower() in wanted:
            return name
    raise FieldDropped("actor_not_in_sentence")


def check_target(value: Value, sentence: str, setting: Setting) -> Target:
    """Return the target where a phrase of the sentence means it. What is other has no phrases.

    Raises:
        FieldDropped: no phrase does.
    """
    target = Target(value["value"])
    said = {word for _, _, words in _targets(setting.pack).find(sentence) for word in words}
    if target is not Target.OTHER and target not in said:
        raise FieldDropped("target_not_in_sentence")
    return target


@cache
def _targets(pack: LanguagePack) -> PhraseTable[str]:
    table: PhraseTable[str] = PhraseTable()
    for target, listed in pack.lexicon["targets"].items():
        table.add(listed, target)
    table.add(pack.lexicon["not_targets"], _NO_TARGET)
    return table


def check_toll(kind: str) -> Callable[[Value, str, Setting], Range]:
    """Return the check of a toll. ``kind``: killed or injured."""

    def check(value: Value, sentence: str, setting: Setting) -> Range:
        given = Range(*(None if value[n] is None else int(value[n]) for n in ("low", "best", "high")))
        found: Range = _kept(range_in(sentence, given, kind, setting.pack))
        return found

    return check


def check_children(value: Value, sentence: str, setting: Setting) -> int:
    """Return a number of children that the sentence states.

    Raises:
        FieldDropped: it does not.
    """
    found: int = _kept(children_in(sentence, int(value["value"]), setting.pack))
    return found


def check_spot(value: Value, sentence: str, setting: Setting) -> str:
    """Return the spot as the sentence writes it.

    Raises:
        FieldDropped: it does not, or the spot is the place itself.
    """
    if plain(value["value"]).lower() == setting.place.name.lower():
        raise FieldDropped("spot_is_the_place")
    return _verbatim(value["value"], sentence, "spot_not_in_sentence")


def check_event_time(value: Value, sentence: str, setting: Setting) -> str:
    """Return the local hour or the part of the day that the sentence states.

    Raises:
        FieldDropped: it does not.
    """
    said = {found for _, found, _, _ in day_times_in(sentence, setting.pack)}
    if value["value"] not in said:
        raise FieldDropped("time_not_in_sentence")
    return str(value["value"])


def check_claim_status(value: Value, sentence: str, setting: Setting) -> ClaimStatus:
    """Return the claim status. Its sentence stands in the article; what it says is not checked."""
    return ClaimStatus(value["value"])


def _verbatim(words: str, sentence: str, reason: str) -> str:
    found = plain(words)
    if len(found) > _MAX_NAME_CHARS or not holds(sentence, found):
        raise FieldDropped(reason)
    return found


CHECKS: dict[str, Callable[[Value, str, Setting], Any]] = {
    "event_date": check_dates,
    "weapon": check_weapon,
    "weapon_name": check_weapon_name,
    "actor": check_actor,
    "fatalities": check_toll("killed"),
    "injured": check_toll("injured"),
    "child_fatalities": check_children,
    "child_injured": check_children,
    "sublocation": check_spot,
    "event_time": check_event_time,
    "claim_status": check_claim_status,
}
"""The check of each field but place, targets and whether it is the main strike."""
