"""The sentences of an article that a report was read from, each with the fields that came from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_FIELD_WORDS = {
    "location": "place", "event_date_start": "date", "fatalities_low": "killed", "injured_low": "injured",
    "child_fatalities": "children killed", "child_injured": "children injured", "sublocation": "spot",
    "event_time": "time of day", "claim_status": "how certain", "weapon_name": "weapon",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text. ``fields``: what was read from it, none where it only surrounds other pieces."""

    text: str
    fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a report was read from: the headline in pieces, and the sentences of the text in their order.

    ``inferred``: fields without a sentence, such as a date that is that of the publication.
    """

    headline: Sequence[Piece]
    sentences: Sequence[Piece]
    inferred: Sequence[str]


@dataclass
class _Slice:
    start: int
    end: int
    text: str
    fields: list[str] = field(default_factory=list)


def excerpt_of(report: Mapping[str, Any]) -> Excerpt:
    """Return what a report was read from.

    Args:
        report: a row of ``reports``. Offsets of its evidence count from the beginning of the headline, which
            two line breaks part from the text.
    """
    headline = report["headline"] or ""
    slices: dict[tuple[int, int], _Slice] = {}
    inferred: list[str] = []
    for evidence in report["evidence"] or ():
        name = _FIELD_WORDS.get(evidence["field"], evidence["field"].replace("_", " "))
        start, end = evidence["start"], evidence["end"]
        if start is None or end is None:
            inferred.append(name)
            continue
        found = slices.setdefault((start, end), _Slice(start, end, evidence["text"] or ""))
        if name not in found.fields:
            found.fields.append(name)
    ordered = _without_nested(sorted(slices.values(), key=lambda s: (s.start, -s.end)))
    is_in_headline = [s.end <= len(headline) and headline[s.start : s.end] == s.text for s in ordered]
    in_headline = [s for s, is_in in zip(ordered, is_in_headline, strict=True) if is_in]
    in_text = [s for s, is_in in zip(ordered, is_in_headline, strict=True) if not is_in]
    return Excerpt(
        _pieces(headline, in_headline), [Piece(" ".join(s.text.split()), s.fields) for s in in_text], inferred
    )


def _without_nested(slices: Sequence[_Slice]) -> list[_Slice]:
    """Return slices without those inside another one, which gets their fields."""
    kept: list[_Slice] = []
    for part in slices:
        if kept and part.end <= kept[-1].end:
            kept[-1].fields += [name for name in part.fields if name not in kept[-1].fields]
        else:
            kept.append(part)
    return kept


def _pieces(text: str, slices: Sequence[_Slice]) -> list[Piece]:
    pieces, done = [], 0
    for part in slices:
        if part.start < done:  # overlaps the one before
            continue
        if text[done : part.start]:
            pieces.append(Piece(text[done : part.start]))
        pieces.append(Piece(text[part.start : part.end], part.fields))
        done = part.end
    if text[done:]:
        pieces.append(Piece(text[done:]))
    return pieces
