"""The network that is trained: a BERT of any depth, and the judge of mentions on top of it.

Weights are read from an ONNX file (bge-small-en-v1.5, e5-small-v2) or a safetensors file (MiniLM).
"""

import math
import re
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor, nn  # type: ignore[import-not-found,unused-ignore]

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

    def forward(self, ids: Tensor, pooling: Tensor) -> Tensor:
        """Return log-odds of the mentions of one window. ids: (1, pieces); pooling: (mentions, pieces)."""
        found = self.bert(ids)[0]
        return self.score(pooling @ found, found[:1].expand(pooling.shape[0], -1))


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
    found = _of_onnx(path) if path.suffix == ".onnx" else _of_safetensors(path)
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


def _of_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file  # type: ignore[import-not-found,unused-ignore]

    found: dict[str, Tensor] = load_file(path)
    return found
