"""Which words of the vocabulary stand where: weapons, strikes, targets, actors and cues of scope."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from transforms.nlp.language import LanguagePack


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of the vocabulary at tokens ``[first, last]``, characters ``[start, end)``.

    ``group`` is weapon, strike, hit, target, actor or cue; ``value`` the word of the closed list or
    the usual name; ``name`` a weapon's model.
    """

    group: str
    value: str
    first: int
    last: int
    start: int
    end: int
    name: str | None = None


class Lexicon:
    """Finds the terms of a language pack in a document, the longest first."""

    def __init__(self, vocab: Vocab, pack: LanguagePack, make_doc: object) -> None:
        self._matcher = PhraseMatcher(vocab, attr="LOWER")
        self._meaning: dict[str, tuple[str, str, str | None]] = {}
        lexicon = pack.lexicon
        for value, phrases in lexicon["weapons"].items():
            self._add(make_doc, "weapon", value, phrases)
        for phrase, (value, name) in lexicon["models"].items():
            self._add(make_doc, "weapon", value, [phrase], name)
        self._add(make_doc, "strike", "strike", lexicon["strike_nouns"])
        self._add(make_doc, "hit", "hit", lexicon["hit_verbs"])
        for value, phrases in lexicon["targets"].items():
            self._add(make_doc, "target", value, phrases)
        for value, phrases in lexicon["actors"].items():
            self._add(make_doc, "actor", value, phrases)

    def _add(
        self, make_doc: object, group: str, value: str, phrases: Iterable[str], name: str | None = None
    ) -> None:
        key = f"{group}:{value}:{name or ''}"
        self._meaning[key] = (group, value, name)
        self._matcher.add(key, [make_doc(p) for p in phrases])  # type: ignore[operator]

    def find(self, doc: Doc) -> list[Term]:
        """Return the terms in text order; within one group the longest wins an overlap."""
        found: list[Term] = []
        for key, first, end in self._matcher(doc):
            group, value, name = self._meaning[doc.vocab.strings[key]]
            span = doc[first:end]
            found.append(Term(group, value, first, end - 1, span.start_char, span.end_char, name))
        found.sort(key=lambda t: (t.group, t.first - t.last, t.first))
        taken: dict[str, set[int]] = {}
        kept = []
        for term in found:
            tokens = set(range(term.first, term.last + 1))
            if not tokens & taken.setdefault(term.group, set()):
                taken[term.group] |= tokens
                kept.append(term)
        return sorted(kept, key=lambda t: (t.start, t.end))


@cache
def cue_patterns(pack: LanguagePack) -> dict[str, re.Pattern[str]]:
    """Return the cues of scope, background, dispute and claim as one expression each."""
    groups = dict(pack.lexicon["scope"])
    groups.update({name: pack.lexicon[name] for name in ("background", "dispute", "claim")})
    return {
        name: re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, cues)) + r")", re.IGNORECASE)
        for name, cues in groups.items()
    }
