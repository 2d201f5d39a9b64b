"""Pages that seventeen other hands laid out, eight layouts each, without having seen the program or its tests.

``other_pages.jsonl.xz`` has a page a line: ``group`` (a letter for the hand, a digit for its layout), ``article``
(the id of one of the 115 articles of ``training/corpus/dev`` and ``check``) and ``html``. The outlets are invented.
``g`` to ``k``, ``m``, ``n``, ``r`` and ``w`` are outlets and publishing systems (``i`` those that give most trouble),
``l`` and ``o`` mixtures, ``p`` and ``s`` to ``v`` short pages, ``q`` short ones that mislead on purpose.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CORPUS = Path(__file__).parents[2] / "training/corpus"
_PAGES = Path(__file__).with_name("other_pages.jsonl.xz")


@dataclass(frozen=True, slots=True)
class OtherPage:
    """A page, and the article that it shows."""

    group: str
    title: str
    summary: str
    paragraphs: list[str]
    html: str


@cache
def _articles() -> dict[str, dict]:
    files = [path for name in ("dev", "check") for path in sorted((_CORPUS / name).glob("articles-*.json"))]
    return {article["id"]: article for path in files for article in json.loads(path.read_text("utf-8"))}


def other_pages(hand: str) -> Iterator[OtherPage]:
    """Yield the pages of one hand."""
    with lzma.open(_PAGES, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(f'{{"group": "{hand}'):
                page = json.loads(line)
                article = _articles()[page["article"]]
                told = (article["title"], article["summary"], article["paragraphs"])
                yield OtherPage(page["group"], *told, page["html"])
