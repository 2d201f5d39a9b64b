"""The encoder reads an article in windows, is asked only about places in doubt, and has its share in the odds."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.nlp.findings import Findings
from transforms.nlp.gazetteer import Place
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.learned.encoder import (
    REACH,
    SETTINGS,
    WINDOW,
    Encoder,
    Marks,
    Pieces,
    Settings,
    near,
    packaged_encoder,
    windows_of,
)
from transforms.nlp.learned.model import Judged, WeightsInvalid
from transforms.nlp.learned.struck import second_opinion
from transforms.nlp.place_names import PlaceMention

MARKS = Marks(101, 102)
TOWN = Place(
    geonameid=None, name="Town", country="UA", admin1=None, latitude=None, longitude=None, population=0,
    timezone=None, kind="unlisted",
)  # fmt: skip


class Always(Encoder):
    """An encoder that says the same of every candidate, and keeps what it was asked."""

    def __init__(self, odds: float, share: float = 0.25) -> None:
        super().__init__(Path(), Settings(share, 0.1, 0.9))
        self.odds = odds
        self.asked: list[Sequence[Sequence[tuple[int, int]]]] = []

    def log_odds(
        self, text: str, title_end: int, candidates: Sequence[Sequence[tuple[int, int]]]
    ) -> list[float]:
        self.asked.append(candidates)
        return [self.odds] * len(candidates)


def candidate(start: int) -> Candidate:
    return Candidate(TOWN, (PlaceMention(start, start + 4, 0, 0, TOWN),))


def test_only_places_in_doubt_are_asked_about() -> None:
    encoder = Always(odds=4.0)
    judged = [Judged(-5.0, (0.0,), ()), Judged(0.4, (0.0,), (("words", 1.0),)), Judged(5.0, (0.0,), ())]
    sure, doubtful, surely = second_opinion(
        judged, [candidate(n) for n in (0, 10, 20)], Findings("x" * 30, 0), encoder
    )
    assert encoder.asked == [[[(10, 14)]]]
    assert (sure, surely) == (judged[0], judged[2])
    assert doubtful.odds == pytest.approx(0.75 * 0.4 + 0.25 * 4.0)
    assert doubtful.reasons == (("encoder", 1.0), ("words", 1.0))


def test_of_too_many_places_those_in_most_doubt_are_asked_about() -> None:
    encoder = Always(odds=4.0)
    judged = [Judged(2.0 - n / 50, (0.0,), ()) for n in range(90)]
    found = second_opinion(judged, [candidate(10 * n) for n in range(90)], Findings("x" * 999, 0), encoder)
    changed = [n for n in range(90) if found[n] != judged[n]]
    assert changed == list(range(26, 90))
    assert encoder.asked == [[[(10 * n, 10 * n + 4)] for n in changed]]


def test_a_place_with_too_many_mentions_does_not_keep_the_others_from_being_asked_about() -> None:
    encoder = Always(odds=4.0)
    often = Candidate(TOWN, candidate(0).mentions * 65)
    judged = [Judged(0.0, (0.0,), ()), Judged(1.0, (0.0,), ())]
    often_named, other = second_opinion(judged, [often, candidate(10)], Findings("x" * 30, 0), encoder)
    assert often_named == judged[0]
    assert other.odds > judged[1].odds


def test_an_article_without_doubt_is_not_read() -> None:
    encoder = Always(odds=4.0)
    judged = [Judged(-5.0, (0.0,), ())]
    assert second_opinion(judged, [candidate(0)], Findings("x" * 30, 0), encoder) == judged
    assert encoder.asked == []


@given(
    title=st.integers(0, 90),
    body=st.integers(1, 2500),
    at=st.lists(st.integers(0, 2589), max_size=12),
)
def test_each_mention_is_in_one_window_with_its_own_pieces(title: int, body: int, at: list[int]) -> None:
    total = title + body
    pieces = Pieces(range(1000, 1000 + total), [(3 * n, 3 * n + 2) for n in range(total)])
    mentions = [(3 * n, 3 * n + 2) for n in at if n < total]
    windows = windows_of(pieces, 3 * title, mentions, MARKS)
    found = [number for w in windows for number, _, _ in w.mentions]
    assert sorted(found) == list(range(len(mentions)))
    for window in windows:
        assert len(window.ids) <= WINDOW
        for number, first, last in window.mentions:
            piece = mentions[number][0] // 3
            if piece >= title or piece < 64:
                assert window.ids[first:last] == (1000 + piece,)


def test_only_the_title_and_what_is_near_a_mention_is_read() -> None:
    pieces = Pieces(range(1000), [(3 * n, 3 * n + 2) for n in range(1000)])
    kept = near(pieces, 3 * 10, [(3 * 500, 3 * 500 + 2), (3 * 520, 3 * 520 + 2)])
    assert list(kept.ids) == [*range(10), *range(500 - REACH, 521 + REACH)]
    assert kept.offsets == [pieces.offsets[n] for n in kept.ids]


def test_the_packaged_encoder_tells_a_struck_town_from_the_seat_of_an_official() -> None:
    title = "Missile kills four in Kupiansk"
    text = f"{title}\n\nA missile killed four people in Kupiansk on Monday, a spokesman said in Warsaw."
    spans = [[(text.rindex(name), text.rindex(name) + len(name))] for name in ("Kupiansk", "Warsaw")]
    struck, seat = packaged_encoder().log_odds(text, len(title), spans)
    assert struck > 0 > seat


def test_a_folder_without_a_network_is_named(tmp_path: Path) -> None:
    encoder = Encoder(tmp_path, packaged_encoder().settings)
    with pytest.raises(WeightsInvalid, match=tmp_path.name):
        encoder.log_odds("Kupiansk", 0, [[(0, 8)]])
    assert not (tmp_path / SETTINGS).exists()
