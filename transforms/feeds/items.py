"""What every kind of feed document is read into before its items become entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.feeds.links import LinkBase


@dataclass(frozen=True, slots=True)
class FeedItems:
    """The channel and the items of a document, with the names that feedparser uses.

    ``channel``: ``title``, ``language``, ``ttl`` and what else it states. ``items``: each with ``id``,
    ``title``, ``links``, ``summary``, ``content``, ``published``, ``updated``, ``author``, ``language``.
    ``base``: against which its links count. ``unreadable``: the text of each item that cannot be read.
    ``refused``: reason and text of each item that was removed before. ``beyond_cap``: the number of items
    that were cut off. ``flags``: for each entry of the document.
    """

    channel: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]]
    base: LinkBase
    unreadable: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    beyond_cap: int = 0
    flags: tuple[str, ...] = ()
