"""The digests of the base images: found by a command, written as a whole or not at all, and taken by the build."""

from __future__ import annotations

import shutil
import stat
import sys
from pathlib import Path

import pytest

from deploy.pin_images import DOCKERFILE, PINNED, ROOT, NotPinned, base_images, pin, pinned_faults

DIGESTS = {
    "apache/beam_python3.11_sdk:2.77.0": f"sha256:{'1' * 64}",
    "gcr.io/dataflow-templates-base/python311-template-launcher-base:20230622_RC00": f"sha256:{'2' * 64}",
    "python:3.11-slim": f"sha256:{'3' * 64}",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "deploy").mkdir()
    for file in (DOCKERFILE, PINNED):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def a_registry(tmp_path: Path, digests: dict[str, str]) -> list[str]:
    """Return a command that knows the digests of some images, as ``crane digest`` does."""
    path = tmp_path / "inspect.py"
    path.write_text(
        f"import sys\nfound = {digests!r}.get(sys.argv[1])\n"
        "sys.exit(f'{sys.argv[1]}: not found') if found is None else print(found)\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return [sys.executable, str(path)]


def test_the_images_are_those_of_the_dockerfile() -> None:
    found = base_images((ROOT / DOCKERFILE).read_text("utf-8"))
    assert set(found.values()) == set(DIGESTS)
    assert set(found) == {"SDK_DIGEST", "LAUNCHER_DIGEST", "PYTHON_DIGEST"}


def test_digests_are_written_as_the_build_takes_them(tree: Path, tmp_path: Path) -> None:
    pin(tree, a_registry(tmp_path, DIGESTS))
    lines = [line for line in (tree / PINNED).read_text("utf-8").splitlines() if not line.startswith("#")]
    assert sorted(lines) == [
        f"LAUNCHER_DIGEST=@sha256:{'2' * 64}", f"PYTHON_DIGEST=@sha256:{'3' * 64}", f"SDK_DIGEST=@sha256:{'1' * 64}"
    ]  # fmt: skip
    assert pinned_faults(tree) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (None, "not found"),
        ("latest", "says latest"),
        ("", "says nothing"),
        (f"sha256:{'A' * 64}", "says sha256"),
    ],
)
def test_nothing_is_written_where_one_digest_cannot_be_found(
    tree: Path, tmp_path: Path, said: str | None, why: str
) -> None:
    before = (tree / PINNED).read_bytes()
    others = {name: digest for name, digest in DIGESTS.items() if not name.startswith("python")}
    known = others if said is None else {**others, "python:3.11-slim": said}
    with pytest.raises(NotPinned, match=why) as refused:
        pin(tree, a_registry(tmp_path, known))
    assert "\n" not in str(refused.value)
    assert (tree / PINNED).read_bytes() == before


def test_a_command_that_is_not_there_is_one_line(tree: Path) -> None:
    with pytest.raises(NotPinned, match="can't run no-such-command"):
        pin(tree, ["no-such-command"])
