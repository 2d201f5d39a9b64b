"""What a page says of itself in its head: its own address, what kind of page it is, when it was changed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from transforms.pages.page_times import find_stated_times

_MAX_BLOCKS, _MAX_NODES = 20, 2_000
_ARTICLE_TYPES = ("article", "newsarticle", "reportagenewsarticle", "liveblogposting", "blogposting")
_LISTING_TYPES = ("website", "collectionpage", "webpage", "itemlist", "blog", "news_portal")


@dataclass(frozen=True, slots=True)
class PageKind:
    """What a page says of itself.

    ``canonical``: the address that it gives as its own, as written. ``is_article``: True where it calls
    itself an article, False where it calls itself a site or a list, None where it says neither.
    ``own_share``: the share of its words that stand outside links, 0 to 1. ``stated_changes``: when it was
    changed, as written.
    """

    canonical: str | None = None
    is_article: bool | None = None
    own_share: float = 1.0
    stated_changes: tuple[str, ...] = ()


UNKNOWN_KIND = PageKind()


def read_page_kind(tree: HtmlElement, linked_data: Sequence[str]) -> PageKind:
    """Return what a page says of itself.

    Args:
        tree: the page, nothing removed.
        linked_data: the texts of its JSON-LD scripts.
    """
    return PageKind(
        _find_canonical(tree),
        _find_kind(tree, linked_data),
        _own_share(tree),
        find_stated_times(tree, linked_data),
    )


def _find_canonical(tree: HtmlElement) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and (link.get("href") or "").strip():
            return str(link.get("href")).strip()
    return _find_meta(tree, "og:url")


def _find_meta(tree: HtmlElement, name: str) -> str | None:
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        if content and (meta.get("property") or meta.get("name") or "").strip().lower() == name:
            return str(content)
    return None


def _find_kind(tree: HtmlElement, linked_data: Sequence[str]) -> bool | None:
    kinds = {kind.lower() for kind in _linked_types(linked_data)}
    if not kinds.isdisjoint(_ARTICLE_TYPES):
        return True
    kind = (_find_meta(tree, "og:type") or "").lower()
    if kind.startswith("article"):
        return True
    return False if kind in _LISTING_TYPES or "collectionpage" in kinds else None


def _linked_types(linked_data: Sequence[str]) -> Iterator[str]:
    """Yield the types of the top-level things that the JSON-LD scripts describe."""
    for text in linked_data[:_MAX_BLOCKS]:
        try:
            waiting: list[Any] = [json.loads(text)]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MAX_NODES):
            if not waiting:
                break
            node = waiting.pop()
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, dict):
                kind = node.get("@type")
                yield from (k for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str))
                waiting.append(node.get("@graph"))


def _own_share(tree: HtmlElement) -> float:
    total = len(tree.text_content().split())
    linked = sum(len(link.text_content().split()) for link in tree.iter("a"))
    return max(0.0, 1.0 - linked / total) if total else 1.0
