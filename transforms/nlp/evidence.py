"""The evidence of each field of a report: its sentence with offsets, and the confidence in the field.

The confidence in a field is the probability that the learned model gives it.
"""

from dataclasses import dataclass, field

from schemas.records import Evidence, FieldConfidence

_SENTENCE_ENDS = (". ", "? ", "! ")


@dataclass(slots=True)
class EvidenceWriter:
    """Collects the evidence of one report. ``text`` is its article: headline, two line breaks, body."""

    text: str
    evidence: list[Evidence] = field(default_factory=list)
    confidences: list[FieldConfidence] = field(default_factory=list)

    def add(self, name: str, start: int, end: int, probability: float) -> None:
        """Record the sentence around a span as evidence of a field that is right with a probability."""
        first, last = sentence_around(self.text, start, end)
        self.evidence.append(Evidence(name, self.text[first:last], first, last))
        self._trust(name, probability)

    def add_publication(self, name: str, published_at: str | None, probability: float) -> None:
        """Record the time of publication as the evidence of a date."""
        self.evidence.append(Evidence(name, f"published {published_at}", None, None))
        self._trust(name, probability)

    def _trust(self, name: str, probability: float) -> None:
        """Record the confidence in a field, which is never 0: the field was read."""
        self.confidences.append(FieldConfidence(name, max(0.01, round(probability, 2))))


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return (start, end) of the sentence around a span of a text."""
    first = text.rfind("\n", 0, start) + 1
    for sentence_end in _SENTENCE_ENDS:
        at = text.rfind(sentence_end, first, start)
        first = at + len(sentence_end) if at >= 0 else first
    stops = [at for at in (text.find(s, max(start, end - 1)) for s in _SENTENCE_ENDS) if at >= 0]
    line = text.find("\n", end - 1)
    last = min([at + 1 for at in stops] + [line if line >= 0 else len(text)])
    while first < start and text[first].isspace():
        first += 1
    return min(first, start), max(last, end)
