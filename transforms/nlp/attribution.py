"""Who says it: sources of figures, and cues that an account is claimed or disputed."""

from dataclasses import dataclass

from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import cue_patterns

_MIN_SOURCE_CHARS, _MAX_SOURCE_CHARS = 3, 70
"""A shorter or longer match is not the name of a source."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """A phrase at characters ``[start, end)`` that says how certain a statement is.

    ``kind``: source (``who`` says so), claim (nobody else has confirmed it), dispute (another side
    contradicts it) or attacker (the attacker itself says whom it hit).
    """

    start: int
    end: int
    kind: str
    who: str | None = None


def find_attributions(text: str, sentences: list[tuple[int, int]], pack: LanguagePack) -> list[Attribution]:
    """Return the sources and cues of a text in text order. A sentence has at most one source."""
    cues = cue_patterns(pack)
    found = []
    for start, end in sentences:
        sentence = text[start:end]
        source = source_of(sentence, pack)
        if source is not None:
            found.append(Attribution(start + source[0], start + source[1], "source", source[2]))
    for kind in ("dispute", "claim"):
        found += [Attribution(*m.span(), kind) for m in cues[kind].finditer(text)]
    found += [
        Attribution(*m.span(), "attacker") for m in pack.patterns["frames.attacker_says"].finditer(text)
    ]
    return sorted(found, key=lambda a: (a.start, a.end))


def source_of(sentence: str, pack: LanguagePack) -> tuple[int, int, str] | None:
    """Return (start, end, name) of the source that a sentence names for its figures, or None."""
    for name in ("fields.according_to", "fields.attribution"):
        match = pack.patterns[name].search(sentence)
        if match is not None:
            who = match.group("who").strip()
            return (*match.span("who"), who) if _MIN_SOURCE_CHARS <= len(who) <= _MAX_SOURCE_CHARS else None
    return None
