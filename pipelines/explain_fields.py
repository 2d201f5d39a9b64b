"""What the explanations share: the rows that they explain, and their tables of fields."""

from collections.abc import Sequence

from rich.table import Table

from transforms.util.errors import UserError
from transforms.util.readable import NOT_STATED, dates, text_or_dash, toll, words
from transforms.warehouse import Row


class NothingToExplain(UserError):
    """The id or URL names nothing in the warehouse."""


def first_row(rows: Sequence[Row], missing: str) -> Row:
    """Return the first of some rows.

    Args:
        rows: the result of a query.
        missing: what there is not, where there are no rows: "no report 'x'".

    Raises:
        NothingToExplain: there are no rows.
    """
    if not rows:
        raise NothingToExplain(f"{missing} in this warehouse")
    return rows[0]


def fields(row: Row) -> list[tuple[str, str, str]]:
    """Return the fields of a report or an incident: name, value, and the column that its evidence names."""
    place = ", ".join(str(v) for v in (row["location"], row["admin1"], row["country"]) if v)
    point = "" if row["latitude"] is None else f" ({row['latitude']:.3f}, {row['longitude']:.3f})"
    weapon = words(row["weapon"]) + (f" ({row['weapon_name']})" if row.get("weapon_name") else "")
    targets = ", ".join(words(t) for t in row["targets"] or ())
    return [
        ("place", place + point, "location"),
        ("spot", row["sublocation"] or NOT_STATED, "sublocation"),
        ("date", dates(row), "event_date_start"),
        ("time of day", row["event_time"] or NOT_STATED, "event_time"),
        ("weapon", weapon, "weapon"),
        ("actor", row["actor"] or NOT_STATED, "actor"),
        ("targets", targets or NOT_STATED, "targets"),
        ("killed", toll(row, "fatalities"), "fatalities_low"),
        ("children killed", text_or_dash(row["child_fatalities"]), "child_fatalities"),
        ("injured", toll(row, "injured"), "injured_low"),
        ("children injured", text_or_dash(row["child_injured"]), "child_injured"),
        ("claim status", row["claim_status"], "claim_status"),
    ]


def table_of_fields(title: str) -> Table:
    """Return an empty table with the columns field, value, confidence and sentence."""
    table = Table(box=None, show_header=False, pad_edge=False, title=title, title_justify="left")
    table.add_column("field", style="bold", no_wrap=True)
    table.add_column("value", ratio=1)
    table.add_column("confidence", style="dim", no_wrap=True)
    table.add_column("sentence", ratio=3, style="dim")
    return table
