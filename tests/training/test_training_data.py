"""The labels and folds of training follow the annotation. No test here needs scikit-learn."""

from dataclasses import replace

from training import REAL
from training.corpus import COMMITTED, Annotated, Gold, folds_of, read_all, tenth_of
from training.labels import (
    DECOY,
    NOT_STRUCK,
    OTHER,
    SAME_PLACE,
    SPAN,
    STRUCK,
    UNDECIDED,
    label,
    label_mentions,
)
from transforms.nlp.gazetteer import Place
from transforms.nlp.learned.candidates import Candidate
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.place_names import PlaceMention

KHARKIV = Gold("e1", "Kharkiv", "UA", point=(49.98, 36.25), spans={"place": (1, "Kharkiv")})
TEXT = "Kharkiv hit\n\nA drone hit Kharkiv, said the mayor of Lviv."


def place(name: str, country: str, point: tuple[float, float]) -> Candidate:
    """Return a candidate with a mention at each place where its name stands in the text."""
    town = Place(None, name, country, None, *point, 1000, None, "city")
    starts = [n for n in range(len(TEXT)) if TEXT.startswith(name, n)]
    return Candidate(town, tuple(PlaceMention(n, n + len(name), 0, 0, town) for n in starts))


def article(name: str, *golds: Gold, pair: str | None = None) -> Annotated:
    """Return an annotated article whose decoy is the town of an official."""
    decoys = (((1, "Lviv"), "place_not_struck"),)
    return Annotated("f", name, "Kharkiv hit", (TEXT.split("\n\n")[1],), "2025-05-20", golds, decoys, pair)


def test_the_place_by_name_is_struck_and_a_near_one_is_undecided() -> None:
    near, far = place("Derhachi", "UA", (50.05, 36.15)), place("Lviv", "UA", (49.84, 24.03))
    same = place("Kharkiv", "UA", (49.98, 36.25))
    found = label([same, near, far], article("a", KHARKIV), open_gazetteer())
    assert found == [STRUCK, UNDECIDED, NOT_STRUCK]
    assert label([near, far], article("a", KHARKIV), open_gazetteer()) == [STRUCK, NOT_STRUCK]


def test_a_namesake_in_another_country_is_not_struck() -> None:
    assert label([place("Kharkiv", "RU", (55.0, 80.0))], article("a", KHARKIV), open_gazetteer()) == [
        NOT_STRUCK
    ]


def test_mentions_are_labelled_by_spans_and_decoys() -> None:
    kharkiv, lviv = place("Kharkiv", "UA", (49.98, 36.25)), place("Lviv", "UA", (49.84, 24.03))
    assert label_mentions(kharkiv, STRUCK, article("a", KHARKIV), TEXT) == [SAME_PLACE, SPAN]
    assert label_mentions(lviv, NOT_STRUCK, article("a", KHARKIV), TEXT) == [DECOY]
    assert label_mentions(kharkiv, NOT_STRUCK, article("a"), TEXT) == [OTHER, OTHER]


def test_articles_on_one_event_and_pairs_share_a_fold() -> None:
    many = [article(str(n), Gold(f"other-{n}", "X", "UA")) for n in range(40)]
    linked = [article("x", KHARKIV), article("y", KHARKIV, pair="p"), article("z", pair="p")]
    folds = folds_of([*many, *linked], 5)
    assert len(set(folds[40:])) == 1
    assert set(folds) == set(range(5))
    assert folds_of(linked, 5) == folds[40:]


def test_articles_on_one_plan_share_the_fold_of_the_real_article() -> None:
    plans = [replace(article(str(n), Gold(f"e-{n}", "X", "UA")), plan="real-1") for n in range(6)]
    real = replace(article("real-1", Gold("e", "Y", "SY")), folder=REAL)
    assert len(set(folds_of([*plans, real], 5))) == 1
    assert folds_of([real], 5) == folds_of([*plans, real], 5)[-1:]


def test_a_tenth_has_articles_of_every_fold_and_whole_events() -> None:
    many = [article(str(n), Gold(f"e-{n // 2}", "X", "UA")) for n in range(2000)]
    tenth = tenth_of(many)
    assert 140 < len(tenth) < 260
    assert set(folds_of(tenth, 5)) == set(range(5))
    assert {a.id for a in tenth} == {str(int(a.id) ^ 1) for a in tenth}


def test_the_committed_articles_can_be_read_and_hold_no_real_ones() -> None:
    articles = list(read_all())
    assert len({(a.folder, a.id) for a in articles}) == len(articles) > 1000
    assert not any(p.name.startswith("real") for p in COMMITTED.iterdir())
    assert sum(not a.golds for a in articles) > 300
