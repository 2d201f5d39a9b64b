"""Which numbers of an annotated article belong to which of its strikes."""

from training.count_rows import (
    BELONGS,
    DOES_NOT,
    UNDECIDED,
    CountArticle,
    Number,
    TollGold,
    label_counts,
    number_rows,
    value_rows,
)
from transforms.nlp.learned.count_model import TollValue
from transforms.nlp.learned.pair_model import Pair

NOTHING = Pair({}, {})


def number(low: int, start: int, kind: str = "killed", by_rule: bool = True) -> Number:
    return Number(kind, low, start, start + 3, 0, by_rule)


def gold(killed: int | None, at: int | None = None) -> TollGold:
    return TollGold({"killed": killed, "injured": None}, {} if at is None else {"killed": (at, at + 9)})


def labels(golds: list[TollGold], numbers: list[Number], *decoys: tuple[int, int, str]) -> list[list[int]]:
    found = label_counts(golds, numbers, decoys)
    return [[found[u, c][0] for c in range(len(numbers))] for u in range(len(golds))]


def test_the_annotated_words_decide_and_the_same_number_elsewhere_repeats_it() -> None:
    numbers = [
        number(6, 0),
        number(6, 50),
        number(6, 90, by_rule=False),
        number(9, 20),
        number(6, 0, "injured"),
    ]
    assert labels([gold(6, at=0)], numbers) == [[BELONGS, BELONGS, UNDECIDED, DOES_NOT, DOES_NOT]]
    found = label_counts([gold(6, at=0)], numbers, ())
    assert found[0, 1][1] < found[0, 0][1]


def test_the_same_number_of_another_strike_does_not_belong() -> None:
    numbers = [number(6, 0), number(6, 50), number(6, 90)]
    assert labels([gold(6, at=0), gold(6, at=50)], numbers) == [
        [BELONGS, DOES_NOT, UNDECIDED],
        [DOES_NOT, BELONGS, UNDECIDED],
    ]


def test_a_number_that_is_annotated_as_no_toll_weighs_more() -> None:
    numbers = [number(40, 0), number(6, 50)]
    found = label_counts([gold(6)], numbers, [(0, 2, "cumulative"), (50, 52, "place_not_struck")])
    assert found[0, 0] == (DOES_NOT, 2.0)
    assert found[0, 1] == (BELONGS, 1.0)


def article(folder: str, golds: tuple[TollGold, ...], others: tuple[TollGold, ...] = ()) -> CountArticle:
    numbers = (number(6, 0), number(9, 20))
    return CountArticle(
        folder, "1", 0, golds, tuple(range(len(golds))), others, (), numbers, (NOTHING, NOTHING), {}
    )


def test_a_number_is_a_toll_if_it_is_that_of_any_strike() -> None:
    assert [r.label for r in number_rows(article("a", (gold(6),), (gold(9),)))] == [BELONGS, BELONGS]
    assert [r.label for r in number_rows(article("a", ()))] == [DOES_NOT, DOES_NOT]


def test_real_articles_weigh_more() -> None:
    written, real = (number_rows(article(folder, (gold(6),)))[0].weight for folder in ("a", "real-train"))
    assert real == 3 * written


def test_a_value_is_right_if_it_is_the_annotated_one() -> None:
    values = [TollValue(0, "killed", low, (0,), NOTHING) for low in (6, 9)]
    assert [r.label for r in value_rows(article("a", (gold(6),)), values)] == [1, 0]
