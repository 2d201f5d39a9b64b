"""The image without Docker: what the Dockerfile's last stage copies and runs, done in a clean environment.

``python -m deploy.clean_room FOLDER`` leaves the image's files under FOLDER and its packages in
FOLDER/venv. What comes from other images (Beam's boot program, the launcher) is left out.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).parent.parent


class DockerfileUnfit(ValueError):
    """An instruction that can't be done outside an image; the message is one line."""


def last_stage(dockerfile: Path) -> list[tuple[str, str]]:
    """Return the instructions after the last FROM, each with what it says."""
    with dockerfile.open("rb") as file:
        structure = DockerfileParser(fileobj=file).structure
    parsed = [(str(line["instruction"]), str(line["value"])) for line in structure]
    start = max(n for n, (instruction, _) in enumerate(parsed) if instruction == "FROM")
    return parsed[start + 1 :]


def build(folder: Path, root: Path = ROOT) -> None:
    """Do the instructions of the last stage.

    Raises:
        DockerfileUnfit: one of them can't be done here.
        subprocess.CalledProcessError: a command failed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    venv.create(folder / "venv", with_pip=True)
    files, work = folder / "files", Path("/")
    environment = {
        "PATH": f"{folder.absolute() / 'venv/bin'}:/usr/bin:/bin",
        "HOME": str(folder.absolute()),
        "PIP_QUIET": "1",
        **{name: value for name, value in os.environ.items() if name.startswith("PIP_")},
    }
    for instruction, value in last_stage(root / "deploy/Dockerfile"):
        if instruction == "ENV":
            environment.update(
                (name, said) for name, _, said in (pair.partition("=") for pair in value.split())
            )
        elif instruction == "WORKDIR":
            work = work / value
            _inside(files, work).mkdir(parents=True, exist_ok=True)
        elif instruction == "COPY" and not value.startswith("--from="):
            *sources, target = value.split()
            for source in sources:
                _copy(root, source, files, work / target, into=target.endswith("/"))
        elif instruction == "RUN":
            print(f"RUN {' '.join(value.split())}", flush=True)
            subprocess.run(
                ["bash", "-euo", "pipefail", "-c", value],
                check=True,
                cwd=_inside(files, work),
                env=environment,
            )
        elif instruction not in ("COPY", "ENTRYPOINT", "COMMENT", "ARG"):
            raise DockerfileUnfit(f"the clean room does not know {instruction}")


def _inside(files: Path, path: Path) -> Path:
    return files / path.relative_to("/")


def _copy(root: Path, source: str, files: Path, target: Path, *, into: bool) -> None:
    """Copy a file, or of a folder what git would give a fresh clone."""
    place = _inside(files, target)
    if (root / source).is_file():
        place = place / Path(source).name if into else place
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / source, place)
        return
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", source],
        cwd=root, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).exists():
            one = place / Path(name).relative_to(source)
            one.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, one)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
