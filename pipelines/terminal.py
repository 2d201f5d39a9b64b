"""Consoles of the command line. Text from outside, such as a feed's name, cannot steer the terminal.

A console cleans all that it prints, whatever prints it, so no command can forget to.
"""

import io
import re
import sys
from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.measure import Measurement
from rich.segment import Segment

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls: ESC and CSI (\x9b) begin commands to the terminal
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks reorder what is read
    "\u2028\u2029\ufeff\ud800-\udfff]"  # line separators, byte order marks, halves of characters
)
_TABLE_WIDTH_WHERE_PIPED = 200


def neutral(text: str) -> str:
    """Return a text in which every character that could steer a terminal is replaced by U+FFFD."""
    return _HARMFUL.sub(REPLACEMENT, text)


class _Neutral:
    """Renders what it holds, with neutral text. Rich's own control segments stay."""

    def __init__(self, inner: ConsoleRenderable) -> None:
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._inner, options):
            yield segment if segment.control else Segment(neutral(segment.text), segment.style)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self._inner)


class _NeutralHook(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Neutral(renderable) for renderable in renderables]


def make_console(*, is_error: bool = False, width: int | None = None) -> Console:
    """Return a console for standard output or standard error.

    Args:
        is_error: for standard error.
        width: characters of a line. Default: that of the terminal.
    """
    console = Console(stderr=is_error, highlight=False, width=width)
    console.push_render_hook(_NeutralHook())
    return console


def table_console(console: Console) -> Console:
    """Return a console for tables on standard output: the given one on a terminal, else a wide one."""
    return console if console.is_terminal else make_console(width=_TABLE_WIDTH_WHERE_PIPED)


def accept_any_character() -> None:
    """Let standard output and standard error replace what their encoding lacks.

    Otherwise a dash ends the command where the encoding is ASCII (LC_ALL=C, PYTHONIOENCODING=ascii).
    """
    for stream in _standard_streams():
        if stream.errors in ("strict", "surrogateescape"):  # the latter in the locale C
            stream.reconfigure(errors="replace")


def write_utf8() -> None:
    """Let standard output write UTF-8 in every locale: JSON lines are data, so nothing may be replaced."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def _standard_streams() -> Iterator[io.TextIOWrapper]:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            yield stream
