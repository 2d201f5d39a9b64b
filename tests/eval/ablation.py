"""Turn the rules off one by one, and say which of them nothing misses.

    python tests/eval/ablation.py [PREFIX]

For each expression of the English pack (those whose name begins with PREFIX) it counts the reports of
the annotated articles that change without it. A rule that changes none is a rule for nothing, or one
that no annotated article needs: write one, or take the rule out. Takes a few minutes.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from pathlib import Path

from scoring import MODEL, read_own, read_sample
from spacy.tokens import Doc

from schemas.identity import parse_instant
from schemas.records import Article
from transforms.nlp import reports as reports_module
from transforms.nlp.blocks import find_blocks
from transforms.nlp.components import COMPONENTS, LEXICON
from transforms.nlp.drafts import Publication
from transforms.nlp.findings import Findings
from transforms.nlp.language import load_pack
from transforms.nlp.pipeline import build_nlp, read_documents
from transforms.nlp.reports import reports_of

HERE = Path(__file__).parent
NEVER = re.compile(r"(?!)")


def reports(articles: list[Article], docs: list[Doc]) -> list[object]:
    """Return what the components make of parsed documents, under the present rules."""
    nlp = build_nlp("en", MODEL)
    pipes = [nlp.get_pipe(name) for name in (LEXICON, *COMPONENTS)]
    found: list[object] = []
    for article, doc in zip(articles, docs, strict=True):
        doc._.findings = Findings(doc.text, doc._.title_end, find_blocks(doc.text, doc._.title_end))
        doc._.mentions, doc._.drafts = (), ()
        for pipe in pipes:
            doc = pipe(doc)
        found.append(reports_of(article, doc))
    return found


def idle_rules(prefix: str = "", *, tell: bool = False) -> list[str]:
    """Return the expressions without which no report of the annotated articles changes."""
    articles = [a for _, a, _ in [*read_sample(HERE / "gold.jsonl"), *read_own(HERE / "own")]]
    published = [Publication(parse_instant(a.published_at), a.published_offset_minutes) for a in articles]
    texts = [(a.title, a.text, p) for a, p in zip(articles, published, strict=True)]
    docs = list(read_documents(texts, "en", MODEL))
    whole = reports(articles, docs)
    pack = load_pack("en")
    pipes = [build_nlp("en", MODEL).get_pipe(name) for name in (LEXICON, *COMPONENTS)]
    idle = []
    try:
        for name in sorted(n for n in pack.patterns if n.startswith(prefix)):
            # Components hold the pack, and what is derived from it is cached by the pack.
            without = dataclasses.replace(pack, patterns={**pack.patterns, name: NEVER})
            for pipe in pipes:
                pipe.pack = without
            reports_module.load_pack = lambda _, pack=without: pack
            changed = sum(a != b for a, b in zip(whole, reports(articles, docs), strict=True))
            if tell:
                print(f"{changed:4} {name}", flush=True)
            idle += [name] if not changed else []
    finally:
        reports_module.load_pack = load_pack
        for pipe in pipes:
            pipe.pack = pack
    return idle


def main() -> int:
    """Count what changes without each expression."""
    idle = idle_rules(sys.argv[1] if len(sys.argv) > 1 else "", tell=True)
    print(f"{len(idle)} rules that nothing misses: {', '.join(idle)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
