"""``make pin-images`` writes what the registries say, all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.base_images import DOCKERFILE, base_images, image_faults, main

Captured = pytest.CaptureFixture[str]
Registry = Callable[..., None]
CRANE = """#!/bin/sh
echo "$@" >> {folder}/asked
case "$2" in {refused}) echo "no such image" >&2; exit 1;; esac
printf 'sha256:%s\\n' "$(printf '%s' "{salt}$2" | sha256sum | cut -c1-{digits})"
"""
DOCKER = """#!/bin/sh
test "$1 $2 $3" = "buildx imagetools inspect" || exit 1
for name; do :; done
printf '{{"mediaType": "x", "digest": "sha256:%s"}}\\n' "$(printf '%s' "{salt}$name" | sha256sum | cut -c1-{digits})"
"""


@pytest.fixture
def dockerfile(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(DOCKERFILE.read_bytes())
    return path


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Return what puts a command that stands for a registry on the path: a digest is made from the name."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def put(command: str = "crane", salt: str = "", digits: int = 64, refused: str = "nothing") -> None:
        for old in folder.iterdir():
            old.unlink()
        script = {"crane": CRANE, "docker": DOCKER}[command]
        (folder / command).write_text(
            script.format(folder=tmp_path, salt=salt, digits=digits, refused=refused)
        )
        (folder / command).chmod(0o755)
        for tool in ("sha256sum", "cut"):
            (folder / tool).symlink_to(f"/usr/bin/{tool}")
        monkeypatch.setenv("PATH", str(folder))

    return put


@pytest.mark.parametrize("command", ["crane", "docker"])
def test_each_base_image_gets_its_digest_and_all_else_stays(
    dockerfile: Path, registry: Registry, capsys: Captured, command: str
) -> None:
    before = dockerfile.read_text()
    registry(command)
    assert main(dockerfile) == 0
    after = dockerfile.read_text()
    images = base_images(after)
    assert list(images) == list(base_images(before)) == ["PYTHON_IMAGE", "SDK_IMAGE", "LAUNCHER_IMAGE"]
    assert all(re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", image) for image in images.values())
    assert len({image.partition("@")[2] for image in images.values()}) == 3
    assert re.sub(r"@sha256:\w+", "", after) == before
    assert image_faults(after) == []
    assert capsys.readouterr().out.splitlines() == list(images.values())


def test_a_second_time_the_tags_are_asked_for_and_newer_digests_replace_the_earlier(
    dockerfile: Path, registry: Registry, tmp_path: Path
) -> None:
    registry()
    main(dockerfile)
    first = base_images(dockerfile.read_text())
    registry(salt="newer ")
    assert main(dockerfile) == 0
    second = base_images(dockerfile.read_text())
    assert {name: image.partition("@")[0] for name, image in first.items()} == {
        name: image.partition("@")[0] for name, image in second.items()
    }
    assert not set(first.values()) & set(second.values())
    asked = (tmp_path / "asked").read_text().splitlines()
    assert len(asked) == 6 and not any("@" in line for line in asked)


@pytest.mark.parametrize(
    ("registry_is", "says"),
    [
        ({"refused": "apache/*"}, "apache/beam_python3.11_sdk:2.77.0: crane said: no such image"),
        ({"digits": 12}, "crane printed no digest"),
        ({"command": "docker", "digits": 12}, "docker printed no digest"),
    ],
)
def test_where_one_digest_is_missing_nothing_is_written(
    dockerfile: Path, registry: Registry, capsys: Captured, registry_is: dict[str, str], says: str
) -> None:
    before = dockerfile.read_text()
    registry(**registry_is)
    assert main(dockerfile) == 1
    assert dockerfile.read_text() == before
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line and line.endswith("nothing was written")


def test_without_a_command_that_can_ask_it_says_so(
    dockerfile: Path, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(dockerfile) == 1
    assert "neither crane nor docker" in capsys.readouterr().err
