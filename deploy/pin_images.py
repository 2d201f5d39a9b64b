"""``make pin-images``: write the digests of the base images to ``deploy/base-images.env``.

Whoever owns a tag can move it to another image; a digest stays with one. Builds take what that file holds.
It is made again, and looked at, when a version changes. Docker asks the registries, or the command in
STRIKELEDGER_INSPECT.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCKERFILE, PINNED = Path("deploy/Dockerfile"), Path("deploy/base-images.env")
INSPECT = "docker buildx imagetools inspect --format {{.Manifest.Digest}}"
"""Prints the digest of the image whose name comes after it. ``crane digest`` is another such command."""
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_FROM = re.compile(r"^FROM\s+(\S+)", re.MULTILINE)
_PART = re.compile(r"\$\{(\w+)\}")
_HEAD = (
    "# The digests of the base images of deploy/Dockerfile. "
    "`make pin-images` asks the registries and writes this file.\n"
)


class NotPinned(Exception):
    """A digest could not be found. The message is one line."""


def base_images(dockerfile: str) -> dict[str, str]:
    """Return the image of each digest that a Dockerfile takes: ``SDK_DIGEST`` of Beam's image, and so on.

    Raises:
        NotPinned: a base image takes no digest.
    """
    defaults = dict(re.findall(r"^ARG (\w+)=(\S*)", dockerfile, re.MULTILINE))
    found = {}
    for name in _FROM.findall(dockerfile):
        *_, last = _PART.findall(name) or [""]
        if not last.endswith("_DIGEST") or not name.endswith(f"${{{last}}}") or last not in defaults:
            raise NotPinned(f"FROM {name} takes no digest: end it with ${{NAME_DIGEST}}, an ARG")
        image = name.removesuffix(f"${{{last}}}")
        found[last] = _PART.sub(lambda part: defaults.get(part[1], ""), image)
    return found


def pinned_faults(root: Path) -> list[str]:
    """Return what is wrong with the base images and their digests, a line each."""
    try:
        known = base_images((root / DOCKERFILE).read_text("utf-8"))
    except NotPinned as error:
        return [str(error)]
    found = []
    for line in (root / PINNED).read_text("utf-8").splitlines():
        name, _, value = line.partition("=")
        if line.startswith("#") or not line.strip():
            continue
        if name not in known:
            found.append(f"{PINNED.name}: {name} is no digest that the Dockerfile takes")
        if not (value.startswith("@") and _DIGEST.fullmatch(value[1:])):
            found.append(f"{PINNED.name}: {name} is no digest: {value}")
    return found


def digest_of(image: str, inspect: Sequence[str]) -> str:
    """Return the digest of an image, as its registry says.

    Raises:
        NotPinned: the command failed, or printed something else.
    """
    try:
        done = subprocess.run([*inspect, image], capture_output=True, text=True)
    except OSError as error:
        raise NotPinned(f"can't run {inspect[0]}: {error.strerror}") from None
    said = done.stdout.strip()
    if done.returncode or not _DIGEST.fullmatch(said):
        lines = (done.stderr.strip() or said or "nothing").splitlines()
        raise NotPinned(f"{image}: {inspect[0]} says {lines[-1]}")
    return said


def pin(root: Path, inspect: Sequence[str]) -> dict[str, str]:
    """Write the digests of all base images, and return them. Nothing is written where one cannot be found.

    Raises:
        NotPinned: a digest cannot be found.
    """
    images = base_images((root / DOCKERFILE).read_text("utf-8"))
    found = {name: digest_of(image, inspect) for name, image in images.items()}
    lines = (f"# {images[name]}\n{name}=@{digest}\n" for name, digest in found.items())
    (root / PINNED).write_text(_HEAD + "".join(lines), "utf-8")
    return found


def main() -> int:
    """Pin the images of this repository; return 1, with one line, where that fails."""
    try:
        found = pin(ROOT, shlex.split(os.environ.get("STRIKELEDGER_INSPECT", INSPECT)))
    except NotPinned as error:
        print(f"pin-images: {error}", file=sys.stderr)
        return 1
    print(f"{PINNED}: {len(found)} images")
    return 0


if __name__ == "__main__":
    sys.exit(main())
