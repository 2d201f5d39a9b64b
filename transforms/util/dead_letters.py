"""Failures as rows: each step turns its failures into ``DeadLetter`` records here."""

import dataclasses
import json
import re

from schemas.identity import dead_letter_id
from schemas.records import Article, DeadLetter, Feed, FeedEntry
from schemas.rows import record_to_json
from schemas.vocabulary import REASONS, Retry, Stage
from transforms.util.errors import FetchFailed

_CREDENTIALS = re.compile(r"(?<=//)[^/@\s]+@")
_MAX_MESSAGE_CHARACTERS = 1_000
_DAY_SECONDS = 86_400.0


def _build_dead_letter(
    stage: Stage,
    unit: tuple[str | None, ...],
    reason: str,
    message: str,
    failed_at: str,
    *,
    feed_url: str | None = None,
    page_url: str | None = None,
    entry_id: str | None = None,
    http_status: int | None = None,
    payload: str | None = None,
    retry_after_s: float | None = None,
    payload_uri: str | None = None,
    payload_sha256: str | None = None,
) -> DeadLetter:
    retry = REASONS[reason]
    if retry is Retry.NEXT_DAY:
        retry_after_s = max(retry_after_s or 0.0, _DAY_SECONDS)
    return DeadLetter(
        dead_letter_id=dead_letter_id(stage, unit),
        stage=stage,
        reason=reason,
        retryable=retry is not Retry.NEVER,
        message=_make_storable(_CREDENTIALS.sub("", message)[:_MAX_MESSAGE_CHARACTERS]),
        feed_url=_CREDENTIALS.sub("", feed_url) if feed_url else None,
        page_url=_CREDENTIALS.sub("", page_url) if page_url else None,
        entry_id=entry_id,
        http_status=http_status,
        payload=_make_storable(payload) if payload else None,
        failed_at=failed_at,
        retry_after_s=retry_after_s,
        payload_uri=payload_uri,
        payload_sha256=payload_sha256,
    )


def _make_storable(text: str) -> str:
    """Return a text without characters that no warehouse stores.

    A dead letter describes broken input, so its own text may hold such characters: lone surrogates and NUL.
    """
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def feed_dead_letter(
    feed: Feed,
    stage: Stage,
    failure: FetchFailed,
    failed_at: str,
    payload_uri: str | None = None,
    payload_sha256: str | None = None,
) -> DeadLetter:
    """Return the dead letter of a feed that gave no entries.

    The next poll tries the feed again. A document that could not be parsed is kept for a replay, because the
    next document of the feed may no longer hold its items.

    Args:
        feed: the feed; it is kept in the dead letter.
        stage: where it failed.
        failure: why.
        failed_at: when, ISO 8601 in UTC.
        payload_uri: where the document is kept, if it is.
        payload_sha256: its SHA-256 in hexadecimal.
    """
    return _build_dead_letter(
        stage, (feed.feed_url,), failure.reason, str(failure), failed_at,
        feed_url=feed.feed_url, http_status=failure.status, payload=record_to_json(feed),
        retry_after_s=failure.retry_after_s, payload_uri=payload_uri, payload_sha256=payload_sha256,
    )  # fmt: skip


def item_dead_letter(feed: Feed, item_id: str, reason: str, raw: str, failed_at: str) -> DeadLetter:
    """Return the dead letter of one item of a feed that could not be read; its text is kept in it."""
    letter = _build_dead_letter(
        Stage.PARSE, (feed.feed_url, item_id), reason, "an item of the feed can't be read", failed_at,
        feed_url=feed.feed_url, entry_id=item_id, payload=json.dumps({"item": raw}, ensure_ascii=False),
    )  # fmt: skip
    return dataclasses.replace(letter, retryable=False)  # the next document of the feed holds it again


def entry_dead_letter(
    entry: FeedEntry,
    stage: Stage,
    failure: FetchFailed,
    failed_at: str,
    payload_uri: str | None = None,
    payload_sha256: str | None = None,
) -> DeadLetter:
    """Return the dead letter of an entry whose page could not be fetched or read.

    Args:
        entry: the entry; it is kept in the dead letter.
        stage: where it failed.
        failure: why.
        failed_at: when, ISO 8601 in UTC.
        payload_uri: where the page is kept, if it is.
        payload_sha256: its SHA-256 in hexadecimal.
    """
    return _build_dead_letter(
        stage, (entry.feed_url, entry.entry_id), failure.reason, str(failure), failed_at,
        feed_url=entry.feed_url, page_url=entry.article_url, entry_id=entry.entry_id,
        http_status=failure.status, payload=record_to_json(entry), retry_after_s=failure.retry_after_s,
        payload_uri=payload_uri, payload_sha256=payload_sha256,
    )  # fmt: skip


def article_dead_letter(article: Article, reason: str, message: str, failed_at: str) -> DeadLetter:
    """Return the dead letter of an article that could not be extracted; its text is in ``articles``."""
    return _build_dead_letter(
        Stage.EXTRACT, (article.article_url,), reason, message, failed_at,
        feed_url=article.feed_url, page_url=article.article_url,
    )  # fmt: skip
