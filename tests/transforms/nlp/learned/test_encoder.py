"""The encoder reads an article in windows, only near what is asked about, and has its share in the odds."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.nlp.gazetteer import Place
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.learned.encoder import MODEL, SETTINGS, Encoder, packaged_encoder, read_settings
from transforms.nlp.learned.encoder_windows import WINDOW, Marks, Pieces, near, windows_of
from transforms.nlp.learned.model import Judged, WeightsInvalid
from transforms.nlp.learned.reading import (
    LINKS,
    STEPS,
    ArticleHead,
    LinkHead,
    Reading,
    Settings,
    step_between,
)
from transforms.nlp.learned.struck import asked_about, second_opinion
from transforms.nlp.place_names import PlaceMention

MARKS = Marks(101, 102)
TOWN = Place(
    geonameid=None, name="Town", country="UA", admin1=None, latitude=None, longitude=None, population=0,
    timezone=None, kind="unlisted",
)  # fmt: skip


SETTINGS_OF_TESTS = Settings(
    share=0.25,
    least=0.1,
    most=0.9,
    place=0.4,
    toll_share=0.5,
    weapon_share=0.5,
    date_share=0.5,
    twin_share=0.5,
    twin=0.5,
    article_share=0.5,
    article=0.6,
)
NO_HEAD = LinkHead(
    np.zeros((STEPS, 1), np.float32), np.zeros((1, len(LINKS)), np.float32), np.zeros(len(LINKS), np.float32)
)

NO_WHOLE = {"whole": np.zeros(1, np.float32), "article_head": ArticleHead(np.zeros(1, np.float32), 0.0)}


def reading(odds: Mapping[tuple[int, int], float]) -> Reading:
    """Return a reading of spans with the given log-odds of being struck, and no links."""
    none = np.zeros((len(odds), 1), np.float32)
    struck = np.array(list(odds.values()), np.float32)
    rows = {span: n for n, span in enumerate(odds)}
    return Reading(rows, struck, none, none, NO_HEAD, settings=SETTINGS_OF_TESTS, **NO_WHOLE)


def candidate(start: int) -> Candidate:
    return Candidate(TOWN, (PlaceMention(start, start + 4, 0, 0, TOWN),))


def test_the_encoder_decides_with_about_places_in_doubt_alone() -> None:
    judged = [Judged(-5.0, (0.0,), ()), Judged(0.4, (0.0,), (("words", 1.0),)), Judged(5.0, (0.0,), ())]
    read = reading({(n, n + 4): 4.0 for n in (0, 10, 20)})
    sure, doubtful, surely = second_opinion(judged, [candidate(n) for n in (0, 10, 20)], read)
    assert (sure, surely) == (judged[0], judged[2])
    assert doubtful.odds == pytest.approx(0.75 * 0.4 + 0.25 * 4.0)
    assert doubtful.reasons == (("encoder", 1.0), ("words", 1.0))


def test_a_place_that_was_not_read_keeps_its_odds() -> None:
    judged = [Judged(0.4, (0.0,), ())]
    assert second_opinion(judged, [candidate(0)], reading({(10, 14): 4.0})) == judged


def test_of_too_many_places_those_in_most_doubt_are_read() -> None:
    judged = [Judged(2.0 - n / 50, (0.0,), ()) for n in range(90)]
    asked = asked_about(judged, [candidate(10 * n) for n in range(90)], SETTINGS_OF_TESTS)
    assert asked == [(10 * n, 10 * n + 4) for n in range(26, 90)]


def test_a_place_with_too_many_mentions_does_not_keep_the_others_from_being_read() -> None:
    often = Candidate(TOWN, candidate(0).mentions * 65)
    judged = [Judged(0.0, (0.0,), ()), Judged(1.0, (0.0,), ())]
    assert asked_about(judged, [often, candidate(10)], SETTINGS_OF_TESTS) == [(10, 14)]


def test_places_that_were_surely_not_struck_are_not_read() -> None:
    judged = [Judged(-5.0, (0.0,), ()), Judged(5.0, (0.0,), ())]
    assert asked_about(judged, [candidate(0), candidate(10)], SETTINGS_OF_TESTS) == [(10, 14)]


def test_a_link_joins_the_mention_of_a_strike_with_a_number() -> None:
    places, others = np.array([[2.0], [0.0]], np.float32), np.array([[0.0], [1.0]], np.float32)
    weights = np.zeros((1, len(LINKS)), np.float32)
    weights[0, LINKS.index("killed")] = 1.0
    steps = np.zeros((STEPS, 1), np.float32)
    steps[step_between((0, 4), (10, 12))] = 0.5
    head = LinkHead(steps, weights, np.full(len(LINKS), -1.0, np.float32))
    rows = {(0, 4): 0, (10, 12): 1}
    struck = np.zeros(2, np.float32)
    read = Reading(rows, struck, places, others, head, settings=SETTINGS_OF_TESTS, **NO_WHOLE)
    found, unread = read.link_odds([(0, 4), (90, 94)], [(10, 12), (50, 52)], "killed")
    assert found == pytest.approx(3.4995 - 1.0, abs=1e-3)  # the smooth step of 3.5, less the bias
    assert unread is None
    assert read.link_odds([(0, 4)], [(10, 12)], "injured") == [pytest.approx(-1.0)]
    assert read.link_odds([(90, 94)], [(10, 12)], "killed") == [None]


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
    places, numbers = [(3 * 500, 3 * 500 + 2), (3 * 520, 3 * 520 + 2)], [(3 * 900, 3 * 900 + 2)]
    kept = near(pieces, 3 * 10, [(places, 64), (numbers, 24)])
    assert list(kept.ids) == [*range(10), *range(500 - 64, 521 + 64), *range(900 - 24, 901 + 24)]
    assert kept.offsets == [pieces.offsets[n] for n in kept.ids]


def test_distances_fall_into_steps_on_either_side() -> None:
    away = (-99999, -40, -1, 0, 1, 40, 99999)
    steps = [step_between((0, 4), (at, at + 2)) for at in away]
    assert steps == sorted(steps)
    assert (steps[0], steps[3], steps[-1]) == (0, STEPS // 2, STEPS - 1)


def test_the_packaged_encoder_tells_a_struck_town_from_the_seat_of_an_official() -> None:
    title = "Missile kills four in Kupiansk"
    text = f"{title}\n\nA missile killed four people in Kupiansk on Monday, a spokesman said in Warsaw."
    spans = [(text.rindex(name), text.rindex(name) + len(name)) for name in ("Kupiansk", "Warsaw")]
    read = packaged_encoder().read(text, len(title), spans)
    assert read is not None
    struck, seat = (read.struck_odds([span]) for span in spans)
    assert struck is not None and seat is not None
    assert struck > 0 > seat


STRIKES = (
    "A missile hit a market in Kupiansk on Monday. Four people died.",
    "A device went off outside a bank in Kupiansk. No casualties were reported.",
    "Shells fell on the western edge of Kupiansk before dawn, neighbours said.",
)
QUIET = (
    "Gunmen fired on a police car in Kupiansk on Monday. Four people died.",
    "A court in Kupiansk jailed two men on Monday who had set fire to a bank.",
    "Ministers met in Kupiansk on Monday to speak of drones and of grain.",
    "Militants kidnapped a teacher near Kupiansk on Monday and burned his car.",
)


def test_the_packaged_encoder_tells_whether_an_article_reports_a_strike() -> None:
    def odds(body: str) -> float:
        text = f"Kupiansk\n\n{body}"
        at = text.rindex("Kupiansk")
        read = packaged_encoder().read(text, len("Kupiansk"), [(at, at + 8)])
        assert read is not None
        return read.article_odds

    assert min(odds(body) for body in STRIKES) > max(odds(body) for body in QUIET)


def test_an_article_is_judged_by_the_vector_of_its_first_window() -> None:
    head = ArticleHead(np.array([2.0, -1.0], np.float32), 0.5)
    none = np.zeros((0, 1), np.float32)
    read = Reading(
        {}, none[:, 0], none, none, NO_HEAD, np.array([1.0, 3.0], np.float32), head, SETTINGS_OF_TESTS
    )
    assert read.article_odds == pytest.approx(2.0 - 3.0 + 0.5)


def test_the_packaged_encoder_tells_whose_toll_a_number_is() -> None:
    title = "Strikes on two towns"
    text = f"{title}\n\nA missile killed four people in Kupiansk. In Nikopol a drone injured seven."
    places = {name: (text.rindex(name), text.rindex(name) + len(name)) for name in ("Kupiansk", "Nikopol")}
    numbers = {name: (text.rindex(name), text.rindex(name) + len(name)) for name in ("four", "seven")}
    read = packaged_encoder().read(text, len(title), list(places.values()), list(numbers.values()))
    assert read is not None
    own, other = (
        read.link_odds([places[p]], [numbers["four"]], "killed")[0] for p in ("Kupiansk", "Nikopol")
    )
    assert own is not None and other is not None
    assert own > 0 > other


def test_an_article_without_a_place_is_not_read(tmp_path: Path) -> None:
    assert Encoder(tmp_path, SETTINGS_OF_TESTS).read("Kupiansk", 0, []) is None


def test_a_text_without_a_word_piece_is_not_read() -> None:
    assert packaged_encoder().read("\u200b\n\n\u200b", 1, [(0, 1)], [(3, 4)]) is None


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    names = (
        "place",
        "toll_share",
        "weapon_share",
        "date_share",
        "twin_share",
        "twin",
        "article_share",
        "article",
    )
    others = dict.fromkeys(names, 0.3)
    raw = {"share": share, "least": 0.1, "most": 0.9, **others}
    with pytest.raises(WeightsInvalid, match="share"):
        read_settings(raw)


def test_the_file_that_is_missing_is_named(tmp_path: Path) -> None:
    encoder = Encoder(tmp_path, packaged_encoder().settings)
    with pytest.raises(WeightsInvalid, match=MODEL):
        encoder.read("Kupiansk", 0, [(0, 8)])
    assert not (tmp_path / SETTINGS).exists()
