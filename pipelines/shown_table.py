"""A table in the terminal: its columns, and which of them are left out where the terminal is narrow."""

from collections.abc import Callable, Collection, Sequence
from typing import Literal, NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.terminal import neutral
from transforms.warehouse import Row

_GAP = 2
"""Between two columns."""
_LEAST_OF_FOLDED = 24
"""A column that breaks long words, such as addresses, is readable from here on."""


class ShownColumn(NamedTuple):
    """One column of a table. ``cell`` returns its text for a row.

    ``layout``: ``right`` aligns numbers, ``nowrap`` keeps the text in one line, and ``fold`` breaks a long
    word such as a URL, which the others cut.
    """

    heading: str
    cell: Callable[[Row], str]
    layout: Literal["left", "right", "nowrap", "fold"] = "left"


def print_table(
    console: Console, columns: Sequence[ShownColumn], rows: Collection[Row], spare: Sequence[str] = ()
) -> None:
    """Print rows as a table.

    Args:
        console: where to print.
        columns: the columns.
        rows: the rows.
        spare: headings of columns that are left out, the first ones first, where the terminal is so narrow
            that words would be cut.
    """
    texts = {column: [neutral(column.cell(row)) for row in rows] for column in columns}
    left_out: list[str] = []
    for heading in spare:
        if _least_width(texts) <= console.width:
            break
        left_out.append(heading)
        texts = {column: cells for column, cells in texts.items() if column.heading != heading}
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in texts:
        table.add_column(
            column.heading,
            justify="right" if column.layout == "right" else "left",
            no_wrap=column.layout == "nowrap",
            overflow="fold" if column.layout == "fold" else "ellipsis",
        )
    for cells in zip(*texts.values(), strict=True):
        table.add_row(*(escape(cell) for cell in cells))
    console.print(table)
    if left_out:
        console.print(f"left out here: {', '.join(left_out)}; a wider terminal or --columns shows them")


def _least_width(texts: dict[ShownColumn, list[str]]) -> int:
    """Return the width of the narrowest table in which no word is cut."""
    widths = []
    for column, cells in texts.items():
        parts = cells if column.layout == "nowrap" else [word for cell in cells for word in cell.split()]
        longest = max((cell_len(part) for part in parts), default=0)
        if column.layout == "fold":
            longest = min(longest, _LEAST_OF_FOLDED)
        widths.append(max(longest, *(cell_len(word) for word in column.heading.split())))
    return sum(widths) + _GAP * (len(widths) - 1)
