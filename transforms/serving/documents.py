"""Lists and incidents as documents for programs: JSON, GeoJSON, CSV and Atom."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from schemas.rows import Row
from schemas.tables import tables
from schemas.vocabulary import CorrectionKind, Status
from transforms.alerts.feed_documents import FeedItem, atom_document, feed_urn
from transforms.alerts.telling import headline_of, lines_of, telling_of
from transforms.serving.addresses import Addresses
from transforms.serving.incident_view import IncidentView
from transforms.serving.list_cursor import encode_cursor
from transforms.serving.list_filter import ListFilter
from transforms.serving.list_totals import ListTotals
from transforms.serving.selection import ListPage, Selection
from transforms.serving.shown_decisions import holding_decisions, shown_decisions
from transforms.serving.snapshot import Snapshot
from transforms.util.readable import minute, toll
from transforms.util.table_forms import csv_cell, geojson_feature
from transforms.util.text import clean_text, one_line
from transforms.util.web_address import web_address

ROWS_AT_ONCE = 500
"""Rows of one piece of a long document. The server answers others between two pieces."""
FEED_ROWS = 50
_HIDDEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that hide or turn words, on a terminal too. In JSON they are written as escapes: same value."""
_NOT_TOLD = frozenset({"text_signature"})
_EPOCH = "1970-01-01T00:00:00Z"
_TITLE_WORDS: dict[str, str] = {Status.REJECTED: "Rejected", Status.NEEDS_REVIEW: "Unchecked"}


def incident_columns() -> list[str]:
    """Return the columns of an incident in all documents: of ``export incidents``, and ``updated_at``."""
    hidden = ("is_current", "superseded_by")
    names = [c.name for c in tables()["incidents_v1"].columns]
    return [n for n in names if not n.startswith("_") and n not in hidden] + ["updated_at"]


def json_text(value: Any) -> str:
    """Return a value as JSON, without NaN."""
    return _escaped(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def _escaped(text: str) -> str:
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def list_document(snapshot: Snapshot, selection: Selection, page: ListPage) -> str:
    """Return one page of a list as JSON."""
    rows = _escaped(",".join(snapshot.store.rows(page.numbers)))
    after = page.goes_on_after
    tail = {
        "next_cursor": None if after is None else encode_cursor(after),
        "totals": totals_document(selection.totals),
        "snapshot": {"stamp": snapshot.stamp, "made_at": snapshot.made_at},
    }
    return f'{{"incidents":[{rows}],{json_text(tail)[1:]}'


def totals_document(totals: ListTotals) -> dict[str, Any]:
    """Return totals as JSON has them."""
    return asdict(totals)


def incident_document(view: IncidentView) -> str:
    """Return one incident with its reports, toll steps, neighbours and corrections as JSON."""
    return json_text(
        view.row
        | {
            "reports": [{k: v for k, v in r.items() if k not in _NOT_TOLD} for r in view.reports],
            "toll_history": list(view.steps),
            "corrections": list(view.decisions),
            "neighbours": [
                {"incident_id": n.row["incident_id"], "score": n.score, "reason": n.reason}
                for n in view.neighbours
            ],
            "more_neighbours": view.more_neighbours,
        }
    )


def csv_pieces(snapshot: Snapshot, numbers: Sequence[int]) -> Iterator[bytes]:
    """Yield incidents as CSV, with the same cells as ``export``."""
    columns = incident_columns()
    yield _csv_lines([columns])
    for some in _batches(numbers):
        rows = map(json.loads, snapshot.store.rows(some))
        yield _csv_lines([[csv_cell(row[name]) for name in columns] for row in rows])


def _csv_lines(lines: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode()


def geojson_pieces(snapshot: Snapshot, numbers: Sequence[int]) -> Iterator[bytes]:
    """Yield incidents as GeoJSON (RFC 7946)."""
    separator = ""
    yield b'{"type":"FeatureCollection","features":['
    for some in _batches(numbers):
        features = ",\n".join(
            json_text(geojson_feature(json.loads(text))) for text in snapshot.store.rows(some)
        )
        yield f"{separator}{features}".encode()
        separator = ",\n"
    yield b"]}\n"


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), ROWS_AT_ONCE):
        yield numbers[first : first + ROWS_AT_ONCE]


def last_changed(snapshot: Snapshot, wanted: ListFilter, rows: int = FEED_ROWS) -> list[int]:
    """Return the numbers of the incidents of a list that changed last, the last one first."""
    by_change = replace(wanted, changed_since=wanted.changed_since or _EPOCH, order=None)
    ranks = snapshot.selector.select(by_change).ranks[-rows:][::-1]
    return [int(n) for n in snapshot.columns.by_change[ranks]]


def list_feed(
    snapshot: Snapshot, numbers: Sequence[int], at: Addresses, query: str, address: str | None
) -> bytes:
    """Return incidents as an Atom feed.

    Args:
        snapshot: where they are.
        numbers: the incidents, the last changed first.
        at: where the pages of the incidents are.
        query: the filters as an address has them, which are part of the feed's id.
        address: of the feed, None where nobody knows it.
    """
    items = [
        _feed_item(snapshot, number, json.loads(text), at)
        for number, text in zip(numbers, snapshot.store.rows(numbers), strict=True)
    ]
    return atom_document(feed_urn("serve", query), "Strikes: new and changed", address, items)


def _feed_item(snapshot: Snapshot, number: int, row: dict[str, Any], at: Addresses) -> FeedItem:
    decisions = snapshot.decisions.get(row["incident_id"], ())
    told = telling_of(row | {"corrections": holding_decisions(decisions)})
    title = headline_of(told.facts)
    if row["status"] in _TITLE_WORDS:
        title = f"{_TITLE_WORDS[row['status']]}: {title}"
    first, *others = lines_of(told)
    lines = [first, *_last_change(snapshot.store.steps(number)), *_taken_back(decisions), *others]
    links = [link for link in map(web_address, told.context.source_urls) if link is not None]
    return FeedItem(
        id=feed_urn("serve", "incident", told.incident_id),
        title=one_line(title, 500),
        text=clean_text("\n".join(lines)),
        published=row["first_reported_at"] or row["updated_at"] or _EPOCH,
        updated=row["updated_at"] or _EPOCH,
        urls=[at.incident(told.incident_id), *links],
        corrections=told.context.corrections,
    )


def _taken_back(decisions: Sequence[Row]) -> Iterator[str]:
    """Yield a line for each undo that holds: who took back what, when, and why."""
    for made in shown_decisions(decisions):
        if made.row["kind"] == CorrectionKind.UNDO and made.holds:
            why = f"; why: {made.row['why']}" if made.row["why"] else ""
            yield f"{made.row['made_by']} on {(made.row['made_at'] or '')[:10]} {made.what}{why}"


def _last_change(steps: Sequence[Row]) -> Iterator[str]:
    """Yield what the last step of a toll changed, in words; nothing where there is one step alone."""
    if len(steps) < 2:
        return
    before, now = steps[-2:]
    pairs = {
        word: (toll(before, kind), toll(now, kind))
        for word, kind in (("killed", "fatalities"), ("injured", "injured"))
    }
    changed = ", ".join(f"{word} {old} -> {new}" for word, (old, new) in pairs.items() if old != new)
    if changed:
        yield f"Last change of the toll, {minute(now['valid_from'])} UTC: {changed}"
