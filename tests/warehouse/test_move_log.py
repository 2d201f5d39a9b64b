"""Moving the log into a DuckDB file: whatever ends it, and wherever, every row is there once."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

import transforms.warehouse.duckdb as adapter
from transforms.warehouse import WarehouseBusy, WarehouseError, move_log, open_warehouse, private_copy
from transforms.warehouse.duckdb import DuckDBWarehouse

COUNT = "SELECT COUNT(*) AS n, COUNT(DISTINCT n) AS m FROM t"
ROWS = 3_000


def an_opened(path: Path) -> DuckDBWarehouse:
    """Return an open file of 1,000 rows whose log holds 2,000 more, and changes of the first."""
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE t AS SELECT range AS n, md5(range::VARCHAR) AS m FROM range(1000)")
    opened = DuckDBWarehouse(str(path))
    opened.execute("INSERT INTO t (n, m) SELECT n, 'new' FROM UNNEST(GENERATE_ARRAY(1000, 2999)) AS n")
    opened.execute("UPDATE t SET m = 'changed' WHERE MOD(n, 3) = 0")
    return opened


def check_rows(path: Path) -> None:
    """Check that every row is there once, and that nothing lies beside the file."""
    with open_warehouse(f"duckdb:///{path}") as opened:
        assert opened.query(COUNT) == [{"n": ROWS, "m": ROWS}]
        assert opened.query("SELECT COUNT(*) AS n FROM t WHERE m = 'changed'") == [{"n": ROWS // 3}]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


ENDS_EARLY = """
import os, sys
from pathlib import Path
path, left = Path(sys.argv[1]), int(sys.argv[2])
sys.path[:0] = sys.argv[3:]
from test_move_log import an_opened

STEPS = ("open", "os.rename", "os.remove", "os.utime", "os.chmod", "shutil.copyfile")
opened = an_opened(path)

def count(event, arguments):
    global left
    if event in STEPS and path.name in str(arguments[0]):
        left -= 1
        if left == 0:
            os._exit(7)

sys.addaudithook(count)
opened.close()
"""
"""Closes a file and ends, as if it were killed, right before one of the steps that touch a file."""


def test_a_process_that_ends_anywhere_in_the_moving_loses_no_row(tmp_path: Path) -> None:
    ended_at = 0
    for step in range(1, 40):
        path = tmp_path / str(step) / "x.duckdb"
        path.parent.mkdir()
        program = [
            sys.executable,
            "-c",
            ENDS_EARLY,
            str(path),
            str(step),
            str(Path(__file__).parent),
            *sys.path,
        ]
        ended = subprocess.run(program, check=False, capture_output=True, text=True)
        check_rows(path)
        if ended.returncode != 7:
            assert ended.returncode == 0, ended.stderr
            break
        ended_at = step
    assert ended_at > 8
    assert ended.returncode == 0


@pytest.mark.parametrize("word", ["rename", "replace", "utime", "fsync"])
def test_a_step_that_fails_leaves_the_log_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """So it is for a file that is mounted by itself, for another user's file, and for a disk that fills."""
    path = tmp_path / "x.duckdb"
    opened = an_opened(path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    with monkeypatch.context() as patch:
        patch.setattr(move_log.os, word, refuse)
        opened.close()
    assert {p.name for p in tmp_path.iterdir()} == {path.name, f"{path.name}.wal"}
    check_rows(path)


def test_a_copy_of_an_earlier_file_never_takes_its_place(tmp_path: Path) -> None:
    """A process was killed, and the user has put a saved file back since."""
    path = tmp_path / "x.duckdb"
    an_opened(path).close()
    shutil.copyfile(path, tmp_path / ".x.duckdb.moved")
    with duckdb.connect(str(path)) as db:
        db.execute("INSERT INTO t VALUES (-1, 'later')")
    with open_warehouse(f"duckdb:///{path}") as opened:
        assert opened.query(COUNT) == [{"n": ROWS + 1, "m": ROWS + 1}]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_file_with_a_second_name_keeps_both(tmp_path: Path) -> None:
    path, second = tmp_path / "x.duckdb", tmp_path / "second.duckdb"
    opened = an_opened(path)
    os.link(path, second)
    opened.close()
    assert path.samefile(second)
    second.unlink()
    check_rows(path)


def test_the_file_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    opened = an_opened(path)
    path.chmod(0o640)
    opened.close()
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_log_of_a_large_file_is_moved_once_it_is_a_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    an_opened(path).close()
    monkeypatch.setattr(move_log, "_LARGE", 1)
    names = []
    for n in range(4):
        with open_warehouse(f"duckdb:///{path}") as opened:
            opened.execute("UPDATE t SET m = CONCAT(m, ' ', @n) WHERE n < 20", {"n": str(n)})
        names.append(len(list(tmp_path.iterdir())))
        monkeypatch.setattr(move_log, "_PART_OF_LARGE", 32 if n < 2 else 10_000)
    assert names == [2, 2, 2, 1]
    with open_warehouse(f"duckdb:///{path}") as opened:
        assert opened.query("SELECT DISTINCT m FROM t WHERE n = 1") == [
            {"m": "c4ca4238a0b923820dcc509a6f75849b 0 1 2 3"}
        ]


OTHER = "import duckdb, sys; duckdb.connect(sys.argv[1]); print('opened')"


def another_process(path: Path) -> str:
    """Return what another process says that opens a file: ``opened``, or nothing."""
    return subprocess.run(
        [sys.executable, "-c", OTHER, str(path)], check=False, capture_output=True, text=True
    ).stdout.strip()


def test_a_file_that_this_process_writes_to_stays_locked_while_it_opens_it_again(tmp_path: Path) -> None:
    """The system ends a process's lock on a file where the process closes the file once, whoever opened it."""
    path = tmp_path / "x.duckdb"
    with open_warehouse(f"duckdb:///{path}") as first:
        with open_warehouse(f"duckdb:///{path}") as second:
            assert second.ensure()
        assert another_process(path) == ""
        assert first.query("SELECT * FROM leases_v1") == []
    assert another_process(path) == "opened"


def test_a_file_stays_locked_until_it_and_its_log_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE TABLE t (n BIGINT)")
    said = []
    copied = shutil.copyfileobj

    def copy(*words: Any) -> None:
        copied(*words)
        said.append(another_process(path))

    monkeypatch.setattr(private_copy.shutil, "copyfileobj", copy)
    (tmp_path / "copy").mkdir()
    with private_copy.open_copy(f"duckdb:///{path}", tmp_path / "copy") as opened:
        assert opened.query("SELECT * FROM t") == []
    assert said == [""]


def test_a_file_that_is_replaced_while_it_is_opened_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, new = tmp_path / "x.duckdb", tmp_path / "new.duckdb"
    an_opened(path).close()
    shutil.copyfile(path, new)
    connect = duckdb.connect
    times = 0

    def connect_late(name: str, **words: Any) -> duckdb.DuckDBPyConnection:
        nonlocal times
        times += name == str(path)
        db = connect(name, **words)
        if new.exists():
            new.rename(path)
        return db

    monkeypatch.setattr(adapter.duckdb, "connect", connect_late)
    with open_warehouse(f"duckdb:///{path}") as opened:
        opened.execute("INSERT INTO t (n, m) VALUES (-1, 'later')")
    assert times == 2
    with connect(str(path)) as db:
        assert db.execute("SELECT COUNT(*) FROM t WHERE n = -1").fetchall() == [(1,)]


def test_a_file_that_is_replaced_again_and_again_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    an_opened(path).close()
    monkeypatch.setattr(adapter.os.path, "samestat", lambda *_: False)
    with pytest.raises(WarehouseBusy, match="in use by another process"):
        DuckDBWarehouse(str(path))
    monkeypatch.undo()
    check_rows(path)


def test_a_log_that_cannot_be_moved_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.duckdb"
    opened = an_opened(path)

    def refuse(_: Path) -> None:
        raise WarehouseError("no space left")

    monkeypatch.setattr(adapter, "_checkpoint", refuse)
    opened.close()
    assert {p.name for p in tmp_path.iterdir()} == {path.name, f"{path.name}.wal"}
    monkeypatch.undo()
    check_rows(path)
