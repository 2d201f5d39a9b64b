"""The files of learned weights that belong to the project: one a model, in the folder ``weights``.

A file holds JSON, plain or compressed by gzip. A process reads each once.
"""

import gzip
import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, cast

from transforms.nlp.learned.model import WeightsInvalid
from transforms.util.data_files import digest_of

Model = TypeVar("Model")

_COMPRESSED = ".json.gz"
_OF_MODELS = (_COMPRESSED, ".onnx", "-tokenizer.json")


def load_weights(path: Traversable, read: Callable[[Mapping[str, Any]], Model]) -> Model:
    """Return the model in a file of weights.

    Args:
        path: of the file, which ends in ``.json`` or ``.json.gz``.
        read: makes the model of the content of the file.

    Raises:
        WeightsInvalid: the file holds something else, or its parts do not fit each other.
    """
    try:
        return read(json.loads(_content(path)))
    except (EOFError, KeyError, OSError, TypeError, ValueError) as error:
        raise WeightsInvalid(f"{path}: {error!r}") from error


def packaged_model(name: str, read: Callable[[Mapping[str, Any]], Model]) -> Model:
    """Return the model of that name that belongs to the project.

    Raises:
        WeightsInvalid: as ``load_weights``.
    """
    return cast(Model, _packaged_model(name, read))


@cache
def _packaged_model(name: str, read: Callable[[Mapping[str, Any]], Any]) -> Any:
    return load_weights(weights_folder() / f"{name}{_COMPRESSED}", read)


def weights_folder() -> Traversable:
    """Return the folder of the files."""
    return files("transforms.nlp.learned") / "weights"


@cache
def weights_digest() -> str:
    """Return a digest of all files that belong to the project, those of the encoder too.

    It is of what they hold, because another zlib may compress the same weights to other bytes.
    """
    found = (path for path in weights_folder().iterdir() if path.name.endswith(_OF_MODELS))
    return digest_of({path.name: _content(path) for path in found})


def _content(path: Traversable) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.name.endswith(_COMPRESSED) else content
