"""Pages that only send the reader on, and pages that stay although they look a little like it."""

from __future__ import annotations

import pytest

from transforms.util.forwarding import Forwarding, read_forwarding

HERE = "https://reader.example/go/1"
TO = "https://outlet.example/a"
STORY = "<p>" + "Officials said that the search went on until the evening of the day. " * 8 + "</p>"


def refresh(content: str, more: str = "<p>If you are not redirected, follow the link.</p>") -> str:
    return f'<html><head><meta http-equiv="refresh" content="{content}"></head><body>{more}</body></html>'


def script(code: str, more: str = "<p>Opening the article.</p>") -> str:
    return f"<html><head><title>Reader</title></head><body>{more}<script>{code}</script></body></html>"


@pytest.mark.parametrize(
    "markup",
    [
        refresh(f"0;URL={TO}"),
        refresh(f"0; url='{TO}'"),
        refresh(f"5, url = {TO}"),
        refresh(f"0;{TO}"),
        refresh(f"0.5;url={TO}"),
        refresh(f"  0 ;  URL = {TO}#top  "),
        refresh("0;url=//outlet.example/a"),
        f"<META CONTENT='0;url={TO}' HTTP-EQUIV=Refresh><body></body>",
        f'<html><noscript><meta http-equiv="refresh" content="0;url={TO}"></noscript></html>',
        script(f'window.location.replace("{TO}")'),
        script(f"location.href = '{TO}';"),
        script(f"window . location='{TO}'"),
        script(f"top.location.assign(`{TO}`)"),
        script(f"document.location = '{TO}'"),
        script(f"self.location.href='{TO}'; location.replace('https://other.example/')"),
        script('location.replace("https:\\/\\/outlet.example\\/a")'),
        script("location.href = 'https:\\x2f\\x2foutlet.example\\u002fa'"),
        script(f'setTimeout(function () {{ window.location.href = "{TO}"; }}, 500);'),
    ],
)
def test_a_page_that_sends_the_reader_on_says_where(markup: str) -> None:
    assert read_forwarding(markup, HERE) == Forwarding(TO)


@pytest.mark.parametrize(
    "code",
    [
        "location.replace(1)",
        "location.replace(target)",
        "window.location = decode('aHR0cHM6')",
        "location.href = base + '/a'",
        "window.location.assign(links[0])",
        "location.reload()",
    ],
)
def test_a_script_whose_target_only_a_browser_knows_has_no_target(code: str) -> None:
    assert read_forwarding(script(code), HERE) == Forwarding(None)


@pytest.mark.parametrize(
    "markup",
    [
        refresh("300"),
        refresh("0"),
        refresh(f"300;url={TO}"),
        refresh(f"0;url={HERE}"),
        refresh(f"5;url={HERE}#comments"),
        refresh(f"0;url={TO}", STORY),
        f"<!-- {refresh(f'0;url={TO}')} --><html><body><p>Text.</p></body></html>",
        script(f"location.replace('{TO}')", STORY),
        script("if (location.href == 'https://reader.example/') { count(); }"),
        script("var place = window.location.href; track(place);"),
        script("my.mylocation = '/x'; geolocation.replace('/y'); $location = '/z'"),
        script(f"{'var a = 1;' * 500} location.replace('{TO}')"),
        "<html><body><p>The location of the strike was not known.</p></body></html>",
        "",
    ],
)
def test_other_pages_stay(markup: str) -> None:
    assert read_forwarding(markup, HERE) is None


@pytest.mark.parametrize(
    "markup",
    [
        '<meta http-equiv="refresh" content="' + " " * 1_900 + '"x">',
        ("<meta refresh http-equiv " + "a" * 1_900 + ">") * 100,
        "<script>" + "window.location." * 240 + "</script>",
        "<script>" + "location = '" + "\\" * 3_900 + "</script>",
        "<script" * 30_000 + "location",
        "<!--" * 40_000 + "location",
        "<" * 200_000 + "location",
    ],
)
@pytest.mark.timeout(20)
def test_a_hostile_page_comes_to_an_end(markup: str) -> None:
    read_forwarding(markup, HERE)
