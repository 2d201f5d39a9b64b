"""Train the encoder: ``python -m training.encoder.train_encoder TEXTS WEIGHTS TOKENIZER OUT``.

TEXTS is what ``training.encoder.dump_texts`` wrote. One fold of the articles is left out and measured after
each epoch. Options: see ``--help``.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor, distributed, multiprocessing, nn  # type: ignore[import-not-found,unused-ignore]

from training import REAL
from training.encoder.batches import Batch, Read, batches, read
from training.encoder.network import WIDTH, Judge, read_bert
from training.encoder.texts import Text, read_texts, renamed
from training.pair_rows import weight_of_folder
from transforms.nlp.learned.reading import LINKS

STEP = 16
"""Articles of one step."""
EPOCHS = (3, 2)
"""The epochs of each cycle. In each the rate rises and falls; in the second it has half the height."""
RATE, HEAD_RATE, DECAY, WARM_UP = 8e-5, 5e-4, 0.01, 0.1
FROZEN = 4
MENTION_PART, ARTICLE_PART = 0.5, 0.3
"""Shares of the losses of mentions and of whole articles beside that of candidates, which is 1."""
NUMBER_PART, LINK_PART = 0.3, 1.0
FIRST_BIAS = -2.0
_SAID = {2: 1.0, 0: 0.0, -1: 0.0}
"""What a mention's label says: annotated words, another place, a decoy. Of a struck place, mentions that are
not annotated say nothing."""
Loss = Callable[[Tensor, Tensor], Tensor]
_LOSS: Loss = nn.BCEWithLogitsLoss(reduction="none")


@dataclass(frozen=True, slots=True)
class Scores:
    """Log-odds of all that a batch holds."""

    mentions: Tensor
    candidates: Tensor
    articles: Tensor
    numbers: Tensor
    links: Tensor


def scores_of(judge: Judge, batch: Batch) -> Scores:
    """Return log-odds of the mentions, candidates, articles, numbers and links of a batch."""
    pooled, found = pooled_of(judge, batch)
    first = found[batch.window, 0]
    by_mention = judge.score(pooled[batch.mention], first[batch.mention])
    by_number = judge.count(pooled[batch.number], first[batch.number])
    by_pair = judge.links(pooled, batch.pair, batch.step)
    return Scores(
        by_mention,
        together(by_mention, batch.candidate),
        judge.article(found[batch.first, 0])[:, 0],
        by_number.gather(1, batch.number_kind[:, None])[:, 0],
        together(by_pair.gather(1, batch.pair_kind[:, None])[:, 0], batch.pair_link),
    )


def pooled_of(judge: Judge, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return vectors of the spans, and of all pieces: (spans, width), (windows, pieces, width)."""
    with torch.autocast("cpu", torch.bfloat16):
        found = judge.bert(batch.ids, batch.mask).float()
    spans = len(batch.window)
    flat = found.reshape(-1, WIDTH)[batch.piece]
    counts = torch.zeros(spans).index_add(0, batch.piece_span, torch.ones(len(batch.piece)))
    pooled = torch.zeros(spans, WIDTH).index_add(0, batch.piece_span, flat) / counts.clamp(min=1)[:, None]
    return pooled, found


def together(scores: Tensor, candidate: Tensor) -> Tensor:
    """Return log-odds of candidates: a soft maximum of those of their mentions."""
    many = int(candidate.max()) + 1 if len(candidate) else 0
    top = torch.full((many,), -torch.inf).scatter_reduce(0, candidate, scores.detach(), "amax")
    return top + torch.zeros(many).index_add(0, candidate, (scores - top[candidate]).exp()).log()


def loss_of(judge: Judge, batch: Batch) -> Tensor:
    """Return the summed loss of a batch; real articles weigh more than written ones."""
    scores = scores_of(judge, batch)
    weights = [weight_of_folder(t.folder) for t in batch.texts]
    pairs = [(c, w) for t, w in zip(batch.texts, weights, strict=True) for c in t.candidates]
    labels = torch.tensor([float(c.label) for c, _ in pairs])
    weight = torch.tensor([w if c.label >= 0 else 0.0 for c, w in pairs])
    total = (_LOSS(scores.candidates, labels.clamp(min=0)) * weight).sum()
    said = [(_SAID.get(m), w if c.label >= 0 else 0.0) for c, w in pairs for m in c.mention_labels]
    mention_labels = torch.tensor([s or 0.0 for s, _ in said])
    mention_weight = torch.tensor([w if s is not None else 0.0 for s, w in said])
    total = total + MENTION_PART * (_LOSS(scores.mentions, mention_labels) * mention_weight).sum()
    reports = torch.tensor([float(t.strikes > 0) for t in batch.texts])
    total = total + ARTICLE_PART * (_LOSS(scores.articles, reports) * torch.tensor(weights)).sum()
    numbers = [
        (float(n.label), n.weight * w) for t, w in zip(batch.texts, weights, strict=True) for n in t.numbers
    ]
    links = [
        (float(k.label), k.weight * w) for t, w in zip(batch.texts, weights, strict=True) for k in t.links
    ]
    return total + NUMBER_PART * _weighed(scores.numbers, numbers) + LINK_PART * _weighed(scores.links, links)


def _weighed(scores: Tensor, rows: Sequence[tuple[float, float]]) -> Tensor:
    """Return the summed loss of rows of label and weight; a label below 0 counts for nothing."""
    labels, weight = torch.tensor(rows).reshape(-1, 2).T
    return (_LOSS(scores, labels.clamp(min=0)) * weight * (labels >= 0)).sum()


Key = tuple[str, str, int]
"""Folder, article, and the position of a candidate, number or link in it."""


@torch.no_grad()
def judge_all(judge: Judge, texts: Sequence[Text], tokenizer: Any) -> dict[str, dict[Key, float]]:
    """Return log-odds of candidates, numbers and links."""
    judge.eval()
    found: dict[str, dict[Key, float]] = {sort: {} for sort in ("candidates", "numbers", "links")}
    for batch in batches([read(t, tokenizer) for t in texts if t.candidates]):
        scores = scores_of(judge, batch)
        for sort, of_sort in found.items():
            odds = iter(getattr(scores, sort).tolist())
            of_sort.update(
                {
                    (t.folder, t.article, k): next(odds)
                    for t in batch.texts
                    for k in range(len(getattr(t, sort)))
                }
            )
    return found


def held_rows(found: dict[str, dict[Key, float]], texts: Sequence[Text]) -> dict[str, list[list[Any]]]:
    """Return log-odds with what they are of, for ``training.encoder.settings``.

    Candidates: folder, article, number of the candidate, odds. Links: folder, article, number of the
    strike, kind, characters of the first of the others, those of the first mention, odds.
    """
    odds = found["links"]
    links = [
        [
            *(t.folder, t.article, k.strike, LINKS[k.kind]),
            *(*t.others[k.others[0]], *t.spans[k.mentions[0]], odds[t.folder, t.article, n]),
        ]
        for t in texts
        for n, k in enumerate(t.links)
    ]
    return {"candidates": [[*key, odds] for key, odds in found["candidates"].items()], "links": links}


def auc(found: dict[Key, float], texts: Sequence[Text], sort: str) -> float:
    """Return how often what belongs has higher odds than what does not."""
    keys = [(found[t.folder, t.article, k], c.label) for t in texts for k, c in enumerate(getattr(t, sort))]
    ranked = [label for _, label in sorted(keys) if label >= 0]
    above, below = 0, 0
    for label in ranked:
        above, below = above + (below if label else 0), below + (not label)
    return above / max(1, below * (len(ranked) - below))


def new_judge(weights: Path) -> Judge:
    """Return an encoder with new heads."""
    bert = read_bert(weights)
    judge = Judge(len(bert.layers))
    judge.bert = bert
    for head in (judge.mention, judge.number, judge.link):
        nn.init.constant_(head.bias, FIRST_BIAS)
    judge.freeze(FROZEN)
    return judge


def optimiser_of(judge: Judge, steps: int, share: float) -> tuple[Any, Any]:
    """Return the optimiser and its plan: the rate rises at first, then falls to nothing.

    Args:
        judge: what is trained.
        steps: how many there will be.
        share: of the rates of the first cycle.
    """
    bert = [p for p in judge.bert.parameters() if p.requires_grad]
    heads = [p for n, p in judge.named_parameters() if not n.startswith("bert.")]
    optimiser = torch.optim.AdamW(
        [{"params": bert, "lr": share * RATE}, {"params": heads, "lr": share * HEAD_RATE}], weight_decay=DECAY
    )
    warm = max(1, round(WARM_UP * steps))
    return optimiser, torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / warm, max(0.0, (steps - n) / max(1, steps - warm)))
    )


def train_epoch(
    judge: Judge,
    texts: Sequence[Text],
    tokenizer: Any,
    tools: tuple[Any, Any],
    chance: random.Random,
) -> float:
    """Train one epoch and return its mean loss for each candidate, as this worker sees it.

    Each worker reads its part of a step.
    """
    optimiser, plan = tools
    workers, worker = distributed.get_world_size(), distributed.get_rank()
    pool = [name for t in texts for name in t.names]
    order = chance.sample(texts, len(texts))
    judge.train()
    total, seen = 0.0, 0
    for at in range(0, len(order), STEP):
        articles: list[Read] = [read(renamed(t, pool, chance), tokenizer) for t in order[at : at + STEP]]
        many = max(1, sum(len(a.text.candidates) for a in articles))
        articles.sort(key=lambda a: -sum(len(w.ids) for w in a.windows))
        for batch in batches(articles[worker::workers]):
            loss = loss_of(judge, batch) / many
            loss.backward()  # type: ignore[no-untyped-call,unused-ignore]
            total += float(loss.detach()) * many * workers
        _add_up(judge)
        nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
        optimiser.step()
        plan.step()
        optimiser.zero_grad()
        seen += many
    return total / seen


def _add_up(judge: Judge) -> None:
    """Add the gradients of all workers. One without an article in this step has none: they count as 0."""
    trained = [p for p in judge.parameters() if p.requires_grad]
    flat = torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).reshape(-1) for p in trained])
    distributed.all_reduce(flat)
    for p, grad in zip(trained, flat.split([p.numel() for p in trained]), strict=True):
        p.grad = grad.view_as(p)


def main() -> None:
    """Train an encoder, and write its weights and a line of figures after each epoch."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("texts", "weights", "tokenizer", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--epochs", type=int, nargs="+", default=list(EPOCHS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fold", type=int, default=0, help="the fold that is left out; -1: none")
    parser.add_argument("--without", nargs="*", default=[], help="folders that are left out too")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "meeting").unlink(missing_ok=True)
    multiprocessing.spawn(train, (options,), options.workers)  # type: ignore[no-untyped-call,unused-ignore]


def train(worker: int, options: argparse.Namespace) -> None:
    """Train in one of the workers. The first one measures and writes."""
    from tokenizers import Tokenizer  # type: ignore[import-not-found,unused-ignore]

    distributed.init_process_group(
        "gloo", f"file://{(options.out / 'meeting').resolve()}", rank=worker, world_size=options.workers
    )
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    chance = random.Random(options.seed)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts = read_texts(options.texts)
    used = [t for t in texts if t.fold != options.fold and t.folder not in options.without]
    held = [t for t in texts if t not in used and t.candidates]
    judge = new_judge(options.weights)
    torch.manual_seed(options.seed + 1000 * worker)  # the heads are equal, what is dropped is not
    cycles = [cycle for cycle, many in enumerate(options.epochs) for _ in range(many)]
    tools: tuple[Any, Any] | None = None
    for epoch, cycle in enumerate(cycles):
        if tools is None or cycle != cycles[epoch - 1]:
            steps = options.epochs[cycle] * -(-len(used) // STEP)
            tools = optimiser_of(judge, steps, 1 / (1 + cycle))
        start, work = time.time(), time.process_time()
        loss = train_epoch(judge, used, tokenizer, tools, chance)
        if worker:
            continue
        torch.save(judge.state_dict(), options.out / "weights.pt")
        said = {"epoch": epoch + 1, "articles": len(used), "loss": round(loss, 4)}
        said |= {"seconds": round(time.time() - start), "of_processor": round(time.process_time() - work)}
        real = [t for t in held if t.folder == REAL]
        # All that is left out is read once, at the end: it takes a quarter of an epoch.
        judged = held if epoch == len(cycles) - 1 else real
        if judged:
            found = judge_all(judge, judged, tokenizer)
            for sort in found:
                said |= {f"{sort}_real": round(auc(found[sort], real, sort), 4)}
                said |= {sort: round(auc(found[sort], judged, sort), 4)}
            (options.out / "held.json").write_text(json.dumps(held_rows(found, judged)))
        print(json.dumps(said), flush=True)
        with (options.out / "log.jsonl").open("a") as log:
            log.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
