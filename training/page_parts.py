"""What the parts of a page template, its bodies and furniture, ask of the template."""

from __future__ import annotations

import random
from typing import Protocol

from cms_articles import Story, Words


class Template(Protocol):
    """A template while a page of it is drawn. ``own``: its story, ``others``: those beside it.

    ``w``: the words of its site. ``card_tag``: the tag of its cards.
    """

    random: random.Random
    own: Story
    others: list[Story]
    w: Words
    card_tag: str

    def attr(self, role: str) -> str:
        """Return the class attribute of a role."""

    def say(self, kind: str) -> str:
        """Return a sentence of a kind in the page's language."""

    def label(self, text: str) -> str:
        """Return the heading of a box."""

    def other(self) -> Story:
        """Return another story."""

    def card(self) -> str:
        """Return a card of another story."""

    def boxed(self, inner: str, role: str = "box") -> str:
        """Return markup in a box."""

    def line(self, text: str, role: str) -> str:
        """Return a line of furniture."""
