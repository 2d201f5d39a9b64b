"""The pages of an editor: signing in, the review queue, and an incident with the forms that change it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from schemas.rows import Row
from transforms.corrections.as_seen import seen_mark
from transforms.serving.addresses import Addresses
from transforms.serving.decision_form import SETTABLE, Form, first
from transforms.serving.html_pages import incident_values, render, title_of
from transforms.serving.incident_view import IncidentView, view_incident
from transforms.serving.snapshot import Snapshot
from transforms.util.text import one_line

_FOLLOWING = 20
_NOT_KEPT = frozenset({"token", "seen", "from", "next", "kind"})


@dataclass(frozen=True, slots=True)
class DeskView:
    """What a page with forms holds.

    ``form_token``: what its forms carry. ``said``: lines about the last decision; ``is_fault``: it was not
    stored. ``form``: what the editor sent then, so that nothing has to be typed again. ``is_review``: the
    page is the review queue. ``next_case``: the incident after this one in the queue. ``seen``: the mark of
    the incident that the page shows. ``settable``: the fields to choose from.
    """

    editor: str
    form_token: str
    said: Sequence[str] = ()
    is_fault: bool = False
    form: Form = field(default_factory=dict)
    is_review: bool = False
    next_case: str | None = None
    seen: str = ""
    settable: Sequence[str] = SETTABLE

    def is_typed(self, kind: str, about: str = "") -> bool:
        """Return whether the editor sent the form of a kind. ``about``: the correction that it takes back."""
        return first(self.form, "kind") == kind and first(self.form, "correction") == about

    def typed(self, kind: str, name: str, number: int = 0, about: str = "") -> str:
        """Return what the editor typed into a form of a kind; empty where it was another one."""
        values = self.form.get(name, ()) if self.is_typed(kind, about) else ()
        return values[number] if number < len(values) else ""

    def is_chosen(self, kind: str, name: str, value: str) -> bool:
        """Return whether the editor chose one of several values."""
        return self.is_typed(kind) and value in self.form.get(name, ())


def edited_incident_page(snapshot: Snapshot, view: IncidentView, at: Addresses, desk: DeskView) -> bytes:
    """Return the page of an incident with the forms of an editor."""
    desk = replace(desk, seen=seen_mark(view.row))
    return render(
        "incident.html", snapshot, at, title=title_of(view), desk=desk, **incident_values(snapshot, view)
    )


def review_page(snapshot: Snapshot, at: Addresses, desk: DeskView, case: str, next_case: str) -> bytes:
    """Return the review queue with one of its cases.

    Args:
        snapshot: where the queue is.
        at: where links lead.
        desk: whose page it is.
        case: the incident that is asked for; the first of the queue where there is no such one. It may be in
            the queue no more, because a person has just decided about it.
        next_case: what follows a case that is in the queue no more.
    """
    queue = list(snapshot.queue)
    shown = case if case in snapshot.columns.number_of else next(iter(queue), "")
    number = queue.index(shown) + 1 if shown in snapshot.queue else 0
    if number == 0 and next_case in snapshot.queue:
        following = queue[queue.index(next_case) :]
    else:
        following = queue[number:]
    desk = replace(desk, is_review=True, next_case=following[0] if following else None)
    values: dict[str, object] = {"row": None}
    if shown:
        view = view_incident(snapshot, shown)
        assert view is not None
        desk = replace(desk, seen=seen_mark(view.row))
        values = incident_values(snapshot, view)
    return render(
        "review.html", snapshot, at, title="Review", desk=desk, number=number, waiting=len(queue),
        harm=snapshot.queue.get(shown, 0.0), following=_rows(snapshot, following),
        more=max(0, len(following) - _FOLLOWING), **values,
    )  # fmt: skip


def _rows(snapshot: Snapshot, ids: Sequence[str]) -> list[tuple[Row, float]]:
    some = list(islice(ids, _FOLLOWING))
    numbers = [snapshot.columns.number_of[incident_id] for incident_id in some]
    rows = map(json.loads, snapshot.store.rows(numbers))
    return [(row, snapshot.queue[row["incident_id"]]) for row in rows]


def sign_in_page(
    snapshot: Snapshot,
    at: Addresses,
    said: str = "",
    editor: str = "",
    then: str = "",
    form: Form | None = None,
) -> bytes:
    """Return the page that asks for the token.

    Args:
        snapshot: what the foot of the page names.
        at: where links lead.
        said: why it is asked for.
        editor: the name that was typed.
        then: where the editor goes on.
        form: what was sent after the session had ended. It is shown, so that it is not lost.
    """
    kept = [
        (name, one_line(value, 2_000))
        for name, values in (form or {}).items()
        for value in values
        if name not in _NOT_KEPT and value.strip()
    ]
    return render(
        "sign_in.html", snapshot, at, title="Sign in", said=said, editor=editor, then=then, kept=kept
    )
