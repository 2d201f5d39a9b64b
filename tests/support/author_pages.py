"""Pages of six languages that name their authors in different ways, with the true authors.

``author_pages.yaml`` and ``author_pages_by_kind.yaml``: the rules were made with these. ``author_pages_held_out.yaml`` and
``author_pages_by_kind_held_out.yaml``: they only measure. Each page has a ``name``, a ``language``, its ``authors``
(none: nobody is named as author), and ``html`` with ``$title``, ``$text``, ``$p1`` to ``$p3`` (the first paragraphs) and
``$other``, the title of another story. Some have a ``kind``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template

import yaml
from cms_articles import stories

from transforms.pages.clean import clean_page


@dataclass(frozen=True)
class AuthorPage:
    """A page and its true authors."""

    name: str
    title: str
    html: str
    authors: tuple[str, ...]
    kind: str = ""

    def read(self) -> tuple[str, ...]:
        """Return the authors that cleaning finds."""
        found = clean_page(self.html.encode(), title=self.title).authors
        return tuple(found.split(", ")) if found else ()

    def judge(self) -> str:
        """Return ``right``, ``missing`` (no author found) or ``wrong``. Capitals do not count."""
        found = {name.casefold() for name in self.read()}
        if found == {name.casefold() for name in self.authors}:
            return "right"
        return "wrong" if found else "missing"


def author_pages(file: str) -> list[AuthorPage]:
    """Return the pages of a file in this folder."""
    pages = []
    for raw in yaml.safe_load((Path(__file__).parent / file).read_text("utf-8")):
        own, others = stories(raw["language"])
        text = "".join(f"<p>{paragraph}</p>" for paragraph in own[0].paragraphs)
        html = Template(raw["html"]).substitute(
            title=own[0].title,
            text=text,
            other=others[0].title,
            **{f"p{n}": paragraph for n, paragraph in enumerate(own[0].paragraphs[:3], 1)},
        )
        pages.append(AuthorPage(raw["name"], own[0].title, html, tuple(raw["authors"]), raw.get("kind", "")))
    return pages
