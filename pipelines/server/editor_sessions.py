"""Who is signed in: sessions that the server signs, so that only it can make them."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

Value = TypeVar("Value")

IDLE_SECONDS, MOST_SECONDS = 3_600, 12 * 3_600
"""How long a session lasts after the last decision, and at most."""
_MAX_KEPT = 1_000
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """One editor's session. Times are seconds of the server's clock, which begins with the server.

    ``ends_at``: when it ends unless the editor decides something; ``ends_at_last``: when it ends in any case.
    """

    session_id: str
    editor: str
    ends_at: float
    ends_at_last: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the last decision of a session.

    ``incident_id``: what it was about. ``before``: the stamp of the snapshot that was shown before it.
    """

    incident_id: str
    lines: Sequence[str]
    before: str


class EditorSessions:
    """Makes, reads and ends sessions. The key is that of this process, so a restart ends all of them.

    Args:
        now: returns the seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._key = secrets.token_bytes(_KEY_BYTES)
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._outcomes: OrderedDict[str, Outcome] = OrderedDict()

    def start(self, editor: str) -> Session:
        """Return a new session."""
        now = self._now()
        return Session(secrets.token_urlsafe(18), editor, now + IDLE_SECONDS, now + MOST_SECONDS)

    def renewed(self, session: Session) -> Session:
        """Return a session that lasts longer, because its editor is at work."""
        return replace(session, ends_at=min(self._now() + IDLE_SECONDS, session.ends_at_last))

    def seconds_left(self, session: Session) -> int:
        """Return after how many seconds a session ends."""
        return max(0, int(session.ends_at - self._now()))

    def end(self, session: Session) -> None:
        """End a session, also where a copy of its cookie is left."""
        _put(self._ended, session.session_id, None)
        self._outcomes.pop(session.session_id, None)

    def cookie(self, session: Session) -> str:
        """Return the value of the cookie that stands for a session."""
        told = [session.session_id, session.editor, session.ends_at, session.ends_at_last]
        body = _encoded(json.dumps(told).encode())
        return f"{body}.{self._signed('session', body)}"

    def read(self, cookie: str) -> Session | None:
        """Return the session of a cookie; None where the server did not make it or it has ended."""
        body, _, signature = cookie.partition(".")
        if not _is_same(signature, self._signed("session", body)):
            return None
        try:
            session = Session(*json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
        except (ValueError, TypeError, binascii.Error):
            return None
        is_over = self._now() >= session.ends_at or session.session_id in self._ended
        return None if is_over else session

    def form_token(self, session: Session) -> str:
        """Return what the forms of a session carry, and no page of another site knows."""
        return self._signed("form", session.session_id)

    def is_form_token(self, session: Session, given: str) -> bool:
        """Return whether a form comes from a page of this session."""
        return _is_same(given, self.form_token(session))

    def keep_outcome(self, session: Session, outcome: Outcome) -> None:
        """Keep what came of a decision, for the page that the editor is sent to."""
        _put(self._outcomes, session.session_id, outcome)

    def outcome(self, session: Session) -> Outcome | None:
        """Return what came of the last decision."""
        return self._outcomes.get(session.session_id)

    def _signed(self, purpose: str, text: str) -> str:
        return _encoded(hmac.digest(self._key, f"{purpose}:{text}".encode(), hashlib.sha256))


def is_token(given: str, token: str) -> bool:
    """Return whether a token is the right one. The time that it takes tells nothing about the right one."""
    one, other = (hashlib.sha256(t.strip().encode("utf-8", "surrogatepass")).digest() for t in (given, token))
    return hmac.compare_digest(one, other)


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _put(kept: OrderedDict[str, Value], name: str, value: Value) -> None:
    kept[name] = value
    kept.move_to_end(name)
    if len(kept) > _MAX_KEPT:
        kept.popitem(last=False)
