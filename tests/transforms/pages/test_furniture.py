"""Captions among the paragraphs: each is compared with a few neighbours, however many there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml.html import HtmlElement

from transforms.pages.clean import clean_page
from transforms.pages.lines import PageLines

STORY = "<p>A missile hit a building in Sumy on Friday and killed five people, officials said there.</p>"
PICTURE = "<img src='a.jpg'><p class='c'>Rescuers at the site {n}. Photo: Agency</p>"


def _looks(pictures: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how often cleaning looks whether a block of a page with so many pictures is prose."""
    looked = 0
    look: Callable[[PageLines, HtmlElement], bool] = PageLines.is_prose_block

    def count(page: PageLines, block: HtmlElement) -> bool:
        nonlocal looked
        looked += 1
        return look(page, block)

    body = STORY * 5 + "".join(PICTURE.format(n=n) for n in range(pictures))
    with monkeypatch.context() as patch:
        patch.setattr(PageLines, "is_prose_block", count)
        clean_page(f"<html><body><h1>Five killed in Sumy</h1><div>{body}</div></body></html>".encode())
    return looked


def test_captions_are_compared_with_their_nearest_siblings(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = _looks(100, monkeypatch), _looks(400, monkeypatch)
    assert 0 < many < 5 * few
