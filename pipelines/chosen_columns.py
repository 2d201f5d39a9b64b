"""``--columns`` of ``show`` and ``export``: which columns a user wants to see, in which order."""

from collections.abc import Sequence

from transforms.util.errors import UserError


class ColumnUnknown(UserError):
    """A column that a table does not have, or that was named twice."""


def split_names(text: str | None) -> tuple[str, ...]:
    """Return the names in a list such as ``place,killed``; none where there is no list.

    >>> split_names("date, place,killed")
    ('date', 'place', 'killed')
    """
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def check_columns(names: Sequence[str], known: Sequence[str], table: str) -> None:
    """Check that a table has the columns, each named once.

    Raises:
        ColumnUnknown: it has not, or one is named twice.
    """
    for position, name in enumerate(names):
        if name not in known:
            raise ColumnUnknown(f"--columns: {table} has no column {name!r}; there are {', '.join(known)}")
        if name in names[:position]:
            raise ColumnUnknown(f"--columns names {name!r} twice")
