"""What is deleted of a storage: only files that runs on the same warehouse wrote."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from apache_beam.io.filesystem import FileMetadata, FileSystem
from full_disk import full_disk

from pipelines.ingest import new_run
from pipelines.options import payload_folder, staging_root
from transforms.storage.files import StorageFailed, write_once
from transforms.storage.staged import clear_dead_runs, clear_run, read_staged, run_folder, write_staged

RUN = "run-20250405T120000-0123abcd"
PANE = f"{RUN}-20250405T121500"


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("run_id", [RUN, PANE, new_run().run_id], ids=["run", "pane", "new run"])
def test_files_of_dead_runs_are_deleted(tmp_path: Path, run_id: str) -> None:
    folder = run_folder(str(tmp_path), run_id)
    staged = write_staged(folder, "reports_v1", [{"a": 1}])
    Path(f"{staged.path}.0123abcd.part").write_text("half a file")
    clear_dead_runs(str(tmp_path))
    assert tree(tmp_path) == []


@pytest.mark.parametrize(
    "theirs",
    [
        "thesis.txt",
        "thesis/chapter.txt",
        "run/notes.txt",
        "run-2025/notes.txt",
        f"{RUN}/thesis.txt",
        f"{RUN}/reports.ndjson",
        f"{RUN}/reports_v1-{'0' * 32}.ndjson.bak",
        f"{RUN}/old/reports_v1-{'0' * 32}.ndjson",
        f"{RUN}.bak/reports_v1-{'0' * 32}.ndjson",
        f"my-{RUN}/reports_v1-{'0' * 32}.ndjson",
        f"reports_v1-{'0' * 32}.ndjson",
        f"{RUN}/.hidden",
    ],
)
def test_what_no_run_wrote_stays(tmp_path: Path, theirs: str) -> None:
    path = tmp_path / theirs
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    write_staged(run_folder(str(tmp_path), RUN), "reports_v1", [{"a": 1}])
    clear_dead_runs(str(tmp_path))
    clear_run(str(tmp_path), RUN)
    assert path.read_text() == "mine"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]


def test_links_are_not_followed(tmp_path: Path) -> None:
    mine, root = tmp_path / "mine", tmp_path / "staging"
    name = f"reports_v1-{'0' * 32}.ndjson"
    for folder in (mine, root, root / PANE):
        folder.mkdir()
    (mine / name).write_text("mine")
    (root / RUN).symlink_to(mine)
    (root / PANE / name).symlink_to(mine / name)
    clear_dead_runs(str(root))
    clear_run(str(root), RUN)
    assert (mine / name).read_text() == "mine"


STRANGE_NAMES = [
    "a[1]",
    "b*c",
    "d?e",
    "[!x]",
    "k=v",
    "white space",
    "it's",
    "{a,b}",
    "100%",
    "#x",
    "ночь",
    "**",
]


@pytest.mark.parametrize("name", STRANGE_NAMES)
def test_any_name_of_a_folder_serves(tmp_path: Path, name: str) -> None:
    beside = tmp_path / "b-c" / RUN  # "b*c" as a pattern finds this too
    beside.mkdir(parents=True)
    (beside / f"reports_v1-{'0' * 32}.ndjson").write_text("mine")
    root = str(tmp_path / name)
    staged = write_staged(run_folder(root, RUN), "reports_v1", [{"a": 1}])
    assert list(read_staged(staged.path)) == [{"a": 1}]
    clear_run(root, RUN)
    assert not Path(staged.path).exists()
    assert tree(beside) == [f"reports_v1-{'0' * 32}.ndjson"]


def test_warehouses_that_share_a_storage_have_folders_of_their_own(tmp_path: Path) -> None:
    urls = [f"duckdb:///{tmp_path}/{name}" for name in ("a.duckdb", "b.duckdb", "x/a.duckdb", "a b.duckdb")]
    urls += ["bigquery://a-project/ledger", "bigquery://b-project/ledger"]
    roots = [staging_root(url, str(tmp_path)) for url in urls]
    assert len(set(roots)) == len(roots)
    for root in roots:
        write_staged(run_folder(root, RUN), "reports_v1", [{"a": 1}])
    clear_dead_runs(roots[0])
    assert not Path(run_folder(roots[0], RUN)).exists()
    assert all(Path(run_folder(root, RUN)).exists() for root in roots[1:])


def test_two_names_of_one_warehouse_have_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link.duckdb").symlink_to(tmp_path / "a.duckdb")
    monkeypatch.chdir(tmp_path)
    urls = [f"duckdb:///{tmp_path}/a.duckdb", f"duckdb:///{tmp_path}/link.duckdb", "duckdb:///./a.duckdb"]
    for storage in (None, "files"):
        assert len({staging_root(url, storage) for url in urls}) == 1


def test_the_default_folders_lie_beside_the_file(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/a.duckdb"
    assert staging_root(url) == f"{tmp_path}/a.duckdb.staging"
    assert payload_folder(url) == f"{tmp_path}/a.duckdb.payloads"


def test_a_file_that_cannot_be_written_is_one_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where a folder should be")
    with pytest.raises(StorageFailed, match=r"can't write .*file/x"):
        write_once(f"{tmp_path}/file/x", b"content", "text/plain")
    with pytest.raises(StorageFailed, match=r"can't write .*folder/x: File too large"), full_disk():
        write_once(f"{tmp_path}/folder/x", b"content", "text/plain")
    assert tree(tmp_path) == ["file", "folder"]


class ObjectStore(FileSystem):  # type: ignore[misc]
    """Objects in memory, as a store of objects keeps them: without folders, and with patterns."""

    objects: ClassVar[dict[str, bytes]] = {}

    @classmethod
    def scheme(cls) -> str:
        return "memory"

    def join(self, basepath: str, *paths: str) -> str:
        return "/".join([basepath, *paths])

    def split(self, path: str) -> tuple[str, str]:
        head, _, tail = path.rpartition("/")
        return head, tail

    def mkdirs(self, path: str) -> None:
        raise AssertionError("a store of objects has no folders")

    def has_dirs(self) -> bool:
        return False

    def _list(self, dir_or_prefix: str) -> Iterator[FileMetadata]:
        for path, content in self.objects.items():
            if path.startswith(dir_or_prefix):
                yield FileMetadata(path, len(content))

    def create(self, path: str, *_: Any, **__: Any) -> io.BytesIO:
        store = self.objects

        class Written(io.BytesIO):
            def close(self) -> None:
                store[path] = self.getvalue()
                super().close()

        return Written()

    def open(self, path: str, *_: Any, **__: Any) -> io.BytesIO:
        return io.BytesIO(self.objects[path])

    def copy(self, source: list[str], destination: list[str]) -> None:
        raise AssertionError

    def rename(self, source: list[str], destination: list[str]) -> None:
        for old, new in zip(source, destination, strict=True):
            self.objects[new] = self.objects.pop(old)

    def exists(self, path: str) -> bool:
        return path in self.objects

    def size(self, path: str) -> int:
        return len(self.objects[path])

    def last_updated(self, path: str) -> float:
        return 0.0

    def checksum(self, path: str) -> str:
        return ""

    def metadata(self, path: str) -> FileMetadata:
        return FileMetadata(path, self.size(path))

    def delete(self, paths: list[str]) -> None:
        for result in self.match(paths):
            for file in result.metadata_list:
                del self.objects[file.path]


@pytest.fixture
def store() -> Iterator[dict[str, bytes]]:
    ObjectStore.objects.clear()
    yield ObjectStore.objects
    ObjectStore.objects.clear()


@pytest.mark.parametrize("name", ["files", *STRANGE_NAMES])
def test_in_an_object_store_only_files_of_the_run_are_deleted(store: dict[str, bytes], name: str) -> None:
    root = staging_root("bigquery://a-project/ledger", f"memory://bucket/{name}")
    folder = run_folder(root, RUN)
    theirs = [
        f"{folder}/thesis.txt", f"{folder}/old/reports_v1-{'0' * 32}.ndjson", f"{folder}0/reports_v1-{'0' * 32}.ndjson",
        f"memory://bucket/b-c/staging/a-project.ledger/{RUN}/reports_v1-{'0' * 32}.ndjson",
    ]  # fmt: skip
    store.update(dict.fromkeys(theirs, b"mine"))
    staged = write_staged(folder, "reports_v1", [{"a": 1}])
    assert list(read_staged(staged.path)) == [{"a": 1}]
    clear_dead_runs(root)
    assert staged.path in store, "a stream on another machine may use it"
    clear_run(root, RUN)
    assert sorted(store) == sorted(theirs)
