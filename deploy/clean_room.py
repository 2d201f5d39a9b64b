"""Builds the contents of the image without Docker: runs the Dockerfile's last stage in a clean environment.

``python -m deploy.clean_room FOLDER`` writes the image's files under FOLDER/files and its packages to
FOLDER/venv. Files from other images (Beam's boot program, the launcher) are left out. All files belong to
whoever calls it, not to the user of the image.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).parent.parent


class UnsupportedInstruction(ValueError):
    """The Dockerfile has an instruction that the clean room does not support. The message is one line."""


def last_stage(dockerfile: Path) -> list[tuple[str, str]]:
    """Return the instructions after the last FROM as ``(instruction, value)``."""
    with dockerfile.open("rb") as file:
        structure = DockerfileParser(fileobj=file).structure
    parsed = [(str(line["instruction"]), str(line["value"])) for line in structure]
    start = max(n for n, (instruction, _) in enumerate(parsed) if instruction == "FROM")
    return parsed[start + 1 :]


def build(folder: Path, root: Path = ROOT) -> None:
    """Carry out the instructions of the last stage in ``folder``, which is emptied first.

    Raises:
        UnsupportedInstruction: an instruction is not supported here.
        subprocess.CalledProcessError: a command failed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    venv.create(folder / "venv", with_pip=True)
    files, workdir = folder / "files", Path("/")
    environment = {
        "PATH": f"{folder.absolute() / 'venv/bin'}:/usr/bin:/bin",
        "HOME": str(folder.absolute()),
        "PIP_QUIET": "1",
        **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
    }
    for instruction, value in last_stage(root / "deploy/Dockerfile"):
        if instruction == "ENV":
            environment.update(
                (name, text) for name, _, text in (pair.partition("=") for pair in value.split())
            )
        elif instruction == "WORKDIR":
            workdir = workdir / value
            _path_under(files, workdir).mkdir(parents=True, exist_ok=True)
        elif instruction == "COPY" and not value.startswith("--from="):
            *sources, target = value.split()
            for source in sources:
                _copy(root, source, files, workdir / target, into_folder=target.endswith("/"))
        elif instruction == "RUN":
            print(f"RUN {' '.join(value.split())}", flush=True)
            subprocess.run(
                ["bash", "-euo", "pipefail", "-c", value],
                check=True,
                cwd=_path_under(files, workdir),
                env=environment,
            )
        elif instruction not in ("COPY", "ENTRYPOINT", "COMMENT", "ARG", "USER"):
            raise UnsupportedInstruction(f"the clean room does not support {instruction}")


def _path_under(files: Path, path: Path) -> Path:
    """Return where an absolute path of the image lies under the folder of its files."""
    return files / path.relative_to("/")


def _copy(root: Path, source: str, files: Path, target: Path, *, into_folder: bool) -> None:
    """Copy a file, or a folder without the files that git ignores."""
    place = _path_under(files, target)
    if (root / source).is_file():
        place = place / Path(source).name if into_folder else place
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / source, place)
        return
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", source],
        cwd=root, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).exists():
            copied = place / Path(name).relative_to(source)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copied)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
