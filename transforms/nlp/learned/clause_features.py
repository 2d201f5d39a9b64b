"""How a mention of a place stands in its clause: its preposition, its heads, and what the clause tells.

The trees of mentions read these numbers. Distances in words alone do not tell "a bomb went off in X" from
"a bomb went off 30 km from X", or the clause of a strike from the next one in the same sentence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from transforms.nlp.blocks import Sentence
from transforms.nlp.language import load_pack
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.place_names import PlaceMention

Numbers = dict[str, float]

_FAR = 40.0
"""Distances are cut here; it also stands for "there is none"."""
_MOST_BEFORE, _MOST_HEADS, _MOST_WORDS = 9, 14, 120
"""So many words before a mention, heads above it, and words of its clause are looked at."""
_REACH = 150
"""Of a longer sentence so many tokens on each side of a mention are looked at."""
_NO_PREPOSITION = 20.0
_BETWEEN_TAGS = frozenset(
    ("DT", "JJ", "NN", "NNS", "NNP", "NNPS", "CD", ",", "CC", "POS", "HYPH", "``", "''", '"')
)
"""Tags of what may stand between a preposition and the name: "in the eastern town of X"."""
_VERB_TAGS = ("VBD", "VBN", "VBZ", "VBP", "VBG", "VB")
_CLAUSES = ("ROOT", "relcl", "advcl", "ccomp", "conj", "acl", "xcomp", "pcomp")
_OTHER_CLAUSES = frozenset(("ccomp", "advcl", "relcl", "conj", "parataxis", "acl"))
_GROUPS = (*STRIKE_GROUPS, "actor", "target", "forces")
_KINDS = ("killed", "injured")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one language that the features ask for."""

    generic: frozenset[str]
    directions: frozenset[str]
    prepositions: tuple[str, ...]
    harm: tuple[str, ...]
    speech: frozenset[str]
    stay: frozenset[str]
    starts: frozenset[str]
    marks: frozenset[str]
    scene_starts: frozenset[str]

    def kinds_of(self, tokens: Iterable[Token], prefix: str) -> Numbers:
        """Return whether tokens tell of harm, of speech, or of people who come, go or stay."""
        words = [t.lower_ for t in tokens]
        return {
            f"{prefix}_harm": float(any(w.startswith(self.harm) for w in words)),
            f"{prefix}_speech": float(any(w in self.speech for w in words)),
            f"{prefix}_stay": float(any(w in self.stay for w in words)),
        }


@cache
def _words_of(language: str) -> _Words:
    words = load_pack(language).words
    return _Words(
        generic=words["generic_places"],
        directions=words["directions"],
        prepositions=tuple(sorted(words["scene_prepositions"])),
        harm=tuple(sorted(words["harm_stems"])),
        speech=words["speech_words"],
        stay=words["stay_words"],
        starts=words["clause_starts"],
        marks=words["clause_marks"],
        scene_starts=words["scene_starts"],
    )


def clause_features(mention: PlaceMention, context: Context) -> Numbers:
    """Return the numbers of a mention, by name. What it has none of is left out."""
    words = _words_of(context.doc.lang_)
    root = context.doc[mention.first : mention.last + 1].root
    heads = _heads(root)
    verb = next((h for h in heads if h.tag_[:2] == "VB"), heads[-1] if heads else None)
    numbers = _before(mention, context, words)
    numbers.update(_beside(mention, context, words))
    numbers.update(_above(heads, context, words))
    numbers.update(_attached(root, context, words))
    clause = _clause(verb, {root.i, *(h.i for h in heads)}) if verb is not None else []
    if verb is not None:
        numbers.update(_of_verb(verb, context, words))
    numbers.update(_groups({t.i for t in clause}, context, _GROUPS, "clause"))
    numbers.update(words.kinds_of(clause, "clause"))
    number = context.sentence_of(mention.start)
    sentence = context.sentence(number) if number is not None else None
    if sentence is not None:
        numbers.update(_of_sentence(mention, sentence, clause, context, words))
        numbers.update(_segment(mention, sentence, context, words))
    return numbers


def _heads(token: Token) -> list[Token]:
    """Return the heads above a token, the nearest first."""
    heads: list[Token] = []
    while token.head.i != token.i and len(heads) < _MOST_HEADS:
        token = token.head
        heads.append(token)
    return heads


def _before(mention: PlaceMention, context: Context, words: _Words) -> Numbers:
    """Return the preposition of a mention, read backwards from its name: a parse often misses it."""
    doc, at = context.doc, mention.first - 1
    preposition, commas, is_direction, is_generic = "", 0, False, False
    for _ in range(_MOST_BEFORE):
        if at < 0:
            break
        token = doc[at]
        word = token.lower_
        is_direction |= word in words.directions
        is_generic |= word in words.generic
        if word in words.prepositions:
            # "the town of X", "north of X": the preposition before that one decides.
            if word == "of" and at > 0 and doc[at - 1].lower_ in words.directions | words.generic:
                at -= 1
                continue
            preposition = word
            break
        if token.tag_ not in _BETWEEN_TAGS:
            break
        commas += token.text == ","
        at -= 1
    return {
        **{f"prep_{p}": float(p == preposition) for p in words.prepositions},
        "prep_away": float(mention.first - 1 - at) if preposition else _NO_PREPOSITION,
        "direction": float(is_direction),
        "generic": float(is_generic),
        "commas_before": float(commas),
    }


def _beside(mention: PlaceMention, context: Context, words: _Words) -> Numbers:
    """Return what follows a mention."""
    after = context.doc[mention.last + 1] if mention.last + 1 < len(context.doc) else None
    return {
        "generic_next": float(after is not None and after.lower_ in words.generic),
        "comma_next": float(after is not None and after.text == ","),
        "verb_next": float(after is not None and after.tag_.startswith("VB")),
    }


def _above(heads: Sequence[Token], context: Context, words: _Words) -> Numbers:
    """Return how many heads above a mention the first of each kind stands."""
    heights: Numbers = dict.fromkeys(
        (f"up_{k}" for k in (*STRIKE_GROUPS, "harm", "speech", "stay", "verb")), _FAR
    )
    for height, head in reversed(list(enumerate(heads, start=1))):
        found = _groups({head.i}, context, STRIKE_GROUPS, "up") | words.kinds_of([head], "up")
        found["up_verb"] = float(head.tag_[:2] == "VB")
        heights.update({name: float(height) for name, is_there in found.items() if is_there})
    return heights


def _attached(root: Token, context: Context, words: _Words) -> Numbers:
    """Return what a mention belongs to: "the attack in X", "the hospital in X", "visited X"."""
    head = root.head
    while head.head.i != head.i and (
        head.dep_ in ("compound", "appos", "nmod") or head.lower_ in words.generic or head.tag_ == "IN"
    ):
        was_preposition = head.tag_ == "IN"
        head = head.head
        if was_preposition:
            break
    return {
        **_groups({head.i}, context, _GROUPS, "at"),
        **words.kinds_of([head], "at"),
        "at_noun": float(head.tag_.startswith("NN")),
        "at_name": float(head.tag_.startswith("NNP")),
        "at_verb": float(head.tag_.startswith("VB")),
    }


def _of_verb(verb: Token, context: Context, words: _Words) -> Numbers:
    """Return what the verb above a mention is: its form, its clause, and its subject."""
    children = list(verb.children)
    relations = {c.dep_ for c in children}
    below = {t.i for c in children if c.dep_ in ("nsubj", "nsubjpass") for t in c.subtree}
    return {
        **{f"verb_{tag}": float(verb.tag_ == tag) for tag in _VERB_TAGS},
        **{f"verb_is_{clause}": float(verb.dep_ == clause) for clause in _CLAUSES},
        **_groups({verb.i}, context, STRIKE_GROUPS, "verb"),
        **words.kinds_of([verb], "verb"),
        "verb_modal": float(any(c.tag_ == "MD" for c in children)),
        "verb_to": float(any(c.tag_ == "TO" for c in children)),
        "verb_neg": float("neg" in relations),
        "verb_passive": float(bool(relations & {"nsubjpass", "auxpass"})),
        "verb_aux": float("aux" in relations),
        **_groups(below, context, (*STRIKE_GROUPS, "actor", "forces"), "subject"),
    }


def _clause(verb: Token, path: set[int]) -> list[Token]:
    """Return the words of a verb's clause, without other clauses in it that the mention is not in."""
    found: list[Token] = []
    waiting = [verb]
    while waiting and len(found) < _MOST_WORDS:
        token = waiting.pop()
        found.append(token)
        waiting += [
            c for c in token.children if c.i in path or c.dep_ not in _OTHER_CLAUSES or c.tag_[:2] != "VB"
        ]
    return found


def _groups(tokens: set[int], context: Context, groups: Iterable[str], prefix: str) -> Numbers:
    """Return which groups of terms stand at some tokens."""
    found = {context.term_tokens.get(i) for i in tokens}
    return {f"{prefix}_{group}": float(group in found) for group in groups}


def _of_sentence(
    mention: PlaceMention, sentence: Sentence, clause: Sequence[Token], context: Context, words: _Words
) -> Numbers:
    """Return what the clause counts, and how near a mention is to a word of a strike among the other places."""
    findings = context.findings
    first, last = _around(mention, sentence)
    tokens = context.doc[first:last]
    start, end = tokens[0].idx, tokens[-1].idx + len(tokens[-1])
    numbers: Numbers = {}
    starts = [t.idx for t in clause]
    for kind in _KINDS:
        counts = [c for c in findings.counts_in(start, end) if c.kind == kind]
        numbers[f"clause_{kind}"] = float(any(c.start <= s < c.end for c in counts for s in starts))
    terms = [(t.first, t.last) for t in findings.terms_in(start, end) if t.group in STRIKE_GROUPS]

    def away(place: PlaceMention) -> float:
        return float(min((max(f - place.last, place.first - e, 0) for f, e in terms), default=_FAR))

    own = away(mention)
    towns = [p for p in findings.places_in(start, end) if p.place.geo_precision == 1]
    numbers["trigger_away"] = min(own, _FAR)
    numbers["nearer_to_trigger"] = float(sum(away(p) < own for p in towns if p.start != mention.start))
    harm = [t.i for t in tokens if t.lower_.startswith(words.harm)]
    numbers["harm_before"] = min((float(mention.first - i) for i in harm if i < mention.first), default=_FAR)
    numbers["harm_after"] = min((float(i - mention.last) for i in harm if i > mention.last), default=_FAR)
    numbers["sentence_modal"] = float(any(t.tag_ == "MD" for t in tokens))
    numbers["sentence_past"] = float(sum(t.tag_ == "VBD" for t in tokens))
    text = findings.text[start:end]
    numbers["sentence_quote"] = float('"' in text or "“" in text)
    return numbers


def _around(mention: PlaceMention, sentence: Sentence) -> tuple[int, int]:
    """Return the first token of a sentence that counts for a mention and the one after the last.

    Of a list without full stops only what is near counts, else the time would grow with its cube.
    """
    return max(sentence.first, mention.first - _REACH), min(sentence.last, mention.last + 1 + _REACH)


def _segment(mention: PlaceMention, sentence: Sentence, context: Context, words: _Words) -> Numbers:
    """Return what stands around a mention up to the next word or mark that begins a clause.

    It does what the parse cannot in long sentences.
    """
    doc = context.doc

    def parts(token: Token) -> bool:
        return token.text in words.marks or token.lower_ in words.starts

    lowest, highest = _around(mention, sentence)
    first, last = mention.first, mention.last + 1
    while first > lowest and not parts(doc[first - 1]):
        first -= 1
    while last < highest and not parts(doc[last]):
        last += 1
    segment = doc[first:last]
    return {
        **_groups(set(range(first, last)), context, (*STRIKE_GROUPS, "actor"), "segment"),
        **words.kinds_of(segment, "segment"),
        "segment_modal": float(any(t.tag_ == "MD" for t in segment)),
        "segment_tokens": float(min(last - first, 100)),
        "segment_scene": float(first > sentence.first and doc[first - 1].lower_ in words.scene_starts),
    }
