"""The tolls of an article as the encoder reads them: its share in the log-odds, and the values that follow."""

import pytest

from training.count_rows import CountArticle, Number, TollGold
from training.encoder.held import Held, read_held, tolls_as_read
from transforms.nlp.learned.pair_model import Pair

GOLD = TollGold({"killed": 6, "injured": None}, {})
NUMBERS = (Number("killed", 6, 10, 13, 0, True), Number("killed", 9, 40, 43, 1, True))
ARTICLE = CountArticle("net", "n-1", 0, (GOLD,), (2,), (), (), NUMBERS, (Pair({}, {}),) * 2, {})
PAIRS = {(0, 0): Pair({}, {"distance": 1.0}), (0, 1): Pair({}, {"distance": 5.0})}
OWN = {(0, 0): 0.0, (0, 1): 1.0}


def held(*rows: tuple[int, int, int, float]) -> Held:
    """Return what the encoder says of numbers: position of the strike, characters, log-odds."""
    return read_held([("net", "n-1", s, "killed", a, b, 0, 0, odds) for s, a, b, odds in rows])


def test_the_encoder_has_its_share_where_it_read_the_number_of_this_strike() -> None:
    odds, _ = tolls_as_read(ARTICLE, OWN, PAIRS, held((2, 10, 13, 5.0), (1, 40, 43, 5.0)), 0.4)
    assert odds == pytest.approx({(0, 0): 2.0, (0, 1): 1.0})


def test_values_follow_from_the_log_odds_with_its_share() -> None:
    _, without = tolls_as_read(ARTICLE, OWN, PAIRS, held(), 0.4)
    _, read = tolls_as_read(ARTICLE, OWN, PAIRS, held((2, 10, 13, 5.0)), 0.4)
    assert [v.low for v in without] == [9, 6]
    assert [v.low for v in read] == [6, 9]
    assert read[0].pair.numbers["value_odds"] == pytest.approx(2.0)
