"""The files of weights that ship: read once, digested by content, part of the extractor's version."""

import gzip
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from training.export import write_weights
from transforms.nlp import pipeline
from transforms.nlp.learned import weight_files
from transforms.nlp.learned.model import WeightsInvalid, read_model
from transforms.nlp.learned.weight_files import (
    load_weights,
    packaged_model,
    weights_digest,
    weights_folder,
)
from transforms.nlp.pipeline import extractor_version

MAX_BYTES = 45_000_000
CARD = Path(__file__).parents[2] / "docs/reference/model-card.md"


def content(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a file as it is, in place of a model."""
    return dict(raw)


@pytest.mark.parametrize("name", ["weights.json", "weights.json.gz"])
def test_what_is_written_is_read_and_gives_the_same_bytes_again(tmp_path: Path, name: str) -> None:
    path, weights = tmp_path / name, {"b": 1, "a": [0.25, "é"]}
    write_weights(weights, path)
    first = path.read_bytes()
    assert load_weights(path, content) == weights
    write_weights(dict(reversed(weights.items())), path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("broken", [b"", b"{", b"no gzip", gzip.compress(b"{}", mtime=0)[:-4]])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "weights.json.gz"
    path.write_bytes(broken)
    with pytest.raises(WeightsInvalid, match=r"weights\.json\.gz"):
        load_weights(path, content)


def test_the_packaged_model_is_read_once_and_the_files_are_small() -> None:
    model = packaged_model("places", read_model)
    assert packaged_model("places", read_model) is model
    assert 0 < model.thresholds.place <= model.thresholds.article < 1
    sizes = [len(path.read_bytes()) for path in weights_folder().iterdir()]
    assert sum(sizes) < MAX_BYTES


def test_the_model_card_is_of_the_weights_that_ship() -> None:
    assert f"`{weights_digest()[:10]}`" in CARD.read_text("utf-8")


def test_the_digest_is_of_names_and_contents_and_not_of_the_compression(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest(**files: bytes) -> str:
        for path in tmp_path.iterdir():
            path.unlink()
        for name, data in files.items():
            (tmp_path / f"{name}.json.gz").write_bytes(data)
        monkeypatch.setattr(weight_files, "weights_folder", lambda: tmp_path)
        return weights_digest.__wrapped__()

    text = json.dumps([0] * 1000).encode()
    fast, small = gzip.compress(text, 1), gzip.compress(text, 9)
    assert fast != small
    assert digest(a=fast) == digest(a=small)
    assert len({digest(a=fast), digest(b=fast), digest(a=fast, b=fast), digest(a=gzip.compress(b"1"))}) == 4


def test_the_version_changes_with_the_weights_and_with_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def version() -> str:
        pipeline._data_digest.cache_clear()
        return extractor_version()

    present = version()
    assert re.fullmatch(r"learned-1\.[0-9a-f]{10}\+.+-[\d.]+", present)
    for part in ("pack_digest", "weights_digest"):
        with monkeypatch.context() as patched:
            patched.setattr(pipeline, part, lambda *_: "other")
            assert version() != present
    assert version() == present
