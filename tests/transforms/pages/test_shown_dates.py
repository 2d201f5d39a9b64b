"""The date that a page shows beside its headline; and dates that are not the article's, which never count."""

from __future__ import annotations

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.shown_dates import dates_in

TITLE = "Two killed in Kharkiv"
TEXT = "".join(f"<p>Sentence {n} of the story that is told here at some length today.</p>" for n in range(6))
CARD = "<a href='/x'>Another story of the day</a>"


def published(body: str, head: str = "") -> str | None:
    page = f"<html><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    return clean_page(page.encode(), title=TITLE).published


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("4 April 2025 9:12 GMT+3 | Kharkiv", ["2025-04-04T09:12:00+03:00"]),
        ("April 4, 2025 9:12 AM", ["2025-04-04"]),
        ("04.11.2025 | 09:12", ["2025-11-04"]),
        ("2025-04-04 09:12:33", ["2025-04-04"]),
        ("2025年4月4日 09:12", ["2025-04-04"]),
        ("4 de abril de 2025", ["2025-04-04"]),
        ("Friday, April 4th, 2025", ["2025-04-04"]),
        ("Published 4 April 2025, updated 5 April 2025", ["2025-04-04", "2025-04-05"]),
        ("04/11/2025", []),
        ("4 of 2025", []),
        ("31 April 2025", []),
    ],
)
def test_dates_in_a_line(text: str, dates: list[str]) -> None:
    assert dates_in(text) == dates


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        ("<h1>{}</h1><div>By O. Petrenko</div><time datetime='2025-04-04T09:12:00+03:00'>4 April</time>", "2025-04-04T09:12:00+03:00"),
        ("<h1>{}</h1><span>By O. Petrenko</span><span>4 Apr 2025</span>", "2025-04-04"),
        ("<h1>{}</h1><div>Updated 5 April 2025</div><div>Published 4 April 2025</div>", "2025-04-04"),
        ("<h1>{}</h1><p>A summary of twelve words that tells what has happened in the city.</p><p>4 Apr 2025</p>", "2025-04-04"),
        ("<p>4 Apr 2025</p><h1>{}</h1>", "2025-04-04"),
        ("<table><tr><td><b>{}</b></td></tr><tr><td>13.04.2025 9:12</td></tr></table>", "2025-04-13"),
    ],
)  # fmt: skip
def test_the_date_beside_the_headline_counts(lines: str, date: str) -> None:
    assert published(f"<article>{lines.format(TITLE)}{TEXT}</article>") == date
    assert published(f"<form><div>{lines.format(TITLE)}{TEXT}</div></form>") == date


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>{TITLE}</h1>{TEXT}<p>The war began on 2022-02-24 when troops crossed the border.</p>",
        f"<h1>{TITLE}</h1><p>Report of 24 February 2022.</p>{TEXT}".replace("Report of", "He wrote the report that everyone read on"),
        f"<h1>{TITLE}</h1>{TEXT}<p>In a message posted on 24/02/2022 he said that it was over.</p>",
        f"<h1>{TITLE}</h1><div class='date'>02/11/2025</div>{TEXT}",
        f"<h1>{TITLE}</h1>{TEXT}<ul><li>{CARD}<time datetime='2024-01-05T10:00Z'>x</time></li></ul>",
        f"<h1>{TITLE}</h1>{TEXT}<div><div>{CARD}</div><time datetime='2024-01-05T10:00Z'>x</time></div>",
        f"<h1>{TITLE}</h1>{TEXT}<footer>Version 2019-03-04</footer>",
        f"<h1>{TITLE}</h1><figure><img src='a'><figcaption>File photo, 4 March 2022</figcaption></figure>{TEXT}",
        f"<h1>{TITLE}</h1><div class='caption'>File photo, 4 March 2022</div>{TEXT}",
        f"<h1>{TITLE}</h1>{TEXT}<div class='info'>Founded on 4 March 2012</div>",
        f"<div>Friday, 27 November 2026</div><ul><li><a href='/'>Home</a></li></ul><h1>{TITLE}</h1>{TEXT}",
    ],
)  # fmt: skip
def test_a_date_of_something_else_never_counts(body: str) -> None:
    assert published(f"<article>{body}</article>") is None
    assert published(body) is None


def test_the_address_counts_where_the_page_shows_no_date() -> None:
    head = "<link rel='canonical' href='https://o.example/2025/04/04/two-killed'>"
    assert published(f"<h1>{TITLE}</h1>{TEXT}", head) == "2025-04-04"
    assert published(f"<h1>{TITLE}</h1><p>5 April 2025</p>{TEXT}", head) == "2025-04-05"
