"""The evidence of each field of a report: its sentence with offsets, and the confidence in the field."""

from dataclasses import dataclass, field

from schemas.records import Evidence, FieldConfidence
from transforms.nlp.counts import Count

CONFIDENCE = {
    "place named": 0.95, "place by context": 0.85, "place unlisted": 0.85, "place of a district": 0.75,
    "day stated": 0.95, "day by context": 0.85, "several days stated": 0.85, "day assumed": 0.5,
    "weapon named": 0.95, "weapon implied": 0.7,
    "actor near the strike": 0.95, "actor of the article": 0.85,
    "targets": 0.85,
    "count stated": 0.95, "count weak": 0.75, "count added": 0.7, "children": 0.85,
}  # fmt: skip
"""Share of right values, 0 to 1, by the way in which a field was read.

Measured on the annotated articles of ``tests/eval`` (sample and own) and rounded down, because the rules were
written with these articles at hand. The value of a way that occurs fewer than ten times there is an estimate.
"""
_SENTENCE_ENDS = (". ", "? ", "! ")
_NO_PLACE, _NO_DATE, _NO_TOLL = 0.5, 0.6, 0.8
"""Confidence in a report's place, date or toll where the field has no evidence."""


@dataclass(slots=True)
class EvidenceWriter:
    """Collects the evidence of one report. ``text`` is its article: headline, two line breaks, body."""

    text: str
    evidence: list[Evidence] = field(default_factory=list)
    confidences: list[FieldConfidence] = field(default_factory=list)

    def add(self, name: str, start: int, end: int, how: str) -> None:
        """Record the sentence around a span as evidence of a field; ``how`` is a key of ``CONFIDENCE``."""
        first, last = self._sentence(start, end)
        self.evidence.append(Evidence(name, self.text[first:last], first, last))
        self.confidences.append(FieldConfidence(name, CONFIDENCE[how]))

    def add_publication(self, name: str, published_at: str | None) -> None:
        """Record the time of publication as the evidence of a date."""
        self.evidence.append(Evidence(name, f"published {published_at}", None, None))
        self.confidences.append(FieldConfidence(name, CONFIDENCE["day assumed"]))

    def add_count(self, name: str, count: Count | None) -> None:
        """Record the evidence of a count, if there is one."""
        if count is None:
            return
        how = "count added" if count.is_more else "count stated" if count.strength > 1 else "count weak"
        self.add(name, count.start, count.end, "children" if name.startswith("child") else how)

    def confidence(self) -> float:
        """Return the confidence in the report: the product of those in its place, date and toll.

        The product treats their errors as independent.
        """
        value = {f.field: f.confidence for f in self.confidences}
        tolls = [value[name] for name in ("fatalities_low", "injured_low") if name in value]
        place, date = value.get("location", _NO_PLACE), value.get("event_date_start", _NO_DATE)
        return round(place * date * max(tolls, default=_NO_TOLL), 2)

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return (start, end) of the sentence around a span."""
        first = self.text.rfind("\n", 0, start) + 1
        for sentence_end in _SENTENCE_ENDS:
            at = self.text.rfind(sentence_end, first, start)
            first = at + len(sentence_end) if at >= 0 else first
        stops = [at for at in (self.text.find(s, max(start, end - 1)) for s in _SENTENCE_ENDS) if at >= 0]
        line = self.text.find("\n", end - 1)
        last = min([at + 1 for at in stops] + [line if line >= 0 else len(self.text)])
        while first < start and self.text[first].isspace():
            first += 1
        return min(first, start), max(last, end)
