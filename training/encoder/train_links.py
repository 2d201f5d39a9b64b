"""Train the links of an encoder further: ``python -m training.encoder.train_links TEXTS TOKENIZER OUT``.

OUT is the folder of ``training.encoder.train_encoder``. Its epochs are enough for places, not for
links. The rest of the network stays as it is, so the vectors of all spans are computed once, and the twenty
epochs take a minute. ``weights.pt`` and the links in ``held.json`` are written anew.
"""

import json
import math
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor, nn  # type: ignore[import-not-found,unused-ignore]

from training.encoder.batches import batches, read
from training.encoder.export_encoder import load_judge
from training.encoder.network import Judge
from training.encoder.texts import Text, read_texts
from training.encoder.train_encoder import held_rows, pooled_of, together
from training.pair_rows import weight_of_folder
from transforms.nlp.learned.reading import step_between

EPOCHS, ARTICLES, RATE, DECAY, DROPOUT, WARM_UP = 20, 64, 3e-3, 0.01, 0.2, 50
FOLD = 0
"""The fold that is left out, as in ``train_encoder``."""
Vectors = dict[tuple[str, str], Tensor]
_LOSS = nn.BCEWithLogitsLoss(reduction="none")


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of links of some articles, and for each link its label and weight."""

    vectors: Tensor
    pair: Tensor
    kind: Tensor
    link: Tensor
    step: Tensor
    label: Tensor
    weight: Tensor


@torch.no_grad()
def vectors_of(judge: Judge, texts: Sequence[Text], tokenizer: Any) -> Vectors:
    """Return the vectors of all spans of each article."""
    judge.eval()
    found: Vectors = {}
    for batch in batches([read(t, tokenizer) for t in texts]):
        pooled = pooled_of(judge, batch)[0]
        at = 0
        for text in batch.texts:
            many = len(text.spans)
            found[text.folder, text.article] = pooled[at : at + many].clone()
            at += many
    return found


def pairs_of(texts: Sequence[Text], vectors: Vectors) -> Pairs:
    """Return the pairs of the links of some articles."""
    rows: list[tuple[int, int, int, int, int]] = []
    of_links: list[tuple[float, float]] = []
    at = 0
    for text in texts:
        spans = text.spans
        others = len(spans) - len(text.others)
        for link in text.links:
            rows += [
                (at + m, at + others + o, link.kind, len(of_links), step_between(spans[m], text.others[o]))
                for m in link.mentions
                for o in link.others
            ]
            of_links.append((float(link.label), link.weight * weight_of_folder(text.folder)))
        at += len(spans)
    columns = torch.tensor(rows, dtype=torch.long).reshape(-1, 5).T
    label, weight = torch.tensor(of_links).reshape(-1, 2).T
    joined = torch.cat([vectors[t.folder, t.article] for t in texts])
    return Pairs(joined, columns[:2], columns[2], columns[3], columns[4], label, weight)


def odds_of(judge: Judge, pairs: Pairs) -> Tensor:
    """Return the log-odds of each link."""
    by_pair = judge.links(pairs.vectors, pairs.pair, pairs.step)
    return together(by_pair.gather(1, pairs.kind[:, None])[:, 0], pairs.link)


def train_links(judge: Judge, texts: Sequence[Text], vectors: Vectors) -> Iterator[float]:
    """Train what joins links; yield the mean loss of an article after each epoch."""
    chance = random.Random(0)
    parts = (judge.of_place, judge.of_other, judge.steps, judge.link)
    trained = [p for part in parts for p in part.parameters()]
    optimiser = torch.optim.AdamW(trained, lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * math.ceil(len(texts) / ARTICLES)
    plan = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / WARM_UP, max(0.0, (steps - n) / steps))
    )
    judge.train()
    judge.drop.p = DROPOUT
    for _ in range(EPOCHS):
        order, total = chance.sample(texts, len(texts)), 0.0
        for at in range(0, len(order), ARTICLES):
            some = order[at : at + ARTICLES]
            pairs = pairs_of(some, vectors)
            counts = pairs.weight * (pairs.label >= 0)
            loss = (_LOSS(odds_of(judge, pairs), pairs.label.clamp(min=0)) * counts).sum() / len(some)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call,unused-ignore]
            nn.utils.clip_grad_norm_(trained, 5.0)
            optimiser.step()
            plan.step()
            total += float(loss.detach()) * len(some)
        yield total / len(order)


@torch.no_grad()
def judged_links(judge: Judge, texts: Sequence[Text], vectors: Vectors) -> dict[tuple[str, str, int], float]:
    """Return the log-odds of all links of articles."""
    judge.eval()
    found = {}
    for text in texts:
        odds = odds_of(judge, pairs_of([text], vectors)).tolist()
        found.update({(text.folder, text.article, n): o for n, o in enumerate(odds)})
    return found


def main(arguments: list[str]) -> None:
    """Train the links of one encoder further."""
    from tokenizers import Tokenizer  # type: ignore[import-not-found,unused-ignore]

    texts_file, tokenizer_file, out = (Path(a) for a in arguments)
    torch.manual_seed(0)
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    judge = load_judge(out / "weights.pt")
    texts = [t for t in read_texts(texts_file) if t.links]
    vectors = vectors_of(judge, texts, tokenizer)
    print(f"{len(vectors)} articles", flush=True)
    for epoch, loss in enumerate(train_links(judge, [t for t in texts if t.fold != FOLD], vectors)):
        print(f"epoch {epoch + 1}: loss {loss:.3f}", flush=True)
    torch.save(judge.state_dict(), out / "weights.pt")
    held = [t for t in texts if t.fold == FOLD]
    rows = json.loads((out / "held.json").read_text("utf-8"))
    rows["links"] = held_rows({"candidates": {}, "links": judged_links(judge, held, vectors)}, held)["links"]
    (out / "held.json").write_text(json.dumps(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
