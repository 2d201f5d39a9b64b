"""People told with others are counted together: the commander and his two guards are three."""

import pytest
from counted import candidates

from transforms.nlp.counts import Count
from transforms.nlp.learned.companions import Company, with_companions


def told(sentence: str) -> set[tuple[str, int]]:
    """Return the kinds and numbers that a rule finds in a sentence."""
    return {(c.kind, c.low) for c in candidates(sentence) if c.rule is not None}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("A commander was killed together with two associates by an airstrike.", ("killed", 3)),
        ("The Taliban chief was killed along with four of his fighters.", ("killed", 5)),
        ("The mayor of Kherson was killed with his driver on Monday.", ("killed", 2)),
        ("Abu Omar was killed along with his wife and three children.", ("killed", 5)),
        ("A teacher was wounded with six pupils when a shell hit a school.", ("injured", 7)),
        ("General Dudanov died together with four officers.", ("killed", 5)),
        ("The elder was killed along with eleven relatives.", ("killed", 12)),
        ("A nurse was injured along with a cook in Izium.", ("injured", 2)),
        ("The guard was killed by a mine, as were five others.", ("killed", 6)),
        ("A woman, Fatima, was reported killed along with three others in a raid.", ("killed", 4)),
        ("Two guards lost their lives, together with the son of one of them.", ("killed", 3)),
        ("Four soldiers were wounded along with their cook.", ("injured", 5)),
        ("A colonel was killed together with 11 other officers, among them two generals.", ("killed", 12)),
        ("Five passengers died, and the driver with them.", ("killed", 6)),
    ],
)
def test_companions_are_counted_with_the_one_who_is_named(sentence: str, expected: tuple[str, int]) -> None:
    assert expected in told(sentence)
    assert (expected[0], 1) not in told(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "A farmer was killed with a sickle in his hand by a mine.",
        "A soldier was killed with a rifle.",
        "A driver was killed along the road to Izium.",
    ],
)
def test_things_are_no_company(sentence: str) -> None:
    assert told(sentence) == {("killed", 1)}


def test_several_have_company_only_together() -> None:
    assert ("killed", 2) in told("Two men were killed with a boy watching from the roof.")


def test_a_count_beside_the_company_stays() -> None:
    alone, other = Count("killed", 1, 1, 1, 0, 10), Count("injured", 4, 4, 4, 5, 12)
    assert with_companions([alone, other], [Company("killed", 0, 30, 3, None)]) == [
        Count("killed", 3, 3, None, 0, 30),
        other,
    ]
