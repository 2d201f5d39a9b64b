"""What the templates of MUC-4 say: which attacks are strikes, where, when, with what, and how many victims.

A template that leaves it open which town was struck makes its whole article doubtful.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.nlp.gazetteer import Gazetteer, Place, region_key

STRIKE, NO_STRIKE, DOUBTFUL = "strike", "no strike", "doubtful"
_TOWNS = frozenset("city town municipality village port suburb jurisdiction canton district community hamlet "
                   "township capital corregimiento".split())  # fmt: skip
_PARTS_OF_TOWNS = frozenset("neighborhood university airport sector quarter suburb district zone".split())
"""Parts of a town. A suburb or district is a town of its own where the gazetteer has it."""
_REGIONS = frozenset("department province region intendancy state county".split())
_BLASTS = frozenset(["BOMB", "DYNAMITE", "VEHICLE BOMB", "EXPLOSIVE", "MORTAR", "ROCKET", "AERIAL BOMB",
                     "MISSILE", "MINE", "GRENADE", "MOLOTOV COCKTAIL"])  # fmt: skip
_STATE = re.compile(r"\b(?:AIR FORCE|ARMED FORCES|ARMY|GOVERNMENT|MILITARY|TROOPS)\b")
_LAUNCHED = re.compile(r"LAUNCHER|RPG|ROCKET|BAZOOKA|RIFLE GRENADE|CATAPULT")
_TARGETS = {
    "CIVILIAN RESIDENCE": "residential", "TRANSPORT VEHICLE": "vehicle", "TRANSPORTATION ROUTE": "street",
    "TRANSPORTATION FACILITY": "transport", "ENERGY": "energy", "WATER": "water",
    "COMMERCIAL": "shop_or_restaurant",
    "GOVERNMENT OFFICE OR RESIDENCE": "government", "DIPLOMAT OFFICE OR RESIDENCE": "government",
    "COMMUNICATIONS": "media", "EDUCATIONAL": "school", "CHURCH": "worship",
}  # fmt: skip
_DAY = re.compile(r"(- ?)?(\d{1,2}) ([A-Z]{3}) (\d{2})(?: - (\d{1,2}) ([A-Z]{3}) (\d{2}))?")
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()


@dataclass(frozen=True, slots=True)
class Strike:
    """A strike of a template.

    ``named``: the place in the template's letters. ``counts``: killed and injured, from and to. ``victims``:
    the words for those killed and injured, where they are one group.
    """

    place: Place
    named: str
    days: tuple[dt.date, dt.date] | None
    weapon: str
    attacker: str | None
    targets: tuple[str, ...]
    counts: Mapping[str, tuple[int | None, int | None]]
    victims: Mapping[str, str | None]
    is_main: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A template. ``verdict``: strike, no strike or doubtful. ``place``: its town, if one is known.

    ``is_explosive``: it is on something explosive, also where that was found in time or thrown by hand.
    """

    verdict: str
    place: Place | None = None
    strike: Strike | None = None
    is_explosive: bool = True


def day_of(day: str, month: str, year: str) -> dt.date:
    """Return the date of "9", "JAN", "90"."""
    return dt.date(1900 + int(year), _MONTHS.index(month[:3]) + 1, int(day))


def read_template(template: Mapping[str, Any], gazetteer: Gazetteer) -> Reading:
    """Return what a template says."""
    place, named = town_of(template["location"] or "", gazetteer)
    weapon = weapon_of(template)
    stage = template["stage"]
    if weapon is None or stage in ("THREATENED", "ATTEMPTED", "ATTEMPTED / THREATENED"):
        launched = weapon in ("rocket", "mortar", "artillery", "airstrike") and stage == "ATTEMPTED"
        is_explosive = template["type"].startswith("BOMBING") or bool(_kinds(template))
        return Reading(DOUBTFUL if launched else NO_STRIKE, place, is_explosive=is_explosive)
    if stage != "ACCOMPLISHED" or place is None or any("?" in w for w in template["weapon_type"]):
        return Reading(DOUBTFUL, place)
    counts, victims = counts_of(template)
    organisations = [p for p in template["perp_org"] if not p.startswith("?")]
    attacker = (
        re.sub(r"\s*\[.*?\]", "", organisations[0].split(" / ")[0]).strip('"\\')
        if len(organisations) == 1
        else None
    )
    found = {_TARGETS.get(t.split(":")[0]) for t in template["target_physical_type"]}
    return Reading(
        STRIKE,
        place,
        Strike(place, named, days_of(template["date"]), weapon, attacker,
               tuple(sorted(t for t in found if t)), counts, victims, not template["optional"]),
    )  # fmt: skip


def weapon_of(template: Mapping[str, Any]) -> str | None:
    """Return the class of the weapon, or None where nothing explosive was laid, dropped or launched."""
    if template["type"] not in ("BOMBING", "ATTACK", "BOMBING / ATTACK"):
        return None
    kinds = _kinds(template)
    named = " ".join(template["weapon"])
    launched, by_state = _LAUNCHED.search(named), any(_STATE.search(p) for p in template["perp_org"])
    found = set()
    for kind in kinds:
        if kind in ("GRENADE", "EXPLOSIVE") and launched:
            found.add("rocket")
        elif kind == "EXPLOSIVE" and "ARTILLERY" in named:
            found.add("artillery")
        elif kind == "EXPLOSIVE" and "MORTAR" in named:
            found.add("mortar")
        elif kind in ("GRENADE", "MOLOTOV COCKTAIL"):
            continue
        elif kind == "AERIAL BOMB" or (kind == "BOMB" and by_state and not named):
            found.add("airstrike")
        else:
            found.add({"MORTAR": "mortar", "ROCKET": "rocket", "MISSILE": "missile"}.get(kind, "mine_or_ied"))
    if not kinds and template["type"] == "BOMBING":
        found.add("airstrike" if by_state else "mine_or_ied")
    return None if not found else found.pop() if len(found) == 1 else "mixed"


def _kinds(template: Mapping[str, Any]) -> set[str]:
    return {k.strip("? ") for w in template["weapon_type"] for k in w.split(":")[0].split(" / ")} & _BLASTS


def town_of(location: str, gazetteer: Gazetteer) -> tuple[Place | None, str]:
    """Return the town of a location and its name there; None where it is open or not in the gazetteer.

    "PERU: LIMA (CITY): MIRAFLORES (NEIGHBORHOOD)" gives Lima.
    """
    readings = [
        _town(part.strip("() ?"), gazetteer) for part in re.split(r"\) / \(|\) / (?=[A-Z])", location + " ")
    ]
    if not readings or any(place is None or place != readings[0][0] for place, _ in readings):
        return None, ""
    return readings[0]


def _town(location: str, gazetteer: Gazetteer) -> tuple[Place | None, str]:
    country, *parts = [p.strip() for p in location.replace("GUATAMALA", "GUATEMALA").split(":")]
    code = next((p.country for p in gazetteer.find(country) if p.kind == "country"), None)
    if code is None or any(" - " in p for p in parts):
        return None, ""
    region = None
    steps = []
    for part in parts:
        match = re.match(r"([^()]+?)\s*(?:\(([A-Z /]+)\)?)?$", part)
        if match is None:
            return None, ""
        name, kind = match[1].strip(" ?"), (match[2] or "").lower()
        if kind in _REGIONS:
            region = name
        steps.append((name, kind))
    for name, kind in reversed(steps):
        if kind in _TOWNS:
            place = find_town(name, code, region, gazetteer)
            if place is not None:
                return place, name
        if kind not in _PARTS_OF_TOWNS:
            return None, ""
    return None, ""


def find_town(name: str, country: str, region: str | None, gazetteer: Gazetteer) -> Place | None:
    """Return the largest town of a name in a country, in the region if the name occurs there."""
    spelled = [*gazetteer.find(name), *gazetteer.find(name.removesuffix(" CITY"))]
    towns = [p for p in spelled if p.country == country and p.geo_precision == 1]
    towns = towns or list(gazetteer.find_alike(name, frozenset([country])))
    towns = [p for p in towns if p.geo_precision == 1 and p.latitude is not None]
    within = [p for p in towns if region and p.admin1 and region_key(p.admin1) == region_key(region)]
    return next(iter(within or towns), None)


def days_of(date: str | None) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day; None where only the latest possible day is given ("- 08 JAN 90")."""
    spans = []
    for no_start, d, m, y, *last in _DAY.findall(date or ""):
        if not no_start:
            spans.append((day_of(d, m, y), day_of(*last) if last[0] else day_of(d, m, y)))
    return (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None


def counts_of(
    template: Mapping[str, Any],
) -> tuple[dict[str, tuple[int | None, int | None]], dict[str, str | None]]:
    """Return killed and injured, each from and to, and the words for the victims where they are one group."""
    counts: dict[str, tuple[int | None, int | None]] = {}
    victims: dict[str, str | None] = {}
    effects = [e.split(":", 1) for e in template["victim_effect"]]
    for field, effect, none in (("killed", "DEATH", "NO DEATH"), ("injured", "INJURY", "NO INJURY")):
        value = template[field]
        groups = [e[1].strip().strip('"') for e in effects if e[0] == effect and len(e) > 1]
        victims[field] = groups[0].split('" / "')[0] if len(groups) == 1 else None
        if template["counts_ambiguous"]:
            counts[field] = (None, None)
        elif value is not None:
            counts[field] = (int(value[0]), None if value[1] is None else int(value[1]))
        else:
            denied = any(e[0] in (none, "NO INJURY OR DEATH") and e[-1].strip() == '"-"' for e in effects)
            counts[field] = (0, 0) if denied else (None, None)
    return counts, victims


def named_with_acronyms(templates: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the names of victims, and those of groups that an acronym stands for."""
    names = {n.strip('"? ') for t in templates for v in t["victim_name"] for n in v.split(" / ")}
    for template in templates:
        for slot in template["perp_org"]:
            spelled = [n.strip('"? \\') for n in slot.split(" / ")]
            if any(" " not in n for n in spelled):
                names.update(spelled)
    return {re.sub(r"\s*\[.*?\]", "", n) for n in names}
