"""Train the encoder: ``python -m training.encoder.train_encoder TEXTS WEIGHTS TOKENIZER OUT``.

TEXTS is what ``training.encoder.dump_texts`` wrote. One fold of the articles is left out and measured after
each epoch. Options: see ``--help``.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor, distributed, multiprocessing, nn  # type: ignore[import-not-found,unused-ignore]

from training import REAL
from training.encoder.batches import Batch, Read, batches, read
from training.encoder.network import WIDTH, Judge, read_bert
from training.encoder.texts import Text, read_texts, renamed

STEP = 16
"""Articles of one step."""
RATE, HEAD_RATE, DECAY, WARM_UP = 1e-4, 5e-4, 0.01, 0.1
FROZEN = 2
REAL_WEIGHT = 3.0
"""What a real article weighs; a written one weighs 1, also where an epoch reads only a share of them."""
MENTION_PART, ARTICLE_PART = 0.5, 0.3
"""Shares of the losses of mentions and of whole articles beside that of candidates, which is 1."""
FIRST_BIAS = -2.0
_SAID = {2: 1.0, 0: 0.0, -1: 0.0}
"""What a mention's label says: annotated words, another place, a decoy. Of a struck place, mentions that are
not annotated say nothing."""
Loss = Callable[[Tensor, Tensor], Tensor]
_LOSS: Loss = nn.BCEWithLogitsLoss(reduction="none")


def scores_of(judge: Judge, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return log-odds of the mentions, the candidates and the articles of a batch."""
    with torch.autocast("cpu", torch.bfloat16):
        found = judge.bert(batch.ids, batch.mask).float()
    mentions = len(batch.window)
    flat = found.reshape(-1, WIDTH)[batch.piece]
    counts = torch.zeros(mentions).index_add(0, batch.piece_mention, torch.ones(len(batch.piece)))
    pooled = torch.zeros(mentions, WIDTH).index_add(0, batch.piece_mention, flat) / counts[:, None]
    by_mention = judge.score(pooled, found[batch.window, 0])
    by_candidate = together(by_mention, batch.candidate)
    return by_mention, by_candidate, judge.article(found[batch.first, 0])[:, 0]


def together(scores: Tensor, candidate: Tensor) -> Tensor:
    """Return log-odds of candidates: a soft maximum of those of their mentions."""
    many = int(candidate.max()) + 1 if len(candidate) else 0
    top = torch.full((many,), -torch.inf).scatter_reduce(0, candidate, scores.detach(), "amax")
    return top + torch.zeros(many).index_add(0, candidate, (scores - top[candidate]).exp()).log()


def loss_of(judge: Judge, batch: Batch, real_weight: float) -> Tensor:
    """Return the summed loss of a batch; real articles have a weight of their own, others 1."""
    mentions, candidates, articles = scores_of(judge, batch)
    weights = [real_weight if t.folder == REAL else 1.0 for t in batch.texts]
    pairs = [(c, w) for t, w in zip(batch.texts, weights, strict=True) for c in t.candidates]
    labels = torch.tensor([float(c.label) for c, _ in pairs])
    weight = torch.tensor([w if c.label >= 0 else 0.0 for c, w in pairs])
    total = (_LOSS(candidates, labels.clamp(min=0)) * weight).sum()
    said = [(_SAID.get(m), w if c.label >= 0 else 0.0) for c, w in pairs for m in c.mention_labels]
    mention_labels = torch.tensor([s or 0.0 for s, _ in said])
    mention_weight = torch.tensor([w if s is not None else 0.0 for s, w in said])
    total = total + MENTION_PART * (_LOSS(mentions, mention_labels) * mention_weight).sum()
    reports = torch.tensor([float(t.strikes > 0) for t in batch.texts])
    return total + ARTICLE_PART * (_LOSS(articles, reports) * torch.tensor(weights)).sum()


@torch.no_grad()
def judge_all(judge: Judge, texts: Sequence[Text], tokenizer: Any) -> dict[tuple[str, str, int], float]:
    """Return log-odds by folder, article and number of the candidate."""
    judge.eval()
    found = {}
    for batch in batches([read(t, tokenizer) for t in texts if t.candidates]):
        odds = iter(scores_of(judge, batch)[1].tolist())
        found.update(
            {(t.folder, t.article, k): next(odds) for t in batch.texts for k in range(len(t.candidates))}
        )
    return found


def auc(found: dict[tuple[str, str, int], float], texts: Sequence[Text]) -> float:
    """Return how often a struck candidate has higher odds than one that was not."""
    keys = [(found[t.folder, t.article, k], c.label) for t in texts for k, c in enumerate(t.candidates)]
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
    nn.init.constant_(judge.mention.bias, FIRST_BIAS)
    judge.freeze(FROZEN)
    return judge


def optimiser_of(judge: Judge, steps: int) -> tuple[Any, Any]:
    """Return the optimiser and its plan: the rate rises at first, then falls to nothing."""
    bert = [p for p in judge.bert.parameters() if p.requires_grad]
    heads = [p for n, p in judge.named_parameters() if not n.startswith("bert.")]
    optimiser = torch.optim.AdamW(
        [{"params": bert, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=DECAY
    )
    warm = max(1, round(WARM_UP * steps))
    return optimiser, torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / warm, max(0.0, (steps - n) / max(1, steps - warm)))
    )


def epoch_of(texts: Sequence[Text], share: float, chance: random.Random) -> list[Text]:
    """Return the articles of an epoch in a new order: all real ones, and a share of the written ones."""
    written = [t for t in texts if t.folder != REAL]
    drawn = chance.sample(written, round(share * len(written)))
    return chance.sample(
        drawn + [t for t in texts if t.folder == REAL], len(drawn) + len(texts) - len(written)
    )


def train_epoch(
    judge: Judge,
    texts: Sequence[Text],
    tokenizer: Any,
    tools: tuple[Any, Any],
    chance: random.Random,
    share: float,
) -> float:
    """Train one epoch and return its mean loss for each candidate, as this worker sees it.

    An epoch reads all real articles and a share of the written ones. Each worker reads its part of a step.
    """
    optimiser, plan = tools
    workers, worker = distributed.get_world_size(), distributed.get_rank()
    pool = [name for t in texts for name in t.names]
    order = epoch_of(texts, share, chance)
    judge.train()
    total, seen = 0.0, 0
    for at in range(0, len(order), STEP):
        articles: list[Read] = [read(renamed(t, pool, chance), tokenizer) for t in order[at : at + STEP]]
        many = max(1, sum(len(a.text.candidates) for a in articles))
        articles.sort(key=lambda a: -sum(len(w.ids) for w in a.windows))
        for batch in batches(articles[worker::workers]):
            loss = loss_of(judge, batch, REAL_WEIGHT * share) / many
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
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fold", type=int, default=0, help="the fold that is left out; -1: none")
    parser.add_argument("--without", nargs="*", default=[], help="folders that are left out too")
    parser.add_argument("--share", type=float, default=1.0, help="of the written articles in an epoch")
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
    tools = optimiser_of(judge, options.epochs * -(-len(epoch_of(used, options.share, chance)) // STEP))
    torch.manual_seed(options.seed + 1000 * worker)  # the heads are equal, what is dropped is not
    for epoch in range(options.epochs):
        start, work = time.time(), time.process_time()
        loss = train_epoch(judge, used, tokenizer, tools, chance, options.share)
        if worker:
            continue
        torch.save(judge.state_dict(), options.out / "weights.pt")
        said = {"epoch": epoch + 1, "articles": len(used), "loss": round(loss, 4)}
        said |= {"seconds": round(time.time() - start), "of_processor": round(time.process_time() - work)}
        real = [t for t in held if t.folder == REAL]
        # All that is left out is read once, at the end: it takes a quarter of an epoch.
        judged = held if epoch == options.epochs - 1 else real
        if judged:
            found = judge_all(judge, judged, tokenizer)
            said |= {"auc_real": round(auc(found, real), 4), "auc": round(auc(found, judged), 4)}
            (options.out / "held.json").write_text(json.dumps([[*k, v] for k, v in found.items()]))
        print(json.dumps(said), flush=True)
        with (options.out / "log.jsonl").open("a") as log:
            log.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
