"""The base images of the Dockerfile. ``make pin-images`` writes their digests behind their tags.

A tag may mean another image tomorrow, a digest never. Each base image is the default of an argument of the
Dockerfile, so that every build takes what is pinned there: ``docker build``, Docker Compose and Cloud Build.
A build may still be given another one (``--build-arg PYTHON_IMAGE=...``).
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

DOCKERFILE = Path(__file__).parent / "Dockerfile"
_ARGUMENT = re.compile(r"^ARG (\w+_IMAGE)=(\S+)$", re.MULTILINE)
_NAME = re.compile(r"(?P<tagged>[a-z0-9./_-]+:[\w.-]+)(@(?P<digest>\S*))?", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_LOOK_UP: Sequence[tuple[Sequence[str], Callable[[str], str]]] = (
    (("crane", "digest"), str.strip),
    (
        ("docker", "buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}"),
        lambda text: str(json.loads(text)["digest"]),
    ),
)
"""Commands that print the digest of the image named behind them, and what reads it from their output."""


class NotPinned(Exception):
    """A digest could not be found; the message is one line. Nothing was written."""


def base_images(dockerfile: str) -> dict[str, str]:
    """Return the base images of a Dockerfile by the arguments that name them."""
    return dict(_ARGUMENT.findall(dockerfile))


def image_faults(dockerfile: str) -> list[str]:
    """Return which base images come by no argument, have no tag, or have after the @ what is no digest."""
    images, found = base_images(dockerfile), []
    for line in dockerfile.splitlines():
        if line.startswith("FROM ") and line.split()[1] not in (f"${{{name}}}" for name in images):
            found.append(f"{line.split()[1]} is no argument such as ${{PYTHON_IMAGE}}, so no digest pins it")
    for name, image in images.items():
        parts = _NAME.fullmatch(image)
        if parts is None:
            found.append(f"{name} is not NAME:TAG: {image}")
        elif parts["digest"] is not None and not _DIGEST.fullmatch(parts["digest"]):
            found.append(f"{name} has no sha256 digest of 64 digits after the @: {image}")
    return found


def digest_of(image: str) -> str:
    """Return the digest that a registry has for a name and a tag.

    Raises:
        NotPinned: no command can look, or the registry does not say.
    """
    found = next((way for way in _LOOK_UP if shutil.which(way[0][0])), None)
    if found is None:
        raise NotPinned("neither crane nor docker is installed; one of them must ask the registries")
    command, read = found
    done = subprocess.run([*command, image], capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["nothing"]
        raise NotPinned(f"{image}: {command[0]} said: {said[-1]}")
    try:
        digest = read(done.stdout)
    except (ValueError, KeyError, TypeError):
        digest = ""
    if not _DIGEST.fullmatch(digest):
        raise NotPinned(f"{image}: {command[0]} printed no digest")
    return digest


def pin(path: Path) -> dict[str, str]:
    """Write the digest of each base image into a Dockerfile, in place of earlier ones; return the images.

    Raises:
        NotPinned: a digest could not be found.
    """
    text = path.read_text("utf-8")
    pinned = {}
    for name, image in base_images(text).items():
        tagged = image.partition("@")[0]
        pinned[name] = f"{tagged}@{digest_of(tagged)}"
    path.write_text(_ARGUMENT.sub(lambda found: f"ARG {found[1]}={pinned[found[1]]}", text), "utf-8")
    return pinned


def main(path: Path = DOCKERFILE) -> int:
    """Pin the images and print them; return 1 where a digest could not be found."""
    try:
        pinned = pin(path)
    except NotPinned as error:
        print(f"{error}; nothing was written", file=sys.stderr)
        return 1
    print("\n".join(pinned.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
