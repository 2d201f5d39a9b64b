"""Remove the rules one by one, and print in how many annotated articles something changes without each.

    python tests/eval/ablation.py [PREFIX]

The rules are the expressions of the English pack whose name begins with PREFIX. What can change are the reports and what
the rules find. Where nothing changes, no annotated article needs the rule: write an article that does, or remove it.
It takes a minute or two.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scoring import MODEL, read_own, read_sample

from schemas.identity import parse_instant
from transforms.nlp import reports as reports_module
from transforms.nlp import times as times_module
from transforms.nlp.actors import attacker_certainty
from transforms.nlp.blocks import find_blocks
from transforms.nlp.components import COMPONENTS, DECIDING, LEXICON
from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.pipeline import build_nlp, read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.reports import reports_of
from transforms.nlp.times import _rules as time_rules

HERE = Path(__file__).parent
MATCHES_NOTHING = re.compile(r"(?!)")


class Watched:
    """An expression that remembers the documents in which it found something.

    In every other document, an expression that matches nothing gives the same, so the analysis need not be repeated.

    ``found``: numbers of these documents. ``is_derived``: another expression was built from this one's text, so that
    any document may need it.
    """

    def __init__(self, pattern: re.Pattern[str], reader: Reader) -> None:
        self.expression, self.reader = pattern, reader
        self.found: set[int] = set()
        self.is_derived = False

    def _noted(self, match: re.Match[str] | None) -> re.Match[str] | None:
        if match is not None:
            self.found.add(self.reader.at)
        return match

    def search(self, *where: Any) -> re.Match[str] | None:
        return self._noted(self.expression.search(*where))

    def match(self, *where: Any) -> re.Match[str] | None:
        return self._noted(self.expression.match(*where))

    def fullmatch(self, *where: Any) -> re.Match[str] | None:
        return self._noted(self.expression.fullmatch(*where))

    def finditer(self, *where: Any) -> Iterator[re.Match[str]]:
        for match in self.expression.finditer(*where):
            self._noted(match)
            yield match

    def __getattr__(self, name: str) -> Any:
        self.is_derived = True
        return getattr(self.expression, name)


class Reader:
    """The annotated articles, parsed once, and what is read in each by the expressions of a pack.

    ``at``: the number of the article that is read now.
    """

    def __init__(self) -> None:
        self.articles = [a for _, a, _ in [*read_sample(HERE / "gold.jsonl"), *read_own(HERE / "own")]]
        published = [
            Publication(parse_instant(a.published_at), a.published_offset_minutes) for a in self.articles
        ]
        texts = [(a.title, a.text, p) for a, p in zip(self.articles, published, strict=True)]
        # The strikes of these are decided: their certainty is by rules.
        self.decided = list(read_documents(texts, "en", MODEL))
        self.undecided = list(read_documents(texts, "en", MODEL, without=DECIDING))
        nlp = build_nlp("en", MODEL)
        self.pipes = {name: nlp.get_pipe(name) for name in (LEXICON, *COMPONENTS)}
        self.at = 0

    @contextmanager
    def using(self, pack: LanguagePack) -> Iterator[None]:
        """Read with another pack. Each component has the pack, and values derived from a pack are cached by the pack."""
        own = load_pack("en")
        try:
            for pipe in self.pipes.values():
                pipe.pack = pack
            reports_module.load_pack = lambda _: pack
            yield
        finally:
            reports_module.load_pack = load_pack
            for pipe in self.pipes.values():
                pipe.pack = own

    def read(self, n: int, pack: LanguagePack) -> list[object]:
        """Return an article's report, what the rules find before a model decides, and what the second check reads."""
        self.at = n
        report = reports_of(self.articles[n], self.decided[n])
        doc = self.undecided[n]
        doc._.findings = Findings(doc.text, doc._.title_end, find_blocks(doc.text, doc._.title_end))
        for name, pipe in self.pipes.items():
            if name not in DECIDING:
                doc = pipe(doc)
        f = doc._.findings
        found = [f.sentences, f.terms, f.quantities, f.times, f.places, f.counts, f.attributions]
        parties = [attacker_certainty(t, f.text, pack) for t in f.terms if t.group == "actor"]
        return [report, found, parties]


def unneeded_rules(prefix: str = "", *, is_verbose: bool = False) -> list[str]:
    """Return the names of the expressions without which nothing changes in the annotated articles."""
    reader, pack = Reader(), load_pack("en")
    watched = {name: Watched(pattern, reader) for name, pattern in pack.patterns.items()}
    watching: LanguagePack = dataclasses.replace(pack, patterns=watched)
    numbers = range(len(reader.articles))
    with reader.using(watching):
        times = [(Watched(rule, reader), kind) for rule, kind in time_rules(watching)]
        times_module._rules = lambda _: times
        try:
            whole = [reader.read(n, watching) for n in numbers]
        finally:
            times_module._rules = time_rules
    # The expressions of times are used in another form, which was watched too.
    watched |= {f"times.rule_{number}": rule for number, (rule, _) in enumerate(times)}
    unneeded = []
    for name in sorted(n for n in watched if n.startswith(prefix)):
        without = dataclasses.replace(pack, patterns={**pack.patterns, name: MATCHES_NOTHING})
        rule = watched[name]
        with reader.using(without):
            changes = (
                reader.read(n, without) != whole[n]
                for n in (numbers if rule.is_derived else sorted(rule.found))
            )
            changed = sum(changes) if is_verbose else any(changes)
        if is_verbose:
            print(f"{changed:4} {name}", flush=True)
        unneeded += [name] if not changed else []
    return unneeded


def main() -> int:
    """Print in how many articles something changes without each expression."""
    unneeded = unneeded_rules(sys.argv[1] if len(sys.argv) > 1 else "", is_verbose=True)
    print(f"{len(unneeded)} rules that no annotated article needs: {', '.join(unneeded)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
