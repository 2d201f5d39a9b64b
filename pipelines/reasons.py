"""The one line that says why a command failed."""

import re

_NO_MEMORY = (
    "can't start new thread", "bad_alloc", "bad allocation", "Cannot allocate memory",
    "failed to map segment",
)  # fmt: skip
_FULL = re.compile(r"\[Errno (28|122|27)\] ")
"""Numbers of Linux for a full disk, a used up quota and a file above the limit of its size."""


def reason_of(error: BaseException) -> str:
    """Return one line for a person: the first line of the innermost error's message.

    Beam wraps an error of a step in another one, and appends the steps that it passed through.
    """
    text = str(error).strip() or type(error).__name__
    if isinstance(error, MemoryError) or any(words in text for words in ("MemoryError", *_NO_MEMORY)):
        return "not enough memory"
    if "BrokenProcessPool" in f"{type(error).__name__} {text}":
        return "worker processes could not start or were killed; is there enough memory and disk space?"
    line = re.sub(r"\s*\[while running .*", "", text.splitlines()[0])
    if _FULL.search(line):
        return f"no space left on a disk: {_FULL.sub('', line).removeprefix('OSError: ')}"
    return line
