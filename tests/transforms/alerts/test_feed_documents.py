"""The feeds are valid: Atom by RFC 4287, JSON Feed by version 1.1."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
from typing import Any

import feedparser
import pytest
from alerts import a_telling, told
from lxml import etree

from schemas.alert_records import AlertDelivery, Telling
from transforms.alerts.feed_documents import MAX_ITEMS, write_feed
from transforms.alerts.watches import FileChannel

ATOM = "{http://www.w3.org/2005/Atom}"
CHANNEL = FileChannel("atom", "atom", "x.xml", "Strikes & more", "https://desk.example/x.xml")
HOSTILE = '<script>alert("x")</script>\x00\x1b]]>&\u202e\ufffe'


def delivered(telling: Telling, **change: Any) -> AlertDelivery:
    return told(telling, **change).delivery


def rows() -> list[AlertDelivery]:
    return [
        delivered(a_telling()),
        delivered(
            a_telling(incident_id="i-2", location=HOSTILE, headline=HOSTILE, source_urls=[]),
            told_at="2025-04-07T00:00:00Z",
        ),
        delivered(
            a_telling(incident_id="i-3", source_urls=["https://b.example", "https://a.example"]),
            is_withdrawn=True,
        ),
        delivered(a_telling(incident_id="i-4"), revision=0, event="held"),
        dataclasses.replace(
            delivered(a_telling(incident_id="i-5")), revision=0, content=None, event="failed"
        ),
    ]


def test_atom_has_what_rfc_4287_requires() -> None:
    feed = etree.fromstring(write_feed("w", CHANNEL, rows()))
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert feed.findtext(f"{ATOM}title") == "Strikes & more"
    assert feed.findtext(f"{ATOM}updated") == "2025-04-07T00:00:00Z"
    (link,) = feed.findall(f"{ATOM}link")
    assert (link.get("rel"), link.get("href")) == ("self", "https://desk.example/x.xml")
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 3
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len({*ids, feed.findtext(f"{ATOM}id")}) == 4
    for entry in entries:
        for name in ("id", "title", "updated", "content"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1
        assert uuid.UUID(entry.findtext(f"{ATOM}id", ""))
        for name in ("updated", "published"):
            assert dt.datetime.fromisoformat(entry.findtext(f"{ATOM}{name}", "")).tzinfo
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")].count("alternate") <= 1


def test_a_feed_reader_reads_atom() -> None:
    parsed = feedparser.parse(write_feed("w", CHANNEL, rows()))
    assert (parsed.bozo, parsed.version, len(parsed.entries)) == (False, "atom10", 3)
    assert parsed.entries[0].title.startswith('<script>alert("x")</script>')
    assert "\x1b" not in parsed.entries[0].content[0].value


def test_json_feed_has_what_version_1_1_requires() -> None:
    channel = dataclasses.replace(CHANNEL, form="json_feed")
    feed = json.loads(write_feed("w", channel, rows()))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["feed_url"]) == ("Strikes & more", "https://desk.example/x.xml")
    assert isinstance(feed["authors"], list)
    assert len({item["id"] for item in feed["items"]}) == 3
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item["content_text"], str)
        for name in ("date_published", "date_modified"):
            assert dt.datetime.fromisoformat(item[name]).tzinfo
    assert [("external_url" in item) for item in feed["items"]] == [False, True, True]


def test_both_feeds_name_an_incident_alike_and_say_that_it_was_withdrawn() -> None:
    atom = etree.fromstring(write_feed("w", CHANNEL, rows()))
    items = json.loads(write_feed("w", dataclasses.replace(CHANNEL, form="json_feed"), rows()))["items"]
    assert [e.findtext(f"{ATOM}id") for e in atom.findall(f"{ATOM}entry")] == [item["id"] for item in items]
    (withdrawn,) = [item for item in items if item["title"].startswith("Withdrawn: ")]
    assert "no longer belongs to the watch" in withdrawn["content_text"]


@pytest.mark.parametrize("form", ["atom", "json_feed"])
def test_an_empty_feed_is_valid_and_a_long_one_is_cut(form: str) -> None:
    channel = dataclasses.replace(CHANNEL, form=form, feed_url=None)
    assert feedparser.parse(write_feed("w", channel, [])).entries == []
    many = [
        delivered(a_telling(incident_id=f"i-{n:04}"), told_at=f"2025-04-05T{n // 60:02}:{n % 60:02}:00Z")
        for n in range(MAX_ITEMS + 50)
    ]
    document = write_feed("w", channel, many).decode()
    assert document.count("Incident: ") == MAX_ITEMS
    assert "i-0249" in document
    assert "i-0000" not in document


DECISION = {
    "made_at": "2025-04-06T10:00:00Z", "made_by": "anna", "why": "hospital list",
    "source_url": "https://hospital.example/list",
}  # fmt: skip


def corrected() -> Telling:
    sets = [
        {**DECISION, "correction_id": f"c-{n}", "kind": "set", "field": field, "value": value}
        for n, (field, value) in enumerate(
            [
                ("fatalities_low", "22"), ("fatalities_best", "22"), ("fatalities_high", "22"), ("location", '"Sumy"'),
                ("latitude", "50.9"), ("injured_low", "20"), ("injured_best", "null"), ("injured_high", "25"),
            ]
        )
    ]  # fmt: skip
    confirmed = {
        **DECISION,
        "correction_id": "c-9",
        "kind": "confirm",
        "made_by": HOSTILE,
        "why": None,
        "source_url": None,
    }
    return a_telling(status="corrected", corrections=[*sets, confirmed])


def test_an_item_says_who_corrected_it_why_and_from_which_source() -> None:
    line = (
        "Corrected by anna on 2025-04-06; killed=22, injured=20-25, location=Sumy; "
        "why: hospital list; source: https://hospital.example/list"
    )
    (entry,) = etree.fromstring(write_feed("w", CHANNEL, [delivered(corrected())])).findall(f"{ATOM}entry")
    assert line in entry.findtext(f"{ATOM}content", "").splitlines()
    assert "anna" in [name.text for name in entry.findall(f"{ATOM}contributor/{ATOM}name")]
    (source,) = [link for link in entry.findall(f"{ATOM}link") if link.get("title")]
    assert (source.get("rel"), source.get("href")) == ("related", "https://hospital.example/list")

    channel = dataclasses.replace(CHANNEL, form="json_feed")
    (item,) = json.loads(write_feed("w", channel, [delivered(corrected())]))["items"]
    assert line in item["content_text"].splitlines()
    first, *_, last = item["_strikeledger"]["corrections"]
    assert (first["made_by"], first["why"], first["source_url"], first["field"], first["value"]) == (
        "anna", "hospital list", "https://hospital.example/list", "fatalities_low", "22",
    )  # fmt: skip
    assert last["kind"] == "confirm"


def test_an_item_that_nobody_corrected_and_one_told_by_an_earlier_version_have_no_correction() -> None:
    row = delivered(a_telling())
    earlier = json.loads(row.content or "")
    del earlier["context"]["corrections"]
    for content in (row.content, json.dumps(earlier)):
        document = write_feed(
            "w", dataclasses.replace(CHANNEL, form="json_feed"), [dataclasses.replace(row, content=content)]
        )
        assert "_strikeledger" not in document.decode()
