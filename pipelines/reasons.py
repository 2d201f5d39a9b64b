"""The one line that says why a command failed."""

import errno
import re

_NO_MEMORY = ("can't start new thread", "std::bad_alloc", "bad allocation", "Cannot allocate memory")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def reason_of(error: BaseException) -> str:
    """Return one line for a person: the first line of the innermost error's message.

    Beam wraps an error of a step in another one, and appends the steps that it passed through.
    """
    if isinstance(error, MemoryError) or any(words in str(error) for words in _NO_MEMORY):
        return "not enough memory"
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        hint = "; free some space and run again" if error.errno in _FULL else ""
        return f"{where}{error.strerror}{hint}"
    text = str(error).strip() or type(error).__name__
    return re.sub(r"\s*\[while running .*", "", text.splitlines()[0])
