"""Terms of the vocabulary in a text: weapons, strikes, targets, actors; and the cues of scope."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from transforms.nlp.language import LanguagePack
from transforms.nlp.party_names import actor_names

OWN_FORCES = "own forces"
"""The value of terms for forces of the state in which the place lies: "the regime", "army drones"."""
_IGNORED = "nothing"
"""The value of phrases that only look like a term: "ambulance service" is no target. They are removed."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of the vocabulary at tokens ``[first, last]`` and characters ``[start, end)``.

    ``group``: weapon, strike, hit, target, actor or forces. ``value``: the word of the closed list, the usual
    name, or the kind of a word for a strike or hit. ``name``: the model of a weapon.
    """

    group: str
    value: str
    first: int
    last: int
    start: int
    end: int
    name: str | None = None


class Lexicon:
    """Finds the terms of a language pack in a document. Where terms overlap, the longest wins."""

    def __init__(self, vocab: Vocab, pack: LanguagePack, make_doc: object) -> None:
        self._matcher = PhraseMatcher(vocab, attr="LOWER")
        self._meaning: dict[str, tuple[str, str, str | None]] = {}
        lexicon = pack.lexicon
        for value, phrases in lexicon["weapons"].items():
            self._add(make_doc, "weapon", value, phrases)
        for phrase, (value, name) in lexicon["models"].items():
            self._add(make_doc, "weapon", value, [phrase], name)
        for group, phrases in (("strike", lexicon["strike_nouns"]), ("hit", lexicon["hit_verbs"])):
            self._add(make_doc, group, group, phrases)
            for kind, entry in lexicon[f"{group}_kinds"].items():
                self._add(make_doc, group, kind, entry["words"])
        for value, phrases in lexicon["targets"].items():
            self._add(make_doc, "target", value, phrases)
        self._add(make_doc, "target", _IGNORED, lexicon["not_targets"])
        for group in ("weapon", "strike", "hit"):
            self._add(make_doc, group, _IGNORED, lexicon["not_strikes"])
        for value, phrases in lexicon["actors"].items():
            self._add(make_doc, "actor", value, phrases)
        known = {phrase for phrases in lexicon["actors"].values() for phrase in phrases}
        for code, name in actor_names(pack).items():
            # the first name is the state's, the others are regions: "the Gaza Strip" is no attacker
            words = [*pack.countries[code]["names"][:1], *pack.countries[code]["demonyms"]]
            self._add(make_doc, "actor", name, [w for w in words if w not in known])
        self._add(make_doc, "forces", OWN_FORCES, lexicon["own_forces"])

    def _add(
        self, make_doc: object, group: str, value: str, phrases: Iterable[str], name: str | None = None
    ) -> None:
        key = f"{group}:{value}:{name or ''}"
        self._meaning[key] = (group, value, name)
        self._matcher.add(key, [make_doc(p) for p in phrases])  # type: ignore[operator]

    def find(self, doc: Doc) -> list[Term]:
        """Return the terms in text order. Within a group the longest of overlapping terms wins."""
        found: list[Term] = []
        for key, first, end in self._matcher(doc):
            group, value, name = self._meaning[doc.vocab.strings[key]]
            span = doc[first:end]
            found.append(Term(group, value, first, end - 1, span.start_char, span.end_char, name))
        found.sort(key=lambda t: (t.group, t.first - t.last, t.first, t.value))
        taken: dict[str, set[int]] = {}
        spans: dict[str, set[tuple[int, int]]] = {}
        kept = []
        for term in found:
            bounds = (term.first, term.last)
            tokens = set(range(term.first, term.last + 1))
            # "military hospital" is two targets at the same span: keep both
            if not tokens & taken.setdefault(term.group, set()) or bounds in spans.get(term.group, set()):
                taken[term.group] |= tokens
                spans.setdefault(term.group, set()).add(bounds)
                kept.append(term)
        return sorted((t for t in kept if t.value != _IGNORED), key=lambda t: (t.start, t.end))


@cache
def cue_patterns(pack: LanguagePack) -> dict[str, re.Pattern[str]]:
    """Return one regular expression for each kind of cue: each kind listed under ``scope`` in the lexicon,
    and background, dispute and claim."""
    groups = dict(pack.lexicon["scope"])
    groups.update({name: pack.lexicon[name] for name in ("background", "dispute", "claim")})
    return {
        name: re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, cues)) + r")", re.IGNORECASE)
        for name, cues in groups.items()
    }
