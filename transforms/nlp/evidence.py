"""Where each field came from, and how sure it is: sentences with offsets, and shares of right answers."""

from dataclasses import dataclass, field

from schemas.records import Evidence, FieldConfidence
from transforms.nlp.counts import Count

# How often a field read in that way is right: measured on the annotated articles (sample and own) and
# rounded down, for the rules were written on these. Ways seen fewer than ten times are judged.
SURE = {
    "place named": 0.95, "place by context": 0.85, "place unlisted": 0.85, "place of a district": 0.75,
    "day stated": 0.95, "day by context": 0.85, "days of a stretch": 0.85, "day assumed": 0.5,
    "weapon named": 0.95, "weapon implied": 0.7,
    "actor beside the strike": 0.95, "actor of the article": 0.85,
    "targets": 0.85,
    "count told": 0.95, "count weak": 0.75, "count added": 0.7, "children": 0.85,
}  # fmt: skip
_STOPS = (". ", "? ", "! ")


@dataclass(slots=True)
class EvidenceWriter:
    """Collects the evidence of one report, whose article is ``text``: headline, two line breaks, body."""

    text: str
    found: list[Evidence] = field(default_factory=list)
    sure: list[FieldConfidence] = field(default_factory=list)

    def add(self, name: str, start: int, end: int, how: str) -> None:
        """Note the sentence around a span as evidence of a field, read in a way of ``SURE``."""
        first, last = self._sentence(start, end)
        self.found.append(Evidence(name, self.text[first:last], first, last))
        self.sure.append(FieldConfidence(name, SURE[how]))

    def add_publication(self, name: str, published_at: str | None) -> None:
        """Note the time of publication as the evidence of a date."""
        self.found.append(Evidence(name, f"published {published_at}", None, None))
        self.sure.append(FieldConfidence(name, SURE["day assumed"]))

    def add_count(self, name: str, count: Count | None) -> None:
        """Note the evidence of a count, if there is one."""
        if count is None:
            return
        how = "count added" if count.is_more else "count told" if count.strength > 1 else "count weak"
        self.add(name, count.start, count.end, "children" if name.startswith("child") else how)

    def confidence(self) -> float:
        """Return how sure the report is: place, date and toll together, as if they failed apart."""
        value = {f.field: f.confidence for f in self.sure}
        tolls = [value[name] for name in ("fatalities_low", "injured_low") if name in value]
        return round(
            value.get("location", 0.5) * value.get("event_date_start", 0.6) * max(tolls, default=0.8), 2
        )

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the sentence around a span."""
        first = self.text.rfind("\n", 0, start) + 1
        for stop in _STOPS:
            at = self.text.rfind(stop, first, start)
            first = at + 2 if at >= 0 else first
        stops = [at for at in (self.text.find(s, max(start, end - 1)) for s in _STOPS) if at >= 0]
        line = self.text.find("\n", end - 1)
        last = min([at + 1 for at in stops] + [line if line >= 0 else len(self.text)])
        while first < start and self.text[first].isspace():
            first += 1
        return min(first, start), max(last, end)
