"""The table of weapon classes in ``schemas/vocabulary.py`` against the places that cannot import it: SQL, the
dashboard's page and the lexicon. Each comparison must notice one class too many and one too few."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from importlib.resources import files

import pytest

from schemas.tables import checks, views
from schemas.vocabulary import ANY_FAMILY, WEAPON_FAMILY, Weapon, WeaponClass
from transforms.nlp.language import available_languages, load_pack

Table = Mapping[str, WeaponClass]
TABLE: Table = {weapon.value: weapon.traits for weapon in Weapon}
OTHER_GROUP = "other"
"""The map's group of every class that the page does not list."""


def _words(sql_list: str) -> set[str]:
    return set(re.findall(r"'([^']*)'", sql_list))


def _acled_view(table: Table) -> list[str]:
    """Return the classes that the view of ACLED's columns maps otherwise than the table."""
    in_view: dict[str, str] = {}
    branch = r"WHEN i\.weapon (?:IN \(([^)]*)\)|= ('[^']*'))\s+THEN '([^']*)'"
    for several, single, sub_event_type in re.findall(branch, views()["incidents_acled"]):
        in_view.update(dict.fromkeys(_words(several or single), sub_event_type))
    in_table = {w: c.acled_sub_event_type for w, c in table.items() if c.acled_sub_event_type is not None}
    return sorted(w for w in {*in_view, *in_table} if in_view.get(w) != in_table.get(w))


def _accepted_values(table: Table) -> list[str]:
    """Return the classes that only one of the table and the check of accepted values has."""
    found = re.search(r"weapon NOT IN \(([^)]*)\)", checks()["fail_accepted_values"].sql)
    assert found is not None
    return sorted(_words(found.group(1)) ^ set(table))


def _dashboard_page(table: Table) -> list[str]:
    """Return the groups of the map that differ between the page and the table."""
    script = (files("pipelines") / "dashboard" / "page.js").read_text("utf-8")
    rows = re.findall(r'\["(\w+)", "#[0-9a-f]{6}", \[([^\]]*)\]\]', script)
    on_page = {group: set(re.findall(r'"(\w+)"', weapons)) for group, weapons in rows}
    in_table: dict[str, set[str]] = defaultdict(set)
    for weapon, traits in table.items():
        if traits.map_group != OTHER_GROUP:
            in_table[traits.map_group].add(weapon)
    in_table[OTHER_GROUP] = set()
    return sorted(g for g in {*on_page, *in_table} if on_page.get(g) != in_table.get(g))


def _lexicons(table: Table) -> list[str]:
    """Return the classes that a language has no phrase for, or that only the language has."""
    with_phrases = {w for w, traits in table.items() if traits.family != ANY_FAMILY}
    wrong: set[str] = set()
    for language in available_languages():
        lexicon = load_pack(language).lexicon
        wrong |= {w for w, phrases in lexicon["weapons"].items() if phrases} ^ with_phrases
        wrong |= {weapon for weapon, _ in lexicon["models"].values()} - with_phrases
    return sorted(wrong)


def _specificity(table: Table) -> list[str]:
    """Return the families in which two classes have the same specificity."""
    numbers = Counter((traits.family, traits.specificity) for traits in table.values())
    return sorted(family for (family, _), count in numbers.items() if count > 1)


def _families(table: Table) -> list[str]:
    """Return the classes that the view of disagreements counts to another family than the table."""
    sql = views()["second_reader_disagreements"]
    in_view = dict(re.findall(r"SELECT '(\w+)'(?: AS weapon)?, '(\w+)'", sql))
    in_table = {w: traits.family for w, traits in table.items() if traits.family != ANY_FAMILY}
    return sorted(w for w in {*in_view, *in_table} if in_view.get(w) != in_table.get(w))


PLACES = [_acled_view, _accepted_values, _dashboard_page, _lexicons, _families]


@pytest.mark.parametrize("disagreement", [*PLACES, _specificity])
def test_sql_page_and_lexicons_have_the_classes_of_the_table(
    disagreement: Callable[[Table], list[str]],
) -> None:
    assert disagreement(TABLE) == []


@pytest.mark.parametrize("disagreement", PLACES)
def test_a_class_that_only_the_table_has_is_noticed(disagreement: Callable[[Table], list[str]]) -> None:
    catapult = WeaponClass("siege", 1, "Shelling/artillery/missile attack", "ground")
    assert disagreement({**TABLE, "catapult": catapult}) != []


@pytest.mark.parametrize("weapon", [w for w in Weapon if w.traits.family != ANY_FAMILY])
@pytest.mark.parametrize("disagreement", PLACES)
def test_a_class_missing_from_the_table_is_noticed(
    disagreement: Callable[[Table], list[str]], weapon: Weapon
) -> None:
    assert disagreement({w: traits for w, traits in TABLE.items() if w != weapon}) != []


def test_equal_specificity_in_a_family_is_noticed() -> None:
    same_as_missile = WeaponClass("missile", Weapon.MISSILE.traits.specificity, None, OTHER_GROUP)
    assert _specificity({**TABLE, "catapult": same_as_missile}) == ["missile"]


def test_no_other_sql_lists_weapons() -> None:
    """A new view or check with a list of weapons needs its own comparison above."""
    named = {w for w in TABLE if w != Weapon.UNKNOWN}
    statements = {**views(for_bigquery=True), **{name: check.sql for name, check in checks().items()}}
    with_weapons = {name for name, sql in statements.items() if _words(sql) & named}
    assert with_weapons == {"incidents_acled", "fail_accepted_values", "second_reader_disagreements"}


def test_a_weapon_equals_its_word() -> None:
    assert Weapon("drone") is Weapon.DRONE
    assert f"{Weapon.DRONE}" == Weapon.DRONE.value == "drone"
    assert WEAPON_FAMILY[Weapon.DRONE] == "drone"


def test_a_row_without_traits_is_refused() -> None:
    with pytest.raises(TypeError, match="catapult has no traits"):
        Weapon.__new_member__(Weapon, "catapult")  # type: ignore[attr-defined]
