"""Remove the rules one by one, and print how many reports change without each.

    python tests/eval/ablation.py [PREFIX]

The rules are the expressions of the English pack whose name begins with PREFIX, the reports those of the annotated
articles. Where no report changes, no annotated article needs the rule: write an article that does, or remove the rule.
It takes a few minutes.
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
from transforms.nlp.actors import attacker_certainty
from transforms.nlp.blocks import find_blocks
from transforms.nlp.components import COMPONENTS, DECIDING, LEXICON
from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.pipeline import build_nlp, read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.reports import reports_of

HERE = Path(__file__).parent
MATCHES_NOTHING = re.compile(r"(?!)")


def findings_of(docs: list[Doc]) -> list[object]:
    """Return what the rules find in parsed documents, before a model decides."""
    nlp = build_nlp("en", MODEL)
    pipes = [nlp.get_pipe(name) for name in (LEXICON, *COMPONENTS) if name not in DECIDING]
    found: list[object] = []
    for doc in docs:
        doc._.findings = Findings(doc.text, doc._.title_end, find_blocks(doc.text, doc._.title_end))
        for pipe in pipes:
            doc = pipe(doc)
        f = doc._.findings
        found.append([f.sentences, f.terms, f.quantities, f.times, f.places, f.counts, f.attributions])
    return found


def certainties(docs: list[Doc], pack: LanguagePack) -> list[object]:
    """Return what the second check reads of the parties of documents."""
    return [
        [attacker_certainty(t, d._.findings.text, pack) for t in d._.findings.terms if t.group == "actor"]
        for d in docs
    ]


def reports(articles: list[Article], docs: list[Doc]) -> list[object]:
    """Return the reports of documents whose strikes are decided: their targets and certainty are by rules."""
    return [reports_of(article, doc) for article, doc in zip(articles, docs, strict=True)]


def unneeded_rules(prefix: str = "", *, is_verbose: bool = False) -> list[str]:
    """Return the names of the expressions without which nothing changes in the annotated articles."""
    articles = [a for _, a, _ in [*read_sample(HERE / "gold.jsonl"), *read_own(HERE / "own")]]
    published = [Publication(parse_instant(a.published_at), a.published_offset_minutes) for a in articles]
    texts = [(a.title, a.text, p) for a, p in zip(articles, published, strict=True)]
    decided = list(read_documents(texts, "en", MODEL))
    docs = list(read_documents(texts, "en", MODEL, without=DECIDING))
    pack = load_pack("en")
    whole = [*reports(articles, decided), *findings_of(docs), *certainties(docs, pack)]
    pipes = [build_nlp("en", MODEL).get_pipe(name) for name in (LEXICON, *COMPONENTS)]
    unneeded = []
    try:
        for name in sorted(n for n in pack.patterns if n.startswith(prefix)):
            # Each component has the pack, and values derived from a pack are cached by the pack.
            without = dataclasses.replace(pack, patterns={**pack.patterns, name: MATCHES_NOTHING})
            for pipe in pipes:
                pipe.pack = without
            reports_module.load_pack = lambda _, pack=without: pack
            now = [*reports(articles, decided), *findings_of(docs), *certainties(docs, without)]
            changed = sum(a != b for a, b in zip(whole, now, strict=True))
            if is_verbose:
                print(f"{changed:4} {name}", flush=True)
            unneeded += [name] if not changed else []
    finally:
        reports_module.load_pack = load_pack
        for pipe in pipes:
            pipe.pack = pack
    return unneeded


def main() -> int:
    """Print how many reports change without each expression."""
    unneeded = unneeded_rules(sys.argv[1] if len(sys.argv) > 1 else "", is_verbose=True)
    print(f"{len(unneeded)} rules that no annotated article needs: {', '.join(unneeded)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
