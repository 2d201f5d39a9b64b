"""``review``: the next incident that needs a person, its sentences, and a decision by one key."""

from dataclasses import dataclass, field

import click
from rich.console import Console

from pipelines.correct import correct
from pipelines.corrected_text import lines_of
from pipelines.explain import explain
from pipelines.find_ids import NotFound
from schemas.sql_files import statement
from transforms.corrections.decision import CorrectionRefused, Decision
from transforms.util.web_address import web_address
from transforms.warehouse import open_warehouse

KEYS = (
    "[c]onfirm  [r]eject  [s]et FIELD=VALUE  [m]erge INCIDENT  s[p]lit REPORT  [u]ndo the last  "
    "[n]ext  [q]uit"
)
_TAKES = {
    "s": "FIELD=VALUE, such as s killed=22",
    "m": "the other incident, such as m i-705a",
    "p": "the report or the address of its article, such as p 4f1c",
}
_STAYS = "su"
"""Keys after which the same incident is shown again: a person may set more, then confirm."""


def review_incidents(warehouse_url: str, storage: str | None, editor: str, console: Console) -> int:
    """Show one incident of the queue after another and store what the person decides.

    An end of the input ends the review. What was decided until then is stored.

    Returns:
        How many decisions were stored.
    """
    desk = Desk(warehouse_url, storage, editor, console)
    try:
        while (incident_id := desk.next_incident()) is not None:
            desk.decide(incident_id)
    except (click.Abort, EOFError):
        pass
    console.print(f"{desk.decided} decided, {desk.passed} left for later", markup=False)
    return desk.decided


@dataclass
class Desk:
    """One person's walk through the queue. ``passed``: incidents that were looked at and not decided."""

    warehouse_url: str
    storage: str | None
    editor: str
    console: Console
    decided: int = 0
    passed: int = 0
    _seen: set[str] = field(default_factory=set)

    def next_incident(self) -> str | None:
        """Return the most harmful incident that was not seen yet; None where the queue is done."""
        with open_warehouse(self.warehouse_url, read_only=True) as warehouse:
            rows = warehouse.query(statement(__file__, "review_queue"))
        left = [row for row in rows if row["incident_id"] not in self._seen]
        if not left:
            self._say("nothing left to review" if rows else "nothing to review")
            return None
        self.console.rule(f"{len(left)} to review, harm {left[0]['harm']:.2f}")
        return str(left[0]["incident_id"])

    def decide(self, incident_id: str) -> None:
        """Show an incident, and store decisions about it until the person goes on to the next.

        Raises:
            click.Abort, EOFError: the person ends the review.
        """
        self._seen.add(incident_id)
        made = self.decided
        self._show(incident_id)
        while True:
            typed = click.prompt(KEYS, prompt_suffix="\n> ", default="n", show_default=False).strip()
            key, _, rest = typed.partition(" ")
            if key == "q":
                raise EOFError
            if key == "n":
                break
            decision = self._decision(key, rest.strip())
            if decision is None or not self._stored(incident_id, decision):
                continue
            if key not in _STAYS:
                break
            self._show(incident_id)
        self.passed += self.decided == made

    def _decision(self, key: str, rest: str) -> Decision | None:
        """Return what a line means. None, and a word about it, where it means nothing."""
        if key not in {"c", "r", "u", *_TAKES}:
            self._say(f"no such key: {key!r}")
            return None
        if key in _TAKES and not rest:
            self._say(f"{key} takes {_TAKES[key]}")
            return None
        if key not in _TAKES and rest:
            self._say(f"{key} takes nothing behind it; the reason is asked for next")
            return None
        if key == "s" and "=" not in rest:
            self._say(f"s takes {_TAKES[key]}, not {rest!r}")
            return None
        if key == "c":
            return Decision(confirm=True)
        why = self._ask("why (readers see it; nothing: back)")
        if not why:
            self._say("a reason is needed: nothing was stored")
            return None
        source = self._ask("source (an http(s) address, or nothing)") or None
        if source is not None and web_address(source) is None:
            self._say(f"a source is an http(s) address, not {source!r}: nothing was stored")
            return None
        return Decision(
            reject=key == "r",
            settings=(rest,) if key == "s" else (),
            merge=rest if key == "m" else None,
            split=(rest,) if key == "p" else (),
            undo="last" if key == "u" else None,
            why=why,
            source_url=source,
        )

    def _stored(self, incident_id: str, decision: Decision) -> bool:
        try:
            changed = correct(self.warehouse_url, self.storage, incident_id, decision, self.editor)
        except (CorrectionRefused, NotFound) as error:
            self._say(str(error))
            return False
        for line in lines_of(changed):
            self._say(line)
        self.decided += 1
        return True

    def _show(self, incident_id: str) -> None:
        with open_warehouse(self.warehouse_url, read_only=True) as warehouse:
            explain(warehouse, incident_id, self.console)

    def _ask(self, question: str) -> str:
        return str(click.prompt(question, prompt_suffix=": ", default="", show_default=False)).strip()

    def _say(self, line: str) -> None:
        self.console.print(line, markup=False, soft_wrap=True)
