"""Titles of items, without what a site adds to them."""

import re
from functools import cache
from importlib.resources import files

from transforms.util.data_files import read_data


@cache
def _comment_count() -> re.Pattern[str]:
    """Return the pattern of a number of comments at the end of a title.

    Raises:
        ValueError: ``titles.yaml`` lacks its key, or has one that nothing reads.
    """
    raw = read_data((files("transforms.feeds") / "titles.yaml").read_text("utf-8"))
    if set(raw) != {"comment_words"}:
        raise ValueError(f"titles.yaml: unknown or missing keys {sorted(set(raw) ^ {'comment_words'})}")
    words = "|".join(map(re.escape, raw["comment_words"]))
    number, word = r"(?:\d{1,6}|no)", rf"(?:{words})\w{{0,6}}"
    counted = rf"{number}\s?{word}|{word}\s?:?\s?{number}"
    # A bare number counts only in square brackets: "(34)" may be an age or a toll.
    return re.compile(
        rf"\s*(?:\((?:{counted})\)|\[(?:{counted}|\d{{1,6}})\]|[-–—|·]\s?(?:{counted}))\s*$", re.IGNORECASE
    )


def without_comment_count(title: str) -> str:
    """Return a title without the number of comments at its end: "Strike" of "Strike (12 comments)"."""
    return _comment_count().sub("", title) or title
