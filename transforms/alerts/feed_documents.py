"""Feeds of alerts: Atom (RFC 4287) and JSON Feed 1.1. An incident is one item, which changes in place."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from schemas.alert_records import AlertCorrection, AlertDelivery, Telling
from schemas.rows import record_to_row
from transforms.alerts.decisions import editors_of, source_urls_of
from transforms.alerts.telling import decode_telling, headline_of, lines_of
from transforms.alerts.watches import FileChannel
from transforms.util.text import clean_text, one_line

MAX_ITEMS = 200
_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/strikeledger/strikeledger#alerts")
_AUTHOR = "strikeledger"
_SOURCE_OF_CORRECTION = "Source of a correction"
_EPOCH = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed. Instants are ISO 8601 strings in UTC. The first of ``urls`` is its own page.

    ``corrections``: the decisions of people about it that hold.
    """

    id: str
    title: str
    text: str
    published: str
    updated: str
    urls: Sequence[str]
    corrections: Sequence[AlertCorrection] = ()


def write_feed(watch: str, channel: FileChannel, deliveries: Sequence[AlertDelivery]) -> bytes:
    """Return the document of a file channel, made from what the channel was told.

    The latest 200 items are in it, the last told first.

    Args:
        watch: name of the watch.
        channel: the channel.
        deliveries: its rows; those that were not sent are left out.
    """
    told = [d for d in deliveries if d.revision and d.content]
    told.sort(key=lambda d: (d.told_at or "", d.incident_id), reverse=True)
    items = [_item(watch, delivery, decode_telling(delivery.content or "")) for delivery in told[:MAX_ITEMS]]
    if channel.form == "atom":
        return atom_document(feed_urn(watch), channel.title, channel.feed_url, items)
    return _json_feed(channel, items)


def _item(watch: str, delivery: AlertDelivery, telling: Telling) -> FeedItem:
    """Return the item of an incident. Its id stays the same whatever becomes of the incident."""
    title = headline_of(telling.facts)
    lines = list(lines_of(telling))
    if delivery.is_withdrawn:
        title = f"Withdrawn: {title}"
        lines.insert(0, "This incident no longer belongs to the watch.")
    return FeedItem(
        id=feed_urn(watch, delivery.incident_id),
        title=one_line(title, 500),
        text=clean_text("\n".join(lines)),
        published=delivery.first_told_at or delivery.told_at or _EPOCH,
        updated=delivery.told_at or _EPOCH,
        urls=[one_line(url, 2_000) for url in telling.context.source_urls],
        corrections=telling.context.corrections,
    )


def feed_urn(*parts: str) -> str:
    """Return an id of a feed or an item that is always the same for the same parts."""
    return uuid.uuid5(_NAMESPACE, "\x1f".join(parts)).urn


def atom_document(urn: str, title: str, address: str | None, items: Sequence[FeedItem]) -> bytes:
    """Return a feed as Atom.

    Args:
        urn: the feed's id.
        title: its title.
        address: where readers find it, None where nobody knows.
        items: its items, in their order.
    """
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # lxml takes None
    _add(feed, "id", urn)
    _add(feed, "title", one_line(title))
    _add(feed, "updated", max((item.updated for item in items), default=_EPOCH))
    _add(_add(feed, "author"), "name", _AUTHOR)
    if address is not None:
        _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    for item in items:
        entry = _add(feed, "entry")
        _add(entry, "id", item.id)
        _add(entry, "title", item.title)
        _add(entry, "published", item.published)
        _add(entry, "updated", item.updated)
        for number, url in enumerate(item.urls):
            # RFC 4287 allows one alternate link of a type; the other sources are related ones.
            _add(entry, "link", rel="related" if number else "alternate", href=url)
        for name in editors_of(item.corrections):
            _add(_add(entry, "contributor"), "name", name)
        for url in source_urls_of(item.corrections):
            _add(entry, "link", rel="related", href=url, title=_SOURCE_OF_CORRECTION)
        _add(entry, "content", item.text, type="text")
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element


def _json_feed(channel: FileChannel, items: Sequence[FeedItem]) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": one_line(channel.title),
        **({"feed_url": channel.feed_url} if channel.feed_url is not None else {}),
        "authors": [{"name": _AUTHOR}],
        "items": [
            {
                "id": item.id,
                **({"external_url": item.urls[0]} if item.urls else {}),
                "title": item.title,
                "content_text": item.text,
                "date_published": item.published,
                "date_modified": item.updated,
                **_extension(item.corrections),
            }
            for item in items
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _extension(corrections: Sequence[AlertCorrection]) -> Mapping[str, object]:
    """Return what JSON Feed has no key for. A key of our own begins with an underscore."""
    return {"_strikeledger": {"corrections": list(map(record_to_row, corrections))}} if corrections else {}
