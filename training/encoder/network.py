"""The network that is trained: a BERT of any depth, and the judge of mentions on top of it.

Weights are read from an ONNX file (bge-small-en-v1.5, e5-small-v2).
"""

import math
import re
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor, nn  # type: ignore[import-not-found,unused-ignore]

from transforms.nlp.learned.reading import LINKS, STEPS

WIDTH, HEADS, INNER, PIECES, POSITIONS = 384, 12, 1536, 30522, 512
DROPOUT = 0.1


class Layer(nn.Module):
    """One layer of BERT: attention, then a network for each piece, each added and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mixed = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.wide, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm, self.last_norm = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Return the vectors of the pieces after this layer. x: (windows, pieces, width)."""
        many, pieces, _ = x.shape

        def heads(y: Tensor) -> Tensor:
            return y.view(many, pieces, HEADS, WIDTH // HEADS).transpose(1, 2)

        # On a processor, plain products are a tenth faster here than torch's own function, backwards too.
        likeness = heads(self.query(x)) @ heads(self.key(x)).transpose(-1, -2) / math.sqrt(WIDTH / HEADS)
        if mask is not None:
            likeness = likeness.masked_fill(~mask, -1e4)
        seen = likeness.softmax(-1) @ heads(self.value(x))
        x = self.norm(x + self.drop(self.mixed(seen.transpose(1, 2).reshape(many, pieces, WIDTH))))
        found: Tensor = self.last_norm(x + self.drop(self.narrow(nn.functional.gelu(self.wide(x)))))
        return found


class Bert(nn.Module):
    """The encoder without a head."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.words = nn.Embedding(PIECES, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(DROPOUT)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return a vector for each piece. ids: (windows, pieces); mask: true where a piece stands."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.norm(self.words(ids) + self.positions(places) + self.kind))
        spread = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, spread)
        found: Tensor = x
        return found


class Judge(nn.Module):
    """The encoder with its heads: log-odds of each mention, and of the article as a whole."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.bert = Bert(layers)
        self.drop = nn.Dropout(DROPOUT)
        self.hidden = nn.Linear(2 * WIDTH, WIDTH)
        self.mention = nn.Linear(WIDTH, 1)
        self.article = nn.Linear(WIDTH, 1)
        self.number_hidden = nn.Linear(2 * WIDTH, WIDTH)
        self.number = nn.Linear(WIDTH, len(LINKS))
        self.of_place, self.of_other = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.steps = nn.Embedding(STEPS, WIDTH)
        nn.init.normal_(self.steps.weight, std=0.1)
        self.link = nn.Linear(WIDTH, len(LINKS))

    def freeze(self, layers: int) -> None:
        """Keep the word pieces and the first layers as they were read: faster, and nearer to English."""
        for part in (self.bert.words, self.bert.positions, self.bert.norm, *self.bert.layers[:layers]):
            part.requires_grad_(False)
        self.bert.kind.requires_grad_(False)

    def score(self, pooled: Tensor, first: Tensor) -> Tensor:
        """Return log-odds of mentions from their own vector and that of their window: (mentions, width)."""
        hidden = nn.functional.gelu(self.hidden(self.drop(torch.cat([pooled, first], dim=-1))))
        found: Tensor = self.mention(self.drop(hidden))[:, 0]
        return found

    def count(self, pooled: Tensor, first: Tensor) -> Tensor:
        """Return log-odds that numbers are tolls of any strike: (numbers, kinds)."""
        hidden = nn.functional.gelu(self.number_hidden(self.drop(torch.cat([pooled, first], dim=-1))))
        found: Tensor = self.number(self.drop(hidden))
        return found

    def links(self, pooled: Tensor, pair: Tensor, step: Tensor) -> Tensor:
        """Return log-odds that a number or word belongs to the strike at a mention: (pairs, kinds).

        pooled: (spans, width). pair: the span of the mention and that of the other, (2, pairs).
        step: the step of distance between the two.
        """
        place, other = self.of_place(self.drop(pooled)), self.of_other(self.drop(pooled))
        hidden = nn.functional.gelu(place[pair[0]] + other[pair[1]] + self.steps(step), approximate="tanh")
        found: Tensor = self.link(self.drop(hidden))
        return found

    def forward(self, ids: Tensor, pooling: Tensor) -> tuple[Tensor, ...]:
        """Return what ``transforms.nlp.learned.encoder.OUTPUTS`` names, for one window and its spans.

        ids: (1, pieces); pooling: (spans, pieces). The run time joins places and others itself, because
        only some of their pairs are asked about.
        """
        found = self.bert(ids)[0]
        pooled = pooling @ found
        struck = self.score(pooled, found[:1].expand(pooling.shape[0], -1))
        return struck, self.of_place(pooled), self.of_other(pooled), found[:1]

    @property
    def head(self) -> dict[str, Any]:
        """Return what joins places and others, as ``transforms.nlp.learned.encoder.read_head`` reads it."""
        parts = {"steps": self.steps.weight, "weights": self.link.weight.T, "bias": self.link.bias}
        return {name: _rounded(part.tolist()) for name, part in parts.items()}


def _rounded(numbers: Any) -> Any:
    """Return a number, or lists of numbers, with the digits that count."""
    return [_rounded(n) for n in numbers] if isinstance(numbers, list) else round(numbers, 5)


_PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "mixed",
    "attention.output.LayerNorm": "norm",
    "intermediate.dense": "wide",
    "output.dense": "narrow",
    "output.LayerNorm": "last_norm",
}


def read_bert(path: Path) -> Bert:
    """Return an encoder with the weights of a file.

    Raises:
        KeyError: the file lacks a weight of a BERT.
    """
    found = _of_onnx(path)
    layers = 1 + max(int(m[1]) for m in map(re.compile(r"encoder\.layer\.(\d+)\.").match, found) if m)
    bert = Bert(layers)
    state = {
        "words.weight": found["embeddings.word_embeddings.weight"],
        "positions.weight": found["embeddings.position_embeddings.weight"],
        "kind": found["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": found["embeddings.LayerNorm.weight"],
        "norm.bias": found["embeddings.LayerNorm.bias"],
    }
    for n in range(layers):
        for theirs, ours in _PARTS.items():
            for end in ("weight", "bias"):
                state[f"layers.{n}.{ours}.{end}"] = found[f"encoder.layer.{n}.{theirs}.{end}"]
    bert.load_state_dict(state)
    return bert


def _of_onnx(path: Path) -> dict[str, Tensor]:
    """Return the weights of an ONNX file. Matrices have no name there: that of their node tells it."""
    import onnx  # type: ignore[import-not-found,unused-ignore]
    from onnx import numpy_helper  # type: ignore[import-not-found,unused-ignore]

    graph: Any = onnx.load(str(path)).graph
    raw = {t.name: torch.tensor(numpy_helper.to_array(t)) for t in graph.initializer}
    found = {name: weight for name, weight in raw.items() if "." in name}
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in raw:
            name = node.name.strip("/").removesuffix("/MatMul").replace("/", ".")
            found[f"{name}.weight"] = raw[node.input[1]].T.contiguous()
    return found
