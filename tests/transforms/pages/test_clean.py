from __future__ import annotations

import pytest
from newsroom import Newsroom, page_of

from transforms.pages.clean import clean_page
from transforms.pages.markup import ArticleUnreadable

LONG = "".join(
    f"<p>Paragraph {n} of the story tells what happened, in one sentence more.</p>" for n in range(6)
)


def test_the_text_of_every_sample_page_is_exactly_its_paragraphs() -> None:
    room = Newsroom()
    for article in room.articles:
        body = page_of(room, article, "http://127.0.0.1:1").encode()
        page = clean_page(body, title=article["title"], summary=article["summary"])
        assert page.text.split("\n") == [" ".join(p.split()) for p in article["paragraphs"]], article["id"]
        assert page.title == article["title"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"%PDF-1.7 ...", "not_html"),
        (bytes(range(256)) * 4, "not_html"),
        (b'{"a": 1}', "not_html"),
        (
            b"<html><body><h1>Subscribe to read</h1><p>Already a subscriber? Sign in.</p></body></html>",
            "paywall",
        ),
        (b"<html><body><p>Please enable JavaScript to continue.</p></body></html>", "js_only"),
        (b"<html><body><p>Before you continue to Outlet, accept cookies.</p></body></html>", "consent_wall"),
        (b"<html><body></body></html>", "extract_empty"),
        (b"", "empty_body"),
        (b"<html><body><p " + b"a='1' " * 20_000 + b">x</p></body></html>", "extract_timeout"),
        (b"<html><body><h1>404</h1><p>The page you are looking for is gone.</p></body></html>", "soft_404"),
        (
            b"<html><title>Just a moment...</title><body><p>Checking your browser.</p></body></html>",
            "bot_wall",
        ),
        (
            b"<html><body><p>First lines of the story, and some more.</p><p>Subscribe to continue reading.</p></body></html>",
            "paywall",
        ),
    ],
)
def test_a_page_without_an_article_has_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(ArticleUnreadable) as caught:
        clean_page(body)
    assert caught.value.reason == reason


@pytest.mark.parametrize("depth", [100, 300, 5_000])
def test_deep_nesting_keeps_the_text(depth: int) -> None:
    body = "<html><body>" + "<div>" * depth + LONG + "</div>" * depth + "</body></html>"
    assert "Paragraph 5" in clean_page(body.encode()).text


def test_words_of_a_wall_inside_an_article_do_not_make_it_a_wall() -> None:
    said = "<p>Access denied, the sign on the burnt ministry said; the page you requested is no longer available.</p>"
    assert (
        "Access denied"
        in clean_page(f"<html><body><article>{LONG}{said}</article></body></html>".encode()).text
    )


def test_pages_with_too_many_elements_for_trafilatura_use_the_other_extractor() -> None:
    page = clean_page(
        f"<html><body><article>{LONG}{'<p>One more line.</p>' * 40_000}</article></body></html>".encode()
    )
    assert "Paragraph 5" in page.text
    assert set(page.flags) >= {"fallback_extractor", "text_cut"}


def test_the_language_is_detected_from_the_text() -> None:
    ukrainian = "<p>Російський дрон убив двох людей у Нікополі в п'ятницю, повідомив голова області. Пошкоджено будинки.</p>"
    assert clean_page(f"<html><body><article>{LONG}</article></body></html>".encode()).language == "en"
    assert (
        clean_page(f"<html><body><article>{ukrainian * 3}</article></body></html>".encode()).language == "uk"
    )
    assert clean_page(b"<html><body><p>Short, but with a full stop.</p></body></html>").language is None


@pytest.mark.parametrize("charset", ["cp1252", "utf-8"])
def test_the_declared_encoding_of_a_page_is_used(charset: str) -> None:
    declared = "windows-1252" if charset == "cp1252" else "utf-8"
    body = f"<html><head><meta charset='{declared}'></head><body><article>{LONG}<p>Café “quoted”.</p></article></body></html>"
    assert "Café “quoted”." in clean_page(body.encode(charset)).text


def test_a_first_paragraph_that_equals_the_summary_is_kept() -> None:
    lead = "A drone hit a market in Nikopol on Monday, killing two."
    body = f"<html><body><article><h1>T</h1><p>{lead}</p>{LONG}</article></body></html>"
    assert clean_page(body.encode(), title="T", summary=lead).text.startswith(lead)


@pytest.mark.parametrize(
    "dek",
    [
        "<p class='standfirst'>{}</p>",
        "<p><strong>{}</strong></p>",
        "<h2 class='dek'>{}</h2>",
        "<div class='intro'><p>{}</p></div>",
        "<header><div>{}</div></header>",
    ],
)
def test_a_dek_that_repeats_the_summary_is_read(dek: str) -> None:
    lead = "A drone hit a market in Nikopol on Monday, killing two."
    body = f"<html><body><article><h1>T</h1>{dek.format(lead)}{LONG}</article></body></html>"
    assert clean_page(body.encode(), title="T", summary=lead).text.count(lead) == 1


def test_an_article_of_one_line_below_a_consent_box_is_read() -> None:
    box = "<div><p>We value your privacy. We and our 842 partners store cookies.</p><button>Accept all</button></div>"
    flash = "<article><h1>Blasts in Sumy</h1><p>Two drones hit Sumy at noon, the mayor said.</p></article>"
    page = f"<html><body>{box}{flash}<p>Subscribe to our newsletter</p></body></html>"
    assert (
        clean_page(page.encode(), title="Blasts in Sumy").text
        == "Two drones hit Sumy at noon, the mayor said."
    )
