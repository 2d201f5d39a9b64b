"""The encoder: a small language model that reads an article and judges it, its places, tolls, weapons and dates.

onnxruntime and tokenizers are imported here alone, when an encoder is first opened. An article is read in windows
of title and text, because the encoder reads at most ``WINDOW`` word pieces at once. It costs more than all other
models together, so it is asked only about articles with a place of which they are in doubt, or more.
"""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from transforms.nlp.learned.encoder_windows import (
    OTHER_REACH,
    REACH,
    Marks,
    Pieces,
    Span,
    Window,
    near,
    windows_of,
)
from transforms.nlp.learned.model import WeightsInvalid
from transforms.nlp.learned.reading import LINKS, STEPS, ArticleHead, Floats, LinkHead, Reading, Settings
from transforms.nlp.learned.weight_files import load_weights, weights_folder

MODEL, TOKENIZER = "encoder.onnx", "encoder-tokenizer.json"
SETTINGS, HEAD, ARTICLE_HEAD = "encoder.json.gz", "encoder-links.json.gz", "encoder-article.json.gz"
OUTPUTS = ("struck", "places", "others", "whole")
"""What the network gives for each span, and for the window: see ``Reading``."""


def read_settings(raw: Mapping[str, Any]) -> Settings:
    """Return the settings of the content of their file.

    Raises:
        WeightsInvalid: a share or a probability is not between 0 and 1.
    """
    settings = Settings(**raw)
    for name in Settings.__slots__:
        if not 0 <= getattr(settings, name) <= 1:
            raise WeightsInvalid(f"{name} is {getattr(settings, name)}, not between 0 and 1")
    return settings


def read_head(raw: Mapping[str, Any]) -> LinkHead:
    """Return the part that joins links of the content of its file.

    Raises:
        WeightsInvalid: its parts do not fit each other.
    """
    steps, weights, bias = (np.array(raw[part], dtype=np.float32) for part in ("steps", "weights", "bias"))
    if (len(steps), weights.shape, bias.shape) != (STEPS, (steps.shape[-1], len(LINKS)), (len(LINKS),)):
        raise WeightsInvalid(f"steps {steps.shape}, weights {weights.shape} and bias {bias.shape} do not fit")
    return LinkHead(steps, weights, bias)


def read_article_head(raw: Mapping[str, Any]) -> ArticleHead:
    """Return the part that judges an article of the content of its file."""
    return ArticleHead(np.array(raw["weights"], dtype=np.float32), float(raw["bias"]))


class Encoder:
    """An encoder of a folder. Its network is opened when it is first asked, and uses one thread."""

    def __init__(self, folder: Traversable, settings: Settings) -> None:
        """Keep where the network is, and how much it counts."""
        self.settings = settings
        self._folder = folder

    @cached_property
    def _opened(self) -> tuple[Any, Any, Marks]:
        """Return the network, the tokenizer, and the word pieces that part a window."""
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        file = self._folder / MODEL
        try:
            session = onnxruntime.InferenceSession(
                file.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
            file = self._folder / TOKENIZER
            tokenizer = Tokenizer.from_str(file.read_text("utf-8"))
        except Exception as error:  # both libraries raise plain exceptions of their own
            raise WeightsInvalid(f"{file}: {error!r}") from error
        begin, end = (tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        if begin is None or end is None:
            raise WeightsInvalid(f"{file}: the tokenizer has no marks of windows")
        return session, tokenizer, Marks(begin, end)

    @cached_property
    def _head(self) -> LinkHead:
        """Return what joins the places of links with the others."""
        return load_weights(self._folder / HEAD, read_head)

    @cached_property
    def _article_head(self) -> ArticleHead:
        """Return what judges an article as a whole."""
        return load_weights(self._folder / ARTICLE_HEAD, read_article_head)

    def read(
        self, text: str, title_end: int, places: Sequence[Span], others: Sequence[Span] = ()
    ) -> Reading | None:
        """Return what the encoder says of spans of an article; None where there is no place, or no word piece.

        Args:
            text: title, two line breaks, body, as in ``Findings.text``.
            title_end: characters of the title.
            places: the characters of the mentions of places.
            others: the characters of numbers, weapons and times.

        Raises:
            WeightsInvalid: a file of the encoder is missing or spoilt.
        """
        if not places:
            return None
        session, tokenizer, marks = self._opened
        found = tokenizer.encode(text, add_special_tokens=False)
        if not found.ids:
            return None
        whole = Pieces(found.ids, found.offsets)
        pieces = near(whole, title_end, [(places, REACH), (others, OTHER_REACH)])
        spans = list(dict.fromkeys((*places, *others)))
        rows: dict[Span, int] = {}
        parts: list[dict[str, Floats]] = []
        for window in windows_of(pieces, title_end, spans, marks):
            if window.mentions:
                for number, _, _ in window.mentions:
                    rows[spans[number]] = len(rows)
                parts.append(_judged(session, window))
        struck, of_places, of_others = (
            np.concatenate([part[name] for part in parts]) for name in OUTPUTS[:3]
        )
        first = parts[0]["whole"][0]
        return Reading(
            rows, struck, of_places, of_others, self._head, first, self._article_head, self.settings
        )


def _judged(session: Any, window: Window) -> dict[str, Floats]:
    """Return what the network gives for one window."""
    ids = np.array([window.ids], dtype=np.int64)
    pooling = np.zeros((len(window.mentions), ids.shape[1]), dtype=np.float32)
    for row, (_, first, last) in enumerate(window.mentions):
        pooling[row, first:last] = 1 / (last - first)
    return dict(zip(OUTPUTS, session.run(list(OUTPUTS), {"ids": ids, "pooling": pooling}), strict=True))


@cache
def packaged_encoder() -> Encoder:
    """Return the encoder that belongs to the project. A process opens it once.

    Raises:
        WeightsInvalid: the file of its settings is missing or spoilt.
    """
    folder = weights_folder()
    return Encoder(folder, load_weights(folder / SETTINGS, read_settings))
