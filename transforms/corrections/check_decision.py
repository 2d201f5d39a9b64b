"""What every decision must have, wherever a person makes it: on the command line or on a page."""

from enum import StrEnum, auto

from transforms.corrections.decision import Decision
from transforms.util.web_address import web_address

MAX_NAME = 100
"""Letters of an editor's name."""


class Fault(StrEnum):
    """Why a decision cannot be stored. Each place where people decide says it in its own words."""

    EMPTY = auto()
    CONFIRM_AND_REJECT = auto()
    CONFIRM_WITH_OTHER = auto()
    NO_REASON = auto()
    NO_WEB_ADDRESS = auto()


def fault_of(decision: Decision) -> Fault | None:
    """Return what a decision lacks, None where it lacks nothing."""
    if decision.is_empty:
        return Fault.EMPTY
    if decision.confirm and decision.reject:
        return Fault.CONFIRM_AND_REJECT
    if decision.confirm and (decision.merge or decision.split or decision.undo or decision.unmerge):
        return Fault.CONFIRM_WITH_OTHER
    if not (decision.why or "").strip() and (decision.reject or not decision.confirm or decision.settings):
        return Fault.NO_REASON
    if decision.source_url is not None and web_address(decision.source_url) is None:
        return Fault.NO_WEB_ADDRESS
    return None


def editor_name(typed: str) -> str | None:
    """Return the name of who decides; None where it is no name that can be shown beside a decision."""
    name = typed.strip()
    return name if name and name.isprintable() and len(name) <= MAX_NAME else None
