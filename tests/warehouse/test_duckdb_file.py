"""DuckDB files that cannot be opened or written: one line that says why, at once, and nothing harmed."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from conftest import Ledger
from full_disk import full_disk
from sample_records import a_report
from store_reports import store

import transforms.warehouse.open_file as adapter
from pipelines.cli import main
from transforms.warehouse import WarehouseBusy, WarehouseDamaged, WarehouseError, open_warehouse
from transforms.warehouse.duckdb import DuckDBWarehouse
from transforms.warehouse.duckdb_errors import meaning

HEADER_BYTES, HEADERS_END, CHECKSUM_BYTES = 4096, 12_288, 8
NOISE = random.Random(7).randbytes(1_000_000)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the bytes of a warehouse with some reports."""
    ledger = Ledger(tmp_path_factory.mktemp("good"))
    store(ledger, [a_report(n) for n in range(20)])
    return (ledger.folder / "ledger.duckdb").read_bytes()


def of_newer_version(good: bytes) -> bytes:
    """Return the file as a later DuckDB would write it, with another number of its format."""
    head = bytearray(good[:HEADER_BYTES])
    head[12:20] = (999).to_bytes(8, "little")
    total = 5381
    for at in range(CHECKSUM_BYTES, HEADER_BYTES, 8):
        total ^= int.from_bytes(head[at : at + 8], "little") * 0xBF58476D1CE4E5B9 % (1 << 64)
    head[:CHECKSUM_BYTES] = total.to_bytes(8, "little")
    return bytes(head) + good[HEADER_BYTES:]


def sqlite_file(_: bytes) -> bytes:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE block (lock)")
    return db.serialize()


DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "half of the file": (lambda good: good[: len(good) // 2], "is damaged: restore a copy"),
    "its first 100 bytes": (lambda good: good[:100], "is damaged: restore a copy"),
    "its first header": (lambda good: good[:HEADER_BYTES], "is damaged: restore a copy"),
    "its headers": (lambda good: good[:HEADERS_END], "is damaged: restore a copy"),
    "noise for a header": (lambda good: NOISE[:HEADER_BYTES] + good[HEADER_BYTES:], "its beginning is damaged"),
    "noise for the later headers": (
        lambda good: good[:HEADER_BYTES] + NOISE[: HEADERS_END - HEADER_BYTES] + good[HEADERS_END:],
        "is damaged: restore a copy",
    ),
    "noise after the headers": (
        lambda good: good[:HEADERS_END] + NOISE[: len(good) - HEADERS_END], "is damaged: restore a copy",
    ),
    "no byte": (lambda _: b"", "the file is empty"),
    "zeros": (lambda good: bytes(len(good)), "its beginning is damaged"),
    "a text": (lambda _: b"a lock on a block, in use by another process", "not a DuckDB file"),
    "a Parquet file": (lambda _: b"PAR1" + bytes(9_000) + b"PAR1", "not a DuckDB file"),
    "an SQLite file": (sqlite_file, "an SQLite file, not a DuckDB file"),
    "a newer format": (of_newer_version, "a newer DuckDB than"),
}  # fmt: skip
COMMANDS = [["show", "incidents"], ["export", "reports"], ["init"], ["resolve"], ["replay"]]


def error_of(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    """Check that a command fails with one line on standard error, and return the line."""
    assert main(arguments) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_file_is_called_damaged_and_stays_as_it_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, good: bytes, case: str, command: list[str]
) -> None:
    damage, message = DAMAGED[case]
    path = tmp_path / "x.duckdb"
    path.write_bytes(damage(good))
    err = error_of(capsys, [*command, "--warehouse", f"duckdb:///{path}"])
    assert message in err
    assert str(path) in err
    assert "is in use" not in err
    assert path.read_bytes() == damage(good)


def test_damage_within_a_table_is_found_when_the_table_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, good: bytes
) -> None:
    path = tmp_path / "x.duckdb"
    url = f"duckdb:///{path}"
    found = set()
    for begin in range(HEADERS_END, len(good), 262_144):
        path.write_bytes(good[:begin] + NOISE[:5_000] + good[begin + 5_000 :])
        if main(["export", "reports", "--warehouse", url]):
            err = capsys.readouterr().err
            assert err.count("\n") == 1
            assert "is damaged: restore a copy of it, or export what can still be read" in err
            found.add(begin)
    assert found


def test_a_folder_in_place_of_the_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").mkdir()
    assert "it is a folder" in error_of(capsys, ["init", "--warehouse", f"duckdb:///{tmp_path}/x.duckdb"])


def test_a_missing_folder_is_named_and_not_made(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/missing/deep/x.duckdb"
    for command in (["init"], ["show", "runs"], ["replay"]):
        err = error_of(capsys, [*command, "--warehouse", url])
        assert f"no folder {tmp_path}/missing/deep" in err or "no warehouse at" in err
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_permission(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "x.duckdb").write_bytes(good)
    monkeypatch.setattr(Path, "open", refuse)  # the superuser may read any file
    err = error_of(capsys, ["show", "runs", "--warehouse", f"duckdb:///{tmp_path}/x.duckdb"])
    assert f"can't open {tmp_path}/x.duckdb: Permission denied" in err


def test_a_file_that_another_process_has_open_is_in_use(tmp_path: Path) -> None:
    path = tmp_path / "a block of locks.duckdb"
    hold = f"import duckdb; db = duckdb.connect({str(path)!r}); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        holder.stdout.readline()
        for read_only in (True, False):
            with pytest.raises(WarehouseBusy, match="is in use by another process"):
                DuckDBWarehouse(str(path), read_only=read_only, wait_s=0)
        holder.communicate(b"\n")
    DuckDBWarehouse(str(path)).close()


def test_nothing_is_left_where_a_file_could_not_be_created(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/x.duckdb"
    for room in (0, 5_000, 12_000):
        with pytest.raises(WarehouseError, match="no space left on the disk of"), full_disk(room):
            open_warehouse(url).__enter__()
        assert list(tmp_path.iterdir()) == []
    with open_warehouse(url) as opened:
        assert opened.ensure()


def test_a_created_file_never_replaces_one_that_another_process_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.duckdb"
    link = os.link

    def link_too_late(new: Path, old: Path) -> None:
        path.write_bytes(b"made meanwhile")
        link(new, old)

    monkeypatch.setattr(adapter.os, "link", link_too_late)
    with pytest.raises(WarehouseDamaged):
        DuckDBWarehouse(str(path))
    assert path.read_bytes() == b"made meanwhile"
    assert [p.name for p in tmp_path.iterdir()] == ["x.duckdb"]


@pytest.mark.parametrize("room", [0, 5_000, 20_000, 50_000])
def test_a_disk_that_fills_while_a_run_is_loaded_changes_nothing(ledger: Ledger, room: int) -> None:
    store(ledger, [a_report(n) for n in range(3)])
    before = ledger.tables()
    many = [a_report(n, headline=str(NOISE[n : n + 500])) for n in range(40)]
    with (
        pytest.raises((WarehouseError, RuntimeError), match=r"no space left|File too large"),
        full_disk(room),
    ):
        store(ledger, many)
    assert ledger.tables() == before
    store(ledger, many)
    assert len(ledger.tables()["reports_v1"]) == 40


@pytest.mark.parametrize("room", [0, 9_000, 14_000, 20_000, 40_000, 80_000, 150_000, 300_000])
def test_a_disk_that_stays_full_until_the_file_is_closed_leaves_the_file_whole(
    tmp_path: Path, room: int
) -> None:
    """DuckDB alone leaves it damaged with room for 20,000 or 40,000 bytes: it tidies the file when it is closed."""
    path = tmp_path / "x.duckdb"
    rows = "SELECT range, md5(range::VARCHAR), ['a'] FROM range(3000)"
    with duckdb.connect(str(path)) as db:
        db.execute(f"CREATE TABLE t AS {rows}")
    opened = DuckDBWarehouse(str(path))
    opened.execute("DELETE FROM t WHERE range % 2 = 1")
    more = "INSERT INTO t SELECT range + 9000, repeat(md5(range::VARCHAR), 5), ['b'] FROM range(2000)"
    failed = False
    with full_disk(room):
        try:
            opened.load({}, [more], {})
        except WarehouseError as error:
            failed = True
            assert "no space left" in str(error)
        opened.close()
    with open_warehouse(f"duckdb:///{path}", read_only=True) as again:
        (found,) = again.query("SELECT COUNT(*) AS n, COUNT(DISTINCT range) AS m FROM t")
    assert found == ({"n": 1500, "m": 1500} if failed else {"n": 3500, "m": 3500})
    assert failed or room > 100_000


def test_a_limit_below_the_size_of_the_file_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    """DuckDB alone writes blocks of it anew where they are, and the limit may cut one off: the file is damaged then."""
    path, block = tmp_path / "x.duckdb", 1 << 18
    for run in range(1, 6):
        with open_warehouse(f"duckdb:///{path}") as opened:
            opened.ensure()
            opened.execute("CREATE TABLE IF NOT EXISTS t (n INT64, m STRING)")
            opened.execute(
                f"INSERT INTO t (n, m) SELECT n, 'many' FROM UNNEST(GENERATE_ARRAY(1, {3000 * run})) AS n"
            )
            opened.execute(f"UPDATE t SET m = 'other' WHERE MOD(n, {run + 1}) = 1")
    before = path.read_bytes()
    for limit in range(block // 2, len(before), block // 2):
        opened = DuckDBWarehouse(str(path))
        with full_disk(limit):
            assert opened.execute("INSERT INTO t (n, m) VALUES (-1, 'one')") == 1
            opened.close()
        assert path.read_bytes() == before
    with open_warehouse(f"duckdb:///{path}") as again:
        (found,) = again.query("SELECT COUNT(*) AS n FROM t WHERE n = -1")
    assert found["n"] == len(range(block // 2, len(before), block // 2))
    assert [p.name for p in tmp_path.iterdir()] == ["x.duckdb"]


def test_what_was_committed_is_in_the_file_itself_once_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    with open_warehouse(f"duckdb:///{path}") as opened:
        opened.ensure()
    assert [p.name for p in tmp_path.iterdir()] == ["x.duckdb"]


def test_a_folder_called_corrupt_is_no_damage(tmp_path: Path) -> None:
    path = tmp_path / "corrupt checksum" / "x.duckdb"
    assert "damaged" not in str(meaning(path, duckdb.IOException(f"IO Error: can't read {path}")))


def test_a_commit_that_stands_is_not_called_unwritten(tmp_path: Path) -> None:
    said = (
        "FATAL Error: Transaction COMMIT succeeded and is durable, but the checkpoint failed: File too large"
    )
    assert "everything was written" in str(meaning(tmp_path, duckdb.FatalException(said)))


@pytest.mark.parametrize("name", ["a[1]", "b*c", "k=v", "white space", "it's", "#x", "ночь", "x.y"])
def test_any_name_of_a_folder_holds_a_warehouse(tmp_path: Path, name: str) -> None:
    ledger = Ledger(tmp_path / name)
    store(ledger, [a_report(n) for n in range(3)])
    assert len(ledger.tables()["reports_v1"]) == 3


def test_after_a_crash_a_link_and_the_file_hold_the_same_rows(tmp_path: Path) -> None:
    """DuckDB keeps its log beside the path that it is given. Beside a link, the file alone lacks the rows."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link.duckdb").symlink_to(tmp_path / "real" / "x.duckdb")
    crash = (
        "import os; from transforms.warehouse.open import _connect\n"
        f"w = _connect('duckdb:///{tmp_path}/link.duckdb', read_only=False)\n"
        "w.ensure(); w.execute(\"INSERT INTO leases_v1 (name) VALUES ('x')\"); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", crash], check=True)
    for path in ("real/x.duckdb", "link.duckdb"):
        with open_warehouse(f"duckdb:///{tmp_path}/{path}", read_only=True) as opened:
            assert opened.query("SELECT name FROM leases_v1") == [{"name": "x"}]


@pytest.mark.parametrize("count", [0, 1, 3, 11, 100, 101, 500])
def test_a_list_finds_the_same_rows_however_long_it_is(tmp_path: Path, count: int) -> None:
    ids = [f"it's {n}" for n in range(count)]
    with open_warehouse(f"duckdb:///{tmp_path}/lists.duckdb") as warehouse:
        warehouse.execute("CREATE TABLE some(id STRING)")
        for part in ("it's 0", "it's 1", "it's 10", "it's 99", "it's 499", "other"):
            warehouse.execute("INSERT INTO some (id) VALUES (@id)", {"id": part})
        warehouse.execute("INSERT INTO some (id) VALUES (NULL)")
        found = warehouse.query(
            "SELECT id, id IN UNNEST(@ids) AS held, ARRAY_LENGTH(@ids) AS size FROM some "
            "WHERE id IN UNNEST(@ids) OR id = @ids_1",
            {"ids": ids, "ids_1": "other"},
        )
        left = warehouse.query("SELECT id FROM some WHERE id NOT IN UNNEST(@ids)", {"ids": ids})
    wanted = {"it's 0", "it's 1", "it's 10", "it's 99", "it's 499"} & set(ids)
    assert {row["id"] for row in found} == wanted | {"other"}
    assert {row["size"] for row in found} == {count}
    assert {row["id"] for row in left} - {None} == (
        {"it's 0", "it's 1", "it's 10", "it's 99", "it's 499", "other"} - set(ids)
    )
