"""Tables in narrow terminals: columns are left out, and no word is cut."""

from __future__ import annotations

import pytest
from conftest import Ledger
from sample_records import KHARKIV, a_report
from store_reports import store_as_run as store

from pipelines.show import VIEWS, print_view
from pipelines.shown_table import ShownColumn, print_table
from pipelines.terminal import make_console
from transforms.warehouse import open_warehouse

Captured = pytest.CaptureFixture[str]
COLUMNS = [
    ShownColumn("place", lambda row: row["place"]), ShownColumn("killed", lambda row: row["killed"], "right"),
    ShownColumn("actor", lambda row: row["actor"]), ShownColumn("id", lambda row: row["id"], "nowrap"),
]  # fmt: skip
ROWS = [{"place": "Novoolenivka village", "killed": "5", "actor": "Russia", "id": "i-0 1 2"}]


@pytest.mark.parametrize(
    ("width", "left_out"),
    [
        (39, ""),  # 12 + 6 + 6 + 7 characters, and six or more between them
        (37, ""),
        (36, "left out here: actor; a wider"),
        (29, "left out here: actor; a wider"),
        (28, "left out here: actor, killed; a"),
    ],
)
def test_columns_are_left_out_until_no_word_is_cut(capsys: Captured, width: int, left_out: str) -> None:
    print_table(make_console(width=width), COLUMNS, ROWS, ("actor", "killed"))
    heading, first, second, *rest = capsys.readouterr().out.splitlines()
    assert "…" not in first + second
    assert "Novoolenivka" in first and "village" in second and "i-0 1 2" in first
    assert ("actor" in heading, "killed" in heading) == ("actor" not in left_out, "killed" not in left_out)
    assert " ".join(line.strip() for line in rest).startswith(left_out) and bool(rest) == bool(left_out)


def test_the_table_of_incidents_fits_into_80_characters(capsys: Captured, ledger: Ledger) -> None:
    store(ledger, a_report(1), a_report(2, **KHARKIV))
    with open_warehouse(ledger.url, read_only=True) as opened:
        print_view(opened, "incidents", make_console(width=80))
        narrow = capsys.readouterr().out
        print_view(opened, "incidents", make_console(width=200))
        wide = capsys.readouterr().out
        print_view(opened, "incidents", make_console(width=80), names=["place", "sources"])
        chosen = capsys.readouterr().out
    assert "…" not in narrow and "left out here: " in narrow
    assert all(len(line) <= 80 for line in narrow.splitlines()[:3])
    for kept in ("Kharkiv", "killed", "2025-04-0"):
        assert kept in narrow
    assert "left out" not in wide + chosen and "sources" in wide and "sources" in chosen


def test_what_may_be_left_out_is_a_column() -> None:
    for view in VIEWS.values():
        assert view.spare and set(view.spare) < {column.heading for column in view.columns}
