"""The commands of an editor: ``correct`` and ``review``."""

from collections.abc import Callable
from typing import Any

import click

from pipelines.command_options import OUT, ledger_option, storage_option

_editor_option = click.option(
    "--by", "made_by", metavar="NAME", envvar="STRIKELEDGER_EDITOR", show_envvar=True,
    help="Who decides. Default: the user of this machine.",
)  # fmt: skip


def _decision_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = (
        click.option("--confirm", is_flag=True, help="The incident is right as it is."),
        click.option("--reject", is_flag=True, help="It is no strike, or it did not happen."),
        click.option(
            "--set", "settings", multiple=True, metavar="FIELD=VALUE",
            help="Set a column, such as fatalities_low=22, weapon=drone, actor=null; killed=22 sets low, "
            "best and high, so do killed=20-25 and killed=20+; location=Sumy sets the whole place. "
            "Repeatable.",
        ),
        click.option("--merge", metavar="INCIDENT", help="The other incident is the same strike."),
        click.option(
            "--split", multiple=True, metavar="REPORT",
            help="This report, or the article at this address, tells of another strike. Repeatable.",
        ),
        click.option("--unmerge", is_flag=True, help="Take the merges of this incident back."),
        click.option(
            "--undo", metavar="CORRECTION|last",
            help="Take a correction back; last is the latest decision about this incident.",
        ),
        click.option("--why", metavar="TEXT", help="The reason. All but --confirm need one."),
        click.option("--source", "source_url", metavar="URL", help="Where it can be read."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command(
    help="Decide about an incident: confirm or reject it, set fields, merge or split it, or take a decision "
    "back. Each decision is stored as a fact, with who made it and why; new reports and later runs keep it."
)
@click.argument("incident", metavar="INCIDENT")
@_decision_options
@_editor_option
@ledger_option
@storage_option
def correct(
    incident: str, confirm: bool, reject: bool, settings: tuple[str, ...], merge: str | None,
    split: tuple[str, ...], unmerge: bool, undo: str | None, why: str | None, source_url: str | None,
    made_by: str | None, warehouse: str, storage: str | None,
) -> None:  # fmt: skip
    from pipelines.correct import correct as store
    from pipelines.corrected_text import lines_of
    from transforms.corrections.decision import Decision

    decision = Decision(
        confirm=confirm, reject=reject, settings=settings, merge=merge, split=split, undo=undo,
        unmerge=unmerge, why=why, source_url=source_url,
    )  # fmt: skip
    _check(decision)
    for line in lines_of(store(warehouse, storage, incident, decision, _editor(made_by))):
        OUT.print(line, markup=False, soft_wrap=True)


def _check(decision: Any) -> None:
    from transforms.corrections.check_decision import Fault, fault_of

    words = {
        Fault.EMPTY: "say what to correct: --confirm, --reject, --set, --merge, --split or --undo",
        Fault.CONFIRM_AND_REJECT: "--confirm and --reject exclude each other",
        Fault.CONFIRM_WITH_OTHER: "--confirm goes with --set only: "
        "look at what the other decision gives first",
        Fault.NO_REASON: "--why is needed: readers of the ledger see the reason",
        Fault.NO_WEB_ADDRESS: f"--source takes an http(s) address, not {decision.source_url!r}",
    }
    fault = fault_of(decision)
    if fault is not None:
        raise click.UsageError(words[fault])


def _editor(made_by: str | None) -> str:
    import getpass

    from transforms.corrections.check_decision import editor_name

    name = editor_name(made_by or getpass.getuser())
    if name is None:
        raise click.UsageError("--by takes a name")
    return name


@click.command(
    help="Look at the incidents that need a person, the most harmful first, sentence by sentence, and decide "
    "by one key each: c confirm, r reject, s set a field, m merge, p split, u undo the last one, n next, "
    "q quit. What was decided is stored at once."
)
@_editor_option
@ledger_option
@storage_option
def review(made_by: str | None, warehouse: str, storage: str | None) -> None:
    from pipelines.review import review_incidents

    review_incidents(warehouse, storage, _editor(made_by), OUT)
