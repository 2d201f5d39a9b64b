"""The body and the headers of a webhook."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.alert_records import AlertFacts
from schemas.identity import digest
from schemas.rows import record_to_row
from transforms.alerts.due import Message
from transforms.alerts.telling import changes_between, headline_of

KEY_HEADER = "Idempotency-Key"
TIMESTAMP_HEADER = "X-Strikeledger-Timestamp"
SIGNATURE_HEADER = "X-Strikeledger-Signature"


def webhook_body(message: Message) -> bytes:
    """Return the body of one message: JSON in UTF-8, the same for every attempt."""
    return _encode(_row(message))


def webhook_digest(messages: Sequence[Message]) -> bytes:
    """Return the body of a digest: the messages in a list."""
    return _encode({"watch": messages[0].watch, "messages": [_row(message) for message in messages]})


def digest_key(messages: Sequence[Message]) -> str:
    """Return the idempotency key of a digest."""
    return digest("digest", *(message.key for message in messages))


def webhook_headers(key: str, body: bytes, timestamp_s: int, secret: str | None) -> dict[str, str]:
    """Return the headers: the idempotency key, the timestamp and, with a secret, the signature.

    The signature is the HMAC-SHA256 of timestamp, a dot and the body, in hexadecimal. A receiver computes it
    again and refuses old timestamps, so nobody can send or repeat a message in our name.

    Args:
        key: the idempotency key.
        body: the body as it is sent.
        timestamp_s: seconds since 1970.
        secret: the secret that sender and receiver share.
    """
    headers = {KEY_HEADER: key, TIMESTAMP_HEADER: str(timestamp_s)}
    if secret is not None:
        signed = f"{timestamp_s}.".encode() + body
        headers[SIGNATURE_HEADER] = f"sha256={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
    return headers


def _row(message: Message) -> dict[str, Any]:
    telling = message.telling
    return {
        "watch": message.watch,
        "event": str(message.event),
        "thread_id": message.thread,
        "revision": message.revision,
        "incident_id": telling.incident_id,
        "title": headline_of(telling.facts),
        "withdrawn": message.withdrawn,
        "changes": _changes(message.before, telling.facts),
        "incident": record_to_row(telling.facts),
        "context": record_to_row(telling.context),
    }


def _changes(before: AlertFacts | None, after: AlertFacts) -> list[str]:
    return [] if before is None else changes_between(before, after)


def _encode(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
