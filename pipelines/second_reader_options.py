"""The options of the second reader, for the commands that may use one. Off unless a file is named."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from transforms.util.errors import UserError

if TYPE_CHECKING:
    from transforms.nlp.second_reader.reader_settings import ReaderSettings

Command = TypeVar("Command", bound=Callable[..., Any])
_VARIABLE = "STRIKELEDGER_SECOND_READER"
_META = f"{__name__}."
_HELP = "Let a language model behind an HTTP endpoint read articles too: a YAML file says where it is."
_FILE, _SCOPE, _OUT = "file", "scope", "out"


@dataclass(frozen=True, slots=True)
class ChosenReader:
    """The second reader that a user has chosen.

    ``since``: no article published before this date is read; None: every article. ``out``: where ``extract``
    writes.
    """

    settings: "ReaderSettings"
    since: str | None
    out: Path | None = None


def _option(name: str, key: str, **settings: Any) -> Callable[[Command], Command]:
    """Return an option whose value is kept in the context, so that no command needs a parameter for it."""

    def keep(context: click.Context, _: click.Parameter, value: Any) -> None:
        context.meta[_META + key] = value

    return click.option(name, expose_value=False, callback=keep, **settings)


def second_reader_options(command: Command) -> Command:
    """Add the options of the second reader to a command that writes to a warehouse."""
    file = _option(
        "--second-reader", _FILE, metavar="FILE", envvar=_VARIABLE,
        help=f"{_HELP} {_VARIABLE} stands for it. Default: none.",
    )  # fmt: skip
    return file(_scope_option(command))


def second_reader_out_options(command: Command) -> Command:
    """Add the options of the second reader to a command without a warehouse.

    No variable stands for them, because the command uses no network unless it is told to.
    """
    file = _option("--second-reader", _FILE, metavar="FILE", help=f"{_HELP} Default: none.")
    out = _option(
        "--second-readings",
        _OUT,
        metavar="FILE",
        help="Where --second-reader writes its reports, JSON lines.",
    )
    return file(_scope_option(out(command)))


def _scope_option(command: Command) -> Command:
    return _option(
        "--second-reader-scope", _SCOPE, type=click.Choice(["gated", "doubtful"]),
        help="What it reads: every article that may hold a strike, or those with a report of low confidence. "
        "Default: what the file says, else doubtful.",
    )(command)  # fmt: skip


def chosen_reader(since: str | None = None, *, has_warehouse: bool = True) -> ChosenReader | None:
    """Return the second reader that the options of the present command choose, None for none.

    Args:
        since: overrides the date in the file.
        has_warehouse: the command reads stored articles, so a date must say how far back.

    Raises:
        UserError: the file cannot be used, or options that belong together are not all given.
    """
    context = click.get_current_context()
    name, out = context.meta.get(_META + _FILE), context.meta.get(_META + _OUT)
    if not name:
        if out:
            raise UserError("--second-readings goes with --second-reader")
        return None
    from transforms.nlp.second_reader.reader_settings import ReaderSettingsInvalid, parse_reader_settings

    try:
        text = Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise ReaderSettingsInvalid(f"--second-reader: can't read {name}") from None
    hosts = tuple(context.params.get("allow_hosts", ()))
    settings = parse_reader_settings(text, name, context.meta.get(_META + _SCOPE), hosts)
    if has_warehouse:
        since = since or (settings.since.isoformat() if settings.since else None)
        if since is None:
            raise ReaderSettingsInvalid(
                f"{name}: since is missing: the date from which stored articles are read"
            )
        return ChosenReader(settings, since)
    if not out:
        raise UserError("--second-reader goes with --second-readings here")
    return ChosenReader(settings, None, Path(out))
