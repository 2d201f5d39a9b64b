"""People listed behind a label are counted; what only describes them is not."""

import pytest

from transforms.nlp.language import load_pack
from transforms.nlp.learned.label_lists import label_lists

PACK = load_pack("en")


def listed(text: str) -> list[tuple[str, int]]:
    """Return kind and number of each list of a sentence."""
    return [(c.kind, c.total) for c in label_lists(text, 0, PACK)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Killed: Ali Saleh (garage owner); Zeinab Saleh (his wife); a passing domestic worker.",
            ("killed", 3),
        ),
        ("Killed: Ihor Bondar, b. 1969; Olha Bondar, b. 1971 (couple).", ("killed", 2)),
        ("Dead: Noor Ahmad, 11; Bibi Aisha, 7.", ("killed", 2)),
        (
            "Killed in action: Naik Harbans Lal (Hoshiarpur) and Sepoy Dil Bahadur (Pithoragarh).",
            ("killed", 2),
        ),
        (
            "Killed (names received): Hassan al-Aboud 40; Mahmoud al-Aboud 9; an unidentified man.",
            ("killed", 3),
        ),
        ("Victims: Ahmed Saleh, 41, his wife Suad, 38, and their sons Ali, 9, and Omar, 4.", ("killed", 4)),
        ("Martyrs: the child Rami al-Masri, Abu Khaled, Umm Khaled.", ("killed", 3)),
        ("Wounded: Hauwa Bukar, 30; her daughters Falmata, 6, and Zara, 4; a hunter.", ("injured", 4)),
        ("Injured: a kiosk owner, her helper, two Ethiopian soldiers off duty.", ("injured", 4)),
        ("Killed: Jibril Ghanem, 21, a fighter; 'Adnan Jaber, 15, and Muhammad Odeh, 16.", ("killed", 3)),
        ("Dead: a bride of seventeen, Huda al-Zoubi, with the hairdresser.", ("killed", 2)),
        ("Killed: the driver, two passengers, and the attacker.", ("killed", 3)),
        ("Dead: Samra Guialal, 29, seven months with child; her son Norodin, 6.", ("killed", 2)),
    ],
)
def test_people_behind_a_label_are_counted(text: str, expected: tuple[str, int]) -> None:
    assert listed(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Killed: 3.",
        "Killed: its driver.",
        "Killed: the driver, Ali Hassan Qoteish, 34.",
        "Injured: his passenger, a Syrian farm worker, name unknown.",
        "Deaths: ten, by the elders; six, by the governor.",
        "Wounded: eight, two of them airlifted.",
        "Wounded: the Saba family, father (40), mother (36), two boys (9 and 6).",
        "Killed: a mother, Halima, and her children of 2, 4 and 7.",
        "Killed: Fatima Qaid, 30, and between one and two of her children.",
        "Damage: a school; Killed: none of the pupils.",
        "The army killed Ali Saleh; Zeinab Saleh fled.",
    ],
)
def test_what_lists_no_clear_number_is_left_to_others(text: str) -> None:
    assert listed(text) == []


def test_two_labels_have_two_lists() -> None:
    text = "Killed: Ali, 11; Omar, 7. Wounded: Huda, 30; her son, 9; a guard."
    assert listed(text) == [("killed", 2), ("injured", 3)]
