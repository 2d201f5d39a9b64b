"""The spaCy components of extraction.

Each has its own factory, does one thing, and writes two results: a span group for people to look at, and a
part of ``doc._.findings`` for the next components.

Order: blocks and lexicon, then the model's tagger and parser, then quantities, times, places, scope,
casualties, attribution, struck, incidents. ``doc._.title_end`` and ``doc._.published`` must be set before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from spacy.language import Language
from spacy.tokens import Doc, Span

from transforms.nlp.attribution import find_attributions
from transforms.nlp.blocks import Sentence, find_blocks, find_sentences, mark_blocks
from transforms.nlp.casualties import find_counts
from transforms.nlp.days_after import days_after
from transforms.nlp.findings import Findings, LeftOut
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.models import packaged_models
from transforms.nlp.learned.reader import packaged_reader
from transforms.nlp.learned.strikes import decide_strikes
from transforms.nlp.learned.struck import (
    judge_places,
    with_learned_roles,
)
from transforms.nlp.lexicon import Lexicon
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.places import find_places
from transforms.nlp.publication import Publication
from transforms.nlp.quantities import find_quantities
from transforms.nlp.scope import (
    NO_SENTENCE,
    OTHER_DEED,
    is_on_accident,
    is_shot_down,
    out_of_scope,
    tells_accident,
    tells_no_strike,
    tells_of_patients,
)
from transforms.nlp.term_gate import may_count_victims
from transforms.nlp.times import find_times

for _name, _default in (
    ("title_end", 0), ("published", Publication(None)), ("findings", None), ("context", None), ("strikes", ()),
):  # fmt: skip
    Doc.set_extension(_name, default=_default, force=True)

COMPONENTS = (
    "strikes_quantities_v1", "strikes_times_v1", "strikes_places_v1",
    "strikes_scope_v1", "strikes_casualties_v1", "strikes_attribution_v1", "strikes_struck_v1",
    "strikes_incidents_v1",
)  # fmt: skip
DECIDING = ("strikes_struck_v1", "strikes_incidents_v1")
"""The components that need the learned model or its decisions."""
BLOCKS, LEXICON = BEFORE_MODEL = ("strikes_blocks_v1", "strikes_lexicon_v1")
_CONFIG = {"language": "en"}
NO_PLACE_STRUCK = "no place struck"


class _HasSpan(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def _span(doc: Doc, item: _HasSpan, label: str, kb_id: str = "") -> Span | None:
    return doc.char_span(item.start, item.end, label=label, kb_id=kb_id, alignment_mode="expand")


def _write(doc: Doc, group: str, spans: Iterable[Span | None]) -> None:
    doc.spans[group] = [span for span in spans if span is not None]


class _Component:
    """A component of one language."""

    def __init__(self, nlp: Language, name: str, language: str) -> None:
        self.pack = load_pack(language)


@Language.factory(BLOCKS, default_config=_CONFIG)
class Blocks(_Component):
    """Writes ``blocks`` (headline, dek, lead, body), and starts a sentence at each.

    Runs before the parser.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``findings.blocks``."""
        text = doc.text  # read once: spaCy builds the string at each access
        doc._.findings = Findings(text, doc._.title_end, find_blocks(text, doc._.title_end))
        _write(doc, "blocks", (_span(doc, b, b.role) for b in doc._.findings.blocks))
        return mark_blocks(doc)


@Language.factory("strikes_places_v1", default_config=_CONFIG)
class Places(_Component):
    """Writes ``places``: the label is the role, ``kb_id`` the geonameid."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``findings.places``."""
        findings: Findings = doc._.findings
        times = [(t.start, t.end) for t in findings.times]  # "Christmas Eve" is a time, not a place
        findings.places = find_places(
            doc, open_gazetteer(), self.pack, findings.title_end, times, findings.terms
        )
        _write(doc, "places", (_span(doc, p, p.role, str(p.place.geonameid or "")) for p in findings.places))
        return doc


@Language.factory(LEXICON, default_config=_CONFIG)
class Terms(_Component):
    """Writes ``terms``: weapons, words for strikes and hits, targets, actors. ``kb_id`` is the value."""

    def __init__(self, nlp: Language, name: str, language: str) -> None:
        super().__init__(nlp, name, language)
        self.lexicon = Lexicon(nlp.vocab, self.pack, nlp.make_doc)

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``findings.terms``."""
        doc._.findings.terms = self.lexicon.find(doc)
        _write(doc, "terms", (_span(doc, t, t.group, t.value) for t in doc._.findings.terms))
        return doc


@Language.factory("strikes_quantities_v1", default_config=_CONFIG)
class Quantities(_Component):
    """Writes ``quantities``: the label is the kind of number."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``findings.quantities``."""
        findings: Findings = doc._.findings
        findings.quantities = find_quantities(findings.text, self.pack)
        _write(doc, "quantities", (_span(doc, q, q.kind) for q in findings.quantities))
        return doc


@Language.factory("strikes_times_v1", default_config=_CONFIG)
class Times(_Component):
    """Writes ``times``: the label is the role: event, speech, update or dateline."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``findings.times``."""
        findings: Findings = doc._.findings
        findings.times = find_times(findings.text, self.pack)
        _write(doc, "times", (_span(doc, t, t.role, t.kind) for t in findings.times))
        return doc


def _strike_words(sentence: Sentence, findings: Findings) -> list[str]:
    """Return the words of a sentence for weapons, strikes and hits."""
    found = findings.terms_in(sentence.start, sentence.end)
    return [findings.text[t.start : t.end] for t in found if t.group in STRIKE_GROUPS]


def _without_shot_down(sentences: Sequence[Sentence], text: str, pack: LanguagePack) -> list[Sentence]:
    """Return sentences, where one whose missile the next one says was shot down tells no strike."""
    texts = [text[s.start : s.end] for s in sentences]
    return [
        replace(s, tells_no_strike=True)
        if n + 1 < len(texts)
        and sentences[n + 1].paragraph == s.paragraph
        and is_shot_down(texts[n], texts[n + 1], pack)
        else s
        for n, s in enumerate(sentences)
    ]


def _on_other_deeds(findings: Findings) -> set[int]:
    """Return the sentences that go on to tell of what is no strike: "gunmen fired on a post. There were no injuries."

    They follow such a sentence in its paragraph, and have neither a word for a strike nor a place. Of four tolls from
    them in articles that no weights saw none was right.
    """
    found: set[int] = set()
    is_on, paragraph = False, -1
    for number, sentence in enumerate(findings.sentences):
        is_on = is_on and sentence.paragraph == paragraph
        paragraph = sentence.paragraph
        if sentence.tells_no_strike:
            is_on = True
        elif is_on and not _strike_words(sentence, findings):
            is_on = not any(findings.places_in(sentence.start, sentence.end))
            if is_on:
                found.add(number)
        else:
            is_on = False
    return found


@Language.factory("strikes_scope_v1", default_config=_CONFIG)
class Scope(_Component):
    """Writes ``scope``: sentences that report no strike. The label is the reason."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``findings.sentences``, ``findings.left_out`` and ``findings.days_after``."""
        findings: Findings = doc._.findings
        sentences = []
        headline = [t for t in findings.terms_in(0, findings.title_end) if t.group in STRIKE_GROUPS]
        on_accident = is_on_accident(
            findings.text[: findings.title_end],
            findings.text,
            [findings.text[t.start : t.end] for t in headline],
            self.pack,
        )
        for sentence in find_sentences(
            doc, findings.text, list(findings.blocks), self.pack.words["abbreviated"]
        ):
            text = findings.text[sentence.start : sentence.end]
            reason = out_of_scope(text, sentence.last - sentence.first, self.pack)
            words = _strike_words(sentence, findings)
            sentences.append(
                replace(
                    sentence,
                    out_of_scope=reason,
                    tells_no_strike=tells_no_strike(text, words, self.pack, on_accident),
                    has_no_toll=tells_accident(text, self.pack),
                    tells_of_patients=not words and tells_of_patients(text, self.pack),
                )
            )
            if reason is not None:
                findings.left_out.append(LeftOut(sentence.start, sentence.end, reason))
        findings.sentences = _without_shot_down(sentences, findings.text, self.pack)
        others = _on_other_deeds(findings)
        findings.sentences = [
            replace(s, has_no_toll=True) if n in others else s for n, s in enumerate(findings.sentences)
        ]
        findings.days_after = days_after(doc, findings)
        _write(doc, "scope", (_span(doc, s, s.reason) for s in findings.left_out))
        return doc


@Language.factory("strikes_casualties_v1", default_config=_CONFIG)
class Casualties(_Component):
    """Writes ``casualties``: the label is killed, injured or missing, or the children among them.

    ``kb_id`` is the group, where the noun says so: women, soldiers or rescuers.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``findings.counts``."""
        findings: Findings = doc._.findings
        counts = []
        for sentence in findings.sentences:
            # a sentence on another deed may tell of a strike too: "a suicide bomber", "a massacre by jets"
            is_deed = sentence.out_of_scope == OTHER_DEED and bool(_strike_words(sentence, findings))
            is_told = (sentence.out_of_scope is None or is_deed) and not sentence.has_no_toll
            if is_told and may_count_victims(findings.text[sentence.start : sentence.end], self.pack):
                quantities = findings.quantities_in(sentence.start, sentence.end)
                counts += find_counts(doc[sentence.first : sentence.last], quantities, self.pack)
        findings.counts = sorted(counts, key=lambda c: c.start)
        _write(doc, "casualties", (_span(doc, c, c.kind, c.who or "") for c in findings.counts))
        return doc


@Language.factory("strikes_attribution_v1", default_config=_CONFIG)
class Attributions(_Component):
    """Writes ``attribution``: sources, and cues of claim and dispute."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``findings.attributions``."""
        findings: Findings = doc._.findings
        sentences = [(s.start, s.end) for s in findings.sentences if s.out_of_scope != NO_SENTENCE]
        findings.attributions = find_attributions(findings.text, sentences, self.pack)
        _write(doc, "attribution", (_span(doc, a, a.kind) for a in findings.attributions))
        return doc


@Language.factory("strikes_struck_v1", default_config=_CONFIG)
class Struck(_Component):
    """Writes ``struck``: the places where the learned model sees a strike. The label is the probability."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``findings.verdicts``."""
        findings: Findings = doc._.findings
        doc._.context = Context(doc, findings, doc._.published.instant)
        findings.verdicts = judge_places(
            doc._.context, open_gazetteer(), packaged_models().places, packaged_reader(self.pack)
        )
        _write(
            doc,
            "struck",
            (
                _span(doc, scene, f"{v.probability:.2f}")
                for v in findings.verdicts
                if v.is_struck
                for scene in v.scenes
            ),
        )
        return doc


@Language.factory("strikes_incidents_v1", default_config=_CONFIG)
class Incidents(_Component):
    """Writes ``incidents``: the sentences that tell of each strike. The label is its number from 0."""

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``doc._.strikes``, and set the roles of the places by the verdicts."""
        findings: Findings = doc._.findings
        if not any(v.is_struck for v in findings.verdicts):
            findings.left_out.append(LeftOut(0, len(findings.text), NO_PLACE_STRUCK))
        doc._.strikes = decide_strikes(
            doc._.context, findings.verdicts, doc._.published, open_gazetteer(), self.pack, packaged_models()
        )
        findings.places = with_learned_roles(findings.places, findings.verdicts)
        _write(
            doc,
            "incidents",
            (_span(doc, s, str(n)) for n, strike in enumerate(doc._.strikes) for s in strike.sentences),
        )
        return doc
