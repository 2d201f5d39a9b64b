"""Moving the log into a DuckDB file: whatever ends it, and wherever, every row is there once."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from transforms.warehouse import (
    WarehouseDamaged,
    kept_copy,
    open_file,
    open_warehouse,
    private_copy,
)
from transforms.warehouse.duckdb import DuckDBWarehouse

COUNT = "SELECT COUNT(*) AS n, COUNT(DISTINCT n) AS m FROM t"
ROWS = 3_000
BLOCK = 1 << 18
HEADERS = 12_288
KEPT = ".x.duckdb.kept"


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
    assert names_beside(path) == [path.name]


def names_beside(path: Path) -> list[str]:
    return sorted(p.name for p in path.parent.iterdir())


ENDS_EARLY = """
import os, sys
from pathlib import Path
action, path, left = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
sys.path[:0] = sys.argv[4:]
from test_kept_copy import an_opened
from transforms.warehouse.duckdb import DuckDBWarehouse

STEPS = ("open", "os.rename", "os.remove", "os.chmod", "os.truncate", "fcntl.lockf")
begin = an_opened(path).close if action == "close" else lambda: DuckDBWarehouse(str(path))

def count(event, arguments):
    global left
    if event in STEPS and (path.name in str(arguments[0]) or event == "fcntl.lockf"):
        left -= 1
        if left == 0:
            os._exit(7)

sys.addaudithook(count)
begin()
os._exit(0)
"""
"""Closes or opens a file and ends, as if it were killed, right before one of the steps that touch a file."""


def ends_before(step: int, action: str, path: Path) -> bool:
    """Return whether a process that was to end before a step has got that far."""
    program = [sys.executable, "-c", ENDS_EARLY, action, str(path), str(step)]
    ended = subprocess.run(
        [*program, str(Path(__file__).parent), *sys.path], check=False, capture_output=True, text=True
    )
    assert ended.returncode in (0, 7), ended.stderr
    return ended.returncode == 7


def with_a_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a file whose log has been moved, and beside it the copy that a killed process would leave."""
    opened = an_opened(path)
    with monkeypatch.context() as patch:
        patch.setattr(open_file, "forget_copy", lambda _: None)
        opened.close()
    assert names_beside(path) == [KEPT, f"{KEPT}.wal", path.name]


def test_a_process_that_ends_anywhere_while_the_log_is_moved_loses_no_row(tmp_path: Path) -> None:
    for step in range(1, 40):
        path = tmp_path / str(step) / "x.duckdb"
        path.parent.mkdir()
        goes_on = ends_before(step, "close", path)
        with duckdb.connect(str(path), read_only=True) as db:  # whatever is left beside it does no harm
            assert db.execute("SELECT COUNT(*), COUNT(DISTINCT n) FROM t").fetchall() == [(ROWS, ROWS)]
        check_rows(path)
        if not goes_on:
            break
    assert 8 < step < 39


@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_file_gets_back_what_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_only: bool
) -> None:
    """A block is cut off, whichever: DuckDB had not written its later half."""
    path = tmp_path / "x.duckdb"
    with_a_copy(path, monkeypatch)
    kept, log, whole = ((tmp_path / name).read_bytes() for name in (KEPT, f"{KEPT}.wal", "x.duckdb"))
    returned = 0
    for block in range(HEADERS, len(whole), BLOCK):
        path.write_bytes(
            whole[: block + 5_000] + bytes(BLOCK - 5_000) + whole[block + BLOCK :] + bytes(BLOCK)
        )
        (tmp_path / KEPT).write_bytes(kept)
        (tmp_path / f"{KEPT}.wal").write_bytes(log)
        inode = path.stat().st_ino
        with open_warehouse(f"duckdb:///{path}", read_only=read_only) as opened:
            assert opened.query(COUNT) == [{"n": ROWS, "m": ROWS}]
            if (tmp_path / "x.duckdb.wal").exists():
                returned += 1
                assert path.stat().st_size == len(kept)
        assert path.stat().st_ino == inode
        check_rows(path)
    assert returned


def test_a_process_that_ends_while_it_writes_a_copy_back_loses_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    with_a_copy(path, monkeypatch)
    kept, log = ((tmp_path / name).read_bytes() for name in (KEPT, f"{KEPT}.wal"))
    damaged = path.read_bytes()[: HEADERS + 5_000].ljust(path.stat().st_size, b"\0")
    for step in range(1, 40):
        path.write_bytes(damaged)
        (tmp_path / KEPT).write_bytes(kept)
        (tmp_path / f"{KEPT}.wal").write_bytes(log)
        goes_on = ends_before(step, "open", path)
        check_rows(path)
        if not goes_on:
            break
    assert 5 < step < 39


def test_a_copy_that_was_to_be_written_back_is_written_back_though_the_file_seems_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    with_a_copy(path, monkeypatch)
    shutil.copyfile(tmp_path / KEPT, path)  # the file is back, and its log is not
    (tmp_path / KEPT).rename(tmp_path / ".x.duckdb.returning")
    check_rows(path)


def test_what_others_wrote_since_into_a_whole_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    with_a_copy(path, monkeypatch)
    with duckdb.connect(str(path)) as db:
        db.execute("INSERT INTO t VALUES (-1, 'later')")
    with open_warehouse(f"duckdb:///{path}", read_only=True) as opened:
        assert opened.query(COUNT) == [{"n": ROWS + 1, "m": ROWS + 1}]
    assert names_beside(path) == [path.name]


def test_without_the_right_to_write_a_damaged_file_is_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    with_a_copy(path, monkeypatch)
    whole = path.read_bytes()
    path.write_bytes(whole[:HEADERS] + bytes(len(whole) - HEADERS))

    def refuse(_: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(open_file, "return_copy", refuse)
        with pytest.raises(WarehouseDamaged, match="is damaged: restore a copy"):
            DuckDBWarehouse(str(path), read_only=True)
    check_rows(path)


@pytest.mark.parametrize("word", ["rename", "fsync", "open", "fdopen"])
def test_without_a_copy_the_log_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    path = tmp_path / "x.duckdb"
    opened = an_opened(path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(kept_copy.os, word, refuse)
        opened.close()
    assert names_beside(path) == [path.name, f"{path.name}.wal"]
    check_rows(path)


def test_where_no_copy_can_be_made_the_log_is_moved_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of the file is too long, the folder may not be written to, or the file is half of the disk."""
    path = tmp_path / f"{'x' * 236}.duckdb"
    an_opened(path).close()
    check_rows(path)
    for word in ("access", "pathconf"):
        monkeypatch.setattr(kept_copy.os, word, lambda *_: 0)
        path.unlink()
        an_opened(path).close()
        check_rows(path)
    monkeypatch.undo()
    path.unlink()
    opened = an_opened(path.with_name("x.duckdb"))
    assert kept_copy.can_keep(path.with_name("x.duckdb"))
    most = SimpleNamespace(free=path.with_name("x.duckdb").stat().st_size)
    monkeypatch.setattr(kept_copy.shutil, "disk_usage", lambda _: most)
    assert not kept_copy.can_keep(path.with_name("x.duckdb"))
    opened.close()


def test_only_who_may_read_the_file_may_read_its_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    opened = an_opened(path)
    path.chmod(0o600)
    (tmp_path / "x.duckdb.wal").chmod(0o600)
    seen = {}
    synced = os.fsync

    def look(handle: int) -> None:
        seen.update({p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()})
        synced(handle)

    monkeypatch.setattr(kept_copy.os, "fsync", look)
    opened.close()
    assert {KEPT, f"{KEPT}.part", f"{KEPT}.wal"} < set(seen)
    assert set(seen.values()) == {0o600}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_log_of_a_large_file_is_moved_once_it_is_a_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    an_opened(path).close()
    path.chmod(0o660)
    monkeypatch.setattr(kept_copy, "_LARGE", 1)
    for n in range(2):
        with open_warehouse(f"duckdb:///{path}") as opened:
            opened.execute("UPDATE t SET m = @n WHERE n < 20", {"n": str(n)})
        assert names_beside(path) == [path.name, f"{path.name}.wal"]
        assert stat.S_IMODE((tmp_path / "x.duckdb.wal").stat().st_mode) == 0o660
    monkeypatch.setattr(kept_copy, "_PART_OF_LARGE", 100_000)
    with open_warehouse(f"duckdb:///{path}") as opened:
        opened.execute("UPDATE t SET m = '2' WHERE n < 10")
    assert names_beside(path) == [path.name]
    with open_warehouse(f"duckdb:///{path}") as opened:
        found = opened.query("SELECT m, COUNT(*) AS n FROM t WHERE n < 20 GROUP BY m ORDER BY m")
    assert found == [{"m": "1", "n": 10}, {"m": "2", "n": 10}]


@pytest.mark.parametrize(
    ("file", "log", "folder", "may"),
    [((1, 5), 5, 1, True), ((1, 5), 6, 1, False), ((2, 5), 5, 1, False)],
    ids=["one owner", "another's log", "mounted by itself"],
)
def test_a_log_that_would_not_follow_its_file_may_not_wait(
    monkeypatch: pytest.MonkeyPatch, file: tuple[int, int], log: int, folder: int, may: bool
) -> None:
    found = {
        "x.duckdb": SimpleNamespace(st_dev=file[0], st_uid=file[1], st_size=1 << 30),
        "x.duckdb.wal": SimpleNamespace(st_uid=log, st_size=1_000),
        "data": SimpleNamespace(st_dev=folder),
    }
    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", lambda path: found[path.name])
        said = kept_copy.may_wait(Path("/data/x.duckdb"))
    assert said is may


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


def test_a_file_stays_locked_until_its_log_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.duckdb"
    opened = an_opened(path)
    said = []

    def forget(file: Path) -> None:
        said.append(another_process(path))
        kept_copy.forget_copy(file)

    monkeypatch.setattr(open_file, "forget_copy", forget)
    opened.close()
    assert said == [""]
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
