"""Folders that commands write for a user: whole, or as they were."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import whole_folder
from pipelines.output_file import OutputFailed, OutputInvalid
from pipelines.whole_folder import folder_written_whole


def anything_goes(_: Path) -> str | None:
    return None


def fill(path: Path, text: str) -> None:
    with folder_written_whole(path, anything_goes) as folder:
        (folder / "file").write_text(text)


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_is_replaced_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool
) -> None:
    if not can_exchange:
        monkeypatch.setattr(whole_folder, "_exchange", lambda *_: False)
    path = tmp_path / "out"
    fill(path, "old")
    (path / "more").touch()
    with folder_written_whole(path, anything_goes) as folder:
        (folder / "file").write_text("new")
        assert (path / "file").read_text() == "old"
    assert [p.name for p in path.iterdir()] == ["file"]
    assert (path / "file").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_system_that_cannot_exchange_puts_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_folder, "_exchange", lambda *_: False)
    path, rename = tmp_path / "out", Path.rename
    fill(path, "old")

    def fails(self: Path, target: Path) -> Path:
        if self.suffix == ".part":
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OutputFailed, match="Input/output error"):
        fill(path, "new")
    assert (path / "file").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("has_old", [False, True])
def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path, has_old: bool) -> None:
    path = tmp_path / "out"
    if has_old:
        fill(path, "old")
    with pytest.raises(ValueError, match="broken"), folder_written_whole(path, anything_goes) as folder:
        (folder / "file").write_text("half")
        raise ValueError("broken")
    assert [p.name for p in tmp_path.iterdir()] == ["out"] * has_old
    assert not has_old or (path / "file").read_text() == "old"


def test_a_process_that_is_killed_leaves_the_old_folder(tmp_path: Path) -> None:
    path = tmp_path / "out"
    fill(path, "old")
    program = (
        "import os, sys; from pathlib import Path; from pipelines.whole_folder import folder_written_whole\n"
        "with folder_written_whole(Path(sys.argv[1]), lambda _: None) as folder:\n"
        "    (folder / 'file').write_text('half'); os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == -9
    assert (path / "file").read_text() == "old"
    fill(path, "new")
    assert (path / "file").read_text() == "new"


def test_what_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out"

    def why_not(folder: Path) -> str | None:
        return "it is mine" if (folder / "mine").exists() else None

    with pytest.raises(OutputInvalid, match="it is mine"), folder_written_whole(path, why_not):
        path.mkdir()
        (path / "mine").touch()
    assert [p.name for p in path.iterdir()] == ["mine"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_link_stays_a_link_and_its_folder_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    link, target = tmp_path / "link", tmp_path / "deep" / "real"
    fill(target, "old")
    link.symlink_to(target)
    fill(link, "new")
    assert link.is_symlink()
    assert (target / "file").read_text() == "new"
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["real"]


def test_a_new_folder_has_the_permissions_of_any_new_folder(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    fill(tmp_path / "out", "x")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "other").stat().st_mode
