"""The learned choice of lines: its features, its file of weights, and what it does to a page."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files

import numpy as np
import pytest

from transforms.pages import line_choice
from transforms.pages.line_choice import assemble_text, match_lines
from transforms.pages.line_cues import CUE_KINDS, count_cues
from transforms.pages.line_features import FEATURE_NAMES, LineFeatures, stem_words
from transforms.pages.line_model import load_line_model, parse_line_model
from transforms.pages.main_markup import MainMarkup
from transforms.pages.markup import parse_markup
from transforms.pages.page_blocks import PageBlocks

TITLE = "Rocket hits school in Northam, four wounded"
PARAGRAPHS = [
    "A rocket hit the yard of a school in Northam on Tuesday morning, wounding four people.",
    "The pupils were in the shelter when the siren sounded, the mayor of the town said.",
    "Firefighters put out a fire in the car park, where three vehicles had burned out.",
    "Lessons in the town are cancelled until further notice, and residents were told to stay near shelters.",
]
CARD = (
    "<div class='c9'><a href='/a/{n}'><img src='{n}.jpg'><b>Harbour reopens after storm number {n}</b></a>"
    "<div>Ships may enter the harbour of Easton again since the storm moved away.</div></div>"
)


def _page(after: str = "", between: str = "") -> PageBlocks:
    told = [f"<p class='x1'>{p}</p>" for p in PARAGRAPHS]
    told.insert(2, between)
    return PageBlocks(
        parse_markup(f"<html><body><h1>{TITLE}</h1><div>{''.join(told)}</div>{after}</body></html>")[0]
    )


def test_lines_of_a_page() -> None:
    page = _page(between="<ul><li><a href='/1'>One story</a><li>a <b>bold</b> one<br>and a line</ul>")
    assert [line.text for line in page.lines if line.block.tag == "li"] == [
        "One story",
        "a bold one",
        "and a line",
    ]
    first = next(line for line in page.lines if line.text == "One story")
    assert (first.words, first.linked, first.block.parent.lines) == (2, 2, 3)


def test_features_have_names_and_tell_paragraphs_from_cards() -> None:
    page = _page(after="".join(CARD.format(n=n) for n in range(3)))
    ours = {line.number for line in page.lines if line.block.tag == "p"}
    features = LineFeatures(page, (TITLE,), "", ours)
    paragraph = dict(zip(FEATURE_NAMES, features.describe(min(ours)), strict=True))
    card = next(line.number for line in page.lines if line.text.startswith("Ships may"))
    other = dict(zip(FEATURE_NAMES, features.describe(card), strict=True))
    assert (paragraph["main kind"], paragraph["in ours"], paragraph["parents alike"]) == (True, True, 4)
    assert (other["main kind"], other["in ours"], other["box pictures"]) == (False, False, 1)
    assert paragraph["shares headline"] > 0 == other["shares headline"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Sign up for our free newsletter", "offer"),
        ("Die Redakteurin berichtet seit 2013", "about"),
        ("未经许可不得转载", "legal"),
    ],
)
def test_cues(text: str, kind: str) -> None:
    found = dict(zip(CUE_KINDS, count_cues(text), strict=True))
    assert found[kind] == max(found.values()) > 0


def test_stems_are_pairs_where_no_blanks_separate_words() -> None:
    assert stem_words("Rockets hit it") == {"rocke"}
    assert "火箭" in stem_words("一枚火箭击中学校")


def test_lines_are_dropped_added_and_kept_in_the_order_of_the_page() -> None:
    page = _page(between="<p>Get the news of the day in your inbox every morning.</p>")
    numbers = {line.text: line.number for line in page.lines}
    offer = "Get the news of the day in your inbox every morning."
    lines = [PARAGRAPHS[0], offer, PARAGRAPHS[3], "A line that the page does not hold."]
    matches = match_lines(lines, page)
    chances = {numbers[text]: 0.9 for text in PARAGRAPHS} | {numbers[offer]: 0.1}
    text = assemble_text(lines, matches, page, chances, (TITLE, ""), 0.5, 0.8)
    assert text.split("\n") == [*PARAGRAPHS, lines[-1]]
    assert assemble_text(lines, matches, page, dict.fromkeys(chances, 0.1), (offer,), 0.5, 0.8) == "\n".join(
        [offer, lines[-1]]
    )
    alone = [PARAGRAPHS[0]]
    assert (
        assemble_text(alone, match_lines(alone, page), page, {numbers[PARAGRAPHS[0]]: 0.1}, (), 0.5, 2)
        == alone[0]
    )


@pytest.mark.parametrize(
    ("chances", "kept"),
    [
        ((0.9, 0.6, 0.4, 0.3), 4),  # the run is the article's as a whole
        ((0.9, 0.6, 0.4, 0.1), 3),  # but for a line that is surely foreign
        ((0.9, 0.1, 0.1, 0.3), 1),  # the run is not
    ],
)
def test_a_line_in_doubt_stays_in_a_run_of_the_article(chances: tuple[float, ...], kept: int) -> None:
    page = _page()
    matches = match_lines(PARAGRAPHS, page)
    judged = {numbers[0]: chance for numbers, chance in zip(matches, chances, strict=True)}
    assert assemble_text(PARAGRAPHS, matches, page, judged, (), 0.5, 2).split("\n") == PARAGRAPHS[:kept]


def test_a_line_in_doubt_goes_where_the_markup_changes() -> None:
    page = _page(between="<p class='x2'>Get the news of the day in your inbox every morning.</p>")
    offer = "Get the news of the day in your inbox every morning."
    lines = [*PARAGRAPHS[:2], offer, *PARAGRAPHS[2:]]
    matches = match_lines(lines, page)
    judged = {numbers[0]: 0.3 if line == offer else 0.9 for line, numbers in zip(lines, matches, strict=True)}
    assert assemble_text(lines, matches, page, judged, (), 0.5, 2).split("\n") == PARAGRAPHS


def test_a_foreign_part_of_a_joined_line_is_cut_out() -> None:
    offer = "Get the news of the day in your inbox every morning."
    page = _page(between=f"<p class='x2'>{offer}</p>")
    lines = [*PARAGRAPHS[:2], f"{PARAGRAPHS[2]} {offer}", *PARAGRAPHS[3:]]
    matches = match_lines(lines, page)
    chances = {line.number: 0.05 if line.text == offer else 0.9 for line in page.lines}
    assert assemble_text(lines, matches, page, chances, (), 0.5, 2).split("\n") == PARAGRAPHS
    surely = dict.fromkeys(chances, 0.9)
    assert assemble_text(lines, matches, page, surely, (), 0.5, 2).split("\n") == lines


def test_a_day_by_itself_stays_whatever_the_model_says() -> None:
    page = _page(between="<p>4 April 2025</p>")
    lines = [PARAGRAPHS[0], PARAGRAPHS[1], "4 April 2025", PARAGRAPHS[2]]
    matches = match_lines(lines, page)
    chances = {n: 0.9 for numbers in matches for n in numbers} | {matches[2][0]: 0.01}
    assert assemble_text(lines, matches, page, chances, (), 0.5, 2).split("\n") == lines


def test_lines_that_the_page_does_not_hold_cost_linear_work(monkeypatch: pytest.MonkeyPatch) -> None:
    page = _page(between="".join(f"<p>Line {n} of a long page</p>" for n in range(100)))
    monkeypatch.setattr(line_choice, "_MOST_SEARCHED", 3 * len(page.lines))
    joined = [f"Line {n} of a long page and more" for n in range(50, 60)]
    assert [bool(numbers) for numbers in match_lines(joined, page)] == [True] * 3 + [False] * 7


def test_of_lines_that_say_the_same_few_are_looked_at() -> None:
    page = _page(between="<p>The same line of a page again</p>" * 90)
    (numbers,) = match_lines(["The same line of a page again"], page)
    assert len(numbers) == line_choice._MOST_TWINS


def test_weights_are_for_these_features_and_whole() -> None:
    model = load_line_model()
    assert 0 < model.drop_below < 1
    assert model.feature.shape == model.threshold.shape == (len(model.value), 2**model.depth - 1)
    assert np.isfinite(model.value).all()
    assert all(
        0 < chance < 1 for chance in model.judge([[0.0] * len(FEATURE_NAMES), [9.0] * len(FEATURE_NAMES)])
    )


@pytest.mark.parametrize(
    "change", [{"features": ["words"]}, {"depth": 3}, {"feature": [[999] * 15]}, {"unknown": 1}]
)
def test_other_weights_are_refused(change: dict) -> None:
    raw = json.loads(gzip.decompress((files("transforms.pages") / "line_weights.json.gz").read_bytes()))
    with pytest.raises(ValueError, match=r"line_weights\.json\.gz"):
        parse_line_model(raw | change)


def test_the_beginning_of_another_story_is_not_added() -> None:
    cut = "Ships may enter the harbour of Easton again since the storm moved away, the pilots' guild of the…"
    page = _page(after=f"<div><p class='x1'>{cut}</p></div>")
    matches = match_lines(PARAGRAPHS, page)
    chances = {line.number: 0.99 for line in page.lines if line.text in (*PARAGRAPHS, cut)}
    assert assemble_text(PARAGRAPHS, matches, page, chances, (), 0.5, 0.8).split("\n") == PARAGRAPHS


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Help us to keep a reporter in the town through the winter of this year.", False),
        ("\u201cHelp us to keep the school open through the winter,\u201d its head told the council.", True),
        ("The head of the school asked for help to keep it open through the winter.", True),
    ],
)
def test_a_call_on_the_reader_must_surely_be_the_articles(line: str, stays: bool) -> None:
    page = _page(between=f"<p class='x1'>{line}</p>")
    lines = [said.text for said in page.lines if said.block.tag == "p"]
    numbers = [said.number for said in page.lines if said.block.tag == "p"]
    text = assemble_text(lines, [[n] for n in numbers], page, dict.fromkeys(numbers, 0.9), (TITLE,), 0.5, 0.9)
    assert (line in text.split("\n")) == stays
    assert set(PARAGRAPHS) <= set(text.split("\n"))


@pytest.mark.parametrize("tag", ["div", "section", "article", "td"])
def test_the_first_line_of_a_text_that_line_breaks_divide_has_the_markup_of_the_others(tag: str) -> None:
    text = f"{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>"
    row = (
        f"<table><tr><{tag} class='full'>{text}</{tag}></tr></table>"
        if tag == "td"
        else f"<{tag} class='full'>{text}</{tag}>"
    )
    page = PageBlocks(parse_markup(f"<html><body><h1>{TITLE}</h1>{row}</body></html>")[0])
    kept = [line.number for line in page.lines if line.text in PARAGRAPHS]
    assert len(kept) == 3
    main = MainMarkup(page, kept, dict.fromkeys(kept, 1.0))
    assert main.holds(PARAGRAPHS[2], [kept[2]], is_first=False)
