"""Payloads of dead letters: kept within a quota, and deleted once no open letter names them."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems
from memory_store import MemoryStore

from schemas.identity import sha256_hex
from transforms.storage.payload_files import payload_files
from transforms.storage.payloads import PayloadKeeper, PayloadMissing, read_payload
from transforms.storage.sweep import sweep_payloads

GB = 10**9


def noise(number: int, size: int = 20_000) -> bytes:
    """Return bytes that cannot be compressed."""
    return random.Random(number).randbytes(size)


@pytest.fixture(
    params=["folder", "folder with [*] in its name", "object store", "object store with [*] in its path"]
)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where payloads are kept."""
    if not request.param.startswith("object store"):
        yield str(tmp_path / ("a[1]*" if "[" in request.param else "a"))
        return
    MemoryStore.objects.clear()
    MemoryStore.refused.clear()
    yield "mem://bucket/a[1]*/payloads" if "[" in request.param else "mem://bucket/ledger/payloads"
    MemoryStore.objects.clear()
    MemoryStore.refused.clear()


def write(path: str, content: bytes) -> None:
    if path.startswith("mem://"):
        MemoryStore.objects[path] = content
        return
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(content)


def names(folder: str) -> set[str]:
    if folder.startswith("mem://"):
        return {path.rpartition("/")[2] for path in MemoryStore.objects}
    return {path.name for path in Path(folder).iterdir()} if Path(folder).exists() else set()


def keep(folder: str, data: bytes) -> str:
    uri = PayloadKeeper(folder, GB).keep(data)
    assert uri is not None
    return uri


def name_of(data: bytes) -> str:
    return f"{sha256_hex(data)}.gz"


# -- keeping ----------------------------------------------------------------------------------------


def test_what_is_kept_can_be_read_and_equal_bytes_are_kept_once(folder: str) -> None:
    keeper = PayloadKeeper(folder, GB)
    uris = [keeper.keep(noise(n % 2)) for n in range(4)]
    assert uris[:2] == uris[2:]
    assert [read_payload(str(uri)) for uri in uris[:2]] == [noise(0), noise(1)]
    assert names(folder) == {name_of(noise(0)), name_of(noise(1))}


def test_a_full_folder_takes_no_more_files_but_small_payloads_and_those_it_has(folder: str) -> None:
    keeper = PayloadKeeper(folder, 50_000)
    uris = [keeper.keep(noise(n)) for n in range(4)]
    assert [uri is not None for uri in uris] == [True, True, False, False]
    assert keeper.keep(noise(0)) == uris[0]
    assert str(keeper.keep(b"few bytes")).startswith("data:")
    assert sum(file.size_bytes for file in payload_files(folder)) <= 50_000
    later = PayloadKeeper(folder, 50_000)
    assert (later.keep(noise(9)), later.keep(noise(1))) == (None, uris[1])


def test_other_files_in_the_folder_do_not_count(folder: str) -> None:
    write(f"{folder}/thesis.gz", noise(1, 90_000))
    assert PayloadKeeper(folder, 50_000).keep(noise(0)) is not None


def test_a_quota_of_nothing_keeps_only_what_fits_into_rows(folder: str) -> None:
    keeper = PayloadKeeper(folder, 0)
    assert keeper.keep(noise(0)) is None
    assert str(keeper.keep(noise(0, 2_000))).startswith("data:")
    assert names(folder) == set()


# -- deleting ---------------------------------------------------------------------------------------


def test_payloads_of_open_letters_stay_and_those_of_resolved_ones_go(folder: str) -> None:
    for n in range(3):
        keep(folder, noise(n))
    letters = {sha256_hex(noise(0)): True, sha256_hex(noise(1)): False}
    assert sweep_payloads(folder, lambda: letters) == 2  # no letter was stored for the third: its run crashed
    assert names(folder) == {name_of(noise(0))}
    assert sweep_payloads(folder, lambda: letters) == 0


FOREIGN = {
    "thesis.txt": b"mine",
    "backup.gz": gzip.compress(b"mine"),
    f"{'a' * 64}.gz": gzip.compress(b"not these bytes"),
    f"{'b' * 64}.gz": b"no gzip at all",
    f"{'c' * 64}.gz": b"",
    f"{'D' * 64}.gz": gzip.compress(b"mine"),
    f"{'e' * 63}.gz": gzip.compress(b"mine"),
    f"{'f' * 64}.gz.bak": gzip.compress(b"mine"),
    f"copy of {'0' * 64}.gz": gzip.compress(b"mine"),
    f"{'1' * 64}.gz.part": b"mine",
    f"{'2' * 64}.json": b"mine",
}


def test_what_this_program_did_not_make_is_never_deleted(folder: str) -> None:
    for name, content in FOREIGN.items():
        write(f"{folder}/{name}", content)
    write(f"{folder}/sub/{name_of(noise(5))}", gzip.compress(noise(5)))
    keep(folder, noise(0))
    before = names(folder)
    assert sweep_payloads(folder, dict) == 1
    assert names(folder) == before - {name_of(noise(0))}


def test_the_rest_of_a_write_that_was_killed_goes(folder: str) -> None:
    write(f"{folder}/{'a' * 64}.gz.0123abcd.part", b"half")
    keep(folder, noise(0))
    assert sweep_payloads(folder, lambda: {sha256_hex(noise(0)): True}) == 1
    assert names(folder) == {name_of(noise(0))}


def test_no_folder_is_no_error_and_asks_for_no_letters(folder: str) -> None:
    assert sweep_payloads(folder, lambda: pytest.fail("asked")) == 0


def test_a_link_that_is_named_like_a_payload_stays(tmp_path: Path) -> None:
    target, folder = tmp_path / "mine.gz", tmp_path / "payloads"
    target.write_bytes(gzip.compress(noise(0)))
    folder.mkdir()
    (folder / name_of(noise(0))).symlink_to(target)
    assert sweep_payloads(str(folder), lambda: {sha256_hex(noise(0)): False}) == 0
    assert (folder / name_of(noise(0))).is_symlink()


def test_a_folder_that_is_named_like_a_payload_keeps_no_payload_from_going(tmp_path: Path) -> None:
    for n in range(8):
        keep(str(tmp_path), noise(n))
    (tmp_path / f"{'0' * 64}.gz").mkdir()
    assert sweep_payloads(str(tmp_path), dict) == 8
    assert names(str(tmp_path)) == {f"{'0' * 64}.gz"}


def test_a_file_that_cannot_be_deleted_fails_no_run_and_goes_later() -> None:
    folder = "mem://bucket/payloads"
    MemoryStore.objects.clear()
    for n in range(3):
        keep(folder, noise(n))
    MemoryStore.refused.add(f"{folder}/{name_of(noise(1))}")
    assert sweep_payloads(folder, dict) == 0
    MemoryStore.refused.clear()
    assert sweep_payloads(folder, dict) == 1
    assert names(folder) == set()


def test_a_folder_without_permission_fails_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(str(tmp_path), noise(0))

    def refuse(path: Path) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert sweep_payloads(str(tmp_path), dict) == 0
    assert names(str(tmp_path)) == {name_of(noise(0))}


@pytest.mark.parametrize("method", ["_list", "delete"])
@pytest.mark.parametrize("failure", [AttributeError("no status_code"), BeamIOError("no answer"), OSError()])
def test_a_store_that_fails_fails_no_run(
    method: str, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = "mem://bucket/payloads"
    keep(folder, noise(0))

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(MemoryStore, method, fail)
    assert sweep_payloads(folder, dict) == 0


def test_a_payload_that_is_gone_is_said_to_be_missing(folder: str) -> None:
    uri = keep(folder, noise(0))
    sweep_payloads(folder, dict)
    assert not FileSystems.exists(uri)
    with pytest.raises(PayloadMissing):
        read_payload(uri)
