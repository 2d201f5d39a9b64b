from __future__ import annotations

import importlib
import pkgutil
import re
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]

import pytest

import transforms.feeds
import transforms.util.text
from transforms.feeds.structure import find_doctype, find_items, mask_quoted

FEED_MODULES = [
    importlib.import_module(f"transforms.feeds.{module.name}")
    for module in pkgutil.iter_modules(transforms.feeds.__path__)
]
MANY = 1_000


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("<a><![CDATA[<b>]]></a>", "<a>               </a>"),
        ("<a><!-- <b> --></a>", "<a>            </a>"),
        ("<a><![CDATA[ <!-- ]]><b>", "<a>                  <b>"),
        ("<a><!-- <![CDATA[ --><b>", "<a>                  <b>"),
        ("<a><![CDATA[ no end <b>", "<a><![CDATA[ no end <b>"),
        ("<!-- no end <![CDATA[<b>]]>", "<!-- no end                "),
    ],
)
def test_cdata_and_comments_are_masked(text: str, masked: str) -> None:
    assert mask_quoted(text) == masked


@pytest.mark.parametrize(
    ("text", "whole", "starts", "is_nested"),
    [
        ("<item>a</item><item>b</item>", ["<item>a</item>", "<item>b</item>"], 2, False),
        ("<entry x='1'>a</entry><ITEM>b</ITEM >", ["<entry x='1'>a</entry>", "<ITEM>b</ITEM >"], 2, False),
        ("<item/><item>a</item>", ["<item/>", "<item>a</item>"], 2, False),
        ("<item>a<item>b</item></item>", ["<item>a<item>b</item></item>"], 2, True),
        ("<items><itemise/></items><item>a</item>", ["<item>a</item>"], 1, False),
        ("</item><item>a", [], 1, False),
        ("<item>a</entry></item>", ["<item>a</entry></item>"], 1, False),
    ],
)
def test_items_are_found(text: str, whole: list[str], starts: int, is_nested: bool) -> None:
    places = find_items(text)
    assert [text[start:end] for start, end in places.whole] == whole
    assert (len(places.starts), places.is_nested) == (starts, is_nested)


@pytest.mark.parametrize(
    ("text", "doctype"),
    [
        ("<!DOCTYPE rss><rss>", "<!DOCTYPE rss>"),
        ("<?xml?><!-- <rss> -->\n<!doctype rss SYSTEM 'a'><rss>", "<!doctype rss SYSTEM 'a'>"),
        ("<!DOCTYPE r [<!ENTITY a '<b>'> ] ><r>", "<!DOCTYPE r [<!ENTITY a '<b>'> ] >"),
        ("<!DOCTYPE r [<!-- ]> --><!ENTITY a 'b'>]><r>", "<!DOCTYPE r [<!-- ]> --><!ENTITY a 'b'>]>"),
        ("<rss><!DOCTYPE html></rss>", None),
        ("<rss><![CDATA[<!DOCTYPE html>]]></rss>", None),
        ("<!-- <!DOCTYPE html> --><rss>", None),
        ("<!DOCTYPE never", None),
    ],
)
def test_the_document_type_stands_before_the_first_element(text: str, doctype: str | None) -> None:
    found = find_doctype(text, 10_000)
    assert (text[found[0] : found[1]] if found else None) == doctype


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (f"{module.__name__}.{name}", value)
        for module in (*FEED_MODULES, transforms.util.text)
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    ]


def least_repetition_at_start(pattern: re.Pattern[str]) -> int:
    """Return how often the first part of a pattern is repeated at least."""
    for operation, argument in _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG):
        if operation in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
            return 1  # tried only where it holds
        return int(argument[0]) if operation in (ops.MAX_REPEAT, ops.MIN_REPEAT) else 1
    return 1


@pytest.mark.parametrize(("name", "pattern"), patterns())
def test_no_pattern_scans_a_long_text_again_from_each_character(name: str, pattern: re.Pattern[str]) -> None:
    """A pattern that begins with 200,000 characters scans each text of a document once for each of its characters.

    A feed of 30 items with 13,600 characters each took seven seconds.
    """
    assert least_repetition_at_start(pattern) < MANY, name


class CountedText(str):
    """A text that counts the characters that ``find`` looks at."""

    looked_at = 0

    def find(self, part: str, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        found = super().find(part, start)
        CountedText.looked_at += (len(self) if found < 0 else found) - start
        return found


@pytest.mark.parametrize("opening", ["<!--", "<![CDATA[", "<!--<![CDATA[", "<![CDATA[ ]]><!--"])
def test_masking_looks_at_each_character_a_bounded_number_of_times(opening: str) -> None:
    looked_at = []
    for size in (200, 400):
        CountedText.looked_at = 0
        mask_quoted(CountedText(opening * size))
        looked_at.append(CountedText.looked_at)
    assert looked_at[1] <= 2.1 * looked_at[0]
