"""A decision as a form of the pages sends it."""

from collections.abc import Mapping, Sequence

from transforms.corrections.check_decision import Fault, fault_of
from transforms.corrections.decision import CorrectionRefused, Decision
from transforms.corrections.settable import FIELDS, SHORT_FORMS
from transforms.util.text import one_line

Form = Mapping[str, Sequence[str]]
"""What a form sends: for each name its values, in their order."""
KINDS = ("confirm", "reject", "set", "merge", "split", "undo")
SETTABLE = (*SHORT_FORMS, *FIELDS)
"""What a person can choose to set, as ``correct --set`` names it."""
MAX_REASON, _MAX_VALUE = 2_000, 500
_WORDS = {
    Fault.EMPTY: "choose what is to change",
    Fault.CONFIRM_AND_REJECT: "an incident is confirmed or rejected, not both",
    Fault.CONFIRM_WITH_OTHER: "look at what the other decision gives before you confirm it",
    Fault.NO_REASON: "say why: readers of the ledger see the reason",
    Fault.NO_WEB_ADDRESS: "a source is an http(s) address",
}


def read_decision(form: Form) -> Decision:
    """Return the decision of a form.

    Raises:
        CorrectionRefused: it lacks something; the message is one line for the person who sent it.
    """
    kind = first(form, "kind")
    if kind not in KINDS:
        raise CorrectionRefused("there is no such decision")
    decision = Decision(
        confirm=kind == "confirm",
        reject=kind == "reject",
        settings=_settings(form) if kind == "set" else (),
        merge=(first(form, "other") or first(form, "neighbour") or None) if kind == "merge" else None,
        split=tuple(form.get("report", ())) if kind == "split" else (),
        undo=(first(form, "correction") or None) if kind == "undo" else None,
        why=_reason(form),
        source_url=first(form, "source") or None,
    )
    fault = fault_of(decision)
    if fault is not None:
        raise CorrectionRefused(_WORDS[fault])
    return decision


def first(form: Form, name: str) -> str:
    """Return the first value of a form that has a name, without blanks around it; empty where none has."""
    values = form.get(name, ())
    return values[0].strip() if values else ""


def _reason(form: Form) -> str | None:
    typed = first(form, "why")
    if len(typed) > MAX_REASON:
        raise CorrectionRefused(f"a reason has at most {MAX_REASON:,} characters")
    return one_line(typed, MAX_REASON) or None


def _settings(form: Form) -> tuple[str, ...]:
    """Return the pairs FIELD=VALUE of a form, which has several lines for them. An empty line is none."""
    found = []
    for field, value in zip(form.get("field", ()), form.get("value", ()), strict=False):
        if not field and not value.strip():
            continue
        if not field:
            raise CorrectionRefused(f"choose the field that is {one_line(value, 60)!r}")
        if not value.strip():
            raise CorrectionRefused(f"type the value of {field}; null stands for “not stated”")
        if len(value) > _MAX_VALUE:
            raise CorrectionRefused(f"a value has at most {_MAX_VALUE} characters")
        found.append(f"{field}={value}")
    return tuple(found)
