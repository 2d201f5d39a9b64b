"""``review``: the next incident that needs a person, its sentences, and a decision by one key."""

from collections.abc import Callable

import click
from rich.console import Console

from pipelines.correct import CorrectionRefused, Decision, correct
from pipelines.corrected_text import lines_of
from pipelines.explain import explain
from pipelines.find_ids import NotFound
from schemas.sql_files import statement
from transforms.warehouse import open_warehouse

KEYS = "[c]onfirm  [r]eject  [s]et FIELD=VALUE  [m]erge INCIDENT  s[p]lit REPORT  [n]ext  [q]uit"
_NEEDS_WORDS = {
    "s": "FIELD=VALUE",
    "m": "the other incident",
    "p": "the report or the address of its article",
}


def review_incidents(warehouse_url: str, storage: str | None, editor: str, console: Console) -> int:
    """Show one incident of the queue after another and store what the person decides. Return how many
    decisions.

    An end of the input ends the review. What was decided until then is stored.
    """
    seen: set[str] = set()
    decided = 0
    while (incident_id := _next(warehouse_url, seen, console)) is not None:
        seen.add(incident_id)
        try:
            decision = _ask(console)
        except (click.Abort, EOFError):
            break
        if decision is None:
            break
        if decision.is_empty:
            continue
        try:
            for line in lines_of(correct(warehouse_url, storage, incident_id, decision, editor)):
                console.print(line, markup=False, soft_wrap=True)
            decided += 1
        except (CorrectionRefused, NotFound) as error:
            console.print(str(error), markup=False)
            seen.discard(incident_id)  # the same incident again
    console.print(f"{decided} decided", markup=False)
    return decided


def _next(warehouse_url: str, seen: set[str], console: Console) -> str | None:
    """Print the next incident of the queue, and return its id; None where the queue is done."""
    with open_warehouse(warehouse_url, read_only=True) as warehouse:
        rows = warehouse.query(statement(__file__, "review_queue"))
        left = [row for row in rows if row["incident_id"] not in seen]
        if not left:
            console.print("nothing left to review" if rows else "nothing to review", markup=False)
            return None
        incident_id = str(left[0]["incident_id"])
        console.rule(f"{len(left)} to review, harm {left[0]['harm']:.2f}")
        explain(warehouse, incident_id, console)
    return incident_id


def _ask(console: Console, prompt: Callable[..., str] = click.prompt) -> Decision | None:
    """Return what the person decides: an empty decision for the next incident, None to end the review."""
    while True:
        typed = prompt(KEYS, prompt_suffix="\n> ", default="n", show_default=False).strip()
        key, _, rest = typed.partition(" ")
        rest = rest.strip()
        if key == "q":
            return None
        if key == "n":
            return Decision()
        if key in _NEEDS_WORDS and not rest:
            console.print(f"{key} takes {_NEEDS_WORDS[key]} behind it", markup=False)
            continue
        why = "" if key == "c" else _reason(prompt) if key in "rsmp" and len(key) == 1 else None
        if why is None:
            console.print(f"no such key: {key!r}", markup=False)
            continue
        return Decision(
            confirm=key == "c",
            reject=key == "r",
            settings=(rest,) if key == "s" else (),
            merge=rest if key == "m" else None,
            split=(rest,) if key == "p" else (),
            why=why or None,
        )


def _reason(prompt: Callable[..., str]) -> str:
    """Return the reason, which readers of the ledger see."""
    return prompt("why", prompt_suffix="? ").strip()
