"""The charset of a page: what the bytes, the HTTP header and the meta element say."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.markup import ArticleUnreadable

CASES = Path(__file__).parent / "cases"
UKRAINIAN = "Унаслідок удару безпілотника в Нікополі загинули двоє людей, повідомив голова області."
ENGLISH = "The mayor’s office said that two people were killed in Nikopol, and that “the search goes on”."


def page(text: str, meta: str = "") -> str:
    return f"<!doctype html><html><head>{meta}<title>T</title></head><body><article><p>{text}</p></article></body></html>"


def text_of(body: bytes, charset: str | None) -> str:
    return clean_page(body, charset=charset).text


@pytest.mark.parametrize("charset", [None, "utf-8", "iso-8859-1"])
def test_a_broken_byte_costs_one_character_of_a_page(charset: str | None) -> None:
    russian = text_of((CASES / "utf8_one_broken_byte.html").read_bytes(), charset)
    assert russian.count("\ufffd") == 1
    assert "По его словам, \ufffdбломки беспилотника упали на крышу" in russian
    english = text_of((CASES / "one_cut_character.html").read_bytes(), charset)
    assert "The mayor’s office" in english
    assert "“the search goes on”." in english


@pytest.mark.parametrize(
    ("bytes_in", "header", "meta"),
    [
        ("utf-8", "iso-8859-1", "<meta charset='utf-8'>"),
        ("utf-8", "iso-8859-1", ""),
        ("utf-8", "windows-1251", "<meta charset='windows-1251'>"),
        ("cp1251", "iso-8859-1", "<meta charset='windows-1251'>"),
        (
            "cp1251",
            "ISO-8859-1",
            "<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>",
        ),
        ("cp1251", "us-ascii", "<meta charset='windows-1251'>"),
        ("cp1251", "utf-8", "<meta charset='windows-1251'>"),
        ("cp1251", "windows-1251", "<meta charset='utf-8'>"),
        ("cp1251", "windows-1251", ""),
        ("cp1251", None, "<meta charset='windows-1251'>"),
        ("cp1251", None, ""),
        ("koi8-u", None, ""),
        ("koi8-u", "koi8-u", "<meta charset='iso-8859-1'>"),
        ("utf-16", None, ""),
        ("utf-16-le", None, ""),
        ("utf-16-be", "utf-16be", "<meta charset='utf-16'>"),
        ("utf-32-le", None, ""),
    ],
)
def test_the_right_charset_of_a_page_is_found(bytes_in: str, header: str | None, meta: str) -> None:
    assert text_of(page(UKRAINIAN, meta).encode(bytes_in), header) == UKRAINIAN


@pytest.mark.parametrize("header", [None, "utf-8", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("meta", ["", "<meta charset='utf-8'>", "<meta charset='iso-8859-1'>"])
def test_windows_1252_is_read_whatever_is_stated(header: str | None, meta: str) -> None:
    assert text_of(page(ENGLISH, meta).encode("cp1252"), header) == ENGLISH


@pytest.mark.parametrize(
    "body", [b"\x00" * 500, b"<\x00\x01\x02" * 300, b"<html>\x00<body>", bytes(range(256)) * 4]
)
def test_zero_bytes_that_are_no_characters_make_a_page_binary(body: bytes) -> None:
    with pytest.raises(ArticleUnreadable) as caught:
        text_of(body, None)
    assert caught.value.reason == "not_html"
